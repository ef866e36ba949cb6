"""Coordinates beside the row's own postcode: what lies far from it is said, kept, and counted as roughly placed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from assetmap.agreeing import DISAGREE_M, POSTCODES_AROUND
from assetmap.checks import Checked
from assetmap.space import MEASURED_CRS, STORED_CRS
from assetmap.tables import LOCATOR_COLUMNS, Locators
from registers import judged, raised, raw, source

HOME = (450_000.0, 250_000.0)
"""Easting and northing of the middle of ZZ1 1AA, the postcode of every row here."""


def postcodes(apart_m: float) -> Locators:
    """ZZ1 1AA and twelve more in a row to its west, so many metres from one to the next."""
    codes = [f"ZZ1 1A{letter}" for letter in "ABCDEFGHJKLMN"]
    columns = {"scheme": "postcode", "reference": codes, "accuracy_m": 100.0}
    points = gpd.points_from_xy(HOME[0] - apart_m * np.arange(13), np.full(13, HOME[1]), crs=MEASURED_CRS)
    frame = gpd.GeoDataFrame(columns, geometry=gpd.GeoSeries(points).to_crs(STORED_CRS))
    return Locators(frame.reindex(columns=list(LOCATOR_COLUMNS)))


def placed(east_m: float, locators: Locators, **row: str) -> Checked:
    """A depot so many metres east of the middle of its postcode."""
    told = {"name": "Depot", "Postcode": "zz11aa", "X": f"{HOME[0] + east_m}", "Y": f"{HOME[1]}", **row}
    return judged(raw([told]), source("public_land"), None, locators)


def kept(checked: Checked) -> pd.Series:
    assert checked.stored == 1
    return checked.rows.iloc[0]


def test_coordinates_far_from_the_rows_own_postcode_are_said_kept_and_counted_as_rough() -> None:
    checked = placed(5_200, postcodes(50))
    assert raised(checked) == [(1, "coordinates", "far_from_postcode", "noted")]
    issue = checked.issues.iloc[0]
    assert issue["message"].startswith("Its coordinates and its postcode ZZ1 1AA disagree by 5.2 km.")
    assert issue["who_can_mend"] == "Hand Town Council"
    row = kept(checked)
    assert gpd.GeoSeries([row.geometry], crs=STORED_CRS).to_crs(MEASURED_CRS).x[0] == pytest.approx(
        HOME[0] + 5_200, abs=0.1
    )
    assert row["location_accuracy_m"] == pytest.approx(5_200, abs=1)
    assert row["located_by"] == "coordinates"
    # what was found out before is kept
    assert row["location_note"] == (
        "read as eastings and northings, from the range of the numbers; "
        "its postcode ZZ1 1AA is 5.2 km from here, so one of the two is wrong"
    )


@given(east_m=st.floats(0, 20_000), apart_m=st.floats(1, 2_000))
def test_they_disagree_beyond_a_kilometre_or_where_postcodes_are_wide_beyond_the_tenth(
    east_m: float, apart_m: float
) -> None:
    limit_m = max(DISAGREE_M, POSTCODES_AROUND * apart_m)
    if abs(east_m - limit_m) > 1:  # the National Grid's metres are a few parts in ten thousand off on the ground
        said = raised(placed(east_m, postcodes(apart_m)))
        assert bool(said) == (east_m > limit_m)


@pytest.mark.parametrize("row", [{"Postcode": ""}, {"Postcode": "ZZ1"}, {"Postcode": "ZZ9 9ZZ"}, {"X": "", "Y": ""}])
def test_what_cannot_be_compared_is_not_said_to_disagree(row: dict[str, str]) -> None:
    checked = placed(5_200, postcodes(50), **row)
    assert raised(checked) == []
    assert kept(checked)["location_accuracy_m"] < DISAGREE_M if row.get("X") != "" else True


def test_an_outline_is_measured_from_its_edge() -> None:
    field = shapely.box(HOME[0] + 10, HOME[1] - 500, HOME[0] + 9_000, HOME[1] + 500)
    of = source("public_land", reader="vector", path="./land.geojson")
    rows = raw([{"name": "Common", "Postcode": "ZZ1 1AA"}], [field], MEASURED_CRS)
    assert raised(judged(rows, of, None, postcodes(50))) == []
    distant = raw(
        [{"name": "Common", "Postcode": "ZZ1 1AA"}], [shapely.box(460_000, 250_000, 460_100, 250_100)], MEASURED_CRS
    )
    assert raised(judged(distant, of, None, postcodes(50))) == [(1, "coordinates", "far_from_postcode", "noted")]
