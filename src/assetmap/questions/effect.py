"""All that a scenario does, measure by measure: in the whole place, by neighbourhood, and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap import measures
from assetmap.measures import Offer
from assetmap.measures.inequality import Reading
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import Choice, PlaceView
from assetmap.questions.answer import DEPRIVED_DECILES, NEIGHBOURHOOD, per_1000_of_all
from assetmap.questions.gap_change import Reach, gap_table, reach_now, usual_kinds
from assetmap.questions.on_whom import by_age, by_tenth, how_unequal, inequality_table
from assetmap.questions.standing import Now, Sites, Then, now, sites_of
from assetmap.scenario_names import name_of
from assetmap.scenarios import Scenario, kinds_of
from assetmap.space import Floats

PER_1000: Final = "for every 1,000 people"

Row = tuple[str, str, float, float]
"""A measure's key and words, and its figure before and after."""

DIGITS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "people_within": 0, "people_in_fifth": 0, "walk_minutes": 1, "kinds_within": 1,
        "places": 0, "hours": 2, "staffed_hours": 2,
        "places_per_1000": 3, "hours_per_1000": 1, "staffed_hours_per_1000": 1,
    }
)  # fmt: skip
"""To how many decimals each measure of ``totals`` is told; hours as exactly as they are published, in quarters at the
least, so that a library open 51 hours a week takes 51 away."""

AS_PUBLISHED: Final = ("hours", "staffed_hours")
"""Measures of which noughts after the point go untold."""

COLUMN_OF: Final[dict[Offer, str]] = {"places": "places", "hours": "hours", "staffed hours": "staffed_hours"}
WORDS_OF: Final[dict[Offer, str]] = {
    "places": "places",
    "hours": "hours a week",
    "staffed hours": "hours a week with staff",
}
FALLS: Final[tuple[tuple[str, Offer], ...]] = (
    ("e2sfca", "places"), ("e2sfca", "hours"), ("e2sfca", "staffed hours"), ("2sfca", "places"), ("3sfca", "places"),
)  # fmt: skip
"""What is told of what falls to each, by which method."""

_BOTH: Final[tuple[tuple[str, Reading], ...]] = (("people_losing", "would lose"), ("people_gaining", "would gain"))


