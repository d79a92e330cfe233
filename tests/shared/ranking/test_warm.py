"""What a warm party is told while no ranker that learned can serve, and that none takes less."""

import subprocess
import sys
from pathlib import Path

import pytest

from shared.personas.gate import admit
from shared.ranking.warm import why_the_language_model
from shared.registry.model import Model
from tests.builders import a_traveller

ROOT = Path(__file__).resolve().parents[3]
CALL = """
from shared.personas.gate import WarmParty, admit
from shared.personas.traveller import Traveller
from shared.ranking.warm import MlRanker

async def rank(ranker: MlRanker, travellers: list[Traveller]) -> None:
    await ranker.rank({party}, [])
"""


def test_without_a_model_in_production_that_is_the_reason() -> None:
    party = admit([a_traveller(31), a_traveller(25)])
    assert why_the_language_model(party, None) == (
        "no warm ranker is in production yet for travellers with 25 choices, "
        "so the language model ranks"
    )


def test_a_model_that_cannot_be_run_is_named() -> None:
    party = admit([a_traveller(20)])
    assert why_the_language_model(party, Model("warm_ranker", "bpr-7")) == (
        "warm_ranker/bpr-7 is in production but cannot be run here, so the language model ranks"
    )


@pytest.mark.parametrize(
    ("party", "error"),
    [
        ("admit(travellers)", None),
        ("travellers", 'has incompatible type "list[Traveller]"; expected "WarmParty"'),
        ("tuple(travellers)", 'expected "WarmParty"'),
        ("WarmParty(travellers)", 'Too many arguments for "WarmParty"'),
    ],
)
def test_the_type_checker_lets_a_ranker_that_learned_take_a_warm_party_alone(
    party: str, error: str | None
) -> None:
    command = (sys.executable, "-m", "mypy", "--strict", "-c", CALL.format(party=party))
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is (error is None), done.stdout
    assert (error or "Success") in done.stdout
