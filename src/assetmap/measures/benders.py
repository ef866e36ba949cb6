"""The best few of some candidates, exactly, where each origin takes the one of them that saves it most.

Chooses the set *S* of at most ``k`` candidates with the greatest ``sum over i of (max over j in S of saved[i, j])``:
facility location, of which maximal covering and the p-median are two cases. It is solved by Benders decomposition
(Fischetti, Ljubic and Sinnl 2017): HiGHS, through :mod:`scipy.optimize`, chooses among sites alone, held to what
they can save by inequalities that are added until none is broken. The answer and its bound then meet, which is the
proof that nothing better exists. Exchanges find good choices early; sites whose reduced costs show that no better
choice has them, or lacks them, are settled for good. The same input always gives the same answer, unless the seconds
run out.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Final

import numpy as np
from scipy import sparse

from assetmap.arrays import among
from assetmap.measures.interchange import exchanged, exchanges, two_best
from assetmap.measures.savings import SAME, Savings
from assetmap.space import Floats

_NEARLY: Final = 1e-5
"""When the inequalities of fractional sites are broken by less than this share, whole ones are asked for."""

_LOOSE: Final = 1e-5
"""What an inequality leaves of the whole, as a share, for it to be dropped before whole sites are asked for."""

_SURELY: Final = 1e-6
"""By what share of the whole a bound must be worse than the best choice for a site to be settled by it."""

_AROUND: Final = 30
"""How many of the exchanges that come nearest to the best choice the inequalities are made exact for."""

_FEW_ORIGINS: Final = 1_000
"""Up to this many origins each has an inequality of its own, which is stronger; beyond, groups are quicker."""

_LIKELY: Final = 3
"""Among how many times as many sites as are to be chosen a good choice is sought before the best among all."""

_INFEASIBLE: Final = 2
"""How :func:`scipy.optimize.milp` says that nothing keeps all rules."""

_SCALE: Final = 1_000.0
"""All savings together, as the solver sees them: its fixed tolerances then mean the same for any number of people."""


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
    bound, whole = savings.total, False
    best = exchanged(savings, _greedy(savings, choose), until)
    if not best:
        return best, bound
    value = float(savings.together(best).sum())
    problem = _Problem(savings, choose)
    problem.hold_at(np.zeros(savings.candidates))
    problem.hold_choice(best)
    while bound - value > SAME * savings.total and (left := until - monotonic()) > 0:
        open_, promised, ceiling = problem.solve(whole, left)
        bound = min(bound, ceiling)
        if open_ is None:
            break
        most = [int(each) for each in np.argsort(-open_, kind="stable")[:choose]]
        tried = exchanged(savings, most, until)
        saved = float(savings.together(tried).sum())
        if saved > value:
            best, value = tried, saved
        problem.settle(value)
        broken_by = problem.hold_choice(most, promised) if whole else problem.hold_at(open_, promised)
        if whole and broken_by <= SAME * savings.total:
            break
        # fractions of sites are quick to find, and most of the inequalities hold for whole ones
        if not whole and broken_by <= _NEARLY * savings.total:
            whole = True
            problem.drop_loose(open_, promised)
            best, value = problem.improved(best, value, until)
            problem.settle(value)
            problem.hold_around(best, until)
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
        self.least, self.most = np.zeros(self.sites), np.ones(self.sites)
        at_most_sites = [sparse.csr_array(np.ones((1, self.sites))), sparse.csr_array((1, self.groups))]
        self.rows = [sparse.hstack(at_most_sites, format="csr")]
        self.limits = [np.array([float(choose)])]
        self.worst: tuple[float, Floats, Floats] | None = None

    def hold_at(self, open_: Floats, promised: Floats | None = None) -> float:
        """Add the inequalities that are tight at a point, where it breaks them; by how much it did, as savings."""
        savings = self.savings
        covered = np.cumsum(open_[savings.candidate])
        before = (covered - open_[savings.candidate])[savings.begins]
        threshold = savings.greatest(covered - before[savings.which] >= 1.0 - SAME)
        return self._hold(threshold, open_, promised)

    def hold_choice(self, chosen: Sequence[int], promised: Floats | None = None) -> float:
        """The same at a whole choice, where every threshold between an origin's best and next best site is tight.

        The highest tells best what opening another site would save, the lowest what shutting one would lose.
        """
        open_ = np.zeros(self.sites)
        open_[list(chosen)] = 1.0
        if promised is None:
            promised = self._promised(open_)
        _, best, next_best = two_best(self.savings, chosen)
        return max(self._hold(threshold, open_, promised) for threshold in (best, (best + next_best) / 2, next_best))

    def hold_around(self, chosen: Sequence[int], until: float) -> None:
        """The same for the best choices that are one exchange away from one, as far as one gets until a moment."""
        more = exchanges(self.savings, chosen)
        more[self.most == 0] = -np.inf
        for pair in np.argsort(-more, axis=None, kind="stable")[:_AROUND]:
            newcomer, leaves = divmod(int(pair), len(chosen))
            if monotonic() >= until or np.isneginf(more[newcomer, leaves]):
                break
            self.hold_choice([*chosen[:leaves], newcomer, *chosen[leaves + 1 :]])

    def _hold(self, threshold: Floats, open_: Floats, promised: Floats | None) -> float:
        savings = self.savings
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

    def _promised(self, open_: Floats) -> Floats:
        """The most that can be promised with some sites, by the inequalities so far."""
        held, limits = self._held()
        one = held[:, self.sites :].tocoo()
        promised: Floats = self.at_most.astype(np.float64)
        np.minimum.at(promised, one.col, (limits - held[:, : self.sites] @ open_)[one.row])
        return promised

    def _held(self) -> tuple[sparse.csr_array, Floats]:
        """All inequalities; the first is how many sites there may be."""
        self.rows, self.limits = [sparse.vstack(self.rows, format="csr")], [np.concatenate(self.limits)]
        return self.rows[0], self.limits[0]

    def drop_loose(self, open_: Floats, promised: Floats) -> None:
        """Leave out the inequalities that are far from tight at a point: they would only slow down the search."""
        held, limits = self._held()
        tight = limits - held @ np.concatenate([open_, promised]) < _LOOSE * _SCALE
        tight[0] = True
        self.rows, self.limits = [held[tight]], [limits[tight]]

    def improved(self, chosen: list[int], value: float, until: float) -> tuple[list[int], float]:
        """A choice that saves more than this one, which saves ``value``, and how much; or the same.

        It is sought among the few sites that, by their reduced costs, the best choice most likely has.
        """
        cost = np.where(self.most > 0, 0.0 if self.worst is None else self.worst[1], np.inf)
        few = np.argsort(cost, kind="stable")[: _LIKELY * len(chosen)]
        likely = among(np.array([*few, *chosen], dtype=np.int64), self.sites)
        every, self.most = self.most, np.where(likely, self.most, self.least)
        open_, _, _ = self.solve(True, max(until - monotonic(), 0.0))
        self.most = every
        if open_ is None:
            return chosen, value
        found = exchanged(self.savings, [int(each) for each in np.flatnonzero(open_ > 0.5)], until)
        saved = float(self.savings.together(found).sum())
        return (found, saved) if saved > value else (chosen, value)

    def settle(self, value: float) -> None:
        """Shut or open for good the sites that every choice which saves more than this has shut or open."""
        if self.worst is None:
            return
        ceiling, if_open, if_shut = self.worst
        free, surely = self.least < self.most, value * self.scale - _SURELY * _SCALE
        self.most[free & (ceiling - if_open < surely)] = 0.0
        self.least[free & (ceiling - if_shut < surely) & (self.most > 0)] = 1.0

    def solve(self, whole: bool, seconds: float) -> tuple[Floats | None, Floats, float]:
        """The sites, what is promised with them, and what no choice can save more than that is not settled already."""
        # only whoever asks for sites has need of it, and it takes as long to import as all of scipy.sparse
        from scipy import optimize

        promise = np.concatenate([np.zeros(self.sites), -np.ones(self.groups)])
        held, limits = self._held()
        least = np.concatenate([self.least, np.zeros(self.groups)])
        most = np.concatenate([self.most, self.at_most])
        if whole:
            found = optimize.milp(
                promise,
                integrality=np.concatenate([np.ones(self.sites), np.zeros(self.groups)]),
                bounds=optimize.Bounds(least, most),
                constraints=optimize.LinearConstraint(held, ub=limits),
                options={"time_limit": seconds, "mip_rel_gap": 0.0},
            )
            # where nothing is left to choose, every better choice has been ruled out
            ceiling = np.inf if found.status == _INFEASIBLE else found.mip_dual_bound
        else:
            # by interior points: among thousands of inequalities, most of them loose, simplex takes four times as long
            bounds, options = np.column_stack([least, most]), {"time_limit": seconds}
            found = optimize.linprog(promise, held, limits, bounds=bounds, method="highs-ipm", options=options)
            ceiling = found.fun if found.status == 0 else None
            if found.status == 0:
                costs = found.lower.marginals[: self.sites], -found.upper.marginals[: self.sites]
                self.worst = (-found.fun, *costs)
        bound = np.inf if ceiling is None else -ceiling / self.scale
        if found.x is None:
            return None, np.zeros(self.groups), bound
        return found.x[: self.sites], found.x[self.sites :], bound
