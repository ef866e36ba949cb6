"""Answers that shade every neighbourhood, as sheets: what falls to each person, who lost what closed, deprivation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry

from assetmap import questions
from assetmap.errors import QuestionError
from assetmap.placeview import Choice, PlaceView
from assetmap.printing.part import outlined_part
from assetmap.printing.parts import (
    BESIDE_NEED,
    backdrop_of,
    focus_on,
    kinds_lost,
    of_the_place,
    sources_of,
    title_of,
    words_of,
)
from assetmap.printing.shades import (
    DEPRIVED_CLASSES,
    EACH_CLASSES,
    LOST_CLASSES,
    by_deciles,
    by_share_deprived,
    by_share_lost,
    fifths_of_each,
    shaded,
)
from assetmap.questions import Answer
from assetmap.questions.gap_index import NEEDS
from assetmap.questions.indices import indices
from assetmap.questions.patch import Patch, patch_of
from assetmap.sheets import Shading, Sheet, SheetLayer
from assetmap.sheets.credits import in_brief, in_words


def access_sheet(view: PlaceView, answer: Answer, kinds: Sequence[str], layers: Sequence[str]) -> Sheet:
    """The sheet of what falls to each person: an answer of :func:`assetmap.questions.access` and its map."""
    rows = _in_order(view, answer)
    classes = fifths_of_each(rows["access"].astype("float64"))
    usual = [layer.id for layer in view.layers.values() if layer.gaps_first]
    chosen = view.choose(kinds, () if kinds else layers or usual)
    drawn = tuple(_layer(view, choice) for choice in chosen)
    return shaded(_sheet(view, answer, drawn, None), classes, Shading("What falls to each", EACH_CLASSES))


def who_lost_sheet(view: PlaceView, answer: Answer, since: int | None = None, until: int | None = None) -> Sheet:
    """The sheet of who lost what closed: an answer of :func:`assetmap.questions.who_lost` and its map.

    Parameters
    ----------
    since, until
        The years that the answer is of.
    """
    rows = _in_order(view, answer)
    classes = by_share_lost(rows["people_losing"].astype("float64"), rows["people"].astype("float64"))
    kinds = [str(kind) for kind in answer.totals["kind"]]
    choices = [view.kind_choice(kind) for kind in kinds]
    lost = view.assets[view.assets["asset_id"].isin(questions.lost(view, since, until, kinds).table["asset_id"])]
    sheet = _sheet(view, answer, tuple(_layer(view, choice) for choice in choices), gpd.GeoDataFrame(lost))
    return shaded(sheet, classes, Shading("People who lost one", LOST_CLASSES))


def deprivation_sheet(
    view: PlaceView,
    answer: Answer,
    by: str,
    edition: int | None = None,
    domain: str = "imd",
    areas: Sequence[str] = (),
    outline: BaseGeometry | None = None,
    title: str = "",
) -> Sheet:
    """The sheet of deprivation: an answer of :func:`assetmap.questions.deprivation` and its map.

    Where people meet already and what they own together is drawn over the greys.

    Parameters
    ----------
    by
        ``place`` or ``area``, which shade neighbourhoods by their tenths of England, or ``locality``, which shades
        them by the share of the people of their part of town who live in the most deprived fifth.
    edition, domain, areas, outline
        What the answer was asked with.
    title
        A title of the person's own, in place of the finding.

    Raises
    ------
    QuestionError
        If the answer is by something that has no outline here.
    """
    if by not in MAPPED_BY:
        raise QuestionError(f"Deprivation by {by} has no map: its rows have no outlines in {view.name}.")
    standing = tuple(
        replace(_layer(view, choice), small=True)
        for choice in view.choose()
        if choice.layer.theme in BESIDE_NEED and len(view.of(choice))
    )
    sheet = replace(_sheet(view, answer, standing, None), title=title_of(title, answer))
    measure = f"{NEEDS[domain]} {indices(view, edition, domain).edition.year}"
    if by == "locality":
        share = answer.table.set_index("name")["share_in_deciles_1_2"].astype("float64")
        here = view.areas["locality"].map(share)
        shading = Shading(f"{measure}, by part of town", DEPRIVED_CLASSES)
        return shaded(sheet, by_share_deprived(here), shading)
    every = answer if by == "place" else questions.deprivation(view, edition, domain)
    sheet = by_deciles(sheet, _in_order(view, every)["decile"], measure)
    return sheet if by == "place" else _of_a_part(view, sheet, patch_of(view, areas, outline))


MAPPED_BY: Final = ("place", "area", "locality")
"""By what deprivation may be told so that a map can show it."""


def _of_a_part(view: PlaceView, sheet: Sheet, patch: Patch) -> Sheet:
    area = gpd.GeoDataFrame(geometry=[patch.outline], crs=view.areas.crs)
    return replace(
        sheet,
        backdrop={**sheet.backdrop, "area": area},
        outlined=outlined_part(patch),
        focus_m=focus_on(view, [patch.outline]),
    )


def _sheet(view: PlaceView, answer: Answer, layers: tuple[SheetLayer, ...], lost: gpd.GeoDataFrame | None) -> Sheet:
    backdrop = backdrop_of(view)
    drawn = [layer.points for layer in layers]
    sources = sources_of(view, answer, [], backdrop, lost, *drawn)
    return Sheet(
        title=answer.title,
        subtitle=answer.sentence,
        **of_the_place(view),
        layers=layers,
        lost=lost,
        backdrop=backdrop,
        sources=in_words(sources),
        brief=in_brief(sources),
        caveats=answer.caveats,
        about_losses=lost is not None,
        kinds_lost=kinds_lost(view, lost),
        method=answer.method,
    )


def _layer(view: PlaceView, choice: Choice) -> SheetLayer:
    layer, one = choice.layer, len(choice.kinds) == 1
    title = layer.kind_title(choice.kinds[0], 2) if one else layer.title
    kinds = {kind: words_of(layer, kind) for kind in layer.kinds}
    words = words_of(layer, choice.kinds[0]) if one else (layer.one, layer.many)
    return SheetLayer(title, layer.theme or "meeting", gpd.GeoDataFrame(view.of(choice)), kinds=kinds, words=words)


def _in_order(view: PlaceView, answer: Answer) -> pd.DataFrame:
    """The rows of an answer in the order of the place's neighbourhoods."""
    return answer.table.set_index("neighbourhood_code").reindex(view.areas["area_code"])
