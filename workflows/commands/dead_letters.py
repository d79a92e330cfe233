"""`dead-letters`: lists what could not be delivered, or sends it on its way once more."""

import argparse
import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from workflows.commands.printing import show
from workflows.commands.seed import ADMIN
from workflows.stack import Stack

_PATH = "/api/v1/admin/dead-letters"


def main(arguments: argparse.Namespace) -> int:
    """Prints the lists, or what was replayed; 1 where the endpoint answered with an error."""
    stack = Stack.attach(arguments.data)
    if arguments.what == "replay":
        return show(asyncio.run(_ask(stack, "POST", f"{_PATH}/replay", _chosen(arguments.id))))
    answer = asyncio.run(_ask(stack, "GET", _PATH))
    if answer.is_error:
        return show(answer)
    _print(answer.json())
    return 0


def _chosen(ids: Sequence[str]) -> dict[str, Any]:
    return {"ids": list(ids)} if ids else {}


async def _ask(
    stack: Stack, method: str, path: str, body: dict[str, Any] | None = None
) -> httpx.Response:
    token = await stack.token(ADMIN, admin=True)
    async with stack.client() as client:
        return await client.request(
            method, path, json=body, headers={"Authorization": f"Bearer {token}"}
        )


def _print(said: dict[str, Any]) -> None:
    console = Console(highlight=False)
    console.print(f"{said['waiting']} wait for `dead-letters replay`; the oldest:")
    console.print(_table(said["dead_letters"], "id", "topic", "function", "parked_at", "reason"))
    console.print(f"\n{said['refused']} were refused for good; the latest:")
    console.print(_table(said["refused_messages"], "id", "function", "parked_at", "reason"))


def _table(rows: Sequence[dict[str, str]], *columns: str) -> Table:
    table = Table(*columns, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for row in rows:
        table.add_row(*(row[column] for column in columns))
    return table
