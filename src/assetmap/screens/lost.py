"""What's been lost: closures with their dates, and what happened instead of closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from assetmap import questions
from assetmap.maps import View
from assetmap.packs import Wanted
from assetmap.placeview import PlaceView
from assetmap.printing import Terms, over_time_sheet, sheet_of
from assetmap.questions.lost import has_ledger
from assetmap.screens import address, choices, desk, drawings, parts, tables, wholost
from assetmap.screens.here import whole_place
from assetmap.sheets import Sheet
from assetmap.values import year_of


def page(place_id: str) -> None:
    """Draw the page of ``place_id``."""
    view = desk.place_view(place_id)
    first, last = _span(view)
    years = address.years_of(st.query_params, first, last)
    answer = questions.lost(view, years.since, years.until)
    drawn = whole_place(place_id, desk.fingerprint(place_id))
    every = (*drawn.happened, *drawn.switches)
    switches = choices.showing_only((every[-1], *every[:-1]), drawings.HAPPENED)
    switches = tuple(_of_the_years(switch, answer) for switch in switches)
    asked = choices.chosen_layers(switches)
    who = wholost.told(view, desk.fingerprint(place_id), years)
    shades = {**drawn.shades, **who.shades}
    notices = (*years.notices, *asked.notices, *who.notices, *choices.asked_shade(shades).notices)
    with parts.stage():
        parts.sentence(view, answer.title, answer.sentence, notices)
        with choices.controls():
            if first < last:
                choices.years(years, first, last)
            choices.layer_switches(switches, asked.chosen)
            style = choices.shade_choice(shades)
            streets = choices.street_map()
            layers = choices.standing(view, asked.chosen)
            terms = Terms(
                int(choices.asked_walk().chosen[0]),
                since=years.since,
                until=years.until,
                shade=choices.shade_of(style, shades),
            )
            wanted, over_time = _pack_of(place_id, layers, who, terms), (_small_maps(view, terms),) if first else ()
            if has_ledger(view):
                sheet = partial(sheet_of, view, "lost", layers, terms=terms)
                choices.save_and_share(view, "lost", sheet, wanted, over_time)
            else:
                choices.share_pack(view, "lost", wanted)
        shown = None if years.since is None or years.until is None else (years.since, years.until)
        over = who.overlay if style in who.shades else None
        parts.drawing(drawn.data, View(asked.chosen, style, years=shown, tiles=streets, overlay=over))
    parts.table(tables.lost_table(answer, view), title="Each one, with its date", file_name=f"{place_id}-lost.csv")
    parts.small_print(answer)
    if has_ledger(view):  # without one the sentence above has said why nobody can say
        wholost.section(view, who)


def _pack_of(place_id: str, layers: Sequence[str], who: wholost.Told, terms: Terms) -> Wanted:
    """What the page shows as a pack, of the same years and, where somebody can tell who lost, of the same kind."""
    told = () if who.answer is None else ("who_lost",)
    return Wanted(
        place_id,
        ("lost", *told, "here", "gaps"),
        layers=tuple(f"lost:{layer}" for layer in layers),
        kinds=(f"who_lost:{who.kind}",) if told and who.kind != wholost.EVERY else (),
        since=terms.since,
        until=terms.until,
        shade=terms.shade,
    )


def _small_maps(view: PlaceView, terms: Terms) -> choices.Saving:
    tells = "Small maps on one page: what had closed at each of several dates, and what people could walk to then."

    def sheet() -> Sheet:
        return over_time_sheet(view, terms.minutes, since=terms.since, until=terms.until)

    return choices.Saving("Save small maps by date", "lost-over-time", sheet, tells)


def _of_the_years(switch: drawings.Switch, answer: questions.Answer) -> drawings.Switch:
    """What happened to services is counted in the years asked for, as in the legend; what stands is counted whole."""
    if switch.id not in drawings.HAPPENED:
        return switch
    others = drawings.what_happened(answer.totals["what_happened"])
    count = len(answer.table) if switch.id == drawings.LOST_ID else int((others == switch.id).sum())
    return replace(switch, count=count)


def _span(view: PlaceView) -> tuple[int, int]:
    """The first and the last year in which anything is known to have happened; 0 and 0 without any."""
    years = [year for year in map(year_of, view.assets["closed_on"].dropna()) if year]
    return (min(years), max(years)) if years else (0, 0)
