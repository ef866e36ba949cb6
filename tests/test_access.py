"""What falls to each person: the question as people ask it, on the hand-solved town and the demo town."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from assetmap import questions
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.placeview import PlaceView
from assetmap.questions.access import METHODS
from assetmap.questions.formulas import ACCESS
from assetmap.store import open_store
from conftest import ENGINES, new_url
from test_questions import fill
from town import EAST, LIBRARY_WALKS_M, PEOPLE, WEST, town_assets


@pytest.fixture(scope="module", params=ENGINES)
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlaceView]:
    folder = tmp_path_factory.mktemp("access")
    with new_url(request, request.param, folder, ready=False) as url, open_store(url) as store:
        yield fill(store, assets=town_assets())


def column(answer: questions.Answer, name: str) -> list[float]:
    return answer.table.set_index("neighbourhood_code")[name].reindex([WEST, EAST]).tolist()


def test_one_library_is_shared_by_all_who_can_walk_to_it(town: PlaceView) -> None:
    answer = questions.access(town, kinds=["library"], method="2sfca")
    # four postcodes of 300 people are within 1,200 m, three of the west's four and one of the east's five
    each = 1000 / 1200
    assert column(answer, "access") == pytest.approx([each * 3 / 4, each / 5])
    assert column(answer, "count") == [1, 0]
    assert column(answer, "per_1000") == pytest.approx([1000 / 1200, 0])
    (library,) = answer.part("places").to_dict("records")
    assert (library["offers"], library["demand"]) == (1, pytest.approx(1200))
    assert answer.table["neighbourhood_code"].tolist() == [EAST, WEST], "those with least come first"


def test_the_finding_counts_people_and_not_neighbourhoods(town: PlaceView) -> None:
    # some of either neighbourhood are near the library; 1,500 of 2,700 people are not
    titles = {method: questions.access(town, kinds=["library"], method=method).title for method in METHODS}
    assert titles["2sfca"] == "Hand Town has 0.37 libraries for every 1,000 people; 1,500 people have a share in none"
    assert titles["cumulative"] == (
        "Hand Town has 0.44 libraries within 15 minutes of the average person; 1,500 people have none that near"
    )
    mean = np.mean(100 / np.maximum(LIBRARY_WALKS_M, 100))
    assert titles["gravity"] == (
        f"Hand Town has {mean:.2g} libraries near the average person, each counted for less the further away it is; "
        "300 people have none within 60 minutes"
    )


def test_what_is_over_an_hour_away_is_said_not_to_count(town: PlaceView) -> None:
    answer = questions.access(town, kinds=["library"], method="gravity")
    assert "Walks of more than an hour are not followed." in answer.caveats
    assert "walks of up to an hour" in answer.formulas[0].says


@pytest.mark.parametrize("offer", ["places", "hours", "staffed hours"])
@pytest.mark.parametrize("method", ["2sfca", "e2sfca", "3sfca"])
def test_all_that_is_offered_falls_to_somebody(town: PlaceView, method: str, offer: str) -> None:
    answer = questions.access(town, kinds=["library"], method=method, offer=offer)
    fallen = sum(a * PEOPLE[code] / 1000 for a, code in zip(column(answer, "access"), (WEST, EAST), strict=True))
    assert fallen == pytest.approx({"places": 1, "hours": 40, "staffed hours": 30}[offer])


@pytest.mark.parametrize("method", METHODS)
def test_nobody_is_left_out_of_any_method(town: PlaceView, method: str) -> None:
    answer = questions.access(town, kinds=["hall"], method=method)
    assert len(answer.table) == 2
    assert answer.table["access"].notna().all()
    assert METHODS[method][5:30] in answer.method


def test_the_range_for_what_is_known_of_where_places_are(town: PlaceView) -> None:
    answer = questions.access(town, kinds=["library"])
    for code in (WEST, EAST):
        row = answer.table.set_index("neighbourhood_code").loc[code]
        assert row["share_sure"] <= row["share_within"] <= row["share_possible"]


def test_what_cannot_be_asked_says_why(town: PlaceView) -> None:
    with pytest.raises(UnknownNameError, match="4sfca"):
        questions.access(town, method="4sfca")
    with pytest.raises(UnknownNameError, match="beauty"):
        questions.access(town, offer="beauty")
    with pytest.raises(QuestionError, match="tells their staffed hours a week"):
        questions.access(town, kinds=["hall"], offer="staffed hours")
    with pytest.raises(QuestionError, match="Nothing is mapped in Hand Town that is a youth centre"):
        questions.access(town, kinds=["youth_centre"])


def test_every_method_has_its_formula() -> None:
    assert set(ACCESS) == set(METHODS)
    assert all(str(formula).count("(") == str(formula).count(")") for formula in ACCESS.values())
