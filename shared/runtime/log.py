"""Structured logs: one JSON line per decision, as Cloud Logging reads it, with the trace id."""

import sys
import traceback
from contextvars import ContextVar
from typing import Any

import orjson

from shared.runtime.clock import now

trace_id: ContextVar[str] = ContextVar("trace_id", default="")


def event(name: str, **fields: Any) -> None:
    """Write an event, e.g. `event("ranking.served", rung="cache")`; no secrets, no bodies."""
    _write("INFO", name, fields)


def failure(name: str, error: BaseException, **fields: Any) -> None:
    """Write an unexpected error with its stack trace, which no reply ever shows."""
    stack = "".join(traceback.format_exception(error))
    _write("ERROR", name, {**fields, "error": repr(error), "stack_trace": stack})


def _write(severity: str, name: str, fields: dict[str, Any]) -> None:
    line = {
        "severity": severity,
        "message": name,
        "time": now().isoformat(),
        "trace_id": trace_id.get(),
        **fields,
    }
    sys.stdout.write(orjson.dumps(line, default=str).decode() + "\n")
    sys.stdout.flush()
