"""No way leads to a warm party but through the gate, and nobody with 19 choices passes it."""

import copy
import dataclasses
import pickle
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.personas.gate import ColdUserSentToModel, WarmParty, admit
from tests.builders import a_traveller

WARM, COLD = a_traveller(20), a_traveller(19)


def forged() -> WarmParty:
    party = object.__new__(WarmParty)
    object.__setattr__(party, "_members", (COLD,))
    return party


def test_twenty_choices_of_each_member_make_a_warm_party() -> None:
    assert admit([WARM, a_traveller(400)]).members == (WARM, a_traveller(400))


@pytest.mark.parametrize("party", [[COLD], [WARM, COLD], [a_traveller(0)] * 3, []])
def test_a_party_with_a_cold_member_or_with_nobody_is_refused(party: list[object]) -> None:
    with pytest.raises(ColdUserSentToModel):
        admit(party)  # type: ignore[arg-type]


def test_the_refusal_names_the_count_and_the_threshold_and_no_person() -> None:
    with pytest.raises(ColdUserSentToModel) as refused:
        admit([WARM, a_traveller(7)])
    assert "7 of 20 choices" in str(refused.value)
    assert WARM.id not in str(refused.value)


@given(st.lists(st.integers(min_value=0, max_value=60), min_size=1, max_size=8))
def test_a_party_is_admitted_exactly_when_nobody_has_fewer_than_twenty(counts: list[int]) -> None:
    try:
        admit([a_traveller(count) for count in counts])
    except ColdUserSentToModel:
        assert min(counts) < 20
    else:
        assert min(counts) >= 20


@pytest.mark.parametrize("count", [float("nan"), 19.999, -1, False])
def test_what_is_no_count_of_twenty_is_refused(count: float) -> None:
    with pytest.raises(ColdUserSentToModel):
        admit([WARM, a_traveller(count)])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("trick", "raises"),
    [
        (WarmParty, TypeError),
        (lambda: WarmParty((WARM,)), TypeError),  # type: ignore[call-arg]
        (lambda: type("Party", (WarmParty,), {}), TypeError),
        (lambda: copy.copy(admit([WARM])), TypeError),
        (lambda: copy.deepcopy(admit([WARM])), TypeError),
        (lambda: pickle.dumps(admit([WARM])), TypeError),
        (lambda: dataclasses.replace(admit([WARM])), TypeError),  # type: ignore[type-var]
        (lambda: setattr(admit([WARM]), "_members", (COLD,)), AttributeError),
        (lambda: delattr(admit([WARM]), "_members"), AttributeError),
        (lambda: setattr(admit([WARM]), "members", (COLD,)), AttributeError),
        (lambda: object.__new__(WarmParty).members, AttributeError),
        (lambda: forged().members, ColdUserSentToModel),
    ],
)
def test_no_trick_yields_a_party_that_shows_a_cold_traveller(
    trick: Callable[[], object], raises: type[Exception]
) -> None:
    with pytest.raises(raises):
        trick()


def test_the_list_that_was_admitted_can_change_without_the_party() -> None:
    travellers = [WARM]
    party = admit(travellers)
    travellers.append(COLD)
    assert party.members == (WARM,)
