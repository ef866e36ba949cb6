"""Sheets saved from the pages: the picture that comes down is the finding of the page, with its sources inside."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect

import town
from assetmap.packs import open_pack
from assetmap.packs.reading import Opened

from .conftest import Visit, Visited, running_app, visits


@pytest.mark.parametrize(
    ("where", "button", "file_name", "title"),
    [
        ("lost", "Save this map", "handtown-lost.png", "Hand Town has lost 1 library since 2015"),
        ("lost", "Save small maps by date", "handtown-lost-over-time.png", "Hand Town has lost 1 library since 2015"),
        (
            "whatif&change=close:handtown/community_buildings:1", "Save this map", "handtown-whatif.png",
            "Without Hand Town Library: 1,200 people lose a library within 15 minutes",
        ),
    ],
)  # fmt: skip
def test_a_sheet_comes_down_as_a_picture_of_the_finding(
    visit: Visit, tmp_path: Path, where: str, button: str, file_name: str, title: str
) -> None:
    shown = visit(f"?page={where}&place=handtown")
    shown.wait_for_map()
    with shown.page.expect_download(timeout=60_000) as coming:
        shown.page.get_by_role("button", name=button).click()
    assert coming.value.suggested_filename == file_name
    coming.value.save_as(tmp_path / file_name)
    with Image.open(tmp_path / file_name) as picture:
        assert picture.format == "PNG"
        assert picture.info["Title"] == title


@pytest.mark.parametrize(
    ("where", "file_name"),
    [
        ("profile", "handtown-profile.png"),
        ("profile&area=E01999901&walk=10", "handtown-profile.png"),
        ("profile&outline=OUTLINE", "handtown-profile.png"),
        ("play&shade=none", "handtown-play.png"),
        ("play&part=Eastgate&step_free=yes", "handtown-play.png"),
        ("whatif&do=open&kind=library&find=1", "handtown-where-one-would-do-most.png"),
        (
            "whatif&change=close:handtown/community_buildings:1&do=open&kind=library&find=2&walk=10",
            "handtown-where-one-would-do-most.png",
        ),
    ],
)  # fmt: skip
def test_the_sheet_of_a_page_says_what_the_page_says(visit: Visit, tmp_path: Path, where: str, file_name: str) -> None:
    shown = visit(f"?page={where.replace('OUTLINE', _corners())}&place=handtown")
    shown.wait_for_map()
    with shown.page.expect_download(timeout=60_000) as coming:
        shown.page.get_by_role("button", name="Save this map").click()
    assert coming.value.suggested_filename == file_name
    coming.value.save_as(tmp_path / file_name)
    with Image.open(tmp_path / file_name) as picture:
        assert picture.info["Title"] == shown.page.locator("h1").inner_text().replace("\n", " ")
        assert ("over greys of" in picture.info["Description"]) == ("shade=none" not in where)


def _corners() -> str:
    """The western half of Hand Town as an address writes it."""
    west, south, east, north = town.town_areas().set_index("area_code").geometry[town.WEST].bounds
    return f"{west},{south} {east},{south} {east},{north} {west},{north}"


def test_after_a_change_who_would_lose_is_saved_beside_where_one_would_do_most(visit: Visit, tmp_path: Path) -> None:
    shown = visit("?page=whatif&change=close:handtown/community_buildings:1&do=open&kind=library&find=1&place=handtown")
    shown.wait_for_map()
    with shown.page.expect_download(timeout=60_000) as coming:
        shown.page.get_by_role("button", name="Save who would lose").click()
    coming.value.save_as(tmp_path / "loses.png")
    with Image.open(tmp_path / "loses.png") as picture:
        assert picture.info["Title"].endswith("1,200 people lose a library within 15 minutes")


def test_with_nothing_changed_there_is_a_link_and_no_sheet(visit: Visit) -> None:
    shown = visit("?page=whatif&place=handtown")
    shown.wait_for_map()
    assert shown.page.get_by_role("button", name="Share").count() == 1
    assert shown.page.get_by_role("button", name="Save this map").count() == 0


CLOSED = "change=close:handtown/community_buildings:1"


def pack_of(shown: Visited, path: Path) -> Opened:
    """The pack of a page, made and saved as a person does."""
    shown.page.get_by_role("button", name="Evidence pack", exact=True).click()
    save = shown.page.get_by_role("button", name="Save the evidence pack")
    save.wait_for(timeout=180_000)
    with shown.page.expect_download(timeout=60_000) as coming:
        save.click()
    assert coming.value.suggested_filename == "handtown-pack.zip"
    coming.value.save_as(path)
    return open_pack(path)


@pytest.mark.parametrize(
    ("where", "answers", "wanted"),
    [
        ("here&shade=none&walk=10", {"here", "gaps", "lost"}, {"shade": "none", "minutes": 10.0}),
        (
            "gaps&weights=3,0.5,1,0&need=crime&shade=walk&how=2sfca&count=hours",
            {"access", "gaps", "here", "lost"},
            {
                "weights": {"need": 3.0, "beyond": 0.5, "fewer_kinds": 1.0, "less_each": 0.0}, "need": "crime",
                "shade": "walk", "method": "2sfca", "offer": "hours",
            },
        ),
        ("lost&kind=library&step_free=yes", {"lost", "who-lost", "here", "gaps"},
         {"kinds": ["who_lost:library"], "step_free": True}),
        (f"whatif&{CLOSED}", {"here", "whatif", "gaps", "lost"},
         {"scenarios": ["without Hand Town Library=close:handtown/community_buildings:1"]}),
        ("play&part=Eastgate", {"here", "play", "gaps", "lost"}, {"areas": ["Eastgate"]}),
        ("whatif&do=open&kind=library&find=1", {"here", "sites", "gaps", "lost"},
         {"choose": 1, "kinds": ["sites:library"]}),
        ("profile&area=E01999901&measure=crime&by=locality", {"here", "profile", "deprivation",
         "deprivation-2025-locality", "gaps", "lost"}, {"areas": ["E01999901"], "domain": "crime", "by": "locality"}),
    ],
)  # fmt: skip
def test_an_evidence_pack_holds_the_pages_finding_and_every_choice(
    visit: Visit, tmp_path: Path, where: str, answers: set[str], wanted: dict
) -> None:
    shown = visit(f"?page={where}&place=handtown")
    shown.wait_for_map()
    pack = pack_of(shown, tmp_path / "pack.zip")
    assert pack.faults() == ()
    assert pack.manifest["title"] == shown.page.locator("h1").inner_text()
    assert set(pack.manifest["numbers"]) == answers
    assert {name: pack.manifest["wanted"][name] for name in wanted} == wanted
    assert all(link.startswith(f"{shown.base}/?page=") for link in pack.manifest["links"].values())


def test_the_page_says_that_a_pack_is_being_made_and_when_it_is_ready(visit: Visit) -> None:
    shown = visit("?page=lost&place=handtown")
    shown.wait_for_map()
    shown.page.get_by_role("button", name="Evidence pack", exact=True).click()
    expect(shown.page.get_by_text("Making the pack: its maps, tables and sources.")).to_be_visible(timeout=30_000)
    expect(shown.page.get_by_text("Ready: evidence pack")).to_be_visible(timeout=180_000)
    expect(shown.page.get_by_text("Making the pack")).to_have_count(0)


def test_a_pack_of_other_choices_is_not_offered_as_the_pages_own(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown")
    shown.wait_for_map()
    shown.page.get_by_role("button", name="Evidence pack", exact=True).click()
    expect(shown.page.get_by_role("button", name="Save the evidence pack")).to_be_visible(timeout=180_000)
    shown.page.get_by_text("10 min", exact=True).click()
    expect(shown.page.get_by_role("button", name="Save the evidence pack")).to_have_count(0, timeout=60_000)
    expect(shown.page.get_by_role("button", name="Evidence pack", exact=True)).to_be_visible()


def told_in_place_of_a_pack(shown: Visited) -> str:
    """What the page says, where it can be read at once, when a pack is asked for that cannot be made."""
    shown.page.get_by_role("button", name="Evidence pack", exact=True).click()
    said = shown.page.get_by_test_id("stAlert")
    expect(said).to_be_visible(timeout=180_000)
    expect(shown.page.get_by_text("Making the pack")).to_have_count(0)
    assert shown.page.get_by_test_id("stException").count() == 0
    assert shown.page.get_by_role("button", name="Save the evidence pack").count() == 0
    return said.inner_text()


def test_a_store_that_went_away_is_told(window: BrowserContext, store_path: Path, tmp_path: Path) -> None:
    mine = Path(shutil.copy(store_path, tmp_path / "town.gpkg"))
    with running_app(mine, ASSETMAP_TILES="off") as url, visits(window, url) as visit:
        shown = visit("?page=lost&place=handtown")
        shown.wait_for_map()
        mine.write_bytes(b"")
        said = told_in_place_of_a_pack(shown)
        assert said.startswith("The pack could not be made. The store cannot be read")
        assert said.endswith("See whether the store is still where it was, then press again.")
