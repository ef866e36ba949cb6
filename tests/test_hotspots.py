"""Hot spots: what is found agrees with the published statistics, chance is not called a pattern, nobody is left out."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import affinity
from shapely.geometry import Polygon, box

from assetmap.errors import QuestionError
from assetmap.measures.hotspots import hotspots

SIDE = 12


def squares(side: int = SIDE) -> gpd.GeoSeries:
    """A chessboard of squares a kilometre wide, row by row from the south-west."""
    cells = [box(1000 * x, 1000 * y, 1000 * (x + 1), 1000 * (y + 1)) for y in range(side) for x in range(side)]
    return gpd.GeoSeries(cells, index=codes(side * side))


def codes(count: int) -> pd.Index:
    return pd.Index([f"E{n:04}" for n in range(count)], name="area_code")


def noise(seed: int = 0, side: int = SIDE) -> pd.Series:
    return pd.Series(np.random.default_rng(seed).normal(size=side * side), index=codes(side * side))


def two_corners() -> pd.Series:
    """High in the south-west, low in the north-east, nothing in particular elsewhere."""
    values = noise()
    for position in range(SIDE * SIDE):
        y, x = divmod(position, SIDE)
        values.iloc[position] += 6 * (x < 4 and y < 4) - 6 * (x > 7 and y > 7)
    return values


@pytest.mark.parametrize("statistic", ["local Moran", "Gi*"])
@pytest.mark.parametrize("beside", ["touching", "nearest 8"])
def test_high_and_low_corners_are_found_and_the_rest_is_not(statistic: str, beside: str) -> None:
    found = hotspots(two_corners(), squares(), statistic, beside)
    label = found["label"].to_numpy().reshape(SIDE, SIDE)
    assert (label[:3, :3] == "high among high").all()
    assert (label[9:, 9:] == "low among low").all()
    assert (label[9:, :3] == "not significant").all()
    assert (label[:3, 9:] == "not significant").all()


def test_one_unlike_those_around_it_is_told_as_such() -> None:
    values = two_corners()
    values.iloc[SIDE + 1], values.iloc[SIDE * 10 + 10] = -6, 6
    found = hotspots(values, squares(), permutations=9999)
    assert found["label"].iloc[SIDE + 1] == "low among high"
    assert found["label"].iloc[SIDE * 10 + 10] == "high among low"


def test_the_statistics_are_those_published() -> None:
    """Getis and Ord's z with the neighbourhood itself, and Anselin's I over (n - 1) / n, from their formulas."""
    values, side = noise(3, 5), 5
    x, y = np.meshgrid(range(side), range(side))
    apart = np.maximum(*(np.abs(np.subtract.outer(each.ravel(), each.ravel())) for each in (x, y)))
    value, n = values.to_numpy(), side * side
    star = (apart <= 1).astype(float)
    total = star.sum(axis=1)
    spread = value.std() * np.sqrt((n * total - total**2) / (n - 1))
    z = (star @ value - value.mean() * total) / spread
    assert hotspots(values, squares(side), "Gi*")["statistic"].to_numpy() == pytest.approx(z)
    beside = (apart == 1) / (apart == 1).sum(axis=1, keepdims=True)
    standard = (value - value.mean()) / value.std()
    moran = (n - 1) / n * standard * (beside @ standard)
    assert hotspots(values, squares(side))["statistic"].to_numpy() == pytest.approx(moran)


@pytest.mark.parametrize("statistic", ["local Moran", "Gi*"])
def test_chance_is_not_called_a_pattern(statistic: str) -> None:
    named = [(hotspots(noise(seed), squares(), statistic)["label"] != "not significant").sum() for seed in range(10)]
    assert sum(count > 0 for count in named) <= 1


@pytest.mark.parametrize("statistic", ["local Moran", "Gi*"])
def test_where_nearly_everybody_has_the_same_that_is_not_remarkable(statistic: str) -> None:
    values = noise() * 0.0
    values.iloc[[3, 40, 77, 120]] = 1.0
    found = hotspots(values, squares(), statistic)
    zeros_among_zeros = found.iloc[[0, 12, 60, 143]]
    assert (zeros_among_zeros["label"] == "not significant").all()
    assert (hotspots(noise() * 0.0 + 4, squares(), statistic)["label"] == "not significant").all()


def test_a_tenth_is_no_further_out_for_being_added_up_in_another_order() -> None:
    values = pd.Series(np.where(np.arange(SIDE * SIDE) % 2, 0.1, 0.7), index=codes(SIDE * SIDE))
    shifted = hotspots(values + 0.2, squares(), "Gi*")["p"].to_numpy()
    assert shifted == pytest.approx(hotspots(values, squares(), "Gi*")["p"].to_numpy())


def test_values_below_zero_give_the_same_hot_spots() -> None:
    values = two_corners()
    above, below = (hotspots(values + shift, squares(), "Gi*") for shift in (100.0, -100.0))
    assert above["label"].tolist() == below["label"].tolist()
    assert above["statistic"].to_numpy() == pytest.approx(below["statistic"].to_numpy())


def test_every_neighbourhood_is_in_the_answer_and_what_is_not_measured_says_so() -> None:
    values, shapes = two_corners(), squares()
    values.iloc[[5, 50]] = np.nan
    values.iloc[70] = np.inf
    shapes.iloc[90] = None
    shapes.iloc[91] = Polygon()
    found = hotspots(values, shapes)
    assert found.index.equals(values.index)
    silent = found["label"] == "not measured"
    assert np.flatnonzero(silent).tolist() == [5, 50, 70, 90, 91]
    assert found.loc[silent, ["statistic", "p", "q", "neighbours"]].isna().all().all()
    assert found.loc[~silent, ["statistic", "p", "q", "neighbours"]].notna().all().all()
    assert found["neighbours"].iloc[4] == 4


@pytest.mark.parametrize("statistic", ["local Moran", "Gi*"])
def test_the_answer_is_the_same_each_time_and_in_any_order_of_rows(statistic: str) -> None:
    values, shapes = two_corners(), squares()
    order = np.random.default_rng(5).permutation(len(values))
    np.random.seed(1)
    first = hotspots(values, shapes, statistic)
    again = hotspots(values.iloc[order], shapes.iloc[order], statistic).loc[values.index]
    pd.testing.assert_frame_equal(first, again)


def test_nobody_elses_random_numbers_are_disturbed() -> None:
    np.random.seed(8)
    undisturbed = np.random.random(3)
    np.random.seed(8)
    hotspots(two_corners(), squares())
    assert np.random.random(3).tolist() == undisturbed.tolist()


def test_an_island_is_paired_with_the_nearest() -> None:
    values, shapes = two_corners(), squares()
    shapes.iloc[-1] = affinity.translate(shapes.iloc[-1], 700, 600)
    found = hotspots(values, shapes)
    assert found["neighbours"].iloc[-1] == 1
    assert found["neighbours"].iloc[-1 - SIDE] == 5
    assert found["neighbours"].iloc[-2] == 4
    assert found["statistic"].iloc[-1] > 0


def test_those_on_the_edge_of_what_is_loaded_are_marked() -> None:
    edge = hotspots(two_corners(), squares())["on_edge"].to_numpy().reshape(SIDE, SIDE)
    assert edge[0].all()
    assert edge[:, -1].all()
    assert not edge[1:-1, 1:-1].any()


def test_the_edge_is_found_too_where_neighbourhoods_overlap_and_where_one_lies_across_water() -> None:
    shapes = squares()
    # one in the midst leans over its neighbours, and one of the first row lies off the shore
    shapes.iloc[5 * SIDE + 5] = affinity.scale(shapes.iloc[5 * SIDE + 5], 1.4, 1.4)
    shapes.iloc[3] = affinity.translate(shapes.iloc[3], 0, -5_000)
    edge = hotspots(two_corners(), shapes)["on_edge"].to_numpy().reshape(SIDE, SIDE)
    assert edge[0].all()
    assert edge[1, 2:5].all()  # those that met the one that is gone, at a side or a corner
    assert edge[1:-1, 1:-1].sum() == 3


def test_a_handful_of_neighbourhoods_is_refused() -> None:
    values = two_corners()
    values.iloc[9:] = np.nan
    with pytest.raises(QuestionError, match="at least 10"):
        hotspots(values, squares())
    with pytest.raises(QuestionError, match="each needs one"):
        hotspots(values, squares(5))
