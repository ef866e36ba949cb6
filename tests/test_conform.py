"""A source as it was read, in our columns: its headers, words, types, ids and shapes; nothing judged, nothing lost."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from assetmap.details import details_json
from assetmap.errors import SourceError
from assetmap.mapping import LOCATION_HEADERS
from assetmap.sources import Column
from assetmap.space import MEASURED_CRS
from assetmap.tables import RawFrame
from registers import LAYERS, Row, conformed, judged, raised, raw, source
from town import stored, town_areas

SPOT = {"lon": "-1.26", "lat": "52.15"}


def values(rows: list[Row], field: str, layer: str = "community_buildings", **keys: object) -> list[object]:
    return conformed(raw([{**SPOT, **row} for row in rows]), source(layer, **keys)).frame[field].tolist()


def value(given: Row, field: str, layer: str = "community_buildings", **keys: object) -> object:
    return values([given], field, layer, **keys)[0]


# --- headers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["PropertyName", "Property Name", "PROPERTY_NAME", "property name ", "Asset Name"])
def test_a_header_is_found_whatever_its_case_and_spaces(header: str) -> None:
    assert value({header: "Depot"}, "name", "public_land") == "Depot"


@pytest.mark.parametrize(("x", "y"), [*zip(LOCATION_HEADERS["x"], LOCATION_HEADERS["y"], strict=True)])
def test_every_usual_pair_of_headers_places_a_row(x: str, y: str) -> None:
    frame = conformed(raw([{"name": "Hall", x.upper(): "-1.26", y.upper(): "52.15"}]), source()).frame
    assert frame["located_by"].tolist() == ["coordinates"]


def test_a_declared_header_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(SourceError, match=r"there is no column 'Nam'. Did you mean 'Name'\? The file has 'lon', 'lat'"):
        value({"Name": "Hall"}, "name", columns={"name": "Nam"})


@pytest.mark.parametrize(
    "keys",
    [
        {"row_id": "code"},
        {"locate": {"x": "E", "y": "N"}},
        {"locate": {"uprn": "code"}},
        {"locate": {"postcode": "code"}},
        {"keep": [{"column": "code", "is": "a", "why": "because"}]},
        {"set_aside": [{"column": "code", "is": "a", "why": "because"}]},
        {"set_aside": [{"column": "name", "is": "a", "unless": {"code": "b"}, "why": "because"}]},
        {"columns": {"address": {"column": ["name", "code"], "join": ", "}}},
    ],
)
def test_every_declared_column_must_be_there(keys: dict[str, object]) -> None:
    with pytest.raises(SourceError, match=r"\./register\.csv: there is no column '(code|E)'"):
        value({"name": "Hall"}, "name", **keys)


def test_a_field_the_layer_does_not_have_is_refused() -> None:
    with pytest.raises(SourceError, match="colour cannot be filled: the layer community_buildings has the fields name"):
        value({"name": "Hall"}, "name", columns={"colour": "name"})


def test_a_tag_that_no_feature_carries_is_blank() -> None:
    rule = {"column": "access", "is": "no", "unless": {"foot": "yes"}, "why": "private"}
    keys = {"columns": {"run_by": "operator:type"}, "set_aside": [rule]}
    assert value({"name": "Hall"}, "run_by", reader="osm", **keys) is None


# --- words -----------------------------------------------------------------------------------------------------------


def test_the_first_column_that_is_not_blank_is_taken() -> None:
    rows = [{"a": "A", "b": "B"}, {"a": "", "b": "B"}, {"a": "", "b": ""}]
    assert values(rows, "name", columns={"name": ["a", "b"]}) == ["A", "B", None]


def test_columns_are_joined_without_the_blank_ones() -> None:
    rows = [{"a": "1", "b": "High Street"}, {"a": "", "b": "High Street"}, {"a": "", "b": ""}]
    joined_up = values(rows, "address", columns={"address": {"column": ["a", "b"], "join": ", "}})
    assert joined_up == ["1, High Street", "High Street", None]


def test_what_stands_between_joined_columns_keeps_its_spaces() -> None:
    assert value({"a": "1", "b": "2"}, "address", columns={"address": {"column": ["a", "b"], "join": " "}}) == "1 2"
    assert source(delimiter="\t").delimiter == "\t"


def test_words_are_put_around_a_text_but_not_around_nothing() -> None:
    rows = [{"n": "Ketton"}, {"n": ""}]
    assert values(rows, "name", columns={"name": {"column": "n", "write": "{} Library"}}) == ["Ketton Library", None]


def test_a_registers_words_become_ours_whatever_their_case() -> None:
    told = {"column": "op", "values": {"LA": "The council", "[Unknown]": ""}}
    rows = [{"op": "LA"}, {"op": "la "}, {"op": "[unknown]"}, {"op": ""}]
    assert values(rows, "run_by", columns={"run_by": told}) == ["The council", "The council", None, None]


def test_a_word_that_is_not_explained_is_kept_and_told() -> None:
    told = {"column": "op", "values": {"LA": "The council"}}
    found = conformed(raw([{"name": "A", "op": "XL", **SPOT}]), source(columns={"run_by": told}))
    assert found.frame["run_by"].tolist() == ["XL"]
    assert [(issue.field, issue.kind, issue.effect) for issue in found.problems] == [("op", "unknown_word", "noted")]


def test_phrases_and_everything_else() -> None:
    told = {"column": "t", "contains": {"youth": "youth_centre"}, "otherwise": "other", "blank": "hall"}
    rows = [{"t": "The YOUTH club"}, {"t": "A shed"}, {"t": ""}]
    assert values(rows, "kind", columns={"kind": told}) == ["youth_centre", "other", "hall"]


def test_the_same_for_every_row() -> None:
    assert values([{"name": "A"}, {"name": "B"}], "kind", columns={"kind": {"always": "library"}}) == ["library"] * 2


@pytest.mark.parametrize("nothing", ["", "NA", "n/a", "N/A", "#N/A", "NULL", "NaN", "N/A Closed"])
def test_what_means_nothing_is_nothing(nothing: str) -> None:
    assert value({"name": "A", "hours": nothing}, "opening_hours", columns={"opening_hours": "hours"},
                 missing=["N/A Closed"]) is None  # fmt: skip


def test_text_loses_line_breaks_and_hard_spaces() -> None:
    assert value({"name": "Crossways\rTivoli\u00a0 Circus\n"}, "name") == "Crossways Tivoli Circus"


# --- types -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number", "told"),
    [
        *[("1,643", 1643, []), ("1643.0", 1643, []), ("", None, []), ("NA", None, [])],
        *[(odd, None, ["not_a_number"]) for odd in ("many", "inf", "nan ha", "1e300", "1e400", "-")],
    ],
)
def test_counts(text: str, number: int | None, told: list[str]) -> None:
    rows = [{"name": "A", "asset_value_gbp": "1", "members": each, **SPOT} for each in (text, "7")]
    found = conformed(raw(rows), source("community_wealth"))
    assert str(found.frame["members"].dtype) == "Int64"
    assert found.frame["members"].isna().tolist() == [number is None, False]
    assert found.frame["members"].fillna(-1).tolist() == [-1 if number is None else number, 7]
    assert [issue.kind for issue in found.problems] == told


@pytest.mark.parametrize("text", ["N/A Closed", "13/25/2020", "2013/14"])
def test_a_date_nobody_can_read_is_left_out_and_told(text: str) -> None:
    found = conformed(raw([{"name": "A", "closed": text, **SPOT}]), source("closed_services"))
    assert found.frame["closed_on"].tolist() == [None]
    assert [(issue.field, issue.value, issue.kind) for issue in found.problems] == [("closed", text, "not_a_date")]


def test_a_rounded_property_number_is_left_out_and_told() -> None:
    rows = [{"name": "A", "UPRN": each, **SPOT} for each in ("1.00013E+11", "000100121228178", "0", "0.0", "")]
    found = conformed(raw(rows), source())
    assert found.frame["uprn"].tolist() == [None, "100121228178", None, None, None]
    assert [(issue.row, issue.kind, issue.effect) for issue in found.problems] == [(1, "not_a_uprn", "noted")]


@pytest.mark.parametrize(("text", "postcode"), [("gl50\n1dy", "GL50 1DY"), ("m31", "M31"), ("", None)])
def test_postcodes_are_tidied_and_never_thrown_away(text: str, postcode: str | None) -> None:
    assert value({"name": "A", "postcode": text}, "postcode") == postcode


def test_fields_without_a_column_are_none_and_not_nan() -> None:
    assert value({"name": "A"}, "run_by") is None
    assert conformed(raw([{"name": "A", **SPOT}]), source()).frame["location_note"].notna().all()


# --- rules -----------------------------------------------------------------------------------------------------------


def test_each_row_set_aside_is_counted_once_under_the_first_rule_that_meets_it() -> None:
    rules = {
        "keep": [{"column": "who", "is": ["Trafford", "TRAFFORD MBC"], "why": "another authority"}],
        "set_aside": [
            {"column": "type", "contains": "prison", "why": "a prison's"},
            {"column": "type", "blank": True, "why": "of no type"},
        ],
    }
    kinds = [
        ("trafford ", "Static"),
        ("Bury", "Prison"),
        ("Trafford", "HM Prison"),
        ("Trafford mbc", ""),
        ("", "Static"),
    ]
    found = conformed(raw([{"name": "A", "who": who, "type": kind, **SPOT} for who, kind in kinds]), source(**rules))
    assert found.set_aside == {"another authority": 2, "a prison's": 1, "of no type": 1}
    assert found.frame["source_row"].tolist() == [1]
    assert found.rows_in == 5


def test_another_column_may_except_a_row_from_a_rule() -> None:
    rule = {"column": "access", "is": ["private", "no"], "unless": {"foot": ["yes", "designated"]}, "why": "private"}
    said = [("private", ""), ("private", " Yes "), ("no", "designated"), ("no", "no"), ("", ""), ("customers", "no")]
    rows = [{"name": "A", "access": access, "foot": foot, **SPOT} for access, foot in said]
    found = conformed(raw(rows), source(set_aside=[rule]))
    assert (found.set_aside, found.frame["source_row"].tolist()) == ({"private": 2}, [2, 3, 5, 6])
    kept = conformed(raw(rows), source(keep=[rule]))
    assert (kept.set_aside, kept.frame["source_row"].tolist()) == ({"private": 4}, [1, 4])


def test_a_private_way_is_kept_only_where_people_may_walk() -> None:
    line = shapely.LineString([(-1.26, 52.15), (-1.25, 52.15)])
    ways = [{"highway": "service", "access": access} for access in ("private", "no", "permissive", "")]
    assert conformed(raw(ways, [line] * 4), source("streets")).frame["source_row"].tolist() == [3, 4]
    walked = [{**way, "foot": "permissive"} for way in ways]
    assert len(conformed(raw(walked, [line] * 4), source("streets")).frame) == 4


def test_a_layers_own_rules_apply_where_the_file_has_their_column() -> None:
    line = shapely.LineString([(-1.26, 52.15), (-1.25, 52.15)])
    ways = [{"highway": "motorway"}, {"highway": "residential"}]
    assert conformed(raw(ways, [line, line]), source("streets")).set_aside == {"nobody may walk on a motorway": 1}
    assert conformed(raw([{"name": "A"}], [line]), source("streets")).set_aside == {}


# --- ids -------------------------------------------------------------------------------------------------------------


def ids(rows: list[Row], shapes: list[shapely.Geometry] | None = None, **keys: object) -> list[str]:
    return conformed(raw(rows, shapes), source(**keys)).frame["row_id"].tolist()


def test_a_row_is_named_by_its_columns() -> None:
    row = {"a": "Trafford", "b": "Bowfell ", "c": "M41 5RR", **SPOT}
    assert ids([row], row_id=["a", "b", "c"]) == ["Trafford/Bowfell/M41 5RR"]


def test_a_row_without_a_number_of_its_own_is_known_by_its_content() -> None:
    first, second, third = ids([{"n": "1", **SPOT}, {"n": "", "name": "A", **SPOT}, {"n": "", **SPOT}], row_id="n")
    assert first == "1"
    assert len({second, third}) == 2


def test_a_fingerprint_stays_when_other_rows_come_and_go() -> None:
    rows = [{"name": name, **SPOT} for name in "ABC"]
    assert ids(rows[1:]) == ids(rows)[1:]
    assert ids(rows[::-1]) == ids(rows)[::-1]


def test_two_places_without_a_name_are_told_apart_by_where_they_are() -> None:
    squares = [shapely.box(-1.26, 52.15, -1.25, 52.16), shapely.box(-1.24, 52.15, -1.23, 52.16)]
    rows = [{"site_type": "Play Space"}] * 2
    assert len(set(ids(rows, squares, layer="green_space"))) == 2
    checked = judged(raw(rows, squares), source("green_space"))
    assert (checked.stored, raised(checked)) == (2, [])


# --- shapes ----------------------------------------------------------------------------------------------------------


def test_shapes_keep_their_form_and_say_how_they_were_placed() -> None:
    drawn = stored([shapely.Point(0, 0), shapely.box(0, 0, 50, 50), shapely.LineString([(0, 0), (50, 0)])])
    frame = conformed(raw([{"name": name} for name in "ABC"], list(drawn)), source()).frame
    assert frame["located_by"].tolist() == ["coordinates", "outline", "outline"]
    assert frame.geom_type.tolist() == ["Point", "Polygon", "LineString"]


def test_a_shape_that_is_missing_gives_way_to_the_postcode() -> None:
    point = shapely.Point(-1.26, 52.15)
    found = conformed(raw([{"name": "A"}, {"name": "B"}, {"name": "C"}], [None, shapely.Point(), point]), source())
    assert [index for index, issue in found.unplaced.items() if issue.kind == "no_location"] == [0, 1]


def test_metres_in_a_file_that_claims_degrees_are_read_as_metres() -> None:
    point = gpd.GeoSeries(stored([shapely.Point(0, 0)]), crs="EPSG:4326").to_crs(MEASURED_CRS).iloc[0]
    frame = conformed(raw([{"name": "A"}], [point]), source(), town_areas()).frame
    assert frame.geometry.iloc[0].distance(stored([shapely.Point(0, 0)])[0]) < 1e-6
    assert frame["location_note"].iloc[0] == "read as eastings and northings, from the range of the numbers"


def test_shapes_in_metres_are_stored_in_degrees() -> None:
    point = gpd.GeoSeries(stored([shapely.Point(0, 0)]), crs="EPSG:4326").to_crs(MEASURED_CRS).iloc[0]
    frame = conformed(raw([{"name": "A"}], [point], MEASURED_CRS), source()).frame
    assert frame.geometry.iloc[0].distance(stored([shapely.Point(0, 0)])[0]) < 1e-6
    assert frame["location_note"].tolist() == [None]


def test_latitudes_and_longitudes_that_stand_swapped_in_shapes_are_put_right() -> None:
    frame = conformed(raw([{"name": "A"}], [shapely.Point(52.15, -1.26)]), source()).frame
    assert frame.geometry.iloc[0].equals(shapely.Point(-1.26, 52.15))
    assert "wrong way round" in frame["location_note"].iloc[0]


# --- private ---------------------------------------------------------------------------------------------------------


def test_an_issue_about_somebodys_home_does_not_say_where_it_is() -> None:
    groups = source("groups", locate={"x": "lon", "y": "lat", "postcode": "home"})
    rows = [{"name": "A", "home": "M33 9ZZ"}, {"name": "B", "lon": "1", "lat": "2"}, {"name": "C", "home": "M33"}]
    issues = judged(raw(rows), groups).issues
    assert set(issues["value"]) == {"(private)"}
    assert not issues["message"].str.contains(r"M33|\b1, 2\b").any()


# --- unreadable rows -------------------------------------------------------------------------------------------------


def test_rows_that_could_not_be_read_are_rows_in() -> None:
    readable = raw([{"name": "A", **SPOT}])
    found = conformed(RawFrame(readable.rows, readable.row_numbers, unreadable=((2, "a,b,c", "Too wide."),)), source())
    assert found.rows_in == 2
    assert [(issue.row, issue.kind, issue.effect) for issue in found.unreadable] == [(2, "unreadable_row", "dropped")]


def test_no_rows() -> None:
    nothing = RawFrame(pd.DataFrame({"name": pd.Series([], dtype="str")}), pd.Series([], dtype="int64"))
    found = conformed(nothing, source())
    assert (len(found.frame), found.rows_in, found.problems) == (0, 0, ())


def test_details_leave_out_what_is_not_there() -> None:
    frame = pd.DataFrame({"a": ["é", None], "b": pd.Series([1.5, None]), "c": pd.Series([3, None], dtype="Int64")})
    assert details_json(frame, ["a", "b", "c"]).tolist() == ['{"a": "é", "b": 1.5, "c": 3}', "{}"]
    assert details_json(frame, []).tolist() == ["{}", "{}"]


def test_a_column_says_where_its_text_comes_from() -> None:
    assert Column(column="a").column == ("a",)
    assert LAYERS["groups"].blur_m == 500
