"""Where a row is: which system its numbers are in, which way round they stand, and what stands in for them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from assetmap import locating, space
from assetmap.ground import Ground
from assetmap.locating import Located
from assetmap.tables import Locators
from registers import Row, judged, raised, raw, source
from town import CORNER_M, town_areas, town_locators

EAST, NORTH = CORNER_M[0] + 800, CORNER_M[1] + 300
LON, LAT = (float(degrees[0]) for degrees in space.points_to_stored(*np.array([[EAST], [NORTH]]), space.MEASURED_CRS))


def at(x: str, y: str, crs: str | None = None, *, near_the_place: bool = True) -> Located:
    box = Ground(town_areas()).box if near_the_place else None
    return locating.from_coordinates(pd.Series([x]), pd.Series([y]), crs, 10.0, locating.fits(crs, box))


def spot(located: Located) -> tuple[float, float]:
    return round(float(located.lon[0]), 5), round(float(located.lat[0]), 5)


HERE = (round(LON, 5), round(LAT, 5))


@pytest.mark.parametrize("crs", [None, "EPSG:4326"])
@pytest.mark.parametrize(("x", "y"), [(f"{LON:.6f}", f"{LAT:.6f}"), (f" {LON:.6f}", f"{LAT:.6f}  ")])
def test_degrees(x: str, y: str, crs: str | None) -> None:
    located = at(x, y, crs)
    assert spot(located) == HERE
    assert located.by[0] == "coordinates"
    assert located.accuracy_m[0] == 10.0
    assert located.fault[0] is None


@pytest.mark.parametrize("crs", [None, "EPSG:27700"])
@pytest.mark.parametrize(
    ("x", "y"), [(f"{EAST}", f"{NORTH}"), (f"{EAST:,.0f}", f"{NORTH:,.0f}"), (f"{EAST}0001221001", f"{NORTH}")]
)
def test_eastings_and_northings_with_commas_and_float_noise(x: str, y: str, crs: str | None) -> None:
    located = at(x, y, crs)
    assert spot(located) == HERE
    assert located.note[0] == ("" if crs else "read as eastings and northings, from the range of the numbers")


def test_web_mercator() -> None:
    x, y = (500_000 * LON / 4.491576420597607, 0.0)
    y = 6378137 * np.log(np.tan(np.pi / 4 + np.radians(LAT) / 2))
    located = at(f"{x}", f"{y}")
    assert spot(located) == HERE
    assert "web Mercator" in located.note[0]


@pytest.mark.parametrize("crs", [None, "EPSG:4326"])
def test_swapped_degrees_are_put_right_and_said(crs: str | None) -> None:
    located = at(f"{LAT:.6f}", f"{LON:.6f}", crs)
    assert spot(located) == HERE
    assert located.fault[0][2] == "swapped_coordinates"
    assert "wrong way round" in located.note[0]


def test_swapped_eastings_and_northings_are_told_by_where_the_place_is() -> None:
    assert spot(at(f"{NORTH}", f"{EAST}")) == HERE
    assert at(f"{NORTH}", f"{EAST}").fault[0][2] == "swapped_coordinates"
    # without the place both ways round are somewhere in England: they are taken as they stand
    assert spot(at(f"{NORTH}", f"{EAST}", near_the_place=False)) != HERE


def test_a_declared_system_that_the_numbers_contradict_is_overruled_and_said() -> None:
    located = at(f"{EAST}", f"{NORTH}", "EPSG:4326")
    assert spot(located) == HERE
    assert located.fault[0][2] == "other_system"
    assert "EPSG:4326" in located.note[0]
    assert spot(at(f"{LON}", f"{LAT}", "EPSG:27700")) == HERE


def test_a_declared_system_that_registers_seldom_use() -> None:
    utm = at("635939.2", "5789000.0", "EPSG:32630", near_the_place=False)
    assert utm.by[0] == "coordinates"
    assert utm.fault[0] is None
    assert -2 < utm.lon[0] < 0


@pytest.mark.parametrize(("x", "y"), [("", ""), ("0", "0"), ("0.0", "0.000000")])
def test_blank_and_nought_are_no_coordinates_and_no_fault(x: str, y: str) -> None:
    located = at(x, y)
    assert not located.found[0]
    assert located.fault[0] is None


@pytest.mark.parametrize(
    ("x", "y", "kind"),
    [
        ("0.000000", "99.999999", "unknown_coordinates"),
        ("-74.006", "40.7128", "unknown_coordinates"),
        ("3975323.664", "-7125.8838", "unknown_coordinates"),
        ("53.4", "", "not_a_number"),
        ("", "53.4", "not_a_number"),
        ("SJ 765 945", "", "not_a_number"),
        ("52.190268E2T", "-2.2", "not_a_number"),
        ("inf", "nan", "not_a_number"),
    ],
)
def test_what_cannot_be_a_place_in_england_is_refused(x: str, y: str, kind: str) -> None:
    located = at(x, y)
    assert not located.found[0]
    assert located.fault[0][2] == kind


def test_one_bad_row_leaves_the_others_alone() -> None:
    x = pd.Series([f"{LON}", "none", "", f"{EAST:,.0f}", f"{LAT}"])
    y = pd.Series([f"{LAT}", "none", "", f"{NORTH:,.0f}", f"{LON}"])
    located = locating.from_coordinates(x, y, None, 10.0, locating.fits(None, Ground(town_areas()).box))
    assert located.found.tolist() == [True, False, False, True, True]
    assert [fault and fault[2] for fault in located.fault] == [None, "not_a_number", None, None, "swapped_coordinates"]


def test_no_rows() -> None:
    nobody = pd.Series([], dtype="str")
    assert not len(locating.from_coordinates(nobody, nobody, None, 10.0, locating.fits(None, None)).found)


def hall(**row: str) -> Row:
    return {"name": "Hall", "kind": "hall", **row}


def placed(row: Row, locators: Locators | None = None, **locate: object) -> dict[str, object]:
    checked = judged(raw([row]), source(locate=locate), town_areas(), town_locators() if locators is None else locators)
    assert checked.stored == 1, checked.issues["message"].tolist()
    stored = checked.rows.iloc[0]
    return {"by": stored["located_by"], "accuracy_m": stored["location_accuracy_m"], "issues": raised(checked)}


def test_coordinates_come_before_a_property_number_and_that_before_a_postcode() -> None:
    everything = hall(lon=f"{LON}", lat=f"{LAT}", UPRN="100090000001", postcode="ZZ1 1AA")
    assert placed(everything)["by"] == "coordinates"
    numbered = placed({**everything, "lon": "", "lat": ""})
    assert (numbered["by"], numbered["accuracy_m"]) == ("uprn", 1.0)
    coded = placed({**everything, "lon": "", "lat": "", "UPRN": ""})
    assert (coded["by"], coded["accuracy_m"]) == ("postcode", 50.0)


@pytest.mark.parametrize(
    "postcode", ["ZZ1 1AA", "zz11aa", "ZZ1\u00a01AA", "ZZ1\n1AA", "Old Hall, Mill Street, ZZ1 1AA"]
)
def test_a_postcode_however_it_is_written(postcode: str) -> None:
    assert placed(hall(postcode=postcode))["by"] == "postcode"


def test_a_padded_property_number() -> None:
    assert placed(hall(UPRN="000100090000001"))["by"] == "uprn"


def test_a_postcode_that_is_loaded_is_taken_before_one_that_is_not() -> None:
    row = hall(address="Formerly at M31 4FA", postcode="", site="ZZ1 1AA")
    assert placed(row, postcode=["address", "site"])["by"] == "postcode"


def test_coordinates_that_cannot_be_used_give_way_to_the_postcode_and_are_told() -> None:
    found = placed(hall(lon="0.000000", lat="99.999999", postcode="ZZ1 1AA"))
    assert found["by"] == "postcode"
    assert found["issues"] == [(1, "coordinates", "unknown_coordinates", "put_right")]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"postcode": "M31 4FA"}, "unknown_postcode"),
        ({"postcode": "M31"}, "part_of_postcode"),
        ({"postcode": ""}, "no_location"),
        ({"UPRN": "1.00013E+11"}, "no_location"),
        ({"UPRN": "100012797623"}, "no_location"),
        ({"lon": "0", "lat": "0"}, "no_location"),
    ],
)
def test_a_row_that_is_nowhere_says_why(row: Row, kind: str) -> None:
    checked = judged(raw([hall(**row)]), source(), town_areas(), town_locators())
    assert (checked.stored, checked.dropped) == (0, 1)
    assert (1, kind, "dropped") in [(row, kind, effect) for row, _, kind, effect in raised(checked)]


def test_the_finer_of_two_places_of_one_postcode_is_used() -> None:
    coarse = town_locators().assign(accuracy_m=500.0, source="handtown/tile")
    both = Locators(pd.concat([coarse, town_locators()], ignore_index=True))
    assert placed(hall(postcode="ZZ1 1AB"), both)["accuracy_m"] == 50.0


def test_an_easting_is_never_read_with_a_latitude() -> None:
    row = hall(X="17", latitude=f"{LAT}", longitude=f"{LON}")
    assert placed(row)["by"] == "coordinates"
