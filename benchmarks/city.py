"""A made-up city that questions can be asked of; its rows are drawn from a seed, as a store would give them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from benchmarks.timing import CORNER_M, grid_streets, points_of_town

from assetmap.layers import read_layers
from assetmap.placeview import PlaceView
from assetmap.space import MEASURED_CRS, Floats, to_stored
from assetmap.store import Store
from assetmap.tables import AREA_COLUMNS, ASSET_COLUMNS, LOCATOR_COLUMNS, Areas, Assets, Locators, Streets

SIDE, BLOCK_M, SEED = 316, 60.0, 7
LIBRARIES, POSTCODES, ACROSS, UP = 60, 20_000, 20, 15
OTHERS = {
    ("community_buildings", "hall"): 120,
    ("community_buildings", "community_hub"): 60,
    ("community_buildings", "leisure_centre"): 20,
    ("community_buildings", "youth_centre"): 20,
    ("public_land", "building"): 300,
    ("green_space", "park"): 100,
}
"""What else stands in the city, by layer and kind."""

PLACE = "city"
LAYERS = read_layers(Path(__file__).resolve().parents[1] / "layers")


@dataclass(frozen=True)
class Rows:
    """The city's rows."""

    areas: Areas
    locators: Locators
    streets: Streets
    assets: Assets

    def opened(self, store: Store) -> PlaceView:
        """The city, of which nothing has been worked out yet; ``store`` has to know the place and nothing more."""
        view = PlaceView(store, PLACE, LAYERS)
        view.__dict__.update(areas=self.areas, locators=self.locators, streets=self.streets, assets=self.assets)
        return view


def made_up() -> Rows:
    """Near 100,000 crossings, 20,000 postcodes in 300 neighbourhoods, 60 libraries and 620 other places."""
    areas = _areas()
    homes_m = points_of_town(SIDE, BLOCK_M, POSTCODES, SEED + 2)
    size_m = (SIDE - 1) * BLOCK_M
    cell = np.minimum((homes_m - CORNER_M) / size_m * [ACROSS, UP], [ACROSS - 1, UP - 1]).astype(int)
    codes = areas["area_code"].to_numpy()[cell[:, 0] * UP + cell[:, 1]]
    locators = _frame(LOCATOR_COLUMNS, homes_m).assign(
        locator_id=[f"{PLACE}/postcodes:{row}" for row in range(len(homes_m))], scheme="postcode", area_code=codes
    )
    # people set out from postcodes, so streets are not parted any further to set out from
    streets = Streets(grid_streets(SIDE, BLOCK_M, SEED).assign(kind="main_road"))
    return Rows(areas, Locators(locators), streets, _assets(areas))


def _frame(columns: tuple[str, ...], points_m: Floats) -> gpd.GeoDataFrame:
    """Rows at some points, of which nothing else is known."""
    shapes = to_stored(gpd.GeoSeries(shapely.points(points_m), crs=MEASURED_CRS))
    bare = pd.DataFrame({column: pd.Series(None, index=range(len(points_m)), dtype=object) for column in columns})
    return gpd.GeoDataFrame(bare.drop(columns="geometry").assign(place_id=PLACE), geometry=shapes)


def _areas() -> Areas:
    step = np.array([(SIDE - 1) * BLOCK_M / ACROSS, (SIDE - 1) * BLOCK_M / UP])
    corners = np.array([(east, north) for east in range(ACROSS) for north in range(UP)]) * step + CORNER_M
    random = np.random.default_rng(SEED)
    rank = random.permutation(len(corners)) * 110 + 1
    frame = _frame(AREA_COLUMNS, corners).assign(
        area_code=[f"E01{row:06}" for row in range(len(corners))], name=[f"Part {row}" for row in range(len(corners))],
        population=pd.array(random.integers(800, 3_000, len(corners)), dtype="Int64"),
        imd_rank=pd.array(rank, dtype="Int64"), imd_decile=pd.array(1 + rank * 10 // 33_756, dtype="Int64"),
        imd_edition=pd.array([2025] * len(corners), dtype="Int64"),
    )  # fmt: skip
    boxes = shapely.box(*corners.T, *(corners + step).T)
    return Areas(frame.set_geometry(to_stored(gpd.GeoSeries(boxes, crs=MEASURED_CRS))))


def _assets(areas: Areas) -> Assets:
    kinds = [
        pair for pair, count in {("community_buildings", "library"): LIBRARIES, **OTHERS}.items() for _ in range(count)
    ]
    points_m = points_of_town(SIDE, BLOCK_M, len(kinds), SEED + 1)
    random = np.random.default_rng(SEED)
    size_m = (SIDE - 1) * BLOCK_M
    cell = np.minimum((points_m - CORNER_M) / size_m * [ACROSS, UP], [ACROSS - 1, UP - 1]).astype(int)
    hours = random.uniform(10, 60, len(kinds)).round()
    names = [f"{kind} {row}" for row, (_, kind) in enumerate(kinds)]
    frame = _frame(ASSET_COLUMNS, points_m).assign(
        asset_id=[f"{PLACE}/{layer}:{row}" for row, (layer, _) in enumerate(kinds)],
        layer=[layer for layer, _ in kinds], kind=[kind for _, kind in kinds], name=names, register_name=names,
        status="open", details="{}", location_accuracy_m=10.0,
        hours_per_week=hours, staffed_hours_per_week=(hours / 2).round(),
        area_code=areas["area_code"].to_numpy()[cell[:, 0] * UP + cell[:, 1]],
    )  # fmt: skip
    return Assets(frame.assign(access=gpd.GeoSeries([None] * len(kinds), crs=frame.crs)))
