"""The plan of Marramsea, drawn by hand in kilometres: coast, river, main roads, districts, parks.

Everything here is fictional. The plan is the only hand-drawn geometry; `town_ground.py` fills it in.
"""

from __future__ import annotations

from typing import NamedTuple

TOWN = "Marramsea"
RIVER = "River Sallow"
AUTHORITY_CODE = "E08009999"
ORIGIN_M = (562_000.0, 371_000.0)  # British National Grid, in the North Sea, kilometres from any land
SEED = 20_260

Point = tuple[float, float]

# From the northern borough boundary to the southern, the sea on the left-hand side.
COAST: list[Point] = [
    (7.38, 8.60),
    (7.36, 8.00),
    (7.62, 7.50),
    (8.05, 7.05),
    (8.40, 6.52),
    (8.15, 6.02),
    (7.62, 5.72),
    (7.12, 5.32),
    (6.82, 4.80),
    (6.67, 4.28),
    (6.60, 3.92),
    (6.50, 3.74),
    (6.56, 3.52),
    (6.78, 3.28),
    (7.05, 2.85),
    (7.55, 2.46),
    (7.92, 1.90),
    (7.80, 1.28),
    (7.22, 0.70),
    (6.92, 0.10),
    (6.80, -0.60),
]
INLAND: list[Point] = [
    (6.92, 0.10),
    (6.20, 0.30),
    (5.60, 0.22),
    (4.90, 0.05),
    (4.20, 0.15),
    (2.90, 0.62),
    (1.60, 0.48),
    (0.72, 1.20),
    (0.35, 2.30),
    (0.62, 3.40),
    (0.20, 4.50),
    (0.52, 5.60),
    (1.10, 6.50),
    (2.20, 7.02),
    (3.20, 7.70),
    (4.50, 7.52),
    (5.60, 7.92),
    (6.30, 7.78),
    (7.36, 8.00),
]
RIVER_LINE: list[Point] = [
    (0.20, 3.02),
    (0.70, 3.22),
    (1.20, 3.32),
    (1.70, 3.02),
    (2.10, 3.02),
    (2.60, 3.32),
    (3.00, 3.35),
    (3.45, 3.18),
    (3.90, 3.22),
    (4.35, 3.55),
    (4.80, 3.52),
    (5.20, 3.32),
    (5.60, 3.36),
    (6.00, 3.56),
    (6.30, 3.63),
    (6.75, 3.70),
]
ISLAND: list[Point] = [(8.50, 1.62), (8.78, 1.80), (8.92, 2.12), (8.80, 2.42), (8.63, 2.25), (8.48, 1.95)]
ISLAND_PATH: list[Point] = [(8.60, 1.80), (8.70, 1.92), (8.76, 2.10), (8.72, 2.26)]
# Field boundaries that part one stretch of countryside from another where no lane does.
HEDGES: list[list[Point]] = [
    [(0.90, 4.55), (0.60, 5.10), (0.20, 5.20)],
    [(3.03, 4.32), (3.00, 4.62), (3.05, 5.06)],
    [(1.40, 4.10), (1.00, 4.00), (0.20, 3.90)],
    [(1.48, 1.92), (1.40, 1.60), (1.20, 1.50), (0.60, 1.50)],
    [(1.52, 1.88), (1.55, 2.10), (1.75, 2.40), (1.60, 3.15)],
    [(4.61, 7.09), (4.30, 7.25), (3.80, 7.30), (3.20, 6.70), (3.00, 6.25)],
    [(6.30, 6.78), (6.65, 6.78), (7.00, 6.75), (7.20, 7.44)],
    [(4.45, 7.36), (4.80, 7.40), (5.40, 7.32)],
    [(2.90, 2.30), (3.05, 2.60), (3.34, 2.85)],
    [(6.49, 3.98), (6.72, 3.96)],
    [(6.565, 4.26), (6.80, 4.24)],
    [(6.70, 4.80), (6.95, 4.77)],
    [(6.98, 5.36), (7.25, 5.28)],
    [(7.98, 6.10), (8.25, 6.02)],
    [(6.92, 2.80), (7.20, 2.90)],
    [(7.10, 1.70), (7.40, 1.66), (8.05, 1.72)],
    [(6.63, 3.25), (6.95, 3.36)],
    [(7.05, 6.24), (7.10, 6.60), (7.15, 7.46)],
]


