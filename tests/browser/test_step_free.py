"""How people walk, without steps or counting hills: a switch each, which the address and every link keep."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, expect

from .conftest import Visit, visits


def test_the_switch_is_kept_in_the_address_and_from_page_to_page(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown")
    shown.wait_for_map("who can walk to")
    shown.page.locator("label").filter(has_text="Step-free").click()
    expect(shown.page).to_have_url(re.compile("step_free=yes"))
    expect(shown.page.get_by_role("heading", level=1)).to_contain_text("15 step-free minutes")
    expect(shown.page.get_by_role("switch", name="Step-free")).to_be_checked()
    shown.page.get_by_role("link", name="One neighbourhood").click()
    expect(shown.page.get_by_role("heading", level=1)).to_contain_text(re.compile("In Hand Town .* step-free minutes"))
    expect(shown.page).to_have_url(re.compile("step_free=yes"))
    shown.wait_for_map("what it has")  # the page before is gone, and this one is whole
    shown.page.locator("label").filter(has_text="Step-free").click()
    expect(shown.page.get_by_role("heading", level=1)).to_contain_text("within 15 minutes of")
    expect(shown.page).not_to_have_url(re.compile("step_free"))


@pytest.mark.parametrize("page", ["gaps", "whatif", "profile", "lost", "play"])
def test_a_word_that_is_neither_yes_nor_no_is_left_out_and_said(visit: Visit, page: str) -> None:
    shown = visit(f"?page={page}&place=handtown&step_free=perhaps")
    expect(shown.page.get_by_text("The link asks for step-free walks, “perhaps”")).to_be_visible()
    expect(shown.page.get_by_role("switch", name="Step-free")).not_to_be_checked()


def test_hills_are_counted_by_a_switch_that_the_address_keeps_from_page_to_page(visit: Visit) -> None:
    shown = visit("?page=gaps&place=handtown")
    shown.wait_for_map("who can walk to")
    expect(shown.page.get_by_role("heading", level=1)).not_to_contain_text("hills")
    shown.page.locator("label").filter(has_text="Count hills").click()
    expect(shown.page).to_have_url(re.compile("slope=yes"))
    expect(shown.page.get_by_role("heading", level=1)).to_contain_text("15 minutes (counting hills)")
    shown.page.get_by_role("link", name="One neighbourhood").click()
    expect(shown.page.get_by_role("heading", level=1)).to_contain_text(re.compile("In Hand Town .*counting hills"))
    expect(shown.page).to_have_url(re.compile("slope=yes"))


@pytest.mark.parametrize("page", ["gaps", "whatif", "profile", "lost", "play"])
def test_a_link_for_hills_of_a_place_without_heights_is_left_out_and_said(
    window: BrowserContext, flat_url: str, page: str
) -> None:
    with visits(window, flat_url) as visit:
        shown = visit(f"?page={page}&place=handtown&slope=yes")
        expect(shown.page.get_by_text("The link asks for walks that allow for hills, “yes”")).to_be_visible()
        expect(shown.page.get_by_role("switch", name="Step-free")).not_to_be_checked()
        expect(shown.page.get_by_role("switch", name="Count hills")).to_have_count(0)


def test_streets_for_play_count_the_walk_to_play_as_it_is_asked(visit: Visit) -> None:
    shown = visit("?page=play&place=handtown")
    method = shown.page.locator("details.am-fold", has_text="How this was worked out")
    expect(method).to_contain_text("further than 5 minutes from a play space or park")
    shown.page.locator("label").filter(has_text="Step-free").click()
    expect(shown.page).to_have_url(re.compile("step_free=yes"))
    expect(method).to_contain_text("further than 5 step-free minutes from a play space or park")
    shown.page.locator("label").filter(has_text="Count hills").click()
    expect(method).to_contain_text("further than 5 step-free minutes (counting hills) from a play space or park")
