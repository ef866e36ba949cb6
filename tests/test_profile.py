"""A neighbourhood's profile: the hand-solved town's to the figure, people weighted as people, and its like found."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from assetmap import questions
from assetmap.cli import main
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.loading import load_place
from assetmap.measures.similar import similar
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.questions import Answer
from assetmap.questions.context import ages, context
from assetmap.questions.ingredients import INGREDIENTS
from assetmap.scenarios import found_change
from assetmap.store import open_store
from assetmap.tables import Assets
from conftest import ENGINES, new_url
from realplaces import loaded
from registers import LAYERS, ROOT
from test_questions import fill
from town import EAST, WEST, stored, town_assets


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    folder = tmp_path_factory.mktemp("handtown")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        yield fill(store, assets=town_assets())


def drawn(west: float, south: float, east: float, north: float) -> BaseGeometry:
    return stored([box(west, south, east, north)])[0]


def row(answer: Answer, key: str) -> pd.Series:
    return answer.table.set_index("key").loc[key]


def people(answer: Answer, column: str = "here") -> dict[str, float]:
    return {words.split(",")[0]: value for words, value in answer.part("people").set_index("measure")[column].items()}


def test_one_of_anything_is_told_in_the_singular(town: PlaceView) -> None:
    told = questions.profile(town, ["Westside"]).sentence
    assert "1,200 people live there. Mapped inside: 1 place to meet" in told
    assert [each.counted(1) for each in INGREDIENTS if each.says is None and not each.lost] == [
        "1 place to meet", "1 street for people", "1 piece of public land or public building",
        "1 thing that the community owns", "1 green place", "1 café, shop or pub that is for the community",
        "1 group or connector",
    ]  # fmt: skip
    for text in (told, questions.profile(town).sentence, questions.here(town).title, questions.nearest(town).sentence):
        assert not re.search(r"(?<![\d,.])1 (people|places|pieces|things|streets|groups|libraries)\b", text)


def test_the_west_of_hand_town(town: PlaceView) -> None:
    answer = questions.profile(town, ["Westside"])
    meeting = row(answer, "meeting")
    assert (meeting["count"], meeting["per_1000"]) == (1, pytest.approx(1000 / 1200))
    assert meeting["whole_per_1000"] == pytest.approx(2 * 1000 / 2700)
    # the library or the hall: all four western postcodes, and four of the five in the east, within 1,200 m
    assert meeting["share_within"] == pytest.approx(1)
    assert meeting["similar_share_within"] == pytest.approx(4 / 5)
    assert meeting["whole_share_within"] == pytest.approx(8 / 9)
    # half of the four walk 620 m or less to the library; half walk 1,420 m or less to the hall
    assert meeting["nearest"] == ["Hand Town Library (620 m)", "Ninth Avenue Hall (1,420 m)"]
    assert row(answer, "green")["share_within"] == pytest.approx(3 / 4)
    assert row(answer, "staffed")["count"] == 1
    assert row(answer, "lost")["count"] == 0
    assert "1,200 people live there" in answer.sentence


@pytest.fixture
def with_fronts(tmp_path: Path) -> Iterator[PlaceView]:
    """Hand Town with five fronts in the west, one of them closed, and one in the east."""
    every = town_assets()
    fronts = every.iloc[[0] * 6].reset_index(drop=True)
    fronts["kind"] = ["shop", "shop", "gambling", "community", "empty", "shop"]
    fronts["status"] = ["open", "unknown", "open", "open", "closed", "open"]
    fronts["area_code"] = [WEST] * 5 + [EAST]
    fronts["asset_id"] = [f"handtown/fronts:{number}" for number in range(6)]
    fronts["layer"], fronts["source"] = "fronts", "handtown/fronts"
    both = pd.concat([every, fronts], ignore_index=True)
    with open_store(tmp_path / "fronts.gpkg") as store:
        yield fill(store, assets=Assets(gpd.GeoDataFrame(both, crs=every.crs)))


def test_the_high_street_is_counted_front_by_front(with_fronts: PlaceView, town: PlaceView) -> None:
    answer = questions.profile(with_fronts, [WEST])
    fronts = answer.part("high_street").set_index("kind")
    told = {"shop": (2, 1 / 2), "gambling": (1, 1 / 4), "community": (1, 1 / 4), "empty": (0, 0), "lender": (0, 0)}
    for kind, (count, share) in told.items():
        assert fronts.loc[kind, ["count", "share"]].tolist() == pytest.approx([count, share])
    assert fronts.loc["shop", ["whole_count", "whole_share"]].tolist() == pytest.approx([3, 3 / 5])
    says = "Fronts of high streets inside: 2 shops, 1 community use and 1 betting or gaming place."
    assert answer.sentence.endswith(says)
    # they are not what is here, and nobody walks to them
    kinds = ["layer", "count"]
    assert questions.here(with_fronts).totals[kinds].equals(questions.here(town).totals[kinds])
    assert row(answer, "meeting")["count"] == 1
    east = questions.profile(with_fronts, outline=drawn(790, -20, 1050, 50))
    assert "No shop or other front of a high street is mapped inside." in east.sentence
    assert east.part("high_street")["share"].isna().all()
    assert "high_street" not in questions.profile(town, [WEST]).parts


def test_a_library_that_is_a_front_of_its_high_street_too_is_closed_by_its_name(with_fronts: PlaceView) -> None:
    (library,) = with_fronts.of(with_fronts.kind_choice("library"))["asset_id"]
    assert (with_fronts.assets["name"] == "Hand Town Library").sum() > 1
    assert found_change(with_fronts, "close", "hand town library").what == library


def test_a_register_of_libraries_does_not_say_that_there_is_no_community_cafe(town: PlaceView) -> None:
    high_street = row(questions.profile(town, [WEST]), "high_street")
    assert high_street[["count", "share_within", "per_1000"]].isna().all()


def test_what_nothing_tells_of_is_not_nought_and_is_asked(town: PlaceView) -> None:
    answer = questions.profile(town, [WEST])
    wealth, land = row(answer, "wealth"), row(answer, "public_land")
    assert np.isnan(wealth["count"])
    assert np.isnan(wealth["share_within"])
    assert land["count"] == 0
    asked = answer.part("questions").groupby("key")["question"].size()
    for ingredient in INGREDIENTS:
        empty = not row(answer, ingredient.key)["count"] > 0
        assert asked[ingredient.key] == len(ingredient.asks) + empty


def test_strengths_come_first_and_losses_last_and_nothing_is_added_up(town: PlaceView) -> None:
    table = questions.profile(town, [EAST]).table
    assert table["key"].iloc[-1] == "lost"
    assert table["nearest"].iloc[-1] == ["Eastgate Library (2015)"]
    shares = table["share_within"].iloc[:-1].fillna(-1)
    assert shares.is_monotonic_decreasing
    assert not [name for name in table if "score" in name or "rank" in name]


def test_a_drawn_area_weighs_people_and_never_fields(town: PlaceView) -> None:
    # one western postcode (rank 2,500) and one eastern one (rank 25,000), in an outline that is mostly eastern
    for outline in (drawn(700, -50, 1050, 50), drawn(790, -5000, 1050, 50), drawn(700, -50, 1010, 150)):
        answer = questions.profile(town, outline=outline)
        told = people(answer)
        assert told["people"] == pytest.approx(600)
        assert told["average rank of deprivation"] == pytest.approx((2_500 + 25_000) / 2)
        assert told["share of people in the most deprived fifth of England"] == pytest.approx(0.5)
        assert answer.part("similar").empty
    # the depot stands 30 m south of the street
    assert row(answer, "public_land")["count"] == 1
    assert row(questions.profile(town, outline=drawn(700, -20, 1050, 50)), "public_land")["count"] == 0


def test_an_area_that_runs_past_the_border_says_so(town: PlaceView) -> None:
    def beyond(outline: BaseGeometry) -> list[str]:
        return [each for each in questions.profile(town, outline=outline).caveats if "outside Hand Town" in each]

    # the town runs from -100 to 2,100 m; half of the second area is further east
    assert beyond(drawn(1000, 0, 2100, 700)) == []
    (said,) = beyond(drawn(1000, 0, 3300, 700))
    assert said.endswith("% of the area drawn lies outside Hand Town: people and places there are not counted.")
    assert beyond(drawn(-101, -101, 2101, 701)) == [], "nobody draws along a border exactly"
    assert [each for each in questions.profile(town).caveats if "lies outside" in each] == []


def test_an_outline_outside_the_place_is_told_so_with_where_the_place_is(town: PlaceView) -> None:
    def refused(outline: BaseGeometry) -> str:
        with pytest.raises(QuestionError) as fault:
            questions.profile(town, outline=outline)
        return str(fault.value)

    # the town ends at 2,100 m east
    said = refused(drawn(4600, 0, 4700, 100))
    assert said.startswith("This outline lies outside Hand Town, 2.5 km from it. Hand Town lies between ")
    west, south, east, north = town.areas.total_bounds
    assert f"{west:.3f} and {east:.3f} degrees of longitude" in said
    assert f"{south:.3f} and {north:.3f} degrees of latitude" in said
    assert "larger" not in said
    assert "first" not in said
    turned = refused(shapely.transform(drawn(0, 0, 100, 100), lambda corners: corners[:, ::-1]))
    assert ", far from it." in turned
    assert turned.endswith("Its corners say latitude first: write longitude first.")
    assert refused(drawn(500, 50, 510, 60)).endswith("Draw it larger."), "a field in the town in which nobody lives"


def test_what_is_inside_is_listed_as_often_as_it_counts(town: PlaceView) -> None:
    answer = questions.profile(town, ["Westside"])
    listed = answer.part("inside")["key"].value_counts()
    counted = answer.table.set_index("key")["count"].dropna()
    assert listed.reindex(counted.index).fillna(0).to_dict() == counted.to_dict()
    assert "Hand Town Library" in set(answer.part("inside")["name"])


def test_beside_the_whole_place_its_like_and_england(town: PlaceView) -> None:
    answer = questions.profile(town, ["Westside"], england=town)
    rank = "average rank of deprivation"
    assert people(answer)[rank] == 2_500
    assert people(answer, "similar")[rank] == 25_000
    assert people(answer, "whole")[rank] == pytest.approx((1200 * 2_500 + 1500 * 25_000) / 2700)
    assert people(answer, "england") == pytest.approx(people(answer, "whole"), nan_ok=True)
    assert np.isnan(people(questions.profile(town, ["Westside"]), "england")[rank])


def test_every_number_says_where_it_is_from(town: PlaceView) -> None:
    answer = questions.profile(town, ["Hand Town 01"])
    assert {source.layer for source in answer.sources} >= {"community_buildings", "neighbourhoods", "streets"}
    assert all(source.issues == 0 for source in answer.sources)
    assert row(answer, "meeting")["registers"]
    assert len(answer.table) == len(answer.shapes)
    assert not answer.table.map(lambda cell: isinstance(cell, dict | set)).any(axis=None)
    assert "nan" not in f"{answer.title} {answer.sentence}".lower().split()


def test_the_whole_place_has_no_like(town: PlaceView) -> None:
    answer = questions.profile(town)
    assert "In Hand Town" in answer.title
    assert answer.part("similar").empty
    assert "Similar neighbourhoods" not in " ".join(answer.caveats)
    assert row(answer, "meeting")["share_within"] == pytest.approx(8 / 9)


def test_words_that_mean_nothing_and_outlines_that_hold_nobody(town: PlaceView) -> None:
    with pytest.raises(UnknownNameError, match=r"part of town called 'Eastgat'. Did you mean 'Eastgate'\?"):
        questions.profile(town, ["Eastgat"])
    with pytest.raises(UnknownNameError, match=r"part of town called 'Northside'. Known: Eastgate, Westside"):
        questions.profile(town, ["Northside"])
    with pytest.raises(QuestionError, match="Nobody's home"):
        questions.profile(town, outline=drawn(100, 300, 150, 350))
    with pytest.raises(QuestionError, match="polygon"):
        questions.profile(town, outline=Point(-1, 52))
    with pytest.raises(QuestionError, match="not about both"):
        questions.profile(town, ["Westside"], drawn(0, 0, 900, 900))


def test_children_and_older_people_come_from_the_newest_figures_of_the_same_neighbourhoods(
    town: PlaceView, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        (WEST, "LSOA 2011", 2019, 1000, 900, 50),
        (WEST, "LSOA 2021", 2019, 1000, 100, 50),
        (WEST, "LSOA 2021", 2025, 1000, 250, 200),
        (EAST, "LSOA 2011", 2025, 1000, 900, 50),
    ]
    columns = ["code", "geography", "edition", "population", "children", "older_people"]
    figures = pd.DataFrame(rows, columns=columns).set_index("code")
    changes = pd.DataFrame({"geography": [], "became": [], "change": []})
    told = {"neighbourhood_changes": changes}
    monkeypatch.setattr(town, "figures", lambda layer: told.get(layer, figures))
    monkeypatch.setattr(town, "once", lambda key, make: make())
    assert ages(town).loc[WEST].tolist() == [0.25, 0.2, 2025]
    assert ages(town).loc[EAST].isna().all()
    # with the lookup of what became of neighbourhoods, figures of 2011 are led across
    rows = {"geography": ["LSOA 2011"] * 2, "became": [WEST, EAST], "change": ["unchanged"] * 2}
    told["neighbourhood_changes"] = pd.DataFrame(rows, index=[WEST, EAST])
    assert ages(town).loc[WEST].tolist() == [0.25, 0.2, 2025]
    assert ages(town).loc[EAST].tolist() == [0.9, 0.05, 2025]


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hand.gpkg"
    with open_store(path) as store:
        fill(store, assets=town_assets())
    west, south, east, north = drawn(700, -50, 1050, 50).bounds
    corners = f"{west},{south} {east},{south} {east},{north} {west},{north}"
    said = {}
    for words in (["Westside"], ["--outline", corners], ["--outline", "here"], ["Northside"]):
        argv = ["assetmap", "ask", "profile", *words, "--store", str(path), "--format", "json", "--part", "people"]
        monkeypatch.setattr(sys, "argv", argv)
        with pytest.raises(SystemExit) as ended:
            main()
        said[words[-1]] = (ended.value.code, *capsys.readouterr())
    assert json.loads(said["Westside"][1])[0] == {
        "measure": "people", "here": 1200, "whole": 2700, "similar": 1500, "england": None,
    }  # fmt: skip
    assert json.loads(said[corners][1])[0]["here"] == 600
    assert said["here"][0] == said["Northside"][0] == 1
    assert "three or more corners" in said["here"][2]


# --- which neighbourhoods are alike ----------------------------------------------------------------------------------


def test_similar_solved_on_paper() -> None:
    about = pd.DataFrame(
        {"rank": [1.0, 3, 5, np.nan], "density": [2.0, 2, 6, 6], "flat": [7.0] * 4}, index=list("abcd")
    )
    found = similar(about, about.loc["a"], without=["a"])
    spread = np.std([1, 3, 5])
    assert found.index.tolist() == ["b", "d", "c"]
    assert found.loc["b", "distance"] == pytest.approx(np.sqrt(((2 / spread) ** 2) / 2))
    # d has no rank: only its density is compared, 4 apart where the standard deviation is 2
    assert found.loc["d"].tolist() == pytest.approx([2, 1])
    assert found.loc["c", "distance"] == pytest.approx(np.sqrt(((4 / spread) ** 2 + 2**2) / 2))


numbers = st.one_of(st.floats(-1e3, 1e3), st.just(np.nan))


@given(st.lists(st.tuples(numbers, numbers), min_size=2, max_size=12), st.randoms(), st.integers(1, 5))
def test_similar_does_not_depend_on_the_order_of_rows_and_leaves_the_subject_out(
    rows: list[tuple[float, float]], chance: object, k: int
) -> None:
    about = pd.DataFrame(rows, columns=["one", "two"], index=[f"E{n:02}" for n in range(len(rows))])
    shuffled = about.loc[chance.sample(list(about.index), len(about))]  # type: ignore[attr-defined]
    found = similar(about, about.iloc[0], k, [about.index[0]])
    again = similar(shuffled, about.iloc[0], k, [about.index[0]])
    assert found["distance"].to_numpy() == pytest.approx(again["distance"].to_numpy(), rel=1e-6, abs=1e-6)
    assert len(found) <= k
    assert about.index[0] not in found.index
    assert found["distance"].is_monotonic_increasing
    assert not found["distance"].isna().any()


# --- the demo town and Rutland ---------------------------------------------------------------------------------------


def test_the_demo_town_is_the_same_on_both_engines(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place, folder = read_place(ROOT / "data" / "town" / "town.yaml"), tmp_path_factory.mktemp("town")
    answers = []
    for engine in ENGINES:
        with new_url(request, engine, folder, ready=False) as url, open_store(url) as store:
            load_place(store, place, LAYERS, None)
            view = PlaceView(store, place.id, LAYERS)
            answers.append(questions.profile(view, ["Old Harbour"]))
            assert len(context(view)) == len(view.areas)
    one, other = answers
    pd.testing.assert_frame_equal(one.table, other.table)
    for name in one.parts:
        pd.testing.assert_frame_equal(one.part(name), other.part(name))
    assert len(one.part("similar")) == 10
    assert not set(one.part("similar")["locality"]) & {"Old Harbour"}
    assert (one.part("nearest").groupby("key").size() <= 3).all()


@pytest.mark.parametrize("engine", ["gpkg"])
def test_rutland(request: pytest.FixtureRequest, real_data: Path, engine: str) -> None:
    request.param = engine  # type: ignore[attr-defined]
    with loaded(request, "rutland", real_data) as place:
        view = place.view
        answer = questions.profile(view, ["E01013806"])
        assert people(answer)["people"] == pytest.approx(1_830)
        assert 0 <= people(answer, "whole")["average rank of deprivation"] <= 33_755
        assert np.isnan(row(answer, "public_land")["count"])
        assert len(answer.part("similar")) == 10
        # File 7 of 2025 is blank there; the figures of 2019 are for neighbourhoods that mostly have not changed
        assert people(answer, "whole")["share of people aged 0 to 15"] == pytest.approx(0.17, abs=0.03)
        assert any("figures of 2019" in caveat for caveat in answer.caveats)
        half = gpd.GeoSeries([answer.shapes.geometry.iloc[0]]).buffer(-0.001).iloc[0]
        inside = questions.profile(view, outline=half)
        assert 0 < people(inside)["people"] <= 1_830
