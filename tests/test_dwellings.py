"""How many homes buildings hold: by what they say, by what they are, by their size; and which are nobody's home."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from assetmap.checks import Checked
from registers import judged, raised, raw, source
from town import EAST, WEST, stored, town_areas

NO_USE, OTHER = "nothing says that people live in it", "not a building that people live in"
TOO_SMALL = "less than 25 m2 of ground, as a garage or a shed"

relaxed = settings(max_examples=50)


def outline(east: float, north: float, ground_m2: float) -> Polygon:
    """A building 10 m wide, its corner at so many metres of the town."""
    return box(east, north, east + 10, north + ground_m2 / 10)


def loaded(*buildings: tuple[Mapping[str, str], BaseGeometry], **keys: object) -> Checked:
    rows = [{"osm_id": f"way/{number}", **tags} for number, (tags, _) in enumerate(buildings, 1)]
    shapes = list(stored([shape for _, shape in buildings]))
    return judged(raw(rows, shapes), source("home_buildings", row_id="osm_id", **keys), town_areas())


def homes(checked: Checked) -> dict[str, float]:
    return {row.reference: row.homes for row in checked.rows.itertuples()}


def test_a_building_holds_what_it_says_or_what_it_is_or_what_its_size_tells() -> None:
    checked = loaded(
        ({"building": "apartments", "building:flats": "24", "building:levels": "2"}, outline(0, 0, 200)),
        ({"building": "house"}, outline(100, 0, 300)),
        ({"building": "terrace"}, outline(200, 0, 240)),  # 480 m2 on two floors
        ({"building": "apartments", "building:levels": "5"}, outline(300, 0, 400)),  # 2,000 m2
        ({"building": "residential", "total floor area": "850"}, outline(400, 0, 400)),
        ({"building": "semidetached_house"}, outline(500, 0, 40)),  # one at the least
    )
    told = {"way/1": 24, "way/2": 1, "way/3": 4.8, "way/4": 20, "way/5": 8.5, "way/6": 1}
    assert homes(checked) == pytest.approx(told, abs=0.01)
    assert raised(checked) == [(row, "dwellings", "homes_by_size", "noted") for row in (3, 4, 5, 6)]


def test_what_homes_were_counted_from_stands_on_the_row_and_its_shape_is_a_point_in_it() -> None:
    shape = MultiPolygon([outline(1000, 0, 100), outline(1050, 0, 300)])
    checked = loaded(({"building": "flats", "building:levels": "3"}, shape))
    row = checked.rows.iloc[0]
    assert json.loads(row["details"]) == {"kind": "homes", "levels": 3, "ground_m2": pytest.approx(400, abs=0.3)}
    assert (row["scheme"], row["homes"]) == ("building", pytest.approx(12, abs=0.01))
    assert isinstance(row.geometry, Point)
    assert row.geometry.within(stored([shape])[0])
    assert row["area_code"] == EAST


def test_what_is_nobodys_home_is_set_aside_by_a_stated_rule_and_counted() -> None:
    checked = loaded(
        ({"building": "house"}, outline(0, 0, 80)),
        ({"building": "Church"}, outline(100, 0, 300)),
        ({"building": "garage"}, outline(200, 0, 15)),
        ({"building": "yes"}, outline(300, 0, 90)),
        ({"building": ""}, outline(400, 0, 90)),
        ({"building": "house"}, outline(500, 0, 20)),
        ({"building": "apartments", "building:flats": "0"}, outline(600, 0, 200)),
        ({"building": "house"}, outline(9_000, 0, 80)),
    )
    assert list(homes(checked)) == ["way/1"]
    assert checked.set_aside == {
        "more than 2 km outside the place": 1,
        "says that it holds no homes": 1,
        NO_USE: 2,
        OTHER: 2,
        TOO_SMALL: 1,
    }
    assert checked.dropped == 0


def test_a_building_of_another_use_that_says_how_many_homes_it_holds_is_their_home() -> None:
    checked = loaded(
        ({"building": "pub", "building:flats": "2"}, outline(0, 0, 200)),
        ({"building": "yes", "building:flats": "3"}, outline(100, 0, 200)),
        ({"building": "folly", "building:flats": "1"}, outline(200, 0, 20)),
    )
    assert homes(checked) == {"way/1": 2, "way/2": 3, "way/3": 1}


def test_a_word_that_is_not_known_is_asked_about_and_not_taken_for_a_home() -> None:
    rows = (({"building": "large house"}, outline(0, 0, 200)), ({"building": "house"}, outline(100, 0, 200)))
    checked = loaded(*rows)
    assert list(homes(checked)) == ["way/2"]
    assert raised(checked) == [(1, "kind", "unknown_kind", "dropped")]
    assert "Explain it under 'values'" in checked.issues["message"].iloc[0]
    explained = loaded(
        *rows, columns={"kind": {"column": "building", "values": {"large house": "house", "house": "house"}}}
    )
    assert homes(explained) == {"way/1": 1, "way/2": 1}


def test_a_map_that_never_says_what_a_building_is_for_has_homes_in_all_and_says_that() -> None:
    rows = [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    shapes = list(stored([outline(0, 0, 60), outline(100, 0, 3000), outline(200, 0, 16)]))
    checked = judged(raw(rows, shapes), source("home_buildings", row_id="id"), town_areas())
    assert homes(checked) == pytest.approx({"a": 1.2, "b": 20}, abs=0.01)
    assert checked.set_aside == {TOO_SMALL: 1}
    words = " ".join(checked.issues["message"])
    assert "a church or a factory among them" in words
    assert "no more than 1,000 m2 of its ground is counted" in words


def test_floors_that_are_told_lift_the_limit_of_ground() -> None:
    checked = loaded(({"building": "apartments", "building:levels": "4"}, outline(0, 0, 5000)))
    assert homes(checked) == pytest.approx({"way/1": 200}, abs=0.1)


def test_a_point_is_a_home_where_it_says_how_many_or_how_large_and_else_is_refused() -> None:
    checked = loaded(
        ({"building": "flats", "dwellings": "6"}, Point(0, 0)),
        ({"building": "flats", "floor area": "250"}, Point(10, 0)),
        ({"building": "bungalow"}, Point(20, 0)),
        ({"building": "flats"}, Point(30, 0)),
    )
    assert homes(checked) == {"way/1": 6, "way/2": 2.5, "way/3": 1}
    assert (4, "geometry", "no_size", "dropped") in raised(checked)


@pytest.mark.parametrize(
    ("tags", "counted"),
    [
        ({"building:levels": "0"}, 4),
        ({"building:levels": "250"}, 4),
        ({"dwellings": "90000"}, 4),
        ({"floors": "2.5"}, 5),
    ],
)
def test_numbers_that_cannot_be_are_left_out_and_said(tags: Mapping[str, str], counted: float) -> None:
    checked = loaded(({"building": "flats", **tags}, outline(0, 0, 200)))
    assert homes(checked) == pytest.approx({"way/1": counted}, abs=0.01)
    assert ("out_of_range" in set(checked.issues["kind"])) == (counted == 4)


def test_a_building_that_stands_twice_in_a_file_is_one_and_another_under_its_number_is_another() -> None:
    rows = [{"osm_id": "way/1", "building": "house"}] * 3
    shapes = list(stored([outline(0, 0, 80), outline(0, 0, 80), outline(100, 0, 80)]))
    checked = judged(raw(rows, shapes), source("home_buildings", row_id="osm_id"), town_areas())
    assert homes(checked) == {"way/1": 1, "way/1#2": 1}
    assert (2, "osm_id", "repeated_row", "dropped") in raised(checked)


BUILDINGS = st.lists(
    st.tuples(
        st.sampled_from(["house", "terrace", "yes", "church", "igloo", ""]),
        st.sampled_from(["", "0", "1", "7.5", "many"]),
        st.integers(1, 400),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=12,
)


@relaxed
@given(BUILDINGS, st.randoms())
def test_every_building_ends_somewhere_and_the_order_of_rows_tells_nothing(
    buildings: list[tuple[str, str, int, int]], chance: object
) -> None:
    each = [
        ({"osm_id": str(at), "building": use, "dwellings": dwellings}, outline(20 * at, 100 * row, 10 * ground))
        for at, (use, dwellings, ground, row) in enumerate(buildings)
    ]
    mixed = list(each)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    there, again = loaded(*each), loaded(*mixed)
    assert there.rows_in == there.stored + there.dropped + sum(there.set_aside.values()) == len(buildings)
    assert homes(there) == homes(again)
    assert there.set_aside == again.set_aside
    assert (there.rows["homes"] > 0).all() if there.stored else True
    assert set(there.rows["area_code"]) <= {WEST, EAST}
