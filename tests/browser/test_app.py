"""What a person meets: every page, on a desk and on a phone, with no internet."""

from __future__ import annotations

import random
import re
from contextlib import suppress

import pytest
import shapely
from playwright.sync_api import TimeoutError, expect

import town

from .conftest import DESKTOP, NASTY, PHONE, Visit, Visited

PAGES = {"here": "What’s here", "gaps": "Gaps", "lost": "What’s been lost", "add": "Add", "sources": "Sources"}


MANY_STOPS = 40
STOP = (
    "(() => { const at = document.activeElement; return [at.getAttribute('aria-label') || at.textContent.trim(), "
    "getComputedStyle(at).outlineStyle]; })()"
)
NARROWEST = (320, 640)
BARS_AT_LEAST_PX = 90
LITTLE_S = 0.01
ZOOMED = (720, 450)
"""A desktop's window, in its own pixels, where a reader has doubled all sizes."""


def _go_round(shown: Visited, size: str) -> None:
    """Follow the links from page to page; each has its title and its map, and is no wider than the window."""
    for path, title in PAGES.items():
        link = shown.page.get_by_role("link", name=title, exact=True)
        link.click()
        expect(shown.page).to_have_title(f"{title}: Hand Town (made up) · assetmap")
        expect(link).to_have_attribute("aria-current", "page")
        expect(shown.page.get_by_text("A made-up place")).to_be_visible()
        if path != "sources":
            shown.wait_for_map("who can walk to" if path == "gaps" else "what it has")
        assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        shown.keep_picture(f"{path}-{size}")
        if path == "lost":
            expect(shown.map.locator(".am-year")).to_have_text("2015")


def test_every_page_opens_on_a_desk_and_asks_no_other_host(visit: Visit) -> None:
    _go_round(visit("", DESKTOP), "desk")


def test_the_map_names_the_parts_of_the_place_where_nothing_stands(visit: Visit) -> None:
    shown = visit("?page=here&place=handtown", DESKTOP)
    shown.wait_for_map()
    assert set(shown.map.locator(".am-part:visible").all_inner_texts()) == {"Westside", "Eastgate"}
    covered = """[...document.querySelectorAll('.am-part')].flatMap((part) => {
        const words = part.getBoundingClientRect();
        return [...document.querySelectorAll('.leaflet-points-pane .am-mark')].filter((mark) => {
            const box = mark.getBoundingClientRect();
            return box.left < words.right && words.left < box.right && box.top < words.bottom && words.top < box.bottom;
        });
    }).length"""
    assert shown.in_map(covered) == 0


def _names_of_parts(shown: Visited) -> list[tuple[str, shapely.Point]]:
    """The names of parts of the place that show, each with the middle of its words in degrees."""
    found = shown.in_map("""(() => {
        const frame = map_div.getContainer().getBoundingClientRect();
        return [...document.querySelectorAll('.am-part')].filter((part) => part.offsetParent).map((part) => {
            const box = part.getBoundingClientRect();
            const at = [(box.left + box.right) / 2 - frame.left, (box.top + box.bottom) / 2 - frame.top];
            const spot = map_div.containerPointToLatLng(L.point(at));
            return [part.textContent, spot.lng, spot.lat];
        });
    })()""")
    return [(name, shapely.Point(lon, lat)) for name, lon, lat in found]


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_the_name_of_a_part_of_the_place_stands_in_that_part_or_is_left_out(
    visit: Visit, size: tuple[int, int]
) -> None:
    shown = visit("?page=play&place=handtown", size)
    shown.wait_for_map()
    areas = town.town_areas().dissolve("locality").geometry
    west, south, east, north = areas.total_bounds
    assert shown.in_map(f"map_div.getBounds().contains([[{south}, {west}], [{north}, {east}]])"), "the whole place"
    names = _names_of_parts(shown)
    # on a phone the names of streets to play in, which the page is about, leave no room for both
    assert {name for name, _ in names} == {"Westside", "Eastgate"} or (size == PHONE and len(names) == 1)
    assert all(areas[name].buffer(1e-4).contains(at) for name, at in names)
    shown.in_map("map_div.setMinZoom(1).setZoom(map_div.getZoom() - 3, { animate: false }); 1")
    shown.wait_until_quiet()
    assert _names_of_parts(shown) == []


