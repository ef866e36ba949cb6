"""How deprived a place is: numbers solved on paper, and what is refused."""

from __future__ import annotations

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmap.errors import QuestionError
from assetmap.measures.deprivation import (
    DOMAINS,
    EDITIONS,
    OVERALL,
    authority_summaries,
    deciles,
    exponential_transform,
    rebuilt_score,
    weighted_summary,
)
from assetmap.measures.editions import bridge, compare_editions, join_to_areas
from assetmap.tables import Areas

RANKS = EDITIONS[2025].areas
CODES = ["E01000001", "E01000002", "E01000003"]


def series(*values: float, index: list[str] | None = None) -> pd.Series[float]:
    return pd.Series(values, index=index, dtype=np.float64)


def test_three_neighbourhoods_are_told_by_their_people() -> None:
    found = weighted_summary(series(60, 4, 2), series(100, 30_000, 33_000), series(3000, 1000, 1000), RANKS)
    assert found.share_in_decile_1 == pytest.approx(0.6, abs=1e-12)
    assert found.share_in_deciles_1_2 == pytest.approx(0.6, abs=1e-12)
    assert found.people_in_deciles_1_2 == 3000
    assert found.average_rank == pytest.approx(12_660, abs=1e-9)
    assert found.average_rank_inverted == pytest.approx(33_756 - 12_660, abs=1e-9)
    assert found.average_score == pytest.approx(37.2, abs=1e-9)
    assert found.share_of_areas_in_decile_1 == pytest.approx(1 / 3)
    assert (found.areas, found.people, found.areas_left_out) == (3, 5000, 0)


def test_neighbourhoods_without_rank_or_people_are_left_out_and_counted() -> None:
    found = weighted_summary(
        series(60, math.nan, 2, 5), series(100, 30_000, math.nan, 40), series(300, 100, 100, math.nan), RANKS
    )
    assert (found.areas, found.areas_left_out, found.people) == (2, 2, 400)
    assert found.average_rank == pytest.approx((300 * 100 + 100 * 30_000) / 400)
    assert found.average_score == pytest.approx(60)


def test_a_place_with_nobody_has_no_averages_and_no_error() -> None:
    found = weighted_summary(None, series(5), series(0), RANKS)
    assert (found.areas, found.people, found.people_in_deciles_1_2) == (0, 0, 0)
    assert all(math.isnan(each) for each in (found.average_rank, found.average_score, found.share_in_deciles_1_2))
    assert math.isnan(found.share_of_areas_in_decile_1)


def test_whole_numbers_with_gaps_as_the_store_gives_them_are_understood() -> None:
    rank = pd.Series([100, None, 33_000], dtype="Int64")
    found = weighted_summary(None, rank, pd.Series([10, 10, 10], dtype="Int64"), RANKS)
    assert (found.areas, found.average_rank) == (2, 16_550)


@pytest.mark.parametrize(
    ("rank", "decile"), [(1, 1), (3375, 1), (3376, 2), (6751, 2), (6752, 3), (16_877.5, 5), (30_379, 9), (33_755, 10)]
)
def test_deciles_are_equal_tenths_of_england(rank: float, decile: int) -> None:
    assert deciles(series(rank), RANKS).tolist() == [decile]


def test_an_unknown_rank_has_no_decile() -> None:
    assert deciles(series(math.nan, 1), RANKS).isna().tolist() == [True, False]


@pytest.mark.parametrize("rank", [0, 33_000, -1])
def test_a_rank_of_another_edition_is_refused(rank: float) -> None:
    with pytest.raises(QuestionError, match=r"is not one of 1 to 32,844"):
        deciles(series(5, rank), 32_844)


def england(*rows: tuple[str, float, float], score: bool = False) -> pd.DataFrame:
    """Authorities of an England of as many neighbourhoods as rows: authority, rank, people."""
    given = pd.DataFrame(rows, columns=["authority", "rank", "people"])
    return authority_summaries(
        given["authority"], given["rank"], given["people"], len(given), 100 - given["rank"] if score else None
    )


