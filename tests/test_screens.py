"""The screens' own reasoning, without a browser: the address, the shelf of drawings, the lines of sources."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rows
import town
from assetmap import look
from assetmap.contributing import Offer, namesakes, record_of
from assetmap.layers import read_layers
from assetmap.maps import MapData
from assetmap.packs import Wanted
from assetmap.packs.pages import link_of
from assetmap.placeview import PlaceView, Provenance
from assetmap.printing.shades import fifths_of_each
from assetmap.questions import Strength
from assetmap.screens import address, area, drawings, gapshades, towards
from assetmap.screens.drawings import source_lines
from assetmap.screens.ledger import ledger_html
from assetmap.screens.near import rounded
from assetmap.screens.neighbourhoods import gap_lines
from assetmap.screens.served import Shelf
from assetmap.screens.tables import assets_table
from assetmap.screens.underlay import TileServer
from assetmap.screens.unequal import tenths
from assetmap.store import open_store
from assetmap.tables import Assets
from browser.tilehost import tile_host

LAYERS = read_layers(Path(__file__).parents[1] / "layers")
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


def test_what_a_link_asks_for_in_vain_is_named_as_the_page_names_it() -> None:
    shade = address.one_of({"shade": "purple"}, "shade", ("need", "none"), "need")
    years = address.years_of({"from": "9999"}, 2010, 2024)
    assert [*shade.notices, *years.notices] == [
        "The link asks for the shading “purple”. Nothing here matches it, so it was left out.",
        "The link asks for a first year of “9999”. Nothing here matches it, so it was left out.",
    ]


def test_a_long_unknown_word_is_cut() -> None:
    asked = address.one_of({"place": "x" * 500}, "place", ("trafford",), "trafford")
    assert asked.chosen == ("trafford",)
    assert len(asked.notices[0]) < 120


def test_what_is_written_is_read_back() -> None:
    for chosen in ((), ("green_space",), KNOWN):
        assert address.some_of({"layers": address.written(chosen)}, "layers", KNOWN, ()).chosen == chosen


PAGES = st.sampled_from(("gaps", "lost", "whatif", "profile"))
CHOSEN = st.dictionaries(
    st.sampled_from(("to", "kind", "layers", "need", "weights", "change", "step_free", "walk", "streets")),
    st.sampled_from(("a", "b,c", "close:town/x:1")),
)


@given(CHOSEN, st.lists(PAGES, max_size=5), PAGES)
def test_whatever_was_chosen_on_a_page_is_there_again_on_the_way_back(
    chosen: dict[str, str], way: list[str], first: str
) -> None:
    params, here = {"page": first, "place": "town", **chosen}, first
    for there in [*way, first]:
        params, here = {"page": there, "place": "town", **address.carried(params, here, there)}, there
    assert params == {"page": first, "place": "town", **chosen}


def test_a_choice_of_one_page_says_nothing_on_another_but_how_people_walk_does() -> None:
    gaps = {"page": "gaps", "place": "town", "to": "libraries", "need": "health", "walk": "10", "step_free": "yes"}
    lost = address.carried(gaps, "gaps", "lost")
    assert lost == {"gaps.to": "libraries", "gaps.need": "health", "walk": "10", "step_free": "yes"}
    assert address.alone(lost) == {"walk": "10", "step_free": "yes"}


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
    near = pd.DataFrame(
        {
            "nearby": [[Strength("a", "Mill Hall", "community_buildings", "hall", "Places to meet", 88.0)], []],
            "share_within": [0.42, float("nan")],
            "people": [1500.0, float("nan")],
            "deprivation_decile": [1.0, float("nan")],
        }
    )
    assert gap_lines(near, "a library", "15 minutes").tolist() == [
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


@pytest.fixture
def hand_town(tmp_path: Path) -> Iterator[PlaceView]:
    """The town, its places alone, in a store that people may add to."""
    with open_store(tmp_path / "town.gpkg") as store:
        store.save_place(town.PLACE, "Hand Town", fictional=True)
        areas, assets = town.town_areas(), Assets(town.town_assets().drop(columns="access"))
        for frame, holds in ((areas, "areas"), (assets, "assets")):
            for source, part in frame.groupby("source", sort=False):
                kept = part.reset_index(drop=True)
                layer = "neighbourhoods" if holds == "areas" else str(kept["layer"].iloc[0])
                load = rows.load(len(kept), place_id=town.PLACE, source=str(source), layer=layer)
                store.replace_source(load, kept, holds, rows.issues())
        yield PlaceView(store, town.PLACE, LAYERS)


def test_what_is_shut_for_a_time_has_a_layer_of_its_own_and_is_not_told_as_moved(hand_town: PlaceView) -> None:
    published = hand_town.published.copy()
    happened = {"Hand Town Library": "temporary", "Ninth Avenue Hall": "moved", "Mill Park": "hours_cut"}
    published["what_happened"] = published["name"].map(happened).fillna(published["what_happened"])
    hand_town.__dict__["published"] = published
    drawn = drawings.whole_place(hand_town)
    counts = {switch.title: switch.count for switch in (*drawn.happened, *drawn.switches)}
    assert (counts["Shut for a time"], counts["Moved, merged or cut back"], counts[look.LOST.title]) == (1, 2, 1)


def _offer(view: PlaceView, name: str) -> Offer:
    """A library of that name, just beside the one there is."""
    library = view.assets.set_index("name").loc["Hand Town Library", "geometry"]
    return Offer("community_buildings", "library", name, library.x + 0.001, library.y)


@pytest.mark.parametrize("name", ["Hand Town Library", "the hand-town  library!", "Hand Town Libary"])
def test_a_place_pinned_twice_is_known_by_its_name_however_it_is_written(hand_town: PlaceView, name: str) -> None:
    found = namesakes(hand_town, _offer(hand_town, name))
    assert found["name"].tolist() == ["Hand Town Library"]
    assert found["distance_m"].iloc[0] == pytest.approx(67, abs=3)


@pytest.mark.parametrize("name", ["Hand Town Sewing Room", "", "图书馆"])
def test_another_name_near_is_another_place(hand_town: PlaceView, name: str) -> None:
    assert namesakes(hand_town, _offer(hand_town, name)).empty


def test_the_table_says_of_what_people_added_whether_it_was_checked(hand_town: PlaceView, tmp_path: Path) -> None:
    with open_store(tmp_path / "town.gpkg") as store:
        for name in ("Bench club", "Lunch club"):
            record = record_of(hand_town, _offer(hand_town, name))
            store.add_contribution(record)
        store.review_contribution(record.contribution_id, "published")
        told = assets_table(PlaceView(store, town.PLACE, LAYERS)).set_index("Name")["Source"]
    assert told["Bench club"] == "Added by a local person, not yet checked"
    assert told["Lunch club"] == "Added by a local person, and checked"


def test_an_address_asks_about_neighbourhoods_or_about_an_outline() -> None:
    titles = {"E1": "One", "E2": "Two", "Old Town": "Old Town: all 2 neighbourhoods"}
    assert area.asked_of({}, titles).whole
    assert area.asked_of({"area": "E1,Old Town"}, titles).words == ("E1", "Old Town")
    drawn = area.asked_of({"area": "E1", "outline": " -2.36,53.38  -2.33,53.38 -2.33,53.4 "}, titles)
    assert drawn.words == ()
    assert drawn.corners == "-2.36,53.38 -2.33,53.38 -2.33,53.4"
    assert drawn.spots == ((53.38, -2.36), (53.38, -2.33), (53.4, -2.33))
    assert not drawn.whole


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("old town", "Did you mean “Old Town”?"),
        ("Old Twon", "Did you mean “Old Town”?"),
        ("Castel Hill", "Did you mean “E01000001”, Castle Hill (Trafford 003D)?"),
        ("Trafford 003d", "Did you mean “E01000001”, Castle Hill (Trafford 003D)?"),
        ("E0100002", "Did you mean “E01000002”, Old Town (Trafford 004A)?"),
    ],
)
def test_a_neighbourhood_that_a_link_spells_otherwise_is_suggested(asked: str, meant: str) -> None:
    titles = {
        "E01000001": "Castle Hill (Trafford 003D)",
        "E01000002": "Old Town (Trafford 004A)",
        "Old Town": "Old Town: all 2 neighbourhoods",
    }
    (notice,) = area.asked_of({"area": asked}, titles).notices
    assert notice == (
        f"The link asks for the neighbourhood “{asked}”. Nothing here matches it, so it was left out. {meant}"
    )


def test_a_page_that_a_link_spells_otherwise_is_suggested_by_its_word() -> None:
    (notice,) = address.one_of({"page": "gap"}, "page", {"gaps": print, "here": print}, "here").notices
    assert notice.endswith("so it was left out. Did you mean “gaps”?")


def test_what_is_spelt_like_nothing_is_left_out_without_a_guess() -> None:
    (notice,) = area.asked_of({"area": "Timbuktu"}, {"E01000001": "Castle Hill (Trafford 003D)"}).notices
    assert notice.endswith("so it was left out.")


def test_an_outline_that_crosses_itself_is_left_out_with_the_reason() -> None:
    asked = area.asked_of({"outline": "0,53 0.1,53.1 0.1,53 0,53.1"}, {})
    assert asked.whole
    assert asked.notices[0].startswith("The outline crosses itself.")


@pytest.mark.parametrize("outline", ["x", "1,2 3,4", "1,2,3 1,2 3,4", "1,nan 2,3 4,5", "1,91 2,3 4,5", "1,2 " * 101])
def test_an_outline_that_is_none_is_named_and_left_out(outline: str) -> None:
    asked = area.asked_of({"outline": outline}, {})
    assert asked.whole
    assert len(asked.notices) == 1


def test_patterns_are_told_in_plain_words() -> None:
    rows = pd.DataFrame(
        {
            "label": ["high among high"] * 2 + ["not significant"],
            "gi_star_label": ["high among high", "not significant", "not significant"],
            "locality": ["Old Town", "", None],
            "neighbourhood_name": ["Hand 01", "Hand 02", "Hand 03"],
        }
    )
    told = gapshades.pattern_words(rows)
    assert told.startswith("2 neighbourhoods have a high gap among high ones, more than chance would bring")
    assert told.endswith("in Old Town and Hand 02. A second test, Gi*, names 1 neighbourhood.")
    assert "no closer together here than chance" in gapshades.pattern_words(rows.tail(1))


def test_nothing_is_least_however_many_have_it() -> None:
    shares = pd.Series([5.0, 4.0, 3.0, 2.0, 1.0, None])
    assert fifths_of_each(shares) == [0, 1, 2, 3, 4, None]
    assert fifths_of_each(pd.Series([1.0, 0.0, 0.0, 0.0, 0.0])) == [0, 4, 4, 4, 4]


def test_a_walk_leads_to_a_layer_or_to_any_of_its_kinds_that_stands(hand_town: PlaceView) -> None:
    titles = towards.titles(hand_town)
    read = list(titles.values())
    assert read[:3] == ["Places to meet (any kind)", "Library", "Hall"]
    assert read.index("Park or garden") == read.index("Parks, play and growing (any kind)") + 1
    assert "Leisure centre" not in read, "none stands"
    for word in titles:
        choice, (kinds, layers) = towards.choice(hand_town, word), towards.kinds_and_layers(hand_town, word)
        assert hand_town.choose(kinds, layers) == [choice]
        link = link_of(Wanted("handtown", ("gaps",), layers=layers, kinds=kinds), "gaps")
        assert f"to={word}" in link, "a pack's link opens the same walk"


def test_a_column_of_figures_stands_on_the_right_with_what_is_told_in_place_of_one() -> None:
    rows = pd.DataFrame(
        {
            "Measure": ["People", "Hours", "Share"],
            "Then": ["0 (−1,200)", "not known", "34%"],
            "When": ["2013-03", "2014-05-01", ""],
            "Who": ["1 Mill Lane", "the council", "12"],
        }
    ).assign(Near=["over 99%", "under 0.1", ""], Year=["2013", "2014", "2015"])
    told = ledger_html(rows, "What changes", words=("Year",))
    assert '<th scope="col" class="am-figures"><span>Then</span></th>' in told
    assert told.count('class="am-figures" data-heading="Then"') == 3
    assert told.count('class="am-figures" data-heading="Near"') == 3
    assert told.count("am-figures") == 8


def test_a_quiet_line_does_not_end_between_a_name_and_its_figure() -> None:
    rows = pd.DataFrame({"What": ["Parks"], "Rate": ["8.9"], "Elsewhere": ["Hand Town 1.8, similar places 2.9"]})
    told = ledger_html(rows, "Rates", under={"Rate": "Elsewhere"})
    assert "Hand Town&nbsp;1.8, similar places&nbsp;2.9" in told


def test_a_share_that_is_not_nothing_is_not_told_as_nothing() -> None:
    rows = pd.DataFrame({"deprivation_decile": [1, 2, 3, 10], "per_1000": [0.0, 3.0, 66.0, np.nan]})
    assert [figure for _, _, figure in tenths(rows, "per_1000")] == ["0", "under 1", "7", "nobody lives there"]


def test_people_are_asked_to_add_only_to_what_the_page_add_takes(hand_town: PlaceView) -> None:
    switches = {switch.id: switch.can_add for switch in drawings.whole_place(hand_town).switches}
    assert not switches.pop("lost")
    assert switches == {layer: LAYERS[layer].add_here for layer in switches}


def test_why_nobody_is_counted_near_what_is_rounded_is_said_once(hand_town: PlaceView) -> None:
    near = pd.DataFrame({"layer": ["groups", "groups", "public_land"], "people_within_walk": [np.nan, np.nan, 12.0]})
    assert "shown to the nearest 500 metres only" in rounded(hand_town, near)
    assert rounded(hand_town, near[2:]) == ""
