"""Registers that disagree whether a building is open: said beside every answer that counts it, and on the map."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from assetmap import questions
from assetmap.layers import Layer
from assetmap.placeview import PlaceView
from assetmap.questions import Answer
from assetmap.questions.differing import TOLD_AT_MOST, differing_caveats, differing_lines, disagreements
from assetmap.scenarios import Change, Scenario
from assetmap.screens import drawings
from assetmap.screens.tables import registers_table
from assetmap.store import open_store
from assetmap.tables import Assets
from conftest import ENGINES, new_url
from registers import LAYERS
from test_questions import fill
from town import PLACE, WEST, town_assets

LIBRARY = f"{PLACE}/community_buildings:1"
LEDGER = f"{PLACE}/closed_services:8"
SAYS = (
    "Registers disagree about Hand Town Library: A register (Hand Town Council) has it as open, A register (Hand Town "
    "Council) as shut for a time. It is counted as open, and not as lost. Their dates do not tell which is later: ask "
    "whether it is open today."
)


def twin(number: int, layer: str, of: int = 0, **said: Any) -> Assets:
    """A row of the town once more, in another register that says something else of it."""
    row = town_assets().iloc[[of]].assign(
        asset_id=f"{PLACE}/{layer}:{number}", source_row=number, layer=layer, source=f"{PLACE}/{layer}", uprn=None,
        hours_per_week=np.nan, staffed_hours_per_week=np.nan, owner=None, tenure=None, details="{}",
    )  # fmt: skip
    return Assets(row.assign(**said))


def with_(*twins: Assets) -> Assets:
    rows = [town_assets(), *twins]
    return Assets(gpd.GeoDataFrame(pd.concat(rows, ignore_index=True), crs=rows[0].crs))


class InMemory(PlaceView):
    """Hand Town with rows that no store has to hold."""

    def __init__(self, assets: Assets, dates: dict[str, str] | None = None) -> None:
        self.layers: dict[str, Layer] = dict(LAYERS)
        self.place_id = PLACE
        self.published = assets
        names = ("layer", "source", "title", "publisher", "source_date", "licence", "attribution", "loaded_at")
        loads = [
            {**dict.fromkeys(names, "x"), "source": source, "layer": source.split("/")[1], "stored": 1, "files": "{}",
             "title": source.split("/")[1], "source_date": (dates or {}).get(source.split("/")[1], "")}
            for source in assets["source"].unique() if source != "contribution"
        ]  # fmt: skip
        self.loads = pd.DataFrame(loads)
        self.issues_by_source: dict[str, int] = {}


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    """Hand Town, whose library the ledger has as shut for a time."""
    shut = twin(8, "closed_services", status="paused", what_happened="temporary")
    with (
        new_url(request, request.param, tmp_path_factory.mktemp("differing"), ready=False) as url,
        open_store(url) as store,
    ):
        yield fill(store, assets=with_(shut))


def test_every_answer_that_counts_the_building_says_that_registers_disagree(town: PlaceView) -> None:
    closing = Scenario("without the hall", (Change("close", f"{PLACE}/community_buildings:3"),))
    answers: list[Answer] = [
        questions.here(town),
        questions.nearest(town, ["library"]),
        questions.gaps(town),
        questions.access(town, ["library"]),
        questions.lost(town),
        questions.who_lost(town),
        questions.lost_over_time(town),
        questions.profile(town),
        questions.profile(town, [WEST]),
        questions.whatif(town, [closing], ["library"]),
        questions.sites(town, "library"),
    ]
    for answer in answers:
        assert answer.caveats.count(SAYS) == 1, answer.title


def test_answers_that_do_not_count_it_are_silent(town: PlaceView) -> None:
    for answer in (
        questions.here(town, ["hall"]),
        questions.nearest(town, ["hall"]),
        questions.gaps(town, ["park"]),
        questions.access(town, ["hall"]),
        questions.lost(town, kinds=["hall"]),
    ):
        assert SAYS not in answer.caveats, answer.title


def test_a_press_on_either_of_its_marks_says_so_and_on_no_other(town: PlaceView) -> None:
    assert differing_lines(town) == {LIBRARY: (SAYS,), LEDGER: (SAYS,)}
    told = drawings.whole_place(town).data.script.decode()
    assert told.count(SAYS) == 2, "the library's mark, and the one of what changed"


def test_the_list_of_buildings_in_two_registers_says_which_disagree(town: PlaceView) -> None:
    rows = registers_table(town)
    assert rows["Do they disagree?"].tolist() == [SAYS]


OPEN_NOT_LOST = "It is counted as open, and not as lost."
BOTH = "It is counted as open where places are counted, and as lost where closures are."
LOST = "It is counted as lost, and not as open."
NEITHER = "It is counted neither as open nor as lost."


@pytest.mark.parametrize(
    ("first", "layer", "second", "says"),
    [
        ({}, "closed_services", {"status": "closed", "what_happened": "closed"}, f"as closed. {BOTH}"),
        ({}, "closed_services", {"status": "paused"}, f"as shut for a time. {OPEN_NOT_LOST}"),
        ({}, "closed_services", {"what_happened": "moved"}, f"as moved from there. {OPEN_NOT_LOST}"),
        ({}, "closed_services", {"what_happened": "merged"}, f"as merged with another. {OPEN_NOT_LOST}"),
        ({"status": "unknown"}, "closed_services", {"status": "closed"}, f"as closed. {BOTH}"),
        ({"status": "paused"}, "closed_services", {"status": "closed"}, f"as shut for a time. {LOST}"),
        ({"status": "closed"}, "closed_services", {"what_happened": "handed_over"}, f"as open. {LOST}"),
        ({"status": "paused"}, "closed_services", {"what_happened": "hours_cut"}, NEITHER),
        # two registers of what there is, neither of them a ledger
        ({}, "community_wealth", {"status": "closed"}, f"as closed. {BOTH}"),
        ({"status": "paused"}, "community_wealth", {}, f"as shut for a time. {OPEN_NOT_LOST}"),
        # nothing to disagree about
        ({}, "closed_services", {"what_happened": "handed_over"}, None),
        ({}, "closed_services", {"what_happened": "hours_cut"}, None),
        ({}, "closed_services", {"status": "unknown"}, None),
        ({"status": "unknown"}, "community_wealth", {}, None),
        ({"status": "closed"}, "closed_services", {"status": "closed"}, None),
        ({"status": "paused"}, "closed_services", {"status": "unknown"}, None),
        # a building stands whose library is closed
        ({}, "public_land", {"kind": "building", "status": "closed"}, None),
        ({"kind": "other"}, "closed_services", {"kind": "other", "status": "closed"}, None),
    ],
)
def test_any_two_registers_may_disagree_in_any_way(
    first: dict[str, Any], layer: str, second: dict[str, Any], says: str | None
) -> None:
    rows = with_(twin(8, layer, **second))
    rows.loc[0, list(first)] = list(first.values())
    told = disagreements(InMemory(rows))
    assert len(told) == (says is not None)
    if says is not None:
        assert says in told["sentence"].iloc[0]
        assert told["sentence"].iloc[0].startswith("Registers disagree about Hand Town Library: ")
        assert {told["asset_id"].iloc[0], told["other_id"].iloc[0]} == {LIBRARY, f"{PLACE}/{layer}:8"}


@pytest.mark.parametrize(
    ("register", "ledger", "says"),
    [
        ("2024", "2023-12-31", "The first is the later of the two."),
        ("2022", "2023-12-31", "The second is the later of the two: ask whether it is open today."),
        ("2023", "2023-12-31", "Their dates do not tell which is later: ask whether it is open today."),
        ("", "2023", "Their dates do not tell which is later: ask whether it is open today."),
    ],
)
def test_it_says_which_register_is_the_later_where_the_dates_tell(register: str, ledger: str, says: str) -> None:
    shut = twin(8, "closed_services", status="paused")
    view = InMemory(with_(shut), {"community_buildings": register, "closed_services": ledger})
    (sentence,) = differing_caveats(view, [LEDGER])
    assert sentence.endswith(says)
    assert f"closed_services (x, {'31 December 2023' if '-' in ledger else ledger}) as shut" in sentence


def test_what_people_added_disagrees_with_a_register_by_the_day_they_saw_it() -> None:
    seen = json.dumps({"seen_on": "2025-06", "created_at": "2025-07-01T12:00:00Z"})
    added = twin(8, "community_buildings", status="closed", source="contribution", contributed=1, details=seen)
    view = InMemory(with_(added), {"community_buildings": "2023"})
    (sentence,) = differing_caveats(view, [LIBRARY])
    assert "what people added (June 2025) as closed." in sentence
    assert "The second is the later of the two" in sentence


def test_so_many_are_told_and_the_rest_are_counted() -> None:
    rows, ids = [], []
    for number in range(TOLD_AT_MOST + 2):
        name, spot = f"Quay {chr(65 + number) * 4} Library", town_assets().geometry.iloc[0]
        more = {"name": name, "geometry": gpd.GeoSeries([spot], crs="EPSG:4326").translate(number * 0.01).iloc[0]}
        rows += [
            twin(10 + number, "community_buildings", **more),
            twin(10 + number, "closed_services", status="closed", **more),
        ]
        ids.append(f"{PLACE}/community_buildings:{10 + number}")
    told = differing_caveats(InMemory(with_(*rows)), ids)
    assert len(told) == TOLD_AT_MOST + 1
    assert told[-1] == "Registers disagree whether 2 more buildings are open: the page Sources lists them."
