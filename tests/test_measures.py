"""What neighbourhoods can reach: the answers of the town solved on paper, and what must hold of any answer."""

from __future__ import annotations

from random import Random

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, box

from assetmap.measures import (
    BUILDING,
    HOME,
    MIDDLE,
    ORIGIN_COLUMNS,
    POSTCODE,
    STREET_NODE,
    at_origins,
    kinds_within,
    origins,
    per_1000,
    provision,
    reach,
)
from assetmap.network import Network, build_network, entries_of, meeting, snap, straight_from, walk_from
from assetmap.space import MEASURED_CRS, STORED_CRS, Floats, to_stored
from assetmap.tables import Areas, Assets, Locators, Streets
from town import (
    EAST,
    HALL_WALKS_M,
    LIBRARY_WALKS_M,
    PARK_WALKS_M,
    PEOPLE,
    POSTCODES_M,
    WEST,
    area_from,
    areas_from,
    metres,
    town_areas,
    town_assets,
    town_locators,
    town_streets,
)

WITHIN_5_CM = 0.05
relaxed = settings(max_examples=25)


@pytest.fixture(scope="module")
def town() -> Network:
    homes_m = np.array([metres(*point) for point in POSTCODES_M.values()])
    return meeting(build_network(town_streets()), homes_m)


@pytest.fixture(scope="module")
def homes(town: Network) -> pd.DataFrame:
    return origins(town_areas(), town_locators(), town)


def walks_to(network: Network, start: pd.DataFrame, *names: str) -> Floats:
    assets = town_assets()
    entered = entries_of(Assets(assets[assets["name"].isin(names)]))
    placed = snap(network, entered.points_m)
    return at_origins(start, walk_from(network, placed.node, placed.distance_m))


def made_up_origins(people: list[float], area_codes: list[str]) -> pd.DataFrame:
    start = pd.DataFrame({"area_code": area_codes, "people": people, "origin_kind": POSTCODE})
    return start.reindex(columns=list(ORIGIN_COLUMNS))


def test_people_set_out_from_their_postcodes(homes: pd.DataFrame) -> None:
    assert list(homes.columns) == list(ORIGIN_COLUMNS)
    assert homes["area_code"].tolist() == [WEST] * 4 + [EAST] * 5
    assert homes["people"].tolist() == [300.0] * 9
    assert set(homes["origin_kind"]) == {POSTCODE}
    expected = np.array([metres(*point) for point in POSTCODES_M.values()])
    assert homes[["x_m", "y_m"]].to_numpy() == pytest.approx(expected, abs=WITHIN_5_CM)
    assert homes["snap_m"].tolist() == pytest.approx([0.0] * 9, abs=WITHIN_5_CM)


@pytest.mark.parametrize("area_codes", ["missing column", "missing values"])
def test_postcodes_that_name_no_neighbourhood_are_placed_by_where_they_lie(
    town: Network, homes: pd.DataFrame, area_codes: str
) -> None:
    locators = town_locators()
    unnamed = locators.drop(columns="area_code") if area_codes == "missing column" else locators.assign(area_code=None)
    pd.testing.assert_frame_equal(origins(town_areas(), Locators(unnamed), town), homes)


def test_a_postcode_of_another_place_is_nobodys_home_here(town: Network) -> None:
    elsewhere = town_locators().assign(area_code="E01000001")
    assert set(origins(town_areas(), Locators(elsewhere), town)["origin_kind"]) == {STREET_NODE}


def homes_at(*spots: tuple[tuple[float, float], int, str]) -> Locators:
    """So many homes at each spot, in metres of the town, and all of its postcodes."""
    template = town_locators()
    template = template[template["scheme"] == "postcode"]
    points = [Point(metres(*spot)) for spot, count, _ in spots for _ in range(count)]
    rows = template.iloc[[0] * len(points)].reset_index(drop=True)
    rows["scheme"] = "uprn"
    rows["area_code"] = [code for _, count, code in spots for _ in range(count)]
    shapes = to_stored(gpd.GeoSeries(points, crs=MEASURED_CRS))
    homes = gpd.GeoDataFrame(rows.drop(columns="geometry"), geometry=shapes.to_numpy(), crs=STORED_CRS)
    return Locators(pd.concat([homes, template], ignore_index=True))


