"""A sheet says what it shows, fits its page, and is the same every time; labels never run over one another."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from pypdf import PdfReader

from assetmap import look
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.sheets import (
    Outlined,
    Sheet,
    SheetLayer,
    Standout,
    alt_text,
    checksum,
    draw,
    fifths_of_england,
    refuse_unprintable,
    render,
    renders,
)
from assetmap.sheets.blocks import Unit, columns_of, height_of, levelled
from assetmap.sheets.furniture import MARGIN_MM, bar_length_m, header_mm
from assetmap.sheets.ground import need_groups, number_spots, outline_of
from assetmap.sheets.labels import REFUSED, Name, place_names
from assetmap.sheets.layout import compose
from assetmap.sheets.legend import legend_units
from assetmap.sheets.marks import View, marks_of
from assetmap.sheets.paper import A4_MM, DETAIL, ENTRY, Paper, printable, width_mm, wrap
from assetmap.sheets.plan import FOOT_TOP_MM, plan_of
from assetmap.sheets.saying import not_placed
from assetmap.sheets.second import ABOUT, further_pages
from assetmap.space import MEASURED_CRS, STORED_CRS

WEST_M, SOUTH_M = 380_000.0, 390_000.0
"""The south-west corner of the made-up town, in metres on the British National Grid."""


def areas(across: int = 4, up: int = 3, cell_m: float = 1_000.0, **columns: Any) -> gpd.GeoDataFrame:
    """A chequerboard of neighbourhoods, in fifths 1 to 5 and over again."""
    cells = [
        shapely.box(
            *(WEST_M + i * cell_m, SOUTH_M + j * cell_m), *(WEST_M + (i + 1) * cell_m, SOUTH_M + (j + 1) * cell_m)
        )
        for j in range(up)
        for i in range(across)
    ]
    frame = gpd.GeoDataFrame({"area_code": [f"T{i:03}" for i in range(len(cells))]}, geometry=cells, crs=MEASURED_CRS)
    fifths = [1 + i % 5 for i in range(len(cells))]
    return frame.assign(fifth=fifths, locality=None).assign(**columns).to_crs(STORED_CRS)


def places(*at_m: tuple[float, float] | None, **columns: Any) -> gpd.GeoDataFrame:
    """Rows at metres east and north of the town's corner; ``None`` has no location."""
    points = [None if at is None else shapely.Point(WEST_M + at[0], SOUTH_M + at[1]) for at in at_m]
    names = [f"Hall {i + 1}" for i in range(len(points))]
    plain = {"name": names, "kind": "hall", "status": "open", "closed_on": None, "contributed": 0}
    return gpd.GeoDataFrame({**plain, **columns}, geometry=points, crs=MEASURED_CRS).to_crs(STORED_CRS)


def sheet(**changes: Any) -> Sheet:
    """A whole sheet, of which a test names only what matters to it."""
    halls = places((500, 500), (1_500, 1_500), (3_500, 2_500))
    plain: dict[str, Any] = {
        "title": "Three halls serve the town and one has closed",
        "subtitle": "Halls on the council's register.",
        "place_name": "Ashby",
        "fictional": False,
        "areas": areas(),
        "need": "fifth",
        "need_title": "Index of Multiple Deprivation 2025",
        "layers": (SheetLayer("Halls", "meeting", halls, labels=True),),
        "lost": places((2_500, 700), name=["Old Hall"], status="closed", closed_on="2013-03"),
        "backdrop": {},
        "sources": ("Halls: Ashby Council, 1 May 2025. Open Government Licence v3.0.",),
        "drawn_on": date(2026, 11, 22),
    }
    return Sheet(**{**plain, **changes})


def texts(figure: Figure) -> list[str]:
    """Every piece of text drawn, without the halos beneath."""
    return [text.get_text() for text in figure.axes[0].texts if not text.get_path_effects()]


def words(a_sheet: Sheet) -> str:
    return " ".join(texts(compose(a_sheet).figure))


def assert_all_text_is_on_the_page(figure: Figure) -> None:
    canvas = FigureCanvasAgg(figure)
    page = figure.bbox
    for text in figure.axes[0].texts:
        box = text.get_window_extent(canvas.get_renderer())
        assert page.x0 <= box.x0, text.get_text()
        assert box.x1 <= page.x1, text.get_text()
        assert page.y0 <= box.y0, text.get_text()
        assert box.y1 <= page.y1, text.get_text()


