"""Imported modules are spared by the collector; what comes later is collected as ever."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from shared.runtime.garbage import importing, spare_modules


class Knot:
    """Refers to itself: only a collection frees it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Leaves the collector as it was: running, and sparing nothing."""
    yield
    gc.unfreeze()
    gc.enable()


def test_what_is_spared_is_no_longer_walked() -> None:
    modules = ["a module"]
    spare_modules()
    assert gc.get_freeze_count() > 0
    assert not any(found is modules for found in gc.get_objects())


def test_what_comes_after_is_collected() -> None:
    spare_modules()
    knot = weakref.ref(Knot())
    gc.collect()
    assert knot() is None


def test_while_modules_are_imported_nothing_is_collected() -> None:
    with importing():
        assert not gc.isenabled()
        modules = ["a module"]
    assert gc.isenabled()
    assert not any(found is modules for found in gc.get_objects())


def test_an_import_that_fails_leaves_the_collector_running() -> None:
    with pytest.raises(ModuleNotFoundError), importing():
        import a_module_that_nobody_wrote  # type: ignore[import-not-found]  # noqa: F401
    assert gc.isenabled()


def test_one_import_inside_another_does_not_end_the_pause() -> None:
    with importing():
        with importing():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
