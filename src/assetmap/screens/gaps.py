"""Gaps: who can walk to a place, who cannot yet, and what stands near that could be opened up."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from assetmap import questions
from assetmap.errors import QuestionError
from assetmap.maps import View
from assetmap.packs import Wanted
from assetmap.placeview import PlaceView, Walking
from assetmap.printing import Terms, sheet_of
from assetmap.questions import gap_index
from assetmap.screens import address, choices, counting, desk, drawings, gapshades, parts, tables, weighing


@st.cache_resource(max_entries=64, show_spinner="Measuring the walks…")
def _answer(
    place_id: str, fingerprint: str, walking: Walking, layer: str, minutes: int, weights: tuple[float, ...], need: str
) -> tuple[questions.Answer, drawings.Drawn]:
    view = desk.place_view(place_id, walking)
    by_part = dict(zip(gap_index.PARTS, weights, strict=True))
    answer = questions.gaps(view, layers=(layer,), minutes=minutes, weights=by_part, need=need)
    return answer, drawings.gaps(view, answer.shapes, layer, minutes, need)


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    ways = choices.asked_ways(place_id)
    view = desk.place_view(place_id, ways.walking)
    titles = _layers_with_places(view)
    first = next(iter(titles))
    to = address.one_of(st.query_params, "to", titles, first)
    walk = choices.asked_walk()
    minutes = int(walk.chosen[0])
    layer = to.chosen[0]
    needs = gap_index.needs_of(view)
    weighed = weighing.asked(needs)
    answer, drawn = _answer(
        place_id, desk.fingerprint(place_id), ways.walking, layer, minutes, weighed.weights, weighed.need
    )
    count = counting.asked()
    each = counting.counted(view, layer, minutes, count)
    shades = {**(each.shades or {}), **drawn.shades, **gapshades.SHADES}
    asked, shade = choices.chosen_layers(drawn.switches), choices.asked_shade(shades)
    notices = (*to.notices, *walk.notices, *ways.notices, *asked.notices, *shade.notices, *weighed.notices)
    told = each.answer or answer
    with parts.stage():
        parts.sentence(view, told.title, told.sentence, (*notices, *each.notices))
        with choices.controls():
            choices.one_word("A walk to", "to", titles, first)
            choices.minutes()
            choices.ways(view)
            counting.controls(count)
            weighing.controls(weighed, needs)
            choices.layer_switches(drawn.switches, asked.chosen)
            style = choices.shade_choice(shades)
            together = gapshades.shade(view, style, layer, minutes, weighed.weights, weighed.need)
            if together and together.says:
                st.caption(together.says)
            streets = choices.street_map()
            terms = Terms(minutes, weighed.by_part, weighed.need, shade=choices.shade_of(style, shades))
            wanted = replace(_pack_of(view, layer, weighed, None if each.answer is None else count), shade=terms.shade)
            wanted = replace(wanted, hot_spots=together is not None and together.overlay is not None)
            choices.save_and_share(view, "gaps", lambda: sheet_of(view, "gaps", (layer,), terms=terms), wanted)
        over = together.overlay if together else each.overlay if style == counting.EACH else None
        parts.drawing(drawn.data, View(asked.chosen, style, tiles=streets, overlay=over))
    counting.section(view, each, count)
    weighing.why(answer)
    parts.table(
        tables.gaps_table(answer, weighed.need),
        title="Neighbourhood by neighbourhood",
        file_name=f"{place_id}-gaps.csv",
    )
    parts.small_print(answer)


def _pack_of(view: PlaceView, layer: str, weighed: weighing.Asked, count: counting.Asked | None) -> Wanted:
    """What the page shows as a pack: what it counts first, where that is not who has one near."""
    usual = [each.id for each in view.layers.values() if each.gaps_first] == [layer]
    first = ("gaps",) if count is None else ("access", "gaps")
    wanted = Wanted(
        view.place_id,
        (*first, "here", "lost"),
        layers=() if usual else tuple(f"{about}:{layer}" for about in first),
        weights={} if weighed.by_part == gap_index.USUAL_WEIGHTS else weighed.by_part,
        need=weighed.need,
    )
    return wanted if count is None else replace(wanted, method=count.way, offer=count.offer)


def _layers_with_places(view: PlaceView) -> dict[str, str]:
    """The layers that a walk may lead to, the ones that gaps are usually about first; an error when there are none."""
    standing = view.assets[view.assets["status"].isin(["open", "unknown"])]
    ordered = sorted(view.layers_here, key=lambda layer: not layer.gaps_first)
    titles = {layer.id: layer.title for layer in ordered if layer.id in set(standing["layer"])}
    if not titles:
        raise QuestionError(
            f"Nothing that people could walk to is mapped in {view.name} yet. Load a source of a layer such as "
            f"'{ordered[0].id}', or add what you know."
        )
    return titles
