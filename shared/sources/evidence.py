"""The evidence for a place: its posts, their digest, and how far they carry it."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from shared.nodes.taxonomy import TAXONOMY_VERSION
from shared.sources.post import Post, Venue

_DOUBT_LEFT: Final = 0.65
_AUTHORS_PER_SOURCE: Final = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """A venue and the posts about it, newest first."""

    venue: Venue
    posts: tuple[Post, ...]

    @property
    def local(self) -> list[Post]:
        """The posts of locals."""
        return [post for post in self.posts if post.is_local]

    def digest(self, edition: str) -> str:
        """Return the sha256 of all a node is written from; `edition` names model and prompt."""
        facts = [edition, str(TAXONOMY_VERSION), self.venue.model_dump_json()]
        facts += [post.model_dump_json() for post in self.posts]
        return hashlib.sha256("\n".join(facts).encode()).hexdigest()

    def confidence(self) -> float | None:
        """Return 1 − 0.65ⁿ, n the local authors, at most three of a source; None without any.

        One loud source cannot carry a place: its fourth author adds nothing.
        """
        authors: dict[str, set[str]] = defaultdict(set)
        for post in self.local:
            authors[post.source].add(post.author)
        if not authors:
            return None
        counted = sum(min(len(names), _AUTHORS_PER_SOURCE) for names in authors.values())
        return round(1 - _DOUBT_LEFT**counted, 4)

    def tier(self) -> int:
        """Return 1 where two local sources agree, 2 for one local source, 3 for none."""
        return {0: 3, 1: 2}.get(len({post.source for post in self.local}), 1)

    def counts(self) -> dict[str, int]:
        """Return how many posts each source has."""
        return dict(Counter(post.source for post in self.posts))


def gather(venues: Sequence[Venue], posts: Iterable[Post]) -> list[Evidence]:
    """Return the evidence of each venue; a post belongs where its place and neighbourhood agree.

    A post that names no listed place is left out.
    """
    by_place: dict[tuple[str, str | None], list[Post]] = defaultdict(list)
    for post in posts:
        by_place[_fold(post.place), _fold(post.neighbourhood)].append(post)
    return [
        Evidence(
            venue,
            tuple(
                sorted(
                    by_place[_fold(venue.name), _fold(venue.neighbourhood)],
                    key=lambda post: (post.posted_at, post.id),
                    reverse=True,
                )
            ),
        )
        for venue in venues
    ]


def _fold(text: str | None) -> str:
    return " ".join((text or "").casefold().split())