class Effect:
    """What a scenario does to everybody's access to some kinds of place.

    Parameters
    ----------
    view, scenario
        The place, and what changes in it.
    choices
        What people must be able to walk to.
    minutes
        How long a walk counts as near.
    """

    def __init__(self, view: PlaceView, scenario: Scenario, choices: Sequence[Choice], minutes: float) -> None:
        self._view, self.scenario, self._minutes = view, scenario, minutes
        self._walk = view.walk(minutes)
        self.near_m = minutes * WALK_METRES_PER_MINUTE
        self._sites: Sites = sites_of(view, scenario)
        self.now: Now = now(view, choices, minutes)
        self.then = Then(self.now, scenario, self._sites)

    @cached_property
    def changed(self) -> pd.DataFrame:
        """What :func:`assetmap.measures.change` gives."""
        today = self.now
        return measures.change(today.by_area, today.nearest_m, self.then.nearest_m, self._minutes, today.reached)

    @cached_property
    def gaps(self) -> pd.DataFrame:
        """What :func:`assetmap.questions.gap_change.gap_table` gives; no rows where no such kind stands."""
        usual = usual_kinds(self._view)
        kinds = [kind for kind in kinds_of(self._view, self.scenario) if kind in usual]
        before, after = self._reach(kinds)
        if not before.standing | after.standing:
            return pd.DataFrame()
        return gap_table(self._view, before, after, (self._minutes, tuple(kinds)))

    def _reach(self, kinds: Sequence[str]) -> tuple[Reach, Reach]:
        """Which kinds people have within the walk, before and after some of them change."""
        usual = usual_kinds(self._view)
        today = {kind: now(self._view, [usual[kind]], self._minutes) for kind in kinds}
        then = {
            kind: self.then if each is self.now else Then(each, self.scenario, self._sites)
            for kind, each in today.items()
        }
        stand_now = {kind: bool(each.standing.any()) for kind, each in today.items()}
        stand_then = {kind: bool(each.count) for kind, each in then.items()}
        base = reach_now(self._view, self._minutes)
        return (
            base.with_others({kind: each.nearest_m <= self.near_m for kind, each in today.items()}, stand_now),
            base.with_others({kind: each.nearest_m <= self.near_m for kind, each in then.items()}, stand_then),
        )

    @cached_property
    def _known(self) -> dict[Offer, str]:
        """The columns of what some place is known to offer, before or after."""
        now_, then = self.now, self.then
        return {
            offer: name for offer, name in COLUMN_OF.items()
            if offer == "places" or np.isfinite(now_.offers[offer][now_.standing]).any()
            or np.isfinite(then.offers[offer][then.stands]).any()
        }  # fmt: skip

    @property
    def hours_untold(self) -> int:
        """Of how many places that would stand nobody knows the hours, where those of others are told."""
        return int(np.isnan(self.then.offers["hours"][self.then.stands]).sum()) if "hours" in self._known else 0

    @cached_property
    def provision(self) -> pd.DataFrame:
        """Places in each neighbourhood; places, hours and staffed hours for every 1,000 people; before and after."""
        people = self.now.by_area.area_people
        columns: dict[str, Floats] = {}
        for offer, name in self._known.items():
            for when, state in (("before", self.now), ("after", self.then)):
                columns[f"{name}_per_1000_{when}"] = 1000.0 * measures.divided(state.provided(offer).supply, people)
        stand = {"places_before": self.now.provided("places").count, "places_after": self.then.provided("places").count}
        return self.now.by_area.frame({**stand, **columns, "few_people": people < measures.FEW_PEOPLE})

    @cached_property
    def falls(self) -> pd.DataFrame:
        """What falls to every 1,000 people of each neighbourhood when everybody near shares it, before and after."""
        columns = {}
        for method, offer in FALLS:
            if offer not in self._known:
                continue
            for when, state in (("before", self.now), ("after", self.then)):
                columns[f"{COLUMN_OF[offer]}_{method}_{when}"] = state.falls(method, offer)
        return self.now.by_area.frame(columns)

    @property
    def totals(self) -> pd.DataFrame:
        """The whole place: a row a measure, with its ``key``, ``no_change``, ``then`` and ``difference``.

        The difference is that of the figures as they are shown (:data:`DIGITS`), so that what a reader sees adds up.
        """
        rows = [*self._walks_in_all(), *self._provided_in_all(), *self._kinds_in_all()]
        frame = pd.DataFrame(rows, columns=["key", "measure", "no_change", "then"])
        shown = [(round(now_, DIGITS[key]), round(then, DIGITS[key])) for key, _, now_, then in rows]
        apart = [round(then - now_, DIGITS[key]) for key, (now_, then) in zip(frame["key"], shown, strict=True)]
        frame.insert(0, "scenario", name_of(self._view, self.scenario))
        return frame.assign(difference=pd.Series(apart, dtype="float64"))

    def _walks_in_all(self) -> list[Row]:
        people = np.nan_to_num(self.now.by_area.people)
        fifth = self._view.once("in the most deprived fifth", lambda: _in_the_fifth(self._view))
        states = (self.now.nearest_m, self.then.nearest_m)
        before, after = (float(people[metres <= self.near_m].sum()) for metres in states)
        fifth_before, fifth_after = (float(people[fifth & (metres <= self.near_m)].sum()) for metres in states)
        goes = "walk" if self._view.method == "walking" else "are away in a straight line,"
        walk_before, walk_after = (_median_minutes(metres, people) for metres in states)
        return [
            ("people_within", f"people within {self._walk}", before, after),
            ("people_in_fifth", "of them in the most deprived fifth of England", fifth_before, fifth_after),
            ("walk_minutes", f"minutes that half the people {goes} or less", walk_before, walk_after),
        ]

    def _provided_in_all(self) -> list[Row]:
        rows: list[Row] = []
        for offer, column in self._known.items():
            now_, then = self.now.offers[offer][self.now.standing], self.then.offers[offer][self.then.stands]
            rows.append((column, WORDS_OF[offer], float(np.nansum(now_)), float(np.nansum(then))))
        view = self._view
        each = [
            (f"{key}_per_1000", f"{words} {PER_1000}", per_1000_of_all(view, now_), per_1000_of_all(view, then))
            for key, words, now_, then in rows
        ]
        return [*rows, *each]

    def _kinds_in_all(self) -> list[Row]:
        people = self.now.by_area.area_people
        if not len(self.gaps):
            return []
        before, after = (_mean(self.gaps[f"kinds_within_{when}"].to_numpy(), people) for when in ("before", "after"))
        return [("kinds_within", f"kinds of place within {self._walk} of the average person", before, after)]

    def parts(self, shapes: gpd.GeoDataFrame) -> dict[str, pd.DataFrame]:
        """The further tables of the answer; ``shapes`` are its rows, in the order of the place's neighbourhoods."""
        happens = [column for column, _ in _BOTH if float(np.nansum(shapes[column])) >= 0.5]
        tenths = [by_tenth(shapes, column) for column, _ in _BOTH]
        gained = tenths[1].rename(columns={"per_1000": "gaining_per_1000"})
        tenth = tenths[0].rename(columns={"per_1000": "losing_per_1000"})
        tenth = tenth.drop(columns="areas_not_measured").join(gained[["people_gaining", "gaining_per_1000"]])
        unequal = [
            inequality_table(how_unequal(self._view, shapes, column, reading)).assign(of=column)
            for column, reading in _BOTH if column in happens
        ]  # fmt: skip
        named = pd.DataFrame({column: shapes[column] for column in NEIGHBOURHOOD})
        return {
            "provision": _changed_first(named, self.provision),
            "falls_to_each": _changed_first(named, self.falls),
            **({"gap_score": _changed_first(named, self.gaps)} if len(self.gaps) else {}),
            "by_tenth": tenth,
            "by_age": by_age(self._view, shapes, [column for column, _ in _BOTH]),
            "inequality": pd.concat(unequal, ignore_index=True) if unequal else pd.DataFrame(columns=["of", "index"]),
        }


