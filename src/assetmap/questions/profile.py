"""What a neighbourhood is made of: each ingredient of a place designed around people, beside its like; no score."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from assetmap import measures, space
from assetmap.measures.similar import SIMILAR, similar
from assetmap.network import WALK_METRES_PER_MINUTE
from assetmap.placeview import Choice, PlaceView
from assetmap.questions.answer import (
    Answer,
    and_words,
    area_layers,
    layers_holding,
    measured_words,
    method_caveats,
    per_1000_of_all,
    unplaced_caveats,
    walk_layers,
)
from assetmap.questions.context import CONTEXT_WORDS, ages_words, context, who_lives_beside
from assetmap.questions.differing import differing_caveats
from assetmap.questions.formulas import ALIKE, PROVISION, REACH
from assetmap.questions.high_street import counted_layers, mix, mix_words
from assetmap.questions.ingredients import INGREDIENTS, Ingredient
from assetmap.questions.makeup import Makeup
from assetmap.questions.patch import median_walks, near_enough, patch_of
from assetmap.questions.profile_words import NAMES, NEAREST, Asked, headline, makeup_near, sentence, without_words
from assetmap.questions.strengths import rounded_to
from assetmap.space import Floats
from assetmap.tables import NAMELESS, Assets
from assetmap.wording import opening

ENGLAND: Final = "england"
"""The place that holds every neighbourhood of England."""

_KINDS_TOLD: Final = 4

_TRIED: Final = 12
"""So many of an ingredient, nearest in a straight line, are walked to before the nearest are chosen."""

PROFILE_COLUMNS: Final = (
    "key", "ingredient", "count", "not_said", "per_1000", "whole_per_1000", "similar_per_1000", "share_within",
    "whole_share_within", "similar_share_within", "nearest", "made_of", "questions", "registers",
)  # fmt: skip
INSIDE_COLUMNS: Final = (
    "key", "name", "layer", "kind", "owner", "run_by", "closed_on", "area_code", "location_accuracy_m", "source",
    "asset_id",
)  # fmt: skip
_BRIEF: Final = (
    "ingredient", "count", "per_1000", "whole_per_1000", "similar_per_1000", "share_within", "whole_share_within",
    "similar_share_within", "nearest",
)  # fmt: skip


def profile(
    view: PlaceView,
    areas: Sequence[str] = (),
    outline: BaseGeometry | None = None,
    england: PlaceView | None = None,
    minutes: float = measures.WALK_MINUTES,
) -> Answer:
    """What some neighbourhoods are made of, what is near them, and what only the people there can say.

    Parameters
    ----------
    areas
        Codes or names of neighbourhoods, or names of parts of town; with neither these nor an outline, the whole place.
    outline
        A polygon in EPSG:4326. Its people are those of the origins inside it, and its deprivation is theirs.
    england
        The place that holds every neighbourhood of England, where it is loaded.

    Returns
    -------
    Answer
        ``table``: a row an ingredient, what most people have near first, what has closed last: ``count`` (NaN where
        nothing that could tell is loaded), ``not_said`` (how many of what stands there do not say), ``per_1000``,
        ``share_within`` (0 to 1 of the people, within the walk), each also of the ``whole`` place and as the median of
        the ``similar`` neighbourhoods; ``nearest``, ``made_of`` (how many of which kinds), ``questions`` and
        ``registers``, lists of text. ``shapes``: the
        same rows with the patch's outline. ``parts``: ``people`` (who lives there, beside the whole place, its like and
        England), ``high_street`` (the sorts of its fronts, where a source of them is loaded), ``inside`` (what of
        each ingredient is mapped there, by name and source), ``nearest`` (three of each ingredient, with the walk that
        half the people make or less, in ``minutes`` and, unless hills are counted, ``metres``), ``similar`` (the most
        similar neighbourhoods) and ``questions``.

    Raises
    ------
    UnknownNameError, QuestionError
        As :func:`assetmap.questions.patch.patch_of` does.
    """
    patch = patch_of(view, areas, outline)
    about = context(view)
    subject = pd.Series({name: patch.mean(about[name]) for name in about})
    asked = Asked(view, patch, similar(about, subject, SIMILAR, patch.people.index), minutes)
    near, fronts = _nearest(asked), mix(view, patch)
    rows = pd.DataFrame([_row(asked, each, near[near["key"] == each.key]) for each in INGREDIENTS])
    rows = _strengths_first(rows)[list(PROFILE_COLUMNS)]
    told, similar_rows = headline(asked, rows), _similar(asked)
    shapes = gpd.GeoDataFrame(rows, geometry=[patch.outline] * len(rows), crs=space.STORED_CRS)
    read = [*(layer for each in INGREDIENTS for layer in each.layers(view)), *counted_layers(view)]
    layers = sorted({layer.id for layer in read})
    sources = view.provenance([*layers, *area_layers(view), *walk_layers(view), *layers_holding(view, "figures")])
    return Answer(
        told.title,
        sentence(asked, rows, similar_rows, without_words(_shares_without(asked, told.near))) + mix_words(fronts),
        rows,
        shapes,
        _method(asked),
        sources + (england.provenance(area_layers(england)) if england is not None else ()),
        _BRIEF,
        caveats=_caveats(asked, near, layers),
        parts={
            "people": who_lives_beside(view, patch.people, asked.like.index, england),
            **({"high_street": fronts} if len(fronts) else {}),
            "inside": _inside(asked),
            "nearest": near,
            "similar": similar_rows,
            "questions": _questions(rows),
        },
        formulas=(REACH, PROVISION, ALIKE),
        measured=measured_words(view),
    )


def _row(asked: Asked, ingredient: Ingredient, near: pd.DataFrame) -> dict[str, object]:
    view, patch = asked.view, asked.patch
    assets, mine, silent = ingredient.rows(view)
    registers = view.provenance([layer.id for layer in ingredient.layers(view)])
    known = ingredient.known(view)
    count = int((mine & patch.stands).sum())
    provision = measures.provision(assets["area_code"], view.areas)["per_1000"]
    within, whole, by_area = _within(asked, assets) if known and not ingredient.lost else (np.nan, np.nan, None)
    codes, grids = asked.like.index, _grids(view)
    return {
        "key": ingredient.key,
        "ingredient": ingredient.title,
        "count": count if known else np.nan,
        "not_said": int((silent & patch.stands).sum()),
        "per_1000": _rate(count, float(patch.people.sum(skipna=False))) if known else np.nan,
        "whole_per_1000": per_1000_of_all(view, len(assets)) if known else np.nan,
        "similar_per_1000": float(provision.reindex(codes).median()) if known else np.nan,
        "share_within": within,
        "whole_share_within": whole,
        "similar_share_within": np.nan if by_area is None else float(by_area.reindex(codes).median()),
        "nearest": [_near_words(each, grids) for each in near.to_dict("records")],
        "made_of": _made_of(view, assets[patch.stands[mine]]),
        "questions": [*ingredient.asks, *([] if count else [ingredient.empty])],
        "registers": [f"{each.title} ({each.source_date or 'no date given'})" for each in registers],
    }


def _made_of(view: PlaceView, assets: pd.DataFrame) -> list[str]:
    """The kinds that most of these places are, the commonest first, each with how many."""
    counts = assets.value_counts(["layer", "kind"]).head(_KINDS_TOLD).rename("count").reset_index()
    rows = zip(counts["layer"], counts["kind"], counts["count"], strict=True)
    return [Choice(view.layers[layer], (kind,)).counted(int(count)) for layer, kind, count in rows]


def _rate(count: int, people: float) -> float:
    return 1000.0 * count / people if people > 0 else float("nan")


def _within(asked: Asked, assets: Assets) -> tuple[float, float, pd.Series[float]]:
    """The share of people within the walk: of the patch, of the whole place, and of every neighbourhood."""
    view = asked.view
    metres = view.nearest(assets) if len(assets) else _nowhere(view)
    by_area = measures.reach(view.by_area, metres, asked.minutes, view.method)
    everybody = by_area["people"] - by_area["people_not_measured"]
    total = float(everybody.sum())
    whole = float(by_area["people_within"].sum() / total) if total > 0 else float("nan")
    here, weight = metres[asked.patch.origins], asked.patch.weights(view)
    counted = np.isfinite(view.origins["people"].to_numpy(dtype=np.float64)[asked.patch.origins])
    weight = np.where(np.isnan(here) | ~counted, 0.0, weight)
    near = here <= asked.minutes * WALK_METRES_PER_MINUTE
    share = float((near * weight).sum() / weight.sum()) if weight.sum() > 0 else float("nan")
    return share, whole, by_area["share_within"]


def _shares_without(asked: Asked, keys: Sequence[str]) -> list[tuple[Makeup, Ingredient, float]]:
    """Of some ingredients the share of people with one near of all kinds but that which most are, where one is."""
    shares = []
    for ingredient in map(NAMES.__getitem__, keys):
        assets = ingredient.rows(asked.view)[0]
        makeup = makeup_near(asked.view, ingredient, assets)
        if makeup is not None and makeup.count < makeup.total:
            others = Assets(assets[makeup.besides(assets)].reset_index(drop=True))
            shares.append((makeup, ingredient, _within(asked, others)[0]))
    return shares


def _nowhere(view: PlaceView) -> Floats:
    """No way to anything from any origin, and nothing known from one that is on no street."""
    unknown = (view.origins["node"].to_numpy() < 0) & (view.method == "walking")
    return np.where(unknown, np.nan, np.inf)


def _nearest(asked: Asked) -> pd.DataFrame:
    """The nearest of each ingredient to the people of the patch; of what has closed, what closed last."""
    view, patch = asked.view, asked.patch
    tried = [_tried(asked, each) for each in INGREDIENTS]
    rows = Assets(gpd.GeoDataFrame(pd.concat(tried, ignore_index=True), crs=space.STORED_CRS))
    each = rows.drop_duplicates("asset_id").reset_index(drop=True)
    walked_m = pd.Series(median_walks(view, patch, Assets(each)), index=each["asset_id"].to_numpy())
    points = rows.geometry.representative_point()
    titles = {layer.id: layer.title for layer in view.layers.values()}
    told = pd.DataFrame(
        {
            "key": rows["key"],
            "name": rows["name"].str.removesuffix(NAMELESS),
            "metres": walked_m.reindex(rows["asset_id"]).to_numpy(dtype=np.float64),
            "layer_title": rows["layer"].map(titles),
            "kind": rows["kind"],
            "closed_on": rows["closed_on"],
            "inside": rows["inside"],
            "asset_id": rows["asset_id"],
            "lon": points.x,
            "lat": points.y,
        }
    )
    told["minutes"] = told["metres"] / WALK_METRES_PER_MINUTE
    gone = [each.key for each in INGREDIENTS if each.lost]
    told = told[np.isfinite(told["metres"]) | told["key"].isin(gone)]
    # what has closed comes latest first already
    order = told["metres"].where(~told["key"].isin(gone), 0.0)
    told = told.assign(_order=order).sort_values("_order", kind="stable").drop(columns="_order")
    told["_key"] = pd.Categorical(told["key"], [each.key for each in INGREDIENTS])
    told = told.sort_values("_key", kind="stable").drop(columns="_key")
    # a building in two registers is named once
    once = told.groupby("key", sort=False)["asset_id"].transform(lambda ids: view.same_buildings.once(ids.to_list()))
    few: pd.DataFrame = told[once.astype(bool)].groupby("key", sort=False).head(NEAREST).reset_index(drop=True)
    return few.drop(columns="metres") if view.allows_for_hills else few


def _inside(asked: Asked) -> pd.DataFrame:
    """What of each ingredient is mapped in the patch, one row each; what counts as two ingredients is in both."""
    found = []
    for ingredient in INGREDIENTS:
        assets, mine, _ = ingredient.rows(asked.view)
        found.append(pd.DataFrame(assets)[asked.patch.stands[mine]].assign(key=ingredient.key))
    return pd.concat(found, ignore_index=True)[list(INSIDE_COLUMNS)]


def _tried(asked: Asked, ingredient: Ingredient) -> pd.DataFrame:
    """A few of an ingredient among which the nearest are: those nearest in a straight line to where people live."""
    view, patch = asked.view, asked.patch
    assets, mine, _ = ingredient.rows(view)
    rows = pd.DataFrame(assets).assign(key=ingredient.key, inside=patch.stands[mine])
    if ingredient.lost:
        rows = rows[rows["inside"]].sort_values(["closed_on", "name"], ascending=[False, True], kind="stable")
        return rows.head(NEAREST)
    weight = patch.weights(view)
    centre = np.average(view.origins.loc[patch.origins, ["x_m", "y_m"]].to_numpy(), axis=0, weights=weight)
    metres = np.hypot(*(space.coordinates_m(assets.geometry) - centre).T)
    return rows.iloc[np.argsort(np.nan_to_num(metres, nan=np.inf), kind="stable")[:_TRIED]]


def _grids(view: PlaceView) -> dict[str, float]:
    """The titles of layers that are shown to the nearest so many metres, and how many."""
    return {layer.title: layer.blur_m for layer in view.layers.values() if layer.blur_m}


def _near_words(near: Mapping[Hashable, Any], grids: Mapping[str, float]) -> str:
    """``The Hall (620 m)``; of what is shown to the nearest 500 m, ``The Choir (about 500 m)``."""
    if near["closed_on"] and pd.notna(near["closed_on"]):
        return f"{near['name']} ({str(near['closed_on'])[:4]})"
    minutes = float(near["minutes"])
    if not np.isfinite(minutes):
        return str(near["name"])
    grid_m = grids.get(str(near["layer_title"]), 0.0)
    about = "about " if grid_m else ""
    if "metres" in near:
        return f"{near['name']} ({about}{rounded_to(max(grid_m, 10.0), float(near['metres'])):,.0f} m)"
    return f"{near['name']} ({about}{rounded_to(max(grid_m / WALK_METRES_PER_MINUTE, 1.0), minutes):,.0f} min)"


def _strengths_first(rows: pd.DataFrame) -> pd.DataFrame:
    """What most people have near comes first; what nothing tells of comes late, and what has closed last."""
    gone = rows["key"].isin([each.key for each in INGREDIENTS if each.lost])
    keys = pd.DataFrame({"gone": gone, "share": -rows["share_within"].fillna(-1), "rate": -rows["per_1000"].fillna(-1)})
    return rows.loc[keys.sort_values(["gone", "share", "rate"], kind="stable").index].reset_index(drop=True)


def _similar(asked: Asked) -> pd.DataFrame:
    columns = asked.view.neighbourhood_columns().drop(columns="geometry").set_index("neighbourhood_code")
    told = pd.DataFrame(columns).loc[asked.like.index].join(asked.like)
    return told.rename_axis("neighbourhood_code").reset_index()


def _questions(rows: pd.DataFrame) -> pd.DataFrame:
    asked = rows[["key", "ingredient", "questions"]].explode("questions", ignore_index=True)
    return asked.rename(columns={"questions": "question"})


def _method(asked: Asked) -> str:
    return (
        "Each row is counted by itself and nothing adds them up: shares are of people within "
        f"{asked.view.walk(asked.minutes)}, nearest is the walk that half of the people make or less, and deprivation "
        "weighs each neighbourhood by as many of its people as live in the area asked about. "
        f"{asked.view.method_sentence}"
    )


def _alike(asked: Asked) -> tuple[str, ...]:
    """By what neighbourhoods are called similar, where any are."""
    if asked.like.empty:
        return ()
    about = context(asked.view)
    compared = [words for name, words in CONTEXT_WORDS.items() if about[name].notna().any()]
    return (
        f"Similar neighbourhoods are the {len(asked.like)} of {asked.view.name} nearest in {and_words(compared)}, "
        "each in standard units and as far as both sides have it; what they own, run or lack plays no part.",
    )


def _caveats(asked: Asked, near: pd.DataFrame, layers: Sequence[str]) -> tuple[str, ...]:
    people = float(asked.patch.people.sum(min_count=1))
    silent = "Where a register does not say whether a place is step-free, free of charge or staffed, it is not counted."
    told = [
        "What is not on the map may be there all the same: ask the people who live there, and add what they say.",
        silent,
        *_alike(asked),
    ]
    if people < measures.FEW_PEOPLE:
        told.append("So few people live here that a figure for every 1,000 moves much with one place.")
    told += asked.patch.beyond_words(asked.view)
    view = asked.view
    told += [
        f"{opening(layer.many)} are shown to the nearest {layer.blur_m:,.0f} m, because an address may be somebody's "
        "home: which of them are inside, and how far off each is, is only roughly right."
        for layer in view.layers_here
        if layer.blur_m and layer.id in layers
    ]
    counted = [*near_enough(view, asked.patch, asked.minutes), *near["asset_id"]]
    walked = (*ages_words(view), *method_caveats(view), *unplaced_caveats(view, layers))
    return (*told, *differing_caveats(view, counted), *walked)
