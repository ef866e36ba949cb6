"""The screens' own reasoning, without a browser: the address, the shelf of drawings, the lines of sources."""

from __future__ import annotations

import pandas as pd

from assetmap.maps import MapData
from assetmap.placeview import Provenance
from assetmap.questions import Strength
from assetmap.screens import address
from assetmap.screens.drawings import source_lines
from assetmap.screens.neighbourhoods import gap_lines
from assetmap.screens.served import Shelf
from assetmap.screens.underlay import TileServer
from browser.tilehost import tile_host

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


def years(**params: str) -> tuple[int | None, int | None, int]:
    asked = address.years_of(params, 2010, 2024)
    return asked.since, asked.until, len(asked.notices)


def test_years_are_taken_in_order_and_those_out_of_range_are_said() -> None:
    assert years(**{"from": "2012", "to": "2016"}) == (2012, 2016, 0)
    assert years(**{"from": "2016", "to": "2012"}) == (2012, 2016, 0)
    assert years(to="2016") == (2010, 2016, 0)
    assert years(**{"from": "1066", "to": "²"}) == (None, None, 2)


def test_all_years_let_the_undated_in() -> None:
    assert years() == (None, None, 0)
    assert years(**{"from": "2010", "to": "2024"}) == (None, None, 0)


def test_a_tile_server_that_gives_a_tile_is_taken_and_asked_once() -> None:
    with tile_host() as host:
        server = TileServer(f"{host.address}/{{z}}/{{x}}/{{y}}.png")
        assert [server.answers() for _ in range(3)] == [True, True, True]
    assert host.asked == ["/0/0/0.png"]


def test_a_tile_server_that_refuses_or_is_not_there_is_not_offered() -> None:
    with tile_host(status=403) as host:
        assert not TileServer(f"{host.address}/{{z}}/{{x}}/{{y}}.png").answers()
    assert not TileServer(f"{host.address}/{{z}}/{{x}}/{{y}}.png").answers()
    assert not TileServer("nonsense").answers()


def test_a_neighbourhood_tells_its_strengths_first_and_deprivation_in_words() -> None:
    rows = pd.DataFrame(
        {
            "nearby": [[Strength("a", "Mill Hall", "community_buildings", "hall", "Places to meet", 88.0)], []],
            "share_within": [0.42, float("nan")],
            "people": [1500.0, float("nan")],
            "deprivation_decile": [1.0, float("nan")],
        }
    )
    assert gap_lines(rows, "library", 15).tolist() == [
        [
            "Near it already: Mill Hall (places to meet, about 90 m)",
            "42% of its people live within 15 minutes of a library",
            "1,500 people live here",
            "It is among the most deprived fifth of England, by deprivation",
        ],
        [
            "Near it already: nothing is mapped within a mile yet. What do you know of?",
            "How many can walk to a library is not measured here",
        ],
    ]
