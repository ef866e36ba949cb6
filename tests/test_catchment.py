"""What falls to each person of what is near: numbers worked out in fractions, a second library, what must hold."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from access import Access, weights
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

from assetmap.measures.catchment import (
    WALKING_ZONES,
    Binary,
    Decay,
    Gaussian,
    Gravity,
    Step,
    area_means,
    cumulative_opportunities,
    floating_catchment,
    gravity_accessibility,
)
from assetmap.space import Floats
from town import EAST, HALL_WALKS_M, LIBRARY_WALKS_M, WEST

PEOPLE = np.array([1000.0, 2000.0, 500.0])
SUPPLY = np.array([1.0, 2.0])
METRES = [[200.0, 900.0, 2000.0], [1500.0, 700.0, 2500.0]]

DECAYS = (Binary(1200.0), WALKING_ZONES, Gaussian(400.0), Gravity(-1.5, least_m=50.0, scale_m=100.0))

relaxed = settings(max_examples=60)


def walks_of(metres: Any, limit_m: float = np.inf) -> sparse.coo_array:
    """Every walk within the limit, those of no length among them, of a full table of places by origins."""
    full = np.asarray(metres, dtype=np.float64)
    place, origin = np.nonzero(full <= limit_m)
    return sparse.coo_array((full[place, origin], (place, origin)), shape=full.shape)


def origins_of(people: list[float], area_codes: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"area_code": area_codes, "people": people})


def close(fractions: list[Fraction]) -> Any:
    return pytest.approx([float(each) for each in fractions], rel=1e-12, abs=1e-15)


def test_the_enhanced_two_steps_are_those_worked_out_by_hand() -> None:
    found = floating_catchment(walks_of(METRES), SUPPLY, PEOPLE)
    assert found.demand == pytest.approx([1440.0, 1580.0])
    assert found.ratio == close([Fraction(1, 1440), Fraction(1, 790)])
    assert found.access == close([Fraction(2767, 2844000), Fraction(1153, 1137600), Fraction(0)])
    assert float(found.access @ PEOPLE) == pytest.approx(3.0, rel=1e-12)
    assert not found.overstated.any()


def test_the_plain_two_steps_are_those_worked_out_by_hand() -> None:
    found = floating_catchment(walks_of(METRES), SUPPLY, PEOPLE, Binary(1600.0))
    assert found.ratio == close([Fraction(1, 3000), Fraction(2, 3000)])
    assert found.access == close([Fraction(1, 1000), Fraction(1, 1000), Fraction(0)])


def test_the_three_steps_are_those_worked_out_by_hand() -> None:
    found = floating_catchment(walks_of(METRES), SUPPLY, PEOPLE, selection_weights=True)
    assert found.ratio == close([Fraction(549, 509048), Fraction(549, 292954)])
    access = [Fraction(223306821, 233011949675), Fraction(19029161121, 18640955974000), Fraction(0)]
    assert found.access == close(access)
    assert float(found.access @ PEOPLE) == pytest.approx(3.0, rel=1e-12)


def test_a_catchment_wider_than_the_town_is_supply_over_people() -> None:
    found = floating_catchment(walks_of(METRES), SUPPLY, PEOPLE, Binary(10_000.0))
    assert found.access == pytest.approx([3.0 / 3500.0] * 3, rel=1e-12)


def test_weights_at_the_edges_are_those_of_the_nearer_zone() -> None:
    metres = np.array([0.0, 400.0, 400.1, 800.0, 1600.0, 1600.1])
    assert WALKING_ZONES(metres).tolist() == [1.0, 1.0, 0.68, 0.68, 0.22, 0.0]
    assert Binary(400.0)(metres).tolist() == [1.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    assert Gaussian(400.0)(metres[:2]) == pytest.approx([1.0, np.exp(-0.5)])
    assert Gravity(-2.0, least_m=100.0, scale_m=200.0)(metres[:2]) == pytest.approx([4.0, 0.25])
    assert Gaussian(400.0, catchment_m=800.0)(metres[3:5]) == pytest.approx([np.exp(-2.0), 0.0])
    assert Gravity(-1.0, least_m=1.0, catchment_m=800.0)(metres[3:5]) == pytest.approx([1 / 800, 0.0])


@pytest.mark.parametrize(
    "make",
    [
        lambda: Step(()),
        lambda: Step(((800.0, 1.0), (400.0, 0.5))),
        lambda: Step(((400.0, -1.0),)),
        lambda: Gaussian(0.0),
        lambda: Gravity(1.0, least_m=1.0),
        lambda: Gravity(-1.0, least_m=0.0),
    ],
)
def test_weights_that_make_no_sense_are_refused(make: Callable[[], Decay]) -> None:
    with pytest.raises(ValueError):
        make()


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="2 places and 3 origins"):
        floating_catchment(walks_of(METRES), SUPPLY, PEOPLE[:2])
    with pytest.raises(ValueError, match="2 places and 3 origins"):
        cumulative_opportunities(walks_of(METRES), supply=PEOPLE)


def test_people_of_an_unknown_number_spoil_nobodys_answer_and_the_places_they_use_are_marked() -> None:
    metres = [[100.0, 300.0, 9000.0], [9000.0, 9000.0, 100.0]]
    found = floating_catchment(walks_of(metres, 1600.0), SUPPLY, np.array([100.0, np.nan, 50.0]))
    assert found.demand.tolist() == [100.0, 50.0]
    assert found.overstated.tolist() == [True, False]
    assert found.access.tolist() == pytest.approx([0.01, 0.01, 0.04])


def test_a_place_whose_offer_is_not_known_adds_nothing_and_is_not_taken_for_none() -> None:
    metres = [[100.0, 9000.0, 100.0, 9000.0], [100.0, 100.0, 9000.0, 9000.0]]
    people = np.full(4, 10.0)
    found = floating_catchment(walks_of(metres, 1600.0), np.array([40.0, np.nan]), people)
    assert np.isnan(found.ratio).tolist() == [False, True]
    assert found.access == pytest.approx([2.0, np.nan, 2.0, 0.0], nan_ok=True)
    hours = cumulative_opportunities(walks_of(metres, 1600.0), supply=np.array([40.0, np.nan]))
    assert hours == pytest.approx([40.0, np.nan, 40.0, 0.0], nan_ok=True)


def test_a_place_that_nobody_is_known_to_use_has_no_ratio() -> None:
    found = floating_catchment(walks_of([[100.0, 100.0]]), np.array([1.0]), np.array([np.nan, 0.0]))
    assert np.isnan(found.ratio).all()
    assert np.isnan(found.access).all()


def test_an_origin_on_no_street_is_not_measured_and_one_out_of_reach_has_0() -> None:
    walks, measured = walks_of([[100.0, 9000.0, 9000.0]], 1600.0), np.array([True, True, False])
    expected = pytest.approx([1.0, 0.0, np.nan], nan_ok=True)
    people = np.full(3, 1.0)
    assert floating_catchment(walks, np.ones(1), people, measured=measured).access == expected
    assert cumulative_opportunities(walks, measured=measured) == expected
    assert gravity_accessibility(walks, np.ones(1), Binary(1600.0), measured) == expected


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_without_places_or_people_there_is_an_answer_all_the_same(shape: tuple[int, int]) -> None:
    found = floating_catchment(sparse.coo_array(shape), np.ones(shape[0]), np.ones(shape[1]), selection_weights=True)
    assert found.access.tolist() == [0.0] * shape[1]
    assert np.isnan(found.ratio).sum() == shape[0]


@pytest.mark.parametrize("form", ["coo", "csr", "csc"])
def test_a_walk_of_no_length_counts_in_any_form_of_the_array(form: str) -> None:
    walks = walks_of([[0.0, 700.0]]).asformat(form)
    assert cumulative_opportunities(walks, minutes=5).tolist() == [1.0, 0.0]
    assert gravity_accessibility(walks, np.ones(1), WALKING_ZONES).tolist() == [1.0, 0.68]


def test_the_towns_sums_are_those_solved_on_paper() -> None:
    walks = walks_of([LIBRARY_WALKS_M, HALL_WALKS_M], 4800.0)
    start = origins_of([300.0] * 9, [WEST] * 4 + [EAST] * 5)
    places = cumulative_opportunities(walks, minutes=15)
    assert places.tolist() == [1, 1, 1, 1, 1, 1, 1, 1, 0]
    assert area_means(start, places).to_dict() == pytest.approx({WEST: 1.0, EAST: 0.8})
    hours = area_means(start, cumulative_opportunities(walks, 15, np.array([40.0, 8.0])))
    assert hours.to_dict() == pytest.approx({WEST: (3 * 40 + 8) / 4, EAST: (40 + 3 * 8) / 5})


def test_what_a_neighbourhood_has_is_weighted_by_people_and_of_those_measured() -> None:
    start = origins_of([10.0, 30.0, 5.0, np.nan, np.nan, 7.0], ["b", "b", "b", "a", "a", "c"])
    means = area_means(start, np.array([4.0, 8.0, np.nan, 1.0, 3.0, np.nan]))
    assert means.to_dict() == pytest.approx({"b": 7.0, "a": 2.0, "c": np.nan}, nan_ok=True)
    assert means.index.name == "area_code"


# The second library


@pytest.fixture(scope="module")
def scattered() -> tuple[sparse.coo_array, Floats, Floats]:
    """Clusters of people and places, some of them out of each other's reach: walks, supply and people."""
    random = np.random.default_rng(20)
    centres = random.uniform(0.0, 12_000.0, (12, 2))
    homes = centres[random.integers(12, size=400)] + random.normal(0.0, 900.0, (400, 2))
    places = centres[random.integers(8, size=50)] + random.normal(0.0, 700.0, (50, 2))
    metres = np.hypot(*(places[:, None, :] - homes[None, :, :]).transpose(2, 0, 1))
    metres[0, :3] = 0.0
    return walks_of(metres, 1600.0), random.uniform(1.0, 60.0, 50), random.integers(20, 3000, 400).astype(np.float64)


