"""Streets, snapping and walks: against the town solved on paper, networkx, and what must always hold."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from shapely.geometry import MultiLineString, Point

from assetmap import questions
from assetmap.cli import main
from assetmap.network import (
    HOME_STEP_M,
    OUTLINE_STEP_M,
    SNAP_LIMIT_M,
    Entries,
    Nearest,
    Network,
    build_network,
    entries_of,
    from_doors,
    kept,
    kept_network,
    meeting,
    snap,
    step_free,
    stepped,
    straight_from,
    walk_from,
    walk_matrix,
    walk_minutes,
    wheelchair_words,
)
from assetmap.placeview import PlaceView, Walking
from assetmap.space import Floats, to_measured
from assetmap.store import Store, open_store
from assetmap.tables import Assets, Locators, Streets
from registers import LAYERS
from test_questions import fill
from town import (
    BOTH_LIBRARIES_WALKS_M,
    HALL_WALKS_M,
    LIBRARY_WALKS_M,
    PARK_WALKS_M,
    PLACE,
    POSTCODES_M,
    metres,
    node_names,
    second_opinion,
    stored,
    streets_from,
    town_assets,
    town_streets,
)

WITHIN_5_CM = 0.05
"""Seven decimals of a degree are good to a centimetre, and a walk across the town passes a few of them."""

relaxed = settings(max_examples=20)


@pytest.fixture(scope="module")
def town() -> Network:
    return build_network(town_streets())


def points(*east_north: tuple[float, float]) -> Floats:
    return np.array([metres(*point) for point in east_north], dtype=np.float64).reshape(-1, 2)


def nodes_at(network: Network, *east_north: tuple[float, float]) -> npt.NDArray[np.int64]:
    found = snap(network, points(*east_north), limit_m=1.0)
    assert (found.node >= 0).all()
    return found.node


def walks_from(network: Network, *east_north: tuple[float, float], limit_m: float = np.inf) -> Nearest:
    placed = snap(network, points(*east_north))
    return walk_from(network, placed.node, placed.distance_m, limit_m)


def test_every_vertex_is_a_node_and_every_segment_an_edge(town: Network) -> None:
    assert len(town) == 41
    assert town.graph.nnz == 2 * 63
    assert (town.graph != town.graph.T).nnz == 0


def test_the_eyot_is_kept_as_a_piece_of_its_own(town: Network) -> None:
    assert np.bincount(town.component).tolist() == [38, 3]
    assert set(town.component[nodes_at(town, (2000, 0), (2000, 100), (2000, 200))]) == {1}


def test_nodes_on_a_street_that_people_live_on_are_marked(town: Network) -> None:
    assert town.residential.sum() == 36
    assert not town.residential[nodes_at(town, (300, 0), (300, 300), (2000, 100))].any()


def test_a_bridge_does_not_meet_the_street_it_crosses(town: Network) -> None:
    high_path_end, mill_street = nodes_at(town, (300, 300), (200, 200))
    walked = walk_from(town, np.array([mill_street]), np.array([0.0]))
    assert walked.distance_m[high_path_end] == pytest.approx(200 + 100 + 300, abs=WITHIN_5_CM)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["Hand Town Library"], LIBRARY_WALKS_M),
        (["Hand Town Library", "Eastgate Library"], BOTH_LIBRARIES_WALKS_M),
        (["Ninth Avenue Hall"], HALL_WALKS_M),
        (["Mill Park"], PARK_WALKS_M),
    ],
)
def test_walks_to_the_towns_places_are_those_solved_on_paper(
    town: Network, names: list[str], expected: tuple[float, ...]
) -> None:
    assets = town_assets()
    entered = entries_of(Assets(assets[assets["name"].isin(names)]))
    homes_m = points(*POSTCODES_M.values())
    met = meeting(town, np.concatenate([entered.points_m, homes_m]))
    placed, homes = snap(met, entered.points_m), snap(met, homes_m)
    nearest = walk_from(met, placed.node, placed.distance_m)
    assert nearest.method == "walking"
    assert nearest.distance_m[homes.node] + homes.distance_m == pytest.approx(expected, abs=WITHIN_5_CM)


def test_the_nearest_entry_is_named_and_belongs_to_its_place(town: Network) -> None:
    assets = town_assets()
    entered = entries_of(assets)
    placed = snap(town, entered.points_m)
    nearest = walk_from(town, placed.node, placed.distance_m)
    park_gate, eyot = nodes_at(town, (1200, 600), (2000, 100))
    assert assets["name"].iloc[entered.owner[nearest.nearest_entry[park_gate]]] == "Mill Park"
    assert nearest.nearest_entry[eyot] == -1
    assert nearest.distance_m[eyot] == np.inf


def test_an_entry_right_on_the_street_adds_nothing(town: Network) -> None:
    node = nodes_at(town, (400, 200))
    nearest = walk_from(town, node, np.array([0.0]))
    assert nearest.distance_m[node] == [0.0]
    assert np.isfinite(nearest.distance_m).sum() == 38


def test_of_two_entries_at_one_node_the_nearer_counts(town: Network) -> None:
    node = np.repeat(nodes_at(town, (400, 200)), 3)
    nearest = walk_from(town, node, np.array([9.0, 4.0, 6.0]))
    assert nearest.distance_m[node[0]] == 4.0
    assert set(nearest.nearest_entry[town.component == 0]) == {1}


def test_an_entry_on_no_street_takes_no_part_and_keeps_the_others_numbered(town: Network) -> None:
    node = np.array([-1, *nodes_at(town, (400, 200))])
    nearest = walk_from(town, node, np.array([np.inf, 5.0]))
    assert set(nearest.nearest_entry[town.component == 0]) == {1}


def test_without_entries_nothing_is_reached(town: Network) -> None:
    nearest = walks_from(town)
    assert np.isinf(nearest.distance_m).all()
    assert (nearest.nearest_entry == -1).all()


def test_walks_longer_than_the_limit_are_left_out(town: Network) -> None:
    free, limited = walks_from(town, (0, -30)), walks_from(town, (0, -30), limit_m=500.0)
    near = free.distance_m <= 500.0
    # Crossings 0, 1 and 2 blocks away, and the foot of the High Path.
    assert near.sum() == 7
    assert (limited.distance_m[near] == free.distance_m[near]).all()
    assert np.isinf(limited.distance_m[~near]).all()


def test_a_point_meets_the_street_up_to_the_limit_and_not_beyond(town: Network) -> None:
    found = snap(town, points((0, -60), (0, -61.1), (0, -62)), limit_m=61.0)
    assert found.node.tolist() == [nodes_at(town, (0, 0))[0], -1, -1]
    assert found.distance_m == pytest.approx([60.0, np.inf, np.inf], abs=WITHIN_5_CM)
    exactly = float(snap(town, points((0, -60))).distance_m[0])
    assert snap(town, points((0, -60)), limit_m=exactly).node[0] == found.node[0]


def test_a_place_that_is_nowhere_meets_no_street(town: Network) -> None:
    found = snap(town, np.array([[np.nan, np.nan], metres(0, 0)]))
    assert found.node.tolist() == [-1, nodes_at(town, (0, 0))[0]]
    assert found.distance_m[0] == np.inf


def test_streets_meet_to_the_seventh_decimal_and_no_further() -> None:
    def meeting(gap_degrees: float) -> int:
        left = shapely.LineString([(-1.2, 52.1), (-1.1999, 52.1)])
        right = shapely.LineString([(-1.1999 + gap_degrees, 52.1), (-1.1998, 52.1)])
        streets = streets_from([[(0, 0), (1, 1)]] * 2, ["path"] * 2)
        return len(build_network(Streets(streets.set_geometry([left, right], crs=streets.crs))))

    assert meeting(4e-9) == 3
    assert meeting(2e-7) == 4


def test_copies_of_a_street_and_steps_of_no_length_change_nothing() -> None:
    line = [(0.0, 0.0), (100.0, 0.0), (100.0, 50.0)]
    once = build_network(streets_from([line], ["path"]))
    again = build_network(streets_from([line, line[::-1], [line[0], line[0], line[1]]], ["path"] * 3))
    assert len(again) == len(once) == 3
    assert (again.graph.toarray() == once.graph.toarray()).all()
    assert (again.graph.data > 0).all()


def test_the_parts_of_one_street_are_not_joined() -> None:
    parts = MultiLineString([[(0, 0), (100, 0)], [(0, 50), (100, 50)]])
    streets = streets_from([[(0, 0), (1, 1)]], ["residential"])
    network = build_network(Streets(streets.set_geometry(stored([parts]), crs=streets.crs)))
    assert len(network) == 4
    assert network.graph.nnz == 4
    assert network.residential.all()


def test_without_streets_everything_still_answers() -> None:
    network = build_network(Streets(town_streets().iloc[:0]))
    placed = snap(network, points((0, 0)))
    assert len(network) == 0
    assert placed.node.tolist() == [-1]
    assert walk_from(network, placed.node, placed.distance_m).distance_m.shape == (0,)
    entered = Entries(points((0, 0)), np.array([0]))
    assert walk_matrix(network, entered, placed, 1, np.array([-1]), np.inf).nnz == 0


def test_a_place_is_entered_at_its_gates_or_else_along_its_outline() -> None:
    assets = town_assets()
    park = Assets(assets[assets["name"] == "Mill Park"])
    gates, outline = entries_of(park), entries_of(Assets(park.drop(columns="access")))
    assert gates.points_m == pytest.approx(points((1000, 400), (1200, 600)), abs=WITHIN_5_CM)
    steps_m = np.hypot(*np.diff(outline.points_m, axis=0).T)
    assert steps_m.max() <= OUTLINE_STEP_M + WITHIN_5_CM
    assert steps_m.sum() == pytest.approx(4 * 200, abs=0.2)


def test_a_place_without_a_shape_has_no_entry() -> None:
    assets = town_assets().iloc[:3]
    assets = assets.set_geometry([assets.geometry.iloc[0], None, Point()], crs=assets.crs)
    entered = entries_of(Assets(assets.drop(columns="access")))
    assert entered.owner.tolist() == [0]
    assert entries_of(Assets(town_assets().iloc[:0])).points_m.shape == (0, 2)


def test_the_matrix_keeps_every_walk_within_the_limit(town: Network) -> None:
    entered = Entries(points((0, -30), (400, 200), (1600, 600), (5000, 5000)), np.array([0, 2, 2, 3]))
    targets = np.array([-1, *nodes_at(town, (0, 0), (400, 200), (1600, 400), (2000, 100))])
    found = walk_matrix(town, entered, snap(town, entered.points_m), 4, targets, limit_m=700.0)
    full = np.full(found.shape, np.nan)
    full[found.row, found.col] = found.data
    beyond = np.nan
    expected = [[beyond, 30, 630, beyond, beyond], [beyond] * 5, [beyond, 600, 0, 200, beyond], [beyond] * 5]
    assert full == pytest.approx(np.array(expected, dtype=float), abs=WITHIN_5_CM, nan_ok=True)


def test_the_matrix_counts_the_nearer_of_two_entrances_at_one_node(town: Network) -> None:
    node = np.repeat(nodes_at(town, (400, 200)), 2)
    entered = Entries(points((400, 200), (400, 200)), np.array([0, 0]))
    placed = snap(town, entered.points_m)
    placed.distance_m[:] = [9.0, 4.0]
    assert walk_matrix(town, entered, placed, 1, node[:1], np.inf).toarray().tolist() == [[4.0]]


def test_the_matrix_refuses_a_target_that_stands_twice(town: Network) -> None:
    entered = Entries(points((0, 0)), np.array([0]))
    with pytest.raises(ValueError, match="only once"):
        walk_matrix(town, entered, snap(town, entered.points_m), 1, np.array([3, -1, 3, -1]), 100.0)


def test_a_long_street_that_people_live_on_has_nodes_along_it(town: Network) -> None:
    parted = build_network(town_streets(), 60.0)
    # nine avenues of three blocks of 200 m, each block with three more; main roads and the lane stay as they are
    assert len(parted) == len(town) + 9 * 3 * 3
    assert (parted.nodes[: len(town)] == town.nodes).all()
    assert (parted.lon_lat[: len(town)] == town.lon_lat).all()
    assert parted.residential[len(town) :].all()
    assert snap(parted, points((100, 0)), limit_m=90.0).node.tolist() == [-1]
    avenue = nodes_at(parted, (1600, 50), (1600, 100), (1600, 150))
    assert (avenue >= len(town)).all()
    degrees = stored([Point(1600, 50)])[0]
    assert parted.lon_lat[avenue[0]] == pytest.approx((degrees.x, degrees.y), abs=1e-7)
    assert parted.graph.nnz == 2 * (63 + 9 * 3 * 3)
    assert set(parted.component[avenue]) == {0}


def test_a_street_drawn_once_to_live_on_and_once_to_walk_is_lived_on() -> None:
    line = [(0.0, 0.0), (180.0, 0.0)]
    parted = build_network(streets_from([line, line[::-1]], ["path", "residential"]), HOME_STEP_M)
    assert len(parted) == 5
    assert parted.graph.nnz == 8
    assert parted.graph.sum() / 2 == pytest.approx(180, abs=WITHIN_5_CM)


def test_a_door_meets_its_street_where_the_street_comes_nearest(town: Network) -> None:
    doors = points((100, 30), (100, -20), (1600, 55), (1600, 0), (2001, 150), (np.nan, 0), (5000, 5000))
    met = meeting(town, doors)
    # opposite each other two doors share a node, at a corner there is one already, and nothing is near the last
    assert (len(met), met.feet) == (len(town) + 3, 3)
    assert met.graph.nnz == town.graph.nnz + 2 * 3
    placed = snap(met, doors)
    assert placed.distance_m[:5] == pytest.approx([30, 20, 0, 0, 1], abs=WITHIN_5_CM)
    assert placed.node[0] == placed.node[1]
    assert placed.node[5:].tolist() == [-1, -1]
    spot = stored([Point(100, 0)])[0]
    assert met.lon_lat[placed.node[0]] == pytest.approx((spot.x, spot.y), abs=1e-7)
    assert met.component[placed.node[:5]].tolist() == [0, 0, 0, 0, 1]
    assert not met.residential[len(town) :].any()
    assert meeting(met, doors) is met


def test_a_walk_between_two_doors_of_one_street_does_not_go_by_its_corner(town: Network) -> None:
    doors = points((50, 10), (150, 10))
    met = meeting(town, doors)
    placed = snap(met, doors)
    walked = walk_from(met, placed.node[:1], placed.distance_m[:1])
    assert walked.distance_m[placed.node[1]] == pytest.approx(110, abs=WITHIN_5_CM)


def test_a_door_far_from_a_corner_may_be_near_its_street(town: Network) -> None:
    door = points((100, -60))
    assert snap(town, door, limit_m=80.0).node.tolist() == [-1]
    assert snap(meeting(town, door), door, limit_m=80.0).distance_m == pytest.approx([60], abs=WITHIN_5_CM)
    assert meeting(town, door, limit_m=50.0) is town


def test_a_door_between_two_corners_is_left_by_both_of_them(town: Network) -> None:
    entered = Entries(points((100, 30), (np.nan, 0), (1600, 0)), np.array([0, 1, 2]))
    entered, placed = from_doors(town, entered)
    assert entered.owner.tolist() == [1, 2, 0, 0]
    assert placed.node[2:].tolist() == nodes_at(town, (0, 0), (200, 0)).tolist()
    assert placed.distance_m == pytest.approx([np.inf, 0, 130, 130], abs=WITHIN_5_CM)


def test_streets_that_are_not_there_are_not_met() -> None:
    nowhere = build_network(Streets(town_streets().iloc[:0]))
    _, placed = from_doors(nowhere, Entries(points((0, 0)), np.array([0])))
    assert placed.node.tolist() == [-1]
    assert meeting(nowhere, points((0, 0))) is nowhere


def test_step_free_walks_avoid_steps_and_what_no_wheelchair_can_use() -> None:
    lines = [[(0, 0), (100, 0)], [(0, 0), (0, 100)], [(0, 0), (100, 100)], [(100, 0), (100, 100)]]
    streets = streets_from(lines, ["steps", "path", "path", "residential"])
    streets["details"] = ["{}", '{"wheelchair": "no"}', '{"wheelchair": "limited"}', None]
    assert step_free(streets)["street_id"].tolist() == streets["street_id"].tolist()[2:]
    assert stepped(streets).tolist() == [True, True, False, False]
    assert wheelchair_words(streets).tolist() == ["", "no", "limited", ""]
    assert step_free(Streets(streets.iloc[:0])).empty


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept, "WORTH_KEEPING", 0)
    monkeypatch.setenv("ASSETMAP_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def assert_same(one: Network, other: Network) -> None:
    for name in ("nodes", "lon_lat", "component", "residential"):
        assert (getattr(one, name) == getattr(other, name)).all()
    assert (one.graph != other.graph).nnz == 0
    ours, theirs = (walks_from(network, (0, -30), (1600, 620)) for network in (one, other))
    assert (ours.distance_m == theirs.distance_m).all()
    assert (ours.nearest_entry == theirs.nearest_entry).all()


def test_a_network_is_built_once_and_then_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept_network(town_streets())
    assert len(list(folder.iterdir())) == 1
    monkeypatch.setattr(kept, "build_network", None)
    assert_same(kept_network(town_streets()), first)


@pytest.mark.parametrize("change", ["kind", "shape", "name of a street", "step"])
def test_another_network_is_never_read_in_its_place(folder: Path, change: str) -> None:
    streets = town_streets()
    kept_network(streets)
    step_m = 25.0 if change == "step" else HOME_STEP_M
    if change == "kind":
        streets["kind"] = "path"
    if change == "shape":
        streets = Streets(streets.set_geometry(shapely.transform(streets.geometry.array, lambda at: at + 1e-6)))
    if change == "name of a street":
        streets["street_id"] = streets["street_id"] + "x"
    assert_same(kept_network(streets, step_m), build_network(streets, step_m))
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("fault", ["empty", "cut short", "one bit", "longer header", "something else"])
def test_a_file_that_is_broken_is_made_again(folder: Path, fault: str) -> None:
    first = kept_network(town_streets())
    (file,) = folder.iterdir()
    good = file.read_bytes()
    bad = {
        "empty": b"",
        "cut short": good[: len(good) // 2],
        "one bit": good[:3000] + bytes([good[3000] ^ 1]) + good[3001:],
        "longer header": good.replace(b"(132, 2)", b"(999, 2)", 1),
        "something else": b"not a network" * 100,
    }[fault]
    assert bad != good
    file.write_bytes(bad)
    assert_same(kept_network(town_streets()), first)
    assert file.read_bytes() == good


def test_nothing_is_kept_where_it_is_turned_off_or_too_small_or_cannot_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = build_network(town_streets(), HOME_STEP_M)
    monkeypatch.setenv("ASSETMAP_CACHE", "off")
    assert_same(kept_network(town_streets()), expected)
    monkeypatch.setenv("ASSETMAP_CACHE", str(folder))
    monkeypatch.setattr(kept, "WORTH_KEEPING", 10_000)
    assert_same(kept_network(town_streets()), expected)
    assert not folder.exists()
    monkeypatch.setattr(kept, "WORTH_KEEPING", 0)
    folder.write_text("a file stands where the folder should be")
    assert_same(kept_network(town_streets()), expected)


def test_many_at_once_leave_one_whole_file(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: kept_network(town_streets()), range(16)))
    assert [file.suffix for file in folder.iterdir()] == [".network"]
    for each in found:
        assert_same(each, found[0])


def test_those_used_longest_ago_go_first(folder: Path) -> None:
    files = []
    for step in range(kept.MOST_FILES + 1):
        kept_network(town_streets(), 20.0 + step)
        for file in set(folder.iterdir()) - set(files):
            os.utime(file, (step, step))
            files.append(file)
        if step == 1:
            # the first is used again, after the second was made
            kept_network(town_streets(), 20.0)
    assert files[0] in set(folder.iterdir())
    assert files[1] not in set(folder.iterdir())
    assert len(list(folder.iterdir())) == kept.MOST_FILES


def test_the_folder_is_the_one_given_or_this_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kept.cache_folder({"ASSETMAP_CACHE": "off"}) is None
    assert kept.cache_folder({"ASSETMAP_CACHE": "/somewhere"}) == Path("/somewhere")
    for platform, variable, usual in (
        ("linux", "XDG_CACHE_HOME", ".cache/assetmap"),
        ("win32", "LOCALAPPDATA", ".cache/assetmap"),
        ("darwin", "", "Library/Caches/assetmap"),
    ):
        monkeypatch.setattr("sys.platform", platform)
        assert kept.cache_folder({}) == Path.home() / usual
        if variable:
            assert kept.cache_folder({variable: "/mine"}) == Path("/mine/assetmap")


def test_a_step_free_answer_goes_round_the_steps_and_says_so(store: Store) -> None:
    fill(store, assets=town_assets())
    streets = town_streets()
    streets.loc[streets["name"].isin(["First Avenue", "High Street"]), "kind"] = "steps"
    answers = []
    for avoided in (False, True):
        view = PlaceView(store, PLACE, LAYERS, Walking(step_free=avoided))
        view.streets = streets
        answers.append(questions.nearest(view, kinds=["library"], minutes=10))
    plain, without = answers
    assert "steps" not in plain.method
    assert "without steps or ways that no wheelchair can use, where the map says so" in without.method
    assert plain.table["people_not_reached"].sum() == pytest.approx(300)
    # the library's own corner joins only the steps that were taken away
    assert without.table["people_within"].sum() < plain.table["people_within"].sum()


def test_people_live_where_they_live_however_they_walk(store: Store) -> None:
    fill(store, assets=town_assets())
    views = [PlaceView(store, PLACE, LAYERS, Walking(step_free=avoided)) for avoided in (False, True)]
    streets = town_streets()
    streets.loc[streets["name"] == "First Avenue", "details"] = '{"wheelchair": "no"}'
    for view in views:
        view.streets = streets
        view.locators = Locators(view.locators.iloc[:0])  # so that people set out from the streets themselves
    plain, without = (view.origins for view in views)
    columns = ["area_code", "people", "x_m", "y_m", "origin_kind"]
    pd.testing.assert_frame_equal(plain[columns], without[columns])
    assert (plain["snap_m"] < 1e-6).all()
    # those who live on First Avenue set out from the streets at its ends
    assert (without["snap_m"] > 1).any()


def test_how_many_ways_say_whether_a_wheelchair_can_use_them_is_told(store: Store) -> None:
    fill(store, assets=town_assets())
    view = PlaceView(store, PLACE, LAYERS, Walking(step_free=True))
    streets = town_streets()
    streets.loc[streets["name"] == "First Avenue", "kind"] = "steps"
    streets.loc[streets["name"] == "Mill Street", "details"] = '{"wheelchair": "no"}'
    streets.loc[streets["name"] == "Ninth Avenue", "details"] = '{"wheelchair": "yes"}'
    view.streets = streets
    (said,) = [words for words in questions.nearest(view, ["library"]).caveats if "wheelchairs" in words]
    assert said.startswith(f"Of the {len(streets)} ways loaded 1 is steps and 1 more is said to bar wheelchairs:")
    assert f"Of {len(streets) - 3} of the others the map does not say" in said
    assert "step-free minutes" in questions.nearest(view, ["library"]).title
    view = PlaceView(store, PLACE, LAYERS, Walking(step_free=True))
    view.streets = streets.iloc[:0]
    told = questions.nearest(view, ["library"])
    assert "step-free" not in told.title
    assert "Steps are not told of in a straight line: nothing here says who can go without them." in told.caveats


@pytest.mark.parametrize(
    "question",
    [
        ("nearest", "--kind", "library"), ("access", "--kind", "library"), ("gaps",), ("profile",),
        ("sites", "--kind", "library"), ("who-lost", "--kind", "library"), ("whatif", "--close", "Hand Town Library"),
    ],
)  # fmt: skip
def test_every_question_of_walks_can_be_asked_without_steps(
    question: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    url = str(tmp_path / "town.gpkg")
    with open_store(url) as store:
        fill(store, assets=town_assets())
    for words in ([], ["--step-free"]):
        monkeypatch.setattr("sys.argv", ["assetmap", "ask", *question, "--store", url, *words])
        with pytest.raises(SystemExit) as left:
            main()
        assert not left.value.code
        assert ("said to bar wheelchairs" in " ".join(capsys.readouterr().out.split())) == bool(words)


def test_the_command_line_asks_for_walks_without_steps(
    store_url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(store_url) as store:
        fill(store, assets=town_assets())
    for words in ([], ["--step-free"]):
        monkeypatch.setattr(
            "sys.argv", ["assetmap", "ask", "nearest", "--kind", "library", "--store", store_url, *words]
        )
        with pytest.raises(SystemExit) as left:
            main()
        assert not left.value.code
        assert ("without steps" in " ".join(capsys.readouterr().out.split())) == bool(words)


def test_an_answer_says_who_and_what_the_streets_do_not_come_near(store: Store) -> None:
    assets, far = town_assets(), stored([Point(5000, 5000)])[0]
    assets = assets.set_geometry([far, *assets.geometry.iloc[1:]], crs=assets.crs)
    view = fill(store, assets=Assets(assets))
    said = questions.nearest(view, kinds=["library", "hall"]).caveats
    assert "300 people live on streets that the map joins to no others." in said
    assert "1 place is further than 500 m from every loaded street: no walk leads there." in said
    # 30 m from the other library and the depot, 20 from the hall, 10 from the club; the park's gates are on the street
    steps = "15 m or less for half of all places and 30 m or less for nine in ten"
    assert f"From a place to its street it is {steps}; these steps are part of each walk." in said


def test_an_answer_says_who_lives_off_the_streets(store: Store) -> None:
    view = fill(store, assets=town_assets())
    view.streets = Streets(view.streets[view.streets["name"] != "Eyot Lane"].reset_index(drop=True))
    # of 1,700 people, the 100 at the one postcode that is moved far out to sea
    view.areas["population"] = [1200, 500]
    at_sea = (view.locators["reference"] == "ZZ2 2AF").to_numpy()
    homes = np.where(at_sea, stored([Point(9000, 9000)])[0], view.locators.geometry.array)
    view.locators = Locators(view.locators.set_geometry(homes, crs=view.locators.crs))
    said = questions.nearest(view, kinds=["hall"]).caveats
    assert "100 people live further than 500 m from every loaded street: nothing is said of their walks." in said
    assert not [words for words in said if "joins to no others" in words]


def test_straight_lines_say_that_they_are_straight_lines() -> None:
    nearest = straight_from(
        points((0, 0), (300, 400), (np.nan, 0)), np.vstack([[[np.nan, np.nan]], points((0, 0), (300, 0))])
    )
    assert nearest.method == "straight line"
    assert nearest.distance_m == pytest.approx([0, 400, np.nan], nan_ok=True)
    assert nearest.nearest_entry.tolist() == [1, 2, -1]


def test_straight_lines_to_nowhere_are_infinite() -> None:
    nearest = straight_from(points((0, 0)), points())
    assert nearest.distance_m.tolist() == [np.inf]
    assert nearest.nearest_entry.tolist() == [-1]


def test_a_walk_of_1200_m_takes_15_minutes() -> None:
    assert walk_minutes(np.array([0.0, 1200.0, np.inf])).tolist() == [0.0, 15.0, np.inf]


crossings = st.tuples(st.integers(0, 6), st.integers(0, 6)).map(lambda point: (point[0] * 90.0, point[1] * 110.0))
street_lines = st.lists(st.lists(crossings, min_size=2, max_size=5), min_size=1, max_size=12)
doors = st.lists(st.tuples(st.floats(-20, 560), st.floats(-20, 680)), min_size=1, max_size=6)


def drawn(lines: list[list[tuple[float, float]]]) -> Streets:
    return streets_from(lines, ["residential"] * len(lines))


@given(street_lines, doors)
@relaxed
def test_walks_agree_with_networkx_on_any_streets(
    lines: list[list[tuple[float, float]]], entries: list[tuple[float, float]]
) -> None:
    streets = drawn(lines)
    network, graph = build_network(streets), second_opinion(streets)
    placed = snap(network, points(*entries))
    names = node_names(network.lon_lat)
    for entry, (node, offset_m) in enumerate(zip(placed.node, placed.distance_m, strict=True)):
        if node >= 0:
            graph.add_edge(("entry", str(entry)), names[node], length_m=offset_m)
    starts = {("entry", str(entry)) for entry in np.flatnonzero(placed.node >= 0)}
    expected = nx.multi_source_dijkstra_path_length(graph, starts, weight="length_m") if starts else {}
    walked = walk_from(network, placed.node, placed.distance_m).distance_m
    assert sorted(names) == sorted(set(graph) - starts)
    assert walked == pytest.approx([expected.get(name, np.inf) for name in names], abs=0.01)


@given(street_lines, doors, st.data())
@relaxed
def test_closing_a_place_never_shortens_a_walk(
    lines: list[list[tuple[float, float]]], entries: list[tuple[float, float]], data: st.DataObject
) -> None:
    network = build_network(drawn(lines))
    closed = data.draw(st.integers(0, len(entries) - 1))
    before = walks_from(network, *entries).distance_m
    after = walks_from(network, *entries[:closed], *entries[closed + 1 :]).distance_m
    assert (after >= before).all()


@given(street_lines, doors)
@relaxed
def test_the_order_of_rows_does_not_matter(
    lines: list[list[tuple[float, float]]], entries: list[tuple[float, float]]
) -> None:
    first, last = build_network(drawn(lines)), build_network(drawn([line[::-1] for line in lines[::-1]]))
    assert (first.nodes == last.nodes).all()
    assert (walks_from(first, *entries).distance_m == walks_from(last, *entries[::-1]).distance_m).all()


@given(street_lines, doors, st.floats(0, 800))
@relaxed
def test_the_matrix_says_what_the_nearest_walks_say(
    lines: list[list[tuple[float, float]]], entries: list[tuple[float, float]], limit_m: float
) -> None:
    network = build_network(drawn(lines))
    entered = Entries(points(*entries), np.arange(len(entries)) // 2)
    placed = snap(network, entered.points_m)
    places, everywhere = int(entered.owner[-1]) + 1, np.arange(len(network))
    found = walk_matrix(network, entered, placed, places, everywhere, limit_m)
    nearest_m = np.full(len(network), np.inf)
    np.minimum.at(nearest_m, found.col, found.data)
    assert nearest_m == pytest.approx(walk_from(network, placed.node, placed.distance_m, limit_m).distance_m)


@given(street_lines, doors, st.data())
@relaxed
def test_meeting_doors_leaves_every_walk_as_long_and_brings_each_to_the_nearest_point_of_a_street(
    lines: list[list[tuple[float, float]]], entries: list[tuple[float, float]], data: st.DataObject
) -> None:
    streets, doors_m = drawn(lines), points(*entries)
    plain = build_network(streets)
    met = meeting(plain, doors_m)
    start = np.array([data.draw(st.integers(0, len(plain) - 1))])
    before, after = (walk_from(network, start, np.zeros(1)).distance_m for network in (plain, met))
    assert after[: len(plain)] == pytest.approx(before, abs=1e-6)
    assert (met.component[: len(plain)] == plain.component).all()
    assert (np.isfinite(after) == (met.component == plain.component[start[0]])).all()
    along = shapely.union_all(to_measured(streets.geometry).array)
    off_m = shapely.distance(shapely.points(doors_m), along)
    near = off_m < SNAP_LIMIT_M - 1
    assert snap(met, doors_m).distance_m[near] == pytest.approx(off_m[near], abs=0.02)
    again = meeting(plain, doors_m[::-1])
    assert again.nodes == pytest.approx(met.nodes, abs=0.02)


@given(street_lines, st.integers(0, 10_000), st.floats(50, 3_000))
@relaxed
def test_walks_from_both_ends_of_a_stretch_are_those_from_a_node_where_the_door_meets_it(
    lines: list[list[tuple[float, float]]], seed: int, limit_m: float
) -> None:
    plain = build_network(drawn(lines))
    # drawn from a seed, for a door just as near to two streets may meet either
    entered = Entries(points(*np.random.default_rng(seed).uniform(-20, 680, (6, 2))), np.arange(6) // 2)
    met, places, nodes = meeting(plain, entered.points_m), int(entered.owner[-1]) + 1, np.arange(len(plain))
    one = walk_matrix(plain, *from_doors(plain, entered), places, nodes, limit_m)
    other = walk_matrix(met, entered, snap(met, entered.points_m), places, nodes, limit_m)
    assert beyond(one, limit_m) == pytest.approx(beyond(other, limit_m), abs=0.02)


def beyond(walks: sparse.coo_array, limit_m: float) -> Floats:
    """All walks of a matrix, those that are not in it as long as the limit."""
    metres = np.full(walks.shape, limit_m)
    metres[walks.row, walks.col] = walks.data
    return metres


@given(street_lines, st.floats(20, 200), st.data())
@relaxed
def test_parting_long_streets_leaves_every_walk_between_vertices_as_long(
    lines: list[list[tuple[float, float]]], step_m: float, data: st.DataObject
) -> None:
    kinds = data.draw(st.lists(st.sampled_from(["residential", "path"]), min_size=len(lines), max_size=len(lines)))
    streets = streets_from(lines, kinds)
    plain, parted = build_network(streets), build_network(streets, step_m)
    start = np.array([data.draw(st.integers(0, len(plain) - 1))])
    before, after = (walk_from(network, start, np.zeros(1)).distance_m for network in (plain, parted))
    assert after[: len(plain)] == pytest.approx(before, abs=1e-6)
    assert (np.isfinite(after[: len(plain)]) == np.isfinite(before)).all()
    assert parted.graph.sum() == pytest.approx(plain.graph.sum())
    both_lived_on = parted.residential[parted.graph.tocoo().row] & parted.residential[parted.graph.tocoo().col]
    if set(kinds) == {"residential"}:
        assert both_lived_on.all()
        assert (parted.graph.data <= step_m).all()


@given(street_lines, doors, st.integers(1, 40), st.floats(0, 3000))
@relaxed
def test_the_matrix_is_to_the_last_digit_what_each_place_alone_would_find(
    lines: list[list[tuple[float, float]]], entries: list[tuple[float, float]], stretched: int, limit_m: float
) -> None:
    network = build_network(drawn([[(stretched * x, stretched * y) for x, y in line] for line in lines]))
    entered = Entries(points(*((stretched * x, stretched * y) for x, y in entries)), np.arange(len(entries)) // 2)
    placed = snap(network, entered.points_m)
    places = int(entered.owner[-1]) + 1
    found = walk_matrix(network, entered, placed, places, np.arange(len(network)), limit_m)
    full = np.full(found.shape, np.inf)
    full[found.row, found.col] = found.data
    for place in range(places):
        own = entered.owner == place
        alone = walk_from(network, placed.node[own], placed.distance_m[own], limit_m)
        assert (full[place] == alone.distance_m).all()
