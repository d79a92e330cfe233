"""Which model may be asked for what (the seed's constraint 3), and what it costs."""

from decimal import Decimal
from typing import get_args

import pytest

from shared.spend.llm import Purpose
from shared.spend.models import HAIKU, PRICES, SONNET, cost_of, model_for


@pytest.mark.parametrize("purpose", get_args(Purpose))
def test_haiku_does_everything_but_arbitrate(purpose: Purpose) -> None:
    assert model_for(purpose) == (SONNET if purpose == "arbitrate" else HAIKU)
    assert "haiku" in HAIKU
    assert "sonnet" in SONNET


@pytest.mark.parametrize(
    ("model", "tokens", "dollars"),
    [
        (HAIKU, (1_000_000, 0), "1"),
        (HAIKU, (0, 1_000_000), "5"),
        (SONNET, (1_000_000, 1_000_000), "18"),
        (HAIKU, (12_000, 300), "0.0135"),  # a cell: 0.012 in, 0.0015 out
        (HAIKU, (1, 0), "0.000001"),
        (SONNET, (0, 0), "0"),
    ],
)
def test_the_price_of_a_call(model: str, tokens: tuple[int, int], dollars: str) -> None:
    assert cost_of(model, *tokens) == Decimal(dollars)


def test_every_model_that_may_be_asked_has_a_price() -> None:
    assert {model_for(purpose) for purpose in get_args(Purpose)} <= set(PRICES)