def test_a_sheet_carries_all_that_a_reader_checks() -> None:
    said = words(sheet(caveats=("Placed by postcode.",)))
    for wanted in (
        "Three halls serve the town and one has closed", "What Ashby has", "Halls", "What has been lost", "Old Hall",
        "closed 2013", "Index of Multiple Deprivation 2025", "fifth of England", "least deprived", "most deprived",
        "Sources and licences", "Ashby Council, 1 May 2025", "Open Government Licence v3.0",
        "British National Grid (EPSG:27700)", "when printed on A4", "22 November 2026", "Placed by postcode.", "N",
    ):  # fmt: skip
        assert wanted in said


def test_the_sheet_shows_its_own_number() -> None:
    one = sheet()
    assert checksum(one) in words(one).replace(" ", "")
    assert checksum(one) == checksum(sheet())
    assert checksum(one) != checksum(replace(one, title="Another"))
    moved = SheetLayer("Halls", "meeting", places((501, 500), (1_500, 1_500), (3_500, 2_500)), labels=True)
    assert checksum(one) != checksum(replace(one, layers=(moved,)))


def test_type_is_large_enough_to_read_in_print() -> None:
    listed = sheet(outlined=gaps_of("T000", "T005"), caveats=("Placed by postcode.",))
    sizes = [text.get_fontsize() for text in compose(listed).figure.axes[0].texts]
    assert min(sizes) >= 8
    assert min(ENTRY.size_pt, DETAIL.size_pt) >= 9


@pytest.mark.parametrize("fictional", [True, False])
def test_a_made_up_town_says_so(fictional: bool) -> None:
    assert ("FICTIONAL TOWN" in words(sheet(fictional=fictional))) == fictional
    assert ("fictional town of Ashby" in alt_text(sheet(fictional=fictional))) == fictional


@pytest.mark.parametrize("format", ["png", "svg", "pdf"])
def test_the_same_sheet_gives_the_same_bytes(format: Any) -> None:
    assert render(sheet(), format) == render(sheet(), format)


def test_a_png_is_a4_at_300_dots_and_describes_itself(tmp_path: Path) -> None:
    draw(sheet(licence="OGL v3.0"), tmp_path / "a.png", "png")
    with Image.open(tmp_path / "a.png") as image:
        assert image.size == (3507, 2480)
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
        assert image.info["Title"] == sheet().title
        assert image.info["Source"] == sheet().sources[0]
        assert image.info["Copyright"] == "OGL v3.0"
        assert image.info["Description"] == alt_text(sheet())


def test_a_pdf_has_a_title_and_its_fonts_inside() -> None:
    pdf = render(sheet(), "pdf")
    told = PdfReader(BytesIO(pdf)).metadata
    assert told is not None
    assert (told.title, told.author, told.subject) == (sheet().title, "assetmap", alt_text(sheet()))
    assert b"/FontFile2" in pdf
    assert b"CreationDate" not in pdf


def structure(reader: PdfReader) -> list[tuple[str, int, str]]:
    """Each part of a PDF in the order in which it is read out: what it is, its lines, what is said in their place."""
    told = []
    for element in reader.root_object["/StructTreeRoot"]["/K"]["/K"]:
        part = element.get_object()
        drawn = part["/Pg"]["/Contents"].get_object().get_data()
        stretches = [drawn.partition(b"<</MCID %d>> BDC" % number)[2].partition(b"EMC")[0] for number in part["/K"]]
        told.append((part["/S"], b"".join(stretches).count(b"BT\n"), part.get("/Alt", "")))
    return told


@pytest.mark.parametrize("cut_short", [False, True])
def test_a_pdf_says_what_it_is_to_those_who_hear_it(cut_short: bool) -> None:
    drawn = sheet(**LONG) if cut_short else sheet()
    reader = PdfReader(BytesIO(render(drawn, "pdf")))
    root = reader.root_object
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"].value
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value
    parts = structure(reader)
    roles = [role for role, _, _ in parts]
    assert roles[:3] == ["/H1", "/Figure", "/P"]
    assert (roles.count("/H1"), roles.count("/Figure")) == (len(reader.pages), 1)
    _, labels, said = parts[1]
    assert said == alt_text(drawn)
    assert labels
    lines = sum(page["/Contents"].get_object().get_data().count(b"BT\n") for page in reader.pages)
    assert sum(number for _, number, _ in parts) == lines
    assert [each.title for each in reader.outline] == ([drawn.title, ABOUT] if cut_short else [])


def test_an_svg_is_sound_and_runs_nothing() -> None:
    hostile = places((500, 500), name=["<script>alert(1)</script>"])
    svg = render(sheet(layers=(SheetLayer("<b>Halls</b>", "meeting", hostile, labels=True),)), "svg")
    tags = {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}
    assert "path" in tags
    assert not tags & {"script", "b", "foreignObject"}
    assert sheet().title in svg.decode()


