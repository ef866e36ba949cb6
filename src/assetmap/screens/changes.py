"""A scenario as the address carries it, and its changes in words; what cannot be read is left out and said so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from assetmap.errors import AssetmapError, QuestionError
from assetmap.layers import Layer
from assetmap.placeview import PlaceView
from assetmap.reopening import could_reopen
from assetmap.scenario_names import NAME_AT_MOST, in_words
from assetmap.scenarios import CHANGES_AT_MOST, Change, Scenario, area_of, read_changes, refuse_strangers
from assetmap.screens.neighbourhoods import names
from assetmap.screens.overlays import PUBLIC
from assetmap.tables import NAMELESS, OPEN


@dataclass(frozen=True)
class Asked:
    """The scenario that an address asks for, without what could not be read, and plain notices about that."""

    scenario: Scenario
    notices: tuple[str, ...] = ()


def asked_of(params: Mapping[str, str], view: PlaceView, word: str, name_word: str) -> Asked:
    """The changes that stand under ``word``, with the name under ``name_word`` or one made of the changes."""
    parts = [part.strip() for part in params.get(word, "").split(";") if part.strip()]
    notices = []
    if len(parts) > CHANGES_AT_MOST:
        notices.append(f"The link has {len(parts)} changes; the first {CHANGES_AT_MOST} are shown.")
    changes: list[Change] = []
    for part in parts[:CHANGES_AT_MOST]:
        try:
            (change,) = read_changes(part)
            refuse_strangers(view, [*changes, change])
            _refuse_outside(view, change)
        except AssetmapError as fault:
            shown = part if len(part) <= NAME_AT_MOST else part[:NAME_AT_MOST] + "…"
            notices.append(
                f"The link asks for the change “{shown}”, which cannot be made here: it was left out. {fault}"
            )
            continue
        changes.append(change)
    name = params.get(name_word, "").strip()[:NAME_AT_MOST] or in_words(view, changes)
    return Asked(Scenario(name, tuple(changes)), tuple(notices))


def _refuse_outside(view: PlaceView, change: Change) -> None:
    if change.lon_lat is not None and area_of(view, change.lon_lat) is None:
        raise QuestionError(f"That spot is outside {view.name}.")


def written_with(changes: tuple[Change, ...]) -> str:
    """Changes as the address writes them."""
    return Scenario("", changes).written()


def layers_of_services(view: PlaceView) -> list[Layer]:
    """The layers of what could close, open or move, those that gaps are usually about first.

    Public land is what something could open on; layers whose spots are rounded off say nothing of walks.
    """
    told = [layer for layer in view.layers_here if layer.theme != PUBLIC and not layer.blur_m]
    return sorted(told, key=lambda layer: not layer.gaps_first)


def kinds_that_open(view: PlaceView) -> dict[str, str]:
    """Every kind that could open, with its title."""
    layers = layers_of_services(view)
    return {kind: spec.title for layer in layers for kind, spec in layer.kinds.items() if kind != "other"}


def places_by_kind(view: PlaceView, *, closed: bool = False) -> dict[str, str]:
    """Every place with a name that stands, or that could open again: its id and what it is called, kind by kind."""
    return view.once(("places by kind", closed), lambda: _places_by_kind(view, closed))


def _places_by_kind(view: PlaceView, closed: bool) -> dict[str, str]:
    titles = kinds_that_open(view)
    order = {kind: place for place, kind in enumerate(titles)}
    layers = [layer.id for layer in (view.layers.values() if closed else layers_of_services(view))]
    rows = view.assets
    ledgers = [layer.id for layer in view.layers.values() if layer.tells == "lost"]
    named = ~rows["name"].fillna(NAMELESS).str.endswith(NAMELESS)
    kept = rows["layer"].isin(layers) & rows["kind"].isin(titles) & named
    kept &= could_reopen(view) if closed else rows["status"].isin(OPEN) & ~rows["layer"].isin(ledgers)
    found = rows[kept].sort_values("name", kind="stable")
    found = found.sort_values("kind", key=lambda kinds: kinds.map(order), kind="stable")
    called = [f"{name} · {titles[kind]}" for name, kind in zip(found["name"], found["kind"], strict=True)]
    parts = dict(zip(view.areas["area_code"], names(view), strict=True))
    twice = {one for one, times in Counter(called).items() if times > 1}
    return {
        str(asset_id): f"{one} · {parts.get(code, '')}" if one in twice else one
        for asset_id, one, code in zip(found["asset_id"], called, found["area_code"], strict=True)
    }
