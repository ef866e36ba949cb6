"""What if places closed, opened, moved or changed their hours: who loses, who gains, what could take their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap import measures
from assetmap.errors import QuestionError
from assetmap.measures.walks import Walks
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import PlaceView
from assetmap.questions.answer import (
    DEPRIVED_DECILES,
    NEIGHBOURHOOD,
    Answer,
    and_words,
    area_layers,
    layers_holding,
    method_caveats,
    unplaced_caveats,
)
from assetmap.questions.fillers import could_replace
from assetmap.questions.supply import Supply, supply_of, walks_to
from assetmap.questions.walks import beside
from assetmap.scenarios import Change, Scenario, kinds_of, new_sites, refuse_strangers, touched
from assetmap.space import Floats
from assetmap.wording import opening, share_words

Flags = npt.NDArray[np.bool_]

WHAT_IF_COLUMNS: Final = (
    *NEIGHBOURHOOD, "people", "deprivation_decile", "share_before", "share_after", "people_losing", "people_gaining",
    "walk_minutes_before", "walk_minutes_after",
)  # fmt: skip
HOURS: Final = ("hours_per_week", "staffed_hours_per_week")


@dataclass(frozen=True, eq=False)
class _State:
    """Which of a supply's places, and then of a scenario's new sites, are of the kinds asked about and stand.

    ``hours`` has, for each of :data:`HOURS`, what every place offers before and after; NaN where nobody knows.
    """

    walks: Walks
    before: Flags
    after: Flags
    hours: dict[str, tuple[Floats, Floats]]


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
        ``parts``: ``replacements``, what stands near those who lose, and how many of them it is within the walk of.

    Raises
    ------
    QuestionError
        If there is no scenario, or one changes a place that is not mapped or of a kind that is not declared.
    """
    if not scenarios or not scenarios[0].changes:
        raise QuestionError("Say what would change: close, open, reopen or move a place, or change its hours.")
    for scenario in scenarios:
        refuse_strangers(view, scenario.changes)
    choices = [view.kind_choice(kind) for kind in (kinds or kinds_of(view, scenarios[0]))]
    supply = supply_of(view, choices)
    states = [_state(view, supply, scenario) for scenario in scenarios]
    before_m = states[0].walks.nearest_m(states[0].before)
    after_m = states[0].walks.nearest_m(states[0].after)
    changed = measures.change(view.origins, before_m, after_m, minutes, view.method)
    shapes = beside(view, changed)
    near_m = minutes * WALK_METRES_PER_MINUTE
    losing = (before_m <= near_m) & ~(after_m <= near_m)
    replacements = could_replace(view, losing, minutes, touched(view, scenarios[0])["asset_id"])
    affected = ["people_losing", "people_gaining", "people_further"]
    table = pd.DataFrame(shapes.drop(columns="geometry")).sort_values(affected, ascending=False, kind="stable")
    layer_ids = [choice.layer.id for choice in choices]
    return Answer(
        _title(scenarios[0], shapes, supply, minutes),
        _sentence(shapes, replacements),
        table.sort_values(
            ["people_losing", "people_gaining", "people_further"], ascending=False, kind="stable", ignore_index=True
        ),
        shapes,
        "Every walk is worked out once; a place that closes or opens changes which walks count. "
        f"{view.method_sentence} The same people are counted before and after. "
        "Walks of more than an hour are not followed.",
        view.provenance([*layer_ids, *area_layers(view), *layers_holding(view, "streets", "locators")]),
        WHAT_IF_COLUMNS,
        pd.concat(
            [_totals(view, state, each, minutes) for state, each in zip(states, scenarios, strict=True)],
            ignore_index=True,
        ),
        (*method_caveats(view), ROOM, *unplaced_caveats(view, layer_ids)),
        {"replacements": replacements},
        first_rows=int((table[affected] >= 0.5).any(axis=1).sum()),
    )


def _state(view: PlaceView, supply: Supply, scenario: Scenario) -> _State:
    sites = new_sites(scenario)
    walks = supply.walks.and_to(walks_to(view, sites)) if len(sites) else supply.walks
    position = {str(asset_id): index for index, asset_id in enumerate(supply.assets["asset_id"])}
    before = np.concatenate([supply.standing_now, np.zeros(len(sites), dtype=bool)])
    now = {name: _with_room(supply.assets[name], len(sites)) for name in HOURS}
    state = _State(walks, before, before.copy(), {name: (week, week.copy()) for name, week in now.items()})
    site_of = {int(index): len(position) + order for order, index in enumerate(sites["change"])}
    for index, each in enumerate(scenario.changes):
        old = position.get(each.what)
        new = site_of.get(index) if old is not None or each.what in supply.kinds else None
        if old is not None and each.action != "hours":
            state.after[old] = each.action == "reopen"
        if new is not None:
            state.after[new] = True
        _set_hours(state, each, old, new)
    return state


