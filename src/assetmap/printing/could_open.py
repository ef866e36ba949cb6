"""What could be opened up, as sheets: buildings in which something would do most, and streets for play."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from assetmap.errors import QuestionError
from assetmap.layers import Layer
from assetmap.placeview import Choice, PlaceView
from assetmap.printing.parts import backdrop_of, focus_on, is_ground, of_the_place, sources_of, title_of, words_of
from assetmap.printing.scenario import changed_layer, closing, opening_layer, staying, theme_of, told_change
from assetmap.printing.shades import as_asked
from assetmap.questions import Answer
from assetmap.questions.patch import patch_of
from assetmap.questions.play_streets import NEARBY_M, PLAY_MINUTES, STREET_KINDS, could_play, first_of_each, play_places
from assetmap.scenarios import NO_CHANGE, Scenario
from assetmap.sheets import Outlined, Sheet, SheetLayer, Standout
from assetmap.sheets.credits import in_brief, in_words
from assetmap.sheets.shapes import half_way
from assetmap.wording import and_words, called, opening, short_name

KILOMETRE_M: Final = 1_000.0


def sites_sheet(view: PlaceView, answer: Answer, kind: str, scenario: Scenario = NO_CHANGE, title: str = "") -> Sheet:
    """The sheet of where a kind of place would do most: an answer of :func:`assetmap.questions.sites` and its map.

    Parameters
    ----------
    kind, scenario
        What the answer was asked with.
    title
        A title of the person's own, in place of the finding.

    Raises
    ------
    QuestionError
        If the text leaves no room for a map.
    """
    choice = view.kind_choice(kind)
    chosen = answer.shapes[answer.shapes["order"].notna()]
    could = _buildings(view, chosen)
    layers = (changed_layer(view, scenario, choice), *staying(view, scenario, [choice]))
    lost, opened = closing(view, scenario), opening_layer(view, scenario, theme_of(choice))
    backdrop = backdrop_of(view)
    sources = sources_of(view, answer, [choice.layer], backdrop, lost, *(each.points for each in (*layers, *could)))
    return Sheet(
        title=title_of(title, answer),
        subtitle=answer.sentence,
        **of_the_place(view),
        layers=tuple(layer for layer in layers if len(layer.points)),
        lost=lost if len(lost) else None,
        backdrop=backdrop,
        sources=in_words(sources),
        brief=in_brief(sources),
        caveats=answer.caveats,
        opportunities=could,
        would_open=(opened,) if len(opened.points) else (),
        outlined=_sites(view, answer, chosen) if len(chosen) else None,
        changes=tuple(told_change(view, each, choice) for each in scenario.changes),
        method=answer.method,
    )


def _buildings(view: PlaceView, chosen: gpd.GeoDataFrame) -> tuple[SheetLayer, ...]:
    """The buildings chosen, a layer of the map a layer."""
    rows = view.assets[view.assets["asset_id"].isin(chosen["asset_id"])]
    return tuple(
        SheetLayer(layer.title, layer.theme or "meeting", gpd.GeoDataFrame(part), labels=True, bold=True)
        for layer in view.layers.values()
        if len(part := rows[rows["layer"] == layer.id])
    )


def _sites(view: PlaceView, answer: Answer, chosen: gpd.GeoDataFrame) -> Outlined:
    """The list of the buildings chosen, each with its owner, what its register says of it, and what it would add."""
    of_people = str(answer.totals["unit"].iloc[0]).startswith("people")
    level = ", in kilometres of level ground that take as long" if view.allows_for_hills else ""
    adds = "how many more people it would bring near" if of_people else f"how much less everybody would walk{level}"
    points = chosen.geometry.representative_point()
    spots = zip(points.x, points.y, strict=True)
    return Outlined(
        title="Where one would do most",
        note=f"By number: {adds}, once those before it are there.",
        codes=frozenset(),
        codes_title="",
        standouts=tuple(
            Standout(
                area_code=str(row["neighbourhood_code"]),
                name=short_name(str(row["name"])),
                near="; ".join(_said(row["owner"], row["why"])),
                facts=_adds(row, of_people=of_people),
                spot=spot,
            )
            for row, spot in zip(chosen.to_dict("records"), spots, strict=True)
        ),
    )


def _said(*words: object) -> list[str]:
    return [word for word in words if isinstance(word, str) and word]


def _adds(row: Mapping[Hashable, Any], *, of_people: bool) -> str:
    where = called(str(row["neighbourhood_name"]), row["locality"])
    if not of_people:
        return f"{row['adds'] / KILOMETRE_M:,.0f} km less walked in all; {where}"
    alone = f" ({row['people_newly']:,.0f} by itself)" if round(row["people_newly"]) != round(row["adds"]) else ""
    return f"{row['adds']:,.0f} more people{alone}; {where}"


def play_sheet(view: PlaceView, answer: Answer, areas: Sequence[str] = (), title: str = "", shade: str = "") -> Sheet:
    """The sheet of streets for play: an answer of :func:`assetmap.questions.play_street_candidates` and its map.

    Of each street the stretch that ranks first is drawn, of as many streets as a person reads first.

    Parameters
    ----------
    areas
        What the answer was asked with.
    title
        A title of the person's own, in place of the finding.
    shade
        ``need`` or ``none``; need without it.

    Raises
    ------
    QuestionError
        If no street could be played in, or the text leaves no room for a map.
    """
    every = first_of_each(answer.shapes)
    rows = every[: answer.first_rows]
    if not len(rows):
        raise QuestionError(f"{answer.title}. {answer.sentence}")
    patch = patch_of(view, areas) if areas else None
    streets = rows.assign(kind="play_street", status="unknown", closed_on=None, contributed=0)
    could = SheetLayer(could_play(len(every), len(rows)), "streets", gpd.GeoDataFrame(streets), small=True)
    has = _has(view)
    backdrop = backdrop_of(view)
    sources = sources_of(view, answer, [], backdrop, *(each.points for each in has))
    outline = {} if patch is None else {"area": gpd.GeoDataFrame(geometry=[patch.outline], crs=view.areas.crs)}
    sheet = Sheet(
        title=title_of(title, answer),
        subtitle=answer.sentence,
        **of_the_place(view),
        layers=has,
        lost=None,
        backdrop={**backdrop, **outline},
        sources=in_words(sources),
        brief=in_brief(sources),
        caveats=answer.caveats,
        opportunities=(could,),
        outlined=_streets(view, rows, "" if patch is None else patch.name),
        method=answer.method,
        focus_m=focus_on(view, rows.geometry),
    )
    return as_asked(sheet, "play", shade)


def _has(view: PlaceView) -> tuple[SheetLayer, ...]:
    """Where people can play already: play spaces and parks, and the streets that are for people today."""
    streets = view.assets[(view.assets["status"] != "closed") & view.assets["kind"].isin(STREET_KINDS)]
    rows = pd.concat([pd.DataFrame(play_places(view)), pd.DataFrame(streets)])
    return tuple(
        _kinds_layer(layer, gpd.GeoDataFrame(part, crs=view.assets.crs))
        for layer in view.layers_here
        if len(part := rows[rows["layer"] == layer.id])
    )


def _kinds_layer(layer: Layer, rows: gpd.GeoDataFrame) -> SheetLayer:
    """Some kinds of a layer, called by their own names."""
    kinds = [kind for kind in layer.kinds if (rows["kind"] == kind).any()]
    title = opening(and_words([Choice(layer, (kind,)).many for kind in kinds]))
    words = {kind: words_of(layer, kind) for kind in kinds}
    return SheetLayer(title, layer.theme or "green", rows, kinds=words, ground=is_ground(layer, rows))


def _streets(view: PlaceView, rows: gpd.GeoDataFrame, part: str) -> Outlined:
    """The list of streets, each with how many of those who live near have nowhere to play near."""
    who = "children" if rows["children_near"].notna().any() else "people"
    return Outlined(
        title="Which streets",
        note=f"By number: of the {who} within {NEARBY_M:g}\N{NO-BREAK SPACE}m in a straight line, how many live "
        f"further than {view.walk(PLAY_MINUTES)} from a play space or park.",
        codes=frozenset(),
        codes_title=opening(part),
        standouts=tuple(
            Standout(
                area_code=str(row["neighbourhood_code"]),
                name=str(row["name"]) if part else f"{row['name']}, {_where(row)}",
                near="",
                facts=f"{row[f'{who}_without_play']:,.0f} of {row[f'{who}_near']:,.0f}",
                spot=(float(lon), float(lat)),
            )
            for row, (lon, lat) in zip(rows.to_dict("records"), half_way(rows.geometry), strict=True)
        ),
    )


def _where(row: Mapping[Hashable, Any]) -> str:
    """Its part of town; where the place has none, its neighbourhood."""
    where = row["locality"]
    return where if isinstance(where, str) and where else str(row["neighbourhood_name"])
