"""Rows of behavioral_signals as the columns of each kind of file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from shared.learning.candidates import CandidateColumns, Logged, candidate_columns
from shared.learning.training_set import ANSWERS, PERSONAS, SESSIONS, Column

Row = Mapping[str, Any]
"""A row by column, its context decoded; it holds a subject and no user id."""

Columns = Mapping[str, Sequence[Any] | CandidateColumns]
"""Values by column's name, in the schema's order; all columns have one length."""

_OF_ROW: Final = frozenset(
    (
        "ranking_id",
        "trip_id",
        "slot_id",
        "signal_type",
        "origin",
        "weight",
        "weight_table_version",
        "model_version",
        "subject",
        "occurred_at",
        "created_at",
        "seq",
        "simulated",
    )
)
_IDS: Final = frozenset(("ranking_id", "trip_id", "slot_id", "node_id", "subject"))


def sessions(rows: Sequence[Row], sets: Sequence[Sequence[Logged]]) -> Columns:
    """Return a row for each ranking, with its candidate set of the same place in `sets`."""
    found: dict[str, Callable[[Row], Any]] = {
        "record_schema": lambda row: row["context"].get("schema_version"),
        "choice_counts": lambda row: [member.get("choice_count") for member in _party(row)],
        "archetypes": lambda row: [member.get("archetype") for member in _party(row)],
        "forgotten": has_left,
    }
    plain = {column.name: _values(column, rows, found) for column in SESSIONS[:-1]}
    return {**plain, SESSIONS[-1].name: candidate_columns(sets)}


def answers(rows: Sequence[Row]) -> Columns:
    """Return a row for each signal that is no candidate set."""
    found: dict[str, Callable[[Row], Any]] = {
        "node_id": lambda row: row["activity_node_id"],
        "time_to_action_ms": lambda row: _a(int, row["context"].get("time_to_action_ms")),
        "day_of_trip": lambda row: _a(int, row["context"].get("day_of_trip")),
        "day_part": lambda row: _a(str, row["context"].get("day_part")),
        "group_size": lambda row: _a(int, row["context"].get("group_size")),
    }
    return {column.name: _values(column, rows, found) for column in ANSWERS}


def personas(rows: Sequence[Row]) -> Columns:
    """Return a row for each persona vector that the rankings used; who left has none any more."""
    members = [member for row in rows for member in _members(row)]
    return {column.name: [member[column.name] for member in members] for column in PERSONAS}


def has_left(row: Row) -> bool:
    """Return whether the person of a ranking has left since."""
    return bool(row["context"].get("forgotten"))


def _members(row: Row) -> Iterator[dict[str, Any]]:
    for place, member in enumerate(_party(row)):
        if member.get("persona_embedding"):
            yield {
                # The record does not name who joined; only the owner's subject is known.
                "subject": str(row["subject"]) if place == 0 else None,
                "ranking_id": _id(row["ranking_id"]),
                "member": place,
                "embedding": member["persona_embedding"],
                "space_version": member.get("space_version"),
                "source": member.get("persona_source"),
                "simulated": row["simulated"],
            }


def _party(row: Row) -> Sequence[Mapping[str, Any]]:
    return row["context"].get("user_state") or ()


def _values(
    column: Column, rows: Sequence[Row], found: Mapping[str, Callable[[Row], Any]]
) -> list[Any]:
    name = column.name
    if read := found.get(name):
        values = [read(row) for row in rows]
    elif name in _OF_ROW:
        values = [row[name] for row in rows]
    else:
        values = [row["context"].get(name) for row in rows]
    return [_id(value) for value in values] if name in _IDS else values


def _id(value: object) -> str | None:
    return None if value is None else str(value)


def _a(kind: type, value: object) -> object:
    """Return the value where it is of its kind: what a client sent long ago need not be."""
    return value if type(value) is kind else None
