"""Networks kept on disk, so that a large place's is built once and not at every start.

One file a network: its arrays in NumPy's format, one after the other, which are mapped into memory. Its name is a
digest of what it was made from: the streets, how they are parted, and the code that builds it. A file is written under
another name and then renamed, so no process sees half of one; one that cannot be read is made again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO, Final
from uuid import uuid4
from zlib import crc32

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

from assetmap import __version__, arrays, space
from assetmap.network import graph
from assetmap.network.graph import HOME_STEP_M, Network, build_network
from assetmap.tables import Streets

WORTH_KEEPING: Final = 100_000
"""Streets with fewer vertices are built anew: reading would save a tenth of a second or less, and needs a file."""

MOST_FILES: Final = 12
"""When more networks than this are kept, those that were used longest ago go."""

_Array = npt.NDArray[Any]


def cache_folder(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where networks are kept: ``ASSETMAP_CACHE``, else this user's folder for caches; ``None`` where it says ``off``.

    Only looked for, not made. ``None`` too where the user has no home.
    """
    given = environment.get("ASSETMAP_CACHE", "")
    if given:
        return None if given == "off" else Path(given)
    usual = {"win32": "LOCALAPPDATA", "darwin": ""}.get(sys.platform, "XDG_CACHE_HOME")
    if environment.get(usual):
        return Path(environment[usual]) / "assetmap"
    with suppress(RuntimeError):
        return Path.home() / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "assetmap"
    return None


def kept_network(streets: Streets, home_step_m: float = HOME_STEP_M, folder: Path | None = None) -> Network:
    """The network of :func:`assetmap.network.build_network`, read from disk where it has been built before.

    Parameters
    ----------
    streets, home_step_m
        What it is made from.
    folder
        Where networks are kept; by default :func:`cache_folder`. Where nothing can be written, it is built each time.
    """
    folder = folder or cache_folder()
    if folder is None or _vertices(streets) < WORTH_KEEPING:
        return build_network(streets, home_step_m)
    path = folder / f"{_digest(streets, home_step_m)}.network"
    with suppress(OSError, ValueError):
        return _read(path)
    built = build_network(streets, home_step_m)
    with suppress(OSError):
        _write(path, built)
    return built


def _vertices(streets: Streets) -> int:
    return int(shapely.get_num_coordinates(np.asarray(streets.geometry.array, dtype=object)).sum())


def _digest(streets: Streets, home_step_m: float) -> str:
    """What a network was made from, as a name."""
    digest = blake2b(digest_size=20)
    for code in (graph.__file__, arrays.__file__, space.__file__):
        digest.update(Path(code).read_bytes())
    digest.update(f"{__version__} {home_step_m!r} {sys.byteorder}".encode())
    for column in ("street_id", "kind"):
        digest.update("\0".join(streets[column].astype(str)).encode() + b"\1")
    digest.update(b"".join(shapely.to_wkb(np.asarray(streets.geometry.array, dtype=object))))
    return digest.hexdigest()


def _write(path: Path, built: Network) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.stem}.{uuid4().hex}.draft")
    try:
        with draft.open("wb") as file:
            arrays = _arrays(built)
            for array in (*arrays, _sum(arrays)):
                np.save(file, array, allow_pickle=False)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    by_use = sorted(path.parent.glob("*.network"), key=lambda kept: kept.stat().st_mtime)
    for kept in by_use[:-MOST_FILES]:
        kept.unlink(missing_ok=True)


def _arrays(built: Network) -> tuple[_Array, ...]:
    edges = built.graph
    # flags last: their length is no multiple of four, and what follows them would lie askew
    found = (built.nodes, built.lon_lat, built.component, edges.data, edges.indptr, edges.indices, built.residential)
    return tuple(np.ascontiguousarray(array) for array in found)


def _sum(arrays: Iterable[_Array]) -> _Array:
    """A checksum: numbers that a failing disk made up would send a walk to nodes that are not there."""
    total = 0
    for array in arrays:
        total = crc32(array.data.cast("B"), total)
    return np.array([total], dtype=np.uint32)


def _read(path: Path) -> Network:
    """The network in a file.

    Raises
    ------
    OSError
        If there is no such file.
    ValueError
        If it is not what :func:`_write` writes.
    """
    with path.open("rb") as file:
        *arrays, total = (_mapped(file) for _ in range(8))
    if not np.array_equal(total, _sum(arrays)):
        raise ValueError(f"{path} is not what was written.")
    nodes, lon_lat, component, data, indptr, indices, residential = arrays
    os.utime(path)
    edges = sparse.csr_array((data, indices, indptr), shape=(len(nodes), len(nodes)))
    return Network(nodes, lon_lat, edges, component, residential)


def _mapped(file: BinaryIO) -> _Array:
    """The array that begins here in a file, mapped into memory; the file is left where it ends."""
    np.lib.format.read_magic(file)
    shape, _, dtype = np.lib.format.read_array_header_1_0(file)
    begins = file.tell()
    mapped = np.memmap(file, dtype, "r", begins, shape)
    file.seek(begins + mapped.nbytes)
    return mapped
