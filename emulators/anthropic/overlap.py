"""Owns the ranking of options by the words they share with what is asked about."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from emulators.anthropic.words import terms

# A text of average length is divided by 1, a long one by more: as b in BM25, but mild.
LENGTH_WEIGHT = 0.25
# Overlaps weaker than this share of the best one are noise, not an answer.
NOISE = 0.25
# So many shared words make a text half as close as can be.
HALF_CLOSE = 3

Weights = Mapping[str, float]


class Scored(NamedTuple):
    """An option and its overlap with what was asked about (0 = no word in common)."""

    option: str
    score: float


class Options:
    """Options with their texts, ready to be ranked for one description after another."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._bags = {option: frozenset(terms(text)) for option, text in texts.items()}
        spread = Counter(term for bag in self._bags.values() for term in bag)
        n = len(self._bags)
        self._idf = {term: math.log(1 + (n - df + 0.5) / (df + 0.5)) for term, df in spread.items()}
        mean = sum(map(len, self._bags.values())) / (n or 1) or 1.0
        self._norms = {
            option: 1 - LENGTH_WEIGHT + LENGTH_WEIGHT * len(bag) / mean
            for option, bag in self._bags.items()
        }

    def rank(self, asked: Weights) -> list[Scored]:
        """All options by overlap with `asked`, best first, ties in the order they were given.

        Score = sum over shared terms of asked weight * idf over the options, divided by a mild
        length norm (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009).
        fsum, because a set's order differs from process to process and the answer must not.
        """
        weight = {term: asked[term] * idf for term, idf in self._idf.items() if term in asked}
        scored = [
            Scored(option, math.fsum(weight[term] for term in bag & weight.keys()) / norm)
            for (option, bag), norm in zip(self._bags.items(), self._norms.values(), strict=True)
        ]
        return sorted(scored, key=lambda one: -one.score)


def weigh(texts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """The weight of each term of the (text, weight) pairs; repeats count ever less (1 + log n)."""
    weights: dict[str, float] = {}
    for text, weight in texts:
        for term, times in Counter(terms(text)).items():
            weights[term] = weights.get(term, 0.0) + weight * (1 + math.log(times))
    return weights


def relevant(ranked: list[Scored]) -> list[Scored]:
    """Those with a word in common, without the noise far below the best."""
    best = ranked[0].score if ranked else 0.0
    return [one for one in ranked if one.score > 0 and one.score >= NOISE * best]


def closeness(text: str, asked: Weights) -> float:
    """How much of `asked` the text meets, 0 to 1; depends on nothing but these two."""
    met = len(set(terms(text)) & asked.keys())
    return met / (met + HALF_CLOSE)
