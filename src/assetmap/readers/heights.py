"""Heights of the ground, by GDAL through rasterio, brought to one form: points of the National Grid 50 m apart.

The points are those of OS Terrain 50, which are taken as they are. Of a finer grid, such as a survey by laser, each
point is the mean of the cells around it, so that a kerb or a wall is no hill; a coarser one is read between its points.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely

from assetmap.readers.spec import ReadSpec, numbered, text_frame
from assetmap.readers.tiles import ASCII_SUFFIX, Box, Header, grids
from assetmap.readers.unpacking import head_of, refuse_kind
from assetmap.readers.vector import known_crs
from assetmap.space import MEASURED_CRS, Floats, box_in, box_to_measured
from assetmap.tables import HEIGHT_SQUARE_M, HEIGHT_STEP_M, HEIGHTS_A_SIDE, HEIGHTS_A_SQUARE, RawFrame

DECIMALS: Final = 1
"""Heights are kept to a tenth of a metre, as OS Terrain 50 gives them."""

_NUMBERS: Final = b"0123456789+-.eE \t\r\n"
_NO_GRID: Final = "is no grid of heights that can be read to its end"
_NO_GRID_REMEDY: Final = (
    "It must be an ASCII grid (.asc) or a GeoTIFF, and may be damaged or cut off: download it again."
)


@dataclass(frozen=True)
class _Window:
    """Whole square kilometres that hold what is wanted: their south-west corner, and the heights north to south."""

    east_m: int
    north_m: int
    heights_m: Floats

    @classmethod
    def around(cls, box: Box) -> _Window:
        """Around a box in degrees."""
        west, south, east, north = box_to_measured(box)
        low = np.floor([west, south]).astype(int) // HEIGHT_SQUARE_M
        high = np.ceil([east, north]).astype(int) // HEIGHT_SQUARE_M + 1
        columns, rows = (high - low) * HEIGHTS_A_SIDE
        corner = low * HEIGHT_SQUARE_M
        return cls(int(corner[0]), int(corner[1]), np.full((rows, columns), np.nan))

    @property
    def box_m(self) -> Box:
        """Where it lies on the National Grid."""
        rows, columns = self.heights_m.shape
        east_m, north_m = self.east_m + columns * HEIGHT_STEP_M, self.north_m + rows * HEIGHT_STEP_M
        return self.east_m, self.north_m, east_m, north_m

    def squares(self) -> tuple[Floats, Floats]:
        """``(n, 2)`` corners and ``(n, 400)`` heights, from the south, of the squares of which any height is known."""
        rows, columns = (side // HEIGHTS_A_SIDE for side in self.heights_m.shape)
        parted = self.heights_m[::-1].reshape(rows, HEIGHTS_A_SIDE, columns, HEIGHTS_A_SIDE)
        heights_m = parted.transpose(0, 2, 1, 3).reshape(-1, HEIGHTS_A_SQUARE)
        north, east = np.divmod(np.arange(len(heights_m)), columns)
        corners = np.column_stack([self.east_m + east * HEIGHT_SQUARE_M, self.north_m + north * HEIGHT_SQUARE_M])
        known = ~np.isnan(heights_m).all(axis=1)
        return corners[known], heights_m[known]


def read_heights(spec: ReadSpec) -> RawFrame:
    """The square kilometres around a place as rows; see :func:`assetmap.readers.read`.

    Raises
    ------
    SourceError
        If it is not known around where, the file has no coordinate system or no such heights, or cannot be read.
    """
    if spec.around is None:
        raise spec.fault("cannot be read before it is known which heights are wanted", "Load the neighbourhoods first.")
    window = _Window.around(spec.around)

    @cache
    def wanted_in(system: str) -> Box:
        return box_in(window.box_m, known_crs(spec, system))

    def wanted(box: Box, system: str | None) -> bool:
        name = spec.crs or system
        return name is None or _meet(box, wanted_in(name))

    with grids(spec, wanted) as paths:
        met = sum(_read_grid(spec, path, window) for path in paths)
    corners, heights_m = window.squares()
    if not len(corners):
        wrong = "has no heights where the place is, only cells without data" if met else "lies elsewhere than the place"
        raise spec.fault(wrong, "Check that it is this place's file, and its coordinate system ('crs').")
    return _as_rows(corners, np.round(heights_m, DECIMALS))


def _as_rows(corners: Floats, heights_m: Floats) -> RawFrame:
    east, north = corners.T
    texts = [json.dumps([None if height != height else height for height in row]) for row in heights_m.tolist()]
    columns = {"easting_m": east.astype(str), "northing_m": north.astype(str), "heights_m": texts}
    squares = shapely.box(east, north, east + HEIGHT_SQUARE_M, north + HEIGHT_SQUARE_M)
    shapes = gpd.GeoSeries(squares, crs=MEASURED_CRS)
    return RawFrame(text_frame(columns, len(corners)), numbered(len(corners)), shapes)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _read_grid(spec: ReadSpec, path: Path, window: _Window) -> bool:
    """Fill the window's heights that are not known yet from one grid; whether the two meet."""
    ascii_grid = path.suffix.lower() == ASCII_SUFFIX
    if ascii_grid:
        _refuse_broken(spec, path)
    with _faults(spec, path), _opened(path, ascii_grid) as grid:
        system = spec.crs or (grid.crs.to_wkt() if grid.crs else None)
        if system is None:
            raise spec.fault(
                f"{_which(spec, path)}does not say its coordinate system",
                "Declare it as 'crs': for heights of Ordnance Survey, that of eastings and northings.",
            )
        if not _meet(tuple(grid.bounds), box_in(window.box_m, known_crs(spec, system))):
            return False
        found = _at_points(grid, known_crs(spec, system).to_wkt(), window)
    unknown = np.isnan(window.heights_m)
    window.heights_m[unknown] = found[unknown]
    return True


