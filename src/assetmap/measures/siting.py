"""Where to open next: the best few of some candidate sites, with every existing place kept and counted.

Two questions, both answered exactly. *Maximal covering* (Church and ReVelle 1974) chooses the sites that bring most
people newly within a walk; the *p-median* (Hakimi 1964) those that shorten everybody's walk most. Both choose, for some
origins *i* and candidates *j* that save them ``s[i, j]``, the set *S* of ``k`` candidates with the greatest
``sum over i of (max over j in S of s[i, j])``: for covering ``s`` is the people of an origin, where the candidate is
near and nothing is yet; for the p-median it is its people times the metres saved.

Both are solved by :mod:`assetmap.measures.benders`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse

from assetmap.errors import QuestionError
from assetmap.measures.benders import best_choice, in_order
from assetmap.measures.people import WALK_MINUTES
from assetmap.measures.savings import savings_of
from assetmap.measures.walks import HOUR_M
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.space import Floats

WITHIN_M: Final = WALK_MINUTES * WALK_METRES_PER_MINUTE

PROVEN_GAP: Final = 1e-6
"""An answer within one part in a million of its bound is called the best: the solver's numbers carry no more."""

SECONDS: Final = 20.0
"""How long the solver may take, unless told otherwise; setting out the problem comes on top."""


@dataclass(frozen=True)
class Siting:
    """The sites chosen, and how far from the best they can be.

    Attributes
    ----------
    chosen
        Positions of the candidates, the one that adds most first; fewer than asked for where more would add nothing.
    adds
        What each adds once those before it are there: people newly within the walk, or person-metres saved.
    people
        People newly within the walk; for the p-median, people whose walk gets shorter.
    objective
        For covering, ``people``; for the p-median, the person-metres that everybody then walks.
    bound
        No choice does better than this: at least ``objective`` for covering, at most ``objective`` for the p-median.
    gap
        The difference between the two as a share of ``objective``.
    proven
        Whether that is no more than :data:`PROVEN_GAP`. False when the seconds ran out first.
    """

    chosen: tuple[int, ...]
    adds: tuple[float, ...]
    people: float
    objective: float
    bound: float
    gap: float
    proven: bool


def cover_most(
    nearest_m: Floats,
    candidates: sparse.coo_array,
    people: Floats,
    choose: int,
    within_m: float = WITHIN_M,
    seconds: float = SECONDS,
) -> Siting:
    """The candidates that together bring most people newly within a walk: maximal covering, solved exactly.

    Parameters
    ----------
    nearest_m
        ``(origins,)`` metres to the nearest existing place: infinite where none is reached, NaN where not measured.
        Who is within the walk of one already gains nothing.
    candidates
        ``(candidates, origins)`` metres. What is not stored is too far; a stored 0 is a walk of no length.
    people
        ``(origins,)``; where they are not known (NaN) nobody is counted.
    choose
        How many sites, at most.
    within_m
        The longest walk that counts, in metres; exactly that long still does.
    seconds
        When the solver stops and gives the best that it has found, with its bound.

    Returns
    -------
    Siting
        Where several choices are equally good, the one in which no site could be exchanged for an earlier candidate.

    Raises
    ------
    QuestionError
        If ``choose`` is less than 1, or the arrays are of different lengths.
    """
    _refuse(nearest_m, candidates, people, choose)
    newly = (candidates.data <= within_m) & (nearest_m > within_m)[candidates.col]
    origin = candidates.col[newly]
    savings = savings_of(origin, candidates.row[newly], np.nan_to_num(people)[origin], candidates.shape[0])
    best, bound = best_choice(savings, choose, seconds)
    chosen, adds = in_order(savings, best)
    objective = float(sum(adds))
    return _siting(chosen, adds, objective, objective, max(bound, objective))


def shortest_walks(
    nearest_m: Floats,
    candidates: sparse.coo_array,
    people: Floats,
    choose: int,
    beyond_m: float = HOUR_M,
    seconds: float = SECONDS,
) -> Siting:
    """The candidates that together shorten people's walks most: the p-median with existing places, solved exactly.

    Parameters
    ----------
    nearest_m, candidates, people, choose, seconds
        As for :func:`cover_most`. Only candidates nearer than the nearest existing place matter to an origin.
    beyond_m
        Who has no place within this many metres is counted as walking this far, before and after.

    Returns
    -------
    Siting
        With ``objective`` and ``bound`` in person-metres, over all origins that are measured.

    Raises
    ------
    QuestionError
        As for :func:`cover_most`.
    """
    _refuse(nearest_m, candidates, people, choose)
    now_m = np.minimum(nearest_m, beyond_m)
    counted = np.nan_to_num(people)
    saved = (now_m[candidates.col] - candidates.data) * counted[candidates.col]
    savings = savings_of(candidates.col, candidates.row, saved, candidates.shape[0])
    best, bound = best_choice(savings, choose, seconds)
    chosen, adds = in_order(savings, best)
    walked = float(np.nansum(now_m * counted))
    helped = savings.origins[savings.together(chosen) > 0]
    objective = walked - sum(adds)
    return _siting(chosen, adds, float(counted[helped].sum()), objective, min(walked - bound, objective))


def ranked_alone(
    nearest_m: Floats, candidates: sparse.coo_array, people: Floats, within_m: float = WITHIN_M
) -> pd.DataFrame:
    """Each candidate by the people whom it would bring newly within a walk if it opened by itself.

    Parameters
    ----------
    nearest_m, candidates, people, within_m
        As for :func:`cover_most`.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``candidate``, its position, most ``people_newly`` first and the earlier first among equals;
        ``people_within`` counts those who have a place within the walk already too. Every candidate has a row.
    """
    _refuse(nearest_m, candidates, people, 1)
    near = candidates.data <= within_m
    shape = candidates.shape
    reaches = sparse.csr_array((np.ones(near.sum()), (candidates.row[near], candidates.col[near])), shape=shape)
    measured = np.where(np.isnan(nearest_m), 0.0, np.nan_to_num(people))
    newly = np.where(nearest_m > within_m, measured, 0.0)
    sums = reaches @ np.column_stack([newly, measured])
    index = pd.RangeIndex(shape[0], name="candidate")
    frame = pd.DataFrame(sums, columns=["people_newly", "people_within"], index=index)
    return frame.sort_values("people_newly", ascending=False, kind="stable")


def _refuse(nearest_m: Floats, candidates: sparse.coo_array, people: Floats, choose: int) -> None:
    if choose < 1:
        raise QuestionError("Choose at least one site.")
    if not len(nearest_m) == len(people) == candidates.shape[1]:
        raise QuestionError(
            f"There are {len(nearest_m)} walks to what exists, {len(people)} origins with people and "
            f"{candidates.shape[1]} with walks to the candidates: these must be the same origins."
        )


def _siting(chosen: Sequence[int], adds: Sequence[float], people: float, objective: float, bound: float) -> Siting:
    apart = abs(bound - objective)
    gap = apart / objective if objective > 0 else apart
    return Siting(tuple(chosen), tuple(adds), people, objective, bound, gap, gap <= PROVEN_GAP)
