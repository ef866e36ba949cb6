"""A second file's columns beside the first's: matched by a column, or by where shapes lie."""

from __future__ import annotations

import geopandas as gpd
import pytest
from shapely import Polygon, box

from assetmap.errors import SourceError
from assetmap.joining import joined
from assetmap.sources import Join
from assetmap.space import MEASURED_CRS, STORED_CRS
from assetmap.tables import RawFrame
from registers import FILE, Row, raw

JOIN = Join.model_validate({**FILE, "path": "./more.csv", "match": {"code": "Code"}})
WARDS = Join.model_validate({**FILE, "path": "./wards.geojson", "overlap": "yes", "columns": "ward"})
WEST, EAST = (450_000.0, 300_000.0, 451_000.0, 301_000.0), (451_000.0, 300_000.0, 452_000.0, 301_000.0)


def shaped(rows: list[Row], *shapes: Polygon) -> RawFrame:
    """Rows with outlines in metres."""
    plain = raw(rows)
    return RawFrame(plain.rows, plain.row_numbers, gpd.GeoSeries(shapes, crs=MEASURED_CRS))


# --- by a column -----------------------------------------------------------------------------------------------------


def test_a_second_file_is_joined_by_its_column() -> None:
    other = raw([{"Code": " a ", "people": "5", "name": "theirs"}, {"Code": "b", "people": "6", "name": "theirs"}])
    whole = joined(raw([{"code": "a", "name": "ours"}, {"code": "c", "name": "ours"}]), other, JOIN)
    assert whole.rows[["code", "name", "people"]].values.tolist() == [["a", "ours", "5"], ["c", "ours", ""]]


def test_rows_without_a_key_join_nothing() -> None:
    other = raw([{"Code": "", "people": "5"}, {"Code": "", "people": "6"}, {"Code": "b", "people": "7"}])
    whole = joined(raw([{"code": ""}, {"code": "b"}]), other, JOIN)
    assert whole.rows["people"].tolist() == ["", "7"]


def test_a_key_that_stands_twice_cannot_be_joined() -> None:
    with pytest.raises(SourceError, match="'a' stands in column 'Code' more than once"):
        joined(raw([{"code": "a"}]), raw([{"Code": "a"}, {"Code": "a"}]), JOIN)


def test_a_key_may_stand_in_rows_that_agree_in_the_columns_asked_for() -> None:
    join = JOIN.model_copy(update={"columns": ("part",), "covers": "part"})
    other = raw([{"Code": "a", "part": "Moor", "x": "1"}, {"Code": "a", "part": "Moor", "x": "2"}])
    whole = joined(raw([{"code": "a"}, {"code": "b"}]), other, join)
    assert whole.rows.to_dict("list") == {"code": ["a", "b"], "Code": ["a", ""], "part": ["Moor", ""]}
    assert whole.notes == ()
    other.rows.loc[1, "part"] = "Vale"
    with pytest.raises(SourceError, match="name under 'columns' those in which its rows agree"):
        joined(raw([{"code": "a"}]), other, join)


def test_what_was_noted_of_either_file_is_kept() -> None:
    first, second = raw([{"code": "a"}]), raw([{"Code": "a"}])
    first = RawFrame(first.rows, first.row_numbers, notes=("first",))
    second = RawFrame(second.rows, second.row_numbers, unreadable=((2, "x", "y"),), notes=("second",))
    notes = joined(first, second, JOIN).notes
    assert notes[:2] == ("first", "second")
    assert "1 row could not be read" in notes[2]


# --- by where they lie -----------------------------------------------------------------------------------------------


def test_a_neighbourhood_takes_the_name_of_the_ward_that_covers_most_of_it() -> None:
    areas = shaped([{"code": "a"}, {"code": "b"}], box(450_100, 300_000, 451_200, 301_000), box(*EAST))
    wards = shaped([{"ward": "West", "x": "1"}, {"ward": "East", "x": "2"}], box(*WEST), box(*EAST))
    assert joined(areas, wards, WARDS).rows.to_dict("list") == {"code": ["a", "b"], "ward": ["West", "East"]}


def test_the_two_files_need_not_be_in_one_coordinate_system() -> None:
    wards = shaped([{"ward": "West"}, {"ward": "East"}], box(*WEST), box(*EAST))
    assert wards.shapes is not None
    in_degrees = RawFrame(wards.rows, wards.row_numbers, wards.shapes.to_crs(STORED_CRS))
    assert joined(shaped([{"code": "b"}], box(*EAST)), in_degrees, WARDS).rows["ward"].tolist() == ["East"]


def test_what_lies_in_no_ward_or_only_touches_one_stays_blank_and_is_told() -> None:
    areas = shaped([{"code": "a"}, {"code": "c"}], box(*WEST), box(452_000, 300_000, 453_000, 301_000))
    whole = joined(areas, shaped([{"ward": "West"}, {"ward": "East"}], box(*WEST), box(*EAST)), WARDS)
    assert whole.rows["ward"].tolist() == ["West", ""]
    assert whole.notes == ("./wards.geojson: 1 of 2 rows has no match in it; its columns are blank there.",)


def test_of_two_that_cover_as_much_the_first_is_taken() -> None:
    wards = shaped([{"ward": "First"}, {"ward": "Second"}], box(*WEST), box(*WEST))
    assert joined(shaped([{"code": "a"}], box(*WEST)), wards, WARDS).rows["ward"].tolist() == ["First"]


def test_a_broken_outline_is_no_hindrance() -> None:
    bow_tie = Polygon([(450_000, 300_000), (451_000, 301_000), (451_000, 300_000), (450_000, 301_000)])
    whole = joined(shaped([{"code": "a"}], bow_tie), shaped([{"ward": "West"}], box(*WEST)), WARDS)
    assert whole.rows["ward"].tolist() == ["West"]


def test_wards_of_another_place_are_refused() -> None:
    with pytest.raises(SourceError, match="none of its shapes overlaps"):
        joined(shaped([{"code": "a"}], box(*WEST)), shaped([{"ward": "East"}], box(*EAST)), WARDS)


def test_a_table_cannot_be_joined_by_where_it_lies() -> None:
    with pytest.raises(SourceError, match="only where both files have shapes"):
        joined(shaped([{"code": "a"}], box(*WEST)), raw([{"ward": "West"}]), WARDS)


@pytest.mark.parametrize("keys", [{}, {"match": {"code": "Code"}, "overlap": "yes"}])
def test_a_second_file_is_matched_in_one_way(keys: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"or .overlap: yes"):
        Join.model_validate({**FILE, "path": "./more.csv", **keys})
