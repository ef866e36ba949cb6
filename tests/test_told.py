"""What leaves as a table: people whole, how distances were measured in every row, and on hills minutes alone."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmap import questions
from assetmap.cli.viewing import tell
from assetmap.packs import Wanted
from assetmap.packs.entries import entries_of
from assetmap.placeview import PlaceView, Walking
from assetmap.questions import Answer
from assetmap.questions.access import METHODS
from assetmap.questions.sites import AIMS
from assetmap.scenarios import Change, Scenario
from assetmap.screens import tables
from assetmap.showing import Format
from assetmap.store import Store, open_store
from conftest import ENGINES, new_url
from registers import LAYERS
from test_questions import fill
from town import EAST, PLACE, WEST, town_assets, town_heights

CLOSING = Scenario("without the library", (Change("close", f"{PLACE}/community_buildings:1"),))
PEOPLE = re.compile(r"(people|children)(_\w+)?|demand|adds")
RESTS_ON_DISTANCE = (
    "share_within", "people_within", "people_losing", "people_newly", "walk_minutes_median", "share_within_5", "access",
    "demand", "kinds_within", "people_within_walk", "minutes", "places_e2sfca_before", "kinds_within_before",
    "people_without_play", "no_change",
)  # fmt: skip


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("told")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as opened:
        yield opened


def answers(view: PlaceView) -> list[Answer]:
    return [
        questions.nearest(view, ["library"]),
        questions.gaps(view, patterns=False),
        *(questions.access(view, ["library"], method=method) for method in METHODS),
        questions.who_lost(view),
        questions.lost_over_time(view),
        questions.profile(view, [WEST]),
        questions.whatif(view, [CLOSING]),
        *(questions.sites(view, "library", aim=aim) for aim in AIMS),
        questions.sites(view, "library", scenario=CLOSING),
        questions.play_street_candidates(view),
    ]


def sentences_of(words: str) -> list[str]:
    return re.split(r"(?<=[.!?]) (?=[A-Z])", words)


def tables_of(answer: Answer) -> dict[str, pd.DataFrame]:
    return {"table": answer.table, "totals": answer.totals, "shapes": answer.shapes, **answer.parts}


@pytest.mark.parametrize(
    ("streets", "walking", "says"),
    [
        (False, Walking(), "straight line"),
        (False, Walking(step_free=True, slope=True), "straight line"),
        (True, Walking(), "walking"),
        (True, Walking(step_free=True), "walking without steps"),
        (True, Walking(slope=True), "walking, hills counted"),
        (True, Walking(step_free=True, slope=True), "walking without steps, hills counted"),
    ],
)
def test_every_table_has_whole_people_and_says_how_distances_were_measured(
    store: Store, streets: bool, walking: Walking, says: str
) -> None:
    fill(store, assets=town_assets(), streets=streets, heights=town_heights())
    found = set()
    for answer in answers(PlaceView(store, PLACE, LAYERS, walking)):
        assert answer.measured == says
        assert len(sentences_of(answer.method)) <= 2, answer.method
        for name, rows in tables_of(answer).items():
            told = answer.told(rows)
            assert len(told) == len(rows)
            resting = set(RESTS_ON_DISTANCE) & set(rows.columns)
            found |= resting
            if resting:
                assert set(told["method"]) <= {says}, (answer.title, name)
            for column in filter(PEOPLE.fullmatch, map(str, told.columns)):
                assert not pd.api.types.is_float_dtype(told[column]), (answer.title, name, column)
    assert found >= {"people_within", "people_losing", "demand", "people_within_walk", "no_change"}


def test_what_rests_on_no_distance_is_also_worked_out_in_two_sentences_at_most(store: Store) -> None:
    view = fill(store, assets=town_assets())
    for answer in (questions.here(view), questions.lost(view)):
        assert len(sentences_of(answer.method)) <= 2, answer.method


def test_tables_that_rest_on_no_distance_do_not_speak_of_any(store: Store) -> None:
    view = fill(store, assets=town_assets())
    here, lost, play = questions.here(view), questions.lost(view), questions.play_street_candidates(view)
    for answer, rows in ((here, here.table), (lost, lost.table), (play, play.part("law"))):
        assert "method" not in answer.told(rows).columns
    assert (here.measured, lost.measured) == ("", "")


def test_on_hills_there_are_minutes_and_no_metres(store: Store) -> None:
    fill(store, assets=town_assets(), heights=town_heights())
    hilly, level = (PlaceView(store, PLACE, LAYERS, Walking(slope=slope)) for slope in (True, False))
    for ask in (lambda view: questions.nearest(view, ["library"]), questions.gaps):
        told = [set(ask(view).table.columns) for view in (hilly, level)]
        assert told[1] - told[0] == {"walk_m_median"}
        assert "walk_minutes_median" in told[0]
    near, plain = (questions.profile(view, [WEST]).part("nearest") for view in (hilly, level))
    assert set(plain.columns) - set(near.columns) == {"metres"}
    words = [" ".join(questions.profile(view, [WEST]).table["nearest"].explode().dropna()) for view in (hilly, level)]
    assert re.search(r"\(\d+ min\)", words[0])
    assert not re.search(r"\d m\)", words[0])
    assert re.search(r"\(\d+ m\)", words[1])


def test_a_play_street_is_ranked_by_who_can_walk_to_play_as_it_is_asked(store: Store) -> None:
    fill(store, assets=town_assets(), heights=town_heights())
    for walking, words in (
        (Walking(), "further than 5 minutes from a play space or park"),
        (Walking(step_free=True), "further than 5 step-free minutes from a play space or park"),
        (Walking(slope=True), "further than 5 minutes (counting hills) from a play space or park"),
    ):
        answer = questions.play_street_candidates(PlaceView(store, PLACE, LAYERS, walking))
        assert words in answer.method
        assert all(words in reasons[0] for reasons in answer.table["reasons"])
        assert ("heights" in [source.layer for source in answer.sources]) == walking.slope


def test_a_pack_and_a_page_hold_the_same_whole_people_as_the_command_line(store: Store) -> None:
    view = fill(store, assets=town_assets(), streets=False)
    entries = entries_of(view, Wanted(PLACE, about=("gaps",), kinds=("library",)), None)
    (rows,) = (table for name, table in entries[0].tables.items() if name == "gaps")
    assert set(rows["method"]) == {"straight line"}
    assert str(rows["people_within"].dtype) == "Int64"
    answer = entries[0].answer
    assert set(tables.gaps_table(answer, "imd")["How measured"]) == {"Straight line"}


def test_where_every_row_is_a_measure_the_counts_of_people_are_whole() -> None:
    rows = pd.DataFrame({"key": ["people_within", "walk_minutes"], "measure": ["a", "b"], "then": [12.6, 12.6]})
    answer = Answer("", "", rows, pd.DataFrame(), "", (), ())  # type: ignore[arg-type]
    assert answer.told(rows)["then"].tolist() == [13.0, 12.6]
    named = rows.drop(columns="key").assign(measure=["people in a square kilometre", "people"])
    assert answer.told(named)["then"].tolist() == [12.6, 13.0]


@given(st.lists(st.floats(0, 5_000) | st.just(np.nan), min_size=1, max_size=40))
def test_each_count_is_the_nearest_whole_and_blanks_stay_blank(people: list[float]) -> None:
    rows = pd.DataFrame({"people_losing": people, "share_losing": people, "people_of": "the Indices of 2019"})
    empty = pd.DataFrame()
    answer = Answer("", "", rows, empty, "", (), (), measured="walking")  # type: ignore[arg-type]
    told = answer.told(rows)
    assert told["people_losing"].isna().tolist() == np.isnan(people).tolist()
    apart = (told["people_losing"].astype("float64") - rows["people_losing"]).abs()
    assert (apart.fillna(0.0) <= 0.5).all()
    pd.testing.assert_series_equal(told["share_losing"], rows["share_losing"])
    pd.testing.assert_series_equal(told["people_of"], rows["people_of"])
    assert answer.table["people_losing"].equals(rows["people_losing"]), "the answer itself keeps what was worked out"


def test_the_command_line_writes_the_same_as_json_and_as_csv(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    answer = questions.nearest(fill(store, assets=town_assets(), streets=False), ["library"])
    tell(answer, Format.json)
    told = json.loads(capsys.readouterr().out)
    assert told["measured"] == "straight line"
    assert {row["neighbourhood_code"] for row in told["table"]} == {WEST, EAST}
    assert all(isinstance(row["people_within"], int) and row["method"] == "straight line" for row in told["table"])
    assert all(row["method"] == "straight line" for row in told["parts"]["reach"])
    tell(answer, Format.csv)
    rows = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype=str)
    assert set(rows["method"]) == {"straight line"}
    assert rows["people_within"].str.fullmatch(r"\d+").all()
