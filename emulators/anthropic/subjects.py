"""Owns what each part of an answer is about: the whole question, one document, one option."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from emulators.anthropic import facts, tastes
from emulators.anthropic.facts import Facts
from emulators.anthropic.overlap import Weights, closeness, weigh
from emulators.anthropic.prompt import Passage, Prompt
from emulators.anthropic.words import sentences

TAGGED = 3.0
UNTAGGED = 1.0
UNTAGGED_BESIDE_TAGS = 0.25

_DAY_PART = re.compile(r"\b(morning|afternoon|evening)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Subject:
    """The words by weight, sentences and facts of what is asked about.

    `question` are the words of the description asked about. `score` is the subject's closeness
    to it, 0 to 1. `given` marks a document or an option's line, as against the question itself.
    `focus` are the words of the options chosen beside.
    """

    question: Weights
    weights: Weights
    lines: list[str]
    facts: tuple[Facts, ...]
    score: float = 1.0
    given: bool = False
    focus: Weights = field(default_factory=dict)


def whole(prompt: Prompt) -> Subject:
    """Everything the users wrote, documents included; text in tags counts most."""
    passages = [*prompt.passages, *prompt.documents.values()]
    tagged = [(passage.text, TAGGED) for passage in passages]
    untagged = (prompt.asked, UNTAGGED_BESIDE_TAGS if tagged else UNTAGGED)
    own = [(passage.text, TAGGED) for passage in prompt.passages]
    texts = [passage.text for passage in passages] or [prompt.asked]
    return Subject(
        question=weigh([*own, untagged]),
        weights=weigh([*tagged, untagged]),
        lines=[line for text in texts for line in sentences(text)],
        facts=tuple(_facts(passages)),
    )


def document(passage: Passage, of: Subject) -> Subject:
    """One given document; nothing of the other documents plays a part."""
    score = closeness(passage.text, of.question)
    return _given(passage.text, passage.attributes, score, of)


def option(line: str, share: float, of: Subject) -> Subject:
    """One option's line; `share` is its overlap as a share of the best option's."""
    return _given(line, {}, share, of)


def day_part(prompt: Prompt, subject: Subject) -> str:
    """morning, afternoon or evening: the one that the subject, the ask or a passage names."""
    stated = [value for one in subject.facts for value in one.topics.get("day part", [])]
    passages = [passage.text for passage in prompt.passages]
    for text in (" ".join(stated), prompt.instructions, " ".join(passages)):
        named = sorted({str(hit).lower() for hit in _DAY_PART.findall(text)})
        if len(named) == 1:
            return named[0]
    return ""


def _facts(passages: Sequence[Passage]) -> Iterator[Facts]:
    for passage in passages:
        if not (passage.instructs or tastes.lists_places(passage)):
            yield facts.read(passage.text, passage.attributes)
    if places := [passage for passage in passages if tastes.lists_places(passage)]:
        yield tastes.read(places)


def _given(text: str, attributes: Mapping[str, str], score: float, of: Subject) -> Subject:
    return Subject(
        question=of.question,
        weights=weigh([(text, 1.0), *((value, 1.0) for value in attributes.values())]),
        lines=sentences(text),
        facts=(facts.read(text, attributes),),
        score=score,
        given=True,
    )
