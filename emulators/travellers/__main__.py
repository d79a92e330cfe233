"""Runs synthetic travellers against a stack's gateway and moves its clock, day by day.

python -m emulators.travellers --gateway URL --emulators ADDRESSES.json --secret-file FILE
[--travellers 500] [--days 30] [--seed 7] [--city seattle] [--leave 0.02] [--drift 0.05] ...
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

import httpx
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from emulators.travellers import report, truth
from emulators.travellers.client import Api
from emulators.travellers.errors import SimulationFailed
from emulators.travellers.person import Person
from emulators.travellers.run import Simulation
from emulators.travellers.session import Frontend
from emulators.travellers.stack_time import StackTime
from emulators.travellers.traveller import Habits, traveller_of

_REPORTS = Path("build") / "reports"
_PATIENCE_S = 60.0


def main() -> int:
    """Returns 0 once the days have passed, 1 where the API or the stack failed."""
    arguments = _arguments()
    try:
        uvloop.run(_simulate(arguments))
    except SimulationFailed as error:
        print(f"The simulation failed. {error}", file=sys.stderr)
        return 1
    return 0


async def _simulate(arguments: argparse.Namespace) -> None:
    habits = Habits(leave=arguments.leave, drift=arguments.drift)
    people = [
        Person(traveller_of(arguments.seed, number, arguments.days, habits), arguments.city)
        for number in range(arguments.travellers)
    ]
    addresses = json.loads(arguments.emulators.read_text())
    frontend = Frontend(arguments.secret_file.read_text().strip())
    console, began = Console(), time.monotonic()
    async with _client(arguments.gateway) as http, _client("") as admin:
        stack = StackTime(admin, addresses)
        api = Api(http, frontend, stack.now)
        bar = _bar(console)
        task = bar.add_task("")
        simulation = Simulation(
            people=people,
            days=arguments.days,
            api=api,
            time=stack,
            at_once=arguments.at_once,
            tell=lambda step, acting: bar.update(
                task, advance=1, description=f"{step}: {acting} act" if acting else step
            ),
        )
        bar.update(task, total=simulation.steps)
        try:
            with bar:
                await simulation.run()
        finally:
            run = {"seed": arguments.seed, "city": arguments.city, "days": arguments.days}
            run |= {"travellers": len(people), "habits": asdict(habits)}
            truth.write(arguments.truth, truth.lines_of(run, people, arguments.days / 7))
    figures = {"seed": arguments.seed, "city": arguments.city, "habits": asdict(habits)}
    figures |= report.figures(simulation, time.monotonic() - began, stack.quiet_s)
    report.write(arguments.report, figures)
    report.show(figures, console)
    console.print(f"\nAll figures are in {arguments.report}, the truth in {arguments.truth}.")


def _client(base: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=base, timeout=_PATIENCE_S, trust_env=False)


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), console=console)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m emulators.travellers")
    parser.add_argument("--gateway", required=True, metavar="URL")
    parser.add_argument("--emulators", type=Path, required=True, metavar="ADDRESSES.json")
    parser.add_argument("--secret-file", type=Path, required=True, help="holds NEXTAUTH_SECRET")
    parser.add_argument("--travellers", type=_positive, default=500, metavar="N")
    parser.add_argument("--days", type=_positive, default=30, metavar="N")
    parser.add_argument("--seed", type=int, default=7, metavar="N")
    parser.add_argument("--city", default="seattle", metavar="SLUG")
    parser.add_argument("--leave", type=_share, default=0.0, help="share that deletes the account")
    parser.add_argument("--drift", type=float, default=0.05, help="turn of tastes, radians a week")
    parser.add_argument("--at-once", type=_positive, default=16, help="travellers acting at once")
    parser.add_argument("--report", type=Path, default=_REPORTS / "simulation.json")
    parser.add_argument("--truth", type=Path, default=_REPORTS / "simulation-truth.jsonl")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text} is no share between 0 and 1")
    return share


if __name__ == "__main__":
    sys.exit(main())
