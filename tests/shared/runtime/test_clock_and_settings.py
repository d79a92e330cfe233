"""One clock for the stack, which no deployed process may set; settings that say what is missing."""

import time
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from shared.runtime import clock
from shared.runtime.settings import SettingMissing, Settings


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    clock._offset_file.cache_clear()
    yield
    clock._offset_file.cache_clear()


def test_time_follows_the_offset_as_it_is_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "clock"
    file.write_text("+0000000000000.000000\n")
    monkeypatch.setenv("CLOCK_FILE", str(file))
    monkeypatch.delenv("K_SERVICE", raising=False)
    assert abs(clock.now().timestamp() - time.time()) < 1
    file.write_text("+0000000086400.000000\n")
    assert abs(clock.now().timestamp() - time.time() - 86400) < 1
    assert clock.now().tzinfo is UTC


def test_without_a_clock_file_it_is_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOCK_FILE", raising=False)
    assert abs(clock.now().timestamp() - time.time()) < 1


def test_a_deployed_process_refuses_a_clock_that_can_be_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setenv("K_SERVICE", "generate-trip")
    monkeypatch.delenv("PUBSUB_EMULATOR_HOST", raising=False)
    with pytest.raises(clock.ClockRefused):
        clock.now()


def test_a_missing_or_empty_setting_is_named() -> None:
    settings = Settings({"REDIS_URL": ""})
    for name in ("DATABASE_URL", "REDIS_URL"):
        with pytest.raises(SettingMissing, match=name):
            settings[name]
        assert settings.get(name) is None


def test_a_functions_url_is_its_service_name_in_the_template() -> None:
    settings = Settings({"FUNCTION_URL_TEMPLATE": "https://{service}-1.run.app"})
    assert settings.function_url("store_signal") == "https://store-signal-1.run.app"
