"""Hand Town: a made-up town small enough to solve on paper, against which the measures are tested.

Metres east and north of its corner. Every crossing of the grid is a vertex of both streets::

    600  +----+----+----+----W4---+----+----+----E4      W1 .. W4, E1 .. E5   postcodes
         |    |    |    |    |    |....|    |    |       ....                 the park, gates at two corners
    400  +----+----+----+----+----G....+----+----+
         |    | h  |    |    |    |    |    |    |     i  200
    200  +----+-h--W2---+----+----E2---+----+----+     E5 100   the eyot: no bridge to it
         |    | h  |    |    |    |    |    |    |     i  0
      0  W1---+-h--+----+----W3---E1---+----+----E3
        L                   :                    C       L, C   libraries, C closed; the hall is north of E4
         0   200  400  600  800 1000 1200 1400 1600   2000

The High Path (``h``, at 300 east) leaves High Street, crosses over Mill Street without meeting it, and ends 300 north.
Streets that run north are residential; those that run east are main roads. The neighbourhoods part at 900 east.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import networkx as nx
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from assetmap.space import MEASURED_CRS, STORED_CRS, Floats, to_measured, to_stored
from assetmap.tables import (
    AREA_COLUMNS,
    ASSET_COLUMNS,
    FIGURE_COLUMNS,
    HEIGHT_COLUMNS,
    LOCATOR_COLUMNS,
    STREET_COLUMNS,
    Areas,
    Assets,
    Heights,
    Locators,
    Streets,
)

PLACE = "handtown"
CORNER_M = (450_000.0, 250_000.0)
WEST, EAST = "E01999901", "E01999902"
PEOPLE = {WEST: 1200, EAST: 1500}

POSTCODES_M = {
    "ZZ1 1AA": (0, 0),
    "ZZ1 1AB": (400, 190),
    "ZZ1 1AD": (800, 0),
    "ZZ1 1AE": (800, 600),
    "ZZ2 2AA": (1000, 0),
    "ZZ2 2AB": (1000, 200),
    "ZZ2 2AD": (1600, 0),
    "ZZ2 2AE": (1600, 600),
    "ZZ2 2AF": (2000, 100),
}
"""Four in the west (W1 to W4), five in the east (E1 to E5), the last of them on the eyot; 300 people live at each.

W2 stands on Third Avenue, 10 m short of its corner with Mill Street."""

UNREACHED = np.inf
LIBRARY_WALKS_M = (30, 620, 830, 1430, 1030, 1230, 1630, 2230, UNREACHED)
"""From each postcode to the open library, which stands 30 m south of the town's corner."""

BOTH_LIBRARIES_WALKS_M = (30, 620, 830, 1430, 630, 830, 30, 630, UNREACHED)
"""The same before 2015, when there was another 30 m south of 1600 east."""

HALL_WALKS_M = (2220, 1630, 1420, 820, 1220, 1020, 620, 20, UNREACHED)
"""To the community hall, 20 m north of 1600 east, 600 north."""

PARK_WALKS_M = (1400, 810, 600, 400, 400, 200, 1000, 400, UNREACHED)
"""To the nearer of the park's two gates, each of them a crossing."""


def metres(east: float, north: float) -> tuple[float, float]:
    """A point of the town as eastings and northings."""
    return CORNER_M[0] + east, CORNER_M[1] + north


def stored(shapes: Sequence[BaseGeometry]) -> npt.NDArray[np.object_]:
    """Shapes drawn in the town's own metres, as longitude and latitude to seven decimals."""
    on_the_grid = shapely.transform(np.array(shapes, dtype=object), lambda point: point + CORNER_M)
    degrees = to_stored(gpd.GeoSeries(on_the_grid, crs=MEASURED_CRS))
    return shapely.transform(np.asarray(degrees.array, dtype=object), lambda point: np.round(point, 7))


def _frame(columns: Sequence[str], rows: Iterable[dict[str, Any]], shapes: Sequence[BaseGeometry]) -> gpd.GeoDataFrame:
    """Rows with every column of a table, numbered from 1; what a row does not say is missing."""
    numbered = [{"place_id": PLACE, "source_row": row, **values} for row, values in enumerate(rows, start=1)]
    frame = gpd.GeoDataFrame(numbered, geometry=stored(shapes), crs=STORED_CRS).reindex(columns=list(columns))
    silent = [column for column in columns if frame[column].isna().all()]
    return frame.astype(dict.fromkeys(silent, "str"))


def streets_from(lines: Sequence[Sequence[tuple[float, float]]], kinds: Sequence[str]) -> Streets:
    """Streets along the given points (in the town's metres), one of ``kinds`` each."""
    highway = {"main_road": "secondary", "path": "footway"}
    rows = [
        {
            "street_id": f"{PLACE}/streets:{row}",
            "kind": kind,
            "highway": highway.get(kind, kind),
            "source": f"{PLACE}/streets",
            "details": "{}",
        }
        for row, kind in enumerate(kinds, start=1)
    ]
    return Streets(_frame(STREET_COLUMNS, rows, [LineString(line) for line in lines]))


