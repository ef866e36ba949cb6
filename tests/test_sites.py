"""Opportunities: in which of the hand-solved town's buildings a second library would do most."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assetmap import questions
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.placeview import PlaceView
from assetmap.scenarios import Change, Scenario
from assetmap.store import open_store
from assetmap.tables import Assets
from conftest import ENGINES, new_url
from registers import LAYERS
from test_questions import fill
from town import EAST, PLACE, town_assets


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    folder = tmp_path_factory.mktemp("sites")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        yield fill(store, assets=town_assets())


def test_a_library_in_the_hall_would_reach_most_people(town: PlaceView) -> None:
    answer = questions.sites(town, "library", choose=1)
    first = answer.table.iloc[0]
    # within 1,200 m of the hall, and of no library yet: W4, E2, E3 and E4
    assert (first["name"], first["order"], first["neighbourhood_code"]) == ("Ninth Avenue Hall", 1, EAST)
    assert (first["adds"], first["people_newly"]) == pytest.approx((1200, 1200))
    depot = answer.table.set_index("name").loc["Sixth Avenue Depot"]
    # W4, E2 and E3 are newly within its walk; W1, W2, W3 and E1 have the library
    assert (depot["people_newly"], depot["people_within"]) == pytest.approx((900, 2100))
    assert answer.title == "A library in Ninth Avenue Hall would bring 1,200 people newly within 15 minutes"
    (total,) = answer.totals.to_dict("records")
    assert total["proven"]
    assert total["gap"] == pytest.approx(0, abs=1e-9)


def test_shorter_walks_tell_of_those_whose_walk_is_shorter(town: PlaceView) -> None:
    # W4, E2, E3 and E4 walk less far to the hall, of whom E4 alone is within five minutes of it
    answer = questions.sites(town, "library", choose=1, aim="walks", minutes=5)
    assert answer.title == "A library in Ninth Avenue Hall would shorten the walk of 1,200 people"
    assert answer.sentence.startswith("25% of them live in the most deprived fifth of England.")
    assert "a walk of more than an hour counted as an hour" in answer.method


def test_what_a_scenario_closes_and_opens_is_where_the_search_begins(town: PlaceView) -> None:
    without = Scenario("without the library", (Change("close", f"{PLACE}/community_buildings:1"),))
    answer = questions.sites(town, "library", choose=1, scenario=without)
    # with no library left, all 2,100 people within 1,200 m of the depot are newly near one, and 1,200 at the hall
    newly = answer.table.set_index("name")["people_newly"].to_dict()
    assert newly == pytest.approx({"Ninth Avenue Hall": 1200, "Sixth Avenue Depot": 2100})
    # the depot is in use, so the hall is chosen
    assert answer.title == (
        "Without the library: a library in Ninth Avenue Hall would bring 1,200 people newly within 15 minutes"
    )
    assert "with the libraries there are once this is done (without the library) kept and counted" in answer.method
    again = Scenario("with Eastgate again", (Change("reopen", f"{PLACE}/community_buildings:2"),))
    first = questions.sites(town, "library", choose=1, scenario=again).table.iloc[0]
    # E2, E3 and E4 have Eastgate then: only W4 is left, within a walk of either
    assert first["adds"] == pytest.approx(300)


def test_every_building_is_ranked_by_what_it_would_do_alone(town: PlaceView) -> None:
    ranking = questions.sites(town, "library", choose=1).part("ranking")
    told = ranking[["rank", "name", "people_newly", "people_within"]].to_numpy().tolist()
    # the hall's four have no library now; the depot's three have none, and four more that have
    assert told == [
        [1, "Ninth Avenue Hall", pytest.approx(1200), pytest.approx(1200)],
        [2, "Sixth Avenue Depot", pytest.approx(900), pytest.approx(2100)],
    ]


def test_a_building_that_closes_is_not_one_to_choose(town: PlaceView) -> None:
    closed = Scenario("no hall", (Change("close", f"{PLACE}/community_buildings:3"),))
    assert questions.sites(town, "library", scenario=closed).table["name"].tolist() == ["Sixth Avenue Depot"]
    with pytest.raises(QuestionError, match="has the id 'nowhere'"):
        questions.sites(town, "library", scenario=Scenario("", (Change("close", "nowhere"),)))


def test_a_site_that_would_add_nobody_is_not_chosen(town: PlaceView) -> None:
    answer = questions.sites(town, "library", choose=2)
    assert answer.table["order"].notna().sum() == 1


@pytest.mark.parametrize(
    ("layer", "name", "saved_m"),
    [
        ("community_buildings", "Ninth Avenue Hall", (1430 - 820, 1230 - 1020, 1630 - 620, 2230 - 20)),
        (
            "public_land",
            "Sixth Avenue Depot",
            (830 - 230, 1430 - 830, 1030 - 30, 1230 - 230, 1630 - 630, 2230 - 1230),
        ),
    ],
)
def test_shorter_walks_for_everybody(town: PlaceView, layer: str, name: str, saved_m: tuple[int, ...]) -> None:
    first = questions.sites(town, "library", choose=1, aim="walks", layers=[layer]).table.iloc[0]
    assert (first["name"], first["adds"]) == (name, pytest.approx(300 * sum(saved_m), rel=1e-4))


def test_a_building_in_use_is_told_and_not_chosen_while_another_is_free(town: PlaceView) -> None:
    # the depot would save more walking than the hall
    answer = questions.sites(town, "library", choose=2, aim="walks")
    told = answer.table[["name", "why", "order"]].fillna(0).to_numpy().tolist()
    assert told == [
        ["Ninth Avenue Hall", "For the community", 1],
        ["Sixth Avenue Depot", "In use as a depot or store", 0],
    ]
    assert "1 more is in use by others" in answer.sentence
    assert "HiGHS" in answer.method
    assert "proves" not in answer.sentence


def test_only_buildings_of_a_layer(town: PlaceView) -> None:
    answer = questions.sites(town, "library", choose=1, layers=["public_land"])
    assert set(answer.table["layer"]) == {"public_land"}
    with pytest.raises(QuestionError, match="No building that could be opened up"):
        questions.sites(town, "library", layers=["green_space"])


def test_what_cannot_be_asked_says_why(town: PlaceView) -> None:
    with pytest.raises(UnknownNameError, match="palace"):
        questions.sites(town, "palace")
    with pytest.raises(UnknownNameError, match="fame"):
        questions.sites(town, "library", aim="fame")
    with pytest.raises(QuestionError, match="from 1 to 20"):
        questions.sites(town, "library", choose=0)


def test_a_town_without_buildings_says_what_to_load(town: PlaceView) -> None:
    view = PlaceView(town._store, town.place_id, LAYERS)
    view.__dict__["assets"] = Assets(town.assets[town.assets["kind"] == "library"].reset_index(drop=True))
    with pytest.raises(QuestionError, match="Load a register of public land"):
        questions.sites(view, "library")
