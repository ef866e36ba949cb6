"""The ground of Marramsea: coast, streets, blocks and neighbourhoods, grown from the hand-drawn plan.

Works in metres on the British National Grid throughout; `make_town.py` turns the result into longitude and latitude.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import networkx as nx
import numpy as np
from numpy.random import Generator
from shapely import STRtree, coverage_simplify, coverage_union_all, union_all
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polygonize, substring
from town_names import StreetNames
from town_plan import (
    BYPASS,
    CLUSTERS,
    COAST,
    DISTRICTS,
    HEDGES,
    INLAND,
    ISLAND,
    ISLAND_PATH,
    ORIGIN_M,
    PARKS,
    RIVER_LINE,
    ROADS,
    SEED,
    STYLES,
    Cluster,
    District,
    Style,
)

GRID_M = 0.1
SHORTEST_DANGLE_M = 12.0
PEOPLE_PER_NEIGHBOURHOOD = 1_560
POPULATION = 125_000
MOST_PEOPLE_IN_BLOCK = 330
RESIDENTIAL = frozenset({"residential", "living_street"})
FRONTED = frozenset({"residential", "living_street", "tertiary", "unclassified", "pedestrian"})

Coord = tuple[float, float]


@dataclass(frozen=True)
class Street:
    """One street as drawn, before it is cut where it meets others."""

    name: str
    highway: str
    line: LineString
    surface: str | None = None


@dataclass
class Block:
    """Land enclosed by streets, with the people who live on it."""

    shape: Polygon
    district: str
    people: float


@dataclass
class Neighbourhood:
    """A made-up neighbourhood, the size of an LSOA."""

    code: str
    name: str
    district: District
    shape: Polygon | MultiPolygon
    people: int


@dataclass
class Ground:
    """Everything drawn: the base that assets are placed on."""

    land: Polygon
    island: Polygon
    river: Polygon
    sea: BaseGeometry
    ways: list[Street]
    neighbourhoods: list[Neighbourhood]
    parks: list[tuple[str, str, Polygon]]
    blocks: list[Block] = field(default_factory=list)


def metres(points: Iterable[Coord]) -> list[Coord]:
    """Plan kilometres to British National Grid metres."""
    return [(ORIGIN_M[0] + x * 1000, ORIGIN_M[1] + y * 1000) for x, y in points]


def smooth(points: Sequence[Coord], step_m: float = 45.0) -> list[Coord]:
    """A Catmull-Rom curve through every point, sampled about every `step_m`; the given points are kept exactly."""
    if len(points) < 3:
        return list(points)
    padded = [points[0], *points, points[-1]]
    curve: list[Coord] = []
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        count = max(1, round(math.dist(b, c) / step_m))
        for k in range(count):
            t = k / count
            curve.append(tuple(_catmull(a[n], b[n], c[n], d[n], t) for n in (0, 1)))  # type: ignore[arg-type]
    curve.append(points[-1])
    return curve


def _catmull(a: float, b: float, c: float, d: float, t: float) -> float:
    if t == 0:
        return b
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)


def roughen(points: Sequence[Coord], amount_m: float, rng: Generator, shortest_m: float = 70.0) -> list[Coord]:
    """Nature's edge: correlated wobble across the line, nothing at its ends; no wave below about `shortest_m`."""
    line = LineString(points)
    phases = rng.uniform(0, 2 * math.pi, 5)
    waves = np.array([12.9, 6.1, 3.0, 1.7, 1.0]) * shortest_m
    heights = amount_m * np.array([0.5, 0.4, 0.28, 0.2, 0.12])
    rough: list[Coord] = []
    for x, y in points:
        along = line.project(Point(x, y))
        ends = min(1.0, along / 300, (line.length - along) / 300)
        shift = float((heights * np.sin(2 * math.pi * along / waves + phases)).sum()) * ends
        ahead, behind = line.interpolate(along + 1), line.interpolate(max(0.0, along - 1))
        dx, dy = ahead.x - behind.x, ahead.y - behind.y
        length = math.hypot(dx, dy) or 1.0
        rough.append((x - dy / length * shift, y + dx / length * shift))
    return rough


def blob(centre: Coord, radius_m: float, stretch: float, rng: Generator) -> Polygon:
    """An irregular rounded shape, as parks and villages are."""
    turn = rng.uniform(0, math.pi)
    phases = rng.uniform(0, 2 * math.pi, 3)
    ring: list[Coord] = []
    for angle in np.linspace(0, 2 * math.pi, 28, endpoint=False):
        swell = 1 + sum(0.13 / (k + 1) * math.sin((k + 2) * angle + phases[k]) for k in range(3))
        x, y = radius_m * stretch * swell * math.cos(angle), radius_m / stretch * 1.25 * swell * math.sin(angle)
        ring.append(
            (centre[0] + x * math.cos(turn) - y * math.sin(turn), centre[1] + x * math.sin(turn) + y * math.cos(turn))
        )
    return Polygon(ring)


