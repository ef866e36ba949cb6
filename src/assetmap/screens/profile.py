"""One neighbourhood: what it has, ingredient by ingredient, beside its like; strengths first, and no score."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import streamlit as st

from assetmap import look, questions, space
from assetmap.errors import QuestionError
from assetmap.maps import AreaStyle, MapLayer, Overlay, View, overlay
from assetmap.packs import USUAL, Wanted
from assetmap.placeview import PlaceView, Walking
from assetmap.printing import profile_sheet
from assetmap.questions import Answer, and_words
from assetmap.questions.differing import differing_lines
from assetmap.questions.profile_words import NAMES
from assetmap.screens import address, area, choices, deprived, desk, drawings, overlays, parts
from assetmap.screens.fold import how_worked_out
from assetmap.screens.here import whole_place
from assetmap.screens.ledger import ledger
from assetmap.screens.tables import inside_table, with_method
from assetmap.wording import or_words, share_words

REACH: Final = "People with one within the walk"
REACH_ELSEWHERE: Final = "Within the walk elsewhere"
RATE: Final = "For every 1,000 people"
RATE_ELSEWHERE: Final = "For every 1,000 people elsewhere"
THING: Final = "What there is"
UNDER: Final = "Which"
DRAWING: Final = "Draw the area that you want to know about"
DRAWING_SAYS: Final = (
    "A street or two, an estate, the catchment of a school: press its corners on the map. Then see what it has, who "
    "lives there, and what only people there can say."
)
LISTED_AT_MOST: Final = 20
"""Rows of what is inside that stand on the page; the file has all of them."""
_LEAST_RATE: Final = 0.05
_HERE: Final = "this"
_DRAWN: Final = ("inside", "nearest")


@dataclass(frozen=True)
class _Told:
    """What is said of the part of the place that is asked about, and what is drawn for it."""

    answer: Answer
    overlay: Overlay
    about: area.Asked


@st.cache_resource(max_entries=256, show_spinner="Reading the neighbourhood…")
def _answer(
    place_id: str, fingerprint: str, walking: Walking, minutes: int, about: area.Asked
) -> tuple[Answer, Overlay]:
    view = desk.place_view(place_id, walking)
    answer = questions.profile(view, about.words, about.outline, desk.england_beside(place_id), minutes)
    return answer, _overlay(view, answer, about)


def _told(place_id: str, fingerprint: str, walking: Walking, minutes: int, now: area.Asked) -> _Told:
    """The answer to what the address asks; to the whole place where nobody lives in the area drawn."""
    about = area.Asked(now.words, now.corners, now.drawing)  # notices do not change the answer that is kept
    try:
        return _Told(*_answer(place_id, fingerprint, walking, minutes, about), now)
    except QuestionError as fault:
        told = area.Asked(notices=(*now.notices, str(fault)))
        return _Told(*_answer(place_id, fingerprint, walking, minutes, area.Asked()), told)


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    ways = choices.asked_ways(place_id)
    view, fingerprint = desk.place_view(place_id, ways.walking), desk.fingerprint(place_id)
    titles = area.titles_of(view)
    now = area.asked(titles)
    if now.drawing:
        _draw(view, now, titles)
        return
    walk = choices.asked_walk()
    told = _told(place_id, fingerprint, ways.walking, int(walk.chosen[0]), now)
    answer, now = told.answer, told.about
    drawn = whole_place(place_id, fingerprint)
    with parts.stage():
        parts.sentence(
            view, answer.title, answer.sentence, (*now.notices, *ways.notices, *walk.notices, *deprived.notices(view))
        )
        st.empty()  # where other pages have a button: with the map at the same place, the browser keeps the one it has
        with st.container(key="controls"):
            area.controls(view, now, titles)
            st.caption("Or press a neighbourhood on the map.")
            choices.minutes("A walk of at most")
            choices.ways(view)
            _alike(answer, place_id, titles)
            streets = choices.street_map()
            sheet = partial(
                profile_sheet, view, now.words, now.outline, desk.england_beside(place_id), int(walk.chosen[0])
            )
            choices.save_and_share(view, drawings.PROFILE, sheet, _pack_of(view, now))
        shown = tuple(switch.id for switch in drawn.switches if switch.shown) if now.whole else ()
        focus = None if now.whole else overlays.focus_on(gpd.GeoSeries(answer.shapes.geometry))
        parts.drawing(
            drawn.data,
            View(
                shown,
                _HERE,
                tiles=streets,
                overlay=told.overlay,
                focus=focus,
                opens=True,
                corners=now.spots,
                can_switch=False,
            ),
        )
    _below(view, told, f"{place_id}-profile.csv")


def _pack_of(view: PlaceView, now: area.Asked) -> Wanted:
    """What the page shows as a pack, with the official measures where they are told."""
    measures = deprived.chosen(view, desk.england_beside(view.place_id))
    told = ("profile",) if measures is None else ("profile", "deprivation")
    wanted = Wanted(view.place_id, (*told, *USUAL), areas=now.words, outline=now.corners)
    if measures is None:
        return wanted
    return replace(wanted, domain=measures.domain, by=measures.by, edition=measures.edition)


def _draw(view: PlaceView, now: area.Asked, titles: dict[str, str]) -> None:
    """The map to draw an area on, and nothing else until it is drawn."""
    drawn = whole_place(view.place_id, desk.fingerprint(view.place_id))
    with parts.stage():
        parts.sentence(view, DRAWING, DRAWING_SAYS, now.notices)
        st.empty()
        with st.container(key="controls"):
            area.controls(view, now, titles)
            streets = choices.street_map()
        shown = tuple(switch.id for switch in drawn.switches if switch.shown)
        style = next(iter(drawn.shades), None)
        parts.drawing(drawn.data, View(shown, style, tiles=streets, draws=area.draws(view.place_id), can_switch=False))


def _below(view: PlaceView, told: _Told, file_name: str) -> None:
    """The tables under the map, then what no table can say."""
    answer, whole = told.answer, told.about.whole
    with parts.section("What it has, and what is near", parts.PAST_MAP):
        rows = ingredients_table(view, answer, whole=whole)
        silent = answer.table["count"].isna().to_numpy()
        under = {THING: UNDER, REACH: REACH_ELSEWHERE, RATE: RATE_ELSEWHERE}
        beneath = {column: quiet for column, quiet in under.items() if quiet in rows}
        walk = view.walk(float(choices.asked_walk().chosen[0]))
        ledger(rows[~silent], f"What it has, and what is within {walk}, here and elsewhere", under=beneath)
        _not_told(view, [NAMES[key].many for key in answer.table.loc[silent, "key"]])
        parts.download(with_method(rows, answer), file_name)
    if not whole:
        with parts.section("What is inside"):
            _inside(view, answer)
    with parts.section("Who lives there"):
        ledger(people_table(view, answer, whole=whole), "Who lives there, and who lives elsewhere")
    about = told.about
    deprived.section(view, about.words, about.corners, desk.england_beside(view.place_id))
    _questions(answer)
    how_worked_out(answer)


def _inside(view: PlaceView, answer: Answer) -> None:
    """What is mapped in a part of the place by name, strengths first; the whole place has its own page."""
    rows = inside_table(view, answer)
    if rows.empty:
        st.write("Nothing is mapped inside it yet.")
        return
    if len(rows) > LISTED_AT_MOST:
        st.caption(f"The first {LISTED_AT_MOST} of {len(rows):,}; the file below has all of them.")
    first = rows.head(LISTED_AT_MOST)
    told = first.loc[:, [(first[column].notna() & (first[column] != "")).any() for column in first]]
    ledger(told, "What is mapped inside it", under={"Name": "Counts as"})
    parts.download(rows, f"{view.place_id}-inside.csv")


def _not_told(view: PlaceView, silent: Sequence[str]) -> None:
    """The ingredients that nothing loaded tells of, and the way to add what people know."""
    if not silent:
        return
    titles = or_words([escape(many) for many in silent])
    add = escape(choices.link("add", view.place_id, {}))
    st.html(
        f'<p class="am-silent">The registers that are loaded say nothing about {titles}. There may be some all the '
        f'same: <a href="{add}" target="_self">add what you know</a>.</p>'
    )


def _alike(answer: Answer, place_id: str, titles: dict[str, str]) -> None:
    """Links to the neighbourhoods whose people are most like these."""
    alike = answer.part("similar")
    if alike.empty:
        return
    items = "".join(
        f'<li><a href="{escape(_another(place_id, str(code)))}" '
        f'target="_self">{escape(titles.get(str(code), str(code)))}</a></li>'
        for code in alike["neighbourhood_code"]
    )
    st.html(f'<div class="am-near"><h2>Most like it in who lives there</h2><ul>{items}</ul></div>')


def _another(place_id: str, code: str) -> str:
    """The address of another neighbourhood's page."""
    return choices.link(drawings.PROFILE, place_id, {"area": code}, instead_of=address.WHICH_AREA)


