"""Owns what a traveller says about a slot they looked at, and how long it takes them."""

import math
from dataclasses import dataclass
from random import Random

from emulators.travellers.chance import Chance

THUMBS = 0.08
"""The share of those with the strongest feelings who also give a thumb."""
_FAST = 0.15
_LEAST_MS, _MOST_MS = 250, 120_000


@dataclass(frozen=True, slots=True)
class Temper:
    """How one traveller answers.

    `sharpness` and `bar` make P(accept), `willingness`, `stamina` (in answers) and `candour`
    (0: answers everything alike) make P(answer), `tempo` scales the time a decision takes.
    """

    sharpness: float
    bar: float
    willingness: float
    stamina: float
    candour: float
    tempo: float

    def accepts(self, utility: float) -> float:
        """P(accept | answered) = 1 / (1 + exp(-sharpness·(u - bar))): the logit (McFadden 1974)."""
        return 1 / (1 + math.exp(-self.sharpness * (utility - self.bar)))

    def answers(self, utility: float, answered: int) -> float:
        """P(answer | looked at) after `answered` answers in this session.

        = willingness · exp(-answered / stamina) · (1 - candour + candour·|2·P(accept) - 1|)

        The second factor is fatigue. The third makes silence depend on the opinion itself: answers
        are missing not at random (Marlin and Zemel 2009; Schnabel et al. 2016).
        """
        feeling = abs(2 * self.accepts(utility) - 1)
        tired = math.exp(-answered / self.stamina)
        return self.willingness * tired * (1 - self.candour + self.candour * feeling)

    def gives_thumb(self, utility: float) -> float:
        """P(thumb | answered) = 0.08·(2·P(accept) - 1)²: rare, and of strong feelings."""
        return THUMBS * (2 * self.accepts(utility) - 1) ** 2

    def median_ms(self, utility: float) -> float:
        """The median time of a decision: long near indifference, shortest for strong dislikes.

        As in diffusion models of choice (Ratcliff 1978). Below P(accept) = 0.15 half as long: a
        glance is enough to swipe away.
        """
        accepted = self.accepts(utility)
        glance = 0.5 if accepted < _FAST else 1.0
        return self.tempo * glance * 6_500 * math.exp(-1.1 * abs(2 * accepted - 1))


def decision_ms(temper: Temper, utility: float, stream: Random) -> int:
    """Milliseconds of one decision: log-normal around the median (van der Linden 2006)."""
    drawn = temper.median_ms(utility) * math.exp(0.5 * stream.gauss(0, 1))
    return round(min(max(drawn, _LEAST_MS), _MOST_MS))


def temper_of(chance: Chance, *, silent: float) -> Temper:
    """The temper of a traveller; a share `silent` of all reads and never answers."""
    reads_only = chance.uniform("temper", "silent") < silent
    return Temper(
        sharpness=chance.around(3.5, 0.3, "temper", "sharpness"),
        bar=0.1 + 0.3 * chance.normal("temper", "bar"),
        willingness=0.0 if reads_only else chance.between(0.8, 1.0, "temper", "willingness"),
        stamina=chance.around(24.0, 0.4, "temper", "stamina"),
        candour=chance.between(0.2, 0.6, "temper", "candour"),
        tempo=chance.around(1.0, 0.25, "temper", "tempo"),
    )