def test_authorities_of_a_small_england_solved_by_hand() -> None:
    """With ten neighbourhoods, ranks 1, 2 and 3 end the tenth, twentieth and thirtieth hundredth."""
    found = england(
        ("A", 1, 50), ("A", 2, 150), ("A", 10, 300), ("B", 3, 100), ("B", 4, 400), ("C", 5, 1), ("C", 6, 1),
        ("C", 7, 1), ("C", 8, 1), ("C", 9, 1), score=True,
    )  # fmt: skip
    a, b = found.loc["A"], found.loc["B"]
    assert a["average_rank"] == pytest.approx((50 * 10 + 150 * 9 + 300 * 1) / 500, abs=1e-12)
    assert a["average_score"] == pytest.approx((50 * 99 + 150 * 98 + 300 * 90) / 500, abs=1e-12)
    assert a["share_in_decile_1"] == pytest.approx(1 / 3)
    twentieth = 0.95 - 9 * 0.9 / 19
    assert a["extent"] == pytest.approx((50 + 150 * twentieth) / 500, abs=1e-12)
    assert a["local_concentration"] == pytest.approx(10, abs=1e-12)  # the first 50 people of 500
    assert b["extent"] == pytest.approx(100 * 0.05 / 500, abs=1e-12)
    assert b["local_concentration"] == pytest.approx(8, abs=1e-12)
    assert found["rank_of_average_rank"].to_dict() == {"A": 2, "B": 1, "C": 3}
    assert found["rank_of_share_in_decile_1"].to_dict() == {"A": 1, "B": 2, "C": 2}
    assert found["rank_of_extent"].to_dict() == {"A": 1, "B": 2, "C": 3}
    assert found["areas"].sum() == 10
    assert found["people"].sum() == 1005


def test_local_concentration_takes_the_last_neighbourhood_in_part() -> None:
    found = england(("A", 1, 30), ("A", 2, 90), ("A", 3, 880), ("B", 4, 5))
    assert found.loc["A", "local_concentration"] == pytest.approx((30 * 4 + 70 * 3) / 100, abs=1e-12)


def test_ranks_among_authorities_are_refused_without_all_of_england() -> None:
    rank = series(1, 2, 3)
    with pytest.raises(QuestionError, match=r"all 33,755 neighbourhoods.*3 of 3 rows"):
        authority_summaries(pd.Series(list("AAB")), rank, rank, RANKS)
    with pytest.raises(QuestionError, match="2 of 3 rows"):
        authority_summaries(pd.Series(list("AAB")), rank, series(1, math.nan, 3), 3)


def test_the_exponential_transform() -> None:
    found = exponential_transform(np.array([1.0, 0.9, 0.5, 0.0]))
    assert found[[0, 3]] == pytest.approx([100, 0], abs=1e-9)
    assert found[[1, 2]] == pytest.approx([50.43, 15.65], abs=0.005)
    exactly = [-23 * math.log(1 - r * (1 - math.exp(-100 / 23))) for r in (0.9, 0.5)]
    assert found[[1, 2]] == pytest.approx(exactly, abs=1e-9)
    with pytest.raises(QuestionError, match="between 0 and 1"):
        exponential_transform(np.array([17.0]))


def test_a_rebuilt_score_shares_the_ranks_of_ties_among_all_of_england() -> None:
    """Four neighbourhoods; two tie for the second place in every domain, and the score takes both for 2.5."""
    ranks = pd.DataFrame({domain.name: [1.0, 2, 2, 4] for domain in DOMAINS})
    relative = np.array([1, 2.5 / 4, 2.5 / 4, 1 / 4])
    expected = 0.999 * -23 * np.log(1 - relative * (1 - math.exp(-100 / 23)))
    assert rebuilt_score(ranks, 4).to_numpy() == pytest.approx(expected, abs=1e-9)
    # of a part of England ties cannot be told: the rank is taken as it is published
    assert rebuilt_score(ranks.head(3), 4).to_numpy()[1] == pytest.approx(
        0.999 * -23 * math.log(1 - 0.75 * (1 - math.exp(-100 / 23))), abs=1e-9
    )
    assert rebuilt_score(ranks.assign(Crime=math.nan), 4).isna().all()
    with pytest.raises(QuestionError, match="is not one of 1 to 3"):
        rebuilt_score(ranks, 3)


