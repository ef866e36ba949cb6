"""One neighbourhood: what it has, ingredient by ingredient, beside its like; strengths first, and no score."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from assetmap import look, questions, space
from assetmap.maps import AreaStyle, MapLayer, Overlay, View, overlay
from assetmap.placeview import PlaceView
from assetmap.questions import Answer
from assetmap.screens import address, choices, desk, drawings, overlays, parts
from assetmap.screens.fold import how_worked_out
from assetmap.screens.here import whole_place
from assetmap.screens.ledger import ledger
from assetmap.screens.neighbourhoods import names
from assetmap.wording import share_words

WHOLE: Final = "all"
ENGLAND: Final = "england"
REACH: Final = "People with one in walking reach"
REACH_ELSEWHERE: Final = "In walking reach elsewhere"
RATE: Final = "For every 1,000 people"
RATE_ELSEWHERE: Final = "For every 1,000 people elsewhere"
_HERE: Final = "this"
_NEAREST: Final = "nearest"


@st.cache_resource(max_entries=256, show_spinner="Reading the neighbourhood…")
def _answer(place_id: str, fingerprint: str, code: str) -> tuple[Answer, Overlay]:
    view = desk.place_view(place_id)
    places = desk.places()
    england = desk.place_view(ENGLAND) if ENGLAND in places and place_id != ENGLAND else None
    answer = questions.profile(view, [] if code == WHOLE else [code], england=england)
    return answer, _overlay(view, answer, code)


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    view, fingerprint = desk.place_view(place_id), desk.fingerprint(place_id)
    titles = {WHOLE: f"The whole of {view.name}", **_by_name(view)}
    area = address.one_of(st.query_params, "area", titles, WHOLE)
    code = area.chosen[0]
    answer, over = _answer(place_id, fingerprint, code)
    drawn = whole_place(place_id, fingerprint)
    with parts.stage():
        parts.sentence(view, answer.title, answer.sentence, area.notices)
        st.empty()  # where other pages have a button: with the map at the same place, the browser keeps the one it has
        with st.container(key="controls"):
            choices.one_word("Which neighbourhood?", "area", titles, WHOLE)
            _alike(view, answer, place_id)
            streets = choices.street_map()
            choices.share(place_id, "profile")
        focus = None if code == WHOLE else overlays.focus_on(gpd.GeoSeries(answer.shapes.geometry))
        shown = tuple(switch.id for switch in drawn.switches if switch.shown) if code == WHOLE else ()
        parts.drawing(drawn.data, View(shown, _HERE, tiles=streets, overlay=over, focus=focus))
    with parts.section("What it has, and what is near", parts.PAST_MAP):
        rows = ingredients_table(view, answer, whole=code == WHOLE)
        under = {"Ingredient": "Nearest", REACH: REACH_ELSEWHERE, RATE: RATE_ELSEWHERE}
        told = {column: beneath for column, beneath in under.items() if beneath in rows}
        ledger(rows, "Each ingredient of a place, here and elsewhere", under=told)
        parts.download(rows, f"{place_id}-{code}-profile.csv")
    with parts.section("Who lives there"):
        ledger(people_table(view, answer, whole=code == WHOLE), "Who lives there, and who lives elsewhere")
    _questions(answer)
    how_worked_out(answer)


def _by_name(view: PlaceView) -> dict[str, str]:
    """Every neighbourhood by its code, in the order of what people call it."""
    told = zip(view.areas["area_code"], names(view), strict=True)
    return {str(code): name for code, name in sorted(told, key=lambda one: one[1].casefold())}


def _alike(view: PlaceView, answer: Answer, place_id: str) -> None:
    """Links to the neighbourhoods whose people are most like these."""
    alike = answer.part("similar")
    if alike.empty:
        return
    called = _by_name(view)
    items = "".join(
        f'<li><a href="{escape(address.link({"page": "profile", "place": place_id, "area": str(code)}))}" '
        f'target="_self">{escape(called.get(str(code), str(code)))}</a></li>'
        for code in alike["neighbourhood_code"]
    )
    st.html(f'<div class="am-near"><h2>Most like it in who lives there</h2><ul>{items}</ul></div>')


def _overlay(view: PlaceView, answer: Answer, code: str) -> Overlay:
    """The neighbourhood in ink, and by name what of each ingredient is nearest to its people."""
    need = drawings.need_style(view)
    style = AreaStyle(
        _HERE, need.title, _HERE, need.labels, ends=need.ends, outlined=(look.INK, "This neighbourhood")
    )  # fmt: skip
    classes = list(drawings.need_classes(view))
    outlined = [at for at, each in enumerate(view.areas["area_code"]) if each == code]
    return overlay(
        [] if code == WHOLE else _near(view, answer.part(_NEAREST)),
        style=style, classes=classes, outlined=outlined, origins=drawings.origins(view),
    )  # fmt: skip


def _near(view: PlaceView, nearest: pd.DataFrame) -> list[MapLayer]:
    rows = gpd.GeoDataFrame(view.assets[view.assets["asset_id"].isin(nearest["asset_id"])])
    here = [layer for layer in drawings.in_order(view.layers_here) if (rows["layer"] == layer.id).any()]
    closed = rows["status"] == "closed"
    standing = [
        MapLayer(
            f"near-{layer.id}", layer.title, layer.theme or drawings.THEME_ORDER[0],
            gpd.GeoDataFrame(rows[(rows["layer"] == layer.id) & ~closed]),
            kinds=drawings.kinds_in_words([layer]), named=True,
        )
        for layer in here
    ]  # fmt: skip
    kinds = drawings.kinds_in_words(view.layers.values())
    lost = gpd.GeoDataFrame(rows[closed], crs=space.STORED_CRS)
    return [*standing, MapLayer("near-lost", look.LOST.title, "lost", lost, kinds=kinds)]


def ingredients_table(view: PlaceView, answer: Answer, *, whole: bool) -> pd.DataFrame:
    """One row an ingredient: what is here, how many people have one near, and the same elsewhere; no total."""
    rows = answer.table
    told = {
        "Ingredient": rows["ingredient"],
        "Nearest": [
            f"{'Latest' if key == 'lost' else 'Nearest'}: {'; '.join(near)}" if near else ""
            for key, near in zip(rows["key"], rows["nearest"], strict=True)
        ],
        "Mapped here": [_count(count, silent) for count, silent in zip(rows["count"], rows["not_said"], strict=True)],
        REACH: rows["share_within"].map(_share),
        REACH_ELSEWHERE: _elsewhere(view, rows, "share_within", _share),
        RATE: rows["per_1000"].map(_rate),
        RATE_ELSEWHERE: _elsewhere(view, rows, "per_1000", _rate),
    }
    return pd.DataFrame(told).drop(columns=[REACH_ELSEWHERE, RATE_ELSEWHERE] if whole else [])


def _elsewhere(view: PlaceView, rows: pd.DataFrame, name: str, words: Callable[[float], str]) -> list[str]:
    """The same figure of the whole place and of similar neighbourhoods, as far as they are known."""
    told = zip(rows[f"whole_{name}"], rows[f"similar_{name}"], strict=True)
    whose = (view.name, "similar neighbourhoods")
    return [
        ", ".join(f"{who} {words(each)}" for who, each in zip(whose, both, strict=True) if words(each)) for both in told
    ]


def people_table(view: PlaceView, answer: Answer, *, whole: bool) -> pd.DataFrame:
    """Who lives there, beside the whole place, its like and, where it is loaded, England."""
    rows = answer.part("people")
    columns = {
        "here": "Here",
        "whole": f"In {view.name}",
        "similar": "In similar neighbourhoods",
        "england": "In England",
    }
    silent = {name for name in columns if rows[name].isna().all()} | ({"whole", "similar"} if whole else set())
    measured = rows[rows["here"].notna()]
    told = {
        columns[name]: [
            _measure(str(measure), value) for measure, value in zip(measured["measure"], measured[name], strict=True)
        ]
        for name in columns
        if name not in silent
    }
    return pd.DataFrame(
        {"Of its people": [str(name)[0].upper() + str(name)[1:] for name in measured["measure"]], **told}
    )


def _questions(answer: Answer) -> None:
    """What no register knows, ingredient by ingredient."""
    asked = answer.part("questions")
    with parts.section("What only people there can say"):
        items = "".join(
            f"<div><dt>{escape(str(title))}</dt>{_asked(rows['question'])}</div>"
            for title, rows in asked.groupby("ingredient", sort=False)
        )
        st.html(f'<dl class="am-asks">{items}</dl>')


def _asked(asked: Sequence[Any] | pd.Series[Any]) -> str:
    return "".join(f"<dd>{escape(str(question))}</dd>" for question in asked)


def _count(count: float, silent: int) -> str:
    if pd.isna(count):
        return "no register loaded"
    return f"{count:,.0f}" + (f" ({silent:,} do not say)" if silent else "")


def _share(share: float) -> str:
    return "" if pd.isna(share) else share_words(share)


def _rate(rate: float) -> str:
    return "" if pd.isna(rate) else f"{rate:.1f}"


def _measure(measure: str, value: float) -> str:
    if pd.isna(value):
        return "not known"
    if measure.startswith("share"):
        return share_words(value)
    return f"{np.round(value):,.0f}"
