"""Owns what a traveller truly likes: hidden weights, their drift, and the utility of a place."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from emulators.travellers.chance import Chance
from emulators.travellers.kinds import KINDS
from emulators.travellers.trip import Place

INDIVIDUAL = 0.25
"""Standard deviation of what is a person's own in each weight."""
SURPRISE = 0.3
"""Standard deviation of what a person sees in one place and no attribute of it tells."""
_VIBES = 1.2
_CATEGORY = 0.8
_QUALITY = 0.8
_USUAL_QUALITY = 0.7


@dataclass(frozen=True, slots=True)
class Mixture:
    """A person as a mixture of two kinds: `share` of the first, the rest of the second."""

    first: str
    second: str
    share: float

    def weight(self, feature: str) -> float:
        """What the mixture likes of a vibe or category, -1 to 1; 0 where no kind names it."""
        first, second = KINDS[self.first], KINDS[self.second]
        return self.share * first.get(feature, 0) + (1 - self.share) * second.get(feature, 0)


@dataclass(frozen=True, slots=True)
class Tastes:
    """The hidden tastes of one traveller; `drift` is in radians a week.

    w_f(t) = cos(drift·t)·w_f + sin(drift·t)·w'_f, with w and w' drawn alike (a mixture of two
    kinds plus an individual part), so that tastes turn without growing. For a place with vibes V
    and category c:

        u = 1.2·Σ_{f∈V} w_f / √|V| + 0.8·w_c + 0.8·(quality - 0.7) + surprise(place)

    Kinds plus individual noise is the mixed logit's way of writing tastes (McFadden and Train
    2000); the drift is a rotation in place of a random walk (Koren 2009 shows that tastes move).
    Vibes and categories that no kind names are liked by chance alone, so any taxonomy will do.
    """

    chance: Chance
    drift: float = 0.0
    _drawn: dict[tuple[str, str], float] = field(default_factory=dict, repr=False, compare=False)

    @property
    def now(self) -> Mixture:
        """Who the traveller is when the simulation begins."""
        return self._mixture("now")

    def weight(self, feature: str, weeks: float) -> float:
        """What a vibe or category is worth to the traveller, `weeks` after the beginning."""
        angle = self.drift * weeks
        now = math.cos(angle) * self._weight("now", feature)
        return now + math.sin(angle) * self._weight("later", feature) if angle else now

    def utility(self, place: Place, weeks: float) -> float:
        """How much the traveller would like the place; 0 is indifferent."""
        vibes = sum(self.weight(vibe, weeks) for vibe in place.vibes)
        quality = 0.0 if place.quality is None else place.quality - _USUAL_QUALITY
        return (
            _VIBES * vibes / math.sqrt(max(1, len(place.vibes)))
            + _CATEGORY * self.weight(place.category, weeks)
            + _QUALITY * quality
            + SURPRISE * self.chance.normal("surprise", place.key)
        )

    def weights(self, features: set[str]) -> Mapping[str, float]:
        """The weights at the beginning, by name."""
        return {feature: self.weight(feature, 0.0) for feature in sorted(features)}

    def _weight(self, when: str, feature: str) -> float:
        known = self._drawn.get((when, feature))
        if known is None:
            own = INDIVIDUAL * self.chance.normal("taste", when, feature)
            known = self._drawn[when, feature] = self._mixture(when).weight(feature) + own
        return known

    def _mixture(self, when: str) -> Mixture:
        stream = self.chance.stream("kind", when)
        first, second = stream.sample(sorted(KINDS), 2)
        return Mixture(first, second, stream.uniform(0.6, 1.0))
