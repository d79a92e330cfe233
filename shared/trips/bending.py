"""What had to bend in a plan, and why, in words that a traveller reads."""

from collections.abc import Container, Iterator, Sequence
from uuid import UUID

from shared.orienteering.problem import Visit
from shared.ranking.candidates import Candidate
from shared.trips.brief import Brief
from shared.trips.frame import Opening, fits, is_meal
from shared.trips.plan import Bent


def bent_of_day(
    visits: Sequence[Visit], openings: Sequence[Opening], places: Sequence[Candidate]
) -> Iterator[Bent]:
    """Yield the openings of a day that nothing fills, or only a place of another kind."""
    filled = {visit.want: places[visit.place].node.category for visit in visits}
    for number, opening in enumerate(openings):
        category = filled.get(number)
        if category is not None and fits(category, opening):
            continue
        wish = f"no {opening.kind} was open and free in the {opening.day_part}"
        if category is None:
            yield Bent("filled", wish)
        else:
            meals = opening.kind == "meal" or is_meal(category)
            yield Bent("meals" if meals else "kinds", f"{wish}; a {_named(category)} stands there")


def bent_must_sees(
    brief: Brief, places: Sequence[Candidate], planned: Container[UUID]
) -> Iterator[Bent]:
    """Yield the must-sees that no day holds."""
    names = {candidate.node.id: candidate.node.name for candidate in places}
    for node_id in sorted(brief.must):
        if node_id not in names:
            yield Bent("must_see", f"{node_id} is not among the places that may be planned")
        elif node_id not in planned:
            yield Bent("must_see", f"no day has room for {names[node_id]} while it is open")


def _named(category: str) -> str:
    return category.replace("_", " ")
