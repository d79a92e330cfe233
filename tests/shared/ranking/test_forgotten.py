"""A forgotten ranking says what was shown, and nothing that follows from a taste."""

import random
from typing import Any

from shared.ranking.forgotten import forget_candidates, forget_ranking
from shared.signals.forgotten import forget_context
from tests.builders import a_node, an_id

PLACES = [a_node(number, cross_ref_confidence=number / 100) for number in range(40)]


def a_logged(number: int, *, shown: bool = False) -> dict[str, Any]:
    return {
        "node_id": str(an_id(number)),
        "retrieval_score": 0.7 + number / 1000,
        "ranker_score": 0.5,
        "confidence": 1.0,
        "sources": ["qdrant"],
        "shown": shown,
        "position": 1 if shown else None,
        "propensity": 0.125 if shown else None,
        "features": {
            "similarity": 0.3 + number / 1000,
            "quality": number / 100,
            "source_tier": 3,
            "category": "coffee_shop",
            "overrated": False,
            "cell_scores": {"morning/1": 0.5},
            "a later one": 0.77,
        },
    }


def a_record(**changes: Any) -> dict[str, Any]:
    return {
        "city": "seattle",
        "request_id": "trace-1",
        "a later field": "of theirs",
        "user_state": [{"persona_embedding": [0.1], "choice_count": 17, "is_cold": True,
                        "archetype": "food_first", "persona_source": "llm"}],
        "full_candidate_set": [a_logged(n, shown=n in (3, 9)) for n in range(20, 0, -1)],
    } | changes  # fmt: skip


def test_only_what_is_known_to_be_harmless_is_kept() -> None:
    record = forget_ranking(a_record(), PLACES, random.Random(1))
    assert record.keys() == {"city", "user_state", "full_candidate_set", "forgotten"}
    assert record["user_state"] == [{"archetype": "food_first", "is_cold": True}]
    assert not any("a later one" in c["features"] for c in record["full_candidate_set"])


def test_what_was_shown_keeps_its_place_odds_and_scores() -> None:
    (third,) = [
        c
        for c in forget_ranking(a_record(), PLACES, random.Random(1))["full_candidate_set"]
        if c["node_id"] == str(an_id(3))
    ]
    logged = a_logged(3, shown=True)
    for name in ("shown", "position", "propensity", "ranker_score", "confidence"):
        assert third[name] == logged[name]
    assert third["features"]["cell_scores"] == {"morning/1": 0.5}
    assert (third["retrieval_score"], third["features"]["similarity"]) == (None, None)


def test_the_others_are_drawn_anew_and_all_stand_in_the_order_of_their_ids() -> None:
    draws = [forget_candidates(a_record()["full_candidate_set"], PLACES, random.Random(seed))
             for seed in range(5)]  # fmt: skip
    assert len({frozenset(c["node_id"] for c in draw) for draw in draws}) == 5
    for draw in draws:
        ids = [c["node_id"] for c in draw]
        assert ids == sorted(set(ids))
        assert len(ids) == 20
        assert all(c["ranker_score"] is None for c in draw if not c["shown"])


def test_what_was_retrieved_has_no_part_in_the_draw() -> None:
    """So whoever knows the chance, and draws again, learns nothing of a taste."""
    shown = [a_logged(n, shown=True) for n in (3, 9)]
    first, other = ([a_logged(n) for n in numbers] for numbers in (range(10, 28), range(40, 58)))
    one, same = (
        forget_candidates([*shown, *unseen], PLACES, random.Random(1)) for unseen in (first, other)
    )
    assert one == same
    assert len(one) == 20


def test_a_city_that_has_shrunk_gives_all_it_has_and_the_old_ones_make_up_the_number() -> None:
    drawn = forget_candidates(a_record()["full_candidate_set"], PLACES[:2], random.Random(1))
    assert len(drawn) == len({c["node_id"] for c in drawn}) == 20
    assert {str(place.id) for place in PLACES[:2]} < {c["node_id"] for c in drawn}


def test_a_set_in_the_archive_keeps_its_reference_alone() -> None:
    archived = {"archived": "gs://b/f.parquet", "sha256": "00", "count": 200, "note": "ana"}
    record = forget_ranking(a_record(full_candidate_set=archived), PLACES, random.Random(1))
    assert record["full_candidate_set"] == {
        "archived": "gs://b/f.parquet", "sha256": "00", "count": 200,
    }  # fmt: skip


def test_of_a_signals_context_the_moment_stays_and_hesitation_is_cut_to_seconds() -> None:
    context = {"time_to_action_ms": 2417, "day_part": "evening", "note": "loves ramen"}
    assert forget_context(context) == {"time_to_action_ms": 2000, "day_part": "evening"}
    assert forget_context({"time_to_action_ms": 86_400_000}) == {"time_to_action_ms": 60_000}
    assert forget_context({"time_to_action_ms": 1999}) == {"time_to_action_ms": 1000}
