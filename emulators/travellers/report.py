"""The figures of a simulation, as JSON and for people; all of them are called simulated."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from emulators.travellers import tally
from emulators.travellers.run import Simulation

TITLE = "simulated behaviour"
TABLES = {
    "by_order": ("place in the day", tally.order),
    "by_day": ("day of the trip", tally.day),
    "by_rank_band": ("place in the trip", tally.rank_band),
    "by_confidence": ("ranker's confidence", tally.confidence),
}


def figures(simulation: Simulation, wall_s: float, quiet_s: float) -> dict[str, Any]:
    """What happened; `quiet_s` of `wall_s` was waiting for the stack's backlogs."""
    people = [person for person in simulation.people if person.trips]
    posted, api = simulation.posted, simulation.api
    seen = list(tally.first_looks(people))
    return {
        "title": TITLE,
        "simulated": True,
        "days": simulation.days,
        "travellers": {
            "all": len(simulation.people),
            "came": len(people),
            "onboarded": sum(person.who.told is not None for person in people),
            "warm": sum(tally.choices(person) >= tally.WARM for person in people),
            "left": sum(person.gone for person in people),
        },
        "trips": sum(len(person.trips) for person in people),
        "sessions": sum(len(person.showings) for person in people),
        "rungs": dict(Counter(trip.rung for person in people for trip in person.trips.values())),
        "signals": {
            "batches": posted.batches,
            "sent": posted.signals,
            "accepted": posted.accepted,
            "refused": posted.refused,
            "reasons": dict(posted.reasons),
            "examples": posted.examples,
        },
        "first_looks": {name: tally.tallied(seen, place) for name, (_, place) in TABLES.items()},
        "requests": dict(api.calls),
        "tried_again": dict(api.again),
        "wall_s": round(wall_s, 1),
        "waiting_for_quiet_s": round(quiet_s, 1),
        "machine": {"cores": os.cpu_count(), "load_average": os.getloadavg()},
    }


def write(path: Path, report: dict[str, Any]) -> None:
    """Keep the report as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")


def show(report: dict[str, Any], console: Console) -> None:
    """Print the report for people."""
    travellers, signals = report["travellers"], report["signals"]
    console.print(f"\n[bold]{TITLE}[/bold]: {report['days']} days in {report['wall_s']:.0f} s")
    console.print(
        f"  {travellers['came']} of {travellers['all']} travellers came, "
        f"{travellers['warm']} became warm, {travellers['left']} left"
    )
    console.print(f"  {report['trips']} trips, read in {report['sessions']} sessions")
    console.print(
        f"  {signals['sent']} signals sent in {signals['batches']} batches: "
        f"{signals['accepted']} accepted, {signals['refused']} refused"
    )
    for reason, count in signals["reasons"].items():
        console.print(f"    {count} × {reason}: {signals['examples'][reason]}", markup=False)
    for name, (title, _) in TABLES.items():
        console.print(_table(title, report["first_looks"][name]))


def _table(title: str, rows: dict[str, dict[str, Any]]) -> Table:
    table = Table(title=f"first looks by {title} (simulated)", title_justify="left")
    columns = ("shown", "viewed", "answered", "accepted")
    shares = ("accepted_of_shown", "accepted_of_answered")
    for column in (title, *columns, "of shown", "of answered"):
        table.add_column(column, justify="right")
    for place, row in rows.items():
        parts = ["-" if row[share] is None else f"{row[share]:.0%}" for share in shares]
        table.add_row(place, *(str(row[column]) for column in columns), *parts)
    return table
