"""Streets that could be played in: through traffic solved on paper and by another library, and why each is proposed."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmap import questions, space
from assetmap.cli import main
from assetmap.errors import UnknownNameError
from assetmap.loading import load_place
from assetmap.measures.through_traffic import SPEED_KMH, short_streets, stretches, through_drives
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.questions import play_streets
from assetmap.screens.play import streets_table
from assetmap.store import Store, open_store
from assetmap.tables import Streets
from conftest import ENGINES, new_url
from realplaces import loaded
from registers import LAYERS, ROOT
from test_questions import fill
from town import EAST, WEST, streets_from, town_assets

COMB = {
    "High Street": ("main_road", [(0, 0), (200, 0), (400, 0), (600, 0), (800, 0)]),
    "The Close": ("residential", [(200, 0), (200, 100)]),
    "Grove Stem": ("residential", [(400, 0), (400, 150)]),
    "Grove": ("residential", [(300, 150), (400, 150), (500, 150)]),
    "Loop Road": ("residential", [(600, 0), (600, 100), (800, 100), (800, 0)]),
    "Back Path": ("path", [(200, 100), (300, 150)]),
}
"""Nine street ends: five on High Street, and the tips of The Close and the Grove with the corner between them.

       E----D----F   Grove        +---------+  Loop Road
    B       |                     |         |
    |       |                     |         |
 A0-A1------A2--------------------A3--------A4   High Street
