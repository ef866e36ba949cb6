"""The map on screen: nothing a row says can become markup, the payload stays small, the legend counts what is there."""

from __future__ import annotations

import json

import geopandas as gpd
import pytest
import shapely

from assetmap.errors import UnknownNameError
from assetmap.maps import AreaStyle, Links, MapLayer, View, draw_map, embedded_links, map_data, show
from assetmap.space import STORED_CRS

NASTY = "</script><script>alert('x')</script> \"Mary's\" & <img src=x onerror=alert(1)>\u2028"
LINKS = Links("/leaflet.js", "/leaflet.css", "/map.js", "/map.css", "/data.js")
SPOT = shapely.Point(-2.3, 53.4)


def squares(columns: int, rows: int, **more: object) -> gpd.GeoDataFrame:
    """A sheet of squares, about a kilometre wide each, that touch."""
    cells = [
        shapely.box(-2.5 + 0.015 * x, 53.3 + 0.009 * y, -2.485 + 0.015 * x, 53.309 + 0.009 * y)
        for x in range(columns)
        for y in range(rows)
    ]
    names = [f"Square {number}" for number in range(len(cells))]
    return gpd.GeoDataFrame({"name": names, **more}, geometry=cells, crs=STORED_CRS)


def places(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    whole = [{"name": "Hall", "kind": "hall", "status": "open", "geometry": SPOT, **row} for row in rows]
    columns = ["name", "kind", "status", "closed_on", "what_happened", "contributed", "geometry"]
    return gpd.GeoDataFrame(whole, columns=columns, geometry="geometry", crs=STORED_CRS)


def body(*layers: MapLayer, areas: gpd.GeoDataFrame | None = None, styles: tuple[AreaStyle, ...] = ()) -> dict:
    """What the browser is given, read back from the script."""
    around = squares(2, 2) if areas is None else areas
    script = map_data(around, layers, title="Map", styles=styles).script.decode()
    return json.loads(script[script.index('"]=') + 3 :].rstrip(";"))


def meeting(frame: gpd.GeoDataFrame, **more: object) -> MapLayer:
    kinds = {"hall": ("Hall", "Halls"), "worship": ("Place of worship", "Places of worship")}
    return MapLayer("meeting", "Places to meet", "meeting", frame, frozenset({"worship"}), kinds, **more)


def legend(layer: dict) -> list[tuple[str, str]]:
    return [(line["title"], line["count"]) for line in layer["legend"]]


def test_what_a_row_says_arrives_word_for_word_and_cannot_end_the_script() -> None:
    layer = meeting(places({"name": NASTY}))
    script = map_data(squares(1, 1), [layer], title=NASTY, sources=[NASTY]).script.decode()
    drawn = body(layer)
    assert not set("<>&\u2028") & set(script)
    assert drawn["layers"][0]["rows"]["features"][0]["properties"]["n"] == NASTY.strip()


def test_a_page_saved_from_the_map_holds_no_markup_of_a_row() -> None:
    data = map_data(squares(1, 1), [meeting(places({"name": NASTY}))], title="Map")
    page = draw_map(data, embedded_links(data), view=View(("meeting",))).get_root().render()
    assert "onerror" not in page
    assert "alert(" not in page


def test_nothing_is_fetched_from_another_host() -> None:
    drawn = draw_map(map_data(squares(1, 1), [], title="Map"), LINKS, view=View())
    page = drawn.get_root().render()
    assert "https://" not in page
    assert "http://" not in page
    assert all(address.startswith("/") for _, address in [*drawn.default_js, *drawn.default_css])


def test_tiles_are_drawn_only_when_they_are_asked_for() -> None:
    data = map_data(squares(1, 1), [], title="Map")
    assert "tile.openstreetmap.org" in draw_map(data, LINKS, tiles=True).get_root().render()


def test_a_place_the_size_of_a_borough_is_under_a_megabyte() -> None:
    areas = squares(14, 10, need=[number % 5 for number in range(140)])
    circles = [shapely.Point(-2.4 + 0.0005 * n, 53.35).buffer(0.002, quad_segs=16) for n in range(427)]
    parks = gpd.GeoDataFrame({"name": [f"Park {n}" for n in range(427)]}, geometry=circles, crs=STORED_CRS)
    halls = places(*({"name": f"Community hall number {n}"} for n in range(900)))
    green = MapLayer("green", "Parks", "green", parks)
    style = AreaStyle("need", "Need", "need", tuple("abcde"))
    data = map_data(areas, [green, meeting(halls)], title="Map", styles=[style])
    assert len(data.script) < 1_000_000


def test_the_legend_counts_prominent_and_minor_kinds_and_what_closed_apart() -> None:
    frame = places({}, {}, {"kind": "worship"}, {"status": "closed", "closed_on": "2015-03"}, {"geometry": None})
    drawn = body(meeting(frame))["layers"][0]
    assert legend(drawn) == [("Places to meet", "3"), ("Places of worship", "1"), ("Places to meet: closed", "1")]
    assert len(drawn["rows"]["features"]) == 4


def test_a_layer_with_no_rows_has_a_line_that_says_nought() -> None:
    assert legend(body(meeting(places()))["layers"][0]) == [("Places to meet", "0")]


def test_a_closure_carries_its_year_and_what_happened() -> None:
    frame = places({"status": "closed", "closed_on": "2015-03", "what_happened": "closed"})
    row = body(MapLayer("lost", "Lost", "lost", frame))["layers"][0]["rows"]["features"][0]["properties"]
    assert (row["s"], row["y"], row["w"]) == ("closed", "2015", "Closed, 2015")


def test_what_people_added_is_marked() -> None:
    rows = body(meeting(places({"contributed": 1}, {"contributed": 0})))["layers"][0]["rows"]["features"]
    assert [row["properties"].get("c", 0) for row in rows] == [1, 0]


def test_buildings_become_points_and_green_ground_keeps_its_outline() -> None:
    ground = places({"geometry": SPOT.buffer(0.001)})
    as_hall = body(meeting(ground))["layers"][0]["rows"]["features"][0]
    as_park = body(MapLayer("green", "Parks", "green", ground))["layers"][0]["rows"]["features"][0]
    assert as_hall["geometry"]["type"] == "Point"
    assert as_park["geometry"]["type"] == "Polygon"


def test_coordinates_have_five_decimals() -> None:
    point = places({"geometry": shapely.Point(-2.123456789, 53.987654321)})
    assert body(meeting(point))["layers"][0]["rows"]["features"][0]["geometry"]["coordinates"] == [-2.12346, 53.98765]


def test_simpler_outlines_leave_no_gap_between_neighbours() -> None:
    drawn = body(areas=squares(4, 4))
    shapes = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in drawn["areas"]["features"]]
    assert shapely.union_all(shapes).geom_type == "Polygon"
    assert len(shapely.from_geojson(json.dumps(drawn["outline"])).geoms) == 1


