"""What a pack is asked -> its answers, each with its sheet, its tables and its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import pandas as pd
from shapely.geometry import Polygon

from assetmap import printing, questions
from assetmap.errors import QuestionError
from assetmap.packs.numbers import Number, numbers_of
from assetmap.packs.pages import link_of
from assetmap.packs.wanted import Wanted
from assetmap.placeview import PlaceView
from assetmap.printing import Terms
from assetmap.printing.shades import NO_SHADE, TOGETHER
from assetmap.questions import Answer
from assetmap.questions.gap_index import NEEDS
from assetmap.questions.indices import domains_of, editions_of
from assetmap.questions.lost import has_ledger
from assetmap.questions.outlines import read_corners
from assetmap.scenario_names import name_of
from assetmap.scenarios import NO_CHANGE, Scenario
from assetmap.sheets import Sheet
from assetmap.wording import and_words


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


@dataclass(frozen=True, eq=False)
class _Asked:
    """A pack's question of a place, and England where it is loaded to compare with."""

    view: PlaceView
    wanted: Wanted
    england: PlaceView | None

    @property
    def outline(self) -> Polygon | None:
        return read_corners(self.wanted.outline) if self.wanted.outline else None

    @property
    def terms(self) -> Terms:
        wanted = self.wanted
        return Terms(wanted.minutes, wanted.weights, wanted.need, wanted.since, wanted.until, wanted.shade)

    def entry(
        self,
        about: str,
        asks: str,
        answer: Answer,
        sheet: Sheet | None,
        key: str = "",
        scenario: Scenario | None = None,
    ) -> Entry:
        """One answer, with its numbers and its page."""
        numbers = tuple(numbers_of(self.view, self.wanted, about, answer, scenario))
        link = link_of(self.wanted, about, scenario)
        return Entry(key or about, about, asks, answer, sheet, numbers, link)


def entries_of(view: PlaceView, wanted: Wanted, england: PlaceView | None) -> tuple[Entry, ...]:
    """The answers that a pack is asked for, strengths first.

    Parameters
    ----------
    england
        England to compare a profile with, where it is loaded.
    """
    asked = _Asked(view, wanted, england)
    return tuple(entry for about in wanted.in_order for entry in _OF[about](asked))


def _here(asked: _Asked) -> Iterator[Entry]:
    layers, kinds = asked.wanted.layers_of("here"), asked.wanted.kinds_of("here")
    answer = questions.here(asked.view, kinds, layers)
    sheet = printing.sheet_of(asked.view, "here", layers, kinds, terms=_plain(asked), answer=answer)
    yield asked.entry("here", "What is here?", answer, sheet)


def _plain(asked: _Asked) -> Terms:
    """The terms of a sheet that is shaded by need or not at all."""
    shade = asked.wanted.shade
    wanted = asked.wanted
    return Terms(
        wanted.minutes,
        since=wanted.since,
        until=wanted.until,
        shade=shade if shade == NO_SHADE else "",
    )


def _profile(asked: _Asked) -> Iterator[Entry]:
    wanted = asked.wanted
    part = (wanted.areas, asked.outline, asked.england, wanted.minutes)
    answer = questions.profile(asked.view, *part)
    named = and_words(wanted.areas) or ("the area drawn" if wanted.outline else asked.view.name)
    sheet = printing.profile_sheet(asked.view, *part)
    yield asked.entry("profile", f"What is {named} made of?", answer, sheet)


def _deprivation(asked: _Asked) -> Iterator[Entry]:
    """The part asked about in each edition, or the whole place where none is; then what stands beside it."""
    view, wanted = asked.view, asked.wanted
    years = [year for year in editions_of(view)[::-1] if wanted.domain in domains_of(view, year)]
    part = bool(wanted.areas or wanted.outline)
    alone: list[int | None] = [wanted.edition] if wanted.edition and not wanted.by else [*years] or [None]
    told = [(year, "area" if part else "place") for year in alone]
    beside = (wanted.edition or next(iter(years), None), wanted.by or "place")
    told += [beside] if beside not in told else []
    for number, (year, by) in enumerate(told):
        yield _indices(asked, year, by, "deprivation" if not number else f"deprivation-{year}-{by}")


BESIDE: Final[Mapping[str, str]] = {"locality": "its parts of town", "authority": "England’s authorities"}
"""What may stand beside the place, and what it is called."""


