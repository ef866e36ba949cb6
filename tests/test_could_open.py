"""Best buildings, streets for play and deprivation on paper, in the numbers of their answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from assetmap import look, questions
from assetmap.errors import QuestionError
from assetmap.loading import load_place
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.printing import as_asked, deprivation_sheet, play_sheet, profile_sheet, sites_sheet
from assetmap.questions.play_streets import first_of_each
from assetmap.scenarios import NO_CHANGE, Change, Scenario
from assetmap.sheets import Sheet, alt_text
from assetmap.sheets.layout import compose
from assetmap.store import open_store
from conftest import ENGINES, new_url
from registers import LAYERS, ROOT
from test_deprivation_question import OF_2025, publish
from test_questions import fill
from town import EAST, PLACE, WEST, town_assets

LIBRARY, EASTGATE = (f"{PLACE}/community_buildings:{number}" for number in (1, 2))
CLOSE = Scenario("without the library", (Change("close", LIBRARY),))
REOPEN = Scenario("with Eastgate again", (Change("reopen", EASTGATE),))
LEAST_PT = 8.0


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    folder = tmp_path_factory.mktemp("could open")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        yield fill(store, assets=town_assets())


@pytest.fixture(scope="module")
def with_indices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    with open_store(tmp_path_factory.mktemp("indices") / "town.gpkg") as store:
        fill(store, assets=town_assets())
        publish(store, "deprivation", OF_2025)
        yield PlaceView(store, PLACE, LAYERS)


@pytest.fixture(scope="module")
def marramsea(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    with open_store(tmp_path_factory.mktemp("marramsea") / "town.gpkg") as store:
        load_place(store, read_place(ROOT / "data" / "town" / "town.yaml"), LAYERS, None)
        yield PlaceView(store, "town", LAYERS)


def told(sheet: Sheet) -> str:
    texts = compose(sheet).figure.axes[0].texts
    return " ".join(text.get_text() for text in texts if not text.get_path_effects())


def listed(sheet: Sheet) -> list[tuple[str, str]]:
    assert sheet.outlined is not None
    return [(each.name, each.facts) for each in sheet.outlined.standouts]


def sites(view: PlaceView, scenario: Scenario = NO_CHANGE, **asked: object) -> Sheet:
    answer = questions.sites(view, "library", choose=1, scenario=scenario, **asked)  # type: ignore[arg-type]
    sheet = sites_sheet(view, answer, "library", scenario)
    assert (sheet.title, sheet.subtitle) == (answer.title, answer.sentence)
    return sheet


def test_the_best_building_is_an_outline_with_its_number_among_the_libraries_there_are(town: PlaceView) -> None:
    sheet = sites(town)
    assert listed(sheet) == [("Ninth Avenue Hall", "1,200 more people; Eastgate (Hand Town 02)")]
    (could,), (libraries,) = sheet.opportunities, sheet.layers
    assert could.drawn["name"].tolist() == ["Ninth Avenue Hall"]
    assert (libraries.title, libraries.drawn["name"].tolist()) == (
        "Libraries that there are now", ["Hand Town Library"],
    )  # fmt: skip
    assert sheet.lost is None
    said = told(sheet)
    for words in ("What could be opened up", "Where one would do most", "How this was worked out", "Sources and"):
        assert words in said
    assert "1 library that there is now and 1 that could be opened up" in alt_text(sheet)


def test_a_building_found_after_a_change_stands_beside_what_would_close_and_open(town: PlaceView) -> None:
    closed, opened = sites(town, CLOSE), sites(town, REOPEN)
    assert closed.gone["name"].tolist() == ["Hand Town Library"]
    assert listed(closed) == [("Ninth Avenue Hall", "1,200 more people; Eastgate (Hand Town 02)")]
    said = told(closed)
    assert all(words in said for words in ("Hand Town Library closes", "would close", "What could be opened up"))
    assert "1 that would close and 1 that could be opened up" in alt_text(closed)
    # E2, E3 and E4 have Eastgate then: only W4 is left
    assert [facts.partition(";")[0] for _, facts in listed(opened)] == ["300 more people"]
    assert [each.drawn["name"].tolist() for each in opened.would_open] == [["Eastgate Library"]]
    assert "1 that would open and 1 that could be opened up" in alt_text(opened)


def test_shorter_walks_are_told_in_the_kilometres_that_nobody_walks_any_more(town: PlaceView) -> None:
    answer = questions.sites(town, "library", choose=1, aim="walks")
    ((_, facts),) = listed(sites(town, aim="walks"))
    assert facts.startswith(f"{answer.table['adds'].iloc[0] / 1000:,.0f} km less walked in all")


def test_where_no_building_would_bring_anybody_near_only_what_there_is_is_drawn(town: PlaceView) -> None:
    # everybody on the streets has a library within an hour
    answer = questions.sites(town, "library", minutes=60)
    sheet = sites_sheet(town, answer, "library")
    assert sheet.title.startswith("No building mapped here would bring anybody newly within 60 minutes")
    assert (sheet.opportunities, sheet.outlined) == ((), None)
    assert "Where one would do most" not in told(sheet)


def test_streets_for_play_are_listed_in_the_order_of_the_answer(town: PlaceView) -> None:
    answer = questions.play_street_candidates(town)
    sheet, rows = play_sheet(town, answer), first_of_each(answer.table)
    assert (sheet.title, sheet.subtitle) == (answer.title, answer.sentence)
    assert listed(sheet) == [
        (f"{name}, {part}", f"{without:,.0f} of {near:,.0f}")
        for name, part, without, near in rows[["name", "locality", "people_without_play", "people_near"]].to_numpy()
    ]
    assert [each.title for each in sheet.layers] == ["Parks and gardens", "Play streets"]
    assert f"{len(rows)} that could be opened up" in alt_text(sheet)
    assert as_asked(sheet, "play", "none").need is None
    with pytest.raises(QuestionError, match="A sheet of play has no shading 'gap'"):
        play_sheet(town, answer, shade="gap")


def test_streets_of_a_part_of_town_have_its_outline_and_are_numbered_anew(town: PlaceView) -> None:
    answer = questions.play_street_candidates(town, areas=["Eastgate"])
    sheet = play_sheet(town, answer, ["Eastgate"])
    assert set(answer.table["neighbourhood_code"]) == {EAST}
    assert [name for name, _ in listed(sheet)] == first_of_each(answer.table)["name"].tolist()
    (outline,) = sheet.backdrop["area"].geometry
    assert outline.equals(town.areas.set_index("area_code").geometry[EAST])
    assert "the outline of Eastgate" in alt_text(sheet)


def test_without_streets_there_is_no_map_of_streets_for_play(tmp_path: Path) -> None:
    with open_store(tmp_path / "town.gpkg") as store:
        view = fill(store, assets=town_assets(), streets=False)
        answer = questions.play_street_candidates(view)
        with pytest.raises(QuestionError, match="No streets are loaded for Hand Town"):
            play_sheet(view, answer)


def fifths(sheet: Sheet) -> dict[str, float]:
    assert sheet.need is not None
    return dict(zip(sheet.areas["area_code"], sheet.areas[sheet.need], strict=True))


def test_deprivation_shades_each_neighbourhood_by_its_own_tenth(with_indices: PlaceView) -> None:
    answer = questions.deprivation(with_indices)
    sheet = deprivation_sheet(with_indices, answer, "place")
    assert (sheet.title, sheet.subtitle) == (answer.title, answer.sentence)
    assert fifths(sheet) == {WEST: 1, EAST: 4}
    assert "Deprivation 2025, in fifths of England" in told(sheet)
    assert [layer.title for layer in sheet.layers][:1] == ["Places to meet"], "what is there stands over the greys"
    income = questions.deprivation(with_indices, domain="income")
    of_income = deprivation_sheet(with_indices, income, "place", domain="income")
    assert fifths(of_income) == {WEST: 1, EAST: 5}
    assert "Income deprivation 2025, in fifths of England" in told(of_income)


def test_deprivation_of_a_part_outlines_it_over_all_and_by_part_of_town_shades_the_parts(
    with_indices: PlaceView,
) -> None:
    part = questions.deprivation(with_indices, by="area", areas=["Westside"])
    sheet = deprivation_sheet(with_indices, part, "area", areas=["Westside"])
    assert sheet.title == part.title
    assert fifths(sheet) == {WEST: 1, EAST: 4}
    assert "the outline of Westside" in alt_text(sheet)
    parts = questions.deprivation(with_indices, by="locality")
    by_part = deprivation_sheet(with_indices, parts, "locality")
    # everybody of Westside lives in the most deprived fifth, and nobody of Eastgate does
    assert fifths(by_part) == {WEST: 1, EAST: 5}
    assert "three quarters of its people or more do" in told(by_part)


def test_what_has_no_outlines_has_no_map(with_indices: PlaceView) -> None:
    answer = questions.deprivation(with_indices)
    with pytest.raises(QuestionError, match="Deprivation by authority has no map"):
        deprivation_sheet(with_indices, answer, "authority")


# --- on paper, in the demo town --------------------------------------------------------------------------------------

PAGES: dict[str, Callable[[PlaceView], Sheet]] = {
    "sites": lambda view: sites_sheet(view, questions.sites(view, "library", choose=5), "library"),
    "play": lambda view: play_sheet(view, questions.play_street_candidates(view)),
    "play in Alma": lambda view: play_sheet(view, questions.play_street_candidates(view, areas=["Alma"]), ["Alma"]),
    "profile": lambda view: profile_sheet(view, ["Old Harbour"]),
    "deprivation": lambda view: deprivation_sheet(view, questions.deprivation(view), "place"),
    "deprivation by part": lambda view: deprivation_sheet(view, questions.deprivation(view, by="locality"), "locality"),
}


@pytest.mark.parametrize("page", PAGES)
def test_every_word_is_on_the_page_and_large_enough_to_read(marramsea: PlaceView, page: str) -> None:
    paper = compose(PAGES[page](marramsea))
    assert not paper.portrait
    bounds, renderer = paper.figure.bbox, FigureCanvasAgg(paper.figure).get_renderer()
    for text in paper.figure.axes[0].texts:
        box = text.get_window_extent(renderer)
        assert bounds.x0 <= box.x0 <= box.x1 <= bounds.x1, text.get_text()
        assert bounds.y0 <= box.y0 <= box.y1 <= bounds.y1, text.get_text()
        assert text.get_fontsize() >= LEAST_PT or not text.get_text().strip(), text.get_text()


@pytest.mark.parametrize("page", ["sites", "play", "play in Alma"])
def test_each_number_stands_once_on_the_map_and_once_in_the_list(marramsea: PlaceView, page: str) -> None:
    sheet = PAGES[page](marramsea)
    texts = [each for each in compose(sheet).figure.axes[0].texts if not each.get_path_effects()]
    said = [each.get_text() for each in texts if each.get_color() == look.PAGE and each.get_text().isdigit()]
    assert sorted(said, key=int) == [str(n) for n in range(1, len(listed(sheet)) + 1) for _ in range(2)]
