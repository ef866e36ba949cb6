"""The store keeps what it is given, on both engines alike."""

from __future__ import annotations

import itertools
import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import rows
from assetmap.errors import StoreError, UnknownNameError
from assetmap.records import PlaceRecord
from assetmap.store import Store
from assetmap.store.schema import METADATA, TABLE_OF
from assetmap.tables import (
    AREA_COLUMNS,
    ASSET_COLUMNS,
    CONTRIBUTION_COLUMNS,
    FIGURE_COLUMNS,
    LOAD_COLUMNS,
    LOCATOR_COLUMNS,
    PLACE_COLUMNS,
    STREET_COLUMNS,
    Areas,
    LayerView,
)
from rows import PLACE, SQUARE

COLUMNS = {
    "areas": AREA_COLUMNS,
    "assets": ASSET_COLUMNS,
    "streets": STREET_COLUMNS,
    "locators": LOCATOR_COLUMNS,
    "figures": FIGURE_COLUMNS,
}


@pytest.fixture
def seaford(store: Store) -> Store:
    """A store that knows one place."""
    store.save_place(PLACE, "Seaford")
    return store


def put(store: Store, *given: dict[str, Any], name: str = "register", **load: Any) -> int:
    """Load assets of one source, a row each."""
    source = f"{PLACE}/{name}"
    frame = rows.assets(*({"source": source, **row} for row in given))
    return store.replace_source(rows.load(len(given), source=source, **load), frame, "assets", rows.issues())


def everything(store: Store) -> list[pd.DataFrame]:
    """All that a store holds, shapes as WKB, to compare."""
    frames = [
        store.places(), store.assets(PLACE), store.areas(PLACE), store.streets(PLACE), store.locators(PLACE),
        store.figures(PLACE), store.loads(current=False), store.issues(), store.contributions(PLACE),
        store.layer_counts(),
    ]  # fmt: skip
    return [frame.to_wkb() if isinstance(frame, gpd.GeoDataFrame) else frame for frame in frames]


def held(store: Store) -> list[Any]:
    """What a load could have changed, in little."""
    found = store.assets(PLACE)
    loads = store.loads(current=False).astype("object").to_dict("records")
    return [found["asset_id"].tolist(), loads, len(store.issues()), store.fingerprint(PLACE)]


def assert_same(one: list[pd.DataFrame], other: list[pd.DataFrame]) -> None:
    for mine, yours in zip(one, other, strict=True):
        assert_frame_equal(mine, yours, check_exact=True)


# What goes in comes out


def test_an_empty_store_answers_every_question_with_no_rows(store: Store) -> None:
    frames = everything(store)
    assert [len(frame) for frame in frames] == [0] * len(frames)
    assert tuple(store.areas("nowhere").columns) == AREA_COLUMNS
    assert tuple(store.assets("nowhere").columns) == (*ASSET_COLUMNS, "access")
    assert tuple(store.places().columns) == PLACE_COLUMNS
    assert tuple(store.loads().columns) == LOAD_COLUMNS
    assert tuple(store.contributions("nowhere").columns) == CONTRIBUTION_COLUMNS
    assert tuple(store.figures("nowhere").columns) == FIGURE_COLUMNS
    assert store.areas("nowhere").crs == "EPSG:4326"


def test_empty_answers_have_the_types_of_full_ones(seaford: Store) -> None:
    empty = seaford.assets(PLACE).dtypes
    put(seaford, {})
    assert seaford.assets(PLACE).dtypes.equals(empty)


def test_every_asset_column_comes_back_as_it_went_in(seaford: Store) -> None:
    full = {
        "name": 'Hall\twith "marks", \\ and\nlines, Ŵ 🎪',
        "opened_on": "1931",
        "closed_on": "2013-03-31",
        "status": "closed",
        "what_happened": "closed",
        "step_free": "partly",
        "hours_per_week": 46.5,
        "staffed_hours_per_week": 0.1 + 0.2,
        "uprn": "000100012797",
        "location_accuracy_m": 1e-9,
        "details": '{"seats": 3, "says": "\\u0001"}',
        "geometry": SQUARE,
    }
    frame = rows.assets(full, {"name": None})
    seaford.replace_source(rows.load(2), frame, "assets", rows.issues())
    found = seaford.assets(PLACE).drop(columns="access")
    assert_geodataframe_equal(gpd.GeoDataFrame(found), gpd.GeoDataFrame(frame), check_like=False)
    assert found["name"].tolist() == [full["name"], None]
    assert found["staffed_hours_per_week"].iloc[0] == 0.1 + 0.2


