"""SearchNearby: a circle, types in and out, and the order."""

import math
from itertools import pairwise

from tests.emulators.places.maps import Maps

CHIADO = (38.7108, -9.1425)
GION = (35.0036, 135.7765)
MASK = "places.types,places.primaryType,places.location,places.id"


def away(one: tuple[float, float], lat: float, lng: float) -> float:
    """Metres on a plane: near enough for a kilometre."""
    east = (lng - one[1]) * math.cos(math.radians(one[0]))
    return math.hypot(lat - one[0], east) * 111_195


async def test_only_what_lies_in_the_circle_is_found(maps: Maps) -> None:
    found = await maps.nearby(CHIADO, 400, MASK)
    assert len(found) == 20
    assert all(away(CHIADO, p.location.latitude, p.location.longitude) < 402 for p in found)
    assert await maps.nearby((0.0, 0.0), 50_000) == []
    assert len(await maps.nearby((38.9, -9.14), 50_000)) == 20


async def test_types_may_be_asked_for_and_excluded(maps: Maps) -> None:
    eat = await maps.nearby(GION, 3000, MASK, included_types=["restaurant", "cafe"])
    assert all({"restaurant", "cafe"} & set(place.types) for place in eat)
    plain = await maps.nearby(
        GION, 3000, MASK, included_types=["restaurant"], excluded_types=["japanese_restaurant"]
    )
    assert plain
    assert not any("japanese_restaurant" in place.types for place in plain)
    only = await maps.nearby(GION, 3000, MASK, included_primary_types=["restaurant"])
    assert {place.primary_type for place in only} == {"restaurant"}
    other = await maps.nearby(
        GION, 3000, MASK, included_types=["restaurant"], excluded_primary_types=["restaurant"]
    )
    assert other
    assert "restaurant" not in {place.primary_type for place in other}


async def test_distance_ranks_the_nearest_first(maps: Maps) -> None:
    found = await maps.nearby(CHIADO, 2000, MASK, rank_preference="DISTANCE")
    far = [away(CHIADO, place.location.latitude, place.location.longitude) for place in found]
    assert len(far) == 20
    assert all(one <= other + 1 for one, other in pairwise(far))


async def test_popularity_ranks_what_many_rate_well_first(maps: Maps) -> None:
    mask = "places.rating,places.userRatingCount"
    found = await maps.nearby(CHIADO, 5000, mask)
    least = [place for place in await maps.text("gift shops in Lisbon", mask) if place.rating]
    assert min(place.user_rating_count for place in found) > max(
        place.user_rating_count for place in least
    )


async def test_as_many_come_back_as_asked_for(maps: Maps) -> None:
    assert len(await maps.nearby(CHIADO, 2000, max_result_count=3)) == 3
