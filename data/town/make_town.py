"""Write Marramsea, a made-up English seaside borough, as the files beside this script.

Run `python data/town/make_town.py`: the same bytes come out every time. Nothing here describes a real place or body.
"""

from __future__ import annotations

import csv
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import town_words as words
from numpy.random import Generator
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import STRtree, transform, union_all
from shapely.geometry import LineString, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry
from town_domains import domains, people_counted
from town_ground import FRONTED, RESIDENTIAL, Ground, Neighbourhood, Street, blob, make_ground
from town_heights import as_grid
from town_plan import AUTHORITY_CODE, RIVER, SEED, TOWN

HERE = Path(__file__).parent
AREAS_IN_ENGLAND = 33_755
PEOPLE_PER_POSTCODE = 45
UNIT_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
POST_TOWN = TOWN.upper()
# The published national curve: share of neighbourhoods more deprived, overall score, income rate.
SHARES = (0.0, 0.01, 0.03, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.0)
SCORES = (94.22, 68.77, 59.83, 54.26, 44.91, 38.29, 33.51, 26.6, 21.54, 17.45, 14.14, 11.14, 8.38, 5.46, 2.98, 0.16)
INCOME = (0.998, 0.666, 0.59, 0.544, 0.464, 0.408, 0.362, 0.289, 0.231, 0.184, 0.149, 0.118, 0.093, 0.067, 0.041, 0.002)
# National Grid to longitude and latitude by a fixed seven-parameter shift: no grid file, so the same on every machine.
TO_DEGREES = Transformer.from_pipeline(
    "+proj=pipeline +step +inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+step +proj=push +v_3 +step +proj=cart +ellps=airy +step +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 "
    "+ry=0.247 +rz=0.842 +s=-20.489 +convention=position_vector +step +inv +proj=cart +ellps=WGS84 +step +proj=pop "
    "+v_3 +step +proj=unitconvert +xy_in=rad +xy_out=deg"
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Postcode:
    """A made-up postcode at a front door."""

    code: str
    at: Point
    neighbourhood: Neighbourhood
    street: str


def table(text: str) -> Iterator[list[str]]:
    """The lines of a hand-written table, as fields."""
    for line in text.strip().splitlines():
        yield line.split("|")


def degrees(shape: BaseGeometry, places: int) -> BaseGeometry:
    """A shape in longitude and latitude, rounded."""

    def turn(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.round(np.column_stack(TO_DEGREES.transform(points[:, 0], points[:, 1])), places)

    return transform(shape, turn)


def lon_lat(point: Point) -> Row:
    """A point's columns."""
    place = degrees(point, 6)
    return {"lon": f"{place.x:.6f}", "lat": f"{place.y:.6f}"}


def write_features(name: str, features: Sequence[tuple[Row, BaseGeometry]], places: int = 6) -> None:
    """A GeoJSON file, one feature a line."""
    lines = [
        json.dumps(
            {"type": "Feature", "properties": row, "geometry": mapping(degrees(shape, places))}, separators=(",", ":")
        )
        for row, shape in features
    ]
    head = f'{{"type":"FeatureCollection","name":"{name}","features":[\n'
    (HERE / f"{name}.geojson").write_text(head + ",\n".join(lines) + "\n]}\n", encoding="utf-8")


def write_rows(name: str, rows: Sequence[Row]) -> None:
    """A CSV file in UTF-8."""
    with (HERE / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_neighbourhoods(ground: Ground) -> None:
    """The neighbourhoods' outlines."""
    write_features(
        "neighbourhoods",
        [
            (
                {
                    "LSOA21CD": n.code,
                    "LSOA21NM": f"{TOWN} {n.name}",
                    "LADCD": AUTHORITY_CODE,
                    "LADNM": TOWN,
                    "LOCALITY": n.district.name,
                },
                n.shape,
            )
            for n in ground.neighbourhoods
        ],
    )


def write_deprivation(ground: Ground, rng: Generator, more: Generator) -> None:
    """Scores, ranks and deciles in the layout of the English Indices' File 7; ``more`` draws the further domains."""
    curves = {"rate": (SHARES, INCOME), "score": (SHARES, SCORES)}
    used: set[int] = set()
    rows = []
    for n in ground.neighbourhoods:
        share = _share(n.district.need, rng, 0.055)
        income_share = min(0.985, max(0.001, share * float(rng.uniform(0.8, 1.2))))
        rank = _free_rank(share, used)
        score = np.interp(rank / AREAS_IN_ENGLAND, SHARES, SCORES)
        income_rank = max(1, round(income_share * AREAS_IN_ENGLAND))
        rows.append(
            {
                "LSOA code (2021)": n.code,
                "LSOA name (2021)": f"{TOWN} {n.name}",
                "Local Authority District code (2024)": AUTHORITY_CODE,
                "Local Authority District name (2024)": TOWN,
                "Index of Multiple Deprivation (IMD) Score": f"{score:.3f}",
                "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)": rank,
                "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)": _decile(rank),
                "Income Score (rate)": f"{np.interp(income_share, SHARES, INCOME):.3f}",
                "Income Rank (where 1 is most deprived)": income_rank,
                "Income Decile (where 1 is most deprived 10% of LSOAs)": _decile(income_rank),
                **domains(rank / AREAS_IN_ENGLAND, n.district.style, AREAS_IN_ENGLAND, curves, more),
                "Total population: mid 2022": n.people,
                **people_counted(n.people, rank / AREAS_IN_ENGLAND, more),
            }
        )
    write_rows("deprivation", rows)


def _share(need: float, rng: Generator, spread: float) -> float:
    """Share of England's neighbourhoods that are more deprived."""
    jittered = min(0.985, max(0.03, need + float(rng.normal(0, spread))))
    return min(0.985, max(0.002, (1 - jittered) ** 1.5))


def _free_rank(share: float, used: set[int]) -> int:
    rank = max(1, round(share * AREAS_IN_ENGLAND))
    while rank in used:
        rank += 1
    used.add(rank)
    return rank


def _decile(rank: int) -> int:
    return min(10, (rank - 1) * 10 // AREAS_IN_ENGLAND + 1)


def write_streets(ground: Ground) -> None:
    """The walking network; streets that meet share a vertex."""
    write_features(
        "streets",
        [
            (
                {
                    "id": f"way/{k}",
                    "highway": w.highway,
                    "name": w.name or None,
                    **({"surface": w.surface} if w.surface else {}),
                },
                w.line,
            )
            for k, w in enumerate(ground.ways, start=1)
        ],
        7,
    )


def make_postcodes(ground: Ground, rng: Generator) -> list[Postcode]:
    """Front doors along the streets of every neighbourhood, numbered sector by sector."""
    doors = _doors(ground)
    sectors: Counter[int] = Counter()
    postcodes = []
    for n in ground.neighbourhoods:
        found = doors[n.code]
        wanted = min(len(found), max(14, round(n.people / PEOPLE_PER_POSTCODE)))
        for k in sorted(rng.permutation(len(found))[:wanted]):
            at, street = found[k]
            postcodes.append(Postcode(_code(n.district.area, sectors[n.district.area]), at, n, street))
            sectors[n.district.area] += 1
    return postcodes


def _doors(ground: Ground) -> dict[str, list[tuple[Point, str]]]:
    """Places for a front door, by neighbourhood: either side of every street that homes face."""
    tree = STRtree([n.shape.buffer(-3) for n in ground.neighbourhoods])
    doors: dict[str, list[tuple[Point, str]]] = defaultdict(list)
    fronted = [w for w in ground.ways if w.highway in FRONTED and w.name not in {"The Promenade", "Marramsea Pier"}]
    country = {"Thornholt", "Nether Wickering", "Marlby", "Saltings", "Cold Ness"}
    for way in sorted(fronted, key=lambda w: (w.name, w.line.coords[0])):
        apart = 17.0 if way.highway in RESIDENTIAL else 51.0
        for along in np.arange(9.0, way.line.length - 6, apart):
            at = _beside(way.line, float(along), 9.0 if int(along) % 2 else -9.0)
            for k in tree.query(at, predicate="within"):
                n = ground.neighbourhoods[int(k)]
                if way.highway != "unclassified" or n.district.name in country:
                    doors[n.code].append((at, way.name))
    bare = [n.code for n in ground.neighbourhoods if not doors[n.code]]
    if bare:
        raise RuntimeError(f"no homes face a street in {bare}: change the plan")
    return doors


def _beside(line: LineString, along: float, offset: float) -> Point:
    a, b = line.interpolate(along), line.interpolate(along + 1)
    length = a.distance(b) or 1.0
    return Point(a.x - (b.y - a.y) / length * offset, a.y + (b.x - a.x) / length * offset)


def _code(area: int, number: int) -> str:
    first, second = divmod(number, len(UNIT_LETTERS))
    return f"ZQ{(area - 1) // 4 + 1} {(area - 1) % 4 + 1}{UNIT_LETTERS[first]}{UNIT_LETTERS[second]}"


class Places:
    """Finds a front door for every asset, sharing them among neighbourhoods: the same spot is always the same door."""

    def __init__(self, postcodes: Sequence[Postcode]) -> None:
        """Sort the doors by district and by street."""
        self.by_district: dict[str, list[Postcode]] = defaultdict(list)
        self.by_street: dict[str, list[Postcode]] = defaultdict(list)
        for p in postcodes:
            self.by_district[p.neighbourhood.district.name].append(p)
            self.by_street[p.street].append(p)
        self.given: dict[tuple[str, str], Postcode] = {}
        self.taken: set[str] = set()
        self.load: Counter[str] = Counter()

    def find(self, district: str, spot: str, name: str = "") -> Postcode:
        """The door of a spot; `@Street` asks for a door on that street, one for each name."""
        key = (district, f"{spot}{name if spot.startswith('@') else ''}")
        if key not in self.given:
            doors = self.by_street[spot[1:]] if spot.startswith("@") else self.by_district[district]
            start = zlib.crc32("/".join(key).encode()) % len(doors)
            turn = doors[start:] + doors[:start]
            free = [p for p in turn if p.code not in self.taken] or turn
            self.given[key] = min(free, key=lambda p: self.load[p.neighbourhood.code])
            self.load[self.given[key].neighbourhood.code] += 1
            self.taken.add(self.given[key].code)
        return self.given[key]


def number_of(door: Postcode) -> int:
    """A house number for a door."""
    return zlib.crc32(door.code.encode()) % 118 + 1


def address(door: Postcode) -> Row:
    """Address, postcode and coordinates of a door."""
    return {"address": f"{number_of(door)} {door.street}, {TOWN}", "postcode": door.code, **lon_lat(door.at)}


def write_community_buildings(places: Places) -> None:
    """Places to meet."""
    hours = {key: (text, open_hours, staffed) for key, text, open_hours, staffed in table(words.HOURS)}
    rows = []
    for k, fields in enumerate(table(words.COMMUNITY_BUILDINGS), start=1):
        name, kind, district, spot, run_by, who, cost, step_free, key, opened, status = fields
        text, open_hours, staffed = hours[key]
        rows.append(
            {
                "id": f"CB{k:03d}",
                "name": name,
                "kind": kind,
                **address(places.find(district, spot, name)),
                "run_by": run_by,
                "who_for": who,
                "cost": cost,
                "step_free": step_free,
                "opening_hours": text,
                "hours_per_week": open_hours,
                "staffed_hours_per_week": "0" if run_by == "Volunteers" and staffed else staffed,
                "opened": opened,
                "status": status,
            }
        )
    write_rows("community_buildings", rows)


def write_closed_services(places: Places) -> None:
    """What was lost, moved, merged, handed over or cut back."""
    rows = []
    for k, fields in enumerate(table(words.CLOSED_SERVICES), start=1):
        name, kind, district, spot, what, opened, closed, reason, evidence, now = fields
        rows.append(
            {
                "id": f"CS{k:03d}",
                "name": name,
                "kind": kind,
                **address(places.find(district, spot, name)),
                "what_happened": what,
                "opened": opened,
                "closed": closed,
                "reason": reason,
                "evidence": evidence,
                "now": now,
            }
        )
    write_rows("closed_services", rows)


def write_public_land(places: Places) -> None:
    """Land and buildings the council holds, in the layout of the Local Government Transparency Code."""
    holdings = list(table(words.PUBLIC_LAND))
    repeated = Counter[str]()
    for pattern, holding, hectares, use, districts in table(words.PUBLIC_LAND_REPEATED):
        for district in districts.split(","):
            repeated[district] += 1
            spot = f"land{repeated[district]}"
            street = places.find(district, spot).street
            holdings.append([pattern.format(street=street), district, spot, "Freehold", holding, "", hectares, use])
    rows = [_holding(k, fields, places) for k, fields in enumerate(holdings, start=1)]
    make_mess(rows)
    write_rows("public_land", rows)


def _holding(number: int, fields: list[str], places: Places) -> Row:
    name, district, spot, tenure, holding, building, hectares, use = fields
    door = places.find(district, spot, name)
    shift = zlib.crc32(name.encode())
    return {
        "OrganisationLabel": f"{TOWN} Borough Council (fictional)",
        "OrganisationURI": "https://example.org/id/marramsea",
        "EffectiveDate": "2025-04-01",
        "UPRN": f"9999{80_000_000 + number * 137:08d}",
        "AssetCode": f"MBC/{number:04d}",
        "PropertyName": name,
        "StreetNumber": number_of(door),
        "StreetName": door.street,
        "PostTown": POST_TOWN,
        "PostCode": door.code,
        "CoordinateReferenceSystem": "EPSG:27700",
        "GeoX": round(door.at.x) + shift % 15 - 7,
        "GeoY": round(door.at.y) + shift // 15 % 15 - 7,
        "TenureType": tenure,
        "TenureDetail": "Lease to 2041" if tenure == "Leasehold" else "",
        "HoldingType": holding,
        "BuildingSize": building,
        "LandArea": hectares,
        "CurrentUse": use,
    }


def make_mess(rows: list[Row]) -> None:
    """The faults real registers have, on purpose; README.md lists them by asset code."""
    by_code = {row["AssetCode"]: row for row in rows}
    for code in ("MBC/0010", "MBC/0045", "MBC/0060"):
        by_code[code].update(CoordinateReferenceSystem="", GeoX="", GeoY="")
    swapped = by_code["MBC/0018"]
    swapped["GeoX"], swapped["GeoY"] = swapped["GeoY"], swapped["GeoX"]
    by_code["MBC/0053"].update(GeoX=112_345, GeoY=32_100)
    by_code["MBC/0052"].update(
        CoordinateReferenceSystem="", GeoX="", GeoY="", PostCode="", StreetNumber="", StreetName=""
    )
    by_code["MBC/0023"]["UPRN"] = by_code["MBC/0022"]["UPRN"]


def write_play_streets(ground: Ground, places: Places) -> None:
    """Streets closed to cars for play, school runs, seats and festivals."""
    ways = {w.name: w for w in ground.ways if w.highway in FRONTED}
    homes = {w.name for w in ground.ways if w.highway in RESIDENTIAL}
    rows = []
    for k, fields in enumerate(table(words.PLAY_STREETS), start=1):
        district, kind, basis, often, hours, first, last, status, role, source, street = fields
        if not street:
            street = next(s for s in (places.find(district, f"play{k}.{n}").street for n in range(60)) if s in homes)
        middle = ways[street].line.interpolate(0.5, normalized=True)
        rows.append(
            {
                "id": f"PS{k:03d}",
                "street": street,
                "kind": kind,
                "legal_basis": basis,
                "frequency": often,
                "hours": hours,
                "first_session": first,
                "last_session": last,
                "status": status,
                "contact_role": role,
                "source": source,
                **lon_lat(middle),
            }
        )
    write_rows("play_streets", rows)


def write_groups(places: Places) -> None:
    """Groups, and what they can offer; roles, never people's names."""
    buildings = {(f[2], f[3]): f[0] for f in table(words.COMMUNITY_BUILDINGS)}
    rows = []
    for k, fields in enumerate(table(words.GROUPS), start=1):
        name, kind, district, spot, does, skills, time, equipment, space, since, status = fields
        door = places.find(district, spot, name)
        rows.append(
            {
                "id": f"GR{k:03d}",
                "name": name,
                "kind": kind,
                "what_they_do": does,
                "skills": skills,
                "time_offered": time,
                "equipment": equipment,
                "space_to_share": space,
                **lon_lat(door.at),
                "meets_at": buildings.get((district, spot), door.street),
                "active_since": since,
                "status": status,
            }
        )
    write_rows("groups", rows)


def write_community_wealth(places: Places) -> None:
    """What is owned locally, and how."""
    rows = []
    for k, fields in enumerate(table(words.COMMUNITY_WEALTH), start=1):
        name, kind, district, spot, how, since, value, members = fields
        rows.append(
            {
                "id": f"CW{k:03d}",
                "name": name,
                "kind": kind,
                "how_owned": how,
                "since": since,
                "asset_value_gbp": value,
                "members": members,
                **address(places.find(district, spot, name)),
            }
        )
    write_rows("community_wealth", rows)


def make_green(ground: Ground, rng: Generator) -> list[tuple[str, str, Polygon]]:
    """Name, function and shape of every green space: parks, play areas in them, and small spaces between houses."""
    green = list(ground.parks)
    parks = {name: shape for name, _, shape in ground.parks}
    for name in words.PLAY_IN_PARKS:
        corner = parks[name].buffer(-24).exterior.interpolate(float(rng.uniform(0, 1)), normalized=True)
        shape = blob((corner.x, corner.y), 14, 1.2, rng).intersection(parks[name].buffer(-4))
        green.append((f"{name} Play Area", "Play Space", shape))
    streets = STRtree([w.line for w in ground.ways])
    for function, size, pattern, districts in table(words.SMALL_GREEN):
        for district in districts.split(","):
            shape = _between_houses(ground, streets, district, float(size), [g[2] for g in green], rng)
            street = _nearest_named(ground.ways, shape)
            green.append((pattern.format(street=street), function, shape))
    return green


def _between_houses(
    ground: Ground, streets: STRtree, district: str, size: float, others: list[Polygon], rng: Generator
) -> Polygon:
    """The roomiest of many tries at a shape inside the district that keeps clear of streets, water and other green."""
    area = union_all([n.shape for n in ground.neighbourhoods if n.district.name == district])
    homes = [w.line for w in ground.ways if w.highway == "residential" and area.contains(w.line)]
    best: Polygon | None = None
    for _ in range(40):
        along = homes[int(rng.integers(len(homes)))]
        at = _beside(along, float(rng.uniform(0.3, 0.7)) * along.length, float(rng.choice([-1, 1])) * (size * 0.8 + 16))
        shape = blob((at.x, at.y), size, 1.15, rng).intersection(area).difference(ground.river.buffer(8))
        near = streets.query(shape.buffer(14))
        shape = shape.difference(union_all([streets.geometries[k] for k in near]).buffer(11))
        shape = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
        if (
            isinstance(shape, Polygon)
            and all(shape.distance(o) > 20 for o in others)
            and (best is None or shape.area > best.area)
        ):
            best = shape
    if best is None or best.area < 120:
        raise RuntimeError(f"no room for green space in {district}: change the plan")
    return best.simplify(0.5)


def _nearest_named(ways: Sequence[Street], shape: BaseGeometry) -> str:
    return min((w for w in ways if w.name and w.highway in FRONTED), key=lambda w: w.line.distance(shape)).name


def write_green(ground: Ground, rng: Generator) -> None:
    """Green spaces and the gates into them."""
    green = make_green(ground, rng)
    lines = [w.line for w in ground.ways]
    streets = STRtree(lines)
    sites, gates = [], []
    for k, (name, function, shape) in enumerate(green, start=1):
        site = f"GS{k:03d}"
        sites.append(({"id": site, "name": name, "function": function}, shape))
        for at in _gates(shape, streets, lines):
            row = {"id": f"AP{len(gates) + 1:03d}", "site_id": site, "access_type": _access(function, len(gates))}
            gates.append((row, at))
    write_features("green_space", sites)
    write_features("access_points", gates)


def _access(function: str, number: int) -> str:
    drive = function in {"Golf Course", "Cemetery"} or (function == "Playing Field" and number % 2 == 0)
    return "Motor Vehicle And Pedestrian" if drive else "Pedestrian"


def _gates(shape: Polygon, streets: STRtree, lines: Sequence[LineString]) -> list[Point]:
    """Where paths cross the edge; failing that, the edge nearest to streets."""
    edge = shape.exterior
    crossed = [lines[k].intersection(edge) for k in sorted(streets.query(shape, predicate="crosses"))]
    points = [p for hit in crossed for p in getattr(hit, "geoms", [hit]) if isinstance(p, Point)]
    if not points:
        near = sorted(streets.query(shape.buffer(80)), key=lambda k: lines[k].distance(shape))
        if not near:
            near = [int(streets.nearest(shape))]
        points = [
            edge.interpolate(edge.project(lines[k].interpolate(lines[k].project(shape.centroid)))) for k in near[:6]
        ]
    apart = max(20.0, edge.length / 9)
    gates: list[Point] = []
    for point in points:
        if len(gates) < 5 and all(point.distance(g) > apart for g in gates):
            gates.append(point)
    return gates


def write_water(ground: Ground) -> None:
    """Sea, river and the park lake, for drawing."""
    park = next(shape for name, _, shape in ground.parks if name == "Sandy Lane Country Park")
    at = park.representative_point()
    lake = blob((at.x + 25, at.y - 20), 62, 1.4, np.random.default_rng(SEED)).intersection(park.buffer(-25))
    write_features(
        "water",
        [
            ({"kind": "sea", "name": "North Sea"}, ground.sea),
            ({"kind": "river", "name": RIVER}, ground.river),
            ({"kind": "lake", "name": "Heron Water"}, lake),
        ],
    )


def write_heights() -> None:
    """How high the ground is."""
    (HERE / "heights.asc").write_text(as_grid(), encoding="ascii", newline="\n")


def write_postcodes(postcodes: Sequence[Postcode]) -> None:
    """Every postcode and its neighbourhood."""
    write_rows("postcodes", [{"postcode": p.code, **lon_lat(p.at), "lsoa21": p.neighbourhood.code} for p in postcodes])


def main() -> None:
    """Draw the town once, then write every file."""
    ground = make_ground(np.random.default_rng(SEED))
    postcodes = make_postcodes(ground, np.random.default_rng(SEED + 1))
    places = Places(postcodes)
    write_neighbourhoods(ground)
    write_deprivation(ground, np.random.default_rng(SEED + 2), np.random.default_rng(SEED + 4))
    write_streets(ground)
    write_postcodes(postcodes)
    for write in _registers():
        write(places)
    write_play_streets(ground, places)
    write_green(ground, np.random.default_rng(SEED + 3))
    write_water(ground)
    write_heights()


def _registers() -> tuple[Callable[[Places], None], ...]:
    return write_community_buildings, write_closed_services, write_public_land, write_groups, write_community_wealth


if __name__ == "__main__":
    main()
