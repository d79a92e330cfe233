"""Owns what lists of liked and of passed places say of a taste: the kinds and tags on top."""

from collections import Counter
from collections.abc import Iterable

from emulators.anthropic import facts
from emulators.anthropic.facts import Facts
from emulators.anthropic.prompt import Passage

_LIKED = frozenset({"liked", "likes", "loved", "accepted", "favourites"})
_PASSED = frozenset({"passed", "passes", "disliked", "skipped", "rejected"})
_KINDS = 3
_TAGS = 4


def lists_places(passage: Passage) -> bool:
    """Whether each of the passage's lines is a place that someone liked or passed."""
    return passage.tag.lower() in _LIKED | _PASSED


def read(passages: Iterable[Passage]) -> Facts:
    """What comes up more among the liked than among the passed; no place's name, no sentence."""
    kinds: Counter[str] = Counter()
    tags: Counter[str] = Counter()
    for passage in passages:
        vote = 1 if passage.tag.lower() in _LIKED else -1
        for line in passage.text.splitlines():
            place = facts.read(line, {})
            kinds[place.kind] += vote
            for tag in place.tags:
                tags[tag] += vote
    return Facts(chosen=_most(kinds, _KINDS), tags=_most(tags, _TAGS))


def _most(votes: Counter[str], most: int) -> list[str]:
    ranked = sorted(votes, key=lambda name: (-votes[name], name))
    return [name for name in ranked if name and votes[name] > 0][:most]
