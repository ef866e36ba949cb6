"""A place and a question become a sheet: what is drawn, what steps back, and every source said once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from assetmap import look, printing, questions
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.loading import load_place
from assetmap.places import read_place
from assetmap.placeview import PlaceView, Provenance
from assetmap.printing import (
    ABOUT,
    Terms,
    access_sheet,
    answers,
    over_time_sheet,
    profile_sheet,
    sheet_of,
    source_line,
    sources_table,
    who_lost_sheet,
)
from assetmap.printing.parts import near_words
from assetmap.questions import Strength
from assetmap.records import SourceFile
from assetmap.sheets import Sheet, alt_text
from assetmap.sheets.credits import in_words, merged_years
from assetmap.sheets.layout import compose
from assetmap.store import open_store
from assetmap.tables import Assets
from registers import LAYERS, ROOT

CROWN = "Contains OS data © Crown copyright and database right"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    """The demo town."""
    with open_store(tmp_path_factory.mktemp("printing") / "town.gpkg") as store:
        load_place(store, read_place(ROOT / "data" / "town" / "town.yaml"), LAYERS, None)
        yield PlaceView(store, "town", LAYERS)


@pytest.fixture(scope="module")
def sheets(town: PlaceView) -> dict[str, Sheet]:
    """The demo town's sheet of each question."""
    return {about: sheet_of(town, about) for about in ABOUT}


@pytest.fixture(scope="module")
def figures(sheets: dict[str, Sheet]) -> dict[str, Figure]:
    """The same, drawn."""
    return {about: compose(sheet).figure for about, sheet in sheets.items()}


def words(figure: Figure) -> str:
    """All that is written on a sheet, without the halos beneath."""
    return " ".join(text.get_text() for text in figure.axes[0].texts if not text.get_path_effects())


def drawn(sheet: Sheet) -> list[str]:
    return [layer.title for layer in sheet.layers]


def test_a_name_in_two_layers_stands_beside_a_neighbourhood_once() -> None:
    near = [
        Strength(name, name, layer, "", layer, metres)
        for name, layer, metres in (
            ("Woodheys Park", "green_space", 448.0),
            ("Woodheys Park", "public_land", 453.0),
            ("The Hall", "groups", 520.0),
        )
    ]
    assert near_words(near) == "Woodheys Park, 450\N{NO-BREAK SPACE}m; The Hall, 520\N{NO-BREAK SPACE}m"


def test_a_sheet_is_asked_with_the_terms_of_its_question(town: PlaceView) -> None:
    terms = Terms(10, {"need": 4}, since=2012, until=2016)
    layer = next(each.id for each in town.layers_here if each.gaps_first)
    gaps = questions.gaps(town, layers=(layer,), minutes=10, weights={"need": 4})
    sheet = sheet_of(town, "gaps", (layer,), terms=terms)
    assert sheet.title == gaps.title
    assert sheet.outlined is not None
    scored = gaps.table[gaps.table["lack"] > 0]
    assert sheet.outlined.codes == frozenset(scored["neighbourhood_code"].head(round(0.2 * len(gaps.table))))
    assert "within 10 minutes" in sheet.outlined.note
    lost, told = sheet_of(town, "lost", terms=terms), questions.lost(town, 2012, 2016)
    assert lost.lost is not None
    assert 0 < len(lost.lost) == len(told.table) < len(questions.lost(town).table)
    assert lost.title == told.title


@pytest.mark.parametrize("about", ABOUT)
def test_every_sheet_of_the_demo_town_keeps_its_words_on_the_page(figures: dict[str, Figure], about: str) -> None:
    figure = figures[about]
    page, renderer = figure.bbox, FigureCanvasAgg(figure).get_renderer()
    boxes = [text.get_window_extent(renderer) for text in figure.axes[0].texts]
    assert min(box.x0 for box in boxes) >= page.x0
    assert max(box.x1 for box in boxes) <= page.x1
    assert min(box.y0 for box in boxes) >= page.y0
    assert max(box.y1 for box in boxes) <= page.y1


