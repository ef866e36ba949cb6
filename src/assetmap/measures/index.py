"""A composite index that can be taken apart: what goes in, how it is put together, and how firm the ranking is.

Built as the OECD/JRC *Handbook on Constructing Composite Indicators* (2008) sets out: every component is turned to
point the same way, brought to one scale, weighted and combined; then the choices are varied to see which ranks depend
on them. What is not measured (NaN) is never filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap.errors import QuestionError
from assetmap.space import Floats

Normalise = Literal["z", "rank", "min-max"]
Combine = Literal["arithmetic", "geometric"]
Missing = Literal["leave out", "re-weight"]

RUNS: Final = 500
SEED: Final = 2025

WEIGHT_SPREAD: Final = 0.25
"""Weights are varied by up to this share of themselves, in about 95 runs of 100."""

VARIANTS: Final[tuple[tuple[Normalise, Combine], ...]] = (
    ("z", "arithmetic"),
    ("rank", "arithmetic"),
    ("z", "geometric"),
    ("rank", "geometric"),
)
"""The ways of building the index that :func:`firmness` takes in turn."""

TOP_SHARE: Final = 0.1

_DIGITS: Final = 12
"""Scores that differ only beyond this decimal are equal: rounding must not break ties."""


@dataclass(frozen=True)
class Component:
    """One column that an index is made of.

    Attributes
    ----------
    column
        Its name in the frame of values.
    weight
        Any number from 0; weights are divided by their sum. One of 0 counts for nothing and may be missing.
    raises
        Whether a higher value raises the index, as need does, or lowers it, as provision does.
    """

    column: str
    weight: float = 1.0
    raises: bool = True


@dataclass(frozen=True)
class Recipe:
    """How an index is built.

    Attributes
    ----------
    components
        At least one, with different columns.
    normalise
        ``z``: distance from the mean in standard deviations. ``rank``: (r - 0.5) / N among the N measured, equal values
        sharing their mean rank. ``min-max``: 0 at the lowest value, 1 at the highest.
    combine
        ``arithmetic``: the weighted mean, in which a high part makes up for a low one. ``geometric``: the product of
        the parts raised to their weights, in which a very low part holds the index down. That needs positive numbers,
        so z becomes ``100 + 10 z`` (at least 1; Mazziotta and Pareto 2016) and min-max runs from 0.01 to 1.
    missing
        What becomes of a row with a component that is not measured: no index, or the other components re-weighted.
    """

    components: tuple[Component, ...]
    normalise: Normalise = "rank"
    combine: Combine = "arithmetic"
    missing: Missing = "leave out"


def composite(values: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """The index of each row, its rank, and what it lacks.

    Parameters
    ----------
    values
        A row a neighbourhood, with the recipe's columns; NaN is not measured.

    Returns
    -------
    pandas.DataFrame
        Indexed as ``values``: ``index``; ``rank``, 1 for the highest, equals sharing the better one; ``not_measured``,
        a tuple of the weighted components that are missing. Index and rank are missing where the recipe says so.

    Raises
    ------
    QuestionError
        If weights are negative or all 0, a column is missing or is there twice, or a value is infinite.
    """
    weights = _weights(recipe)
    parts = _normalised(values, recipe, recipe.normalise, recipe.combine)
    shares = _row_weights(parts, weights, recipe.missing)
    index = _sum(parts, shares, recipe.combine)
    absent = np.isnan(parts) & (weights > 0)
    names = np.array([component.column for component in recipe.components], dtype=object)
    told = np.empty(len(values), dtype=object)
    told[:] = [tuple(names[gone]) if gone.any() else () for gone in absent]
    ahead, _ = _before_and_upto(-np.round(index, _DIGITS))
    rank = pd.array(ahead + 1, dtype="Int64")
    rank[np.isnan(index)] = pd.NA
    return pd.DataFrame({"index": index, "rank": rank, "not_measured": told}, index=values.index)


def contributions(values: pd.DataFrame, recipe: Recipe) -> pd.DataFrame:
    """Why an index is high: what each component adds to it, in every row.

    Parameters
    ----------
    values
        As for :func:`composite`.

    Returns
    -------
    pandas.DataFrame
        Indexed by the rows of ``values`` and ``component``, in the recipe's order: ``value`` as it was measured,
        ``normalised`` (higher always raises the index), ``weight`` as it counts in this row, and ``contribution``.
        Contributions add up to the index; for a geometric index, to its natural logarithm.

    Raises
    ------
    QuestionError
        As for :func:`composite`.
    """
    parts = _normalised(values, recipe, recipe.normalise, recipe.combine)
    shares = _row_weights(parts, _weights(recipe), recipe.missing)
    names = [component.column for component in recipe.components]
    row = pd.MultiIndex.from_product([values.index, names], names=[values.index.name, "component"])
    return pd.DataFrame(
        {
            "value": values[names].to_numpy(dtype=np.float64).ravel(),
            "normalised": parts.ravel(),
            "weight": shares.ravel(),
            "contribution": _contributions(parts, shares, recipe.combine).ravel(),
        },
        index=row,
    )


def firmness(
    values: pd.DataFrame,
    recipe: Recipe,
    runs: int = RUNS,
    spread: float = WEIGHT_SPREAD,
    variants: Sequence[tuple[Normalise, Combine]] = VARIANTS,
    seed: int = SEED,
) -> pd.DataFrame:
    """How far each rank depends on the weights and on the way of building the index.

    Each run draws weights from a Dirichlet distribution about the recipe's and takes the next of ``variants`` in turn.
    The concentration is ``(m - 1) / (spread / 2)^2 - 1`` for *m* weighted components: the standard deviation of an
    equal weight is then half of ``spread`` times that weight, so that about 95 draws of 100 are within it. A weight
    below the average varies by a greater share of itself, one above it by a smaller.

    Parameters
    ----------
    values
        As for :func:`composite`.
    spread
        The share of itself by which a weight varies, greater than 0.
    seed
        The same seed gives the same answer, whatever the order of the rows.

    Returns
    -------
    pandas.DataFrame
        Indexed as ``values``: ``rank_median``, ``rank_low`` and ``rank_high`` (the 5th and 95th percentiles; 1 is the
        highest index) and ``share_in_top_tenth`` of the runs (0 to 1). NaN where the recipe gives no index.

    Raises
    ------
    QuestionError
        As for :func:`composite`.
    """
    weights = _weights(recipe)
    drawn = _drawn_weights(weights, runs, spread, seed)
    indexed = ~np.isnan(_row_weights(_normalised(values, recipe, "rank", "arithmetic"), weights, recipe.missing)[:, 0])
    ranks = np.empty((runs, int(indexed.sum())), dtype=np.int32)
    for turn, (normalise, combine) in enumerate(variants):
        parts = _normalised(values, recipe, normalise, combine)[indexed]
        parts = np.log(parts) if combine == "geometric" else parts
        drawn_here = drawn[turn :: len(variants)]
        score = drawn_here @ np.nan_to_num(parts).T
        if np.isnan(parts).any():
            score /= drawn_here @ (~np.isnan(parts)).T
        ranks[turn :: len(variants)] = _ranks(score)
    answer = np.full((len(values), 4), np.nan)
    if ranks.size:
        top = max(1, int(TOP_SHARE * ranks.shape[1]))
        low, middle, high = np.percentile(ranks, [5, 50, 95], axis=0)
        answer[indexed] = np.column_stack([middle, low, high, (ranks <= top).mean(axis=0)])
    columns = ["rank_median", "rank_low", "rank_high", "share_in_top_tenth"]
    return pd.DataFrame(answer, index=values.index, columns=columns)


def _weights(recipe: Recipe) -> Floats:
    """The components' weights, adding up to 1."""
    weights = np.array([component.weight for component in recipe.components], dtype=np.float64)
    if not (np.isfinite(weights).all() and (weights >= 0).all()):
        raise QuestionError("Weights are numbers from 0 upwards.")
    if not weights.sum() > 0:
        raise QuestionError("Every weight is 0, so nothing would be counted. Give one component a weight above 0.")
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _normalised(values: pd.DataFrame, recipe: Recipe, normalise: Normalise, combine: Combine) -> Floats:
    """``(rows, components)``, higher always raising the index; NaN where not measured."""
    names = [component.column for component in recipe.components]
    absent = [name for name in names if name not in values.columns]
    if absent or len(set(names)) < len(names):
        raise QuestionError(f"An index needs each of its columns once; missing here: {', '.join(absent) or 'none'}.")
    raw = values[names].to_numpy(dtype=np.float64, na_value=np.nan)
    endless = [name for name, column in zip(names, raw.T, strict=True) if np.isinf(column).any()]
    if endless:
        raise QuestionError(
            f"{', '.join(endless)} has values without end. Give such a walk a longest length, or leave it not measured."
        )
    turned = raw * np.array([1.0 if component.raises else -1.0 for component in recipe.components])
    return np.column_stack([_one_scale(column, normalise, combine == "geometric") for column in turned.T])