def test_averages_may_be_over_some_of_the_people_and_shares_are_of_all() -> None:
    rank, people = series(100, 33_000), series(1000, 1000)
    found = weighted_summary(None, rank, people, RANKS, series(300, 100))
    assert found.average_rank == pytest.approx((100 * 300 + 33_000 * 100) / 400)
    assert (found.share_in_decile_1, found.people) == (0.5, 2000)
    assert math.isnan(weighted_summary(None, rank, people, RANKS, series(0, 0)).average_rank)


def test_domains_carry_their_weights_and_headers() -> None:
    assert [domain.weight for domain in DOMAINS] == [22.5, 22.5, 13.5, 13.5, 9.3, 9.3, 9.3]
    assert DOMAINS[0].score_header == "Income Score (rate)"
    assert DOMAINS[2].rank_header == "Education, Skills and Training Rank (where 1 is most deprived)"
    assert OVERALL.decile_header.endswith("(IMD) Decile (where 1 is most deprived 10% of LSOAs)")


LOOKUP = pd.DataFrame(
    [
        ("old1", "old1", "U"),
        ("old2", "new2", "S"),
        ("old2", "new3", "S"),
        ("old3", "new4", "M"),
        ("old4", "new4", "M"),
        ("old5", "new5", "X"),
        ("old6", "new5", "X"),
    ],
    columns=["LSOA11CD", "LSOA21CD", "CHGIND"],
)
OLD = [f"old{number}" for number in range(1, 7)]
FIGURES = series(100, 200, 300, 400, 500, 600, index=OLD)
PEOPLE = series(10, 10, 3000, 1000, 10, 10, index=OLD)


def test_figures_of_2011_are_told_of_2021_with_how_they_came_about() -> None:
    found = bridge(FIGURES, LOOKUP, PEOPLE)
    assert found.index.tolist() == ["new2", "new3", "new4", "new5", "old1"]
    assert found["change"].tolist() == ["S", "S", "M", "X", "U"]
    assert found["figure"].tolist() == pytest.approx([200, 200, 325, math.nan, 100], nan_ok=True)
    assert found["flagged"].tolist() == [True, True, True, True, False]
    assert found["from_areas"].tolist() == [1, 1, 2, 2, 1]
    assert found.loc["new2", "how"] == "copied to each part: split since 2011 from old2"
    assert found.loc["new4", "how"] == "averaged by people: merged since 2011 from old3 and old4"
    assert found.loc["new5", "how"].startswith("refused, no figure of 2011 fits: the boundary was redrawn across old5")


def test_what_is_missing_stays_missing_and_says_so() -> None:
    without_people = bridge(FIGURES, LOOKUP)
    assert without_people["figure"].isna().to_dict() == {
        "new2": False, "new3": False, "new4": True, "new5": True, "old1": False,
    }  # fmt: skip
    assert without_people.loc["new4", "how"].startswith("not known: no figure, or no people to weigh it by, for old3")
    one_part = bridge(FIGURES.drop(["old1", "old4"]), LOOKUP, PEOPLE)
    assert one_part.loc[["new4", "old1"], "figure"].isna().all()
    assert one_part.loc["old1", "flagged"]


def test_the_lookup_may_spell_its_columns_small_and_come_in_any_order() -> None:
    small = LOOKUP.rename(columns=str.lower).iloc[::-1]
    pd.testing.assert_frame_equal(
        bridge(FIGURES, small, PEOPLE).drop(columns="how"), bridge(FIGURES, LOOKUP, PEOPLE).drop(columns="how")
    )


