"""The checks: what is stored, what is refused and what is said of it; every row of a source is counted once."""

from __future__ import annotations

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from assetmap.checks import SAME_KIND_LISTED, Checked, issues_frame
from assetmap.details import open_fields
from assetmap.errors import SourceError
from assetmap.space import STORED_CRS, coordinates_m
from assetmap.tables import ASSET_COLUMNS, ISSUE_COLUMNS
from registers import LAYERS, Row, judged, raised, raw, source
from town import CORNER_M, EAST, WEST, stored, town_areas, town_locators

AREAS, LOCATORS = town_areas(), town_locators()
MIDDLE = {"X": f"{CORNER_M[0] + 100}", "Y": f"{CORNER_M[1] + 100}"}
LEDGER = "closed_services"


def hall(name: str = "Hall", **row: str) -> Row:
    return {"name": name, "kind": "hall", **MIDDLE, **row}


def check(rows: list[Row], layer: str = "community_buildings", **keys: object) -> Checked:
    return judged(raw(rows), source(layer, **keys), AREAS, LOCATORS)


def stored_row(row: Row, layer: str = "community_buildings", **keys: object) -> pd.Series:
    checked = check([row], layer, **keys)
    assert checked.stored == 1, checked.issues["message"].tolist()
    return checked.rows.iloc[0]


def counted(checked: Checked) -> tuple[int, int, int, int]:
    return checked.rows_in, checked.stored, sum(checked.set_aside.values()), checked.dropped


# --- what a stored row holds -----------------------------------------------------------------------------------------


def test_a_row_has_every_column_and_says_where_it_is_from() -> None:
    row = stored_row(hall(id="7", run_by="The trust"), row_id="id")
    assert set(ASSET_COLUMNS) <= set(row.index)
    assert row["asset_id"] == "handtown/register:7"
    assert (row["place_id"], row["layer"], row["source"], row["source_row"]) == (
        "handtown", "community_buildings", "handtown/register", 1,
    )  # fmt: skip
    assert (row["area_code"], row["status"], row["run_by"], row["owner"]) == (WEST, "open", "The trust", None)
    assert row["contributed"] == 0


def test_a_layers_own_fields_are_kept_as_details() -> None:
    row = stored_row({"name": "Depot", "Hectares": "1,200.5", "CurrentUse": "Vacant", **MIDDLE}, "public_land")
    assert json.loads(row["details"]) == {"land_ha": 1200.5, "use": "Vacant"}


@pytest.mark.parametrize("kind", ["library", "Library", "LIBRARIES", "Museum or arts place", "museum or arts"])
def test_a_kind_is_known_however_it_is_written(kind: str) -> None:
    assert stored_row({**hall(), "kind": kind})["kind"] in {"library", "museum_or_arts"}


def test_a_kind_nobody_foresaw_loses_no_row() -> None:
    checked = check([{**hall(), "kind": "Tin tabernacle"}, {**hall(), "kind": ""}])
    assert checked.rows["kind"].tolist() == ["other", "other"]
    assert raised(checked) == [(1, "kind", "unknown_kind", "noted")]


@pytest.mark.parametrize("name", ["", " ", "NA"])
def test_a_thing_without_a_name_is_called_by_its_kind(name: str) -> None:
    assert stored_row(hall(name))["name"] == "Hall (no name given)"


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        *[("<script>alert(1)</script>", True), ("Hall <img src=x>", True), ("=HYPERLINK(1)", True), ("+A1", True)],
        *[("Hall & Garden", False), ("a < b", False), ("3 > 2", False), ("- none -", False), ("+44 Club", False)],
    ],
)
def test_a_formula_or_a_script_stays_text_and_is_noticed(name: str, odd: bool) -> None:
    checked = check([hall(name)])
    assert checked.rows["name"].tolist() == [name]
    assert [kind for _, _, kind, _ in raised(checked)] == (["suspect_text"] if odd else [])


