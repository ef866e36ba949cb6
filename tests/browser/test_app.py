"""What a person meets: every page, on a desk and on a phone, with no internet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assetmap.store import open_store

from .conftest import DESKTOP, NASTY, PHONE, Visit

PAGES = {"": "What’s here", "gaps": "Gaps", "lost": "What’s been lost", "add": "Add", "sources": "Sources"}
SIZES = {"desk": DESKTOP, "phone": PHONE}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_whole_and_asks_no_other_host(visit: Visit, path: str, size: str) -> None:
    shown = visit(path, SIZES[size])
    if path != "sources":
        shown.wait_for_map()
    expect(shown.page).to_have_title(f"{PAGES[path]}: Hand Town (made up) · assetmap")
    assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shown.keep_picture(f"{path or 'here'}-{size}")


def test_the_map_says_what_it_is_to_those_who_do_not_see_it(visit: Visit) -> None:
    shown = visit()
    shown.wait_for_map()
    title = "Map of Hand Town: what it has, and what it has lost"
    expect(shown.page.locator("iframe")).to_have_attribute("title", title)
    expect(shown.map.locator(".leaflet-container")).to_have_attribute("aria-label", re.compile(title))
    assert shown.in_map("document.documentElement.lang") == "en"


def test_switching_a_layer_leaves_the_map_where_it_is(visit: Visit) -> None:
    shown = visit()
    shown.wait_for_map()
    shown.in_map("window.same = true; map_div.setZoom(15.3, { animate: false })")
    before = len([url for url in shown.requests if "/drawings/" in url])
    shown.page.get_by_text("Parks, play and growing").first.click()
    expect(shown.map.locator(".am-row", has_text="Parks, play and growing")).to_have_count(0)
    assert shown.in_map("window.same && map_div.getZoom()") == 15.3
    assert len([url for url in shown.requests if "/drawings/" in url]) == before
    expect(shown.page).to_have_url(re.compile(r"layers=(?!.*green_space)"))


def test_a_link_shows_the_same_layers(visit: Visit) -> None:
    shown = visit("?place=handtown&layers=green_space")
    shown.wait_for_map()
    rows = shown.map.locator(".am-legend-body > .am-row")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("Parks, play and growing")


def test_words_that_a_link_asks_for_in_vain_are_named(visit: Visit) -> None:
    shown = visit("?place=atlantis&layers=green_space,unicorns")
    expect(shown.page.get_by_text("place “atlantis”, which is not known here")).to_be_visible()
    expect(shown.page.get_by_text("layers “unicorns”, which is not known here")).to_be_visible()


def test_what_a_row_says_is_shown_and_never_run(visit: Visit) -> None:
    shown = visit()
    shown.wait_for_map()
    find = "Object.values(map_div._layers).find((mark) => (mark.assetmapName || '').startsWith('Mill Lane Hall'))"
    shown.in_map(f"{find}.openPopup()")
    expect(shown.map.locator(".am-popup strong")).to_have_text(NASTY)
    assert shown.in_map("window.broken === undefined")
    assert shown.page.evaluate("window.broken === undefined")


def test_the_keyboard_opens_what_is_under_the_cross(visit: Visit) -> None:
    shown = visit("?layers=community_buildings")
    shown.wait_for_map()
    find = "Object.values(map_div._layers).find((mark) => mark.assetmapName === 'Hand Town Library')"
    shown.in_map(f"map_div.setView({find}.getLatLng(), 16, {{ animate: false }}); map_div.getContainer().focus()")
    shown.page.keyboard.press("Enter")
    expect(shown.map.locator(".am-popup strong")).to_have_text("Hand Town Library")


def test_a_loss_has_its_ring_and_its_year(visit: Visit) -> None:
    shown = visit("lost")
    shown.wait_for_map()
    expect(shown.map.locator(".am-year")).to_have_text("2015")


def test_on_a_phone_one_button_shows_the_choices(visit: Visit) -> None:
    shown = visit("", PHONE)
    shown.wait_for_map()
    choices = shown.page.get_by_text("Shade neighbourhoods by")
    expect(choices).to_be_hidden()
    shown.page.get_by_text("Choose what to see").click()
    expect(choices).to_be_visible()


def test_a_press_on_the_map_and_a_few_words_put_a_place_on_it(visit: Visit, store_path: Path) -> None:
    shown = visit("add")
    shown.wait_for_map()
    box = shown.page.locator("iframe").bounding_box()
    assert box is not None
    shown.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(shown.map.locator(".am-pin")).to_be_visible()
    shown.page.get_by_label("Its name").fill("Bench club")
    shown.page.get_by_role("button", name="Add it to the map").click()
    expect(shown.page.get_by_text("Thank you. Bench club is on the map")).to_be_visible()
    expect(shown.map.get_by_role("button", name="Bench club")).to_have_count(1)
    with open_store(store_path) as store:
        assert list(store.contributions("handtown")["name"]) == ["Bench club"]


def test_the_app_says_that_it_is_well(visit: Visit) -> None:
    shown = visit("sources")
    answer = shown.page.request.get(f"{shown.base}/healthz")
    assert answer.json() == {"status": "ok"}
