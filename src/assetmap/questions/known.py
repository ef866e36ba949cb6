"""What other registers and the ledger know of some places: whose building it is, what became of it, who differs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import pandas as pd

from assetmap.placeview import Choice, PlaceView, Provenance
from assetmap.wording import and_words

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
    told = [f"{_listed(view, each)}{_became(view, each)}" for each in dict.fromkeys(asset_ids)]
    return "".join(told)


def differing_caveats(view: PlaceView, choices: Iterable[Choice]) -> tuple[str, ...]:
    """Of places that are counted as open, those that the ledger has as closed for a time; and which is later."""
    told = []
    for choice in choices:
        for row in view.of(choice).to_dict("records"):
            for other in _in_ledger(view, str(row["asset_id"])):
                if other["status"] == "paused":
                    told.append(_differ(row, other, _sources(view)))
    return tuple(told)


def _differ(row: Mapping[Hashable, Any], other: Mapping[Hashable, Any], sources: Mapping[str, Provenance]) -> str:
    register, ledger = sources.get(str(row["source"])), sources.get(str(other["source"]))
    says = f"{row['name']} is counted as open, as in {_dated(register)}; {_dated(ledger)} has it as closed for a time"
    dates = [each.source_date if each else "" for each in (register, ledger)]
    return f"{says}. {_LATER[_later(*dates)]}"


_LATER: Final[Mapping[str, str]] = MappingProxyType(
    {
        "register": "The first is the later of the two.",
        "ledger": "The second is the later of the two: ask whether it serves today, and close it here if it does not.",
        "": "Their dates do not tell which is later: ask whether it serves today, and close it here if it does not.",
    }
)


def _later(register: str, ledger: str) -> str:
    """Which of two dates is the later, ``register`` or ``ledger``; empty where one lies in the other or is not told."""
    if not register or not ledger or register.startswith(ledger) or ledger.startswith(register):
        return ""
    return "register" if register > ledger else "ledger"


def _sources(view: PlaceView) -> Mapping[str, Provenance]:
    return {source.source: source for source in view.provenance(view.layers)}


def _dated(source: Provenance | None) -> str:
    if source is None:
        return "what people added"
    return f"{source.title} ({', '.join(part for part in (source.publisher, source.source_date) if part)})"


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
        f"{_HAPPENED[row['what_happened']]}{_when(row['closed_on'])}": _sources(view).get(str(row["source"]))
        for row in _in_ledger(view, asset_id)
        if row["what_happened"] in _HAPPENED
    }
    name = _name(view, asset_id)
    return "".join(f" {name} {happened}, says {_dated(source)}." for happened, source in told.items())


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