def test_people_are_shared_by_the_homes_at_each_spot(town: Network) -> None:
    start = origins(town_areas(), homes_at(((0, 0), 200, WEST), ((400, 200), 100, WEST)), town)
    west = start[start["area_code"] == WEST].sort_values("people")
    assert west["people"].tolist() == pytest.approx([400, 800])
    assert set(west["origin_kind"]) == {HOME}
    # the east, of which no homes are loaded, sets out from its postcodes as before
    east = start[start["area_code"] == EAST]
    assert (east["origin_kind"] == POSTCODE).all()
    assert east["people"].tolist() == pytest.approx([300] * 5)


def test_too_few_homes_do_not_say_where_people_live(town: Network) -> None:
    # 1,200 people: 300 homes are one for four of them, 299 are not
    start = origins(town_areas(), homes_at(((0, 0), 299, WEST)), town)
    assert (start["origin_kind"] == POSTCODE).all()
    areas = town_areas()
    areas["population"] = pd.array([None, 1500], dtype="Int64")
    unknown = origins(areas, homes_at(((0, 0), 300, WEST)), town)
    assert (unknown["origin_kind"] == POSTCODE).all()


@relaxed
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 60)), min_size=1, max_size=9), st.integers(0, 2000))
def test_all_people_live_somewhere_however_many_homes_are_loaded(spots: list[tuple[int, int]], people: int) -> None:
    areas = town_areas()
    areas["population"] = pd.array([people, 1500], dtype="Int64")
    start = origins(areas, homes_at(*[((100.0 * at, 0.0), count, WEST) for at, count in spots]), None)
    west = start[start["area_code"] == WEST]
    assert west["people"].sum() == pytest.approx(people)
    homes = sum(count for _, count in spots)
    assert set(west["origin_kind"]) == {HOME if homes * 4 >= people else POSTCODE}
    if homes * 4 >= people:
        assert len(west) == len({at for at, _ in spots})
        assert west["people"].min() == pytest.approx(people * min(
            sum(count for other, count in spots if other == at) for at, _ in spots) / homes)  # fmt: skip


def buildings_at(*spots: tuple[tuple[float, float], float]) -> Locators:
    """Buildings at these spots of the town, in metres, each with so many homes; no neighbourhood is named."""
    one = homes_at(*((spot, 1, WEST) for spot, _ in spots))
    one = one[one["scheme"] == "uprn"]
    return Locators(one.assign(scheme="building", area_code=None, homes=[homes for _, homes in spots]))


def together(*parts: Locators) -> Locators:
    return Locators(pd.concat(parts, ignore_index=True))


def test_people_are_shared_among_buildings_by_the_homes_that_each_holds(town: Network) -> None:
    flats_and_house = buildings_at(((0, 0), 299.5), ((400, 200), 0.5))
    start = origins(town_areas(), together(town_locators(), flats_and_house), town)
    west = start[start["area_code"] == WEST].sort_values("people")
    assert west["people"].tolist() == pytest.approx([2, 1198])
    assert set(west["origin_kind"]) == {BUILDING}
    assert set(start[start["area_code"] == EAST]["origin_kind"]) == {POSTCODE}


def test_where_too_few_homes_are_drawn_people_set_out_from_postcodes(town: Network) -> None:
    start = origins(town_areas(), together(town_locators(), buildings_at(((0, 0), 299.9))), town)
    assert set(start["origin_kind"]) == {POSTCODE}


def test_addresses_tell_where_people_live_before_buildings_do(town: Network) -> None:
    drawn = buildings_at(((800, 0), 900), ((1000, 0), 900))
    start = origins(town_areas(), together(homes_at(((0, 0), 300, WEST)), drawn), town)
    of_area = start.groupby("area_code")["origin_kind"].first()
    assert of_area.to_dict() == {WEST: HOME, EAST: BUILDING}
    # addresses that are too few leave the neighbourhood to the buildings
    start = origins(town_areas(), together(homes_at(((0, 0), 299, WEST)), drawn), town)
    assert set(start["origin_kind"]) == {BUILDING}


DRAWN = st.lists(
    st.tuples(st.integers(-9, 89), st.integers(-9, 69), st.floats(1, 80)),
    min_size=2,
    max_size=12,
    unique_by=lambda b: b[:2],
)


