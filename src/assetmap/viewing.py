"""The Python door: a place of a store in view, ready to be asked what the app and the command line ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from assetmap.chosen import ON_FOOT, Walking
from assetmap.errors import QuestionError
from assetmap.layers import Layer, read_layers
from assetmap.placeview import PlaceView
from assetmap.settings import read_settings
from assetmap.store import Store, open_store


@contextmanager
def open_place(
    place_id: str | None = None, store: str | None = None, *, step_free: bool = False, slope: bool = False
) -> Iterator[PlaceView]:
    """One place of a store, for the functions of :mod:`assetmap.questions`; the store is closed afterwards.

    Parameters
    ----------
    place_id
        The place; it need not be named where the store has only one.
    store
        A PostGIS address or the path of an embedded store; by default as for the command line.
    step_free
        Measure walks without steps, and without ways that the map says no wheelchair can use.
    slope
        Let minutes allow for hills, where heights of the ground are loaded.

    Raises
    ------
    AssetmapError
        If there is no such store, or no such place in it.
    """
    settings = read_settings()
    with open_store(store or settings.store_url, must_exist=True) as opened:
        yield view_of(opened, place_id, read_layers(settings.layers_folder), Walking(step_free, slope))


def view_of(store: Store, place_id: str | None, layers: Mapping[str, Layer], walking: Walking = ON_FOOT) -> PlaceView:
    """One place of an open store, which need not be named where there is no other.

    Raises
    ------
    QuestionError
        If the store holds no place, or several and none is named; or as :class:`PlaceView` does.
    """
    return PlaceView(store, place_id or _the_only_place(store), layers, walking)


def _the_only_place(store: Store) -> str:
    known = sorted(store.places()["place_id"])
    if not known:
        raise QuestionError("This store holds no place yet. Load one with 'assetmap load PLACE'.")
    if len(known) > 1:
        raise QuestionError(f"This store holds {len(known)} places. Say which with --place: {', '.join(known)}.")
    return str(known[0])
