"""Shares in words: never everybody while somebody is left out, never nobody of some."""

from __future__ import annotations

import pytest

from assetmap.questions.answer import share_words


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
