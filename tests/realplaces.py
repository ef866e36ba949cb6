"""Real places, loaded from the published files as their place files say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assetmap.loading import Outcome, load_place
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.store import Store, open_store
from conftest import new_url
from registers import LAYERS, ROOT


class Loaded:
    """A place as one engine holds it, and what became of each of its sources."""

    def __init__(self, store: Store, place_id: str, outcomes: list[Outcome]) -> None:
        self.store = store
        self.outcomes = {outcome.source.removeprefix(f"{place_id}/"): outcome for outcome in outcomes}
        self.view = PlaceView(store, place_id, LAYERS)


@contextmanager
def loaded(request: pytest.FixtureRequest, place_id: str, data: Path) -> Iterator[Loaded]:
    place = read_place(ROOT / "data" / "places" / f"{place_id}.yaml")
    folder = request.getfixturevalue("tmp_path_factory").mktemp(place_id)
    with new_url(request, str(request.param), folder, ready=False) as url, open_store(url) as store:
        yield Loaded(store, place_id, load_place(store, place, LAYERS, data))
