"""One row of the LLM ledger."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from shared.spend.llm import Outcome, Purpose


@dataclass(frozen=True, slots=True)
class LlmCall:
    """A call that was made: what for, how it ended, what it cost in dollars and milliseconds."""

    id: UUID
    purpose: Purpose
    model: str
    outcome: Outcome
    input_tokens: int
    output_tokens: int
    cost_usd: Decimal
    latency_ms: int
    created_at: datetime


class Ledger(Protocol):
    """Where calls are written down."""

    async def record(self, call: LlmCall) -> None:
        """Keep the call."""
