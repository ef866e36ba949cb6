"""Gaps: who can walk to a place, who cannot yet, and what stands near that could be opened up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from assetmap import questions
from assetmap.maps import Overlay, View
from assetmap.packs import Wanted
from assetmap.placeview import PlaceView, Walking
from assetmap.printing import Terms, sheet_of
from assetmap.questions import gap_index
from assetmap.screens import address, choices, counting, desk, drawings, gapshades, parts, tables, towards, weighing


@st.cache_resource(max_entries=64, show_spinner="Measuring the walks…")
def _answer(
    place_id: str, fingerprint: str, walking: Walking, to: str, minutes: int, weights: tuple[float, ...], need: str
) -> tuple[questions.Answer, Overlay]:
    view = desk.place_view(place_id, walking)
    by_part = dict(zip(gap_index.PARTS, weights, strict=True))
    answer = questions.gaps(view, *towards.kinds_and_layers(view, to), minutes, by_part, need)
    return answer, drawings.gap_overlay(view, answer.shapes)


@st.cache_resource(max_entries=32, show_spinner="Drawing the map…")
def _drawn(place_id: str, fingerprint: str, walking: Walking, to: str, minutes: int, need: str) -> drawings.Drawn:
    """The map, which is the same however the parts of the score are weighed."""
    answer, _ = _answer(place_id, fingerprint, walking, to, minutes, tuple(gap_index.USUAL_WEIGHTS.values()), need)
    view = desk.place_view(place_id, walking)
    return drawings.gaps(view, answer.shapes, towards.choice(view, to), minutes, need)


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    ways = choices.asked_ways(place_id)
    view = desk.place_view(place_id, ways.walking)
    titles = towards.titles(view)
    first = next(iter(titles))
    to = address.one_of(st.query_params, "to", titles, first)
    walk = choices.asked_walk()
    minutes = int(walk.chosen[0])
    word = to.chosen[0]
    kinds, layers = towards.kinds_and_layers(view, word)
    needs = gap_index.needs_of(view)
    weighed = weighing.asked(needs)
    fingerprint = desk.fingerprint(place_id)
    answer, widest = _answer(place_id, fingerprint, ways.walking, word, minutes, weighed.weights, weighed.need)
    drawn = _drawn(place_id, fingerprint, ways.walking, word, minutes, weighed.need)
    count = counting.asked()
    each = counting.counted(view, word, minutes, count)
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
            together = gapshades.shade(view, style, word, minutes, weighed.weights, weighed.need)
            if together and together.says:
                st.caption(together.says)
            streets = choices.street_map()
            terms = Terms(minutes, weighed.by_part, weighed.need, shade=choices.shade_of(style, shades))
            usual = word == first and view.layers[word].gaps_first
            wanted = _pack_of(view, () if usual else layers, kinds, weighed, None if each.answer is None else count)
            together_drawn = together is not None and together.overlay is not None
            wanted = replace(wanted, minutes=minutes, shade=terms.shade, hot_spots=together_drawn)
            choices.save_and_share(view, "gaps", lambda: sheet_of(view, "gaps", layers, kinds, terms=terms), wanted)
        gap = widest if style == drawings.GAP else None
        over = together.overlay if together else each.overlay if style == counting.EACH else gap
        parts.drawing(drawn.data, View(asked.chosen, style, tiles=streets, overlay=over))
    counting.section(view, each, count)
    weighing.why(answer)
    parts.table(
        tables.gaps_table(answer, weighed.need),
        title="Neighbourhood by neighbourhood",
        file_name=f"{place_id}-gaps.csv",
    )
    parts.small_print(answer)


def _pack_of(
    view: PlaceView,
    layers: Sequence[str],
    kinds: Sequence[str],
    weighed: weighing.Asked,
    count: counting.Asked | None,
) -> Wanted:
    """What the page shows as a pack: what it counts first, where that is not who has one near."""
    first = ("gaps",) if count is None else ("access", "gaps")
    wanted = Wanted(
        view.place_id,
        (*first, "here", "lost"),
        layers=tuple(f"{about}:{layer}" for about in first for layer in layers),
        kinds=tuple(f"{about}:{kind}" for about in first for kind in kinds),
        weights={} if weighed.by_part == gap_index.USUAL_WEIGHTS else weighed.by_part,
        need=weighed.need,
    )
    return wanted if count is None else replace(wanted, method=count.way, offer=count.offer)
