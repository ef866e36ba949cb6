"""What a scenario is called that nobody named: wherever it is told, and never longer than a title can bear."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assetmap import questions
from assetmap.loading import load_place
from assetmap.packs import Wanted
from assetmap.packs.entries import entries_of
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.printing import scenario_sheet
from assetmap.scenario_names import NAME_AT_MOST, NAMED_AT_MOST, in_words, name_of
from assetmap.scenarios import Change, Scenario, found_scenario
from assetmap.screens.changes import asked_of
from assetmap.screens.effects import totals_table
from assetmap.store import open_store
from assetmap.wording import opening
from registers import LAYERS, ROOT


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    with open_store(tmp_path_factory.mktemp("named") / "town.gpkg") as store:
        load_place(store, read_place(ROOT / "data" / "town" / "town.yaml"), LAYERS, None)
        yield PlaceView(store, "town", LAYERS)


def standing(view: PlaceView, kind: str) -> list[str]:
    return list(view.of(view.kind_choice(kind))["asset_id"])


def closing(view: PlaceView, kind: str, count: int | None = None) -> tuple[Change, ...]:
    return tuple(Change("close", asset_id) for asset_id in standing(view, kind)[:count])


def names(view: PlaceView, changes: tuple[Change, ...]) -> list[str]:
    known = view.assets.set_index("asset_id")["name"]
    return [str(known[change.what]) for change in changes]


def test_a_few_are_named_one_by_one(town: PlaceView) -> None:
    one, two = closing(town, "library", 1), closing(town, "library", 2)
    (first, second), spot = names(town, two), (0.3, 53.3)
    assert in_words(town, one) == f"without {first}"
    assert in_words(town, two) == f"without {first} and {second}"
    assert in_words(town, (Change("open", "library", spot), *one)) == f"without {first}, with a new library"
    assert in_words(town, (Change("move", one[0].what, spot),)) == f"with {first} moved"
    assert in_words(town, (Change("hours", one[0].what, hours=3),)) == f"with other hours at {first}"
    assert in_words(town, ()) == ""


def test_many_are_counted_by_kind(town: PlaceView) -> None:
    libraries, halls = closing(town, "library"), closing(town, "hall", 1)
    assert len(libraries) > NAMED_AT_MOST
    assert in_words(town, libraries) == f"closing {len(libraries)} libraries"
    both = in_words(town, (*libraries, *halls, Change("open", "hall", (0.3, 53.3))))
    assert both == f"closing {len(libraries)} libraries and 1 hall, opening 1 hall"


def test_places_of_many_kinds_are_counted_together(town: PlaceView) -> None:
    kinds = [kind for kind in LAYERS["community_buildings"].kinds if standing(town, kind)][: NAMED_AT_MOST + 1]
    assert in_words(town, tuple(closing(town, kind, 1)[0] for kind in kinds)) == f"closing {len(kinds)} places"


def test_long_names_are_counted_though_they_are_few(town: PlaceView) -> None:
    rows = town.assets[town.assets["layer"] == "public_land"]
    longest = rows.loc[rows["name"].str.len().nlargest(NAMED_AT_MOST).index]
    assert longest["name"].str.len().sum() > NAME_AT_MOST
    name = in_words(town, tuple(Change("close", each) for each in longest["asset_id"]))
    assert name.startswith("closing ")
    assert len(name) <= NAME_AT_MOST


def test_a_name_of_its_own_stays_wherever_it_is_told(town: PlaceView) -> None:
    assert name_of(town, Scenario("the cuts of May", closing(town, "library"))) == "the cuts of May"


def test_every_answer_calls_it_the_same_and_lists_every_place(town: PlaceView) -> None:
    changes = closing(town, "library")
    scenario = found_scenario(town, {"close": [change.what for change in changes]})
    said = f"closing {len(changes)} libraries"
    begins = opening(said)
    answer = questions.whatif(town, [scenario])
    told = answer.part("changes")
    assert answer.title.startswith(f"{begins}: ")
    assert told["change"].tolist() == [f"{name} closes" for name in names(town, changes)]
    assert set(told["scenario"]) == set(answer.totals["scenario"]) == {said}
    assert begins in totals_table(answer.totals, scenario).columns
    assert questions.sites(town, "library", scenario=scenario).title.startswith(f"{begins}: ")
    sheet = scenario_sheet(town, scenario)
    assert sheet.title == answer.title
    assert [change.text for change in sheet.changes] == told["change"].tolist()
    (entry,) = entries_of(town, Wanted("town", about=("whatif",), scenarios=(scenario,)), None)
    assert entry.asks == f"What if: {said}"
    assert entry.numbers[0].says.endswith(f", {said}")
    assert len(entry.tables["whatif-changes"]) == len(changes)
    assert asked_of({"change": scenario.written()}, town, "change", "name").scenario.name == said


def test_what_is_known_of_many_places_is_in_the_table_and_of_few_in_the_sentence(town: PlaceView) -> None:
    few, many = (questions.whatif(town, [Scenario("", closing(town, "library", count))]) for count in (1, None))
    for answer in (few, many):
        assert answer.part("changes")["known"].str.contains("The building of .* is listed in").any()
    assert "The building of" in few.sentence
    assert "The building of" not in many.sentence
