"""One neighbourhood out of a map, several out of a list, and an area that somebody draws or has in a file."""

from __future__ import annotations

import json
import re

import geopandas as gpd
from playwright.sync_api import expect
from shapely.geometry import box, mapping

import town
from assetmap.space import MEASURED_CRS, to_stored

from .conftest import Visit, Visited

PAGE = "?page=profile&place=handtown"
OF_BOTH_SIDES = (-100, -100, 1050, 700)
"""Metres east and north of the town's corner: the four postcodes of the west and the first two of the east."""


def _outline(west: float, south: float, east: float, north: float) -> gpd.GeoSeries:
    shape = box(*town.metres(west, south), *town.metres(east, north))
    return to_stored(gpd.GeoSeries([shape], crs=MEASURED_CRS))


def _corners() -> str:
    ring = _outline(*OF_BOTH_SIDES).iloc[0].exterior.coords[:-1]
    return " ".join(f"{lon:.5f},{lat:.5f}" for lon, lat in ring)


def _press(shown: Visited, east: float, north: float) -> None:
    """Press the map at a share of its width and height."""
    frame = shown.page.locator("iframe").bounding_box()
    assert frame is not None
    shown.page.mouse.click(frame["x"] + east * frame["width"], frame["y"] + north * frame["height"])


def test_a_press_on_a_neighbourhood_opens_its_profile_there(visit: Visit) -> None:
    shown = visit(PAGE)
    shown.wait_for_map()
    shown.in_map("window.same = true")
    _press(shown, 0.3, 0.4)
    expect(shown.page).to_have_url(re.compile(f"page=profile&place=handtown&area={town.WEST}"))
    expect(shown.page.locator("h1")).to_contain_text("Westside")
    expect(shown.map.locator(".am-legend-body")).to_contain_text("This neighbourhood")
    assert shown.in_map("window.same")
    shown.page.go_back()
    expect(shown.page.locator("h1")).to_contain_text("Hand Town")


def test_a_press_takes_along_what_was_chosen_and_the_way_back_finds_it(visit: Visit) -> None:
    chosen = "weights=4,1,1,0&need=imd&shade=walk"
    shown = visit(f"?page=gaps&place=handtown&step_free=yes&walk=10&{chosen}")
    shown.wait_for_map("who can walk to")
    shown.in_map(
        "(() => { const map = Object.values(window).find((each) => each instanceof L.Map); const at = map.getCenter(); "
        "map.fire('click', { latlng: L.latLng(at.lat, at.lng - 0.004), containerPoint: L.point(9, 9) }); })()"
    )
    shown.map.get_by_role("link", name="See this neighbourhood’s own page").click()
    expect(shown.page.locator("h1")).to_contain_text(re.compile("Westside.* 10 step-free minutes"))
    shown.wait_for_map("what it has")
    shown.page.get_by_role("link", name=re.compile("Eastgate")).click()
    expect(shown.page.locator("h1")).to_contain_text(re.compile("Eastgate.* 10 step-free minutes"))
    shown.wait_for_map("what it has")
    shown.page.get_by_role("link", name="Gaps", exact=True).click()
    shown.wait_for_map("who can walk to")
    expect(shown.page).to_have_url(re.compile("[?&]need=imd"))
    expect(shown.page).to_have_url(re.compile("[?&]weights=4(,|%2C)1(,|%2C)1(,|%2C)0"))
    expect(shown.page.get_by_role("heading", level=1)).to_contain_text("10 step-free minutes")
    expect(shown.map.locator(".am-legend-body")).to_contain_text("People within 10 step-free minutes")


def test_a_popup_on_any_map_leads_to_the_neighbourhoods_profile(visit: Visit) -> None:
    for page in ("here", "gaps", "lost"):
        shown = visit(f"?page={page}&place=handtown")
        shown.wait_for_map()
        map_div = "Object.values(window).find((each) => each instanceof L.Map)"
        shown.in_map(
            f"(() => {{ const map = {map_div}; const at = map.getCenter(); "
            "map.fire('click', { latlng: L.latLng(at.lat, at.lng - 0.004), containerPoint: L.point(9, 9) }); })()"
        )
        link = shown.map.get_by_role("link", name="See this neighbourhood’s own page")
        expect(link).to_have_attribute("href", re.compile(rf"^http://localhost.*place=handtown&area={town.WEST}$"))
        link.click()
        expect(shown.page).to_have_url(re.compile(f"page=profile&place=handtown&area={town.WEST}"))
        expect(shown.page.locator("h1")).to_contain_text("Westside")