def peer_of(walks: sparse.coo_array, supply: Floats, people: Floats) -> Access:
    homes = pd.DataFrame({"people": people}, index=pd.Index(range(len(people)), name="home"))
    places = pd.DataFrame({"offer": supply}, index=pd.Index(range(len(supply)), name="place"))
    pairs = pd.DataFrame({"home": walks.col, "place": walks.row, "metres": walks.data})
    return Access(
        homes,
        "people",
        places,
        "offer",
        cost_df=pairs,
        cost_origin="home",
        cost_dest="place",
        cost_name="metres",
    )


def agrees(ours: Floats, theirs: pd.DataFrame) -> None:
    """For every area that the peer returns; those that it leaves out are 0 here."""
    answered = theirs.iloc[:, 0].to_numpy()
    left_out = np.isnan(answered)
    assert 0 < left_out.sum() < len(ours)
    assert np.abs(ours - answered)[~left_out].max() <= 1e-9
    assert ours[~left_out] == pytest.approx(answered[~left_out], rel=1e-9)
    assert (ours[left_out] == 0.0).all()


PEER_WEIGHTS = [
    (WALKING_ZONES, weights.step_fn({400: 1, 800: 0.68, 1600: 0.22})),
    (Gaussian(500.0), weights.gaussian(500.0)),
    (Gravity(-1.5, least_m=50.0, scale_m=100.0), weights.gravity(100.0, -1.5, 50.0)),
]


