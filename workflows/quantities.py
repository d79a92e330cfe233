"""How the manifest writes quantities: durations, memory sizes, routes and cron lines."""

import re
from datetime import UTC, datetime
from typing import Any

from cronsim import CronSim, CronSimError

from workflows.triggers import METHODS, Route

_DURATION = re.compile(r"(\d+(?:\.\d+)?)s")
_MEMORY = re.compile(r"(\d+)(Mi|Gi)")
_ROUTE = re.compile(r"([A-Z]+) (/\S*)")
_SEGMENT = re.compile(r"[A-Za-z0-9._~-]+|\{[a-z_]+\}")
# cronsim reads them, unix-cron and so Cloud Scheduler does not.
_CRON_EXTENSION = re.compile(r"#|\bL\b|\bLW\b|\dL")


def seconds(text: Any) -> float:
    """'15s' or '0.5s' in seconds, the way gcloud writes durations."""
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f'must be seconds such as "15s", not {text!r}')
    return float(found[1])


def memory_mib(text: Any) -> int:
    """'512Mi' or '1Gi' in mebibytes, the way Cloud Run writes memory."""
    found = _MEMORY.fullmatch(text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f'must be a size such as "512Mi" or "1Gi", not {text!r}')
    return int(found[1]) * (1024 if found[2] == "Gi" else 1)


def cron(text: str) -> str:
    """Five-field unix-cron, unchanged; ValueError where Cloud Scheduler would refuse it."""
    if len(text.split()) != 5 or _CRON_EXTENSION.search(text):
        raise ValueError(f'must be a five-field cron line such as "*/5 * * * *", not {text!r}')
    try:
        CronSim(text, datetime(2026, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise ValueError(f"is not a cron line: {error} in {text!r}") from None
    return text


def route(text: Any) -> Route:
    """'GET /api/v1/trips/{trip_id}' as a Route."""
    found = _ROUTE.fullmatch(text) if isinstance(text, str) else None
    if not found or found[1] not in METHODS:
        raise ValueError(
            f'must be a method and a path such as "GET /api/v1/trips/{{trip_id}}", not {text!r}'
        )
    for segment in found[2].split("/")[1:]:
        if not _SEGMENT.fullmatch(segment):
            raise ValueError(f"has a path segment {segment!r} that is neither text nor {{name}}")
    return Route(method=found[1], path=found[2])
