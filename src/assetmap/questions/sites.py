"""Opportunities: in which buildings that stand already something would do most if it opened there."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, Literal, get_args

import geopandas as gpd
import numpy as np
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
    method_caveats,
    unplaced_caveats,
    walk_layers,
)
from assetmap.questions.fillers import fillers, told_once
from assetmap.questions.formulas import COVERING, MEDIAN
from assetmap.questions.standing import Then, now, sites_of
from assetmap.scenarios import NO_CHANGE, Scenario, refuse_strangers
from assetmap.tables import Assets
from assetmap.wording import opening, people_words, share_words

Aim = Literal["people", "walks"]
AIMS: Final = get_args(Aim)

SITES_AT_MOST: Final = 20
RANKING: Final = (
    "rank", "name", "layer_title", "kind", "owner", "run_by", *NEIGHBOURHOOD, "people_newly", "people_within",
)  # fmt: skip
COLUMNS: Final = (
    "order", "name", "layer_title", "kind", "owner", "run_by", *NEIGHBOURHOOD, "adds", "people_newly", "people_within",
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
        ``table``: every candidate, those chosen first with ``order`` from 1 and what each ``adds`` after those before
        it; ``people_newly`` and ``people_within`` tell what each would do by itself. ``totals``: objective, bound, gap
        and whether the choice is proven to be the best. ``parts``: ``ranking``, every candidate by what it would do by
        itself, those that would do as much with the same ``rank``.

    Raises
    ------
    QuestionError
        If there is no building to choose from, or the scenario changes a place that is not mapped.
    UnknownNameError
        If a kind, layer or aim is not known.
    """
    if aim not in AIMS:
        raise UnknownNameError("aim", aim, AIMS)
    if not 1 <= choose <= SITES_AT_MOST:
        raise QuestionError(f"Choose from 1 to {SITES_AT_MOST} sites, not {choose}.")
    choice = view.kind_choice(kind)
    refuse_strangers(view, scenario.changes)
    candidates, walks = _candidates(view, kind, layers, _gone(scenario))
    nearest_m = Then(now(view, [choice], minutes), scenario, sites_of(view, scenario)).nearest_m
    people = view.origins["people"].to_numpy()
    near_m = minutes * WALK_METRES_PER_MINUTE
    found = (
        cover_most(nearest_m, walks.metres, people, choose, near_m)
        if aim == "people"
        else shortest_walks(nearest_m, walks.metres, people, choose)
    )
    alone = ranked_alone(nearest_m, walks.metres, people, near_m)
    shapes = _told(view, candidates, found, alone)
    layer_ids = list(dict.fromkeys([choice.layer.id, *candidates["layer"]]))
    return Answer(
        _title(shapes, found, aim, choice.one, view.walk(minutes), scenario),
        _sentence(view, walks, nearest_m, found, near_m),
        pd.DataFrame(shapes.drop(columns="geometry")),
        shapes,
        _method(view, choice.many, aim, scenario),
        view.provenance([*layer_ids, *area_layers(view), *walk_layers(view)]),
        COLUMNS,
        _totals(found, aim),
        (*method_caveats(view), ROOM_FOR_IT, *unplaced_caveats(view, layer_ids)),
        {"ranking": _ranking(shapes)},
        first_rows=max(len(found.chosen), min(10, len(shapes))),
        formulas=(COVERING if aim == "people" else MEDIAN,),
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

_AIMS_IN_WORDS: Final = {
    "people": "Maximal covering: the sites that together bring most people newly within the walk.",
    "walks": "The p-median: the sites that together shorten everybody's walk most.",
}


def _gone(scenario: Scenario) -> frozenset[str]:
    """The places that a scenario takes from where they stand."""
    return frozenset(change.what for change in scenario.changes if change.action in ("close", "move"))


def _method(view: PlaceView, many: str, aim: str, scenario: Scenario) -> str:
    made = f" Taken as made already: {scenario.name}." if scenario.changes else ""
    return (
        f"{_AIMS_IN_WORDS[aim]} Existing {many} are kept and counted; candidates are buildings that are mapped "
        f"already.{made} Solved exactly by HiGHS, which proves how far from the best a choice can be. "
        f"{view.method_sentence}"
    )


def _candidates(view: PlaceView, kind: str, layers: Sequence[str], gone: Collection[str]) -> tuple[Assets, Walks]:
    """Buildings with rooms, each once, that hold none of the kind already and are not ``gone``; the walks to them."""
    if layers:
        view.choose((), layers)
    assets, walks = fillers(view)
    rooms = view.kinds_with_rooms
    taken = {*gone, *view.of(view.kind_choice(kind))["asset_id"]}
    taken |= view.same_buildings.of(taken)
    kept = np.array(
        [
            (layer, each) in rooms and each != kind and (not layers or layer in layers) and asset_id not in taken
            for asset_id, layer, each in zip(assets["asset_id"], assets["layer"], assets["kind"], strict=True)
        ],
        dtype=bool,
    )
    kept[kept] = told_once(view, assets[kept])
    if not kept.any():
        raise QuestionError(
            f"No building that could be opened up is mapped in {view.name}. Load a register of public land and "
            "buildings, or of community buildings."
        )
    return Assets(assets[kept].reset_index(drop=True)), walks.subset(kept)


def _told(view: PlaceView, candidates: Assets, found: Siting, alone: pd.DataFrame) -> gpd.GeoDataFrame:
    named = view.neighbourhood_columns().drop(columns="geometry").set_index("neighbourhood_code", drop=False)
    where = named.reindex(candidates["area_code"]).reset_index(drop=True)
    titles = {layer.id: layer.title for layer in view.layers.values()}
    rows = gpd.GeoDataFrame(candidates[["asset_id", "name", "layer", "kind", "owner", "run_by", "geometry"]])
    rows["layer_title"] = rows["layer"].map(titles)
    for column in NEIGHBOURHOOD:
        rows[column] = where[column]
    order, adds = pd.Series(pd.NA, index=rows.index, dtype="Int64"), pd.Series(np.nan, index=rows.index)
    for place, (position, added) in enumerate(zip(found.chosen, found.adds, strict=True), start=1):
        order[position], adds[position] = place, added
    rows["order"], rows["adds"] = order, adds
    rows = rows.join(alone)
    rows = rows.sort_values(["order", "people_newly"], ascending=[True, False], na_position="last", kind="stable")
    return gpd.GeoDataFrame(rows.reset_index(drop=True), crs=space.STORED_CRS)


def _totals(found: Siting, aim: str) -> pd.DataFrame:
    unit = "people newly within the walk" if aim == "people" else "person-metres walked by everybody"
    row = {"unit": unit, "objective": found.objective, "bound": found.bound, "gap": found.gap, "proven": found.proven}
    return pd.DataFrame([{"sites": len(found.chosen), "people": found.people, **row}])


def _title(shapes: gpd.GeoDataFrame, found: Siting, aim: str, one: str, walk: str, scenario: Scenario) -> str:
    told = _finding(shapes, found, aim, one, walk)
    name = scenario.name if scenario.changes else ""
    return f"{name[0].upper()}{name[1:]}: {told}" if name else f"{told[0].upper()}{told[1:]}"


def _finding(shapes: gpd.GeoDataFrame, found: Siting, aim: str, one: str, walk: str) -> str:
    names = list(shapes["name"].head(len(found.chosen)))
    if not names:
        return f"no building mapped here would bring anybody newly within {walk} of {one}"
    where = f"{one} in {and_words(names[:3])}{_more(len(names) - 3)}"
    if aim == "people":
        return f"{where} would bring {people_words(found.people)} newly within {walk}"
    return f"{where} would shorten the walk of {people_words(found.people)}"


def _more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def _sentence(
    view: PlaceView, walks: Walks, nearest_m: np.ndarray[tuple[int], np.dtype[np.float64]], found: Siting, near_m: float
) -> str:
    chosen = np.zeros(walks.places, dtype=bool)
    chosen[list(found.chosen)] = True
    people = np.nan_to_num(view.origins["people"].to_numpy())
    newly = (walks.nearest_m(chosen) <= near_m) & (nearest_m > near_m)
    deprived = view.areas.loc[view.areas["imd_decile"].isin(DEPRIVED_DECILES), "area_code"]
    fifth = view.origins["area_code"].isin(deprived).to_numpy()
    sure = "Nothing better can be chosen" if found.proven else f"It is within {found.gap:.1%} of the best there can be"
    total = float(people[newly].sum())
    if total < 0.5:
        return f"{sure}."
    share = opening(share_words(float(people[newly & fifth].sum()) / total))
    return f"{share} of them live in the most deprived fifth of England. {sure}."
