"""Sheets saved from the pages: the picture that comes down is the finding of the page, with its sources inside."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from .conftest import Visit


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


def test_with_nothing_changed_there_is_a_link_and_no_sheet(visit: Visit) -> None:
    shown = visit("?page=whatif&place=handtown")
    shown.wait_for_map()
    assert shown.page.get_by_role("button", name="Share").count() == 1
    assert shown.page.get_by_role("button", name="Save this map").count() == 0