def test_2sfca_is_that_of_pysal(scattered: tuple[sparse.coo_array, Floats, Floats]) -> None:
    ours = floating_catchment(*scattered, Binary(1000.0)).access
    agrees(ours, peer_of(*scattered).two_stage_fca(max_cost=1000.0))


@pytest.mark.parametrize(("decay", "weight_fn"), PEER_WEIGHTS, ids=["step", "gaussian", "gravity"])
def test_e2sfca_3sfca_and_gravity_are_those_of_pysal(
    scattered: tuple[sparse.coo_array, Floats, Floats], decay: Decay, weight_fn: Callable[[float], float]
) -> None:
    peer = peer_of(*scattered)
    agrees(floating_catchment(*scattered, decay).access, peer.enhanced_two_stage_fca(weight_fn=weight_fn))
    chosen = floating_catchment(*scattered, decay, selection_weights=True)
    agrees(chosen.access, peer.three_stage_fca(weight_fn=weight_fn))
    summed = gravity_accessibility(scattered[0], scattered[1], decay)
    agrees(summed, peer.weighted_catchment(weight_fn=weight_fn))


def test_cumulative_opportunities_are_those_of_pysal(scattered: tuple[sparse.coo_array, Floats, Floats]) -> None:
    walks, supply, people = scattered
    theirs = peer_of(walks, supply, people).weighted_catchment(max_cost=800.0)
    agrees(cumulative_opportunities(walks, 10.0, supply), theirs)


# What must hold of any answer


@st.composite
def towns(draw: st.DrawFn) -> tuple[Floats, Floats, Floats]:
    """A full table of metres, places by origins (infinite where no walk leads), supply and people."""
    places, origins = draw(st.integers(1, 5)), draw(st.integers(1, 7))
    walk = st.one_of(st.just(0.0), st.integers(0, 3000).map(float), st.just(9e9))
    metres = draw(st.lists(walk, min_size=places * origins, max_size=places * origins))
    supply = draw(st.lists(st.integers(0, 60), min_size=places, max_size=places))
    people = draw(st.lists(st.integers(1, 3000), min_size=origins, max_size=origins))
    return np.array(metres).reshape(places, origins), np.array(supply, dtype=float), np.array(people, dtype=float)


LIMIT_M = 2000.0
decays = st.sampled_from(DECAYS)


