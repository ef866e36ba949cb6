"""The way in, on both engines: what a source becomes in the store, and what a source that fails leaves alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from sqlalchemy import text

from assetmap.errors import SourceError, UnknownNameError
from assetmap.loading import Outcome, access_points, load_place
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.records import ContributionRecord
from assetmap.sources import Access
from assetmap.space import STORED_CRS
from assetmap.store import Store
from assetmap.store.opening import to_write
from registers import FILE, LAYERS, raw, write_place
from town import EAST, WEST, stored, town_areas, town_assets, town_locators

Row = Mapping[str, Any]
Load = Callable[..., list[Outcome]]
HALLS: list[Row] = [
    {"id": "1", "name": "Mill Street Hall", "kind": "hall", "postcode": "ZZ1 1AB", "lon": "", "lat": ""},
    {"id": "2", "name": "Eyot Hut", "kind": "hall", "postcode": "ZZ2 2AF", "lon": "", "lat": ""},
    {"id": "3", "name": "Nowhere Hall", "kind": "hall", "postcode": "M31", "lon": "", "lat": ""},
]
HEADER = "id,name,kind,postcode,lon,lat"
SOURCES: dict[str, dict[str, Any]] = {
    # written last first: the neighbourhoods must be loaded before anything can be inside or outside them
    "halls": {"layer": "community_buildings", "path": "./halls.csv", "row_id": "id"},
    "postcodes": {"layer": "postcodes", "path": "./postcodes.csv"},
    "areas": {
        "layer": "neighbourhoods",
        "path": "./areas.geojson",
        "reader": "vector",
        "row_id": "LSOA21CD",
        "geography": "LSOA 2021",
    },
}


def write_rows(path: Path, rows: list[Row]) -> None:
    pd.DataFrame(rows).to_csv(path, index=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Hand Town's neighbourhoods, its postcodes and a register of halls, as files."""
    data = tmp_path / "files"
    data.mkdir()
    areas = town_areas()
    outlines = areas[["area_code", "name", "population", "geometry"]]
    named = outlines.rename(columns={"area_code": "LSOA21CD", "name": "LSOA21NM"})
    gpd.GeoDataFrame(named).to_file(data / "areas.geojson")
    codes = town_locators().query("scheme == 'postcode'")
    spots = {"postcode": codes["reference"], "lon": codes.geometry.x, "lat": codes.geometry.y}
    pd.DataFrame(spots).to_csv(data / "postcodes.csv", index=False)
    write_rows(data / "halls.csv", HALLS)
    return data


@pytest.fixture
def load(store: Store, folder: Path) -> Load:
    """Load Hand Town, its sources changed as the arguments say."""

    def loaded(only: frozenset[str] = frozenset(), **changed: dict[str, Any]) -> list[Outcome]:
        sources = {name: {**SOURCES.get(name, {}), **changed.get(name, {})} for name in {**SOURCES, **changed}}
        return load_place(store, read_place(write_place(folder, sources)), LAYERS, None, only)

    return loaded


def by_source(outcomes: list[Outcome]) -> dict[str, Outcome]:
    return {outcome.source.removeprefix("handtown/"): outcome for outcome in outcomes}


def names(store: Store) -> list[str]:
    return sorted(store.assets("handtown")["name"])


def test_a_place_is_loaded_from_its_neighbourhoods_up(store: Store, load: Load) -> None:
    outcomes = load()
    assert [outcome.source for outcome in outcomes] == ["handtown/areas", "handtown/postcodes", "handtown/halls"]
    assert [outcome.fault for outcome in outcomes] == [None] * 3
    record = outcomes[2].record
    assert (record.rows_in, record.stored, record.set_aside, record.dropped) == (3, 2, 0, 1)
    assert (record.licence, record.source_date, len(record.sha256)) == ("OGL-UK-3.0", "2025", 64)
    assert outcomes[2].issues == len(store.issues("handtown", "handtown/halls")) == 1
    assets = store.assets("handtown").set_index("asset_id")
    assert assets["area_code"].to_dict() == {"handtown/halls:1": WEST, "handtown/halls:2": EAST}
    assert set(assets["located_by"]) == {"postcode"}
    assert list(store.places()["name"]) == ["Hand Town"]


