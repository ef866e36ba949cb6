"""Conformed rows -> trusted rows and issues: the only room that makes the trusted types of new rows.

Every row of the source is counted once: stored, set aside by a stated rule, or dropped with an issue.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from assetmap import space, values
from assetmap.conform import Conformed, Context, details_json
from assetmap.errors import SourceError
from assetmap.ground import Ground
from assetmap.layers import Layer
from assetmap.locating import Flags
from assetmap.places import Source
from assetmap.rowvalues import blank_column, mapped
from assetmap.tables import (
    AREA_COLUMNS,
    ASSET_COLUMNS,
    HAPPENINGS,
    ISSUE_COLUMNS,
    LOCATOR_COLUMNS,
    STATUSES,
    STREET_COLUMNS,
    Areas,
    Assets,
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

LONGEST_NAME: Final = 300
"""A longer name is kept, and noticed: it is often two rows or columns run together."""

_GARBLED: Final = "\u00c3[\u0080-\u00bf\u0192\u201a\u00a9]|\u00e2\u20ac|\u00c2[\u00a0-\u00bf]|\ufffd"
"""What UTF-8 looks like when it was read as Windows-1252, and the mark of a character that was lost."""

Rows = Areas | Assets | Streets | Locators


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


@dataclass
class _Bench:
    """A source on the bench: its frame, which rows still stand, and what has been said of the others."""

    conformed: Conformed
    layer: Layer
    source: Source
    context: Context
    ground: Ground
    frame: gpd.GeoDataFrame
    standing: Flags
    issues: list[Issue] = field(default_factory=list)
    aside: Counter[str] = field(default_factory=Counter)

    @property
    def key(self) -> str:
        return self.conformed.reporter.source

    def drop(self, out: Flags, field_: str, kind: str, message: Callable[[int], tuple[str, str]]) -> None:
        """Drop standing rows, each with its issue; ``message`` gives the value shown and the words."""
        for index in np.flatnonzero(out & self.standing):
            value, words = message(int(index))
            tell = self.conformed.reporter.about_location if field_ == "coordinates" else self.conformed.reporter.about
            self.issues.append(tell(int(index), field_, value, kind, "dropped", words))
        self.standing &= ~out

    def note(self, at: Flags, field_: str, kind: str, effect: str, message: Callable[[int], tuple[str, str]]) -> None:
        """Say something of standing rows that stay."""
        for index in np.flatnonzero(at & self.standing):
            value, words = message(int(index))
            self.issues.append(self.conformed.reporter.about(int(index), field_, value, kind, effect, words))


def check(conformed: Conformed, source: Source, layer: Layer, context: Context, ground: Ground) -> Checked:
    """Judge every conformed row of a source.

    Parameters
    ----------
    ground
        The place's neighbourhoods, to tell inside from outside. A layer of areas brings its own.

    Raises
    ------
    SourceError
        If a source of neighbourhoods does not say which column holds their codes, and which drawing they are of.
    """
    bench = _Bench(
        conformed, layer, source, context, ground, conformed.frame.copy(), np.ones(len(conformed.frame), dtype=bool)
    )
    bench.issues.extend((*conformed.unreadable, *conformed.problems))
    _drop_unplaced(bench)
    _mend_shapes(bench)
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


def _gather(bench: _Bench) -> list[Issue]:
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


# --- shapes ----------------------------------------------------------------------------------------------------------


def _drop_unplaced(bench: _Bench) -> None:
    for index, issue in bench.conformed.unplaced.items():
        bench.issues.append(issue)
        bench.standing[index] = False


def _mend_shapes(bench: _Bench) -> None:
    flat = np.array(bench.frame.geometry.array, dtype=object)
    if (shapely.get_coordinate_dimension(flat) > 2).any():
        flat = shapely.force_2d(flat)
    broken = bench.standing & ~shapely.is_valid(flat) & ~shapely.is_missing(flat)
    if broken.any():
        reasons = shapely.is_valid_reason(flat[broken])
        flat[broken] = [_mended(shape) for shape in flat[broken]]
        why = dict(zip(np.flatnonzero(broken).tolist(), reasons.tolist(), strict=True))
        empty = broken & shapely.is_empty(flat)
        bench.drop(empty, "geometry", "broken_outline", lambda i: (why[i], f"The outline cannot be mended: {why[i]}."))
        bench.note(
            broken & ~empty,
            "geometry",
            "broken_outline",
            "put_right",
            lambda i: (why[i], f"The outline crossed or touched itself ({why[i]}) and was mended."),
        )
    infinite = bench.standing & ~np.isfinite(shapely.bounds(flat)).all(axis=1)
    bench.drop(infinite, "geometry", "no_location", lambda _: ("", "The shape is empty or has no finite coordinates."))
    bench.frame = bench.frame.set_geometry(gpd.GeoSeries(flat, index=bench.frame.index, crs=space.STORED_CRS))


def _mended(shape: shapely.Geometry) -> shapely.Geometry:
    mended = shapely.make_valid(shape)
    if shapely.get_dimensions(shape) < 2 or shapely.get_num_geometries(mended) == 1:
        return mended
    parts = shapely.get_parts(mended)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def _inside(bench: _Bench, margin_m: float) -> Flags:
    """Which rows lie within the place or this many metres of it; the rest are set aside with the rule's words."""
    outside_m = bench.ground.metres_outside(bench.frame.geometry)
    return np.asarray(np.nan_to_num(outside_m, nan=np.inf) <= margin_m, dtype=bool)


