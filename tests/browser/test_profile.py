"""One neighbourhood beside its like, and the streets that could be played in."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
from playwright.sync_api import expect

import town

from .conftest import PHONE, Visit

WHICH = "Which neighbourhood, or several?"
WESTSIDE = f"?page=profile&place=handtown&area={town.WEST}"


def test_a_neighbourhood_is_found_by_name_and_told_strengths_first(visit: Visit) -> None:
    shown = visit("?page=profile&place=handtown")
    shown.wait_for_map()
    box = shown.page.get_by_role("combobox", name=WHICH)
    box.click()
    box.fill("westside")
    shown.page.get_by_role("option", name=re.compile("Westside")).click()
    expect(shown.page.locator("h1")).to_contain_text("Westside")
    expect(shown.page.get_by_role("option")).to_have_count(0)
    expect(box).to_be_focused()
    expect(shown.page).to_have_url(re.compile(f"area={town.WEST}"))
    expect(shown.map.locator(".am-legend-body")).to_contain_text("This neighbourhood")
    rows = shown.page.get_by_role(
        "region", name="What it has, and what is within 15 minutes, here and elsewhere"
    ).get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Nearest:")
    expect(rows.nth(1)).to_contain_text("Hand Town")
    expect(rows.last).to_contain_text("What has closed")
    expect(shown.page.get_by_role("heading", name="What only people there can say")).to_be_visible()
    expect(shown.page.get_by_text(re.compile("gap score|rank of this|worst", re.IGNORECASE))).to_have_count(0)
    shown.keep_picture("profile-desk")


def test_deprivation_is_told_by_each_measure_and_beside_other_places(visit: Visit) -> None:
    shown = visit("?page=profile&place=handtown")
    section = shown.page.locator("[class*='st-key-table-how-deprived']")
    expect(section).to_contain_text("44% of Hand Town's people live in the most deprived fifth")
    shown.wait_for_map()
    shown.choose("Which measure", "Crime")
    expect(shown.page).to_have_url(re.compile("measure=crime"))
    expect(section).to_contain_text("56% of Hand Town's people live in the most deprived fifth")
    shown.wait_until_quiet()
    section.get_by_text("Beside other places").click()
    expect(section.get_by_test_id("stDataFrame")).to_be_visible()
    shown.choose("What stands in the table", "Its parts of town")
    expect(shown.page).to_have_url(re.compile("by=locality"))
    expect(section.get_by_test_id("stDataFrame")).to_be_visible()
    shown.wait_until_quiet()
    with shown.page.expect_download() as sent:
        section.get_by_role("button", name="Download this table (CSV)").last.click()
    assert sent.value.suggested_filename == "handtown-deprivation-crime-locality-2025.csv"
    rows = pd.read_csv(sent.value.path()).set_index("Part of town")
    assert rows["People in the most deprived fifth"].to_dict() == {"Eastgate": 1500, "Westside": 0}


def test_a_measure_that_is_not_loaded_is_named(visit: Visit) -> None:
    shown = visit("?page=profile&place=handtown&measure=income")
    expect(shown.page.get_by_text("The link asks for the measure of deprivation “income”")).to_be_visible()


def test_the_headline_of_gaps_follows_the_need_that_is_chosen(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown")
    shown.wait_for_map("who can walk to")
    shown.page.get_by_text("What counts, and how much").click()
    shown.choose("Need is", "Crime")
    expect(shown.page.get_by_role("heading", level=1)).to_contain_text("counting need and reach together, Eastgate")
    shown.page.goto(f"{shown.page.url}&shade=need")
    expect(shown.map.locator(".am-legend-body")).to_contain_text("Need: crime")


def test_one_neighbourhood_leads_to_those_like_it_and_back(visit: Visit) -> None:
    shown = visit(WESTSIDE)
    shown.page.get_by_role("link", name=re.compile("Eastgate")).click()
    expect(shown.page.locator("h1")).to_contain_text("Eastgate")
    shown.page.go_back()
    expect(shown.page.locator("h1")).to_contain_text("Westside")


def test_a_neighbourhood_that_is_not_here_is_named_and_the_whole_place_told(visit: Visit) -> None:
    shown = visit("?page=profile&place=handtown&area=E01000001")
    expect(shown.page.get_by_text("The link asks for the neighbourhood “E01000001”")).to_be_visible()
    expect(shown.page.locator("h1")).to_contain_text("In Hand Town")
    expect(shown.page.get_by_test_id("stException")).to_have_count(0)


def test_a_profile_fits_a_phone(visit: Visit) -> None:
    shown = visit(WESTSIDE, PHONE)
    shown.wait_for_map()
    assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(shown.page.get_by_role("combobox", name=WHICH)).to_be_visible()
    shown.keep_picture("profile-phone")


def test_what_is_inside_is_listed_by_name_with_its_register(visit: Visit, tmp_path: Path) -> None:
    shown = visit("?page=profile&place=handtown&area=E01999901")
    shown.wait_for_map()
    inside = shown.page.get_by_role("region", name="What is mapped inside it")
    library = inside.get_by_role("row").filter(has_text="Hand Town Library")
    expect(library).to_have_count(1)
    expect(library).to_contain_text("Places to meet")
    expect(library).to_contain_text("Register of halls")
    section = shown.page.locator("[class*='st-key-table-what-is-inside']")
    with shown.page.expect_download() as coming:
        section.get_by_role("button", name="Download this table (CSV)").click()
    coming.value.save_as(tmp_path / "inside.csv")
    rows = pd.read_csv(tmp_path / "inside.csv")
    assert len(rows) == inside.get_by_role("row").count() - 1
    assert rows["Name"].is_unique
    # the whole place is listed on its own page
    shown = visit("?page=profile&place=handtown")
    shown.wait_for_map()
    expect(shown.page.get_by_role("heading", name="What is inside")).to_have_count(0)


def test_streets_for_play_are_drawn_with_their_reasons_and_the_law(visit: Visit) -> None:
    shown = visit("?page=play&place=handtown")
    shown.wait_for_map()
    expect(shown.page.locator("h1")).to_contain_text("could become")
    expect(shown.map.locator(".am-legend-body")).to_contain_text("Could become play streets")
    rows = shown.page.get_by_role("region", name="Streets that could become play streets").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("people live within 200 m")
    law = shown.page.get_by_role("link", name="Town Police Clauses Act 1847, section 21")
    expect(law).to_have_attribute("href", re.compile("legislation.gov.uk"))
    shown.page.get_by_text("Which streets were left out, and why").click()
    expect(shown.page.get_by_text("That are streets for people already")).to_be_visible()
    shown.keep_picture("play-desk")


def test_streets_for_play_fit_a_phone(visit: Visit) -> None:
    shown = visit("?page=play&place=handtown&part=Eastgate", PHONE)
    shown.wait_for_map()
    assert shown.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shown.keep_picture("play-phone")
