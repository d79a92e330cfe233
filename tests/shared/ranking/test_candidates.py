"""The blend: the cell's word for most, the traveller's own similarity for the rest."""

import pytest

from shared.nodes.point import Retrieved
from shared.ranking.candidates import BLEND_WEIGHT, Scores, make_candidates
from shared.ranking.cells import Cell
from shared.ranking.ladder import CellServed
from shared.ranking.rank_cells import CellResult
from tests.builders import a_candidate, a_cell_ranking, a_node, an_id

MORNING = Cell("food_first", "morning", 1)


def scores(*names: object) -> Scores:
    return Scores({MORNING: CellResult(a_cell_ranking(*names), CellServed("model"))})


def test_similarity_spreads_the_set_over_zero_to_one() -> None:
    nodes = {an_id(n): a_node(n) for n in range(3)}
    hits = [Retrieved(an_id(0), 0.8), Retrieved(an_id(1), 0.6), Retrieved(an_id(2), 0.4)]
    found = [c.similarity for c in make_candidates(hits, nodes, "qdrant")]
    assert found == pytest.approx([1.0, 0.5, 0.0])


def test_a_node_that_was_hidden_since_is_no_candidate() -> None:
    nodes = {an_id("x"): a_node("x", hidden=True)}
    hits = [Retrieved(an_id("x"), 0.9), Retrieved(an_id("y"), 0.8)]
    assert make_candidates(hits, nodes, "qdrant") == []


def test_without_a_search_the_evidence_speaks() -> None:
    nodes = {an_id("x"): a_node("x", cross_ref_confidence=0.7)}
    (candidate,) = make_candidates([Retrieved(an_id("x"), None)], nodes, "quality")
    assert candidate.similarity == 0.7


def test_a_node_the_cell_does_not_name_is_scored_by_similarity_alone() -> None:
    score = scores("other").at(a_candidate(a_node("x"), 0.5), "morning", 1)
    assert score.blended == pytest.approx((1 - BLEND_WEIGHT) * 0.5)
    assert score.ranker is None


def test_the_blend_of_a_named_node() -> None:
    score = scores("x").at(a_candidate(a_node("x"), 0.5), "morning", 6)
    assert score.blended == pytest.approx(0.6 * 1.0 + 0.4 * 0.5)
    assert score.confidence == 1.0


def test_where_no_cell_came_the_quality_ranks() -> None:
    score = Scores({}).at(a_candidate(a_node("x", cross_ref_confidence=0.3)), "morning", 1)
    assert score.blended == 0.3


def test_the_logged_scores_name_their_moments() -> None:
    candidate = a_candidate(a_node("x"))
    assert scores("x").by_moment(candidate) == {"morning/1": 1.0}
    assert scores("x").best(candidate) == (1.0, 1.0)
    assert scores("y").best(candidate) == (None, None)
