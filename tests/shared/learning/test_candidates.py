"""A candidate set comes back from its file as it was logged."""

import io
from collections import defaultdict
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from shared.learning.candidates import candidate_columns, logged
from shared.learning.columns import sessions
from shared.learning.parquet import Parquet
from shared.learning.training_set import CANDIDATES, FEATURES
from shared.ranking.record import FEATURES as LOGGED_FEATURES
from tests.builders import an_id

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
PLACES = st.integers(0, 2**31 - 1)
FLAGS = st.booleans()
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
UNKNOWN = st.dictionaries(TEXTS.filter(lambda key: key.isupper()), st.none() | PLACES | TEXTS)

KNOWN_FEATURES = st.fixed_dictionaries(
    {
        "similarity": NUMBERS,
        "quality": NUMBERS,
        "source_tier": PLACES,
        "category": TEXTS,
        "overrated": FLAGS,
        "cell_scores": st.dictionaries(TEXTS, NUMBERS, max_size=4),
    }
)


@st.composite
def candidates(draw: st.DrawFn) -> dict[str, Any]:
    known: dict[str, Any] = {
        "node_id": str(an_id(draw(PLACES))),
        "retrieval_score": draw(st.none() | NUMBERS),
        "ranker_score": draw(st.none() | NUMBERS),
        "confidence": draw(st.none() | NUMBERS),
        "sources": draw(st.lists(TEXTS, max_size=2)),
        "shown": draw(FLAGS),
        "position": draw(st.none() | PLACES),
        "propensity": draw(st.none() | NUMBERS),
    }
    features = draw(UNKNOWN) | draw(KNOWN_FEATURES)
    return draw(UNKNOWN) | known | {"features": features}


def a_row(number: int) -> defaultdict[str, Any]:
    """A session of which only the candidates matter."""
    return defaultdict(lambda: None, context={}, simulated=False, ranking_id=an_id(number))


@given(st.lists(st.lists(candidates(), max_size=4), max_size=4))
def test_every_set_comes_back_as_it_was_logged(sets: list[list[dict[str, Any]]]) -> None:
    stream = io.BytesIO()
    file = Parquet().write("sessions", "name", stream)
    file.append(sessions([a_row(number) for number in range(len(sets))], sets))
    file.close()
    read = list(Parquet().read_sets(io.BytesIO(stream.getvalue())))
    assert [[logged(one) for one in session["candidates"]] for session in read] == sets
    sizes = [size for _, some in Parquet().read_sizes(stream) for size in some]
    assert sizes == [len(one) for one in sets]


def test_a_field_that_the_schema_does_not_know_is_kept_in_other() -> None:
    found = candidate_columns([[{"node_id": "n", "features": {"novelty": 0.5}, "NEW": 1}]])
    (other,) = found.columns["other"]
    assert orjson.loads(other) == [{"NEW": 1}, {"novelty": 0.5}]


def test_the_schema_knows_every_feature_that_is_logged_today() -> None:
    assert {column.name for column in FEATURES} == set(LOGGED_FEATURES)
    assert "node_id" in {column.name for column in CANDIDATES}
