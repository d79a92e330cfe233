"""Owns one call of the REST API understood: what its path, query and body say."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from emulators.jobs.errors import RunError, invalid, outdated, unsupported
from emulators.jobs.wire import Json

LARGEST_BODY = 1024 * 1024
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Call:
    """`name` is the resource, or the parent of what is made or listed; `query` has plain names."""

    name: str
    query: Mapping[str, str]
    raw_body: bytes
    numbers: bool
    """Whether the caller wants enums as numbers, as the official client does."""

    @property
    def body(self) -> Json:
        """The body, {} where there is none. Raises RunError 400."""
        try:
            value = json.loads(self.raw_body or b"{}")
        except (ValueError, RecursionError) as error:
            raise invalid(f"Invalid JSON payload received. {error}") from error
        if not isinstance(value, dict):
            raise invalid("Invalid JSON payload received. The body must be an object.")
        return value

    def flag(self, name: str) -> bool:
        """A true or false of the query. Raises RunError 400."""
        text = self.query.get(name, "false").lower()
        if text not in ("true", "false"):
            raise invalid(f"Invalid value at '{name}' (TYPE_BOOL), \"{text}\"", name)
        return text == "true"

    def refuse(self, *names: str) -> None:
        """Raises RunError 501 where one of these flags is set."""
        for name in names:
            if self.flag(name):
                raise unsupported(name)

    def page(self) -> tuple[int, int]:
        """The page size, and the number that the page token is (0: none). Raises RunError 400."""
        size, token = self._number("pageSize"), self._number("pageToken")
        return min(size or LARGEST_PAGE, LARGEST_PAGE), token

    def body_of(self, *names: str) -> Json:
        """The body, which may have these members only. Raises RunError 400."""
        body = self.body
        for name in body:
            if name not in names:
                text = f'Invalid JSON payload received. Unknown name "{name}": Cannot find field.'
                raise invalid(text, name)
        return body

    def check_etag(self, etag: object, current: str) -> None:
        """Raises RunError 409 for an etag that is not the current one; none at all will do."""
        if etag and etag != current:
            raise outdated(str(etag))

    def _number(self, name: str) -> int:
        text = self.query.get(name) or "0"
        if not text.isdecimal() or len(text) > 18:
            raise invalid(f"Invalid value at '{name}' (TYPE_INT32), \"{text}\"", name)
        return int(text)


def too_large() -> RunError:
    """A body is beyond LARGEST_BODY."""
    return RunError(413, "INVALID_ARGUMENT", "Request payload size exceeds the limit.")
