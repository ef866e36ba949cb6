"""What a row of a register leaves open, settled: its kind, name, status and dates made to agree, each change said."""

from __future__ import annotations

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import space
from assetmap.bench import Bench
from assetmap.rowvalues import blank_column, mapped
from assetmap.tables import HAPPENINGS, NAMELESS, STATUSES

LONGEST_NAME: Final = 300
"""A longer name is kept, and noticed: it is often two rows or columns run together."""

_GARBLED: Final = "\u00c3[\u0080-\u00bf\u0192\u201a\u00a9]|\u00e2\u20ac|\u00c2[\u00a0-\u00bf]|\ufffd"
"""What UTF-8 looks like when it was read as Windows-1252, and the mark of a character that was lost."""


def settle_kind(bench: Bench) -> None:
    """Every row gets a kind of its layer; a word that is none is said, and the row kept under Other."""
    kinds = bench.layer.kinds
    spelt = {word.casefold(): kind for kind, spec in kinds.items() for word in (kind, spec.title, spec.plural)}
    spelt |= {kind.replace("_", " "): kind for kind in kinds}
    given = bench.frame["kind"].astype(object) if "kind" in bench.frame else blank_column(bench.frame.index)
    only = next(iter(kinds)) if len(kinds) == 1 else None
    settled = mapped(given, lambda word: spelt.get(str(word).casefold()) if word else only)
    strange = settled.isna().to_numpy()
    said = strange & given.notna().to_numpy()
    bench.note(
        said,
        "kind",
        "unknown_kind",
        "noted",
        lambda i: (
            str(given[i]),
            f"{given[i]!r} is no kind of {bench.layer.title.lower()} known here; kept under Other.",
        ),
    )
    bench.frame["kind"] = settled.where(~strange, "other")


def settle_name(bench: Bench) -> None:
    """A row without a name is called by its address, and one without either by its kind."""
    frame = bench.frame
    names = frame["name"].astype(object)
    names = names.where(names.fillna("").str.strip() != "", None)
    if "address" in frame:
        names = names.where(names.notna(), frame["address"].astype(object))
    titles = mapped(frame["kind"], lambda kind: bench.layer.kind_title(kind) + NAMELESS)
    frame["name"] = names.where(names.notna(), titles)


def settle_status(bench: Bench) -> None:
    """Closing date, status and what happened are made to agree; a date still to come is a plan, not a loss."""
    frame = bench.frame
    for column, allowed in (("status", STATUSES), ("what_happened", HAPPENINGS)):
        given = frame[column].astype(object) if column in frame else blank_column(frame.index)
        plain = mapped(given, lambda word: str(word).strip().casefold().replace(" ", "_") if word else None)
        strange = plain.notna() & ~plain.isin(list(allowed))
        bench.note(
            strange.to_numpy(),
            column,
            "unknown_word",
            "noted",
            lambda i, given=given, allowed=allowed: (  # type: ignore[misc]
                str(given[i]),
                f"{given[i]!r} is not one of {', '.join(allowed)}. Explain it under 'values' in the place file.",
            ),
        )
        frame[column] = plain.where(~strange, None if column == "what_happened" else "unknown").astype(object)
    closed_on = frame["closed_on"] if "closed_on" in frame else blank_column(frame.index)
    if bench.layer.tells == "lost":
        _notice_silence(bench, closed_on)
    past = mapped(closed_on, lambda date: bool(date) and str(date) <= bench.context.today).astype(bool)
    happened = frame["what_happened"]
    closed = (frame["status"] == "closed") | (happened == "closed") | (past & happened.isna() & frame["status"].isna())
    closed &= happened.isna() | (happened == "closed")
    planned = closed & closed_on.notna() & ~past
    _notice_dates(bench, closed_on, planned, (frame["status"] == "open") & happened.isna() & past)
    status = frame["status"].where(frame["status"].notna(), mapped(happened, _status_when_unsaid))
    frame["status"] = status.where(~closed, "closed").where(~planned, "open")
    happened = happened.where(~closed, "closed").where(~planned, None)
    frame["what_happened"] = mapped(happened, lambda word: word if isinstance(word, str) else None)
    _notice_openings(bench)
    _check_dates(bench)


def _notice_silence(bench: Bench, closed_on: pd.Series) -> None:
    """A row of a ledger that says neither what happened nor when is not taken for an open service."""
    frame = bench.frame
    unsaid = (frame["what_happened"].isna() & closed_on.isna() & frame["status"].isna()).to_numpy()
    given = bench.conformed.frame
    silent = unsaid & given["what_happened"].isna().to_numpy() if "what_happened" in given else unsaid
    words = (
        "This ledger says neither what happened to it nor when, so it is not counted as lost. If a column says it, "
        "name that column under 'columns' in the place file."
    )
    bench.note(silent, "what_happened", "nothing_said", "noted", lambda _: ("", words))
    frame["status"] = frame["status"].where(~unsaid, "unknown")


def _notice_openings(bench: Bench) -> None:
    if "opened_on" not in bench.frame:
        return
    opened_on = bench.frame["opened_on"]
    to_come = mapped(opened_on, lambda date: bool(date) and str(date) > bench.context.today).astype(bool).to_numpy()
    words = "It is said to open on a date still to come, but is counted as it stands in the register. Check the date."
    bench.note(to_come, "opened_on", "opens_later", "noted", lambda i: (str(opened_on[i]), words))


