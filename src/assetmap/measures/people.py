"""What a neighbourhood can reach and what it has: people within a walk, kinds within a walk, places per 1,000 people.

Every function is pure, and every neighbourhood is in every answer. Three things are kept apart: a neighbourhood with
nothing near enough (0), people from whose homes no walk leads to any such place (``people_not_reached``), and a
neighbourhood with nothing to measure from (NaN, "not measured").

People are counted where they live as nearly as the data says: at the addresses of their homes, where enough of them are
loaded; else at the buildings with their homes, where enough of those are; else at their postcodes; else along their
residential streets; else along any street; else at one point in the middle; ``measured_from`` says which. People of a
neighbourhood are shared among these origins, equally or by the homes at each: dasymetric mapping (Wright 1936).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from assetmap.arrays import among
from assetmap.measures.by_area import ByArea, by_area
from assetmap.network import SNAP_LIMIT_M, WALK_METRES_PER_MINUTE, Method, Nearest, Network, snap, walk_minutes
from assetmap.space import Floats, coordinates_m, points_to_measured
from assetmap.tables import Areas, Locators

HOME: Final = "home"
BUILDING: Final = "building"
POSTCODE: Final = "postcode"
STREET_NODE: Final = "street node"
MIDDLE: Final = "middle of the neighbourhood"

ORIGIN_COLUMNS: Final = ("area_code", "people", "x_m", "y_m", "node", "snap_m", "origin_kind")

WALK_MINUTES: Final = 15.0
"""The walk within which a place counts as near, unless another is asked for: 1,200 m."""

PEOPLE_A_HOME: Final = 4.0
"""Homes say where a neighbourhood's people live only if there is at least one for so many of them. England's homes have
2.4 people on average, so that with fewer homes many are not in the file, and those that are need not be typical."""

FEW_PEOPLE: Final = 500
"""With fewer people than this, a rate per 1,000 moves so much with one place that it is flagged."""

Flags = npt.NDArray[np.bool_]
_Positions = npt.NDArray[np.intp]


def origins(
    areas: Areas, locators: Locators | None, network: Network | None, snap_limit_m: float = SNAP_LIMIT_M
) -> pd.DataFrame:
    """The points that each neighbourhood's people set out from.

    The addresses of its homes, if there is one for every :data:`PEOPLE_A_HOME` people; else the buildings with homes,
    if they hold so many; else its postcodes; without any, the nodes of its residential streets; without those, any
    street node in it; without those, one point in its middle.
    A point on a boundary counts for both sides, so that what is said of one neighbourhood never depends on which others
    are loaded.

    Parameters
    ----------
    areas
        In EPSG:4326. People are NaN where the population is missing.
    locators
        In EPSG:4326: postcodes, property numbers of homes, and buildings with their ``homes``. One without an
        ``area_code`` is placed by where it lies.
    network
        The streets to set out along, or ``None`` where there are none: then ``node`` is -1 throughout.
    snap_limit_m
        A point further than this from every node is on none.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`ORIGIN_COLUMNS`: metres on the British National Grid, ``node`` -1 and ``snap_m`` NaN
        where the origin is on no street. Every neighbourhood has a row, one without a shape among them.
    """
    population = pd.to_numeric(areas["population"]).to_numpy(dtype=np.float64, na_value=np.nan)
    found = _homes(areas, locators, population, HOME)
    for others in (_homes(areas, locators, population, BUILDING), _located(areas, locators, POSTCODE)):
        found = pd.concat([found, others[~others["area"].isin(found["area"])]], ignore_index=True)
    found = pd.concat([found, _street_nodes(areas, network, without=found["area"].to_numpy())], ignore_index=True)
    found = pd.concat([found, _middles(areas, without=found["area"].to_numpy())], ignore_index=True)
    found = found.sort_values("area", kind="stable", ignore_index=True)
    homes = found["homes"].fillna(1.0)
    shared_among = homes.groupby(found["area"]).transform("sum")
    found["area_code"] = areas["area_code"].to_numpy()[found["area"]]
    found["people"] = population[found["area"]] / shared_among * homes
    return along(found, network, snap_limit_m)[list(ORIGIN_COLUMNS)]


def along(origins: pd.DataFrame, network: Network | None, snap_limit_m: float = SNAP_LIMIT_M) -> pd.DataFrame:
    """The same people in the same spots, setting out along other streets: a copy with its own ``node`` and ``snap_m``.

    Parameters
    ----------
    origins
        With ``x_m`` and ``y_m``.
    network, snap_limit_m
        As for :func:`origins`.
    """
    node, snap_m = _on_network(origins, network, snap_limit_m)
    return origins.assign(node=node, snap_m=snap_m)


def _points(origin_kind: str, area: _Positions, x_m: Floats, y_m: Floats) -> pd.DataFrame:
    """Origins of one kind; ``area`` is the position of each one's neighbourhood."""
    return pd.DataFrame({"area": area, "x_m": x_m, "y_m": y_m, "origin_kind": origin_kind})