def test_an_area_is_drawn_corner_by_corner_and_its_link_shows_the_same(visit: Visit) -> None:
    shown = visit(PAGE)
    shown.wait_for_map()
    shown.page.get_by_role("button", name="Draw an area").click()
    expect(shown.page.locator("h1")).to_have_text("Draw the area that you want to know about")
    expect(shown.map.locator(".am-adding")).to_have_count(1)
    for count, (east, north) in enumerate([(0.3, 0.3), (0.8, 0.3), (0.8, 0.8), (0.4, 0.8)], 1):
        _press(shown, east, north)
        expect(shown.map.get_by_text(f"Corners so far: {count}")).to_be_visible()
    shown.map.get_by_role("button", name="Take the last back").click()
    expect(shown.map.get_by_text("Corners so far: 3")).to_be_visible()
    _press(shown, 0.41, 0.8)
    shown.map.get_by_role("button", name="Finish").click()
    expect(shown.page.locator("h1")).to_contain_text("area drawn")
    expect(shown.map.locator(".am-legend-body")).to_contain_text("The area drawn")
    address = shown.page.url
    assert "outline=" in address
    assert "draw=" not in address
    told = shown.page.locator("h1").inner_text(), shown.page.locator(".st-key-sentence h1 + p").inner_text()
    again = visit(address.split("/", 3)[3])
    again.wait_for_map()
    expect(again.page.locator("h1")).to_have_text(told[0])
    expect(again.page.locator(".st-key-sentence h1 + p")).to_have_text(told[1])
    again.keep_picture("area-drawn")


def test_an_area_counts_the_people_who_live_in_it(visit: Visit) -> None:
    shown = visit(f"{PAGE}&outline={_corners()}")
    # W1 to W4, E1 and E2, 300 people each
    expect(shown.page.locator(".st-key-sentence h1 + p")).to_contain_text("1,800 people live there.")
    shown.page.get_by_role("button", name="Take it away").click()
    expect(shown.page.locator("h1")).to_contain_text("Hand Town")
    expect(shown.page).not_to_have_url(re.compile("outline="))


def test_an_area_comes_out_of_a_file(visit: Visit) -> None:
    shown = visit(PAGE)
    both = [("Middle ward", OF_BOTH_SIDES), ("Far ward", (1500, -100, 2100, 700))]
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": mapping(_outline(*edges).iloc[0])}
        for name, edges in both
    ]
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    shown.page.get_by_role("button", name="Use a file").click()
    chooser = shown.page.locator("input[type=file]")
    chooser.set_input_files({"name": "wards.geojson", "mimeType": "application/geo+json", "buffer": content})
    expect(shown.page.get_by_role("combobox", name="Which area?")).to_be_visible()
    shown.page.get_by_role("button", name="Show this area").click()
    expect(shown.page.locator(".st-key-sentence h1 + p")).to_contain_text("1,800 people live there.")
    expect(shown.page).to_have_url(re.compile("outline="))


def test_outlines_that_are_none_are_named_and_the_whole_place_told(visit: Visit) -> None:
    for outline, says in (
        ("here<script>", "The link asks for the outline “here<script>”"),
        ("1,1 2,2", "The link asks for the outline “1,1 2,2”"),
        ("-3,54 -2.9,54 -2.9,54.1", "This outline lies outside Hand Town"),
        (" ".join(["-3,54"] * 101), "The link asks for the outline"),
    ):
        shown = visit(f"{PAGE}&outline={outline}")
        expect(shown.page.get_by_text(says)).to_be_visible()
        expect(shown.page.locator("h1")).to_contain_text("Hand Town")
        expect(shown.page.get_by_test_id("stException")).to_have_count(0)


def test_several_neighbourhoods_are_one_area(visit: Visit) -> None:
    shown = visit(f"{PAGE}&area={town.WEST},{town.EAST}")
    expect(shown.page.locator("h1")).to_contain_text("Eastgate")
    expect(shown.page.locator(".st-key-sentence h1 + p")).to_contain_text("2,700 people live there.")
    shown.wait_for_map()
    expect(shown.map.locator(".am-legend-body")).to_contain_text("These neighbourhoods")