def beyond_words(margin_m: float) -> str:
    """The rule by which streets, postcodes and property numbers far outside a place are set aside."""
    return f"more than {margin_m / 1000:g} km outside the place"


def _set_aside_beyond(bench: _Bench, margin_m: float) -> None:
    out = bench.standing & ~_inside(bench, margin_m)
    if out.any():
        bench.aside[beyond_words(margin_m)] += int(out.sum())
    bench.standing &= ~out


def _refuse_outside(bench: _Bench) -> None:
    margin_m = bench.context.place.margin_m if bench.source.margin_m is None else bench.source.margin_m
    outside_m = bench.ground.metres_outside(bench.frame.geometry)
    name = bench.context.place.name
    bench.drop(
        np.asarray(np.nan_to_num(outside_m) > margin_m, dtype=bool),
        "coordinates",
        "outside_place",
        lambda i: (
            _shown_point(bench.frame.geometry.iloc[i]),
            f"It lies {_distance_words(outside_m[i])} outside {name}, so it is not counted here. "
            "If it belongs here, its location is wrong at the source.",
        ),
    )


def _shown_point(shape: shapely.Geometry) -> str:
    point = shapely.point_on_surface(shape)
    return f"{shapely.get_x(point):.5f}, {shapely.get_y(point):.5f}"


def _distance_words(metres: float) -> str:
    if np.isinf(metres):
        return "thousands of kilometres"
    return f"{metres:,.0f} m" if metres < 1_000 else f"{metres / 1_000:,.1f} km"


def _drop_repeated_rows(bench: _Bench, id_name: str) -> None:
    """Row ids become unique: an identical row is dropped, a different row under the same id gets a number."""
    ids = bench.frame["row_id"].astype(object)
    same = np.zeros(len(ids), dtype=bool)
    shared = np.flatnonzero(ids.duplicated(keep=False).to_numpy())
    seen: set[tuple[str, ...]] = set()
    rows = bench.frame.drop(columns="source_row").iloc[shared]
    for index, row in zip(shared, rows.itertuples(index=False, name=None), strict=True):
        content = tuple(str(value) for value in row)
        same[index] = content in seen
        seen.add(content)
    words = "The same row stands in the file before; it is counted once."
    bench.drop(same, id_name, "repeated_row", lambda i: (str(ids.iloc[i]), words))
    again = ids[bench.standing].groupby(ids[bench.standing]).cumcount().reindex(ids.index, fill_value=0)
    numbered = _numbered(ids, again)
    bench.note(
        (again > 0).to_numpy(),
        id_name,
        "repeated_id",
        "noted",
        lambda i: (
            str(ids.iloc[i]),
            f"{ids.iloc[i]!r} names another row too; both are kept, this one as {numbered.iloc[i]!r}.",
        ),
    )
    bench.frame["row_id"] = numbered


def _numbered(ids: pd.Series, again: pd.Series) -> pd.Series:
    """``A``, ``A#2``, ``A#3`` for an id that stands more than once; a row truly called ``A#2`` keeps its name."""
    taken = set(ids)
    numbered = ids.tolist()
    for index in np.flatnonzero(again.to_numpy() > 0):
        number = int(again.iloc[index]) + 1
        while f"{ids.iloc[index]}#{number}" in taken:
            number += 1
        numbered[index] = f"{ids.iloc[index]}#{number}"
        taken.add(numbered[index])
    return pd.Series(numbered, index=ids.index, dtype=object)


