"""A pack: answers, what they rest on, and a number that everybody who asks the same of the same files comes to."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final

import pandas as pd

from assetmap.errors import SettingError
from assetmap.exports import Part, csv_text
from assetmap.packs import register
from assetmap.packs.entries import Entry, entries_of
from assetmap.packs.numbers import Number
from assetmap.packs.wanted import Wanted
from assetmap.placeview import PlaceView
from assetmap.printing import layers_to_export, licence_text, parts_of
from assetmap.sheets.credits import attribution_lines

LOCAL: Final = "http://localhost:8501/"
"""Where 'assetmap serve' opens the app, unless it is told otherwise."""

FEWEST, MOST = 3, 5
"""How many numbers a summary tells."""

EARLIEST: Final = dt.date(1980, 1, 1)
"""A zip archive knows no day before this one."""

LATEST: Final = dt.date(2107, 12, 31)
"""Nor any day after this one."""

DIGITS: Final = 9
"""Significant digits of a figure in a table: more would tell how a machine adds up, not how things are."""

NOT_FOR_PASSING_ON: Final = "own"
_WRITTEN_BY_PEOPLE: Final = ("says", "how_known")
"""What people wrote when they added something: it may name somebody, or say how to reach them."""

LIMITS: Final = (
    "A pack informs judgement. It does not say what the law asks for, or whether a decision is right.",
    "What no register lists and nobody has added is not counted. What people added is counted, and marked as theirs.",
    "What people wrote when they added something is left out of the data files, as it may name somebody; groups stand "
    "to the nearest 500 m, and their addresses are not kept. Rows whose holder does not allow it are not passed on.",
    "The checksums show whether a file is still what it was when the pack was made. They are no signature: compare the "
    "pack’s number with the one printed on its maps, or make the pack again from the published files.",
)


@dataclass(frozen=True, eq=False)
class Pack:
    """An evidence pack before it is written.

    Attributes
    ----------
    pack_id
        Twelve hexadecimal digits of the digest of :attr:`evidence`; no clock is in it, so that whoever loads the same
        files and asks the same comes to the same number on any day.
    made_on
        The day it says it was made.
    title
        The finding.
    evidence
        The tables and methods as CSV, by the names of their files.
    register, changes
        Every source as it is loaded, and what changed.
    places
        The ids of the places that were read: its own and, where it stands beside that, England.
    terms
        What must be said of every source, in its licence's words, source by source.
    attributions
        The same, each line once.
    parts
        Rows for the GeoPackage, those of each licence apart.
    address
        Where the app is, with which links begin.
    """

    wanted: Wanted
    pack_id: str
    made_on: dt.date
    place_name: str
    fictional: bool
    title: str
    entries: tuple[Entry, ...]
    evidence: Mapping[str, bytes]
    register: pd.DataFrame
    changes: pd.DataFrame
    places: tuple[str, ...]
    terms: str
    attributions: tuple[str, ...]
    parts: tuple[Part, ...]
    address: str

    @property
    def has_added(self) -> bool:
        """Whether people added anything, which no published file holds."""
        return bool((self.changes["what"] == register.ADDED).any())

    @property
    def numbers(self) -> tuple[Number, ...]:
        """Three to five numbers where there are so many: of what the pack is about, the first of each answer, others.

        Answers to one question, such as several editions, count as one answer with more numbers.
        """
        ranked = sorted(self._ranked(), key=lambda each: each[:3])
        first = sum(rank == 0 for _, rank, _, _, _ in ranked)
        chosen = ranked[: min(MOST, max(first + 1, FEWEST))]
        return tuple(number for *_, number in sorted(chosen, key=lambda each: each[2:4]))

    def _ranked(self) -> Iterator[tuple[bool, int, int, int, Number]]:
        """Each number: whether it is not the one that the title is about, its rank, its answer and place, itself."""
        about, told = subject(self.wanted, self.entries), Counter[str]()
        for at, entry in enumerate(self.entries):
            for place, number in enumerate(entry.numbers):
                rank = place + told[entry.about]
                yield (entry is not about or place > 0, rank, at, place, number)
            told[entry.about] += 1

    def url(self, entry: Entry) -> str:
        """The page of the app that shows one of the answers."""
        return self.address + entry.link

    @property
    def command(self) -> str:
        """The line that makes it again."""
        return self.wanted.command(self.made_on)


def pack_of(
    view: PlaceView,
    wanted: Wanted,
    made_on: dt.date | None = None,
    england: PlaceView | None = None,
    address: str = LOCAL,
) -> Pack:
    """The pack that answers what is wanted.

    Parameters
    ----------
    view
        The place, walked as ``wanted`` says.
    made_on
        The day it is to say it was made; today without one. The same store, question and day give the same bytes.
    england
        England to compare a profile with, where it is loaded.
    address
        Where the app is, with which links begin.

    Raises
    ------
    QuestionError, UnknownNameError
        If what is loaded cannot answer.
    SettingError
        If the day is one that an archive cannot hold.
    """
    day = made_on or dt.date.today()
    if not EARLIEST <= day <= LATEST:
        raise SettingError(f"A pack cannot be dated {day}: archives know the days from {EARLIEST} to {LATEST}.")
    wanted = replace(wanted, place=view.place_id, **asdict(view.walking))
    entries = entries_of(view, wanted, england)
    views = [view, *([england] if england is not None and wanted.beside_england else [])]
    sources = register.source_register(views, entries)
    evidence = evidence_of(entries, sources)
    pack_id = number_of(evidence)
    return Pack(
        wanted=wanted,
        pack_id=pack_id,
        made_on=day,
        place_name=view.name,
        fictional=view.fictional,
        title=wanted.title or subject(wanted, entries).answer.title,
        entries=tuple(_dated(entry, day, pack_id) for entry in entries),
        evidence=evidence,
        register=sources,
        changes=register.changes(view),
        attributions=tuple(attribution_lines(each for one in views for each in one.provenance(one.layers))),
        places=tuple(each.place_id for each in views),
        terms="\n".join(licence_text(each, each.provenance(each.layers)) for each in views),
        parts=tuple(passed_on(view)),
        address=address,
    )


def evidence_of(entries: Sequence[Entry], sources: pd.DataFrame) -> dict[str, bytes]:
    """What a pack says, as files: the numbers, each table, and how each answer was worked out from which files."""
    tables = {f"tables/{name}.csv": table for entry in entries for name, table in entry.tables.items()}
    told = {**tables, "methods.csv": register.methods(entries, sources), "numbers.csv": register.numbers(entries)}
    return {name: csv_text(told[name], DIGITS).encode("utf-8-sig") for name in sorted(told)}


def number_of(evidence: Mapping[str, bytes]) -> str:
    """The number of a pack: the digest of the list of its evidence, a line ``digest  name`` for each file."""
    lines = "".join(f"{hashlib.sha256(evidence[name]).hexdigest()}  {name}\n" for name in sorted(evidence))
    return hashlib.sha256(lines.encode()).hexdigest()[:12].upper()


def subject(wanted: Wanted, entries: Sequence[Entry]) -> Entry:
    """The answer that gives a pack its title: the one asked for first, or the first of those that are there."""
    order = {about: place for place, about in enumerate(wanted.about)}
    return min(entries, key=lambda entry: order[entry.about])


def _dated(entry: Entry, day: dt.date, pack_id: str) -> Entry:
    """The same answer, its sheet dated and numbered as the pack is."""
    return entry if entry.sheet is None else replace(entry, sheet=replace(entry.sheet, drawn_on=day, pack=pack_id))


def data_name(wanted: Wanted) -> str:
    """The file of a pack that holds its rows."""
    return f"data/{wanted.place}.gpkg"


def passed_on(view: PlaceView) -> list[Part]:
    """The rows of what is here and what was lost that may be passed on, without what people wrote."""
    held = {str(load.source) for load in view.loads.itertuples() if NOT_FOR_PASSING_ON in str(load.licence).split("; ")}
    parts = parts_of(view, layers_to_export(view)[0])
    kept = [replace(part, rows=part.rows[~part.rows["source"].isin(held)]) for part in parts]
    return [
        replace(part, rows=part.rows.drop(columns=[name for name in _WRITTEN_BY_PEOPLE if name in part.rows]))
        for part in kept
        if len(part.rows)
    ]
