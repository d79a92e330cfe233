"""Owns reading circles and rectangles from a request, and what makes one invalid."""

from emulators.places.errors import invalid
from emulators.places.geometry import Area, Circle, Point, Rectangle
from emulators.places.json_body import JsonObject

LARGEST_RADIUS_M = 50_000.0


def circle_or_rectangle(inside: JsonObject) -> Area:
    """The area of a `locationBias`. Raises PlacesError 400 unless exactly one is given."""
    if ("circle" in inside) == ("rectangle" in inside):
        path = inside.path("circle").rpartition(".")[0]
        raise invalid(f"Exactly one of circle and rectangle must be set in {path}.", path)
    return circle(inside) if "circle" in inside else rectangle(inside)


def circle(inside: JsonObject) -> Circle:
    """The circle under `inside`; the radius is 0 to 50,000 metres."""
    given = inside.inner("circle", "center", "radius")
    center = given and given.inner("center", "latitude", "longitude")
    if given is None or center is None:
        path = inside.path("circle.center")
        raise invalid(f"{path} must be set.", path)
    radius = given.number("radius")
    if not 0 <= radius <= LARGEST_RADIUS_M:
        path = given.path("radius")
        raise invalid(f"{path} must be between 0 and 50000 meters: {radius:g}.", path)
    return Circle(_point(center), radius)


def rectangle(inside: JsonObject) -> Rectangle:
    """The rectangle under `inside`; neither empty nor wider than 180 degrees."""
    given = inside.inner("rectangle", "low", "high")
    low = given and given.inner("low", "latitude", "longitude")
    high = given and given.inner("high", "latitude", "longitude")
    if given is None or low is None or high is None:
        path = inside.path("rectangle")
        raise invalid(f"Both low and high of {path} must be set.", path)
    found = Rectangle(_point(low), _point(high))
    if found.low[0] > found.high[0] or (found.low[1] == 180 and found.high[1] == -180):
        path = inside.path("rectangle")
        raise invalid(f"{path} is empty.", path)
    if (found.high[1] - found.low[1]) % 360 > 180:
        path = inside.path("rectangle")
        raise invalid(f"{path} cannot be wider than 180 degrees.", path)
    return found


def _point(given: JsonObject) -> Point:
    lat, lng = given.number("latitude"), given.number("longitude")
    if not -90 <= lat <= 90:
        path = given.path("latitude")
        raise invalid(f"{path} must be between -90 and 90 degrees: {lat:g}.", path)
    if not -180 <= lng <= 180:
        path = given.path("longitude")
        raise invalid(f"{path} must be between -180 and 180 degrees: {lng:g}.", path)
    return lat, lng
