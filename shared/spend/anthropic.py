"""Asks Claude through the official client: one model per purpose, one ledger row per call."""

import asyncio
import importlib
from json import JSONDecodeError
from time import monotonic
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import orjson

from shared.runtime import log
from shared.runtime.clock import now
from shared.runtime.garbage import importing
from shared.runtime.settings import Settings
from shared.spend.ledger import Ledger, LlmCall
from shared.spend.llm import LlmAnswer, LlmUnavailable, Outcome, Question
from shared.spend.models import cost_of, model_for

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic


class Claude:
    """The language model; the client (1 s of CPU to import) is loaded at the first question."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger
        self._opened: AsyncAnthropic | None = None
        self._opening = asyncio.Lock()
        self._writing: set[asyncio.Task[None]] = set()

    async def ask(self, question: Question, seconds: float) -> LlmAnswer:
        """Return the answer within `seconds`; raise LlmUnavailable with the reason.

        The model follows from the purpose alone. Shape and enums are what the schema promises
        (structured outputs); counts and ranges are the caller's to check.
        """
        model = model_for(question.purpose)
        started = monotonic()
        deadline = asyncio.get_running_loop().time() + seconds
        usage = (0, 0)
        outcome: Outcome = "late"
        try:
            async with asyncio.timeout_at(deadline):
                message = await self._send(model, question)
            usage = _usage(message)
            value = _read(message)
            outcome = "answered"
            return LlmAnswer(value, model)
        except LlmUnavailable as error:
            outcome = error.outcome
            raise
        except TimeoutError as error:
            raise LlmUnavailable("late", f"no answer within {seconds:.1f} s") from error
        finally:
            await self._record(_call(question, model, outcome, usage, started), question, deadline)

    async def check(self) -> None:
        """Raise where the settings lack what the client needs; no call is made for it."""
        assert self._settings["ANTHROPIC_API_KEY"]

    async def _send(self, model: str, question: Question) -> Any:
        client = await self._client()
        import anthropic

        try:
            return await client.messages.create(
                model=model,
                system=question.system,
                messages=[{"role": "user", "content": question.text}],
                max_tokens=question.max_tokens,
                output_config={"format": {"type": "json_schema", "schema": dict(question.schema)}},
            )
        except anthropic.RateLimitError as error:
            raise LlmUnavailable("rate_limited") from error
        except anthropic.APIStatusError as error:
            overloaded = error.status_code == 529
            outcome: Outcome = "overloaded" if overloaded else "failed"
            raise LlmUnavailable(outcome, f"status {error.status_code}") from error
        except anthropic.APITimeoutError as error:
            raise LlmUnavailable("late") from error
        except anthropic.APIError as error:
            raise LlmUnavailable("failed", type(error).__name__) from error
        except JSONDecodeError as error:
            raise LlmUnavailable("garbage", "the reply is not JSON") from error

    async def _client(self) -> "AsyncAnthropic":
        async with self._opening:
            if self._opened is None:
                with importing():
                    await asyncio.to_thread(importlib.import_module, "anthropic")
                from anthropic import AsyncAnthropic

                self._opened = AsyncAnthropic(
                    api_key=self._settings["ANTHROPIC_API_KEY"],
                    base_url=self._settings.get("ANTHROPIC_BASE_URL"),
                    max_retries=0,
                )
        return self._opened

    async def _record(self, call: LlmCall, question: Question, deadline: float) -> None:
        """Say what was asked and write it into the ledger, which has time until the deadline.

        A ledger that is slower goes on beside what comes next, and one that fails takes no answer
        away: what the call cost stands in the log, whatever happens to the row.
        """
        log.event(
            "llm.asked",
            call=call.id,
            purpose=call.purpose,
            prompt=question.prompt_version,
            model=call.model,
            outcome=call.outcome,
            latency_ms=call.latency_ms,
            input_tokens=call.input_tokens,
            output_tokens=call.output_tokens,
            cost_usd=call.cost_usd,
        )
        writing = asyncio.create_task(self._write(call))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)
        left = deadline - asyncio.get_running_loop().time()
        await asyncio.wait([writing], timeout=max(0.0, left))

    async def _write(self, call: LlmCall) -> None:
        try:
            await self._ledger.record(call)
        except Exception as error:  # noqa: BLE001 - whatever a ledger raises, it is logged here
            log.failure("llm.unrecorded", error, call=call.id)


def _call(
    question: Question, model: str, outcome: Outcome, usage: tuple[int, int], started: float
) -> LlmCall:
    return LlmCall(
        id=uuid4(),
        purpose=question.purpose,
        model=model,
        outcome=outcome,
        input_tokens=usage[0],
        output_tokens=usage[1],
        cost_usd=cost_of(model, *usage),
        latency_ms=round((monotonic() - started) * 1000),
        created_at=now(),
    )


def _usage(message: Any) -> tuple[int, int]:
    # The client does not check a 200: what a proxy says in Anthropic's place comes as it is.
    usage = getattr(message, "usage", None)
    tokens = (getattr(usage, "input_tokens", None), getattr(usage, "output_tokens", None))
    if not (isinstance(tokens[0], int) and isinstance(tokens[1], int)):
        raise LlmUnavailable("garbage", "the reply is no message")
    return tokens[0], tokens[1]


def _read(message: Any) -> dict[str, Any]:
    if message.stop_reason == "refusal":
        raise LlmUnavailable("refused")
    if message.stop_reason == "max_tokens":
        raise LlmUnavailable("cut_off")
    try:
        text = "".join(block.text for block in message.content if block.type == "text")
        value = orjson.loads(text)
    except (orjson.JSONDecodeError, AttributeError, TypeError) as error:
        raise LlmUnavailable("garbage", "the answer is not JSON") from error
    if not isinstance(value, dict):
        raise LlmUnavailable("garbage", "the answer is not an object")
    return value