@relaxed
@given(DRAWN, st.integers(0, 79), st.randoms())
def test_splitting_a_neighbourhood_of_buildings_in_two_changes_no_persons_access(
    town: Network, drawn: list[tuple[int, int, float]], border: int, chance: Random
) -> None:
    # a building at 10 m steps, the border half way between two of them
    east_m = 10.0 * border + 5.0
    spots = [((10.0 * east, 10.0 * north), homes) for east, north, homes in drawn]
    homes = sum(homes for _, homes in spots)
    nearer = sum(homes for (east, _), homes in spots if east < east_m)
    people = 2.4 * homes
    whole = areas_from([area_from("W", box(-100, -100, 900, 700), people)])
    halves = areas_from(
        [
            area_from("W1", box(-100, -100, east_m, 700), people * nearer / homes),
            area_from("W2", box(east_m, -100, 900, 700), people * (homes - nearer) / homes),
        ]
    )
    mixed = list(spots)
    chance.shuffle(mixed)
    before, after = (origins(areas, buildings_at(*each), town) for areas, each in ((whole, spots), (halves, mixed)))
    for start, areas in ((before, whole), (after, halves)):
        shared = start.groupby("area_code")["people"].sum()
        assert shared.to_numpy() == pytest.approx(areas["population"].to_numpy(), rel=1e-9, abs=1e-9)
    there = [start[start["people"] > 0].sort_values(["x_m", "y_m"], ignore_index=True) for start in (before, after)]
    assert there[0][["x_m", "y_m"]].to_numpy() == pytest.approx(there[1][["x_m", "y_m"]].to_numpy())
    assert there[0]["people"].to_numpy() == pytest.approx(there[1]["people"].to_numpy(), rel=1e-9)
    reached = [reach(start, walks_to(town, start, "Hand Town Library"), 10)["people_within"].sum() for start in there]
    assert reached[0] == pytest.approx(reached[1], rel=1e-9, abs=1e-9)


def test_without_postcodes_people_set_out_from_the_streets_they_live_on(town: Network) -> None:
    start = origins(town_areas(), None, town)
    assert set(start["origin_kind"]) == {STREET_NODE}
    assert start.groupby("area_code").size().to_dict() == {WEST: 20, EAST: 16}
    assert start.groupby("area_code")["people"].sum().to_dict() == pytest.approx(PEOPLE)
    assert (start["snap_m"] == 0).all()
    assert town.residential[start["node"]].all()


def test_without_residential_streets_any_street_will_do() -> None:
    network = build_network(Streets(town_streets().assign(kind="path")))
    start = origins(town_areas(), None, network)
    assert start.groupby("area_code").size().to_dict() == {WEST: 22, EAST: 19}


def test_without_streets_people_set_out_from_the_middle_and_it_says_so(town: Network) -> None:
    field = area_from("E01999903", box(0, 5000, 1000, 6000), 900)
    start = origins(areas_from([field]), town_locators(), town)
    assert start["origin_kind"].tolist() == [MIDDLE]
    assert start["people"].tolist() == [900.0]
    assert start[["x_m", "y_m"]].to_numpy() == pytest.approx(np.array([metres(500, 5500)]), abs=1.0)
    assert start["node"].tolist() == [-1]
    assert np.isnan(start["snap_m"]).all()


def test_a_neighbourhood_without_a_shape_or_a_population_is_still_there(town: Network) -> None:
    areas = town_areas().astype({"population": "Int64"})
    areas.loc[1, "population"] = pd.NA
    areas = areas.set_geometry([areas.geometry.iloc[0], None], crs=areas.crs)
    start = origins(Areas(areas), None, town)
    assert start["area_code"].tolist() == [WEST] * 20 + [EAST]
    answer = reach(start, walks_to(town, start, "Hand Town Library"))
    assert answer["measured"].to_dict() == {WEST: True, EAST: False}
    assert np.isnan(answer.loc[EAST, "people"])
    assert np.isnan(answer.loc[EAST, "share_within"])


def test_no_neighbourhoods_have_no_origins_and_no_answers(town: Network) -> None:
    start = origins(Areas(town_areas().iloc[:0]), town_locators(), town)
    assert list(start.columns) == list(ORIGIN_COLUMNS)
    assert start.empty
    assert reach(start, np.zeros(0)).empty
    assert kinds_within(start, {"library": np.zeros(0)}).empty


def test_the_towns_reach_of_its_library_is_that_solved_on_paper(town: Network, homes: pd.DataFrame) -> None:
    distance_m = walks_to(town, homes, "Hand Town Library")
    assert distance_m == pytest.approx(LIBRARY_WALKS_M, abs=WITHIN_5_CM)
    west, east = (reach(homes, distance_m).loc[code] for code in (WEST, EAST))
    assert west["share_within"] == 0.75
    assert west["people_within"] == 900
    assert west["walk_m_median"] == pytest.approx(620, abs=WITHIN_5_CM)
    assert west["walk_minutes_median"] == pytest.approx(7.75, abs=0.001)
    assert west["people_not_reached"] == 0
    assert east["share_within"] == pytest.approx(0.2)
    assert east["people_within"] == 300
    assert east["walk_m_median"] == pytest.approx(1230, abs=WITHIN_5_CM)
    assert east["people_not_reached"] == 300
    assert west["measured_from"] == east["measured_from"] == POSTCODE


