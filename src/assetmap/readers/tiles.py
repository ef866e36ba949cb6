"""Grids of heights out of what they came in: a file, a zip of tiles, or a zip of zips of tiles.

Ordnance Survey ships OS Terrain 50 as one zip of 2,858 zips, each with a tile of ten kilometres. An ASCII grid says in
its first lines where it lies, so that only the tiles that are wanted are unpacked.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from assetmap.errors import SourceError
from assetmap.readers.spec import ReadSpec
from assetmap.readers.unpacking import (
    ZIPS,
    files_in,
    head_of,
    refuse_large,
    refuse_locked,
    told_as_damage,
    unpacked,
)

ASCII_SUFFIX: Final = ".asc"
GRID_SUFFIXES: Final = frozenset({ASCII_SUFFIX, ".tif", ".tiff"})
_BESIDE: Final = frozenset({".prj", ".tfw"})

_HEADER_BYTES: Final = 1_000
_HEADER: Final = re.compile(
    rb"^[ \t]*(ncols|nrows|[xy]ll(?:corner|center)|cellsize|d[xy]|nodata_value)[ \t]+(\S+)",
    re.IGNORECASE | re.MULTILINE,
)

Box = tuple[float, float, float, float]
"""West, south, east, north in the grid's own coordinates."""

Wanted = Callable[[Box, str | None], bool]
"""Whether a grid is wanted that lies in a box of the coordinate system that a ``.prj`` file beside it says."""


@dataclass(frozen=True)
class Header:
    """What the first lines of an ASCII grid say.

    Attributes
    ----------
    said
        Each word in small letters and its number, as it is written.
    length
        How many bytes these lines are.
    """

    said: Mapping[str, str]
    length: int

    @classmethod
    def of(cls, text: bytes) -> Header:
        """The header that a grid begins with; nothing is said where it begins with something else."""
        lines = list(_HEADER.finditer(text[:_HEADER_BYTES]))
        said = {line[1].decode().lower(): line[2].decode("utf-8", "replace") for line in lines}
        return cls(said, lines[-1].end() if lines else 0)

    @property
    def cells(self) -> int | None:
        """How many cells the grid has."""
        try:
            return int(self.said["ncols"]) * int(self.said["nrows"])
        except (KeyError, ValueError):
            return None

    @property
    def box(self) -> Box | None:
        """Where it lies, if it says so by its corner."""
        try:
            west, south, cell = (float(self.said[name]) for name in ("xllcorner", "yllcorner", "cellsize"))
            return west, south, west + cell * int(self.said["ncols"]), south + cell * int(self.said["nrows"])
        except (KeyError, ValueError):
            return None


@contextmanager
def grids(spec: ReadSpec, wanted: Wanted) -> Iterator[list[Path]]:
    """Paths of the grids in a file; of the tiles in a zip, those that may be wanted.

    Yields
    ------
    list of Path
        None where no tile is wanted. What was unpacked lies in a folder that is gone afterwards.

    Raises
    ------
    SourceError
        If a zip is damaged, locked, too large or holds no grid.
    """
    if not head_of(spec).startswith(ZIPS):
        with unpacked(spec, GRID_SUFFIXES, _BESIDE) as paths:
            yield paths
        return
    with TemporaryDirectory(prefix="assetmap-") as folder:
        with told_as_damage(spec), zipfile.ZipFile(spec.path) as archive:
            tiles = _Tiles(spec, Path(folder), wanted)
            tiles.take(archive)
        if not tiles.found:
            raise _nothing_inside(spec)
        yield sorted(tiles.taken)


class _Tiles:
    """The tiles of a zip: how many were found, and where those that are wanted were unpacked to."""

    def __init__(self, spec: ReadSpec, folder: Path, wanted: Wanted) -> None:
        self.found = 0
        self.taken: list[Path] = []
        self._spec, self._folder, self._wanted = spec, folder, wanted

    def take(self, archive: zipfile.ZipFile, *, inside: bool = False) -> None:
        """Unpack the wanted tiles of a zip, and of the zips in it."""
        members = files_in(archive)
        refuse_large(self._spec, members)
        for member in members:
            suffix = PurePosixPath(member.filename).suffix.lower()
            if suffix == ".zip" and not inside:
                refuse_locked(self._spec, [member])
                with zipfile.ZipFile(BytesIO(archive.read(member))) as inner:
                    self.take(inner, inside=True)
            elif suffix in GRID_SUFFIXES:
                self._take(archive, member, _beside(members, member))

    def _take(self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, beside: list[zipfile.ZipInfo]) -> None:
        refuse_locked(self._spec, [member, *beside])
        self.found += 1
        box = _box_of(archive, member)
        if box is not None and not self._wanted(box, _system(archive, beside)):
            return
        # tiles of different zips may bear one name
        folder = self._folder / f"{self.found}"
        for each in beside:
            archive.extract(each, folder)
        self.taken.append(Path(archive.extract(member, folder)))


def _beside(members: list[zipfile.ZipInfo], member: zipfile.ZipInfo) -> list[zipfile.ZipInfo]:
    stem = str(PurePosixPath(member.filename).with_suffix("")).lower()
    return [each for each in members if each.filename.lower() in {f"{stem}{suffix}" for suffix in _BESIDE}]


def _box_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Box | None:
    """Where an ASCII grid says that it lies; ``None`` for other grids, and where it does not say it as usual."""
    if PurePosixPath(member.filename).suffix.lower() != ASCII_SUFFIX:
        return None
    with archive.open(member) as stream:
        return Header.of(stream.read(_HEADER_BYTES)).box


def _system(archive: zipfile.ZipFile, beside: list[zipfile.ZipInfo]) -> str | None:
    said = [archive.read(each) for each in beside if each.filename.lower().endswith(".prj")]
    return said[0].decode("utf-8", "replace") if said else None


def _nothing_inside(spec: ReadSpec) -> SourceError:
    return spec.fault("holds no grid of heights (.asc or .tif)", "Give the file that its publisher calls a grid.")
