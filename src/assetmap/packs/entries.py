"""What a pack is asked -> its answers, each with its sheet, its tables and its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from assetmap import questions
from assetmap.packs.numbers import Number, numbers_of
from assetmap.packs.wanted import Wanted
from assetmap.placeview import PlaceView
from assetmap.printing import Terms, scenario_sheet, sheet_of
from assetmap.questions import Answer
from assetmap.questions.lost import has_ledger
from assetmap.questions.outlines import read_corners
from assetmap.scenarios import Scenario
from assetmap.sheets import Sheet
from assetmap.wording import and_words

ASKS: Final[Mapping[str, str]] = {
    "here": "What is here?",
    "profile": "What is {} made of?",
    "whatif": "What if: {}",
    "gaps": "Where could more open?",
    "lost": "What has been lost?",
}


@dataclass(frozen=True, eq=False)
class Entry:
    """One answer of a pack.

    Attributes
    ----------
    key
        What its files are named after, such as ``whatif-2``.
    asks
        The question, as people ask it.
    sheet
        Its map, where the answer has one.
    numbers
        Those to quote, the first one first.
    link
        The page of the app that shows it, after the app's own address.
    """

    key: str
    about: str
    asks: str
    answer: Answer
    sheet: Sheet | None
    numbers: tuple[Number, ...]
    link: str

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the answer as published, by the name of its file, without those that have no rows."""
        found = {self.key: self.answer.table, f"{self.key}-totals": self.answer.totals}
        found |= {f"{self.key}-{name.replace('_', '-')}": table for name, table in self.answer.parts.items()}
        return {name: self.answer.told(table) for name, table in found.items() if len(table)}


def entries_of(view: PlaceView, wanted: Wanted, england: PlaceView | None) -> tuple[Entry, ...]:
    """The answers that a pack is asked for, strengths first.

    Parameters
    ----------
    england
        England to compare a profile with, where it is loaded.
    """
    return tuple(entry for about in wanted.about for entry in _about(view, wanted, about, england))


def _about(view: PlaceView, wanted: Wanted, about: str, england: PlaceView | None) -> Iterator[Entry]:
    if about == "whatif":
        yield from (_changed(view, wanted, number) for number in range(len(wanted.scenarios)))
    elif about == "profile":
        outline = read_corners(wanted.outline) if wanted.outline else None
        answer = questions.profile(view, wanted.areas, outline, england, wanted.minutes)
        named = and_words(wanted.areas) or ("the area drawn" if outline else view.name)
        yield _entry(view, wanted, about, answer, None, ASKS[about].format(named))
    else:
        yield _standing(view, wanted, about)


def _standing(view: PlaceView, wanted: Wanted, about: str) -> Entry:
    """What is here, where the gaps are, or what was lost."""
    layers, kinds, minutes = wanted.layers, wanted.kinds, wanted.minutes
    if about == "gaps":
        answer = questions.gaps(view, kinds, layers, minutes)
        sheet: Sheet | None = sheet_of(view, "gaps", layers, kinds, terms=Terms(minutes))
    elif about == "lost":
        answer = questions.lost(view, kinds=kinds)
        sheet = sheet_of(view, "lost", layers, kinds) if has_ledger(view) else None
    else:
        answer, sheet = questions.here(view, kinds, layers), sheet_of(view, "here", layers, kinds)
    return _entry(view, wanted, about, answer, sheet, ASKS[about])


def _changed(view: PlaceView, wanted: Wanted, number: int) -> Entry:
    """One scenario; the first is compared with the others."""
    scenario = wanted.scenarios[number]
    beside = wanted.scenarios[1:] if number == 0 else ()
    answer = questions.whatif(view, [scenario, *beside], wanted.kinds, wanted.minutes)
    sheet = scenario_sheet(view, scenario, wanted.kinds, wanted.minutes)
    key = "whatif" if number == 0 else f"whatif-{number + 1}"
    return _entry(view, wanted, "whatif", answer, sheet, ASKS["whatif"].format(scenario.name), key, scenario)


def _entry(
    view: PlaceView,
    wanted: Wanted,
    about: str,
    answer: Answer,
    sheet: Sheet | None,
    asks: str,
    key: str = "",
    scenario: Scenario | None = None,
) -> Entry:
    numbers = tuple(numbers_of(view, wanted, about, answer, scenario))
    return Entry(key or about, about, asks, answer, sheet, numbers, wanted.link(about, scenario))