def _in_the_fifth(view: PlaceView) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    deprived = view.areas.loc[view.areas["imd_decile"].isin(DEPRIVED_DECILES), "area_code"]
    return np.asarray(view.by_area.codes.isin(deprived)[view.by_area.area], dtype=bool)


def _mean(values: Floats, people: Floats) -> float:
    known = np.isfinite(values) & (people > 0)
    return float(np.average(values[known], weights=people[known])) if known.any() else float("nan")


def figure_words(key: str, value: float) -> str:
    """A figure of ``totals`` in words, to as many decimals as its measure is told."""
    if pd.isna(value):
        return "not known"
    told = f"{value:,.{DIGITS[key]}f}"
    return told.rstrip("0").rstrip(".") if key in AS_PUBLISHED else told


def _median_minutes(metres: Floats, people: Floats) -> float:
    """The walk that half of the people make or less; NaN where half or more walk over an hour or reach none.

    Those who reach none count as furthest: left out, they would shorten the walk by losing their place.
    """
    counted = np.flatnonzero(~np.isnan(metres) & (people > 0))
    if not len(counted):
        return float("nan")
    order = counted[np.argsort(metres[counted])]
    covered = np.cumsum(people[order])
    middle = metres[order[int(np.searchsorted(covered, covered[-1] * (0.5 - 1e-12)))]]
    return float(middle) / WALK_METRES_PER_MINUTE if np.isfinite(middle) else float("nan")


def _changed_first(named: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Figures beside each neighbourhood's name, those where most changes first.

    Most is the greatest change of any of the figures, beside the greatest change of that figure anywhere.
    """
    before = [column for column in figures.columns if column.endswith("_before")]
    after = [column.replace("_before", "_after") for column in before]
    now_, then = (figures[columns].to_numpy(dtype=np.float64, na_value=np.nan) for columns in (before, after))
    apart = np.nan_to_num(np.abs(then - now_))
    widest = apart.max(axis=0)
    order = np.argsort(-(apart / np.where(widest > 0, widest, 1.0)).max(axis=1), kind="stable")
    told = pd.concat([named, figures.reset_index(drop=True)], axis=1)
    return told.take(order).reset_index(drop=True)
