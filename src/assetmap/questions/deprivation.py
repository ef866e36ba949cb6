"""How deprived a place is by the official measures, beside England, by part of town, in areas drawn, by authority."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from assetmap import space
from assetmap.errors import QuestionError, UnknownNameError
from assetmap.measures.deprivation import Summary, deciles, weighted_summary
from assetmap.measures.editions import compare_editions
from assetmap.placeview import PlaceView, Provenance
from assetmap.questions.answer import (
    NEIGHBOURHOOD,
    Answer,
    area_layers,
    layers_holding,
)
from assetmap.questions.deprivation_words import WHOM, area_sentence, area_title, caveats, method, sentence, title
from assetmap.questions.formulas import DEPRIVATION
from assetmap.questions.indices import (
    NO_LOOKUP,
    Beside,
    Indices,
    beside_england,
    editions_of,
    indices,
    layer_of_indices,
    on_areas,
    with_scores_of,
)
from assetmap.questions.patch import Patch, patch_of

TOLD_BY: Final = ("place", "locality", "ward", "authority", "area")
"""A row a neighbourhood, a part of town, an area of a file, or an authority of England; or one row for the part of the
place that is asked about."""

MEASURES: Final = {
    "people": "people whom the Indices count",
    "average_score": "average score, weighted by {whom}",
    "average_rank": "average rank, weighted by {whom}; the most deprived neighbourhood of England counts {ranks:,}",
    "share_of_areas_in_decile_1": "share of neighbourhoods in the most deprived tenth of England",
    "share_in_decile_1": "share of people in the most deprived tenth of England",
    "share_in_deciles_1_2": "share of people in the most deprived fifth of England",
    "people_in_deciles_1_2": "people in the most deprived fifth of England",
    "extent": "extent: share of people in the most deprived three tenths, counting less from the eleventh hundredth on",
    "local_concentration": "local concentration: average rank where the most deprived tenth of the people live",
}
"""The rows of the totals, and what each is."""

_AMONG_AUTHORITIES: Final = {"share_of_areas_in_decile_1": "share_in_decile_1"}
"""Where the measure of an authority goes by another name."""

_OF_AREAS: Final = {
    "share_in_decile_1": "share_of_areas_in_decile_1",
    "rank_of_share_in_decile_1": "rank_of_share_of_areas_in_decile_1",
}
"""The names under which the shares of neighbourhoods are told, apart from those of people."""

_OF_ALL_ENGLAND: Final = ("extent", "local_concentration")
"""The measures that a place alone cannot tell of itself."""

OF_PEOPLE: Final = (
    "people", "people_in_deciles_1_2", "share_in_deciles_1_2", "share_in_decile_1", "average_score",
    "average_rank", "areas", "areas_left_out",
)  # fmt: skip
_BRIEF: Final = {
    "place": (*NEIGHBOURHOOD, "people", "rank", "decile", "score", "how"),
    "authority": (
        "rank_of_average_rank", "name", "areas", "average_rank", "average_score", "rank_of_average_score",
        "share_of_areas_in_decile_1", "extent", "local_concentration",
    ),
}  # fmt: skip
"""What a person reads first; by part, all of it."""


def deprivation(
    view: PlaceView,
    edition: int | None = None,
    domain: str = "imd",
    by: str = "place",
    outlines: gpd.GeoDataFrame | None = None,
    england: PlaceView | None = None,
    areas: Sequence[str] = (),
    outline: BaseGeometry | None = None,
) -> Answer:
    """The official measures of a place's deprivation, and the same of its neighbourhoods, parts or wards.

    Parameters
    ----------
    edition
        The year of the Indices; the newest that is loaded unless another is asked for.
    domain
        ``imd``, a domain such as ``income``, or ``idaci`` or ``idaopi``.
    by
        One of :data:`TOLD_BY`.
    outlines
        For ``ward``: ``name`` and polygons in EPSG:4326, as :func:`assetmap.questions.outlines.read_outlines` gives.
    england
        The place that holds every neighbourhood of England, where it is loaded.
    areas, outline
        For ``area``: codes or names of neighbourhoods and names of parts of town, or a polygon in EPSG:4326, as
        :func:`assetmap.questions.profile` takes them.

    Returns
    -------
    Answer
        ``totals``: a row a measure of :data:`MEASURES` with ``here``, ``england``, and the ``rank`` of the place among
        ``authorities``, 1 the most deprived, where it is a whole authority; where England is not loaded, ``here``
        alone, of what does not take all of England. ``table``, by place: every neighbourhood
        with ``rank``, ``decile``, ``score``, ``how`` they came about and, where an older edition is loaded too,
        ``share_then``, ``share_now``, ``moved`` (see :func:`assetmap.measures.editions.compare_editions`) and
        ``how_then``; by locality, ward or area: the columns of :data:`OF_PEOPLE`, weighted by people, and for what is
        drawn ``areas_cut``, of how many neighbourhoods only a part of the people live in it; by authority: every
        authority of England with its measures and their ranks, the most deprived by average rank first, without
        outlines. ``parts``:
        ``between_editions``, the place's rank among authorities in each edition.

    Raises
    ------
    UnknownNameError
        If the domain, the edition, ``by`` or a word of ``areas`` is not known.
    QuestionError
        If no Indices are loaded or have no rank of the domain, there are no parts of town or outlines to tell by,
        England is not loaded to tell by authority, or the edition cannot be led to the place's neighbourhoods.
    """
    if by not in TOLD_BY:
        raise UnknownNameError("way to tell deprivation", by, TOLD_BY)
    found = indices(view, edition, domain)
    beside, alone = _beside(england, found)
    found = with_scores_of(found, beside.rows) if beside else found
    led_across = on_areas(view, found)
    told = _summed_up(found)
    if by == "place":
        shapes = _by_area(view, found, led_across)
    elif by == "authority":
        shapes = _by_authority(beside, alone)
    else:
        parts = _parts(view, by, outlines, areas, outline)
        shapes = _by_part(view, found, led_across, parts, drawn=by == "ward" or outline is not None)
    layers = [layer_of_indices(view).id, *area_layers(view)]
    led = found.edition.geography not in set(view.areas["geography"])
    sources = view.provenance([*layers, *layers_holding(view, "figures", "locators")])
    between = _between_editions(view, found, england)
    return Answer(
        title(view, found, told) if by != "area" else area_title(found, shapes.iloc[0]),
        area_sentence(view, found, told, shapes.iloc[0])
        if by == "area"
        else sentence(view, found, told, beside, shapes if by in {"locality", "ward"} else None),
        pd.DataFrame(shapes.drop(columns="geometry")),
        shapes,
        method(found),
        sources + _of_england_alone(england, layers, sources),
        _BRIEF.get(by, tuple(shapes.columns.drop("geometry"))),
        _totals(view, found, told, beside),
        tuple(caveats(view, found, led_across if led else None, alone, shapes)),
        {"between_editions": between} if len(between) else {},
        formulas=(DEPRIVATION,),
    )


def _summed_up(found: Indices) -> Summary:
    rows = found.rows
    return weighted_summary(rows["score"], rows["rank"], rows["people"], found.edition.areas, rows["weight"])


def _of_england_alone(
    england: PlaceView | None, layers: Sequence[str], sources: Sequence[Provenance]
) -> tuple[Provenance, ...]:
    """What England's figures come from, beyond what the place's own do."""
    told = {(source.layer, source.source_date) for source in sources}
    of_england = () if england is None else england.provenance(layers)
    return tuple(source for source in of_england if (source.layer, source.source_date) not in told)


def _beside(england: PlaceView | None, found: Indices) -> tuple[Beside | None, str]:
    """England, or why the place stands by itself."""
    if england is None:
        return None, "Load the place 'england' into this store to see the place beside England's authorities."
    try:
        return beside_england(england, found), ""
    except QuestionError as fault:
        return None, f"The place is not told beside England: {fault}"


def _totals(view: PlaceView, found: Indices, told: Summary, beside: Beside | None) -> pd.DataFrame:
    authority = beside.authority(found.rows.index) if beside else None
    own = beside.authorities.loc[authority] if beside and authority else pd.Series(dtype=float)
    everywhere = {} if beside is None else _of_england(beside)
    own_words = {**vars(told), "average_rank": told.average_rank_inverted}
    if len(found.rows) == found.edition.areas:
        own_words |= everywhere
    rows = []
    for measure, words in MEASURES.items():
        name = _AMONG_AUTHORITIES.get(measure, measure if measure != "share_in_decile_1" else "")
        rank = own.get(f"rank_of_{name}", np.nan)
        rows.append(
            {
                "measure": measure,
                "says": words.format(ranks=found.edition.areas, whom=WHOM[found.of_whom]),
                "here": own_words.get(measure, own.get(name, np.nan)),
                "england": everywhere.get(measure, np.nan),
                "rank": rank,
                "authorities": np.nan if np.isnan(rank) or beside is None else len(beside.authorities),
            }
        )
    totals = pd.DataFrame(rows).astype({"rank": "Int64", "authorities": "Int64"})
    return totals if beside else _without_england(totals)


def _without_england(totals: pd.DataFrame) -> pd.DataFrame:
    """What can be told of a place by itself: no blank stands for what takes all of England, the caveat has why."""
    told = totals[totals["here"].notna() | ~totals["measure"].isin(_OF_ALL_ENGLAND)]
    return told.drop(columns=["england", "rank", "authorities"]).reset_index(drop=True)


def _of_england(beside: Beside) -> dict[str, float]:
    told = _summed_up(beside.rows)
    both = {name: float(beside.england[name]) for name in ("extent", "local_concentration")}
    return {**vars(told), "average_rank": told.average_rank_inverted, **both}


def _by_area(view: PlaceView, found: Indices, areas: pd.DataFrame) -> gpd.GeoDataFrame:
    """Every neighbourhood, the most deprived first, with where it stood in the edition before."""
    shapes = view.neighbourhood_columns().drop(columns="deprivation_decile")
    codes = shapes["neighbourhood_code"].to_numpy()
    figures = areas.assign(decile=deciles(areas["rank"], found.edition.areas))[["rank", "decile", "score", "how"]]
    earlier = [year for year in editions_of(view) if year < found.edition.year]
    if earlier:
        then = indices(view, earlier[-1], found.domain)
        there = on_areas(view, then)
        moved = compare_editions(there["rank"], then.edition.areas, areas["rank"], found.edition.areas)
        figures = figures.join(moved).assign(how_then=there["how"])
    beside = figures.reindex(codes).set_axis(shapes.index)
    joined = gpd.GeoDataFrame(pd.concat([shapes, beside], axis=1), crs=space.STORED_CRS)
    return joined.sort_values("rank", kind="stable", ignore_index=True)


def _by_authority(beside: Beside | None, alone: str) -> gpd.GeoDataFrame:
    """Every authority of England, each measure beside its rank, the most deprived by average rank first."""
    if beside is None:
        raise QuestionError(f"Authorities cannot be told. {alone}")
    told = beside.authorities
    measures = [name for name in told.columns if f"rank_of_{name}" in told]
    ordered = [name for measure in measures for name in (measure, f"rank_of_{measure}")]
    table = told[["name", "areas", "people", *ordered]].rename(columns=_OF_AREAS)
    table = table.rename_axis("authority").reset_index().assign(geometry=None)
    shapes = gpd.GeoDataFrame(table, geometry="geometry", crs=space.STORED_CRS)
    return shapes.sort_values(["rank_of_average_rank", "authority"], kind="stable", ignore_index=True)


Parts = Iterable[tuple[str, Patch | None]]
"""Parts of a place by name; ``None`` where nobody of it lives."""


def _parts(
    view: PlaceView,
    by: str,
    outlines: gpd.GeoDataFrame | None,
    areas: Sequence[str],
    outline: BaseGeometry | None,
) -> Parts:
    if by == "area":
        patch = patch_of(view, areas, outline)
        return [(patch.name, patch)]
    return _localities(view) if by == "locality" else _drawn(view, outlines)


def _by_part(view: PlaceView, found: Indices, areas: pd.DataFrame, patches: Parts, *, drawn: bool) -> gpd.GeoDataFrame:
    """A row a part, those with the largest share in the most deprived fifth first."""
    if (areas["how"] == NO_LOOKUP).all():
        raise QuestionError(
            f"The Indices of {found.edition.year} describe {found.edition.geography} and cannot be led to the "
            f"neighbourhoods of {view.name}: load a source of what became of neighbourhoods."
        )
    everybody = view.areas.set_index("area_code")["population"].astype("float64")
    rows = []
    for name, patch in patches:
        people = pd.Series(dtype=float) if patch is None else patch.people
        about = areas.reindex(people.index)
        told = weighted_summary(about["score"], about["rank"], people, found.edition.areas)
        figures = {**vars(told), "average_rank": told.average_rank_inverted}
        row = {"name": name, **{each: figures[each] for each in OF_PEOPLE}}
        if drawn:
            row["areas_cut"] = int((people < everybody.reindex(people.index) * (1 - 1e-9)).sum())
        rows.append({**row, "geometry": None if patch is None else patch.outline})
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs=space.STORED_CRS)
    return table.sort_values(
        ["share_in_deciles_1_2", "average_rank"], ascending=False, kind="stable", ignore_index=True
    )


def _localities(view: PlaceView) -> Iterator[tuple[str, Patch | None]]:
    names = sorted({str(name) for name in view.areas["locality"].dropna() if str(name).strip()})
    if not names:
        raise QuestionError(f"No source says what the parts of {view.name} are called. Give outlines instead.")
    return ((name, patch_of(view, [name])) for name in names)


def _drawn(view: PlaceView, outlines: gpd.GeoDataFrame | None) -> list[tuple[str, Patch | None]]:
    if outlines is None or not len(outlines):
        raise QuestionError("Wards are not kept in the store: give a file of their outlines, or of any areas drawn.")
    found = [(str(name), _inside(view, shape)) for name, shape in zip(outlines["name"], outlines.geometry, strict=True)]
    if all(patch is None for _, patch in found):
        raise QuestionError(f"Nobody in {view.name} lives in any of these {len(found)} areas: they are of elsewhere.")
    return found


def _inside(view: PlaceView, shape: object) -> Patch | None:
    """The part of a place in an outline; ``None`` where nobody of it lives there."""
    try:
        return patch_of(view, outline=shape)  # type: ignore[arg-type]
    except QuestionError:
        return None


def _between_editions(view: PlaceView, found: Indices, england: PlaceView | None) -> pd.DataFrame:
    """The place's rank among authorities in every edition that is loaded here and of all England."""
    rows = []
    for year in editions_of(view) if england is not None else []:
        own = found if year == found.edition.year else indices(view, year, found.domain)
        beside, _ = _beside(england, own)
        authority = beside.authority(own.rows.index) if beside else None
        if beside and authority:
            ranks = beside.authorities.loc[authority].filter(like="rank_of_").astype(int)
            ranks = ranks.rename(_OF_AREAS)
            rows.append({"edition": str(year), "authorities": len(beside.authorities), **ranks.to_dict()})
    return pd.DataFrame(rows)
