"""The reply says which rung served, and why."""

from shared.ranking.ladder import CellServed, Served, summarise


def test_all_cells_from_the_cache_is_the_cache_rung() -> None:
    assert summarise([CellServed("cache")] * 9) == Served("cache", "9 of 9 cells from the cache")


def test_the_furthest_rung_names_the_ranking_and_the_failure_is_told() -> None:
    served = summarise(
        [CellServed("cache"), CellServed("model"), CellServed("quality", "rate_limited")]
    )
    assert served.rung == "quality"
    assert "1 of 3 cells in order of local evidence" in served.reason
    assert "rate_limited" in served.reason


def test_a_cached_sibling_after_a_failure_is_still_called_cache_and_says_so() -> None:
    served = summarise([CellServed("cache", "late")])
    assert served.rung == "cache"
    assert "late" in served.reason