def test_loading_again_changes_nothing(store: Store, load: Load) -> None:
    load()
    before = store.assets("handtown"), store.areas("handtown"), store.issues("handtown")
    load()
    after = store.assets("handtown"), store.areas("handtown"), store.issues("handtown")
    for then, now in zip(before, after, strict=True):
        pd.testing.assert_frame_equal(pd.DataFrame(then), pd.DataFrame(now))
    assert len(store.loads("handtown")) == 3
    assert len(store.loads("handtown", current=False)) == 6


def test_a_place_comes_into_the_store_with_its_first_rows_and_not_before(store: Store, load: Load) -> None:
    with to_write(store._engine) as connection:
        connection.execute(text("ALTER TABLE issue RENAME TO elsewhere"))
    refused = load()
    assert "did not take the rows of handtown/areas; nothing was changed" in str(refused[0].fault)
    assert store.places().empty
    with to_write(store._engine) as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO issue"))
    load()
    assert list(store.places()["name"]) == ["Hand Town"]


OSM_BUILDINGS = """<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">
{nodes}
<way id="1">{first}<tag k="building" v="apartments"/><tag k="building:flats" v="320"/></way>
<way id="2">{second}<tag k="building" v="garage"/></way></osm>"""


def osm_buildings() -> str:
    """A block of flats 100 m inside the west, and a garage 20 m north of it, as an OpenStreetMap extract."""
    corners = [stored([shapely.box(0, north, 10, north + 10)])[0].exterior.coords[:4] for north in (0, 20)]
    nodes = [
        f'<node id="{number}" lon="{lon:.7f}" lat="{lat:.7f}"/>'
        for number, (lon, lat) in enumerate([*corners[0], *corners[1]], 1)
    ]
    first, second = ("".join(f'<nd ref="{at}"/>' for at in (*ids, ids[0])) for ids in ((1, 2, 3, 4), (5, 6, 7, 8)))
    return OSM_BUILDINGS.format(nodes="\n".join(nodes), first=first, second=second)


def test_people_set_out_from_the_buildings_of_a_map(store: Store, load: Load, folder: Path) -> None:
    (folder / "map.osm").write_text(osm_buildings(), encoding="utf-8")
    drawn = {"layer": "home_buildings", "path": "./map.osm", "reader": "osm", "sublayer": "multipolygons"}
    outcomes = by_source(load(drawn={**drawn, "where": {"building": "*"}, "row_id": "osm_id"}))
    assert outcomes["drawn"].record.set_aside_rules == {"not a building that people live in": 1}
    locator = store.locators("handtown", "building").iloc[0]
    assert (locator["reference"], locator["homes"], locator["area_code"]) == ("way/1", 320, WEST)
    assert json.loads(locator["details"])["dwellings"] == 320
    view = PlaceView(store, "handtown", LAYERS)
    west = view.origins[view.origins["area_code"] == WEST]
    assert west[["people", "origin_kind"]].values.tolist() == [[1200, "building"]]
    with to_write(store._engine) as connection:
        shown = connection.execute(text("SELECT reference, kind, homes, dwellings FROM home_buildings")).one()
    assert (*shown[:3], float(shown[3])) == ("way/1", "homes", 320, 320)


def test_rows_that_left_the_register_leave_the_store(store: Store, load: Load, folder: Path) -> None:
    load()
    write_rows(folder / "halls.csv", [{**HALLS[1], "name": "Eyot Boathouse"}])
    load(only=frozenset({"halls"}))
    assert store.assets("handtown")[["asset_id", "name"]].values.tolist() == [["handtown/halls:2", "Eyot Boathouse"]]
    assert len(store.issues("handtown", "handtown/halls")) == 0


