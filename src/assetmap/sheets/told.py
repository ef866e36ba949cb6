"""What a sheet tells beside its map: neighbourhoods that it numbers, what a scenario would change, figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sign = Literal["closes", "opens", "changes"]
"""How a change is drawn: as a loss, as a coloured outline, or filled in as what stands is."""


@dataclass(frozen=True)
class Standout:
    """A neighbourhood, building or street that a sheet numbers, and what the list beside the map says of it.

    Attributes
    ----------
    area_code
        The neighbourhood, in which its number stands unless it has a spot.
    name
        What residents call it, with the code of the neighbourhood.
    near
        What is near it already: its strengths. With nothing to say of that, its name and facts stand in one line.
    facts
        People and what they reach.
    spot
        Of a building or a street, longitude and latitude in degrees of its mark, beside which its number stands.
    """

    area_code: str
    name: str
    near: str
    facts: str
    spot: tuple[float, float] | None = None


@dataclass(frozen=True)
class Outlined:
    """What a sheet is about: neighbourhoods outlined in ink, and what is numbered and listed of these or of others.

    Attributes
    ----------
    title
        The heading of the list.
    note
        How the neighbourhoods were found, in a sentence.
    codes
        Codes of the neighbourhoods with an outline in ink.
    codes_title
        What the legend calls them.
    standouts
        Those listed, in order.
    spoken
        What is said of those outlined to people who cannot see the map, after their number and "neighbourhoods".
    coloured
        Codes of the neighbourhoods with an outline in the colour of ``theme`` instead.
    coloured_title
        What the legend calls those.
    """

    title: str
    note: str
    codes: frozenset[str]
    codes_title: str
    standouts: tuple[Standout, ...]
    spoken: str = "outlined where more could be opened up"
    coloured: frozenset[str] = frozenset()
    coloured_title: str = ""
    theme: str = "meeting"


@dataclass(frozen=True)
class Shading:
    """What the greys of a sheet tell, where that is not need; a sheet's fifths run from 1, the darkest, to 5.

    Attributes
    ----------
    title
        What is shaded, with its unit, as the legend's heading.
    classes
        What each grey means, from the lightest to the darkest, where each has a line of the legend; else none.
    ends
        What the lightest and the darkest mean, where the greys are one ramp.
    """

    title: str
    classes: tuple[str, ...] = ()
    ends: tuple[str, str] = ("least", "most")


@dataclass(frozen=True)
class Would:
    """One change of a scenario, as the legend tells it."""

    text: str
    sign: Sign
    theme: str


@dataclass(frozen=True)
class Panel:
    """One of several small maps: how things stood at the end of a year.

    Attributes
    ----------
    year
        What had closed by its end is drawn.
    since
        What closed after the end of that year is new on this map; ``None`` on the first, where nothing is.
    lines
        What is said beneath the map, after the year.
    """

    year: int
    since: int | None
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """One figure of the whole place, in words, as things are and as they would be."""

    measure: str
    now: str
    then: str
