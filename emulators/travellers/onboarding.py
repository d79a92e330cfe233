"""Owns what a traveller tells before the first trip: part of their tastes, or nothing at all."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emulators.travellers.chance import Chance
from emulators.travellers.kinds import LABELS
from emulators.travellers.tastes import Tastes

_CANDID = 3.0


@dataclass(frozen=True, slots=True)
class Told:
    """Labels by topic, and a pace where one was picked."""

    tags: Mapping[str, Sequence[str]]
    pace: str | None

    def body(self) -> dict[str, object]:
        """The body of `PUT /api/v1/users/me/onboarding`."""
        return {"tags": self.tags} | ({"pace": self.pace} if self.pace else {})


def onboarding_of(chance: Chance, tastes: Tastes, *, skipping: float) -> Told | None:
    """What the traveller tells; None for the share `skipping` who skip it.

    Three to six labels, the best of w_f·3 + Gumbel noise: draws without replacement from the logit
    model over labels (Gumbel top-k; Yellott 1977), so what is told is true on average only.
    """
    stream = chance.stream("onboarding")
    if stream.random() < skipping:
        return None
    pulls = {
        feature: _CANDID * tastes.weight(feature, 0.0)
        - math.log(-math.log(stream.uniform(1e-9, 1)))
        for feature in LABELS
    }
    picked = sorted(LABELS, key=pulls.__getitem__, reverse=True)[: stream.randint(3, 6)]
    tags: dict[str, list[str]] = defaultdict(list)
    for feature in sorted(picked):
        topic, label = LABELS[feature]
        tags[topic].append(label)
    return Told(dict(tags), stream.choice((None, None, "slow", "balanced", "full")))