def town_streets() -> Streets:
    """Four streets that run east, nine that run north, the High Path, and a lane on the eyot: 41 vertices, 63 edges."""
    across, up = range(0, 1601, 200), range(0, 601, 200)
    east = [[(x, y) for x in across] for y in up]
    # High Street has one more vertex, where the High Path leaves it.
    east[0].insert(2, (300, 0))
    north = [[(x, y) for y in up] for x in across]
    path = [(300, 0), (300, 300)]
    lane = [(2000, 0), (2000, 100), (2000, 200)]
    kinds = ["main_road"] * len(east) + ["residential"] * len(north) + ["path", "service"]
    streets = streets_from([*east, *north, path, lane], kinds)
    names = ["High Street", "Mill Street", "Park Street", "North Street"]
    names += [f"{nth} Avenue" for nth in ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh")]
    return Streets(streets.assign(name=[*names, "Eighth Avenue", "Ninth Avenue", "High Path", "Eyot Lane"]))


def heights_from(height_m: Callable[[Floats, Floats], Any]) -> Heights:
    """The ground of the town and around it, as high as is said of metres east and north of the town's corner."""
    rows, steps = [], np.arange(25.0, 1000.0, 50.0)
    for east in range(-1000, 3000, 1000):
        for north in range(-1000, 1000, 1000):
            found = np.broadcast_to(height_m(east + steps[None, :], north + steps[:, None]), (20, 20))
            listed = [None if np.isnan(height) else float(height) for height in found.ravel()]
            corner = {"easting_m": int(CORNER_M[0]) + east, "northing_m": int(CORNER_M[1]) + north}
            rows.append({**corner, "heights_m": json.dumps(listed)})
    frame = pd.DataFrame(rows).assign(place_id=PLACE, source=f"{PLACE}/heights", source_row=range(1, len(rows) + 1))
    named = frame["easting_m"].astype(str) + "/" + frame["northing_m"].astype(str)
    whole = frame.assign(height_id=frame["source"] + ":" + named)
    return Heights(whole[list(HEIGHT_COLUMNS)].astype({"source_row": "Int64"}))


def town_heights() -> Heights:
    """The town on a hillside: it rises one metre in ten northwards, so that streets that run east are level."""
    return heights_from(lambda east, north: 100 + north / 10)


UPHILL: float = (np.e**0.35 + 1) / 2
"""How many times as long one in ten takes as level ground, up and down: (exp(3.5 × 0.15) + exp(3.5 × 0.05)) / 2 over
exp(3.5 × 0.05), by Tobler's function."""

HILLY_LIBRARY_WALKS_M = (
    30, 430 + 190 * UPHILL, 830, 830 + 600 * UPHILL, 1030, 1030 + 200 * UPHILL, 1630, 1630 + 600 * UPHILL, np.inf,
)  # fmt: skip
"""The metres of :data:`LIBRARY_WALKS_M` as those of level ground that take as long; from door to street is level."""


def area_from(area_code: str, outline: Polygon, population: float | None, **more: Any) -> dict[str, Any]:
    """The row of one neighbourhood, drawn in the town's metres; ``more`` are other columns."""
    return {
        "area_code": area_code,
        "name": f"Hand Town {area_code[-2:]}",
        "geography": "LSOA 2021",
        "population": population,
        "source": f"{PLACE}/neighbourhoods",
        "outline": MultiPolygon([outline]),
        **more,
    }


def areas_from(rows: Sequence[dict[str, Any]]) -> Areas:
    """The rows of :func:`area_from` as neighbourhoods."""
    return Areas(_frame(AREA_COLUMNS, rows, [row["outline"] for row in rows]))


def town_areas() -> Areas:
    """The two neighbourhoods; the west is among the most deprived tenth of England, the east is not."""
    edition = {"imd_edition": 2025}
    west = {"locality": "Westside", "imd_score": 48.5, "imd_rank": 2500, "imd_decile": 1, **edition}
    east = {"locality": "Eastgate", "imd_score": 9.25, "imd_rank": 25000, "imd_decile": 8, **edition}
    return areas_from(
        [
            area_from(WEST, box(-100, -100, 900, 700), PEOPLE[WEST], **west),
            area_from(EAST, box(900, -100, 2100, 700), PEOPLE[EAST], **east),
        ]
    )


def town_locators() -> Locators:
    """The nine postcodes, and a UPRN that is the library's."""
    rows = [
        {
            "locator_id": f"{PLACE}/postcodes:{postcode}",
            "scheme": "postcode",
            "reference": postcode,
            "accuracy_m": 50.0,
            "area_code": WEST if postcode.startswith("ZZ1") else EAST,
            "source": f"{PLACE}/postcodes",
            "details": "{}",
        }
        for postcode in POSTCODES_M
    ]
    uprn = {"scheme": "uprn", "reference": "100090000001", "accuracy_m": 1.0, "area_code": WEST, "details": "{}"}
    rows.append({"locator_id": f"{PLACE}/uprns:100090000001", "source": f"{PLACE}/uprns", **uprn})
    points = [Point(point) for point in POSTCODES_M.values()]
    return Locators(_frame(LOCATOR_COLUMNS, rows, [*points, Point(0, -30)]))


def _asset(layer: str, kind: str, name: str, area_code: str, **more: Any) -> dict[str, Any]:
    """The row of one asset; ``more`` are the columns that say something other than is usual."""
    usual = {
        "status": "open",
        "run_by": "Hand Town Council",
        "owner": "Hand Town Council",
        "tenure": "freehold",
        "who_for": "everyone",
        "cost": "free",
        "step_free": "yes",
        "opening_hours": "Mo-Fr 09:00-17:00",
        "address": f"{name}, Hand Town",
        "postcode": "ZZ1 1AA" if area_code == WEST else "ZZ2 2AD",
        "located_by": "coordinates",
        "location_accuracy_m": 10.0,
        "source": f"{PLACE}/{layer}",
        "contributed": 0,
        "details": "{}",
    }
    return {"layer": layer, "kind": kind, "name": name, "area_code": area_code, **usual, **more}


def town_assets() -> Assets:
    """Two libraries (one closed in 2015), a hall, a park with two gates, a depot, a play street and a lunch club."""
    gates = stored([MultiPoint([(1000, 400), (1200, 600)])])[0]
    closing = {"status": "closed", "closed_on": "2015-03", "what_happened": "closed", "opened_on": "1934"}
    placed = [
        (
            _asset(
                "community_buildings",
                "library",
                "Hand Town Library",
                WEST,
                hours_per_week=40.0,
                staffed_hours_per_week=30.0,
                uprn="100090000001",
            ),
            Point(0, -30),
        ),
        (_asset("community_buildings", "library", "Eastgate Library", EAST, **closing), Point(1600, -30)),
        (
            _asset(
                "community_buildings",
                "hall",
                "Ninth Avenue Hall",
                EAST,
                owner="Ninth Avenue Hall Trust",
                tenure="lease",
            ),
            Point(1600, 620),
        ),
        (_asset("green_space", "park", "Mill Park", EAST, located_by="outline"), box(1000, 400, 1200, 600)),
        (_asset("public_land", "building", "Sixth Avenue Depot", EAST, status="unknown"), Point(1000, -30)),
        (
            _asset("play_streets", "play_street", "Third Avenue", WEST, located_by="outline", hours_per_week=2.0),
            LineString([(400, 0), (400, 200)]),
        ),
        (
            _asset("groups", "club", "Westside Lunch Club", WEST, owner=None, tenure=None, contributed=1),
            Point(400, 610),
        ),
    ]
    rows, shapes = zip(*placed, strict=True)
    ids = [f"{PLACE}/{row['layer']}:{number}" for number, row in enumerate(rows, start=1)]
    assets = _frame(ASSET_COLUMNS, rows, shapes).assign(asset_id=ids)
    access = [gates if row["layer"] == "green_space" else None for row in rows]
    return Assets(assets.assign(access=gpd.GeoSeries(access, index=assets.index, crs=STORED_CRS)))


Published = tuple[str, str, int | None, Mapping[str, Any]]
"""A code, the drawing it is of, the edition, and what is published of it."""


def town_figures(layer: str, rows: Iterable[Published]) -> pd.DataFrame:
    """Figures by area as the store takes them."""
    told = [
        {
            "figure_id": f"{PLACE}/{layer}:{code}{edition}",
            "place_id": PLACE,
            "layer": layer,
            "code": code,
            "geography": geography,
            "edition": edition,
            "details": json.dumps(details),
            "source": f"{PLACE}/{layer}",
            "source_row": number,
        }
        for number, (code, geography, edition, details) in enumerate(rows, start=1)
    ]
    return pd.DataFrame(told, columns=list(FIGURE_COLUMNS)).astype({"edition": "Int64"})


def second_opinion(streets: Streets) -> nx.Graph:
    """The same streets as a networkx graph made one step at a time, its nodes named by longitude and latitude."""
    graph = nx.Graph()
    for line, line_m in zip(streets.geometry, to_measured(streets.geometry), strict=True):
        names = [(f"{lon:.7f}", f"{lat:.7f}") for lon, lat in line.coords]
        points_m = list(line_m.coords)
        graph.add_nodes_from(names)
        for step in range(len(names) - 1):
            if names[step] != names[step + 1]:
                length_m = float(np.hypot(*np.subtract(points_m[step], points_m[step + 1])))
                graph.add_edge(names[step], names[step + 1], length_m=length_m)
    return graph


def node_names(lon_lat: Floats) -> list[tuple[str, str]]:
    """The names that :func:`second_opinion` gives to nodes at these longitudes and latitudes."""
    return [(f"{lon:.7f}", f"{lat:.7f}") for lon, lat in lon_lat]