def draw_land(rng: Generator) -> tuple[Polygon, LineString, LineString]:
    """The borough's land, its coast (north to south) and the river's middle line."""
    coast = LineString(roughen(smooth(metres(COAST), 35), 22, rng))
    inland = roughen(smooth(metres(INLAND), 60), 110, rng, 240)
    extended = LineString([*_prolong(inland)])
    frame = box(ORIGIN_M[0] - 2000, ORIGIN_M[1] - 550, ORIGIN_M[0] + 11_000, ORIGIN_M[1] + 8_550)
    pieces = polygonize(union_all([coast, extended, frame.boundary], grid_size=GRID_M))
    inside = Point(metres([(4.0, 4.0)])[0])
    land = next(piece for piece in pieces if piece.contains(inside))
    river = LineString(roughen(smooth(metres(RIVER_LINE), 40), 14, rng))
    return land, coast, river


def _prolong(points: Sequence[Coord]) -> list[Coord]:
    """Both ends carried 400 m out to sea so that the boundary crosses the coast."""
    first, last = points[0], points[-1]
    return [(first[0] + 400, first[1]), *points, (last[0] + 400, last[1])]


def draw_sea(coast: LineString, island: Polygon) -> BaseGeometry:
    """The sea to draw: everything seaward of the coast, and of the coast that goes on beyond the borough, for 20 km."""
    rng = np.random.default_rng(SEED)
    north, south = coast.coords[0], coast.coords[-1]
    onward = [(north[0] - 700, north[1] + 20_000), (north[0] - 1_500, north[1] + 6_000), north]
    back = [south, (south[0] - 900, south[1] - 7_000), (south[0] - 2_400, south[1] - 20_000)]
    above, below = (roughen(smooth(line, 200), 60, rng) for line in (onward, back))
    far = north[0] + 25_000
    seaward = [(far, south[1] - 20_000), (far, north[1] + 20_000)]
    return Polygon([*above, *coast.coords, *below, *seaward]).buffer(0).difference(island)


def draw_river(line: LineString, land: Polygon) -> Polygon:
    """The river, widening to the sea."""
    steps = 60
    pieces = []
    for k in range(steps):
        part = substring(line, k / steps, (k + 1) / steps, normalized=True)
        pieces.append(part.buffer(5 + 30 * (k / steps) ** 3))
    return union_all(pieces).intersection(land)


