"""Which buildings stand in two registers, so that a person can judge each pair; nothing is merged."""

from __future__ import annotations

from typing import Final

import pandas as pd

from assetmap.placeview import PlaceView
from assetmap.questions.differing import disagreements

REGISTERS_COLUMNS: Final = (
    "band", "name", "source", "other_name", "other_source", "score", "distance_m", "reasons", "differ", "asset_id",
    "other_id",
)  # fmt: skip


def in_two_registers(view: PlaceView) -> pd.DataFrame:
    """Every pair of rows that is one building, sure ones first (:func:`assetmap.matching.same_buildings`).

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`REGISTERS_COLUMNS`: the pair's band, score, distance and reasons, ``differ`` (what to know
        where the two disagree whether it is open; else empty), and of both rows the name, the source and the id.
    """
    pairs = view.same_buildings.pairs
    rows = view.assets.set_index("asset_id")
    told = pairs.assign(
        differ=_differ(view, pairs),
        name=pairs["asset_id"].map(rows["name"]),
        source=pairs["asset_id"].map(rows["source"]),
        other_name=pairs["other_id"].map(rows["name"]),
        other_source=pairs["other_id"].map(rows["source"]),
    )
    return told[list(REGISTERS_COLUMNS)]


def _differ(view: PlaceView, pairs: pd.DataFrame) -> list[str]:
    """What to know of each pair whose registers disagree whether it is open; of the others an empty text."""
    told = disagreements(view)
    sentences = dict(zip(map(frozenset, told[["asset_id", "other_id"]].to_numpy()), told["sentence"], strict=True))
    return [sentences.get(frozenset(pair), "") for pair in pairs[["asset_id", "other_id"]].to_numpy()]
