"""Where a row is, whatever its register calls the columns and however it writes a place; nothing placed by a guess."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from assetmap.headers import coordinate_pairs, position_headers
from assetmap.positions import holds_positions, position_in
from assetmap.space import MEASURED_CRS, points_to_stored
from assetmap.values import grid_square, number
from registers import Row, conformed, judged, raised, raw, source
from town import town_areas

LON, LAT = "-1.26", "52.15"
EASTING, NORTHING = "450720", "250530"


def where(rows: list[Row], layer: str = "public_land", **keys: object) -> list[tuple[str, float, float]]:
    """How each row was located, and the middle of it in degrees to the third decimal."""
    frame = conformed(raw(rows), source(layer, **keys)).frame
    spots = [shapely.point_on_surface(shape) for shape in frame.geometry]
    return [(by, round(p.x, 3), round(p.y, 3)) for by, p in zip(frame["located_by"], spots, strict=True)]


# --- headers ---------------------------------------------------------------------------------------------------------

PAIRS = [
    ("GeoX (Longitude or east grid)", "GeoY (Latitude or north grid)"),
    ("OSGB36Easting", "OSGB36Northing"),
    ("Grid reference easting", "Grid reference northing"),
    ("Eastings (Geo X)", "Northings (Geo Y)"),
    ("GeoX [East]", "GeoY [North]"),
    ("Co-ordinates X", "Co-ordinates Y"),
    ("POINT_X", "POINT_Y"),
    ("EAST", "NORTH"),
    ("X_Ref", "Y_Ref"),
    ("geo_point_2d.lon", "geo_point_2d.lat"),
    ("Map Easting (m)", "Map Northing (m)"),
]


@pytest.mark.parametrize(("x", "y"), PAIRS)
def test_two_headers_are_coordinates_when_one_says_east_where_the_other_says_north(x: str, y: str) -> None:
    assert where([{"Name": "Yard", y: NORTHING, x: EASTING}]) == [("coordinates", -1.26, 52.151)]


def test_headers_that_only_sound_like_coordinates_are_none_without_numbers_that_are() -> None:
    pairs = coordinate_pairs(["Parks East", "Parks North"])
    assert [pair.is_usual for pair in pairs] == [False]
    found = conformed(raw([{"Name": "Yard", "Parks East": "12", "Parks North": "7"}]), source("public_land"))
    assert [issue.kind for issue in found.unplaced.values()] == ["no_location"]


def test_an_easting_is_never_taken_with_a_latitude() -> None:
    assert coordinate_pairs(["Easting", "Latitude", "Name"]) == []


def test_of_several_pairs_the_one_that_places_most_rows_is_taken() -> None:
    rows = [
        {"GeoX": "", "GeoY": "", "Longitude": LON, "Latitude": LAT},
        {"GeoX": "n/k", "GeoY": "n/k", "Longitude": LON, "Latitude": LAT},
    ]
    assert where(rows) == [("coordinates", -1.26, 52.15)] * 2


def test_a_file_that_cannot_say_where_its_rows_are_is_told_which_columns_it_has() -> None:
    found = conformed(raw([{"Monday": "Tuesday", "10:00": "12:00"}]), source("public_land"))
    assert [issue.message for issue in found.unplaced.values()] == [
        "No column of coordinates, property numbers or postcodes was found. Name it under 'locate' in the place file, "
        "or the columns under 'header' if its first line is not one. The file has 'Monday', '10:00'."
    ]


def test_a_column_with_nothing_in_it_makes_way_for_one_that_has_something() -> None:
    frame = conformed(raw([{"site_name": "", "EstablishmentName": "The Hub", "lon": LON, "lat": LAT}]), source()).frame
    assert frame["name"].tolist() == ["The Hub"]


def test_a_key_inside_keys_goes_by_its_last_part() -> None:
    row = {"attributes.NAME": "The Hub", "geometry.x": EASTING, "geometry.y": NORTHING}
    frame = conformed(raw([row]), source(columns={"address": "name"})).frame
    assert frame[["name", "address", "located_by"]].values.tolist() == [["The Hub", "The Hub", "coordinates"]]


# --- a place in one cell ---------------------------------------------------------------------------------------------

CELLS = {
    "latitude first, as people write it": "52.15, -1.26",
    "longitude first": "-1.26 52.15",
    "letters for the hemispheres": "52.15N 1.26W",
    "brackets after an address": "19 High Street\nTown\n(52.15, -1.26)",
    "a portal's list": "-1.26; 52.15",
    "easting and northing": f"{EASTING}, {NORTHING}",
    "easting and northing with their letters": f"E {EASTING} N {NORTHING}",
    "well-known text": "POINT (-1.26 52.15)",
    "well-known text with a height": "POINT Z (-1.26 52.15 80)",
    "well-known text with its system": f"SRID=27700;POINT ({EASTING} {NORTHING})",
    "well-known text on the grid": f"POINT ({EASTING} {NORTHING})",
    "well-known text the wrong way round": "POINT (52.15 -1.26)",
    "GeoJSON": '{"type": "Point", "coordinates": [-1.26, 52.15]}',
}


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_place_in_one_cell_is_read(cell: str) -> None:
    ((by, lon, lat),) = where([{"Name": "Yard", "Location": cell}])
    assert (by, lon) == ("coordinates", -1.26)
    assert lat == pytest.approx(52.15, abs=0.0015)


def test_text_the_wrong_way_round_is_put_right_and_told() -> None:
    checked = judged(raw([{"Name": "Yard", "the_geom": "POINT (52.15 -1.26)"}]), source("public_land"))
    assert raised(checked) == [(1, "coordinates", "swapped_coordinates", "put_right")]


def test_an_outline_in_a_cell_is_kept_as_one() -> None:
    cell = "POLYGON ((-1.261 52.15, -1.26 52.15, -1.26 52.151, -1.261 52.15))"
    frame = conformed(raw([{"Name": "Yard", "geometry": cell}]), source("public_land")).frame
    assert frame["located_by"].tolist() == ["outline"]
    assert frame.geometry.iloc[0].equals(shapely.from_wkt(cell))


def test_a_grid_reference_is_as_accurate_as_its_square() -> None:
    frame = conformed(raw([{"Name": "Yard", "Grid Ref": "SP 507 505"}]), source("public_land")).frame
    lon, lat = points_to_stored(450750.0, 250550.0, MEASURED_CRS)
    assert frame.geometry.iloc[0].distance(shapely.Point(lon, lat)) < 1e-9
    assert frame["location_accuracy_m"].tolist() == [100.0]
    assert frame["location_note"].tolist() == ["the middle of its grid square, 100 m wide"]


def test_each_row_takes_the_first_of_its_cells_that_is_a_place() -> None:
    rows = [
        {"geometry": "", "point": "POINT (-1.26 52.15)"},
        {"geometry": "POLYGON ((-1.261 52.15, -1.26 52.15, -1.26 52.151, -1.261 52.15))", "point": "POINT (-1.2 52.1)"},
    ]
    assert [by for by, _, _ in where(rows)] == ["coordinates", "outline"]


def test_a_column_of_addresses_is_no_column_of_places() -> None:
    rows = [{"Name": "Yard", "Location": "12-14 High Street"}, {"Name": "Tip", "Location": "Long Lane"}]
    frame = conformed(raw(rows), source("public_land")).frame
    assert frame["located_by"].tolist() == [None, None]
    assert frame["address"].tolist() == ["12-14 High Street", "Long Lane"]


def test_a_cell_that_is_no_place_among_those_that_are_is_told() -> None:
    rows = [{"Name": "Yard", "Lat/Long": cell} for cell in ("52.15,-1.26", "52.151,-1.26", "?", "1, 2")]
    checked = judged(raw(rows), source("public_land"), town_areas())
    assert raised(checked)[-2:] == [
        (3, "coordinates", "not_a_place", "dropped"),
        (4, "coordinates", "unknown_coordinates", "dropped"),
    ]


def test_a_declared_column_is_taken_whatever_it_is_called() -> None:
    row = {"Name": "Yard", "Whereabouts": f"{LAT}, {LON}", "Easting": "1", "Northing": "1"}
    assert where([row], locate={"position": "Whereabouts"}) == [("coordinates", -1.26, 52.15)]


def test_what_has_coordinates_of_its_own_keeps_them() -> None:
    row = {"Easting": EASTING, "Northing": NORTHING, "Location": "POINT (-1.2 52.1)"}
    assert where([row]) == [("coordinates", -1.26, 52.151)]


@pytest.mark.parametrize(
    "text", ["", "High Street", "3, 4 High Street", "POINT EMPTY", "POINT (a b)", "{}", "1,2,3", "SP"]
)
def test_what_is_no_place_is_none(text: str) -> None:
    assert position_in(text) is None


@given(st.text(max_size=60))
def test_any_text_is_a_place_or_none(text: str) -> None:
    found = position_in(text)
    assert found is None or not shapely.is_empty(found.shape)


def test_a_few_places_among_many_texts_do_not_make_a_column_of_them() -> None:
    assert not holds_positions(raw([{"a": text} for text in ("52.1, -1.2", "Hut", "Hall", "")]).rows["a"])
    assert position_headers(["Name", "the_geom", "Map point", "Locality"]) == ["the_geom", "Map point"]


# --- numbers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reference", "square"),
    [
        ("TG 51409 13177", (651409, 313177, 1)),  # the Ordnance Survey's own example
        ("SP 071 868", (407100, 286800, 100)),
        ("sp0786", (407000, 286000, 1000)),
        ("SP 07 868", None),
        ("SP 0", None),
        ("ZZ 12 34", None),
        ("IO 12 34", None),
    ],
)
def test_a_grid_reference_is_a_square(reference: str, square: tuple[int, int, int] | None) -> None:
    assert grid_square(reference) == square


def test_commas_are_decimal_points_where_they_cannot_be_anything_else() -> None:
    rows = [{"Latitude": "52,15", "Longitude": "-1,26"}, {"Latitude": "52,151", "Longitude": "-1,260"}]
    assert where(rows) == [("coordinates", -1.26, 52.15), ("coordinates", -1.26, 52.151)]
    assert where([{"Easting": "450,720", "Northing": "250,530"}]) == [("coordinates", -1.26, 52.151)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("\u22121.55", -1.55),
        ("\u20131.55\u00b0", -1.55),
        ("429\u00a0500", 429500),
        ("433\u2009500.5", 433500.5),
        ("1 234 567", 1234567),
        ("12 34", None),
        ("\u2013", None),
        ("53\u00b048'", None),
    ],
)
def test_a_number_may_be_typeset(text: str, value: float | None) -> None:
    assert number(text) == value


def test_a_point_at_nought_nought_is_no_place_but_its_postcode_may_be() -> None:
    shapes = [shapely.Point(0, 0), shapely.Point(-1.26, 52.15)]
    rows = [{"name": "Hub", "postcode": "ZZ1 1AA"}, {"name": "Hall", "postcode": ""}]
    found = conformed(raw(rows, shapes), source())
    assert found.frame["located_by"].fillna("").tolist() == ["", "coordinates"]
    assert [issue.kind for issue in found.unplaced.values()] == ["unknown_postcode"]


def test_a_nought_is_never_the_first_of_thousands() -> None:
    assert number("0,260") is None
    assert number("1,260") == 1260