# --- closings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "status", "happened", "told"),
    [
        ({}, "unknown", None, ["nothing_said"]),
        ({"closed": "2013"}, "closed", "closed", []),
        ({"closed": "2026-03-15"}, "closed", "closed", []),
        ({"closed": "2026-03-16"}, "open", None, []),
        ({"status": "Closed"}, "closed", "closed", []),
        ({"status": "closed", "closed": "2031"}, "open", None, ["closes_later"]),
        ({"status": "open", "closed": "2013"}, "open", None, ["open_or_closed"]),
        ({"status": "open", "closed": "2031"}, "open", None, []),
        ({"what_happened": "closed"}, "closed", "closed", []),
        ({"what_happened": "handed over", "closed": "2013"}, "open", "handed_over", []),
        ({"what_happened": "moved", "closed": "2013", "status": "open"}, "open", "moved", []),
        ({"what_happened": "temporary"}, "paused", "temporary", []),
        ({"what_happened": "sold"}, "unknown", None, ["unknown_word"]),
        ({"status": "perhaps"}, "unknown", None, ["unknown_word"]),
        ({"status": "paused"}, "paused", None, []),
    ],
)
def test_status_date_and_happening_are_made_to_agree(row: Row, status: str, happened: str | None, told: list) -> None:
    checked = check([{"name": "A", "kind": "library", **MIDDLE, **row}], LEDGER)
    assert checked.rows[["status", "what_happened"]].values.tolist() == [[status, happened]]
    assert [kind for _, _, kind, _ in raised(checked)] == told


def test_closed_before_it_opened() -> None:
    rows = [{**hall(), "opened": opened, "closed": "2013-03"} for opened in ("2014", "2013-09", "1934", "")]
    assert raised(check(rows)) == [(row, "closed_on", "closed_before_opened", "noted") for row in (1, 2)]


# --- where -----------------------------------------------------------------------------------------------------------


def test_a_row_outside_the_place_is_refused_with_its_distance() -> None:
    rows = [hall(X=f"{CORNER_M[0] + east}") for east in (-1600, -151, -149, 0, 2149, 9999)]
    checked = check(rows, locate={"x": "X", "y": "Y", "crs": "EPSG:27700"})
    assert checked.rows["source_row"].tolist() == [3, 4, 5]
    assert checked.rows["area_code"].tolist() == [None, WEST, None]
    assert raised(checked) == [(row, "coordinates", "outside_place", "dropped") for row in (1, 2, 6)]
    assert checked.issues["message"].str.extract(r"It lies (.*) outside Hand Town")[0].tolist() == [
        "1.5 km", "51 m", "7.9 km",
    ]  # fmt: skip


def test_a_source_may_have_a_margin_of_its_own() -> None:
    assert check([hall(X=f"{CORNER_M[0] - 1600}")], margin_m=1600).stored == 1


def test_shapes_that_reach_into_the_place_belong_to_it() -> None:
    drawn = stored(
        [shapely.box(-900, 0, -50, 50), shapely.LineString([(-900, 0), (2400, 0)]), shapely.box(-900, 0, -500, 9)]
    )
    checked = judged(raw([{"name": name} for name in "ABC"], list(drawn)), source(), AREAS)
    assert checked.rows["name"].tolist() == ["A", "B"]
    assert checked.rows["located_by"].tolist() == ["outline", "outline"]


@pytest.mark.parametrize(
    ("drawn", "geom_type"),
    [
        (shapely.Polygon([(0, 0), (50, 50), (50, 0), (0, 50)]), "MultiPolygon"),  # a bow tie
        (shapely.Polygon([(0, 0), (50, 0), (50, 50), (0, 50)], [[(0, 0), (60, 10), (10, 60)]]), "Polygon"),
        (shapely.Polygon([(0, 0), (50, 50), (0, 0), (50, 50)]), None),  # no area at all
    ],
)
def test_a_broken_outline_is_mended_and_told(drawn: shapely.Polygon, geom_type: str | None) -> None:
    checked = judged(raw([{"name": "Park"}], list(stored([drawn]))), source("green_space"), AREAS)
    assert checked.stored == 1
    shape = checked.rows.geometry.iloc[0]
    assert shape.is_valid
    assert not shape.is_empty
    assert geom_type is None or shape.geom_type in {geom_type, "MultiPolygon"}
    assert raised(checked) == [(1, "geometry", "broken_outline", "put_right")]