@pytest.mark.parametrize(
    ("holds", "frame"),
    [
        ("areas", rows.areas({"population": 1500, "imd_score": 21.7, "imd_rank": 1, "imd_decile": 1}, {})),
        ("streets", rows.streets({"name": "Nelson Road", "highway": "residential", "details": '{"lit": "yes"}'}, {})),
        ("locators", rows.locators({}, {"scheme": "uprn", "reference": "100012797623", "accuracy_m": None})),
        ("locators", rows.locators({"scheme": "building", "homes": 2.4, "details": '{"levels": 2.0}'}, {})),
    ],
)
def test_every_other_sort_of_row_comes_back_as_it_went_in(seaford: Store, holds: Any, frame: Any) -> None:
    seaford.replace_source(rows.load(2), frame, holds, rows.issues())
    found = getattr(seaford, holds)(PLACE)
    assert_geodataframe_equal(found, frame)
    assert tuple(found.columns) == COLUMNS[holds]


def test_figures_come_back_as_they_went_in_by_layer(seaford: Store) -> None:
    frame = rows.figures({"edition": 2025, "details": '{"people": 1500, "share": 0.30000000000000004}'}, {})
    seaford.replace_source(rows.load(2, layer="hardship"), frame, "figures", rows.issues())
    other = rows.figures({"source": f"{PLACE}/ages", "layer": "ages", "code": "E01000002"})
    seaford.replace_source(rows.load(1, source=f"{PLACE}/ages", layer="ages"), other, "figures", rows.issues())
    assert_frame_equal(pd.DataFrame(seaford.figures(PLACE, "hardship")), pd.DataFrame(frame))
    assert seaford.figures(PLACE)["code"].tolist() == ["E01000002", "E01000001", "E01000001"]
    counts = seaford.layer_counts(PLACE).set_index("layer")["rows"]
    assert counts.to_dict() == {"ages": 1, "hardship": 2}
    seaford.remove_source(PLACE, f"{PLACE}/ages")
    assert seaford.figures(PLACE, "ages").empty


@pytest.mark.parametrize("broken", [{"code": None}, {"geography": None}, {"details": "[]"}, {"place_id": "nowhere"}])
def test_a_figure_that_breaks_a_rule_is_refused(seaford: Store, broken: dict[str, Any]) -> None:
    load = rows.load(1, place_id=broken.get("place_id", PLACE))
    with pytest.raises(StoreError):
        seaford.replace_source(load, rows.figures(broken), "figures", rows.issues())
    assert seaford.figures(PLACE).empty


def test_heights_come_back_as_they_went_in(seaford: Store) -> None:
    frame = rows.heights({}, {"easting_m": 2000})
    seaford.replace_source(rows.load(2), frame, "heights", rows.issues())
    assert_frame_equal(pd.DataFrame(seaford.heights(PLACE)), pd.DataFrame(frame))


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ({"heights_m": "[1, 2]"}, "must be a JSON array of 400 numbers"),
        ({"heights_m": '{"a": 1}'}, "must be a JSON array of 400 numbers"),
        ({"northing_m": 500}, "must be those of a square kilometre's corner"),
    ],
)
def test_heights_that_are_no_square_kilometres_are_refused(seaford: Store, broken: dict[str, Any], says: str) -> None:
    with pytest.raises(StoreError, match=says):
        seaford.replace_source(rows.load(1), rows.heights(broken), "heights", rows.issues())
    assert seaford.heights(PLACE).empty


def test_the_details_of_a_street_are_a_json_object(seaford: Store) -> None:
    with pytest.raises(StoreError, match="details must be a JSON object"):
        seaford.replace_source(rows.load(1), rows.streets({"details": '["lit"]'}), "streets", rows.issues())


