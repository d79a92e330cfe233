"""Small random problems, and how to judge a route by hand."""

import math
import random
from collections.abc import Sequence
from itertools import pairwise

from shared.orienteering.problem import Day, Place, Problem, Route


def on_a_plane(places: Sequence[Place], days: Sequence[Day], seed: int) -> Problem:
    """Places at random points of 3 km by 3 km, 80 metres a minute."""
    chance = random.Random(seed)
    points = [(chance.uniform(0, 3000), chance.uniform(0, 3000)) for _ in places]
    metres = [[math.dist(a, b) for b in points] for a in points]
    minutes = [[math.ceil(way / 80) for way in row] for row in metres]
    return Problem(places, minutes, metres, days)


def some_places(count: int, seed: int, days: int = 1) -> list[Place]:
    chance = random.Random(seed)
    places = []
    for _ in range(count):
        hours = []
        for _ in range(days):
            opens = chance.randrange(480, 900, 5)
            hours.append(((opens, opens + chance.randrange(120, 420, 5)),))
        places.append(Place(chance.choice((20, 30, 45)), tuple(hours), chance.randint(1, 20)))
    return places


def faults(problem: Problem, routes: Sequence[Route]) -> list[str]:
    """What is wrong with the routes, told from their times alone."""
    found = []
    visited = [place for route in routes for place in route.places]
    if len(visited) != len(set(visited)):
        found.append("a place twice")
    for number, (day, route) in enumerate(zip(problem.days, routes, strict=True)):
        for visit in route.visits:
            place = problem.places[visit.place]
            hours = place.hours[number] if place.hours else (day.span,)
            if not any(opens <= visit.starts and visit.ends <= shuts for opens, shuts in hours):
                found.append(f"{visit} is shut")
            if visit.ends - visit.starts != place.stay:
                found.append(f"{visit} is cut short")
            if visit.want is not None:
                first, last = day.wants[visit.want].starts
                if not first <= visit.starts <= last:
                    found.append(f"{visit} at the wrong time")
        found += _hasty(problem, day, route)
    return found


def _hasty(problem: Problem, day: Day, route: Route) -> list[str]:
    steps = [(visit.starts, visit.ends, visit.place) for visit in route.visits]
    if steps and day.begins is not None:
        steps.insert(0, (day.span[0], day.span[0], day.begins))
    if steps and day.ends is not None:
        steps.append((day.span[1], day.span[1], day.ends))
    return [
        f"no time from {here} to {there}"
        for (_, left, here), (arrives, _, there) in pairwise(steps)
        if left + problem.minutes[here][there] > arrives
    ]
