"""A page that is laid out -> the bytes of a file, which says of itself what it shows and what it rests on.

No time of writing is in it: that would make every copy differ.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from fontTools import subset
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfPages
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from assetmap.sheets.model import Sheet
from assetmap.sheets.paper import Paper
from assetmap.sheets.saying import alt_text, checksum
from assetmap.sheets.second import ABOUT, further_pages
from assetmap.sheets.tagged import tagged

DOTS_PER_INCH: Final = 300

COMPRESSION: Final = 3
"""Of a PNG, of nine: the usual six takes half as long again and saves a hundredth of the bytes."""

_FOR_SETTING_TYPE: Final = ("GDEF", "GPOS", "GSUB", "kern")
"""The tables of a font that say how letters stand beside each other."""


def _png(sheet: Sheet, front: Paper) -> bytes:
    """A picture without transparency, which a page has no use for."""
    front.figure.set_dpi(DOTS_PER_INCH)
    canvas: Any = FigureCanvasAgg(front.figure)  # which has no types
    canvas.draw()
    drawn = Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")
    number = f"Sheet {checksum(sheet)}{f', pack {sheet.pack}' if sheet.pack else ''}"
    words = {"Title": sheet.title, "Description": alt_text(sheet), "Source": " ".join(sheet.sources)}
    told = PngInfo()
    for name, said in {**words, "Copyright": sheet.licence, "Software": "assetmap", "Comment": number}.items():
        told.add_text(name, said)
    image = BytesIO()
    drawn.save(image, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH), pnginfo=told, compress_level=COMPRESSION)
    return image.getvalue()


def _svg(sheet: Sheet, front: Paper) -> bytes:
    told = {"Title": sheet.title, "Description": alt_text(sheet), "Source": " ".join(sheet.sources),
            "Rights": sheet.licence, "Creator": "assetmap", "Date": None}  # fmt: skip
    image = BytesIO()
    front.figure.savefig(image, format="svg", metadata=told)
    return image.getvalue()


def _pdf(sheet: Sheet, front: Paper) -> bytes:
    """The page with the pages after it, and tags for those who hear them."""
    told = {"Title": sheet.title, "Author": "assetmap", "Subject": alt_text(sheet),
            "Keywords": " ".join(sheet.sources), "Creator": "assetmap", "Producer": None,
            "CreationDate": None}  # fmt: skip
    image = BytesIO()
    rest = further_pages(sheet, portrait=front.portrait) if front.cut_short else ()
    with _fonts_as_drawn(), PdfPages(image, metadata=told) as pages:
        for page in (front, *rest):
            pages.savefig(page.figure)
    return tagged(image.getvalue(), (sheet.title, ABOUT), alt_text(sheet), front.maps_mm)


@contextmanager
def _fonts_as_drawn() -> Iterator[None]:
    """While it lasts, fonts go into a PDF without their tables of ligatures and kerning.

    Each glyph has its place by then, so that no program reads them there, and cutting them down to the letters of a
    sheet took more than a third of the time of a PDF.
    """
    usual = subset.Options
    subset.Options = partial(usual, drop_tables=[*usual().drop_tables, *_FOR_SETTING_TYPE])
    try:
        yield
    finally:
        subset.Options = usual


WRITES: Final[Mapping[str, Callable[[Sheet, Paper], bytes]]] = MappingProxyType({"png": _png, "svg": _svg, "pdf": _pdf})
"""What writes a page, by the format: a PNG of 300 dots an inch, an SVG, or a PDF with the pages after it too."""
