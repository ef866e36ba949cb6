"""Conformed rows -> trusted rows and issues: the only room that makes the trusted types of new rows.

Every row of the source is counted once: stored, set aside by a stated rule, or dropped with an issue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import space, values
from assetmap.agreeing import notice_far_from_postcode
from assetmap.bench import (
    Bench,
    drop_repeated_rows,
    drop_unplaced,
    finish,
    leave_out_of_range,
    mend_shapes,
    refuse_outside,
    set_aside_beyond,
    shown_point,
)
from assetmap.conform import Conformed, Context
from assetmap.details import details_json
from assetmap.dwellings import count_homes
from assetmap.errors import SourceError
from assetmap.ground import Ground
from assetmap.heights import settle_corners, settle_heights
from assetmap.layers import Layer
from assetmap.rowvalues import mapped
from assetmap.settling import blur, drop_mapped_twice, notice_names, settle_kind, settle_name, settle_status
from assetmap.sources import Source
from assetmap.tables import (
    AREA_COLUMNS,
    ASSET_COLUMNS,
    FIGURE_COLUMNS,
    HEIGHT_COLUMNS,
    ISSUE_COLUMNS,
    LOCATOR_COLUMNS,
    STREET_COLUMNS,
    Areas,
    Assets,
    Figures,
    Heights,
    Issue,
    Issues,
    Locators,
    Streets,
)

SAME_KIND_LISTED: Final = 50
"""Where more rows than this were put right in the same way, one issue speaks for them all."""

STREETS_BEYOND_M: Final = 2_000.0
"""Streets and postcodes this far outside the place are kept: walks and registers do not stop at its border."""

HOURS_IN_A_WEEK: Final = 168

Rows = Areas | Assets | Streets | Locators | Figures | Heights


@dataclass(frozen=True)
class Checked:
    """A source after the checks.

    Attributes
    ----------
    rows
        What is to be stored, of the type its layer holds.
    issues
        Everything that was wrong, put right or noted.
    rows_in, stored, dropped
        Counts of rows; ``rows_in = stored + sum(set_aside) + dropped``.
    set_aside
        Each rule's words and how many rows it set aside.
    """

    rows: Rows
    issues: Issues
    rows_in: int
    stored: int
    dropped: int
    set_aside: Mapping[str, int]


def check(conformed: Conformed, source: Source, layer: Layer, context: Context, ground: Ground) -> Checked:
    """Judge every conformed row of a source.

    Parameters
    ----------
    ground
        The place's neighbourhoods, to tell inside from outside. A layer of areas brings its own.

    Raises
    ------
    SourceError
        If a source of neighbourhoods does not say which column holds their codes, and which drawing they are of, or
        a source of figures does not say the drawing.
    """
    bench = Bench(
        conformed, layer, source, context, ground, conformed.frame.copy(), np.ones(len(conformed.frame), dtype=bool)
    )
    bench.issues.extend((*conformed.unreadable, *conformed.problems))
    if layer.holds != "figures":
        drop_unplaced(bench)
        mend_shapes(bench)
    rows = _JUDGES[layer.holds](bench)
    stored = int(bench.standing.sum())
    dropped = len(conformed.unreadable) + len(bench.frame) - stored - sum(bench.aside.values())
    aside = Counter(conformed.set_aside) + bench.aside
    return Checked(rows, issues_frame(_gather(bench)), conformed.rows_in, stored, dropped, dict(aside))


def issues_frame(issues: Sequence[Issue]) -> Issues:
    """Issues as a frame of :data:`assetmap.tables.ISSUE_COLUMNS`; ``row`` is Int64, the rest text."""
    frame = pd.DataFrame([asdict(issue) for issue in issues], columns=list(ISSUE_COLUMNS), dtype=object)
    frame["row"] = frame["row"].astype("Int64")
    return Issues(frame)


def _gather(bench: Bench) -> list[Issue]:
    """The issues; those of one sort about a great many rows are gathered into one, unless a row was lost."""
    counts = Counter((issue.kind, issue.field, issue.effect) for issue in bench.issues if issue.effect != "dropped")
    kept: list[Issue] = []
    said: set[tuple[str, str, str]] = set()
    for issue in bench.issues:
        sort = (issue.kind, issue.field, issue.effect)
        if issue.effect == "dropped" or counts[sort] <= SAME_KIND_LISTED:
            kept.append(issue)
        elif sort not in said:
            said.add(sort)
            words = f"{counts[sort]:,} rows, the first of them row {issue.row}: {issue.message}"
            kept.append(Issue(**{**asdict(issue), "row": None, "message": words}))
    return kept


# --- one judge for each type -----------------------------------------------------------------------------------------


def _judge_assets(bench: Bench) -> Assets:
    refuse_outside(bench)
    drop_repeated_rows(bench, " / ".join(bench.source.row_id) or "the whole row")
    settle_kind(bench)
    settle_name(bench)
    settle_status(bench)
    drop_mapped_twice(bench)
    notice_far_from_postcode(bench)
    notice_names(bench)
    frame = bench.frame
    frame["asset_id"] = bench.key + ":" + frame["row_id"].astype(str)
    frame["layer"] = bench.layer.id
    frame["contributed"] = pd.Series(0, index=frame.index, dtype="Int64")
    frame["source_row"] = frame["source_row"].astype("Int64")
    frame["area_code"] = pd.Series(bench.ground.area_codes(frame.geometry), index=frame.index, dtype=object)
    frame["details"] = details_json(frame, bench.layer.detail_fields)
    for column in ("hours_per_week", "staffed_hours_per_week"):
        frame[column] = frame[column].astype("float64") if column in frame else np.nan
        leave_out_of_range(bench, column, 0, HOURS_IN_A_WEEK)
    if bench.layer.blur_m:
        blur(frame, bench.layer.blur_m)
    return Assets(finish(bench, ASSET_COLUMNS))


def _judge_areas(bench: Bench) -> Areas:
    if not (bench.source.row_id and bench.source.geography):
        raise SourceError(
            f"{bench.key} needs 'row_id' (the column with the neighbourhoods' official codes) and 'geography' (which "
            "drawing of them it is, such as LSOA 2021)."
        )
    frame = bench.frame
    codes = frame["area_code"] = frame["row_id"].astype(object)
    _drop_strange_areas(bench)
    again = codes.where(bench.standing).duplicated().to_numpy() & bench.standing
    words = "This code stands in the file twice; the first is kept."
    bench.drop(again, "area_code", "repeated_id", lambda i: (str(codes[i]), words))
    _notice_overlaps(bench)
    for column, low, high in (("population", 0, 1_000_000), ("imd_decile", 1, 10), ("imd_rank", 1, 100_000)):
        if column in frame:
            frame[column] = frame[column].astype("Int64")
        leave_out_of_range(bench, column, low, high)
    _notice_blank(
        bench, "population", "no_population", "No population is known, so shares of people cannot be worked out here."
    )
    _notice_blank(bench, "imd_decile", "no_deprivation", "No deprivation is known here; drawn as no data.")
    names = frame["name"].astype(object)
    frame["name"] = names.where(names.notna(), codes)
    frame["geography"] = bench.source.geography
    frame["imd_edition"] = pd.Series(bench.source.imd_edition, index=frame.index, dtype="Int64")
    frame["source_row"] = frame["source_row"].astype("Int64")
    whole = finish(bench, AREA_COLUMNS)
    shapes = np.asarray(whole.geometry.array, dtype=object)
    single = shapely.get_type_id(shapes) == 3
    shapes[single] = shapely.multipolygons(shapes[single, np.newaxis]) if single.any() else shapes[single]
    return Areas(whole.set_geometry(gpd.GeoSeries(shapes, crs=space.STORED_CRS)))


def _drop_strange_areas(bench: Bench) -> None:
    """Neighbourhoods decide what is inside: one without its code, its outline or its place in England is none."""
    bench.drop(
        (bench.frame["row_id"] == "").to_numpy(),
        " / ".join(bench.source.row_id),
        "no_code",
        lambda _: ("", "A neighbourhood needs its official code, and this row has none."),
    )
    kinds = bench.frame.geometry.geom_type
    bench.drop(
        (~kinds.isin(["Polygon", "MultiPolygon"])).to_numpy(),
        "geometry",
        "not_an_area",
        lambda i: (str(kinds[i]), "A neighbourhood needs an outline; this is not one."),
    )
    west, south, east, north = space.ENGLAND_LON_LAT
    bounds = bench.frame.geometry.bounds.to_numpy()
    inside = (bounds >= (west, south, west, south)) & (bounds <= (east, north, east, north))
    words = "This outline does not lie in England: check which coordinate system the file is in."
    strange = np.asarray(~inside.all(axis=1), dtype=bool)
    bench.drop(strange, "coordinates", "outside_england", lambda i: (shown_point(bench.frame.geometry.iloc[i]), words))


def _notice_overlaps(bench: Bench) -> None:
    """Say of a neighbourhood that its middle lies in another too: a file may hold wards beside the parts of wards."""
    at = np.flatnonzero(bench.standing)
    shapes, codes = np.asarray(bench.frame.geometry.array, dtype=object)[at], bench.frame["row_id"].to_numpy()[at]
    outer, inner = shapely.STRtree(shapely.point_on_surface(shapes)).query(shapes, predicate="contains")
    others = {
        int(at[inside]): str(codes[around]) for around, inside in zip(outer, inner, strict=True) if around != inside
    }
    words = (
        "Its middle lies in the neighbourhood {} too, so that people and places there are in both. Leave one drawing "
        "of neighbourhoods in the file, or choose one with 'keep'."
    )
    overlaps = np.zeros(len(bench.frame), dtype=bool)
    overlaps[list(others)] = True
    bench.note(
        overlaps, "geometry", "overlapping_outline", "noted",
        lambda i: (str(bench.frame["row_id"][i]), words.format(others[i])),
    )  # fmt: skip


def _notice_blank(bench: Bench, column: str, kind: str, words: str) -> None:
    if column in bench.frame:
        blank = bench.frame[column].isna().to_numpy()
        bench.note(blank, column, kind, "noted", lambda i: (str(bench.frame["row_id"][i]), words))


def _judge_streets(bench: Bench) -> Streets:
    frame = bench.frame
    types = frame.geometry.geom_type
    bench.drop(
        (~types.isin(["LineString", "MultiLineString"])).to_numpy(),
        "geometry",
        "not_a_street",
        lambda i: (str(types[i]), "A street needs a line; this is not one."),
    )
    set_aside_beyond(bench, STREETS_BEYOND_M)
    drop_repeated_rows(bench, " / ".join(bench.source.row_id) or "the whole row")
    kinds = frame["kind"].astype(object)
    frame["kind"] = kinds.where(kinds.isin(list(bench.layer.kinds)), "other")
    frame["details"] = details_json(frame, bench.layer.detail_fields)
    frame["street_id"] = bench.key + ":" + frame["row_id"].astype(str)
    frame["source_row"] = frame["source_row"].astype("Int64")
    return Streets(finish(bench, STREET_COLUMNS))


def _judge_locators(bench: Bench) -> Locators:
    set_aside_beyond(bench, STREETS_BEYOND_M)
    if bench.layer.sizes is not None:
        count_homes(bench, bench.layer.sizes)
        drop_repeated_rows(bench, " / ".join(bench.source.row_id) or "the whole row")
        bench.frame["reference"] = bench.frame["row_id"]
    else:
        _settle_references(bench)
    frame = bench.frame
    points = shapely.point_on_surface(np.asarray(frame.geometry.array, dtype=object))
    frame = bench.frame = frame.set_geometry(gpd.GeoSeries(points, crs=space.STORED_CRS, index=frame.index))
    frame["scheme"] = bench.layer.scheme
    frame["accuracy_m"] = frame["location_accuracy_m"]
    frame["locator_id"] = bench.key + ":" + frame["row_id"].astype(str)
    frame["area_code"] = pd.Series(bench.ground.area_codes(frame.geometry), index=frame.index, dtype=object)
    frame["source_row"] = frame["source_row"].astype("Int64")
    frame["details"] = details_json(frame, bench.layer.detail_fields)
    return Locators(finish(bench, LOCATOR_COLUMNS))


def _settle_references(bench: Bench) -> None:
    """Postcodes and property numbers as they are written everywhere, each once."""
    frame = bench.frame
    scheme = str(bench.layer.scheme)
    given = frame["reference"].astype(object)
    tidy = mapped(given, lambda text: _reference(scheme, str(text)) if text else None)
    bench.drop(
        tidy.isna().to_numpy(),
        "reference",
        f"not_a_{scheme}",
        lambda i: (str(given[i] or ""), _NOT_A_REFERENCE[scheme]),
    )
    frame["reference"] = frame["row_id"] = tidy
    again = tidy.where(bench.standing, None)
    repeated = again.notna().to_numpy() & again.duplicated().to_numpy()
    bench.aside.update({"the same reference again": int(repeated.sum())} if repeated.any() else {})
    bench.standing &= ~repeated


_NOT_A_REFERENCE: Final[Mapping[str, str]] = {
    "postcode": "This is not a full postcode, such as M31 4FA, so the row is left out.",
    "uprn": "This is no Unique Property Reference Number (up to 12 figures), so the row is left out.",
}


def _reference(scheme: str, text: str) -> str | None:
    if scheme == "uprn":
        return values.uprn(text)
    found = values.postcodes_in(text)
    return found[0] if found else None


_NO_CODE: Final = "A row of figures needs the official code of the area it is about, and this one has none."


def _judge_figures(bench: Bench) -> Figures:
    if not bench.source.geography:
        raise SourceError(
            f"{bench.key} needs 'geography': of which drawing of the areas its codes are, such as LSOA 2021."
        )
    frame = bench.frame
    codes = frame["code"].astype(object)
    bench.drop(codes.isna().to_numpy(), "code", "no_code", lambda _: ("", _NO_CODE))
    if bench.layer.codes_repeat:
        drop_repeated_rows(bench, " / ".join(bench.source.row_id) or "the whole row")
    else:
        again = codes.where(bench.standing).duplicated().to_numpy() & bench.standing
        words = "This code stands in the file twice; the first is kept."
        bench.drop(again, "code", "repeated_id", lambda i: (str(codes[i]), words))
    frame["layer"] = bench.layer.id
    frame["geography"] = bench.source.geography
    frame["edition"] = pd.Series(bench.source.edition, index=frame.index, dtype="Int64")
    frame["figure_id"] = bench.key + ":" + frame["row_id"].astype(str)
    frame["source_row"] = frame["source_row"].astype("Int64")
    frame["details"] = details_json(frame, bench.layer.detail_fields)
    return Figures(pd.DataFrame(finish(bench, FIGURE_COLUMNS)))


def _judge_heights(bench: Bench) -> Heights:
    set_aside_beyond(bench, STREETS_BEYOND_M)
    settle_corners(bench)
    settle_heights(bench)
    frame = bench.frame
    frame["height_id"] = bench.key + ":" + frame["row_id"]
    frame["source_row"] = frame["source_row"].astype("Int64")
    return Heights(pd.DataFrame(finish(bench, HEIGHT_COLUMNS)))


_JUDGES: Final[Mapping[str, Callable[[Bench], Rows]]] = {
    "areas": _judge_areas,
    "assets": _judge_assets,
    "streets": _judge_streets,
    "locators": _judge_locators,
    "figures": _judge_figures,
    "heights": _judge_heights,
}