class Layout:
    """Streets laid out inside one parcel between main roads."""

    def __init__(
        self, parcel: Polygon, roads: BaseGeometry, style: Style, names: StreetNames, theme: str, rng: Generator
    ) -> None:
        """Choose the direction, the bends and the mapping from street numbers to ground."""
        self.parcel, self.roads, self.style, self.names, self.theme, self.rng = parcel, roads, style, names, theme, rng
        self.room = parcel.buffer(-0.42 * style.row_m)
        self.meetings: list[Point] = []
        self.streets: list[Street] = []
        self.place: Callable[[float, float], Coord] = self._bent_grid()
        self.span = int(math.hypot(*self._size()) / 2 / min(style.row_m, style.column_m)) + 2

    def _size(self) -> tuple[float, float]:
        left, bottom, right, top = self.parcel.bounds
        return right - left, top - bottom

    def _angle(self) -> float:
        ring = list(self.parcel.minimum_rotated_rectangle.exterior.coords)
        a, b, c = ring[0], ring[1], ring[2]
        long_side = (a, b) if math.dist(a, b) >= math.dist(b, c) else (b, c)
        return math.atan2(long_side[1][1] - long_side[0][1], long_side[1][0] - long_side[0][0])

    def _bent_grid(self) -> Callable[[float, float], Coord]:
        style, rng = self.style, self.rng
        centre = self.parcel.centroid
        angle = self._angle() + rng.normal(0, 0.05)
        cosine, sine = math.cos(angle), math.sin(angle)
        waves = rng.uniform(0.7, 1.5, (2, 3)) * 2 * math.pi / 1150
        phases = rng.uniform(0, 2 * math.pi, (2, 3))
        lean = rng.normal(0, 0.06)
        slip = {k: rng.uniform(-0.2, 0.2) for k in range(-80, 81)}

        def place(i: float, j: float) -> Coord:
            u = i * style.column_m + lean * j * style.row_m
            v = (j + 0.6 * slip[round(j)] * (j == round(j))) * style.row_m
            du = style.warp_m * sum(
                math.sin(waves[0, k] * v * (1 + k / 2) + phases[0, k]) / (k + 1.3) for k in range(3)
            )
            dv = style.warp_m * sum(
                math.sin(waves[1, k] * u * (1 + k / 2) + phases[1, k]) / (k + 1.3) for k in range(3)
            )
            return centre.x + (u + du) * cosine - (v + dv) * sine, centre.y + (u + du) * sine + (v + dv) * cosine

        return place

    def make_radial(self, hub: Coord) -> None:
        """Switch to rings and spokes around a hub, as some post-war estates were laid out."""
        style = self.style
        turn = self.rng.uniform(0, 1)
        spokes = 18

        def place(i: float, j: float) -> Coord:
            radius = 130 + j * style.row_m
            angle = 2 * math.pi * (i + turn) / spokes
            wave = 1 + 0.07 * math.sin(3 * angle + 1.1)
            return hub[0] + radius * wave * math.cos(angle), hub[1] + radius * wave * 0.9 * math.sin(angle)

        self.place = place
        self.columns, self.rows = range(spokes), range(0, 14)

    def lay(self, radial_hub: Coord | None = None) -> list[Street]:
        """All streets of the parcel."""
        self.columns, self.rows = range(-self.span, self.span + 1), range(-self.span, self.span + 1)
        if radial_hub is not None:
            self.make_radial(radial_hub)
        kept = {(i, j) for i in self.columns for j in self.rows if self.room.contains(Point(self.place(i, j)))}
        for j in self.rows:
            self._lay_line([(i, j) for i in (*self.columns, *self._wrap())], kept, along_row=True)
        for i in self.columns:
            self._lay_line([(i, j) for j in self.rows], kept, along_row=False)
        return self.streets

    def _wrap(self) -> tuple[int, ...]:
        return (len(self.columns),) if self.columns.start == 0 else ()

    def _lay_line(self, cells: list[tuple[int, int]], kept: set[tuple[int, int]], *, along_row: bool) -> None:
        """One row or column: runs of kept links become named streets; ends reach out to the main roads."""
        run: list[Coord] = []
        for here, there in pairwise(cells):
            link = self._link(here, there, kept)
            if link and not along_row:
                self._cul_de_sac(here, there)
            if not link:
                run = self._finish(run)
                continue
            run = [*run, *link[1:]] if run and run[-1] == link[0] else (self._finish(run), link)[1]
            if LineString(run).length > self.rng.uniform(260, 620):
                run = self._finish(run)
        self._finish(run)

    def _finish(self, run: list[Coord]) -> list[Coord]:
        if len(run) > 1:
            kind = "living_street" if self.rng.random() < 0.02 else "residential"
            self.streets.append(Street(self.names.street(self.theme), kind, LineString(run)))
        return []

    def _link(self, here: tuple[int, int], there: tuple[int, int], kept: set[tuple[int, int]]) -> list[Coord]:
        first, last = self._is_kept(here, kept), self._is_kept(there, kept)
        if first and last:
            if self.rng.random() < self.style.drop:
                return []
            path = self._path(here, there)
            return path if self.parcel.contains(LineString(path)) else []
        if first or last:
            inner, outer = (here, there) if first else (there, here)
            reach = self._reach(inner, outer)
            return reach if first else reach[::-1]
        return []

    def _is_kept(self, cell: tuple[int, int], kept: set[tuple[int, int]]) -> bool:
        return (cell[0] % len(self.columns) if self._wrap() else cell[0], cell[1]) in kept

    def _path(self, here: tuple[float, float], there: tuple[float, float]) -> list[Coord]:
        steps = 4 if self.style.warp_m > 10 or self._wrap() else 2
        points = [
            self.place(here[0] + (there[0] - here[0]) * k / steps, here[1] + (there[1] - here[1]) * k / steps)
            for k in range(steps + 1)
        ]
        return [(round(x, 1), round(y, 1)) for x, y in points]

    def _reach(self, inner: tuple[int, int], outer: tuple[int, int]) -> list[Coord]:
        """From the last kept corner straight on to a main road, if one is near and nothing else is."""
        a, b = self.place(*inner), self.place(*outer)
        a = (round(a[0], 1), round(a[1], 1))
        length = math.dist(a, b)
        stretch = max(1.5, 90 / length)
        far = (a[0] + (b[0] - a[0]) * stretch, a[1] + (b[1] - a[1]) * stretch)
        hit = LineString([a, far]).intersection(self.parcel.boundary)
        if hit.is_empty:
            return []
        first = min(getattr(hit, "geoms", [hit]), key=Point(a).distance)
        end = Point(first.coords[0])
        if end.distance(self.roads) > 0.5 or any(end.distance(other) < 22 for other in self.meetings):
            return []
        self.meetings.append(end)
        over = 1 + 0.8 / max(1.0, Point(a).distance(end))
        return [a, (a[0] + (end.x - a[0]) * over, a[1] + (end.y - a[1]) * over)]

    def _cul_de_sac(self, here: tuple[int, int], there: tuple[int, int]) -> None:
        """A close off the middle of a cross street, sometimes with a footpath through to the next."""
        if self.rng.random() > self.style.cul_de_sac or here[1] + 1 != there[1]:
            return
        i, j = here[0], here[1] + 0.5
        side = 1 if self.rng.random() < 0.6 else -1
        depth = self.rng.uniform(0.45, 0.72)
        path = self._path((i, j), (i + side * depth, j))
        if not self.room.buffer(0.2 * self.style.row_m).contains(LineString(path)):
            return
        self.streets.append(Street(self.names.close(self.theme), "residential", LineString(path)))
        if self.rng.random() < self.style.cut_through:
            on = LineString([path[-1], *self._path((i + side * depth, j), (i + side * 1.01, j))[1:]])
            if self.parcel.contains(on):
                self.streets.append(Street("", "footway", on, "asphalt"))


