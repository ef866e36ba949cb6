"""What a finding is made of, and how it is written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import Provenance
from assetmap.printing import source_line
from assetmap.space import Floats

MINUTES = 15
NEAR_M = MINUTES * WALK_METRES_PER_MINUTE


@dataclass(frozen=True)
class Finding:
    """One finding: what was found, in words and tables, how, how far it can be relied on, and on whose data."""

    title: str
    says: Sequence[str]
    tables: Sequence[tuple[str, pd.DataFrame]]
    how: str
    caveats: Sequence[str]
    sources: Sequence[Provenance]
    more: Sequence[str] = field(default=())

    def markdown(self) -> str:
        """The finding as a chapter."""
        parts = [f"## {self.title}", *self.says]
        parts += [f"{caption}\n\n{table_of(rows)}" for caption, rows in self.tables]
        parts += [*self.more, f"**How.** {self.how}", f"**Before relying on it.**\n\n{_list(self.caveats)}"]
        lines = [line for source in self.sources for line in source.attribution.split("\n")]
        parts.append(f"**Sources.**\n\n{_list(map(source_line, self.sources))}")
        return "\n\n".join([*parts, " ".join(dict.fromkeys(lines))]) + "\n"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def table_of(rows: pd.DataFrame) -> str:
    """Rows as a Markdown table; numbers to the right."""
    numeric = [pd.api.types.is_numeric_dtype(rows[name]) for name in rows.columns]
    lines = [list(map(str, rows.columns)), ["---:" if number else "---" for number in numeric]]
    lines += [[cell(value) for value in row] for row in rows.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def cell(value: Any) -> str:
    """A value of a table: whole numbers with commas, others to one decimal, nothing as a dash."""
    if value is None or value is pd.NA or value != value:
        return "–"
    if isinstance(value, float | np.floating):
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int | np.integer) else str(value).replace("|", "/")


def percent(share: float) -> str:
    """A share to one decimal of a per cent."""
    return "–" if share != share else f"{share:.1%}"


def median_minutes(metres: Floats, people: Floats) -> float:
    """The walk that half of the people for whom there is one make or less, in minutes at 80 metres each."""
    reached = np.isfinite(metres) & (people > 0)
    order = np.argsort(metres[reached], kind="stable")
    covered = np.cumsum(people[reached][order])
    if not len(covered):
        return float("nan")
    return float(metres[reached][order][np.searchsorted(covered, covered[-1] / 2)]) / WALK_METRES_PER_MINUTE