def test_heights_are_left_out() -> None:
    checked = judged(
        raw([{"name": "A"}], [shapely.Point(*stored([shapely.Point(0, 0)])[0].coords[0], 40)]), source(), AREAS
    )
    assert not checked.rows.geometry.iloc[0].has_z


def test_what_may_be_a_home_is_shown_to_the_nearest_500_metres_and_keeps_no_address() -> None:
    rows = [{"name": f"Club {n}", "postcode": "ZZ1 1AA", "address": "1 High Street", **MIDDLE} for n in range(3)]
    checked = check(rows, "groups")
    metres = coordinates_m(checked.rows.geometry)
    assert set((metres.round() % 500).ravel()) == {250}
    assert checked.rows["location_accuracy_m"].tolist() == [500.0] * 3
    assert checked.rows[["address", "postcode", "uprn"]].isna().all(axis=None)
    assert (
        not checked.rows.drop(columns="geometry")
        .astype(str)
        .apply(lambda c: c.str.contains("High Street"))
        .any(axis=None)
    )
    assert checked.rows["area_code"].tolist() == [WEST] * 3


# --- the same again --------------------------------------------------------------------------------------------------


def test_a_row_that_stands_twice_is_counted_once() -> None:
    checked = check([hall("A", id="1"), hall("A", id="1"), hall("B", id="2")], row_id="id")
    assert (checked.rows["name"].tolist(), counted(checked)) == (["A", "B"], (3, 2, 0, 1))
    assert raised(checked) == [(2, "id", "repeated_row", "dropped")]


def test_two_rows_under_one_id_are_both_kept() -> None:
    rows = [hall(name, id=row_id) for name, row_id in [("A", "1"), ("B", "1"), ("C", "1#2"), ("D", "1")]]
    checked = check(rows, row_id="id")
    assert checked.rows["asset_id"].is_unique
    assert checked.rows["asset_id"].str.removeprefix("handtown/register:").tolist() == ["1", "1#3", "1#2", "1#4"]
    assert [kind for _, _, kind, _ in raised(checked)] == ["repeated_id", "repeated_id"]


def test_a_great_many_issues_of_one_sort_are_told_as_one_unless_a_row_is_lost() -> None:
    many = SAME_KIND_LISTED + 1
    noted = check([{**hall(f"{n}"), "kind": "shed"} for n in range(many)])
    assert raised(noted) == [(None, "kind", "unknown_kind", "noted")]
    assert noted.issues["message"].iloc[0].startswith(f"{many} rows, the first of them row 1: ")
    lost = check([{"name": f"{n}", "postcode": "M31"} for n in range(many)])
    assert len(lost.issues) == lost.dropped == many


def test_no_issues_is_a_frame_with_its_columns() -> None:
    empty = issues_frame([])
    assert list(empty.columns) == list(ISSUE_COLUMNS)
    assert str(empty["row"].dtype) == "Int64"


# --- neighbourhoods, streets, postcodes ------------------------------------------------------------------------------

SQUARE = shapely.box(-1.26, 52.14, -1.25, 52.15)
LSOA = {"row_id": "LSOA21CD", "geography": "LSOA 2021"}


def areas(rows: list[Row], shapes: list[shapely.Geometry | None], **keys: object) -> Checked:
    return judged(raw(rows, shapes), source("neighbourhoods", **{**LSOA, **keys}))