def nearest_district(point: Point) -> District:
    """The district whose middle is nearest."""
    return min(DISTRICTS, key=lambda d: point.distance(Point(metres([d.seed])[0])))


def make_parks(
    land: Polygon, river: Polygon, roads: BaseGeometry, rng: Generator
) -> list[tuple[str, str, str, Polygon]]:
    """Name, function, ring road and shape of each large green space, kept clear of roads and water."""
    clear = land.buffer(-25).difference(river.buffer(22)).difference(roads.buffer(14))
    parks = []
    for park in PARKS:
        shape = blob(metres([park.centre])[0], park.radius_km * 1000, park.stretch, rng).intersection(clear)
        parts = list(getattr(shape, "geoms", [shape]))
        parks.append((park.name, park.function, park.ring_road, max(parts, key=lambda p: p.area)))
    return parks


def main_streets() -> list[Street]:
    """The hand-drawn roads as smooth curves."""
    return [Street(r.name, r.highway, LineString(smooth(metres(r.points)))) for r in ROADS]


def seafront(coast: LineString) -> list[Street]:
    """Promenade, steps down from the parade, the pier and the coast path."""
    x0, y0 = ORIGIN_M
    prom_line = coast.parallel_offset(24, "right").simplify(1.0)
    start, end = prom_line.project(Point(x0 + 7_050, y0 + 5_330)), prom_line.project(Point(x0 + 6_590, y0 + 4_000))
    promenade = substring(prom_line, min(start, end), max(start, end))
    streets = [Street("The Promenade", "pedestrian", promenade, "paving_stones")]
    parade = LineString(smooth(metres([(6.40, 3.83), (6.49, 3.98), (6.565, 4.26), (6.70, 4.80), (6.98, 5.36)])))
    for k, share in enumerate(np.linspace(0.03, 0.97, 14)):
        top = parade.interpolate(share * parade.length)
        foot = promenade.interpolate(promenade.project(top))
        if top.distance(foot) < 140:
            kind = "steps" if k % 3 == 1 else "footway"
            streets.append(Street("", kind, _overshoot(top, foot), "paving_stones"))
    gate = promenade.interpolate(promenade.project(Point(x0 + 6_640, y0 + 4_262)))
    pier = LineString([(gate.x - 0.7, gate.y), (gate.x + 150, gate.y - 18), (gate.x + 330, gate.y - 42)])
    streets.append(Street("Marramsea Pier", "pedestrian", pier, "wood"))
    streets.append(
        Street("", "footway", LineString([pier.coords[2], (pier.coords[2][0] + 12, pier.coords[2][1] + 42)]), "wood")
    )
    return streets


def _overshoot(a: Point, b: Point, by_m: float = 0.7) -> LineString:
    """A line carried a little past both ends so that it is cut in where it meets the others."""
    length = a.distance(b) or 1.0
    dx, dy = (b.x - a.x) / length * by_m, (b.y - a.y) / length * by_m
    return LineString([(a.x - dx, a.y - dy), (b.x + dx, b.y + dy)])


def river_paths(river_line: LineString, land: Polygon) -> list[Street]:
    """A towpath along the north bank, from the harbour to the western boundary."""
    bank = substring(river_line.parallel_offset(24, "left").simplify(2.0), 0.02, 0.80, normalized=True)
    return [Street("Sallow Towpath", "path", part, "gravel") for part in _lines(bank.intersection(land.buffer(-20)))]