def _finish(bench: _Bench, columns: Sequence[str]) -> gpd.GeoDataFrame:
    bench.frame["source"] = bench.key
    bench.frame["place_id"] = bench.context.place.id
    for column in columns:
        if column not in bench.frame.columns:
            bench.frame[column] = blank_column(bench.frame.index)
    return bench.frame.loc[bench.standing, list(columns)].reset_index(drop=True)


# --- one judge for each type -----------------------------------------------------------------------------------------


def _judge_assets(bench: _Bench) -> Assets:
    _refuse_outside(bench)
    _drop_repeated_rows(bench, " / ".join(bench.source.row_id) or "the whole row")
    _settle_kind(bench)
    _settle_name(bench)
    _settle_status(bench)
    _notice_names(bench)
    frame = bench.frame
    frame["asset_id"] = bench.key + ":" + frame["row_id"].astype(str)
    frame["layer"] = bench.layer.id
    frame["contributed"] = pd.Series(0, index=frame.index, dtype="Int64")
    frame["source_row"] = frame["source_row"].astype("Int64")
    frame["area_code"] = pd.Series(bench.ground.area_codes(frame.geometry), index=frame.index, dtype=object)
    frame["details"] = details_json(frame, bench.layer.detail_fields)
    for column in ("hours_per_week", "staffed_hours_per_week"):
        frame[column] = frame[column].astype("float64") if column in frame else np.nan
        _check_range(bench, column, 0, HOURS_IN_A_WEEK)
    if bench.layer.blur_m:
        _blur(frame, bench.layer.blur_m)
    return Assets(_finish(bench, ASSET_COLUMNS))


def _settle_kind(bench: _Bench) -> None:
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


def _settle_name(bench: _Bench) -> None:
    names = bench.frame["name"].astype(object)
    blank = names.isna().to_numpy() | (names.fillna("").str.strip() == "").to_numpy()
    titles = mapped(bench.frame["kind"], lambda kind: f"{bench.layer.kind_title(kind)} (no name given)")
    bench.frame["name"] = names.where(~blank, titles)


def _settle_status(bench: _Bench) -> None:
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


def _notice_openings(bench: _Bench) -> None:
    if "opened_on" not in bench.frame:
        return
    opened_on = bench.frame["opened_on"]
    to_come = mapped(opened_on, lambda date: bool(date) and str(date) > bench.context.today).astype(bool).to_numpy()
    words = "It is said to open on a date still to come, but is counted as it stands in the register. Check the date."
    bench.note(to_come, "opened_on", "opens_later", "noted", lambda i: (str(opened_on[i]), words))


def _notice_dates(bench: _Bench, closed_on: pd.Series, planned: pd.Series, gone_by: pd.Series) -> None:
    words = "It is said to be closed, but on a date still to come: counted as open until then. Check the date."
    bench.note(planned.to_numpy(), "closed_on", "closes_later", "noted", lambda i: (str(closed_on[i]), words))
    doubt = "It is said to be open, but its closing date is past. It is counted as open: one of the two is wrong."
    bench.note(gone_by.to_numpy(), "closed_on", "open_or_closed", "noted", lambda i: (str(closed_on[i]), doubt))


def _status_when_unsaid(happened: object) -> str:
    # a register lists what there is; only one that speaks of a break says that a thing is shut for now
    return "paused" if happened == "temporary" else "open"