def test_neighbourhoods() -> None:
    rows = [
        {"LSOA21CD": "E01000001", "LSOA21NM": "One", "population": "1,500", "imd_decile": "3"},
        {"LSOA21CD": "E01000002"},
    ]
    checked = areas(rows, [SQUARE, shapely.MultiPolygon([SQUARE])], imd_edition=2025)
    assert checked.rows.crs == STORED_CRS
    assert checked.rows["area_code"].tolist() == ["E01000001", "E01000002"]
    assert checked.rows["name"].tolist() == ["One", "E01000002"]
    assert checked.rows.geom_type.tolist() == ["MultiPolygon"] * 2
    assert checked.rows["population"].tolist() == [1500, pd.NA]
    assert set(checked.rows["imd_edition"]) == {2025}


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        *[("population", "-5", False), ("population", "0", True), ("population", "2000000", False)],
        *[("Index of Multiple Deprivation (IMD) Decile", text, text == "10") for text in ("0", "10", "11")],
        *[("Index of Multiple Deprivation (IMD) Rank", text, text == "32,844") for text in ("0", "32,844")],
    ],
)
def test_figures_that_cannot_be_are_left_out_and_told(column: str, value: str, kept: bool) -> None:
    checked = areas([{"LSOA21CD": "E01000001", column: value}], [SQUARE])
    assert checked.stored == 1
    assert ("out_of_range" not in checked.issues["kind"].tolist()) is kept


def test_a_neighbourhood_needs_an_outline() -> None:
    checked = areas([{"LSOA21CD": code} for code in "ABC"], [shapely.Point(-1.26, 52.14), None, SQUARE])
    assert checked.rows["area_code"].tolist() == ["C"]
    assert [kind for _, _, kind, effect in raised(checked) if effect == "dropped"] == ["no_location", "not_an_area"]


def test_the_second_row_of_a_code_is_dropped_but_not_for_one_that_was_dropped_itself() -> None:
    checked = areas([{"LSOA21CD": code} for code in "AABB"], [SQUARE, SQUARE, None, SQUARE])
    assert checked.rows["source_row"].tolist() == [1, 4]


def test_neighbourhoods_that_lie_in_each_other_are_told() -> None:
    ward, part, beside = shapely.box([-1.3, -1.22, -1.2], 52.1, [-1.2, -1.2, -1.1], 52.2)
    rows = [{"LSOA21CD": code} for code in ("E05000001", "E01000001", "E01000002")]
    checked = areas(rows, [ward, part, beside])
    told = checked.issues[checked.issues["kind"] == "overlapping_outline"]
    assert told[["row", "effect", "value"]].to_numpy().tolist() == [[2, "noted", "E01000001"]]
    assert "Its middle lies in the neighbourhood E05000001 too" in told["message"].iloc[0]
    assert checked.stored == 3


@pytest.mark.parametrize("missing", ["row_id", "geography"])
def test_neighbourhoods_need_their_codes_and_their_vintage(missing: str) -> None:
    keys = {key: value for key, value in LSOA.items() if key != missing}
    with pytest.raises(SourceError, match=r"needs 'row_id'.*and 'geography'"):
        judged(raw([{"LSOA21CD": "A"}], [SQUARE]), source("neighbourhoods", **keys))


def test_streets_are_lines_and_those_far_away_are_set_aside() -> None:
    lines = [shapely.LineString([(0, y), (100, y)]) for y in (0, 2650, 2750)]
    drawn = [*stored([*lines, shapely.Point(0, 0)])]
    checked = judged(raw([{"highway": "residential", "name": "A"}] * 4, drawn), source("streets"), AREAS)
    assert counted(checked) == (4, 2, 1, 1)
    assert checked.set_aside == {"more than 2 km outside the place": 1}
    assert raised(checked) == [(4, "geometry", "not_a_street", "dropped")]


def test_postcodes_are_kept_once_and_near_the_place() -> None:
    codes = [("ZZ1 1AA", 0), ("zz11aa", 10), ("ZZ1", 0), ("", 0), ("ZZ1 1AB", 9000)]
    rows = [{"postcode": code, "X": f"{CORNER_M[0] - east}", "Y": f"{CORNER_M[1]}"} for code, east in codes]
    checked = judged(raw(rows), source("postcodes"), AREAS)
    assert checked.rows[["reference", "area_code"]].values.tolist() == [["ZZ1 1AA", WEST]]
    assert counted(checked) == (5, 1, 2, 2)
    assert [kind for _, _, kind, _ in raised(checked)] == ["not_a_postcode"] * 2


