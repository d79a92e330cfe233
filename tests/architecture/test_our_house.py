"""Our own source keeps every rule."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.house import House
from tests.architecture.rules.all_rules import RULES

Rule = Callable[[House], Iterator[str]]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def house() -> House:
    return House(ROOT)


def test_there_is_something_to_judge(house: House) -> None:
    assert {"read_trip", "generate_trip"} <= set(house.functions)
    assert any(module.is_driver for module in house.modules.values())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_our_house_keeps_the_rule(rule: Rule, house: House) -> None:
    violations = list(rule(house))
    assert not violations, "\n" + "\n".join(violations)
