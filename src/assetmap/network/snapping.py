"""Where places are entered, and where points meet the streets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from scipy.spatial import cKDTree

from assetmap.network.graph import Ints, Network
from assetmap.space import Floats, to_measured
from assetmap.tables import Assets

SNAP_LIMIT_M: Final = 500.0
"""Further than this from any street, a place counts as not on the network rather than at its nearest street."""

OUTLINE_STEP_M: Final = 25.0
"""A place with only an outline may be entered all along it: at its corners and at least this often between them."""


@dataclass(frozen=True, eq=False)
class Entries:
    """The points at which places are entered; a place has one or more.

    Attributes
    ----------
    points_m
        ``(k, 2)`` eastings and northings in metres.
    owner
        ``(k,)`` the position, in the frame they were taken from, of the place that each belongs to.
    """

    points_m: Floats
    owner: Ints


@dataclass(frozen=True, eq=False)
class Snap:
    """Where points meet the network.

    Attributes
    ----------
    node
        ``(k,)`` the nearest node, -1 where there is none within the limit.
    distance_m
        ``(k,)`` straight-line metres from point to node, infinite where there is none within the limit.
    """

    node: Ints
    distance_m: Floats


def entries_of(assets: Assets) -> Entries:
    """The points at which each place can be entered, in metres on the British National Grid.

    Those of its ``access`` shape where it has one (the gates of a park); else its own points; else, for an outline or a
    line, points along it no more than :data:`OUTLINE_STEP_M` apart. A place without a shape has none.

    Parameters
    ----------
    assets
        In EPSG:4326. The ``access`` column may be missing, or empty in any row. No rows give no entries.
    """
    shapes = np.asarray(assets.geometry.array, dtype=object)
    if "access" in assets.columns:
        gates = np.asarray(gpd.GeoSeries(assets["access"]).array, dtype=object)
        shapes = np.where(shapely.is_missing(gates) | shapely.is_empty(gates), shapes, gates)
    measured = np.asarray(to_measured(gpd.GeoSeries(shapes, crs=assets.crs)).array, dtype=object)
    points_m, owner = shapely.get_coordinates(shapely.segmentize(measured, OUTLINE_STEP_M), return_index=True)
    return Entries(points_m, owner)


def snap(network: Network, points_m: Floats, limit_m: float = SNAP_LIMIT_M) -> Snap:
    """The node nearest to each point, and how far it is in a straight line.

    Parameters
    ----------
    points_m
        ``(k, 2)`` eastings and northings in metres. A point that is NaN meets no node.
    limit_m
        A point further than this from every node meets none.
    """
    distance_m, node = nearest_points(network.tree, points_m, limit_m)
    return Snap(node, distance_m)


def nearest_points(tree: cKDTree, points_m: Floats, limit_m: float) -> tuple[Floats, Ints]:
    """The distance to, and position of, the nearest point of a tree; infinite and -1 beyond the limit."""
    distance_m = np.full(len(points_m), np.inf)
    position = np.full(len(points_m), -1, dtype=np.int64)
    known = np.isfinite(points_m).all(axis=1)
    if tree.n == 0 or not known.any():
        return distance_m, position
    found_m, found = tree.query(points_m[known], distance_upper_bound=np.nextafter(limit_m, np.inf))
    distance_m[known] = found_m
    position[known] = np.where(np.isfinite(found_m), found, -1)
    return distance_m, position
