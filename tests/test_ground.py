"""The ground of a place: which neighbourhood a shape is in, and how far outside it lies."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import LineString, Point, Polygon, box

from assetmap.ground import Ground
from assetmap.space import STORED_CRS
from assetmap.tables import Areas
from town import EAST, WEST, stored, town_areas


@pytest.fixture(scope="module")
def ground() -> Ground:
    return Ground(town_areas())


def series(*shapes: object) -> gpd.GeoSeries:
    drawn = [shape if shape is None else stored([shape])[0] for shape in shapes]
    return gpd.GeoSeries(drawn, crs=STORED_CRS)


def test_each_shape_is_in_the_neighbourhood_its_middle_lies_in(ground: Ground) -> None:
    shapes = series(Point(0, 0), Point(1000, 0), LineString([(700, 0), (1000, 0)]), box(880, 0, 1000, 100))
    assert ground.area_codes(shapes).tolist() == [WEST, EAST, WEST, EAST]


def test_what_is_outside_missing_or_empty_is_in_none(ground: Ground) -> None:
    shapes = series(Point(-500, 0), None, Point())
    assert ground.area_codes(shapes).tolist() == [None, None, None]


def test_a_shared_border_is_always_given_to_the_same_neighbourhood() -> None:
    square = Polygon([(0, 0), (0, 1), (1, 1), (1, 0)])
    beside = Polygon([(1, 0), (1, 1), (2, 1), (2, 0)])
    grid = gpd.GeoDataFrame({"area_code": ["A", "B"]}, geometry=[square, beside], crs=STORED_CRS)
    on_the_border = gpd.GeoSeries(gpd.points_from_xy([1.0] * 5, np.linspace(0, 1, 5)), crs=STORED_CRS)
    for order in (grid, grid.iloc[::-1].reset_index(drop=True)):
        first = order["area_code"].iloc[0]
        assert set(Ground(Areas(order)).area_codes(on_the_border)[[0, 4]]) == {first}


def test_metres_outside(ground: Ground) -> None:
    shapes = series(Point(0, 0), Point(-150, 0), Point(900, 1700), LineString([(-200, 0), (0, 0)]), None)
    assert ground.metres_outside(shapes) == pytest.approx([0, 50, 1000, 0, np.nan], abs=0.1, nan_ok=True)


def test_shapes_in_metres_are_asked_of_the_same_ground(ground: Ground) -> None:
    metres = series(Point(0, 0), Point(-150, 0)).to_crs("EPSG:27700")
    assert ground.area_codes(metres).tolist() == [WEST, None]
    assert ground.metres_outside(metres) == pytest.approx([0, 50], abs=0.1)


def test_the_box_reaches_a_tenth_of_a_degree_further(ground: Ground) -> None:
    west, south, east, north = town_areas().total_bounds
    assert ground.box == pytest.approx((west - 0.1, south - 0.1, east + 0.1, north + 0.1))


@pytest.mark.parametrize("areas", [None, Areas(town_areas().head(0))])
def test_without_neighbourhoods_nothing_is_inside_and_nothing_outside(areas: Areas | None) -> None:
    nowhere = Ground(areas)
    assert nowhere.box is None
    assert nowhere.area_codes(series(Point(0, 0))).tolist() == [None]
    assert nowhere.metres_outside(series(Point(0, 0))).tolist() == [0.0]


def test_no_shapes(ground: Ground) -> None:
    none = gpd.GeoSeries([], crs=STORED_CRS)
    assert len(ground.area_codes(none)) == len(ground.metres_outside(none)) == 0
