"""A source's file, as it came, to a :class:`~assetmap.tables.RawFrame`: text in columns, shapes beside them.

Reading is all that happens here. No value is judged, mended or dropped for what it says; what could not be read as a
row is listed in ``unreadable``, and what a person should know about the file itself is in ``notes``.

============  =============================================================================================
reader        what it reads
============  =============================================================================================
``csv``       a table of text: any of four delimiters, any encoding that is declared or can be found out
``excel``     a sheet of a workbook: .xlsx, .xls, .ods
``json``      a list of objects, wherever it stands in the file
``xml``       elements that repeat, wherever they stand in the file
``vector``    shapes: GeoPackage, GeoJSON, shapefile, GML, FlatGeobuf, KML and the like
``osm``       OpenStreetMap extracts (``.osm``, ``.osm.pbf``), chosen by tags
``heights``   heights of the ground as a grid: ASCII (``.asc``), GeoTIFF, tiles of them in a zip of zips
============  =============================================================================================

Each may be packed: gzip, bzip2, or a zip that holds what is wanted. What :func:`fetch_osm` asks of a server is a file
for the reader ``osm``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from assetmap.readers.elements import read_elements
from assetmap.readers.excel import read_workbook
from assetmap.readers.heights import read_heights
from assetmap.readers.objects import read_objects
from assetmap.readers.osm import read_osm
from assetmap.readers.overpass import Fetched, fetch_osm
from assetmap.readers.spec import ReadSpec
from assetmap.readers.text import read_text
from assetmap.readers.unpacking import require_file, sha256_of
from assetmap.readers.vector import read_vector
from assetmap.tables import RawFrame

__all__ = ["Fetched", "ReadSpec", "fetch_osm", "read", "sha256_of"]

READERS: Final[Mapping[str, Callable[[ReadSpec], RawFrame]]] = {
    "csv": read_text,
    "excel": read_workbook,
    "heights": read_heights,
    "json": read_objects,
    "osm": read_osm,
    "vector": read_vector,
    "xml": read_elements,
}


def read(spec: ReadSpec) -> RawFrame:
    """The rows of a source's file, every value as text, and their shapes where it has them.

    Parameters
    ----------
    spec
        The file and how to read it.

    Returns
    -------
    RawFrame
        Columns are text, ``""`` where the file has nothing, in the file's order; ``shapes`` are in the file's own
        coordinate system (or the declared one) and two-dimensional. A file with columns and no rows gives an empty
        frame.

    Raises
    ------
    SourceError
        If the file is missing, damaged, too large to be what it says, or not of the kind declared. The message names
        the file, says what is wrong and what to do.
    """
    if spec.reader not in READERS:
        raise spec.fault(f"cannot be read with {spec.reader!r}", f"Use one of: {', '.join(READERS)}.")
    require_file(spec)
    return READERS[spec.reader](spec)
