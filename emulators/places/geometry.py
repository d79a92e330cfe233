"""Owns distances and areas on the globe: circles, rectangles and polygons of degrees."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

EARTH_RADIUS_M = 6_371_009.0

Point = tuple[float, float]  # latitude, longitude in degrees


def distance_m(one: Point, other: Point) -> float:
    """The great-circle distance of two points in metres (haversine)."""
    lat, lat_other = math.radians(one[0]), math.radians(other[0])
    half_lat, half_lng = (lat_other - lat) / 2, math.radians(other[1] - one[1]) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(lat) * math.cos(lat_other) * math.sin(half_lng) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(math.sqrt(chord))


def inside_polygon(point: Point, corners: Sequence[Point]) -> bool:
    """Whether a ray from the point crosses the polygon's border an odd number of times."""
    lat, lng = point
    inside = False
    for (lat_1, lng_1), (lat_2, lng_2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        crosses = (lat_1 > lat) != (lat_2 > lat)
        if crosses and lng < (lng_2 - lng_1) * (lat - lat_1) / (lat_2 - lat_1) + lng_1:
            inside = not inside
    return inside


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle; the radius is in metres."""

    center: Point
    radius: float

    def contains(self, point: Point) -> bool:
        """Whether the point lies inside or on the border."""
        return distance_m(self.center, point) <= self.radius

    def distance_m(self, point: Point) -> float:
        """Metres from the point to the circle; 0 inside."""
        return max(0.0, distance_m(self.center, point) - self.radius)


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A viewport from its south-west to its north-east corner, also across 180 degrees."""

    low: Point
    high: Point

    @property
    def center(self) -> Point:
        """The point in the middle."""
        lng = self.low[1] + self._width() / 2
        return (self.low[0] + self.high[0]) / 2, lng if lng <= 180 else lng - 360

    @property
    def radius(self) -> float:
        """Metres from the middle to a corner."""
        return distance_m(self.center, self.high)

    def contains(self, point: Point) -> bool:
        """Whether the point lies inside or on the border."""
        return self.low[0] <= point[0] <= self.high[0] and self._beside(point[1])

    def distance_m(self, point: Point) -> float:
        """Metres from the point to the nearest place of the rectangle; 0 inside."""
        if self.contains(point):
            return 0.0
        lat = min(max(point[0], self.low[0]), self.high[0])
        if self._beside(point[1]):
            return distance_m(point, (lat, point[1]))
        return min(distance_m(point, (lat, self.low[1])), distance_m(point, (lat, self.high[1])))

    def _beside(self, lng: float) -> bool:
        """Whether the longitude lies between west and east."""
        return (lng - self.low[1]) % 360 <= self._width()

    def _width(self) -> float:
        if self.low[1] == -180 and self.high[1] == 180:
            return 360.0
        return (self.high[1] - self.low[1]) % 360


Area = Circle | Rectangle
