"""What each candidate site would save each origin: what :mod:`assetmap.measures.benders` chooses by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from assetmap.space import Floats

Ints = npt.NDArray[np.int64]

SAME: Final = 1e-9
"""Savings that differ by a smaller share of the whole are equal."""


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