def park_paths(shape: Polygon, roads: BaseGeometry, name: str, rng: Generator) -> list[Street]:
    """Paths between gates, meeting in the middle, joined to the streets around."""
    hub = shape.representative_point()
    paths = []
    for k in range(4 if shape.area > 25_000 else 2):
        angle = rng.uniform(-0.3, 0.3) + k * math.pi / 2
        far = Point(hub.x + 900 * math.cos(angle), hub.y + 900 * math.sin(angle))
        hit = LineString([hub, far]).intersection(roads)
        if hit.is_empty:
            continue
        gate = min((Point(p.coords[0]) for p in getattr(hit, "geoms", [hit])), key=hub.distance)
        if gate.distance(shape) > 90:
            continue
        line = _overshoot(hub, gate)
        mid = line.interpolate(0.5, normalized=True)
        bend = (mid.x + rng.uniform(-14, 14), mid.y + rng.uniform(-14, 14))
        paths.append(
            Street("", "footway", LineString([(round(hub.x, 1), round(hub.y, 1)), bend, line.coords[1]]), "gravel")
        )
    if len(paths) > 1:
        return [Street(f"{name} Path" if k == 0 else "", p.highway, p.line, p.surface) for k, p in enumerate(paths)]
    return []


def field_paths() -> list[Street]:
    """Field paths and farm tracks between lanes, and their dead ends."""
    wanted = [
        ("Lapwing Path", [(1.40, 3.60), (1.90, 3.90), (2.30, 4.35)]),
        ("Church Path", [(1.20, 5.20), (0.85, 4.90), (0.80, 4.50)]),
        ("Sheep Walk", [(2.00, 6.25), (2.45, 6.05), (3.00, 6.30)]),
        ("Sea Bank Path", [(7.10, 1.70), (7.25, 1.45), (7.28, 1.10), (6.95, 0.75), (6.40, 0.85)]),
        ("Ness Coast Path", [(8.18, 6.48), (8.22, 6.75), (7.93, 6.90)]),
        ("Fen Path", [(3.40, 1.50), (4.10, 1.30), (5.00, 1.60)]),
        ("Hare Path", [(4.10, 6.60), (3.50, 6.80), (2.55, 6.75)]),
        ("Poplar Track", [(1.05, 1.95), (0.95, 1.45), (1.30, 1.10), (1.95, 0.80)]),
        ("Warren Path", [(5.90, 7.15), (5.85, 6.80), (5.70, 6.62)]),
        ("Links Path", [(7.93, 6.90), (7.72, 6.68), (7.20, 6.25)]),
        ("Reserve Path", [(7.10, 1.70), (7.12, 1.20), (6.85, 1.15)]),
        ("Osier Track", [(2.80, 2.30), (2.75, 2.75), (2.90, 3.05)]),
    ]
    return [
        Street(name, "track" if "Track" in name else "path", LineString(smooth(metres(points), 60)), "dirt")
        for name, points in wanted
    ]


def parcels(land: Polygon, streets: Sequence[Street], river_line: LineString) -> list[Polygon]:
    """Land divided by the main roads and the river."""
    lines = [s.line for s in streets] + [land.boundary, river_line]
    return [
        p for p in polygonize(union_all(lines, grid_size=GRID_M)) if land.buffer(1).contains(p.representative_point())
    ]


def fill_town(
    land: Polygon,
    river: Polygon,
    river_line: LineString,
    mains: list[Street],
    parks: list[tuple[str, str, str, Polygon]],
    names: StreetNames,
    rng: Generator,
) -> list[Street]:
    """Streets in every parcel of the town and in every village."""
    roads = union_all([s.line for s in mains])
    taken = union_all([p[3].buffer(9) for p in parks] + [river.buffer(38)])
    streets: list[Street] = []
    rings = [Street(p[2], "residential", p[3].buffer(9).exterior.simplify(0.6)) for p in parks if p[2]]
    roads = union_all([roads, *[s.line for s in rings]])
    open_land = land.buffer(-45).difference(taken)
    for parcel in parcels(land, mains, river_line):
        for style, part, theme, hub in _to_fill(parcel):
            shape = part.intersection(open_land)
            for piece in getattr(shape, "geoms", [shape]):
                if isinstance(piece, Polygon) and piece.area > 12_000:
                    streets += Layout(piece, roads, STYLES[style], names, theme, rng).lay(hub)
    return rings + streets


def _to_fill(parcel: Polygon) -> list[tuple[str, Polygon, str, Coord | None]]:
    """What kind of streets a parcel gets: all of it in town, only the village parts in the country."""
    district = nearest_district(parcel.representative_point())
    if not is_rural(parcel):
        hub = metres([(6.45, 2.08)])[0] if district.style == "radial" else None
        return [(district.style, parcel, district.theme, hub)]
    found = []
    for cluster in CLUSTERS:
        part = parcel.intersection(cluster_shape(cluster))
        if not part.is_empty:
            theme = next(d.theme for d in DISTRICTS if d.name == cluster.district)
            found.append((cluster.style, part, theme, None))
    return found


def is_rural(parcel: Polygon) -> bool:
    """Countryside: the parcel's middle lies outside the outer main roads."""
    return not town_edge().contains(parcel.representative_point())