def _indices(asked: _Asked, edition: int | None, by: str, key: str) -> Entry:
    view, wanted = asked.view, asked.wanted
    if by == "ward":
        raise QuestionError("A pack tells no wards: it could not be made again without their file.")
    areas, outline = (wanted.areas, asked.outline) if by == "area" else ((), None)
    answer = questions.deprivation(view, edition, wanted.domain, by, None, asked.england, areas, outline)
    what = "" if wanted.domain == "imd" else f", by {NEEDS[wanted.domain].lower()}"
    who = and_words(areas) or ("the area drawn" if outline else view.name)
    told = BESIDE.get(by, who)
    when = f" (Indices of {edition})" if edition else ""
    alone = replace(asked, wanted=replace(wanted, edition=edition, by=by if by in BESIDE else ""))
    part = (by, edition, wanted.domain, areas, outline)
    sheet = printing.deprivation_sheet(view, answer, *part) if by in printing.MAPPED_BY else None
    return alone.entry("deprivation", f"How deprived: {told}{what}{when}", answer, sheet, key)


def _whatif(asked: _Asked) -> Iterator[Entry]:
    yield from (_changed(asked, number) for number in range(len(asked.wanted.scenarios)))


def _changed(asked: _Asked, number: int) -> Entry:
    """One scenario; the first is compared with the others."""
    wanted, kinds = asked.wanted, asked.wanted.kinds_of("whatif")
    scenario = wanted.scenarios[number]
    beside = wanted.scenarios[1:] if number == 0 else ()
    answer = questions.whatif(asked.view, [scenario, *beside], kinds, wanted.minutes)
    sheet = printing.scenario_sheet(asked.view, scenario, kinds, wanted.minutes, answer=None if beside else answer)
    key = "whatif" if number == 0 else f"whatif-{number + 1}"
    return asked.entry("whatif", f"What if: {name_of(asked.view, scenario)}", answer, sheet, key, scenario)


def _sites(asked: _Asked) -> Iterator[Entry]:
    wanted = asked.wanted
    made = next(iter(wanted.scenarios), NO_CHANGE)
    (kind,), layers = wanted.kinds_of("sites"), wanted.layers_of("sites")
    answer = questions.sites(asked.view, kind, wanted.choose, wanted.aim, layers, wanted.minutes, made)
    one = asked.view.kind_choice(kind).one
    sheet = printing.sites_sheet(asked.view, answer, kind, made)
    yield asked.entry("sites", f"Where would {one} do most?", answer, sheet, "sites", made if made.changes else None)


def _play(asked: _Asked) -> Iterator[Entry]:
    view, areas = asked.view, asked.wanted.areas
    answer = questions.play_street_candidates(view, areas=areas)
    shade = _plain(asked).shade
    sheet = printing.play_sheet(view, answer, areas, shade=shade) if len(answer.table) else None
    yield asked.entry("play", "Which streets could children play in?", answer, sheet)


def _gaps(asked: _Asked) -> Iterator[Entry]:
    view, wanted = asked.view, asked.wanted
    kinds, layers = wanted.kinds_of("gaps"), wanted.layers_of("gaps")
    answer = questions.gaps(view, kinds, layers, wanted.minutes, wanted.weights, wanted.need, wanted.hot_spots)
    lacks_hot_spots = wanted.shade == TOGETHER and not wanted.hot_spots
    told = None if lacks_hot_spots else answer
    sheet = printing.sheet_of(view, "gaps", layers, kinds, terms=asked.terms, answer=told)
    yield asked.entry("gaps", "Where could more open?", answer, sheet)


def _access(asked: _Asked) -> Iterator[Entry]:
    wanted, kinds, layers = asked.wanted, asked.wanted.kinds_of("access"), asked.wanted.layers_of("access")
    answer = questions.access(asked.view, kinds, layers, wanted.method, wanted.offer, wanted.minutes)
    sheet = printing.access_sheet(asked.view, answer, kinds, layers)
    yield asked.entry("access", "What falls to each person?", answer, sheet)


def _lost(asked: _Asked) -> Iterator[Entry]:
    view, wanted = asked.view, asked.wanted
    layers, kinds = wanted.layers_of("lost"), wanted.kinds_of("lost")
    answer = questions.lost(view, wanted.since, wanted.until, kinds)
    terms = _plain(asked)
    sheet = printing.sheet_of(view, "lost", layers, kinds, terms=terms, answer=answer) if has_ledger(view) else None
    yield asked.entry("lost", "What has been lost?", answer, sheet)


def _who_lost(asked: _Asked) -> Iterator[Entry]:
    wanted = asked.wanted
    answer = questions.who_lost(asked.view, wanted.kinds_of("who_lost"), wanted.since, wanted.until, wanted.minutes)
    sheet = printing.who_lost_sheet(asked.view, answer, wanted.since, wanted.until)
    yield asked.entry("who_lost", "Who lost?", answer, sheet, "who-lost")


_OF: Final[Mapping[str, Callable[[_Asked], Iterator[Entry]]]] = MappingProxyType(
    {
        "here": _here, "profile": _profile, "deprivation": _deprivation, "whatif": _whatif, "sites": _sites,
        "play": _play, "gaps": _gaps, "access": _access, "lost": _lost, "who_lost": _who_lost,
    }
)  # fmt: skip
