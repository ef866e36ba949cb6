"""Sets of whole numbers in arrays are what Python's own sets are."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from assetmap.arrays import among, distinct


@given(st.lists(st.integers(-(2**62), 2**62)))
def test_distinct_numbers_are_a_set_in_order(numbers: list[int]) -> None:
    assert distinct(np.array(numbers, dtype=np.int64)).tolist() == sorted(set(numbers))


@given(st.lists(st.integers(0, 9)), st.integers(10, 12))
def test_flags_tell_what_is_among_some_numbers(positions: list[int], count: int) -> None:
    found = among(np.array(positions, dtype=np.int64), count)
    assert np.flatnonzero(found).tolist() == sorted(set(positions))
    assert len(found) == count
