"""Heights out of files as their publishers ship them, and what becomes of those that are not what they should be."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import from_origin
from shapely.geometry import box

from assetmap.loading import Outcome, load_place
from assetmap.network import Relief
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.space import MEASURED_CRS, STORED_CRS, Floats
from assetmap.store import Store
from registers import LAYERS, judged, raised, raw, source, write_place
from town import CORNER_M, PLACE, metres, town_areas

Load = Callable[..., dict[str, Outcome]]

PRJ = (
    'PROJCS["British_National_Grid",GEOGCS["GCS_OSGB_1936",DATUM["D_OSGB_1936",SPHEROID["Airy_1830",6377563.396,'
    '299.3249646]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",400000.0],PARAMETER["False_Northing",-100000.0],PARAMETER["Central_Meridian",-2.0],'
    'PARAMETER["Scale_Factor",0.9996012717],PARAMETER["Latitude_Of_Origin",49.0],UNIT["Meter",1.0]]'
)
"""As it stands beside each tile of OS Terrain 50."""


def hill(east_m: Floats, north_m: Floats) -> Floats:
    """A height for every point of the National Grid, to a tenth of a metre."""
    return np.asarray(np.round(60 + 40 * np.sin(east_m / 700) + 30 * np.cos(north_m / 500), 1))


def tile(west_m: int, south_m: int, cells: int = 200, cell_m: float = 50) -> Floats:
    """The heights of a tile of OS Terrain 50, the northern row first."""
    steps = (np.arange(cells) + 0.5) * cell_m
    return hill(west_m + steps[None, :], south_m + steps[::-1, None])


def as_asc(west_m: int, south_m: int, heights_m: Floats, cell_m: float = 50) -> str:
    """An ASCII grid with the header and the numbers of OS Terrain 50."""
    rows, columns = heights_m.shape
    head = f"ncols {columns}\nnrows {rows}\nxllcorner {west_m}\nyllcorner {south_m}\ncellsize {cell_m:g}\n"
    return head + "\n".join(" ".join(f"{height:g}" for height in row) for row in heights_m) + "\n"


def inner_zip(name: str, asc: str) -> bytes:
    """One tile as Ordnance Survey ships it: the grid, its coordinate system, and files that say more of it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}.asc", asc)
        archive.writestr(f"{name}.prj", PRJ)
        archive.writestr(f"{name}.gml", "<os:DataSet/>")
        archive.writestr(f"{name}.asc.aux.xml", "<PAMDataset/>")
        archive.writestr(f"Metadata_{name}.xml", "<gmd:MD_Metadata/>")
    return packed.getvalue()


def terrain_50(path: Path, **tiles: tuple[int, int] | str) -> Path:
    """A zip of zips of tiles, each named after its square of the National Grid."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc/licence.txt", "Open Government Licence")
        for name, given in tiles.items():
            asc = given if isinstance(given, str) else as_asc(*given, tile(*given))
            folder = f"data/{name[:2].lower()}/{name.lower()}_OST50GRID_20250526.zip"
            archive.writestr(folder, inner_zip(name, asc))
    return path


AROUND = {
    "SP44": (440_000, 240_000),
    "SP45": (440_000, 250_000),
    "SP54": (450_000, 240_000),
    "SP55": (450_000, 250_000),
}
"""The four tiles that meet at the corner of Hand Town."""


def geotiff(path: Path, heights: np.ndarray[Any, Any], west: float, north: float, cell: float, **more: Any) -> Path:
    rows, columns = heights.shape
    given = {"crs": MEASURED_CRS, "transform": from_origin(west, north, cell, cell), **more}
    with rasterio.open(
        path, "w", driver="GTiff", height=rows, width=columns, count=1, dtype=heights.dtype, **given
    ) as file:
        file.write(heights, 1)
    return path


@pytest.fixture
def load(store: Store, tmp_path: Path) -> Load:
    """Load Hand Town's neighbourhoods and heights; ``keys`` are those of the source of heights."""
    outlines = town_areas()[["area_code", "name", "population", "geometry"]]
    named = outlines.rename(columns={"area_code": "LSOA21CD", "name": "LSOA21NM"})
    gpd.GeoDataFrame(named).to_file(tmp_path / "areas.geojson")
    areas = {"layer": "neighbourhoods", "path": "./areas.geojson", "reader": "vector", "row_id": "LSOA21CD"}

    def loaded(path: Path, **keys: Any) -> dict[str, Outcome]:
        heights = {
            "layer": "heights", "reader": "heights", "path": f"./{path.name}", "title": "OS Terrain 50",
            "publisher": "Ordnance Survey", **keys,
        }  # fmt: skip
        sources = {"heights": heights, "areas": {**areas, "geography": "LSOA 2021"}}
        outcomes = load_place(store, read_place(write_place(tmp_path, sources)), LAYERS, None)
        return {outcome.source.split("/")[1]: outcome for outcome in outcomes}

    return loaded