@pytest.mark.parametrize(
    ("lookup", "says"),
    [
        (LOOKUP.drop(columns="CHGIND"), "has no column CHGIND"),
        (LOOKUP.assign(CHGIND="Z"), "contradicts itself at old1"),
        (LOOKUP.assign(CHGIND=["U", "S", "S", "M", "U", "X", "X"]), "contradicts itself at new4"),
        (LOOKUP.assign(CHGIND=["U", "S", "S", "S", "S", "X", "X"]), "contradicts itself at new4"),
    ],
)
def test_a_lookup_that_cannot_be_read_is_refused(lookup: pd.DataFrame, says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        bridge(FIGURES, lookup, PEOPLE)


def test_figures_of_2021_are_not_taken_for_those_of_2011() -> None:
    with pytest.raises(QuestionError, match=r"of no neighbourhood of 2011 .* new2\. It is a neighbourhood of 2021"):
        bridge(series(1, 2, index=["old1", "new2"]), LOOKUP)


def some_areas(*geography: str) -> Areas:
    return Areas(gpd.GeoDataFrame({"area_code": CODES, "geography": geography}))


def test_figures_join_only_to_neighbourhoods_of_their_own_geography() -> None:
    figures = series(1, 3, index=[CODES[0], CODES[2]])
    found = join_to_areas(figures, "LSOA 2021", some_areas(*["LSOA 2021"] * 3))
    assert found.tolist() == pytest.approx([1, math.nan, 3], nan_ok=True)
    with pytest.raises(QuestionError, match=r"figures are of LSOA 2011 .* of LSOA 2021, .* ONS lookup"):
        join_to_areas(figures, "LSOA 2011", some_areas(*["LSOA 2021"] * 3))
    with pytest.raises(QuestionError, match="LSOA 2021"):
        join_to_areas(figures, "LSOA 2011", some_areas("LSOA 2011", "LSOA 2011", "LSOA 2021"))


def test_editions_are_compared_as_shares_of_england() -> None:
    then = series(16_422, 3284.4, math.nan, index=CODES)
    now = series(3375.5, 16_877.5, 5, index=CODES)
    found = compare_editions(then, 32_844, now, 33_755)
    assert found["share_then"].tolist() == pytest.approx([0.5, 0.1, math.nan], nan_ok=True)
    assert found["share_now"].tolist()[:2] == pytest.approx([0.1, 0.5])
    assert found["moved"].tolist() == pytest.approx([-0.4, 0.4, math.nan], nan_ok=True)
    with pytest.raises(QuestionError, match="another edition"):
        compare_editions(then, 32_844, then + 20_000, 32_844)


neighbourhoods = st.lists(st.tuples(st.integers(1, RANKS), st.integers(1, 9000)), min_size=1, max_size=30)


@given(neighbourhoods, st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_a_summary(rows: list[tuple[int, int]], random: object) -> None:
    mixed = list(rows)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    first, second = (
        weighted_summary(None, series(*[row[0] for row in each]), series(*[row[1] for row in each]), RANKS)
        for each in (rows, mixed)
    )
    assert first.average_rank == pytest.approx(second.average_rank, rel=1e-12)
    assert first.share_in_deciles_1_2 == pytest.approx(second.share_in_deciles_1_2, rel=1e-12)
    assert first.average_rank + first.average_rank_inverted == pytest.approx(RANKS + 1)


@given(neighbourhoods)
def test_splitting_a_neighbourhood_in_two_alike_changes_no_average(rows: list[tuple[int, int]]) -> None:
    (rank, people), *rest = rows
    split = [(rank, people / 2), (rank, people / 2), *rest]
    first, second = (
        weighted_summary(None, series(*[row[0] for row in each]), series(*[row[1] for row in each]), RANKS)
        for each in (rows, split)
    )
    assert first.average_rank == pytest.approx(second.average_rank, rel=1e-12)
    assert first.share_in_decile_1 == pytest.approx(second.share_in_decile_1, rel=1e-12)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_the_transform_keeps_the_order(relative: list[float]) -> None:
    found = exponential_transform(np.sort(np.array(relative)))
    assert (np.diff(found) >= 0).all()
    assert found.min() >= 0
    assert found.max() <= 100 + 1e-9