"""


def comb() -> Streets:
    kinds, lines = zip(*COMB.values(), strict=True)
    return Streets(streets_from(lines, kinds).assign(name=list(COMB)))


def test_through_traffic_solved_on_paper() -> None:
    found = stretches(comb())
    told = found.groupby("name")["through"].apply(lambda each: sorted(each * 7)).to_dict()
    assert told["The Close"] == [0]
    # both tips of the Grove, to each of the five ends that are not the stem's own
    assert told["Grove Stem"] == pytest.approx([2 * 5])
    assert told["Grove"] == [0, 0]
    # quicker along High Street, whose last piece leads only to its own end
    assert told["Loop Road"] == [0]
    assert told["High Street"] == pytest.approx([0, 0, 6 * 1, 2 * 5])
    assert "Back Path" not in told


def test_stretches_have_lengths_ends_and_names() -> None:
    found = stretches(comb())
    driven = comb().loc[lambda rows: rows["kind"].isin(SPEED_KMH)]
    assert found["length_m"].sum() == pytest.approx(space.lengths_m(driven.geometry).sum(), rel=1e-6)
    dead = found.groupby("name")["dead_end"].sum().to_dict()
    assert dead == {"Grove": 2, "Grove Stem": 0, "High Street": 1, "Loop Road": 0, "The Close": 1}
    assert sorted({way for ways in found["ways"] for way in ways}) == [0, 1, 2, 3, 4]


def test_a_short_street_is_taken_whole_and_a_long_one_by_its_stretches() -> None:
    units = short_streets(stretches(comb()).query("kind == 'residential'").reset_index(drop=True), 250)
    told = units.groupby("name")[["length_m", "part"]].agg(list).to_dict("index")
    assert told["Grove"] == {"length_m": pytest.approx([200], rel=1e-3), "part": ["the whole street"]}
    again = short_streets(stretches(comb()).query("kind == 'residential'").reset_index(drop=True), 150)
    assert again.groupby("name")["part"].agg(list)["Grove"] == ["a stretch", "a stretch"]


def test_pieces_of_one_street_that_do_not_meet_are_none_of_them_the_whole_of_it() -> None:
    lines = [[(0, 0), (100, 0)], [(300, 0), (340, 0)], [(900, 0), (950, 0)], [(0, 50), (60, 50)], [(0, 99), (60, 99)]]
    streets = streets_from(lines, ["residential"] * 5)
    streets["name"] = ["Weston Lane", "Weston Lane", "Weston Lane", None, None]
    units = short_streets(stretches(streets), 250)
    # the third is 560 m off; streets without a name are not known to be one
    assert units["part"].tolist() == ["a separate piece", "a separate piece", *["the whole street"] * 3]
    assert units["street"].nunique() == 4
    assert units["street"].iloc[0] == units["street"].iloc[1]


def test_a_ring_a_lollipop_and_no_streets_at_all() -> None:
    ring = [(0, 0), (100, 0), (100, 100), (0, 0)]
    found = stretches(streets_from([ring], ["residential"]))
    assert found["through"].tolist() == [0]
    assert len(stretches(streets_from([ring, [(0, 0), (-50, 0)], [(-50, 0), (-90, 0)]], ["residential"] * 3))) == 2
    assert not len(stretches(Streets(comb().head(0))))
    assert not len(stretches(streets_from([ring], ["path"])))


@given(st.integers(0, 10_000), st.integers(3, 25), st.integers(2, 60))
def test_through_drives_agree_with_another_library(seed: int, nodes: int, edges: int) -> None:
    graph = nx.gnm_random_graph(nodes, edges, seed=seed)
    ends = np.array(graph.edges(), dtype=np.int64).reshape(-1, 2)
    seconds = np.random.default_rng(seed).uniform(1, 100, len(ends))
    for (one, other), long in zip(ends.tolist(), seconds, strict=True):
        graph[one][other]["seconds"] = long
    size = {node: len(piece) for piece in nx.connected_components(graph) for node in piece}
    wanted = dict.fromkeys(map(frozenset, ends.tolist()), 0.0)
    for start, ways in nx.all_pairs_dijkstra_path(graph, weight="seconds"):
        for stop, way in ways.items():
            for step in pairwise(way):
                if not {start, stop} & set(step):
                    wanted[frozenset(step)] += 0.5 / (size[start] - 2)
    assert through_drives(ends, seconds, nodes) == pytest.approx(list(wanted.values()))


def test_a_sample_is_near_the_whole_and_the_same_every_time() -> None:
    graph = nx.random_geometric_graph(600, 0.08, seed=4)
    ends = np.array(graph.edges(), dtype=np.int64)
    seconds = np.random.default_rng(4).uniform(10, 20, len(ends))
    exact, sampled = through_drives(ends, seconds, 600), through_drives(ends, seconds, 600, most=200)
    assert np.array_equal(sampled, through_drives(ends, seconds, 600, most=200))
    assert np.corrcoef(exact, sampled)[0, 1] > 0.98
    assert sampled.sum() == pytest.approx(exact.sum(), rel=0.1)


@pytest.fixture
def any_traffic(monkeypatch: pytest.MonkeyPatch) -> None:
    # in a grid many ways are equally quick, and which of them drivers take cannot be solved on paper
    monkeypatch.setattr(play_streets, "THROUGH_AT_MOST", 1e9)
    # the town's corners are rounded to the centimetre: a limit on a corner would fall on either side of it
    monkeypatch.setattr(play_streets, "NEARBY_M", 190.0)
    monkeypatch.setattr(play_streets, "PLAY_MINUTES", 5.1)


def ask(view: PlaceView) -> pd.DataFrame:
    answer = questions.play_street_candidates(view)
    assert len(answer.table) == len(answer.shapes)
    assert tuple(answer.table.columns) == play_streets.PLAY_COLUMNS
    return answer.table


@pytest.mark.usefixtures("any_traffic")
def test_hand_town_tells_who_lives_near_and_who_has_no_play_space(store: Store) -> None:
    table = ask(fill(store, assets=town_assets()))
    assert table["length_m"].tolist() == pytest.approx([200] * len(table), rel=1e-3)
    # eight avenues of three stretches: the ninth, Third Avenue, is a play street already
    assert len(table) == 8 * 3
    assert "Third Avenue" not in set(table["name"])
    told = table.groupby("name")[["people_near", "people_without_play"]].agg(sorted)
    assert told.loc["First Avenue"].tolist() == [[0, 0, 300], [0, 0, 300]]
    # those at the northern end of Fifth Avenue walk 400 m to the park, those at its southern end 600 m
    assert told.loc["Fifth Avenue"].tolist() == [[0, 300, 300], [0, 0, 300]]
    assert set(table.loc[table["rank"] == 1, "name"]) == {"First Avenue", "Fifth Avenue", "Ninth Avenue"}
    assert table["people_without_play"].is_monotonic_decreasing
    assert table["children_near"].isna().all()
    assert set(table["neighbourhood_code"]) == {WEST, EAST}


@pytest.mark.usefixtures("any_traffic")
def test_streets_of_a_part_of_town_are_ranked_among_themselves(store: Store) -> None:
    view = fill(store, assets=town_assets())
    whole = questions.play_street_candidates(view)
    parts = {name: questions.play_street_candidates(view, areas=[name]) for name in ("Westside", EAST)}
    assert sum(len(answer.table) for answer in parts.values()) == len(whole.table)
    for (name, answer), code in zip(parts.items(), (WEST, EAST), strict=True):
        assert set(answer.table["neighbourhood_code"]) == {code}
        ours = whole.table[whole.table["neighbourhood_code"] == code]
        assert answer.table["name"].tolist() == ours["name"].tolist()
        assert answer.table["reasons"].tolist() == ours["reasons"].tolist()
        assert answer.table["rank"].min() == 1
        assert f"in {'Westside' if name == 'Westside' else 'Eastgate'}" in answer.title
    tried, *rules = (dict(answer.part("left_out").to_numpy().tolist()) for answer in (whole, *parts.values()))
    looked_at = "streets and stretches that people live on"
    outside = tried[looked_at] - sum(each[looked_at] for each in rules)
    assert 0 <= outside <= tried["that lead out of the place"]
    assert questions.play_street_candidates(view).table.equals(whole.table), "asking of a part changes nothing"
    with pytest.raises(UnknownNameError, match="Northside"):
        questions.play_street_candidates(view, areas=["Northside"])


@pytest.mark.usefixtures("any_traffic")
def test_children_are_counted_where_they_are_known(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    view = fill(store, assets=town_assets())
    shares = pd.DataFrame({"children_share": [0.5, 0.1]}, index=[WEST, EAST])
    monkeypatch.setattr(play_streets, "ages", lambda _: shares)
    table = ask(view)
    assert table.loc[table["name"] == "First Avenue", "children_without_play"].max() == pytest.approx(150)
    assert table["children_without_play"].is_monotonic_decreasing
    assert "about 150 children live within 190 m" in table["reasons"].iloc[0][0]


@pytest.mark.usefixtures("any_traffic")
def test_buses_private_streets_and_streets_played_in_before(store: Store) -> None:
    assets = town_assets()
    ended = assets["kind"] == "play_street"
    assets.loc[ended, "status"] = "closed"
    assets["closed_on"] = assets["closed_on"].astype(object)
    assets.loc[ended, "closed_on"] = "2019-10"
    view = fill(store, assets=assets)
    said = {
        "First Avenue": '{"bus": "yes"}',
        "Second Avenue": '{"bus": "no"}',
        "Eighth Avenue": '{"access": "private"}',
    }
    view.streets["details"] = view.streets["name"].map(said).fillna("{}")
    answer = questions.play_street_candidates(view)
    names = set(answer.table["name"])
    assert not names & {"First Avenue", "Eighth Avenue"}
    by_name = answer.table.groupby("name")["bus"].first()
    assert (by_name["Second Avenue"], by_name["Fourth Avenue"]) == ("no", "not known")
    before = answer.table[answer.table["name"] == "Third Avenue"]["reasons"].map(lambda reasons: reasons[-1])
    assert before.unique().tolist() == ["was a street for people before: 2019"]
    left_out = answer.parts["left_out"].set_index("streets")["count"]
    assert (left_out["that a bus runs along"], left_out["that are private"]) == (3, 3)
    assert left_out.iloc[0] - left_out.iloc[1:].sum() == len(answer.table)


def test_without_streets_it_says_there_are_none(store: Store) -> None:
    answer = questions.play_street_candidates(fill(store, assets=town_assets(), streets=False))
    assert answer.table.empty
    assert answer.title.startswith("No streets are loaded for Hand Town")


def test_where_no_play_space_is_mapped_everybody_lives_far_from_one(store: Store) -> None:
    assets = town_assets()
    view = fill(store, assets=assets[assets["layer"] != "green_space"].reset_index(drop=True))
    answer = questions.play_street_candidates(view)
    assert (answer.table["people_near"] == answer.table["people_without_play"]).all()
    assert any("No play space or park is mapped" in caveat for caveat in answer.caveats)


def test_the_law_is_cited_section_by_section_and_is_not_advice(store: Store) -> None:
    answer = questions.play_street_candidates(fill(store, assets=town_assets()))
    cited = " ".join(answer.parts["law"]["law"])
    for words in ("1847, section 21", "16A to 16C", "section 29", "section 31", "section 1 ", "section 9"):
        assert words in cited
    assert any("not legal advice: ask your highway authority" in caveat for caveat in answer.caveats)


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hand.gpkg"
    with open_store(path) as store:
        fill(store, assets=town_assets())
    for words, key in (([], "name"), (["--part", "law"], "law"), (["Westside", "--part", "left_out"], "count")):
        argv = ["assetmap", "ask", "play-streets", "--store", str(path), "--format", "json", *words]
        monkeypatch.setattr(sys, "argv", argv)
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == 0
        told = json.loads(capsys.readouterr().out)
        assert key in (told if words else told["table"])[0]


# --- the demo town and Rutland ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=ENGINES)
def marramsea(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    place, folder = read_place(ROOT / "data" / "town" / "town.yaml"), tmp_path_factory.mktemp("town")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        load_place(store, place, LAYERS, None)
        yield PlaceView(store, place.id, LAYERS)


def check(view: PlaceView, seconds: float) -> pd.DataFrame:
    view.origins  # noqa: B018  # reading the place is not part of the question
    began = time.process_time()
    answer = questions.play_street_candidates(view)
    assert time.process_time() - began < seconds
    table = answer.table
    assert table["length_m"].between(play_streets.SHORTEST_M, play_streets.LONGEST_M).all()
    assert table["through"].between(0, play_streets.THROUGH_AT_MOST).all()
    assert (table["people_without_play"] <= table["people_near"] + 1e-6).all()
    assert set(table["neighbourhood_code"]) <= set(view.areas["area_code"])
    assert answer.shapes.geometry.geom_type.isin(["LineString", "MultiLineString"]).all()
    assert table["rank"].iloc[0] == 1
    told = 4 if (table["bus"] != "not known").any() else 3
    assert table["reasons"].map(len).ge(told).all()
    return table


def test_marramsea(marramsea: PlaceView) -> None:
    table = check(marramsea, seconds=30)
    assert 500 < len(table) < len(marramsea.streets)
    now = marramsea.assets.query("kind == 'play_street' and status == 'open'")["name"]
    assert not set(now) & set(table.loc[table["part"] == "the whole street", "name"])
    out = table["stands_out"]
    assert 0 < out.sum() < 0.2 * len(table)
    assert out.is_monotonic_decreasing, "those that stand out come first"
    assert table["rank"].is_monotonic_increasing
    assert (table.loc[out, "part"] == "the whole street").all()


def test_streets_are_counted_and_told_once_however_many_stretches_of_them_pass(marramsea: PlaceView) -> None:
    answer = questions.play_street_candidates(marramsea)
    table, told = answer.table, streets_table(answer.table)
    streets, out = table["street"].nunique(), int(table["stands_out"].sum())
    assert answer.title == (
        f"{streets:,} streets in Marramsea, {len(table):,} stretches in all, could become play streets; {out} stand out"
    )
    assert len(told) == streets
    several = told["Why"].str.extract(r"(\d+) more stretch(?:es)? of it")[0].dropna().astype(int)
    assert streets + several.sum() == len(table)


@pytest.mark.parametrize("rutland", ["gpkg"], indirect=True)
def test_rutland(rutland: PlaceView) -> None:
    table = check(rutland, seconds=20)
    assert 300 < len(table) < 1_500
    assert table["cul_de_sac"].mean() > 0.3
    found = stretches(rutland.streets)
    assert (found.loc[found["dead_end"], "through"] == 0).all()
    assert found.sort_values("through")["kind"].iloc[-1] == "main_road"


@pytest.fixture(scope="module")
def rutland(request: pytest.FixtureRequest, real_data: Path) -> Iterator[PlaceView]:
    with loaded(request, "rutland", real_data) as place:
        yield place.view