@pytest.mark.parametrize("size", [DESKTOP, (1024, 768), PHONE])
def test_what_a_page_saves_and_shares_is_one_row_of_buttons(visit: Visit, size: tuple[int, int]) -> None:
    shown = visit("?page=here&place=handtown", size)
    shown.wait_for_map()
    if size == PHONE:
        shown.page.get_by_text("Choose what to see").click()
    boxes = [shown.page.get_by_role("button", name=name) for name in ("Save this map", "Evidence pack", "Share")]
    found = [box.bounding_box() for box in boxes]
    assert len({round(box["y"]) for box in found if box is not None}) == 1


def test_of_a_long_finding_two_sentences_show_and_the_rest_is_behind_a_fold(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown")
    shown.wait_for_map()
    rest = shown.page.get_by_text("trials that count need and reach in other ways").first
    expect(shown.page.get_by_role("heading", level=1)).to_contain_text("counting need and reach together")
    expect(rest).to_be_hidden()
    shown.page.get_by_text("More about this").click()
    expect(rest).to_be_visible()


def test_a_page_says_that_it_is_working_until_it_has_something_to_say(visit: Visit) -> None:
    shown = visit("?page=here&place=handtown")
    said = "getComputedStyle(document.querySelector('.stMainBlockContainer'), '::after').content"
    assert shown.page.evaluate(said) == "none"
    shown.page.evaluate("document.querySelector('.st-key-stage').remove()")
    assert "Working it out" in shown.page.evaluate(said)


def test_a_page_without_switches_tells_nobody_to_tick_a_layer(visit: Visit) -> None:
    shown = visit("?page=play&place=handtown")
    shown.wait_for_map()
    expect(shown.map.locator(".am-need")).to_be_visible()
    expect(shown.map.get_by_text("Tick a layer")).to_have_count(0)
    shown = visit("?page=here&place=handtown&layers=none")
    shown.wait_for_map()
    expect(shown.map.get_by_text("Tick a layer")).to_be_visible()


def test_every_page_opens_on_a_phone_where_one_button_shows_the_choices(visit: Visit) -> None:
    shown = visit("", PHONE)
    choices = shown.page.get_by_text("Shade neighbourhoods by")
    expect(choices).to_be_hidden()
    shown.page.get_by_text("Choose what to see").click()
    expect(choices).to_be_visible()
    shown.keep_picture("choices-phone")
    _go_round(shown, "phone")


def test_at_twice_the_size_the_legend_leaves_the_buttons_of_the_map_free(visit: Visit) -> None:
    shown = visit("", ZOOMED)
    shown.wait_for_map()
    expect(shown.map.locator(".am-legend-body")).to_be_visible()
    shown.map.locator(".leaflet-control-zoom-out").click(timeout=5_000)


def test_a_name_or_a_year_stands_clear_of_the_legend(visit: Visit) -> None:
    shown = visit(f"?page=profile&place=handtown&area={town.WEST}", (1024, 768))
    shown.wait_for_map("Map of")
    beside = "[...document.querySelectorAll('.am-icon:not(.am-no-year) .am-year')].filter((each) => each.textContent)"
    covered = f"""(() => {{
        const legend = document.querySelector('.am-legend').getBoundingClientRect();
        return {beside}.map((each) => each.getBoundingClientRect())
            .filter((box) => box.left < legend.right && box.bottom > legend.top).length;
    }})()"""
    shown.in_map("map_div.setView(map_div.containerPointToLatLng([600, 200]), undefined, { animate: false }); 1")
    shown.wait_until_quiet()
    assert shown.in_map(f"{beside}.length > 0")
    assert shown.in_map(covered) == 0


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_a_table_says_once_how_far_people_are_and_bars_can_be_read(visit: Visit, size: tuple[int, int]) -> None:
    shown = visit("?page=gaps&place=handtown", size)
    table = shown.page.locator(".st-key-table-handtown-gaps")
    expect(table.get_by_text("How far people are from places: walking.")).to_be_visible()
    column = shown.page.locator(".am-bars td:nth-child(2)").first.bounding_box()
    assert column is not None
    assert column["width"] >= BARS_AT_LEAST_PX


def test_switching_a_layer_leaves_the_map_where_it_is(visit: Visit) -> None:
    shown = visit()
    shown.wait_for_map()
    _says_what_it_is(shown)
    shown.in_map("window.same = true; window.settled = new Promise((done) => map_div.once('zoomend', done)); 1")
    shown.map.locator(".leaflet-control-zoom-in").click()
    zoom = shown.in_map("settled.then(() => map_div.getZoom())")
    before = [url for url in shown.requests if "/drawings/" in url]
    shown.page.get_by_text("Parks, play and growing").first.click()
    expect(shown.map.locator(".am-row", has_text="Parks, play and growing")).to_have_count(0)
    expect(shown.page).to_have_url(re.compile(r"layers=(?!.*green_space)"))
    assert shown.in_map("window.same && map_div.getZoom()") == zoom
    assert [url for url in shown.requests if "/drawings/" in url] == before
    _shows_words_and_never_runs_them(shown)
    _keyboard_opens_what_is_under_the_cross(shown)


def _says_what_it_is(shown: Visited) -> None:
    """A name for the frame and for the map, for those who do not see them."""
    title = "Map of Hand Town: what it has, and what it has lost"
    expect(shown.page.locator("iframe")).to_have_attribute("title", title)
    expect(shown.map.locator(".leaflet-container")).to_have_attribute("aria-label", re.compile(title))
    assert shown.in_map("document.documentElement.lang") == "en"


def _shows_words_and_never_runs_them(shown: Visited) -> None:
    find = "Object.values(map_div._layers).find((mark) => (mark.assetmapName || '').startsWith('Mill Lane Hall'))"
    shown.in_map(f"{find}.openPopup()")
    expect(shown.map.locator(".am-popup strong")).to_have_text(NASTY)
    assert shown.in_map("typeof broken") == "undefined"
    assert shown.page.evaluate("typeof broken") == "undefined"


def _keyboard_opens_what_is_under_the_cross(shown: Visited) -> None:
    find = "Object.values(map_div._layers).find((mark) => mark.assetmapName === 'Hand Town Library')"
    shown.in_map(f"map_div.setView({find}.getLatLng(), 16, {{ animate: false }}); map_div.getContainer().focus()")
    shown.page.keyboard.press("Enter")
    expect(shown.map.locator(".am-popup strong", has_text="Hand Town Library")).to_be_visible()


def test_a_link_shows_the_same_layers_and_names_what_it_asks_for_in_vain(visit: Visit) -> None:
    shown = visit("?page=moon&place=atlantis&layers=green_space,unicorns&shade=purple")
    shown.wait_for_map()
    rows = shown.map.locator(".am-legend-body > .am-row")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Parks, play and growing")
    expect(shown.page.get_by_text("page “moon”. Nothing here matches it")).to_be_visible()
    expect(shown.page.get_by_text("place “atlantis”, which is not loaded here. This is Hand Town.")).to_be_visible()
    expect(shown.map.locator(".am-ends")).to_be_in_viewport(ratio=1)
    expect(shown.page.get_by_text("the shading “purple”. Nothing here matches it")).to_be_visible()
    expect(shown.page.get_by_text("the layer “unicorns”. Nothing here matches it")).to_be_visible()


def test_the_back_button_undoes_a_choice_and_then_a_page(visit: Visit) -> None:
    shown = visit()
    shown.wait_for_map()
    shown.page.get_by_role("link", name="What’s been lost").click()
    expect(shown.page.get_by_role("heading", name="Each one, with its date")).to_be_visible()
    shown.page.get_by_text("Places to meet", exact=True).first.click()
    expect(shown.page).to_have_url(re.compile(r"layers=.*community_buildings"))
    shown.page.go_back()
    expect(shown.page.get_by_label("Places to meet", exact=True)).not_to_be_checked()
    shown.page.go_back()
    expect(shown.page).to_have_title(re.compile("What’s here"))


def test_an_old_path_leads_to_its_page(visit: Visit) -> None:
    shown = visit("lost?place=handtown&from=2014")
    expect(shown.page).to_have_url(f"{shown.base}/?page=lost&place=handtown&from=2014")
    expect(shown.page).to_have_title(re.compile("What’s been lost"))


def test_a_press_on_a_neighbourhood_tells_what_is_near_before_what_is_missing(visit: Visit) -> None:
    shown = visit("?page=gaps")
    shown.wait_for_map()
    shown.in_map(
        "map_div.fire('click', { latlng: map_div.getCenter(), containerPoint: map_div.getSize().divideBy(2) })"
    )
    lines = shown.map.locator(".am-popup p")
    expect(lines.first).to_contain_text("Near it already:")
    expect(shown.map.locator(".am-popup")).to_contain_text("people live here")


def test_the_table_is_one_press_past_the_map(visit: Visit) -> None:
    shown = visit()
    shown.wait_for_map()
    skip = shown.page.get_by_role("link", name="Skip past the map")
    for _ in range(3):  # Streamlit's own link and the page itself come first
        shown.page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    skip.press("Enter")
    table = shown.page.get_by_role("heading", name="The same as a table")
    expect(table).to_be_in_viewport()
    expect(table).to_be_focused()


def test_every_stop_of_the_keyboard_in_the_map_has_a_name_and_shows_it(visit: Visit) -> None:
    shown = visit("?page=gaps")
    shown.wait_for_map("who can walk to")
    shown.in_map("map_div.getContainer().focus()")
    stops = []
    while shown.page.evaluate("document.activeElement.tagName") == "IFRAME" and len(stops) < MANY_STOPS:
        stops.append(shown.in_map(STOP))
        shown.page.keyboard.press("Tab")
    names = [name for name, _ in stops]
    assert names[0].startswith("Map of Hand Town")
    assert {"Zoom in", "Zoom out", "What the map shows"} <= set(names)
    assert len(stops) < MANY_STOPS, names
    assert [name for name, outline in stops if not name or outline == "none"] == []


def test_a_page_is_no_wider_than_the_narrowest_window_and_moves_little_where_asked(visit: Visit) -> None:
    shown = visit("?page=lost", NARROWEST)
    shown.page.emulate_media(reduced_motion="reduce")
    assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for title in PAGES.values():
        expect(shown.page.get_by_role("link", name=title, exact=True)).to_be_in_viewport(ratio=1)
    slowest = "Math.max(...[...document.querySelectorAll('.stApp *')].map((e) => parseFloat(getComputedStyle(e)"
    assert shown.page.evaluate(slowest + ".transitionDuration)))") <= LITTLE_S


def test_the_drawing_and_leaflet_come_packed(visit: Visit) -> None:
    shown = visit()
    shown.wait_for_map()
    for part in ("/drawings/", "/leaflet/leaflet.js", "/map/map.js"):
        url = next(url for url in shown.requests if part in url)
        assert shown.page.request.get(url).headers["content-encoding"] == "gzip"


def test_without_internet_the_page_says_so_and_offers_no_street_map(visit: Visit) -> None:
    shown = visit()
    expect(shown.page.get_by_text("No street map underneath: there is no internet here.")).to_be_visible()
    expect(shown.page.get_by_text("Street map underneath", exact=True)).to_have_count(0)


def test_the_street_map_lies_underneath_where_its_server_answered(visit_with_tiles: Visited) -> None:
    shown = visit_with_tiles
    shown.wait_for_map()
    credit = shown.map.get_by_role("link", name="© OpenStreetMap contributors")
    expect(credit).to_have_attribute("href", "https://www.openstreetmap.org/copyright")
    expect(shown.map.locator("img.leaflet-tile-loaded").first).to_be_visible()
    shown.page.get_by_text("Street map underneath").click()
    expect(shown.map.locator("img.leaflet-tile")).to_have_count(0)
    expect(credit).to_have_count(0)
    expect(shown.page).to_have_url(re.compile("streets=off"))


@pytest.mark.parametrize("seed", [1, 2])
def test_presses_at_random_end_on_the_page_of_the_address(visit: Visit, seed: int) -> None:
    shown, choose = visit("?page=here&place=handtown"), random.Random(seed)
    links, boxes = shown.page.locator(".st-key-pages a"), shown.page.locator(".st-key-controls label:has(input)")
    for _ in range(20):
        if choose.random() < 0.5:
            links.nth(choose.randrange(len(PAGES))).click()
            continue
        with suppress(TimeoutError):  # the page was left under the hand
            boxes.nth(choose.randrange(6)).click(timeout=500)
    last = choose.choice([title for path, title in PAGES.items() if path != "sources"])
    shown.page.get_by_role("link", name=last, exact=True).click()
    shown.wait_for_map("who can walk to" if last == PAGES["gaps"] else "what it has")
    expect(shown.page).to_have_title(f"{last}: Hand Town (made up) · assetmap")
    expect(links.and_(shown.page.locator("[aria-current]"))).to_have_text([last])
    word = next(path for path, title in PAGES.items() if title == last)
    expect(shown.page).to_have_url(re.compile(f"page={word}&place=handtown"))
    expect(shown.page.get_by_test_id("stException")).to_have_count(0)


def test_hurrying_from_page_to_page_chooses_nothing_by_itself(visit: Visit) -> None:
    shown = visit("?page=here&place=handtown")
    for title in ("What’s been lost", "Gaps", "What’s here", "What’s been lost", "Add", "Gaps", "What’s been lost"):
        shown.page.get_by_role("link", name=title, exact=True).click()
    shown.wait_for_map("what it has")
    expect(shown.page).to_have_title(re.compile("What’s been lost"))
    expect(shown.page).to_have_url(f"{shown.base}/?page=lost&place=handtown")
    expect(shown.page.get_by_test_id("stAlert")).to_have_count(0)
