"""Which model a purpose may use, and what a call costs (the seed's constraint 3).

Prices: US dollars per million tokens, from Anthropic's price list, read 2026-11-23.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from shared.spend.llm import Purpose

HAIKU: Final = "claude-haiku-4-5"
SONNET: Final = "claude-sonnet-4-6"


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars per million tokens, in and out."""

    input: Decimal
    output: Decimal


PRICES: Final[Mapping[str, Price]] = {
    HAIKU: Price(Decimal(1), Decimal(5)),
    SONNET: Price(Decimal(3), Decimal(15)),
}

_MODEL_OF: Final[Mapping[Purpose, str]] = {
    "describe_persona": HAIKU,
    "rank_cell": HAIKU,
    "narrate": HAIKU,
    "extract_vibes": HAIKU,
    "arbitrate": SONNET,
}


def model_for(purpose: Purpose) -> str:
    """Return the one model that a purpose may use: Haiku, but for arbitration."""
    return _MODEL_OF[purpose]


def cost_of(model: str, input_tokens: int, output_tokens: int) -> Decimal:
    """Return the price of a call in US dollars."""
    price = PRICES[model]
    return (price.input * input_tokens + price.output * output_tokens) / 1_000_000
