"""What people write: each test here may change the store, which is therefore a copy with an app of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

import rows
import town
from assetmap.screens.pages import TITLES
from assetmap.store import open_store

from .conftest import Visit, Visited, running_app


@pytest.fixture(scope="module")
def store_path(store_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the hand-solved town."""
    return Path(shutil.copy(store_path, tmp_path_factory.mktemp("written") / "town.gpkg"))


@pytest.fixture(scope="module")
def app_url(store_path: Path) -> Iterator[str]:
    """The app over that copy, where no tile server is asked."""
    with running_app(store_path, ASSETMAP_TILES="off") as url:
        yield url


def test_a_press_on_the_map_and_a_few_words_put_a_place_on_it(visit: Visit, store_path: Path) -> None:
    shown = visit("?page=add")
    shown.wait_for_map()
    _press_the_map(shown, 0.5)
    send = shown.page.get_by_role("button", name="Add it to the map")
    expect(send).to_be_in_viewport(ratio=1)
    shown.page.get_by_label("Its name").fill("Bench club")
    send.click()
    expect(shown.page.get_by_text("Choose which kind it is.")).to_be_in_viewport()
    _choose_a_kind(shown)
    send.click()
    expect(shown.page.get_by_text("Thank you. Bench club is on the map")).to_be_visible()
    expect(shown.map.get_by_role("button", name="Bench club")).to_have_count(1)
    expect(shown.map.locator(".am-pin")).to_have_count(0)
    expect(shown.map.locator(".am-row", has_text="Added by local people")).to_contain_text("1")
    with open_store(store_path) as store:
        assert list(store.contributions("handtown")["name"]) == ["Bench club"]
    assert shown.page.request.get(f"{shown.base}/healthz").json() == {"status": "ok"}


def test_only_a_person_has_the_page_worked_out_anew(visit: Visit) -> None:
    shown = visit("?page=add")
    shown.wait_for_map()
    assert len(shown.runs) == 1
    _press_the_map(shown, 0.5)
    expect(shown.map.locator(".am-pin")).to_have_count(1)
    shown.wait_until_quiet()
    assert len(shown.runs) == 2, "the map tells of the press and of nothing else"
    shown.page.get_by_role("link", name="What’s here", exact=True).click()
    expect(shown.page.get_by_text("Shade neighbourhoods by")).to_be_visible()
    shown.wait_for_map()
    shown.map.locator("#map_div").click(position={"x": 300, "y": 300})
    shown.page.get_by_role("link", name="Add", exact=True).click()
    expect(shown.page.get_by_role("heading", name="Say what it is")).to_be_visible()
    shown.in_map("map_div.panBy([40, 0], { animate: false }); 1")
    shown.wait_for_map()
    assert len(shown.runs) == 4, "a press elsewhere is not taken for a spot"


def test_no_field_that_is_being_filled_in_hides_behind_what_is_said_beneath_the_form(visit: Visit) -> None:
    shown = visit("?page=add", (1024, 768))
    shown.wait_for_map()
    _press_the_map(shown, 0.5)
    page = shown.page
    page.get_by_label("Its name").fill("Bench club")
    page.get_by_role("button", name="Add it to the map").click()
    expect(page.get_by_text("Choose which kind it is.")).to_be_in_viewport()
    page.get_by_label("Its name").focus()
    for label in ("Who is it for?", "What should people know?", "How do you know?"):
        page.keyboard.press("Tab")
        field = page.get_by_label(label)
        expect(field).to_be_focused()
        shown.wait_until_quiet()
        inside, foot = field.bounding_box(), page.locator(".st-key-send").bounding_box()
        assert inside is not None
        assert foot is not None
        assert inside["y"] + inside["height"] <= foot["y"], label


def test_what_is_pasted_is_kept_and_what_is_private_or_too_long_is_said(visit: Visit, store_path: Path) -> None:
    shown = visit("?page=add")
    shown.wait_for_map()
    _press_the_map(shown, 0.45)
    page, send = shown.page, shown.page.get_by_role("button", name="Add it to the map")
    page.get_by_label("Its name").fill("Pasted club")
    _choose_a_kind(shown)
    known = page.get_by_label("How do you know?")
    known.click()
    page.keyboard.insert_text("I have helped there for years. " * 8)
    expect(known).to_have_value("I have helped there for years. " * 8)
    page.get_by_label("What should people know?").fill("Ring 07700 900123")
    send.click()
    expect(page.get_by_text("“07700 900123” looks like a phone number")).to_be_in_viewport()
    page.get_by_label("What should people know?").fill("x" * 2_001)
    send.click()
    expect(page.get_by_text("The text about what people should know is longer than 2,000 letters")).to_be_in_viewport()
    with open_store(store_path) as store:
        assert "Pasted club" not in set(store.contributions("handtown")["name"])