def _homes(areas: Areas, locators: Locators | None, population: Floats, kind: str) -> pd.DataFrame:
    """The spots where homes are, with how many, of the neighbourhoods that have enough of them."""
    each = _located(areas, locators, kind)
    spots = each.groupby(["area", "x_m", "y_m", "origin_kind"], as_index=False).agg({"homes": "sum"})
    spots = spots.astype({"homes": "float64", "area": np.intp})
    homes = np.bincount(spots["area"], spots["homes"], minlength=len(areas))
    enough = homes * PEOPLE_A_HOME >= population  # not where it is not known how many people there are
    return spots[enough[spots["area"]]].reset_index(drop=True)


_SCHEME: Final = {HOME: "uprn", BUILDING: "building", POSTCODE: "postcode"}


def _located(areas: Areas, locators: Locators | None, kind: str) -> pd.DataFrame:
    """Every locator of one kind with its homes, in the neighbourhood that its row names, or else that it lies in."""
    if locators is None:
        return _points(kind, np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0)).assign(homes=1.0)
    codes = locators[locators["scheme"] == _SCHEME[kind]]
    points = np.asarray(codes.geometry.array, dtype=object)
    lon, lat = shapely.get_x(points), shapely.get_y(points)
    named = codes["area_code"] if "area_code" in codes.columns else pd.Series(None, index=codes.index, dtype=object)
    placed = pd.Index(areas["area_code"]).get_indexer(pd.Index(named))
    unnamed = np.flatnonzero(named.isna())
    area, lies_in = _inside(areas, np.column_stack([lon, lat])[unnamed])
    row = np.concatenate([np.flatnonzero(placed >= 0), unnamed[lies_in]])
    area = np.concatenate([placed[placed >= 0], area])
    in_order = np.argsort(row, kind="stable")
    row, area = row[in_order], area[in_order]
    homes = pd.to_numeric(codes["homes"]).astype("float64").fillna(1.0)
    return _points(kind, area, *points_to_measured(lon[row], lat[row])).assign(homes=homes.to_numpy()[row])


def _inside(areas: Areas, lon_lat: Floats) -> tuple[_Positions, _Positions]:
    """Which points lie in which neighbourhoods: the positions of each pair, neighbourhood first."""
    # The tree holds the points so that the outlines, which have many vertices, are the ones prepared for searching.
    area, point = shapely.STRtree(np.asarray(shapely.points(lon_lat), dtype=object)).query(
        np.asarray(areas.geometry.array, dtype=object), predicate="intersects"
    )
    return area, point


def _street_nodes(areas: Areas, network: Network | None, without: _Positions) -> pd.DataFrame:
    """The residential street nodes of the neighbourhoods not yet served; all street nodes where none is residential."""
    wanted = np.flatnonzero(~among(without, len(areas)))
    if network is None or len(wanted) == 0:
        return _points(STREET_NODE, np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0))
    # where a door meets a street nobody lives the more
    area, node = _inside(areas.iloc[wanted], network.lon_lat[: len(network) - network.feet])
    lived_on = network.residential[node]
    has_lived_on = np.isin(area, area[lived_on])
    use = lived_on | ~has_lived_on
    return _points(STREET_NODE, wanted[area[use]], *network.nodes[node[use]].T)


def _middles(areas: Areas, without: _Positions) -> pd.DataFrame:
    """One point inside each neighbourhood not yet served; NaN for one without a shape."""
    wanted = np.flatnonzero(~among(without, len(areas)))
    return _points(MIDDLE, wanted, *coordinates_m(areas.iloc[wanted].geometry).T)


def _on_network(found: pd.DataFrame, network: Network | None, limit_m: float) -> tuple[npt.NDArray[np.int64], Floats]:
    """The node that each origin sets out from and the metres to it; -1 and NaN on no street."""
    if network is None:
        return np.full(len(found), -1, dtype=np.int64), np.full(len(found), np.nan)
    snapped = snap(network, found[["x_m", "y_m"]].to_numpy(), limit_m)
    return snapped.node, np.where(snapped.node >= 0, snapped.distance_m, np.nan)


def at_origins(origins: pd.DataFrame, nearest: Nearest) -> Floats:
    """Metres from each origin to the nearest place: the walk from its node, and from its door to that node.

    Parameters
    ----------
    origins
        As :func:`origins` gives them.
    nearest
        What :func:`assetmap.network.walk_from` found from every node of the same network.

    Returns
    -------
    numpy.ndarray
        One value an origin: infinite where no walk reaches, NaN where the origin is on no street.
    """
    node = origins["node"].to_numpy()
    on_street = node >= 0
    distance_m = np.full(len(node), np.nan)
    distance_m[on_street] = nearest.distance_m[node[on_street]] + origins["snap_m"].to_numpy()[on_street]
    return distance_m


