"""Opportunities: in which buildings that stand already something would do most if it opened there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final, Literal, get_args

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap import measures, space
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.measures.siting import Siting, cover_most, ranked_alone, shortest_walks
from assetmap.measures.walks import Walks
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import PlaceView
from assetmap.questions.answer import (
    DEPRIVED_DECILES,
    NEIGHBOURHOOD,
    Answer,
    and_words,
    area_layers,
    measured_words,
    method_caveats,
    unplaced_caveats,
    walk_layers,
)
from assetmap.questions.differing import differing_caveats
from assetmap.questions.fillers import doubtful, fillers, room_ranks, told_once
from assetmap.questions.formulas import COVERING, MEDIAN
from assetmap.questions.lost import ledgers
from assetmap.questions.standing import Then, now, sites_of
from assetmap.questions.supply import refuse_over_an_hour, refuse_without_people
from assetmap.scenario_names import name_of
from assetmap.scenarios import NO_CHANGE, Scenario, refuse_strangers
from assetmap.space import Floats
from assetmap.tables import Assets
from assetmap.wording import count_words, opening, people_words, share_words, short_name

Aim = Literal["people", "walks"]
AIMS: Final = get_args(Aim)

SITES_AT_MOST: Final = 20
RANKING: Final = (
    "rank", "name", "why", "layer_title", "kind", "owner", "run_by", *NEIGHBOURHOOD, "people_newly", "people_within",
)  # fmt: skip
COLUMNS: Final = (
    "order", "name", "why", "layer_title", "kind", "owner", "run_by", *NEIGHBOURHOOD, "adds", "people_newly",
    "people_within",
)  # fmt: skip


def sites(
    view: PlaceView,
    kind: str,
    choose: int = 3,
    aim: str = "people",
    layers: Sequence[str] = (),
    minutes: float = measures.WALK_MINUTES,
    scenario: Scenario = NO_CHANGE,
) -> Answer:
    """The best few buildings of those that stand already in which to open a kind of place, existing ones kept.

    Parameters
    ----------
    kind
        What would open, such as ``library``.
    choose
        How many sites, at most.
    aim
        ``people`` brings most people newly within the walk (maximal covering); ``walks`` shortens everybody's walk most
        (the p-median).
    layers
        Only buildings of these; without any, every layer that could fill a gap.
    scenario
        Changes that are taken as made already: what they close stands no longer and is no building to choose, and what
        they open counts as existing.

    Returns
    -------
    Answer
        ``table``: every building with rooms, those chosen first with ``order`` from 1 and what each ``adds`` after
        those before it, then the likeliest to have room, with ``why``; ``people_newly`` and ``people_within`` tell what
        each would do by itself. Sites are chosen among those that are not in use by others
        (:data:`assetmap.uses.ROOMS`), unless all are. ``totals``: objective, bound, gap and whether
        the choice is proven to be the best. ``parts``: ``ranking``, every building by what it would do by itself, those
        that would do as much with the same ``rank``.

    Raises
    ------
    QuestionError
        If there is no building to choose from, the scenario changes a place that is not mapped, or it is not known
        how many people live in any neighbourhood.
    UnknownNameError
        If a kind, layer or aim is not known.
    """
    refuse_over_an_hour(minutes)
    refuse_without_people(view)
    if aim not in AIMS:
        raise UnknownNameError("aim", aim, AIMS)
    if not 1 <= choose <= SITES_AT_MOST:
        raise QuestionError(f"Choose from 1 to {SITES_AT_MOST} sites, not {choose}.")
    choice = view.kind_choice(kind)
    refuse_strangers(view, scenario.changes)
    buildings, walks = _buildings(view, kind, layers, _gone(scenario))
    among = _free(buildings)
    today = now(view, [choice], minutes)
    nearest_m = Then(today, scenario, sites_of(view, scenario)).nearest_m
    people = view.origins["people"].to_numpy()
    near_m = minutes * WALK_METRES_PER_MINUTE
    found = (
        cover_most(nearest_m, walks.subset(among).metres, people, choose, near_m)
        if aim == "people"
        else shortest_walks(nearest_m, walks.subset(among).metres, people, choose)
    )
    found = replace(found, chosen=tuple(int(each) for each in np.flatnonzero(among)[list(found.chosen)]))
    alone = ranked_alone(nearest_m, walks.metres, people, near_m)
    shapes = _told(view, buildings, found, alone)
    layer_ids = list(dict.fromkeys([choice.layer.id, *buildings["layer"]]))
    name = name_of(view, scenario) if scenario.changes else ""
    return Answer(
        _title(shapes, found, aim, choice.one, view.walk(minutes), name),
        _sentence(view, walks, nearest_m, found, near_m if aim == "people" else None)
        + _advice(shapes, int(among.sum()), aim),
        pd.DataFrame(shapes.drop(columns="geometry")),
        shapes,
        _method(view, choice.many, aim, name, found),
        view.provenance([*layer_ids, *ledgers(view), *area_layers(view), *walk_layers(view)]),
        COLUMNS,
        _totals(view, found, aim),
        (
            *differing_caveats(view, [*today.supply.asset_ids, *buildings["asset_id"]]),
            *method_caveats(view),
            AMONG_WHICH,
            ROOM_FOR_IT,
            *unplaced_caveats(view, layer_ids),
        ),
        {"ranking": _ranking(shapes)},
        first_rows=max(len(found.chosen), min(10, len(shapes))),
        formulas=(COVERING if aim == "people" else MEDIAN,),
        measured=measured_words(view),
    )


def _ranking(shapes: gpd.GeoDataFrame) -> pd.DataFrame:
    """Every candidate by itself, the one that would bring most people newly within the walk first."""
    first = ["people_newly", "people_within"]
    rows = shapes.sort_values(first, ascending=False, kind="stable", ignore_index=True)
    rank = rows["people_newly"].round(6).rank(ascending=False, method="min").astype("Int64")
    return pd.DataFrame(rows.assign(rank=rank)[list(RANKING)])


ROOM_FOR_IT: Final = (
    "A building on the list need not be free, safe or affordable: ask its owner, and the people who use it now."
)

_USED: Final = "{} in use by others, such as schools and places of worship: they stand last in the table, with why."

AMONG_WHICH: Final = (
    "Sites are chosen among buildings that are mapped already and that no register's words put in full use by others, "
    "unless all are."
)

_AIMS_IN_WORDS: Final = {
    "people": "Maximal covering: the sites that together bring most people newly within the walk",
    "walks": "The p-median: the sites that together shorten everybody's walk most, a walk of more than an hour "
    "counted as an hour",
}


def _gone(scenario: Scenario) -> frozenset[str]:
    """The places that a scenario takes from where they stand."""
    return frozenset(change.what for change in scenario.changes if change.action in ("close", "move"))


def _method(view: PlaceView, many: str, aim: str, name: str, found: Siting) -> str:
    made = f" once this is done ({name})" if name else ""
    proof = "no better choice is possible" if found.proven else f"the choice is within {found.gap:.1%} of the best"
    return (
        f"{_AIMS_IN_WORDS[aim]}, with the {many} there are{made} kept and counted; solved exactly by HiGHS, which "
        f"proves that {proof}. {view.method_sentence}"
    )


def _free(buildings: Assets) -> npt.NDArray[np.bool_]:
    """Among which buildings to choose: those that are not in use by others, or all where there are no such."""
    free = np.asarray(buildings["room"] != "in_use", dtype=bool)
    return free if free.any() else np.ones(len(buildings), dtype=bool)


def _buildings(view: PlaceView, kind: str, layers: Sequence[str], gone: Collection[str]) -> tuple[Assets, Walks]:
    """Buildings with rooms that could be chosen, and the walks to them.

    Each stands once, holds none of the kind already, is not ``gone``, and is known to stand where it is mapped.
    """
    if layers:
        view.choose((), layers)
    assets, walks = fillers(view)
    taken = {*gone, *view.of(view.kind_choice(kind))["asset_id"]}
    taken |= view.same_buildings.of(taken)
    kept = np.array(
        [
            room != "none" and each != kind and (not layers or layer in layers) and asset_id not in taken
            for asset_id, layer, each, room in assets[["asset_id", "layer", "kind", "room"]].itertuples(index=False)
        ],
        dtype=bool,
    )
    kept &= ~doubtful(view, assets)
    kept[kept] = told_once(view, assets[kept])
    if not kept.any():
        raise QuestionError(
            f"No building that could be opened up is mapped in {view.name}. Load a register of public land and "
            "buildings, or of community buildings."
        )
    return Assets(assets[kept].reset_index(drop=True)), walks.subset(kept)


def _told(view: PlaceView, buildings: Assets, found: Siting, alone: pd.DataFrame) -> gpd.GeoDataFrame:
    named = view.neighbourhood_columns().drop(columns="geometry").set_index("neighbourhood_code", drop=False)
    where = named.reindex(buildings["area_code"]).reset_index(drop=True)
    titles = {layer.id: layer.title for layer in view.layers.values()}
    rows = gpd.GeoDataFrame(buildings[["asset_id", "name", "why", "layer", "kind", "owner", "run_by", "geometry"]])
    rows["layer_title"] = rows["layer"].map(titles)
    for column in NEIGHBOURHOOD:
        rows[column] = where[column]
    order, adds = pd.Series(pd.NA, index=rows.index, dtype="Int64"), pd.Series(np.nan, index=rows.index)
    for place, (position, added) in enumerate(zip(found.chosen, found.adds, strict=True), start=1):
        order[position], adds[position] = place, added
    rows["order"], rows["adds"] = order, adds
    rows = rows.join(alone).assign(rank=room_ranks(buildings))
    by = {"order": True, "rank": True, "people_newly": False}
    rows = rows.sort_values([*by], ascending=[*by.values()], na_position="last", kind="stable").drop(columns="rank")
    return gpd.GeoDataFrame(rows.reset_index(drop=True), crs=space.STORED_CRS)


def _totals(view: PlaceView, found: Siting, aim: str) -> pd.DataFrame:
    level = " of level ground that take as long" if view.allows_for_hills else ""
    unit = "people newly within the walk" if aim == "people" else f"person-metres{level}, walked by everybody"
    row = {"unit": unit, "objective": found.objective, "bound": found.bound, "gap": found.gap, "proven": found.proven}
    return pd.DataFrame([{"sites": len(found.chosen), "people": found.people, **row}])


def _title(shapes: gpd.GeoDataFrame, found: Siting, aim: str, one: str, walk: str, name: str) -> str:
    told = _finding(shapes, found, aim, one, walk)
    return f"{opening(name)}: {told}" if name else opening(told)


def _finding(shapes: gpd.GeoDataFrame, found: Siting, aim: str, one: str, walk: str) -> str:
    names = [short_name(str(name)) for name in shapes["name"].head(len(found.chosen))]
    if not names:
        return f"no building mapped here would bring anybody newly within {walk} of {one}"
    where = f"{one} in {and_words(names[:3])}{_more(len(names) - 3)}"
    if aim == "people":
        return f"{where} would bring {people_words(found.people)} newly within {walk}"
    return f"{where} would shorten the walk of {people_words(found.people)}"


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def _sentence(view: PlaceView, walks: Walks, nearest_m: Floats, found: Siting, near_m: float | None) -> str:
    """How many of those for whom the sites do something live in the most deprived fifth of England.

    That is who has one newly within so many metres, or where there is no such limit, whose walk would be shorter.
    """
    chosen = np.zeros(walks.places, dtype=bool)
    chosen[list(found.chosen)] = True
    people = np.nan_to_num(view.origins["people"].to_numpy())
    then_m = walks.nearest_m(chosen)
    helped = then_m < nearest_m if near_m is None else (then_m <= near_m) & (nearest_m > near_m)
    deprived = view.areas.loc[view.areas["imd_decile"].isin(DEPRIVED_DECILES), "area_code"]
    fifth = view.origins["area_code"].isin(deprived).to_numpy()
    total = float(people[helped].sum())
    if total < 0.5:
        return ""
    share = float(people[helped & fifth].sum()) / total
    return f"{opening(share_words(share)) if share else 'None'} of them live in the most deprived fifth of England. "


def _advice(shapes: gpd.GeoDataFrame, among: int, aim: str) -> str:
    """Among how many buildings the sites were chosen, and what each adds after those before it."""
    chosen = shapes[shapes["order"].notna()]
    used = len(shapes) - among
    others = f" {_USED.format(count_words(used, 'more is', 'more are'))}" if used else ""
    if not len(chosen) or aim != "people":
        return others.strip()
    adds = [
        f"{short_name(str(name))} {people:,.0f}" for name, people in zip(chosen["name"], chosen["adds"], strict=True)
    ]
    return (
        f"Of the {count_words(among, 'building', 'buildings')} that may have room, "
        f"{'this' if len(adds) == 1 else 'these'} would bring most people near: {and_words(adds)}.{others}"
    )