def test_what_is_here_is_counted_in_the_words_of_the_layers(
    sheets: dict[str, Sheet], figures: dict[str, Figure]
) -> None:
    sheet = sheets["here"]
    assert "Places of worship and others" in words(figures["here"])
    assert "76 green places" in alt_text(sheet)
    assert "10 streets for people" in alt_text(sheet)
    assert [layer.title for layer in sheet.layers if layer.ground] == ["Parks, play and growing"]


def test_many_losses_have_a_sheet_of_their_own(sheets: dict[str, Sheet]) -> None:
    sheet = sheets["here"]
    assert sheet.lost is None
    assert "41 closures are recorded; they have a sheet of their own." in sheet.caveats


def test_many_rough_positions_are_counted_but_not_drawn_unless_asked_for(
    town: PlaceView, sheets: dict[str, Sheet], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Groups, skills and time" in drawn(sheets["here"])
    monkeypatch.setattr(answers, "MANY_BLURRED", 10)
    sheet = sheet_of(town, "here")
    assert "Groups, skills and time" not in drawn(sheet)
    said = "51 groups and offers of help are placed to the nearest 500\N{NO-BREAK SPACE}m and are not drawn here."
    assert said in sheet.caveats
    assert "Groups, skills and time" in " ".join(sheet.sources)
    assert drawn(sheet_of(town, "here", layers=["groups"])) == ["Groups, skills and time"]


def test_green_asked_for_alone_has_a_mark_for_each(town: PlaceView) -> None:
    (green,) = sheet_of(town, "here", layers=["green_space"]).layers
    assert not green.ground
    assert len(green.marked) == 76


def test_kinds_asked_for_are_named_by_their_kind(town: PlaceView) -> None:
    sheet = sheet_of(town, "here", kinds=["library", "youth centre"])
    assert drawn(sheet) == ["Libraries and youth centres"]
    assert sheet.lost is None
    assert "6 libraries," in alt_text(sheet_of(town, "here", kinds=["library"]))


def test_a_sheet_of_losses_numbers_every_one_and_lists_it(sheets: dict[str, Sheet], figures: dict[str, Figure]) -> None:
    sheet = sheets["lost"]
    assert drawn(sheet) == ["Places to meet", "Owned by the community"]
    assert all(layer.small and not layer.labels for layer in sheet.layers)
    said = words(figures["lost"])
    for wanted in ("41 Walnut Avenue year not known", "Youth centres", "What Marramsea has now"):
        assert wanted in said
    for name in sheet.gone["name"]:
        assert all(word in said for word in str(name).split())


def test_a_place_without_a_ledger_does_not_claim_that_nothing_closed(town: PlaceView) -> None:
    view = PlaceView(town._store, "town", LAYERS)
    ledgers = [layer.id for layer in LAYERS.values() if layer.tells == "lost"]
    stands = ~town.assets["layer"].isin(ledgers) & (town.assets["status"] != "closed")
    view.__dict__["assets"] = Assets(town.assets[stands].reset_index(drop=True))
    view.__dict__["loads"] = town.loads[~town.loads["layer"].isin(ledgers)]
    told = "No register of closures is loaded for Marramsea, so nobody can say what has closed"
    assert questions.lost(view).title == told
    for refused in (lambda: sheet_of(view, "lost", title="Our losses"), lambda: over_time_sheet(view)):
        with pytest.raises(QuestionError, match=f"{told}. Load a source of the layer 'closed_services'."):
            refused()


def test_a_sheet_of_losses_is_about_the_kind_that_is_asked_for(town: PlaceView) -> None:
    sheets = [sheet_of(town, "lost", kinds=["library"]), over_time_sheet(town, kinds=["library"])]
    for sheet in sheets:
        assert sheet.title == "Marramsea has lost 4 libraries since 2012"
        assert set(sheet.gone["kind"]) == {"library"}
    banks = sheet_of(town, "lost", kinds=["bank"])
    assert drawn(banks) == []
    assert set(banks.gone["kind"]) == {"bank"}


def test_the_years_of_losses_and_their_count_agree(town: PlaceView) -> None:
    undated = int(questions.lost(town).table["closed_on"].isna().sum())
    assert undated > 1
    sheet = sheet_of(town, "lost")
    assert sheet.title.endswith(f"since 2010, {undated} of them in a year not known")
    assert f", and {undated} in a year not known)" in alt_text(sheet)
    assert f"{undated} of them" not in sheet_of(town, "lost", terms=Terms(since=2010, until=2020)).title


def test_a_sheet_of_gaps_numbers_the_first_six_with_what_is_near(
    town: PlaceView, sheets: dict[str, Sheet], figures: dict[str, Figure]
) -> None:
    sheet = sheets["gaps"]
    assert sheet.outlined is not None
    assert len(sheet.outlined.codes) == round(0.2 * len(town.areas))
    assert len(sheet.outlined.standouts) == 6
    assert {each.area_code for each in sheet.outlined.standouts} <= sheet.outlined.codes
    first = sheet.outlined.standouts[0]
    assert first.name == "Marsh Estate (Marramsea 010F)"
    assert first.near.startswith("Eider Walk Allotments, 80\N{NO-BREAK SPACE}m; ")
    assert first.facts == "1,411 people, 100% in reach, 4.0 of 9 kinds"
    assert "straight" not in sheet.subtitle
    assert "The first six are numbered and listed." in words(figures["gaps"])


def test_straight_lines_are_said_to_be_so_beside_the_title(town: PlaceView) -> None:
    view = PlaceView(town._store, "town", LAYERS)
    view.__dict__["network"] = None
    sheet = sheet_of(view, "gaps")
    assert "Distances are straight lines, shorter than walks." in sheet.subtitle
    assert sheet.outlined is not None
    assert sheet.outlined.note.endswith("within 15 minutes in a straight line.")


@pytest.mark.parametrize("about", ABOUT)
def test_the_sea_is_drawn_beyond_the_land_and_is_in_the_legend(figures: dict[str, Figure], about: str) -> None:
    assert "Water" in words(figures[about]).split()
    fills = [
        patch for patch in figures[about].axes[0].patches if to_hex(patch.get_facecolor()) == look.WATER_FILL.lower()
    ]
    outline = next(patch for patch in figures[about].axes[0].patches if patch.get_zorder() == 4)
    sea, land = (patch.get_path().get_extents() for patch in (fills[0], outline))
    assert sea.x1 > land.x1
    assert sea.y0 < land.y0


@pytest.mark.parametrize("about", ABOUT)
def test_nothing_on_a_sheet_is_smaller_than_seven_points(figures: dict[str, Figure], about: str) -> None:
    assert min(text.get_fontsize() for text in figures[about].axes[0].texts) >= 7


def test_registers_that_are_missing_are_listed_as_english_lists_them(town: PlaceView) -> None:
    view = PlaceView(town._store, "town", LAYERS)
    gone = town.assets["layer"].isin(["public_land", "groups", "play_streets"])
    view.__dict__["assets"] = Assets(town.assets[~gone].reset_index(drop=True))
    missing = "No register is loaded yet of groups and offers of help, streets for people or pieces of public land."
    told = sheet_of(view, "here").subtitle.partition(" No register")
    assert f"No register{told[2]}" == missing


def test_names_in_capitals_are_readable_on_sheets_and_as_published_in_exports(town: PlaceView, tmp_path: Path) -> None:
    view = PlaceView(town._store, "town", LAYERS)
    loud = town.published.assign(name=town.published["name"].str.upper())
    view.__dict__["published"] = Assets(loud)
    (halls,) = sheet_of(view, "here", layers=["community_buildings"]).layers
    assert not halls.points["name"].str.isupper().any()
    written, _ = printing.layers_to_export(view, ["community_buildings"])
    (path, *_) = printing.export_layers(view, written, tmp_path / "out", "csv")
    assert pd.read_csv(path)["name"].str.isupper().all()


def test_a_title_of_ones_own_takes_the_place_of_the_finding(town: PlaceView) -> None:
    assert sheet_of(town, "here", title="Our town").title == "Our town"


def test_only_sources_of_what_is_drawn_or_counted_are_named(town: PlaceView, sheets: dict[str, Sheet]) -> None:
    told = sheet_of(town, "here", layers=["green_space"]).sources[0]
    assert "Green space" in told
    assert "Land and property register" not in told
    assert "Ledger of closures" not in told
    assert "Land and property register" in sheets["here"].sources[0]


def test_a_layer_that_is_not_there_is_refused(town: PlaceView) -> None:
    with pytest.raises(UnknownNameError):
        sheet_of(town, "here", layers=["moats"])


def source(**changes: Any) -> Provenance:
    plain: dict[str, Any] = {
        "layer": "community_buildings",
        "source": "ashby/halls",
        "title": "Halls",
        "publisher": "Ashby Council",
        "source_date": "2023",
        "licence": "OGL-UK-3.0",
        "attribution": "Contains public sector information licensed under the Open Government Licence v3.0.",
        "loaded_at": "2026-01-01T00:00:00Z",
        "rows": 3,
        "issues": 0,
    }
    return Provenance(**{**plain, **changes})


def test_sources_are_gathered_by_licence_publisher_and_date() -> None:
    told, _, _ = in_words(
        [
            source(),
            source(title="Parks", publisher="Ordnance Survey", source_date="2024-04"),
            source(title="Huts"),
            source(title="Land", source_date="2025-09-12"),
            source(title="Streets", publisher="OpenStreetMap contributors", licence="ODbL-1.0"),
        ]
    )
    assert told == (
        "Ashby Council: Halls, Huts (2023); Land (12 September 2025). Ordnance Survey: Parks (April 2024). "
        "All under the Open Government Licence v3.0. "
        "OpenStreetMap contributors: Streets (2023). Under the Open Database License 1.0."
    )


def test_each_file_of_a_source_goes_with_its_own_publisher() -> None:
    told, _, _ = in_words([source(title="Boundaries; Indices 2025", publisher="ONS; MHCLG", source_date="2021-12")])
    assert told.startswith("ONS: Boundaries (December 2021). MHCLG: Indices 2025. All under")
    files = (
        SourceFile("Boundaries", "ONS", "2021-12", "OGL-UK-3.0"),
        SourceFile("Indices", "MHCLG", "2025-10-30", "OGL-UK-3.0"),
        SourceFile("Names of parts", "House of Commons Library", "2025", "OPL-UK-3.0"),
    )
    joined = source(title="Boundaries; Indices; Names of parts", told=files)
    told, _, _ = in_words([joined])
    assert told == (
        "ONS: Boundaries (December 2021). MHCLG: Indices (30 October 2025). "
        "All under the Open Government Licence v3.0. "
        "House of Commons Library: Names of parts (2025). Under the Open Parliament Licence v3.0."
    )
    assert source_line(joined) == (
        "Boundaries (ONS, December 2021; Open Government Licence v3.0); "
        "Indices (MHCLG, 30 October 2025; Open Government Licence v3.0); "
        "Names of parts (House of Commons Library, 2025; Open Parliament Licence v3.0); no issues."
    )
    assert sources_table([joined])["date"].tolist() == ["2021-12; 2025-10-30; 2025"]


def test_lines_that_differ_in_the_year_are_said_once_and_none_is_lost() -> None:
    lines = [f"{CROWN} 2021.", "Thanks to all.", f"{CROWN} 2018.", f"{CROWN} 2025."]
    assert merged_years(lines) == [f"{CROWN} 2018-2025.", "Thanks to all."]
    assert merged_years(lines[:2]) == lines[:2]


def test_issues_are_counted_in_one_sentence() -> None:
    *_, clean = in_words([source()])
    assert clean == "Checks of these sources found nothing to mend."
    many = [source(title=f"R{i}", issues=i) for i in range(5)]
    *_, said = in_words(many)
    counted = "(R4 4, R3 3, R2 2, others 1)"
    assert said == f"Checks of these sources found 10 things to mend {counted}; the page Sources tells of each."
    assert in_words([]) == ()


def legend(sheet: Sheet) -> str:
    return words(compose(sheet).figure)


@pytest.mark.parametrize(
    ("shade", "heading", "counts"),
    [("gap", "Where the gap is widest", 5), ("walk", "People within 15 minutes", 5),
     ("together", "Where high gaps lie together", 5)],
)  # fmt: skip
def test_a_sheet_of_gaps_is_shaded_as_it_is_asked_for(town: PlaceView, shade: str, heading: str, counts: int) -> None:
    sheet = sheet_of(town, "gaps", terms=Terms(shade=shade))
    plain = sheet_of(town, "gaps")
    assert (sheet.title, sheet.outlined) == (plain.title, plain.outlined)
    assert sheet.need is not None
    fifths = sheet.areas[sheet.need].dropna()
    assert set(fifths) <= set(range(1, counts + 1))
    assert fifths.tolist() != plain.areas[plain.need].dropna().tolist()
    assert heading in legend(sheet)
    assert heading[0].lower() + heading[1:] in alt_text(sheet)
    assert "Index of Multiple Deprivation" in alt_text(plain)


def test_where_a_place_would_do_most_is_darkest(town: PlaceView) -> None:
    sheet = sheet_of(town, "gaps", terms=Terms(shade="gap"))
    scores = questions.gaps(town).table.set_index("neighbourhood_code")["gap_score"]
    fifths = sheet.areas.set_index("area_code")[sheet.need]
    assert fifths[scores.idxmax()] == 1
    assert fifths[scores.idxmin()] == 5


@pytest.mark.parametrize("about", ABOUT)
def test_a_sheet_without_shading_draws_no_greys(town: PlaceView, about: Any) -> None:
    sheet = sheet_of(town, about, terms=Terms(shade="none"))
    assert sheet.need is None
    assert "over greys of" not in alt_text(sheet)


def test_a_shading_that_a_sheet_does_not_have_is_refused(town: PlaceView) -> None:
    with pytest.raises(QuestionError, match="A sheet of lost has no shading 'gap'"):
        sheet_of(town, "lost", terms=Terms(shade="gap"))


def test_a_part_of_a_place_has_its_outline_and_what_is_nearest_to_its_people(town: PlaceView) -> None:
    answer = questions.profile(town, ["Old Harbour"])
    sheet = profile_sheet(town, ["Old Harbour"])
    assert (sheet.title, sheet.subtitle) == (answer.title, answer.sentence)
    assert sheet.focus_m is not None
    outline = sheet.backdrop["area"].geometry.iloc[0]
    assert outline.equals(answer.shapes.geometry.iloc[0])
    drawn_ids = {each for layer in sheet.layers for each in layer.points["asset_id"]}
    lost_ids = set() if sheet.lost is None else set(sheet.lost["asset_id"])
    inside, nearest = (set(answer.part(part)["asset_id"]) for part in ("inside", "nearest"))
    assert inside <= drawn_ids | lost_ids <= inside | nearest
    said = legend(sheet)
    assert "Inside, and the nearest of each sort" in said
    assert "Old Harbour" in said
    assert "the outline of Old Harbour" in alt_text(sheet)
    assert bool(nearest - drawn_ids - lost_ids) == any("beyond this map" in each for each in sheet.caveats)


def test_a_whole_place_has_no_outline_of_a_part(town: PlaceView) -> None:
    sheet = profile_sheet(town)
    assert sheet.focus_m is None
    assert "area" not in sheet.backdrop


def test_what_falls_to_each_and_who_lost_shade_every_neighbourhood(town: PlaceView) -> None:
    each = access_sheet(town, questions.access(town, ["library"]), ["library"], [])
    assert drawn(each) == ["Libraries"]
    assert "the fifth with least, or nothing" in legend(each)
    answer = questions.who_lost(town, ["library"], 2012, 2016)
    who = who_lost_sheet(town, answer, 2012, 2016)
    assert who.lost is not None
    assert set(who.lost["asset_id"]) == set(questions.lost(town, 2012, 2016, ["library"]).table["asset_id"])
    losing = answer.table.set_index("neighbourhood_code")["people_losing"].astype(float) >= 0.5
    lightest = who.areas.set_index("area_code")[who.need] == 5
    assert not (losing & lightest.reindex(losing.index)).any()
    assert "half of the people here or more lost one" in legend(who)
