"""Whole simulations against an API in memory: reproducible, in order, and truthful about itself."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from emulators.travellers import report, tally, truth
from emulators.travellers.calendar import Visit, Wish
from emulators.travellers.errors import CallRefused
from emulators.travellers.person import Person
from emulators.travellers.run import Simulation
from tests.emulators.travellers.app import App, Days
from tests.emulators.travellers.builders import a_traveller

DAYS = 9
TRAVELLERS = 40


async def simulated(app: App, *, at_once: int = 16, **habits: Any) -> Simulation:
    people = [
        Person(a_traveller(number, days=DAYS, **habits), "seattle") for number in range(TRAVELLERS)
    ]
    return await passed(app, people, days=DAYS, at_once=at_once)


async def passed(app: App, people: Sequence[Person], *, days: int, at_once: int = 16) -> Simulation:
    async with app.client() as http:
        simulation = Simulation(
            people, days, app.api(http), Days(app), at_once, lambda step, acting: None
        )
        await simulation.run()
    return simulation


def slots(trip: dict[str, Any]) -> list[dict[str, Any]]:
    return [slot for day in trip["days"] for slot in day["slots"]]


async def test_the_same_seed_makes_the_same_requests() -> None:
    first, second = App(), App()
    await simulated(first)
    await simulated(second)
    assert first.trips.keys().isdisjoint(second.trips)
    assert first.calls == second.calls


async def test_who_acts_beside_them_changes_nobodys_decisions() -> None:
    alone, crowded = App(), App(slow=Random(1))
    await simulated(alone, at_once=1)
    await simulated(crowded, at_once=16)
    assert alone.calls == crowded.calls


async def test_the_clock_only_goes_forward_and_to_every_night() -> None:
    app = App()
    await simulated(app)
    assert app.moved == sorted(app.moved)
    nights = [at for at in app.moved if (at.hour, at.minute) == (3, 30)]
    assert len(nights) == DAYS + 1


async def test_everything_done_reaches_the_api() -> None:
    app = App()
    simulation = await simulated(app)
    done = sum(
        len(shown.acts)
        for person in simulation.people
        for showing in person.showings
        for shown in showing.impressions
    )
    bodies = {
        json.dumps(signal)
        for user, calls in app.calls.items()
        for _, path, body in calls
        if path == "/api/v1/signals"
        for signal in body["signals"]
    }
    assert len(bodies) == done
    assert simulation.posted.accepted == simulation.posted.signals > done


async def test_no_signal_is_sent_before_it_happened() -> None:
    app = App()
    sent: list[tuple[Any, Any]] = []
    answer = app.answer

    async def noted(request: Any) -> Any:
        if request.url.path == "/api/v1/signals":
            body = json.loads(request.content)
            sent.extend((signal["occurred_at"], app.now) for signal in body["signals"])
        return await answer(request)

    app.answer = noted  # type: ignore[method-assign]
    await simulated(app)
    assert sent
    assert all(occurred < now.isoformat() for occurred, now in sent)


async def test_who_has_left_is_not_heard_again() -> None:
    app = App()
    simulation = await simulated(app, leave=1.0)
    left = [person.who.id for person in simulation.people if person.gone]
    assert left
    for user in left:
        assert [method for method, _, _ in app.calls[user]].index("DELETE") == len(
            app.calls[user]
        ) - 1


async def test_hidden_truth_never_reaches_the_api() -> None:
    app = App()
    await simulated(app)
    for calls in app.calls.values():
        for _, path, body in calls:
            if path == "/api/v1/trips":
                assert body.keys() <= {"city", "start_date", "days", "pace"}
            if path == "/api/v1/users/me/onboarding":
                assert body.keys() <= {"tags", "pace"}
            for signal in body["signals"] if path == "/api/v1/signals" else ():
                assert signal.keys() == {
                    "signal_id",
                    "signal_type",
                    "activity_node_id",
                    "trip_id",
                    "slot_id",
                    "occurred_at",
                    "context",
                }
                assert signal["context"].keys() <= {
                    "day_of_trip",
                    "day_part",
                    "group_size",
                    "time_to_action_ms",
                }


async def test_a_refusal_ends_the_whole_run() -> None:
    app = App(refused="/api/v1/signals")
    with pytest.raises(CallRefused, match="422: no signal of ours is good enough"):
        await simulated(app)


async def test_the_truth_holds_what_everything_shown_to_anyone_is_worth_to_everyone(
    tmp_path: Path,
) -> None:
    app = App()
    simulation = await simulated(app)
    file = tmp_path / "truth.jsonl"
    truth.write(file, truth.lines_of({"seed": 7}, simulation.people, DAYS / 7))
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert all(line["simulated"] is True for line in lines)
    places = {slot["activity_node"]["id"] for trip in app.trips.values() for slot in slots(trip)}
    utilities = [line for line in lines if line["line"] == "utilities"]
    assert len(utilities) == TRAVELLERS
    assert all(line["utility"].keys() == places for line in utilities)
    assert all(set(line["seen"]) <= places for line in utilities)
    shown = [line for line in lines if line["line"] == "shown"]
    assert {line["node_id"] for line in shown} == places


async def test_the_report_adds_up_and_says_what_it_is() -> None:
    app = App()
    simulation = await simulated(app)
    figures = report.figures(simulation, 1.0, 0.5)
    assert figures["title"] == "simulated behaviour"
    assert figures["trips"] == len(app.trips)
    looks = figures["first_looks"]
    for table in looks.values():
        assert sum(row["shown"] for row in table.values()) == sum(
            len(slots(trip)) for trip in app.trips.values()
        )
    first = looks["by_order"]["01"]
    assert first["accepted_of_shown"] == round(first["accepted"] / first["shown"], 4)
    assert first["accepted_of_shown"] > looks["by_order"]["05"]["accepted_of_shown"]


async def test_no_slot_is_answered_twice_in_one_trip() -> None:
    simulation = await simulated(App())
    for person in simulation.people:
        answered = [
            (showing.number, shown.slot.position)
            for showing in person.showings
            for shown in showing.impressions
            if shown.answer
        ]
        assert len(set(answered)) == len(answered) == tally.choices(person)


async def test_two_visits_of_one_day_are_two_sessions() -> None:
    morning = Visit(0, "morning", "plan", 0, 0, Wish(5, 3, None))
    evening = Visit(0, "evening", "look", 0, 1)
    app = App()
    person = Person(replace(a_traveller(), visits=(morning, evening)), "seattle")
    await passed(app, [person], days=1)
    assert [showing.began.hour for showing in person.showings] == [9, 19]


async def test_who_leaves_takes_along_what_was_not_sent() -> None:
    visits = [Visit(0, "morning", "plan", 0, 0, Wish(5, 3, None))]
    visits += [Visit(0, "evening", "leave", 0, 0)]
    lost = 0
    for number in range(40):
        app = App()
        person = Person(replace(a_traveller(number), visits=tuple(visits)), "seattle")
        simulation = await passed(app, [person], days=3)
        done = sum(len(s.acts) for showing in person.showings for s in showing.impressions)
        lost += simulation.posted.signals < done
        assert app.calls[person.who.id][-1][0] == "DELETE"
    assert lost > 0