def _notice_dates(bench: Bench, closed_on: pd.Series, planned: pd.Series, gone_by: pd.Series) -> None:
    words = "It is said to be closed, but on a date still to come: counted as open until then. Check the date."
    bench.note(planned.to_numpy(), "closed_on", "closes_later", "noted", lambda i: (str(closed_on[i]), words))
    doubt = "It is said to be open, but its closing date is past. It is counted as open: one of the two is wrong."
    bench.note(gone_by.to_numpy(), "closed_on", "open_or_closed", "noted", lambda i: (str(closed_on[i]), doubt))


def _status_when_unsaid(happened: object) -> str:
    # a register lists what there is; only one that speaks of a break says that a thing is shut for now
    return "paused" if happened == "temporary" else "open"


def _check_dates(bench: Bench) -> None:
    frame = bench.frame
    if "opened_on" not in frame or "closed_on" not in frame:
        return
    backwards = np.array(
        [
            bool(opened) and bool(closed) and _is_before(str(closed), str(opened))
            for opened, closed in zip(frame["opened_on"], frame["closed_on"], strict=True)
        ],
        dtype=bool,
    )
    bench.note(
        backwards,
        "closed_on",
        "closed_before_opened",
        "noted",
        lambda i: (
            str(frame["closed_on"][i]),
            f"It closed before it opened ({frame['opened_on'][i]}); one of the dates is wrong.",
        ),
    )


def _is_before(one: str, other: str) -> bool:
    """Whether a date is surely before another: compared as precisely as the less precise of the two is known."""
    length = min(len(one), len(other))
    return one[:length] < other[:length]


def drop_mapped_twice(bench: Bench) -> None:
    """Drop a point inside an outline of the same kind, name and status: maps often have one thing as both.

    The outline is kept, and the issue says what only the point tells. Rows that their source does not name are not
    compared.
    """
    frame = bench.frame
    shapes = np.asarray(frame.geometry.array, dtype=object)
    names = bench.conformed.frame["name"]
    named, size = bench.standing & names.notna().to_numpy(), shapely.get_dimensions(shapes)
    points, outlines = np.flatnonzero(named & (size == 0)), np.flatnonzero(named & (size == 2))
    which, around = shapely.STRtree(shapes[outlines]).query(shapes[points], predicate="intersects")
    said = list(zip(frame["kind"], frame["status"], names.fillna("").str.casefold(), strict=True))
    pairs = zip(points[which].tolist(), outlines[around].tolist(), strict=True)
    outline_of = {point: outline for point, outline in sorted(pairs, reverse=True) if said[point] == said[outline]}
    twice = np.zeros(len(frame), dtype=bool)
    twice[list(outline_of)] = True
    bench.drop(twice, "geometry", "mapped_twice", lambda i: _mapped_twice(bench, i, outline_of[i]))


def _mapped_twice(bench: Bench, point: int, outline: int) -> tuple[str, str]:
    """What its source calls the outline that stands for a point too, and the words for it."""
    frame = bench.frame
    only = [name for name in bench.layer.fields if frame[name].notna()[point] and frame[name].isna()[outline]]
    tells = f" Only the point tells: {', '.join(only)}." if only else ""
    row = bench.conformed.reporter.row_numbers.iloc[outline]
    words = f"The same is mapped twice, as this point and as the outline around it in row {row:,}; the outline counts."
    return str(frame["row_id"].iloc[outline]), f"{words}{tells}"


def notice_names(bench: Bench) -> None:
    """Say which names look like a formula, a piece of a web page, garbled or far too long; none is changed."""
    names = bench.frame["name"].astype(str)
    formula = names.str.match(r"^[=@+\-][A-Za-z(]").to_numpy()
    markup = names.str.contains(r"<(?:[/?]?[a-zA-Z]|!)", regex=True).to_numpy()
    bench.note(
        np.asarray(formula | markup, dtype=bool),
        "name",
        "suspect_text",
        "noted",
        lambda i: (
            names[i],
            "The name looks like a formula or a piece of a web page. It is kept, and only ever shown as plain text.",
        ),
    )
    garbled = names.str.contains(_GARBLED).to_numpy()
    words = "The name looks garbled, as when a file is saved in one encoding and read in another. Ask for a clean copy."
    bench.note(np.asarray(garbled, dtype=bool), "name", "garbled_text", "noted", lambda i: (names[i], words))
    long = (names.str.len() > LONGEST_NAME).to_numpy()
    bench.note(
        np.asarray(long, dtype=bool),
        "name",
        "long_name",
        "noted",
        lambda i: (
            names[i],
            f"The name is {len(names[i]):,} letters long, and kept. Look for rows or columns that have run together.",
        ),
    )


def blur(frame: gpd.GeoDataFrame, grid_m: float) -> None:
    """Round positions to the middle of a grid square (EPSG:27700), because a row may be somebody's home."""
    if not len(frame):
        return
    spots = frame.geometry.representative_point()
    lon, lat = space.grid_middles(np.asarray(spots.x, np.float64), np.asarray(spots.y, np.float64), grid_m)
    frame["geometry"] = gpd.GeoSeries(space.stored_points(lon, lat), index=frame.index, crs=space.STORED_CRS)
    frame["location_accuracy_m"] = np.maximum(frame["location_accuracy_m"].fillna(0.0), grid_m)
    frame["location_note"] = f"shown to the nearest {grid_m:.0f} m only, because it may be a home"
