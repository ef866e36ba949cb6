"""A PDF that says what it is: its language, its parts as an outline, and its words in order for those who hear them.

matplotlib writes words as text, but nothing that tells a heading from a map. Here the lines of each page become a
heading and paragraphs, and all that is drawn becomes one figure with its description (ISO 32000-1, 14.7 and 14.8).
Nothing that is printed changes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, Final, cast

from pypdf import PageObject, PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)

from assetmap.sheets.ground import Box
from assetmap.sheets.paper import MM_PER_POINT

LANGUAGE: Final = "en-GB"
FIGURE: Final = "Figure"

_LINE: Final = re.compile(
    rb"q\s+1\s+0\s+-0\s+1\s+(?P<x>\S+)\s+(?P<y>\S+)\s+cm\s+BT\s+/\S+\s+(?P<size>\S+)\s+Tf\s.*?\sET\s+Q\s", re.DOTALL
)
"""A line of words as matplotlib writes it: where it stands, in points, and in what size."""

_LEADING: Final = 1.6
"""Lines closer than so many sizes of their type are one paragraph."""


@dataclass
class _Part:
    """A part of a page's structure: what it is, and the numbers of the stretches of the page that it holds."""

    role: str
    numbers: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class _Line:
    x: float
    y: float
    size: float

    def goes_on(self, before: _Line | None) -> bool:
        """Whether it is the next line of the same paragraph or heading."""
        same = before is not None and (self.size, round(self.x)) == (before.size, round(before.x))
        return same and before is not None and 0 < before.y - self.y < _LEADING * self.size

    def lies_in(self, boxes_mm: Sequence[Box]) -> bool:
        x, y = self.x * MM_PER_POINT, self.y * MM_PER_POINT
        return any(left <= x <= right and low <= y <= top for left, low, right, top in boxes_mm)


def tagged(pdf: bytes, parts: Sequence[str], shows: str, maps_mm: Sequence[Box]) -> bytes:
    """The same PDF with its language, an outline and tags.

    Parameters
    ----------
    parts
        What each page is called in the outline; further pages go by the last of them.
    shows
        What the figure on the first page shows, in words.
    maps_mm
        Where maps lie on the first page, in millimetres from its bottom left corner: words there belong to the figure.
    """
    writer = PdfWriter(clone_from=BytesIO(pdf))
    tree = _Tree(writer)
    for at, page in enumerate(writer.pages):
        tree.add(page, _marked(page, shows=at == 0, maps_mm=maps_mm if at == 0 else ()), shows)
    yes = BooleanObject(True)
    told = {"/Lang": TextStringObject(LANGUAGE), "/StructTreeRoot": tree.finished()}
    told |= {"/MarkInfo": _dictionary({"/Marked": yes}), "/ViewerPreferences": _dictionary({"/DisplayDocTitle": yes})}
    writer.root_object.update(_dictionary(told))
    for at, title in enumerate(parts[: len(writer.pages)] if len(writer.pages) > 1 else ()):
        writer.add_outline_item(title=title, page_number=at)
    image = BytesIO()
    writer.write(image)
    return image.getvalue()


def _marked(page: PageObject, *, shows: bool, maps_mm: Sequence[Box]) -> list[_Part]:
    """Marks every stretch of a page; returns its parts as they are read out: its heading, its figure, the rest."""
    contents: Any = page["/Contents"].get_object()  # a stream, as matplotlib writes each page
    drawn: bytes = contents.get_data()
    figure, parts = _Part(FIGURE), list[_Part]()
    largest = max((float(found["size"]) for found in _LINE.finditer(drawn)), default=0.0)
    pieces: list[bytes] = []
    before: _Line | None = None
    for stretch, line in _stretches(drawn):
        if line is None and not shows:
            pieces.append(b"/Artifact BMC\n" + stretch + b"EMC\n")
            continue
        if line is None:
            part = figure
        elif line.lies_in(maps_mm):
            part, before = figure, None
        else:
            if not line.goes_on(before):
                parts.append(_Part("H1" if line.size == largest else "P"))
            part, before = parts[-1], line
        number = len(figure.numbers) + sum(len(each.numbers) for each in parts)
        part.numbers.append(number)
        pieces.append(b"/%s <</MCID %d>> BDC\n" % (part.role.encode(), number) + stretch + b"EMC\n")
    contents.set_data(b"".join(pieces))
    # a banner, as of a place that is made up, may stand above the heading
    top = 1 + next((at for at, part in enumerate(parts) if part.role == "H1"), 0)
    return [*parts[:top], *([figure] if shows else []), *parts[top:]]


def _stretches(drawn: bytes) -> Iterator[tuple[bytes, _Line | None]]:
    """What is drawn on a page, in the order of drawing: each line of words, and what lies between them."""
    at = 0
    for found in _LINE.finditer(drawn):
        if found.start() > at:
            yield drawn[at : found.start()], None
        yield found[0], _Line(float(found["x"]), float(found["y"]), float(found["size"]))
        at = found.end()
    if at < len(drawn):
        yield drawn[at:] + b"\n", None


class _Tree:
    """The structure of a document (14.7.2), page by page."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self.root, self.document = DictionaryObject(), DictionaryObject()
        self.root_at, self.document_at = writer._add_object(self.root), writer._add_object(self.document)
        self.children, self.parents = ArrayObject(), ArrayObject()

    def add(self, page: PageObject, parts: Sequence[_Part], shows: str) -> None:
        """The parts of one page, in the order in which they are read out."""
        owners: dict[int, IndirectObject] = {}
        for part in parts:
            told = {"/Pg": cast(PdfObject, page.indirect_reference), "/K": ArrayObject(map(NumberObject, part.numbers))}
            said = {"/Alt": TextStringObject(shows)} if part.role == FIGURE else {}
            element = self.writer._add_object(_element(part.role, self.document_at, {**told, **said}))
            self.children.append(element)
            owners |= dict.fromkeys(part.numbers, element)
        key = NumberObject(len(self.parents) // 2)
        page[NameObject("/StructParents")] = key
        self.parents += [key, self.writer._add_object(ArrayObject(owners[at] for at in sorted(owners)))]

    def finished(self) -> IndirectObject:
        """The root, which leads to all."""
        self.document.update(_element("Document", self.root_at, {"/K": self.children}))
        numbered = self.writer._add_object(_dictionary({"/Nums": self.parents}))
        following = NumberObject(len(self.parents) // 2)
        told = {"/Type": NameObject("/StructTreeRoot"), "/K": self.document_at, "/ParentTree": numbered}
        self.root.update(_dictionary({**told, "/ParentTreeNextKey": following}))
        return self.root_at


def _element(role: str, parent: IndirectObject, told: Mapping[str, PdfObject]) -> DictionaryObject:
    return _dictionary(
        {"/Type": NameObject("/StructElem"), "/S": NameObject(f"/{role}"), "/P": parent, **told},
    )


def _dictionary(told: Mapping[str, PdfObject]) -> DictionaryObject:
    return DictionaryObject({NameObject(name): value for name, value in told.items()})