def _with_room(column: pd.Series[float], more: int) -> Floats:
    return np.concatenate([column.to_numpy(dtype=np.float64), np.full(more, np.nan)])


def _set_hours(state: _State, change: Change, old: int | None, new: int | None) -> None:
    """What moves keeps its hours, unless the change says other ones."""
    place = new if new is not None else old
    if place is None:
        return
    for name, said in zip(HOURS, (change.hours, change.staffed_hours), strict=True):
        now, then = state.hours[name]
        then[place] = said if said is not None else now[old if old is not None else place]


def _totals(view: PlaceView, state: _State, scenario: Scenario, minutes: float) -> pd.DataFrame:
    people = np.nan_to_num(view.origins["people"].to_numpy())
    areas = view.areas
    deprived = areas.loc[areas["imd_decile"].isin(DEPRIVED_DECILES), "area_code"]
    fifth = view.origins["area_code"].isin(deprived).to_numpy()
    near_m = minutes * WALK_METRES_PER_MINUTE
    nearest = [state.walks.nearest_m(standing) for standing in (state.before, state.after)]
    rows = [
        (f"people within {minutes:g} minutes", *(float(people[metres <= near_m].sum()) for metres in nearest)),
        (
            "of them in the most deprived fifth of England",
            *(float(people[fifth & (metres <= near_m)].sum()) for metres in nearest),
        ),
        ("minutes that half the people reached walk or less", *(_median_minutes(each, people) for each in nearest)),
        ("places", float(state.before.sum()), float(state.after.sum())),
    ]
    for name, words in zip(HOURS, ("hours a week", "hours a week with staff"), strict=True):
        now, then = state.hours[name]
        if np.isfinite(now[state.before]).any() or np.isfinite(then[state.after]).any():
            rows.append((words, float(np.nansum(now[state.before])), float(np.nansum(then[state.after]))))
    frame = pd.DataFrame(rows, columns=["measure", "no_change", "then"])
    frame.insert(0, "scenario", scenario.name)
    return frame.assign(difference=frame["then"] - frame["no_change"])


def _median_minutes(metres: Floats, people: Floats) -> float:
    """The walk that half of the people reached make or less; NaN where nobody is reached."""
    reached = np.flatnonzero(np.isfinite(metres) & (people > 0))
    if not len(reached):
        return float("nan")
    order = reached[np.argsort(metres[reached], kind="stable")]
    covered = np.cumsum(people[order])
    middle = int(np.searchsorted(covered, covered[-1] * (0.5 - 1e-12)))
    return float(metres[order[middle]]) / WALK_METRES_PER_MINUTE


def _title(scenario: Scenario, shapes: gpd.GeoDataFrame, supply: Supply, minutes: float) -> str:
    losing, gaining = (float(np.nansum(shapes[name])) for name in ("people_losing", "people_gaining"))
    name = scenario.name[:1].upper() + scenario.name[1:] or "This change"
    lose = f"{losing:,.0f} people lose {supply.one} within {minutes:g} minutes"
    gain = (
        f"{gaining:,.0f} gain one"
        if losing >= 0.5
        else f"{gaining:,.0f} people gain {supply.one} within {minutes:g} minutes"
    )
    if losing >= 0.5 and gaining >= 0.5:
        return f"{name}: {lose}, and {gaining:,.0f} gain one"
    if losing < 0.5 and gaining < 0.5:
        further = float(np.nansum(shapes["people_further"]))
        rest = f"; {further:,.0f} walk further" if further >= 0.5 else ""
        return f"{name}: nobody loses or gains {supply.one} within {minutes:g} minutes{rest}"
    return f"{name}: {lose if losing >= 0.5 else gain}"


def _sentence(shapes: gpd.GeoDataFrame, replacements: pd.DataFrame) -> str:
    losing = shapes["people_losing"].fillna(0.0).to_numpy(dtype=np.float64)
    if losing.sum() < 0.5:
        return "Their walks, place by place, are in the table."
    deprived = shapes["deprivation_decile"].isin(DEPRIVED_DECILES).to_numpy()
    share = float(losing[deprived].sum() / losing.sum())
    everybody = shapes["people"].fillna(0).to_numpy(dtype=np.float64)
    usual = float(everybody[deprived].sum() / max(everybody.sum(), 1.0))
    who = (
        f"{opening(share_words(share))} of those who lose live in the most deprived fifth of England, where "
        f"{share_words(usual)} of all here live."
    )
    told = zip(replacements["name"].head(3), replacements["layer_title"].head(3), strict=True)
    first = [f"{name} ({title.lower()})" for name, title in told]
    near = f" Within the walk of most of them already: {and_words(first)}." if first else ""
    return who + near


ROOM: Final = (
    "Near does not say that a place has room, hours, or the same to offer: ask the people who run it and who use it."
)