def stored_heights(store: Store) -> Relief:
    return Relief.of(store.heights(PLACE))


def assert_hill(relief: Relief) -> None:
    """All around the town, to 2 km outside it, each height is the one that was published."""
    rows, columns = relief.heights_m.shape
    east, north = np.meshgrid(relief.corner_m[0] + 50 * np.arange(columns), relief.corner_m[1] + 50 * np.arange(rows))
    known = np.isfinite(relief.heights_m)
    assert (relief.heights_m[known] == hill(east, north)[known]).all()
    around = [metres(*point) for point in ((-2000, 300), (4000, 300), (1000, -2000), (1000, 2600))]
    assert np.isfinite(relief.at(np.array(around))).all()


def test_terrain_50_is_read_as_ordnance_survey_ships_it(store: Store, load: Load, tmp_path: Path) -> None:
    # of a tile that is not needed nothing is read but where it lies
    path = terrain_50(
        tmp_path / "terr50_gagg_gb.zip", **AROUND, NN17=as_asc(210_000, 770_000, np.ones((2, 2))) + "nonsense"
    )
    outcome = load(path)["heights"]
    assert outcome.fault is None
    assert_hill(stored_heights(store))
    record = outcome.record
    assert record is not None
    assert record.rows_in == record.stored + record.set_aside
    assert (record.title, record.licence, record.source_date) == ("OS Terrain 50", "OGL-UK-3.0", "2025")
    assert len(record.sha256) == 64
    assert outcome.issues == 0
    view = PlaceView(store, PLACE, LAYERS)
    assert view.has_heights
    assert [source.title for source in view.provenance(["heights"])] == ["OS Terrain 50"]


@pytest.mark.parametrize("packed", ["tile", "gzip", "zip of tiles"])
def test_a_tile_may_come_by_itself_or_packed(store: Store, load: Load, tmp_path: Path, packed: str) -> None:
    asc = as_asc(445_000, 245_000, tile(445_000, 245_000))
    path = tmp_path / {"tile": "SP.asc", "gzip": "SP.asc.gz", "zip of tiles": "SP.zip"}[packed]
    if packed == "tile":
        path.write_text(asc)
    elif packed == "gzip":
        path.write_bytes(gzip.compress(asc.encode()))
    else:
        path.write_bytes(inner_zip("SP", asc))
    assert load(path, crs=MEASURED_CRS)["heights"].fault is None
    assert_hill(stored_heights(store))


def test_the_mean_of_a_fine_grid_is_taken_around_each_point(store: Store, load: Load, tmp_path: Path) -> None:
    # a survey of every 5 m, with a wall of 10 m on every tenth cell
    fine = np.full((1_600, 1_600), 20.0, dtype=np.float32)
    fine[::10, :] += 10
    load(geotiff(tmp_path / "lidar.tif", fine, 446_000, 254_000, 5))
    assert np.nanmin(stored_heights(store).heights_m) == np.nanmax(stored_heights(store).heights_m) == 21.0


