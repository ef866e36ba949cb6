"""Frames become a finished sheet: a map with its title, legend, scale, sources and licences inside the image.

A sheet is one A4 page, wide or upright as suits the place, as PNG (300 dots an inch), SVG or PDF. Where all its sources
would take the room of the map, they stand beside it in few words, and a PDF has them in full on a second page. The same
sheet gives the same bytes every time. In the PDF every word is text, to be searched, copied and heard; in the SVG words
are drawn, so that they look the same in every program, and the file carries the title and the description as text.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, get_args

from assetmap.errors import QuestionError
from assetmap.sheets.model import (
    POINT_COLUMNS,
    Sheet,
    SheetLayer,
    Words,
    fifths_of_england,
)
from assetmap.sheets.saying import alt_text, checksum, in_fours
from assetmap.sheets.told import Figure, Outlined, Panel, Shading, Standout, Would

__all__ = [
    "POINT_COLUMNS",
    "Figure",
    "Format",
    "Outlined",
    "Panel",
    "Shading",
    "Sheet",
    "SheetLayer",
    "Standout",
    "Words",
    "Would",
    "alt_text",
    "checksum",
    "draw",
    "fifths_of_england",
    "in_fours",
    "refuse_unprintable",
    "render",
    "renders",
]

Format = Literal["png", "svg", "pdf"]

_ONE_AT_A_TIME: Final = threading.Lock()
"""matplotlib's settings and font caches belong to the process; two sheets drawn at once would share them."""


def draw(sheet: Sheet, path: Path, format: Format) -> None:
    """Writes the sheet to a file.

    Raises
    ------
    QuestionError
        If the format is not png, svg or pdf, or the folder cannot be written to.
    """
    image = render(sheet, format)
    try:
        Path(path).write_bytes(image)
    except OSError as fault:
        message = f"The sheet could not be saved as {path}: {fault.strerror}. Choose another folder."
        raise QuestionError(message) from fault


def render(sheet: Sheet, format: Format) -> bytes:
    """The sheet as the bytes of a file; the same sheet always gives the same bytes.

    Raises
    ------
    QuestionError
        If the format is not png, svg or pdf.
    """
    return renders(sheet, [format])[format]


def renders(sheet: Sheet, formats: Sequence[Format]) -> dict[Format, bytes]:
    """The sheet in several formats, each as :func:`render` gives it: it is laid out once, which is half of the time.

    Raises
    ------
    QuestionError
        If a format is not png, svg or pdf.
    """
    for format in formats:
        if format not in get_args(Format):
            raise QuestionError(f"A sheet cannot be saved as {format!r}. Choose one of {', '.join(get_args(Format))}.")
    # matplotlib takes longer to import than all else together, and only whoever draws has need of it
    import matplotlib as mpl

    from assetmap.sheets.files import WRITES
    from assetmap.sheets.layout import compose
    from assetmap.sheets.panels import compose_panels

    # a PDF is packed well when it is tagged
    settings: Any = {"svg.hashsalt": "assetmap", "svg.fonttype": "path", "pdf.fonttype": 42, "pdf.compression": 1}
    # letters moved to the dots of a PNG would make lines longer than they were measured to be
    settings |= {"text.hinting": "none"}
    with _ONE_AT_A_TIME, mpl.rc_context(settings):
        front = compose_panels(sheet) if sheet.panels else compose(sheet)
        return {format: WRITES[format](sheet, front) for format in formats}


def refuse_unprintable(title: str) -> None:
    """Refuses a title with signs that no face of the sheet's type has: they would be printed as empty squares.

    Raises
    ------
    QuestionError
        Naming the signs.
    """
    from assetmap.sheets.paper import unknown_signs  # matplotlib, as in 'render'

    unknown = unknown_signs(title)
    if unknown:
        raise QuestionError(
            f"A sheet's type has no sign for {' '.join(unknown)}, which would be printed as empty squares. "
            "Write the title without."
        )
