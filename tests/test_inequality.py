"""Whether something falls evenly on more and less deprived neighbourhoods: numbers solved on paper, and what holds."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from shapely.geometry import box

from assetmap.errors import QuestionError
from assetmap.measures.inequality import METHOD, Inequality, Reading, by_decile, inequality, ridits
from assetmap.placeview import PlaceView
from assetmap.questions.on_whom import AUTHORITIES_AT_LEAST, authorities_of, how_unequal
from assetmap.store import open_store
from conftest import new_url
from registers import LAYERS
from test_questions import _put
from town import PLACE, area_from, areas_from, town_assets, town_figures


def series(*values: float) -> pd.Series[float]:
    return pd.Series(values, dtype=np.float64)


FIVE = series(1, 2, 3, 4, 5)
EQUAL = series(*[1000] * 5)


def test_five_neighbourhoods_solved_on_paper() -> None:
    found = inequality(series(10, 8, 6, 4, 2), EQUAL, FIVE)
    assert found.sii == pytest.approx(-10, abs=1e-9)
    assert found.rii == pytest.approx(-10 / 6, abs=1e-9)
    assert found.concentration == pytest.approx(-4 / 15, abs=1e-9)
    assert found.sii_interval == pytest.approx((-10, -10), abs=1e-9)
    assert found.curve_p == 1
    assert found.straight
    assert (found.areas, found.people, found.areas_left_out, found.mean) == (5, 5000, 0, 6)


def test_the_interval_is_white_s_by_another_way() -> None:
    """By hand the HC1 error of a slope is the root of sum(d^2 e^2) n / (n - 2), over sum(d^2), d from the mean of x."""
    y = np.array([9.0, 8.5, 4.0, 5.0, 2.0])
    found = inequality(series(*y), EQUAL, FIVE)
    x = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    slope, start = np.polyfit(x, y, 1)
    left = y - start - slope * x
    error = math.sqrt(((x - 0.5) ** 2 * left**2).sum() * 5 / 3) / ((x - 0.5) ** 2).sum()
    reach = stats.t.ppf(0.975, 3) * error
    assert found.sii == pytest.approx(slope, abs=1e-9)
    assert found.sii_interval == pytest.approx((slope - reach, slope + reach), abs=1e-9)
    assert found.rii_interval == pytest.approx(((slope - reach) / y.mean(), (slope + reach) / y.mean()), abs=1e-9)
    assert found.concentration == pytest.approx(2 * np.cov(y, x, ddof=0)[0, 1] / y.mean(), abs=1e-9)


def test_the_concentration_index_is_that_of_healthequal() -> None:
    """WHO's R package healthequal, tests/testthat/test-rci.R: 0.17776859, worked out apart from it too.

    Its people are ``round(rnorm(5, 100, 40))`` after ``set.seed(123)``. Its slope index is of a logistic curve, and no
    straight line's.
    """
    found = inequality(series(20, 30, 40, 50, 60), series(78, 91, 162, 103, 105), FIVE)
    assert found.concentration == pytest.approx(0.17776859, abs=5e-8)


def test_people_weigh_in_the_row_and_in_the_slope() -> None:
    """Half the people live in the first, so the three stand at 0.25, 0.625 and 0.875."""
    found = inequality(series(8, 4, 2), series(200, 100, 100), series(10, 20, 30))
    weight, place, y = np.array([0.5, 0.25, 0.25]), np.array([0.25, 0.625, 0.875]), np.array([8.0, 4.0, 2.0])
    spread = (weight * (place - 0.5) ** 2).sum()
    together = (weight * (place - 0.5) * (y - 5.5)).sum()
    assert found.mean == pytest.approx(5.5)
    assert found.sii == pytest.approx(together / spread, abs=1e-9)
    assert found.concentration == pytest.approx(2 * together / 5.5, abs=1e-9)


def test_neighbourhoods_of_one_rank_stand_together() -> None:
    assert ridits(series(7, 3, 7), series(1, 2, 1)).tolist() == pytest.approx([0.75, 0.25, 0.75])
    found = inequality(series(9, 3, 5, 1), series(1, 1, 1, 1), series(1, 1, 2, 2))
    assert found.sii == pytest.approx(-6, abs=1e-9)


@pytest.mark.parametrize(
    ("y", "reading", "says"),
    [
        ((10, 8, 6, 4, 2), "losses", "fell harder on more deprived"),
        ((2, 4, 6, 8, 10), "losses", "fell harder on less deprived"),
        ((10, 8, 6, 4, 2), "access", "More deprived neighbourhoods have more"),
        ((2, 4, 6, 8, 10), "access", "Less deprived neighbourhoods have more"),
        ((10, 8, 6, 4, 2), "distance", "further from more deprived"),
        ((2, 4, 6, 8, 10), "distance", "further from less deprived"),
        ((2, 9, 1, 8, 3), "losses", "it is not clear whether losses fell harder"),
        ((2, 9, 1, 8, 3), "access", "the difference may be chance"),
        ((7, 7, 7, 7, 7), "losses", "the same in every neighbourhood"),
        ((0, 0, 0, 0, 0), "losses", "the same in every neighbourhood"),
    ],
)
def test_the_finding_has_the_right_sign_in_words(y: tuple[float, ...], reading: Reading, says: str) -> None:
    assert says in inequality(series(*y), EQUAL, FIVE, reading).finding


def test_a_bent_line_is_told() -> None:
    rank = series(*range(1, 21))
    found = inequality((rank - 10.5) ** 2 - 3 * rank + 60, series(*[100] * 20), rank)
    assert found.straight is False
    assert found.finding.endswith("look at each tenth of England's neighbourhoods too.")


def test_the_same_everywhere() -> None:
    found = inequality(series(*[0.1 + 0.2] * 5), EQUAL, FIVE)
    assert (found.sii, found.rii, found.concentration) == (0, 0, 0)
    assert found.sii_interval == (0, 0)


def test_nothing_anywhere_has_no_relative_index() -> None:
    found = inequality(series(0, 0, 0, 0, 0), EQUAL, FIVE)
    assert found.sii == 0
    assert math.isnan(found.rii)
    assert math.isnan(found.concentration)


def test_a_mean_of_zero_has_a_slope_and_no_relative_index() -> None:
    found = inequality(series(0.3, 0.1, -0.1, -0.3), series(7, 7, 7, 7), series(1, 2, 3, 4))
    assert found.sii == pytest.approx(-0.8)
    assert math.isnan(found.rii)
    assert "more deprived" in found.finding


@pytest.mark.parametrize(
    ("y", "rank"), [((), ()), ((5,), (1,)), ((5, 3), (1, 2)), ((5, 3, 1), (2, 2, 2)), ((4, 4), (1, 2))]
)
def test_too_few_neighbourhoods_cannot_tell(y: tuple[float, ...], rank: tuple[float, ...]) -> None:
    found = inequality(series(*y), series(*[10] * len(y)), series(*rank))
    assert found.finding.startswith("There are too few neighbourhoods to say whether losses fell harder")
    assert math.isnan(found.sii_interval[0])
    assert found.straight is None


def test_what_is_missing_is_left_out_and_counted() -> None:
    y = series(10, 8, 6, 4, 2, 99, math.nan, 99, math.inf)
    people = series(1, 1, 1, 1, 1, math.nan, 1, 0, 1)
    found = inequality(y, people, series(1, 2, 3, 4, 5, 6, 7, 8, 9))
    assert (found.areas, found.areas_left_out) == (5, 4)
    assert found.sii == pytest.approx(-10, abs=1e-9)


def test_whole_numbers_with_gaps_as_the_store_gives_them_are_understood() -> None:
    rank = pd.Series([1, 2, 3, None], dtype="Int64")
    assert inequality(series(3, 2, 1, 9), pd.Series([5, 5, 5, 5], dtype="Int64"), rank).areas == 3


def test_every_decile_is_in_the_answer() -> None:
    found = by_decile(
        series(5, 3, math.nan, 7, 2, math.nan, 1),
        series(100, 300, 50, 0, 40, 10, math.nan),
        series(1, 1, 1, 2, math.nan, 4, 10),
    )
    assert found.index.tolist() == list(range(1, 11))
    assert found.loc[1].to_dict() == {
        "areas": 3, "people": 400, "events": 8, "per_1000": 20, "areas_not_measured": 1,
    }  # fmt: skip
    assert found.loc[2, ["people", "events"]].tolist() == [0, 7]
    assert math.isnan(found.loc[2, "per_1000"])
    assert found.loc[3, ["areas", "people", "events"]].tolist() == [0, 0, 0]
    assert math.isnan(found.loc[4, "events"])
    assert math.isnan(found.loc[10, "events"])
    assert found["areas_not_measured"].tolist() == [1, 0, 0, 1, 0, 0, 0, 0, 0, 1]


@pytest.mark.parametrize("decile", [0, 11, 2.5])
def test_what_is_no_decile_is_refused(decile: float) -> None:
    with pytest.raises(QuestionError, match="is no decile"):
        by_decile(series(1), series(1), series(decile))


Row = tuple[int, int, int]
rows = st.lists(st.tuples(st.integers(0, 100), st.integers(1, 9000), st.integers(1, 40)), min_size=3, max_size=25)


def of(given_rows: list[tuple[float, float, float]], times: float = 1.0) -> Inequality:
    y, people, rank = (series(*column) for column in zip(*given_rows, strict=True))
    return inequality(y * times, people, rank)


def same(first: float, second: float) -> bool:
    return first == pytest.approx(second, rel=1e-7, abs=1e-7, nan_ok=True)


def comparable(given_rows: list[Row]) -> bool:
    return len({row[2] for row in given_rows}) > 1


@given(rows, st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_anything(given_rows: list[Row], random: object) -> None:
    mixed = list(given_rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    first, second = of(given_rows), of(mixed)
    assert same(first.sii, second.sii)
    assert same(first.concentration, second.concentration)
    assert same(first.sii_interval[0], second.sii_interval[0])


@given(rows)
def test_splitting_a_neighbourhood_in_two_alike_changes_no_index(given_rows: list[Row]) -> None:
    (y, people, rank), *rest = given_rows
    first, second = of(given_rows), of([(y, people / 2, rank), (y, people / 2, rank), *rest])
    assert same(first.mean, second.mean)
    assert same(first.sii, second.sii)
    assert same(first.rii, second.rii)
    assert same(first.concentration, second.concentration)


@given(rows, st.floats(0.01, 100))
def test_scaling_the_figure_scales_the_slope_and_nothing_relative(given_rows: list[Row], times: float) -> None:
    first, second = of(given_rows), of(given_rows, times)
    assert same(first.sii * times, second.sii)
    assert same(first.rii, second.rii)
    assert same(first.concentration, second.concentration)
    assert same(first.rii_interval[1], second.rii_interval[1])


@given(rows)
def test_turning_the_row_round_turns_the_sign(given_rows: list[Row]) -> None:
    first, second = of(given_rows), of([(y, people, -rank) for y, people, rank in given_rows])
    assert same(first.sii, -second.sii)
    assert same(first.concentration, -second.concentration)


@given(rows)
def test_the_concentration_index_is_twice_the_covariance_over_the_mean(given_rows: list[Row]) -> None:
    assume(comparable(given_rows) and any(row[0] for row in given_rows))
    y, people, rank = (np.array(column, dtype=float) for column in zip(*given_rows, strict=True))
    place = ridits(series(*rank), series(*people)).to_numpy()
    assert np.average(place, weights=people) == pytest.approx(0.5)
    mean = np.average(y, weights=people)
    twice = 2 * np.average((y - mean) * (place - 0.5), weights=people) / mean
    assert same(of(given_rows).concentration, twice)
    assert abs(twice) <= 1


Councils = tuple[Any, Any, Any, Any]
"""Figures, people, ranks and authorities, each a series."""


def councils(count: int, seed: int = 7) -> Councils:
    """Figures, people, ranks and authorities of 12 neighbourhoods each of some councils that each decide for all."""
    dice = np.random.default_rng(seed)
    council = np.repeat(np.arange(count), 12)
    rank = dice.permutation(12 * count) + 1.0
    decided = dice.normal(0, 8, count)[council]
    y = 30 - 10 * rank / rank.max() + decided + dice.normal(0, 2, 12 * count)
    people = dice.integers(900, 3000, 12 * count).astype(float)
    return series(*y), series(*people), series(*rank), pd.Series([f"E{each:02}" for each in council])


@pytest.mark.parametrize("count", [3, 8, 40])
def test_the_interval_by_authority_is_that_of_statsmodels(count: int) -> None:
    y, people, rank, authority = councils(count)
    found = inequality(y, people, rank, authorities=authority)
    place = sm.add_constant(ridits(rank, people).to_numpy() - 0.5)
    fitted = sm.WLS(y.to_numpy(), place, people.to_numpy()).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(authority)[0]}, use_t=True
    )
    assert found.sii == pytest.approx(fitted.params[1], rel=1e-9)
    assert found.sii_interval == pytest.approx(fitted.conf_int()[1], rel=1e-9)
    assert found.authorities == count
    squared = np.column_stack([place, place[:, 1] ** 2])
    bent = sm.WLS(y.to_numpy(), squared, people.to_numpy()).fit(
        cov_type="cluster", cov_kwds={"groups": pd.factorize(authority)[0]}, use_t=True
    )
    assert found.curve_p == pytest.approx(bent.pvalues[2], rel=1e-6)


def test_the_interval_by_neighbourhood_is_that_of_statsmodels() -> None:
    y, people, rank, _ = councils(8)
    place = sm.add_constant(ridits(rank, people).to_numpy() - 0.5)
    fitted = sm.WLS(y.to_numpy(), place, people.to_numpy()).fit(cov_type="HC1", use_t=True)
    assert inequality(y, people, rank).sii_interval == pytest.approx(fitted.conf_int()[1], rel=1e-9)


def test_drawing_whole_authorities_again_and_again_spreads_the_slope_as_much_as_the_interval_says() -> None:
    """A bootstrap over authorities, each drawn with all of its neighbourhoods; one over neighbourhoods spreads less."""
    y, people, rank, authority = councils(60)
    found = inequality(y, people, rank, authorities=authority)
    dice = np.random.default_rng(3)
    rows = authority.groupby(authority).indices
    slopes = []
    for _ in range(600):
        drawn = np.concatenate([rows[each] for each in dice.choice(list(rows), len(rows))])
        slopes.append(inequality(*(each.iloc[drawn].reset_index(drop=True) for each in (y, people, rank))).sii)
    low, high = np.quantile(slopes, [0.025, 0.975])
    assert found.sii_interval == pytest.approx((low, high), abs=0.15 * (high - low))
    alone = inequality(y, people, rank).sii_interval
    assert alone[1] - alone[0] < found.sii_interval[1] - found.sii_interval[0]


def test_an_answer_by_authority_says_so_and_without_them_does_not() -> None:
    y, people, rank, authority = councils(40)
    found, alone = inequality(y, people, rank, authorities=authority), inequality(y, people, rank)
    assert "Judged by 40 authorities, each taken whole." in found.finding
    assert "CR1, 40 authorities" in found.method
    assert "authorities" not in alone.finding
    assert (alone.method, alone.authorities) == (METHOD, None)
    assert (found.sii, found.rii, found.concentration) == (alone.sii, alone.rii, alone.concentration)


def test_a_neighbourhood_without_an_authority_is_left_out_and_counted() -> None:
    y, people, rank, authority = councils(5)
    found = inequality(y, people, rank, authorities=authority.mask(authority.index == 3))
    without = inequality(*(each.drop(3) for each in (y, people, rank)), authorities=authority.drop(3))
    assert (found.areas, found.areas_left_out) == (59, 1)
    assert found.sii_interval == without.sii_interval


def test_two_authorities_cannot_tell() -> None:
    y, people, rank, authority = councils(2)
    found = inequality(y, people, rank, authorities=authority)
    assert found.finding.startswith("There are too few authorities to say whether losses fell harder")
    assert math.isnan(found.sii_interval[0])
    assert found.straight is None


@given(rows)
def test_an_authority_a_neighbourhood_is_each_by_itself(given_rows: list[Row]) -> None:
    y, people, rank = (series(*column) for column in zip(*given_rows, strict=True))
    each = inequality(y, people, rank, authorities=pd.Series([f"E{number}" for number in range(len(y))]))
    alone = inequality(y, people, rank)
    assert same(each.sii_interval[0], alone.sii_interval[0])
    assert same(each.curve_p, alone.curve_p)


@pytest.mark.parametrize(
    ("count", "untold", "whole"),
    [(AUTHORITIES_AT_LEAST, 0, True), (AUTHORITIES_AT_LEAST - 1, 0, False), (AUTHORITIES_AT_LEAST, 1, False)],
)
def test_a_place_of_many_authorities_takes_each_whole(
    count: int, untold: int, whole: bool, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Of few, or where one neighbourhood's authority is not told, neighbourhoods are taken one by one."""
    y, people, rank, authority = councils(count)
    codes = [f"E019{number:05}" for number in range(len(y))]
    areas = areas_from(
        [
            area_from(code, box(number, 0, number + 1, 1), living, imd_rank=int(place), imd_edition=2025)
            for number, (code, living, place) in enumerate(zip(codes, people, rank, strict=True))
        ]
    )
    told = zip(codes[untold:], authority[untold:], rank[untold:], strict=True)
    published = [(c, "LSOA 2021", 2025, {"authority": a, "imd_rank": int(r), "population": 9}) for c, a, r in told]
    with new_url(request, "gpkg", tmp_path, ready=False) as url, open_store(url) as store:
        store.save_place(PLACE, "Many Councils", "On paper", fictional=True)
        _put(store, "neighbourhoods", "areas", areas, town_assets().head(0))
        _put(store, "deprivation", "figures", town_figures("deprivation", published), town_assets().head(0))
        view = PlaceView(store, PLACE, LAYERS)
        shapes = gpd.GeoDataFrame({"people": people, "people_losing": people * y / 100})
        found = how_unequal(view, shapes, "people_losing", "losses")
        assert (authorities_of(view) is not None) == whole
    assert found.authorities == (count if whole else None)
    expected = inequality(y / 100, people, rank, authorities=authority if whole else None)
    assert found.sii_interval == pytest.approx(expected.sii_interval)
