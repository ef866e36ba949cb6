"""XML of which one element repeats, as a flat table: elements inside elements are written ``a.b``.

The file is read as it streams by, once to find the element that repeats and once for its rows; what stands outside of
the rows is never kept. Entities are refused: they are how a small file unfolds into a huge one, or reads others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Final
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, InputSource

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser

from assetmap.readers.spec import MAX_COLUMNS, ReadSpec, numbered, text_frame, unique_names
from assetmap.readers.unpacking import HEAD_BYTES, opened, refuse_kind
from assetmap.tables import RawFrame

XML_SUFFIXES: Final = frozenset({".xml"})
MAX_XML_BYTES: Final = 500_000_000

_MAX_DEPTH: Final = 50
_MOST_PATHS: Final = 10_000
_OF_XML_ITSELF: Final = ("xmlns", "xsi:", "xml:")
_LISTED: Final = 20

Path = tuple[str, ...]


def read_elements(spec: ReadSpec) -> RawFrame:
    """The elements of an XML file that repeat as rows of text; see :func:`assetmap.readers.read`.

    A row's columns are its attributes and the elements inside it, by their names without prefixes; what occurs several
    times is joined with ``"; "``. The rows are the elements that ``sublayer`` names, alone (``EstablishmentDetail``) or
    after those around them (``EstablishmentCollection/EstablishmentDetail``); else those that repeat nearest to the
    top and hold something.
    """
    seen = _Seen(spec)
    _stream(spec, seen)
    rows = _Rows(spec, _row_path(spec, seen))
    _stream(spec, rows)
    names = unique_names(list(rows.keys))
    columns = {
        name: ["; ".join(row.get(key, ())) for row in rows.found]
        for key, name in zip(rows.keys, names, strict=True)
        if spec.wants(name)
    }
    return RawFrame(rows=text_frame(columns, len(rows.found)), row_numbers=numbered(len(rows.found)))


def _stream(spec: ReadSpec, handler: ContentHandler) -> None:
    """Lead a file past a handler."""
    with opened(spec, XML_SUFFIXES) as stream:
        source = InputSource(spec.path.name)
        source.setByteStream(_Bounded(spec, stream))
        if spec.encoding is not None:
            source.setEncoding(spec.encoding)
        parser = make_parser()
        parser.setContentHandler(handler)
        try:
            parser.parse(source)
        except DefusedXmlException as fault:
            raise spec.fault(
                "declares entities of its own, which can hide a huge or a foreign file",
                "Ask its publisher for a file without a DOCTYPE that has them.",
            ) from fault
        except SAXParseException as fault:
            line, column = fault.getLineNumber() or 0, fault.getColumnNumber() or 0
            raise spec.fault(
                f"is not XML: {fault.getMessage()} at line {line:,}, column {column + 1:,}",
                "It may have been cut off (download it again), or be in another encoding than it says (declare it as "
                "'encoding').",
            ) from fault
        except (SAXException, LookupError, ValueError) as fault:
            raise spec.fault(f"cannot be read as XML ({fault})", "Check that it is the file you meant.") from fault


@dataclass
class _Bounded:
    """A file's bytes, of which the first tell its kind, and of which there may be only so many."""

    spec: ReadSpec
    stream: BinaryIO
    read_bytes: int = 0

    def read(self, size: int = -1) -> bytes:
        block = self.stream.read(max(size, HEAD_BYTES))
        if not self.read_bytes:
            refuse_kind(self.spec, block[:HEAD_BYTES])
        self.read_bytes += len(block)
        if self.read_bytes > MAX_XML_BYTES:
            megabytes = MAX_XML_BYTES // 1_000_000
            raise self.spec.fault(f"is larger than {megabytes} MB", "Cut it down to your place first.")
        return block

    def close(self) -> None:
        """Whoever opened the stream closes it."""


def _local(name: str) -> str:
    return name.rpartition(":")[2]


@dataclass
class _Open:
    """An element that has begun and not ended."""

    path: Path
    children: Counter[str] = field(default_factory=Counter)


