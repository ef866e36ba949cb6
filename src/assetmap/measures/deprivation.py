"""How deprived a place is: the official measures of the English Indices of Deprivation, for any set of neighbourhoods.

Rank 1 is the most deprived neighbourhood of England. Deciles are never averaged: a place is told by the share of its
people who live in the most deprived tenths, and by averages over its people of score and rank.

The measures of authorities follow the notes to the summaries of local authority districts (MHCLG, File 10 of the
Indices of 2019; for extent also Appendix N of their technical report). Scores are published to three decimals, so an
average of them is known to 0.0005 and no closer; ranks are whole and their averages exact. Where only the ranks of the
domains are at hand, :func:`rebuilt_score` gives the scores from which the official averages were taken.

Two editions are told side by side by :mod:`assetmap.measures.editions`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from assetmap.errors import QuestionError
from assetmap.space import Floats


@dataclass(frozen=True)
class Edition:
    """One edition of the Indices: its year, how many neighbourhoods it ranks, and the headers of its own files."""

    year: int
    areas: int
    geography: str  # as in the column of the same name of the neighbourhoods
    code_header: str
    authority_header: str
    people_header: str
    """The denominators that the official summaries weigh by: prisoners are left out of those of 2019 only."""


EDITIONS: Final = {
    2019: Edition(
        2019,
        32_844,
        "LSOA 2011",
        "LSOA code (2011)",
        "Local Authority District code (2019)",
        "Total population: mid 2015 (excluding prisoners)",
    ),
    2025: Edition(
        2025,
        33_755,
        "LSOA 2021",
        "LSOA code (2021)",
        "Local Authority District code (2024)",
        "Total population: mid 2022",
    ),
}


@dataclass(frozen=True)
class Domain:
    """One domain: its name as the published headers spell it, its weight in per cent, whether its score is a rate."""

    name: str
    weight: float
    is_rate: bool = False

    @property
    def score_header(self) -> str:
        """The header of its score in the file of all scores."""
        return f"{self.name} Score{' (rate)' if self.is_rate else ''}"

    @property
    def rank_header(self) -> str:
        """The header of its rank in the file of domains and in the file of all scores."""
        return f"{self.name} Rank (where 1 is most deprived)"

    @property
    def decile_header(self) -> str:
        """The header of its decile in both files."""
        return f"{self.name} Decile (where 1 is most deprived 10% of LSOAs)"


OVERALL: Final = Domain("Index of Multiple Deprivation (IMD)", 100.0)
"""The index that the domains make up; its headers are built like theirs, but File 1 of 2019 ends them at the word."""

DOMAINS: Final = (
    Domain("Income", 22.5, is_rate=True),
    Domain("Employment", 22.5, is_rate=True),
    Domain("Education, Skills and Training", 13.5),
    Domain("Health Deprivation and Disability", 13.5),
    Domain("Crime", 9.3),
    Domain("Barriers to Housing and Services", 9.3),
    Domain("Living Environment", 9.3),
)
"""The seven domains of 2019 and 2025. Their published weights add up to 99.9 and are used as they are."""


@dataclass(frozen=True)
class Summary:
    """What :func:`weighted_summary` finds; shares are 0 to 1 and NaN, like averages, where nobody is counted."""

    areas: int
    people: float
    areas_left_out: int
    average_score: float
    average_rank: float
    average_rank_inverted: float
    people_in_deciles_1_2: float
    share_in_decile_1: float
    share_in_deciles_1_2: float
    share_of_areas_in_decile_1: float


def deciles(rank: pd.Series[float], ranks_of_england: int) -> pd.Series[float]:
    """The official decile of each rank: England's neighbourhoods cut into ten equal parts, 1 the most deprived.

    Parameters
    ----------
    rank
        1 to ``ranks_of_england``; NaN where not known. An average of ranks may lie between two whole ones.
    ranks_of_england
        How many neighbourhoods the edition ranks: see :data:`EDITIONS`.

    Returns
    -------
    pandas.Series
        Rank x 10 / ``ranks_of_england``, rounded up; NaN where the rank is.

    Raises
    ------
    QuestionError
        If a rank is not one of that many, as when it belongs to another edition.
    """
    return pd.Series(_parts(known_ranks(rank, ranks_of_england), ranks_of_england, 10), index=rank.index, name="decile")


def weighted_summary(
    score: pd.Series[float] | None,
    rank: pd.Series[float],
    people: pd.Series[float],
    ranks_of_england: int,
    weight: pd.Series[float] | None = None,
) -> Summary:
    """How deprived a set of neighbourhoods is, told of its people.

    Parameters
    ----------
    score
        Of each neighbourhood, higher is more deprived, or ``None`` where the edition's scores are not at hand.
    rank, people
        Of each neighbourhood, with the same index. One without a rank, or without people, is left out and told of.
    ranks_of_england
        How many neighbourhoods the edition ranks.
    weight
        With the same index: whom the averages of score and rank are over, where a domain is about some of the people
        only. Everybody, where it is not given. Shares are of everybody always.

    Returns
    -------
    Summary
        ``average_rank_inverted`` is the official one, in which the most deprived neighbourhood of England counts
        ``ranks_of_england`` and the least deprived 1, so that higher is more deprived; ``average_rank`` is the same
        with 1 for the most deprived. The average score is over those whose score is known.

    Raises
    ------
    QuestionError
        If a rank is not of this edition.
    """
    given = pd.DataFrame({"rank": as_floats(rank), "people": as_floats(people)})
    given["score"] = np.nan if score is None else as_floats(score)
    given["weight"] = given["people"] if weight is None else as_floats(weight)
    given["decile"] = deciles(given["rank"], ranks_of_england)
    used = given[given["rank"].notna() & (given["people"] > 0)]
    scored = used[used["score"].notna()]
    average = _mean(used["rank"], used["weight"])
    in_two = float(used["people"][used["decile"] <= 2].sum())
    return Summary(
        areas=len(used),
        people=float(used["people"].sum()),
        areas_left_out=len(given) - len(used),
        average_score=_mean(scored["score"], scored["weight"]),
        average_rank=average,
        average_rank_inverted=ranks_of_england + 1 - average,
        people_in_deciles_1_2=in_two,
        share_in_decile_1=_mean(used["decile"] == 1, used["people"]),
        share_in_deciles_1_2=_mean(used["decile"] <= 2, used["people"]),
        share_of_areas_in_decile_1=float((used["decile"] == 1).mean()),
    )


def authority_summaries(
    authority: pd.Series[str],
    rank: pd.Series[float],
    people: pd.Series[float],
    ranks_of_england: int,
    score: pd.Series[float] | None = None,
) -> pd.DataFrame:
    """The official measures of every authority of England, and each one's rank among them.

    The definitions are those of the notes to File 10. For 2019 the people are those of File 6, "Total population: mid
    2015 (excluding prisoners)"; it gives whole people, so that averages of a few authorities are off in the second
    decimal. For 2025 they are the column "Total population: mid 2022" of File 7, prisoners among them, and every
    published decimal is met; where other ONS estimates of mid-2022 stand in that column, an authority may come out a
    little different. A domain's averages are over the people it is about: those of working age for employment,
    children and people of 60 and over for the two income indices of theirs.

    Parameters
    ----------
    authority, rank, people
        Of every neighbourhood of England, with the same index; none may be missing.
    ranks_of_england
        How many that is.
    score
        The same, or ``None``: then there is no average score.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``authority``: ``areas``; ``people``; ``average_rank`` (weighted by people, the most deprived
        neighbourhood counting ``ranks_of_england``); ``average_score`` (weighted by people); ``share_in_decile_1`` (of
        its neighbourhoods); ``extent`` (share of its people in the most deprived three tenths of England: in full in
        the first ten hundredths, then 0.95 in the eleventh down in equal steps to 0.05 in the thirtieth);
        ``local_concentration`` (average inverted rank of its most deprived neighbourhoods that hold exactly a tenth of
        its people, the last of them in part); and the rank of each, 1 the most deprived, as ``rank_of_...``.
        Authorities that tie share the smallest of their ranks.

    Raises
    ------
    QuestionError
        If a neighbourhood is missing, or a rank is not of this edition: ranks among authorities would be wrong.
    """
    given = pd.DataFrame({"authority": authority, "rank": as_floats(rank), "people": as_floats(people)})
    if score is not None:
        given["score"] = as_floats(score)
    whole = int(given.notna().all(axis=1).sum())
    if whole != ranks_of_england or len(given) != ranks_of_england:
        raise QuestionError(
            f"Ranks among authorities need all {ranks_of_england:,} neighbourhoods of England, each once, with its "
            f"authority, rank, people and score: {whole:,} of {len(given):,} rows have them. Load the whole files."
        )
    rank_from_1 = known_ranks(given["rank"], ranks_of_england)
    given["inverted"] = ranks_of_england + 1 - rank_from_1
    given["in_tenth"] = _parts(rank_from_1, ranks_of_england, 10) == 1
    given["counts_for"] = _extent_weight(_parts(rank_from_1, ranks_of_england, 100))
    by_authority = given.groupby("authority")
    answer = pd.DataFrame({"areas": by_authority.size(), "people": by_authority["people"].sum()})
    answer["average_rank"] = _mean_by_authority(given, "inverted", given["people"])
    if score is not None:
        answer["average_score"] = _mean_by_authority(given, "score", given["people"])
    answer["share_in_decile_1"] = by_authority["in_tenth"].mean()
    answer["extent"] = _mean_by_authority(given, "counts_for", given["people"])
    answer["local_concentration"] = _mean_by_authority(given, "inverted", _most_deprived_tenth(given))
    for measure in answer.columns[2:]:
        # sums in another order differ in the last digit, which must not part two that tie
        answer[f"rank_of_{measure}"] = answer[measure].round(9).rank(ascending=False, method="min").astype(np.int64)
    return answer


def exponential_transform(relative_rank: Floats) -> Floats:
    """What a domain's rank adds to the index: ``X = -23 ln(1 - R (1 - exp(-100 / 23)))``.

    The most deprived tenth of England takes up about half of the scale, so that little deprivation in one domain does
    not make up for much in another (technical report of the Indices of 2019).

    Parameters
    ----------
    relative_rank
        ``(ranks_of_england + 1 - rank) / ranks_of_england``: 1 is the most deprived, nearly 0 the least.

    Returns
    -------
    numpy.ndarray
        0 to 100; NaN where ``relative_rank`` is.

    Raises
    ------
    QuestionError
        If a relative rank is below 0 or above 1.
    """
    if np.any((relative_rank < 0) | (relative_rank > 1)):
        raise QuestionError("A relative rank lies between 0 and 1: divide inverted ranks by the number of ranks.")
    return np.asarray(-23.0 * np.log1p(relative_rank * np.expm1(-100.0 / 23.0)), dtype=np.float64)


def rebuilt_score(ranks: pd.DataFrame, ranks_of_england: int) -> pd.Series[float]:
    """The score of the index that the ranks of its domains make up, by the published weights and transform.

    Neighbourhoods that tie in a domain are published with the smallest of the ranks they take up; the score was made
    with the mean of these. Ties can be told among all of England only. So rebuilt, the scores of 2025 are the published
    ones to every decimal, and so are the average scores of the 317 authorities of 2019; from a part of England alone,
    with the ranks as published, a score is within 0.001 of the published one.

    Parameters
    ----------
    ranks
        A row a neighbourhood and a column a domain, in the order of :data:`DOMAINS`; NaN where not known.
    ranks_of_england
        How many neighbourhoods the edition ranks.

    Returns
    -------
    pandas.Series
        Indexed like ``ranks``; NaN where any domain's rank is.

    Raises
    ------
    QuestionError
        If a rank is not of this edition.
    """
    among_all = len(ranks) == ranks_of_england and bool(ranks.notna().all(axis=None))
    total = np.zeros(len(ranks))
    for domain, name in zip(DOMAINS, ranks.columns, strict=True):
        rank = known_ranks(ranks[name], ranks_of_england)
        if among_all:
            rank = np.asarray(pd.Series(rank).rank(method="average"), dtype=np.float64)
        total += domain.weight / 100 * exponential_transform((ranks_of_england + 1 - rank) / ranks_of_england)
    return pd.Series(total, index=ranks.index)


def as_floats(values: pd.Series[float]) -> pd.Series[float]:
    """The values as plain floats, NaN where missing."""
    return pd.Series(pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan), index=values.index)


def known_ranks(rank: pd.Series[float], ranks_of_england: int) -> Floats:
    """The ranks as plain floats, NaN where missing; refused where one is not of this edition."""
    found: Floats = np.asarray(as_floats(rank), dtype=np.float64)
    strange = found[(found < 1) | (found > ranks_of_england)]
    if len(strange):
        raise QuestionError(
            f"The rank {strange[0]:,g} is not one of 1 to {ranks_of_england:,}: the ranks are of another edition, "
            "or of another index. Give the number of neighbourhoods that their own edition ranks."
        )
    return found


def _parts(rank: Floats, ranks_of_england: int, parts: int) -> Floats:
    """Which of so many equal parts of England each rank falls in, from 1."""
    return np.ceil(rank * parts / ranks_of_england)


def _mean(values: pd.Series[float] | pd.Series[bool], weight: pd.Series[float]) -> float:
    return float(np.average(values, weights=weight)) if weight.sum() > 0 else float("nan")


def _mean_by_authority(given: pd.DataFrame, column: str, weight: pd.Series[float]) -> pd.Series[float]:
    total = weight.groupby(given["authority"]).sum()
    return (given[column] * weight).groupby(given["authority"]).sum() / total.where(total > 0)


def _extent_weight(hundredth: Floats) -> Floats:
    sliding = 0.95 - (hundredth - 11) * (0.95 - 0.05) / 19
    weight = np.where(hundredth <= 10, 1.0, np.where(hundredth <= 30, sliding, 0.0))
    return weight.astype(np.float64)


def _most_deprived_tenth(given: pd.DataFrame) -> pd.Series[float]:
    """The people of each neighbourhood who belong to the most deprived tenth of their authority's people."""
    in_order = given.sort_values("inverted", ascending=False, kind="stable")
    by_authority = in_order.groupby("authority")["people"]
    before = by_authority.cumsum() - in_order["people"]
    room = by_authority.transform("sum") / 10 - before
    return room.clip(lower=0).where(room < in_order["people"], in_order["people"]).reindex(given.index)
