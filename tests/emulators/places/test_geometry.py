"""Distances and areas on the globe."""

import pytest

from emulators.places.geometry import Circle, Rectangle, distance_m, inside_polygon

FIJI = Rectangle((-19.0, 177.0), (-16.0, -178.0))


def test_a_degree_of_latitude_is_111_kilometres_and_shrinks_to_the_side_with_the_cosine() -> None:
    assert distance_m((0.0, 0.0), (1.0, 0.0)) == pytest.approx(111_195, rel=1e-4)
    assert distance_m((60.0, 0.0), (60.0, 1.0)) == pytest.approx(111_195 / 2, rel=1e-3)
    assert distance_m((0.0, 179.5), (0.0, -179.5)) == pytest.approx(111_195, rel=1e-4)


def test_a_rectangle_holds_its_border_and_may_cross_180_degrees() -> None:
    assert FIJI.contains((-19.0, 177.0))
    assert FIJI.contains((-16.0, -178.0))
    assert FIJI.contains((-17.0, 180.0))
    assert not FIJI.contains((-17.0, 0.0))
    assert not FIJI.contains((-15.9, 180.0))
    assert FIJI.center == (-17.5, 179.5)
    assert Rectangle((-90.0, -180.0), (90.0, 180.0)).contains((12.0, 34.0))


def test_the_distance_to_an_area_is_nothing_inside_and_counts_from_its_border() -> None:
    box = Rectangle((0.0, 0.0), (1.0, 1.0))
    assert box.distance_m((0.5, 0.5)) == 0
    assert box.distance_m((2.0, 0.5)) == pytest.approx(111_195, rel=1e-4)
    assert box.distance_m((0.0, 3.0)) == pytest.approx(2 * 111_195, rel=1e-4)
    assert Circle((0.0, 0.0), 11_195).distance_m((1.0, 0.0)) == pytest.approx(100_000, rel=1e-3)
    assert Circle((0.0, 0.0), 200_000).distance_m((1.0, 0.0)) == 0


def test_a_polygon_with_a_bay_leaves_the_bay_out() -> None:
    corners = [(0.0, 0.0), (0.0, 4.0), (4.0, 4.0), (1.0, 2.0), (4.0, 0.0)]
    assert inside_polygon((0.5, 2.0), corners)
    assert inside_polygon((3.0, 0.5), corners)
    assert not inside_polygon((3.0, 2.0), corners)