def test_a_place_can_be_saved_again_and_keeps_its_rows(seaford: Store) -> None:
    put(seaford, {})
    seaford.save_place(PLACE, "Seaford-on-Sea", "By the sea", "E06000001", fictional=True)
    (place,) = seaford.places().to_dict("records")
    assert (place["name"], place["about"], place["authority_code"]) == ("Seaford-on-Sea", "By the sea", "E06000001")
    assert place["fictional"] == 1
    assert len(seaford.assets(PLACE)) == 1


def test_a_place_is_kept_together_with_its_first_rows_or_not_at_all(store: Store) -> None:
    before = store.places()["place_id"].tolist()
    place = PlaceRecord("newtown", "Newtown", fictional=True)
    load = rows.load(1, place_id="newtown")
    for broken in ({"details": "[]"}, {"geography": None}):
        with pytest.raises(StoreError):
            store.replace_source(
                load, rows.figures({"place_id": "newtown", **broken}), "figures", rows.issues(), place=place
            )
        assert store.places()["place_id"].tolist() == before
    store.replace_source(load, rows.figures({"place_id": "newtown"}), "figures", rows.issues(), place=place)
    assert store.places().set_index("place_id").loc["newtown", ["name", "fictional"]].tolist() == ["Newtown", 1]


def test_ways_in_come_back_with_their_asset(seaford: Store) -> None:
    frame = rows.assets({"asset_id": "a"}, {"asset_id": "b"})
    gates = [
        {"asset_id": "b", "access_id": name, "geometry": shapely.Point(x, 52)} for name, x in (("2", -1), ("1", -2))
    ]
    seaford.replace_source(rows.load(2), frame, "assets", rows.issues(), rows.doors(*gates))
    without, with_gates = seaford.assets(PLACE)["access"]
    assert without is None
    assert with_gates.equals_exact(shapely.MultiPoint([(-2, 52), (-1, 52)]))


def test_issues_come_back_with_their_place(seaford: Store) -> None:
    faults = rows.issues({"row": 7, "field": "Postcode", "value": "?"}, {"row": None, "effect": "noted"})
    seaford.replace_source(rows.load(0, dropped=1), rows.assets(), "assets", faults)
    found = seaford.issues(PLACE, f"{PLACE}/register")
    assert_frame_equal(pd.DataFrame(found.drop(columns="place_id")), pd.DataFrame(faults))
    assert found["place_id"].tolist() == [PLACE, PLACE]
    assert seaford.issues(source="another").empty


def test_rows_come_in_the_order_of_their_key_by_code_point(seaford: Store) -> None:
    ids = ["b", "a", "B", "É", "_", "a b", "a-b", "ﬀ", "🎪", "10", "9"]
    put(seaford, *({"asset_id": name} for name in ids))
    assert seaford.assets(PLACE)["asset_id"].tolist() == sorted(ids)


def test_locators_can_be_asked_for_by_reference(seaford: Store) -> None:
    frame = rows.locators({"reference": "SF1 1AA"}, {"reference": "SF1 1AB"}, {"reference": "1", "scheme": "uprn"})
    seaford.replace_source(rows.load(3), frame, "locators", rows.issues())
    assert seaford.locators(PLACE, "uprn")["reference"].tolist() == ["1"]
    assert seaford.locators(PLACE, references=["SF1 1AB", "SF9 9ZZ"])["reference"].tolist() == ["SF1 1AB"]
    assert seaford.locators(PLACE, references=[]).empty
    many = ["SF1 1AB", *(str(number) for number in range(2, 2_000))]
    assert seaford.locators(PLACE, references=many)["reference"].tolist() == ["SF1 1AB"]


# One source at a time, all or nothing


def test_a_reload_replaces_its_source_and_leaves_the_others(seaford: Store) -> None:
    put(seaford, {"asset_id": "a1"}, {"asset_id": "a2"}, name="first")
    put(seaford, {"asset_id": "b1"}, name="second")
    seaford.add_contribution(rows.contribution(contribution_id="c1"))
    put(seaford, {"asset_id": "a2"}, {"asset_id": "a3"}, name="first")
    assert seaford.assets(PLACE)["asset_id"].tolist() == ["a2", "a3", "b1", "contribution:c1"]
    assert seaford.loads()["source"].tolist() == [f"{PLACE}/second", f"{PLACE}/first"]
    assert seaford.loads(current=False)["current"].tolist() == [0, 1, 1]


