"""Opening what a source came in: the file itself, gzip, bzip2 or zip, within bounds."""

from __future__ import annotations

import bz2
import codecs
import gzip
import hashlib
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final, cast

from assetmap.errors import SourceError
from assetmap.readers.spec import ReadSpec

MAX_UNPACKED_BYTES: Final = 4_000_000_000
"""More than this from one packed file is taken for a bomb."""

HEAD_BYTES: Final = 65_536
_BLOCK_BYTES: Final = 1 << 20

_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"
ZIPS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_DAMAGED = (EOFError, zlib.error, lzma.LZMAError, gzip.BadGzipFile, zipfile.BadZipFile, UnicodeDecodeError)
_ENCRYPTED_FLAG = 0x1
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)

_AS_WORKBOOK = "Use the reader 'excel'."
_UNPACK = "Unpack it and give the file inside."
_SQLITE: Final = b"SQLite format 3\x00"
_KINDS: Final[Mapping[bytes, tuple[str, str]]] = {
    b"%PDF": ("is a PDF document", "Ask its publisher for the same as a spreadsheet or CSV."),
    b"\xd0\xcf\x11\xe0": ("is an old Excel workbook", _AS_WORKBOOK),
    b"\x89PNG": ("is a picture", "Give the table or map file that it was made from."),
    b"\xff\xd8\xff": ("is a picture", "Give the table or map file that it was made from."),
    b"GIF8": ("is a picture", "Give the table or map file that it was made from."),
    _SQLITE: ("is a GeoPackage or another database", "Use the reader 'vector' for a GeoPackage."),
    b"PAR1": ("is a Parquet file", "Save it as CSV, or as a GeoPackage if it holds shapes."),
    b"7z\xbc\xaf": ("is a 7z archive", _UNPACK),
    b"Rar!": ("is a RAR archive", _UNPACK),
    b"\xfd7zXZ": ("is packed with xz", _UNPACK),
    b"\x28\xb5\x2f\xfd": ("is packed with zstd", _UNPACK),
}
_WEB_PAGE = re.compile(
    rb"\s*(?:<\?xml.*?\?>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)

_OTHER_TEXT: Final[Mapping[re.Pattern[bytes], tuple[str, str]]] = {
    re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*\{)"): (
        "is JSON, not a table",
        "Use the reader 'json', or 'vector' for GeoJSON.",
    ),
    re.compile(rb"\s*<\?xml"): (
        "is XML, not a table",
        "Use the reader 'vector' for GML or KML, 'osm' for .osm, and 'xml' for other XML.",
    ),
}


def require_file(spec: ReadSpec) -> None:
    """Refuse what is not there, is not a file, cannot be opened or is empty (SourceError)."""
    try:
        exists = spec.path.exists()
    except OSError as fault:
        raise spec.fault(
            f"could not be looked for ({fault.strerror})", "Check its name, and who may read it."
        ) from fault
    if spec.path.is_symlink() and not exists:
        raise spec.fault(f"is a link to {spec.path.readlink().name}, which is not there", "Mend the link.")
    if not exists:
        instead = " Or load with --live, which asks a server instead." if spec.reader == "osm" else ""
        looked_for = f"looked for {spec.path.absolute()}. Check its name and folder.{instead}"
        raise SourceError(f"There is no file {spec.path.name}: {looked_for}")
    if spec.path.is_dir():
        raise spec.fault("is a folder, not a file", "Name the file inside it.")
    if not spec.path.is_file():
        raise spec.fault("is not an ordinary file", "Save its contents to a file first.")
    if not head_of(spec):
        raise spec.fault("is empty", "Download it again, or ask its publisher.")