def test_what_people_added_stays(store: Store, load: Load) -> None:
    load()
    point = shapely.Point(town_locators().geometry.iloc[0])
    store.add_contribution(ContributionRecord("handtown", "community_buildings", "hall", "The Old Shed", point))
    load()
    assert names(store) == ["Eyot Hut", "Mill Street Hall", "The Old Shed"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", ["halls.csv is empty"]),
        (f"{HEADER}\n", ["has a header but no rows. What was loaded before is kept"]),
        (f"{HEADER}\n1,A,hall,M31,,\n2,B,hall,,,\n", ["none of its 2 rows can be used", "row 1: No coordinates"]),
        (f"{HEADER}\n1,A,hall,,-0.1,51.5\n", ["none of its 1 rows can be used", "outside Hand Town"]),
        ("name,kind,postcode,lon,lat\nA,hall,ZZ1 1AA,,\n", ["there is no column 'id'"]),
        ('id,name\n1,"A\n', ["a quotation mark that is never closed"]),
        (None, ["halls.csv"]),
    ],
)
def test_a_source_that_fails_leaves_what_was_there_and_the_others_load(
    content: str | None, told: list[str], store: Store, load: Load, folder: Path
) -> None:
    load()
    path = folder / "halls.csv"
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    write_rows(folder / "clubs.csv", [{"name": "Choir", "kind": "club", "postcode": "ZZ1 1AA"}])
    outcomes = by_source(load(clubs={"layer": "groups", "path": "./clubs.csv"}))
    assert outcomes["halls"].record is None
    assert all(part in str(outcomes["halls"].fault) for part in told)
    assert outcomes["clubs"].fault is None
    assert names(store) == ["Choir", "Eyot Hut", "Mill Street Hall"]
    assert len(store.issues("handtown", "handtown/halls")) == 1


def test_a_keep_rule_that_keeps_nothing_does_not_empty_the_store(store: Store, load: Load) -> None:
    load()
    misspelt = {"keep": [{"column": "kind", "is": "haul", "why": "of another kind"}]}
    outcome = by_source(load(halls=misspelt))["halls"]
    assert "none of its 3 rows belong here (3 of another kind), so nothing was changed" in str(outcome.fault)
    assert len(names(store)) == 2


def test_a_register_may_have_nothing_to_tell(store: Store, load: Load) -> None:
    load()
    everything = {"set_aside": [{"column": "kind", "is": "hall", "why": "counted elsewhere"}]}
    outcome = by_source(load(halls=everything))["halls"]
    assert (outcome.fault, outcome.record.stored, outcome.record.set_aside) == (None, 0, 3)
    assert names(store) == []


def test_postcodes_of_another_town_do_not_take_the_place_of_these(store: Store, load: Load, folder: Path) -> None:
    load()
    (folder / "postcodes.csv").write_text("postcode,lon,lat\nTR1 1AA,-5.05,50.26\n")
    outcome = by_source(load())["postcodes"]
    assert "1 more than 2 km outside the place" in str(outcome.fault)
    assert len(store.locators("handtown")) == 9


def test_nothing_is_loaded_before_it_can_be_told_what_is_inside(store: Store, load: Load, folder: Path) -> None:
    (folder / "areas.geojson").write_text("{}")
    outcomes = by_source(load())
    assert outcomes["areas"].record is None
    assert "No neighbourhoods of Hand Town are loaded" in str(outcomes["halls"].fault)
    assert "Load 'areas' first" in str(outcomes["postcodes"].fault)
    assert names(store) == []


def test_neighbourhoods_come_from_one_source(store: Store, load: Load) -> None:
    load()
    with pytest.raises(SourceError, match=r"several sources of neighbourhoods \(areas, more\)"):
        load(more=SOURCES["areas"])
    assert len(store.areas("handtown")) == 2


def test_only_some_sources(store: Store, load: Load) -> None:
    assert [outcome.source for outcome in load(only=frozenset({"areas"}))] == ["handtown/areas"]
    with pytest.raises(SourceError, match=r"handtown.yaml has no source 'hals'. It has "):
        load(only=frozenset({"hals"}))


def test_a_layer_that_is_not_declared(load: Load) -> None:
    with pytest.raises(UnknownNameError, match="There is no layer called 'pubs'"):
        load(halls={"layer": "pubs"})


