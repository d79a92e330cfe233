"""Owns page tokens of listing calls: the name after which the next page starts."""

from collections.abc import Iterable

from grpc import StatusCode

from emulators.skeleton.grpc_server import RpcError


def page(names: Iterable[str], size: int, token: str, most: int) -> tuple[list[str], str]:
    """The names of one page in order, and the token of the next page ("" after the last).

    A size of 0, or above `most`, means `most`; a negative one raises INVALID_ARGUMENT.
    """
    if size < 0:
        raise RpcError(StatusCode.INVALID_ARGUMENT, "page_size cannot be negative.")
    ordered = sorted(name for name in names if name > token)
    size = min(size or most, most)
    chosen = ordered[:size]
    return chosen, chosen[-1] if len(ordered) > size else ""
