"""The ledger keeps every call to the cent's ten-thousandth."""

from dataclasses import asdict
from decimal import Decimal

import pytest

from shared.runtime.postgres import Pool
from shared.spend.ledger import LlmCall
from shared.spend.llm import Outcome
from shared.spend.postgres import PostgresLedger
from tests.builders import NOON, an_id


@pytest.mark.parametrize("outcome", ["answered", "late"])
async def test_a_call_is_kept_as_it_was(outcome: Outcome, pool: Pool) -> None:
    call = LlmCall(
        id=an_id(outcome),
        purpose="rank_cell",
        model="claude-haiku-4-5",
        outcome=outcome,
        input_tokens=12_345,
        output_tokens=301,
        cost_usd=Decimal("0.013850"),
        latency_ms=2400,
        created_at=NOON,
    )
    await PostgresLedger(pool).record(call)
    row = await pool.fetchrow("SELECT * FROM llm_calls WHERE id = $1", call.id)
    assert dict(row or {}) == asdict(call)
