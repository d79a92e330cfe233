"""The solver: places, scores, hours, ways and fixed ends in; for each day an ordered route out.

The problem is the team orienteering problem with time windows, each day being a team member:
Vansteenwegen, Souffriau and Van Oudheusden (2011), The orienteering problem: a survey, European
Journal of Operational Research 209(1). It knows neither trips nor cities.
"""

from typing import Final

from shared.orienteering.framed import FramedDay
from shared.orienteering.framed_days import fill_wants
from shared.orienteering.iterated import fill_freely
from shared.orienteering.problem import Problem, Route

TRIES: Final = 150


def plan_days(problem: Problem, tries: int = TRIES) -> list[Route]:
    """Return one route for each day; no place is visited twice, and every visit keeps its hours.

    Units are minutes and metres throughout; the same problem gives the same routes. Days that say
    what they want are filled first, in order; days that do not share what is left, and `tries` is
    after how many fruitless shakes their search ends. Up to 12 stops a day stand in the shortest
    order that keeps all windows (exact), more in a good one. Raises ProblemRefused.

    Two sights between two stations, all 10 minutes (800 m) apart on one line, and 200 minutes:

    >>> from shared.orienteering.problem import Day, Place, Problem
    >>> station, gallery = Place(stay=0), Place(stay=60, score=5)
    >>> museum = Place(stay=60, score=9, hours=(((100, 170),),))
    >>> places = [station, gallery, museum, station]
    >>> metres = [[800.0 * abs(a - b) for b in range(4)] for a in range(4)]
    >>> minutes = [[way / 80 for way in row] for row in metres]
    >>> day = Day(span=(0, 200), begins=0, ends=3)
    >>> [route] = plan_days(Problem(places, minutes, metres, [day]))
    >>> [(visit.place, visit.starts, visit.ends) for visit in route.visits], route.metres
    ([(1, 10, 70), (2, 100, 160)], 2400.0)
    """
    problem.check()
    framed = [number for number, day in enumerate(problem.days) if day.wants]
    days = [FramedDay(problem, number) for number in framed]
    drafts = fill_wants(problem, days)
    routes = {
        number: day.route(draft) for number, day, draft in zip(framed, days, drafts, strict=True)
    }
    taken = {place for route in routes.values() for place in route.places}
    free = [number for number, day in enumerate(problem.days) if not day.wants]
    routes |= fill_freely(problem, free, taken, tries)
    return [routes[number] for number in range(len(problem.days))]