def _check_dates(bench: _Bench) -> None:
    frame = bench.frame
    if "opened_on" not in frame or "closed_on" not in frame:
        return
    backwards = np.array(
        [
            bool(opened) and bool(closed) and str(closed)[:4] < str(opened)[:4]
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


def _notice_names(bench: _Bench) -> None:
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


def _blur(frame: gpd.GeoDataFrame, grid_m: float) -> None:
    """Round positions to the middle of a grid square (EPSG:27700), because a row may be somebody's home."""
    if not len(frame):
        return
    spots = frame.geometry.representative_point()
    lon, lat = space.grid_middles(np.asarray(spots.x, np.float64), np.asarray(spots.y, np.float64), grid_m)
    frame["geometry"] = gpd.GeoSeries(space.stored_points(lon, lat), index=frame.index, crs=space.STORED_CRS)
    frame["location_accuracy_m"] = np.maximum(frame["location_accuracy_m"].fillna(0.0), grid_m)
    frame["location_note"] = f"shown to the nearest {grid_m:.0f} m only, because it may be a home"


def _judge_areas(bench: _Bench) -> Areas:
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
    for column, low, high in (("population", 0, 1_000_000), ("imd_decile", 1, 10), ("imd_rank", 1, 100_000)):
        if column in frame:
            frame[column] = frame[column].astype("Int64")
        _check_range(bench, column, low, high)
    _notice_blank(
        bench, "population", "no_population", "No population is known, so shares of people cannot be worked out here."
    )
    _notice_blank(bench, "imd_decile", "no_deprivation", "No deprivation is known here; drawn as no data.")
    names = frame["name"].astype(object)
    frame["name"] = names.where(names.notna(), codes)
    frame["geography"] = bench.source.geography
    frame["imd_edition"] = pd.Series(bench.source.imd_edition, index=frame.index, dtype="Int64")
    frame["source_row"] = frame["source_row"].astype("Int64")
    whole = _finish(bench, AREA_COLUMNS)
    shapes = np.asarray(whole.geometry.array, dtype=object)
    single = shapely.get_type_id(shapes) == 3
    shapes[single] = shapely.multipolygons(shapes[single, np.newaxis]) if single.any() else shapes[single]
    return Areas(whole.set_geometry(gpd.GeoSeries(shapes, crs=space.STORED_CRS)))


def _drop_strange_areas(bench: _Bench) -> None:
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
    bench.drop(strange, "coordinates", "outside_england", lambda i: (_shown_point(bench.frame.geometry.iloc[i]), words))


def _check_range(bench: _Bench, column: str, low: float, high: float) -> None:
    if column not in bench.frame:
        return
    numbers = bench.frame[column]
    out = ((numbers < low) | (numbers > high)).fillna(False).to_numpy(dtype=bool)
    words = f"This must lie between {low:,} and {high:,}; it is left out."
    bench.note(out, column, "out_of_range", "noted", lambda i: (str(numbers[i]), words))
    bench.frame[column] = numbers.mask(out)


def _notice_blank(bench: _Bench, column: str, kind: str, words: str) -> None:
    if column in bench.frame:
        blank = bench.frame[column].isna().to_numpy()
        bench.note(blank, column, kind, "noted", lambda i: (str(bench.frame["row_id"][i]), words))


def _judge_streets(bench: _Bench) -> Streets:
    frame = bench.frame
    types = frame.geometry.geom_type
    bench.drop(
        (~types.isin(["LineString", "MultiLineString"])).to_numpy(),
        "geometry",
        "not_a_street",
        lambda i: (str(types[i]), "A street needs a line; this is not one."),
    )
    _set_aside_beyond(bench, STREETS_BEYOND_M)
    _drop_repeated_rows(bench, " / ".join(bench.source.row_id) or "the whole row")
    kinds = frame["kind"].astype(object)
    frame["kind"] = kinds.where(kinds.isin(list(bench.layer.kinds)), "other")
    frame["street_id"] = bench.key + ":" + frame["row_id"].astype(str)
    frame["source_row"] = frame["source_row"].astype("Int64")
    return Streets(_finish(bench, STREET_COLUMNS))


def _judge_locators(bench: _Bench) -> Locators:
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
    _set_aside_beyond(bench, STREETS_BEYOND_M)
    again = tidy.where(bench.standing, None)
    repeated = again.notna().to_numpy() & again.duplicated().to_numpy()
    bench.aside.update({"the same reference again": int(repeated.sum())} if repeated.any() else {})
    bench.standing &= ~repeated
    frame["scheme"] = scheme
    frame["accuracy_m"] = frame["location_accuracy_m"]
    frame["locator_id"] = bench.key + ":" + frame["row_id"].astype(str)
    frame["area_code"] = pd.Series(bench.ground.area_codes(frame.geometry), index=frame.index, dtype=object)
    frame["source_row"] = frame["source_row"].astype("Int64")
    return Locators(_finish(bench, LOCATOR_COLUMNS))


_NOT_A_REFERENCE: Final[Mapping[str, str]] = {
    "postcode": "This is not a full postcode, such as M31 4FA, so the row is left out.",
    "uprn": "This is no Unique Property Reference Number (up to 12 figures), so the row is left out.",
}


def _reference(scheme: str, text: str) -> str | None:
    if scheme == "uprn":
        return values.uprn(text)
    found = values.postcodes_in(text)
    return found[0] if found else None


_JUDGES: Final[Mapping[str, Callable[[_Bench], Rows]]] = {
    "areas": _judge_areas,
    "assets": _judge_assets,
    "streets": _judge_streets,
    "locators": _judge_locators,
}
