"""What a high street is made of: how many of its fronts are shops, services, for the community, for gambling, empty."""

from __future__ import annotations

from typing import Final

import pandas as pd

from assetmap.layers import Layer
from assetmap.placeview import PlaceView
from assetmap.questions.patch import Patch
from assetmap.wording import and_words

MIX_COLUMNS: Final = ("kind", "what", "count", "share", "whole_count", "whole_share")


def counted_layers(view: PlaceView) -> list[Layer]:
    """The layers of which rows are only counted together."""
    return [layer for layer in view.layers.values() if layer.tells == "counted"]


def mix(view: PlaceView, patch: Patch) -> pd.DataFrame:
    """Every sort of front, how many of them stand in a patch and what share of its fronts that is.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`MIX_COLUMNS`, ``whole`` being the whole place; shares are NaN where there is no front at
        all. A row a kind, those with none among them; no rows where no source of fronts is loaded.
    """
    loaded = [layer for layer in counted_layers(view) if view.provenance([layer.id])]
    rows = view.assets
    stands = rows["layer"].isin([layer.id for layer in loaded]) & (rows["status"] != "closed")
    here, whole = (rows.loc[chosen, "kind"].value_counts() for chosen in (stands & patch.stands, stands))
    kinds = {kind: layer.kind_title(kind, int(here.get(kind, 0))) for layer in loaded for kind in layer.kinds}
    table = pd.DataFrame({"kind": list(kinds), "what": list(kinds.values())}, columns=list(MIX_COLUMNS))
    for name, counts in (("", here), ("whole_", whole)):
        count = table["kind"].map(counts).fillna(0).astype("int64")
        table[f"{name}count"] = count
        table[f"{name}share"] = count / count.sum() if count.sum() else float("nan")
    return table


def mix_words(table: pd.DataFrame) -> str:
    """How many fronts there are and of what sorts, the most frequent first; empty where no source is loaded."""
    if table.empty:
        return ""
    found = table[table["count"] > 0].sort_values("count", ascending=False, kind="stable")
    if found.empty:
        return " No shop or other front of a high street is mapped inside."
    told = [f"{count:,} {what.lower()}" for what, count in zip(found["what"], found["count"], strict=True)]
    return f" Fronts of high streets inside: {and_words(told)}."
