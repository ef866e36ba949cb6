"""Sheets saved from the pages: the picture that comes down is the finding of the page, with its sources inside."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from assetmap.packs import open_pack

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


@pytest.mark.parametrize(
    ("where", "answers"),
    [
        ("here", {"here", "gaps", "lost"}),
        ("whatif&change=close:handtown/community_buildings:1", {"here", "whatif", "gaps", "lost"}),
        ("profile&area=E01999901", {"here", "profile", "gaps", "lost"}),
    ],
)
def test_an_evidence_pack_of_the_pages_finding_comes_down_whole(
    visit: Visit, tmp_path: Path, where: str, answers: set[str]
) -> None:
    shown = visit(f"?page={where}&place=handtown")
    shown.wait_for_map()
    with shown.page.expect_download(timeout=120_000) as coming:
        shown.page.get_by_role("button", name="Evidence pack").click()
    assert coming.value.suggested_filename == "handtown-pack.zip"
    path = tmp_path / "pack.zip"
    coming.value.save_as(path)
    pack = open_pack(path)
    assert pack.faults() == ()
    assert pack.manifest["title"] == shown.page.locator("h1").inner_text()
    assert set(pack.manifest["numbers"]) == answers
    assert all(link.startswith(f"{shown.base}/?page=") for link in pack.manifest["links"].values())
