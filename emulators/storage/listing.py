"""Owns listing objects: prefix, delimiter, offsets and pages."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from emulators.storage.errors import invalid, unsupported
from emulators.storage.objects import Objects
from emulators.storage.preconditions import whole_number
from emulators.storage.stored import StoredObject

LARGEST_PAGE = 1000

Position = tuple[str, int]  # name and generation


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What a caller lists. `first` is where the page begins, `end` the name it stays before."""

    prefix: str
    delimiter: str
    first: Position
    end: str | None
    most: int
    versions: bool
    trailing_delimiter: bool

    @classmethod
    def of(cls, params: Mapping[str, str]) -> "ListQuery":
        """Reads the query of objects.list. Raises StorageError 400, 501."""
        for name in ("matchGlob", "softDeleted", "filter", "includeFoldersAsPrefixes"):
            if params.get(name):
                raise unsupported(f"the parameter {name}")
        prefix = params.get("prefix", "")
        ends = [end for end in (name_after(prefix), params.get("endOffset")) if end]
        first = max((prefix, 0), (params.get("startOffset", ""), 0), _position(params))
        most = whole_number(params, "maxResults") or LARGEST_PAGE
        return cls(
            prefix,
            params.get("delimiter", ""),
            first,
            min(ends, default=None),
            min(most, LARGEST_PAGE),
            versions=_flag(params, "versions"),
            trailing_delimiter=_flag(params, "includeTrailingDelimiter"),
        )

    def group(self, name: str) -> str | None:
        """The prefix under which the delimiter hides `name`, if it does."""
        if not self.delimiter:
            return None
        at = name.find(self.delimiter, len(self.prefix))
        return None if at < 0 else name[: at + len(self.delimiter)]


@dataclass(slots=True)
class Page:
    """One page: objects, prefixes that stand for many, and where the next page begins."""

    items: list[StoredObject] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    next: Position | None = None

    @property
    def token(self) -> str | None:
        """The next page's pageToken; None after the last."""
        return base64.urlsafe_b64encode(orjson.dumps(self.next)).decode() if self.next else None


def page(objects: Objects, bucket: str, query: ListQuery) -> Page:
    """One page of a bucket, in order of name and generation."""
    made, at = Page(), query.first
    while True:
        left = query.most - len(made.items) - len(made.prefixes)
        found = objects.between(bucket, at, query.end, left + 1, versions=query.versions)
        for stored in found:
            if len(made.items) + len(made.prefixes) >= query.most:
                made.next = (stored.name, stored.generation)
                return made
            group = query.group(stored.name)
            if group is not None:
                made.prefixes.append(group)
                if query.trailing_delimiter and stored.name == group:
                    made.items.append(stored)
                break
            made.items.append(stored)
        else:
            return made  # fewer than asked for, and no group to jump over
        following = name_after(group)
        if following is None:
            return made
        at = (following, 0)


def name_after(prefix: str) -> str | None:
    """The least name that sorts after every name with `prefix`; None where there is none."""
    kept = prefix.rstrip("\U0010ffff")
    if not kept:
        return None
    last = ord(kept[-1]) + 1
    return kept[:-1] + chr(0xE000 if last == 0xD800 else last)  # there are no lone surrogates


def _flag(params: Mapping[str, str], name: str) -> bool:
    return params.get(name, "").lower() == "true"  # the Python client writes True


def _position(params: Mapping[str, str]) -> Position:
    token = params.get("pageToken")
    if not token:
        return ("", 0)
    try:
        match orjson.loads(base64.urlsafe_b64decode(token)):
            case [str() as name, int() as generation]:
                return (name, generation)
    except ValueError:
        pass
    raise invalid(f"Invalid value for pageToken: {token[:40]}")