def reach(
    origins: pd.DataFrame | ByArea, distance_m: Floats, minutes: float = WALK_MINUTES, method: Method = "walking"
) -> pd.DataFrame:
    """How many of each neighbourhood's people have a place near enough, and how far the middle one of them goes.

    Parameters
    ----------
    origins
        As :func:`origins` gives them, or numbered by neighbourhood already.
    distance_m
        ``(len(origins),)`` metres to the nearest place: infinite where none can be reached, NaN where not measured.
    minutes
        How long a walk counts as near; exactly that long still does.
    method
        Whether ``distance_m`` are walks or straight lines, which are turned into minutes at the same pace.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code``, every neighbourhood in the order of the origins: ``people``; ``measured``;
        ``share_within`` (0 to 1, of the people measured); ``people_within``; ``walk_m_median`` and
        ``walk_minutes_median`` (half of the people reached go this far or less); ``people_not_reached``;
        ``people_not_measured``; ``measured_from``, the kind of origin; ``method``. Where the population is missing,
        people are NaN and origins count equally in the shares. Not measured is NaN, never 0.
    """
    grouped = by_area(origins)
    return grouped.frame(reach_columns(grouped, distance_m, minutes)).assign(
        measured_from=grouped.origin_kind, method=method
    )


def reach_columns(origins: ByArea, distance_m: Floats, minutes: float) -> dict[str, Floats]:
    """The figures of :func:`reach` by name, a value a neighbourhood."""
    measured = ~np.isnan(distance_m)
    within = distance_m <= minutes * WALK_METRES_PER_MINUTE
    known = origins.any(measured)
    median_m = origins.median(distance_m, origins.weight)
    return {
        "people": origins.area_people,
        "measured": known,
        "share_within": origins.mean(within, origins.weight * measured),
        "people_within": np.where(known, origins.total(origins.people * within), np.nan),
        "walk_m_median": median_m,
        "walk_minutes_median": walk_minutes(median_m),
        "people_not_reached": np.where(known, origins.total(origins.people * np.isinf(distance_m)), np.nan),
        "people_not_measured": origins.total(origins.people * ~measured),
    }


def kinds_within(
    origins: pd.DataFrame | ByArea, distances_by_kind: Mapping[str, Floats], minutes: float = WALK_MINUTES
) -> pd.Series[float]:
    """How many kinds of place a neighbourhood's people have near enough, on average over its people.

    Parameters
    ----------
    origins
        As :func:`origins` gives them.
    distances_by_kind
        For each kind, metres from every origin to the nearest of that kind, as for :func:`reach`.
    minutes
        How long a walk counts as near.

    Returns
    -------
    pandas.Series
        ``kinds_within``, indexed by ``area_code``: 0 where no kind is near (or none was asked about), NaN where the
        neighbourhood was not measured.
    """
    grouped = by_area(origins)
    count, measured = np.zeros(len(grouped.area)), np.ones(len(grouped.area), dtype=bool)
    for distance_m in distances_by_kind.values():
        count += distance_m <= minutes * WALK_METRES_PER_MINUTE
        measured &= ~np.isnan(distance_m)
    return pd.Series(grouped.mean(count, grouped.weight * measured), grouped.codes, name="kinds_within")


def per_1000(count: pd.Series[float], people: pd.Series[float]) -> pd.Series[float]:
    """A count for every 1,000 people; NaN where there are no people or their number is not known.

    Parameters
    ----------
    count, people
        With the same index. The answer has it too, and is empty when they are.
    """
    known = people.astype(np.float64)
    return 1000.0 * count / known.where(known > 0)


def provision(asset_area_codes: pd.Series[str], areas: Areas) -> pd.DataFrame:
    """How many places stand in each neighbourhood, and how many that is for every 1,000 of its people.

    Parameters
    ----------
    asset_area_codes
        The neighbourhood of each place. A place in none, or in one that is not in ``areas``, is not counted.
    areas
        The neighbourhoods, with their population.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code``, every neighbourhood: ``count`` (0 where no place stands), ``people`` (NaN where not
        known), ``per_1000`` (NaN where people are 0 or not known), ``few_people`` (fewer than :data:`FEW_PEOPLE`).
    """
    index = pd.Index(areas["area_code"], name="area_code")
    people = pd.Series(pd.to_numeric(areas["population"]).to_numpy(dtype=np.float64, na_value=np.nan), index=index)
    place = index.get_indexer(pd.Index(asset_area_codes))
    count = pd.Series(np.bincount(place[place >= 0], minlength=len(index)), index=index)
    rate = per_1000(count.astype(np.float64), people)
    return pd.DataFrame({"count": count, "people": people, "per_1000": rate, "few_people": people < FEW_PEOPLE})
