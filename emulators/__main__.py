"""Runs all emulators but Qdrant in one process, on one event loop, until SIGTERM or SIGINT.

python -m emulators --data DIR --addresses FILE.json [--port pubsub=8085]... [--only pubsub,tasks]
[--host 0.0.0.0] [--clock FILE] [--option NAME=VALUE]...
"""

import argparse
import asyncio
import json
import logging
import signal
from importlib import import_module
from pathlib import Path

import uvloop

from emulators.skeleton import interface
from emulators.skeleton.clock import Clock
from emulators.skeleton.house import House, Running
from emulators.skeleton.identity import Identity

EMULATORS = (
    *("identity", "pubsub", "tasks", "scheduler", "storage", "anthropic", "sources", "jobs"),
    "places",
)
STOP_S = 1.5

log = logging.getLogger("emulators")


def main() -> None:
    """Parses the command line and serves."""
    arguments = _arguments()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    interface.host.set(arguments.host)
    uvloop.run(_serve(arguments.only, _house(arguments), arguments.addresses))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m emulators")
    parser.add_argument("--data", type=Path, required=True, help="folder that keeps all state")
    parser.add_argument("--clock", type=Path, help="clock file; default: clock in --data")
    parser.add_argument("--host", default=interface.LOOPBACK, help="interface to listen on")
    parser.add_argument("--addresses", type=Path, required=True, help="JSON file to write")
    parser.add_argument("--port", type=_port, action="append", default=[], metavar="NAME=PORT")
    parser.add_argument("--option", type=_pair, action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--only", type=_names, default=EMULATORS, metavar="NAME,NAME")
    return parser.parse_args()


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not (name and sign):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def _port(text: str) -> tuple[str, int]:
    name, value = _pair(text)
    if name.removesuffix("-admin") not in EMULATORS or not value.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not one of {', '.join(EMULATORS)} = PORT")
    return name, int(value)


def _names(text: str) -> tuple[str, ...]:
    names = tuple(text.split(","))
    if unknown := set(names) - set(EMULATORS):
        known = ", ".join(EMULATORS)
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {known}")
    return names


def _house(arguments: argparse.Namespace) -> House:
    data_dir: Path = arguments.data
    data_dir.mkdir(parents=True, exist_ok=True)
    clock = Clock(arguments.clock or data_dir / "clock")
    return House(
        data_dir,
        clock,
        Identity(data_dir, clock),
        options=dict(arguments.option),
        ports=dict(arguments.port),
    )


async def _serve(names: tuple[str, ...], house: House, addresses: Path) -> None:
    asked_to_stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked_to_stop.set)
    running = [await import_module(f"emulators.{name}").start(house) for name in names]
    _write_whole(addresses, {emulator.name: emulator.addresses for emulator in running})
    await asked_to_stop.wait()
    await asyncio.gather(*(_stop(emulator) for emulator in running))


async def _stop(emulator: Running) -> None:
    try:
        await asyncio.wait_for(emulator.stop(), STOP_S)
    except TimeoutError:
        log.warning("%s did not stop within %s s", emulator.name, STOP_S)


def _write_whole(path: Path, addresses: dict[str, dict[str, str]]) -> None:
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(addresses, indent=2) + "\n")
    part.replace(path)


if __name__ == "__main__":
    main()
