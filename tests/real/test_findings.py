"""The findings on published data, held to the file; deprivation of England, its authorities and a borough's wards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assetmap import questions
from assetmap.measures.deprivation import EDITIONS
from assetmap.placeview import PlaceView
from assetmap.questions import Answer
from assetmap.questions.indices import Indices, beside_england, indices
from assetmap.questions.outlines import read_outlines
from findings_docs import TARGET, page, views

TRAFFORD, SOMERSET = "E08000009", "E06000066"


@pytest.fixture(scope="module")
def places(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, PlaceView]]:
    with views(real_data, tmp_path_factory.mktemp("findings")) as found:
        yield found


def told(answer: Answer, column: str = "here") -> dict[str, float]:
    return answer.totals.set_index("measure")[column].to_dict()


def test_the_findings_are_those_of_the_data(places: dict[str, PlaceView]) -> None:
    assert TARGET.read_text(encoding="utf-8") == page(places), "run: python tests/findings_docs.py"


def test_no_library_is_lost_on_the_way(places: dict[str, PlaceView]) -> None:
    assets = places["england"].assets
    happened = assets["what_happened"].value_counts().to_dict()
    assert (len(assets), happened) == (3238, {"closed": 123, "moved": 114, "temporary": 15})
    assert set(assets.loc[assets["what_happened"].isna(), "status"]) == {"unknown"}
    assert assets["area_code"].notna().all()


def test_closures_of_libraries_are_as_many_as_the_government_told_parliament(places: dict[str, PlaceView]) -> None:
    """Closed for good, "and not replaced by or relocated to a new static library": 7 in 2014 and 19 in 2015.

    The Department for Culture, Media and Sport answered so from the Arts Council's register of 2023 (question 45523, at
    parallelparliament.co.uk). Its answer begins with 2014, and this register ends in July 2016.
    """
    assets = places["england"].assets
    years = assets.loc[assets["what_happened"] == "closed", "closed_on"].str[:4].value_counts()
    assert years.reindex(["2014", "2015"]).tolist() == [7, 19]


def test_the_abolished_district_belongs_to_its_successor(places: dict[str, PlaceView]) -> None:
    of_2025 = indices(places["england"], 2025).rows["authority"]
    assert of_2025.nunique() == 296
    assert (of_2025 == SOMERSET).sum() == 248 + 91
    assert "E07000246" not in set(of_2025)


@pytest.mark.parametrize(("year", "rank", "authorities"), [(2019, 209, 317), (2025, 223, 296)])
def test_trafford_among_englands_authorities(
    places: dict[str, PlaceView], year: int, rank: int, authorities: int
) -> None:
    answer = questions.deprivation(places["trafford"], year, england=places["england"])
    rows = answer.totals.set_index("measure")
    assert rows.loc["average_rank", ["rank", "authorities"]].tolist() == [rank, authorities]
    assert f"number {rank} of England's {authorities} authorities" in answer.sentence
    assert rows.loc["share_of_areas_in_decile_1", "england"] == pytest.approx(0.1, abs=1e-4)
    assert rows.loc[["extent", "local_concentration"], ["here", "england"]].notna().all(axis=None)
    assert answer.part("between_editions")["edition"].tolist() == ["2019", "2025"]


def test_what_trafford_itself_published_of_2019(places: dict[str, PlaceView]) -> None:
    """Its needs assessment: number 191 of 317 by average score, 7 of 138 neighbourhoods in the most deprived tenth."""
    answer = questions.deprivation(places["trafford"], 2019, england=places["england"])
    rows = answer.totals.set_index("measure")
    assert rows.loc["average_score", "rank"] == 191
    assert rows.loc["share_of_areas_in_decile_1", "here"] == 7 / 138


def test_neighbourhoods_stand_beside_their_place_in_2019(places: dict[str, PlaceView]) -> None:
    rows = questions.deprivation(places["trafford"]).table
    how = rows["how_then"].str.partition(":")[0].value_counts().to_dict()
    assert how == {"copied": 137, "copied to each part": 2}
    assert rows["moved"].notna().all()


def test_scores_put_together_are_in_the_order_of_the_published_ranks(places: dict[str, PlaceView]) -> None:
    """Of 2019, where no score is at hand: with the ranks of ties shared, but for pairs two millionths apart."""
    found = indices(places["england"], 2019)
    assert (found.rebuilt, found.ties_told) == (True, True)
    in_order = found.rows.sort_values("rank")["score"].to_numpy()
    assert np.diff(in_order).max() < 2e-6


def test_a_place_has_the_scores_that_were_put_together_among_all_of_england(places: dict[str, PlaceView]) -> None:
    with_england = told(questions.deprivation(places["trafford"], 2019, england=places["england"]))
    assert round(with_england["average_score"], 3) == 16.088  # File 10
    alone = told(questions.deprivation(places["trafford"], 2019))
    assert alone["average_score"] == pytest.approx(with_england["average_score"], abs=0.001)


@pytest.mark.parametrize(("year", "authorities"), [(2019, 317), (2025, 296)])
def test_all_authorities_in_one_table(places: dict[str, PlaceView], year: int, authorities: int) -> None:
    answer = questions.deprivation(places["england"], year, by="authority", england=places["england"])
    rows = answer.table.set_index("authority")
    assert len(rows) == authorities
    assert rows["name"].notna().all()
    assert rows["name"].iloc[0] == "Blackpool"
    assert rows.loc[TRAFFORD, "name"] == "Trafford"
    measures = ("average_rank", "average_score", "share_of_areas_in_decile_1", "extent", "local_concentration")
    for measure in measures:
        in_order = rows.sort_values(f"rank_of_{measure}")[measure]
        assert (in_order.diff().dropna() <= 1e-9).all(), measure
    if year == 2025:
        assert rows.loc[SOMERSET, "name"] == "Somerset"


def test_wards_share_out_everybody_once(places: dict[str, PlaceView], real_data: Path) -> None:
    wards = read_outlines(real_data / "trafford" / "ward25_trafford.geojson", "WD25NM")
    answer = questions.deprivation(places["trafford"], by="ward", outlines=wards)
    assert len(answer.table) == 21
    assert answer.table["people"].sum() == pytest.approx(236_301, rel=1e-3)
    assert answer.table["people_in_deciles_1_2"].sum() == pytest.approx(18_287, rel=1e-2)
    assert answer.table["areas_cut"].sum() > 50


def test_a_place_that_is_part_of_an_authority_has_no_rank(places: dict[str, PlaceView]) -> None:
    found = indices(places["trafford"])
    beside = beside_england(places["england"], found)
    assert beside.authority(found.rows.index) == TRAFFORD
    assert beside.authority(found.rows.index[1:]) is None
    part = Indices(EDITIONS[2025], "imd", found.rows.iloc[1:], False)
    assert beside_england(places["england"], part).authority(part.rows.index) is None


def test_england_is_its_own_measure(places: dict[str, PlaceView]) -> None:
    answer = questions.deprivation(places["england"], england=places["england"])
    assert told(answer) == pytest.approx(told(answer, "england"))
    assert answer.totals["rank"].isna().all()
