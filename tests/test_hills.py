"""Walks that allow for hills: Tobler's numbers by hand, hills drawn on paper, and what must hold of any ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from assetmap import questions
from assetmap.cli import main
from assetmap.errors import QuestionError
from assetmap.network import (
    Hills,
    Network,
    Relief,
    build_network,
    entries_of,
    level_metres,
    meeting,
    share_with_heights,
    snap,
    walk_from,
)
from assetmap.placeview import PlaceView, Walking
from assetmap.questions.supply import walks_to
from assetmap.scenarios import Change, Scenario
from assetmap.space import Floats
from assetmap.store import Store, open_store
from assetmap.tables import Assets, Heights, Streets
from registers import LAYERS
from test_questions import fill
from town import (
    CORNER_M,
    HILLY_LIBRARY_WALKS_M,
    LIBRARY_WALKS_M,
    PLACE,
    POSTCODES_M,
    UPHILL,
    heights_from,
    metres,
    stored,
    streets_from,
    town_assets,
    town_heights,
    town_streets,
)

HILLY = Walking(slope=True)
WITHIN_10_CM = 0.1
HILLS = st.integers(0, 2**32 - 1)


def tobler_kmh(slope: float) -> float:
    """Pace as Tobler published it in 1993."""
    return float(6.0 * np.exp(-3.5 * abs(slope + 0.05)))


@pytest.mark.parametrize(
    ("slope", "times"), [(0.0, 1.0), (0.05, 1.0153516187), (0.1, 1.2095337743), (0.2, 1.7164101), (0.5, 4.9049013)]
)
def test_toblers_pace_is_met_on_even_slopes_both_ways(slope: float, times: float) -> None:
    for rise in (slope, -slope):
        there, back = tobler_kmh(0) / tobler_kmh(rise), tobler_kmh(0) / tobler_kmh(-rise)
        found = level_metres(np.array([100.0]), np.array([rise]), np.array([rise]))
        assert found == pytest.approx(100 * times, rel=1e-6)
        assert found == pytest.approx(100 * (there + back) / 2, rel=1e-12)


def test_steeper_than_one_in_two_counts_as_one_in_two() -> None:
    cliff, steep = (level_metres(np.array([10.0]), np.array([rise]), np.array([rise])) for rise in (7.0, 0.5))
    assert cliff == pytest.approx(steep, rel=1e-12)


@given(st.floats(-0.9, 0.9), st.floats(-0.9, 0.9))
def test_a_slope_that_changes_takes_the_mean_of_its_parts(start: float, end: float) -> None:
    shares = (np.arange(20_000) + 0.5) / 20_000
    slopes = start + shares * (end - start)
    parts = level_metres(np.full(len(slopes), 1 / len(slopes)), slopes, slopes)
    found = level_metres(np.ones(1), np.array([start]), np.array([end]))
    assert found == pytest.approx(parts.sum(), rel=1e-6)


def test_where_no_height_is_known_ways_are_level() -> None:
    assert level_metres(np.array([40.0]), np.array([np.nan]), np.array([np.nan])) == 40.0


def over_hills(network: Network, relief: Relief, streets: Streets) -> Network:
    return Hills(network, relief, streets).network


def ground(height_m: Callable[[Floats, Floats], Any]) -> Relief:
    return Relief.of(heights_from(height_m))


def test_heights_between_four_points_are_even_from_each_to_the_next() -> None:
    relief = ground(
        lambda east, north: (east - 25) / 50 + 10 * (north - 25) / 50 + 100 * (east - 25) * (north - 25) / 2500
    )
    at = np.array([metres(25, 25), metres(50, 25), metres(25, 50), metres(50, 50), metres(37.5, 62.5)])
    assert relief.at(at) == pytest.approx([0, 0.5, 5, 0.5 + 5 + 25, 0.25 + 7.5 + 18.75], abs=1e-9)
    assert np.isnan(relief.at(np.array([metres(9_000, 0), metres(0, -9_000), metres(-976, 0)]))).tolist() == [
        True, True, True,
    ]  # fmt: skip


def test_of_two_sources_the_second_fills_what_the_first_does_not_know() -> None:
    west = heights_from(lambda east, north: np.where(east < 500, 10.0, np.nan) + 0 * north)
    both = Heights(pd.concat([west, heights_from(lambda east, north: 20.0 + 0 * east * north)], ignore_index=True))
    assert Relief.of(both).at(np.array([metres(300, 300), metres(700, 300)])).tolist() == [10.0, 20.0]


def walked(streets: Streets, relief: Relief, start: tuple[float, float], end: tuple[float, float]) -> float:
    """Level metres from one vertex to another."""
    network = over_hills(build_network(streets), relief, streets)
    placed = snap(network, np.array([metres(*start), metres(*end)]), limit_m=1.0)
    return float(walk_from(network, placed.node[:1], np.zeros(1)).distance_m[placed.node[1]])


ALONG = [(0.0, 300.0), (400.0, 300.0)]


def test_a_hillside_is_climbed_and_a_street_along_it_is_level() -> None:
    slope = ground(lambda east, north: north / 10 + 0 * east)
    up = streets_from([[(300, 0), (300, 400)]], ["path"])
    across = streets_from([ALONG], ["path"])
    slant = streets_from([[(0, 0), (300, 300)]], ["path"])
    assert walked(up, slope, (300, 0), (300, 400)) == pytest.approx(400 * UPHILL, abs=WITHIN_10_CM)
    assert walked(across, slope, *ALONG) == pytest.approx(400, abs=WITHIN_10_CM)
    half = np.hypot(300, 300)
    slant_m = level_metres(np.array([half]), np.array([30 / half]), np.array([30 / half]))
    assert walked(slant, slope, (0, 0), (300, 300)) == pytest.approx(float(slant_m[0]), abs=WITHIN_10_CM)


def test_a_long_way_climbs_the_hill_between_its_ends() -> None:
    ridge = ground(lambda east, north: 40 - np.abs(east - 225) / 5 + 0 * north)
    (one, two) = ((225.0, 300.0), (425.0, 300.0))
    whole = [(25.0, 300.0), two]
    steep = level_metres(np.array([400.0]), np.array([0.2]), np.array([0.2]))[0]
    assert walked(streets_from([whole], ["path"]), ridge, *whole) == pytest.approx(steep, abs=WITHIN_10_CM)
    assert walked(streets_from([[whole[0], one, two]], ["path"]), ridge, *whole) == pytest.approx(
        steep, abs=WITHIN_10_CM
    )


def test_a_short_way_is_as_steep_as_the_ground_around_and_not_as_a_rounding() -> None:
    # heights a tenth of a metre out, every other one up and down: over 3 m that would be a slope of 7 in 100
    rough = ground(lambda east, north: np.round(((east + north) / 50) % 2) / 10)
    three = [(100.0, 300.0), (103.0, 300.0)]
    assert 3 <= walked(streets_from([three], ["path"]), rough, *three) < 3.001 + 0.01


VALLEY = ground(lambda east, north: 30 - np.maximum(20 - np.abs(east - 225) / 5, 0) + 0 * north)
"""A valley between 125 and 325 east, 20 m deep at 225."""


@pytest.mark.parametrize("over", ['{"bridge": "yes"}', '{"bridge": "viaduct"}', '{"tunnel": "yes"}'])
def test_a_bridge_or_tunnel_takes_its_ends_slope_and_not_the_grounds(over: str) -> None:
    west, east = [(25, 300), (125, 300)], [(325, 300), (425, 300)]
    # two bridges in a row, the first with a corner over the river and a steep side path that joins nothing
    spans = [[(125, 300), (200, 300), (225, 300)], [(225, 300), (325, 300)]]
    streets = streets_from([west, *spans, east], ["path"] * 4)
    below = walked(streets, VALLEY, (25, 300), (425, 300))
    streets.loc[[1, 2], "details"] = over
    assert walked(streets, VALLEY, (25, 300), (425, 300)) == pytest.approx(400, abs=WITHIN_10_CM)
    assert below > 480
    streets.loc[[1, 2], "details"] = '{"bridge": "no", "tunnel": "no"}'
    assert walked(streets, VALLEY, (25, 300), (425, 300)) == pytest.approx(below, abs=1e-9)


def test_a_bridge_between_banks_of_two_heights_rises_evenly() -> None:
    banks = ground(
        lambda east, north: np.where(east < 250, 20.0, 40.0) - 15 * ((east > 150) & (east < 350)) + 0 * north
    )
    streets = streets_from(
        [[(0, 300), (100, 300)], [(100, 300), (175, 300), (400, 300)], [(400, 300), (500, 300)]], ["path"] * 3
    )
    streets.loc[1, "details"] = '{"bridge": "yes"}'
    rise = level_metres(np.array([300.0]), np.array([20 / 300]), np.array([20 / 300]))[0]
    assert walked(streets, banks, (100, 300), (400, 300)) == pytest.approx(rise, abs=WITHIN_10_CM)


def test_a_bridge_that_touches_no_ground_is_walked_all_the_same() -> None:
    ring = streets_from([[(0, 300), (100, 300), (100, 400), (0, 300)]], ["path"])
    ring["details"] = '{"bridge": "yes"}'
    assert walked(ring, ground(lambda east, north: 5.0 + 0 * east * north), (0, 300), (100, 300)) == pytest.approx(
        100, abs=WITHIN_10_CM
    )


def test_how_much_of_the_ways_has_heights_is_known() -> None:
    streets = streets_from([[(100, 300), (300, 300)], [(900, 300), (1000, 300)]], ["path"] * 2)
    network = build_network(streets)
    half = ground(lambda east, north: np.where(east < 500, 10.0, np.nan) + 0 * north)
    assert share_with_heights(network, half) == pytest.approx(2 / 3, abs=1e-3)
    assert over_hills(network, half, streets).edges[1] == pytest.approx(network.edges[1])
    nowhere = build_network(Streets(streets.iloc[:0]))
    assert np.isnan(share_with_heights(nowhere, half))
    assert len(over_hills(nowhere, half, streets)) == 0


def wild(seed: int) -> Relief:
    """Any ground: heights with no order in them, some of them not known."""
    chance = np.random.default_rng(seed)
    known = chance.uniform(0, 40, (100, 100))
    known[chance.random(known.shape) < 0.02] = np.nan
    return Relief((CORNER_M[0] - 975.0, CORNER_M[1] - 975.0), known)


@settings(max_examples=25)
@given(HILLS)
def test_on_any_ground_walks_are_the_same_both_ways_and_never_shorter(seed: int) -> None:
    streets = town_streets()
    level = build_network(streets)
    hilly = over_hills(level, wild(seed), streets)
    assert (hilly.graph != hilly.graph.T).nnz == 0
    assert (hilly.edges[0] == level.edges[0]).all()
    assert (hilly.edges[1] >= level.edges[1] * (1 - 1e-12)).all()


@settings(max_examples=25)
@given(HILLS, st.floats(-30, 30))
def test_only_differences_of_height_count_and_up_is_down(seed: int, lift_m: float) -> None:
    streets, relief = town_streets(), wild(seed)
    level = build_network(streets)
    found, lifted, turned = (
        over_hills(level, replace(relief, heights_m=heights), streets).edges[1]
        for heights in (relief.heights_m, relief.heights_m + lift_m, -relief.heights_m)
    )
    assert lifted == pytest.approx(found, rel=1e-9)
    assert turned == pytest.approx(found, rel=1e-12)


@settings(max_examples=25)
@given(HILLS, st.lists(st.tuples(st.floats(-50, 1650), st.floats(-50, 650)), min_size=1, max_size=12))
def test_a_way_takes_as_long_however_many_doors_part_it(seed: int, doors: list[tuple[float, float]]) -> None:
    streets, relief = town_streets(), wild(seed)
    level = build_network(streets)
    met = meeting(level, np.array([metres(*door) for door in doors]))
    before, after = (
        walk_from(over_hills(each, relief, streets), np.array([0, 20]), np.zeros(2)).distance_m[: len(level)]
        for each in (level, met)
    )
    assert after == pytest.approx(before, rel=1e-9)


@pytest.mark.filterwarnings("error")
@settings(max_examples=25)
@given(HILLS, st.floats(0, 1))
@example(500_000, 0.9375)  # where a part's slope crosses 1 in 20 within a hundred thousandth
def test_both_parts_of_a_way_take_as_long_as_the_whole(seed: int, share: float) -> None:
    streets = town_streets()
    streets.loc[::3, "details"] = '{"bridge": "yes"}'
    hills = Hills(build_network(streets), wild(seed), streets)
    whole = hills.network.edges[1]
    first, second = hills.parts(np.arange(len(whole)), np.full(len(whole), share))
    assert first + second == pytest.approx(whole, rel=1e-9)


@pytest.fixture
def town(store: Store) -> PlaceView:
    fill(store, assets=town_assets(), heights=town_heights())
    return PlaceView(store, PLACE, LAYERS, HILLY)


def test_walks_in_the_town_on_a_hillside_are_those_on_paper(town: PlaceView) -> None:
    library = Assets(town.assets[town.assets["name"] == "Hand Town Library"].reset_index(drop=True))
    order = [list(town.origins["x_m"].round()).index(round(metres(*at)[0])) for at in POSTCODES_M.values()]
    assert order
    by_spot = {
        (round(x), round(y)): (hilly, level)
        for x, y, hilly, level in zip(
            town.origins["x_m"], town.origins["y_m"], town.nearest(library), town.nearest(library, on_the_level=True),
            strict=True,
        )
    }  # fmt: skip
    found = np.array([by_spot[tuple(round(each) for each in metres(*at))] for at in POSTCODES_M.values()])
    assert found[:, 0] == pytest.approx(HILLY_LIBRARY_WALKS_M, abs=WITHIN_10_CM)
    assert found[:, 1] == pytest.approx(LIBRARY_WALKS_M, abs=WITHIN_10_CM)


def test_an_answer_says_that_it_counts_hills_and_how_many_are_further_for_them(town: PlaceView) -> None:
    # 620 m to the library by W2 is 8 minutes; with the hill it is 659.8 level metres, 8.25 minutes
    told = questions.nearest(town, ["library"], minutes=8)
    assert told.title == "11% of Hand Town's people live within 8 minutes (counting hills) of a library"
    assert "Were all ways level, 300 fewer would." in told.sentence
    assert "Minutes allow for hills, from A register of , by Tobler's hiking function (1993)" in " ".join(told.caveats)
    assert "heights" in [source.layer for source in told.sources]
    assert any("stairs are walked as slopes" in words for words in told.caveats)
    assert not any("slopes, crossings" in words for words in told.caveats)
    assert "Hills add nobody to them." in questions.nearest(town, ["library"], minutes=30).sentence


def test_without_being_asked_for_hills_are_not_counted(store: Store) -> None:
    hilly, flat = (fill(store, assets=town_assets(), heights=heights) for heights in (town_heights(), None))
    answer, same = (questions.nearest(view, ["library"]) for view in (hilly, flat))
    pd.testing.assert_frame_equal(answer.table, same.table)
    assert (answer.title, answer.sentence, answer.method) == (same.title, same.sentence, same.method)
    assert "heights" not in [source.layer for source in answer.sources]


def test_step_free_walks_count_hills_too(store: Store) -> None:
    fill(store, assets=town_assets(), heights=town_heights())
    both = questions.nearest(PlaceView(store, PLACE, LAYERS, Walking(step_free=True, slope=True)), ["library"])
    assert "within 15 step-free minutes (counting hills) of a library" in both.title


def test_where_heights_are_not_known_it_is_told_how_much_counts_as_level(store: Store) -> None:
    west = heights_from(lambda east, north: np.where(east < 900, 10.0, np.nan) + 0 * north)
    fill(store, assets=town_assets(), heights=west)
    said = questions.nearest(PlaceView(store, PLACE, LAYERS, HILLY), ["library"]).caveats
    assert any(words.endswith("of the length of the ways no height is loaded: they count as level.") for words in said)


def test_a_straight_line_does_not_count_hills_and_says_so(store: Store) -> None:
    fill(store, assets=town_assets(), streets=False, heights=town_heights())
    told = questions.nearest(PlaceView(store, PLACE, LAYERS, HILLY), ["library"])
    assert "hills" not in told.title + told.sentence + told.method
    assert "Hills are not told of in a straight line: its minutes are those of level ground." in told.caveats


def test_a_place_without_heights_says_what_to_load(store: Store) -> None:
    fill(store, assets=town_assets())
    with pytest.raises(QuestionError, match=r"No heights of the ground are loaded for Hand Town.*OS Terrain 50"):
        PlaceView(store, PLACE, LAYERS, HILLY)


def test_a_place_only_thought_of_is_as_far_up_the_hill_as_one_that_is_there(town: PlaceView) -> None:
    hall = town_assets().query("kind == 'hall'")
    thought = hall.assign(asset_id="thought of").set_geometry(stored([Point(1590, 437)]), crs=hall.crs)
    there = Assets(pd.concat([town.assets, thought.assign(access=None)], ignore_index=True))
    mapped = PlaceView(town._store, PLACE, LAYERS, HILLY)
    mapped.__dict__["assets"] = there
    met, known = (walks_to(view, Assets(thought)).metres.toarray() for view in (town, mapped))
    assert met == pytest.approx(known, abs=1e-6)
    assert entries_of(Assets(thought)).points_m.shape == (1, 2)


def test_closing_on_a_hillside_never_shortens_a_walk(town: PlaceView) -> None:
    (library,) = town.assets.query("name == 'Hand Town Library'")["asset_id"]
    told = questions.whatif(town, [Scenario("", (Change("close", library),))], ["library"])
    before, after = (told.table[f"walk_minutes_{when}"].to_numpy(dtype=float) for when in ("before", "after"))
    assert not (after < before).any()
    assert "counting hills" in told.title


QUESTIONS = [
    ("nearest", "--kind", "library"), ("access", "--kind", "library"), ("gaps",), ("profile",),
    ("sites", "--kind", "library"), ("who-lost", "--kind", "library"), ("whatif", "--close", "Hand Town Library"),
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_of_walks_can_count_hills(
    question: tuple[str, ...], store_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(*words: str) -> tuple[object, str]:
        monkeypatch.setattr("sys.argv", ["assetmap", "ask", *question, "--store", store_url, *words])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return left.value.code, " ".join(f"{told.out} {told.err}".split())

    with open_store(store_url) as store:
        fill(store, assets=town_assets())
    code, said = ask("--slope")
    assert code == 1
    assert "No heights of the ground are loaded for Hand Town" in said
    with open_store(store_url) as store:
        fill(store, assets=town_assets(), heights=town_heights())
    assert "Minutes allow for hills" not in ask()[1]
    code, said = ask("--slope")
    assert not code
    assert "Minutes allow for hills, from A register" in said


def test_a_network_without_streets_has_no_hills(store: Store) -> None:
    fill(store, assets=town_assets(), streets=False, heights=town_heights())
    view = PlaceView(store, PLACE, LAYERS, HILLY)
    assert view.network is None
    assert len(view.walkways.network) == 0
