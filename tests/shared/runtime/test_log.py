"""One JSON line a decision, as Cloud Logging reads it."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.runtime import log
from shared.runtime.clock import now


def written(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """The one line that was written."""
    (line,) = capsys.readouterr().out.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_an_event_is_one_line_with_its_name_its_moment_and_its_trace(
    capsys: pytest.CaptureFixture[str],
) -> None:
    token = log.trace_id.set("a" * 32)
    log.event("ranking.served", rung="cache", cells=9)
    log.trace_id.reset(token)
    line = written(capsys)
    moment = datetime.fromisoformat(line.pop("time"))
    assert abs(moment - now()) < timedelta(seconds=60)
    assert line == {
        "severity": "INFO",
        "message": "ranking.served",
        "trace_id": "a" * 32,
        "rung": "cache",
        "cells": 9,
    }


def test_what_a_text_says_cannot_start_a_line_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    evil = 'x\n{"severity": "CRITICAL"}\r\n'
    log.event("city.seeded", city=evil)
    assert written(capsys)["city"] == evil


def test_ids_and_other_things_are_written_as_their_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.event("trip.made", trip=UUID(int=7), error=ValueError("no"))
    line = written(capsys)
    assert (line["trip"], line["error"]) == (str(UUID(int=7)), "no")


def test_a_failure_carries_its_stack_and_its_cause(capsys: pytest.CaptureFixture[str]) -> None:
    error = RuntimeError("outer")
    error.__cause__ = KeyError("deep")
    log.failure("request.failed", error, function="read_trip")
    line = written(capsys)
    assert (line["severity"], line["error"]) == ("ERROR", "RuntimeError('outer')")
    assert "KeyError: 'deep'" in line["stack_trace"]
    assert line["function"] == "read_trip"


def test_an_error_that_was_never_raised_can_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    log.failure("index.away", OSError("gone"))
    assert written(capsys)["error"] == "OSError('gone')"
