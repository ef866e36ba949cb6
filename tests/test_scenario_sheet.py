"""A scenario on paper: what would change, who loses and gains and what is near, in the numbers of the answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

from assetmap import look, questions
from assetmap.errors import QuestionError
from assetmap.loading import load_place
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.printing import scenario_sheet
from assetmap.scenarios import Change, Scenario, found_scenario
from assetmap.sheets import Sheet, alt_text, checksum, render
from assetmap.sheets.layout import compose
from assetmap.sheets.paper import Paper
from assetmap.store import open_store
from conftest import ENGINES, new_url
from registers import LAYERS, ROOT
from test_questions import fill
from town import EAST, PLACE, WEST, town_assets

LIBRARY, EASTGATE = (f"{PLACE}/community_buildings:{number}" for number in (1, 2))
CLOSE = Scenario("without the library", (Change("close", LIBRARY),))
REOPEN = Scenario("with Eastgate open again", (Change("reopen", EASTGATE),))
BOTH = Scenario("the one for the other", (*CLOSE.changes, *REOPEN.changes))


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    folder = tmp_path_factory.mktemp("scenario")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        yield fill(store, assets=town_assets())


@pytest.fixture(scope="module")
def demo_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    with open_store(tmp_path_factory.mktemp("demo") / "town.gpkg") as store:
        load_place(store, read_place(ROOT / "data" / "town" / "town.yaml"), LAYERS, None)
        yield PlaceView(store, "town", LAYERS)


def texts(paper: Paper) -> list[str]:
    return [text.get_text() for text in paper.figure.axes[0].texts if not text.get_path_effects()]


def told(sheet: Sheet) -> str:
    return " ".join(texts(compose(sheet)))


def edges(paper: Paper, colour: str) -> int:
    """How many outlines of neighbourhoods are drawn in a colour, above the ground and beneath the marks."""
    drawn = [patch for patch in paper.figure.axes[0].patches if 4.05 <= patch.get_zorder() < 4.15]
    return sum(to_hex(patch.get_edgecolor()) == colour.lower() for patch in drawn)


def test_a_closure_says_who_loses_in_the_numbers_of_the_answer(town: PlaceView) -> None:
    sheet, answer = scenario_sheet(town, CLOSE), questions.whatif(town, [CLOSE])
    assert (sheet.title, sheet.subtitle) == (answer.title, answer.sentence)
    assert sheet.outlined is not None
    assert sheet.outlined.codes == {WEST, EAST}
    assert [each.area_code for each in sheet.outlined.standouts] == [WEST, EAST]
    facts = [each.facts for each in sheet.outlined.standouts]
    assert facts == ["900 of its 1,200 people lose one", "300 of its 1,500 people lose one"]
    first = sheet.figures[0]
    assert (first.measure, first.now, first.then) == ("People within 15 minutes", "1,200", "0")
    said = told(sheet)
    for words in (
        "What would change", "Hand Town Library closes", "would close", "Who would lose", "In all", "today if closed",
        "What stands near those who lose", "How this was worked out", "for the same people before and after",
        "Near does not say that a place has room", "Sources and licences",
    ):  # fmt: skip
        assert words in said


def test_what_closes_is_a_cross_that_has_not_closed_yet(town: PlaceView) -> None:
    sheet = scenario_sheet(town, CLOSE)
    assert sheet.gone["name"].tolist() == ["Hand Town Library"]
    assert "What has been lost" not in told(sheet)
    assert "1 that would close and 2 neighbourhoods outlined" in alt_text(sheet)


def test_what_opens_is_colour_not_filled_in_and_those_who_gain_have_its_outline(town: PlaceView) -> None:
    sheet = scenario_sheet(town, REOPEN)
    (opened,) = sheet.would_open
    assert opened.drawn["name"].tolist() == ["Eastgate Library"]
    assert sheet.lost is None
    assert sheet.outlined is not None
    assert (sheet.outlined.title, sheet.outlined.codes, sheet.outlined.coloured) == ("Who would gain", set(), {EAST})
    assert sheet.subtitle == "Within 15 minutes today: 1,200 people. With the change: 2,100."
    paper = compose(sheet)
    assert (edges(paper, look.theme("meeting").colour), edges(paper, look.INK)) == (1, 0)
    assert "Eastgate Library opens again" in " ".join(texts(paper))


def test_who_loses_is_in_ink_and_who_gains_in_colour(town: PlaceView) -> None:
    sheet = scenario_sheet(town, BOTH)
    assert sheet.outlined is not None
    assert (sheet.outlined.title, sheet.outlined.codes, sheet.outlined.coloured) == (
        "Who would lose and gain", {WEST}, {EAST},
    )  # fmt: skip
    paper = compose(sheet)
    assert (edges(paper, look.theme("meeting").colour), edges(paper, look.INK)) == (1, 1)


def test_what_moves_is_named_where_it_was_and_where_it_goes(demo_town: PlaceView) -> None:
    sheet = scenario_sheet(demo_town, Scenario("", (Change("move", "town/buildings:CB003", (0.5, 53.25)),)))
    changed = sheet.layers[0]
    assert (changed.title, changed.drawn["name"].tolist()) == ("Would move or have other hours", ["Highfield Library"])
    assert sheet.would_open[0].drawn["name"].tolist() == ["Highfield Library, moved"]
    assert "Highfield Library moves to Windmill Hill (Marramsea 006B)" in told(sheet)
    assert "Highfield Library" not in sheet.layers[1].drawn["name"].tolist()


def test_a_small_change_is_drawn_large_with_a_map_of_where_it_is(demo_town: PlaceView) -> None:
    sheet = scenario_sheet(demo_town, Scenario("", (Change("close", "town/buildings:CB004"),)))
    assert sheet.focus_m is not None
    assert sheet.outlined is not None
    near, far = compose(sheet), compose(replace(sheet, focus_m=None))
    scales = [int(re.search(r"1:([\d,]+)", " ".join(texts(paper))).group(1).replace(",", "")) for paper in (near, far)]  # type: ignore[union-attr]
    assert scales[0] < 0.8 * scales[1]
    ground = [patch for patch in near.figure.axes[0].patches if patch.get_zorder() == 1]
    assert near.window is None
    assert any(patch.get_clip_path() is not None for patch in ground)
    assert "beyond the map." in " ".join(texts(near))


@pytest.mark.parametrize(
    "changes",
    [
        {"close": ["town/buildings:CB004"]},
        {"close": ["town/buildings:CB004", "town/buildings:CB002"], "open": ["library@0.5,53.25", "hall@0.48,53.24"]},
        {"hours": ["town/buildings:CB004=10/5"], "reopen": ["Marsh Estate Library"]},
    ],
)  # fmt: skip
def test_every_word_of_a_scenario_stays_on_the_page(demo_town: PlaceView, changes: Any) -> None:
    figure = compose(scenario_sheet(demo_town, found_scenario(demo_town, changes))).figure
    page, renderer = figure.bbox, FigureCanvasAgg(figure).get_renderer()
    for text in figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert page.x0 <= box.x0 <= box.x1 <= page.x1, text.get_text()
        assert page.y0 <= box.y0 <= box.y1 <= page.y1, text.get_text()
        assert text.get_fontsize() >= 7


@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
def test_a_scenario_is_the_same_file_every_time(town: PlaceView, format: Any) -> None:
    assert render(scenario_sheet(town, CLOSE), format) == render(scenario_sheet(town, CLOSE), format)


def test_the_number_of_the_sheet_changes_with_the_scenario(town: PlaceView) -> None:
    numbers = {checksum(scenario_sheet(town, each)) for each in (CLOSE, REOPEN, BOTH)}
    assert len(numbers) == 3
    assert checksum(scenario_sheet(town, CLOSE, minutes=10)) not in numbers


def test_ones_own_title_takes_the_place_of_the_finding(town: PlaceView) -> None:
    assert scenario_sheet(town, CLOSE, title="Save our library").title == "Save our library"


def test_a_scenario_of_nothing_is_refused(town: PlaceView) -> None:
    with pytest.raises(QuestionError, match="Say what would change"):
        scenario_sheet(town, Scenario("nothing", ()))
