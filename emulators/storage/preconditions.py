"""Owns ifGenerationMatch and its kin: whether a request may go on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from emulators.storage.errors import condition_not_met, invalid, not_modified
from emulators.storage.stored import StoredBucket, StoredObject

_FIELDS = ("GenerationMatch", "GenerationNotMatch", "MetagenerationMatch", "MetagenerationNotMatch")


@dataclass(frozen=True, slots=True)
class Preconditions:
    """The four numbers a request may demand or exclude; what does not exist has 0 for both."""

    generation_match: int | None = None
    generation_not_match: int | None = None
    metageneration_match: int | None = None
    metageneration_not_match: int | None = None

    @classmethod
    def of(cls, params: Mapping[str, str], prefix: str = "if") -> "Preconditions":
        """Those in a query; "ifSource" for a copy's source. Raises StorageError 400."""
        return cls(*(whole_number(params, f"{prefix}{field}") for field in _FIELDS))

    @classmethod
    def of_bucket(cls, params: Mapping[str, str]) -> "Preconditions":
        """Those that a bucket knows: on its metageneration alone."""
        return replace(cls.of(params), generation_match=None, generation_not_match=None)

    def allow_write(self, current: StoredObject | StoredBucket | None) -> None:
        """Raises StorageError 412 where one does not hold for what is there now."""
        if not self._matches(current) or self._excludes(current):
            raise condition_not_met()

    def allow_read(self, current: StoredObject | StoredBucket) -> None:
        """Raises StorageError 412 for a failed match, 304 for a failed not-match."""
        if not self._matches(current):
            raise condition_not_met()
        if self._excludes(current):
            raise not_modified()

    def _matches(self, current: StoredObject | StoredBucket | None) -> bool:
        generation, metageneration = _version(current)
        expected = (self.generation_match, self.metageneration_match)
        return expected[0] in {None, generation} and expected[1] in {None, metageneration}

    def _excludes(self, current: StoredObject | StoredBucket | None) -> bool:
        generation, metageneration = _version(current)
        return (
            self.generation_not_match == generation
            or self.metageneration_not_match == metageneration
        )


def _version(current: StoredObject | StoredBucket | None) -> tuple[int, int]:
    if current is None:
        return 0, 0
    return getattr(current, "generation", 0), current.metageneration


def whole_number(params: Mapping[str, str], name: str) -> int | None:
    """A whole number of a query; None where it is absent. Raises StorageError 400."""
    text = params.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise invalid(f"Invalid value for {name}: {text[:40]}")
    return int(text)
