"""What one question draws over a place: who loses and what could help, who lost, one neighbourhood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from assetmap import look, space
from assetmap.maps import AreaStyle, MapLayer, Overlay, overlay
from assetmap.placeview import PlaceView
from assetmap.printing.shades import LOSE_BREAKS, LOST_CLASSES, SOMEBODY, by_share_lost
from assetmap.questions import Answer
from assetmap.questions.differing import differing_lines
from assetmap.scenarios import Change, Scenario, kinds_of, new_sites, touched
from assetmap.screens.drawings import THEME_ORDER, kinds_in_words, origins
from assetmap.wording import opening, people_words

PUBLIC: Final = "public_land"
"""The theme of what the public owns."""
CHANGE: Final = "change"
"""The shading of a scenario, as a view names it."""
LOST_PEOPLE: Final = "lost_people"
"""The shading of who lost, as a view and the address name it."""
LOST_PEOPLE_TITLE: Final = "People who lost one"

Corners = tuple[tuple[float, float], tuple[float, float]]
"""South-west and north-east, latitude before longitude in degrees."""

_LOSE_CLASSES: Final = (
    "nobody here loses",
    "fewer than one in ten people here lose",
    "between one in ten and a quarter lose",
    "between a quarter and half lose",
    "half of the people here or more lose",
)
_ENDS: Final = ("nobody loses", "half or more lose")


def change(view: PlaceView, scenario: Scenario, answer: Answer, minutes: float) -> Overlay:
    """Who would lose or gain within so many minutes, what would change, and what stands near those who lose.

    Parameters
    ----------
    answer
        What :func:`assetmap.questions.whatif` said of the scenario.
    """
    found = _in_order(view, answer.shapes)
    rows = found.to_dict("records")
    kinds = [view.kind_choice(kind) for kind in kinds_of(view, scenario)]
    one, theme = " or ".join(choice.one for choice in kinds), kinds[0].layer.theme or THEME_ORDER[0]
    walk = view.walk(minutes)
    staying = _staying(view, scenario, kinds_of(view, scenario))
    gained = (look.theme(theme).colour, "More people gain than lose here")
    style = AreaStyle(CHANGE, f"People who would lose {one}", CHANGE, _LOSE_CLASSES, ends=_ENDS, outlined=gained)
    return overlay(
        [*_near(view, answer.part("replacements")), *staying, *_changing(view, scenario)],
        style=style,
        classes=by_share_lost(found["people_losing"], found["people"]),
        outlined=[at for at, row in enumerate(rows) if _gains(row)],
        says={at: told for at, row in enumerate(rows) if (told := _change_lines(row, f"{one} within {walk}"))},
        origins=origins(view),
        notes=differing_lines(view),
    )


def who_lost(view: PlaceView, answer: Answer, one: str, minutes: float) -> Overlay:
    """The share of each neighbourhood's people who lost ``one``, such as ``a library``, within so many minutes."""
    lost = f"lost {one} within {view.walk(minutes)}"
    found = _in_order(view, answer.shapes)
    style = AreaStyle(
        LOST_PEOPLE,
        f"People who {lost}",
        LOST_PEOPLE,
        LOST_CLASSES,
        ends=("nobody lost one", "half or more lost one"),
        no_data="Not measured",
    )
    classes = by_share_lost(found["people_losing"], found["people"])
    says = {
        at: [f"{row['people_losing']:,.0f} of its people {lost}"]
        for at, row in enumerate(found.to_dict("records"))
        if row["people_losing"] >= SOMEBODY
    }
    return overlay(style=style, classes=classes, says=says)


def chosen_sites(view: PlaceView, answer: Answer, kind: str, scenario: Scenario) -> Overlay:
    """The buildings in which ``kind`` would do most, as outlines, among those that there are and what changes already.

    All have their names: what stands near already is why one building would do more than another.
    """
    changing = _changing(view, scenario) if scenario.changes else []
    staying = [replace(layer, named=True) for layer in _staying(view, scenario, (kind,))]
    found = _hollow(view, answer.shapes[answer.shapes["order"].notna()], "Could open here: {}")
    return overlay([*staying, *changing, *found], origins=origins(view), notes=differing_lines(view))


def _in_order(view: PlaceView, shapes: gpd.GeoDataFrame) -> pd.DataFrame:
    """The rows of an answer in the order of the drawing's areas."""
    rows = pd.DataFrame(shapes.drop(columns="geometry")).set_index("neighbourhood_code")
    return rows.reindex(view.areas["area_code"])


def _gains(row: Mapping[Any, Any]) -> bool:
    return bool(row["people_gaining"] >= SOMEBODY and row["people_gaining"] > row["people_losing"])


def _change_lines(row: Mapping[Any, Any], near: str) -> list[str]:
    told = (("people_losing", "would lose"), ("people_gaining", "would gain"))
    return [f"{people_words(row[name])} here {verb} {near}" for name, verb in told if row[name] >= SOMEBODY]


