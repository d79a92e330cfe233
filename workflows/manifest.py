"""Reads workflows/*.toml into one checked Wiring, or says in a sentence what to change."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from workflows.checks import LONGEST_PUSH_S, faults
from workflows.errors import StackError
from workflows.tables import (
    DeployableTable,
    FunctionTable,
    JobTable,
    JobTriggerTable,
    ManifestFile,
    TriggerTable,
    allowed_keys,
)
from workflows.triggers import DeadLetters, JobTrigger, Push, Schedule, Tasked, Trigger
from workflows.wiring import Function, Job, Queue, Topic, Wiring

ROOT = Path(__file__).resolve().parent.parent
_DECLARED = ("functions", "jobs", "queues", "topics")


class ManifestError(StackError):
    """The manifest cannot be wired; each line says in a sentence which file, table and key."""


def load(folder: Path = ROOT / "workflows", root: Path = ROOT) -> Wiring:
    """All *.toml of `folder` as one Wiring; `root` holds the functions/ folder.

    Raises ManifestError, with a line for each fault found.
    """
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise ManifestError(f"{_shown(folder, root)} holds no *.toml manifest.")
    wiring = Wiring(functions={}, queues={}, topics={})
    for file in files:
        wiring = _merged(wiring, _wiring(_read(file, root), _shown(file, root)))
    if found := list(faults(wiring, root)):
        raise ManifestError("\n".join(found))
    return wiring


def _read(file: Path, root: Path) -> ManifestFile:
    shown = _shown(file, root)
    try:
        return ManifestFile.model_validate(tomllib.loads(file.read_text("utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"{shown} is not TOML: {error}.") from None
    except ValidationError as error:
        raise ManifestError("\n".join(_sentences(shown, error))) from None


def _sentences(file: str, error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        # A name that breaks the naming rule is reported at (kind, name, "[key]").
        path = tuple(part for part in fault["loc"] if part != "[key]")
        table = f"[{'.'.join(str(part) for part in path[:2])}]"
        key = ".".join(str(part) for part in path[2:])
        if fault["type"] == "extra_forbidden":
            yield _unknown_key(file, path)
        elif fault["type"] == "missing":
            yield f"{file}: {table} lacks the key {key!r}."
        else:
            said = fault["msg"].removeprefix("Value error, ")
            yield f"{file}: {table} {key + ' ' if key else ''}{said[0].lower() + said[1:]}."


def _unknown_key(file: str, path: tuple[Any, ...]) -> str:
    where = f"[{'.'.join(str(part) for part in path[:-1])}] has" if path[:-1] else "has"
    allowed = ", ".join(allowed_keys(path[:-1]))
    return f"{file}: {where} an unknown key {path[-1]!r}; allowed are {allowed}."


def _wiring(manifest: ManifestFile, file: str) -> Wiring:
    return Wiring(
        functions={
            name: _function(name, file, table) for name, table in manifest.functions.items()
        },
        jobs={name: _job(name, file, table) for name, table in manifest.jobs.items()},
        queues={
            name: Queue(name=name, file=file, **table.model_dump())
            for name, table in manifest.queues.items()
        },
        topics={
            name: Topic(name=name, file=file, **table.model_dump())
            for name, table in manifest.topics.items()
        },
    )


def _function(name: str, file: str, table: FunctionTable) -> Function:
    return Function(
        name=name,
        file=file,
        trigger=_trigger(table.trigger, table.timeout),
        access=table.access,
        memory_mib=table.memory,
        timeout=table.timeout,
        min_instances=table.min_instances,
        concurrency=table.concurrency,
        **_common(table),
    )


def _job(name: str, file: str, table: JobTable) -> Job:
    return Job(
        name=name,
        file=file,
        trigger=_job_trigger(table.trigger),
        memory_mib=table.memory,
        timeout=table.timeout,
        tasks=table.tasks,
        retries=table.retries,
        parallelism=table.parallelism,
        **_common(table),
    )


def _common(table: DeployableTable) -> dict[str, Any]:
    return {"needs": tuple(table.needs), "sends": tuple(table.sends), "cpu": int(table.cpu)}


def _trigger(table: TriggerTable, timeout: float) -> Trigger:
    if table.http is not None:
        return table.http
    if table.queue is not None:
        return Tasked(table.queue)
    if table.schedule is not None:
        return Schedule(table.schedule)
    assert table.topic is not None
    return Push(
        topic=table.topic,
        ack_deadline=table.ack_deadline or min(max(timeout, 10.0), LONGEST_PUSH_S),
        min_backoff=1.0 if table.min_backoff is None else table.min_backoff,
        max_backoff=60.0 if table.max_backoff is None else table.max_backoff,
        dead_letters=_dead_letters(table),
    )


def _dead_letters(table: TriggerTable) -> DeadLetters | None:
    if table.dead_letter is None or table.attempts is None:
        return None
    return DeadLetters(table.dead_letter, table.attempts)


def _job_trigger(table: JobTriggerTable) -> JobTrigger:
    if table.queue is not None:
        return Tasked(table.queue)
    assert table.schedule is not None
    return Schedule(table.schedule)


def _merged(one: Wiring, other: Wiring) -> Wiring:
    for kind in _DECLARED:
        for name in getattr(one, kind).keys() & getattr(other, kind).keys():
            first, second = (
                getattr(one, kind)[name].file,
                getattr(other, kind)[name].file,
            )
            raise ManifestError(f"{second}: [{kind}.{name}] already stands in {first}.")
    return replace(
        one,
        **{kind: {**getattr(one, kind), **getattr(other, kind)} for kind in _DECLARED},
    )


def _shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root) if path.is_relative_to(root) else path.name)
