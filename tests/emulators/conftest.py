"""The house that every emulator's tests start in: a fresh data folder, clock and identity."""

from pathlib import Path

import pytest

from emulators.skeleton.clock import Clock
from emulators.skeleton.house import House
from emulators.skeleton.identity import KEY_FILE, Identity


@pytest.fixture(scope="session")
def identity_key(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """One RSA key per test session: making one takes a tenth of a second."""
    folder = tmp_path_factory.mktemp("identity")
    Identity(folder, Clock())
    return (folder / KEY_FILE).read_bytes()


@pytest.fixture
def house(tmp_path: Path, identity_key: bytes) -> House:
    """A House on free ports with its own data folder and clock file."""
    data_dir = tmp_path / "house"
    data_dir.mkdir()
    (data_dir / KEY_FILE).write_bytes(identity_key)
    clock = Clock(data_dir / "clock")
    return House(data_dir, clock, Identity(data_dir, clock))
