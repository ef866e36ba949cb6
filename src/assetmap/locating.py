"""Where a row is: its own coordinates, else its UPRN, else its postcode; and in what system undeclared numbers are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from assetmap import space, values
from assetmap.space import Floats
from assetmap.tables import Locators

Flags = npt.NDArray[np.bool_]


class Fit(NamedTuple):
    """A way in which two numbers can be coordinates: their system, and whether they stand the wrong way round."""

    crs: str
    words: str
    box: tuple[float, float, float, float]
    swapped: bool


_DEGREES: Final = (space.STORED_CRS, "longitude and latitude", space.ENGLAND_LON_LAT)
_GRID: Final = (space.MEASURED_CRS, "eastings and northings", space.ENGLAND_GRID_M)
_MERCATOR: Final = (space.WEB_MERCATOR_CRS, "web Mercator metres", space.ENGLAND_MERCATOR_M)
_COMMA_NUMBER: Final = r"[+-]?\d{1,3},\d+"
_THOUSANDS: Final = r"[+-]?\d{1,3},\d{3}"
_SYSTEMS: Final = (_DEGREES, _GRID, _MERCATOR)


@dataclass(frozen=True)
class Located:
    """What was found out about where each of ``n`` rows is.

    Attributes
    ----------
    lon, lat
        Degrees (EPSG:4326); NaN where the row is not located.
    by
        How: ``coordinates``, ``uprn``, ``postcode``; ``None`` where it is not.
    accuracy_m
        How far off it may be, in metres.
    note
        What was put right, in plain words; empty where nothing was.
    fault
        ``(field, value, kind, message)`` where there is something to say; ``None`` elsewhere.
    """

    lon: Floats
    lat: Floats
    by: npt.NDArray[np.object_]
    accuracy_m: Floats
    note: npt.NDArray[np.object_]
    fault: npt.NDArray[np.object_]

    @classmethod
    def nowhere(cls, n: int) -> Located:
        """``n`` rows of which nothing is known yet."""
        return cls(
            np.full(n, np.nan),
            np.full(n, np.nan),
            np.full(n, None, dtype=object),
            np.full(n, np.nan),
            np.full(n, "", dtype=object),
            np.full(n, None, dtype=object),
        )

    def take(self, other: Located, which: Flags) -> None:
        """Take over what another knows of some rows."""
        for name in ("lon", "lat", "by", "accuracy_m", "note", "fault"):
            getattr(self, name)[which] = getattr(other, name)[which]

    @property
    def found(self) -> Flags:
        """Which rows are located."""
        return np.isfinite(self.lon)


def fits(crs: str | None, degrees_box: tuple[float, float, float, float] | None) -> list[Fit]:
    """The systems to try, best first: the declared one, then those whose range the numbers may show.

    Northings and eastings of the same size cannot be told apart by England's range alone, so each system is first
    tried with the place's own box (``degrees_box``: west, south, east, north in degrees) where one is known.
    """
    order = list(_SYSTEMS)
    if crs is not None:
        declared = space.parse_crs(crs)
        order.sort(key=lambda system: space.parse_crs(system[0]) != declared)
        if space.parse_crs(order[0][0]) != declared:
            order.insert(0, (crs, crs, _box_in(crs, space.ENGLAND_LON_LAT)))
    tries = []
    if degrees_box is not None:
        tries = [(system, words, _box_in(system, degrees_box)) for system, words, _ in order]
    both = [tries, order] if tries else [order]
    return [Fit(*entry, swapped) for entries in both for entry in entries for swapped in (False, True)]


@lru_cache(maxsize=64)
def _box_in(crs: str, degrees_box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    west, south, east, north = degrees_box
    corners = gpd.GeoSeries([shapely.box(west, south, east, north).segmentize(0.1)], crs=space.STORED_CRS)
    x0, y0, x1, y1 = corners.to_crs(space.parse_crs(crs)).total_bounds
    return float(x0), float(y0), float(x1), float(y1)


def from_coordinates(
    x_text: pd.Series[str], y_text: pd.Series[str], crs: str | None, accuracy_m: float, tries: list[Fit]
) -> Located:
    """Rows located by their own coordinates.

    Parameters
    ----------
    x_text, y_text
        What the source's columns hold, row by row; blank or 0 is no coordinate.
    crs
        The declared system, for the words; ``None`` when it is found from the numbers.
    accuracy_m
        How far off such coordinates may be.
    tries
        From :func:`fits`.

    Returns
    -------
    Located
        With a fault (``not_a_number``, ``unknown_coordinates``) where the numbers cannot be used, and
        ``swapped_coordinates`` or ``other_system`` where they were put right.
    """
    located = Located.nowhere(len(x_text))
    x, y = _numbers(x_text), _numbers(y_text)
    given = (x_text != "").to_numpy() | (y_text != "").to_numpy()
    nought = (x == 0) & (y == 0)
    open_ = np.isfinite(x) & np.isfinite(y) & ~nought
    for fit in tries:
        _take(located, fit, x, y, open_, crs, accuracy_m)
    unread = given & ~nought & ~located.found
    for index in np.flatnonzero(unread):
        shown = f"{x_text.iloc[index]}, {y_text.iloc[index]}"
        is_number = bool(np.isfinite(x[index]) and np.isfinite(y[index]))
        located.fault[index] = _unusable(shown, is_number)
    return located


def rows_inside(x_text: pd.Series[str], y_text: pd.Series[str], tries: list[Fit]) -> int:
    """How many rows have two numbers that one of the systems to try can place."""
    x, y = _numbers(x_text), _numbers(y_text)
    inside = np.zeros(len(x), dtype=bool)
    for fit in tries:
        inside |= _lies_in(fit, x, y)
    return int(inside.sum())


def _lies_in(fit: Fit, x: Floats, y: Floats) -> Flags:
    east, north = (y, x) if fit.swapped else (x, y)
    west, south, right, top = fit.box
    return (east >= west) & (east <= right) & (north >= south) & (north <= top)


def _take(located: Located, fit: Fit, x: Floats, y: Floats, open_: Flags, crs: str | None, accuracy_m: float) -> None:
    east, north = (y, x) if fit.swapped else (x, y)
    inside = open_ & ~located.found & _lies_in(fit, x, y)
    if not inside.any():
        return
    located.lon[inside], located.lat[inside] = space.points_to_stored(east[inside], north[inside], fit.crs)
    located.by[inside] = "coordinates"
    located.accuracy_m[inside] = accuracy_m
    note, fault = what_was_put_right(fit, crs)
    located.note[inside] = note
    if fault is None:
        return
    for index in np.flatnonzero(inside):
        located.fault[index] = ("coordinates", f"{x[index]:.10g}, {y[index]:.10g}", *fault)


def what_was_put_right(fit: Fit, crs: str | None) -> tuple[str, tuple[str, str] | None]:
    """The note on rows placed in one way of reading; the kind and words of an issue where that is not as declared."""
    if fit.swapped:
        note = f"X and Y stood the wrong way round; read as {fit.words}"
        return note, ("swapped_coordinates", f"{note}. Put right here; the publisher can put it right at the source.")
    if crs is None:
        return f"read as {fit.words}, from the range of the numbers", None
    if space.parse_crs(crs) != space.parse_crs(fit.crs):
        note = f"the file says {crs} but the numbers are {fit.words}"
        return note, ("other_system", f"{note[0].upper()}{note[1:]}; read as those.")
    return "", None


def _unusable(shown: str, is_number: bool) -> tuple[str, str, str, str]:
    if is_number:
        message = (
            f"The coordinates {shown} lie nowhere in England in any system a register here uses. "
            "Check them, or give a postcode."
        )
        return ("coordinates", shown, "unknown_coordinates", message)
    message = f"The coordinates {shown!r} are not two numbers. Write them as figures, or leave both blank."
    return ("coordinates", shown, "not_a_number", message)


def _with_points(text: pd.Series[str]) -> pd.Series[str]:
    """Decimal commas as points, where a column has any that cannot stand between thousands (``53,80123``)."""
    commas = text.str.fullmatch(_COMMA_NUMBER).to_numpy(dtype=bool)
    if not commas.any() or text[commas].str.fullmatch(_THOUSANDS).all():
        return text
    return text.where(~commas, text.str.replace(",", ".", regex=False))


def _numbers(text: pd.Series[str]) -> Floats:
    text = _with_points(text)
    fast = pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64, copy=True)
    slow = np.flatnonzero(~np.isfinite(fast) & (text != "").to_numpy())
    for index in slow:
        value = values.number(str(text.iloc[index]))
        fast[index] = np.nan if value is None else value
    return fast


def by_reference(
    located: Located, references: pd.Series[str], locators: Locators | None, scheme: str
) -> npt.NDArray[np.object_]:
    """Locate the rows that have no place yet by a reference; returns which references are known (bool objects).

    Parameters
    ----------
    located
        Changed in place, for rows not yet located.
    references
        UPRN or postcode of each row in its standard form, blank where there is none.
    """
    table = points_by_reference(locators, scheme)
    known = references.isin(table.index).to_numpy()
    take = known & ~located.found
    if take.any():
        rows = table.reindex(references[take].to_numpy())
        located.lon[take], located.lat[take] = rows["lon"].to_numpy(), rows["lat"].to_numpy()
        located.accuracy_m[take] = rows["accuracy_m"].to_numpy()
        located.by[take] = scheme
        located.note[take] = _REFERENCE_NOTE[scheme]
    return known.astype(object)


_REFERENCE_NOTE: Final[Mapping[str, str]] = {
    "postcode": "no coordinates of its own; placed at the middle of its postcode",
    "uprn": "no coordinates of its own; placed at its property number",
}


def points_by_reference(locators: Locators | None, scheme: str) -> pd.DataFrame:
    """Each reference of a scheme with its ``lon``, ``lat`` (degrees) and ``accuracy_m``, the finest that is known."""
    if locators is None or locators.empty:
        return pd.DataFrame({"lon": [], "lat": [], "accuracy_m": []}, index=pd.Index([], dtype=object))
    ours = locators[locators["scheme"] == scheme]
    frame = pd.DataFrame(
        {"lon": ours.geometry.x.to_numpy(), "lat": ours.geometry.y.to_numpy(), "accuracy_m": ours["accuracy_m"]},
    ).set_index(ours["reference"].to_numpy())
    # where two files place the same postcode, the finer of them is used
    frame = frame.sort_values("accuracy_m", kind="stable")
    return frame[~frame.index.duplicated()]
