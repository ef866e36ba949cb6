"""Stretches of street between junctions, and how many drives between other places go along each of them.

A drive is the quickest way between two street ends: junctions, dead ends, and where a street changes its name. How
many quickest ways use an edge is its betweenness (Freeman 1977), found here with shortest-path trees as by Brandes
(2001): the drives from one end that use an edge are as many as the ends beyond it in that end's tree. Drives that begin
or end at the stretch's own ends are not through traffic and are left out, so that a cul-de-sac has exactly none.

In a connected piece of up to :data:`ENDS_ASKED` ends, drives from every one are counted, and the figure is exact. In a
larger one they are counted from so many of them, drawn with a fixed seed, and scaled up: the same answer every time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from assetmap.network import Network, build_network, snap
from assetmap.space import STORED_CRS, Floats, points_to_measured, to_measured
from assetmap.tables import NAMELESS, Streets

Ints = npt.NDArray[np.int64]

SPEED_KMH: Final[Mapping[str, float]] = {"main_road": 48.0, "lane": 40.0, "residential": 24.0}
"""The kinds of street that cars drive along, and how fast they are taken to go: drivers prefer the main roads."""

PIECES_WITHIN_M: Final = 250.0
"""Pieces of one name that lie so near are of one street, though other kinds of street part them."""

ENDS_ASKED: Final = 1_000
"""From at most so many ends of a connected piece are drives counted."""

STRETCH_COLUMNS: Final = (
    "name", "kind", "line", "length_m", "end_a", "end_b", "dead_end", "through", "street", "ways",
)  # fmt: skip

SEED: Final = 20_181
_AT_ONCE: Final = 100
_METRES_PER_SECOND: Final = 3.6


@dataclass(frozen=True, eq=False)
class _Segments:
    """The steps between neighbouring vertices of lines: their two nodes, the way each is of, and its geometry."""

    ends: Ints
    way: Ints
    points: Floats


def stretches(streets: Streets) -> pd.DataFrame:
    """Every stretch of street that cars drive along, with how many drives between other places go along it.

    Streets of other kinds (paths, service roads, tracks, streets without cars) are taken not to carry through traffic.
    One-way rules and turns that are forbidden are not followed.

    Parameters
    ----------
    streets
        Lines in EPSG:4326 that meet where they share a vertex.

    Returns
    -------
    pandas.DataFrame
        One row a stretch, in the order of its first way: ``name`` and ``kind``; ``line``, its geometry in EPSG:4326;
        ``length_m``; ``end_a`` and ``end_b``, numbers of the nodes it lies between (-1 for a ring that meets nothing);
        ``ways``, the positions in ``streets`` of the ways it is made of; ``dead_end``, whether one of its ends is where
        the street ends; ``through``, the drives along it between other places, in ends: 2 means as many as if two other
        ends sent every one of their drives this way; ``street``, a number that the stretches share which meet and have
        the same name and kind (one without a name is a street of its own).
    """
    is_driven = streets["kind"].isin(SPEED_KMH).to_numpy(dtype=bool)
    driven = Streets(streets[is_driven].reset_index(drop=True))
    if not len(driven):
        return pd.DataFrame({column: pd.Series(dtype=object) for column in STRETCH_COLUMNS})
    network = build_network(driven)
    segments = _segments(driven, network)
    label, is_end, meets = _joined(driven, network, segments)
    table = _table(driven, network, segments, label, is_end)
    only_one = np.append(meets == 1, False)
    table["dead_end"] = only_one[table["end_a"]] | only_one[table["end_b"]]
    seconds = table["length_m"] * _METRES_PER_SECOND / table["kind"].map(SPEED_KMH)
    ends = table[["end_a", "end_b"]].to_numpy(dtype=np.int64)
    table["through"] = through_drives(ends, seconds.to_numpy(dtype=np.float64), len(network))
    table["street"] = _same_street(table)
    given = np.flatnonzero(is_driven)
    table["ways"] = [tuple(int(way) for way in given[list(ways)]) for ways in table["ways"]]
    return table[list(STRETCH_COLUMNS)]


def _segments(driven: Streets, network: Network) -> _Segments:
    lines, way = shapely.get_parts(np.asarray(driven.geometry.array, dtype=object), return_index=True)
    points, line = shapely.get_coordinates(lines, return_index=True)
    # every vertex is a node of the network, so the nearest node is its own
    node = snap(network, np.column_stack(points_to_measured(points[:, 0], points[:, 1]))).node
    follows = np.flatnonzero((line[1:] == line[:-1]) & (node[1:] != node[:-1]))
    ends = np.column_stack([node[follows], node[follows + 1]])
    pairs = np.concatenate([points[follows], points[follows + 1]], axis=1).reshape(-1, 2, 2)
    # a second copy of a segment is the same piece of street
    _, first = np.unique(np.sort(ends, axis=1), axis=0, return_index=True)
    first.sort()
    return _Segments(ends[first], way[line[follows]][first], pairs[first])


def _joined(
    driven: Streets, network: Network, segments: _Segments
) -> tuple[Ints, npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Which stretch each segment is of; which nodes are ends of stretches; how many segments meet at each node."""
    called = driven["name"].fillna("").astype(str) + "\n" + driven["kind"].astype(str)
    street = pd.factorize(called)[0][segments.way]
    node, segment = segments.ends.T.ravel(), np.tile(np.arange(len(segments.ends)), 2)
    meets = np.bincount(node, minlength=len(network))
    order = np.argsort(node, kind="stable")
    begins = np.concatenate([[0], np.cumsum(meets)])
    passing = np.flatnonzero(meets == 2)
    one, other = segment[order[begins[passing]]], segment[order[begins[passing] + 1]]
    same = street[one] == street[other]
    is_end = meets != 2
    is_end[passing[~same]] = True
    links = sparse.coo_array(
        (np.ones(same.sum()), (one[same], other[same])), shape=(len(segments.ends), len(segments.ends))
    )
    _, label = csgraph.connected_components(links, directed=False)
    return np.asarray(label, dtype=np.int64), is_end, meets


