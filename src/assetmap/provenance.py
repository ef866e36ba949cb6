"""Where a figure's rows come from."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pandas as pd

from assetmap.records import SourceFile
from assetmap.wording import day_words


@dataclass(frozen=True)
class Provenance:
    """Where a figure's rows come from: what must stand beside every number that is published.

    Attributes
    ----------
    issues
        How many issues the source's last load raised.
    told
        What the load says of each file, its own first; nothing in older loads.
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
    told: tuple[SourceFile, ...] = ()

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """Each of its files with its own publisher, date and licence; of a load of before these were kept, as told."""
        if self.told:
            return self.told
        titles, publishers = self.title.split("; "), self.publisher.split("; ")
        if len(titles) != len(publishers):
            return (SourceFile(", ".join(titles), self.publisher, self.source_date, self.licence),)
        dates = [self.source_date, *[""] * (len(titles) - 1)]
        return tuple(SourceFile(*each, self.licence) for each in zip(titles, publishers, dates, strict=True))

    @property
    def dates(self) -> str:
        """The date of each file, parted as their titles are."""
        return "; ".join(file.source_date for file in self.files)

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
        told=tuple(SourceFile(**file) for file in json.loads(str(load["files"])).get("files", ())),
    )
