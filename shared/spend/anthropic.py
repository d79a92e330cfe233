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

    async def ask(self, question: Question, seconds: float) -> LlmAnswer:
        """Return the answer within `seconds`; raise LlmUnavailable with the reason.

        The model follows from the purpose alone. Shape and enums are what the schema promises
        (structured outputs); counts and ranges are the caller's to check.
        """
        model = model_for(question.purpose)
        started = monotonic()
        usage = (0, 0)
        outcome: Outcome = "late"
        try:
            async with asyncio.timeout(seconds):
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
            await self._record(question, model, outcome, usage, started)

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

    async def _record(
        self,
        question: Question,
        model: str,
        outcome: Outcome,
        usage: tuple[int, int],
        started: float,
    ) -> None:
        latency_ms = round((monotonic() - started) * 1000)
        log.event(
            "llm.asked",
            purpose=question.purpose,
            prompt=question.prompt_version,
            model=model,
            outcome=outcome,
            latency_ms=latency_ms,
        )
        call = LlmCall(
            id=uuid4(),
            purpose=question.purpose,
            model=model,
            outcome=outcome,
            input_tokens=usage[0],
            output_tokens=usage[1],
            cost_usd=cost_of(model, *usage),
            latency_ms=latency_ms,
            created_at=now(),
        )
        await self._ledger.record(call)


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
