"""The walks' figures stand on real plans, and an order that is too long is found out."""

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from shared.trips.assemble import assemble
from shared.trips.brief import eligible, openings_of
from shared.trips.plan import Day
from workflows.__main__ import main
from workflows.bench.walks_orders import order_of
from workflows.bench.walks_tastes import a_wish, sample_nodes
from workflows.commands import bench


def test_a_taste_offers_two_hundred_places_of_the_sample_city() -> None:
    wish = a_wish(1, days=2)
    places = {candidate.node.id for candidate in wish.candidates}
    assert len(places) == 200
    assert places <= {node.id for node in sample_nodes()}
    assert a_wish(1, days=2).candidates == wish.candidates
    assert a_wish(2, days=2).candidates != wish.candidates


def test_two_stops_exchanged_against_the_short_way_are_found_out() -> None:
    wish = a_wish(3, days=3, pace="full")
    openings = openings_of(wish.brief, eligible(wish.brief, wish.candidates))
    found = []
    for day in assemble(wish.brief, wish.candidates, wish.scores, 3).days:
        assert order_of(day, openings).to_kept == pytest.approx(1.0)
        found += [order_of(_turned(day, at), openings).to_kept for at in range(len(day.stops) - 1)]
    assert max(found) > 1.05


def _turned(day: Day, at: int) -> Day:
    """The day with two neighbours in each other's place: a way that is longer, or as long."""
    stops = list(day.stops)
    stops[at], stops[at + 1] = stops[at + 1], stops[at]
    return replace(day, stops=tuple(stops))


def test_the_command_prints_and_keeps_the_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "WALKS_REPORT", tmp_path / "walks.json")
    assert main(["bench", "walks", "--trips", "6"]) == 0
    kept = orjson.loads((tmp_path / "walks.json").read_bytes())
    assert kept["checked"]["trips"] == 6
    assert kept["checked"]["violations"] == {}
    assert [walks["pace"] for walks in kept["walks"]] == ["slow", "balanced", "full", None]
    assert all(walks["to_kept"]["highest"] < 1 + 1e-9 for walks in kept["walks"])
    assert len(kept["costs"]) == 9
    assert "violations none" in capsys.readouterr().out
