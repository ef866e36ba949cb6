"""What closed by when: even periods from the first closure on record to the last, and access at the end of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from assetmap import measures
from assetmap.errors import QuestionError
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import Choice, PlaceView
from assetmap.questions.answer import (
    Answer,
    area_layers,
    count_words,
    measured_words,
    method_caveats,
    unknown_people_caveats,
    walk_layers,
)
from assetmap.questions.differing import differing_caveats
from assetmap.questions.lost import has_ledger, lost, no_ledger
from assetmap.questions.supply import refuse_over_an_hour, supply_of
from assetmap.questions.who_lost import told_kinds
from assetmap.space import Floats
from assetmap.values import year_of
from assetmap.wording import people_words

PERIODS: Final = (5, 4, 3)
"""How many periods more years than that are parted into; the first of these that leaves least over."""

MOMENT_COLUMNS: Final = (
    "year", "closed", "closed_so_far", "kinds_asked", "kinds_within", "people_within", "people_losing",
    "reach",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Reach:
    """What people could walk to at one moment: ``(kinds, origins)``, whether one of each kind was within the walk."""

    within: np.ndarray[tuple[int, int], np.dtype[np.bool_]]

    def kinds_each(self, people: Floats) -> float:
        """How many of the kinds a person could walk to, on average."""
        return float(self.within.sum(axis=0) @ people) / float(people.sum()) if people.sum() else float("nan")

    def people_of_any(self, people: Floats) -> float:
        """How many people could walk to one of the kinds or more."""
        return float(people[self.within.any(axis=0)].sum()) if len(self.within) else float("nan")

    def people_since(self, before: _Reach, people: Floats) -> float:
        """How many people could walk to a kind then and not now."""
        return float(people[(before.within & ~self.within).any(axis=0)].sum()) if len(self.within) else float("nan")


def lost_over_time(
    view: PlaceView,
    minutes: float = measures.WALK_MINUTES,
    since: int | None = None,
    until: int | None = None,
    kinds: Sequence[str] = (),
) -> Answer:
    """What had closed by the end of each of a few periods, and what people could walk to then.

    Parameters
    ----------
    since, until
        Years, both included, that the periods part; without them, from the first closure on record to the last.
    kinds
        What is asked about; all that closed, without any.

    Returns
    -------
    Answer
        As :func:`assetmap.questions.lost` tells it. ``parts``: ``moments``, a row for the end of the year before the
        first period and of each period, with the columns of :data:`MOMENT_COLUMNS`: ``closed`` since the moment
        before, ``kinds_asked`` (of which both closures and what stands today are known), ``kinds_within`` (how many of
        them a person could walk to, on average), ``people_within`` the walk of any, ``people_losing`` who could walk
        to one of the kinds at first and not then, and ``reach`` in words. NaN, and no words, where nothing can be
        worked out.

    Raises
    ------
    QuestionError
        If no closure has a date, or none is of these years.
    """
    refuse_over_an_hour(minutes)
    answer = lost(view, since, until, kinds)
    years = [year for year in map(year_of, answer.table["closed_on"].dropna()) if year]
    if not years:
        if has_ledger(view) and (kinds or since is not None or until is not None):
            raise QuestionError(f"{answer.title}, so there is nothing to tell period by period.")
        untold = f"No closure in {view.name} has a date, so nothing can be told period by period."
        raise QuestionError(untold if has_ledger(view) else no_ledger(view))
    at = moments(since or min(years), until or max(years))
    choices = [] if np.isnan(view.people) else _known(view, kinds)
    table = _moments(view, years, at, choices, minutes)
    undated = len(answer.table) - len(years)
    told = (f"{count_words(undated, 'closure has', 'closures have')} no date and can be on none of these maps.",)
    also = (*(told if undated else ()), *_other_years(view, answer, kinds))
    walked = (TODAYS, STOOD, *method_caveats(view)) if choices else unknown_people_caveats(view)
    layers = [choice.layer.id for choice in choices]
    counted = supply_of(view, choices).asset_ids if choices else []
    return replace(
        answer,
        sentence=_sentence(table, choices, view.walk(minutes)) or answer.sentence,
        method=_method(view, choices),
        sources=view.provenance(
            [*layers, *{source.layer for source in answer.sources}, *area_layers(view)]
            + (walk_layers(view) if choices else [])
        ),
        caveats=tuple(dict.fromkeys((*differing_caveats(view, counted), *answer.caveats, *also, *walked))),
        parts={"moments": table},
        measured=measured_words(view) if choices else "",
    )


def _other_years(view: PlaceView, answer: Answer, kinds: Sequence[str]) -> tuple[str, ...]:
    """How many closures are of other years than those asked about, or of nobody knows which."""
    others = len(lost(view, kinds=kinds).table) - len(answer.table)
    told = count_words(others, "closure is", "closures are")
    return (f"{told} of other years, or of none known, and on none of these maps.",) if others else ()


TODAYS: Final = (
    "Today's people are counted at every date, so that what changes is the places and not who lives near them."
)
STOOD: Final = "A place whose opening date nobody gives is taken to have stood all along."


def moments(first: int, last: int) -> list[int]:
    """The years at whose ends to look: the year before the first closure, then even periods up to the last.

    Parameters
    ----------
    first, last
        The years of the first and of the last closure.
    """
    span = last - first + 1
    periods = span if span <= max(PERIODS) else min(PERIODS, key=lambda count: (-span % count, -count))
    step = -(-span // periods)
    return [first - 1, *(min(first - 1 + step * place, last) for place in range(1, periods + 1))]


def _known(view: PlaceView, kinds: Sequence[str]) -> list[Choice]:
    """Kinds with a dated closure of which a register tells what stands today."""
    assets = view.assets
    dated = set(assets.loc[(assets["status"] == "closed") & assets["closed_on"].notna(), "kind"])
    return [choice for choice in told_kinds(view, kinds)[0] if choice.kinds[0] in dated]


def _moments(
    view: PlaceView, years: Sequence[int], at: Sequence[int], choices: Sequence[Choice], minutes: float
) -> pd.DataFrame:
    people = np.nan_to_num(view.origins["people"].to_numpy())
    reach = [_reach(view, choices, year, minutes) for year in at]
    so_far = [sum(year <= moment for year in years) for moment in at]
    nothing = float("nan")
    table = pd.DataFrame(
        {
            "year": at,
            "closed": np.diff(so_far, prepend=0),
            "closed_so_far": so_far,
            "kinds_asked": len(choices),
            "kinds_within": [each.kinds_each(people) if choices else nothing for each in reach],
            "people_within": [each.people_of_any(people) for each in reach],
            "people_losing": [each.people_since(reach[0], people) for each in reach],
        }
    )
    table["reach"] = [_reach_words(row, choices, view.walk(minutes)) for _, row in table.iterrows()]
    return table[list(MOMENT_COLUMNS)]


def _reach(view: PlaceView, choices: Sequence[Choice], year: int, minutes: float) -> _Reach:
    near_m = minutes * WALK_METRES_PER_MINUTE
    supplies = [supply_of(view, [choice]) for choice in choices]
    within = [each.walks.nearest_m(each.standing_on(f"{year:04d}-12-31")) <= near_m for each in supplies]
    return _Reach(np.array(within, dtype=bool).reshape(len(choices), len(view.origins)))


def _sentence(table: pd.DataFrame, choices: Sequence[Choice], walk: str) -> str:
    """Access at the first moment and at the last; empty where nothing can be worked out."""
    if not choices:
        return ""
    first, last = table.iloc[0], table.iloc[-1]
    losing, kinds = float(last["people_losing"]), len(choices)
    what = "one" if kinds == 1 else "one kind of place or more"
    lost = f" {losing:,.0f} of them have lost {what}." if losing >= 0.5 else ""
    ends = f"at the end of {first['year']:.0f}, and {{}} at the end of {last['year']:.0f}.{lost}"
    if kinds == 1:
        had = f"{first['people_within']:,.0f} had {choices[0].one} within {walk}"
        return f"Of today's people, {had} {ends.format(format(last['people_within'], ',.0f'))}"
    had = f"{first['kinds_within']:.1f} of {kinds} kinds of place within {walk}"
    return f"Today's people had {had}, on average, {ends.format(format(last['kinds_within'], '.1f'))}"


def _reach_words(moment: pd.Series, choices: Sequence[Choice], walk: str) -> str:
    """What people could walk to at a moment, short enough to stand beneath a small map."""
    if not choices:
        return ""
    if len(choices) == 1:
        return f"{people_words(moment['people_within'])} had {choices[0].one} within {walk}"
    return f"{moment['kinds_within']:.1f} of {len(choices)} kinds within {walk}, on average"


def _method(view: PlaceView, choices: Sequence[Choice]) -> str:
    dated = "A closure is on every map from the end of the period in which it closed"
    if not choices:
        return f"{dated}."
    known = f", and the {len(choices)} kinds are those of which both closures and what stands today are known"
    return f"{dated}{known if len(choices) > 1 else ''}. {view.method_sentence}"