def test_a_missing_class_is_not_a_class() -> None:
    areas = squares(2, 1, need=[0, None])
    drawn = body(areas=areas, styles=(AreaStyle("need", "Need", "need", tuple("abcde")),))
    assert [feature["properties"]["need"] for feature in drawn["areas"]["features"]] == [0, None]


def test_no_neighbourhoods_give_a_map_without_shading() -> None:
    drawn = body(meeting(places({})), areas=squares(0, 0))
    assert drawn["areas"]["features"] == []
    assert len(drawn["layers"][0]["rows"]["features"]) == 1


def test_a_drawing_is_named_after_what_it_shows() -> None:
    same = [map_data(squares(2, 2), [meeting(places({}))], title="Map").digest for _ in range(2)]
    other = map_data(squares(2, 2), [meeting(places({"name": "Another"}))], title="Map").digest
    assert same[0] == same[1] != other


def test_choosing_what_to_see_sends_nothing_but_the_choice() -> None:
    told = show(View(("meeting",), "need", True, (53.4, -2.3)))
    drawn = draw_map(map_data(squares(1, 1), [], title="Map"), LINKS)
    told.add_to(drawn)
    script = drawn.get_root().render().split("assetmap.view(")[1]
    chosen = '{"layers":["meeting"],"style":"need","adding":true,"pin":[53.4,-2.3]}'
    assert script.split(", ", 1)[1].startswith(chosen)


def test_an_unknown_theme_is_refused_by_name() -> None:
    with pytest.raises(UnknownNameError, match="sparkle"):
        body(MapLayer("x", "X", "sparkle", places({})))
