"""The way out: store -> measure -> answer; one function a question that people ask."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap import measures, space
from assetmap.errors import QuestionError
from assetmap.placeview import Choice, PlaceView, Provenance
from assetmap.tables import Assets
from assetmap.values import year_of

RANKS_OF_ENGLAND: Final = {2019: 32_844, 2025: 33_755}
"""How many neighbourhoods each edition of the Indices of Deprivation ranks."""

NEARBY_M: Final = 1_600.0
"""A strength this near, in a straight line, is named beside a gap."""

DEPRIVED_DECILES: Final = (1, 2)

NEIGHBOURHOOD: Final = ("neighbourhood_code", "neighbourhood_name", "locality")
GAP_FIRST: Final = ("gap_rank",)
GAP_PARTS: Final = ("people", "deprivation_decile", "share_within", "kinds_within", "gap_score", "nearby")


@dataclass(frozen=True)
class Answer:
    """An answer, with all that must stand beside it.

    Attributes
    ----------
    title
        A sentence that says the finding.
    sentence
        One or two more, in plain English.
    table
        One row a neighbourhood (or a closure), with its code and name; shares from 0 to 1, units in column names.
    shapes
        The same rows with their geometry, in EPSG:4326.
    brief
        The columns of ``table`` that a person reads first.
    totals
        The whole place, where the question has totals.
    method
        How it was worked out, in plain words.
    sources
        Where the rows come from.
    caveats
        What a reader should know before relying on it.
    """

    title: str
    sentence: str
    table: pd.DataFrame
    shapes: gpd.GeoDataFrame
    method: str
    sources: tuple[Provenance, ...]
    brief: tuple[str, ...]
    totals: pd.DataFrame = field(default_factory=pd.DataFrame)
    caveats: tuple[str, ...] = ()


def count_words(count: int, one: str, many: str) -> str:
    """``1 library``, ``13 libraries``."""
    return f"{count:,} {one if count == 1 else many}"


def and_words(parts: Sequence[str]) -> str:
    """``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


# --- what is here ----------------------------------------------------------------------------------------------------


def here(view: PlaceView, kinds: Sequence[str] = (), layers: Sequence[str] = ()) -> Answer:
    """What the place has, by kind and neighbourhood, and for every 1,000 people.

    Returns
    -------
    Answer
        ``table``: a row for each neighbourhood and kind, zeros included: ``layer``, ``kind``, ``count``,
        ``per_1000``. ``totals``: a row a kind, with ``count``, ``contributed``, ``closed`` and ``per_1000``.
    """
    choices = view.choose(kinds, layers)
    base = view.neighbourhood_columns()
    present = [(choice, kind) for choice in choices for kind in choice.kinds]
    totals = pd.DataFrame([_total_of(view, choice, kind) for choice, kind in present])
    asked = bool(kinds or layers)
    shown = [(pair, row) for pair, (_, row) in zip(present, totals.iterrows(), strict=True) if asked or row["count"]]
    shapes = pd.concat([_counted(view, base, choice, kind) for (choice, kind), _ in shown] or [base.head(0)])
    totals = totals.loc[[row.name for _, row in shown]].reset_index(drop=True)
    return Answer(
        _here_title(view, choices),
        _here_sentence(view, choices),
        pd.DataFrame(shapes.drop(columns="geometry")).reset_index(drop=True),
        gpd.GeoDataFrame(shapes, crs=space.STORED_CRS).reset_index(drop=True),
        "Each thing is counted in the neighbourhood it stands in; the rate divides by the people who live there.",
        view.provenance([choice.layer.id for choice in choices] + _area_layers(view)),
        (*NEIGHBOURHOOD, "kind", "count", "per_1000"),
        totals,
        _unplaced_caveats(view, [choice.layer.id for choice in choices]),
    )


