"""The hidden truth as lines of JSON, to judge learning by; the API never sees it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from emulators.travellers.kinds import KINDS
from emulators.travellers.person import Person, Showing
from emulators.travellers.trip import Place

Line = dict[str, Any]


def write(path: Path, lines: Iterator[Line]) -> None:
    """Write the lines; each says that it is simulated."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with part.open("w") as file:
        for line in lines:
            file.write(json.dumps({"simulated": True} | line) + "\n")
    part.replace(path)


def lines_of(run: Mapping[str, Any], people: Sequence[Person], weeks: float) -> Iterator[Line]:
    """The lines of a run, in this order.

    `run`: the parameters. `traveller`: each one's tastes (w_f at the beginning), gaze and temper.
    `shown`: each slot that a session showed, with utility and probabilities as they were then.
    `utilities`: for each traveller, what every place that anyone was shown would be worth to them
    at the end, by node id, and the probability that they would accept it.
    """
    places = {
        slot.place.id: slot.place
        for person in people
        for trip in person.trips.values()
        for slot in trip.slots
    }
    features = _features(places)
    yield {"line": "run", **run}
    yield {"line": "places", "keys": {id: place.key for id, place in sorted(places.items())}}
    for person in people:
        yield _traveller(person, features)
        for showing in person.showings:
            yield from _shown(person, showing)
        yield _utilities(person, places, weeks)


def _features(places: Mapping[str, Place]) -> set[str]:
    named = {feature for kind in KINDS.values() for feature in kind}
    vibes = {vibe for place in places.values() for vibe in place.vibes}
    return named | vibes | {place.category for place in places.values()}


def _traveller(person: Person, features: set[str]) -> Line:
    who = person.who
    return {
        "line": "traveller",
        "traveller": who.id,
        "kind": asdict(who.tastes.now),
        "tastes": _rounded(who.tastes.weights(features)),
        "told": who.told and who.told.body(),
        "gaze": asdict(who.gaze),
        "temper": asdict(who.temper),
        "left": person.gone,
    }


def _shown(person: Person, showing: Showing) -> Iterator[Line]:
    for shown in showing.impressions:
        slot = shown.slot
        yield {
            "line": "shown",
            "traveller": person.who.id,
            "trip_id": showing.trip.id,
            "trip": showing.number,
            "session": showing.session,
            "node_id": slot.place.id,
            "day": slot.day,
            "order": slot.order,
            "utility": round(shown.utility, 4),
            "p_examined": round(shown.p_examined, 4),
            "p_accept": round(shown.p_accept, 4),
            "acts": [
                {
                    "signal_type": act.signal_type,
                    "at": (showing.began + timedelta(seconds=act.offset_s)).isoformat(),
                    "time_to_action_ms": act.time_to_action_ms,
                }
                for act in shown.acts
            ],
        }


def _utilities(person: Person, places: Mapping[str, Place], weeks: float) -> Line:
    tastes, temper = person.who.tastes, person.who.temper
    worth = {id: tastes.utility(place, weeks) for id, place in sorted(places.items())}
    seen = {slot.place.id for trip in person.trips.values() for slot in trip.slots}
    return {
        "line": "utilities",
        "traveller": person.who.id,
        "weeks": round(weeks, 4),
        "utility": _rounded(worth),
        "p_accept": _rounded({id: temper.accepts(utility) for id, utility in worth.items()}),
        "seen": sorted(seen),
    }


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(figure, 4) for name, figure in figures.items()}