def head_of(spec: ReadSpec) -> bytes:
    """The first bytes of the file as it lies on the disk."""
    try:
        with spec.path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError as fault:
        raise spec.fault(f"could not be opened ({fault.strerror})", "Check that you may read it.") from fault


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hexadecimal digits: which version of a file was read."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def refuse_kind(spec: ReadSpec, head: bytes) -> None:
    """Refuse a file whose first bytes tell that it is of a kind no reader takes as text (SourceError)."""
    if _WEB_PAGE.match(_unmarked(head)):
        raise spec.fault(
            "looks like a web page, not data",
            "The publisher's link has probably moved or asks for a login: open it in a browser and download the data.",
        )
    for start, (what, remedy) in _KINDS.items():
        # a GeoPackage is what the reader 'vector' reads: whatever is wrong with it, its kind is right
        if head.startswith(start) and not (start == _SQLITE and spec.reader == "vector"):
            raise spec.fault(what, remedy)


def refuse_other_text(spec: ReadSpec, head: bytes) -> None:
    """Refuse text that is not a table: JSON or XML (SourceError)."""
    for begins, (what, remedy) in _OTHER_TEXT.items():
        if begins.match(_unmarked(head)):
            raise spec.fault(what, remedy)


def _unmarked(head: bytes) -> bytes:
    return head.removeprefix(codecs.BOM_UTF8)


@contextmanager
def opened(spec: ReadSpec, suffixes: frozenset[str]) -> Iterator[BinaryIO]:
    """The bytes of the one thing a file holds, unpacked as they are read.

    Parameters
    ----------
    spec
        The file.
    suffixes
        Ends of the names (``.csv``) that are looked for in a zip, in lower case.

    Raises
    ------
    SourceError
        If it is packed and damaged, encrypted, or does not hold exactly one thing to read.
    """
    head = head_of(spec)
    with told_as_damage(spec):
        if head.startswith(ZIPS):
            with zipfile.ZipFile(spec.path) as archive, archive.open(_the_member(spec, archive, suffixes)) as member:
                yield cast(BinaryIO, member)
        else:
            with _opener(head)(spec.path) as stream:
                yield stream


@contextmanager
def unpacked(spec: ReadSpec, suffixes: frozenset[str], beside: frozenset[str]) -> Iterator[list[Path]]:
    """Paths that a library can open, for a file that may be packed.

    Parameters
    ----------
    spec
        The file.
    suffixes
        Ends of the names that are looked for in a zip.
    beside
        Ends of the names that must lie beside those, such as ``.dbf``.

    Yields
    ------
    list of Path
        At least one. What was unpacked lies in a folder that is gone afterwards.
    """
    head = head_of(spec)
    if not head.startswith((_GZIP, _BZIP2, *ZIPS)):
        yield [spec.path]
        return
    with TemporaryDirectory(prefix="assetmap-") as folder:
        with told_as_damage(spec):
            if head.startswith(ZIPS):
                paths = _extract(spec, Path(folder), suffixes, beside)
            else:
                paths = [_decompress(spec, _opener(head), Path(folder))]
        yield paths


@contextmanager
def told_as_damage(spec: ReadSpec) -> Iterator[None]:
    """Faults of a packed file as errors that name it."""
    try:
        yield
    except _DAMAGED as fault:
        raise spec.fault("is damaged or breaks off part way", "Download it again.") from fault
    except (OSError, NotImplementedError) as fault:
        raise spec.fault(f"could not be unpacked ({fault})", "It may be damaged: download it again.") from fault


def _opener(head: bytes) -> Callable[[Path], BinaryIO]:
    if head.startswith(_GZIP):
        return lambda path: cast(BinaryIO, gzip.open(path, "rb"))
    if head.startswith(_BZIP2):
        return lambda path: cast(BinaryIO, bz2.open(path, "rb"))
    return lambda path: path.open("rb")


def _decompress(spec: ReadSpec, opener: Callable[[Path], BinaryIO], folder: Path) -> Path:
    target = folder / (spec.path.stem if spec.path.suffix.lower() in {".gz", ".bz2"} else spec.path.name)
    unpacked_bytes = 0
    with opener(spec.path) as stream, target.open("wb") as out:
        while block := stream.read(_BLOCK_BYTES):
            unpacked_bytes += len(block)
            if unpacked_bytes > MAX_UNPACKED_BYTES:
                raise _too_large(spec)
            out.write(block)
    return target


