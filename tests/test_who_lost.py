"""Who lost: the hand-solved town's one closure, and the demo town's many, told person by person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assetmap import questions
from assetmap.errors import QuestionError
from assetmap.loading import load_place
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.store import Store, open_store
from assetmap.tables import Assets
from conftest import ENGINES, new_url
from registers import LAYERS, ROOT
from test_questions import fill
from town import EAST, WEST, town_assets


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    folder = tmp_path_factory.mktemp("wholost")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        yield fill(store, assets=town_assets())


@pytest.fixture(scope="module", params=ENGINES)
def demo_town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    folder = tmp_path_factory.mktemp("wholostdemo")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        load_place(store, read_place(ROOT / "data" / "town" / "town.yaml"), LAYERS, None)
        yield PlaceView(store, "town", LAYERS)


def test_the_closed_library_took_a_library_from_900_people_in_the_east(town: PlaceView) -> None:
    answer = questions.who_lost(town)
    rows = answer.table.set_index("neighbourhood_code")
    assert rows["people_losing"].to_dict() == pytest.approx({EAST: 900, WEST: 0})
    assert rows["kinds_before"].to_dict() == pytest.approx({EAST: 4 / 5, WEST: 3 / 4})
    assert rows["kinds_after"].to_dict() == pytest.approx({EAST: 1 / 5, WEST: 3 / 4})
    assert answer.title == "900 people in Hand Town lost a library within 15 minutes in 2015"
    assert answer.sentence.startswith("None of them live in the most deprived fifth of England's")
    (library,) = answer.totals.to_dict("records")
    assert (library["stood"], library["closed"], library["stand_now"]) == (2, 1, 1)
    assert answer.part("by_decile")["people_losing"].sum() == pytest.approx(900)
    assert len(answer.part("by_decile")) == 10


def test_what_closed_outside_the_years_is_not_counted(town: PlaceView) -> None:
    answer = questions.who_lost(town, since=2016, until=2024)
    assert answer.table["people_losing"].sum() == 0
    assert answer.title.startswith("Nobody in Hand Town lost")
    assert answer.sentence == "None is known to have closed in that time."
    with pytest.raises(QuestionError, match="run backwards: 2020 to 2010"):
        questions.who_lost(town, since=2020, until=2010)


def test_who_gained_is_told_beside_who_lost(store: Store) -> None:
    assets = town_assets()
    assets.loc[assets["name"] == "Hand Town Library", "opened_on"] = "2013"
    answer = questions.who_lost(fill(store, assets=assets), since=2010, until=2016)
    # before 2013 there was Eastgate's, 830 m from W3, 630 from E1, and 1,430 and more from W1 and W2
    (library,) = answer.totals.to_dict("records")
    assert (library["stood"], library["closed"], library["opened"], library["stand_now"]) == (1, 1, 1, 1)
    assert (library["people_losing"], library["people_gaining"]) == pytest.approx((900, 600))
    assert "600 others had none near and gained one." in answer.sentence


def test_losses_of_one_year_are_of_that_year(town: PlaceView) -> None:
    assert questions.lost(town, 2015, 2015).title == "Hand Town has lost 1 library in 2015"
    assert questions.lost(town, 2014, 2015).title == "Hand Town has lost 1 library between 2014 and 2015"


def test_a_closure_without_a_date_is_said_to_be_in_neither_count(town: PlaceView) -> None:
    view = PlaceView(town._store, town.place_id, LAYERS)
    assets = town.assets.copy()
    assets.loc[assets["status"] == "closed", "closed_on"] = None
    view.__dict__["assets"] = Assets(assets)
    answer = questions.who_lost(view, since=2010, until=2020)
    assert answer.table["people_losing"].sum() == 0
    assert "1 closure has no date, and is in neither count." in answer.caveats
    with pytest.raises(QuestionError, match="has a date"):
        questions.who_lost(view)


def test_losses_of_the_demo_town_compound_where_it_is_poorest(demo_town: PlaceView) -> None:
    answer = questions.who_lost(demo_town)
    rows = answer.table
    assert (rows["people_losing_two"] <= rows["people_losing"]).all()
    assert (rows["people_losing"] <= rows["people"] + 1e-9).all()
    assert set(answer.totals["kind"]) >= {"library", "youth_centre", "childrens_centre"}
    assert (answer.totals["closed"] > 0).all()
    totals = answer.totals
    left = totals["stood"] - totals["closed"] - totals["moved_or_merged"] + totals["opened"]
    assert (left == totals["stand_now"]).all(), "what stood, came and went makes what stands"
    assert totals["moved_or_merged"].sum() > 0
    assert "one or more of six kinds of place" in answer.title
    assert "youth centres" in answer.sentence.split(": the kinds of which registers say both")[0]
    poorest = rows.loc[rows["deprivation_decile"].isin([1, 2])]
    others = rows.drop(poorest.index)
    share = [part["people_losing_two"].sum() / part["people"].sum() for part in (poorest, others)]
    assert share[0] > share[1]
    assert any("bank" in caveat.lower() for caveat in answer.caveats), "what no register tells of today is named"


def test_a_kind_of_which_only_closures_are_known_is_told_so(demo_town: PlaceView) -> None:
    with pytest.raises(QuestionError, match="no register of those that stand today"):
        questions.who_lost(demo_town, kinds=["bank"])


def test_who_lost_by_age_adds_up_neighbourhood_by_neighbourhood(demo_town: PlaceView) -> None:
    answer = questions.who_lost(demo_town)
    table = answer.part("by_age").set_index("who")
    assert (table["people_losing"] < table["people"]).all()
    assert table["share_losing"].between(0, 1).all()
    losing = answer.table["people_losing"].sum()
    assert table["people_losing"].sum() < losing, "between the two ages are others"


def test_ages_that_nothing_tells_are_blank_and_not_nought(town: PlaceView) -> None:
    answer = questions.who_lost(town)
    assert answer.part("by_age")["people_losing"].isna().all()
    assert answer.part("with_the_people_of_then").empty
