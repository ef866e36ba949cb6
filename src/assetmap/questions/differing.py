"""Registers that disagree whether one building is open: what each says, what is counted, and which of them is later.

Every answer that counts such a building says so, and the map where it is pressed. Which rows are one building is
:func:`assetmap.matching.same_buildings`; only rows of one kind can disagree, for a building may stand whose library is
closed.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from assetmap.matching import SURE
from assetmap.placeview import PlaceView
from assetmap.questions.known import register_of
from assetmap.tables import OPEN, STOOD_ELSEWHERE
from assetmap.wording import count_words

DIFFERING_COLUMNS: Final = ("asset_id", "other_id", "sentence")

TOLD_AT_MOST: Final = 12
"""So many disagreements are told beside an answer; of more it says how many, and where they stand."""

_SAYS: Final[Mapping[str, str]] = {
    "open": "as open",
    "closed": "as closed",
    "paused": "as shut for a time",
    "moved": "as moved from there",
    "merged": "as merged with another",
    "unknown": "without saying whether it is open",
}
_COUNTED: Final[Mapping[tuple[bool, bool], str]] = {
    (True, True): "It is counted as open where places are counted, and as lost where closures are.",
    (True, False): "It is counted as open, and not as lost.",
    (False, True): "It is counted as lost, and not as open.",
    (False, False): "It is counted neither as open nor as lost.",
}
"""By whether any of its rows counts as open, and whether any counts as lost."""

_ASK: Final = "ask whether it is open today."
_LATER: Final[Mapping[str, str]] = {
    "first": "The first is the later of the two.",
    "second": f"The second is the later of the two: {_ASK}",
    "": f"Their dates do not tell which is later: {_ASK}",
}

Row = Mapping[Hashable, Any]


def differing_caveats(view: PlaceView, asset_ids: Iterable[str]) -> tuple[str, ...]:
    """Of which of some places registers disagree whether they are open, a sentence each.

    Parameters
    ----------
    asset_ids
        The rows that an answer counts or names.
    """
    pairs, counted = disagreements(view), set(asset_ids)
    told = pairs.loc[pairs["asset_id"].isin(counted) | pairs["other_id"].isin(counted), "sentence"].unique()
    more = len(told) - TOLD_AT_MOST
    buildings = count_words(more, "more building", "more buildings")
    rest = f"Registers disagree whether {buildings} {'is' if more == 1 else 'are'} open: the page Sources lists them."
    return (*told[:TOLD_AT_MOST], *([rest] if more > 0 else []))


def differing_lines(view: PlaceView) -> dict[str, tuple[str, ...]]:
    """What to say of each place of which registers disagree, by the id of each of its rows."""
    pairs = disagreements(view)
    found: dict[str, list[str]] = {}
    for name in ("asset_id", "other_id"):
        for asset_id, sentence in zip(pairs[name], pairs["sentence"], strict=True):
            found.setdefault(asset_id, []).append(sentence)
    return {asset_id: tuple(dict.fromkeys(told)) for asset_id, told in found.items()}


def disagreements(view: PlaceView) -> pd.DataFrame:
    """The pairs of rows that surely are one building, of one kind, and say different things of whether it is open.

    Returns
    -------
    pandas.DataFrame
        The columns of :data:`DIFFERING_COLUMNS`, by the name of the place: the row that counts as open, else the one
        that counts as lost, is ``asset_id``; ``sentence`` names the place, both registers with their dates, and what
        is counted.
    """
    return view.once("disagreements", lambda: _disagreements(view))


def _disagreements(view: PlaceView) -> pd.DataFrame:
    rows = view.assets
    # where everything is open nothing can disagree, and no pairs need be sought
    if rows["status"].eq("open").all() and not rows["what_happened"].isin(STOOD_ELSEWHERE).any():
        return pd.DataFrame(columns=list(DIFFERING_COLUMNS))
    pairs = view.same_buildings.pairs
    pairs = pairs[pairs["band"] == SURE]
    ids = {*pairs["asset_id"], *pairs["other_id"]}
    by_id: dict[str, Row] = {row["asset_id"]: row for row in rows[rows["asset_id"].isin(ids)].to_dict("records")}
    told = []
    for one, other in zip(pairs["asset_id"], pairs["other_id"], strict=True):
        first, second = sorted((by_id[one], by_id[other]), key=lambda row: _order(view, row))
        if _differ(view, first, second):
            told.append((first["asset_id"], second["asset_id"], _sentence(view, first, second, by_id)))
    return pd.DataFrame(told, columns=list(DIFFERING_COLUMNS)).sort_values("sentence", ignore_index=True)


def _is_ledger(view: PlaceView, row: Row) -> bool:
    return view.layers[str(row["layer"])].tells == "lost"


def _says(view: PlaceView, row: Row) -> str:
    """A key of :data:`_SAYS`; what a ledger has as moved or merged does not stand there any more."""
    gone_elsewhere = row["status"] != "closed" and row["what_happened"] in STOOD_ELSEWHERE
    return str(row["what_happened"] if gone_elsewhere and _is_ledger(view, row) else row["status"])


def _counts_open(view: PlaceView, row: Row) -> bool:
    return row["status"] in OPEN and not _is_ledger(view, row)


def _order(view: PlaceView, row: Row) -> tuple[bool, bool, str]:
    """What counts as open comes first, then what counts as lost."""
    return not _counts_open(view, row), row["status"] != "closed", str(row["asset_id"])


def _differ(view: PlaceView, first: Row, second: Row) -> bool:
    says = [_says(view, row) for row in (first, second)]
    # what does not say contradicts nothing, unless it counts as open all the same
    silent = says[1] == "unknown" or (says[0] == "unknown" and (not _counts_open(view, first) or says[1] == "open"))
    return _same_kind(first, second) and says[0] != says[1] and not silent


def _same_kind(first: Row, second: Row) -> bool:
    return bool(first["kind"] == second["kind"] != "other")


def _sentence(view: PlaceView, first: Row, second: Row, by_id: Mapping[str, Row]) -> str:
    pair = [str(row["asset_id"]) for row in (first, second)]
    building = [by_id[each] for each in (*pair, *view.same_buildings.of(pair)) if _same_kind(first, by_id[each])]
    counted = any(_counts_open(view, row) for row in building), any(row["status"] == "closed" for row in building)
    (register, date), (other, other_date) = (register_of(view, row) for row in (first, second))
    return (
        f"Registers disagree about {first['name']}: {register} has it {_SAYS[_says(view, first)]}, {other} "
        f"{_SAYS[_says(view, second)]}. {_COUNTED[counted]} {_LATER[_later(date, other_date)]}"
    )


def _later(first: str, second: str) -> str:
    """Which of two dates is the later, ``first`` or ``second``; empty where one lies in the other or is not told."""
    dates: Sequence[str] = (first, second)
    if not all(dates) or first.startswith(second) or second.startswith(first):
        return ""
    return "first" if first > second else "second"
