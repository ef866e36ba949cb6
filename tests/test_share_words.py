"""Shares in words: never everybody while somebody is left out, never nobody of some."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetmap.wording import opening, share_words
from test_floors import MODULES


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.0, "100%"),
        (1.0 - 1e-12, "100%"),
        (1.0 - 16 / 236_000, "over 99%"),
        (0.994, "99%"),
        (0.5, "50%"),
        (0.006, "1%"),
        (0.001, "fewer than 1%"),
        (0.0, "0%"),
        (float("nan"), "an unknown share"),
    ],
)
def test_a_share_in_words(share: float, words: str) -> None:
    assert share_words(share) == words


@given(st.integers(1, 10_000_000), st.data())
def test_nobody_is_left_out_of_all_and_some_are_not_nobody(people: int, data: st.DataObject) -> None:
    some = data.draw(st.integers(0, people))
    assert (share_words(some / people) == "100%") == (some == people)
    assert (share_words(some / people) == "0%") == (some == 0)


@pytest.mark.parametrize(
    ("words", "begun"), [(share_words(0.001), "Fewer than 1%"), (share_words(0.6), "60%"), ("", "")]
)
def test_a_share_can_begin_a_sentence(words: str, begun: str) -> None:
    assert opening(words) == begun


def test_every_share_is_put_in_words_in_one_place() -> None:
    found = [path.stem for path in MODULES if ":.0%" in path.read_text(encoding="utf-8")]
    assert found == ["wording"]
