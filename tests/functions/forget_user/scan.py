"""Reads a whole database, whatever its tables are, and finds what joins its rows."""

import base64
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from shared.nodes.node import ActivityNode
from shared.ranking.cells import CELL_SIZE, TOP_BAND
from shared.runtime.postgres import Pool
from shared.trips.narrate import template_sentence

# What everybody may know: places, models, and the tables' own history.
PUBLIC = frozenset(
    ("cities", "activity_nodes", "scraped_posts", "model_registry", "schema_migrations")
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d(T00:00:00(\.0+)?(\+00:00|Z))?")
_ON_THE_GRID = re.compile(r"\d{4}-\d\d-\d\dT\d\d:[0-5][05]:00(\+00:00|Z)")
_WRAPPED = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")


@dataclass(frozen=True)
class Row:
    """A row of any table: its text, and the values at its leaves."""

    table: str
    text: str
    value: Mapping[str, Any]

    def leaves(self) -> Iterator[Any]:
        """Yields every scalar, and each list of 3 or more as a sequence and as a set."""
        yield from _leaves(self.value)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
        ids = [item["node_id"] for item in value if isinstance(item, dict) and "node_id" in item]
        unseen = [item["node_id"] for item in value if ids and not item["shown"]]
        for members in (ids, unseen):
            if len(members) >= 3:
                yield ("in this order", *members)
                yield frozenset(members)
    elif isinstance(value, str) and value[:1] in ("{", "[") and (inner := _json(value)) is not None:
        yield from _leaves(inner)
    else:
        yield value


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


async def read_all(pool: Pool) -> list[Row]:
    """Every row of every table; a table that is made tomorrow is among them."""
    tables = await pool.fetch(
        "SELECT table_name FROM information_schema.tables"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1"
    )
    rows = []
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL TIME ZONE 'UTC'")
        for (table,) in tables:
            for (text,) in await connection.fetch(f'SELECT to_jsonb(t)::text FROM "{table}" t'):
                rows.append(Row(table, text, orjson.loads(text)))
    return rows


async def closed_words(pool: Pool) -> set[str]:
    """The words that a column's CHECK admits: types, origins, rungs, parts of the day."""
    checks = await pool.fetch("SELECT pg_get_constraintdef(oid) FROM pg_constraint")
    return {word for (check,) in checks for word in re.findall(r"'([a-z_]+)'", check)}


def spells(text: str, word: str) -> bool:
    """Whether a text holds a word as it is, in hexadecimal, or within base64."""
    if word in text or word.encode().hex() in text:
        return True
    return any(word in _decoded(found[0]) for found in _WRAPPED.finditer(text))


def _decoded(wrapped: str) -> str:
    kept = wrapped.rstrip("=")
    return base64.b64decode(kept[: len(kept) // 4 * 4]).decode(errors="replace")


@dataclass
class Vocabulary:
    """Values that two trips may share without speaking of one person.

    These are: facts of the city; words of lists that the schema closes; flags and small whole
    numbers; calendar days; planned times, which lie on a grid of five minutes; the finite scales of
    scores, bands, odds, weights and kilometres; hesitations in whole seconds; and whatever the rows
    of two or more other people hold too.
    """

    words: set[Any] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        rows: Sequence[Row],
        places: Sequence[ActivityNode],
        others: Sequence[str],
        closed: Iterable[str],
    ) -> "Vocabulary":
        """The vocabulary of a database where `others` have lived."""
        words = {leaf for row in rows if row.table in PUBLIC for leaf in row.leaves()}
        words |= {template_sentence(place) for place in places}
        words |= {
            0.5 * (1 - place / CELL_SIZE) + 0.5 * band / TOP_BAND
            for place in range(CELL_SIZE)
            for band in range(TOP_BAND + 1)
        }
        words |= {band / TOP_BAND for band in range(TOP_BAND + 1)}
        words |= {1 / choices for choices in range(1, 9)}
        words |= set(closed)
        known = defaultdict(set)
        for row, name in zip(rows, owners(rows), strict=True):
            if name in others:
                for leaf in row.leaves():
                    known[leaf].add(name)
        return cls(words | {leaf for leaf, names in known.items() if len(names) >= 2})

    def holds(self, leaf: Any) -> bool:
        """Whether a value is common."""
        if leaf is None or isinstance(leaf, bool) or leaf in ("", "seattle"):
            return True
        if isinstance(leaf, int) and (abs(leaf) <= 1000 or leaf in range(0, 60_001, 1000)):
            return True
        if isinstance(leaf, float) and leaf == round(leaf, 2):
            return True
        if isinstance(leaf, str) and (_DAY.fullmatch(leaf) or _ON_THE_GRID.fullmatch(leaf)):
            return True
        return leaf in self.words


def owners(rows: Sequence[Row]) -> list[str | None]:
    """Under whose name each row stands, itself or as part of a trip."""
    of_trip = {row.value["id"]: row.value["user_id"] for row in rows if row.table == "trips"}
    return [row.value.get("user_id") or of_trip.get(row.value.get("trip_id")) for row in rows]


def components(rows: Sequence[Row], vocabulary: Vocabulary) -> list[list[Row]]:
    """The rows, put together wherever two hold one uncommon value, in any number of steps."""
    head = list(range(len(rows)))

    def find(index: int) -> int:
        while head[index] != index:
            head[index] = head[head[index]]
            index = head[index]
        return index

    first: dict[Any, int] = {}
    for index, row in enumerate(rows):
        if row.table in PUBLIC:
            continue
        for leaf in row.leaves():
            if not vocabulary.holds(leaf):
                head[find(index)] = find(first.setdefault(leaf, index))
    grouped = defaultdict(list)
    for index, row in enumerate(rows):
        grouped[find(index)].append(row)
    return list(grouped.values())


def in_common(rows: Sequence[Row], vocabulary: Vocabulary) -> dict[str, set[str]]:
    """The uncommon values of forgotten rows that rows of another name hold too, by those names."""
    holders = defaultdict(set)
    for row, name in zip(rows, owners(rows), strict=True):
        for leaf in row.leaves() if row.table not in PUBLIC else ():
            if not vocabulary.holds(leaf):
                holders[leaf].add(str(name or row.table))
    return {
        str(leaf)[:200]: names
        for leaf, names in holders.items()
        if len(names) >= 2 and any("forgotten-" in name for name in names)
    }
