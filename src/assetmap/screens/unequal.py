"""On whom something falls: bars by tenth of England's deprivation, and how unequal it is behind a fold."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

import pandas as pd

from assetmap.screens.fold import fold

_TENTHS: Final = {1: "Most deprived tenth", 10: "Least deprived tenth"}
_LEAST: Final = 0.5
"""Of every 100 people: what would else be told as none."""


def tenths(by_tenth: pd.DataFrame, per_1000: str) -> Sequence[tuple[str, float, str]]:
    """The rows of :func:`assetmap.screens.fold.bars`: of every 100 people in each tenth, those to whom it happens."""
    told = zip(by_tenth["deprivation_decile"].astype(int), by_tenth[per_1000].astype(float) / 10, strict=True)
    return [(_TENTHS.get(tenth, f"Tenth {tenth}"), share, _of_100(share)) for tenth, share in told]


def _of_100(share: float) -> str:
    if pd.isna(share):
        return "nobody lives there"
    return "under 1" if 0 < share < _LEAST else f"{share:.0f}"


def in_figures(inequality: pd.DataFrame, title: str) -> None:
    """The three indexes of inequality with their intervals, behind a fold."""
    rows = "".join(
        f"<tr><th scope='row'>{escape(str(row['index']))}</th><td>{_number(row['value'])}</td>"
        f"<td>{_number(row['low_95'])} to {_number(row['high_95'])}</td></tr>"
        for row in inequality.to_dict("records")
    )
    first = inequality.iloc[0]
    fold(
        title,
        f"<p>{escape(str(first['finding']))}</p><table class='am-bars'><thead><tr><th scope='col'>Index</th>"
        f"<th scope='col'>Value</th><th scope='col'>95% interval</th></tr></thead><tbody>{rows}</tbody></table>"
        f"<p>{escape(str(first['method']))}</p>",
    )


def _number(value: float) -> str:
    return "not known" if pd.isna(value) else f"{value:.2f}".replace("-", "−")
