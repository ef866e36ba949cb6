"""The councillor's question: if this library goes, who loses, and what do we own nearby that could replace it?"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pandas as pd
from playwright.sync_api import BrowserContext, expect

import rows
import town
from assetmap.store import open_store
from assetmap.tables import Areas

from .conftest import PHONE, Visit, Visited, running_app, visits

LOSES = "Without Hand Town Library: 1,200 people lose a library within 15 minutes"
OPENING = "What if something closed, opened or moved?"
LIBRARY = "close:handtown/community_buildings:1"


def _headline(shown: Visited, words: str | re.Pattern[str]) -> None:
    expect(shown.page.locator("h1")).to_have_text(words)


def _close_the_library(shown: Visited) -> None:
    shown.choose("Which place?", "Hand Town Library · Library", typed="hand town lib")


def test_a_library_closes_in_two_presses_and_everything_says_who_loses(visit: Visit) -> None:
    shown = visit("?page=whatif&place=handtown")
    shown.wait_for_map()
    _headline(shown, OPENING)
    expect(shown.page.get_by_test_id("stException")).to_have_count(0)
    _close_the_library(shown)
    _headline(shown, LOSES)
    expect(shown.page).to_have_url(re.compile(r"[?&]change=close"))
    legend = shown.map.locator(".am-legend-body")
    expect(legend).to_contain_text("Would close")
    expect(legend).to_contain_text("People who would lose a library")
    expect(shown.map.get_by_role("button", name="Hand Town Library")).to_have_count(1)
    totals = shown.page.get_by_role("region", name="People, places and hours, before and after")
    expect(totals.get_by_role("row", name="People within 15 minutes")).to_contain_text("0 (−1,200)")
    expect(totals.get_by_role("row", name="Places for every 1,000 people")).to_contain_text("0.000 (−0.370)")
    expect(totals.get_by_role("row", name="Kinds of place within 15 minutes")).to_contain_text("0.4 (−0.5)")
    near = shown.page.get_by_role("region", name="What stands near those who lose, with its owner")
    expect(near.get_by_role("row")).not_to_have_count(0)
    shown.page.get_by_text("How this was worked out").click()
    expect(shown.page.get_by_text("for the same people before and after.")).to_be_visible()
    shown.keep_picture("whatif-desk")


def test_on_whom_it_falls_and_every_measure_by_neighbourhood(visit: Visit) -> None:
    shown = visit(f"?page=whatif&place=handtown&change={LIBRARY}")
    _headline(shown, LOSES)
    tenths = shown.page.get_by_role("table", name=re.compile("those who lose a place within 15 minutes, by tenth"))
    expect(tenths.get_by_role("row", name="Most deprived tenth")).to_contain_text("75")
    shown.page.get_by_text("How unequal it is who would lose, in figures").click()
    expect(shown.page.get_by_text("slope index of inequality")).to_be_visible()
    for tab, says in (
        ("For every 1,000 people", "for every 1,000 people who live there"),
        ("Shared with all near", "when everybody near shares it"),
        ("Gaps", "Rank 1 is the widest gap"),
        ("Walks", "Who has one within the walk"),
    ):
        shown.page.get_by_role("tab", name=tab).click()
        panel = shown.page.get_by_role("tabpanel").filter(visible=True)
        expect(panel.get_by_text(says)).to_be_visible()
        expect(panel.get_by_test_id("stDataFrame")).to_be_visible()
    expect(shown.page.get_by_test_id("stException")).to_have_count(0)


def test_where_one_would_do_most_begins_with_the_changes_made(visit: Visit) -> None:
    shown = visit(f"?page=whatif&place=handtown&change={LIBRARY}&do=open&kind=library&find=1")
    shown.wait_for_map()
    # the depot would bring 2,100 but is in use; a hall with the odd name is free
    _headline(
        shown,
        "Without Hand Town Library: a library in Mill Lane Hall < would bring 1,200 people newly within 15 minutes",
    )
    legend = shown.map.locator(".am-legend-body")
    expect(legend).to_contain_text("Could open here")
    expect(legend).to_contain_text("Would close")
    expect(shown.page.get_by_role("heading", name="Every building that could be opened up")).to_be_visible()
    expect(shown.page.get_by_role("heading", name="What changes in all")).to_be_visible()
    shown.keep_picture("whatif-find-desk")
    shown.page.get_by_role("button", name="Try it").click()
    _headline(shown, re.compile("lose a library|gain one|gain a library"))
    expect(shown.page.get_by_role("button", name="Hand Town Library closes")).to_have_count(1)
    expect(shown.page.get_by_role("button", name="A new library opens in")).to_have_count(1)


def test_what_stands_near_leads_to_where_another_would_do_most(visit: Visit) -> None:
    shown = visit(f"?page=whatif&place=handtown&change={LIBRARY}&walk=20")
    _headline(shown, re.compile("lose a library within 20 minutes"))
    shown.wait_for_map()
    shown.page.get_by_role("link", name="After this, where would another library do most?").click()
    _headline(shown, re.compile("^Without Hand Town Library: a library in .* within 20 minutes$"))
    expect(shown.page).to_have_url(re.compile("change=close.*find=1"))
    expect(shown.page.get_by_role("button", name="Hand Town Library closes")).to_have_count(1)


def test_a_change_is_taken_out_by_its_chip_and_comes_back_with_the_back_button(visit: Visit) -> None:
    shown = visit("?page=whatif&place=handtown")
    shown.wait_for_map()
    _close_the_library(shown)
    _headline(shown, LOSES)
    shown.page.get_by_role("button", name="Hand Town Library closes").click()
    _headline(shown, OPENING)
    expect(shown.page).not_to_have_url(re.compile("change="))
    shown.page.go_back()
    _headline(shown, LOSES)
    shown.page.go_back()
    _headline(shown, OPENING)


def test_the_map_stays_while_what_is_asked_changes(visit: Visit) -> None:
    shown = visit("?page=whatif&place=handtown")
    shown.wait_for_map()
    shown.in_map("window.same = true")
    before = [url for url in shown.requests if "/drawings/" in url]
    _close_the_library(shown)
    _headline(shown, LOSES)
    expect(shown.map.locator(".am-legend-body")).to_contain_text("Would close")
    assert shown.in_map("window.same")
    assert [url for url in shown.requests if "/drawings/" in url] == before


def test_a_press_on_the_map_opens_a_library_there(visit: Visit) -> None:
    shown = visit("?page=whatif&place=handtown&do=open&kind=library")
    shown.wait_for_map()
    box = shown.page.locator("iframe").bounding_box()
    assert box is not None
    shown.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    _headline(shown, re.compile(r"With a new library: [\d,]+ people gain a library within 15 minutes"))
    expect(shown.page).to_have_url(re.compile(r"change=open%3Alibrary|change=open:library"))
    expect(shown.page.get_by_role("button", name="A new library opens in")).to_have_count(1)
    expect(shown.map.locator(".am-legend-body")).to_contain_text("More people gain than lose here")


def test_where_one_would_do_most_is_found_and_tried(visit: Visit) -> None:
    shown = visit("?page=whatif&place=handtown&do=open&kind=library")
    shown.wait_for_map()
    shown.page.get_by_role("radiogroup", name="How many would open").get_by_text("1", exact=True).click()
    expect(shown.map.locator(".am-legend-body")).to_contain_text("Could open here")
    expect(shown.map.locator(".am-legend-body")).to_contain_text("Libraries that there are now")
    expect(shown.map.get_by_text("Hand Town Library")).to_be_visible()
    _headline(shown, re.compile(r"^A library in .* would bring [\d,]+ people newly within 15 minutes$"))
    expect(shown.page.get_by_role("heading", name="Every building that could be opened up")).to_be_visible()
    shown.page.get_by_role("button", name="Try it").click()
    _headline(shown, re.compile("gain a library"))
    expect(shown.page).not_to_have_url(re.compile("find="))


def test_two_scenarios_stand_side_by_side_in_the_totals(visit: Visit) -> None:
    shown = visit(
        f"?page=whatif&place=handtown&change={LIBRARY}&beside=reopen:handtown/community_buildings:2&beside_name=C again"
    )
    _headline(shown, LOSES)
    totals = shown.page.get_by_role("region", name="People, places and hours, before and after")
    expect(totals.get_by_role("columnheader")).to_have_text(
        ["Measure", "No change", "Without Hand Town Library", "Beside it: C again"]
    )
    shown.page.get_by_role("button", name="Beside: C again").click()
    expect(totals.get_by_role("columnheader")).to_have_count(3)
    shown.page.get_by_role("button", name="Compare with another").click()
    _headline(shown, OPENING)
    expect(shown.page).to_have_url(re.compile("beside=close"))
    expect(shown.page.get_by_text("is kept to one side. Now say what else could happen")).to_be_visible()
    shown.page.get_by_role("button", name="Take it back").click()
    _headline(shown, LOSES)
    expect(shown.page).not_to_have_url(re.compile("beside=close"))


def test_a_name_of_ones_own_goes_with_the_link(visit: Visit) -> None:
    shown = visit(f"?page=whatif&place=handtown&change={LIBRARY}")
    name = shown.page.get_by_label("Call it")
    name.fill("the July budget")
    name.press("Enter")
    _headline(shown, "The July budget: 1,200 people lose a library within 15 minutes")
    expect(shown.page).to_have_url(re.compile("name=the(%20|\\+)July(%20|\\+)budget"))


def test_a_bad_link_keeps_what_can_be_read_and_names_the_rest(visit: Visit) -> None:
    shown = visit(
        f"?page=whatif&place=handtown&change=fly:away;close:nowhere;{LIBRARY};open:unicorn@0,52&walk=7&do=fly"
    )
    _headline(shown, LOSES)
    for part in ("fly:away", "close:nowhere", "open:unicorn@0,52"):
        expect(shown.page.get_by_text(f"the change “{part}”, which cannot be made here")).to_be_visible()
    for word in ("7", "fly"):
        expect(shown.page.get_by_text(f"“{word}”. Nothing here matches it")).to_be_visible()
    expect(shown.page.get_by_test_id("stException")).to_have_count(0)


def test_on_a_phone_the_answer_the_map_and_the_controls_follow_one_another(visit: Visit) -> None:
    shown = visit(f"?page=whatif&place=handtown&change={LIBRARY}", PHONE)
    shown.wait_for_map()
    _headline(shown, LOSES)
    assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tops = [
        shown.page.locator(place).first.evaluate("(at) => at.getBoundingClientRect().top")
        for place in ("h1", "iframe", "#past-map")
    ]
    assert tops == sorted(tops)
    expect(shown.page.get_by_role("combobox", name="Which place?")).to_be_visible()
    shown.keep_picture("whatif-phone")


def test_who_lost_stands_under_the_list_of_closures_with_its_tenths_and_its_shading(visit: Visit) -> None:
    shown = visit("?page=lost&place=handtown")
    shown.wait_for_map()
    expect(shown.page.get_by_text(re.compile(r"people in Hand Town lost a library within 15 minutes"))).to_be_visible()
    tenths = shown.page.get_by_role("table", name=re.compile("by tenth of England’s deprivation"))
    expect(tenths.get_by_role("row")).to_have_count(11)
    shown.choose("Shade neighbourhoods by", "People who lost one")
    expect(shown.map.locator(".am-legend-body")).to_contain_text("People who lost a place within 15 minutes")
    shown.page.get_by_text("How unequal it was, in figures").click()
    expect(shown.page.get_by_text("concentration index")).to_be_visible()
    shown.keep_picture("who-lost-desk")


def test_before_anything_is_chosen_the_page_suggests_what_to_ask(visit: Visit) -> None:
    shown = visit("?page=whatif&place=handtown")
    shown.wait_for_map()
    expect(shown.page.get_by_role("heading", name="For instance")).to_be_visible()
    expect(shown.page.get_by_role("link", name=re.compile("opened again"))).to_be_visible()
    expect(shown.page.get_by_role("link", name=re.compile("would do most"))).to_be_visible()
    shown.page.get_by_role("link", name="If Hand Town Library closed").click()
    _headline(shown, LOSES)
    expect(shown.page.get_by_role("heading", name="For instance")).to_have_count(0)


def test_where_nobody_knows_how_many_people_live_the_page_says_so_and_stays(
    window: BrowserContext, store_path: Path, tmp_path: Path
) -> None:
    path = shutil.copy(store_path, tmp_path / "town.gpkg")
    areas = town.town_areas().assign(population=pd.array([None, None], dtype="Int64"))
    load = rows.load(len(areas), place_id=town.PLACE, source=f"{town.PLACE}/neighbourhoods", layer="neighbourhoods")
    with open_store(path) as store:
        store.replace_source(load, Areas(areas), "areas", rows.issues())
    with running_app(path, ASSETMAP_TILES="off") as url, visits(window, url) as visit:
        shown = visit(f"?page=whatif&place=handtown&change={LIBRARY}")
        _headline(shown, OPENING)
        expect(shown.page.get_by_text("Of no neighbourhood of Hand Town is it known how many people")).to_be_visible()
        expect(shown.page.get_by_role("button", name="Hand Town Library closes")).to_be_visible()
        expect(shown.page.get_by_role("button", name="Save this map")).to_have_count(0)