def _total_of(view: PlaceView, choice: Choice, kind: str) -> dict[str, object]:
    single = Choice(choice.layer, (kind,))
    every = view.of(single, open_only=False)
    standing = view.of(single)
    return {
        "layer": choice.layer.id,
        "kind": kind,
        "title": choice.layer.kind_title(kind, len(standing)),
        "count": len(standing),
        "contributed": int((standing["contributed"] == 1).sum()),
        "closed": int((every["status"] == "closed").sum()),
        "per_1000": 1000.0 * len(standing) / view.people if view.people else np.nan,
    }


def _counted(view: PlaceView, base: gpd.GeoDataFrame, choice: Choice, kind: str) -> gpd.GeoDataFrame:
    standing = view.of(Choice(choice.layer, (kind,)))
    counted = measures.provision(standing["area_code"], view.areas)
    rows = base.copy()
    rows["layer"], rows["kind"] = choice.layer.id, kind
    rows["count"], rows["per_1000"] = counted["count"].to_numpy(), counted["per_1000"].to_numpy()
    return rows


def _here_title(view: PlaceView, choices: Sequence[Choice]) -> str:
    parts = [choice.counted(len(view.of(choice))) for choice in choices if len(view.of(choice))]
    return f"{view.name} has {and_words(parts[:3])}" if parts else f"Nothing of this kind is mapped in {view.name} yet"


def _here_sentence(view: PlaceView, choices: Sequence[Choice]) -> str:
    added = sum(int((view.of(choice)["contributed"] == 1).sum()) for choice in choices)
    told = f" People who know the place added {added:,}." if added else ""
    empty = [choice.many for choice in choices if not len(view.of(choice, open_only=False))]
    missing = f" No register of {' or '.join(empty)} is loaded." if empty else ""
    return f"{view.people:,} people live in its {len(view.areas):,} neighbourhoods.{told}{missing}"


# --- how far it is ---------------------------------------------------------------------------------------------------


def nearest(
    view: PlaceView, kinds: Sequence[str] = (), layers: Sequence[str] = (), minutes: float = measures.WALK_MINUTES
) -> Answer:
    """How far people are from the nearest of a kind, and how many are within a walk of it.

    Returns
    -------
    Answer
        ``table``: every neighbourhood with ``share_within`` (0 to 1 of its people), ``people_within``,
        ``walk_m_median``, ``walk_minutes_median``, ``people_not_reached`` and ``method``.

    Raises
    ------
    QuestionError
        If nothing of the kind is loaded.
    """
    choices = view.choose(kinds, layers)
    assets = _together(view, choices)
    if not len(assets):
        raise QuestionError(f"Nothing is mapped in {view.name} that is {and_words([c.one for c in choices])}.")
    reached = measures.reach(view.origins, view.nearest(assets), minutes, view.method)
    shapes = _beside(view, reached)
    within, measured = float(reached["people_within"].sum()), _people_measured(reached)
    share = within / measured if measured else float("nan")
    what = and_words([choice.one for choice in choices]) if kinds or layers else "any place mapped"
    return Answer(
        f"{share:.0%} of {view.name}'s people live within {minutes:g} minutes of {what}",
        _nearest_sentence(view, reached, minutes, what),
        pd.DataFrame(shapes.drop(columns="geometry")),
        shapes,
        f"{view.method_sentence} A share is of people, not of area.",
        view.provenance([c.layer.id for c in choices] + _layers_holding(view, "areas", "streets", "locators")),
        (*NEIGHBOURHOOD, "people", "share_within", "people_within", "walk_minutes_median", "people_not_reached"),
        caveats=(*_method_caveats(view), *_unplaced_caveats(view, [choice.layer.id for choice in choices])),
    )


def _together(view: PlaceView, choices: Iterable[Choice]) -> Assets:
    return Assets(pd.concat([view.of(choice) for choice in choices], ignore_index=True))


