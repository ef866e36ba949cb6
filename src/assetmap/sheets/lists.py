"""The lists beside a map: what closed, the neighbourhoods that a sheet of gaps numbers, and the small print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from assetmap import look
from assetmap.sheets.blocks import Unit, joined, lines_of
from assetmap.sheets.ground import DISC_MM
from assetmap.sheets.losses import year_of
from assetmap.sheets.marks import NO_YEAR
from assetmap.sheets.model import Sheet, kind_words
from assetmap.sheets.paper import HEADING, SMALL, Paper, Type, balanced, disc_coats, width_mm, wrap
from assetmap.sheets.saying import not_placed
from assetmap.sheets.told import Figure, Standout

LISTED: Final = Type(8.0, leading=1.14)
LISTED_QUIET: Final = replace(LISTED, colour=look.QUIET)
LISTED_BOLD: Final = replace(LISTED, weight="bold")
NUMBER: Final = Type(8.0, "bold")
ON_DISC: Final = Type(8.0, "bold", look.PAGE)
NUMBER_MM: Final = 5.2
"""The room for a number, left of what it numbers."""

UNBROKEN: Final = 6
"""A part of the list with no more losses than this stays in one column."""

PARAGRAPHS: Final = 6
"""More sources than this are set as one paragraph: a line for each would take the room of the map."""

NEVER_CUT: Final = 99
"""Lines; what is near a neighbourhood is told whole."""

FIGURES: Final = "In all"
FIGURE_MM: Final = 15.0
"""The room for a figure of the whole place."""

METHOD: Final = "How this was worked out"
CARE: Final = "Read with care"
SOURCES: Final = "Sources and licences"
MORE: Final = "The second page of the PDF has every register with its date."

Kept = Literal["all", "brief", "least"]
"""How much small print stands beside a map: all of it, sources in few words, or those without the method."""


def draw_number(paper: Paper, x_mm: float, y_mm: float, number: int, *, z: float = 10.0) -> None:
    """A number in white on a disc of ink."""
    paper.stamps(disc_coats(), paper.point(x_mm, y_mm), DISC_MM, z=z)
    paper.text(x_mm, y_mm - ON_DISC.cap_mm / 2, str(number), ON_DISC, align="center", z=z + 0.05)


def loss_units(sheet: Sheet, column_mm: float) -> list[Unit]:
    """What closed, by kind, with the number each has on the map; nothing where losses are named on the map."""
    if not sheet.numbers_losses:
        return []
    rows = sheet.gone_drawn
    counts = rows["kind"].astype(str).value_counts()
    parts: dict[str, list[Unit]] = {}
    told_of = zip(rows["kind"].astype(str), rows["name"].fillna("").astype(str), rows["closed_on"], strict=True)
    for number, (kind, name, closed_on) in enumerate(told_of, start=1):
        entry = _loss(number, name, year_of(closed_on), column_mm)
        parts.setdefault(_heading(sheet, kind, int(counts[kind])), []).append(entry)
    first, *rest = [unit for title, entries in parts.items() for unit in _part(title, entries, column_mm)]
    return [replace(first, gap_mm=1.6), *rest]


def _part(title: str, entries: Sequence[Unit], column_mm: float) -> list[Unit]:
    """A heading and its losses; a short part is not broken over columns, a long one after its first two."""
    head = lines_of(wrap(title, column_mm, LISTED_BOLD), LISTED_BOLD)
    together = len(entries) if len(entries) <= UNBROKEN else 2
    return [joined([head, *entries[:together]], 0.8), *entries[together:]]


def _heading(sheet: Sheet, kind: str, count: int) -> str:
    """What a part of the list is headed; kinds that lost only one come last, and are gathered."""
    return kind_words(sheet.kinds_lost, kind, count) if count > 1 else "One each of other kinds"


def _loss(number: int, name: str, year: str, column_mm: float) -> Unit:
    when = year or NO_YEAR
    room = column_mm - NUMBER_MM - width_mm(when, LISTED.size_pt, LISTED.weight) - 1.5
    names = wrap(name, room, LISTED, 2) or [""]

    def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
        baseline = top_mm - LISTED.cap_mm
        paper.text(left_mm + NUMBER_MM - 1.4, baseline, str(number), NUMBER, align="right")
        paper.lines(left_mm + NUMBER_MM, top_mm, names, LISTED)
        paper.text(left_mm + column_mm, baseline, when, LISTED_QUIET, align="right")

    return Unit(len(names) * LISTED.line_mm, draw)


def standout_units(sheet: Sheet, column_mm: float) -> list[Unit]:
    """The neighbourhoods that are numbered: what is near each already, then who lives there."""
    if sheet.outlined is None:
        return []
    return [_standout(i, each, column_mm) for i, each in enumerate(sheet.outlined.standouts, start=1)]


def _standout(number: int, told: Standout, column_mm: float) -> Unit:
    room = column_mm - NUMBER_MM
    if not told.near:
        return _in_a_line(number, told, room)
    parts = ((told.name, LISTED_BOLD), (told.near, LISTED), (told.facts, LISTED_QUIET))
    units = [
        lines_of(balanced(text, room, style, NEVER_CUT), style, indent_mm=NUMBER_MM) for text, style in parts if text
    ]

    return joined([_number(number), *units], 1.1)


def _in_a_line(number: int, told: Standout, room_mm: float) -> Unit:
    """With nothing said of what is near: its name, and what it reaches on the right."""
    names = wrap(told.name, room_mm - width_mm(told.facts, LISTED.size_pt, LISTED.weight) - 1.5, LISTED_BOLD) or [""]

    def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
        paper.lines(left_mm + NUMBER_MM, top_mm, names, LISTED_BOLD)
        right_mm = left_mm + NUMBER_MM + room_mm
        paper.text(right_mm, top_mm - LISTED.cap_mm, told.facts, LISTED_QUIET, align="right")

    high_mm = max(len(names) * LISTED.line_mm, 2 * DISC_MM)
    return joined([_number(number), Unit(high_mm, draw)], 0.5)


def _number(number: int) -> Unit:
    """The number of an entry, left of its first line."""

    def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
        draw_number(paper, left_mm + DISC_MM, top_mm - LISTED.cap_mm / 2, number)

    return Unit(0.0, draw)


def figure_units(sheet: Sheet, column_mm: float) -> list[Unit]:
    """Figures of the whole place, as things are and as they would be, as one small table."""
    if not sheet.figures:
        return []
    head = lines_of([FIGURES], HEADING, after_mm=0.9)
    closes = all(change.sign == "closes" for change in sheet.changes)
    rows = [_figure(Figure("", "today", "if closed" if closes else "if changed"), column_mm, LISTED_QUIET)]
    rows += [_figure(each, column_mm, LISTED) for each in sheet.figures]
    return [replace(joined([head, *rows]), gap_mm=3.8)]


def _figure(told: Figure, column_mm: float, style: Type) -> Unit:
    names = wrap(told.measure, column_mm - 2 * FIGURE_MM, style) or [""]

    def draw(paper: Paper, left_mm: float, top_mm: float) -> None:
        paper.lines(left_mm, top_mm, names, style)
        for words, right_mm in ((told.now, column_mm - FIGURE_MM), (told.then, column_mm)):
            paper.text(left_mm + right_mm, top_mm - style.cap_mm, words, style, align="right")

    return Unit(len(names) * style.line_mm + 0.4, draw)


def note_units(title: str, notes: Sequence[str], column_mm: float, size_pt: float, gap_mm: float) -> list[Unit]:
    """Small print: a heading and its sentences, each a paragraph, line by line so that it may run on over columns."""
    if not notes:
        return []
    style = replace(SMALL, size_pt=size_pt)
    head = lines_of([title], replace(style, weight="bold"), after_mm=0.4)
    paragraphs = [wrap(note, column_mm, style) for note in notes]
    units = [
        lines_of([line], style, gap_mm=0.8 if i == 0 else 0.0) for lines in paragraphs for i, line in enumerate(lines)
    ]
    opening = joined([head, *units[:1]], gap_mm)
    return [replace(unit, small=True) for unit in (opening, *units[1:])]


def small_print_units(sheet: Sheet, column_mm: float, size_pt: float, kept: Kept = "all") -> list[Unit]:
    """What to know before relying on the sheet, then where it comes from and under which licences.

    Parameters
    ----------
    kept
        How much of it stands beside the map; the whole of what is cut short stands on a page of its own.
    """
    care = " ".join((*sheet.caveats, *not_placed(sheet)))
    sources = sheet.sources if len(sheet.sources) <= PARAGRAPHS else (" ".join(sheet.sources),)
    if kept != "all":
        sources = (" ".join((*sheet.brief, MORE)),)
    told = ((METHOD, [sheet.method if kept != "least" else ""]), (CARE, [care]), (SOURCES, sources))
    filled = [(title, notes) for title, notes in told if any(notes)]
    return [
        unit
        for place, (title, notes) in enumerate(filled)
        for unit in note_units(title, notes, column_mm, size_pt, 1.8 if place else 3.4)
    ]
