"""Owns page tokens: the name after which the next page starts."""

from collections.abc import Iterable

from emulators.tasks import errors


def page(names: Iterable[str], size: int, token: str, most: int) -> tuple[list[str], str]:
    """The names of one page in order, and the token of the next page ("" after the last).

    A size of 0, or above `most`, means `most`.
    """
    if size < 0:
        raise errors.invalid("page_size cannot be negative.")
    ordered = sorted(name for name in names if name > token)
    size = min(size or most, most)
    chosen = ordered[:size]
    return chosen, chosen[-1] if len(ordered) > size else ""
