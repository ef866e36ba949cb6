"""What it would save to exchange one chosen site for another, for every pair at once, and choices made better so.

The interchange of Teitz and Bart (1968), reckoned as Resende and Werneck (2007) do: what a newcomer gains, what is lost
with the one that leaves, and what of that loss the newcomer makes up for.
"""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic

import numpy as np

from assetmap.measures.savings import SAME, Ints, Savings
from assetmap.space import Floats


def two_best(savings: Savings, chosen: Sequence[int]) -> tuple[Ints, Floats, Floats]:
    """For each origin the place among those chosen of the one that saves it most, what it saves, and the next best.

    The place is -1, and savings are 0, where there is none.
    """
    place = np.full(savings.candidates, -1, dtype=np.int64)
    place[list(chosen)] = np.arange(len(chosen))
    entries = np.flatnonzero(place[savings.candidate] >= 0)
    which = savings.which[entries]
    # an origin's entries stand in order of what they save
    is_best = np.diff(which, prepend=-1) > 0
    is_next = np.append(False, is_best[:-1]) & ~is_best
    by, best, next_best = np.full(len(savings.begins), -1), np.zeros(len(savings.begins)), np.zeros(len(savings.begins))
    by[which[is_best]] = place[savings.candidate[entries[is_best]]]
    best[which[is_best]] = savings.saved[entries[is_best]]
    next_best[which[is_next]] = savings.saved[entries[is_next]]
    return by, best, next_best


def exchanges(savings: Savings, chosen: Sequence[int]) -> Floats:
    """``(candidates, chosen)`` how much more would be saved with each candidate in the place of each one chosen."""
    by, best, next_best = two_best(savings, chosen)
    served = by >= 0
    lost = np.bincount(by[served], (best - next_best)[served], minlength=len(chosen))
    made_up = np.minimum(savings.saved, best[savings.which]) - next_best[savings.which]
    entries = np.flatnonzero((made_up > 0) & served[savings.which])
    pair = savings.candidate[entries] * len(chosen) + by[savings.which[entries]]
    back = np.bincount(pair, made_up[entries], minlength=savings.candidates * len(chosen))
    more = savings.gains(chosen)[:, None] - lost + back.reshape(savings.candidates, len(chosen))
    more[list(chosen)] = -np.inf
    return more


def exchanged(savings: Savings, chosen: Sequence[int], until: float) -> list[int]:
    """A choice in which no exchange of one site saves more, or as far as one gets until a moment of the clock."""
    better = list(chosen)
    while better and monotonic() < until:
        more = exchanges(savings, better)
        newcomer, leaves = divmod(int(np.argmax(more)), len(better))
        if more[newcomer, leaves] <= SAME * savings.total:
            break
        better[leaves] = newcomer
    return better
