"""How many messages are out with subscribers, as the emulator's state tells."""

import asyncio

from tests.emulators.admin_client import AdminClient


async def outstanding(admin: AdminClient) -> int:
    """How many messages are being pushed or held by open readers."""
    state = await admin.state()
    return sum(of["outstanding"] for of in state["subscriptions"].values())


async def answered(admin: AdminClient) -> None:
    """Returns once none is out."""
    async with asyncio.timeout(10):
        while await outstanding(admin):
            pass
