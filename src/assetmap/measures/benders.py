"""The best few of some candidates, exactly, where each origin takes the one of them that saves it most.

Chooses the set *S* of at most ``k`` candidates with the greatest ``sum over i of (max over j in S of saved[i, j])``:
facility location, of which maximal covering and the p-median are two cases. It is solved by Benders decomposition
(Fischetti, Ljubic and Sinnl 2017): HiGHS, through :mod:`scipy.optimize`, chooses among sites alone, held to what
they can save by inequalities that are added until none is broken. The answer and its bound then meet, which is the
proof that nothing better exists. The same input always gives the same answer, unless the seconds run out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from time import monotonic
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from assetmap.space import Floats

Ints = npt.NDArray[np.int64]

SAME: Final = 1e-9
"""Savings that differ by a smaller share of the whole are equal."""

_NEARLY: Final = 1e-4
"""When the inequalities of fractional sites are broken by less than this share, whole ones are asked for."""

_FEW_ORIGINS: Final = 1_000
"""Up to this many origins each has an inequality of its own, which is stronger; beyond, groups are quicker."""

_SCALE: Final = 1_000.0
"""All savings together, as the solver sees them: its fixed tolerances then mean the same for any number of people."""


@dataclass(frozen=True, eq=False)
class Savings:
    """What each candidate saves each origin, greatest first within an origin; only what is more than 0.

    Attributes
    ----------
    origin, candidate, saved
        One entry a pair, in any unit.
    candidates
        How many candidates there are.
    """

    origin: Ints
    candidate: Ints
    saved: Floats
    candidates: int

    @cached_property
    def begins(self) -> Ints:
        """Where each origin's entries begin."""
        return np.flatnonzero(np.diff(self.origin, prepend=-1))

    @cached_property
    def origins(self) -> Ints:
        """The origins that any candidate saves anything."""
        return self.origin[self.begins]

    @cached_property
    def which(self) -> Ints:
        """The position in ``origins`` of each entry's."""
        return np.repeat(np.arange(len(self.begins)), np.diff(self.begins, append=len(self.origin)))

    @cached_property
    def total(self) -> float:
        """What all candidates together save: no choice saves more."""
        return float(self.saved[self.begins].sum())

    def together(self, chosen: Sequence[int]) -> Floats:
        """What some candidates together save each of the origins."""
        flags = np.zeros(self.candidates, dtype=bool)
        flags[list(chosen)] = True
        return self.greatest(flags[self.candidate])

    def greatest(self, entries: npt.NDArray[np.bool_]) -> Floats:
        """The greatest of some entries of each origin; 0 where it has none."""
        saved = np.where(entries, self.saved, 0.0)
        return np.maximum.reduceat(saved, self.begins) if len(saved) else saved

    def gains(self, chosen: Sequence[int]) -> Floats:
        """``(candidates,)`` what each would save on top of those chosen."""
        more = np.maximum(self.saved - self.together(chosen)[self.which], 0.0)
        return np.bincount(self.candidate, more, minlength=self.candidates).astype(np.float64)


def savings_of(origin: Ints, candidate: Ints, saved: Floats, candidates: int) -> Savings:
    """Put entries in order; what saves nothing, or is NaN, is left out."""
    order = np.lexsort((candidate, -saved, origin))
    order = order[saved[order] > 0]
    return Savings(origin[order].astype(np.int64), candidate[order].astype(np.int64), saved[order], candidates)


def in_order(savings: Savings, chosen: Sequence[int]) -> tuple[list[int], list[float]]:
    """A choice without what adds nothing, the site that adds most first, and what each adds to those before it.

    Of equally good choices it gives one in which no site could be exchanged for an earlier candidate.
    """
    left, order, adds = set(_settled(savings, chosen)), list[int](), list[float]()
    while left:
        gains = savings.gains(order)
        most = max(gains[each] for each in left)
        first = min(each for each in left if gains[each] >= most - SAME * savings.total)
        order.append(first)
        adds.append(float(gains[first]))
        left.remove(first)
    return order, adds


def _settled(savings: Savings, chosen: Sequence[int]) -> list[int]:
    """As good a choice, without what adds nothing, in which no site has an equal among the candidates before it."""
    same = SAME * savings.total
    settled = sorted(chosen)
    position = len(settled) - 1
    while position >= 0:
        each = settled[position]
        gains = savings.gains(settled[:position] + settled[position + 1 :])
        first = int(np.argmax(gains >= gains[each] - same))
        if gains[each] > same and first == each:
            position -= 1
            continue
        # an exchange can free another site for one: look through all of them again
        rest = settled[:position] + settled[position + 1 :]
        settled = sorted([*rest, first]) if gains[each] > same else rest
        position = len(settled) - 1
    return settled


def _greedy(savings: Savings, choose: int) -> list[int]:
    chosen = list[int]()
    while len(chosen) < min(choose, savings.candidates):
        gains = savings.gains(chosen)
        if not gains.max() > 0:
            break
        chosen.append(int(np.argmax(gains)))
    return chosen


