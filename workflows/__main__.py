"""`python -m workflows`: runs the local stack and talks to it."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from workflows.errors import StackError
from workflows.manifest import ROOT

DEFAULT_PORT = 8080
# What a function can be sent to by another way.
DOORS = ("postgres", "redis", "qdrant", "pubsub", "tasks", "anthropic", "storage", "identity")
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit status; what a person can change is said in one sentence on stderr."""
    arguments = _parser().parse_args(argv)
    command = import_module(f"workflows.commands.{arguments.command.replace('-', '_')}")
    try:
        status: int = command.main(arguments)
    except StackError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read us has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m workflows", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    place = argparse.ArgumentParser(add_help=False)
    place.add_argument(
        "--data", type=_folder, default=ROOT / ".data", help="data folder (default: .data)"
    )

    def command(name: str, says: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=says, description=says, parents=[place])

    commands.add_parser("demo", help="plan a real trip in Seattle, from nothing, and stop again")
    bench = commands.add_parser("bench", help="measure speed, memory and cold starts")
    bench.add_argument(
        "what", nargs="?", choices=("requests", "extraction", "walks"), default="requests"
    )
    bench.add_argument("--quick", action="store_true", help="in a minute, with few of each")
    bench.add_argument(
        "--signals", type=int, default=1_000_000, metavar="N", help="extraction: of so many signals"
    )
    bench.add_argument(
        "--trips", type=int, default=1_000, metavar="N", help="walks: so many random trips"
    )
    load = commands.add_parser("load", help="the seed's load on signals, with an audit of the rows")
    load.add_argument("--quick", action="store_true", help="in a minute, with few of each")
    _up(command("up", "start the stack; Ctrl-C stops it"))
    command("down", "stop the stack")
    status = command("status", "where everything listens")
    status.add_argument("--json", action="store_true", help="as JSON")
    token = command("token", "print a bearer token")
    token.add_argument("--user", required=True, metavar="ID", help="the user's id")
    token.add_argument("--admin", action="store_true", help="make the user an administrator")
    seed = command("seed", "seed a city as the admin endpoint does")
    seed.add_argument("--city", required=True, metavar="SLUG")
    seed.add_argument("--limit", type=int, metavar="N", help="at most so many places")
    backfill = command("backfill", "import a traveller's history as signals of weight 0.3")
    backfill.add_argument("file", type=Path, metavar="FILE.jsonl")
    backfill.add_argument("--user", required=True, metavar="ID", help="whose history it is")
    letters = command("dead-letters", "list what could not be delivered, or replay it")
    letters.add_argument("what", nargs="?", choices=("list", "replay"), default="list")
    letters.add_argument("--id", action="append", default=[], help="replay this one alone")
    _simulate(command("simulate", "let synthetic travellers use the stack for some days"))
    logs = command("logs", "print the stack's log, or that of one function or job")
    logs.add_argument("function", nargs="?", metavar="FUNCTION")
    logs.add_argument("--follow", action="store_true", help="go on as lines are written")
    for name, says in (
        ("stop", "stop one function; its next call starts it again"),
        ("call", "send a function its example.json as its trigger would, or run a job with it"),
    ):
        command(name, says).add_argument("function", metavar="FUNCTION")
    return parser


def _simulate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--travellers", type=int, default=500, metavar="N", help="default: 500")
    parser.add_argument("--days", type=int, default=30, metavar="N", help="default: 30")
    parser.add_argument("--seed", type=int, default=7, metavar="N", help="default: 7")
    parser.add_argument("--city", default="seattle", metavar="SLUG", help="seeded if unknown")
    parser.add_argument("--leave", type=float, metavar="SHARE", help="who deletes the account")
    parser.add_argument("--drift", type=float, metavar="RADIANS", help="turn of tastes in a week")
    parser.add_argument("--at-once", type=int, metavar="N", help="travellers acting at once")
    parser.add_argument("--report", type=_folder, metavar="FILE", help="figures, as JSON")
    parser.add_argument("--truth", type=_folder, metavar="FILE", help="hidden tastes, as JSONL")


def _up(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--port",
        type=int,
        default=DEFAULT_PORT,
        metavar="N",
        help=f"the gateway's port (default: {DEFAULT_PORT}; 0 takes a free one)",
    )
    parser.add_argument("--detach", action="store_true", help="return once everything runs")
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="EMULATOR.KEY=VALUE",
        help="a setting of an emulator; may stand more than once",
    )
    parser.add_argument(
        "--through",
        action="append",
        type=_door,
        default=[],
        metavar="ENGINE=HOST:PORT",
        help="where functions reach an engine or emulator, say a proxy; may stand more than once",
    )
    parser.add_argument(
        "--root",
        type=_folder,
        default=ROOT,
        metavar="DIR",
        help="run another tree's workflows/*.toml and functions/ (default: this one's)",
    )
    # A pipe that hears "ready", or what went wrong.
    parser.add_argument("--ready-fd", type=int, help=argparse.SUPPRESS)


def _door(text: str) -> tuple[str, str]:
    engine, _, door = text.partition("=")
    host, _, port = door.rpartition(":")
    if engine not in DOORS or not host or not port.isdigit():
        known = ", ".join(DOORS)
        raise argparse.ArgumentTypeError(f"{text!r} is not ENGINE=HOST:PORT (ENGINE: {known})")
    return engine, door


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


if __name__ == "__main__":
    sys.exit(main())