def test_a_joined_file_and_how_it_was_read(store: Store, load: Load, folder: Path) -> None:
    (folder / "people.csv").write_bytes("code;imd_score;note\nE01999901;48,5;caf\xe9\n".encode("cp1252"))
    join = {**FILE, "path": "./people.csv", "title": "People", "publisher": "Census office", "licence": "CC0-1.0",
            "source_date": "2021-03", "match": {"LSOA21CD": "code"}}  # fmt: skip
    keys = {"joins": [join], "columns": {"locality": "note"}}
    outcome = by_source(load(areas=keys))["areas"]
    assert outcome.fault is None
    assert (outcome.record.publisher, outcome.record.licence) == (
        "Hand Town Council; Census office",
        "OGL-UK-3.0; CC0-1.0",
    )
    (kept,) = (each for each in PlaceView(store, "handtown", {}).provenance(["neighbourhoods"]))
    dated = [(file.publisher, file.source_date, file.licence) for file in kept.files]
    assert dated == [("Hand Town Council", "2025", "OGL-UK-3.0"), ("Census office", "2021-03", "CC0-1.0")]
    assert store.areas("handtown")["locality"].tolist() == ["café", None]
    assert "how_it_was_read" in store.issues("handtown", "handtown/areas")["kind"].tolist()


def test_a_second_file_may_spell_a_key_otherwise_and_hold_rows_that_are_not_meant(
    load: Load, store: Store, folder: Path
) -> None:
    (folder / "parts.csv").write_text("town,called,part\nHand,West,Mill End\nElsewhere,West,Nowhere\nHand,East,Quay\n")
    join = {
        **FILE, "path": "./parts.csv", "match": {"LSOA21CD": "called"}, "columns": ["part"],
        "spelt": {"E01999901": "West", "E01999902": "East"},
        "keep": [{"column": "town", "is": "Hand", "why": "in another town"}],
    }  # fmt: skip
    outcome = by_source(load(areas={"joins": [join], "columns": {"locality": "part"}}))["areas"]
    assert outcome.fault is None
    assert store.areas("handtown")["locality"].tolist() == ["Mill End", "Quay"]
    fault = by_source(load(areas={"joins": [{**join, "keep": []}]}))["areas"].fault
    assert "'West' stands in column 'called' more than once" in str(fault)


def test_an_empty_second_file_is_refused(load: Load, folder: Path) -> None:
    (folder / "people.csv").write_text("code,people\n")
    join = {**FILE, "path": "./people.csv", "match": {"LSOA21CD": "code"}}
    assert "people.csv has a header but no rows" in str(by_source(load(areas={"joins": [join]}))["areas"].fault)


INDICES: dict[str, Any] = {
    "layer": "deprivation",
    "path": "./indices.csv",
    "geography": "LSOA 2021",
    "edition": "2025",
    "keep": [{"column": "authority", "is": "E06000001", "why": "in another authority"}],
}


@pytest.fixture
def indices(folder: Path) -> dict[str, Any]:
    """Published figures of Hand Town's neighbourhoods and of one elsewhere, as a source."""
    rows = [(WEST, "E06000001", "1,200"), (EAST, "E06000001", ""), ("E01009999", "E06000002", "3")]
    headers = ("LSOA code (2021)", "authority", "Dependent Children aged 0-15: mid 2022")
    pd.DataFrame(rows, columns=headers).to_csv(folder / "indices.csv", index=False)
    return INDICES


def test_figures_are_loaded_after_the_neighbourhoods(store: Store, load: Load, indices: dict[str, Any]) -> None:
    outcomes = load(indices=indices)
    assert [outcome.source for outcome in outcomes][:2] == ["handtown/areas", "handtown/indices"]
    record = by_source(outcomes)["indices"].record
    assert (record.rows_in, record.stored, record.set_aside_rules) == (3, 2, {"in another authority": 1})
    view = PlaceView(store, "handtown", LAYERS)
    figures = view.figures("deprivation")
    assert figures.index.tolist() == [WEST, EAST]
    assert figures["children"].tolist() == [1200, pd.NA]
    assert figures[["geography", "edition"]].drop_duplicates().values.tolist() == [["LSOA 2021", 2025]]
    assert view.figures("deprivation") is figures
    assert [told.source for told in view.provenance(["deprivation"])] == ["handtown/indices"]
    assert set(figures.index) == set(view.areas["area_code"])