class _Seen(ContentHandler):
    """How often each element stands in a file, beside others of its name, and whether it holds anything."""

    def __init__(self, spec: ReadSpec) -> None:
        super().__init__()
        self._spec = spec
        self._open = [_Open(())]
        self.most: dict[Path, int] = {}
        self.holding: set[Path] = set()

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  # as SAX calls it
        parent = self._open[-1]
        path = (*parent.path, _local(name))
        parent.children[path[-1]] += 1
        self.most[path] = max(self.most.get(path, 0), parent.children[path[-1]])
        self.holding.add(parent.path)
        if any(not key.startswith(_OF_XML_ITSELF) for key in attrs.getNames()):
            self.holding.add(path)
        self._open.append(_Open(path))
        if len(path) > _MAX_DEPTH or len(self.most) > _MOST_PATHS:
            raise self._spec.fault(
                "has elements within elements too deep, or of too many names, to be a table",
                "Check that it is the file you meant.",
            )

    def endElement(self, name: str) -> None:  # noqa: N802
        self._open.pop()


def _row_path(spec: ReadSpec, seen: _Seen) -> Path:
    """Where the elements that are rows stand."""
    # of a zip with several files it names the file
    if spec.sublayer is not None and not spec.sublayer.lower().endswith(".xml"):
        wanted = tuple(spec.sublayer.split("/"))
        named = [path for path in seen.most if path[-len(wanted) :] == wanted]
        if not named:
            raise spec.fault(f"has no element {spec.sublayer!r}", f"It has: {_listed(list(seen.most))}.")
        return _only(spec, _highest(named), "say what stands around it, as in 'Around/Name'")
    repeating = _highest([path for path, count in seen.most.items() if count > 1 and path in seen.holding])
    if not repeating:
        raise spec.fault(
            "holds no element that repeats and has others in it, or attributes",
            f"Say with 'sublayer' which is a row. It has: {_listed(list(seen.most))}.",
        )
    return _only(spec, repeating, "say which with 'sublayer'")


def _highest(paths: Sequence[Path]) -> list[Path]:
    """Those of some paths that are nearest to the top."""
    top = min(map(len, paths), default=0)
    return [path for path in paths if len(path) == top]


def _only(spec: ReadSpec, paths: Sequence[Path], remedy: str) -> Path:
    if len(paths) > 1:
        raise spec.fault(f"holds several sorts of row ({_listed(paths)})", f"{remedy[0].upper()}{remedy[1:]}.")
    return paths[0]


def _listed(paths: Sequence[Path]) -> str:
    shown = ", ".join("/".join(path) for path in paths[:_LISTED])
    return shown + (", ..." if len(paths) > _LISTED else "")


@dataclass
class _Text:
    """The text of an element inside a row, and whether it is a column where it has none."""

    is_leaf: bool
    parts: list[str] = field(default_factory=list)


class _Rows(ContentHandler):
    """The rows of a file: for each, the texts of every column."""

    def __init__(self, spec: ReadSpec, path: Path) -> None:
        super().__init__()
        self._spec = spec
        self._path = path
        self._names: list[str] = []
        self._inside: list[_Text] = []
        self.keys: dict[str, None] = {}
        self.found: list[dict[str, list[str]]] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802  # as SAX calls it
        self._names.append(_local(name))
        if tuple(self._names) == self._path:
            self.found.append({})
        elif not self._inside:
            return
        else:
            self._inside[-1].is_leaf = False
        self._inside.append(_Text(is_leaf=len(self._inside) > 0))
        for key in attrs.getNames():
            if not key.startswith(_OF_XML_ITSELF):
                self._keep([*self._names, _local(key)], attrs.getValue(key))

    def characters(self, content: str) -> None:
        if self._inside:
            self._inside[-1].parts.append(content)

    def endElement(self, name: str) -> None:  # noqa: N802
        if self._inside:
            ended = self._inside.pop()
            text = " ".join("".join(ended.parts).split())
            # what only holds others is no column, unless it has a text of its own beside them
            if text or ended.is_leaf:
                self._keep(self._names, text)
        self._names.pop()

    def _keep(self, names: Sequence[str], text: str) -> None:
        key = ".".join(names[len(self._path) :]) or names[-1]
        if key not in self.keys:
            self.keys[key] = None
            if len(self.keys) > MAX_COLUMNS:
                raise self._spec.fault(
                    f"has more than {MAX_COLUMNS:,} different columns", "Say with 'sublayer' which element is a row."
                )
        texts = self.found[-1].setdefault(key, [])
        if text:
            texts.append(text)
