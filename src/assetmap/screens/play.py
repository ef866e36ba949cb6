"""Streets for play: which streets could be closed to cars for some hours, why each of them, and under which law."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from html import escape
from typing import Final

import geopandas as gpd
import pandas as pd
import streamlit as st

from assetmap import questions
from assetmap.maps import MapLayer, Overlay, View, overlay
from assetmap.packs import USUAL, Wanted
from assetmap.placeview import PlaceView, Walking
from assetmap.printing import play_sheet
from assetmap.questions import Answer
from assetmap.questions.play_streets import could_play, first_of_each
from assetmap.screens import address, choices, desk, parts
from assetmap.screens.fold import fold, how_worked_out
from assetmap.screens.here import whole_place
from assetmap.screens.ledger import ledger
from assetmap.screens.overlays import Corners, focus_on

EVERYWHERE: Final = "all"
SHOWN_AT_MOST: Final = 20
"""Streets on the map and in the list; the file has all of them."""
_THEME: Final = "streets"


@st.cache_resource(max_entries=64, show_spinner="Following every drive through the streets…")
def _answer(place_id: str, fingerprint: str, walking: Walking, areas: Sequence[str]) -> Answer:
    return questions.play_street_candidates(desk.place_view(place_id, walking), SHOWN_AT_MOST, areas)


@st.cache_resource(max_entries=64, show_spinner=False)
def _overlay(place_id: str, fingerprint: str, walking: Walking, areas: Sequence[str]) -> tuple[Overlay, Corners | None]:
    every = first_of_each(_answer(place_id, fingerprint, walking, areas).shapes)
    rows = every.head(SHOWN_AT_MOST)
    drawn = overlay([MapLayer("could-play", could_play(len(every), len(rows)), _THEME, rows, hollow=True, named=True)])
    return drawn, focus_on(gpd.GeoSeries(rows.geometry)) if len(rows) else None


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    ways, fingerprint = choices.asked_ways(place_id), desk.fingerprint(place_id)
    view = desk.place_view(place_id, ways.walking)
    drawn = whole_place(place_id, fingerprint)
    everywhere = _answer(place_id, fingerprint, ways.walking, ())
    titles = {EVERYWHERE: f"The whole of {view.name}", **_parts_of_town(everywhere)}
    part = address.one_of(st.query_params, "part", titles, EVERYWHERE)
    areas = () if part.chosen[0] == EVERYWHERE else part.chosen
    answer = _answer(place_id, fingerprint, ways.walking, areas)
    here = {layer.id for layer in view.layers_here if layer.theme == _THEME}
    switches = choices.showing_only([each for each in drawn.switches if each.id in here], here)
    shown = tuple(switch.id for switch in switches if switch.count)
    with parts.stage():
        parts.sentence(view, answer.title, answer.sentence, (*part.notices, *ways.notices))
        st.empty()  # where other pages have a button: with the map at the same place, the browser keeps the one it has
        with st.container(key="controls"):
            if len(titles) > 1:
                choices.one_word("Which part of town?", "part", titles, EVERYWHERE)
            choices.ways(view)
            style = choices.shade_choice(drawn.shades)
            streets = choices.street_map()
            _save_and_share(view, answer, areas, choices.shade_of(style, drawn.shades))
        over, near = _overlay(place_id, fingerprint, ways.walking, areas)
        focus = near if areas else None
        parts.drawing(drawn.data, View(shown, style, tiles=streets, overlay=over, focus=focus, can_switch=False))
    with parts.section("Each street, and why", parts.PAST_MAP):
        _streets(answer, place_id)
    _law(answer)
    _left_out(answer)
    how_worked_out(answer)


def _save_and_share(view: PlaceView, answer: Answer, areas: tuple[str, ...], shade: str) -> None:
    """A map to print and a pack where streets were found; else the link alone."""
    if answer.table.empty:
        choices.share(view.place_id, "play")
        return
    wanted = Wanted(view.place_id, ("play", *USUAL), areas=areas, shade=shade)
    choices.save_and_share(view, "play", partial(play_sheet, view, answer, areas, shade=shade), wanted)


def _streets(answer: Answer, place_id: str) -> None:
    if answer.table.empty:
        st.write("None yet.")
        return
    streets = streets_table(answer.table)
    if len(streets) > SHOWN_AT_MOST:
        st.caption(f"The first {SHOWN_AT_MOST} of {len(streets):,} streets; the file below has all of them.")
    ledger(streets.head(SHOWN_AT_MOST), "Streets that could become play streets", under={"Street": "Why"})
    parts.download(streets, f"{place_id}-streets-for-play.csv")


def _parts_of_town(answer: Answer) -> dict[str, str]:
    return {str(name): str(name) for name in sorted(answer.table["locality"].dropna().unique()) if name}


def streets_table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a street, the one with most children (people) far from a place to play first, and its stretches."""
    stretches = rows.groupby("street")["length_m"].agg(list)
    rows = first_of_each(rows)
    others = [_others(stretches[street]) for street in rows["street"]]
    return pd.DataFrame(
        {
            "Street": rows["name"],
            "Why": [_sentence("; ".join([*told, *more])) for told, more in zip(rows["reasons"], others, strict=True)],
            "Part of town": rows["locality"].fillna(""),
            "Neighbourhood": rows["neighbourhood_name"],
            "Length, metres": rows["length_m"].round().astype("int64"),
        }
    ).reset_index(drop=True)


def _others(lengths_m: Sequence[float]) -> list[str]:
    """How many more stretches of a street could be played in, after the reasons for the first."""
    more = len(lengths_m) - 1
    return (
        [f"{more} more {'stretch' if more == 1 else 'stretches'} of it, {sum(lengths_m):.0f} m in all"] if more else []
    )


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _law(answer: Answer) -> None:
    """What to ask the highway authority for, in plain words, each with where to read the law itself."""
    items = "".join(
        f"<div><dt>{escape(row['for'])}</dt><dd>{escape(row['says'])}</dd><dd>Ask: {escape(row['ask'])}</dd>"
        f'<dd><a href="{escape(row["read"])}" target="_blank" rel="noopener">{escape(row["law"])}</a></dd></div>'
        for row in answer.part("law").to_dict("records")
    )
    with parts.section("What to ask for, and under which law"):
        st.html(f'<dl class="am-asks">{items}</dl>')


def _left_out(answer: Answer) -> None:
    rows = "".join(
        f"<tr><th scope='row'>{escape(str(row['streets']).capitalize())}</th><td>{row['count']:,}</td></tr>"
        for row in answer.part("left_out").to_dict("records")
    )
    fold(
        "Which streets were left out, and why",
        "<table class='am-bars'><thead><tr><th scope='col'>Streets</th><th scope='col'>How many</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>",
    )