def _table(
    driven: Streets, network: Network, segments: _Segments, label: Ints, is_end: npt.NDArray[np.bool_]
) -> pd.DataFrame:
    _, first, label = np.unique(label, return_index=True, return_inverse=True)
    order = np.argsort(label, kind="stable")
    lines = _gathered(np.asarray(shapely.linestrings(segments.points[order]), dtype=object), label[order])
    step_m = np.hypot(*(network.nodes[segments.ends[:, 0]] - network.nodes[segments.ends[:, 1]]).T)
    tips = np.full((len(first), 2), -1, dtype=np.int64)
    at = np.flatnonzero(is_end[segments.ends.ravel()])
    for column, where in ((1, at), (0, at[::-1])):
        # the last to be written stands: of a stretch's one or two tips, the last in one column, the first in the other
        tips[label[where // 2], column] = segments.ends.ravel()[where]
    rows = driven.iloc[segments.way[first]]
    return pd.DataFrame(
        {
            "name": rows["name"].to_numpy(),
            "kind": rows["kind"].to_numpy(),
            "line": shapely.line_merge(lines),
            "length_m": np.bincount(label, step_m),
            "end_a": tips[:, 0],
            "end_b": tips[:, 1],
            "ways": pd.Series(segments.way).groupby(label).unique().to_numpy(),
        }
    )


def _same_street(table: pd.DataFrame) -> Ints:
    """Which street each stretch is of: those of one name and kind that meet."""
    count = len(table)
    called = pd.factorize(table["name"].fillna("").astype(str) + "\n" + table["kind"].astype(str))[0]
    called = np.where(table["name"].isna(), -1 - np.arange(count), called)
    ends = pd.MultiIndex.from_arrays([table[["end_a", "end_b"]].to_numpy().T.ravel(), np.tile(called, 2)])
    spot = pd.factorize(ends)[0] + count
    size = int(spot.max()) + 1
    joins = sparse.coo_array((np.ones(2 * count), (np.tile(np.arange(count), 2), spot)), shape=(size, size))
    return np.asarray(csgraph.connected_components(joins, directed=False)[1][:count], dtype=np.int64)


def _gathered(lines: npt.NDArray[np.object_], group: Ints) -> npt.NDArray[np.object_]:
    """The lines of each group, which must be in order, as one."""
    return np.asarray(shapely.multilinestrings(lines, indices=group), dtype=object)


def short_streets(homes: pd.DataFrame, longest_m: float) -> gpd.GeoDataFrame:
    """Whole streets where they have a name and are short enough, and else the stretches of them.

    Parameters
    ----------
    homes
        Some rows of :func:`stretches`, at least one.
    longest_m
        The longest street that is taken whole.

    Returns
    -------
    geopandas.GeoDataFrame
        In EPSG:4326, one row a street or stretch, in order of its first: ``name`` (as registers without names are
        told), ``length_m``, ``cul_de_sac`` (a dead end is part of it), ``through`` (of its busiest stretch), ``ways``,
        ``part``: ``the whole street``, ``a stretch``, or ``a separate piece`` of a street that has others of its name
        near (:data:`PIECES_WITHIN_M`), and ``street``, the number of the street it is of.
    """
    street = homes["street"].to_numpy(dtype=np.int64)
    whole_m = homes.groupby(street)["length_m"].transform("sum").to_numpy()
    whole = ((whole_m <= longest_m) & homes["name"].notna().to_numpy()) | (np.bincount(street)[street] == 1)
    unit = pd.factorize(np.where(whole, street, street.max() + 1 + np.arange(len(homes))))[0]
    by_unit = homes.groupby(unit)
    lines, line = shapely.get_parts(homes["line"].to_numpy(), return_index=True)
    order = np.argsort(unit[line], kind="stable")
    units = gpd.GeoDataFrame(
        {
            "name": by_unit["name"].first().fillna(f"Street{NAMELESS}").to_numpy(),
            "length_m": by_unit["length_m"].sum().to_numpy(),
            "cul_de_sac": by_unit["dead_end"].any().to_numpy(dtype=bool),
            "through": by_unit["through"].max().to_numpy(),
            "ways": [sum(ways, ()) for ways in by_unit["ways"].agg(list)],
            "part": np.where(pd.Series(whole).groupby(unit).first(), "the whole street", "a stretch"),
            "street": by_unit["street"].first().to_numpy(),
        },
        geometry=shapely.line_merge(_gathered(lines[order], unit[line][order])),
        crs=STORED_CRS,
    )
    return _in_pieces(units, homes["name"].notna().groupby(unit).first().to_numpy(dtype=bool))


def _in_pieces(units: gpd.GeoDataFrame, is_named: npt.NDArray[np.bool_]) -> gpd.GeoDataFrame:
    """Pieces of one name that do not meet but lie near as one street, none of them the whole of it."""
    lines_m = np.asarray(to_measured(units.geometry).array, dtype=object)
    one, other = shapely.STRtree(lines_m).query(lines_m, predicate="dwithin", distance=PIECES_WITHIN_M)
    name, street = units["name"].to_numpy(), units["street"].to_numpy()
    of_one = (name[one] == name[other]) & is_named[one] & is_named[other]
    size = int(street.max()) + 1
    ends = (street[one[of_one]], street[other[of_one]])
    label = csgraph.connected_components(sparse.coo_array((np.ones(of_one.sum()), ends), shape=(size, size)))[1]
    pieces = pd.Series(street).groupby(label[street]).transform("nunique").to_numpy()
    units["part"] = units["part"].where((pieces == 1) | (units["part"] == "a stretch"), "a separate piece")
    # the number that the first of its pieces had
    units["street"] = pd.Series(street).groupby(label[street]).transform("min").to_numpy()
    return units


def through_drives(ends: Ints, seconds: Floats, nodes: int, most: int = ENDS_ASKED) -> Floats:
    """How many drives between other ends go along each stretch, told in ends.

    Parameters
    ----------
    ends
        ``(k, 2)`` the nodes that each stretch lies between, from 0 to ``nodes`` - 1; -1 where there is none.
    seconds
        ``(k,)`` how long it takes to drive along it.
    most
        From how many ends of each connected piece to count drives.

    Returns
    -------
    numpy.ndarray
        For each stretch, the unordered pairs of other ends whose quickest way uses it, divided by the number of ends in
        its piece other than its own two. 0 for a loop that comes back to its beginning, and for the slower of two
        stretches between the same ends. Where several ways are equally quick, one of them is taken.
    """
    low, high = ends.min(axis=1), ends.max(axis=1)
    joins = np.flatnonzero((low >= 0) & (low != high))
    # of several stretches between the same two ends, drivers take the quickest, the first of those that are equal
    quickest = joins[np.lexsort((joins, seconds[joins], low[joins] * nodes + high[joins]))]
    _, first = np.unique(low[quickest] * nodes + high[quickest], return_index=True)
    used = quickest[first]
    share = np.zeros(len(ends))
    for members, edges in _pieces(low[used], high[used], nodes):
        local = np.searchsorted(members, np.column_stack([low[used], high[used]])[edges])
        share[used[edges]] = _piece_drives(local, seconds[used[edges]], len(members), most)
    return share


def _pieces(low: Ints, high: Ints, nodes: int) -> Iterator[tuple[Ints, Ints]]:
    """The nodes and the edges of each connected piece that has more than one edge."""
    graph = sparse.coo_array((np.ones(len(low)), (low, high)), shape=(nodes, nodes))
    _, label = csgraph.connected_components(graph, directed=False)
    edges, members = np.argsort(label[low], kind="stable"), np.argsort(label, kind="stable")
    edge_label, member_label = label[low][edges], label[members]
    for piece in np.unique(edge_label):
        inside = edges[slice(*np.searchsorted(edge_label, [piece, piece + 1]))]
        if len(inside) > 1:
            yield np.sort(members[slice(*np.searchsorted(member_label, [piece, piece + 1]))]), inside


def _piece_drives(ends: Ints, seconds: Floats, count: int, most: int) -> Floats:
    """:func:`through_drives` in one connected piece of ``count`` ends."""
    if count <= 2:
        return np.zeros(len(ends))
    both = np.concatenate([ends, ends[:, ::-1]])
    graph = sparse.csr_array((np.tile(seconds, 2), both.T), shape=(count, count))
    keys = ends[:, 0] * count + ends[:, 1]
    in_order = np.argsort(keys)
    sources = np.arange(count)
    if count > most:
        sources = np.sort(np.random.default_rng(SEED).choice(count, most, replace=False))
    passed = np.zeros(len(ends))
    for chosen in np.array_split(sources, -(-len(sources) // _AT_ONCE)):
        parent, child, drives = _tree_drives(graph, chosen)
        edge = in_order[np.searchsorted(keys[in_order], np.minimum(parent, child) * count + np.maximum(parent, child))]
        passed += np.bincount(edge, drives, minlength=len(ends))
    # each pair is met from both of its ends, or, in a sample, as often as its ends are drawn
    return np.asarray(passed * (count / len(sources)) / 2.0 / (count - 2))


def _tree_drives(graph: sparse.csr_array, sources: Ints) -> tuple[Ints, Ints, Floats]:
    """For each edge of each source's tree of quickest ways, its two nodes and how many drives go through it."""
    seconds, before = csgraph.dijkstra(graph, indices=sources, return_predecessors=True)
    row, count = np.arange(len(sources)), graph.shape[0]
    beyond = np.ones((len(sources), count))
    # from the furthest end inwards, each hands what lies beyond it to the one before it; all sources at once
    for child in np.argsort(-seconds, axis=1, kind="stable").T[: count - 1]:
        beyond[row, before[row, child]] += beyond[row, child]
    which, child = np.nonzero(before >= 0)
    parent = before[which, child].astype(np.int64)
    # drives to the stretch's further end, and from its nearer one, are its own
    drives = np.where(parent == sources[which], 0.0, beyond[which, child] - 1.0)
    return parent, child.astype(np.int64), drives
