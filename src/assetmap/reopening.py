"""Which places are open today, and which could open again."""

from __future__ import annotations

import numpy as np
import pandas as pd

from assetmap.placeview import PlaceView
from assetmap.tables import OPEN, SHUT, STOOD_ELSEWHERE


def stands(view: PlaceView) -> pd.Series[bool]:
    """Which places are open today; what a ledger says of one is not the place itself."""
    return view.assets["status"].isin(OPEN) & ~_in_a_ledger(view)


def could_reopen(view: PlaceView) -> pd.Series[bool]:
    """Which of ``view.assets`` could open again: what is shut, or stood where its ledger has it until it moved.

    Not what is open in other hands, nor what another register has open under the same roof and people walk to today.
    """
    return view.once("could reopen", lambda: _could_reopen(view))


def _could_reopen(view: PlaceView) -> pd.Series[bool]:
    assets = view.assets
    moved = _in_a_ledger(view) & assets["what_happened"].isin(STOOD_ELSEWHERE)
    gone = assets[assets["status"].isin(SHUT) | moved]
    elsewhere = [
        bool(open_elsewhere(view, asset_id, kind))
        for asset_id, kind in zip(gone["asset_id"], gone["kind"], strict=True)
    ]
    return pd.Series(assets.index.isin(gone.index[~np.array(elsewhere, dtype=bool)]), index=assets.index)


def open_elsewhere(view: PlaceView, asset_id: str, kind: str) -> list[str]:
    """The rows of the same building and kind that are open today."""
    same = view.same_buildings.of([asset_id])
    if not same:
        return []
    assets = view.assets
    return list(assets.loc[stands(view) & assets["asset_id"].isin(same) & (assets["kind"] == kind), "asset_id"])


def _in_a_ledger(view: PlaceView) -> pd.Series[bool]:
    return view.assets["layer"].isin([layer.id for layer in view.layers.values() if layer.tells == "lost"])