def test_a_reload_drops_the_issues_and_ways_in_of_the_load_before(seaford: Store) -> None:
    frame = rows.assets({"asset_id": "a"})
    seaford.replace_source(rows.load(1), frame, "assets", rows.issues({}), rows.doors({"asset_id": "a"}))
    seaford.replace_source(rows.load(1), frame, "assets", rows.issues())
    assert seaford.issues().empty
    assert seaford.assets(PLACE)["access"].tolist() == [None]


def test_a_place_has_one_set_of_neighbourhoods(seaford: Store) -> None:
    old = rows.areas({"source": f"{PLACE}/lsoa11"}, {"source": f"{PLACE}/lsoa11"})
    new = rows.areas({"source": f"{PLACE}/lsoa21"})
    seaford.replace_source(rows.load(2, source=f"{PLACE}/lsoa11"), old, "areas", rows.issues())
    seaford.replace_source(rows.load(1, source=f"{PLACE}/lsoa21"), new, "areas", rows.issues())
    assert seaford.areas(PLACE)["source"].tolist() == [f"{PLACE}/lsoa21"]
    assert seaford.loads()["source"].tolist() == [f"{PLACE}/lsoa21"]


def test_a_source_can_be_taken_out(seaford: Store) -> None:
    put(seaford, {"asset_id": "a1"}, name="first")
    put(seaford, {"asset_id": "b1"}, name="second")
    seaford.remove_source(PLACE, f"{PLACE}/first")
    assert seaford.assets(PLACE)["asset_id"].tolist() == ["b1"]
    assert seaford.loads(current=False)["current"].tolist() == [0, 1]


REFUSED = [
    ({"status": "shut"}, "status must be one of open, closed, paused, unknown"),
    ({"what_happened": "sold"}, "what_happened must be one of"),
    ({"located_by": "guess"}, "located_by must be one of"),
    ({"opened_on": "31/03/2013"}, "opened_on must be a date such as"),
    ({"closed_on": "2013-3"}, "closed_on must be a date such as"),
    ({"closed_on": "2013-03-31\n"}, "closed_on must be a date such as"),
    ({"hours_per_week": 169.0}, "hours_per_week must be from 0 to 168"),
    ({"location_accuracy_m": -1.0}, "location_accuracy_m must not be negative"),
    ({"details": "[]"}, "details must be a JSON object"),
    ({"details": "{"}, "details|json"),
    ({"layer": None}, "layer"),
    ({"asset_id": "there already"}, "same"),
    ({"asset_id": "good"}, "Two rows have the same asset_id, 'good'"),
    ({"geometry": None}, "is missing or empty"),
    ({"geometry": shapely.Point()}, "is missing or empty"),
    ({"geometry": shapely.Point(383_000, 392_000)}, "is not in degrees"),
    ({"name": "nul \x00"}, "a character that is not text"),
    ({"name": "half a \ud83c"}, "a character that is not text"),
    ({"name": 7}, "holds 7, which is not text"),
    ({"source": f"{PLACE}/other"}, "has the source"),
    ({"place_id": "elsewhere"}, "has the place_id 'elsewhere'"),
]


def test_a_row_that_breaks_a_rule_leaves_everything_as_it_was(seaford: Store) -> None:
    put(seaford, {"asset_id": "there already"}, name="other")
    put(seaford, {"asset_id": "before"})
    before = held(seaford)
    for bad, says in REFUSED:
        with pytest.raises(StoreError, match=says):
            put(seaford, {"asset_id": "good"}, bad)
    assert held(seaford) == before


def halves(west: str, east: str, middle: float) -> Areas:
    """Two neighbourhoods that part at a longitude."""
    boxes = shapely.box([-1.6, middle], 52.4, [middle, -1.4], 52.6)
    given = zip((west, east), shapely.multipolygons(boxes[:, np.newaxis]), strict=True)
    return rows.areas(*({"area_code": code, "geometry": shape} for code, shape in given))


