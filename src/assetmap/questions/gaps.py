"""Where need is high and little is in reach, and what is near that could fill the gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap import measures
from assetmap.errors import QuestionError
from assetmap.placeview import Choice, PlaceView
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
from assetmap.questions.strengths import strengths
from assetmap.questions.walks import beside, together

RANKS_OF_ENGLAND: Final = {2019: 32_844, 2025: 33_755}
"""How many neighbourhoods each edition of the Indices of Deprivation ranks."""

GAP_FIRST: Final = ("gap_rank",)
GAP_PARTS: Final = ("people", "deprivation_decile", "share_within", "kinds_within", "gap_score", "nearby")


def gaps(
    view: PlaceView,
    kinds: Sequence[str] = (),
    layers: Sequence[str] = (),
    minutes: float = measures.WALK_MINUTES,
) -> Answer:
    """Where deprivation is high and places are few or far, each with what is near that could fill the gap.

    The gap score is need times lack. Need is the neighbourhood's place among England's, from 0 (least deprived) to 1
    (most). Lack is the mean of two parts: the share of people with none of the chosen places within the walk, and the
    share of the chosen kinds that the average person cannot reach. Where everybody reaches everything it is 0.

    Parameters
    ----------
    kinds, layers
        What is asked about; with neither, the layers that are declared ``gaps_first``.

    Returns
    -------
    Answer
        ``table``: every neighbourhood with ``need``, ``share_within``, ``kinds_within``, ``count``, ``per_1000``,
        ``lack``, ``gap_score`` (0 to 1, NaN where not measured), ``gap_rank`` and ``nearby``, a list of strengths.
    """
    usual = [layer.id for layer in view.layers.values() if layer.gaps_first]
    choices = view.choose(kinds, () if kinds else layers or usual)
    assets = together(view, choices)
    if not len(assets):
        raise QuestionError(f"Nothing is mapped in {view.name} that is {and_words([c.one for c in choices])}.")
    singles = [Choice(c.layer, (kind,)) for c in choices for kind in c.kinds if kind != "other"]
    singles = [single for single in singles if len(view.of(single))]
    by_kind = {single.kinds[0]: view.nearest(view.of(single)) for single in singles}
    shapes = beside(view, measures.reach(view.origins, view.nearest(assets), minutes, view.method))
    within = measures.kinds_within(view.origins, by_kind, minutes).reindex(shapes["neighbourhood_code"])
    shapes["kinds_within"], shapes["kinds_asked"] = within.to_numpy(), len(singles)
    counted = measures.provision(assets["area_code"], view.areas)
    shapes["count"], shapes["per_1000"] = counted["count"].to_numpy(), counted["per_1000"].to_numpy()
    shapes = _scored(view, shapes)
    near = strengths(view, {(single.layer.id, single.kinds[0]) for single in singles})
    shapes["nearby"] = pd.Series(near, index=shapes.index, dtype=object)
    table = pd.DataFrame(shapes.drop(columns="geometry")).sort_values("gap_rank", na_position="last", kind="stable")
    return Answer(
        _gap_title(view, shapes, minutes, choices),
        _gap_sentence(view, shapes),
        table.reset_index(drop=True),
        shapes,
        "Gap score = need x lack. Need is the neighbourhood's place among England's in the Index of Multiple "
        f"Deprivation; lack is the mean of the people without {and_words([c.many for c in choices])} within "
        f"{minutes:g} minutes and the kinds that the average person cannot reach. {view.method_sentence}",
        view.provenance(
            [c.layer.id for c in choices] + area_layers(view) + layers_holding(view, "streets", "locators")
        ),
        (*GAP_FIRST, *NEIGHBOURHOOD, *GAP_PARTS),
        caveats=(
            *method_caveats(view),
            "Places just outside the border are not loaded, so neighbourhoods along it may have more than is shown.",
            *unplaced_caveats(view, [choice.layer.id for choice in choices]),
        ),
    )


def _scored(view: PlaceView, shapes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    edition = view.areas["imd_edition"].astype("float64").to_numpy()
    ranked = np.array([RANKS_OF_ENGLAND.get(int(year), np.nan) if year == year else np.nan for year in edition])
    rank = view.areas["imd_rank"].astype("float64").to_numpy()
    shapes["need"] = 1.0 - (rank - 0.5) / ranked
    beyond = 1.0 - shapes["share_within"]
    out_of_choice = 1.0 - shapes["kinds_within"] / shapes["kinds_asked"].where(shapes["kinds_asked"] > 0)
    shapes["lack"] = (beyond + out_of_choice.fillna(beyond)) / 2.0
    shapes["gap_score"] = shapes["need"] * shapes["lack"]
    shapes["gap_rank"] = shapes["gap_score"].rank(ascending=False, method="min").astype("Int64")
    return shapes


def _gap_title(view: PlaceView, shapes: gpd.GeoDataFrame, minutes: float, choices: Sequence[Choice]) -> str:
    deprived = shapes[shapes["deprivation_decile"].isin(DEPRIVED_DECILES)]
    where = f"{view.name}'s most deprived neighbourhoods" if len(deprived) else f"{view.name}"
    looked_at = deprived if len(deprived) else shapes
    people = looked_at["people"].astype("float64")
    beyond = float((people - looked_at["people_within"]).sum())
    one = and_words([choice.one for choice in choices])
    if beyond >= 0.5:
        some = f"Of the {people.sum():,.0f} people in {where}, {beyond:,.0f}"
        return f"{some} live further than {minutes:g} minutes from {one}"
    reached = float((looked_at["kinds_within"] * people).sum() / people.sum()) if people.sum() else float("nan")
    asked = int(looked_at["kinds_asked"].iloc[0])
    return (
        f"Everyone in {where} lives within {minutes:g} minutes of {one}; "
        f"of the {asked} kinds mapped, they reach {reached:.1f} on average"
    )


def _gap_sentence(view: PlaceView, shapes: gpd.GeoDataFrame) -> str:
    scored = shapes.dropna(subset=["gap_score"])
    if scored.empty:
        return "Deprivation or distance is not measured here, so there is no score."
    top = scored.sort_values(["gap_rank", "neighbourhood_code"]).iloc[0]
    near = (
        and_words([str(strength) for strength in top["nearby"][:2]])
        or "nothing is mapped within a mile yet. What do you know of"
    )
    return f"{_called(top)} stands out first. Near it already: {near}."


def _called(row: pd.Series) -> str:
    return f"{row['locality']} ({row['neighbourhood_name']})" if row["locality"] else str(row["neighbourhood_name"])
