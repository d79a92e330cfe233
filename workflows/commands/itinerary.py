"""Prints a trip as a timeline that a person would want to read."""

from datetime import date, datetime
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_WIDEST = 110


def show(trip: dict[str, Any], console: Console | None = None) -> None:
    """Print the reply of `POST /api/v1/trips`: day, time, place, why, and the way there."""
    console = console or Console(highlight=False)
    console.width = min(console.width, _WIDEST)
    for day in trip["days"]:
        when = date.fromisoformat(day["date"])
        title = Text(f"Day {day['day_number']} · {when:%A} {when.day} {when:%B}", style="bold")
        console.print()
        console.print(Padding(title, (0, 0, 0, 4)))
        console.print(Padding(_table(day["slots"]), (0, 0, 0, 4)))
    console.print()
    for note in trip["validation"]["notes"]:
        console.print(Padding(Text(note, style="dim"), (0, 0, 0, 4)))
    console.print(Padding(Text(_summary(trip), style="dim"), (0, 0, 1, 4)))


def _table(slots: list[dict[str, Any]]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for slot in slots:
        minutes = slot["travel_minutes_from_previous"]
        if minutes:
            way = {"walk": "on foot", "transit": "by transit"}[slot["travel_mode_from_previous"]]
            table.add_row("", Text(f"↓ {minutes} min {way}", style="dim"))
        table.add_row(_hours(slot), _place(slot))
    return table


def _hours(slot: dict[str, Any]) -> Text:
    starts = datetime.fromisoformat(slot["starts_at"])
    ends = datetime.fromisoformat(slot["ends_at"])
    return Text(f"{starts:%H:%M}–{ends:%H:%M}", style="cyan")


def _place(slot: dict[str, Any]) -> Text:
    node = slot["activity_node"]
    place = Text(node["name"], style="bold")
    kind = node["category"].replace("_", " ")
    place.append(f"  {kind}, {node['neighbourhood']}\n", style="not bold dim")
    place.append(slot["narrative"], style="not bold")
    return place


def _summary(trip: dict[str, Any]) -> str:
    report = trip["validation"]
    broken = len(report["violations"])
    return (
        f"{report['walk_km']} km on foot, {report['transit_km']} km by transit; "
        f"{len(report['rules'])} rules checked, {broken} broken."
    )