def test_rows_stand_in_the_neighbourhoods_that_are_loaded_whatever_was_loaded_first(seaford: Store) -> None:
    spots = {"asset_id": "west", "geometry": shapely.Point(-1.55, 52.5)}, {
        "asset_id": "middle", "geometry": shapely.Point(-1.48, 52.5), "area_code": "E1"
    }, {"asset_id": "beyond", "geometry": shapely.Point(-1.3, 52.5), "area_code": "E1"}  # fmt: skip
    put(seaford, *spots, name="halls")
    source = f"{PLACE}/postcodes"
    homes = rows.locators({"source": source, "geometry": shapely.Point(-1.55, 52.5), "area_code": "E7"})
    seaford.replace_source(rows.load(1, source=source), homes, "locators", rows.issues())
    for middle, expected in ((-1.5, ["W1", "E1", None]), (-1.45, ["W1", "W1", None])):
        seaford.replace_source(rows.load(2), halves("W1", "E1", middle), "areas", rows.issues())
        found = seaford.assets(PLACE).set_index("asset_id")["area_code"]
        assert found[["west", "middle", "beyond"]].tolist() == expected
        assert seaford.locators(PLACE)["area_code"].tolist() == ["W1"]


def test_a_blurred_row_stays_where_it_was_put_while_its_neighbourhood_is_drawn_as_it_was(seaford: Store) -> None:
    seaford.replace_source(rows.load(2), halves("W1", "E1", -1.5), "areas", rows.issues())
    put(seaford, {"asset_id": "choir", "geometry": shapely.Point(-1.499, 52.5), "area_code": "W1"}, name="groups")
    seaford.replace_source(rows.load(2), halves("W1", "E1", -1.5), "areas", rows.issues())
    assert seaford.assets(PLACE)["area_code"].tolist() == ["W1"]
    seaford.replace_source(rows.load(2), halves("W2", "E2", -1.5), "areas", rows.issues())
    assert seaford.assets(PLACE)["area_code"].tolist() == ["E2"]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ({"population": -1}, "population must not be negative"),
        ({"imd_decile": 11}, "imd_decile must be a whole number from 1 to 10"),
        ({"geometry": shapely.box(0, 50, 1, 51)}, "is not a MULTIPOLYGON"),
    ],
)
def test_a_neighbourhood_that_breaks_a_rule_is_refused(seaford: Store, bad: dict[str, Any], says: str) -> None:
    with pytest.raises(StoreError, match=says):
        seaford.replace_source(rows.load(1), rows.areas(bad), "areas", rows.issues())
    assert seaford.areas(PLACE).empty


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"rows_in": 3}, "every row must be stored, set aside or dropped"),
        ({"stored": 2, "rows_in": 2}, "speaks of 2 rows to store, but there are 1"),
        ({"loaded_at": "yesterday"}, "loaded_at must be UTC"),
        ({"source_date": "Oct-10"}, "source_date must be a date"),
        ({"place_id": "nowhere"}, "place_id|not in the store"),
    ],
)
def test_a_load_that_does_not_add_up_is_refused(seaford: Store, changed: dict[str, Any], says: str) -> None:
    with pytest.raises(StoreError, match=says):
        seaford.replace_source(rows.load(**{"stored": 1, **changed}), rows.assets({}), "assets", rows.issues())
    assert seaford.loads().empty


def test_a_place_must_be_saved_before_its_sources(store: Store) -> None:
    with pytest.raises(StoreError, match="'seaford' is not in the store"):
        put(store, {})


def test_columns_must_be_those_of_the_table(seaford: Store) -> None:
    frame = rows.assets({}).drop(columns="kind").assign(colour="red")
    with pytest.raises(StoreError, match="lack kind and also have colour"):
        seaford.replace_source(rows.load(1), frame, "assets", rows.issues())


def test_rows_must_be_in_longitude_and_latitude(seaford: Store) -> None:
    frame = rows.assets({}).to_crs(27700)
    with pytest.raises(StoreError, match="must be in EPSG:4326"):
        seaford.replace_source(rows.load(1), frame, "assets", rows.issues())