def test_only_known_formats_are_drawn(tmp_path: Path) -> None:
    wrong: Any = "jpeg"
    with pytest.raises(QuestionError, match="png, svg, pdf"):
        render(sheet(), wrong)
    with pytest.raises(QuestionError, match="Choose another folder"):
        draw(sheet(), tmp_path / "none" / "a.svg", "svg")


@pytest.mark.parametrize(("across", "up", "upright"), [(3, 9, True), (9, 3, False), (4, 4, False)])
def test_the_page_follows_the_shape_of_the_place(across: int, up: int, upright: bool) -> None:
    paper = compose(sheet(areas=areas(across, up)))
    assert (paper.height_mm > paper.width_mm) == upright


@given(cells=st.integers(1, 60), cell_m=st.floats(50, 20_000))
@settings(max_examples=12)
def test_a_scale_bar_fits_and_is_a_round_length(cells: int, cell_m: float) -> None:
    length = bar_length_m(cells * cell_m / 180)
    assert str(length).rstrip("0") in {"1", "2", "5"}
    assert length / (cells * cell_m / 180) <= 32 or length == 1


def test_lengths_on_paper_are_true() -> None:
    view = View((WEST_M, SOUTH_M), (50.0, 50.0), 25.0)
    ends = view.to_mm(np.array([(WEST_M, SOUTH_M), (WEST_M + 600, SOUTH_M + 800)]))
    assert np.hypot(*(ends[1] - ends[0])) * view.metres_per_mm == pytest.approx(1_000)
    assert view.scale == 25_000


def test_deciles_become_fifths_and_missing_stays_missing() -> None:
    fifths = fifths_of_england(pd.Series([1, 2, 3, 9, 10, None], dtype="Int64"))
    assert fifths[:5].tolist() == [1, 1, 2, 5, 5]
    assert np.isnan(fifths[5])


def test_every_neighbourhood_is_counted_in_one_class() -> None:
    counts = need_groups(sheet(areas=areas(5, 2, fifth=[1, 1, 2, 3, 4, 5, 5, 5, None, None])))
    assert counts == {1: 2, 2: 1, 3: 1, 4: 1, 5: 3, None: 2}


def hatched(figure: Figure) -> int:
    return sum(patch.get_hatch() == look.NO_DATA_HATCH for patch in figure.axes[0].patches)


def test_no_data_is_a_hatch_on_the_map_and_not_only_in_the_legend() -> None:
    assert hatched(compose(sheet()).figure) == 1
    assert hatched(compose(sheet(areas=areas(fifth=None))).figure) == 2


def test_the_legend_of_need_always_has_a_class_for_no_data_with_its_count() -> None:
    said = texts(compose(sheet()).figure)
    assert said[said.index("no data") - 1] == "most deprived"
    assert said.count("0") == 2  # on the scale bar, and under the hatch
    assert texts(compose(sheet(areas=areas(fifth=[1] * 9 + [None] * 3))).figure).count("3") == 2


@pytest.mark.parametrize(
    ("column_mm", "ends"), [(84.0, ["least deprived", "most deprived"]), (46.0, ["least", "most"])]
)
def test_the_ends_of_the_greys_never_run_into_one_another(column_mm: float, ends: list[str]) -> None:
    paper = Paper(portrait=False)
    legend_units(sheet(), column_mm)[-1].draw(paper, 10, 100)
    assert [each for each in texts(paper.figure) if each.startswith(("least", "most"))] == ends
    assert sum(width_mm(each, DETAIL.size_pt, DETAIL.weight) for each in ends) < column_mm * 0.75


def test_without_an_index_there_are_no_greys_to_explain() -> None:
    assert "deprived" not in words(sheet(need=None))


def test_the_outline_has_no_cracks_between_neighbours() -> None:
    outline = outline_of(areas())
    assert outline.geom_type == "Polygon"
    assert outline.area == pytest.approx(12e6, rel=1e-3)


def test_closed_rows_of_a_layer_are_lost_and_counted_once() -> None:
    halls = places((500, 500), (2_520, 700), name=["Mill Hall", "old hall "], status=["open", "closed"])
    one = sheet(layers=(SheetLayer("Halls", "meeting", halls),))
    assert one.layers[0].drawn["name"].tolist() == ["Mill Hall"]
    assert one.gone["name"].tolist() == ["Old Hall"]
    far = places((500, 500), (500, 2_700), name=["Mill Hall", "Old Hall"], status=["open", "closed"])
    assert len(sheet(layers=(SheetLayer("Halls", "meeting", far),)).gone) == 2


