"""The map on screen: nothing a row says can become markup, the payload stays small, the legend counts what is there."""

from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

from assetmap.errors import UnknownNameError
from assetmap.maps import (
    OPENSTREETMAP_TILES,
    AreaStyle,
    Links,
    MapLayer,
    View,
    draw_map,
    embedded_links,
    map_data,
    show,
)
from assetmap.maps.telling import Phrases, lines_of, plain_hours
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
    told = draw_map(data, LINKS, tiles_url=OPENSTREETMAP_TILES, view=View(tiles=True)).get_root().render()
    assert "tile.openstreetmap.org" in told
    assert '"tiles":true' in told
    assert '"tiles":false' in draw_map(data, LINKS, view=View()).get_root().render()


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


def test_kinds_that_are_all_drawn_the_same_share_a_line_of_the_legend() -> None:
    layer = MapLayer("m", "Could help", "meeting", places({"kind": "a"}, {"kind": "b"}), frozenset("ab"), hollow=True)
    assert legend(body(layer)["layers"][0]) == [("Could help", "2")]


def test_a_layer_with_no_rows_has_a_line_that_says_nought() -> None:
    assert legend(body(meeting(places()))["layers"][0]) == [("Places to meet", "0")]


def test_a_closure_carries_its_year_and_what_happened() -> None:
    frame = places({"status": "closed", "closed_on": "2015-03", "what_happened": "closed"})
    row = body(MapLayer("lost", "Lost", "lost", frame))["layers"][0]["rows"]["features"][0]["properties"]
    assert (row["s"], row["y"], row["w"]) == ("lost", "2015", "Closed, March 2015")


@pytest.mark.parametrize("ring", ["lost", "temporary", "handed_over", "changed"])
def test_what_happened_is_told_apart_by_its_ring(ring: str) -> None:
    drawn = body(MapLayer(ring, "Title", ring, places({"what_happened": "moved", "closed_on": "2015"}, {})))
    assert [row["properties"]["s"] for row in drawn["layers"][0]["rows"]["features"]] == [ring, ring]
    assert drawn["layers"][0]["dated"]
    assert drawn["layers"][0]["picture"] == drawn["rings"][ring]
    assert legend(drawn["layers"][0]) == [("Title", "2")]


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
    told = show(View(("meeting",), "need", True, (53.4, -2.3), (2010, 2015)))
    drawn = draw_map(map_data(squares(1, 1), [], title="Map"), LINKS)
    told.add_to(drawn)
    script = drawn.get_root().render().split("assetmap.view(")[1]
    chosen = '{"layers":["meeting"],"style":"need","adding":true,"pin":[53.4,-2.3],"years":[2010,2015],"tiles":false,'
    assert script.split(", ", 1)[1].startswith(f'{chosen}"can_switch":true}}')


def test_an_unknown_theme_is_refused_by_name() -> None:
    with pytest.raises(UnknownNameError, match="sparkle"):
        body(MapLayer("x", "X", "sparkle", places({})))


def test_a_press_on_a_neighbourhood_tells_its_lines() -> None:
    areas = squares(1, 2, says=[["Near it already: a hall"], []])
    assert [feature["properties"]["d"] for feature in body(areas=areas)["areas"]["features"]] == [
        ["Near it already: a hall"],
        [],
    ]


def told(row: dict[str, object], **titles: str) -> list[str]:
    """The lines of a popup as people read them."""
    phrases = Phrases()
    lines = lines_of(row, titles, {"town/halls": "Halls (Town Council, 2024)"}, phrases)
    return [phrases.all[line] if isinstance(line, int) else line for line in lines]


def test_a_popup_says_what_a_thing_is_where_that_is_known_from_and_how_it_was_placed() -> None:
    row = {
        "status": "open", "opened_on": "1931-05", "opening_hours": "Mo-Fr 09:00-17:00; PH off", "who_for": "Everyone",
        "hours_per_week": 40.0, "staffed_hours_per_week": 12.5, "step_free": "partly", "address": "1 Mill Lane",
        "postcode": "AB1 2CD", "located_by": "uprn", "location_accuracy_m": 10.0, "source": "town/halls",
        "details": '{"value_gbp": 285000.0, "land_ha": 0.06, "checked_on": "2024-02-01", "secret": "x"}',
    }  # fmt: skip
    assert told(row, value_gbp="Value", land_ha="Land", checked_on="Checked") == [
        "Here since May 1931",
        "Open: Monday to Friday 09:00 to 17:00; public holidays closed",
        "40 hours a week, 12.5 of them with somebody there to help",
        "Who for: Everyone",
        "Partly step-free",
        "Value: £285,000",
        "Land: 0.06 hectares",
        "Checked: 1 February 2024",
        "1 Mill Lane, AB1 2CD",
        "Drawn where its property number (UPRN) is (right to about 10 m)",
        "From Halls (Town Council, 2024)",
    ]


