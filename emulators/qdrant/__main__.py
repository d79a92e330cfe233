"""Owns the command: python -m emulators.qdrant --data DIR --port N --address-file FILE.json."""

import argparse
import asyncio
import json
import signal
from pathlib import Path

import uvloop

from emulators.qdrant.catalogue import DataFolderInUse
from emulators.qdrant.followed_clock import FollowedClock
from emulators.qdrant.server import start


def main() -> None:
    """Serves until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(
        prog="python -m emulators.qdrant",
        description="Qdrant's REST API over the real engine.",
    )
    parser.add_argument("--data", type=Path, required=True, help="folder that keeps the data")
    parser.add_argument("--port", type=int, default=0, help="0 (the default) takes a free one")
    parser.add_argument(
        "--address-file",
        type=Path,
        help="written once it serves: where it listens, as JSON",
    )
    parser.add_argument("--clock-file", type=Path, help="offset file of the stack's clock")
    try:
        uvloop.run(_serve(parser.parse_args()))
    except (DataFolderInUse, OSError) as error:
        raise SystemExit(f"emulators.qdrant: {error}") from error


async def _serve(arguments: argparse.Namespace) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    server = await start(arguments.data, FollowedClock(arguments.clock_file), arguments.port)
    if arguments.address_file:
        _replace(arguments.address_file, json.dumps({"qdrant": {"http": server.url}}))
    await stopping.wait()
    await server.stop()


def _replace(path: Path, text: str) -> None:
    written = path.with_name(f"{path.name}.new")
    written.write_text(text)
    written.replace(path)


main()
