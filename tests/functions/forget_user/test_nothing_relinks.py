"""Whoever leaves cannot be found again: no value of any table joins two of their trips."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from functions.forget_user.operation import forget
from shared.runtime.postgres import open_pool
from shared.runtime.settings import Settings
from shared.signals.types import CLIENT_SIGNALS
from tests.builders import NOON, TOMBSTONES, a_vector
from tests.functions.forget_user.lives import Deed, Journey, Life, Town
from tests.functions.forget_user.scan import (
    PUBLIC,
    Row,
    Vocabulary,
    closed_words,
    components,
    in_common,
    read_all,
    spells,
)

OTHERS = ("somebody-else-entirely", "another-person-again", "simulated-third-party")

deeds = st.builds(
    Deed,
    stop=st.integers(0, 20),
    signal_type=st.sampled_from(CLIENT_SIGNALS),
    hesitated_ms=st.integers(1001, 80_000).filter(lambda ms: ms % 1000),
    minutes_later=st.integers(1, 900),
    origin=st.sampled_from(["app", "app", "backfill"]),
    again=st.booleans(),
)
journeys = st.builds(
    Journey,
    days=st.integers(1, 3),
    starts_in=st.integers(0, 20),
    deeds=st.lists(deeds, max_size=4).map(tuple),
    sent=st.booleans(),
)
lives = st.builds(
    Life,
    user_id=st.sampled_from(["", "simulated-"]).flatmap(
        lambda label: st.uuids().map(lambda random_id: f"{label}user|{random_id.hex}")
    ),
    journeys=st.lists(journeys, min_size=2, max_size=3).map(tuple),
    loose=st.lists(deeds, max_size=3).map(tuple),
    letters=st.integers(0, 2),
    claims=st.integers(0, 2),
)
# Together they know every length of a trip, so that what is said of one is common.
ORDINARY = tuple(
    Journey(days=days, deeds=(Deed(0), Deed(1, "slot_skip", origin="backfill")))
    for days in (1, 2, 3)
)


# Without shrinking: an example takes a second, and is read as it stands.
@settings(max_examples=8, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(life=lives)
def test_no_store_relinks_a_person_who_left_and_what_is_learned_from_stays(
    database_url: str, life: Life
) -> None:
    asyncio.run(_leaves_no_trace(database_url, life))


async def _leaves_no_trace(database_url: str, life: Life) -> None:
    pool = await open_pool(Settings({"DATABASE_URL": database_url}))
    try:
        town = Town(pool)
        await town.found(
            [Life(other, ORDINARY, (Deed(3),), letters=1, claims=2) for other in OTHERS]
        )
        trips = await town.live(life)
        before = await read_all(pool)
        vocabulary = Vocabulary.of(before, town.places, OTHERS, await closed_words(pool))
        assert len(_apart(before, vocabulary, trips)) == 1, "the search itself finds nothing"

        await forget(life.user_id, NOON, uuid4(), uuid4(), town.erasure)
        late = await town.act(life.user_id, trips[-1], [], Deed(1), town.moment())

        after = await read_all(pool)
        nothing_names_them(after, life.user_id)
        no_measure_of_their_taste_is_left(before, after, life.user_id)
        no_id_of_a_clients_making_is_left(before, after, life.user_id)
        nothing_is_left_that_logs_or_habits_know(after)
        no_moment_is_left(before, after, life.user_id)
        nothing_joins_two_trips(after, vocabulary, trips, len(life.loose))
        what_is_learned_from_stays(before, after, life.user_id)
        others_are_as_they_were(before, after, life.user_id)
        assert not any(str(late.signal_id) in row.text for row in after)
    finally:
        await pool.close()


def nothing_names_them(after: Sequence[Row], user_id: str) -> None:
    """No column holds the id, nor the free text that was theirs, in any wrapping."""
    for word in (user_id, f"matchboxes {user_id[-6:]}", f"Collects {user_id[-6:]}"):
        found = [row for row in after if spells(row.text, word)]
        assert not found, (word, found[0].table, found[0].text[:300])
    marks = [row for row in after if row.table == "tombstones"]
    assert [row.value["mark"] for row in marks] == [rf"\x{TOMBSTONES.mark(user_id).hex()}"]


def no_measure_of_their_taste_is_left(
    before: Sequence[Row], after: Sequence[Row], user_id: str
) -> None:
    """Neither the persona's vector nor what was measured against it."""
    taste = {float(value) for value in a_vector(user_id, 128)}
    for row in before:
        if row.table == "users" and row.value["id"] == user_id:
            taste |= {leaf for leaf in row.leaves() if isinstance(leaf, float)}
    for row in rankings(before, user_id):
        (member,) = row.value["context"]["user_state"]
        taste |= set(member["persona_embedding"])
        for candidate in row.value["context"]["full_candidate_set"]:
            taste |= {candidate["retrieval_score"], candidate["features"]["similarity"]}
    taste -= {0.0, 1.0, None}
    of_others = {row.text for row in before if any(spells(row.text, other) for other in OTHERS)}
    for row in after:
        if row.table in PUBLIC or row.text in of_others:
            continue
        told = taste & {leaf for leaf in row.leaves() if isinstance(leaf, float)}
        assert not told, (row.table, told, row.text[:300])