def test_a_coarse_grid_in_degrees_is_read_between_its_points(store: Store, load: Load, tmp_path: Path) -> None:
    slope = np.repeat(np.arange(400, dtype=np.int16)[:, None], 400, axis=1)
    load(geotiff(tmp_path / "srtm.tif", slope, -1.4, 52.3, 1 / 1200, crs=STORED_CRS, nodata=-32768))
    (middle,) = stored_heights(store).at(np.array([metres(800, 300)]))
    north = (
        gpd.GeoSeries.from_xy([metres(800, 300)[0]], [metres(800, 300)[1]], crs=MEASURED_CRS).to_crs(STORED_CRS).y[0]
    )
    assert middle == pytest.approx((52.3 - north) * 1200 - 0.5, abs=0.15)


def test_cells_without_data_are_not_heights_and_the_places_own_are_told_of(
    store: Store, load: Load, tmp_path: Path
) -> None:
    heights = tile(445_000, 245_000)
    at = np.s_[200 - 101 : 200 - 100, 100:110]  # the southernmost row of the town's first square
    heights[at] = -9999
    path = tmp_path / "SP.asc"
    asc = as_asc(445_000, 245_000, heights).replace("cellsize 50\n", "cellsize 50\nNODATA_value -9999\n")
    path.write_text(asc)
    assert load(path, crs=MEASURED_CRS)["heights"].issues == 1
    (issue,) = store.issues(PLACE, f"{PLACE}/heights").to_dict("records")
    assert (issue["kind"], issue["effect"]) == ("heights_missing", "noted")
    assert issue["message"].startswith("10 of 400 heights of this square kilometre are not known")
    assert np.isnan(stored_heights(store).at(np.array([metres(200, 20)]))).all()
    # undeclared, they are no heights either
    path.write_text(as_asc(445_000, 245_000, heights))
    load(path, crs=MEASURED_CRS)
    told = store.issues(PLACE, f"{PLACE}/heights").set_index("kind")
    assert told.loc["out_of_range", "value"] == "-9999"
    assert "10 heights are not between -50 and 1,400 m" in told.loc["out_of_range", "message"]
    assert np.isnan(stored_heights(store).at(np.array([metres(200, 20)]))).all()


def _of_letters(folder: Path) -> Path:
    path = folder / "letters.asc"
    path.write_text(as_asc(445_000, 245_000, tile(445_000, 245_000)).replace(".5 ", ".low ", 9))
    return path


def _cut_short(folder: Path) -> Path:
    path = folder / "short.asc"
    path.write_text(as_asc(445_000, 245_000, tile(445_000, 245_000))[:90_000])
    return path


def _picture(folder: Path) -> Path:
    path = folder / "picture.tif"
    with rasterio.open(path, "w", driver="GTiff", height=9, width=9, count=1, dtype="uint8") as file:
        file.write(np.ones((9, 9), dtype=np.uint8), 1)
    return path


def _table(folder: Path) -> Path:
    path = folder / "heights.csv"
    path.write_text("easting,northing,height\n450000,250000,12\n")
    return path


def _web_page(folder: Path) -> Path:
    path = folder / "grid.tif"
    path.write_text("<!DOCTYPE html><html><body>Please log in</body></html>")
    return path


def _without_grids(folder: Path) -> Path:
    path = folder / "contours.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data/sp/sp55.zip", b"PK\x05\x06" + bytes(18))
        archive.writestr("readme.txt", "contours")
    return path


def _tiff_cut_short(folder: Path) -> Path:
    path = geotiff(folder / "half.tif", tile(445_000, 245_000), 445_000, 255_000, 50)
    path.write_bytes(path.read_bytes()[:150_000])
    return path


def _broken_tile(folder: Path) -> Path:
    return terrain_50(folder / "broken.zip", SP55=as_asc(450_000, 250_000, tile(450_000, 250_000))[:50_000])


def _elsewhere(folder: Path) -> Path:
    return terrain_50(folder / "north.zip", NN17=(210_000, 770_000))


def _empty(folder: Path) -> Path:
    return geotiff(folder / "sea.tif", np.full((200, 200), -1, np.int16), 445_000, 255_000, 50, nodata=-1)


