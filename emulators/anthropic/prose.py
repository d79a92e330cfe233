"""Owns what is told of a traveller, from topics and tags, and the digest of a plain text."""

from collections.abc import Iterable

from emulators.anthropic.asks import Length
from emulators.anthropic.facts import Facts
from emulators.anthropic.overlap import Weights, closeness
from emulators.anthropic.wording import capital, listed, told

_MANNER = ("pace", "budget", "mood", "party")


def traveller(facts: Iterable[Facts], length: Length) -> str:
    """A few sentences on the traveller whose topics, choices, tags and own words are given."""
    topics = [(topic, values) for one in facts for topic, values in one.topics.items()]
    chosen = [kind for one in facts for kind in one.chosen]
    tags = [tag for one in facts for tag in one.tags]
    said = [capital(line) for one in facts for line in one.about]
    wishes = [wish for wish in topics if wish[0] not in _MANNER]
    manners = [f"their {topic} is {listed(it)}" for topic, it in topics if topic in _MANNER]
    if tags:
        manners.append(f"they are drawn to places marked {listed(tags)}")
    chief = [
        f"On the {topic} side this traveller looks for {listed(it)}" for topic, it in wishes[:1]
    ]
    also = listed([f"for {listed(it)} on the {topic} side" for topic, it in wishes[1:]])
    others = f"They also look {also}" if also else ""
    lately = f"Lately they keep choosing places such as a {listed(chosen)}" if chosen else ""
    made = [*chief, others, lately, capital("; ".join(manners)), *said]
    return told(made if any(made) else ["This traveller is open to anything"], length)


def digest(lines: list[str], focus: Weights, length: Length) -> str:
    """The lines closest to `focus`, in their own order, up to the length asked for."""
    best = sorted(range(len(lines)), key=lambda at: (-closeness(lines[at], focus), at))
    kept = sorted(best[: length.sentences])
    return told([capital(lines[at]) for at in kept], length)