def no_id_of_a_clients_making_is_left(
    before: Sequence[Row], after: Sequence[Row], user_id: str
) -> None:
    """A client's id may hold a time, a counter or the machine."""
    made = {
        row.value["signal_id"]
        for row in before
        if row.table == "behavioral_signals" and row.value["user_id"] == user_id
    }
    assert not [row for row in after if made & {leaf for leaf in row.leaves() if leaf is not None}]


def nothing_is_left_that_logs_or_habits_know(after: Sequence[Row]) -> None:
    """Neither the traces of requests, nor choices counted, nor reactions to the millisecond."""
    for row in after:
        if not _is_forgotten(row) or "context" not in row.value:
            continue
        context = row.value["context"]
        assert "request_id" not in context
        assert context.get("time_to_action_ms", 0) % 1000 == 0
        for member in context.get("user_state", ()):
            assert member.keys() == {"archetype", "is_cold"}


def no_moment_is_left(before: Sequence[Row], after: Sequence[Row], user_id: str) -> None:
    """Of when they did something the day is left."""
    moments = {
        row.value[column][11:]
        for row in before
        if row.value.get("user_id") == user_id
        for column in ("created_at", "occurred_at", "locked_until")
        if row.value.get(column)
    }
    for row in after:
        assert not any(moment in row.text for moment in moments), (row.table, row.text[:300])


def nothing_joins_two_trips(
    after: Sequence[Row], vocabulary: Vocabulary, trips: Sequence[UUID], loose: int
) -> None:
    """The rows of each trip, and each signal without one, are islands."""
    islands = _apart(after, vocabulary, trips)
    assert len(islands) == len(trips), in_common(after, vocabulary)
    for island in islands:
        names = {row.value["user_id"] for row in island if "user_id" in row.value}
        assert len(names) == 1
        assert len([row for row in island if row.table == "trips"]) == 1
    alone = [
        group
        for group in components(after, vocabulary)
        if any(_is_forgotten(row) and row.value.get("trip_id", "") is None for row in group)
    ]
    assert [len(group) for group in alone] == [1] * loose
    unseen = [set(_unseen(row)) for row in after if _is_forgotten(row) and _is_ranking(row)]
    for one, other in itertools.combinations(unseen, 2):
        # Two draws of about 190 from 300 share half of their union; one persona's share all of it.
        assert len(one & other) / len(one | other) < 0.75


def what_is_learned_from_stays(before: Sequence[Row], after: Sequence[Row], user_id: str) -> None:
    """Each answer with its ranking and weight, each shown candidate, and 200 of them."""

    def answers(rows: Sequence[Row], mine: Any) -> Counter[Any]:
        columns = ("ranking_id", "trip_id", "slot_id", "activity_node_id", "signal_type", "weight")
        return Counter(
            tuple(row.value[column] for column in columns)
            for row in rows
            if row.table == "behavioral_signals" and mine(row)
        )

    assert answers(before, lambda row: row.value["user_id"] == user_id) == answers(
        after, _is_forgotten
    )
    kept = ("node_id", "position", "propensity", "ranker_score", "confidence")
    shown = []
    for rows in (rankings(before, user_id), [r for r in after if _is_ranking(r)]):
        found = {}
        for row in rows:
            candidates = row.value["context"]["full_candidate_set"]
            assert len(candidates) == 200
            assert len({candidate["node_id"] for candidate in candidates}) == 200
            found[row.value["ranking_id"]] = {
                (*(c[name] for name in kept), c["features"]["quality"])
                for c in candidates
                if c["shown"]
            }
        shown.append(found)
    assert shown[0].items() <= shown[1].items()
    forgotten = [row for row in after if _is_forgotten(row) and "seq" in row.value]
    for story in {row.value["user_id"] for row in forgotten}:
        counted = sorted(row.value["seq"] for row in forgotten if row.value["user_id"] == story)
        assert counted == list(range(1, len(counted) + 1))


def others_are_as_they_were(before: Sequence[Row], after: Sequence[Row], user_id: str) -> None:
    """Nobody else's row has changed."""
    for other in OTHERS:
        texts = [sorted(r.text for r in rows if spells(r.text, other)) for rows in (before, after)]
        assert texts[0] == texts[1]


def rankings(rows: Sequence[Row], user_id: str) -> list[Row]:
    """The candidate sets of a person."""
    return [row for row in rows if _is_ranking(row) and row.value["user_id"] == user_id]


def _apart(rows: Sequence[Row], vocabulary: Vocabulary, trips: Sequence[UUID]) -> list[list[Row]]:
    """The components that hold the trips."""
    wanted = {str(trip) for trip in trips}
    return [
        group
        for group in components(rows, vocabulary)
        if any(row.table == "trips" and row.value["id"] in wanted for row in group)
    ]


def _is_ranking(row: Row) -> bool:
    return row.value.get("signal_type") == "candidate_set_logged"


def _is_forgotten(row: Row) -> bool:
    name = str(row.value.get("user_id", ""))
    return name.removeprefix("simulated-").startswith("forgotten-")


def _unseen(row: Row) -> list[str]:
    return [c["node_id"] for c in row.value["context"]["full_candidate_set"] if not c["shown"]]
