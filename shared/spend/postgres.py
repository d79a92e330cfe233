"""The llm_calls table."""

from shared.runtime.postgres import Pool
from shared.spend.ledger import LlmCall

_INSERT = """
INSERT INTO llm_calls
    (id, purpose, model, outcome, input_tokens, output_tokens, cost_usd, latency_ms, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


class PostgresLedger:
    """The ledger of all calls."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def record(self, call: LlmCall) -> None:
        """Keep the call."""
        await self._pool.execute(
            _INSERT,
            call.id,
            call.purpose,
            call.model,
            call.outcome,
            call.input_tokens,
            call.output_tokens,
            call.cost_usd,
            call.latency_ms,
            call.created_at,
        )