def _extract(spec: ReadSpec, folder: Path, suffixes: frozenset[str], beside: frozenset[str]) -> list[Path]:
    with zipfile.ZipFile(spec.path) as archive:
        chosen = _members(spec, archive, suffixes)
        stems = {str(PurePosixPath(member.filename).with_suffix("")) for member in chosen}
        for member in files_in(archive):
            path = PurePosixPath(member.filename)
            if member in chosen or (path.suffix.lower() in beside and str(path.with_suffix("")) in stems):
                # a zip cannot write more than it declares, and extract() keeps ".." and "/" inside the folder
                archive.extract(member, folder)
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in suffixes)


def _the_member(spec: ReadSpec, archive: zipfile.ZipFile, suffixes: frozenset[str]) -> zipfile.ZipInfo:
    members = _members(spec, archive, suffixes)
    if len(members) > 1:
        names = ", ".join(member.filename for member in members[:10])
        raise spec.fault(f"holds {len(members)} tables ({names})", "Say which with 'sublayer'.")
    return members[0]


def _members(spec: ReadSpec, archive: zipfile.ZipFile, suffixes: frozenset[str]) -> list[zipfile.ZipInfo]:
    """The files of a zip that are of the kind looked for, those called ``sublayer`` when some are."""
    files = files_in(archive)
    members = [member for member in files if PurePosixPath(member.filename).suffix.lower() in suffixes]
    called = [member for member in members if spec.sublayer in _names_of(member)]
    chosen = called or members
    if not chosen:
        raise _nothing_inside(spec, files)
    refuse_locked(spec, chosen)
    refuse_large(spec, files)
    return chosen


def refuse_locked(spec: ReadSpec, members: Iterable[zipfile.ZipInfo]) -> None:
    """Refuse what lies in a zip under a password, or packed in a way that nobody here can undo (SourceError)."""
    for member in members:
        if member.flag_bits & _ENCRYPTED_FLAG:
            raise spec.fault("is locked with a password", "Unpack it with the password and give the file inside.")
        if member.compress_type not in _ZIP_METHODS:
            raise spec.fault("is packed in a way that cannot be undone here", _UNPACK)


def refuse_large_zip(spec: ReadSpec, path: Path) -> None:
    """Refuse a zip that unpacks to more than any register holds (SourceError)."""
    with zipfile.ZipFile(path) as archive:
        refuse_large(spec, archive.infolist())


def refuse_large(spec: ReadSpec, members: list[zipfile.ZipInfo]) -> None:
    """Refuse what a zip holds where it is more than any register holds (SourceError)."""
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise _too_large(spec)


def files_in(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The files of a zip without the folders and without what computers leave behind (``.DS_Store``)."""
    return [
        member
        for member in archive.infolist()
        if not member.is_dir()
        and not member.filename.startswith("__MACOSX/")
        and not PurePosixPath(member.filename).name.startswith(".")
    ]


def _names_of(member: zipfile.ZipInfo) -> set[str]:
    path = PurePosixPath(member.filename)
    return {member.filename, path.name, path.stem}


def _nothing_inside(spec: ReadSpec, files: list[zipfile.ZipInfo]) -> SourceError:
    names = [member.filename for member in files]
    if "xl/workbook.xml" in names:
        return spec.fault("is an Excel workbook", _AS_WORKBOOK)
    if "content.xml" in names:
        return spec.fault("is an OpenDocument file", _AS_WORKBOOK)
    if any(name.lower().endswith(".zip") for name in names):
        return spec.fault("holds a zip inside a zip", "Unpack the outer one and give the inner one.")
    listed = f"it holds {', '.join(names[:10])}" if names else "it is an empty zip"
    return spec.fault(f"holds nothing that the reader {spec.reader!r} reads ({listed})", "Give the file itself.")


def _too_large(spec: ReadSpec) -> SourceError:
    return spec.fault(
        f"unpacks to more than {MAX_UNPACKED_BYTES // 1_000_000_000} GB", "Cut it down to your place first."
    )
