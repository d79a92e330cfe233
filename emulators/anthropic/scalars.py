"""Owns the values that are not choices: quotes, names, prose, numbers, truth, formatted strings."""

from collections.abc import Callable

from emulators.anthropic import asks, place, prose
from emulators.anthropic.asks import Length
from emulators.anthropic.facts import Facts
from emulators.anthropic.keywords import FORMATTED, Schema
from emulators.anthropic.overlap import closeness
from emulators.anthropic.prompt import Prompt
from emulators.anthropic.subjects import Subject, day_part
from emulators.anthropic.words import terms

ONE_SENTENCE = Length(words=30, sentences=1)
A_FEW_SENTENCES = Length(words=60, sentences=3)
_FEW = frozenset({"description", "persona", "profile", "text", ""})


def value(node: Schema, name: str, subject: Subject, prompt: Prompt) -> object:
    """The value of a string, integer, number, boolean or null node called `name`."""
    answers: dict[str, Callable[[], object]] = {
        "string": lambda: _string(node, name, subject, prompt),
        "integer": lambda: _integer(name, subject),
        "number": lambda: _number(name, subject),
        "boolean": lambda: bool(_meant(node, name) & subject.weights.keys()),
        "null": lambda: None,
    }
    return answers[node["type"]]()


def strings(node: Schema, name: str, subject: Subject, prompt: Prompt) -> list[str]:
    """The values of an array of strings: quotes, stated values, or else the closest sentences."""
    wanted = asks.count(name, node.get("description", ""), prompt.instructions)
    most = wanted.n if wanted else 3
    stated = [] if _is_quote(name) else _stated_values(name, subject.facts)
    return list(dict.fromkeys(stated or _closest(subject)))[:most]


def text(prompt: Prompt, subject: Subject) -> str:
    """The answer to a prompt without a schema."""
    return _prose("", "", subject, prompt)


def _string(node: Schema, name: str, subject: Subject, prompt: Prompt) -> str:
    if "format" in node:
        return FORMATTED[node["format"]]
    if _is_quote(name):
        return next(iter(_closest(subject)), "")
    if stated := _stated_values(name, subject.facts):
        return ", ".join(stated)
    return _prose(name, node.get("description", ""), subject, prompt)


def _prose(name: str, description: str, subject: Subject, prompt: Prompt) -> str:
    default = A_FEW_SENTENCES if name in _FEW else ONE_SENTENCE
    length = asks.length(name, description, prompt.instructions, default)
    places = [one for one in subject.facts if one.is_place]
    if places:
        return place.tell(places[0], subject.question, length, day_part(prompt, subject))
    if not subject.given and any(one.topics or one.tags or one.chosen for one in subject.facts):
        return prose.traveller(subject.facts, length)
    return prose.digest(subject.lines, subject.focus or subject.question, length)


def _closest(subject: Subject) -> list[str]:
    """The sentences of the subject as they stand there, closest to the choices made first."""
    wanted = subject.focus or subject.question
    return sorted(subject.lines, key=lambda line: -closeness(line, wanted))


def _is_quote(name: str) -> bool:
    return name.removesuffix("s").endswith("quote")


def _stated_values(name: str, facts: tuple[Facts, ...]) -> list[str]:
    key = name.replace("_", " ").lower()
    for one in facts:
        own = {
            "name": [one.name],
            "title": [one.name],
            "category": [one.kind],
            "tags": one.tags,
        }
        values = [value for value in own.get(key, one.topics.get(key, [])) if value]
        if values:
            return values
    return []


def _integer(name: str, subject: Subject) -> int:
    stated = _stated_number(name, subject)
    return round(stated) if stated is not None else round(10 * subject.score)


def _number(name: str, subject: Subject) -> float:
    stated = _stated_number(name, subject)
    return stated if stated is not None else round(subject.score, 2)


def _stated_number(name: str, subject: Subject) -> float | None:
    for stated in _stated_values(name, subject.facts):
        try:
            return float(stated.split()[0])
        except ValueError:
            continue
    return None


def _meant(node: Schema, name: str) -> set[str]:
    return {*terms(name), *terms(node.get("description", ""))}
