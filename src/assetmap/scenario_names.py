"""What a scenario is called where nobody names it: each place while they are few, else how many of each kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from assetmap.placeview import Choice, PlaceView
from assetmap.scenarios import ACTIONS, Action, Change, Scenario
from assetmap.wording import and_words

NAMED_AT_MOST: Final = 3
"""Of more places, or more kinds of them, none is named."""

NAME_AT_MOST: Final = 80
"""Characters of the name of a scenario."""

_NAMED: Final[Mapping[Action, str]] = {
    "close": "without {}",
    "open": "with {}",
    "reopen": "with {} open again",
    "move": "with {} moved",
    "hours": "with other hours at {}",
}
_COUNTED: Final[Mapping[Action, str]] = {
    "close": "closing",
    "open": "opening",
    "reopen": "reopening",
    "move": "moving",
    "hours": "changing the hours of",
}


def name_of(view: PlaceView, scenario: Scenario) -> str:
    """What a scenario is called: its own name or, without one, its changes in words."""
    return scenario.name or in_words(view, scenario.changes)


def in_words(view: PlaceView, changes: Sequence[Change]) -> str:
    """What some changes are called when nobody names them: ``without Coppice Library``, ``closing 13 libraries``.

    Each place is named while there are no more than :data:`NAMED_AT_MOST` and it all is no longer than
    :data:`NAME_AT_MOST`; else it is told how many there are of each kind.
    """
    by_action = {action: [each for each in changes if each.action == action] for action in ACTIONS}
    happens = {action: some for action, some in by_action.items() if some}
    names = dict(zip(view.assets["asset_id"], view.assets["name"], strict=True))
    named = ", ".join(_NAMED[action].format(and_words(_names(names, some))) for action, some in happens.items())
    if len(changes) < 2 or (len(changes) <= NAMED_AT_MOST and len(named) <= NAME_AT_MOST):
        return named
    return ", ".join(f"{_COUNTED[action]} {_how_many(view, some)}" for action, some in happens.items())


def _names(names: Mapping[str, str], changes: Sequence[Change]) -> list[str]:
    return [
        f"a new {each.what.replace('_', ' ')}" if each.action == "open" else str(names.get(each.what, ""))
        for each in changes
    ]


def _how_many(view: PlaceView, changes: Sequence[Change]) -> str:
    """``13 libraries and 2 halls``; places of many kinds are counted together."""
    counts = Counter(_layer_and_kind(view, each) for each in changes)
    if len(counts) > NAMED_AT_MOST:
        return f"{len(changes)} places"
    return and_words([Choice(view.layers[layer], (kind,)).counted(count) for (layer, kind), count in counts.items()])


def _layer_and_kind(view: PlaceView, change: Change) -> tuple[str, str]:
    if change.action == "open":
        return view.kind_choice(change.what).layer.id, change.what
    row = view.assets[view.assets["asset_id"] == change.what].iloc[0]
    return str(row["layer"]), str(row["kind"])