def test_a_streets_own_fields_are_kept_as_details() -> None:
    line = stored([shapely.LineString([(0, 0), (100, 0)])])
    row = {"highway": "track", "surface": "gravel", "lit": ""}
    checked = judged(raw([row], [*line]), source("streets"), AREAS)
    assert checked.rows["details"].tolist() == ['{"surface": "gravel"}']


# --- figures ---------------------------------------------------------------------------------------------------------

INDICES = {"geography": "LSOA 2021", "edition": 2025}
CODE, PEOPLE = "LSOA code (2021)", "Total population: mid 2022"


def test_figures_need_no_place_on_the_map_and_keep_their_types() -> None:
    given = {CODE: "E01000001", PEOPLE: "1,721", "Crime Score": "-2.22", "Crime Rank (where 1 is most deprived)": ""}
    checked = judged(raw([given]), source("deprivation", **INDICES))
    assert raised(checked) == []
    assert not isinstance(checked.rows, gpd.GeoDataFrame)
    (row,) = checked.rows.to_dict("records")
    assert row == {
        "figure_id": "handtown/register:E01000001",
        "place_id": "handtown",
        "layer": "deprivation",
        "code": "E01000001",
        "geography": "LSOA 2021",
        "edition": 2025,
        "details": '{"crime_score": -2.22, "population": 1721}',
        "source": "handtown/register",
        "source_row": 1,
    }


def test_a_figure_without_a_code_or_of_a_code_again_is_dropped_and_told() -> None:
    rows = [{CODE: code, PEOPLE: f"{number}"} for number, code in enumerate(["E01", "", "E02", "E01"])]
    checked = judged(raw(rows), source("deprivation", **INDICES))
    assert counted(checked) == (4, 2, 0, 2)
    assert raised(checked) == [(2, "code", "no_code", "dropped"), (4, "code", "repeated_id", "dropped")]
    assert checked.rows["code"].tolist() == ["E01", "E02"]


def test_codes_may_repeat_where_the_layer_says_so() -> None:
    pairs = [("E01", "E11"), ("E01", "E12"), ("E01", "E12"), ("", "E13"), ("E02", "E02")]
    rows = [{"lsoa11cd": old, "lsoa21cd": new, "chgind": "S"} for old, new in pairs]
    keys = {"row_id": ["lsoa11cd", "lsoa21cd"], "geography": "LSOA 2011"}
    checked = judged(raw(rows), source("neighbourhood_changes", **keys))
    assert counted(checked) == (5, 3, 0, 2)
    assert [kind for _, _, kind, _ in raised(checked)] == ["no_code", "repeated_row"]
    assert checked.rows["figure_id"].str.removeprefix("handtown/register:").tolist() == [
        "E01/E11",
        "E01/E12",
        "E02/E02",
    ]
    assert checked.rows["edition"].isna().all()


def test_a_figure_that_is_no_number_is_left_out_and_told() -> None:
    checked = judged(raw([{CODE: "E01", PEOPLE: "many", "Crime Score": "1"}]), source("deprivation", **INDICES))
    assert raised(checked) == [(1, PEOPLE, "not_a_number", "noted")]
    assert checked.rows["details"].tolist() == ['{"crime_score": 1.0}']


def test_figures_need_the_drawing_that_their_codes_are_of() -> None:
    with pytest.raises(SourceError, match="needs 'geography'"):
        judged(raw([{CODE: "E01"}]), source("deprivation"))


def test_details_open_into_columns_of_the_declared_types() -> None:
    layer = LAYERS["deprivation"]
    texts = [
        '{"population": 1721, "crime_score": 1, "odd": 1}',
        "{}",
        '{"name": "A", "population": "x", "children": 1.5}',
    ]
    opened = open_fields(pd.Series(texts, index=[7, 8, 9]), layer)
    assert tuple(opened.columns) == layer.detail_fields
    assert opened.index.tolist() == [7, 8, 9]
    assert (opened["crime_score"].dtype, opened["population"].dtype, opened["name"].dtype) == ("float64", "Int64", "O")
    assert opened["population"].tolist() == [1721, pd.NA, pd.NA]
    assert opened["children"].isna().all()
    assert opened["name"].tolist() == [None, None, "A"]
    assert len(open_fields(pd.Series([], dtype=object), layer).columns) == len(layer.detail_fields)