def _near(view: PlaceView, replacements: pd.DataFrame) -> list[MapLayer]:
    """What stands near those who lose; public land last, so that it lies on top and its names find room first."""
    # names find room from the last drawn to the first: what is near most people comes last of its layer
    rows = view.assets.set_index("asset_id", drop=False).loc[list(replacements["asset_id"])[::-1]]
    layers = _hollow(view, gpd.GeoDataFrame(rows.reset_index(drop=True)), "Near them: {}")
    return sorted(layers, key=lambda layer: layer.theme == PUBLIC)


def _hollow(view: PlaceView, rows: gpd.GeoDataFrame, title: str) -> list[MapLayer]:
    """Rows as outlines not yet filled in, each with its name, one layer of the map a layer."""
    return [
        MapLayer(
            f"near-{layer}", title.format(_lower(view.layers[str(layer)].title)),
            view.layers[str(layer)].theme or THEME_ORDER[0], gpd.GeoDataFrame(part),
            kinds=kinds_in_words([view.layers[str(layer)]]), hollow=True, named=True,
        )
        for layer, part in rows.groupby("layer", sort=False)
    ]  # fmt: skip


def _lower(title: str) -> str:
    return title[0].lower() + title[1:]


def _staying(view: PlaceView, scenario: Scenario, kinds: Sequence[str]) -> list[MapLayer]:
    """Of some kinds, the places that the scenario does not change."""
    without = {each.what for each in scenario.changes if each.action != "open"}
    stay = "that stay as they are" if scenario.changes else "that there are now"
    layers = []
    for choice in map(view.kind_choice, kinds):
        of_kind = view.of(choice)
        rows = gpd.GeoDataFrame(of_kind[~of_kind["asset_id"].isin(without)])
        title = f"{opening(choice.many)} {stay}"
        theme = choice.layer.theme or THEME_ORDER[0]
        layers.append(MapLayer(f"stays-{choice.kinds[0]}", title, theme, rows, kinds=kinds_in_words([choice.layer])))
    return layers


def _changing(view: PlaceView, scenario: Scenario) -> list[MapLayer]:
    """What the scenario itself changes: each sort of change with its own mark."""
    rows, kinds = gpd.GeoDataFrame(touched(view, scenario)), kinds_in_words(view.layers.values())
    of = {action: [each.what for each in scenario.changes if each.action == action] for action in ("close", "move")}
    week = [each.what for each in scenario.changes if each.action == "hours"]
    changed = gpd.GeoDataFrame(rows[rows["asset_id"].isin([*of["move"], *week])])
    theme = view.kind_choice(kinds_of(view, scenario)[0]).layer.theme or THEME_ORDER[0]
    return [
        MapLayer("opens", "Would open", theme, _opening(view, scenario), kinds=kinds, hollow=True, named=True),
        MapLayer("changes", "Would move or have other hours", "changed", changed, kinds=kinds, named=True),
        MapLayer("closes", "Would close", "lost", rows[rows["asset_id"].isin(of["close"])], kinds=kinds, named=True),
    ]  # fmt: skip


def _opening(view: PlaceView, scenario: Scenario) -> gpd.GeoDataFrame:
    """New places and new spots of old ones, and what would open again where it was."""
    names, kinds = (dict(zip(view.assets["asset_id"], view.assets[each], strict=True)) for each in ("name", "kind"))
    sites = new_sites(scenario)
    told = [_opened(scenario.changes[int(index)], names, kinds) for index in sites["change"]]
    new = gpd.GeoDataFrame(pd.DataFrame(told, columns=["name", "kind"]), geometry=sites.geometry)
    again = [each.what for each in scenario.changes if each.action == "reopen"]
    old = view.assets.loc[view.assets["asset_id"].isin(again), ["name", "kind", "geometry"]]
    both = pd.concat([new, gpd.GeoDataFrame(old)], ignore_index=True)
    return gpd.GeoDataFrame(both, geometry="geometry", crs=space.STORED_CRS)


def _opened(each: Change, names: Mapping[str, str], kinds: Mapping[str, str]) -> tuple[str, str]:
    if each.action == "open":
        return f"New {each.what.replace('_', ' ')}", each.what
    return f"{names[each.what]}, moved", kinds[each.what]


def affected(answer: Answer) -> Corners | None:
    """Where at least one in ten people would lose or gain; ``None`` where that is nowhere."""
    rows = answer.shapes
    moved = rows[["people_losing", "people_gaining"]].max(axis=1) >= rows["people"] * LOSE_BREAKS[0]
    return focus_on(gpd.GeoSeries(rows.geometry[moved])) if moved.any() else None


def focus_on(shapes: gpd.GeoSeries) -> Corners:
    """The corners that a map is fitted to: the box of some shapes in degrees, and a tenth more on every side."""
    west, south, east, north = (float(edge) for edge in shapes.total_bounds)
    more_x, more_y = (east - west) / 10, (north - south) / 10
    return (south - more_y, west - more_x), (north + more_y, east + more_x)
