"""Other councils' registers, loaded with no word about their columns: the mess is solved by its kind, not its file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest

from assetmap.loading import Outcome, load_place
from assetmap.places import read_place
from assetmap.store import Store, open_store
from registers import LAYERS, ROOT, write_place

AREAS = {
    "layer": "neighbourhoods",
    "path": "./areas.gpkg",
    "reader": "vector",
    "row_id": "LSOA21CD",
    "geography": "LSOA 2021",
}
LAND = "public_land"
MEETING = "community_buildings"


@pytest.fixture(scope="module")
def england(real_data: Path) -> gpd.GeoDataFrame:
    path = real_data / "england" / "lsoa21_england.gpkg.zip"
    return pyogrio.read_dataframe(path, columns=["LSOA21CD", "LSOA21NM", "LADCD_ACTIVE"])


class Register:
    """One register of one place, loaded."""

    def __init__(self, store: Store, outcome: Outcome) -> None:
        assert outcome.fault is None, outcome.fault
        assert outcome.record is not None
        self.record = outcome.record
        assets = store.assets("handtown")
        self.assets = assets[assets["source"] == outcome.source]
        self.locators = store.locators("handtown")
        issues = store.issues("handtown", outcome.source)
        about_places = (issues["effect"] == "dropped") | (issues["field"] == "coordinates")
        self.told_of_places = issues.loc[about_places, "kind"].value_counts().to_dict()
        assert self.record.rows_in == self.record.stored + self.record.set_aside + self.record.dropped
        assert (issues["effect"] == "dropped").sum() == self.record.dropped


Loader = Callable[..., list[Register]]


@pytest.fixture
def load(england: gpd.GeoDataFrame, real_data: Path, tmp_path: Path, empty_gpkg: Path) -> Loader:
    """Load files as registers of the authority with this code, none of them described any further than asked."""

    def loaded(authority: str, layer: str, *paths: str, **keys: Any) -> list[Register]:
        england[england["LADCD_ACTIVE"].str.startswith(authority)].to_file(tmp_path / "areas.gpkg")
        registers = {
            f"register-{n}": {"layer": layer, "path": path, "reader": "csv", **keys} for n, path in enumerate(paths)
        }
        place = read_place(write_place(tmp_path, {"areas": AREAS, **registers}))
        shutil.copy(empty_gpkg, tmp_path / "store.gpkg")
        with open_store(tmp_path / "store.gpkg") as store:
            _, *outcomes = load_place(store, place, LAYERS, real_data)
            return [Register(store, outcome) for outcome in outcomes]

    return loaded


def test_cheltenhams_land(load: Loader) -> None:
    (found,) = load("E07000078", LAND, "cheltenham/local_authority_land_and_assets_2021.csv")
    assert (found.record.rows_in, found.record.stored) == (498, 485)
    assert set(found.told_of_places) == {"no_location", "outside_place", "repeated_row"}
    assets = found.assets
    assert set(assets["kind"]) == {"land", "land_and_building"}
    assert set(assets["tenure"].dropna()) == {"Freehold", "Leasehold"}  # one of them had a hard space behind it
    assert not assets["uprn"].dropna().str.startswith("0").any()
    assert assets["postcode"].dropna().str.fullmatch(r"GL\d+( \d[A-Z]{2})?").all()
    assert set(assets["location_note"]) == {"read as eastings and northings, from the range of the numbers"}
    assert assets["owner"].notna().all()
    text = assets[["name", "address"]].stack()
    assert not text.str.contains(r"[\r\n\u00a0]").any()


@pytest.mark.parametrize(
    ("authority", "path", "stored", "kinds"),
    [
        ("E07000237", "brownfield/worcester.csv", 32, {"swapped_coordinates": 32, "not_a_number": 5}),
        ("E08000005", "brownfield/rochdale.csv", 127, {"outside_place": 1}),
        ("E07000047", "brownfield/west_devon.csv", 4, {}),
        ("E07000091", "brownfield/new_forest.csv", 56, {}),
        ("E07000238", "brownfield/wychavon.csv", 18, {}),
        ("E09", "brownfield/london_combined.csv", 978, {"unknown_coordinates": 101}),
    ],
)
def test_brownfield_registers(authority: str, path: str, stored: int, kinds: dict[str, int], load: Loader) -> None:
    (found,) = load(authority, LAND, path)
    assert found.record.stored == stored
    assert found.told_of_places == kinds
    assets = found.assets
    assert assets["area_code"].notna().mean() > 0.98
    assert not assets["name"].str.contains("no name given").any()
    details = assets["details"].str
    assert details.contains('"held"').mean() > 0.9  # whether a public authority owns it
    assert details.contains('"land_ha"').mean() > 0.9


def test_londons_places_to_meet(load: Loader) -> None:
    expected = {
        "london/Museums_and_public_galleries.csv": (163, 162),
        "london/Theatres.csv": (264, 258),
        "london/Music_venues_grassroots.csv": (100, 100),
        "london/london_libraries.csv": (342, 342),
    }
    found = load("E09", MEETING, *expected, columns={"kind": {"always": "museum_or_arts"}})
    assert [(each.record.rows_in, each.record.stored) for each in found] == list(expected.values())
    for register in found:
        assert set(register.told_of_places) <= {"outside_place"}
        assert set(register.assets["located_by"]) == {"coordinates"}
        assert register.assets["uprn"].notna().mean() > 0.4
        assert not register.assets[["name", "address"]].isin(["NA"]).any(axis=None)


def test_postcodes_of_a_map_tile(load: Loader) -> None:
    header = read_place(ROOT / "data" / "places" / "rutland.yaml").sources["names_sk80"].header
    only = {"column": "LOCAL_TYPE", "is": "Postcode", "why": "not a postcode"}
    (found,) = load("E07000062", "known_postcodes", "hastings/os_open_names_TQ80.csv", header=list(header), keep=[only])
    assert (found.record.rows_in, found.record.stored) == (2_920, 1_355)
    assert found.locators["reference"].str.match(r"TN3\d \d[A-Z]{2}$").all()
    assert found.locators["area_code"].notna().sum() > 1_000


def test_the_wrong_councils_register_is_refused(load: Loader) -> None:
    with pytest.raises(AssertionError, match="none of its 37 rows can be used"):
        load("E07000047", LAND, "brownfield/worcester.csv")
