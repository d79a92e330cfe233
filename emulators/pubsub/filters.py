"""Owns subscription filters: attribute expressions parsed once, asked per message.

Grammar: https://cloud.google.com/pubsub/docs/subscription-message-filter
"""

import re
from collections.abc import Callable, Mapping

from emulators.pubsub.errors import ArgumentInvalid

MAX_BYTES = 256

Matches = Callable[[Mapping[str, str]], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<word>[A-Za-z_][\w-]*)|(?P<sign>!=|[():.,=-]))"""
)


def parse_filter(text: str) -> Matches | None:
    """The test that `text` describes, None for an empty filter (every message matches)."""
    if not text:
        return None
    if len(text.encode()) > MAX_BYTES:
        raise ArgumentInvalid(f"The filter is longer than {MAX_BYTES} bytes.")
    return _Parser(text).parse()


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split()

    def parse(self) -> Matches:
        matches = self._any_of_one_kind()
        if self._tokens:
            raise self._invalid()
        return matches

    def _any_of_one_kind(self) -> Matches:
        terms = [self._term()]
        joint = self._peek()
        if joint not in ("AND", "OR"):
            return terms[0]
        while self._peek() == joint:
            self._next()
            terms.append(self._term())
        if self._peek() in ("AND", "OR"):
            raise ArgumentInvalid("AND and OR cannot be mixed in a filter without parentheses.")
        if joint == "AND":
            return lambda attributes: all(term(attributes) for term in terms)
        return lambda attributes: any(term(attributes) for term in terms)

    def _term(self) -> Matches:
        token = self._next()
        if token in ("NOT", "-"):
            negated = self._term()
            return lambda attributes: not negated(attributes)
        if token == "(":
            inner = self._any_of_one_kind()
            self._expect(")")
            return inner
        if token == "hasPrefix":
            return self._prefix()
        if token == "attributes":
            return self._attribute()
        raise self._invalid()

    def _prefix(self) -> Matches:
        for part in ("(", "attributes", "."):
            self._expect(part)
        key = self._name()
        self._expect(",")
        prefix = self._string()
        self._expect(")")
        return lambda attributes: attributes.get(key, "").startswith(prefix) and key in attributes

    def _attribute(self) -> Matches:
        token = self._next()
        if token == ":":
            key = self._name()
            return lambda attributes: key in attributes
        if token != ".":
            raise self._invalid()
        key, sign = self._name(), self._next()
        if sign not in ("=", "!="):
            raise self._invalid()
        value = self._string()
        if sign == "=":
            return lambda attributes: attributes.get(key) == value
        return lambda attributes: attributes.get(key) != value

    def _name(self) -> str:
        token = self._next()
        return _unquoted(token) if token.startswith('"') else token

    def _string(self) -> str:
        token = self._next()
        if not token.startswith('"'):
            raise self._invalid()
        return _unquoted(token)

    def _expect(self, wanted: str) -> None:
        if self._next() != wanted:
            raise self._invalid()

    def _peek(self) -> str:
        return self._tokens[0] if self._tokens else ""

    def _next(self) -> str:
        if not self._tokens:
            raise self._invalid()
        return self._tokens.pop(0)

    def _split(self) -> list[str]:
        tokens, at, text = [], 0, self._text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self._invalid()
            tokens.append(found.group().strip())
            at = found.end()
        return tokens

    def _invalid(self) -> ArgumentInvalid:
        return ArgumentInvalid(f"Invalid filter given (filter={self._text}).")


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1])
