"""The solver: places, scores, hours, ways and fixed ends in; for each day an ordered route out.

The problem is the team orienteering problem with time windows, each day being a team member:
Vansteenwegen, Souffriau and Van Oudheusden (2011), The orienteering problem: a survey, European
Journal of Operational Research 209(1). It knows neither trips nor cities.
"""

from typing import Final

from shared.orienteering.iterated import fill_freely
from shared.orienteering.problem import Problem, Route

TRIES: Final = 150


def plan_days(problem: Problem, tries: int = TRIES) -> list[Route]:
    """Return one route for each day; no place is visited twice, and every visit keeps its hours.

    Units are minutes and metres throughout; the same problem gives the same routes. Days that say
    what they want are filled first, in order; days that do not share what is left, and `tries` is
    after how many fruitless shakes their search ends. Up to 12 stops a day stand in the shortest
    order that keeps all windows (exact), more in a good one. Raises ProblemRefused.

    Four sights on a line 10 minutes (800 m) apart, and 200 minutes from the first to the last:

    >>> from shared.orienteering.problem import Day, Place, Problem
    >>> places = [Place(0), Place(60, score=5), Place(60, score=9, hours=(((100, 170),),)), Place(0)]
    >>> metres = [[800.0 * abs(a - b) for b in range(4)] for a in range(4)]
    >>> minutes = [[way / 80 for way in row] for row in metres]
    >>> day = Day(span=(0, 200), begins=0, ends=3)
    >>> [route] = plan_days(Problem(places, minutes, metres, [day]))
    >>> [(visit.place, visit.starts, visit.ends) for visit in route.visits], route.metres
    ([(1, 10, 70), (2, 100, 160)], 2400.0)
    """
    problem.check()
    framed = [number for number, day in enumerate(problem.days) if day.wants]
    routes = dict(zip(framed, fill_wants(problem, framed)[1], strict=True))
    taken = {place for route in routes.values() for place in route.places}
    free = [number for number, day in enumerate(problem.days) if not day.wants]
    routes |= fill_freely(problem, free, taken, tries)
    return [routes[number] for number in range(len(problem.days))]
