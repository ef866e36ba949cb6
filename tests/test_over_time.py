"""What closed by when: even periods from the ledger, access at each, and small maps of one scale on one page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

from assetmap import look, questions
from assetmap.errors import QuestionError
from assetmap.loading import load_place
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.printing import over_time_sheet
from assetmap.questions.over_time import moments
from assetmap.sheets import Sheet, alt_text, checksum, render
from assetmap.sheets.panels import compose_panels
from assetmap.sheets.paper import Paper
from assetmap.store import open_store
from assetmap.tables import Assets
from conftest import ENGINES, new_url
from registers import LAYERS, ROOT
from test_questions import fill
from town import town_assets


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    folder = tmp_path_factory.mktemp("overtime")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        yield fill(store, assets=town_assets())


@pytest.fixture(scope="module")
def demo_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    with open_store(tmp_path_factory.mktemp("demo") / "town.gpkg") as store:
        load_place(store, read_place(ROOT / "data" / "town" / "town.yaml"), LAYERS, None)
        yield PlaceView(store, "town", LAYERS)


@pytest.fixture(scope="module")
def demo_sheet(demo_town: PlaceView) -> Sheet:
    return over_time_sheet(demo_town)


def texts(paper: Paper) -> list[str]:
    return [text.get_text() for text in paper.figure.axes[0].texts if not text.get_path_effects()]


@pytest.mark.parametrize(
    ("first", "last", "at"),
    [
        (2014, 2014, [2013, 2014]),
        (2013, 2015, [2012, 2013, 2014, 2015]),
        (2010, 2023, [2009, 2012, 2015, 2018, 2021, 2023]),
        (2010, 2017, [2009, 2011, 2013, 2015, 2017]),
    ],
)
def test_the_years_are_parted_evenly(first: int, last: int, at: list[int]) -> None:
    assert moments(first, last) == at


@given(first=st.integers(1900, 2020), span=st.integers(0, 60))
def test_the_moments_run_from_before_the_first_closure_to_the_last(first: int, span: int) -> None:
    at = moments(first, first + span)
    steps = np.diff(at)
    assert (at[0], at[-1]) == (first - 1, first + span)
    assert 2 <= len(at) <= 6
    assert (steps > 0).all()
    assert len(set(steps[:-1])) <= 1
    assert steps[-1] <= steps[0]


def test_access_at_each_moment_is_that_of_the_hand_solved_town(town: PlaceView) -> None:
    answer = questions.lost_over_time(town)
    table = answer.part("moments")
    assert table["year"].tolist() == [2014, 2015]
    assert table["closed_so_far"].tolist() == [0, 1]
    assert table["people_within"].tolist() == pytest.approx([2_100, 1_200])
    assert table["people_losing"].tolist() == pytest.approx([0, 900])
    assert answer.sentence == (
        "Of today's people, 2,100 had a library within 15 minutes at the end of 2014, and 1,200 at the end of 2015. "
        "900 of them have lost one."
    )
    assert float(questions.who_lost(town).table["people_losing"].sum()) == pytest.approx(900)


def test_each_map_has_its_year_its_count_and_who_could_walk_to_one(town: PlaceView) -> None:
    said = texts(compose_panels(over_time_sheet(town)))
    for words in (
        "End of 2014", "Before the first closure on record", "2,100 people had a library within 15 minutes",
        "End of 2015", "1 closed, in 2015", "1,200 people had a library within 15 minutes", "closed 2015",
        "Closed since the map before", "Closed earlier", "How this was worked out", "Sources and licences", "no data",
    ):  # fmt: skip
        assert any(words in each for each in said), words
    assert said.count("N") == 1


def test_kinds_are_counted_together_where_several_closed(demo_town: PlaceView) -> None:
    table = questions.lost_over_time(demo_town).part("moments")
    assert table["closed_so_far"].iloc[-1] == 36
    assert table["closed"].sum() == 36
    assert (np.diff(table["kinds_within"]) <= 0.2).all()
    assert table["kinds_within"].iloc[0] > table["kinds_within"].iloc[-1]
    assert table["people_losing"].iloc[-1] == pytest.approx(
        questions.who_lost(demo_town).table["people_losing"].sum(), rel=0.02
    )


def test_the_years_that_are_asked_for_are_the_ones_on_the_maps(demo_town: PlaceView) -> None:
    answer = questions.lost_over_time(demo_town, since=2012, until=2016)
    table = answer.part("moments")
    assert table["year"].tolist() == moments(2012, 2016)
    assert table["closed_so_far"].iloc[0] == 0
    assert table["closed_so_far"].iloc[-1] == len(questions.lost(demo_town, 2012, 2016).table)
    sheet = over_time_sheet(demo_town, since=2012, until=2016)
    assert sheet.panels[0].lines[0] == "Before 2012, to compare with"
    assert crosses(compose_panels(sheet)) == table["closed_so_far"].sum()
    left_out = len(questions.lost(demo_town).table) - table["closed_so_far"].iloc[-1]
    assert f"{left_out} closures are of other years, or of none known, and on none of these maps." in sheet.caveats
    with pytest.raises(QuestionError, match="nothing to tell period by period"):
        questions.lost_over_time(demo_town, since=1900, until=1901)


def test_a_walk_of_other_length_and_a_shorter_span_tell_the_same_of_the_same_year(demo_town: PlaceView) -> None:
    whole, few = (questions.lost_over_time(demo_town, 10, since).part("moments") for since in (None, 2016))
    assert float(whole["kinds_within"].iloc[-1]) == pytest.approx(float(few["kinds_within"].iloc[-1]))


def crosses(paper: Paper) -> int:
    """How many crosses the maps have: each is stamped as a ground and a mark."""
    stamped = [each for each in paper.figure.axes[0].collections if each.get_zorder() < 6]
    return sum(len(each.get_offsets()) for each in stamped) // 2


def test_every_map_has_all_that_had_closed_by_then(demo_sheet: Sheet, demo_town: PlaceView) -> None:
    so_far = questions.lost_over_time(demo_town).part("moments")["closed_so_far"]
    assert crosses(compose_panels(demo_sheet)) == so_far.sum()
    assert [panel.lines[0] for panel in demo_sheet.panels][1:3] == [
        "10 closed, all in 2010 to 2012",
        "21 closed, 11 of them in 2013 to 2015",
    ]
    assert "5 closures have no date and can be on none of these maps." in demo_sheet.caveats


def test_every_word_of_small_maps_stays_on_the_page_and_is_large_enough(demo_sheet: Sheet) -> None:
    figure = compose_panels(demo_sheet).figure
    page, renderer = figure.bbox, FigureCanvasAgg(figure).get_renderer()
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert page.x0 <= box.x0 <= box.x1 <= page.x1, text.get_text()
        assert page.y0 <= box.y0 <= box.y1 <= page.y1, text.get_text()
        assert text.get_fontsize() >= 7


@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
def test_small_maps_are_the_same_file_every_time(demo_sheet: Sheet, format: Any) -> None:
    assert render(demo_sheet, format) == render(demo_sheet, format)


def test_small_maps_describe_and_number_themselves(demo_sheet: Sheet) -> None:
    assert "Six small maps of the fictional town of Marramsea show what had closed by the end of 2009" in alt_text(
        demo_sheet
    )
    assert checksum(demo_sheet) != checksum(replace(demo_sheet, panels=demo_sheet.panels[1:]))
    assert look.LOST.title in texts(compose_panels(demo_sheet))


def test_without_a_dated_closure_there_is_nothing_to_part_by_date(demo_town: PlaceView) -> None:
    view = PlaceView(demo_town._store, "town", LAYERS)
    view.__dict__["assets"] = Assets(demo_town.assets.assign(closed_on=None))
    with pytest.raises(QuestionError, match="No closure in Marramsea has a date"):
        over_time_sheet(view)