def _one_scale(column: Floats, normalise: Normalise, positive: bool) -> Floats:
    """A column on the recipe's scale; where all its values are equal, all are in the middle."""
    measured = column[~np.isnan(column)]
    if not len(measured):
        return column
    if normalise == "rank":
        below, upto = _before_and_upto(column)
        shares = (below + upto) / (2.0 * len(measured))
        return np.where(np.isnan(column), np.nan, shares)
    varies = bool(np.ptp(measured) > 0)
    if normalise == "z":
        z = (column - measured.mean()) / (measured.std() if varies else np.inf)
        return np.asarray(np.maximum(100.0 + 10.0 * z, 1.0) if positive else z, dtype=np.float64)
    scaled = (column - measured.min()) / np.ptp(measured) if varies else column * 0.0 + 0.5
    return np.asarray(0.01 + 0.99 * scaled if positive else scaled, dtype=np.float64)


def _before_and_upto(values: Floats) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """For each value how many are less, and how many are less or equal; NaN is among none."""
    in_order = np.sort(values[~np.isnan(values)])
    return np.searchsorted(in_order, values, side="left"), np.searchsorted(in_order, values, side="right")


def _row_weights(parts: Floats, weights: Floats, missing: Missing) -> Floats:
    """``(rows, components)`` weights that add up to 1 in each row, or are NaN in all of it where it has no index."""
    measured = ~np.isnan(parts)
    shares = np.where(measured, weights, 0.0)
    total = shares.sum(axis=1, keepdims=True)
    complete = (measured | (weights == 0)).all(axis=1, keepdims=True)
    counts = complete if missing == "leave out" else total > 0
    return np.where(counts, shares / np.where(total > 0, total, 1.0), np.nan)


