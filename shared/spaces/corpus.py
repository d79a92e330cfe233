"""The texts that the text space is fitted on, the same on every machine."""

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from shared.nodes.sentences import node_sentence
from shared.nodes.taxonomy import CATEGORIES, TAXONOMY_VERSION, VIBES

_PER_CATEGORY: Final = 60
_PERSONAS: Final = 2400
_VIBES: Final = sorted(VIBES)
_KINDS: Final = sorted(CATEGORIES)
_SUMMARIES: Final = (
    "Known for {0}.",
    "People come for {0} and stay for {1}.",
    "A place of {0}, {1}.",
    "Regulars praise {0}; visitors mention {1}.",
    "Expect {0}.",
    "{0}, and now and then {1}.",
)
_PERSONA_FORMS: Final = (
    "A traveller who looks for {0}, {1} and {2}, and spends the day around {3}.",
    "Prefers {0} over {1}. Likes {3} and remembers {2}.",
    "Travels slowly for {3}: {0}, then {1}. Happy with {2}.",
    "Someone drawn to {3} who wants {0}, enjoys {2} and would rather skip {1}.",
    "Days are built around {3}. Seeks out {0} and {1}; {2} is a welcome surprise.",
)


# Worded otherwise than the corpus: what the fit is judged on.
_UNSEEN_PERSONAS: Final = (
    "I love {0} and {1}. A perfect day for me: {2}.",
    "My kind of trip has {0}, {1}, and no {2} please.",
    "A couple after {0}, fond of {1}, into {2}.",
)
_UNSEEN_SUMMARIES: Final = (
    "Locals swear by it: {0}.",
    "{0}. Cash only.",
    "Small, friendly, {0}; busy on weekends.",
    "Great for {0} with {1}.",
)


def taxonomy_texts(seed: int) -> Iterator[str]:
    """Tags, categories, node sentences and persona descriptions made from the closed taxonomy."""
    chance = random.Random(seed)  # noqa: S311 - reproducible on purpose
    yield from (f"{tag.replace('-', ' ')}: {meaning}" for tag, meaning in VIBES.items())
    yield from (category.replace("_", " ") for category in CATEGORIES)
    for category in _KINDS:
        for _ in range(_PER_CATEGORY):
            yield _node(category, chance, _SUMMARIES)
    for _ in range(_PERSONAS):
        yield _persona(chance)


def unseen_texts(seed: int) -> tuple[list[str], list[str]]:
    """300 persona descriptions and 1,500 node sentences in words that the corpus does not use."""
    chance = random.Random(seed)  # noqa: S311 - reproducible on purpose
    personas = [
        chance.choice(_UNSEEN_PERSONAS).format(*(VIBES[tag] for tag in _tags(chance, 3)))
        for _ in range(300)
    ]
    nodes = [_node(chance.choice(_KINDS), chance, _UNSEEN_SUMMARIES) for _ in range(1500)]
    return personas, nodes


def city_texts(folder: Path) -> Iterator[str]:
    """Venues as untagged node sentences and each post as it stands, from a city's ndjson files."""
    for venue in _lines(folder / "venues.ndjson"):
        where = venue.get("neighbourhood") or ""
        yield node_sentence(str(venue["category"]), (), f"{venue['name']}, {where}")
    for post in _lines(folder / "posts.ndjson"):
        yield str(post["text"])


def describe(texts: Sequence[str], seed: int) -> dict[str, object]:
    """What a card says of the corpus: its sha256 (texts joined by newlines), size and making."""
    joined = "\n".join(texts).encode()
    return {
        "sha256": hashlib.sha256(joined).hexdigest(),
        "texts": len(texts),
        "seed": seed,
        "taxonomy_version": TAXONOMY_VERSION,
    }


def _node(category: str, chance: random.Random, summaries: Sequence[str]) -> str:
    tags = _tags(chance, chance.randint(1, 4))
    first, second = VIBES[tags[0]], VIBES[tags[-1]]
    return node_sentence(category, tags, chance.choice(summaries).format(first, second))


def _persona(chance: random.Random) -> str:
    places = " and ".join(f"{kind.replace('_', ' ')}s" for kind in chance.sample(_KINDS, 2))
    told = (VIBES[tag] for tag in _tags(chance, 3))
    return chance.choice(_PERSONA_FORMS).format(*told, places)


def _tags(chance: random.Random, count: int) -> list[str]:
    return chance.sample(_VIBES, count)


def _lines(path: Path) -> Iterator[dict[str, object]]:
    if path.is_file():
        with path.open() as file:
            yield from (json.loads(line) for line in file if line.strip())
