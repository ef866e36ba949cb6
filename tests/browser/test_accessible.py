"""Every page, and the map in it, by the rules of axe-core, on a desk and on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

import town

from .conftest import DESKTOP, PHONE, Visit

OF_A_WHOLE_PAGE = {"landmark-one-main", "page-has-heading-one"}
"""Rules for a page, which the page around the map keeps for both."""

PAGES = (
    "here",
    "gaps",
    "lost",
    "whatif",
    "whatif&do=open&kind=library&find=1",
    "profile",
    f"profile&area={town.WEST}",
    "profile&draw=on",
    "play",
    "add",
    "sources",
)

STOPS_AT_MOST = 150
STOP = """(() => {
    const at = document.activeElement;
    if (at === document.body) return "the end";
    const table = at.closest("canvas"); // draws its own ring round a cell
    const around = [at, at.parentElement, at.parentElement.parentElement, at.parentElement.parentElement.parentElement];
    const ringed = around.some((each) => each && getComputedStyle(each).outlineStyle !== "none");
    const name = at.getAttribute("aria-label") || at.textContent.trim() || at.tagName;
    return (ringed || table || at.tagName === "IFRAME" ? "" : "not shown: ") + name;
})()"""
"""What the keyboard stands on in the page, and whether anybody can see that it does."""


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_wrong(visit: Visit, page: str, size: tuple[int, int]) -> None:
    shown = visit(f"?page={page}&place=handtown", size)
    shown.wait_until_quiet()
    if page != "sources":
        shown.wait_for_map()
    found = [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in _violations(shown.page)]
    for frame in shown.page.frames[1:]:
        found += [(rule["id"], rule["help"]) for rule in _violations(frame) if rule["id"] not in OF_A_WHOLE_PAGE]
    assert found == []


def _violations(page: object) -> list[dict[str, list[dict[str, str]]]]:
    return Axe().run(page).response["violations"]


@pytest.mark.parametrize("page", ["gaps", f"profile&area={town.WEST}", "whatif", "add"])
def test_the_keyboard_leaves_every_stop_and_shows_where_it_is(visit: Visit, page: str) -> None:
    shown = visit(f"?page={page}&place=handtown")
    shown.wait_for_map()
    shown.wait_until_quiet()
    stops: list[str] = []
    while len(stops) < STOPS_AT_MOST and "the end" not in stops:
        shown.page.keyboard.press("Tab")
        stops.append(str(shown.page.evaluate(STOP)))
    assert "the end" in stops, "the keyboard is held somewhere"
    assert [stop for stop in stops if stop.startswith("not shown")] == []
