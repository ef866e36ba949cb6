"""Weighing the gap score: sliders that the address holds, and why one neighbourhood's score is high."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .conftest import Visit


def test_a_weight_is_kept_in_the_address_and_tells_why(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown&weights=4,1,1,0")
    shown.wait_for_map("who can walk to")
    shown.page.get_by_text("What counts, and how much").click()
    slider = shown.page.get_by_role("slider", name="Need")
    expect(slider).to_have_value("4")
    slider.focus()
    shown.page.keyboard.press("ArrowLeft")
    expect(shown.page).to_have_url(re.compile(r"weights=3\.5(,|%2C)1(,|%2C)1(,|%2C)0"))
    expect(shown.page.get_by_role("heading", name="Why is this one high?")).to_be_visible()
    expect(shown.page.locator("table.am-bars tbody tr")).to_have_count(3)
    expect(shown.page.get_by_text("It stands 1st of 2.")).to_be_visible()


def test_weights_that_cannot_be_are_told(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown&weights=9,one&need=beauty")
    expect(shown.page.get_by_text("The link asks for the weights “9,one”")).to_be_visible()
    expect(shown.page.get_by_text("The link asks for the need “beauty”")).to_be_visible()
    shown.wait_for_map("who can walk to")


def test_what_falls_to_each_person_is_a_shading_with_a_table(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown&shade=each")
    shown.wait_for_map()
    expect(shown.map.locator(".am-legend-body")).to_contain_text("Places for every 1,000 people, shared by all near")
    expect(shown.page.get_by_role("heading", name="What falls to each person")).to_be_visible()
    shown.keep_picture("gaps-each")


def test_patterns_among_too_few_neighbourhoods_are_not_told(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown&shade=together")
    expect(shown.page.get_by_text("a pattern among them needs at least 10")).to_be_visible()
    expect(shown.page.get_by_test_id("stException")).to_have_count(0)


def test_every_answer_shows_its_formula_and_sources_behind_a_fold(visit: Visit) -> None:
    for page, published in (
        ("here", "1000 n / P"),
        ("gaps&shade=each", "Luo and Qi 2009"),
        ("lost", "Kakwani, Wagstaff and van Doorslaer 1997"),
        ("whatif&change=close:handtown/community_buildings:1", "who gain the other way round"),
        ("profile", "Fix and Hodges 1951"),
        ("play", "Freeman 1977"),
    ):
        shown = visit(f"?page={page}&place=handtown")
        fold = shown.page.locator("details.am-fold", has_text=published)
        expect(fold).to_have_count(1, timeout=20_000)
        expect(fold.locator("li", has_text=published)).to_be_hidden()
        fold.locator("summary").click()
        expect(fold.locator("li", has_text=published)).to_be_visible()
        expect(fold).to_contain_text("Hand Town Council")
