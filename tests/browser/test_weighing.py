"""Weighing the gap score: sliders that the address holds, and why one neighbourhood's score is high."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

import town
from assetmap import questions
from assetmap.layers import read_layers
from assetmap.placeview import PlaceView
from assetmap.questions.access import METHODS
from assetmap.store import open_store

from .conftest import ROOT, Visit


def test_a_weight_is_kept_in_the_address_and_tells_why(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown&weights=4,1,1,0")
    shown.wait_for_map("who can walk to")
    shown.page.get_by_text("What counts, and how much").click()
    slider = shown.page.get_by_role("slider", name="Need")
    expect(slider).to_have_attribute("aria-valuetext", "four times")
    less_each = shown.page.get_by_role("slider", name="How little falls to each person")
    expect(less_each).to_have_attribute("aria-valuetext", "not at all")
    shown.in_map("window.same = true")
    slider.focus()
    shown.page.keyboard.press("ArrowLeft")
    expect(shown.page).to_have_url(re.compile(r"weights=3\.5(,|%2C)1(,|%2C)1(,|%2C)0"))
    shown.wait_until_quiet()
    assert shown.in_map("window.same"), "the map stays while weights are moved"
    expect(shown.map.locator(".am-heading")).to_have_text("Where the gap is widest")
    expect(shown.page.get_by_role("heading", name="Why is this one high?")).to_be_visible()
    expect(shown.page.locator("table.am-bars tbody tr")).to_have_count(3)
    expect(shown.page.get_by_text("It stands 1st of 2.")).to_be_visible()


def test_weights_that_cannot_be_are_told(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown&weights=9,one&need=beauty")
    expect(shown.page.get_by_text("The link asks for the weights “9,one”")).to_be_visible()
    expect(shown.page.get_by_text("The link asks for the need “beauty”")).to_be_visible()
    shown.wait_for_map("who can walk to")


def test_a_single_kind_is_found_by_its_name_and_kept_in_the_link(visit: Visit, store_path: Path) -> None:
    shown = visit("?page=gaps&place=handtown")
    shown.wait_for_map("who can walk to")
    shown.choose("A walk to", "Library", typed="library")
    expect(shown.page).to_have_url(re.compile(r"[?&]to=library\b"))
    with open_store(store_path, must_exist=True) as store:
        answer = questions.gaps(PlaceView(store, town.PLACE, read_layers(ROOT / "layers")), ["library"])
    expect(shown.page.get_by_role("heading", level=1)).to_have_text(answer.title)
    shown.page.reload()
    expect(shown.page.get_by_role("heading", level=1)).to_have_text(answer.title)
    expect(shown.map.locator(".am-legend-body > .am-row").first).to_contain_text("Libraries")
    # the hall is of the same layer, and could help
    expect(shown.page.get_by_label("Could help: places to meet", exact=True)).to_be_visible()
    shown.keep_picture("gaps-library")


def test_what_falls_to_each_is_told_of_a_single_kind_too(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown&to=park&how=2sfca")
    expect(shown.page.get_by_role("heading", level=1)).to_contain_text("parks and gardens")


def test_what_falls_to_each_person_is_a_shading_with_a_table(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown")
    shown.wait_for_map("who can walk to")
    shown.choose("How we count", "What falls to each, nearer counts more")
    expect(shown.page).to_have_url(re.compile("how=e2sfca"))
    expect(shown.map.locator(".am-legend-body")).to_contain_text("Places for every 1,000 people, shared by all near")
    expect(shown.page.get_by_role("heading", name="What falls to each, nearer counts more")).to_be_visible()
    expect(shown.page.get_by_text("Place by place: what each offers, and to how many")).to_be_visible()
    shown.keep_picture("gaps-each")


@pytest.mark.parametrize("method", METHODS)
def test_each_way_of_counting_says_what_the_question_says(visit: Visit, store_path: Path, method: str) -> None:
    with open_store(store_path, must_exist=True) as store:
        view = PlaceView(store, town.PLACE, read_layers(ROOT / "layers"))
        layer = next(each.id for each in view.layers_here if each.gaps_first)
        answer = questions.access(view, layers=(layer,), method=method, minutes=10)
    shown = visit(f"?page=gaps&place=handtown&how={method}&walk=10&to={layer}")
    expect(shown.page.get_by_role("heading", level=1)).to_have_text(answer.title)
    expect(shown.page.locator(".st-key-sentence")).to_contain_text(answer.sentence)


def test_hours_that_nobody_tells_are_told_as_that_beside_who_has_one(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown&how=gravity&count=staffed hours&to=green_space")
    expect(shown.page.get_by_text("tells their staffed hours a week")).to_be_visible()
    expect(shown.page.get_by_role("heading", level=1)).to_contain_text("15 minutes")


def test_patterns_among_too_few_neighbourhoods_are_not_told(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown&shade=together")
    expect(shown.page.get_by_text("a pattern among them needs at least 10")).to_be_visible()
    expect(shown.page.get_by_test_id("stException")).to_have_count(0)


def test_every_answer_shows_its_formula_and_sources_behind_a_fold(visit: Visit) -> None:
    for page, published in (
        ("here", "1000 n / P"),
        ("gaps&how=e2sfca", "Luo and Qi 2009"),
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
