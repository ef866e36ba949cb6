"""What a place has lost, and who lost it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import pandas as pd

from assetmap import space
from assetmap.errors import QuestionError
from assetmap.placeview import Choice, PlaceView
from assetmap.questions.answer import (
    DEPRIVED_DECILES,
    NEIGHBOURHOOD,
    Answer,
    and_words,
    area_layers,
    count_words,
    share_words,
    unplaced_caveats,
)
from assetmap.questions.differing import differing_caveats
from assetmap.questions.formulas import CLOSED
from assetmap.tables import Assets
from assetmap.values import year_of
from assetmap.wording import day_words

_NAMED_AT_MOST: Final = 5
"""So many kinds of place are named; more are counted."""


def lost(view: PlaceView, since: int | None = None, until: int | None = None, kinds: Sequence[str] = ()) -> Answer:
    """What has closed, when and how. What moved, merged, went to the community or lost hours is told apart.

    Parameters
    ----------
    since, until
        Years, both included; a closure without a date is in every answer that sets no years.
    kinds
        What is asked about, such as ``library``; all that closed, without any.

    Returns
    -------
    Answer
        ``table``: a row a closure, latest first; ``totals``: a row for each other thing that happened.

    Raises
    ------
    QuestionError
        If ``until`` comes before ``since``.
    UnknownNameError
        If no layer has such a kind.
    """
    if since is not None and until is not None and since > until:
        raise QuestionError(f"The years run backwards: {since} to {until}.")
    assets = view.assets
    happened = assets[(assets["status"] == "closed") | assets["what_happened"].notna()]
    asked = [view.kind_choice(kind) for kind in kinds]
    if asked:
        happened = happened[happened["kind"].isin([kind for choice in asked for kind in choice.kinds])]
    happened = happened[_between(happened["closed_on"], since, until)]
    closed = happened[happened["status"] == "closed"]
    rows = _told(view, Assets(closed)).sort_values(["closed_on", "name"], ascending=[False, True], kind="stable")
    others = happened[happened["status"] != "closed"]
    totals = _told(view, Assets(others)).drop(columns="geometry")
    layer_ids = sorted({*happened["layer"], *ledgers(view)})
    return Answer(
        _lost_title(view, closed, since, until, asked),
        _lost_sentence(view, closed, others),
        pd.DataFrame(rows.drop(columns="geometry")).reset_index(drop=True),
        gpd.GeoDataFrame(rows, crs=space.STORED_CRS).reset_index(drop=True),
        "Only what its register says has closed is counted as lost. What moved, merged, was handed over to the "
        "community, lost hours or is shut for a time is listed apart.",
        view.provenance(layer_ids + area_layers(view)),
        ("name", "kind", "closed_on", *NEIGHBOURHOOD, "deprivation_decile"),
        pd.DataFrame(totals).reset_index(drop=True),
        (*differing_caveats(view, happened["asset_id"]), *told_of(view), *unplaced_caveats(view, layer_ids)),
        formulas=(CLOSED,),
    )


def has_ledger(view: PlaceView) -> bool:
    """Whether anything that is loaded tells of closures; without it, no closures is not an answer."""
    is_loaded = view.loads["layer"].isin(ledgers(view)).any()
    return bool(is_loaded or (view.assets["status"] == "closed").any())


def no_ledger(view: PlaceView) -> str:
    """Why nobody can say what has closed where :func:`has_ledger` says no, and what to load; every sheet refuses so."""
    return (
        f"No register of closures is loaded for {view.name}, so nobody can say what has closed. "
        "Load a source of the layer 'closed_services'."
    )


def ledgers(view: PlaceView) -> list[str]:
    """The layers that tell of what was lost."""
    return [layer.id for layer in view.layers.values() if layer.tells == "lost"]


def told_of(view: PlaceView) -> tuple[str, ...]:
    """Which kinds the ledgers tell of, and up to when: of all else nobody says whether it stands."""
    loaded = view.provenance(ledgers(view))
    if not loaded:
        return ()
    rows = view.assets[view.assets["layer"].isin({source.layer for source in loaded})]
    pairs = rows.loc[rows["kind"] != "other", ["layer", "kind"]].drop_duplicates().itertuples(index=False)
    many = [Choice(view.layers[layer], (kind,)).many for layer, kind in pairs]
    kinds = and_words(many) if len(many) <= _NAMED_AT_MOST else f"{len(many)} kinds of place"
    latest = day_words(max(source.source_date for source in loaded))
    registers = "register of closures tells" if len(loaded) == 1 else "registers of closures tell"
    return (
        f"The {registers} of {kinds or 'nothing'} as of {latest}. Other closures, and later ones, are not counted.",
    )


def _between(dates: pd.Series, since: int | None, until: int | None) -> pd.Series:
    years = [year_of(date) for date in dates]
    inside = [
        (since is None or (year is not None and year >= since))
        and (until is None or (year is not None and year <= until))
        for year in years
    ]
    return pd.Series(inside, index=dates.index, dtype=bool)


def _told(view: PlaceView, assets: Assets) -> gpd.GeoDataFrame:
    areas = view.neighbourhood_columns().drop(columns="geometry").set_index("neighbourhood_code", drop=False)
    where = areas.reindex(assets["area_code"]).reset_index(drop=True)
    told = gpd.GeoDataFrame(
        {
            "name": assets["name"].to_numpy(),
            "layer": assets["layer"].to_numpy(),
            "kind": assets["kind"].to_numpy(),
            "closed_on": assets["closed_on"].to_numpy(),
            "what_happened": assets["what_happened"].to_numpy(),
            "neighbourhood_code": where["neighbourhood_code"].to_numpy(),
            "neighbourhood_name": where["neighbourhood_name"].to_numpy(),
            "locality": where["locality"].to_numpy(),
            "deprivation_decile": where["deprivation_decile"].to_numpy(),
            "located_by": assets["located_by"].to_numpy(),
            "location_accuracy_m": assets["location_accuracy_m"].to_numpy(),
            "details": assets["details"].to_numpy(),
            "source": assets["source"].to_numpy(),
            "asset_id": assets["asset_id"].to_numpy(),
        },
        geometry=assets.geometry.to_numpy(),
        crs=space.STORED_CRS,
    )
    return told


def _lost_title(
    view: PlaceView, closed: pd.DataFrame, since: int | None, until: int | None, asked: Sequence[Choice]
) -> str:
    if not has_ledger(view):
        return no_ledger(view).split(". ")[0]
    years = [year for year in (year_of(date) for date in closed["closed_on"]) if year]
    if since is not None and until is not None:
        span = f" between {since} and {until}" if since != until else f" in {since}"
    else:
        first = since or (min(years) if years else None)
        span = f" since {first}" if first else ""
    if not len(closed):
        of = f" of {and_words([choice.many for choice in asked])}" if asked else ""
        return f"No closures{of} are recorded in {view.name}{span}"
    names = closed[["layer", "kind"]].apply(lambda row: f"{row['layer']}/{row['kind']}", axis=1)
    kinds = names.value_counts(sort=True)
    words = [_so_many(view, str(name), int(count)) for name, count in kinds.iloc[:3].items()]
    rest = len(closed) - int(kinds.iloc[:3].sum())
    what = and_words([*words, *([count_words(rest, "other", "others")] if rest else [])])
    return f"{view.name} has lost {what}{span}{undated_words(closed)}"


def undated_words(closed: pd.DataFrame) -> str:
    """``, 5 of them in a year not known``, after a count and the years it spans; empty where all or none have one."""
    undated = int(closed["closed_on"].isna().sum())
    return f", {undated:,} of them in a year not known" if 0 < undated < len(closed) else ""


def _so_many(view: PlaceView, layer_and_kind: str, count: int) -> str:
    layer, kind = layer_and_kind.split("/")
    title = view.layers[layer].kind_title(kind, count)
    return f"{count:,} {title[0].lower()}{title[1:]}"


def _lost_sentence(view: PlaceView, closed: pd.DataFrame, others: pd.DataFrame) -> str:
    words = {
        "handed_over": ("went to the community and is open", "went to the community and are open"),
        "moved": ("moved", "moved"),
        "merged": ("merged", "merged"),
        "hours_cut": ("lost hours", "lost hours"),
        "temporary": ("is shut for a time", "are shut for a time"),
    }
    counts = others["what_happened"].value_counts()
    parts = [
        f"{counts[key]} {one if counts[key] == 1 else many}" for key, (one, many) in words.items() if key in counts
    ]
    apart = f"Not counted as lost: {and_words(parts)}. " if parts else ""
    return f"{apart}{_who_lost(view, closed)}".strip()


def _who_lost(view: PlaceView, closed: pd.DataFrame) -> str:
    deciles = view.areas.set_index("area_code")["imd_decile"]
    placed = deciles.reindex(closed["area_code"].dropna()).dropna()
    people = view.areas.loc[view.areas["imd_decile"].isin(DEPRIVED_DECILES), "population"].sum()
    if placed.empty or not people:
        return ""
    there = int(placed.isin(DEPRIVED_DECILES).sum())
    share = share_words(float(people) / view.people)
    return (
        f"{_so_many_were(there, len(placed))} in the most deprived fifth of England's neighbourhoods, where {share} of "
        f"{view.name}'s people live."
    )


def _so_many_were(there: int, placed: int) -> str:
    """``30 of the 41 closures on the map were``."""
    if placed == 1:
        return f"The one closure on the map was{'' if there else ' not'}"
    counted = "None" if not there else "All" if there == placed else f"{there:,}"
    return f"{counted} of the {placed:,} closures on the map {'was' if there == 1 else 'were'}"