def test_what_has_no_location_is_said() -> None:
    halls = places((500, 500), None, None)
    one = sheet(layers=(SheetLayer("Halls", "meeting", halls),))
    assert not_placed(one) == ("2 of the 3 listed under “Halls” have no location and are not drawn.",)
    assert "2 of the 3 listed" in words(one)


def test_what_lies_beyond_the_edge_is_said() -> None:
    halls = places((500, 500), (90_000, 500))
    assert "1 place lies beyond the map." in words(sheet(layers=(SheetLayer("Halls", "meeting", halls),)))


def marks(a_sheet: Sheet) -> pd.DataFrame:
    view = View((WEST_M + 2_000, SOUTH_M + 1_500), (100.0, 100.0), 25.0)
    return marks_of(a_sheet, view, 160 * 120)


def test_minor_kinds_are_smaller_beneath_and_counted_apart() -> None:
    mixed = places((500, 500), (1_500, 500), (2_500, 500), kind=["hall", "place_of_worship", "place_of_worship"])
    one = sheet(layers=(SheetLayer("Halls", "meeting", mixed, frozenset({"place_of_worship"})),), lost=None)
    drawn = marks(one)
    assert drawn["minor"].tolist() == [True, True, False]
    assert drawn["radius_mm"].tolist() == [look.MARKER_RADIUS_MM["minor"]] * 2 + [look.MARKER_RADIUS_MM["major"]]
    assert "Place of worship" in words(one)
    assert "shows 1 halls and 2 place of worship" in alt_text(one)


def test_marks_that_overlap_are_moved_apart_and_never_far() -> None:
    crowd = places(*[(1_000 + 10 * i, 1_000) for i in range(3)])
    drawn = marks(sheet(layers=(SheetLayer("Halls", "meeting", crowd),), lost=None))
    xy = drawn[["x_mm", "y_mm"]].to_numpy()
    gaps = [np.hypot(*(xy[i] - xy[j])) for i in range(3) for j in range(i)]
    assert min(gaps) >= 1.5 * look.MARKER_RADIUS_MM["major"]
    assert drawn["moved_mm"].max() <= 1.4 * look.MARKER_RADIUS_MM["major"] + 1e-6


@pytest.mark.parametrize(("count", "share"), [(10, 1.0), (2_000, 0.55)])
def test_a_crowd_is_drawn_smaller_to_a_limit(count: int, share: float) -> None:
    spots = np.random.default_rng(7).uniform((0, 0), (4_000, 3_000), (count, 2))
    crowd = SheetLayer("Halls", "meeting", places(*map(tuple, spots)))
    radius = marks(sheet(layers=(crowd,), lost=None))["radius_mm"].unique().tolist()
    assert radius == pytest.approx([share * look.MARKER_RADIUS_MM["major"]], abs=1e-3)


def test_many_at_one_point_are_one_mark_with_their_number() -> None:
    stack = places(*[(1_000, 1_000)] * 12)
    one = sheet(layers=(SheetLayer("Flats", "meeting", stack, labels=True),), lost=None)
    assert marks(one)["count"].tolist() == [12]
    assert "×12" in words(one)
    assert "That many at one point" in words(one)


def test_what_people_added_is_told_apart_and_explained() -> None:
    added = places((500, 500), (1_500, 500), contributed=[1, 0])
    one = sheet(layers=(SheetLayer("Halls", "meeting", added),))
    assert look.CONTRIBUTED.title in words(one)
    assert look.CONTRIBUTED.title not in words(sheet())


def test_lines_and_outlines_of_every_sort_are_drawn() -> None:
    street = shapely.LineString([(WEST_M, SOUTH_M), (WEST_M + 900, SOUTH_M + 900)])
    field = shapely.MultiPolygon([shapely.box(WEST_M, SOUTH_M, WEST_M + 300, SOUTH_M + 300)])
    rows = (
        places((0, 0), (0, 0)).to_crs(MEASURED_CRS).set_geometry([street, field], crs=MEASURED_CRS).to_crs(STORED_CRS)
    )
    layer = SheetLayer("Play streets", "streets", rows)
    backdrop = dict.fromkeys(("green", "water", "streets"), rows)
    said = words(sheet(layers=(layer,), opportunities=(replace(layer, title="Empty depots"),), backdrop=backdrop))
    for wanted in ("Play streets", "What could be opened up", "Empty depots", "Green space", "Water", "Street"):
        assert wanted in said