def _without_system(folder: Path) -> Path:
    path = folder / "SP.asc"
    path.write_text(as_asc(445_000, 245_000, tile(445_000, 245_000)))
    return path


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (_of_letters, "letters.asc has 'low"),
        (_cut_short, "short.asc is no grid of heights that can be read to its end"),
        (_picture, "picture.tif does not say where it lies"),
        (_table, "heights.csv is no grid of heights"),
        (_web_page, "grid.tif looks like a web page, not data"),
        (_without_grids, "contours.zip holds no grid of heights"),
        (_broken_tile, "broken.zip (SP55.asc) is no grid of heights that can be read to its end"),
        (_tiff_cut_short, "half.tif is no grid of heights that can be read to its end"),
        (_elsewhere, "north.zip lies elsewhere than the place"),
        (_empty, "sea.tif has no heights where the place is, only cells without data"),
        (_without_system, "SP.asc does not say its coordinate system. Declare it as 'crs'"),
    ],
)
def test_a_bad_file_is_refused_in_plain_words_and_what_was_loaded_stays(
    store: Store, load: Load, tmp_path: Path, make: Callable[[Path], Path], says: str
) -> None:
    load(terrain_50(tmp_path / "good.zip", **AROUND))
    before = pd.DataFrame(store.heights(PLACE))
    fault = load(make(tmp_path))["heights"].fault
    assert fault is not None
    assert says in fault
    pd.testing.assert_frame_equal(pd.DataFrame(store.heights(PLACE)), before)


def test_heights_wait_for_the_neighbourhoods(store: Store, tmp_path: Path) -> None:
    terrain_50(tmp_path / "terr50.zip", **AROUND)
    alone = {"layer": "heights", "reader": "heights", "path": "./terr50.zip"}
    (outcome,) = load_place(store, read_place(write_place(tmp_path, {"heights": alone})), LAYERS, None)
    assert "terr50.zip cannot be read before it is known which heights are wanted" in str(outcome.fault)


SQUARE = box(CORNER_M[0], CORNER_M[1], CORNER_M[0] + 1000, CORNER_M[1] + 1000)


def square(**changed: str) -> dict[str, str]:
    listed = json.dumps([12.5] * 400)
    return {"easting_m": "450000", "northing_m": "250000", "heights_m": listed, **changed}


@pytest.mark.parametrize(
    ("rows", "issue"),
    [
        ([square(easting_m="450010")], (1, "easting_m", "not_a_corner", "dropped")),
        ([square(), square()], (2, "easting_m", "repeated_id", "dropped")),
        ([square(heights_m="[1, 2]")], (1, "heights_m", "not_heights", "dropped")),
        ([square(heights_m="twelve")], (1, "heights_m", "not_heights", "dropped")),
        ([square(heights_m=json.dumps([4_000] * 400))], (1, "heights_m", "not_heights", "dropped")),
        ([square(heights_m=json.dumps([4_000] + [12.5] * 399))], (1, "heights_m", "out_of_range", "noted")),
    ],
)
def test_rows_that_are_no_heights_are_issues(rows: list[dict[str, str]], issue: tuple[int, str, str, str]) -> None:
    checked = judged(raw(rows, [SQUARE] * len(rows), MEASURED_CRS), source("heights"), town_areas())
    assert issue in raised(checked)
    assert checked.rows_in == checked.stored + checked.dropped + sum(checked.set_aside.values())
    assert checked.stored == len(rows) - (issue[3] == "dropped")


def test_squares_far_outside_the_place_are_set_aside() -> None:
    far = box(460_000, 250_000, 461_000, 251_000)
    checked = judged(raw([square(easting_m="460000")], [far], MEASURED_CRS), source("heights"), town_areas())
    assert dict(checked.set_aside) == {"more than 2 km outside the place": 1}


@settings(max_examples=20)
@given(st.lists(st.one_of(st.none(), st.floats(-40, 1_300)), min_size=400, max_size=400))
def test_heights_are_stored_as_they_are(heights: list[float | None]) -> None:
    given_heights = [1.0, *heights[1:]]
    checked = judged(raw([square(heights_m=json.dumps(given_heights))], [SQUARE], MEASURED_CRS), source("heights"))
    assert json.loads(checked.rows["heights_m"].iloc[0]) == given_heights