def town_edge() -> Polygon:
    """The line of the outer main roads, and the coast."""
    named = {r.name: r.points for r in ROADS}
    ring = [
        *named["Ness View Road"],
        *named["Highfield Road"][1:],
        *named["Lark Hill Road"][1:],
        *named["Westbrook Road"][1:],
    ]
    ring += [*named["Sallow Valley Road"][:2][::-1][1:], *named["Marsh Road"][1:], (7.27, 2.38), (7.9, 2.4), (7.4, 4.0)]
    ring += [(7.4, 5.0), (8.3, 5.8)]
    return Polygon(smooth(metres(ring), 60)).buffer(0)


def cluster_shape(cluster: Cluster) -> Polygon:
    """A village's built-up shape."""
    seed = sum(ord(c) for c in cluster.district) + round(cluster.centre[0] * 100)
    return blob(metres([cluster.centre])[0], cluster.radius_km * 1000, 1.15, np.random.default_rng(seed))


def _lines(shape: BaseGeometry) -> list[LineString]:
    if isinstance(shape, LineString):
        return [] if shape.is_empty else [shape]
    return [g for g in getattr(shape, "geoms", []) if isinstance(g, LineString)]


def connect(streets: list[Street]) -> list[Street]:
    """Cut every street where it meets another, drop stubs and loose pieces, and join each street's parts again."""
    pieces = _lines(union_all([s.line for s in streets], grid_size=GRID_M))
    tree = STRtree([s.line for s in streets])
    owner = tree.nearest([p.interpolate(0.5, normalized=True) for p in pieces])
    graph = nx.MultiGraph()
    for number, piece in enumerate(pieces):
        graph.add_edge(piece.coords[0], piece.coords[-1], key=number)
    _prune(graph, pieces)
    largest = max(nx.connected_components(graph), key=len)
    kept: dict[int, list[LineString]] = defaultdict(list)
    for _, _, number in graph.subgraph(largest).edges(keys=True):
        kept[int(owner[number])].append(pieces[number])
    ways: list[Street] = []
    for index in sorted(kept):
        street = streets[index]
        ways += [Street(street.name, street.highway, line, street.surface) for line in _joined(kept[index])]
    return ways


def _prune(graph: nx.MultiGraph, pieces: list[LineString]) -> None:
    """Take off stubs too short to be a street."""
    short = True
    while short:
        short = [
            (a, b, k)
            for a, b, k in graph.edges(keys=True)
            if pieces[k].length < SHORTEST_DANGLE_M and 1 in (graph.degree(a), graph.degree(b))
        ]
        graph.remove_edges_from(short)


def _joined(parts: list[LineString]) -> list[LineString]:
    merged = linemerge(MultiLineString(sorted(parts, key=lambda p: p.coords[0])))
    return sorted(_lines(merged), key=lambda p: p.coords[0])


def junction_counts(ways: Iterable[Street]) -> Counter[Coord]:
    """How many times each vertex is used."""
    return Counter(c for way in ways for c in way.line.coords)


def cut_long(ways: list[Street], longest_m: float = 120.0) -> list[Street]:
    """Long streets cut at junctions into several ways of one name, as mappers draw them."""
    shared = {c for c, times in junction_counts(ways).items() if times > 1}
    cut: list[Street] = []
    for way in ways:
        part: list[Coord] = []
        for point in way.line.coords:
            part.append(point)
            if len(part) > 1 and point in shared and LineString(part).length > longest_m:
                cut.append(Street(way.name, way.highway, LineString(part), way.surface))
                part = [point]
        if len(part) > 1:
            cut.append(Street(way.name, way.highway, LineString(part), way.surface))
    return cut


def lift_bypass(ways: list[Street]) -> Street:
    """The bypass, meeting other roads only at its hand-drawn junctions."""
    used = set(junction_counts(ways))
    points = [(round(x, 1), round(y, 1)) for x, y in smooth(metres(BYPASS.points), 80)]
    joins = {(round(x, 1), round(y, 1)) for x, y in metres(BYPASS.points)}
    clear = [p if p in joins or p not in used else (p[0] + 0.2, p[1]) for p in points]
    return Street(BYPASS.name, BYPASS.highway, LineString(clear))


def make_blocks(
    land: Polygon,
    ways: list[Street],
    bypass: Street,
    river_line: LineString,
    parks: list[tuple[str, str, str, Polygon]],
) -> list[Block]:
    """Land between streets, with people in proportion to the built area."""
    walls = [w.line for w in ways if w.highway not in {"footway", "steps"} and w.name != "Sallow Towpath"]
    hedges = [LineString(metres(line)) for line in HEDGES]
    lines: list[BaseGeometry] = [*walls, *hedges, bypass.line, land.boundary, river_line]
    quarters = parcels(land, main_streets(), river_line)
    green = union_all([p[3] for p in parks])
    for _ in range(4):
        blocks = _blocks_between(lines, land, green, quarters)
        lines += [_fence(b.shape) for b in blocks if b.people > MOST_PEOPLE_IN_BLOCK]
    return _blocks_between(lines, land, green, quarters)


