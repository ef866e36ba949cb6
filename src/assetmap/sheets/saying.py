"""A sheet in words: what could not be drawn, what it shows for those who cannot see it, and the number it bears."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict

import geopandas as gpd
import numpy as np
import shapely

from assetmap.sheets.losses import year_of
from assetmap.sheets.model import POINT_COLUMNS, Sheet, SheetLayer, frames_of, years_lost
from assetmap.wording import and_words, count_words, number_word, opening


def not_placed(sheet: Sheet) -> tuple[str, ...]:
    """A sentence for each layer that has rows with no location, because a map that hides them misleads."""
    listed = [(layer.title, len(layer.standing), len(layer.drawn)) for layer in sheet.layers]
    listed.append(("What has been lost", len(sheet.gone), len(sheet.gone_drawn)))
    found = ((title, total, total - drawn) for title, total, drawn in listed)
    return tuple(
        f"{missing:,} of the {total:,} listed under “{title}” {'has' if missing == 1 else 'have'} no location and "
        f"{'is' if missing == 1 else 'are'} not drawn."
        for title, total, missing in found
        if missing
    )


def checksum(sheet: Sheet) -> str:
    """Twelve hexadecimal digits that change when anything the sheet shows changes, except the pack it belongs to."""
    digest = hashlib.sha256()
    said = [sheet.title, sheet.subtitle, sheet.place_name, sheet.fictional, sheet.need, sheet.need_title]
    said += [sheet.sources, sheet.caveats, sheet.drawn_on.isoformat(), sheet.about_losses, dict(sheet.kinds_lost)]
    digest.update(json.dumps(said).encode())
    if sheet.outlined is not None:
        digest.update(json.dumps(asdict(sheet.outlined), default=sorted).encode())
    scenario = [list(map(asdict, sheet.changes)), list(map(asdict, sheet.figures)), list(map(asdict, sheet.panels))]
    digest.update(json.dumps([sheet.method, sheet.focus_m, scenario]).encode())
    if sheet.shading is not None or sheet.heading:
        digest.update(json.dumps([sheet.heading, sheet.shading and asdict(sheet.shading)]).encode())
    for layer in sheet.every_layer:
        drawn_as = [layer.theme, sorted(layer.minor_kinds), layer.labels, layer.small, layer.ground, layer.bold]
        digest.update(json.dumps([layer.title, *drawn_as, dict(layer.kinds), layer.words]).encode())
    for title, frame in frames_of(sheet):
        digest.update(title.encode())
        for part in _frame_bytes(frame, sheet.need):
            digest.update(part)
    return digest.hexdigest()[:12].upper()


def in_fours(number: str) -> str:
    """A number that people read out or compare, four digits at a time: ``3F9A 01C2 77BE``."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def _frame_bytes(frame: gpd.GeoDataFrame, need: str | None) -> Iterable[bytes]:
    if not len(frame):
        return
    for column in (*POINT_COLUMNS, "area_code", "locality", need):
        if column in frame.columns:
            yield "\x1f".join(map(str, frame[column])).encode("utf-8", "replace")
    for shape in shapely.to_wkb(np.asarray(frame.geometry.array, dtype=object), byte_order=1):
        yield b"-" if shape is None else shape


def alt_text(sheet: Sheet) -> str:
    """What the sheet shows, in at most two sentences, for people who cannot see it."""
    title = sheet.title.strip().replace(". ", "; ").rstrip(".")
    made_up = "the fictional town of " if sheet.fictional else ""
    things = [words for layer in sheet.layers if len(layer.drawn) for words in _spoken(layer)]
    things = [*_spoken_losses(sheet), *things] if sheet.about_losses else [*things, *_spoken_losses(sheet)]
    could = sum(len(layer.drawn) for layer in sheet.opportunities)
    if could:
        things.append(f"{could:,} that could be opened up")
    if sheet.outlined is not None and sheet.outlined.codes:
        many = count_words(len(sheet.outlined.codes), "neighbourhood", "neighbourhoods")
        things.append(f"{many} {sheet.outlined.spoken}")
    if sheet.outlined is not None and "area" in sheet.backdrop:
        things.append(f"the outline of {sheet.outlined.codes_title}")
    shown = (
        "; ".join(things)
        if any(" and " in each for each in things)
        else and_words(things)
        if things
        else "its outline only"
    )
    shaded = sheet.need_title if sheet.shading is None else _lower(sheet.shading.title)
    greys = f", over greys of {shaded}" if sheet.need else ""
    where = f"{made_up}{sheet.place_name}"
    said = _spoken_panels(sheet, where) if sheet.panels else f"A map of {where} shows {shown}"
    second = f"{said}{greys}.".replace(". ", "; ")
    return f"{title}{'' if title.endswith(('?', '!')) else '.'} {second}"


def _spoken(layer: SheetLayer) -> list[str]:
    total, kinds = len(layer.drawn), layer.minor_lines
    major = total - sum(count for _, count in kinds)
    first = [f"{major:,} {_named(layer, major)}"] if major else []
    return [*first, *(f"{count:,} {_lower(title)}" for title, count in kinds)]


def _named(layer: SheetLayer, count: int) -> str:
    if layer.words is not None:
        return layer.words[count != 1]
    return _lower(layer.title)


def _spoken_losses(sheet: Sheet) -> list[str]:
    lost, years = len(sheet.gone_drawn), years_lost(sheet)
    if sheet.changes:
        opened = sum(len(layer.drawn) for layer in sheet.would_open)
        told = ((lost, "would close"), (opened, "would open"))
        return [f"{count:,} that {what}" for count, what in told if count]
    when = f" ({years[0]} to {years[-1]}" if len(years) > 1 else f" ({years[0]}" if years else ""
    undated = int((sheet.gone_drawn["closed_on"].map(year_of) == "").sum())
    some = f", and {undated:,} in a year not known" if undated else ""
    return [f"{lost:,} lost{f'{when}{some})' if when else ''}"] if lost else []


def _spoken_panels(sheet: Sheet, where: str) -> str:
    years = and_words([str(panel.year) for panel in sheet.panels])
    maps = opening(number_word(len(sheet.panels)))
    return f"{maps} small maps of {where} show what had closed by the end of {years}"


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
