"""What if places closed, opened, moved or changed their hours: who loses, who gains, what could take their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap import measures
from assetmap.errors import QuestionError
from assetmap.placeview import PlaceView
from assetmap.questions.answer import (
    DEPRIVED_DECILES,
    NEIGHBOURHOOD,
    Answer,
    area_layers,
    measured_words,
    method_caveats,
    unplaced_caveats,
    walk_layers,
)
from assetmap.questions.context import ages_layers, ages_words
from assetmap.questions.differing import differing_caveats
from assetmap.questions.effect import FALLS, Effect, figure_words
from assetmap.questions.fillers import could_replace
from assetmap.questions.formulas import ACCESS, GAP, INEQUALITY, LOSES, PROVISION, Formula
from assetmap.questions.gap_change import usual_kinds
from assetmap.questions.known import known_of
from assetmap.questions.lost import ledgers
from assetmap.questions.makeup import Makeup, makeup_of
from assetmap.questions.naming import could_open_in
from assetmap.questions.supply import AN_HOUR, Supply, refuse_over_an_hour, refuse_without_people
from assetmap.questions.walks import beside
from assetmap.scenario_names import NAMED_AT_MOST, name_of
from assetmap.scenarios import Scenario, area_of, kinds_of, refuse_strangers, said, touched
from assetmap.wording import and_words, count_words, opening, people_words, share_words

WHAT_IF_COLUMNS: Final = (
    *NEIGHBOURHOOD, "people", "deprivation_decile", "share_before", "share_after", "people_losing", "people_gaining",
    "walk_minutes_before", "walk_minutes_after",
)  # fmt: skip


def whatif(
    view: PlaceView,
    scenarios: Sequence[Scenario],
    kinds: Sequence[str] = (),
    minutes: float = measures.WALK_MINUTES,
) -> Answer:
    """What some changes would do to everybody's access, compared with no change and with each other.

    Parameters
    ----------
    scenarios
        The first is told in full; the others are compared with it.
    kinds
        What people must be able to walk to; without any, the kinds of place that the first scenario changes.

    Returns
    -------
    Answer
        ``table``: every neighbourhood with the columns of :func:`assetmap.measures.change`, those with most people who
        lose first. ``totals``: a row a scenario and measure, with ``no_change``, ``then`` and ``difference``.
        ``parts``: ``changes``, a row a change of each scenario, in words, with what is known of the place;
        ``replacements``, what stands near those who lose, the likeliest to have room first, with why, and how many of
        those who lose it is within the walk of; ``by_tenth`` of England's deprivation and ``by_age``, who loses and who
        gains, and ``inequality``, the indexes of that; and, of every neighbourhood before and after, those where most
        changes first: ``provision``, how many places, and places, hours and staffed hours for every 1,000 people;
        ``falls_to_each``, what falls to every 1,000 people when everybody near shares it; ``gap_score``, with its rank
        and the kinds of place within reach (:mod:`assetmap.questions.gap_change`).

    Raises
    ------
    QuestionError
        If there is no scenario, one changes a place that is not mapped or of a kind that is not declared, or it is not
        known how many people live in any neighbourhood.
    """
    if not scenarios or not scenarios[0].changes:
        raise QuestionError("Say what would change: close, open, reopen or move a place, or change its hours.")
    refuse_over_an_hour(minutes)
    refuse_without_people(view)
    for scenario in scenarios:
        refuse_strangers(view, scenario.changes)
    choices = [view.kind_choice(kind) for kind in (kinds or kinds_of(view, scenarios[0]))]
    told = [Effect(view, scenario, choices, minutes) for scenario in scenarios]
    first = told[0]
    shapes = beside(view, first.changed)
    losing = (first.now.nearest_m <= first.near_m) & ~(first.then.nearest_m <= first.near_m)
    replacements = could_replace(view, losing, minutes, touched(view, scenarios[0])["asset_id"])
    affected = ["people_losing", "people_gaining", "people_a_minute_further"]
    table = pd.DataFrame(shapes.drop(columns="geometry")).sort_values(affected, ascending=False, kind="stable")
    layer_ids = [choice.layer.id for choice in choices]
    parts, makeup = first.parts(shapes), makeup_of(view, choices)
    made_of = f" {makeup.says}" if makeup else ""
    return Answer(
        _title(name_of(view, scenarios[0]), shapes, first.now.supply, view.walk(minutes))
        + _besides(view, scenarios[0], makeup, minutes),
        _sentence(shapes, replacements, made_of + _hours_words(first) + _known_words(view, scenarios[0])),
        table.reset_index(drop=True),
        shapes,
        "Every walk is worked out once, and a place that closes or opens changes which of them count, for the same "
        f"people before and after. {view.method_sentence}",
        view.provenance([*layer_ids, *_read_besides(view), *replacements["layer"]]),
        _brief(table),
        pd.concat([each.totals for each in told], ignore_index=True),
        (
            *differing_caveats(view, [*first.now.supply.asset_ids, *replacements["asset_id"]]),
            *_counted_caveats(view, first),
            *method_caveats(view),
            AN_HOUR,
            ROOM,
            *ages_words(view),
            *unplaced_caveats(view, layer_ids),
        ),
        {"changes": _changes(view, scenarios), "replacements": replacements, **parts},
        first_rows=int((table[affected] >= 0.5).any(axis=1).sum()),
        formulas=(LOSES, *_formulas(parts)),
        measured=measured_words(view),
    )


def _changes(view: PlaceView, scenarios: Sequence[Scenario]) -> pd.DataFrame:
    """A row a change: its scenario, what happens in words, to what and where, and what is known of the place."""
    rows = []
    for scenario in scenarios:
        name, emptied = name_of(view, scenario), _emptied(scenario)
        for each in scenario.changes:
            known = known_of(view, [each.what]).strip() if each.what in emptied else ""
            asset_id = None if each.action == "open" else each.what
            rows.append((name, said(view, each), each.action, asset_id, *(each.lon_lat or (np.nan, np.nan)), known))
    return pd.DataFrame(rows, columns=["scenario", "change", "action", "asset_id", "lon", "lat", "known"])


def _brief(table: pd.DataFrame) -> tuple[str, ...]:
    """The columns that a reader sees: where nobody loses or gains, whose walk grows in place of two of noughts."""
    happens = ["people_losing", "people_gaining"]
    if table[happens].sum().max() >= 0.5:
        return WHAT_IF_COLUMNS
    first = WHAT_IF_COLUMNS.index(happens[0])
    kept = [name for name in WHAT_IF_COLUMNS if name not in happens]
    return (*kept[:first], "people_a_minute_further", *kept[first:])


def _read_besides(view: PlaceView) -> list[str]:
    """The layers that every answer reads: of closures, of people and their ages, of walks and of the gap score."""
    scored = [choice.layer.id for choice in usual_kinds(view).values()]
    return [*ledgers(view), *area_layers(view), *ages_layers(view), *walk_layers(view), *scored]


def _formulas(parts: Mapping[str, pd.DataFrame]) -> tuple[Formula, ...]:
    """What the further tables are worked out by, each where there is such a table."""
    methods = dict.fromkeys(method for method, _ in FALLS)
    return (
        PROVISION,
        *(ACCESS[method] for method in methods),
        *((GAP,) if "gap_score" in parts else ()),
        *(INEQUALITY if len(parts["inequality"]) else ()),
    )


def _title(name: str, shapes: gpd.GeoDataFrame, supply: Supply, walk: str) -> str:
    losing, gaining = (float(np.nansum(shapes[name])) for name in ("people_losing", "people_gaining"))
    name = opening(name)
    lose = f"{count_words(losing, 'person loses', 'people lose')} {supply.one} within {walk}"
    gain = f"{count_words(gaining, 'person gains', 'people gain')} {supply.one} within {walk}"
    if losing >= 0.5 and gaining >= 0.5:
        return f"{name}: {lose}, and {count_words(gaining, 'gains', 'gain')} one"
    if losing < 0.5 and gaining < 0.5:
        further = float(np.nansum(shapes["people_a_minute_further"]))
        rest = f"; for {people_words(further)} it is a minute or more further" if further >= 0.5 else ""
        return f"{name}: nobody loses or gains {supply.one} within {walk}{rest}"
    return f"{name}: {lose if losing >= 0.5 else gain}"


def _besides(view: PlaceView, scenario: Scenario, makeup: Makeup | None, minutes: float) -> str:
    """``; 1,200 people lose one other than a place of worship``, where most of what is counted is of one kind."""
    if makeup is None or makeup.count == makeup.total:
        return ""
    changed = Effect(view, scenario, makeup.others, minutes).changed
    losing, gaining = (float(np.nansum(changed[name])) for name in ("people_losing", "people_gaining"))
    told = (
        (losing, count_words(losing, "person loses", "people lose")),
        (gaining, count_words(gaining, "person gains", "people gain")),
    )
    happens = and_words([words for count, words in told if count >= 0.5]) or "nobody loses or gains"
    return f"; {happens} {makeup.another}"


def _sentence(shapes: gpd.GeoDataFrame, replacements: pd.DataFrame, known: str) -> str:
    losing = shapes["people_losing"].fillna(0.0).to_numpy(dtype=np.float64)
    if losing.sum() < 0.5:
        changes = shapes[["people_gaining", "people_a_minute_further"]].sum().max() >= 0.5
        return f"{'Their walks, place by place, are in the table.' if changes else ''}{known}".strip()
    deprived = shapes["deprivation_decile"].isin(DEPRIVED_DECILES).to_numpy()
    share = float(losing[deprived].sum() / losing.sum())
    everybody = shapes["people"].fillna(0).to_numpy(dtype=np.float64)
    usual = float(everybody[deprived].sum() / max(everybody.sum(), 1.0))
    who = (
        f"{opening(share_words(share))} of those who lose live in the most deprived fifth of England, where "
        f"{share_words(usual)} of all here live."
    )
    return who + could_open_in(replacements, float(losing.sum())) + known


def _hours_words(effect: Effect) -> str:
    """How many hours a week all would be open together, where somebody's hours change: that moves nobody's walk."""
    if all(change.action != "hours" for change in effect.scenario.changes):
        return ""
    told = [
        f"{_OPEN_FOR[row['key']]} {figure_words(row['key'], row['then'])} hours a week in place of "
        f"{figure_words(row['key'], row['no_change'])}"
        for row in effect.totals.to_dict("records")
        if row["key"] in _OPEN_FOR and row["difference"]
    ]
    return f" All {effect.now.supply.many} together would be {and_words(told)}." if told else ""


_OPEN_FOR: Final[Mapping[str, str]] = {"hours": "open", "staffed_hours": "staffed"}


def _counted_caveats(view: PlaceView, effect: Effect) -> tuple[str, ...]:
    """What is counted though it may not be what somebody means: places without hours, or outside the place."""
    changes, told = effect.scenario.changes, []
    if effect.hours_untold:
        places = count_words(effect.hours_untold, "place", "places")
        told.append(f"The hours of {places} that would stand are not known, and are in no sum of hours.")
    for change in changes:
        if change.hours == 0:
            told.append(f"{said(view, change)}. It is counted as standing: close it to see who would lose it.")
        if change.lon_lat is not None and area_of(view, change.lon_lat) is None:
            told.append(f"{said(view, change)} outside {view.name}, and is counted among its places all the same.")
    return tuple(told)


def _known_words(view: PlaceView, scenario: Scenario) -> str:
    """What is known of the places that would close, move or open again; of many, the table of changes tells it."""
    emptied = _emptied(scenario)
    return known_of(view, emptied) if len(emptied) <= NAMED_AT_MOST else ""


def _emptied(scenario: Scenario) -> list[str]:
    """The places that would close, move or open again."""
    return [each.what for each in scenario.changes if each.action in ("close", "move", "reopen")]


ROOM: Final = (
    "Near does not say that a place has room, hours, or the same to offer: ask the people who run it and who use it."
)
