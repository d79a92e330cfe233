"""`seed`: seeds a city through the admin endpoint, as an administrator would."""

import argparse
import asyncio
from typing import Any

import httpx

from workflows.commands.printing import show
from workflows.stack import Stack

ADMIN = "local-admin"
PATIENCE_S = 330.0


def main(arguments: argparse.Namespace) -> int:
    """Prints the endpoint's answer; 1 where it is an error."""
    body: dict[str, Any] = {"city": arguments.city}
    if arguments.limit is not None:
        body["limit"] = arguments.limit
    return show(asyncio.run(_seed(Stack.attach(arguments.data), body)))


async def _seed(stack: Stack, body: dict[str, Any]) -> httpx.Response:
    token = await stack.token(ADMIN, admin=True)
    async with stack.client(timeout=PATIENCE_S) as client:
        return await client.post(
            "/api/v1/admin/seed-city", json=body, headers={"Authorization": f"Bearer {token}"}
        )
