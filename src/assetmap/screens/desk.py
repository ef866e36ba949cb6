"""What the pages ask for, and in what form: the one place where screens meet the questions.

A page knows nothing of stores or sources. It asks the desk, gets words, frames ready to draw and a table, and lays them
out. Whoever opens the app sets the desk once with :func:`open_desk`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pandas as pd

from assetmap.errors import SettingError
from assetmap.maps import MapData


@dataclass(frozen=True)
class Switch:
    """One layer that a person may show or hide.

    Attributes
    ----------
    id, title
        The layer, as in the map's data and in the address.
    theme
        A theme of :mod:`assetmap.look`, or ``lost``.
    count
        How many the place has.
    note
        What a nought means, such as ``no register loaded``; empty when there is nothing to add.
    shown
        Whether it shows when the page opens.
    hollow
        Drawn as an outline: what could be opened up.
    """

    id: str
    title: str
    theme: str
    count: int
    note: str = ""
    shown: bool = True
    hollow: bool = False


@dataclass(frozen=True)
class Answer:
    """What one page shows.

    Attributes
    ----------
    sentence
        The finding, in one sentence.
    detail
        What to know beside it, in one or two sentences.
    drawing
        The map, or ``None`` when the answer is a table alone.
    table
        The same as rows, with headings that a person can read; ``Layer`` holds a switch's title where rows have one.
    switches
        The layers of the drawing.
    shades
        Shading id to its title, the first being the one that shows.
    caveats
        What the figures cannot say.
    """

    sentence: str
    detail: str
    table: pd.DataFrame
    drawing: MapData | None = None
    switches: tuple[Switch, ...] = ()
    shades: Mapping[str, str] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Addition:
    """What a person says about a place that the map lacks, in degrees of latitude and longitude."""

    place_id: str
    layer: str
    kind: str
    name: str
    note: str
    latitude: float
    longitude: float
    added_by: str


class Desk(Protocol):
    """The questions that the pages put."""

    def places(self) -> Mapping[str, str]:
        """Place id to its name, the one to open with first."""

    def layers_to_add(self, place_id: str) -> Mapping[str, Mapping[str, str]]:
        """Layer title to its kinds (id to title), of the layers that people may add to; keys are ``layer:title``."""

    def here(self, place_id: str) -> Answer:
        """What the place has."""

    def gaps(self, place_id: str, layer: str, walk_minutes: int) -> Answer:
        """Who has a place of ``layer`` within a walk, and what could fill the gaps."""

    def gap_layers(self, place_id: str) -> Mapping[str, str]:
        """Layer id to title, of those that a walk can be measured to."""

    def lost(self, place_id: str) -> Answer:
        """What has closed, moved, merged or been handed over."""

    def sources(self, place_id: str) -> Answer:
        """Where each figure comes from, and what was put right or left out."""

    def add(self, addition: Addition) -> str:
        """Keep what a person added, and say what happens next.

        Raises
        ------
        ContributionError
            If something is missing, or the spot lies outside the place.
        """


_OPEN: list[Desk] = []


def open_desk(desk: Desk) -> None:
    """Set the desk that every page of this process asks."""
    _OPEN[:] = [desk]


def desk() -> Desk:
    """The desk that is open.

    Raises
    ------
    SettingError
        If none was opened.
    """
    if not _OPEN:
        raise SettingError("No store is open. Start the app with 'streamlit run app.py'.")
    return _OPEN[0]