def _press_the_map(shown: Visited, east: float) -> None:
    """Choose a spot, as far across the map as ``east`` says, from 0 to 1."""
    expect(shown.map.locator(".am-pin")).to_have_count(0)
    shown.wait_for_map()
    expect(shown.map.locator(".am-adding")).to_have_count(1)
    box = shown.page.locator("iframe").bounding_box()
    assert box is not None
    shown.page.mouse.click(box["x"] + east * box["width"], box["y"] + box["height"] / 2)
    expect(shown.map.locator(".am-pin")).to_be_visible()
    send = shown.page.get_by_role("button", name="Add it to the map")
    expect(send).to_have_count(1)
    expect(send).to_be_enabled()


def _choose_a_kind(shown: Visited) -> None:
    shown.choose("Which kind?", "Community hub")


def test_a_place_is_not_added_twice_by_mistake_and_can_be_taken_back_at_once(visit: Visit, store_path: Path) -> None:
    shown = visit("?page=add")
    shown.wait_for_map()
    page, send = shown.page, shown.page.get_by_role("button", name="Add it to the map")

    def fill(east: float, name: str) -> None:
        _press_the_map(shown, east)
        expect(page.get_by_label("Its name")).to_have_value("")
        page.get_by_label("Its name").fill(name)
        _choose_a_kind(shown)
        send.click()

    fill(0.5, "Crabtree Sewing Room")
    expect(page.get_by_text("Thank you. Crabtree Sewing Room")).to_be_visible()
    expect(shown.map.get_by_role("button", name="Crabtree Sewing Room")).to_have_count(1)
    expect(send).to_be_disabled()
    fill(0.52, "The Crabtree Sewing Room")
    expect(page.get_by_text("Crabtree Sewing Room is on the map already")).to_be_in_viewport()
    shown.wait_until_quiet()
    page.get_by_role("button", name="It is the same").click()
    expect(page.get_by_text("Nothing was added")).to_be_visible()
    fill(0.54, "Crabtree sewing room")
    expect(page.get_by_text("Crabtree Sewing Room is on the map already")).to_be_in_viewport()
    shown.wait_until_quiet()
    page.get_by_role("button", name="It is another one").click()
    expect(page.get_by_text("Thank you. Crabtree sewing room")).to_be_visible()
    shown.wait_until_quiet()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("It is off the map again.")).to_be_visible()
    with open_store(store_path) as store:
        added = store.contributions("handtown").set_index("name")["state"]
    assert added.filter(like="rabtree").to_dict() == {
        "Crabtree Sewing Room": "pending",
        "Crabtree sewing room": "hidden",
    }


@pytest.mark.parametrize(("place", "has_areas"), [("nothing", False), ("outlines", True)])
def test_every_page_of_a_place_with_little_or_nothing_says_what_to_load(
    visit: Visit, store_path: Path, place: str, has_areas: bool
) -> None:
    with open_store(store_path) as store:
        store.save_place(place, place, fictional=True)
        if has_areas:
            areas = town.town_areas().assign(place_id=place, source=f"{place}/areas")
            load = rows.load(len(areas), place_id=place, source=f"{place}/areas", layer="neighbourhoods")
            store.replace_source(load, areas, "areas", rows.issues())
    shown = visit()
    for path in TITLES:
        shown.page.goto(f"{shown.base}/?page={path}&place={place}")
        expect(shown.page.locator("h1, [data-testid='stAlert']").first).to_be_visible()
        expect(shown.page.get_by_test_id("stStatusWidget")).to_have_count(0)
        expect(shown.page.get_by_test_id("stException")).to_have_count(0)
        if path == "gaps":
            expect(shown.page.get_by_text("Load a source of")).to_be_visible()


def test_the_map_hears_presses_on_a_page_that_it_was_not_made_for(visit: Visit) -> None:
    shown = visit("?page=whatif")
    shown.wait_for_map()
    shown.page.get_by_role("link", name="Add", exact=True).click()
    expect(shown.page.get_by_text("Press the map to choose the spot.")).to_be_visible()
    _press_the_map(shown, 0.6)