def _contributions(parts: Floats, shares: Floats, combine: Combine) -> Floats:
    scaled = np.log(parts) if combine == "geometric" else parts
    return np.where(shares == 0, 0.0, scaled * shares)


def _sum(parts: Floats, shares: Floats, combine: Combine) -> Floats:
    total = _contributions(parts, shares, combine).sum(axis=1)
    return np.asarray(np.exp(total) if combine == "geometric" else total, dtype=np.float64)


def _drawn_weights(weights: Floats, runs: int, spread: float, seed: int) -> Floats:
    """``(runs, components)`` weights about those chosen; one of 0 stays 0."""
    drawn = np.zeros((runs, len(weights)))
    counted = np.flatnonzero(weights > 0)
    if len(counted) == 1:
        drawn[:, counted] = 1.0
        return drawn
    concentration = max((len(counted) - 1) / (spread / 2.0) ** 2 - 1.0, 1.0)
    drawn[:, counted] = np.random.default_rng(seed).dirichlet(concentration * weights[counted], runs)
    return drawn


def _ranks(score: Floats) -> npt.NDArray[np.int32]:
    """``(runs, rows)`` places from the highest score, 1; equal scores share the better place."""
    turned = -np.round(score, _DIGITS)
    order = np.argsort(turned, axis=1)
    in_order = np.take_along_axis(turned, order, axis=1)
    place = np.broadcast_to(np.arange(1, score.shape[1] + 1, dtype=np.int32), score.shape)
    first = np.ones(score.shape, dtype=bool)
    first[:, 1:] = in_order[:, 1:] > in_order[:, :-1]
    shared = np.maximum.accumulate(np.where(first, place, 0), axis=1)
    ranks = np.empty(score.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, shared, axis=1)
    return ranks
