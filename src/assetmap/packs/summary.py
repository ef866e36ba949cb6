"""The summary to paste from, as DOCX: finding and numbers on one page, then each answer with its map, then sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from assetmap.packs.document import picture_page, set_aside, set_up, table, upright, with_one_clock
from assetmap.packs.entries import Entry
from assetmap.packs.pack import LIMITS, Pack
from assetmap.packs.page import about, licence_words, made_up
from assetmap.sheets import alt_text, in_fours
from assetmap.wording import day_words

if TYPE_CHECKING:
    from docx.document import Document

NAME: Final = "summary.docx"

HEADINGS: Final = ("Number", "What it counts", "What it rests on", "What falls short")
COLUMNS_CM: Final = (2.6, 4.6, 5.4, 4.8)
SIZES_PT: Final = (15, 10, 8, 8)

SOURCE_HEADINGS: Final = ("Register", "Publisher", "Published", "Licence", "Rows", "Issues")
SOURCES_CM: Final = (4.7, 4.2, 2.3, 3.1, 1.5, 1.6)
SOURCES_PT: Final = (8, 8, 8, 8, 8, 8)


def summary(pack: Pack, pictures: Mapping[str, bytes]) -> bytes:
    """The document; the same pack gives the same bytes.

    Parameters
    ----------
    pictures
        The map of each answer as PNG, by the answer's key.
    """
    # only whoever makes a pack waits for the library
    from docx import Document

    document = Document()
    set_up(document, pack.title, about(pack), pack.pack_id, pack.made_on)
    _first_page(document, pack)
    for entry in pack.entries:
        _answer(document, entry, pictures.get(entry.key))
    _sources(document, pack)
    return with_one_clock(document, pack.made_on)


def _first_page(document: Document, pack: Pack) -> None:
    if pack.fictional:
        document.add_paragraph(made_up(pack)).runs[0].bold = True
    document.add_paragraph(about(pack), style="Subtitle")
    document.add_heading(pack.title, level=1)
    if pack.numbers:
        document.add_heading("The numbers", level=2)
        rows = [(each.value, each.says, each.rests_on, each.falls_short) for each in pack.numbers]
        says = "The numbers, each with what it counts, what it rests on and what falls short"
        table(document, HEADINGS, rows, COLUMNS_CM, SIZES_PT, says)
    document.add_heading("What to know before relying on it", level=2)
    for limit in LIMITS[:2]:
        document.add_paragraph(limit, style="List Bullet")
    document.add_paragraph(
        "Each answer follows with its map and how it was worked out, then the sources. Every table, every file with "
        f"its checksum, and how to make this again: index.html in evidence pack {in_fours(pack.pack_id)}."
    )


def _answer(document: Document, entry: Entry, png: bytes | None) -> None:
    """What one answer says, how it was worked out and what to know; then its map on a page of its own."""
    upright(document)
    document.add_heading(entry.asks, level=2).paragraph_format.page_break_before = png is not None
    document.add_paragraph(f"{entry.answer.title}.").runs[0].bold = True
    if entry.answer.sentence:
        document.add_paragraph(entry.answer.sentence)
    for each in entry.numbers:
        line = document.add_paragraph(style="List Bullet")
        line.add_run(each.value).bold = True
        line.add_run(f" {each.says}").add_break()
        set_aside(line.add_run(f"{each.rests_on} {each.falls_short}"))
    document.add_heading("How this was worked out", level=3)
    document.add_paragraph(entry.answer.method)
    for formula in entry.answer.formulas:
        document.add_paragraph(str(formula), style="List Bullet")
    if entry.answer.caveats:
        document.add_heading("What to know", level=3)
        for caveat in entry.answer.caveats:
            document.add_paragraph(caveat, style="List Bullet")
    if entry.sheet is not None and png is not None:
        picture_page(document, f"Map: {entry.asks}", png, alt_text(entry.sheet))


def _sources(document: Document, pack: Pack) -> None:
    upright(document)
    document.add_heading("Sources and licences", level=2).paragraph_format.page_break_before = True
    rows = [
        (
            str(row["title"]),
            str(row["publisher"]),
            "; ".join(map(day_words, str(row["published"]).split("; "))) or "not given",
            licence_words(str(row["licence"])),
            f"{row['stored']:,}",
            f"{row['issues']:,}",
        )
        for row in pack.register.to_dict("records")
    ]
    says = "Every register loaded, with its publisher, date, licence, rows stored and issues"
    table(document, SOURCE_HEADINGS, rows, SOURCES_CM, SOURCES_PT, says)
    document.add_heading("What the licences ask to be said", level=3)
    for line in pack.attributions:
        document.add_paragraph(line, style="List Bullet")
