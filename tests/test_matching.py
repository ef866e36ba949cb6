"""The same building in two registers: which pairs surely are one, which perhaps, and what questions make of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from assetmap import questions
from assetmap.errors import QuestionError
from assetmap.matching import NEAR_M, PERHAPS, SURE, SameBuildings, generic_words, same_buildings
from assetmap.placeview import PlaceView
from assetmap.questions.registers import REGISTERS_COLUMNS, in_two_registers
from assetmap.questions.strengths import strengths
from assetmap.scenarios import Change, Scenario, found_change
from assetmap.screens.tables import registers_table
from assetmap.space import MEASURED_CRS, to_stored
from assetmap.store import open_store
from assetmap.tables import Assets
from conftest import ENGINES, new_url
from registers import LAYERS
from rows import assets
from test_questions import fill
from town import PLACE, town_assets

CORNER_M = (377_000.0, 393_000.0)
OF_LAYER = {"public_land": "building", "community_buildings": "library", "closed_services": "library"}


def at(east_m: float) -> Point:
    """A spot so many metres east of a corner, as longitude and latitude."""
    spot = gpd.GeoSeries([Point(CORNER_M[0] + east_m, CORNER_M[1])], crs=MEASURED_CRS)
    return to_stored(spot).iloc[0]


def row(layer: str, name: str, east_m: float = 0.0, **more: Any) -> dict[str, Any]:
    kind = OF_LAYER.get(layer, "other")
    return {
        "layer": layer, "kind": kind, "name": name, "source": f"handtown/{layer}", "geometry": at(east_m), **more,
    }  # fmt: skip


def pair(name: str, other: str, metres_apart: float = 20.0, **both: Any) -> SameBuildings:
    """What is made of a building in the land register and of one in that of places to meet."""
    land, people = row("public_land", name, **both), row("community_buildings", other, metres_apart, **both)
    return same_buildings(assets(land, people), LAYERS)


def bands(found: SameBuildings) -> list[str]:
    return found.pairs["band"].tolist()


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Coppice Avenue Library", "Coppice Library"),
        ("Sale Library (Integrated Facility in Sale Waterside)", "Sale Library"),
        ("Hale Library Site", "Hale Library"),
        ("Trafford Town Hall", "Trafford Town Hall Library"),
        ("Old Trafford Sports Barn", "Stretford Sports Village, Old Trafford Sports Barn"),
        ("St. Mary's Hall", "ST MARYS HALL"),
        ("Former Netshed Row Library", "Netshed Row Library"),
    ],
)
def test_names_of_one_building_are_surely_the_same(name: str, other: str) -> None:
    (found,) = pair(name, other).pairs.to_dict("records")
    assert (found["band"], found["distance_m"]) == (SURE, pytest.approx(20, abs=0.1))
    assert found["score"] >= 85


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Holy Family RC Primary School", "Holy Family Church"),
        ("Partington Community Centre", "Partington Children's Centre"),
        ("Sale Leisure Centre", "Sale Library"),
        ("Stretford Library", "Urmston Library"),
        ("Library", "Library"),
    ],
)
def test_what_contradicts_itself_or_has_no_name_of_its_own_is_no_match(name: str, other: str) -> None:
    assert bands(pair(name, other)) == []


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("The Salt House", "Salt House"),  # neither says what it is
        ("Alma House", "Alma House Hall"),  # one does not
        ("Moss Park School", "Moss Park and Woodheys"),  # each has a word that the other has not
    ],
)
def test_a_name_alone_is_only_perhaps(name: str, other: str) -> None:
    found = pair(name, other)
    assert bands(found) == [PERHAPS]
    assert not found.of(found.pairs["asset_id"]), "nothing is taken for the same that is not sure"


def test_far_apart_is_no_match_unless_the_postcode_is_the_same() -> None:
    assert bands(pair("Sale Library", "Sale Library", NEAR_M - 1)) == [SURE]
    assert bands(pair("Sale Library", "Sale Library", NEAR_M + 1)) == []
    assert bands(pair("Sale Library", "Sale Library", NEAR_M + 1, postcode="M33 7ZF")) == [SURE]
    assert bands(pair("Sale Library", "Sale Library", NEAR_M + 1, postcode="M33")) == []


def test_a_name_with_more_words_of_its_own_must_be_closer() -> None:
    assert bands(pair("Hale Hall", "Hale Barns Hall", 99)) == [SURE]
    assert bands(pair("Hale Hall", "Hale Barns Hall", 101)) == [PERHAPS]
    assert bands(pair("Hale Hall", "Hale Barns Hall", 101, postcode="WA15 9NT")) == [SURE]


def test_the_same_property_number_needs_half_a_name() -> None:
    number = {"uprn": "10070446007"}
    assert bands(pair("Coppice Avenue Library", "Coppise Av Library", 900, **number)) == [SURE]
    assert bands(pair("Unit 3", "Food Bank", 900, **number)) == [PERHAPS]
    assert bands(pair("Library", "Library", 900, **number)) == [PERHAPS]
    assert bands(pair("Sale Leisure Centre", "Sale Library", 900, **number)) == [PERHAPS]
    assert bands(pair("Library", "Library", 900, uprn="1.00013E+11")) == [], "that is no property number"


def test_reasons_are_told_in_plain_words() -> None:
    (told,) = pair("Sale Library", "Sale Library", uprn="10024817974", postcode="M33 7ZF").pairs["reasons"]
    assert told == ["the same property number", "the same postcode", "the same name", "both say library"]


def test_only_rows_of_buildings_that_stand_where_they_say_are_compared() -> None:
    found = same_buildings(
        assets(
            row("public_land", "Mill Park Hall"),
            row("green_space", "Mill Park Hall"),
            row("groups", "Mill Park Hall"),
            row("water", "Mill Park Hall"),
        ),
        LAYERS,
    )
    assert found.pairs.empty
    assert same_buildings(assets().iloc[:0], LAYERS).pairs.empty


def test_the_words_for_kinds_are_those_of_the_declarations() -> None:
    words = generic_words(LAYERS.values())
    assert {"library": "library", "libraries": "library", "centre": "centre", "childrens": "children's"}.items() <= (
        words.items()
    )
    assert not {"the", "of", "site", "sale", "trafford"} & words.keys()
    only = {"public_land": LAYERS["public_land"]}
    assert "library" not in generic_words(only.values())


NAMES = st.builds(
    lambda own, kind: f"{own} {kind}".strip(),
    st.sampled_from(["Sale", "Sale Moor", "Hale", "Coppice", "Coppice Avenue", ""]),
    st.sampled_from(["Library", "Leisure Centre", "Hall", "", "(closed)", "Library Hall"]),
)
ROWS = st.lists(
    st.builds(
        lambda layer, name, east_m, uprn, postcode: row(layer, name, east_m, uprn=uprn, postcode=postcode),
        st.sampled_from(list(OF_LAYER)),
        NAMES,
        st.sampled_from([0.0, 60.0, 120.0, 400.0]),
        st.sampled_from([None, "1", "2"]),
        st.sampled_from([None, "M33 7ZF"]),
    ),
    min_size=1,
    max_size=8,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_says_nothing_and_no_row_is_its_own_or_its_registers(rows: list[Any], random: Any) -> None:
    frame = assets(*rows)
    order = list(range(len(frame)))
    random.shuffle(order)
    found = same_buildings(frame, LAYERS)
    pd.testing.assert_frame_equal(found.pairs, same_buildings(Assets(frame.iloc[order]), LAYERS).pairs)
    source = frame.set_index("asset_id")["source"]
    one, other = (found.pairs[name].map(source) for name in ("asset_id", "other_id"))
    assert (one.to_numpy() != other.to_numpy()).all()
    for each in frame["asset_id"]:
        assert all(each in found.of([same]) for same in found.of([each]))
        assert each not in found.of([each])
    kept = np.asarray(frame["asset_id"])[found.once(frame["asset_id"].tolist())]
    assert not set(kept) & found.of(kept), "each building is there once"
    assert {*kept} | found.of(kept) == set(frame["asset_id"]), "and none is lost"


LIBRARY, HALL = (f"{PLACE}/community_buildings:{number}" for number in (1, 3))


def with_the_land_register() -> Assets:
    """Hand Town, its library and its hall in the land register too, which knows them by other names."""
    rows = town_assets()
    twins = rows.iloc[[0, 2]].assign(
        asset_id=[f"{PLACE}/public_land:8", f"{PLACE}/public_land:9"], source_row=[8, 9],
        name=["Hand Town Central Library", "Ninth Avenue Hall Site"], source=f"{PLACE}/public_land",
        layer="public_land", kind="building", uprn=None, hours_per_week=np.nan, staffed_hours_per_week=np.nan,
    )  # fmt: skip
    return Assets(gpd.GeoDataFrame(pd.concat([rows, twins], ignore_index=True), crs=rows.crs))


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    folder = tmp_path_factory.mktemp("matching")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        yield fill(store, assets=with_the_land_register())


def test_a_place_that_closes_is_not_offered_in_its_own_place(town: PlaceView) -> None:
    answer = questions.whatif(town, [Scenario("without the library", (Change("close", LIBRARY),))])
    named = set(answer.part("replacements")["name"])
    assert "Sixth Avenue Depot" in named
    assert not {"Hand Town Library", "Hand Town Central Library"} & named
    assert (
        "The building of Hand Town Library is listed in A register as Hand Town Central Library "
        "(Hand Town Council, freehold)."
    ) in answer.sentence
    assert (
        "In use by others, but within the walk of most of them: "
        "Sixth Avenue Depot (in use as a depot or store; Hand Town Council; 1,200 people)."
    ) in answer.sentence
    both = Scenario("without both", (Change("close", LIBRARY), Change("close", HALL)))
    assert "The building of Ninth Avenue Hall is listed in A register as" in questions.whatif(town, [both]).sentence


def test_a_building_is_one_site_and_none_where_the_kind_stands_already(town: PlaceView) -> None:
    assert sorted(questions.sites(town, "library").table["name"]) == ["Ninth Avenue Hall", "Sixth Avenue Depot"]
    without = Scenario("without", (Change("close", LIBRARY),))
    assert "Hand Town Central Library" not in set(questions.sites(town, "library", scenario=without).table["name"])
    # for another kind the library's building is one, told by the register of what is there for people
    assert "Hand Town Library" in set(questions.sites(town, "hall").table["name"])
    assert "Hand Town Central Library" not in set(questions.sites(town, "hall").table["name"])


def test_near_a_gap_a_building_is_named_once_and_not_where_it_holds_what_is_missing(town: PlaceView) -> None:
    named = {each.name for near in strengths(town, {("community_buildings", "library")}) for each in near}
    assert {"Ninth Avenue Hall", "Sixth Avenue Depot"} <= named
    assert not {"Ninth Avenue Hall Site", "Hand Town Central Library"} & named


def test_a_name_of_one_building_in_two_registers_is_that_building(town: PlaceView) -> None:
    assert found_change(town, "close", "Ninth Avenue Hall").what == HALL
    assert found_change(town, "close", "Ninth Avenue").what == HALL
    with pytest.raises(QuestionError, match="places open in Hand Town are called something like 'Avenue'"):
        found_change(town, "close", "Avenue")


def test_what_is_here_says_how_many_are_counted_twice(town: PlaceView) -> None:
    told = "2 buildings stand in more than one register and are counted in each."
    assert told in questions.here(town).caveats
    assert told not in questions.here(town, layers=["public_land"]).caveats


def test_every_pair_can_be_listed(town: PlaceView) -> None:
    rows = in_two_registers(town)
    assert tuple(rows.columns) == REGISTERS_COLUMNS
    assert {*rows["name"], *rows["other_name"]} >= {"Hand Town Library", "Hand Town Central Library"}
    assert (rows["band"] == SURE).sum() == 2


def test_the_sources_page_tells_each_pair_with_its_registers_and_why(town: PlaceView) -> None:
    rows = registers_table(town).set_index("Name")
    told = rows.loc["Hand Town Library"]
    assert (told["Name in the other register"], told["The same?"]) == ("Hand Town Central Library", "Surely")
    assert (told["In"], told["In the other"], told["Metres apart"]) == ("A register", "A register", 0)
    assert "both say library" in told["Why"]
