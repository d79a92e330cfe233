"""Finds the function that answers a method and a path."""

import re
from collections.abc import Iterable

from workflows.triggers import Route
from workflows.wiring import Function


class NoSuchPath(LookupError):
    """No function answers the path, whatever the method."""


class WrongMethod(LookupError):
    """Functions answer the path, but to other methods."""

    def __init__(self, allowed: list[str]) -> None:
        super().__init__(", ".join(allowed))
        self.allowed = allowed


class RouteTable:
    """The manifest's HTTP routes; a path without parameters goes before one with."""

    def __init__(self, routed: Iterable[tuple[Function, Route]]) -> None:
        self._plain: dict[str, dict[str, Function]] = {}
        self._templated: dict[str, tuple[re.Pattern[str], dict[str, Function]]] = {}
        for function, route in routed:
            if "{" not in route.path:
                self._plain.setdefault(route.path, {})[route.method] = function
                continue
            pattern = re.compile(_pattern(route.path))
            _, methods = self._templated.setdefault(pattern.pattern, (pattern, {}))
            methods[route.method] = function

    def find(self, method: str, path: str) -> Function:
        """The function for a call; `path` as it came, undecoded. Raises NoSuchPath, WrongMethod."""
        allowed: list[str] = []
        for methods in self._answering(path):
            if method in methods:
                return methods[method]
            allowed += methods
        if allowed:
            raise WrongMethod(sorted(allowed))
        raise NoSuchPath(path)

    def _answering(self, path: str) -> Iterable[dict[str, Function]]:
        if path in self._plain:
            yield self._plain[path]
        for pattern, methods in self._templated.values():
            if pattern.fullmatch(path):
                yield methods


def _pattern(path: str) -> str:
    """A regular expression in which each {name} stands for one segment that is not empty."""
    return re.sub(r"\\\{[a-z_]+\\\}", "[^/]+", re.escape(path))