# --- every row is counted once ---------------------------------------------------------------------------------------

MESS = st.sampled_from(
    [
        *("", " ", "NA", "ZZ1 1AA", "ZZ1 1AA\n", "M31", "<b>", "=A1()", "2013", "13/25/2020", "closed", "open", "hall"),
        *(
            "0",
            "-1.26",
            "52.15",
            "450100",
            "250100",
            "450,100",
            "inf",
            "nan",
            "1e300",
            "99.999999",
            "HMP",
            "1.00013E+11",
        ),
        *("100090000001", "\u00a0", "\x1f", "é\u0301", "'; drop table asset; --", "x" * 300, "0x1A", "True", "-", "#"),
    ]
)
COLUMNS = ("id", "name", "kind", "X", "Y", "UPRN", "postcode", "closed", "status", "type", "hours", "what_happened")
TABLES = st.lists(st.tuples(*[MESS] * len(COLUMNS)), min_size=1, max_size=8)
SHAPES = st.sampled_from(
    [
        *(None, shapely.Point(), shapely.Point(-1.26, 52.15), shapely.Point(np.nan, 1), shapely.Point(np.inf, 1)),
        *(SQUARE, shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), shapely.LineString([(-1.26, 52.15)] * 2)),
        shapely.GeometryCollection([SQUARE, shapely.Point(0, 0)]),
    ]
)
KEYS = st.fixed_dictionaries(
    {},
    optional={
        "row_id": st.just(["id"]),
        "set_aside": st.just([{"column": "type", "contains": "HMP", "blank": True, "why": "a prison's"}]),
        "keep": st.just([{"column": "status", "is": ["open", ""], "why": "another's"}]),
        "locate": st.sampled_from([{"crs": "EPSG:27700"}, {"x": "X", "y": "Y", "crs": "EPSG:4326"}]),
        "missing": st.just(["-"]),
    },
)


def adds_up(checked: Checked, rows: int) -> None:
    assert checked.rows_in == rows == checked.stored + sum(checked.set_aside.values()) + checked.dropped
    assert checked.stored == len(checked.rows)
    assert (checked.issues["effect"] == "dropped").sum() == checked.dropped
    assert (checked.issues["message"].str.len() > 20).all()
    if isinstance(checked.rows, gpd.GeoDataFrame):
        assert checked.rows.geometry.is_valid.all()
        assert not checked.rows.geometry.is_empty.any()


@settings(max_examples=40)
@given(TABLES, KEYS, st.sampled_from(["community_buildings", LEDGER, "public_land", "groups", "postcodes", "uprns"]))
def test_rows_in_are_stored_set_aside_or_dropped(table: list[tuple[str, ...]], keys: dict, layer: str) -> None:
    rows = [dict(zip(COLUMNS, line, strict=True)) for line in table]
    checked = check(rows, layer, **keys)
    adds_up(checked, len(rows))
    if "asset_id" in checked.rows:
        assert checked.rows["asset_id"].is_unique
        assert checked.rows["located_by"].notna().all()
        assert (checked.rows["location_accuracy_m"] > 0).all()
        assert set(checked.rows["status"]) <= {"open", "closed", "paused", "unknown"}
        assert set(checked.rows["area_code"]) <= {WEST, EAST, None}


@settings(max_examples=25)
@given(
    st.lists(st.tuples(MESS, MESS), min_size=1, max_size=8), st.sampled_from(["deprivation", "neighbourhood_changes"])
)
def test_figures_in_are_stored_set_aside_or_dropped(table: list[tuple[str, str]], layer: str) -> None:
    rows = [{CODE: text, PEOPLE: more, "lsoa11cd": text, "chgind": more, "status": more} for text, more in table]
    keep = [{"column": "status", "is": ["open", ""], "why": "another's"}]
    checked = judged(raw(rows), source(layer, keep=keep, **INDICES))
    adds_up(checked, len(rows))
    assert checked.rows["figure_id"].is_unique
    assert checked.rows["code"].notna().all()