def test_parts_of_the_place_are_named_from_points_or_localities() -> None:
    assert "Northtown" in words(sheet(areas=areas(locality=["Northtown"] * 6 + [None] * 6)))
    assert "Mill End" in words(sheet(backdrop={"names": places((2_000, 1_000), name=["Mill End"])}))


EMPTY = gpd.GeoDataFrame({"name": []}, geometry=[], crs=STORED_CRS)


@pytest.mark.parametrize(
    "changes",
    [
        {"layers": (), "lost": None},
        {"layers": (SheetLayer("Halls", "meeting", EMPTY),), "lost": EMPTY},
        {"areas": EMPTY},
        {"areas": EMPTY, "layers": (), "lost": None},
        {"areas": areas(1, 1, 5.0)},
        {"areas": areas(fifth=None), "sources": ()},
        {"layers": (SheetLayer("Halls", "meeting", places((1_000, 1_000))),), "areas": EMPTY, "lost": None},
    ],
    ids=["no layers", "empty layers", "no areas", "nothing at all", "tiny", "no deprivation", "one point"],
)
def test_little_or_nothing_is_still_a_sheet(changes: dict[str, Any]) -> None:
    figure = compose(sheet(**changes)).figure
    assert "Three halls" in texts(figure)[0]
    assert_all_text_is_on_the_page(figure)


def test_nothing_to_draw_is_said_in_words() -> None:
    assert "Nothing to draw yet" in words(sheet(areas=EMPTY, layers=(), lost=None))


ODD_NAMES = [
    "$x_1$ hall ^ \\frac{a}",
    "<script>alert(1)</script>",
    "Café 🎉🏛️",
    "بيت الجيران",
    "בית העם",
    "  \n ",
    "A" * 120,
    "St Mary's & St John's church hall and community rooms with the longest name in the whole of the county",
    "𠜎集会所",
]


def test_odd_names_are_drawn_as_they_are(recwarn: pytest.WarningsRecorder) -> None:
    halls = places(*[(400 * i + 200, 300 * i + 100) for i in range(len(ODD_NAMES))], name=ODD_NAMES)
    long = "A title that goes on " * 20
    layers = (SheetLayer("Halls " * 30, "meeting", halls, labels=True),)
    one = sheet(layers=layers, title=long, subtitle=long, place_name="Ashby-de-la-Zouch " * 4)
    figure = compose(one).figure
    assert_all_text_is_on_the_page(figure)
    said = " ".join(texts(figure))
    assert "$x_1$" in said
    assert "<script>" in said
    assert "בית העם" in said
    assert not [warning for warning in recwarn if "Glyph" in str(warning.message)]


def test_a_space_that_does_not_break_keeps_a_number_by_its_unit() -> None:
    assert wrap("The Green, 90\N{NO-BREAK SPACE}m", width_mm("The Green, 90", 9.5, "regular"), ENTRY) == [
        "The Green,",
        "90\N{NO-BREAK SPACE}m",
    ]


def test_signs_no_face_has_become_open_squares() -> None:
    assert printable("a\U0010fffdb") == "a□b"
    assert printable("tea\u200b\ufe0f\n room") == "tea room"


@pytest.mark.parametrize(("shape", "count"), [((3, 9), 60), ((9, 3), 12), ((9, 3), 60)])
def test_long_sources_never_leave_the_page(shape: tuple[int, int], count: int) -> None:
    sources = tuple(
        f"Register {i} of a council with a long name, 2025. Open Government Licence v3.0." for i in range(count)
    )
    one = sheet(areas=areas(*shape), sources=sources, brief=("Councils 2025.",), caveats=sources)
    front = compose(one)
    figure, further = front.figure, further_pages(one, portrait=front.portrait)
    assert_all_text_is_on_the_page(figure)
    said = " ".join(texts(figure))
    assert all(f"Register {i} " in said for i in range(count))
    whole = " ".join(words for page in further for words in texts(page.figure)) if front.cut_short else said
    assert all(whole.count(f"Register {i} ") == 2 for i in range(count))
    assert min(text.get_fontsize() for text in figure.axes[0].texts) >= 8


LONG: Any = {
    "sources": tuple(f"Register {i} of a council with a long name, 1 May 2025." for i in range(60)),
    "brief": ("A council 2025.", "Contains public sector information licensed under the Open Government Licence v3.0."),
    "method": "Distances run along streets.",
    "caveats": ("Placed by postcode.",),
}


