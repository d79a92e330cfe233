"""The fields that a mask may name, held against the official client."""

from typing import Any

from google.maps import places_v1

from emulators.places import fields, skus


def tree(message: Any, above: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields of a message class at any depth; None for what has no inner fields."""
    found: dict[str, Any] = {}
    for field in message.fields:
        inner = field.message_type
        ends = inner is None or inner.full_name.startswith("google.protobuf.")
        if ends or inner.full_name in above:
            found[field.json_name] = None
        else:
            found[field.json_name] = tree(inner, (*above, inner.full_name))
    return found


def test_the_fields_of_a_place_are_those_of_the_official_client() -> None:
    assert fields.place() == tree(places_v1.Place.pb(places_v1.Place()).DESCRIPTOR)


def test_every_field_of_a_place_is_in_exactly_one_tier() -> None:
    billed = [field for tier in skus.tiers().values() for field in tier]
    assert sorted(billed) == sorted(fields.place())
