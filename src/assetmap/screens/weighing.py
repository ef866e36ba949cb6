"""What counts as a gap, and how much: sliders whose weights the address holds, and why a score is high."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from assetmap.questions import Answer
from assetmap.questions.gap_index import PARTS, USUAL_WEIGHTS
from assetmap.questions.gaps import firm_words
from assetmap.screens import address, choices, fold, parts
from assetmap.wording import called, share_words

WEIGHTS: Final[Mapping[float, str]] = {
    0.0: "not at all",
    0.5: "half",
    1.0: "once",
    1.5: "one and a half times",
    2.0: "twice",
    2.5: "two and a half times",
    3.0: "three times",
    3.5: "three and a half times",
    4.0: "four times",
}
"""How the sliders can stand, and what people call it."""


@dataclass(frozen=True)
class Asked:
    """What the address asks to weigh, and plain notices about what it asked in vain."""

    weights: tuple[float, ...]
    need: str
    notices: tuple[str, ...] = ()

    @property
    def by_part(self) -> dict[str, float]:
        """The weight of each part of the score."""
        return dict(zip(PARTS, self.weights, strict=True))


def asked(known: Mapping[str, str]) -> Asked:
    """The weights and the need that the address names, or the usual ones.

    Parameters
    ----------
    known
        The needs that the place has figures of: id to title.
    """
    need = address.one_of(st.query_params, "need", known, next(iter(known)))
    usual = tuple(USUAL_WEIGHTS.values())
    text = st.query_params.get("weights", "")
    weights = _read(text) if text else usual
    if weights is not None:
        return Asked(weights, need.chosen[0], need.notices)
    told = address.notice("the weights", text)
    return Asked(usual, need.chosen[0], (*need.notices, told))


def _read(text: str) -> tuple[float, ...] | None:
    """One number a part, as the sliders can stand; ``None`` for anything else."""
    try:
        weights = tuple(float(word) for word in text.split(","))
    except ValueError:
        return None
    steps = all(weight in WEIGHTS for weight in weights)
    return weights if steps and len(weights) == len(PARTS) and any(weights) else None


def controls(now: Asked, known: Mapping[str, str]) -> None:
    """The sliders, behind a fold, and what counts as need."""
    with st.expander("What counts, and how much"):
        if len(known) > 1:
            choices.one_word("Need is", "need", known, next(iter(known)))
        keys = {part: choices.key_of(f"weight-{part}") for part in PARTS}
        for (part, title), weight in zip(PARTS.items(), now.weights, strict=True):
            st.session_state[keys[part]] = weight
            st.select_slider(
                title, list(WEIGHTS), key=keys[part], format_func=WEIGHTS.__getitem__, on_change=_write,
                args=(choices.scope_now(), keys),
            )  # fmt: skip
        st.caption("The link in the address bar keeps what you choose.")


def _write(scope: str, keys: Mapping[str, str]) -> None:
    usual = ",".join(f"{weight:g}" for weight in USUAL_WEIGHTS.values())
    chosen = [float(st.session_state.get(key, USUAL_WEIGHTS[part])) for part, key in keys.items()]
    choices.write(scope, "weights", ",".join(f"{weight:g}" for weight in chosen) if any(chosen) else usual, usual)


def why(answer: Answer) -> None:
    """Why one neighbourhood's score is as high as it is, and how firm its place is."""
    table = answer.table.dropna(subset=["gap_score"])
    if table.empty:
        return
    told = zip(table["neighbourhood_code"], table["neighbourhood_name"], table["locality"], strict=True)
    names = {str(code): called(str(name), locality) for code, name, locality in told}
    with parts.section("Why is this one high?"):
        choices.one_word("Neighbourhood", "why", names, next(iter(names)))
        code = address.one_of(st.query_params, "why", names, next(iter(names))).chosen[0]
        row = table[table["neighbourhood_code"] == code].iloc[0]
        st.write(
            f"It stands {_place(row, 'gap_rank')} of {len(table)}. {firm_words(float(row['share_in_top_tenth']))} In "
            f"nine of ten of them it stands {_between(row)}."
        )
        _bars(answer.part("why"), code)


def _place(row: pd.Series, column: str) -> str:
    whole = round(float(row[column]))
    ending = "th" if 10 <= whole % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole}{ending}"


def _between(row: pd.Series) -> str:
    low, high = _place(row, "rank_low"), _place(row, "rank_high")
    return low if low == high else f"between {low} and {high}"


def _bars(told: pd.DataFrame, code: str) -> None:
    rows = told[told["neighbourhood_code"] == code]
    figures = zip(rows["part"], rows["higher_than"].astype(float), rows["times"].astype(float), strict=True)
    fold.bars(
        [(PARTS[part], higher, f"{share_words(higher)}, {_moves(times)}") for part, higher, times in figures],
        "Of how many neighbourhoods here each part is higher than in the others, and what that does to the score",
        ("What counts", "Higher than in"),
    )


def _moves(times: float) -> str:
    """What a part does to the score of a neighbourhood in the middle: ``raises the score by 32%``."""
    percent = round(100 * (times - 1))
    return f"{'raises' if percent > 0 else 'lowers'} the score by {abs(percent)}%" if percent else "leaves the score"