def test_long_sources_stand_in_few_words_beside_a_larger_map_and_in_full_on_a_page_after_it() -> None:
    long, only_long = sheet(**LONG), sheet(**{**LONG, "brief": ()})
    front = compose(long)
    said = " ".join(texts(front.figure))
    assert front.cut_short
    assert "A council 2025. Contains public sector information" in said
    assert "Register 7 " not in said
    extent = tuple(outline_of(long.areas).bounds)
    assert plan_of(long, extent).metres_per_mm < plan_of(only_long, extent).metres_per_mm
    (after,) = further_pages(long, portrait=front.portrait)
    told = " ".join(texts(after.figure))
    assert all(told.count(f"Register {i} ") == 1 for i in range(60))
    assert "Distances run along streets." in told
    assert "Placed by postcode." in told
    assert checksum(long) in told.replace(" ", "")
    assert_all_text_is_on_the_page(after.figure)


def test_more_sources_than_a_page_holds_go_on_over_further_pages() -> None:
    endless = sheet(**{**LONG, "sources": tuple(f"Register {i} of a council, 1 May 2025." for i in range(900))})
    after = list(further_pages(endless, portrait=False))
    told = " ".join(words for page in after for words in texts(page.figure))
    assert len(after) > 1
    assert all(f"Register {i} " in told for i in range(900))
    for page in after:
        assert_all_text_is_on_the_page(page.figure)


def test_only_a_pdf_of_what_is_cut_short_has_a_second_page() -> None:
    assert len(PdfReader(BytesIO(render(sheet(**LONG), "pdf"))).pages) == 2
    assert len(PdfReader(BytesIO(render(sheet(), "pdf"))).pages) == 1
    assert b"CreationDate" not in render(sheet(**LONG), "pdf")
    assert render(sheet(**LONG), "pdf") == render(sheet(**LONG), "pdf")


def test_a_title_that_cannot_be_printed_is_refused_and_its_signs_named() -> None:
    refuse_unprintable("Café Ökö, Łódź Street")
    with pytest.raises(QuestionError, match="図 書 🙂"):
        refuse_unprintable("図書図 in Ashby 🙂")


def test_the_sea_and_all_else_end_at_a_frame_and_names_stand_clear_of_it() -> None:
    one = sheet(
        areas=areas(4, 4), layers=(SheetLayer("Halls", "meeting", places((20, 500), (3_980, 500)), labels=True),)
    )
    left, low, right, top = plan_of(one, tuple(outline_of(one.areas).bounds)).frame
    figure = compose(one).figure
    boxes = [patch.get_path().get_extents() for patch in figure.axes[0].patches]
    assert any(np.allclose(box.extents, (left, low, right, top)) for box in boxes)
    canvas, to_mm = FigureCanvasAgg(figure), figure.axes[0].transData.inverted()
    named = [text for text in figure.axes[0].texts if text.get_text().startswith("Hall ")]
    for text in named:
        box = text.get_window_extent(canvas.get_renderer()).transformed(to_mm)
        assert left + 1 <= box.x0 < box.x1 <= right - 1
    assert named


def test_text_that_leaves_no_room_for_a_map_is_refused_with_what_to_do() -> None:
    with pytest.raises(QuestionError, match="Draw fewer layers"):
        compose(sheet(sources=("A source with a long name and many words. " * 500,)))


@pytest.mark.parametrize("shape", [(4, 3), (3, 9), (9, 3), (4, 4)])
def test_the_map_has_most_of_the_page_beneath_the_title(shape: tuple[int, int]) -> None:
    sources = tuple(f"Register {i} of a council. Open Government Licence v3.0." for i in range(6))
    one = sheet(areas=areas(*shape), sources=sources, caveats=sources)
    plan = plan_of(one, tuple(outline_of(one.areas).bounds))
    left, low, right, top = plan.frame
    page_wide, page_high = A4_MM if plan.portrait else A4_MM[::-1]
    beneath = (page_wide - 2 * MARGIN_MM) * (page_high - header_mm(one, page_wide) - FOOT_TOP_MM)
    assert (right - left) * (top - low) >= 0.55 * beneath