def test_the_towns_reach_before_the_closure_is_that_solved_on_paper(town: Network, homes: pd.DataFrame) -> None:
    before = reach(homes, walks_to(town, homes, "Hand Town Library", "Eastgate Library"))
    assert before["people_within"].to_dict() == {WEST: 900, EAST: 1200}


def test_nothing_open_is_a_share_of_0_and_not_a_missing_answer(town: Network, homes: pd.DataFrame) -> None:
    answer = reach(homes, walks_to(town, homes))
    assert answer["measured"].all()
    assert (answer["share_within"] == 0).all()
    assert answer["people_not_reached"].to_dict() == PEOPLE
    assert answer["walk_m_median"].isna().all()


def test_what_was_not_measured_is_never_0(homes: pd.DataFrame) -> None:
    distance_m = np.where(homes["area_code"] == WEST, np.nan, 100.0)
    answer = reach(homes, distance_m)
    assert answer["measured"].to_dict() == {WEST: False, EAST: True}
    unmeasured = ["share_within", "people_within", "walk_m_median", "walk_minutes_median", "people_not_reached"]
    assert answer.loc[WEST, unmeasured].isna().all()
    assert answer["people_not_measured"].to_dict() == {WEST: 1200, EAST: 0}


def test_the_share_is_of_the_people_measured(homes: pd.DataFrame) -> None:
    answer = reach(homes, np.array([100, 2000, np.nan, np.nan, *[100.0] * 5]))
    assert answer.loc[WEST, ["share_within", "people_within", "people_not_measured"]].tolist() == [0.5, 300, 600]


@pytest.mark.parametrize("people", [np.nan, 0.0])
def test_without_people_the_origins_count_equally(people: float) -> None:
    answer = reach(made_up_origins([people] * 4, ["a"] * 4), np.array([10.0, 20.0, 30.0, 2000.0]))
    assert answer.loc["a", "share_within"] == 0.75
    assert answer.loc["a", "walk_m_median"] == 20
    assert answer.loc["a", "people_within"] == pytest.approx(people, nan_ok=True)


def test_the_median_is_weighted_by_people() -> None:
    answer = reach(made_up_origins([10, 10, 100], ["a"] * 3), np.array([100.0, 200.0, 900.0]))
    assert answer.loc["a", "walk_m_median"] == 900


def test_exactly_the_limit_is_still_near() -> None:
    answer = reach(made_up_origins([1, 1], ["a", "b"]), np.array([800.0, 800.1]), minutes=10)
    assert answer["share_within"].tolist() == [1, 0]


def test_straight_lines_are_labelled(homes: pd.DataFrame) -> None:
    start = origins(town_areas(), town_locators(), None)
    assert (start["node"] == -1).all()
    nearest = straight_from(start[["x_m", "y_m"]].to_numpy(), np.array([metres(0, -30)]))
    answer = reach(start, nearest.distance_m, method=nearest.method)
    assert set(answer["method"]) == {"straight line"}
    assert answer.loc[WEST, "share_within"] == 1.0
    assert set(reach(homes, np.zeros(len(homes)))["method"]) == {"walking"}


def test_kinds_within_a_walk_are_those_solved_on_paper(homes: pd.DataFrame) -> None:
    walks = {"library": LIBRARY_WALKS_M, "hall": HALL_WALKS_M, "park": PARK_WALKS_M}
    found = kinds_within(homes, {kind: np.array(walk, dtype=float) for kind, walk in walks.items()})
    assert found.to_dict() == pytest.approx({WEST: 1.75, EAST: 1.6})


def test_kinds_are_0_where_none_is_near_and_missing_where_not_measured(homes: pd.DataFrame) -> None:
    assert kinds_within(homes, {}).tolist() == [0, 0]
    distance_m = np.where(homes["area_code"] == WEST, np.nan, np.inf)
    assert kinds_within(homes, {"library": distance_m}).to_dict() == pytest.approx({WEST: np.nan, EAST: 0}, nan_ok=True)