class Road(NamedTuple):
    """One hand-drawn main road or lane."""

    name: str
    highway: str
    points: list[Point]


ROADS: list[Road] = [
    Road("High Street", "pedestrian", [(6.10, 4.15), (5.85, 4.17), (5.60, 4.14)]),
    Road("Market Street", "tertiary", [(5.60, 4.14), (5.30, 4.15)]),
    Road("Priory Road", "secondary", [(5.30, 4.15), (4.85, 4.20), (4.40, 4.25)]),
    Road("Thornholt Road", "secondary", [(4.40, 4.25), (3.90, 4.25), (3.40, 4.30)]),
    Road("Thornholt Lane", "secondary", [(3.40, 4.30), (2.30, 4.35), (1.20, 4.60), (0.80, 4.50), (0.10, 4.52)]),
    Road("Pier Street", "tertiary", [(6.10, 4.15), (6.32, 4.22), (6.565, 4.26)]),
    Road("North Road", "secondary", [(6.10, 4.15), (6.06, 4.45), (6.00, 4.90), (6.05, 5.20), (6.05, 5.60)]),
    Road("Beacon Road", "secondary", [(6.05, 5.60), (6.15, 6.00), (6.30, 6.40)]),
    Road("Marlby Coast Road", "secondary", [(6.30, 6.40), (6.42, 7.20), (6.30, 7.60), (6.28, 7.90)]),
    Road("Castle Road", "tertiary", [(6.10, 4.15), (5.75, 4.42), (5.40, 4.70)]),
    Road("Windmill Road", "secondary", [(5.40, 4.70), (5.05, 4.92), (4.70, 5.20), (4.30, 5.48), (3.90, 5.80)]),
    Road("Upland Road", "secondary", [(3.90, 5.80), (3.00, 6.30), (2.55, 6.75), (2.20, 7.20)]),
    Road("Bridge Street", "secondary", [(6.10, 4.15), (6.07, 3.90), (6.05, 3.72), (6.03, 3.55), (6.00, 3.36)]),
    Road("Southgate", "secondary", [(6.00, 3.36), (5.95, 3.00), (5.98, 2.60), (6.00, 2.30)]),
    Road("Fen Road", "secondary", [(6.00, 2.30), (5.88, 1.90), (5.80, 1.50)]),
    Road("Fen Bank", "unclassified", [(5.80, 1.50), (5.76, 1.10), (5.70, 0.80), (5.62, 0.10)]),
    Road("Wickering Road", "tertiary", [(5.95, 3.00), (5.55, 2.70), (5.10, 2.50), (4.70, 2.25), (4.30, 2.00)]),
    Road("Sallow Valley Road", "tertiary", [(4.30, 2.00), (3.40, 1.50), (2.40, 1.10), (1.95, 0.80), (1.55, 0.35)]),
    Road("Saltings Road", "tertiary", [(5.95, 3.00), (6.45, 2.85), (6.80, 2.45), (7.05, 2.05), (7.10, 1.70)]),
    Road("Saltings Lane", "unclassified", [(7.10, 1.70), (6.85, 1.15), (6.40, 0.85), (5.70, 0.80)]),
    Road("Quayside", "tertiary", [(6.05, 3.72), (6.25, 3.765), (6.40, 3.83), (6.49, 3.98), (6.565, 4.26)]),
    Road("Fish Quay", "living_street", [(6.05, 3.72), (6.20, 3.69), (6.37, 3.73), (6.40, 3.83)]),
    Road("Custom House Quay", "residential", [(6.25, 3.765), (6.26, 3.70)]),
    Road("Marine Parade", "secondary", [(6.565, 4.26), (6.70, 4.80), (6.98, 5.36)]),
    Road("Ness Parade", "tertiary", [(6.98, 5.36), (7.50, 5.78), (7.98, 6.10), (8.18, 6.48)]),
    Road("Ness Road", "tertiary", [(8.18, 6.48), (7.93, 6.90), (7.48, 7.38), (7.00, 7.42), (6.42, 7.20)]),
    Road(
        "South Strand", "tertiary", [(6.00, 3.36), (6.40, 3.42), (6.63, 3.25), (6.92, 2.80), (7.27, 2.38), (7.05, 2.05)]
    ),
    Road("Alexandra Road", "tertiary", [(6.70, 4.80), (6.35, 4.86), (6.00, 4.90), (5.70, 4.85), (5.40, 4.70)]),
    Road("Station Road", "tertiary", [(5.40, 4.70), (5.28, 4.45), (5.30, 4.15), (5.33, 3.80), (5.33, 3.47)]),
    Road("Maltings Road", "tertiary", [(5.33, 3.47), (5.28, 3.20), (5.20, 2.90), (5.10, 2.50)]),
    Road("Belvedere Road", "tertiary", [(6.98, 5.36), (6.50, 5.53), (6.05, 5.60), (5.35, 5.55), (4.70, 5.20)]),
    Road("Ropery Road", "tertiary", [(4.70, 5.20), (4.45, 4.75), (4.40, 4.25), (4.33, 3.80), (4.30, 3.35)]),
    Road("Long Acre", "tertiary", [(4.30, 3.35), (4.37, 2.70), (4.30, 2.00)]),
    Road("Marsh Road", "tertiary", [(4.30, 2.00), (5.00, 1.60), (5.80, 1.50), (6.50, 1.62), (7.10, 1.70)]),
    Road("Ness View Road", "tertiary", [(7.98, 6.10), (7.20, 6.25), (6.70, 6.38), (6.30, 6.40)]),
    Road("Highfield Road", "tertiary", [(6.30, 6.40), (5.70, 6.62), (5.00, 6.45), (4.40, 6.05), (3.90, 5.80)]),
    Road("Lark Hill Road", "tertiary", [(3.90, 5.80), (3.50, 5.10), (3.40, 4.30), (3.33, 3.80), (3.33, 3.20)]),
    Road("Westbrook Road", "tertiary", [(3.33, 3.20), (3.45, 2.40), (3.40, 1.50)]),
    Road("Church Lane", "unclassified", [(1.20, 4.60), (1.40, 4.10), (1.40, 3.60), (1.30, 2.70), (1.50, 1.90)]),
    Road("Holt Lane", "unclassified", [(1.20, 4.60), (1.20, 5.20), (1.35, 5.70), (2.00, 6.25), (2.55, 6.75)]),
    Road("Mill Lane", "unclassified", [(1.50, 1.90), (1.90, 1.45), (2.40, 1.10)]),
    Road("Drove Lane", "unclassified", [(1.50, 1.90), (2.30, 2.10), (2.80, 2.30), (3.45, 2.40)]),
    Road("Wickering Bank", "unclassified", [(1.50, 1.90), (1.05, 1.95), (0.30, 1.90)]),
    Road("Marlby Lane", "unclassified", [(4.60, 7.10), (4.80, 6.80), (5.00, 6.45)]),
    Road("Clay Lane", "unclassified", [(4.60, 7.10), (4.10, 6.60), (3.90, 5.80)]),
    Road("Gallows Lane", "unclassified", [(4.60, 7.10), (5.30, 7.30), (5.90, 7.15), (6.42, 7.20)]),
    Road("Hill Lane", "unclassified", [(4.60, 7.10), (4.45, 7.35), (4.50, 7.70)]),
    Road("Green Lane", "track", [(1.35, 5.70), (2.10, 5.40), (2.80, 5.05), (3.50, 5.10)]),
    Road("Bank Track", "track", [(5.70, 0.80), (4.80, 0.75), (3.90, 0.95), (3.40, 1.50)]),
]
# Joins the town's roads only where it shares a vertex with them; it passes over everything else on bridges.
BYPASS = Road(
    "Marramsea Bypass",
    "primary",
    [
        (6.42, 7.20),
        (6.00, 6.95),
        (5.40, 6.98),
        (4.60, 6.66),
        (3.60, 6.25),
        (3.00, 6.30),
        (2.55, 5.60),
        (2.30, 4.35),
        (2.42, 3.70),
        (2.48, 2.80),
        (2.62, 1.95),
        (2.40, 1.10),
        (3.40, 0.72),
        (4.60, 0.48),
        (5.70, 0.80),
    ],
)