@settings(max_examples=25)
@given(
    st.lists(st.tuples(MESS, SHAPES), min_size=1, max_size=8),
    st.sampled_from(["green_space", "streets", "neighbourhoods"]),
)
def test_shapes_in_are_stored_set_aside_or_dropped(table: list[tuple], layer: str) -> None:
    rows = [{"LSOA21CD": text, "name": text, "highway": "path"} for text, _ in table]
    keys = LSOA if layer == "neighbourhoods" else {}
    checked = judged(raw(rows, [shape for _, shape in table]), source(layer, **keys), None if keys else AREAS)
    adds_up(checked, len(rows))


# --- one thing as a point and as an outline ---------------------------------------------------------------------------

IN_CAFE, BESIDE = shapely.Point(105, 105), shapely.Point(125, 105)
CAFE = shapely.box(100, 100, 120, 110)


def fronts(*rows: tuple[Row, shapely.Geometry]) -> Checked:
    given = [{"name": "Mill Caf\u00e9", "kind": "food_and_drink", **row} for row, _ in rows]
    return judged(raw(given, list(stored([shape for _, shape in rows]))), source("fronts", row_id="id"), AREAS)


def ids(checked: Checked) -> list[str]:
    return [asset_id.partition(":")[2] for asset_id in checked.rows["asset_id"]]


def test_a_point_inside_the_outline_of_the_same_thing_is_counted_once() -> None:
    point = {"id": "node/1", "name": "MILL CAF\u00c9", "opening_hours": "Mo-Fr 09:00-17:00", "operator": "A trust"}
    checked = fronts((point, IN_CAFE), ({"id": "way/2", "operator": "Another"}, CAFE), ({"id": "node/3"}, BESIDE))
    assert ids(checked) == ["way/2", "node/3"]
    (issue,) = checked.issues.to_dict("records")
    assert (issue["row"], issue["value"], issue["kind"], issue["effect"]) == (1, "way/2", "mapped_twice", "dropped")
    assert issue["message"] == (
        "The same is mapped twice, as this point and as the outline around it in row 2; the outline counts. "
        "Only the point tells: opening_hours."
    )
    assert counted(checked) == (3, 2, 0, 1)


@pytest.mark.parametrize("other", [{"name": "Mill Bakery"}, {"kind": "shop"}, {"status": "closed"}])
def test_another_thing_in_the_same_building_is_another(other: Row) -> None:
    assert ids(fronts(({"id": "node/1", **other}, IN_CAFE), ({"id": "way/2"}, CAFE))) == ["node/1", "way/2"]


def test_things_without_a_name_are_not_taken_for_one() -> None:
    checked = fronts(({"id": "node/1", "name": ""}, IN_CAFE), ({"id": "way/2", "name": ""}, CAFE))
    assert ids(checked) == ["node/1", "way/2"]


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["A", "B", ""]), st.sampled_from(["shop", "service"]), st.booleans(), st.integers(0, 2)
        ),
        min_size=1,
        max_size=8,
    ),
    st.randoms(),
)
def test_what_is_mapped_twice_does_not_depend_on_the_order_of_rows(table: list[tuple], chance: object) -> None:
    rows = []
    for at, (name, kind, point, spot) in enumerate(table):
        house = shapely.box(50 * spot, 0, 50 * spot + 20, 20)
        rows.append(({"id": str(at), "name": name, "kind": kind}, house.centroid if point else house))
    mixed = list(rows)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    there, again = fronts(*rows), fronts(*mixed)
    assert sorted(ids(there)) == sorted(ids(again))
    outlines = {(name, kind, spot) for name, kind, point, spot in table if name and not point}
    once = [at for at, (name, kind, point, spot) in enumerate(table) if not point or (name, kind, spot) not in outlines]
    assert ids(there) == [str(at) for at in once]
    adds_up(there, len(table))
