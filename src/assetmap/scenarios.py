"""What if: changes to what a place has, named, written as one line of text and read back, so that a link carries them.

``close:town/buildings:CB004;open:library@-0.4412,53.0241`` closes one place and opens a library on a spot. The parts of
a change are percent-encoded where they hold a character that separates parts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args
from urllib.parse import quote, unquote

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import space
from assetmap.errors import QuestionError
from assetmap.placeview import PlaceView
from assetmap.reopening import could_reopen, open_elsewhere, stands
from assetmap.tables import REGISTER_NAME, Assets
from assetmap.wording import called

Action = Literal["close", "open", "reopen", "move", "hours"]
ACTIONS: Final = get_args(Action)

CHANGES_AT_MOST: Final = 50
"""More changes than this in one scenario are refused: nobody could read them."""

_SAYS: Final[Mapping[str, str]] = {
    "close": "{} closes",
    "reopen": "{} opens again",
    "move": "{} moves",
    "hours": "{} has other hours",
}

_WRITTEN: Final[Mapping[str, str]] = {
    "close": "NAME",
    "reopen": "NAME",
    "open": "KIND@LON,LAT",
    "move": "NAME@LON,LAT",
    "hours": "NAME=HOURS/STAFFED",
}
"""How a person writes each sort of change."""

_KEPT: Final = "/: "
"""Characters of ids and names that separate nothing, and are left as they are."""


@dataclass(frozen=True)
class Change:
    """One change.

    Attributes
    ----------
    action
        ``close``, ``reopen``, ``move`` and ``hours`` change a place that is mapped; ``open`` is a new one.
    what
        The asset's id; for ``open``, the kind, such as ``library``.
    lon_lat
        Where it opens or moves to, in degrees (EPSG:4326).
    hours, staffed_hours
        A week, for ``hours``, and for ``open`` where they are known.

    Raises
    ------
    QuestionError
        If somebody would be there to help for more hours than it is open.
    """

    action: Action
    what: str
    lon_lat: tuple[float, float] | None = None
    hours: float | None = None
    staffed_hours: float | None = None

    def __post_init__(self) -> None:
        if self.hours is not None and self.staffed_hours is not None and self.staffed_hours > self.hours:
            raise QuestionError(
                f"{self.staffed_hours:g} hours a week with staff are more than the {self.hours:g} hours it is open. "
                "Write the hours it is open first, then those of them with staff, such as 46/12."
            )

    def written(self) -> str:
        """As text, such as ``move:town/buildings:CB004@-0.441200,53.024100``."""
        where = f"@{self.lon_lat[0]:.6f},{self.lon_lat[1]:.6f}" if self.lon_lat else ""
        week = "" if self.hours is None else f"={self.hours:g}"
        staffed = "" if self.staffed_hours is None else f"/{self.staffed_hours:g}"
        # a space at an end would be taken for one between changes
        kept = _KEPT if self.what == self.what.strip() else _KEPT.strip()
        return f"{self.action}:{quote(self.what, safe=kept)}{where}{week}{staffed}"


@dataclass(frozen=True)
class Scenario:
    """Some changes together, under a name."""

    name: str
    changes: tuple[Change, ...]

    def written(self) -> str:
        """As text; :func:`read_changes` reads it back."""
        return ";".join(change.written() for change in self.changes)

    def written_with_name(self) -> str:
        """As text, ``NAME=CHANGES``; :func:`read_scenario` reads it back."""
        name = self.name.replace("%", "%25").replace("=", "%3D")
        return f"{name}={self.written()}"


NO_CHANGE: Final = Scenario("no change", ())
"""What everything is compared with."""


def read_changes(text: str) -> tuple[Change, ...]:
    """The changes that a line of text means.

    Raises
    ------
    QuestionError
        Saying which part cannot be read, and how it should be written.
    """
    parts = [part for part in text.split(";") if part.strip()]
    if len(parts) > CHANGES_AT_MOST:
        raise QuestionError(f"A scenario has at most {CHANGES_AT_MOST} changes; this one has {len(parts)}.")
    return tuple(_read(part.strip()) for part in parts)


def read_scenario(text: str) -> Scenario:
    """A scenario written as ``NAME=CHANGES``, the name percent-encoded where it holds an equals sign."""
    name, told, changes = text.partition("=")
    if not told or not changes.strip():
        raise QuestionError(
            f"The scenario {text[:60]!r} says no change. Write NAME=CHANGE;CHANGE, such as 'without it=close:ID'."
        )
    return Scenario(unquote(name), read_changes(changes))


def _read(part: str) -> Change:
    action, _, rest = part.partition(":")
    head, _, week = rest.partition("=")
    what, _, spot = head.partition("@")
    chosen: Action | None = next((each for each in ACTIONS if each == action), None)
    if chosen is None or not what or not _is_whole(chosen, spot, week):
        raise QuestionError(
            f"The change {part[:60]!r} cannot be read. Write close:ID, reopen:ID, move:ID@LON,LAT, "
            "open:KIND@LON,LAT or hours:ID=HOURS/STAFFED."
        )
    hours, _, staffed = week.partition("/")
    lon_lat = _spot(spot, part) if spot else None
    return Change(chosen, unquote(what), lon_lat, _hours(hours, part), _hours(staffed, part))


def _is_whole(action: Action, spot: str, week: str) -> bool:
    """Whether a change says where and for how many hours, as its sort needs, and nothing that it has no use for."""
    has_hours = bool(week.partition("/")[0])
    fits_week = has_hours if action == "hours" else not week if action == "close" else True
    return (action in ("open", "move")) == bool(spot) and fits_week


def _spot(text: str, part: str) -> tuple[float, float]:
    west, south, east, north = space.ENGLAND_LON_LAT
    try:
        lon, lat = (float(number) for number in text.split(","))
    except ValueError:
        lon = lat = math.nan
    if not (west <= lon <= east and south <= lat <= north):
        raise QuestionError(f"The spot in {part[:60]!r} is not in England. Write longitude, then latitude, in degrees.")
    return lon, lat


def _hours(text: str, part: str) -> float | None:
    if not text:
        return None
    try:
        hours = float(text)
    except ValueError:
        hours = math.nan
    if not 0 <= hours <= 168:
        raise QuestionError(f"The hours in {part[:60]!r} are not a number from 0 to 168, the hours of a week.")
    return hours


def found_change(view: PlaceView, action: Action, words: str) -> Change:
    """A change to the one place that ``words`` name: its id, or its name whatever its capitals.

    Raises
    ------
    QuestionError
        If no place is called so, or several are: then their ids are told.
    """
    head, at, spot = words.partition("@")
    name, _, week = head.partition("=")
    if not name.strip() or not _is_whole(action, spot, week):
        raise QuestionError(f"The change --{action} {words[:60]!r} cannot be read. Write it as {_WRITTEN[action]}.")
    hours, _, staffed = week.partition("/")
    lon_lat = _spot(spot, words) if at else None
    if action == "open":
        return Change(action, view.choose([name])[0].kinds[0], lon_lat, _hours(hours, words), _hours(staffed, words))
    return Change(action, _the_one(view, name.strip(), action), lon_lat, _hours(hours, words), _hours(staffed, words))


def found_scenario(view: PlaceView, words: Mapping[Action, Sequence[str]], name: str = "") -> Scenario:
    """The scenario that a person's words for each sort of change mean (:func:`found_change`).

    Parameters
    ----------
    words
        For each action what it happens to, such as ``{"close": ["Coppice Library"]}``.
    name
        What to call it; without one it is called by its changes (:func:`assetmap.scenario_names.name_of`).
    """
    changes = [found_change(view, action, each) for action in ACTIONS for each in words.get(action, ())]
    return Scenario(name, tuple(changes))


def _the_one(view: PlaceView, name: str, action: Action) -> str:
    assets = view.assets
    if (assets["asset_id"] == name).any():
        return name
    could = assets[could_reopen(view) if action == "reopen" else stands(view)]
    known = [could[column].fillna("").str.casefold() for column in ("name", REGISTER_NAME)]
    hits = could[np.any([plain == name.casefold() for plain in known], axis=0)]
    if not len(hits):
        hits = could[np.any([plain.str.contains(name.casefold(), regex=False) for plain in known], axis=0)]
    hits = _as_one(view, _walked_to(view, hits))
    if len(hits) == 1:
        return str(hits["asset_id"].iloc[0])
    state = "closed" if action == "reopen" else "open"
    if not len(hits):
        raise QuestionError(f"Nothing {state} in {view.name} is called {name!r}. 'assetmap export' lists every name.")
    told = ", ".join(f"{row.asset_id} ({row.name}, {row.layer})" for row in hits.head(8).itertuples(index=False))
    raise QuestionError(
        f"{len(hits)} places {state} in {view.name} are called something like {name!r}. Give the id of one: {told}."
    )


def _walked_to(view: PlaceView, hits: Assets) -> Assets:
    """Of rows under one name, those that people walk to; else all. A library is a front of its high street as well."""
    counted = [layer.id for layer in view.layers.values() if layer.tells == "counted"]
    walked_to = hits[~hits["layer"].isin(counted)]
    return Assets(walked_to) if len(walked_to) else hits


def _as_one(view: PlaceView, hits: Assets) -> Assets:
    """Of rows that all surely are one building, the one that says what is there for people; else all of them."""
    usual = [layer.id for layer in view.layers.values() if layer.gaps_first]
    for people in hits[hits["layer"].isin(usual)]["asset_id"]:
        if set(hits["asset_id"]) <= {people, *view.same_buildings.of([people])}:
            return Assets(hits[hits["layer"].isin(usual)])
    return hits


def refuse_strangers(view: PlaceView, changes: Sequence[Change]) -> None:
    """Refuse changes to places that are not mapped or of kinds that are not declared, and those that change nothing.

    Those clash of which one says the same again or takes back the other; what is open cannot open again.

    Raises
    ------
    QuestionError
        Naming the first that is wrong.
    """
    known = set(view.assets["asset_id"])
    for change in changes:
        if change.action != "open" and change.what not in known:
            raise QuestionError(f"Nothing mapped in {view.name} has the id {change.what[:80]!r}.")
        if change.action == "open":
            view.kind_choice(change.what)
    for place, change in enumerate(changes):
        for other in changes[:place]:
            _refuse_clash(view, other, change)
    for change in changes:
        if change.action == "reopen":
            _refuse_open(view, change.what)


def _refuse_open(view: PlaceView, asset_id: str) -> None:
    """Refuse to open again what is open: by its own row, or by that of another register."""
    row = view.assets[view.assets["asset_id"] == asset_id].iloc[0]
    if not could_reopen(view).at[row.name]:
        others = open_elsewhere(view, asset_id, row["kind"])
        where = f", as {others[0]}" if others else ""
        raise QuestionError(f"{row['name']} is open today{where}, so it cannot open again.")


def _refuse_clash(view: PlaceView, one: Change, other: Change) -> None:
    """Refuse two changes of which one says the same again, or takes back what the other says."""
    if one.what != other.what:
        return
    if one.action == other.action == "open":
        if _spot_text(one) == _spot_text(other):
            raise QuestionError(f"A new {one.what.replace('_', ' ')} on that spot is said twice. Say it once.")
    elif one.action == other.action:
        raise QuestionError(f"That {said(view, other)} is said twice. Say it once.")
    elif {one.action, other.action} == {"close", "reopen"} or one.action == "close":
        raise QuestionError(
            f"{said(view, one)} and {said(view, other)}: one takes back the other. Say which of the two you mean."
        )


def _spot_text(change: Change) -> str:
    """The spot as the address writes it: what differs by less is one spot."""
    return change.written().partition("@")[2].partition("=")[0]


def said(view: PlaceView, change: Change) -> str:
    """One change as people say it, such as ``Beacon Library closes``."""
    if change.action == "open":
        word = change.what.replace("_", " ")
        return f"A new {word} opens{_where(view, change)}"
    name = str(view.assets.set_index("asset_id")["name"].get(change.what, ""))
    hours = f": {change.hours:g} a week" if change.action == "hours" else ""
    return _SAYS[change.action].format(name) + hours + _where(view, change)


def _where(view: PlaceView, change: Change) -> str:
    if change.lon_lat is None:
        return ""
    areas = view.areas.set_index("area_code")
    code = area_of(view, change.lon_lat)
    if code is None:
        return ""
    return f" {'to' if change.action == 'move' else 'in'} {called(str(areas['name'][code]), areas['locality'][code])}"


def area_of(view: PlaceView, lon_lat: tuple[float, float]) -> str | None:
    """The code of the neighbourhood that a spot lies in, in degrees; ``None`` outside the place."""
    code = view.ground.area_codes(gpd.GeoSeries([shapely.Point(lon_lat)], crs=space.STORED_CRS))[0]
    return None if code is None else str(code)


def touched(view: PlaceView, scenario: Scenario) -> Assets:
    """The mapped places that a scenario changes, each once."""
    ids = [change.what for change in scenario.changes if change.action != "open"]
    return Assets(view.assets[view.assets["asset_id"].isin(ids)].reset_index(drop=True))


def kinds_of(view: PlaceView, scenario: Scenario) -> tuple[str, ...]:
    """The kinds of place that a scenario changes, each once, in the order of its changes."""
    by_id = view.once("kind by id", lambda: dict(zip(view.assets["asset_id"], view.assets["kind"], strict=True)))
    kinds = (change.what if change.action == "open" else str(by_id[change.what]) for change in scenario.changes)
    return tuple(dict.fromkeys(kinds))


def new_sites(scenario: Scenario) -> gpd.GeoDataFrame:
    """The spots on which a scenario puts something: what opens, and what moves to another place.

    Returns
    -------
    geopandas.GeoDataFrame
        ``change`` (its position in the scenario) and a point, in EPSG:4326.
    """
    spots = [(index, change.lon_lat) for index, change in enumerate(scenario.changes) if change.lon_lat is not None]
    points = [shapely.Point(spot) for _, spot in spots]
    positions = pd.Series([index for index, _ in spots], dtype="int64")
    return gpd.GeoDataFrame({"change": positions}, geometry=gpd.GeoSeries(points, crs=space.STORED_CRS))