def _blocks_between(
    lines: list[BaseGeometry], land: Polygon, green: BaseGeometry, quarters: Sequence[Polygon]
) -> list[Block]:
    """The blocks that the lines enclose, their people scaled to the borough's."""
    faces = polygonize(union_all(lines, grid_size=GRID_M))
    inland = land.buffer(1)
    blocks = []
    for face in sorted(faces, key=lambda f: f.bounds):
        if inland.contains(face.representative_point()):
            district, people = _people(face, face.difference(green), quarters)
            blocks.append(Block(face, district, people))
    scale = POPULATION / sum(b.people for b in blocks)
    for block in blocks:
        block.people *= scale
    return blocks


def _fence(shape: Polygon) -> LineString:
    """A line of garden fences across the middle of a block too big to be one piece, as cul-de-sac estates have."""
    ring = list(shape.minimum_rotated_rectangle.exterior.coords)
    a, b, c, d = ring[:4]
    if math.dist(a, b) < math.dist(b, c):
        a, b, c, d = b, c, d, a
    middle = shape.representative_point()
    start, end = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), ((c[0] + d[0]) / 2, (c[1] + d[1]) / 2)
    dx, dy = (end[0] - start[0]), (end[1] - start[1])
    bend = (-dy * 0.06, dx * 0.06)
    across = LineString(
        [
            (middle.x - dx, middle.y - dy),
            (middle.x - dx / 5 + bend[0], middle.y - dy / 5 + bend[1]),
            (middle.x + dx / 5 - bend[0], middle.y + dy / 5 - bend[1]),
            (middle.x + dx, middle.y + dy),
        ]
    )
    return max(_lines(across.intersection(shape.buffer(0.6))), key=lambda line: line.length)


def _town_district(inside: Point, quarters: Sequence[Polygon]) -> tuple[District, float]:
    """The district a point in town belongs to, and its people to a hectare.

    It is one of those whose middle lies in the same parcel; the seafront and quays have none, and few people.
    """
    here = next((q for q in quarters if q.contains(inside)), None)
    town = [d for d in DISTRICTS if d.style != "rural"]
    seeds = {d.name: Point(metres([d.seed])[0]) for d in town}
    same = [d for d in town if here is not None and here.contains(seeds[d.name])]
    district = min(same or town, key=lambda d: inside.distance(seeds[d.name]))
    return district, district.density_per_ha if same else 2.0


def _people(face: Polygon, built: BaseGeometry, quarters: Sequence[Polygon]) -> tuple[str, float]:
    """The district a block belongs to and how many people live there."""
    inside = face.representative_point()
    if not is_rural(face):
        district, density = _town_district(inside, quarters)
        return district.name, built.area / 1e4 * density
    people = built.area / 1e4 * 0.12
    for cluster in CLUSTERS:
        people += built.intersection(cluster_shape(cluster)).area / 1e4 * cluster.density_per_ha
    nearest = [c for c in CLUSTERS if cluster_shape(c).intersection(face).area > 0.5 * face.area]
    if nearest:
        return nearest[0].district, people
    rural = [d for d in DISTRICTS if d.style == "rural"] + [d for d in DISTRICTS if d.name == "Cold Ness"]
    return min(rural, key=lambda d: inside.distance(Point(metres([d.seed])[0]))).name, people


def make_neighbourhoods(blocks: list[Block], island: Polygon, rng: Generator) -> list[Neighbourhood]:
    """Blocks grouped, district by district, into neighbourhoods of about 1,560 people."""
    groups: list[tuple[District, list[int]]] = []
    for district in DISTRICTS:
        mine = [k for k, b in enumerate(blocks) if b.district == district.name]
        people = sum(blocks[k].people for k in mine)
        if mine:
            groups += [
                (district, part) for part in _split(mine, max(1, round(people / PEOPLE_PER_NEIGHBOURHOOD)), blocks, rng)
            ]
    members = _tidy([part for _, part in groups], blocks)
    groups = [g for g, part in zip(groups, members, strict=True) if part]
    members = [part for part in members if part]
    shapes = [coverage_union_all([blocks[k].shape for k in part]) for part in members]
    shapes = list(coverage_simplify(shapes, 2.5))
    return _named([g[0] for g in groups], members, shapes, blocks, island)