def _overlay(view: PlaceView, answer: Answer, about: area.Asked) -> Overlay:
    """The neighbourhoods in ink, and by name what of each ingredient is inside and what is nearest to their people."""
    need, codes = drawings.need_style(view), about.codes(view)
    one = "This neighbourhood" if len(codes) == 1 else "These neighbourhoods"
    style = AreaStyle(_HERE, need.title, _HERE, need.labels, ends=need.ends, outlined=(look.INK, one))
    classes = list(drawings.need_classes(view))
    outlined = [at for at, each in enumerate(view.areas["area_code"]) if each in codes]
    return overlay(
        [] if about.whole else _near(view, pd.concat([answer.part(part)["asset_id"] for part in _DRAWN])),
        style=style, classes=classes, outlined=outlined, origins=drawings.origins(view),
        notes=differing_lines(view),
    )  # fmt: skip


def _near(view: PlaceView, asset_ids: pd.Series[str]) -> list[MapLayer]:
    rows = gpd.GeoDataFrame(view.assets[view.assets["asset_id"].isin(asset_ids)])
    here = [layer for layer in drawings.in_order(view.layers_here) if (rows["layer"] == layer.id).any()]
    closed = rows["status"] == "closed"
    standing = [
        MapLayer(
            f"near-{layer.id}", f"{layer.title}, inside or nearest", layer.theme or drawings.THEME_ORDER[0],
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
        THING: rows["ingredient"],
        UNDER: [_which(row, whole=whole) for row in rows.to_dict("records")],
        "Mapped here": [_count(count, silent) for count, silent in zip(rows["count"], rows["not_said"], strict=True)],
        REACH: rows["share_within"].map(_share),
        REACH_ELSEWHERE: _elsewhere(view, rows, "share_within", _share),
        RATE: rows["per_1000"].map(_rate),
        RATE_ELSEWHERE: _elsewhere(view, rows, "per_1000", _rate),
    }
    return pd.DataFrame(told).drop(columns=[REACH_ELSEWHERE, RATE_ELSEWHERE] if whole else [])


def _which(row: Mapping[Hashable, Any], *, whole: bool) -> str:
    """What is nearest to the people of a neighbourhood; of a whole place, where nothing is near to all, what there is.

    What has closed is named, latest first, wherever it stood.
    """
    if row["key"] == "lost":
        return f"Latest: {'; '.join(row['nearest'])}" if row["nearest"] else ""
    if whole:
        return and_words(row["made_of"])
    return f"Nearest: {'; '.join(row['nearest'])}" if row["nearest"] else ""


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
        "here": f"In {view.name}" if whole else "Here",
        "whole": f"In all of {view.name}",
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
    return f"{count:,.0f}" + (f" (of {silent:,} more nobody says)" if silent else "")


def _share(share: float) -> str:
    return "" if pd.isna(share) else share_words(share)


def _rate(rate: float) -> str:
    if pd.isna(rate):
        return ""
    return "under 0.1" if 0 < rate < _LEAST_RATE else f"{rate:.1f}" if rate else "0"


def _measure(measure: str, value: float) -> str:
    if pd.isna(value):
        return "not known"
    if measure.startswith("share"):
        return share_words(value)
    return f"{np.round(value):,.0f}"
