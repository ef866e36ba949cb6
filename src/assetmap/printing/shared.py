"""Two answers that shade every neighbourhood, as sheets: what falls to each person, and who lost what closed."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from assetmap import questions
from assetmap.placeview import Choice, PlaceView
from assetmap.printing.parts import backdrop_of, kinds_lost, of_the_place, sources_of, words_of
from assetmap.printing.shades import EACH_CLASSES, LOST_CLASSES, by_share_lost, fifths_of_each, shaded
from assetmap.questions import Answer
from assetmap.sheets import Shading, Sheet, SheetLayer
from assetmap.sheets.credits import in_words


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


def _sheet(view: PlaceView, answer: Answer, layers: tuple[SheetLayer, ...], lost: gpd.GeoDataFrame | None) -> Sheet:
    backdrop = backdrop_of(view)
    drawn = [layer.points for layer in layers]
    return Sheet(
        title=answer.title,
        subtitle=answer.sentence,
        **of_the_place(view),
        layers=layers,
        lost=lost,
        backdrop=backdrop,
        sources=in_words(sources_of(view, answer, [], backdrop, lost, *drawn)),
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
