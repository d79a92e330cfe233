"""A dead letter is read from what Pub/Sub adds to a message that it gives up."""

from dataclasses import replace

import pytest

from shared.parking.letter import NoDeadLetter, read_dead_letter
from shared.runtime.envelopes import Delivery
from tests.builders import NOON

GIVEN_UP = Delivery(
    id="17",
    payload={"signals": [{"signal_id": "one"}]},
    attributes={
        "CloudPubSubDeadLetterSourceDeliveryCount": "20",
        "CloudPubSubDeadLetterSourceSubscription": "trip-generated-to-plan-fallbacks",
        "CloudPubSubDeadLetterSourceSubscriptionProject": "overplanned-local",
        "CloudPubSubDeadLetterSourceTopicPublishTime": "2026-11-23T11:40:00Z",
        "trace": "kept",
    },
    attempt=1,
)


def test_a_letter_knows_where_a_replay_sends_it_and_who_could_not_take_it() -> None:
    letter = read_dead_letter(GIVEN_UP, NOON)
    assert (letter.topic, letter.function) == ("trip-generated", "plan_fallbacks")
    assert letter.payload == GIVEN_UP.payload
    assert "20 deliveries" in letter.reason


def test_a_replay_sends_the_message_s_own_attributes_alone() -> None:
    assert read_dead_letter(GIVEN_UP, NOON).attributes == {"trace": "kept"}


def test_a_letter_delivered_twice_has_one_id_and_two_letters_have_two() -> None:
    again = replace(GIVEN_UP, attempt=2)
    other = replace(GIVEN_UP, id="18")
    first = read_dead_letter(GIVEN_UP, NOON)
    assert first.id == read_dead_letter(again, NOON).id
    assert first.id != read_dead_letter(other, NOON).id


@pytest.mark.parametrize("subscription", [None, "", "signals", "-to-store-signal", "signals-to-"])
def test_a_message_that_no_subscription_of_ours_gave_up_is_none(subscription: str | None) -> None:
    given = (
        {} if subscription is None else {"CloudPubSubDeadLetterSourceSubscription": subscription}
    )
    with pytest.raises(NoDeadLetter):
        read_dead_letter(replace(GIVEN_UP, attributes=given), NOON)
