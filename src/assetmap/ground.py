"""The ground a place stands on: which neighbourhood a point is in, and how far outside the place a shape lies."""

from __future__ import annotations

from functools import cached_property
from typing import Final, cast

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from assetmap import space
from assetmap.space import Floats
from assetmap.tables import Areas

_CORNERS_M: Final = 50.0


class Ground:
    """The neighbourhoods of one place, ready to be asked where things are.

    Parameters
    ----------
    areas
        The place's neighbourhoods; with none, nothing is inside, and nothing can be said to be outside.
    """

    def __init__(self, areas: Areas | None) -> None:
        self.areas = areas if areas is not None and len(areas) else None

    @cached_property
    def _shapes_m(self) -> npt.NDArray[np.object_]:
        if self.areas is None:
            return np.empty(0, dtype=object)
        return np.asarray(space.to_measured(self.areas.geometry).array, dtype=object)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._shapes_m)

    @cached_property
    def box(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north in degrees, with a margin of a tenth of a degree; ``None`` without areas."""
        if self.areas is None:
            return None
        west, south, east, north = self.areas.total_bounds
        return float(west) - 0.1, float(south) - 0.1, float(east) + 0.1, float(north) + 0.1

    def outline(self, margin_m: float) -> shapely.Polygon | shapely.MultiPolygon | None:
        """The whole place and everything within so many metres of it, in EPSG:4326; ``None`` without areas.

        Drawn with few corners, and up to 100 metres wider.
        """
        if self.areas is None:
            return None
        around = shapely.union_all(self._shapes_m).buffer(margin_m + _CORNERS_M).simplify(_CORNERS_M)
        drawn = space.to_stored(gpd.GeoSeries([around], crs=space.MEASURED_CRS))
        return cast(shapely.Polygon | shapely.MultiPolygon, drawn.iloc[0])

    def area_codes(self, shapes: gpd.GeoSeries) -> npt.NDArray[np.object_]:
        """The neighbourhood that each shape's representative point lies in; ``None`` for those in none.

        Parameters
        ----------
        shapes
            In any declared system; missing and empty shapes lie in none.
        """
        codes = np.full(len(shapes), None, dtype=object)
        if self.areas is None or not len(shapes):
            return codes
        measured = np.array(space.to_measured(shapes).array, dtype=object)
        # so far off that the National Grid cannot tell where they are
        measured[~np.isfinite(shapely.bounds(measured)).all(axis=1)] = None
        points = shapely.point_on_surface(measured)
        which, area = self._tree.query(points, predicate="intersects")
        # on a shared border the neighbourhood that comes first is taken, whichever way the tree was walked
        order = np.lexsort((area, which))
        which, first = np.unique(which[order], return_index=True)
        codes[which] = self.areas["area_code"].to_numpy()[area[order][first]]
        return codes

    def metres_outside(self, shapes: gpd.GeoSeries) -> Floats:
        """How far each shape is from the nearest neighbourhood, in metres; 0 for one that touches any.

        Without neighbourhoods nothing is outside, and every distance is 0. Missing shapes give NaN, and those so far
        off that the National Grid cannot tell where they are give infinity.
        """
        if self.areas is None or not len(shapes):
            return np.zeros(len(shapes))
        measured = np.asarray(space.to_measured(shapes).array, dtype=object)
        drawn = ~(shapely.is_missing(measured) | shapely.is_empty(measured))
        usable = np.asarray(np.isfinite(shapely.bounds(measured)).all(axis=1), dtype=bool)
        distance = np.select([usable, drawn], [0.0, np.inf], np.nan)
        # most shapes touch a neighbourhood, which is found far sooner than a distance is measured
        usable[self._tree.query(measured, predicate="intersects")[0]] = False
        (_, _), distance[usable] = self._tree.query_nearest(measured[usable], return_distance=True, all_matches=False)
        return distance