def many_losses(count: int = 30, year: str | None = "2013-03") -> gpd.GeoDataFrame:
    spots = [(300 + 620 * (i % 6), 250 + 560 * (i // 6)) for i in range(count)]
    kinds = ["hall" if i % 3 else "bank" for i in range(count)]
    return places(*spots, status="closed", closed_on=year, kind=kinds)


def test_many_losses_are_numbered_and_listed_by_kind() -> None:
    kinds = {"hall": ("Village hall", "Village halls"), "bank": ("Bank", "Banks")}
    one = sheet(layers=(), lost=many_losses(), about_losses=True, kinds_lost=kinds)
    assert one.numbers_losses
    figure = compose(one).figure
    assert_all_text_is_on_the_page(figure)
    said = texts(figure)
    assert said.index("Village halls") < said.index("Banks")
    assert [text for text in said if text.isdigit()].count("30") >= 1
    assert all(f"Hall {i + 1}" in said for i in range(30))


def test_few_losses_are_named_where_they_stood_and_a_missing_year_is_said() -> None:
    said = words(sheet(layers=(), lost=many_losses(3, None), about_losses=True))
    assert said.count("closed, year not known") == 3
    assert "What has been lost" in said


def test_losses_without_a_year_come_after_those_that_have_one() -> None:
    rows = many_losses(4, "2013").assign(closed_on=[None, "2020", "2011-05", None], kind="hall")
    assert sheet(lost=rows).gone["name"].tolist() == ["Hall 3", "Hall 2", "Hall 1", "Hall 4"]


def gaps_of(*codes: str) -> Outlined:
    listed = tuple(Standout(code, f"Ward {code}", "The Green, 90 m", "1,500 people") for code in codes)
    return Outlined("Where more could open", "In reach: a hall.", frozenset(codes), "Top fifth", listed)


def test_gaps_are_outlined_numbered_inside_and_listed_with_what_is_near() -> None:
    one, plain = sheet(outlined=gaps_of("T000", "T005", "T011")), texts(compose(sheet()).figure)
    said = texts(compose(one).figure)
    # once on the map and once in the list; the legend counts the three
    assert [said.count(number) - plain.count(number) for number in "123"] == [2, 2, 3]
    assert said.count("The Green, 90 m") == 3
    assert "3 neighbourhoods outlined" in alt_text(one)
    assert checksum(one) != checksum(sheet())


def test_a_number_stands_inside_its_neighbourhood_and_off_the_marks() -> None:
    one = sheet(outlined=gaps_of("T000", "T005"))
    view = View((WEST_M + 2_000, SOUTH_M + 1_500), (100.0, 100.0), 25.0)
    middle = view.to_mm(np.array([(WEST_M + 500, SOUTH_M + 500)]))[0]
    (first, second) = number_spots(one, view, np.array([[*middle, 1.5]]))
    for spot, corner in ((first, (0, 0)), (second, (1_000, 1_000))):
        east, north = view.to_metres(spot) - (WEST_M, SOUTH_M) - np.array(corner)
        assert 0 < east < 1_000
        assert 0 < north < 1_000
    assert np.hypot(*(first - middle)) > 1.5


def test_a_neighbourhood_listed_but_not_there_is_refused() -> None:
    with pytest.raises(QuestionError, match="Ward T999"):
        sheet(outlined=gaps_of("T999"))


def test_ground_is_filled_counted_and_has_no_marks_but_for_points() -> None:
    field = shapely.box(WEST_M, SOUTH_M, WEST_M + 300, SOUTH_M + 300)
    speck = shapely.box(WEST_M + 900, SOUTH_M, WEST_M + 901, SOUTH_M + 1)
    rows = places((0, 0), (0, 0), (700, 700)).to_crs(MEASURED_CRS)
    rows = rows.set_geometry([field, speck, rows.geometry.iloc[2]], crs=MEASURED_CRS).to_crs(STORED_CRS)
    layer = SheetLayer("Parks", "green", rows, frozenset({"hall"}), ground=True, words=("park", "parks"))
    one = sheet(layers=(layer,), lost=None)
    assert marks(one)["radius_mm"].tolist() == [look.MARKER_RADIUS_MM["minor"]]
    assert "3 parks" in alt_text(one)
    assert "3" in texts(compose(one).figure)


def test_one_is_called_one() -> None:
    layer = SheetLayer("Halls", "meeting", places((500, 500)), words=("hall", "halls"))
    assert "shows 1 hall and" in alt_text(sheet(layers=(layer,)))
    assert "Hall" in texts(compose(sheet(layers=(layer,))).figure)


@given(st.lists(st.tuples(st.floats(0.5, 30), st.floats(0, 4)), min_size=1, max_size=40), st.integers(1, 3))
@settings(max_examples=60)
def test_columns_hold_every_unit_in_order_and_none_is_too_high(sizes: list[tuple[float, float]], columns: int) -> None:
    units = [Unit(high, lambda paper, left_mm, top_mm: None, gap_mm=gap) for high, gap in sizes]
    cuts, high = levelled(units, columns)
    found = columns_of(units, cuts)
    assert len(found) == columns
    assert [unit for column in found for unit in column] == units
    assert max(height_of(column) for column in found) <= high + 1e-6


def test_a_crowd_of_five_thousand_is_drawn_and_what_is_not_named_is_said() -> None:
    spots = np.random.default_rng(7).uniform((0, 0), (4_000, 3_000), (5_000, 2))
    one = sheet(layers=(SheetLayer("Halls", "meeting", places(*map(tuple, spots)), labels=True),))
    said = words(one)
    assert "5,000" in said
    assert re.search(r"No room on the map for [\d,]+ names?\.", said)


def test_the_alternative_text_is_two_sentences_at_most() -> None:
    said = alt_text(sheet(title="One hall. Two parks. No library"))
    assert said == (
        "One hall; Two parks; No library. A map of Ashby shows 3 halls and 1 lost (2013), "
        "over greys of Index of Multiple Deprivation 2025."
    )
    assert alt_text(sheet(layers=(), lost=None, need=None)).endswith("shows its outline only.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda: {"need": "nothing"}, "no column 'nothing'"),
        (lambda: {"areas": areas(fifth=7)}, "from 1 .most deprived. to 5"),
        (lambda: {"lost": places((1, 1)).drop(columns="closed_on")}, "'what was lost' lack closed_on"),
        (lambda: {"areas": gpd.GeoDataFrame(areas().set_crs(None, allow_override=True))}, "coordinate system"),
    ],
    ids=["need", "fifth", "column", "crs"],
)
def test_what_cannot_be_drawn_truthfully_is_refused(change: Callable[[], dict[str, Any]], message: str) -> None:
    with pytest.raises(QuestionError, match=message):
        sheet(**change())


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="theme"):
        sheet(layers=(SheetLayer("Halls", "halls", places((1, 1))),))


def overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    return not apart


@given(
    at=st.lists(st.tuples(st.floats(5, 95), st.floats(5, 95)), min_size=1, max_size=25),
    wide=st.floats(3, 30),
)
@settings(max_examples=20)
def test_names_never_run_over_one_another_or_the_edge(at: list[tuple[float, float]], wide: float) -> None:
    names = [Name(x, y, 1.5, wide, 3.0) for x, y in at]
    obstacles = np.array([(x - 1.5, y - 1.5, x + 1.5, y + 1.5) for x, y in at])
    spots = place_names(names, obstacles, np.full(len(at), REFUSED), (0, 0, 100, 100))
    boxes = [(s.x_mm, s.y_mm, s.x_mm + wide, s.y_mm + 3.0) for s in spots if s is not None]
    assert not any(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(min(box) >= 0 and max(box) <= 100 for box in boxes)


def test_a_name_alone_stands_right_of_its_mark_without_a_line() -> None:
    (spot,) = place_names([Name(50, 50, 1.5, 20, 3)], np.empty((0, 4)), np.empty(0), (0, 0, 100, 100))
    assert spot is not None
    assert spot.x_mm > 51.5
    assert spot.leader is None


def test_a_name_that_must_be_there_goes_out_on_a_line() -> None:
    wall = np.array([(35.0, 35.0, 65.0, 65.0)])
    free, bound = Name(49, 49, 1.5, 12, 3, reach_mm=4.5), Name(50, 50, 1.5, 12, 3, reach_mm=26.0, must=True)
    assert place_names([free], wall, np.array([REFUSED * 500]), (0, 0, 100, 100)) == [None]
    (spot,) = place_names([replace(bound, x_mm=51)], wall, np.array([REFUSED * 500]), (0, 0, 100, 100))
    assert spot is not None
    assert spot.leader is not None
    assert not overlap((spot.x_mm, spot.y_mm, spot.x_mm + 12, spot.y_mm + 3), tuple(wall[0]))


@given(st.text(max_size=80), st.floats(8, 60))
@settings(max_examples=30)
def test_wrapped_lines_fit_their_measure(text: str, measure_mm: float) -> None:
    lines = wrap(text, measure_mm, ENTRY, 3)
    assert len(lines) <= 3
    assert all(width_mm(line, ENTRY.size_pt, ENTRY.weight) <= measure_mm + 1e-6 or len(line) == 1 for line in lines)


def test_a_sheet_in_two_formats_at_once_has_the_bytes_of_each_by_itself() -> None:
    drawn = renders(sheet(), ("pdf", "png"))
    assert drawn == {"pdf": render(sheet(), "pdf"), "png": render(sheet(), "png")}