def _split(mine: list[int], count: int, blocks: list[Block], rng: Generator) -> list[list[int]]:
    """Halve again and again across the longest direction, by people."""
    if count == 1 or len(mine) <= count:
        return [mine]
    xy = np.array([[blocks[k].shape.centroid.x, blocks[k].shape.centroid.y] for k in mine])
    people = np.array([blocks[k].people for k in mine])
    middle = np.average(xy, axis=0, weights=people + 0.1)
    spread = np.cov((xy - middle).T, aweights=people + 0.1)
    axis = np.linalg.eigh(spread)[1][:, -1]
    turn = rng.uniform(-0.35, 0.35)
    axis = np.array(
        [axis[0] * math.cos(turn) - axis[1] * math.sin(turn), axis[0] * math.sin(turn) + axis[1] * math.cos(turn)]
    )
    order = np.argsort((xy - middle) @ axis, kind="stable")
    share = (count // 2) / count
    cut = int(np.argmin(np.abs(np.cumsum(people[order]) - share * people.sum()))) + 1
    cut = min(max(cut, 1), len(mine) - 1)
    left, right = [mine[k] for k in order[:cut]], [mine[k] for k in order[cut:]]
    return _split(left, count // 2, blocks, rng) + _split(right, count - count // 2, blocks, rng)


def _tidy(parts: list[list[int]], blocks: list[Block]) -> list[list[int]]:
    """Hand every detached bit to the neighbour it shares most boundary with."""
    tree = STRtree([b.shape for b in blocks])
    touching: dict[int, dict[int, float]] = defaultdict(dict)
    for a, b in zip(*tree.query([x.shape for x in blocks], predicate="touches"), strict=True):
        touching[int(a)][int(b)] = blocks[a].shape.intersection(blocks[b].shape).length
    home = {k: n for n, part in enumerate(parts) for k in part}
    for _ in range(6):
        for n in range(len(parts)):
            graph = nx.Graph()
            mine = [k for k in home if home[k] == n]
            graph.add_nodes_from(mine)
            graph.add_edges_from(
                (a, b) for a in mine for b, length in touching[a].items() if home.get(b) == n and length > 1
            )
            bits = sorted(nx.connected_components(graph), key=lambda bit: -sum(blocks[k].people + 0.01 for k in bit))
            for bit in bits[1:]:
                shared: Counter[int] = Counter()
                for a in bit:
                    for b, length in touching[a].items():
                        if home[b] != n:
                            shared[home[b]] += length  # type: ignore[assignment]
                if shared:
                    target = min(shared, key=lambda m: (-shared[m], m))
                    home.update(dict.fromkeys(bit, target))
    return [sorted(k for k in home if home[k] == n) for n in range(len(parts))]


def _named(
    districts: list[District],
    members: list[list[int]],
    shapes: list[BaseGeometry],
    blocks: list[Block],
    island: Polygon,
) -> list[Neighbourhood]:
    """Codes, names and whole numbers of people; the island goes with the nearest shore."""
    island_home = min(range(len(shapes)), key=lambda k: shapes[k].distance(island))
    order = sorted(range(len(shapes)), key=lambda k: (districts[k].area, districts[k].name, -shapes[k].centroid.y))
    letters: Counter[int] = Counter()
    named = []
    for number, k in enumerate(order, start=1):
        district = districts[k]
        letter = "ABCDEFGHIJKLMNOP"[letters[district.area]]
        letters[district.area] += 1
        shape = shapes[k]
        if k == island_home:
            shape = MultiPolygon([shape, island])
        people = round(sum(blocks[b].people for b in members[k]))
        named.append(Neighbourhood(f"E01999{number:03d}", f"{district.area:03d}{letter}", district, shape, people))
    return named


def make_ground(rng: Generator) -> Ground:
    """Draw the whole town."""
    land, coast, river_line = draw_land(rng)
    island = Polygon(roughen(smooth([*metres(ISLAND), metres(ISLAND)[0]], 30), 8, rng)).buffer(0)
    river = draw_river(river_line, land)
    names = StreetNames(rng, [r.name for r in ROADS] + [p.ring_road for p in PARKS])
    mains = main_streets()
    parks = make_parks(land, river, union_all([s.line for s in mains]), rng)
    inner = fill_town(land, river, river_line, mains, parks, names, rng)
    clip = land.buffer(40)
    mains = [Street(s.name, s.highway, line) for s in mains for line in _lines(s.line.intersection(clip))]
    roads = union_all([s.line for s in mains + inner])
    extra = seafront(coast) + river_paths(river_line, land) + field_paths()
    for name, _, _, shape in parks:
        extra += park_paths(shape, roads, name, rng)
    ways = connect(mains + inner + extra)
    bypass = lift_bypass(ways)
    blocks = make_blocks(land, ways, bypass, river_line, parks)
    ways = [*cut_long(ways), bypass]
    ways.append(Street("Tern Island Path", "path", LineString(smooth(metres(ISLAND_PATH), 40)), "sand"))
    return Ground(
        land,
        island,
        river,
        draw_sea(coast, island),
        ways,
        make_neighbourhoods(blocks, island, rng),
        [(p[0], p[1], p[3]) for p in parks],
        blocks,
    )