def test_a_rate_needs_people() -> None:
    count, people = pd.Series([3.0, 3.0, 3.0, 0.0]), pd.Series([1500.0, 0.0, np.nan, 800.0])
    assert per_1000(count, people).tolist() == pytest.approx([2.0, np.nan, np.nan, 0.0], nan_ok=True)


def test_provision_shows_both_sides_of_the_rate_for_every_neighbourhood() -> None:
    hamlet = area_from("E01999903", box(0, 5000, 1000, 6000), 400)
    unknown = area_from("E01999904", box(0, 6000, 1000, 7000), None)
    areas = areas_from([area_from(WEST, box(0, 0, 1, 1), 1200), hamlet, unknown])
    found = provision(pd.Series([WEST, WEST, WEST, "E01000001", None]), areas)
    assert found["count"].tolist() == [3, 0, 0]
    assert found["people"].tolist() == pytest.approx([1200, 400, np.nan], nan_ok=True)
    assert found["per_1000"].tolist() == pytest.approx([2.5, 0.0, np.nan], nan_ok=True)
    assert found["few_people"].tolist() == [False, True, False]


distances = st.one_of(st.floats(0, 4000), st.just(np.inf), st.just(np.nan))
answers = st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 400), distances), min_size=1, max_size=25)
Rows = list[tuple[str, float, float]]


def as_origins(rows: Rows) -> tuple[pd.DataFrame, Floats]:
    codes, people, distance_m = zip(*rows, strict=True)
    return made_up_origins(list(people), list(codes)), np.array(distance_m)


@given(answers, st.floats(1, 60), st.floats(0, 30))
@relaxed
def test_a_longer_walk_never_loses_people(rows: Rows, minutes: float, more: float) -> None:
    start, distance_m = as_origins(rows)
    shorter, longer = (reach(start, distance_m, limit) for limit in (minutes, minutes + more))
    for column in ("people_within", "share_within"):
        # where nobody lives at the origins that are measured, no share of people is told
        assert (longer[column].isna() == shorter[column].isna()).all()
        gained = (longer[column] - shorter[column]).dropna()
        assert (gained >= 0).all()


@given(answers)
@relaxed
def test_everybody_is_accounted_for(rows: Rows) -> None:
    start, distance_m = as_origins(rows)
    answer = reach(start, distance_m, minutes=60)
    counted = answer[["people_within", "people_not_reached", "people_not_measured"]].sum(axis=1)
    assert counted.to_numpy() == pytest.approx(answer["people"].to_numpy())
    assert set(answer.index) == {code for code, _, _ in rows}
    assert answer["share_within"].dropna().between(0, 1).all()


@given(answers, st.randoms(use_true_random=False))
@relaxed
def test_the_order_of_origins_does_not_matter(rows: Rows, random: Random) -> None:
    turned = list(rows)
    random.shuffle(turned)
    first, again = (reach(*as_origins(some)).sort_index() for some in (rows, turned))
    pd.testing.assert_frame_equal(first, again)


@given(st.floats(210, 390), st.sampled_from(["Hand Town Library", "Ninth Avenue Hall", "Mill Park"]))
@settings(relaxed, max_examples=6)
def test_splitting_a_neighbourhood_changes_no_persons_walk(town: Network, cut_m: float, name: str) -> None:
    unnamed = Locators(town_locators().drop(columns="area_code"))
    halves = [area_from("E01999911", box(-100, -100, cut_m, 700), 300)]
    halves.append(area_from("E01999912", box(cut_m, -100, 900, 700), 900))
    whole = [area_from(WEST, box(-100, -100, 900, 700), 1200)]
    homes, walked, within = {}, {}, {}
    for rows in (whole, halves):
        start = origins(areas_from(rows), unnamed, town)
        walks = walks_to(town, start, name)
        homes[len(rows)] = start.sort_values("x_m")[["x_m", "y_m", "people"]].to_numpy()
        walked[len(rows)] = walks[np.argsort(start["x_m"])]
        within[len(rows)] = reach(start, walks)["people_within"].sum()
    assert homes[1] == pytest.approx(homes[2])
    assert walked[1] == pytest.approx(walked[2])
    assert within[1] == pytest.approx(within[2])


def test_the_order_of_neighbourhoods_and_postcodes_does_not_matter(town: Network, homes: pd.DataFrame) -> None:
    turned = origins(Areas(town_areas().iloc[::-1]), Locators(town_locators().iloc[::-1]), town)
    first, again = (reach(start, walks_to(town, start, "Mill Park")).sort_index() for start in (homes, turned))
    pd.testing.assert_frame_equal(first, again)
