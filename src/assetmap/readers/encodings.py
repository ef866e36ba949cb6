"""The encoding of a file of text, and its lines one at a time.

The rule: a byte order mark decides; else two-byte characters show by their zero bytes; else it is UTF-8 if all of it
is; else it is Windows-1252. A file in which more lines are UTF-8 than are not was pasted together from both: its UTF-8
is kept and the other bytes are read as Windows-1252.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from assetmap.readers.spec import ReadSpec
from assetmap.readers.unpacking import HEAD_BYTES, refuse_kind, refuse_other_text

MAX_LINE_CHARACTERS: Final = 5_000_000
MAX_TEXT_CHARACTERS: Final = 1_000_000_000

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TWO_BYTE_SHARE: Final = 0.7
_CONTROL_SHARE: Final = 0.01
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\x0b\x0c\r\x1b"))
_AS_WINDOWS_1252: Final = "assetmap.windows-1252"
_NOT_TEXT: Final = ("is not a table of text", "Check that it is the file you meant, or save it as CSV.")


@dataclass(frozen=True)
class Encoding:
    """How to decode a file: the encoding, what to do with other bytes, and what to tell a person."""

    name: str
    errors: str = "strict"
    notes: tuple[str, ...] = ()


def _as_windows_1252(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeDecodeError):
        raise fault
    return fault.object[fault.start : fault.end].decode("cp1252", "replace"), fault.end


codecs.register_error(_AS_WINDOWS_1252, _as_windows_1252)


def find_encoding(spec: ReadSpec, stream: BinaryIO) -> Encoding:
    """The declared encoding, or the one that the file's bytes tell; reads the stream to its end.

    Raises
    ------
    SourceError
        If Python has no encoding of the declared name, or the file is not text.
    """
    head = stream.read(HEAD_BYTES)
    refuse_kind(spec, head)
    refuse_other_text(spec, head)
    if spec.encoding is not None:
        return _declared(spec, spec.encoding)
    marked = marked_encoding(head)
    if marked is not None:
        return Encoding(marked)
    if b"\0" in head or len(head) - len(head.translate(None, _CONTROLS)) > _CONTROL_SHARE * len(head):
        raise spec.fault(*_NOT_TEXT)
    stream.seek(0)
    return _surveyed(spec, stream)


def marked_encoding(head: bytes) -> str | None:
    """The encoding that a byte order mark or the zero bytes of two-byte characters tell, if any."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    even, odd = head[::2], head[1::2]
    if odd and odd.count(0) > _TWO_BYTE_SHARE * len(odd) and not even.count(0):
        return "utf-16-le"
    if even and even.count(0) > _TWO_BYTE_SHARE * len(even) and not odd.count(0):
        return "utf-16-be"
    return None


def lines_of(spec: ReadSpec, stream: BinaryIO, encoding: Encoding) -> Iterator[str]:
    """The lines of a file with their ends as they are (``\\n``, ``\\r`` or ``\\r\\n``), read one at a time.

    Raises
    ------
    SourceError
        If a line or the whole is too long to be a table's, has a zero character, or is not in the encoding.
    """
    text, number, characters = io.TextIOWrapper(stream, encoding.name, encoding.errors, newline=""), 0, 0
    try:
        while line := text.readline(MAX_LINE_CHARACTERS + 1):
            number += 1
            characters += len(line)
            if len(line) > MAX_LINE_CHARACTERS or characters > MAX_TEXT_CHARACTERS:
                raise _too_long(spec, number)
            if "\0" in line:
                raise spec.fault(*_NOT_TEXT)
            yield line
    except UnicodeError as fault:
        raise spec.fault(
            f"is not in the encoding {encoding.name} (after line {number:,})",
            "Save it as UTF-8, or declare its encoding.",
        ) from fault
    finally:
        if not stream.closed:
            text.detach()  # whoever opened the stream closes it


def _too_long(spec: ReadSpec, number: int) -> Exception:
    return spec.fault(
        f"is too long to be a table: line {number:,} goes past {MAX_LINE_CHARACTERS:,} characters, "
        f"or the whole past {MAX_TEXT_CHARACTERS:,}",
        "Check that it is the file you meant, or cut it down to your place.",
    )


def _declared(spec: ReadSpec, name: str) -> Encoding:
    try:
        io.TextIOWrapper(io.BytesIO(), name)
    except LookupError as fault:
        raise spec.fault(
            f"cannot be read: there is no encoding of text called {name!r}", "Try utf-8, cp1252 or utf-16."
        ) from fault
    return Encoding("utf-8-sig" if codecs.lookup(name).name == "utf-8" else name)


def _surveyed(spec: ReadSpec, stream: BinaryIO) -> Encoding:
    """UTF-8, Windows-1252 or a mixture of both, from every line of the file."""
    utf8_lines, other_lines = 0, list[int]()
    for number, line in enumerate(lines_of(spec, stream, Encoding("latin-1")), 1):
        if not line.isascii():
            if _is_utf8(line.encode("latin-1")):
                utf8_lines += 1
            else:
                other_lines.append(number)
    if not other_lines:
        return Encoding("utf-8-sig")
    if utf8_lines > len(other_lines):
        return Encoding("utf-8-sig", _AS_WINDOWS_1252, (_mixed_note(other_lines),))
    return Encoding("cp1252", "replace", (f"Its text is Windows-1252, not UTF-8 (line {other_lines[0]:,} tells).",))


def _mixed_note(lines: list[int]) -> str:
    return (
        f"Its text is UTF-8, but {len(lines):,} of its lines are not (line {lines[0]:,} is the first): "
        "what is not UTF-8 was read as Windows-1252."
    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
