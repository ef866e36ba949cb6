"""Rutland asked of a server is Rutland read from the extract: the same rows, to the last corner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
import shapely

from assetmap.loading import load_place
from assetmap.network import build_network
from assetmap.places import read_place
from assetmap.store import Store, open_store
from overpass import STANDS, Overpass, Planet, overpass
from registers import LAYERS, ROOT

SOURCES = frozenset({"neighbourhoods", "streets", "meeting_places", "green_space", "water"})


@pytest.fixture(scope="module")
def osm_server(real_data: Path) -> Iterator[Overpass]:
    with overpass(Planet(real_data / "rutland" / "rutland-2022-07-20.osm.pbf")) as running:
        yield running


@pytest.fixture(scope="module")
def stores(
    osm_server: Overpass, real_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Store]]:
    folder = tmp_path_factory.mktemp("rutland")
    place = read_place(ROOT / "data" / "places" / "rutland.yaml")
    with open_store(folder / "extract.gpkg") as extract, open_store(folder / "live.gpkg") as live:
        for store, declared in ((extract, place), (live, place.live())):
            outcomes = load_place(store, declared, LAYERS, real_data, SOURCES, overpass_url=osm_server.url)
            assert [outcome.fault for outcome in outcomes] == [None] * len(SOURCES)
        yield extract, live


def same(extract: pd.DataFrame, live: pd.DataFrame, key: str) -> None:
    """Every row, every field and every corner, but for where in its file a row stood."""
    one, other = (frame.set_index(key).sort_index().drop(columns="source_row") for frame in (extract, live))
    assert len(one) > 0
    pd.testing.assert_index_equal(one.index, other.index)
    assert shapely.equals_exact(one.geometry.array, other.geometry.array, tolerance=1e-9).all()
    pd.testing.assert_frame_equal(
        pd.DataFrame(one.drop(columns=["geometry"])), pd.DataFrame(other.drop(columns=["geometry"]))
    )


def test_every_street_is_the_same_and_they_meet_where_they_met(stores: tuple[Store, Store]) -> None:
    one, other = (store.streets("rutland") for store in stores)
    same(one, other, "street_id")
    assert one["details"].str.contains('"surface"').sum() == other["details"].str.contains('"surface"').sum() > 100
    walked, again = build_network(one), build_network(other)
    assert (walked.graph.shape, walked.graph.nnz) == (again.graph.shape, again.graph.nnz)
    assert walked.component.tolist() == again.component.tolist()


def test_every_place_and_every_lake_is_the_same(stores: tuple[Store, Store]) -> None:
    one, other = (store.assets("rutland") for store in stores)
    assert set(one["layer"]) == {"community_buildings", "green_space", "water"}
    same(one, other, "asset_id")


def test_private_ways_are_asked_for_too_and_set_aside_by_the_same_rule(stores: tuple[Store, Store]) -> None:
    rule = "private, with nothing that says people may walk there"
    one, other = (store.loads("rutland").set_index("source")["set_aside_rules"]["rutland/streets"] for store in stores)
    assert rule in one
    assert rule in other


def test_where_it_came_from_stands_beside_it(stores: tuple[Store, Store], osm_server: Overpass) -> None:
    loads = stores[1].loads("rutland").set_index("source").loc["rutland/streets"]
    assert loads["path"] == f"{osm_server.url}/interpreter"
    assert loads["source_date"] == STANDS[:10]
    assert len(loads["sha256"]) == 64
    assert loads["licence"] == "ODbL-1.0"
    assert "OpenStreetMap contributors" in loads["attribution"]
    # one question a source, and all in the name of this program
    assert len(osm_server.questions) == 4
    assert {name.split("/")[0] for name in osm_server.heard_from} == {"assetmap"}
