"""The few numbers of each answer that people quote, each with what it rests on and what falls short."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from assetmap.layers import Layer
from assetmap.packs.wanted import Wanted
from assetmap.placeview import Choice, PlaceView, Provenance
from assetmap.questions import Answer
from assetmap.questions.answer import DEPRIVED_DECILES, method_caveats, unplaced_caveats
from assetmap.questions.ingredients import INGREDIENTS
from assetmap.questions.lost import has_ledger, undated_words
from assetmap.scenarios import Scenario, kinds_of
from assetmap.sources import LICENCES
from assetmap.values import year_of
from assetmap.wording import and_words, day_words, opening, or_words, share_words

ONLY_LISTED: Final = "What no register lists and nobody has added is not counted."
SOMEBODY: Final = 0.5


@dataclass(frozen=True)
class Number:
    """One number, as a summary tells it.

    Attributes
    ----------
    value
        In words or figures, such as ``236,301`` or ``62%``.
    says
        What it counts, a sentence that goes on from it.
    layers
        The titles of the layers that it counts.
    dates
        The first and the last date of their sources in words, as precise as each is known.
    licences
        Of these sources, in words.
    issues
        How many issues their rows raised.
    falls_short
        What to know before quoting it.
    """

    value: str
    says: str
    layers: str
    dates: str
    licences: str
    issues: int
    falls_short: str

    @property
    def rests_on(self) -> str:
        """Layer, dates, licences and issues on one line."""
        issues = f"{self.issues:,} issue{'' if self.issues == 1 else 's'}"
        return f"{self.layers}. Published {self.dates}. {self.licences}. {issues} found in the rows."


@dataclass(frozen=True, eq=False)
class _Told:
    """An answer whose numbers are sought."""

    view: PlaceView
    wanted: Wanted
    answer: Answer
    scenario: Scenario | None


def numbers_of(view: PlaceView, wanted: Wanted, about: str, answer: Answer, scenario: Scenario | None) -> list[Number]:
    """The numbers of one answer, the one to quote first."""
    return _OF[about](_Told(view, wanted, answer, scenario))


def _number(told: _Told, value: str, says: str, layers: Sequence[Layer], short: str) -> Number:
    ids = [layer.id for layer in layers]
    sources = told.view.provenance(ids)
    unplaced = unplaced_caveats(told.view, ids)[:1]
    return Number(
        value=value,
        says=says,
        layers="; ".join(layer.title for layer in layers),
        dates=_span(sources),
        licences=_licences(sources),
        issues=sum(source.issues for source in sources),
        falls_short=" ".join([short, *unplaced]),
    )


def _span(sources: Sequence[Provenance]) -> str:
    dates = sorted(source.source_date for source in sources if source.source_date)
    ends = dict.fromkeys(map(day_words, (dates[0], dates[-1]))) if dates else ["on a date not given"]
    return " to ".join(ends)


def _licences(sources: Iterable[Provenance]) -> str:
    named = dict.fromkeys(each for source in sources for each in source.licence.split("; "))
    return ", ".join(LICENCES.get(each, each) for each in named) or "Added by local people"


def _here(told: _Told) -> list[Number]:
    totals = told.answer.totals
    if totals.empty:
        return []
    counts = totals.groupby("layer", sort=False)["count"].sum()
    return [_counted(told, told.view.layers[str(layer)], int(count)) for layer, count in counts.items() if count]


def _counted(told: _Told, layer: Layer, count: int) -> Number:
    says = f"{layer.one if count == 1 else layer.many} in {told.view.name}"
    return _number(told, f"{count:,}", says, [layer], ONLY_LISTED)


def _gaps(told: _Told) -> list[Number]:
    choices, rows = _asked_about(told), told.answer.table
    measured = float((rows["people"] - rows["people_not_measured"]).sum())
    within = float(rows["people_within"].sum())
    if not measured:
        return []
    walk, one = told.view.walk(told.wanted.minutes), or_words([choice.one for choice in choices])
    layers, short = _read(told, _ids(choices)), _walks_fall_short(told)
    near = f"of {told.view.name}’s people live within {walk} of {one}"
    return [
        _number(told, opening(share_words(within / measured)), near, layers, short),
        _number(told, f"{measured - within:,.0f}", f"people live further than {walk} from {one}", layers, short),
    ]


def _walks_fall_short(told: _Told) -> str:
    """What to know of how walks were measured, after what the answer itself says first."""
    return " ".join(dict.fromkeys([*told.answer.caveats[:1], *method_caveats(told.view)[:1]]))


def _read(told: _Told, asked: Iterable[str]) -> list[Layer]:
    """The layers that a number rests on: where people live and what they walk along count as much as what is asked for.

    What else the answer names, such as what stands near those who lose, has no part in how many they are.
    """
    ids = set(asked)
    read = [told.view.layers[layer] for layer in dict.fromkeys(source.layer for source in told.answer.sources)]
    return [layer for layer in read if layer.id in ids or layer.holds not in ("assets", "figures")]


def _ids(choices: Sequence[Choice]) -> list[str]:
    return [choice.layer.id for choice in choices]


def _asked_about(told: _Told) -> list[Choice]:
    wanted, usual = told.wanted, [layer.id for layer in told.view.layers.values() if layer.gaps_first]
    return told.view.choose(wanted.kinds, () if wanted.kinds else wanted.layers or usual)


def _lost(told: _Told) -> list[Number]:
    if not has_ledger(told.view):
        return []
    rows = told.answer.table
    ledgers = [layer for layer in told.view.layers.values() if layer.id in set(rows["layer"]) or layer.tells == "lost"]
    years = [year for year in map(year_of, rows["closed_on"].dropna()) if year]
    since = f" since {min(years)}" if years else ""
    says = f"closures recorded in {told.view.name}{since}{undated_words(rows)}"
    numbers = [_number(told, f"{len(rows):,}", says, ledgers, ONLY_LISTED)]
    placed = rows["deprivation_decile"].dropna()
    if len(placed):
        there = int(placed.isin(DEPRIVED_DECILES).sum())
        fifth = "closures placed in a neighbourhood were in the most deprived fifth of England’s neighbourhoods"
        numbers.append(_number(told, f"{there:,} of {len(placed):,}", fifth, [*ledgers, *_read(told, ())], ONLY_LISTED))
    return numbers


def _what_if(told: _Told) -> list[Number]:
    rows, scenario = told.answer.table, told.scenario
    if scenario is None:
        return []
    kinds = told.wanted.kinds or kinds_of(told.view, scenario)
    choices = [told.view.kind_choice(kind) for kind in kinds]
    one, walk = or_words([choice.one for choice in choices]), told.view.walk(told.wanted.minutes)
    layers, short = _read(told, _ids(choices)), _walks_fall_short(told)
    losing, gaining = (float(np.nansum(rows[name])) for name in ("people_losing", "people_gaining"))
    numbers = [_number(told, f"{losing:,.0f}", f"people lose {one} within {walk}, {scenario.name}", layers, short)]
    if gaining >= SOMEBODY:
        says = f"people gain {one} within {walk}, {scenario.name}"
        gain = _number(told, f"{gaining:,.0f}", says, layers, short)
        numbers = [gain, *numbers] if losing < SOMEBODY else [*numbers, gain]
    return [*numbers, *_deprived(told, rows, losing, layers, short)]


def _deprived(told: _Told, rows: pd.DataFrame, losing: float, layers: Sequence[Layer], short: str) -> list[Number]:
    if losing < SOMEBODY or rows["deprivation_decile"].isna().all():
        return []
    there = float(np.nansum(rows.loc[rows["deprivation_decile"].isin(DEPRIVED_DECILES), "people_losing"]))
    says = "of those who lose live in the most deprived fifth of England’s neighbourhoods"
    return [_number(told, opening(share_words(there / losing)), says, layers, short)]


def _profile(told: _Told) -> list[Number]:
    by_key = {each.key: each for each in INGREDIENTS}
    rows = told.answer.table[told.answer.table["share_within"].notna()].head(2)
    where = and_words(told.wanted.areas) or ("the area drawn" if told.wanted.outline else told.view.name)
    short = next(iter(told.answer.caveats), ONLY_LISTED)
    numbers = []
    for key, share in zip(rows["key"], rows["share_within"], strict=True):
        read = _read(told, [layer.id for layer in by_key[key].layers(told.view)])
        says = f"of the people of {where} live within {told.view.walk(told.wanted.minutes)} of {by_key[key].one}"
        numbers.append(_number(told, opening(share_words(float(share))), says, read, short))
    return numbers


_OF: Final[Mapping[str, Callable[[_Told], list[Number]]]] = MappingProxyType(
    {"here": _here, "profile": _profile, "whatif": _what_if, "gaps": _gaps, "lost": _lost}
)