def test_a_load_stopped_part_way_leaves_everything_as_it_was(seaford: Store) -> None:
    put(seaford, {"asset_id": "before"})
    before = everything(seaford)
    strange = rows.doors({"asset_id": "no such asset"})
    with pytest.raises(StoreError, match="names a place or an asset that is not in the store"):
        seaford.replace_source(rows.load(1), rows.assets({"asset_id": "after"}), "assets", rows.issues(), strange)
    assert_same(everything(seaford), before)


# What people add


def test_what_people_add_stands_beside_the_registers(seaford: Store) -> None:
    seaford.replace_source(rows.load(1), rows.areas({"area_code": "E01"}), "areas", rows.issues())
    added = rows.contribution(says="Lunch on Fridays", seen_on="2026-01", who_for="everyone", contribution_id="c1")
    assert seaford.add_contribution(added) == "c1"
    (row,) = seaford.assets(PLACE).to_dict("records")
    expected = {
        "asset_id": "contribution:c1", "name": "Scout hut", "status": "open", "located_by": "placed_by_hand",
        "contributed": 1, "who_for": "everyone", "area_code": "E01", "source": f"{PLACE}/contributions",
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert '"says": "Lunch on Fridays"' in row["details"]
    assert row["geometry"].equals(rows.HALL)
    assert seaford.assets(PLACE, contributions=False).empty
    assert seaford.assets(PLACE, layers=["parks"]).empty


def test_a_review_is_added_and_nothing_is_rewritten(seaford: Store) -> None:
    added = seaford.add_contribution(rows.contribution())
    seaford.review_contribution(added, "hidden", "a private home")
    assert seaford.contributions(PLACE)["state"].tolist() == ["hidden"]
    assert seaford.assets(PLACE).empty
    seaford.review_contribution(added, "published")
    assert seaford.contributions(PLACE)["state"].tolist() == ["published"]
    assert len(seaford.assets(PLACE)) == 1


def test_a_review_needs_a_contribution_and_a_state(seaford: Store) -> None:
    with pytest.raises(UnknownNameError, match="no state called 'gone'"):
        seaford.review_contribution("c1", "gone")
    with pytest.raises(UnknownNameError, match="no contribution called 'c1'"):
        seaford.review_contribution("c1", "hidden")


@pytest.mark.parametrize("bad", [{"place_id": "nowhere"}, {"seen_on": "last week"}, {"geometry": SQUARE}])
def test_a_contribution_that_breaks_a_rule_is_refused(seaford: Store, bad: dict[str, Any]) -> None:
    with pytest.raises(StoreError):
        seaford.add_contribution(rows.contribution(**bad))
    assert seaford.contributions(PLACE).empty


# Questions about the whole


def test_layers_are_counted(seaford: Store) -> None:
    put(seaford, {"status": "closed"}, {}, {"status": "unknown"}, name="first")
    put(seaford, {"asset_id": "x", "layer": "parks"}, name="second", layer="parks")
    streets = rows.streets({"source": f"{PLACE}/osm"}, {"source": f"{PLACE}/osm"})
    seaford.replace_source(
        rows.load(2, source=f"{PLACE}/osm", layer="streets", dropped=1), streets, "streets", rows.issues({})
    )
    seaford.add_contribution(rows.contribution(layer="play_streets"))
    hidden = seaford.add_contribution(rows.contribution(layer="play_streets"))
    seaford.review_contribution(hidden, "hidden")
    counts = seaford.layer_counts(PLACE)
    assert counts.to_numpy().tolist() == [
        ["halls", 3, 1, 1, 1, 0, 0],
        ["parks", 1, 1, 0, 1, 0, 0],
        ["play_streets", 0, 0, 0, 0, 0, 1],
        ["streets", 2, 0, 0, 1, 1, 0],
    ]
    assert counts.columns.tolist() == ["layer", "rows", "open", "closed", "sources", "issues", "contributed"]
    assert_frame_equal(seaford.layer_counts(), counts)
    assert seaford.layer_counts("nowhere").empty


def test_the_fingerprint_changes_with_every_change(seaford: Store) -> None:
    seen = [seaford.fingerprint(PLACE)]
    put(seaford, {})
    seen.append(seaford.fingerprint(PLACE))
    put(seaford, {})
    seen.append(seaford.fingerprint(PLACE))
    added = seaford.add_contribution(rows.contribution())
    seen.append(seaford.fingerprint(PLACE))
    for state in ("hidden", "published"):
        seaford.review_contribution(added, state)
        seen.append(seaford.fingerprint(PLACE))
    seaford.remove_source(PLACE, f"{PLACE}/register")
    seen.append(seaford.fingerprint(PLACE))
    assert len(set(seen)) == len(seen)
    assert seaford.fingerprint(PLACE) == seen[-1]


# The same on both engines


def test_the_tables_have_the_columns_of_the_frames() -> None:
    for holds, columns in COLUMNS.items():
        assert {column.name for column in TABLE_OF[holds].c} == {*columns, "fid"}
    for name, columns in (("load", LOAD_COLUMNS), ("place", PLACE_COLUMNS), ("contribution", CONTRIBUTION_COLUMNS)):
        assert {column.name for column in METADATA.tables[name].c} - {"fid"} == {*columns}


_WORDS = st.none() | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=12)
_DEGREES = st.floats(-80, 80, allow_subnormal=False)
_POINTS = st.builds(shapely.Point, _DEGREES, _DEGREES)
_LINES = st.lists(st.tuples(_DEGREES, _DEGREES), min_size=2, max_size=4).map(shapely.LineString)
_BOXES = _POINTS.map(lambda point: shapely.MultiPolygon([shapely.box(point.x, point.y, point.x + 1, point.y + 1)]))
_ASSETS = st.fixed_dictionaries(
    {"status": st.sampled_from(["open", "closed", "paused", "unknown"]), "geometry": _POINTS | _LINES | _BOXES},
    optional={
        **dict.fromkeys(("name", "owner", "run_by", "address", "opening_hours", "location_note"), _WORDS),
        "opened_on": st.none() | st.dates().map(str),
        "hours_per_week": st.none() | st.floats(0, 168),
        "location_accuracy_m": st.none() | st.floats(0, allow_infinity=False),
        "source_row": st.integers(-(2**63), 2**63 - 1),
        "details": st.dictionaries(st.text("abc", max_size=3), st.integers() | _WORDS).map(json.dumps),
    },
)
_NAMES = st.lists(st.text(min_size=1, max_size=6).filter(lambda name: name.isprintable()), unique=True, max_size=6)