class District(NamedTuple):
    """A quarter of the town as its residents would name it."""

    name: str
    seed: Point
    style: str
    density_per_ha: float
    need: float  # 0 least deprived, 1 most deprived
    area: int  # number in neighbourhood names, like an MSOA's
    theme: str


DISTRICTS: list[District] = [
    District("Old Harbour", (6.33, 4.00), "oldtown", 120, 0.98, 1, "harbour"),
    District("Town Centre", (6.30, 4.52), "oldtown", 105, 0.86, 1, "victorian"),
    District("Chapel Fields", (5.72, 4.36), "terrace", 105, 0.80, 2, "victorian"),
    District("Priory", (5.70, 3.80), "terrace", 92, 0.74, 2, "church"),
    District("Southgate", (5.60, 3.05), "terrace", 88, 0.70, 3, "victorian"),
    District("Fisherfolk", (6.30, 3.15), "estate", 80, 0.93, 3, "harbour"),
    District("Victoria", (6.38, 5.20), "terrace", 100, 0.72, 4, "victorian"),
    District("Alma", (5.50, 5.20), "terrace", 92, 0.60, 5, "victorian"),
    District("Windmill Hill", (4.88, 4.66), "suburb", 48, 0.48, 6, "trees"),
    District("Ropery", (4.85, 3.88), "terrace", 88, 0.68, 7, "trades"),
    District("Long Acre", (4.75, 2.90), "suburb", 46, 0.42, 8, "trees"),
    District("Millfield", (5.25, 2.05), "suburb", 46, 0.46, 9, "fields"),
    District("Marsh Estate", (6.45, 2.10), "radial", 66, 0.97, 10, "birds"),
    District("Strand", (7.00, 2.40), "suburb", 46, 0.58, 10, "harbour"),
    District("Ness View", (6.90, 6.00), "suburb", 46, 0.22, 11, "heaths"),
    District("Highfield", (5.60, 6.10), "suburb", 48, 0.09, 12, "trees"),
    District("Beacon", (4.80, 5.80), "suburb", 48, 0.30, 12, "heaths"),
    District("Lark Hill", (3.95, 5.05), "estate", 66, 0.95, 13, "birds"),
    District("Westbrook", (3.85, 3.75), "suburb", 48, 0.34, 14, "fields"),
    District("Sandy Lane", (3.85, 2.50), "newbuild", 44, 0.28, 15, "heaths"),
    District("Cold Ness", (7.35, 6.75), "suburb", 30, 0.05, 11, "heaths"),
    District("Thornholt", (1.30, 4.60), "rural", 0.12, 0.20, 16, "village"),
    District("Nether Wickering", (1.60, 1.90), "rural", 0.12, 0.36, 17, "village"),
    District("Marlby", (4.60, 7.10), "rural", 0.12, 0.24, 18, "village"),
    District("Saltings", (6.60, 1.10), "rural", 0.12, 0.52, 18, "village"),
]


