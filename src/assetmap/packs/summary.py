"""The summary on one page, to paste from: the finding, its numbers, the first map and where the rest is; as DOCX."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from assetmap import look
from assetmap.packs.archive import zipped
from assetmap.packs.numbers import Number
from assetmap.packs.pack import LIMITS, Pack, subject
from assetmap.packs.page import about, made_up
from assetmap.sheets import alt_text, in_fours

if TYPE_CHECKING:
    from docx.document import Document

NAME: Final = "summary.docx"

MARGIN_CM: Final = 1.8
PICTURE_CM: Final = (17.4, 7.8)
"""The most that the map may take of the page, across and down."""

COLUMNS_CM: Final = (2.4, 4.2, 6.2, 4.6)
SIZES_PT: Final = (15, 10, 8.5, 8.5)
HEADING_PT: Final = (9, 9, 9, 9)
HEADINGS: Final = ("Number", "What it counts", "What it rests on", "What falls short")


def summary(pack: Pack, pictures: Mapping[str, bytes]) -> bytes:
    """The page as DOCX; the same pack gives the same bytes.

    Parameters
    ----------
    pictures
        The map of each answer as PNG, by the answer's key.
    """
    # only whoever makes a pack waits for the library
    from docx import Document

    document = Document()
    _set_up(document, pack)
    if pack.fictional:
        document.add_paragraph(made_up(pack)).runs[0].bold = True
    document.add_paragraph(about(pack), style="Subtitle")
    document.add_heading(pack.title, level=1)
    if pack.numbers:
        document.add_heading("The numbers", level=2)
        _numbers(document, pack.numbers)
    _picture(document, pack, pictures)
    document.add_heading("What to know before relying on it", level=2)
    document.add_paragraph(f"{LIMITS[0]} {LIMITS[1]}")
    document.add_paragraph(
        "Maps to print, every table, how each figure was worked out, every source with its licence, and how to make "
        f"this again: index.html in evidence pack {in_fours(pack.pack_id)}. Legend, sources and licences are inside "
        "the map."
    )
    return _with_one_clock(document, pack.made_on)


def _picture(document: Document, pack: Pack, pictures: Mapping[str, bytes]) -> None:
    """The map of what the pack is about, with what it shows in words for those who cannot see it."""
    from docx.shared import Cm

    drawn = [entry for entry in pack.entries if entry.sheet is not None]
    shown = subject(drawn) if drawn else None
    if shown is None or shown.sheet is None:
        return
    document.add_heading(shown.asks, level=2)
    picture = document.add_picture(BytesIO(pictures[shown.key]))
    shrink = min(Cm(most) / size for most, size in zip(PICTURE_CM, (picture.width, picture.height), strict=True))
    picture.width, picture.height = int(picture.width * shrink), int(picture.height * shrink)
    picture._inline.docPr.set("descr", alt_text(shown.sheet))


def _set_up(document: Document, pack: Pack) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Cm, Pt, RGBColor

    (page,) = document.sections
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN_CM)
    told = document.core_properties
    told.title, told.author, told.language = pack.title, "assetmap", "en-GB"
    told.subject, told.identifier = about(pack), pack.pack_id
    told.comments = told.keywords = ""
    told.created = told.modified = dt.datetime.combine(pack.made_on, dt.time())
    told.last_modified_by, told.revision = "assetmap", 1
    sizes = {
        "Normal": (10, look.INK),
        "Subtitle": (10, look.QUIET),
        "Heading 1": (18, look.INK),
        "Heading 2": (12, look.INK),
    }
    for name, (points, colour) in sizes.items():
        style: Any = document.styles[name]
        style.font.name, style.font.size = look.FONT_FAMILIES[-1], Pt(points)
        style.font.color.rgb = RGBColor.from_string(colour.removeprefix("#"))
        style.font.italic = False
        style.element.get_or_add_rPr().get_or_add_rFonts().set(_word("eastAsia"), look.FONT_FAMILIES[-1])
        _plain_face(style)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = Pt(8 if name == "Heading 2" else 0), Pt(4)
        spacing.line_spacing_rule = WD_LINE_SPACING.SINGLE
    _speaks_english(document)


def _word(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")


def _plain_face(style: Any) -> None:
    """Leaves out the faces of the theme, which would be used in place of the one that is named."""
    faces = style.element.rPr.rFonts
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(_word(name), None)


def _speaks_english(document: Document) -> None:
    """Says in which language the text is to be read out."""
    for language in document.styles.element.iter(_word("lang")):
        language.set(_word("val"), "en-GB")


def _numbers(document: Document, numbers: tuple[Number, ...]) -> None:
    from docx.shared import Cm, Pt

    table = document.add_table(rows=1, cols=len(HEADINGS))
    table.style, table.autofit = "Table Grid", False
    table.rows[0]._tr.get_or_add_trPr().append(_flag("tblHeader"))
    for _ in numbers:
        table.add_row()
    told = [HEADINGS, *((each.value, each.says, each.rests_on, each.falls_short) for each in numbers)]
    for row, words in zip(table.rows, told, strict=True):
        row._tr.get_or_add_trPr().append(_flag("cantSplit"))
        sizes = HEADING_PT if words is HEADINGS else SIZES_PT
        for column, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
            cell.width = Cm(COLUMNS_CM[column])
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = 0
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(sizes[column]), words is HEADINGS or column == 0


def _flag(name: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(f"w:{name}")


def _with_one_clock(document: Document, day: dt.date) -> bytes:
    """The document's bytes, in which its own parts bear the pack's day instead of the moment of writing."""
    from zipfile import ZipFile

    written = BytesIO()
    document.save(written)
    with ZipFile(written) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()}, day)