def best_choice(savings: Savings, choose: int, seconds: float) -> tuple[list[int], float]:
    """The best choice of at most ``choose`` that is found in some seconds, and what no choice can save more than."""
    until = monotonic() + seconds
    best, bound, whole = _greedy(savings, choose), savings.total, False
    if not best:
        return best, bound
    value = float(savings.together(best).sum())
    problem = _Problem(savings, choose)
    problem.hold_at(np.zeros(savings.candidates))
    problem.hold_at(np.isin(np.arange(savings.candidates), best).astype(np.float64))
    while bound - value > SAME * savings.total and (left := until - monotonic()) > 0:
        open_, promised, ceiling = problem.solve(whole, left)
        bound = min(bound, ceiling)
        if open_ is None:
            break
        tried = [int(each) for each in np.argsort(-open_, kind="stable")[:choose]]
        saved = float(savings.together(tried).sum())
        if saved > value:
            best, value = tried, saved
        broken_by = problem.hold_at(np.round(open_) if whole else open_, promised)
        if whole and broken_by <= SAME * savings.total:
            break
        # fractions of sites are quick to find, and most of the inequalities hold for whole ones
        whole = whole or broken_by <= _NEARLY * savings.total
    return best, max(bound, value)


class _Problem:
    """Which sites to open (0 to 1 each), and what is promised to each origin, or to groups with one best candidate.

    What is promised to a group is held to what its sites can save. For any threshold ``t[i]`` an origin saves at most
    ``t[i] + sum over j of max(0, s[i, j] - t[i]) * open[j]``: added up over the group, one inequality.
    """

    def __init__(self, savings: Savings, choose: int) -> None:
        self.savings = savings
        few = len(savings.begins) <= _FEW_ORIGINS
        groups, self.group = np.unique(
            savings.origins if few else savings.candidate[savings.begins], return_inverse=True
        )
        self.groups = len(groups)
        self.sites = savings.candidates
        self.scale = _SCALE / savings.total
        greatest = savings.saved[savings.begins] * self.scale
        self.at_most = np.bincount(self.group, greatest, minlength=self.groups)
        at_most_sites = [sparse.csr_array(np.ones((1, self.sites))), sparse.csr_array((1, self.groups))]
        self.rows = [sparse.hstack(at_most_sites, format="csr")]
        self.limits = [np.array([float(choose)])]

    def hold_at(self, open_: Floats, promised: Floats | None = None) -> float:
        """Add the inequalities that are tight at a point, where it breaks them; by how much it did, as savings."""
        savings = self.savings
        covered = np.cumsum(open_[savings.candidate])
        before = (covered - open_[savings.candidate])[savings.begins]
        threshold = savings.greatest(covered - before[savings.which] >= 1.0 - SAME)
        slope = np.maximum(savings.saved - threshold[savings.which], 0.0) * self.scale
        steep = slope > 0
        place = (self.group[savings.which[steep]], savings.candidate[steep])
        slopes = sparse.coo_array((slope[steep], place), shape=(self.groups, self.sites)).tocsr()
        level = np.bincount(self.group, threshold, minlength=self.groups) * self.scale
        over = (np.inf if promised is None else promised) - (level + slopes @ open_)
        broken = np.flatnonzero(over > SAME)
        promise = sparse.eye_array(self.groups, format="csr")
        self.rows.append(sparse.hstack([-slopes[broken], promise[broken]], format="csr"))
        self.limits.append(level[broken])
        return float(over[broken].sum()) / self.scale

    def solve(self, whole: bool, seconds: float) -> tuple[Floats | None, Floats, float]:
        """The sites, what is promised with them, and what no choice can save more than."""
        # only whoever asks for sites has need of it, and it takes as long to import as all of scipy.sparse
        from scipy import optimize

        promise = np.concatenate([np.zeros(self.sites), -np.ones(self.groups)])
        held, limits = sparse.vstack(self.rows, format="csc"), np.concatenate(self.limits)
        most = np.concatenate([np.ones(self.sites), self.at_most])
        if whole:
            found = optimize.milp(
                promise,
                integrality=np.concatenate([np.ones(self.sites), np.zeros(self.groups)]),
                bounds=optimize.Bounds(0.0, most),
                constraints=optimize.LinearConstraint(held, ub=limits),
                options={"time_limit": seconds, "mip_rel_gap": 0.0},
            )
            ceiling = found.mip_dual_bound
        else:
            # by interior points: among thousands of inequalities, most of them loose, simplex takes four times as long
            bounds = np.column_stack([np.zeros(len(most)), most])
            options = {"time_limit": seconds}
            found = optimize.linprog(promise, held, limits, bounds=bounds, method="highs-ipm", options=options)
            ceiling = found.fun if found.status == 0 else None
        bound = np.inf if ceiling is None else -ceiling / self.scale
        if found.x is None:
            return None, np.zeros(self.groups), bound
        return found.x[: self.sites], found.x[self.sites :], bound