def _beside(view: PlaceView, reached: pd.DataFrame) -> gpd.GeoDataFrame:
    shapes = view.neighbourhood_columns()
    measured = reached.drop(columns="people").reindex(shapes["neighbourhood_code"]).reset_index(drop=True)
    return gpd.GeoDataFrame(pd.concat([shapes, measured], axis=1), crs=space.STORED_CRS)


def _people_measured(reached: pd.DataFrame) -> float:
    return float((reached["people"] - reached["people_not_measured"]).sum())


def _nearest_sentence(view: PlaceView, reached: pd.DataFrame, minutes: float, what: str) -> str:
    beyond = _people_measured(reached) - float(reached["people_within"].sum())
    lost = float(reached["people_not_reached"].sum())
    unreached = f" For {lost:,.0f} people no loaded street leads there." if lost >= 1 else ""
    line = " (straight line, not walking)" if view.method == "straight line" else ""
    return f"{beyond:,.0f} people live further than {minutes:g} minutes{line} from {what}.{unreached}"


# --- gaps ------------------------------------------------------------------------------------------------------------


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
    assets = _together(view, choices)
    if not len(assets):
        raise QuestionError(f"Nothing is mapped in {view.name} that is {and_words([c.one for c in choices])}.")
    singles = [Choice(c.layer, (kind,)) for c in choices for kind in c.kinds if kind != "other"]
    singles = [single for single in singles if len(view.of(single))]
    by_kind = {single.kinds[0]: view.nearest(view.of(single)) for single in singles}
    shapes = _beside(view, measures.reach(view.origins, view.nearest(assets), minutes, view.method))
    within = measures.kinds_within(view.origins, by_kind, minutes).reindex(shapes["neighbourhood_code"])
    shapes["kinds_within"], shapes["kinds_asked"] = within.to_numpy(), len(singles)
    counted = measures.provision(assets["area_code"], view.areas)
    shapes["count"], shapes["per_1000"] = counted["count"].to_numpy(), counted["per_1000"].to_numpy()
    shapes = _scored(view, shapes)
    shapes["nearby"] = _strengths(view, singles)
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
            [c.layer.id for c in choices] + _area_layers(view) + _layers_holding(view, "streets", "locators")
        ),
        (*GAP_FIRST, *NEIGHBOURHOOD, *GAP_PARTS),
        caveats=(
            *_method_caveats(view),
            "Places just outside the border are not loaded, so neighbourhoods along it may have more than is shown.",
            *_unplaced_caveats(view, [choice.layer.id for choice in choices]),
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


def _strengths(view: PlaceView, asked: Sequence[Choice]) -> list[list[str]]:
    """For each neighbourhood, the nearest thing of each layer that was not asked about, with its distance."""
    wanted = {(choice.layer.id, kind) for choice in asked for kind in choice.kinds}
    found: list[list[str]] = [[] for _ in range(len(view.areas))]
    for layer in view.layers_here:
        kinds = tuple(kind for kind in layer.kinds if (layer.id, kind) not in wanted)
        assets = view.of(Choice(layer, kinds))
        if not layer.could_fill or not len(assets):
            continue
        metres = np.nan_to_num(view.metres_from_centres(assets), nan=np.inf)
        first = metres.argmin(axis=1)
        for index, asset in enumerate(first):
            if metres[index, asset] <= NEARBY_M:
                found[index].append(_strength(layer.title, assets.iloc[int(asset)], float(metres[index, asset])))
    return found


def _strength(layer_title: str, asset: pd.Series, metres: float) -> str:
    what = layer_title[0].lower() + layer_title[1:]
    return f"{asset['name']} ({what}, about {max(round(metres, -1), 10):,.0f} m)"


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
    near = and_words(list(top["nearby"][:2])) or "nothing is mapped within a mile yet. What do you know of"
    return f"{_called(top)} stands out first. Near it already: {near}."


def _called(row: pd.Series) -> str:
    return f"{row['locality']} ({row['neighbourhood_name']})" if row["locality"] else str(row["neighbourhood_name"])


# --- what has been lost ----------------------------------------------------------------------------------------------


def lost(view: PlaceView, since: int | None = None, until: int | None = None) -> Answer:
    """What has closed, when and how. What moved, merged, went to the community or lost hours is told apart.

    Parameters
    ----------
    since, until
        Years, both included; a closure without a date is in every answer that sets no years.

    Returns
    -------
    Answer
        ``table``: a row a closure, latest first; ``totals``: a row for each other thing that happened.
    """
    assets = view.assets
    happened = assets[(assets["status"] == "closed") | assets["what_happened"].notna()]
    happened = happened[_between(happened["closed_on"], since, until)]
    closed = happened[happened["status"] == "closed"]
    rows = _told(view, Assets(closed)).sort_values(["closed_on", "name"], ascending=[False, True], kind="stable")
    others = happened[happened["status"] != "closed"]
    totals = _told(view, Assets(others)).drop(columns="geometry")
    layer_ids = sorted(set(happened["layer"]) | {layer.id for layer in view.layers.values() if layer.tells == "lost"})
    return Answer(
        _lost_title(view, closed, since, until),
        _lost_sentence(view, closed, others),
        pd.DataFrame(rows.drop(columns="geometry")).reset_index(drop=True),
        gpd.GeoDataFrame(rows, crs=space.STORED_CRS).reset_index(drop=True),
        "Only what its register says has closed is counted as lost. What moved, merged, was handed over to the "
        "community, lost hours or is shut for a time is listed apart.",
        view.provenance(layer_ids + _area_layers(view)),
        ("name", "kind", "closed_on", *NEIGHBOURHOOD, "deprivation_decile"),
        pd.DataFrame(totals).reset_index(drop=True),
        _unplaced_caveats(view, layer_ids),
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


def _lost_title(view: PlaceView, closed: pd.DataFrame, since: int | None, until: int | None) -> str:
    years = [year for year in (year_of(date) for date in closed["closed_on"]) if year]
    if since is not None and until is not None:
        span = f" between {since} and {until}"
    else:
        first = since or (min(years) if years else None)
        span = f" since {first}" if first else ""
    if not len(closed):
        return f"No closures are recorded in {view.name}{span}"
    names = closed[["layer", "kind"]].apply(lambda row: f"{row['layer']}/{row['kind']}", axis=1)
    kinds = names.value_counts(sort=True)
    words = [_so_many(view, str(name), int(count)) for name, count in kinds.iloc[:3].items()]
    rest = len(closed) - int(kinds.iloc[:3].sum())
    return (
        f"{view.name} has lost {and_words([*words, *([count_words(rest, 'other', 'others')] if rest else [])])}{span}"
    )


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
    return (
        f"{there} of the {len(placed)} closures placed in a neighbourhood were among the most deprived fifth of "
        f"England's, where {float(people) / view.people:.0%} of {view.name}'s people live."
    )


# --- what stands beside every answer ---------------------------------------------------------------------------------


def _area_layers(view: PlaceView) -> list[str]:
    return _layers_holding(view, "areas")


def _layers_holding(view: PlaceView, *holds: str) -> list[str]:
    return [layer.id for layer in view.layers.values() if layer.holds in holds]


def _method_caveats(view: PlaceView) -> tuple[str, ...]:
    if view.method == "walking":
        return ("A walk is as long as the map's streets are complete; slopes, crossings and safety are not in it.",)
    return ("Straight-line distances are shorter than walks: the true shares within a walk are lower.",)


def _unplaced_caveats(view: PlaceView, layer_ids: Sequence[str]) -> tuple[str, ...]:
    rows = view.loads[view.loads["layer"].isin(list(layer_ids)) & (view.loads["dropped"] > 0)]
    return tuple(
        f"{row.dropped:,} of the {row.rows_in:,} rows of {row.title} are not on the map; the issues say why."
        for row in rows.itertuples()
    )