def test_a_popup_of_a_closure_says_when_and_since_when_it_had_stood() -> None:
    row = {"status": "closed", "what_happened": "closed", "closed_on": "2013-03-31", "opened_on": "1967"}
    assert told(row) == ["Closed, 31 March 2013. It had been there since 1967"]


def test_a_popup_of_what_people_added_says_so_in_their_words() -> None:
    details = '{"says": "Lunch on Fridays", "how_known": "I cook there", "state": "pending"}'
    row = {"status": "open", "contributed": 1, "details": details, "located_by": "placed_by_hand"}
    assert told(row) == [
        "Here today",
        "In their words: Lunch on Fridays",
        "How they know: I cook there",
        "Drawn where the person who added it put it",
        "Added by a local person, not yet checked",
    ]
    assert told({**row, "details": '{"state": "published"}'})[-1] == "Added by a local person, and checked"


@pytest.mark.parametrize(
    ("hours", "plain"),
    [
        ("Tu,Th 10:00-16:00; Sa 10:00-13:00", "Tuesday, Thursday 10:00 to 16:00; Saturday 10:00 to 13:00"),
        ("Wednesday 10:30am - 12:30pm", "Wednesday 10:30am - 12:30pm"),
        ("By arrangement; ask Mo at the bar", "By arrangement; ask Mo at the bar"),
    ],
)
def test_hours_written_for_machines_are_put_in_words_and_others_left_alone(hours: str, plain: str) -> None:
    assert plain_hours(hours) == plain


def test_a_whole_annual_report_is_cut_at_a_word() -> None:
    line = told({"details": '{"about": "' + "word " * 200 + '"}'}, about="About")[1]
    assert len(line) < 340
    assert line.endswith("word …")


def test_rows_that_say_the_same_send_it_once() -> None:
    frame = places({"name": "One"}, {"name": "Two"})
    drawn = body(meeting(frame))
    assert drawn["phrases"] == ["Here today"]
    assert [row["properties"]["d"] for row in drawn["layers"][0]["rows"]["features"]] == [[0], [0]]


def test_a_neighbourhood_knows_the_address_of_its_page_and_a_view_what_a_drawn_area_leads_to() -> None:
    areas = squares(1, 1).assign(opens="?page=profile&area=E1&name=</script>")
    told = draw_map(map_data(areas, [], title="Map"), LINKS, view=View()).get_root().render()
    assert '"corners"' not in told
    data = map_data(areas, [], title="Map").script.decode()
    assert "</script>" not in data
    assert '"o":"?page=profile' in data
    drawn = View(opens=True, corners=((53.4, -2.3), (53.5, -2.3), (53.5, -2.2)), draws="?outline=", keeps="walk=10")
    told = draw_map(map_data(areas, [], title="Map"), LINKS, view=drawn).get_root().render()
    assert '"opens":true,"corners":[[53.4,-2.3],[53.5,-2.3],[53.5,-2.2]],"draws":"?outline=","keeps":"walk=10"' in told


def test_each_part_of_the_place_is_named_once_where_it_lies() -> None:
    drawn = body(areas=squares(2, 2, locality=["Moor", "Moor", "Quay", None]))
    assert [part["n"] for part in drawn["parts"]] == ["Moor", "Quay"]
    lat, lon = drawn["parts"][1]["at"]
    assert squares(2, 2).geometry[2].contains(shapely.Point(lon, lat))


def test_a_neighbourhood_knows_its_part_so_that_a_name_stands_nowhere_else() -> None:
    drawn = body(areas=squares(2, 2, locality=["Quay", "Moor", "Moor", None]))
    names = [part["n"] for part in drawn["parts"]]
    lies_in = [feature["properties"].get("p") for feature in drawn["areas"]["features"]]
    assert [None if at is None else names[at] for at in lies_in] == ["Quay", "Moor", "Moor", None]


def test_a_popup_tells_what_the_register_calls_it_where_people_read_another_name() -> None:
    said = told({"name": "St Ann's School", "register_name": "ST ANN'S SCHOOL, STRETFORD"})
    assert "In the register: ST ANN'S SCHOOL, STRETFORD" in said
    assert not any("register:" in str(line) for line in told({"name": "The Hut", "register_name": "The Hut"}))


def test_a_name_beside_a_mark_leaves_out_what_a_register_puts_in_brackets() -> None:
    layer = replace(meeting(places({"name": "Moor Allotments (2x Store Rooms, Toilets)"})), named=True)
    (row,) = body(layer)["layers"][0]["rows"]["features"]
    assert row["properties"]["b"] == "Moor Allotments"
    assert row["properties"]["n"] == "Moor Allotments (2x Store Rooms, Toilets)"


def test_a_place_whose_parts_have_no_names_writes_none() -> None:
    assert body()["parts"] == []
    assert body(areas=squares(1, 2, locality=[None, ""]))["parts"] == []
