"""The screens' own reasoning, without a browser: the address, the shelf of drawings, the lines of sources."""

from __future__ import annotations

from assetmap.maps import MapData
from assetmap.placeview import Provenance
from assetmap.screens import address
from assetmap.screens.drawings import source_lines
from assetmap.screens.served import Shelf

KNOWN = ("public_land", "green_space")


def test_an_address_without_layers_shows_those_that_show_at_first() -> None:
    assert address.some_of({}, "layers", KNOWN, ("green_space",)) == address.Words(("green_space",))


def test_an_address_may_ask_for_none() -> None:
    assert address.some_of({"layers": "none"}, "layers", KNOWN, KNOWN) == address.Words(())


def test_layers_not_known_are_left_out_and_said_so() -> None:
    asked = address.some_of({"layers": "green_space,<script>,green_space"}, "layers", KNOWN, ())
    assert asked.chosen == ("green_space",)
    assert len(asked.notices) == 1
    assert "<script>" in asked.notices[0]


def test_a_long_unknown_word_is_cut() -> None:
    asked = address.one_of({"place": "x" * 500}, "place", ("trafford",), "trafford")
    assert asked.chosen == ("trafford",)
    assert len(asked.notices[0]) < 120


def test_what_is_written_is_read_back() -> None:
    for chosen in ((), ("green_space",), KNOWN):
        assert address.some_of({"layers": address.written(chosen)}, "layers", KNOWN, ()).chosen == chosen


def test_the_shelf_keeps_the_drawings_used_last() -> None:
    shelf = Shelf(kept=2)
    for digest in ("a", "b", "a", "c"):
        shelf.put(MapData(digest, digest.encode(), digest))
    assert [shelf.get(digest) for digest in "abc"] == [b"a", None, b"c"]


def test_licence_lines_are_said_once_with_their_years() -> None:
    def source(year: str) -> Provenance:
        line = f"Contains OS data © Crown copyright and database right {year}."
        return Provenance("green_space", "x/y", "Greenspace", "Ordnance Survey", year, "OGL-UK-3.0", line, "", 1, 0)

    assert source_lines([source("2024"), source("2018")]) == [
        "Sources: Ordnance Survey 2018 to 2024",
        "Contains OS data © Crown copyright and database right 2018 to 2024",
    ]
