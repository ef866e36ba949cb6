"""A Word document's own ways: its styles, tables that say which row heads them, pictures with words, one clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import ZipFile

from PIL import Image

from assetmap import look
from assetmap.packs.archive import zipped

if TYPE_CHECKING:
    from docx.document import Document

PAGE_CM: Final = (21.0, 29.7)
MARGIN_CM: Final = 1.8
ROOM_CM: Final = (PAGE_CM[0] - 2 * MARGIN_CM, PAGE_CM[1] - 2 * MARGIN_CM)
"""What the margins leave of a page, across and down."""

HEADING_CM: Final = 1.4
"""What the heading above a picture takes of its page."""

CM_PER_INCH: Final = 2.54
DOTS_PER_INCH: Final = 200
"""Of a picture as it is printed: sharp to the eye, at a third of the bytes of 300."""

_FACE: Final = look.FONT_FAMILIES[-1]
_CELL_CM: Final = 0.12
"""Above and below the words of a cell."""


@dataclass(frozen=True)
class _Style:
    """The points and the colour of a style, and the points before and after it."""

    points: float
    colour: str
    before: float
    after: float


_STYLES: Final = {
    "Normal": _Style(10, look.INK, 0, 4),
    "Subtitle": _Style(10, look.QUIET, 0, 4),
    "List Bullet": _Style(10, look.INK, 0, 2),
    "Heading 1": _Style(18, look.INK, 0, 6),
    "Heading 2": _Style(13, look.INK, 10, 4),
    "Heading 3": _Style(10.5, look.INK, 8, 2),
}


def set_up(document: Document, title: str, subject: str, identifier: str, day: dt.date) -> None:
    """The page, the styles, and what the document says of itself."""
    from docx.shared import Cm

    (page,) = document.sections
    page.page_width, page.page_height = (Cm(size) for size in PAGE_CM)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(MARGIN_CM)
    told = document.core_properties
    told.title, told.author, told.language = title, "assetmap", "en-GB"
    told.subject, told.identifier = subject, identifier
    told.comments = told.keywords = ""
    told.created = told.modified = dt.datetime.combine(day, dt.time())
    told.last_modified_by, told.revision = "assetmap", 1
    for name, style in _STYLES.items():
        _dress(document.styles[name], style)
    for language in document.styles.element.iter(_word("lang")):
        language.set(_word("val"), "en-GB")  # in which language it is to be read out


def _dress(style: Any, wanted: _Style) -> None:
    from docx.enum.text import WD_LINE_SPACING
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = _FACE, Pt(wanted.points)
    style.font.color.rgb = RGBColor.from_string(wanted.colour.removeprefix("#"))
    style.font.italic = False
    described = style.element.get_or_add_rPr()
    faces = described.get_or_add_rFonts()
    faces.set(_word("eastAsia"), _FACE)
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(_word(name), None)  # would be used in place of the face that is named
    for spread in described.findall(_word("spacing")):
        described.remove(spread)
    spacing = style.paragraph_format
    spacing.space_before, spacing.space_after = Pt(wanted.before), Pt(wanted.after)
    spacing.line_spacing_rule = WD_LINE_SPACING.SINGLE


def _word(name: str) -> str:
    from docx.oxml.ns import qn

    return qn(f"w:{name}")


def table(
    document: Document,
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    columns_cm: Sequence[float],
    sizes_pt: Sequence[float],
    says: str,
) -> None:
    """A table whose first row heads it on every page, ruled below each row; the first column is bold.

    Parameters
    ----------
    says
        What the table holds, for those who hear it.
    """
    from docx.shared import Cm

    made = document.add_table(rows=1 + len(rows), cols=len(headings))
    made.autofit = False
    _describe(made, says)
    for column, width in zip(made.columns, columns_cm, strict=True):
        column.width = Cm(width)  # programs other than Word go by the column, not by its cells
    made.rows[0]._tr.get_or_add_trPr().append(_flag("tblHeader"))
    for at, (row, words) in enumerate(zip(made.rows, [headings, *rows], strict=True)):
        row._tr.get_or_add_trPr().append(_flag("cantSplit"))
        for column, (cell, text) in enumerate(zip(row.cells, words, strict=True)):
            cell.width = Cm(columns_cm[column])
            _fill(cell, text, 8.5 if at == 0 else sizes_pt[column], bold=at == 0 or column == 0, quiet=at == 0)


def _fill(cell: Any, text: str, points: float, *, bold: bool, quiet: bool) -> None:
    from docx.shared import Cm, Pt

    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Cm(_CELL_CM)
    run = paragraph.add_run(text)
    if quiet:
        set_aside(run)
    run.font.size, run.bold = Pt(points), bold


def set_aside(run: Any) -> None:
    """Words that stand beside others: smaller and quieter."""
    from docx.shared import Pt, RGBColor

    run.font.size, run.font.color.rgb = Pt(8), RGBColor.from_string(look.QUIET.removeprefix("#"))


def _describe(made: Any, says: str) -> None:
    """Rules below the rows, and the words for those who hear the table."""
    about = made._tbl.tblPr
    borders = _flag("tblBorders")
    for side in ("bottom", "insideH"):
        rule = _flag(side)
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", look.LINE.removeprefix("#"))):
            rule.set(_word(name), value)
        borders.append(rule)
    about.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption")
    described = _flag("tblDescription")
    described.set(_word("val"), says)
    about.append(described)


def _flag(name: str) -> Any:
    from docx.oxml import OxmlElement

    return OxmlElement(f"w:{name}")


def picture_page(document: Document, heading: str, png: bytes, says: str) -> None:
    """A page for a picture alone, held as the picture is: below its heading, as large as fits.

    Parameters
    ----------
    says
        What it shows, for those who cannot see it.
    """
    from docx.shared import Cm

    with Image.open(BytesIO(png)) as drawn:
        across_cm, down_cm = (dots / drawn.info["dpi"][0] * CM_PER_INCH for dots in drawn.size)
        wide = drawn.width > drawn.height
        _turned(document, wide=wide)
        document.add_heading(heading, level=3)
        most_cm = ROOM_CM[::-1] if wide else ROOM_CM
        shrink = min(most_cm[0] / across_cm, (most_cm[1] - HEADING_CM) / down_cm)
        size_cm = (across_cm * shrink, down_cm * shrink)
        made = document.add_picture(_light(drawn, size_cm), *map(Cm, size_cm))
    made._inline.docPr.set("descr", says)


def upright(document: Document) -> None:
    """What follows stands on upright pages again, if it does not already."""
    from docx.enum.section import WD_ORIENTATION

    if document.sections[-1].orientation == WD_ORIENTATION.LANDSCAPE:
        _turned(document, wide=False)


def _turned(document: Document, *, wide: bool) -> None:
    """A new page, held wide or upright, with the margins of all."""
    from docx.enum.section import WD_ORIENTATION, WD_SECTION
    from docx.shared import Cm

    page = document.add_section(WD_SECTION.NEW_PAGE)
    page.orientation = WD_ORIENTATION.LANDSCAPE if wide else WD_ORIENTATION.PORTRAIT
    page.page_width, page.page_height = (Cm(size) for size in (PAGE_CM[::-1] if wide else PAGE_CM))


def _light(drawn: Image.Image, size_cm: tuple[float, float]) -> BytesIO:
    """A picture that can be mailed: as many dots as are sharp at a size in print, in 256 colours near all of its own.

    On maps none is further than a dozen of 255 steps from what it stands for: nobody sees that.
    """
    dots = tuple(round(size / CM_PER_INCH * DOTS_PER_INCH) for size in size_cm)
    smaller = drawn.convert("RGB").resize((dots[0], dots[1]), Image.Resampling.HAMMING)
    written = BytesIO()
    of_few = smaller.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    of_few.save(written, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    written.seek(0)
    return written


def with_one_clock(document: Document, day: dt.date) -> bytes:
    """The document's bytes, in which its own parts bear a day instead of the moment of writing."""
    written = BytesIO()
    document.save(written)
    with ZipFile(written) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()}, day)
