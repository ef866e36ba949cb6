"""A part of a place as a sheet: its outline, and what of each ingredient is inside and nearest to its people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from assetmap import measures, questions, space
from assetmap.placeview import PlaceView
from assetmap.printing.parts import (
    NAMED_AT_MOST,
    Box,
    backdrop_of,
    focus_on,
    is_ground,
    kinds_lost,
    of_the_place,
    sources_of,
    title_of,
    words_of,
)
from assetmap.questions.patch import Patch, patch_of
from assetmap.sheets import Outlined, Sheet, SheetLayer
from assetmap.sheets.credits import in_brief, in_words
from assetmap.wording import count_words, opening


def profile_sheet(
    view: PlaceView,
    areas: Sequence[str] = (),
    outline: BaseGeometry | None = None,
    england: PlaceView | None = None,
    minutes: float = measures.WALK_MINUTES,
    title: str = "",
) -> Sheet:
    """The sheet of a part of a place: the numbers of :func:`assetmap.questions.profile`, and their map.

    It shows what is inside and what is nearest to its people; of the whole place, only the latter.

    Parameters
    ----------
    areas, outline, england
        As :func:`assetmap.questions.profile` takes them.
    title
        A title of the person's own, in place of the finding.

    Raises
    ------
    UnknownNameError, QuestionError
        As :func:`assetmap.questions.profile` does, or if the text leaves no room for a map.
    """
    answer = questions.profile(view, areas, outline, england, minutes)
    whole = not areas and outline is None
    patch = patch_of(view, areas, outline)
    focus = None if whole else focus_on(view, [patch.outline])
    told = pd.concat([answer.part(part)["asset_id"] for part in (("nearest",) if whole else ("inside", "nearest"))])
    found = view.assets[view.assets["asset_id"].isin(told)]
    near = found if focus is None else found[_inside(found, focus)]
    standing = near[near["status"] != "closed"]
    lost = gpd.GeoDataFrame(near[near["status"] == "closed"])
    layers = [layer for layer in view.layers_here if (standing["layer"] == layer.id).any()]
    backdrop = backdrop_of(view)
    sources = sources_of(view, answer, [], backdrop, gpd.GeoDataFrame(near))
    return Sheet(
        title=title_of(title, answer),
        subtitle=answer.sentence,
        **of_the_place(view),
        layers=tuple(_layer(layer, gpd.GeoDataFrame(standing[standing["layer"] == layer.id])) for layer in layers),
        lost=lost if len(lost) else None,
        backdrop=backdrop if whole else {**backdrop, "area": gpd.GeoDataFrame(answer.shapes[["geometry"]].head(1))},
        sources=in_words(sources),
        brief=in_brief(sources),
        caveats=(*answer.caveats, *_beyond(len(found) - len(near))),
        outlined=None if whole else outlined_part(patch),
        kinds_lost=kinds_lost(view, lost),
        method=answer.method,
        heading="The nearest of each sort" if whole else "Inside, and the nearest of each sort",
        focus_m=focus,
    )


def _inside(rows: gpd.GeoDataFrame, box_m: Box) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Which rows are drawn: a far one of a rare sort would make the part itself too small to read."""
    east, north = space.coordinates_m(rows.geometry).T
    left, low, right, top = box_m
    return np.asarray((left <= east) & (east <= right) & (low <= north) & (north <= top), dtype=bool)


def _beyond(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    return (f"{count_words(count, 'of the nearest lies', 'of the nearest lie')} beyond this map: see the table.",)


def _layer(layer: Any, rows: gpd.GeoDataFrame) -> SheetLayer:
    kinds = {kind: words_of(layer, kind) for kind in layer.kinds}
    return SheetLayer(
        layer.title,
        layer.theme or "meeting",
        rows,
        labels=len(rows) <= NAMED_AT_MOST,
        kinds=kinds,
        words=(layer.one, layer.many),
        ground=is_ground(layer, rows),
    )


def outlined_part(patch: Patch) -> Outlined:
    """The part that the sheet is about, with how many people live there."""
    people = float(patch.people.sum(min_count=1))
    who = f"{count_words(people, 'person lives', 'people live')} there." if people == people else ""
    return Outlined(
        title="Which part", note=who, codes=frozenset(), codes_title=opening(patch.name), standouts=()
    )  # fmt: skip
