"""The gap score: what it is made of, how it is put together, and why a neighbourhood's is as high as it is.

The parts are brought to their place among the neighbourhoods of the place (percentile ranks) and multiplied, each
raised to its weight, so that a gap is where need is high *and* little is in reach: plenty of one does not make up for
the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from assetmap import measures
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.measures.index import RUNS, Component, Recipe, composite, contributions, firmness
from assetmap.placeview import PlaceView

PARTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "need": "Need",
        "beyond": "People further than the walk",
        "fewer_kinds": "Kinds of place out of reach",
        "less_each": "How little falls to each person",
    }
)
"""The parts of the score and what they are called."""

USUAL_WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {"need": 2.0, "beyond": 1.0, "fewer_kinds": 1.0, "less_each": 0.0}
)
"""Need counts for half, and what is in reach for the other half."""

HEAVIEST: Final = 10.0

NEEDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "imd": "Deprivation",
        "income": "Income deprivation",
        "employment": "Employment deprivation",
        "education": "Education deprivation",
        "health": "Health deprivation",
        "crime": "Crime",
        "housing_and_services": "Barriers to housing and services",
        "living_environment": "Living environment deprivation",
        "idaci": "Children in families on low incomes",
        "idaopi": "Older people on low incomes",
    }
)
"""What may count as need: the Index of Multiple Deprivation, one of its domains, or a part of income about an age."""

_EVEN_DIGITS: Final = 9
"""Shares that differ only beyond this decimal are equal: rounding must not rank one neighbourhood above another."""


def chosen_weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    """The weight of every part: those given, and the usual ones for the rest.

    Raises
    ------
    UnknownNameError
        If a part is not known.
    QuestionError
        If a weight is not from 0 to :data:`HEAVIEST`, or need or all of the rest count for nothing.
    """
    given = dict(weights or {})
    for part, weight in given.items():
        if part not in PARTS:
            raise UnknownNameError("part of the gap score", part, tuple(PARTS))
        if not 0 <= weight <= HEAVIEST:
            raise QuestionError(f"The weight of {part} is {weight:g}; weights run from 0 to {HEAVIEST:g}.")
    chosen = {**USUAL_WEIGHTS, **given}
    if not any(chosen.values()):
        raise QuestionError("Every weight is 0, so nothing would be counted. Give one part a weight above 0.")
    return chosen


def recipe_of(weights: Mapping[str, float]) -> Recipe:
    """How the score is built from its parts."""
    parts = tuple(Component(part, weights[part]) for part in PARTS)
    return Recipe(parts, normalise="rank", combine="geometric")


def need_of(view: PlaceView, need: str = "imd") -> pd.Series[float]:
    """Each neighbourhood's need: its place among England's by deprivation, 0 the least and 1 the most deprived.

    Raises
    ------
    UnknownNameError
        If the need is not known.
    QuestionError
        If a domain is asked for of which no figures of the neighbourhoods' own edition are loaded, or no ranks.
    """
    rank, ranked = _ranks(view, need)
    return 1.0 - (rank - 0.5) / ranked


def need_deciles(view: PlaceView, need: str = "imd") -> pd.Series[float]:
    """The tenth of England's neighbourhoods that each is in by the need, 1 the most deprived; raises as above."""
    if need == "imd":
        return view.areas.set_index("area_code")["imd_decile"].astype("float64")
    rank, ranked = _ranks(view, need)
    return (10 * rank / ranked).apply(np.ceil)


def _ranks(view: PlaceView, need: str) -> tuple[pd.Series[float], pd.Series[float]]:
    """Each neighbourhood's rank by the need, and of how many; NaN where not known."""
    if need not in NEEDS:
        raise UnknownNameError("need", need, tuple(NEEDS))
    areas = view.areas
    codes, edition = areas["area_code"].to_numpy(), areas["imd_edition"].astype("float64").to_numpy()
    known = {year: each.areas for year, each in measures.EDITIONS.items()}
    ranked = np.array([known.get(int(year), np.nan) if year == year else np.nan for year in edition])
    rank = areas["imd_rank"].astype("float64").to_numpy() if need == "imd" else _domain_rank(view, need)
    return pd.Series(rank, index=codes), pd.Series(ranked, index=codes)


def needs_of(view: PlaceView) -> dict[str, str]:
    """What may count as need in a place, of :data:`NEEDS`: deprivation, and what its own edition has ranks of."""
    own = _own_figures(view)
    return {need: title for need, title in NEEDS.items() if need == "imd" or own[f"{need}_rank"].notna().any()}


def _own_figures(view: PlaceView) -> pd.DataFrame:
    """The figures of deprivation in the edition of the place's own neighbourhoods; no rows where there are none."""
    if "deprivation" not in view.layers:
        return pd.DataFrame(columns=[f"{need}_rank" for need in NEEDS], dtype="float64")
    figures = view.figures("deprivation")
    return figures[figures["edition"].isin(set(view.areas["imd_edition"].dropna()))]


def _domain_rank(view: PlaceView, need: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    own = _own_figures(view)
    if not len(own):
        raise QuestionError(
            f"'{NEEDS[need]}' is not loaded by neighbourhood for {view.name}. Load a source of the layer 'deprivation'."
        )
    if own[f"{need}_rank"].isna().all():
        raise QuestionError(
            f"'{NEEDS[need]}' is not measured for {view.name}: no neighbourhood has a rank of it in the Indices that "
            f"are loaded. These have one: {', '.join(needs_of(view))}."
        )
    return np.asarray(own[f"{need}_rank"].reindex(view.areas["area_code"]), dtype=np.float64)


def scored(values: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """The score of each neighbourhood, its rank, and how firm that is.

    Parameters
    ----------
    values
        Indexed by code, with the columns of :data:`PARTS`, all of which raise the score; NaN is not measured.

    Returns
    -------
    pandas.DataFrame
        Indexed as ``values``: ``gap_score`` (0 to 1), ``gap_rank``, ``rank_low`` and ``rank_high`` (in nine of ten runs
        with other weights and methods), ``share_in_top_tenth`` of the runs.
    """
    firm = firmness(values.round(_EVEN_DIGITS), recipe_of(weights))
    return ranked(values, weights).join(firm[["rank_low", "rank_high", "share_in_top_tenth"]])


def ranked(values: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """``gap_score`` and ``gap_rank`` of :func:`scored` alone."""
    index = composite(values.round(_EVEN_DIGITS), recipe_of(weights))
    return pd.DataFrame({"gap_score": index["index"], "gap_rank": index["rank"]})


def why(values: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Why each neighbourhood's score is as high as it is, part by part.

    Returns
    -------
    pandas.DataFrame
        A row a neighbourhood and part: ``neighbourhood_code``, ``part``, ``value`` as measured, ``higher_than`` (the
        share of neighbourhoods, ties halved), ``weight`` (they add up to 1), and ``times``, by how much the part
        multiplies the score of a neighbourhood in the middle of every part: 0.5 times all of them is the score.
    """
    told = contributions(values.round(_EVEN_DIGITS), recipe_of(weights)).reset_index()
    told.columns = pd.Index(["neighbourhood_code", "part", "value", "higher_than", "weight", "contribution"])
    told["times"] = np.exp(told["contribution"] - told["weight"] * np.log(0.5))
    return told[told["weight"] > 0].drop(columns="contribution").reset_index(drop=True)


FIRMNESS: Final = (
    f"How firm a rank is: the score is built {RUNS} times over, with weights a quarter more or less and other ways of "
    "scaling and combining; a neighbourhood's range holds nine of ten of its ranks."
)