@relaxed
@given(towns(), decays, st.booleans())
def test_all_that_is_offered_falls_to_somebody(
    town: tuple[Floats, Floats, Floats], decay: Decay, selection_weights: bool
) -> None:
    metres, supply, people = town
    found = floating_catchment(walks_of(metres, LIMIT_M), supply, people, decay, selection_weights)
    served = supply[found.demand > 0].sum()
    assert np.isfinite(found.access).all()
    assert float(found.access @ people) == pytest.approx(served, rel=1e-9, abs=1e-9)


@relaxed
@given(towns(), st.floats(0, 30), st.floats(0, 30))
def test_a_longer_walk_never_loses_a_place(town: tuple[Floats, Floats, Floats], minutes: float, more: float) -> None:
    metres, supply, _ = town
    walks = walks_of(metres, 5000.0)
    for offered in (None, supply):
        near = cumulative_opportunities(walks, minutes, offered)
        assert (cumulative_opportunities(walks, minutes + more, offered) >= near).all()


@relaxed
@given(towns(), decays, st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_places_and_origins_does_not_matter(
    town: tuple[Floats, Floats, Floats], decay: Decay, selection_weights: bool, random: Random
) -> None:
    metres, supply, people = town
    place, origin = (np.array(random.sample(range(size), size), dtype=int) for size in metres.shape)
    first = floating_catchment(walks_of(metres, LIMIT_M), supply, people, decay, selection_weights)
    turned = walks_of(metres[place][:, origin], LIMIT_M)
    shuffled = np.array(random.sample(range(turned.nnz), turned.nnz), dtype=int)
    turned = sparse.coo_array((turned.data[shuffled], (turned.row[shuffled], turned.col[shuffled])), shape=turned.shape)
    again = floating_catchment(turned, supply[place], people[origin], decay, selection_weights)
    assert again.access == pytest.approx(first.access[origin], rel=1e-12)
    assert again.ratio == pytest.approx(first.ratio[place], rel=1e-12, nan_ok=True)


@relaxed
@given(towns(), decays, st.booleans(), st.floats(0.01, 0.99))
def test_splitting_an_origin_changes_no_persons_access(
    town: tuple[Floats, Floats, Floats], decay: Decay, selection_weights: bool, part: float
) -> None:
    metres, supply, people = town
    whole = floating_catchment(walks_of(metres, LIMIT_M), supply, people, decay, selection_weights)
    split = np.append(people, people[0] * (1 - part))
    split[0] *= part
    in_two = walks_of(np.column_stack([metres, metres[:, 0]]), LIMIT_M)
    parts = floating_catchment(in_two, supply, split, decay, selection_weights)
    assert parts.access == pytest.approx(np.append(whole.access, whole.access[0]), rel=1e-9)
    start = origins_of(list(people), ["a"] * len(people))
    start_split = origins_of(list(split), ["a"] * len(split))
    assert area_means(start_split, parts.access)["a"] == pytest.approx(area_means(start, whole.access)["a"], rel=1e-9)


@relaxed
@given(towns(), st.floats(0, 30), st.data())
def test_closing_a_place_never_raises_what_is_near(
    town: tuple[Floats, Floats, Floats], minutes: float, data: st.DataObject
) -> None:
    metres, supply, _ = town
    closed = data.draw(st.integers(0, len(supply) - 1))
    left = metres.copy()
    left[closed] = np.inf
    for offered in (None, supply):
        before = cumulative_opportunities(walks_of(metres, LIMIT_M), minutes, offered)
        assert (cumulative_opportunities(walks_of(left, LIMIT_M), minutes, offered) <= before).all()
    before = gravity_accessibility(walks_of(metres, LIMIT_M), supply, Gaussian(400.0))
    after = gravity_accessibility(walks_of(left, LIMIT_M), supply, Gaussian(400.0))
    assert (after <= before * (1 + 1e-12)).all()


@relaxed
@given(towns(), decays, st.data())
def test_closing_a_place_without_selection_takes_its_share_and_nothing_else(
    town: tuple[Floats, Floats, Floats], decay: Decay, data: st.DataObject
) -> None:
    metres, supply, people = town
    assume(len(supply) > 1)
    closed = data.draw(st.integers(0, len(supply) - 1))
    before = floating_catchment(walks_of(metres, LIMIT_M), supply, people, decay)
    left = metres.copy()
    left[closed] = np.inf
    after = floating_catchment(walks_of(left, LIMIT_M), supply, people, decay)
    others = np.arange(len(supply)) != closed
    assert after.ratio[others] == pytest.approx(before.ratio[others], rel=1e-12, nan_ok=True)
    assert (after.access <= before.access * (1 + 1e-12)).all()