def test_figures_can_be_loaded_before_any_neighbourhoods(store: Store, load: Load, indices: dict[str, Any]) -> None:
    (outcome,) = load(only=frozenset({"indices"}), indices=indices)
    assert outcome.fault is None
    assert len(store.figures("handtown")) == 2


def test_figures_of_another_authority_do_not_empty_the_store(store: Store, load: Load, indices: dict[str, Any]) -> None:
    load(indices=indices)
    keep = [{"column": "authority", "is": "E06000003", "why": "in another authority"}]
    fault = by_source(load(indices={**indices, "keep": keep}))["indices"].fault
    assert "none of its 3 rows belong here (3 in another authority)" in fault
    assert len(store.figures("handtown")) == 2


def test_editions_stand_side_by_side(store: Store, load: Load, indices: dict[str, Any]) -> None:
    load(indices=indices, older={**indices, "geography": "LSOA 2011", "edition": "2019"})
    figures = PlaceView(store, "handtown", LAYERS).figures("deprivation")
    assert sorted(figures.loc[WEST, "edition"]) == [2019, 2025]
    assert sorted(figures.loc[WEST, "geography"]) == ["LSOA 2011", "LSOA 2021"]


def test_only_layers_of_figures_have_figures(store: Store, load: Load) -> None:
    load()
    view = PlaceView(store, "handtown", LAYERS)
    assert view.figures("neighbourhood_changes").empty
    assert {"geography", "edition", "became", "change"} <= set(view.figures("neighbourhood_changes"))
    for name in ("streets", "nothing"):
        with pytest.raises(UnknownNameError, match="deprivation"):
            view.figures(name)


def test_parks_are_entered_at_their_gates(store: Store, load: Load, folder: Path) -> None:
    park = town_assets().query("kind == 'park'")
    gpd.GeoDataFrame({"site_name": ["Mill Park"], "site_type": ["Play Space"]}, geometry=park.geometry.to_numpy(),
                     crs=STORED_CRS).to_file(folder / "parks.geojson")  # fmt: skip
    gates = stored([shapely.Point(1000, 390), shapely.Point(1210, 600), shapely.Point(1300, 600)])
    gpd.GeoDataFrame({"sort": ["gate"] * 3}, geometry=gates, crs=STORED_CRS).to_file(folder / "gates.geojson")
    access = {**FILE, "path": "./gates.geojson", "reader": "vector", "within_m": 15, "kind": "Sort"}
    parks = {"layer": "green_space", "path": "./parks.geojson", "reader": "vector", "access": access}
    assert by_source(load(parks=parks))["parks"].fault is None
    (entered,) = store.assets("handtown", ["green_space"])["access"]
    assert len(entered.geoms) == 2
    told = store.issues("handtown", "handtown/parks")
    assert told["message"].tolist() == ["Of 3 entrances, 1 is further than 15 m from every place and left out."]
    misspelt = {**parks, "access": {**access, "kind": "sorte"}}
    assert "there is no column 'sorte'" in str(by_source(load(parks=misspelt))["parks"].fault)


def test_gates_of_no_park() -> None:
    gates = gpd.GeoSeries([shapely.Point(-1.26, 52.15), None], crs=STORED_CRS)
    access = Access.model_validate({**FILE, "reader": "vector"})
    frame, told = access_points(raw([{"a": ""}] * 2), gates, town_assets().iloc[:0], access, "t/parks", "t")
    assert len(frame) == 0
    assert [issue.kind for issue in told] == ["lone_entrance"]


def test_what_a_register_says_comes_back_as_it_was(store: Store, load: Load, folder: Path) -> None:
    odd = [
        "O'Brien's \"Hall\"",
        "<script>alert(1)</script>",
        "Caffè ☕",
        "'; drop table asset; --",
        "x" * 500,
        "%s {} \\",
    ]
    write_rows(folder / "halls.csv", [{**HALLS[0], "id": name[:40], "name": name, "closed": "2013-03"} for name in odd])
    assert by_source(load())["halls"].fault is None
    assert names(store) == sorted(odd)
    assert set(store.assets("handtown")["closed_on"]) == {"2013-03"}
    assert json.loads(store.assets("handtown")["details"].iloc[0]) == {}
