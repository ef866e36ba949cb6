"""Rutland's published registers and streets: what counts, what does not, and where it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from assetmap import questions
from assetmap.details import open_fields
from assetmap.loading import load_place
from assetmap.measures import BUILDING
from assetmap.places import read_place
from assetmap.placeview import Choice, PlaceView, Walking
from assetmap.store import Store
from conftest import ENGINES
from realplaces import Loaded, loaded
from registers import LAYERS, ROOT


@pytest.fixture(scope="module", params=ENGINES)
def rutland(request: pytest.FixtureRequest, real_data: Path) -> Iterator[Loaded]:
    with loaded(request, "rutland", real_data) as place:
        yield place


def test_every_source_is_loaded_and_adds_up(rutland: Loaded) -> None:
    for outcome in rutland.outcomes.values():
        assert outcome.fault is None
        record = outcome.record
        assert record.rows_in == record.stored + record.set_aside + record.dropped


def test_its_neighbourhoods_and_people(rutland: Loaded) -> None:
    areas = rutland.view.areas
    assert (len(areas), rutland.view.people) == (26, 41_151)
    assert not areas["imd_decile"].isin([1, 2]).any()


def test_its_libraries_are_all_located_and_the_prisons_is_not_among_them(rutland: Loaded) -> None:
    libraries = rutland.store.assets("rutland", ["community_buildings"]).query("source == 'rutland/libraries'")
    assert sorted(libraries["name"]) == [
        "Ketton Library",
        "Oakham Library",
        "Rutland County Museum Library",
        "Ryhall Library",
        "Uppingham Library",
    ]
    assert set(libraries["located_by"]) == {"postcode"}
    assert libraries["location_accuracy_m"].between(1, 200).all()
    assert libraries["area_code"].notna().all()
    rules = rutland.outcomes["libraries"].record.set_aside_rules
    assert rules["a prison's library is not open to the public"] == 1


def test_postcodes_of_the_neighbours_are_set_aside(rutland: Loaded) -> None:
    rules = rutland.outcomes["names_tf00"].record.set_aside_rules
    assert rules["more than 2 km outside the place"] > 1_000


def test_a_libraries_postcode_does_not_say_where_people_live(rutland: Loaded) -> None:
    assert len(rutland.view.locators) == 0
    assert set(rutland.view.origins["origin_kind"]) == {"street node"}


def test_walks_run_along_the_whole_countys_streets(rutland: Loaded) -> None:
    view = rutland.view
    assert view.method == "walking"
    assert rutland.outcomes["streets"].record.rows_in == 6_660
    answer = questions.nearest(view, kinds=["library"], minutes=15)
    assert len(answer.table) == 26
    assert answer.table["share_within"].between(0, 1).all()
    straight = np.hypot(*(view.centres_m[:, None] - view.centres_m[None]).transpose(2, 0, 1))
    assert np.isfinite(straight).all()
    # nobody's walk is shorter than the straight line to the same library
    libraries = view.of(Choice(view.layers["community_buildings"], ("library",)))
    walked = view.nearest(libraries)
    origins = view.origins[["x_m", "y_m"]].to_numpy()
    spots = libraries.to_crs(27700).geometry
    line = np.min([np.hypot(origins[:, 0] - spot.x, origins[:, 1] - spot.y) for spot in spots], axis=0)
    assert (walked >= line - 1).all()


def test_private_ways_are_set_aside_and_the_others_say_what_they_are_like(rutland: Loaded) -> None:
    record = rutland.outcomes["streets"].record
    assert record.set_aside_rules["private, with nothing that says people may walk there"] == 452
    told = open_fields(rutland.view.streets["details"], rutland.view.layers["streets"])
    assert told["surface"].value_counts().idxmax() == "asphalt"
    assert told[["lit", "maxspeed", "bridge", "incline"]].notna().any().all()
    private = told["access"].isin(["private", "no"])
    assert told.loc[private, "foot"].isin(["yes", "designated", "permissive"]).all()


def test_its_deprivation_is_told_for_both_editions_each_on_its_own_neighbourhoods(rutland: Loaded) -> None:
    figures = rutland.view.figures("deprivation")
    newer, older = (figures[figures["edition"] == edition] for edition in (2025, 2019))
    assert (len(newer), len(older)) == (26, 23)
    assert (set(newer["geography"]), set(older["geography"])) == ({"LSOA 2021"}, {"LSOA 2011"})
    areas = rutland.view.areas.set_index("area_code")
    for name in ("imd_score", "imd_rank", "imd_decile", "population"):
        assert newer[name].reindex(areas.index).tolist() == areas[name].tolist()
    # the comma in "1,643" is no column, and the people of 2015 are those of File 6
    assert older[["population", "children", "older_people", "crime_rank"]].notna().all().all()
    assert (older["children"] + older["older_people"] < older["population"]).all()
    assert older["population"].between(1_000, 3_000).all()


def test_what_became_of_its_neighbourhoods(rutland: Loaded) -> None:
    changes = rutland.view.figures("neighbourhood_changes")
    assert changes.index.nunique() == 23
    assert set(changes["became"]) == set(rutland.view.areas["area_code"])
    assert changes["change"].value_counts().to_dict() == {"unchanged": 21, "split": 5}


def test_nothing_is_lost_where_no_ledger_says_so(rutland: Loaded) -> None:
    answer = questions.lost(rutland.view)
    assert answer.table.empty
    assert answer.title.startswith("No register of closures is loaded for Rutland")


@pytest.mark.parametrize("column", ["name", "address", "postcode", "run_by"])
def test_what_is_blank_is_none(rutland: Loaded, column: str) -> None:
    values = rutland.store.assets("rutland")[column]
    assert not values.map(lambda value: isinstance(value, float) or value in ("", "nan", "None")).any()
    assert pd.api.types.is_object_dtype(values)


def test_what_oakhams_high_street_is_made_of(rutland: Loaded) -> None:
    answer = questions.profile(rutland.view, ["E01013799"])
    fronts = answer.part("high_street").set_index("kind")["count"]
    assert fronts.sum() == 154
    assert fronts[["shop", "food_and_drink", "service", "charity_shop", "empty"]].tolist() == [66, 39, 34, 6, 6]
    assert fronts[["community", "gambling", "lender"]].tolist() == [2, 1, 0]
    # no register of community pubs and shops is loaded: that is not none
    assert answer.table.set_index("key").loc["high_street", ["count", "share_within"]].isna().all()


def test_where_libraries_are_placed_by_postcode_a_share_is_a_range(rutland: Loaded) -> None:
    answer = questions.nearest(rutland.view, ["library"])
    people = answer.table["people"].astype("float64")
    low, share, high = ((answer.table[name] * people).sum() / 41_151 for name in (
        "share_sure", "share_within", "share_possible"))  # fmt: skip
    assert (round(low, 2), round(share, 2), round(high, 2)) == (0.26, 0.32, 0.39)
    assert "it may be anything from 26% to 39%" in answer.sentence


def test_its_steps_are_left_out_and_what_nobody_says_of_wheelchairs_is_counted(rutland: Loaded) -> None:
    view = PlaceView(rutland.store, "rutland", rutland.view.layers, Walking(step_free=True))
    answer, plain = (questions.nearest(each, ["library"]) for each in (view, rutland.view))
    (said,) = [words for words in answer.caveats if "wheelchairs" in words]
    assert said.startswith("Of the 6,174 ways loaded 22 are steps and 0 more are said to bar wheelchairs")
    assert (answer.table["people"].sum(), len(answer.table)) == (41_151, 26)
    assert answer.table["people_within"].sum() <= plain.table["people_within"].sum() + 1e-6


def test_openstreetmap_draws_enough_homes_in_two_of_its_neighbourhoods_and_no_more(
    store: Store, real_data: Path
) -> None:
    place = read_place(ROOT / "data" / "places" / "rutland.yaml")
    drawn = place.sources["streets"].model_copy(
        update={"id": "homes", "layer": "home_buildings", "sublayer": "multipolygons", "where": {"building": ("*",)}}
    )
    place = place.model_copy(update={"sources": {**place.sources, "homes": drawn}})
    record = load_place(store, place, LAYERS, real_data, frozenset({"neighbourhoods", "homes"}))[1].record
    assert record.rows_in == record.stored + record.set_aside + record.dropped
    assert record.set_aside_rules["nothing says that people live in it"] > 2_000
    origins = PlaceView(store, "rutland", LAYERS).origins
    told = origins[origins["origin_kind"] == BUILDING]
    assert set(told["area_code"]) == {"E01013807", "E01035105"}
    assert set(told["area_code"]).isdisjoint(origins.loc[origins["origin_kind"] != BUILDING, "area_code"])
    assert origins["people"].sum() == pytest.approx(41_151, abs=1e-6)
