"""Owns the answer to a schema: which value each of its nodes gets, from the prompt alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from emulators.anthropic import asks, nodes, overlap, scalars, subjects
from emulators.anthropic.keywords import Schema
from emulators.anthropic.overlap import Options, Scored
from emulators.anthropic.prompt import Prompt
from emulators.anthropic.subjects import Subject


def compose(prompt: Prompt, schema: Schema) -> object:
    """The JSON value for `schema` (a tree as schema.tree makes it); same input, same answer."""
    return _Answer(prompt).value(schema, "", subjects.whole(prompt))


class _Answer:
    """One prompt's answer in the making; option texts are read once and ranked often."""

    def __init__(self, prompt: Prompt) -> None:
        self.prompt = prompt
        self._options: dict[tuple[str, ...], Options] = {}

    def value(self, node: Schema, name: str, subject: Subject) -> object:
        if "const" in node:
            return node["const"]
        if "anyOf" in node:
            return self._any_of(node["anyOf"], name, subject)
        if "enum" in node:
            return self._one_of(node["enum"], subject)
        if node["type"] == "object":
            return self._object(node, subject, {})
        if node["type"] == "array":
            return self._array(node, name, subject)
        return scalars.value(node, name, subject, self.prompt)

    def _object(self, node: Schema, subject: Subject, known: Mapping[str, str]) -> dict[str, Any]:
        """Choices first, then what rests on them: levels beside a ranking, quotes, prose."""
        properties: dict[str, Schema] = node.get("properties", {})
        done: dict[str, Any] = dict(known)
        ranking: list[Scored] = []
        for name, one in properties.items():
            if name not in done and nodes.is_choices(one):
                ranking = self._choices(one, name, subject)
                done[name] = [scored.option for scored in ranking]
            elif name not in done and nodes.is_choice(one):
                done[name] = self.value(one, name, subject)
        about = replace(subject, focus=self._words_of(done.values()))
        for name, one in properties.items():
            if name not in done and ranking and nodes.is_levels(one):
                done[name] = nodes.levels(one["items"]["enum"], ranking)
            elif name not in done:
                done[name] = self.value(one, name, about)
        return {name: done[name] for name in nodes.ordered(node)}

    def _array(self, node: Schema, name: str, subject: Subject) -> list[Any]:
        items: Schema = node["items"]
        if nodes.is_choices(node):
            return [scored.option for scored in self._choices(node, name, subject)]
        if items.get("type") == "object":
            return self._rows(node, name, subject)
        if items.get("type") == "string":
            return list(scalars.strings(node, name, subject, self.prompt))
        return [self.value(items, name, subject)]

    def _rows(self, node: Schema, name: str, subject: Subject) -> list[Any]:
        """One object per given document, in order; without documents one per option chosen."""
        items: Schema = node["items"]
        documents = {} if subject.given else self.prompt.documents
        key, ids = nodes.row_key(items, documents)
        if documents and set(ids) <= documents.keys():
            return [
                self._object(items, subjects.document(one, subject), {key: id} if key else {})
                for id, one in documents.items()
                if not key or id in ids
            ]
        if not key:
            return [self._object(items, subject, {})]
        ranking = self._choices(node | {"items": items["properties"][key]}, name, subject)
        return [
            self._object(items, self._row(one, ranking, subject), {key: one.option})
            for one in ranking
        ]

    def _row(self, one: Scored, ranking: list[Scored], subject: Subject) -> Subject:
        share = one.score / ranking[0].score if ranking[0].score else 0.0
        line = self.prompt.options.get(one.option)
        if subject.given or not line:  # then the rest of the row is about the same as the choice
            return replace(subject, score=share)
        return subjects.option(line, share, subject)

    def _choices(self, node: Schema, name: str, subject: Subject) -> list[Scored]:
        """The options for an array without repeats: best first, as many as asked for."""
        ranked = self._ranked(node["items"]["enum"], subject)
        wanted = asks.count(name, node.get("description", ""), self.prompt.instructions)
        if wanted and wanted.exact and not subject.given:
            return ranked[: wanted.n]
        found = overlap.relevant(ranked)
        least = max(0 if subject.given else 1, node.get("minItems", 0))
        return found[: wanted.n if wanted else None] or ranked[:least]

    def _one_of(self, enum: list[Any], subject: Subject) -> object:
        if nodes.is_scale(enum):
            return nodes.level(enum, subject.score)
        by_text = {str(value): value for value in enum if value is not None}
        ranked = self._ranked(list(by_text), subject)
        if None in enum and not (ranked and ranked[0].score):
            return None
        return by_text[ranked[0].option]

    def _any_of(self, variants: list[Schema], name: str, subject: Subject) -> object:
        """The first variant that the prompt has something for; null where it has nothing."""
        for one in variants:
            nullable = any(nodes.is_null(other) for other in variants)
            if nullable and nodes.is_choice(one):
                found = self._one_of([*one["enum"], None], subject)
            else:
                found = self.value(one, name, subject)
            if found not in (None, "", []) or not nullable:
                return found
        return None

    def _ranked(self, enum: list[str], subject: Subject) -> list[Scored]:
        key = tuple(enum)
        if key not in self._options:
            self._options[key] = Options({option: self._text_of(option) for option in enum})
        return self._options[key].rank(subject.weights)

    def _text_of(self, option: str) -> str:
        return f"{option} {self.prompt.options.get(option, '')}"

    def _words_of(self, chosen: Any) -> dict[str, float]:
        flat = [one for value in chosen for one in (value if isinstance(value, list) else [value])]
        return overlap.weigh((self._text_of(str(one)), 1.0) for one in flat)