def _opened(path: Path, ascii_grid: bool) -> Any:
    import rasterio  # takes as long to import as many a file takes to read, and few loads read heights

    # GDAL is told what the file is, for other kinds may only point to files elsewhere; left to itself it also guesses
    # from the first lines of text whether heights are whole numbers
    if ascii_grid:
        return rasterio.open(path, driver="AAIGrid", DATATYPE="Float64")
    return rasterio.open(path, driver="GTiff")


def _at_points(grid: Any, system: str, window: _Window) -> Floats:
    """The heights at the window's points, NaN where the grid has none."""
    from rasterio.enums import Resampling
    from rasterio.transform import from_origin
    from rasterio.vrt import WarpedVRT
    from rasterio.warp import calculate_default_transform

    cell_m = calculate_default_transform(system, MEASURED_CRS, grid.width, grid.height, *grid.bounds)[0].a
    west, _, _, north = window.box_m
    rows, columns = window.heights_m.shape
    with WarpedVRT(
        grid, src_crs=system, crs=MEASURED_CRS, transform=from_origin(west, north, HEIGHT_STEP_M, HEIGHT_STEP_M),
        width=columns, height=rows, nodata=np.nan, dtype="float64",
        resampling=Resampling.average if cell_m <= HEIGHT_STEP_M / 2 else Resampling.bilinear,
    ) as turned:  # fmt: skip
        return np.asarray(turned.read(1), dtype=np.float64)


@contextmanager
def _faults(spec: ReadSpec, path: Path) -> Iterator[None]:
    """Faults of rasterio as errors that name the file."""
    import warnings

    from rasterio.errors import NotGeoreferencedWarning, RasterioError

    with warnings.catch_warnings():
        warnings.simplefilter("error", NotGeoreferencedWarning)
        try:
            yield
        except NotGeoreferencedWarning as fault:
            raise spec.fault(
                f"{_which(spec, path)}does not say where it lies", "Give the GeoTIFF, not a picture."
            ) from fault
        except (RasterioError, OSError) as fault:
            refuse_kind(spec, head_of(spec))
            raise spec.fault(f"{_which(spec, path)}{_NO_GRID}", _NO_GRID_REMEDY) from fault


def _refuse_broken(spec: ReadSpec, path: Path) -> None:
    """Refuse an ASCII grid that does not hold the numbers that its header promises.

    GDAL would read a letter as nought, and may read on for ever in a grid that breaks off.
    """
    text = path.read_bytes()
    header = Header.of(text)
    body = text[header.length :]
    strange = body.translate(None, _NUMBERS)
    if header.cells is not None and strange:
        found = strange[:20].decode("utf-8", "replace")
        raise spec.fault(
            f"{_which(spec, path)}has {found!r} among its heights, which are numbers", "Download it again."
        )
    if header.cells != len(body.split()):
        raise spec.fault(f"{_which(spec, path)}{_NO_GRID}", _NO_GRID_REMEDY)


def _which(spec: ReadSpec, path: Path) -> str:
    """Names the tile, where the file holds several."""
    return "" if path == spec.path else f"({path.name}) "
