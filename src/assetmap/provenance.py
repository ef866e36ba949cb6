"""Where a figure's rows come from."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from assetmap.wording import day_words


@dataclass(frozen=True)
class Provenance:
    """Where a figure's rows come from: what must stand beside every number that is published.

    Attributes
    ----------
    issues
        How many issues the source's last load raised.
    """

    layer: str
    source: str
    title: str
    publisher: str
    source_date: str
    licence: str
    attribution: str
    loaded_at: str
    rows: int
    issues: int

    @property
    def cited(self) -> str:
        """``Libraries (Trafford Council, 2023)``: the register as a sentence names it, not the files joined to it."""
        title, publisher = (told.split("; ")[0] for told in (self.title, self.publisher))
        return f"{title} ({', '.join(filter(None, [publisher, day_words(self.source_date)]))})"


def provenance_of(load: pd.Series, issues: int) -> Provenance:
    """What the record of a load says, a row of :data:`assetmap.tables.LOAD_COLUMNS`."""
    return Provenance(
        layer=str(load["layer"]),
        source=str(load["source"]),
        title=str(load["title"]),
        publisher=str(load["publisher"]),
        source_date=str(load["source_date"] or ""),
        licence=str(load["licence"]),
        attribution=str(load["attribution"]),
        loaded_at=str(load["loaded_at"]),
        rows=int(load["stored"]),
        issues=issues,
    )
