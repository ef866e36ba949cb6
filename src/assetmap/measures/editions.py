"""Editions of the Indices side by side: figures joined to their own neighbourhoods, led across, and compared.

Two editions can be compared by rank only, as a share of England: a score means nothing outside its own edition. The
edition of 2019 describes the neighbourhoods of 2011 and that of 2025 those of 2021; :func:`bridge` leads across by the
change codes of the lookup of the Office for National Statistics, or refuses.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from assetmap.errors import QuestionError
from assetmap.measures.deprivation import as_floats, known_ranks
from assetmap.tables import Areas


def join_to_areas(figures: pd.Series[float], geography: str, areas: Areas) -> pd.Series[float]:
    """Figures of neighbourhoods, in the order of the neighbourhoods of a place; NaN where there is none.

    Parameters
    ----------
    figures
        Indexed by the code of the neighbourhood.
    geography
        Which neighbourhoods these are, as in ``areas``, such as ``"LSOA 2021"``.
    areas
        The neighbourhoods to join to.

    Returns
    -------
    pandas.Series
        Indexed by ``area_code``, every neighbourhood.

    Raises
    ------
    QuestionError
        If any of the neighbourhoods is of another geography: one code can stand for two different outlines.
    """
    others = sorted({str(each) for each in areas["geography"]} - {geography})
    if others:
        raise QuestionError(
            f"These figures are of {geography} and the neighbourhoods of {' and '.join(others)}, whose outlines differ "
            "even where a code is the same. Lead the figures across with the ONS lookup first, or load the edition "
            "that describes these neighbourhoods."
        )
    return as_floats(figures).reindex(pd.Index(areas["area_code"], name="area_code"))


UNCHANGED, SPLIT, MERGED, REDRAWN = "U", "S", "M", "X"
_LOOKUP_COLUMNS: Final = ("lsoa11cd", "lsoa21cd", "chgind")


def bridge(
    figures_2011: pd.Series[float], lookup: pd.DataFrame, people_2011: pd.Series[float] | None = None
) -> pd.DataFrame:
    """Figures of the neighbourhoods of 2011, told of those of 2021 by the lookup of the Office for National Statistics.

    Parameters
    ----------
    figures_2011
        A rank, a score or a rate, indexed by code of 2011. Never a count, which must not be copied to every part.
    lookup
        With the columns ``LSOA11CD``, ``LSOA21CD`` and ``CHGIND``, in capitals or not. The neighbourhoods of 2021 in it
        are those in the answer: leave the rows of Wales out beforehand where they are not wanted.
    people_2011
        Indexed by code of 2011: needed to weigh those that were merged, which else have no figure.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code`` (2021), every one of the lookup, in order of code: ``change`` (U, S, M or X);
        ``figure``; ``flagged`` (anything but a plain copy); ``from_areas``, how many of 2011; ``how`` the figure came
        about, in words. Unchanged: copied. Split: each part has a copy, flagged. Merged: the mean weighted by people,
        flagged; it is no rank that any neighbourhood held. Redrawn across others: refused, NaN.

    Raises
    ------
    QuestionError
        If columns of the lookup are missing, a row of it contradicts another, or figures are of other neighbourhoods
        than those of 2011.
    """
    pairs = _pairs(lookup)
    _refuse_strangers(figures_2011, pairs)
    pairs["figure"] = pairs["lsoa11cd"].map(as_floats(figures_2011))
    weight = pairs["lsoa11cd"].map(as_floats(people_2011)) if people_2011 is not None else np.nan
    pairs["weight"] = np.where(pairs["chgind"] == MERGED, weight, 1.0)
    pairs["part"] = pairs["figure"] * pairs["weight"]
    by_area = pairs.groupby("lsoa21cd")
    answer = pd.DataFrame({"change": by_area["chgind"].first()})
    weights = by_area["weight"].sum(skipna=False)
    answer["figure"] = by_area["part"].sum(skipna=False) / weights.where(weights > 0)
    answer.loc[answer["change"] == REDRAWN, "figure"] = np.nan
    answer["flagged"] = (answer["change"] != UNCHANGED) | answer["figure"].isna()
    answer["from_areas"] = by_area.size()
    answer["how"] = _how(answer, by_area["lsoa11cd"].agg(" and ".join))
    return answer.rename_axis("area_code")


def compare_editions(
    rank_then: pd.Series[float], ranks_then: int, rank_now: pd.Series[float], ranks_now: int
) -> pd.DataFrame:
    """Where neighbourhoods stood in England in two editions, by rank alone.

    Parameters
    ----------
    rank_then, rank_now
        Indexed by the code of the same neighbourhoods; lead the earlier one across with :func:`bridge` first.
    ranks_then, ranks_now
        How many neighbourhoods each edition ranks.

    Returns
    -------
    pandas.DataFrame
        Indexed like ``rank_now``: ``share_then`` and ``share_now`` (0 to 1, how far down England's order from the most
        deprived), and ``moved``, the difference: above 0 it stands less deprived *among others* than before, which
        does not say that anything became better or worse there. NaN where either rank is not known.
    """
    answer = pd.DataFrame({"share_now": as_floats(rank_now) / ranks_now})
    known_ranks(rank_now, ranks_now)
    share_then = pd.Series(known_ranks(rank_then, ranks_then) / ranks_then, index=rank_then.index)
    answer.insert(0, "share_then", share_then.reindex(answer.index))
    return answer.assign(moved=answer["share_now"] - answer["share_then"])


def _pairs(lookup: pd.DataFrame) -> pd.DataFrame:
    """The lookup's three columns under their own names; refused where one area of 2021 has two stories."""
    named = lookup.rename(columns=lambda header: str(header).strip().lower())
    missing = [each.upper() for each in _LOOKUP_COLUMNS if each not in named.columns]
    if missing:
        raise QuestionError(
            f"The lookup of neighbourhoods has no column {' or '.join(missing)}. Take the one of the Office for "
            "National Statistics from LSOA 2011 to LSOA 2021."
        )
    pairs = named[list(_LOOKUP_COLUMNS)].drop_duplicates().reset_index(drop=True)
    by_area = pairs.groupby("lsoa21cd")["chgind"]
    strange = ~pairs["chgind"].isin([UNCHANGED, SPLIT, MERGED, REDRAWN]) | (by_area.transform("nunique") > 1)
    strange |= pairs["chgind"].isin([UNCHANGED, SPLIT]) & (by_area.transform("size") > 1)
    if strange.any():
        raise QuestionError(
            f"The lookup of neighbourhoods contradicts itself at {pairs['lsoa21cd'][strange].iloc[0]}: an area of 2021 "
            "has one letter of U, S, M and X, and with U or S it comes from exactly one of 2011. Download it again."
        )
    return pairs


def _refuse_strangers(figures_2011: pd.Series[float], pairs: pd.DataFrame) -> None:
    strangers = figures_2011.index.difference(pd.Index(pairs["lsoa11cd"]))
    if not len(strangers):
        return
    are_2021 = " It is a neighbourhood of 2021." if strangers[0] in set(pairs["lsoa21cd"]) else ""
    raise QuestionError(
        f"{len(strangers):,} of the figures are of no neighbourhood of 2011 in the lookup, such as {strangers[0]}."
        f"{are_2021} Give figures of LSOA 2011 and the rows of the lookup for all of them."
    )


def _how(answer: pd.DataFrame, sources: pd.Series[str]) -> pd.Series[str]:
    words = {
        UNCHANGED: "copied: the neighbourhood has not changed since 2011",
        SPLIT: "copied to each part: split since 2011 from ",
        MERGED: "averaged by people: merged since 2011 from ",
        REDRAWN: "refused, no figure of 2011 fits: the boundary was redrawn across ",
    }
    how = answer["change"].map(words) + sources.where(answer["change"] != UNCHANGED, "")
    none = answer["figure"].isna() & (answer["change"] != REDRAWN)
    return how.where(~none, "not known: no figure, or no people to weigh it by, for " + sources)