class Cluster(NamedTuple):
    """Homes beyond the main road grid: a village, or an edge-of-town estate."""

    district: str
    centre: Point
    radius_km: float
    style: str
    density_per_ha: float


CLUSTERS: list[Cluster] = [
    Cluster("Thornholt", (1.22, 4.64), 0.50, "village", 34),
    Cluster("Nether Wickering", (1.48, 1.92), 0.48, "village", 34),
    Cluster("Marlby", (4.62, 7.12), 0.40, "village", 34),
    Cluster("Saltings", (5.80, 1.10), 0.36, "village", 38),
    Cluster("Cold Ness", (7.25, 6.55), 0.46, "suburb", 36),
    Cluster("Thornholt", (3.02, 4.62), 0.42, "newbuild", 40),
    Cluster("Sandy Lane", (3.05, 2.60), 0.36, "newbuild", 42),
    Cluster("Marlby", (6.62, 6.78), 0.34, "suburb", 42),
]


class Park(NamedTuple):
    """A large green space drawn by hand, with a road around it or not."""

    name: str
    function: str
    centre: Point
    radius_km: float
    stretch: float
    ring_road: str


PARKS: list[Park] = [
    Park("Alma Park", "Public Park Or Garden", (5.30, 5.22), 0.165, 1.3, "Parkside"),
    Park("Priory Park", "Public Park Or Garden", (5.62, 3.66), 0.115, 1.5, "Priory Gardens"),
    Park("Victoria Gardens", "Public Park Or Garden", (6.48, 5.02), 0.085, 1.4, "Victoria Square"),
    Park("Windmill Hill Recreation Ground", "Public Park Or Garden", (4.72, 4.50), 0.105, 1.4, "Recreation Road"),
    Park("Lark Hill Park", "Public Park Or Garden", (3.82, 4.82), 0.15, 1.3, "Skylark Crescent"),
    Park("Marsh Green", "Public Park Or Garden", (6.45, 2.08), 0.125, 1.1, "Marsh Green Circle"),
    Park("Westbrook Park", "Public Park Or Garden", (3.72, 3.66), 0.15, 1.4, "Westbrook Parkway"),
    Park("Highfield Common", "Public Park Or Garden", (5.42, 6.22), 0.17, 1.6, "Common Side"),
    Park("Millfield Park", "Public Park Or Garden", (5.42, 2.22), 0.100, 1.4, "Millfield Oval"),
    Park("Long Acre Cemetery", "Cemetery", (4.85, 3.10), 0.13, 1.3, "Cemetery Road"),
    Park("Southgate Rec", "Public Park Or Garden", (5.62, 3.04), 0.075, 1.5, "Southgate Green"),
    Park("Ropewalk Gardens", "Public Park Or Garden", (4.62, 3.84), 0.080, 1.7, "Ropewalk"),
    Park("Ness View Field", "Playing Field", (7.10, 5.92), 0.110, 1.3, ""),
    Park("Beacon Hill", "Public Park Or Garden", (4.62, 5.88), 0.120, 1.3, "Beacon Rise"),
    Park("Cold Ness Golf Links", "Golf Course", (7.72, 6.68), 0.250, 1.6, ""),
    Park("Sandy Lane Country Park", "Public Park Or Garden", (3.86, 2.80), 0.18, 1.4, "Heron Way"),
    Park("Saltings Nature Reserve", "Public Park Or Garden", (7.12, 1.20), 0.210, 1.4, ""),
    Park("Thornholt Playing Field", "Playing Field", (1.50, 4.42), 0.080, 1.2, ""),
    Park("Wickering Green", "Public Park Or Garden", (1.36, 2.10), 0.060, 1.5, ""),
    Park("Marlby Cricket Field", "Other Sports Facility", (4.40, 7.08), 0.070, 1.2, ""),
    Park("Chapel Fields Gardens", "Public Park Or Garden", (5.72, 4.34), 0.050, 1.7, "Chapel Square"),
    Park("Strand Recreation Ground", "Playing Field", (6.98, 2.40), 0.060, 1.3, ""),
]


class Style(NamedTuple):
    """How streets are laid out in one kind of district; distances in metres."""

    row_m: float
    column_m: float
    warp_m: float
    drop: float
    cul_de_sac: float
    cut_through: float


STYLES: dict[str, Style] = {
    "oldtown": Style(58, 92, 26, 0.16, 0.00, 0.00),
    "terrace": Style(58, 165, 9, 0.05, 0.00, 0.00),
    "estate": Style(88, 140, 64, 0.12, 0.40, 0.45),
    "radial": Style(84, 120, 0, 0.08, 0.34, 0.40),
    "suburb": Style(100, 180, 60, 0.12, 0.38, 0.25),
    "newbuild": Style(112, 165, 70, 0.20, 0.75, 0.40),
    "village": Style(104, 150, 36, 0.14, 0.45, 0.30),
}
