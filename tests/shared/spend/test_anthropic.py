"""Each way a question can end, through the official client: one call, one row, never a retry."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from emulators import anthropic as emulated
from emulators.skeleton.clock import Clock
from emulators.skeleton.house import House
from emulators.skeleton.http_server import serve
from emulators.skeleton.identity import Identity
from shared.runtime.settings import SettingMissing, Settings
from shared.spend.anthropic import Claude
from shared.spend.ledger import LlmCall
from shared.spend.llm import LlmUnavailable, Outcome, Purpose, Question
from shared.spend.models import HAIKU, SONNET, cost_of
from tests.emulators.admin_client import AdminClient
from tests.shared.waiting import until

LONG = 30.0
"""Seconds that no test waits out."""

USAGE = b'"usage": {"input_tokens": 1, "output_tokens": 1}'
SCHEMA = {
    "type": "object",
    "properties": {"description": {"type": "string"}},
    "required": ["description"],
    "additionalProperties": False,
}


def question(purpose: Purpose = "describe_persona") -> Question:
    text = "<persona>\nfood: ramen, coffee\n</persona>\n<ask>Describe this traveller.</ask>"
    return Question(purpose, "You describe travellers.", text, SCHEMA, 250, "persona-1")


@dataclass
class MemoryLedger:
    calls: list[LlmCall] = field(default_factory=list)

    async def record(self, call: LlmCall) -> None:
        self.calls.append(call)


@dataclass
class Asked:
    """A driver over some server, and its ledger."""

    claude: Claude
    ledger: MemoryLedger

    async def ask(self, purpose: Purpose = "describe_persona", seconds: float = LONG) -> Any:
        return await self.claude.ask(question(purpose), seconds)

    async def fails(self, outcome: Outcome, seconds: float = LONG) -> LlmCall:
        """Asks once; returns the row of the call, which must have ended so."""
        with pytest.raises(LlmUnavailable) as failed:
            await self.ask(seconds=seconds)
        assert failed.value.outcome == outcome
        (row,) = self.ledger.calls
        assert row.outcome == outcome
        return row


async def opened(url: str) -> AsyncIterator[Asked]:
    ledger = MemoryLedger()
    settings = Settings({"ANTHROPIC_API_KEY": "a key", "ANTHROPIC_BASE_URL": url})
    claude = Claude(settings, ledger)
    yield Asked(claude, ledger)
    if claude._opened is not None:
        await claude._opened.close()


@pytest.fixture
async def url(tmp_path: Path, identity: Identity) -> AsyncIterator[str]:
    running = await emulated.start(House(tmp_path, Clock(), identity))
    yield running.addresses["http"]
    await running.stop()


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    """One key for all tests: this emulator signs nothing, and making a key is slow."""
    return Identity(tmp_path_factory.mktemp("identity"), Clock())


@pytest.fixture
async def asked(url: str) -> AsyncIterator[Asked]:
    async for driver in opened(url):
        yield driver


@pytest.fixture
async def admin(url: str) -> AsyncIterator[AdminClient]:
    async with AdminClient(url) as client:
        yield client


async def calls(admin: AdminClient) -> int:
    return int((await admin.state())["calls"].get("POST /v1/messages", 0))


async def test_an_answer_is_the_object_of_the_schema_and_costs_its_tokens(
    asked: Asked, admin: AdminClient
) -> None:
    answer = await asked.ask()
    assert list(answer.value) == ["description"]
    assert answer.model == HAIKU
    (row,) = asked.ledger.calls
    tokens = (await admin.state())["tokens"]
    assert (row.input_tokens, row.output_tokens) == (tokens["input"], tokens["output"])
    assert row.cost_usd == cost_of(HAIKU, row.input_tokens, row.output_tokens) > 0
    assert (row.purpose, row.model, row.outcome) == ("describe_persona", HAIKU, "answered")
    assert row.latency_ms >= 0


@pytest.mark.parametrize(("purpose", "model"), [("rank_cell", HAIKU), ("arbitrate", SONNET)])
async def test_the_purpose_alone_picks_the_model(
    purpose: Purpose, model: str, asked: Asked, admin: AdminClient
) -> None:
    await asked.ask(purpose)
    (used,) = (await admin.state())["models"]
    assert used.startswith(model)


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [
        ("429", "rate_limited"),
        ("529", "overloaded"),
        ("500", "failed"),
        ("refusal", "refused"),
        ("cut_off", "cut_off"),
        ("garbage", "garbage"),
    ],
)
async def test_each_failure_is_named_after_one_call(
    mode: str, outcome: Outcome, asked: Asked, admin: AdminClient
) -> None:
    await admin.faults(mode=mode, next=5)
    await asked.fails(outcome)
    assert await calls(admin) == 1


@pytest.mark.parametrize("mode", ["refusal", "cut_off", "garbage"])
async def test_a_useless_answer_is_paid_for_all_the_same(
    mode: str, asked: Asked, admin: AdminClient
) -> None:
    await admin.faults(mode=mode)
    with pytest.raises(LlmUnavailable):
        await asked.ask()
    (row,) = asked.ledger.calls
    assert row.input_tokens > 0
    assert row.cost_usd > 0


async def test_silence_ends_at_the_time_given(asked: Asked, admin: AdminClient) -> None:
    await asked.ask()  # the client is there: what is measured is the wait alone
    asked.ledger.calls.clear()
    await admin.faults(mode="silence")
    before = asyncio.get_running_loop().time()
    row = await asked.fails("late", seconds=0.3)
    assert asyncio.get_running_loop().time() - before < 2
    assert row.latency_ms >= 300
    assert row.cost_usd == 0
    await admin.until_idle()


async def test_a_connection_that_breaks_off_is_a_failure_not_retried(
    asked: Asked, admin: AdminClient
) -> None:
    await admin.faults(disconnect_next=5)
    await asked.fails("failed")
    assert (await admin.state())["faults"]["disconnect_next"] == 4


async def test_a_server_that_is_not_there_is_a_failure() -> None:
    async for asked in opened("http://127.0.0.1:1"):
        await asked.fails("failed")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/html", b"<html>maintenance</html>"),
        ("application/json", b'{"content": ['),
        ("application/json", b"{}"),
        ("application/json", b"[]"),
        ("application/json", b"null"),
        ("application/json", b'{"content": null, "usage": {"input_tokens": 1}}'),
        ("application/json", b'{"content": null, %s}' % USAGE),
        ("application/json", b'{"content": ["{}"], %s}' % USAGE),
        ("application/json", b'{"content": [{"type": "text", "text": null}], %s}' % USAGE),
        ("application/json", b'{"content": [{"type": "text", "text": "[1]"}], %s}' % USAGE),
    ],
)
async def test_a_200_that_is_no_message_is_garbage(content_type: str, body: bytes) -> None:
    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await Request(scope, receive).body()
        await Response(body, media_type=content_type)(scope, receive, send)

    server = await serve(answer)
    async for asked in opened(server.url):
        await asked.fails("garbage")
    await server.stop()


async def test_a_caller_who_goes_away_leaves_a_row(asked: Asked, admin: AdminClient) -> None:
    await admin.faults(mode="silence")
    asking = asyncio.create_task(asked.ask())
    await until(lambda: calls(admin))
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    (row,) = asked.ledger.calls
    assert row.outcome == "late"


async def test_questions_side_by_side_share_one_client(asked: Asked, admin: AdminClient) -> None:
    await asyncio.gather(*(asked.ask() for _ in range(10)))
    assert len(asked.ledger.calls) == 10
    assert len({row.id for row in asked.ledger.calls}) == 10
    assert await calls(admin) == 10


async def test_without_a_key_the_health_check_says_what_to_set() -> None:
    with pytest.raises(SettingMissing, match="ANTHROPIC_API_KEY"):
        await Claude(Settings({}), MemoryLedger()).check()


async def test_a_ledger_that_fails_takes_no_answer_away_and_the_log_keeps_what_it_cost(
    asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    async def refuse(call: LlmCall) -> None:
        raise ConnectionError("the ledger is away")

    asked.ledger.record = refuse  # type: ignore[method-assign]
    assert (await asked.ask()).model == HAIKU
    said = capsys.readouterr().out
    (lost,) = (line for line in said.splitlines() if "llm.unrecorded" in line)
    (line,) = (json.loads(line) for line in said.splitlines() if "llm.asked" in line)
    assert line["call"] in lost
    assert float(line["cost_usd"]) > 0
    assert line["input_tokens"] > 0


async def test_a_ledger_that_hangs_keeps_nobody_waiting_past_the_time_given(asked: Asked) -> None:
    await asked.ask()  # the client is there: what is measured is the wait alone
    written = asyncio.Event()
    let_go = asyncio.Event()

    async def hang(call: LlmCall) -> None:
        await let_go.wait()
        written.set()

    asked.ledger.record = hang  # type: ignore[method-assign]
    began = asyncio.get_running_loop().time()
    assert (await asked.ask(seconds=0.5)).model == HAIKU
    assert asyncio.get_running_loop().time() - began < 2
    let_go.set()
    await asyncio.wait_for(written.wait(), LONG)


async def test_the_log_line_tells_the_outcome_and_nothing_that_was_said(
    asked: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    await asked.ask()
    (line,) = (line for line in capsys.readouterr().out.splitlines() if "llm.asked" in line)
    assert '"outcome":"answered"' in line
    assert "ramen" not in line
    assert "a key" not in line
