"""`backfill`: imports a traveller's history as signals of weight 0.3; may be run again.

FILE.jsonl holds one JSON object a line: `signal_type`, `occurred_at` (RFC 3339 with a zone), and
the place as `activity_node_id`, or as `city` and `place` (its name). A hundred are sent at a time.
How far a run came stands in FILE.jsonl.progress.json, what was refused, line by line, in
FILE.jsonl.refused.jsonl; a run that broke off goes on where it was.
"""

import argparse
import asyncio
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import httpx
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from workflows.commands.seed import ADMIN
from workflows.errors import StackError
from workflows.stack import Stack

BATCH = 100
_PATH = "/api/v1/admin/backfill"
_HISTORIES = UUID("5b1c1e0a-6f0e-4f4e-8a52-1d7a2f0c9e11")
_TRIES = 5


class BackfillFailed(StackError):
    """The import stopped; run it again and it goes on where it was."""


@dataclass(slots=True)
class Standing:
    """How far the import of one file, for one traveller, has come."""

    file_sha256: str
    user_id: str
    lines: int = 0
    accepted: int = 0
    refused: int = 0
    reasons: dict[str, int] = field(default_factory=dict)


def main(arguments: argparse.Namespace) -> int:
    """Print the report; 1 where lines were refused."""
    file: Path = arguments.file
    if not file.is_file():
        raise BackfillFailed(f"{file} is no file; name a file of one JSON object a line.")
    standing = _take_up(file, arguments.user)
    asyncio.run(_import(Stack.attach(arguments.data), file, standing))
    _report(file, standing)
    return 1 if standing.refused else 0


def _take_up(file: Path, user: str) -> Standing:
    """Where the last run on the same file for the same traveller stopped, or the start."""
    with file.open("rb") as opened:
        sha256 = hashlib.file_digest(opened, "sha256").hexdigest()
    kept = _progress_of(file)
    if kept.exists():
        standing = Standing(**json.loads(kept.read_text("utf-8")))
        if (standing.file_sha256, standing.user_id) == (sha256, user):
            return standing
    _refused_of(file).unlink(missing_ok=True)
    return Standing(sha256, user)


async def _import(stack: Stack, file: Path, standing: Standing) -> None:
    total = sum(1 for _ in _lines(file))
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns) as progress:
        bar = progress.add_task("signals", total=total, completed=standing.lines)
        lines = islice(enumerate(_lines(file), start=1), standing.lines, None)
        async with stack.client() as client:
            while batch := list(islice(lines, BATCH)):
                token = await stack.token(ADMIN, admin=True)
                client.headers["Authorization"] = f"Bearer {token}"
                await _send(client, file, standing, batch)
                progress.update(bar, completed=standing.lines)


async def _send(
    client: httpx.AsyncClient, file: Path, standing: Standing, batch: list[tuple[int, str]]
) -> None:
    read = [(number, _read(line, number, standing)) for number, line in batch]
    good = [(number, item) for number, item in read if isinstance(item, dict)]
    refused = [(number, item) for number, item in read if isinstance(item, str)]
    if good:
        body = {"user_id": standing.user_id, "signals": [item for _, item in good]}
        said = await _ask(client, body)
        refused += [
            (good[each["index"]][0], f"{each['title']}: {each['detail']}")
            for each in said["refused"]
        ]
        standing.accepted += len(said["accepted"])
    _note(file, standing, sorted(refused))
    standing.lines = batch[-1][0]
    part = _progress_of(file).with_suffix(".part")
    part.write_text(json.dumps(asdict(standing)), "utf-8")
    part.replace(_progress_of(file))


def _read(line: str, number: int, standing: Standing) -> dict[str, Any] | str:
    """The line as a signal with an id of its own, the same at every run, or why it is none."""
    try:
        item = json.loads(line)
    except ValueError as error:
        return f"Malformed line: it is not JSON ({error})."
    if not isinstance(item, dict):
        return "Malformed line: it is not a JSON object."
    name = f"{standing.user_id}/{standing.file_sha256}/{number}"
    return {"signal_id": str(uuid5(_HISTORIES, name)), **item}


async def _ask(client: httpx.AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    """The endpoint's answer; a batch in which nothing was good is an answer too."""
    for attempt in range(1, _TRIES + 1):
        try:
            answer = await client.post(_PATH, json=body)
        except httpx.TransportError as error:
            said = f"{error!r}"
        else:
            found = answer.json() if answer.content else {}
            if answer.is_success or "refused" in found:
                return {"accepted": [], **found}
            said = str(found.get("detail", answer.text))
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
        await asyncio.sleep(0.2 * 2**attempt)
    raise BackfillFailed(f"{said} What was accepted so far is kept; run the same command again.")


def _note(file: Path, standing: Standing, refused: list[tuple[int, str]]) -> None:
    with _refused_of(file).open("a", encoding="utf-8") as opened:
        for number, reason in refused:
            opened.write(json.dumps({"line": number, "reason": reason}) + "\n")
            title = reason.partition(":")[0]
            standing.reasons[title] = standing.reasons.get(title, 0) + 1
    standing.refused += len(refused)


def _report(file: Path, standing: Standing) -> None:
    print(
        f"{standing.lines} lines: {standing.accepted} accepted as signals of weight 0.3, "
        f"{standing.refused} refused."
    )
    for title, count in sorted(standing.reasons.items(), key=lambda item: -item[1]):
        print(f"  {count:6}  {title}")
    if standing.refused:
        print(f"Each refused line and its reason: {_refused_of(file)}")


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="utf-8", errors="replace") as opened:
        yield from (line for line in opened if line.strip())


def _progress_of(file: Path) -> Path:
    return file.with_name(file.name + ".progress.json")


def _refused_of(file: Path) -> Path:
    return file.with_name(file.name + ".refused.jsonl")
