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


def taxonomy_texts(seed: int) -> Iterator[str]:
    """Tags, categories, node sentences and persona descriptions made from the closed taxonomy."""
    chance = random.Random(seed)
    yield from (f"{tag.replace('-', ' ')}: {meaning}" for tag, meaning in VIBES.items())
    yield from (category.replace("_", " ") for category in CATEGORIES)
    for category in CATEGORIES:
        for _ in range(_PER_CATEGORY):
            yield _node(category, chance)
    for _ in range(_PERSONAS):
        yield _persona(chance)


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


def _node(category: str, chance: random.Random) -> str:
    tags = chance.sample(sorted(VIBES), chance.randint(1, 4))
    told = chance.sample(sorted(VIBES), 2)[: max(0, 2 - len(tags))] + tags
    summary = chance.choice(_SUMMARIES).format(*(VIBES[tag] for tag in told[-2:]))
    return node_sentence(category, tags, summary)


def _persona(chance: random.Random) -> str:
    tags = chance.sample(sorted(VIBES), 3)
    kinds = chance.sample(sorted(CATEGORIES), 2)
    places = " and ".join(f"{kind.replace('_', ' ')}s" for kind in kinds)
    return chance.choice(_PERSONA_FORMS).format(*(VIBES[tag] for tag in tags), places)


def _lines(path: Path) -> Iterator[dict[str, object]]:
    if path.is_file():
        with path.open() as file:
            yield from (json.loads(line) for line in file if line.strip())
