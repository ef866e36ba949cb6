"""What places offer and for how many people, and how far an answer rests on where exactly they are mapped."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from assetmap.measures.people import POSTCODE, provision, reach
from assetmap.measures.supply import (
    OFFERS,
    Figures,
    Offer,
    bounds_of_classes,
    bounds_of_nearest,
    bounds_of_walks,
    figures,
    offered,
    share_bounds,
    supply_provision,
)
from assetmap.space import Floats
from assetmap.tables import Areas
from town import EAST, LIBRARY_WALKS_M, WEST, town_areas, town_assets

relaxed = settings(max_examples=60)


def origins_of(people: list[float], area_codes: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"area_code": area_codes, "people": people, "origin_kind": POSTCODE})


def walks_of(metres: Floats, limit_m: float) -> sparse.coo_array:
    place, origin = np.nonzero(metres <= limit_m)
    return sparse.coo_array((metres[place, origin], (place, origin)), shape=metres.shape)


def test_what_the_towns_places_offer() -> None:
    assets = town_assets()
    assert offered(assets).tolist() == [1.0] * 7
    hours = offered(assets, "hours")
    assert hours.dropna().tolist() == [40.0, 2.0]
    assert figures(hours) == Figures(places=7, known=2, none=0)
    assert figures(hours).missing == 5
    assert offered(assets, "staffed hours").dropna().tolist() == [30.0]


def test_no_hours_are_told_apart_from_hours_not_known() -> None:
    hours = pd.Series([0.0, np.nan, 12.0, None], dtype="Float64")
    assets = pd.DataFrame({"hours_per_week": hours, "staffed_hours_per_week": [None] * 4})
    assert figures(offered(assets, "hours")) == Figures(places=4, known=2, none=1)
    assert figures(offered(assets, "staffed hours")) == Figures(places=4, known=0, none=0)


@pytest.mark.parametrize("offer", OFFERS)
def test_no_places_offer_nothing(offer: Offer) -> None:
    none = town_assets().iloc[:0]
    assert figures(offered(none, offer)) == Figures(0, 0, 0)
    answer = supply_provision(none["area_code"], offered(none, offer), town_areas())
    assert answer["supply"].tolist() == [0.0, 0.0]
    assert answer["count_missing"].tolist() == [0, 0]


def test_counted_as_one_each_it_is_the_provision_of_places() -> None:
    codes = town_assets()["area_code"]
    plain = provision(codes, town_areas())
    answer = supply_provision(codes, offered(town_assets()), town_areas())
    pd.testing.assert_frame_equal(answer[list(plain.columns)], plain)
    assert answer["supply"].tolist() == plain["count"].tolist()


def test_hours_for_every_1000_people_show_both_sides_of_the_rate() -> None:
    answer = supply_provision(town_assets()["area_code"], offered(town_assets(), "hours"), town_areas())
    assert answer.loc[WEST, ["count", "count_missing", "supply", "people"]].tolist() == [3, 1, 42.0, 1200.0]
    assert answer.loc[WEST, "per_1000"] == pytest.approx(35.0)
    # of the four places in the east, none says its hours: that is not the same as no hours
    assert answer.loc[EAST, ["count", "count_missing"]].tolist() == [4, 4]
    assert np.isnan(answer.loc[EAST, "supply"])
    assert np.isnan(answer.loc[EAST, "per_1000"])
    assert not answer["few_people"].any()


def test_a_rate_over_few_people_is_flagged_and_places_elsewhere_are_not_counted() -> None:
    areas = Areas(town_areas().assign(population=[300, None]))
    codes = pd.Series([WEST, WEST, "E01000000", None], dtype=object)
    answer = supply_provision(codes, pd.Series([10.0, 5.0, 99.0, 99.0]), areas)
    assert answer["supply"].tolist() == [15.0, 0.0]
    assert answer["per_1000"].tolist() == pytest.approx([50.0, np.nan], nan_ok=True)
    assert answer["few_people"].tolist() == [True, False]


def test_the_towns_share_lies_between_those_solved_on_paper() -> None:
    start = origins_of([300.0] * 9, [WEST] * 4 + [EAST] * 5)
    nearest_m = np.array(LIBRARY_WALKS_M, dtype=np.float64)
    answer = share_bounds(start, bounds_of_nearest(nearest_m, np.full(9, 250.0)), minutes=15)
    # walks of 30, 620, 830 and 1,430 in the west; 1,030, 1,230, 1,630, 2,230 and none in the east
    assert answer["share_sure"].to_dict() == pytest.approx({WEST: 0.75, EAST: 0.0})
    assert answer["share_within"].to_dict() == pytest.approx({WEST: 0.75, EAST: 0.2})
    assert answer["share_possible"].to_dict() == pytest.approx({WEST: 1.0, EAST: 0.4})
    assert answer["people_possible"].to_dict() == pytest.approx({WEST: 1200.0, EAST: 600.0})
    assert answer["people_accuracy_unknown"].tolist() == [0.0, 0.0]


def test_another_place_may_be_the_nearest_when_places_are_not_where_they_are_mapped() -> None:
    walks = walks_of(np.array([[1000.0], [1300.0]]), 4800.0)
    bounds = bounds_of_walks(walks, np.array([10.0, 500.0]))
    assert (bounds.nearer_m[0], bounds.mapped_m[0], bounds.further_m[0]) == (800.0, 1000.0, 1010.0)


def test_an_accuracy_that_is_not_known_is_told() -> None:
    walks = walks_of(np.array([[100.0, 900.0, 9000.0], [900.0, 100.0, 9000.0]]), 4800.0)
    bounds = bounds_of_walks(walks, np.array([50.0, np.nan]))
    assert bounds.accuracy_unknown.tolist() == [False, True, False]
    assert bounds.further_m.tolist() == [150.0, 100.0, np.inf]
    answer = share_bounds(origins_of([10.0, 20.0, 40.0], ["a"] * 3), bounds)
    assert answer.loc["a", "people_accuracy_unknown"] == 20.0
    nearest = bounds_of_nearest(np.array([100.0, 100.0, np.inf]), np.array([50.0, np.nan, np.nan]))
    assert nearest.accuracy_unknown.tolist() == [False, True, False]


def test_what_was_not_measured_stays_so_in_every_bound() -> None:
    walks = walks_of(np.array([[100.0, 9000.0]]), 4800.0)
    bounds = bounds_of_walks(walks, np.array([50.0]), measured=np.array([True, False]))
    assert np.isnan([bounds.nearer_m[1], bounds.mapped_m[1], bounds.further_m[1]]).all()
    answer = share_bounds(origins_of([10.0, 10.0], ["a", "b"]), bounds)
    assert answer.loc["b", ["share_sure", "share_within", "share_possible"]].isna().all()
    assert answer.loc["a", ["share_sure", "share_within", "share_possible"]].tolist() == [1.0, 1.0, 1.0]


def test_as_many_accuracies_as_places_are_asked_for() -> None:
    with pytest.raises(ValueError, match="2 places"):
        bounds_of_walks(sparse.coo_array((2, 3)), np.ones(3))


Row = tuple[float, float]
rows = st.lists(st.tuples(st.floats(0, 5000), st.floats(0, 2000)), min_size=1, max_size=12)


@relaxed
@given(rows, st.floats(0, 60))
def test_the_sure_share_is_never_above_the_share_nor_that_above_the_possible(found: list[Row], minutes: float) -> None:
    distance_m, accuracy_m = np.array(found).T
    start = origins_of([10.0] * len(found), ["a"] * len(found))
    answer = share_bounds(start, bounds_of_nearest(distance_m, accuracy_m), minutes).loc["a"]
    assert answer["share_sure"] <= answer["share_within"] <= answer["share_possible"]
    assert answer["share_within"] == reach(start, distance_m, minutes).loc["a", "share_within"]


@relaxed
@given(st.integers(1, 5), st.integers(1, 6), st.data())
def test_wherever_within_their_accuracy_places_are_the_share_lies_between(
    places: int, origins: int, data: st.DataObject
) -> None:
    def numbers(low: float, high: float, size: int) -> Floats:
        return np.array(data.draw(st.lists(st.floats(low, high), min_size=size, max_size=size)))

    metres = numbers(0, 4000, places * origins).reshape(places, origins)
    accuracy_m = numbers(0, 600, places)
    truly = np.maximum(metres + numbers(-1, 1, places * origins).reshape(metres.shape) * accuracy_m[:, None], 0.0)
    start = origins_of([1.0] * origins, ["a"] * origins)
    answer = share_bounds(start, bounds_of_walks(walks_of(metres, 4800.0), accuracy_m)).loc["a"]
    share = reach(start, truly.min(axis=0)).loc["a", "share_within"]
    assert answer["share_sure"] - 1e-12 <= share <= answer["share_possible"] + 1e-12


@relaxed
@given(st.integers(1, 5), st.integers(1, 6), st.data())
def test_the_nearest_of_each_accuracy_gives_the_bounds_that_every_walk_gives(
    places: int, origins: int, data: st.DataObject
) -> None:
    far = st.integers(0, 3000).map(float)
    metres = np.array(data.draw(st.lists(far, min_size=places * origins, max_size=places * origins)))
    metres = metres.reshape(places, origins)
    accuracy_m = np.array(data.draw(st.lists(st.sampled_from([5.0, 100.0, np.nan]), min_size=places, max_size=places)))
    every = bounds_of_walks(walks_of(metres, 4800.0), accuracy_m)
    kinds = [each for each in (5.0, 100.0) if (accuracy_m == each).any()] + [np.nan] * bool(np.isnan(accuracy_m).any())
    of_kind = [accuracy_m == each if each == each else np.isnan(accuracy_m) for each in kinds]
    nearest_m = np.stack([metres[chosen].min(axis=0) for chosen in of_kind])
    found = bounds_of_classes(nearest_m, np.array(kinds))
    for name in ("nearer_m", "mapped_m", "further_m", "accuracy_unknown"):
        assert (getattr(found, name) == getattr(every, name)).all()


def test_as_many_accuracies_as_classes_are_asked_for() -> None:
    with pytest.raises(ValueError, match="2 classes of places do not go with 3 accuracies"):
        bounds_of_classes(np.ones((2, 4)), np.ones(3))
