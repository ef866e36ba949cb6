"""What other registers and the ledger know of some places: whose building it is, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from assetmap.placeview import PlaceView, Provenance
from assetmap.wording import and_words, day_words

_HAPPENED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "closed": "closed",
        "moved": "moved",
        "merged": "merged with another",
        "handed_over": "went to the community and is open",
        "hours_cut": "is open for fewer hours",
        "temporary": "was closed for a time",
    }
)


def known_of(view: PlaceView, asset_ids: Sequence[str]) -> str:
    """What is known of some places beside their own rows, in sentences, each place told once.

    In which register of owners each building is listed, and what the ledger of services says became of it.
    """
    return "".join(view.once(("known of", each), partial(_known, view, each)) for each in dict.fromkeys(asset_ids))


def _known(view: PlaceView, asset_id: str) -> str:
    return f"{_listed(view, asset_id)}{_became(view, asset_id)}"


def register_of(view: PlaceView, row: Mapping[Hashable, Any]) -> tuple[str, str]:
    """The register of a row in words with its date, and the date itself, as precise as it is known."""
    source = _sources(view).get(str(row["source"]))
    if source is not None:
        return source.cited, source.source_date
    told = json.loads(str(row["details"] or "{}"))
    date = str(told.get("seen_on") or told.get("created_at") or "")[:10]
    return f"what people added{f' ({day_words(date)})' if date else ''}", date


def _sources(view: PlaceView) -> Mapping[str, Provenance]:
    return view.once("sources", lambda: {source.source: source for source in view.provenance(view.layers)})


def _rows(view: PlaceView, asset_id: str) -> pd.DataFrame:
    """The row of a place, and the rows that surely are the same building."""
    rows = view.assets
    return rows[rows["asset_id"].isin({asset_id, *view.same_buildings.of([asset_id])})]


def _in_ledger(view: PlaceView, asset_id: str) -> list[dict[Hashable, Any]]:
    """What the ledgers say of a place: rows that surely are the same building, and of the same kind."""
    ledgers = [layer.id for layer in view.layers.values() if layer.tells == "lost"]
    rows = _rows(view, asset_id)
    kinds = rows.loc[rows["asset_id"] == asset_id, "kind"]
    return rows[rows["layer"].isin(ledgers) & rows["kind"].isin(kinds)].to_dict("records")


def _became(view: PlaceView, asset_id: str) -> str:
    """`` It went to the community and is open, says Basic dataset for libraries (Arts Council England, 2023).``"""
    told = {
        f"{_HAPPENED[row['what_happened']]}{_when(row['closed_on'])}": register_of(view, row)[0]
        for row in _in_ledger(view, asset_id)
        if row["what_happened"] in _HAPPENED
    }
    name = _name(view, asset_id)
    return "".join(f" {name} {happened}, says {register}." for happened, register in told.items())


def _when(closed_on: object) -> str:
    return f" ({closed_on})" if isinstance(closed_on, str) and closed_on else ""


def _name(view: PlaceView, asset_id: str) -> str:
    rows = view.assets
    return str(rows.loc[rows["asset_id"] == asset_id, "name"].iloc[0])


def _listed(view: PlaceView, asset_id: str) -> str:
    """In which register of owners a building is listed."""
    rows = _rows(view, asset_id)
    owned = rows[(rows["asset_id"] != asset_id) & rows["owner"].notna()]
    sources = _sources(view)
    where = list(dict.fromkeys(_in_register(row, sources) for row in owned.to_dict("records")))
    return f" The building of {_name(view, asset_id)} is listed in {and_words(where)}." if where else ""


def _in_register(row: Mapping[Hashable, Any], sources: Mapping[str, Provenance]) -> str:
    """``Land and building assets as Coppice Avenue Library (Trafford Council, freehold)``."""
    tenure = f", {row['tenure'].lower()}" if isinstance(row["tenure"], str) else ""
    source = sources.get(str(row["source"]))
    title = source.title if source else row["source"]
    return f"{title} as {row['name']} ({row['owner']}{tenure})"
