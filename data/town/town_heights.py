"""The hills of Marramsea, drawn by hand: a ridge behind the sea, flat fen south of the river.

Everything here is fictional. Heights come of the plan alone, with no chance in them.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from shapely import distance, points
from shapely.geometry import LineString, Polygon
from shapely.geometry import Point as Spot
from town_plan import COAST, ORIGIN_M, RIVER_LINE, Point

CELL_M = 100
SOUTH_WEST_KM = (-1.0, -1.0)
COLUMNS, ROWS = 110, 110
STRAND_KM = 0.35
VALLEY_KM = 0.45
SEA_M, STRAND_M = 0.0, 3.0


class Hill(NamedTuple):
    """A hill or a ridge: how high it stands above the ground around, and how far off that is down to a third."""

    name: str
    crest: list[Point]
    height_m: float
    width_km: float


HILLS: list[Hill] = [
    Hill("The Downs", [(6.95, 6.60), (5.70, 6.15), (4.62, 5.88), (3.70, 5.60), (2.60, 6.50)], 104, 0.62),
    Hill("Windmill Hill", [(4.95, 4.86)], 30, 0.36),
    Hill("Lark Hill", [(3.92, 5.08)], 40, 0.40),
    Hill("Thornholt Hill", [(0.95, 5.20)], 42, 0.55),
    Hill("Wickering Bank", [(0.40, 2.30), (1.10, 1.40)], 26, 0.50),
]


def heights() -> NDArray[np.float64]:
    """Metres above the sea in the middle of each cell, the northern row first."""
    columns, rows = np.meshgrid(np.arange(COLUMNS) + 0.5, np.arange(ROWS)[::-1] + 0.5)
    east = SOUTH_WEST_KM[0] + columns * CELL_M / 1000
    north = SOUTH_WEST_KM[1] + rows * CELL_M / 1000
    at = points(east, north)
    land = np.full(at.shape, STRAND_M)
    for hill in HILLS:
        crest = LineString(hill.crest) if len(hill.crest) > 1 else Spot(hill.crest[0])
        land += hill.height_m * np.exp(-((distance(at, crest) / hill.width_km) ** 2))
    valley = 1 - np.exp(-((distance(at, LineString(RIVER_LINE)) / VALLEY_KM) ** 2))
    inland = np.clip(distance(at, _sea()) / STRAND_KM, 0, 1)
    return np.round(SEA_M + (STRAND_M + (land - STRAND_M) * valley) * inland * inland * (3 - 2 * inland), 1)


def _sea() -> Polygon:
    """Everything east of the coast."""
    return Polygon([(20.0, COAST[0][1] + 5), (COAST[0][0], COAST[0][1] + 5), *COAST, (20.0, COAST[-1][1])])


def as_grid() -> str:
    """The heights as an ASCII grid, laid out as Ordnance Survey lays out OS Terrain 50, on a coarser grid."""
    west, south = (round(origin + km * 1000) for origin, km in zip(ORIGIN_M, SOUTH_WEST_KM, strict=True))
    head = f"ncols {COLUMNS}\nnrows {ROWS}\nxllcorner {west}\nyllcorner {south}\ncellsize {CELL_M}\n"
    return head + "".join(" ".join(f"{height:g}" for height in row) + "\n" for row in heights())
