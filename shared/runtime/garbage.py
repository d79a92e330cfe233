"""Keeps imported modules out of the garbage collector's way."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def spare_modules() -> None:
    """Exempt what is alive from collection: modules stay as long as the process.

    Otherwise a full collection walks all of them while every request waits: 180 ms at a time in
    generate_trip. Called before the server forks, it also leaves their pages shared.
    """
    gc.freeze()


@contextmanager
def importing() -> Iterator[None]:
    """Import large modules without collecting meanwhile, a quarter of the time; then spare them."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        spare_modules()
        if collects:
            gc.enable()