@given(names=_NAMES, data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_valid_rows_come_back_alike_from_both_engines(
    both_stores: tuple[Store, Store], names: list[str], data: st.DataObject
) -> None:
    frame = rows.assets(*({"asset_id": name, **data.draw(_ASSETS)} for name in names))
    found = []
    for store in both_stores:
        store.save_place(PLACE, "Seaford")
        store.replace_source(rows.load(len(frame)), frame, "assets", rows.issues())
        found.append(store.assets(PLACE))
    in_file, in_database = found
    assert_frame_equal(pd.DataFrame(in_file), pd.DataFrame(in_database), check_exact=True)
    assert in_file.geometry.to_wkb().tolist() == in_database.geometry.to_wkb().tolist()
    by_name = frame.iloc[sorted(range(len(names)), key=names.__getitem__)].reset_index(drop=True)
    assert_frame_equal(pd.DataFrame(in_file.drop(columns="access")), pd.DataFrame(by_name), check_exact=True)
    assert in_file.geometry.to_wkb().tolist() == by_name.geometry.to_wkb().tolist()


def test_both_engines_tell_the_same_story(both_stores: tuple[Store, Store]) -> None:
    told = []
    for store in both_stores:
        store.save_place(PLACE, "Seaford")
        frame = rows.assets({"asset_id": "b"}, {"asset_id": "a", "geometry": SQUARE, "hours_per_week": 0.1})
        gates = rows.doors({"asset_id": "a"}, {"asset_id": "a", "access_id": "0"})
        store.replace_source(rows.load(2, dropped=1), frame, "assets", rows.issues({"row": 3}), gates)
        store.replace_source(rows.load(2, dropped=1), frame, "assets", rows.issues({"row": 3}), gates)
        others = {name: f"{PLACE}/{name}" for name in ("areas", "streets", "locators")}
        for name, source in others.items():
            one = getattr(rows, name)({"source": source})
            store.replace_source(rows.load(1, source=source, layer=name), one, name, rows.issues())  # type: ignore[arg-type]
        store.add_contribution(rows.contribution(contribution_id="c"))
        told.append([*everything(store), pd.DataFrame({"print": [store.fingerprint(PLACE)]})])
    assert_same(*told)


# Boxes


def test_a_box_finds_what_brute_force_finds(seaford: Store) -> None:
    chance = np.random.default_rng(7)
    corners = chance.uniform((-2, 52), (-1, 53), (300, 2)).round(2)
    shapes = [shapely.Point(x, y) if x < -1.5 else shapely.box(x, y, x + 0.03, y + 0.02) for x, y in corners]
    put(seaford, *({"asset_id": f"{n:03}", "geometry": shape} for n, shape in enumerate(shapes)))
    seaford.add_contribution(rows.contribution(contribution_id="c", geometry=shapely.Point(-1.55, 52.55)))
    every = seaford.assets(PLACE)
    for west, south in itertools.product((-2.0, -1.75, -1.5, -1.1), (52.0, 52.25, 52.55)):
        box = (west, south, west + 0.1, south + 0.1)
        meets = [shapely.box(*bounds).intersects(shapely.box(*box)) for bounds in every.bounds.to_numpy()]
        assert seaford.assets(PLACE, bbox=box)["asset_id"].tolist() == every["asset_id"][meets].tolist()


def test_a_box_as_thin_as_a_point_finds_it(seaford: Store) -> None:
    put(seaford, {"asset_id": "a", "geometry": shapely.Point(0.1, 51.3)})
    assert len(seaford.assets(PLACE, bbox=(0.1, 51.3, 0.1, 51.3))) == 1
    assert seaford.assets(PLACE, bbox=(0.1 + 1e-9, 51.3, 0.2, 51.4)).empty


# Views


def test_each_layer_has_a_readable_view(seaford: Store) -> None:
    put(seaford, {"layer": "halls", "details": '{"seats": 120, "note": "it\'s warm"}'}, {"layer": "parks"})
    views = [LayerView("halls", "assets", ("seats", "note")), LayerView("homes", "areas")]
    seaford.refresh_views(views)
    seaford.refresh_views(views)
    with seaford._reading() as connection:
        found = connection.exec_driver_sql("SELECT name, seats, note FROM halls").all()
    assert [tuple(row) for row in found] == [("Hall", "120", "it's warm")]
    seaford.refresh_views([LayerView("parks", "assets")])
    with seaford._reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM parks").scalar() == 1
    with pytest.raises(StoreError, match="halls"), seaford._reading() as connection:
        connection.exec_driver_sql("SELECT * FROM halls")


def test_a_view_of_neighbourhoods_shows_the_current_load(seaford: Store) -> None:
    seaford.refresh_views([LayerView("homes", "areas"), LayerView("roads", "streets")])
    seaford.replace_source(rows.load(1, layer="homes"), rows.areas({"area_code": "E01"}), "areas", rows.issues())
    with seaford._reading() as connection:
        assert connection.exec_driver_sql("SELECT area_code FROM homes").scalars().all() == ["E01"]
        assert connection.exec_driver_sql("SELECT * FROM roads").all() == []


@pytest.mark.parametrize(
    ("view", "says"),
    [
        (LayerView("asset", "assets"), "the name of a table"),
        (LayerView("gpkg_contents", "assets"), "the name of a table"),
        (LayerView('halls" --', "assets"), "made of more than"),
        (LayerView("halls", "assets", ("a'b",)), "made of more than"),
        (LayerView("halls", "assets", ("owner",)), "columns of every layer: owner"),
    ],
)
def test_a_view_cannot_take_a_name_that_is_in_use(store: Store, view: LayerView, says: str) -> None:
    with pytest.raises(StoreError, match=says):
        store.refresh_views([view])
