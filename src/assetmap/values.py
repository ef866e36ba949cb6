"""Text from registers -> values: dates as precise as they were written, numbers, postcodes, property numbers."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from typing import Final

POSTCODE: Final = re.compile(r"(?<![A-Z0-9])([A-Z]{1,2}[0-9][A-Z0-9]?)\s*([0-9][ABD-HJLNP-UW-Z]{2})(?![A-Z0-9])")
"""A full UK postcode anywhere in text; the last two letters are never C, I, K, M, O or V."""

_PART_OF_POSTCODE: Final = re.compile(r"^[A-Z]{1,2}[0-9][A-Z0-9]?(\s*[0-9][A-Z]?)?$")
_MONTHS: Final = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_YEAR: Final = re.compile(r"^(\d{4})(?:\.0+)?$")
_ISO: Final = re.compile(r"^(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T ].*)?$")
_SLASHED_ISO: Final = re.compile(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})(?:[T ].*)?$")
_BRITISH: Final = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{2}|\d{4})(?:[ T].*)?$")
_MONTH_YEAR: Final = re.compile(r"^([A-Za-z]{3,9})[ \-,.']*(\d{2}|\d{4})$")
_YEAR_MONTH: Final = re.compile(r"^(\d{2}|\d{4})[ \-]([A-Za-z]{3,9})$")
_DAY_MONTH_YEAR: Final = re.compile(
    r"^(?:[A-Za-z]+,? )?(\d{1,2})(?:st|nd|rd|th)?[ \-]([A-Za-z]{3,9})[ \-,]+(\d{2}|\d{4})$"
)
_MONTH_DAY_YEAR: Final = re.compile(r"^([A-Za-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$")
_MONTH_OF_YEAR: Final = re.compile(r"^(\d{1,2})/(\d{4})$")
_NUMBER: Final = re.compile(r"^[£$€]?\s*([+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][+-]?\d{1,3})?)\s*%?$")
_GRID_REFERENCE: Final = re.compile(r"([HJNOST])([A-HJ-Z])\s*(\d{2,5})[\s,]*(\d{2,5})")
_GRID_LETTERS: Final = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
_TYPESET: Final = str.maketrans("\u2212\u2013\u00a0\u2009\u202f", "--   ", "\u00b0")
"""What word processors and portals make of a minus, of the gap between thousands and of degrees."""
_GAP: Final = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
_WINDOWS_1252: Final = {
    code: bytes([code]).decode("cp1252", "ignore") or None for code in range(0x80, 0xA0) if code != 0x85
}
_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
EARLIEST_YEAR: Final = 1000
LARGEST_COUNT: Final = 1e15


def plain_header(header: str) -> str:
    """A header without case, spaces and punctuation, so that ``Site Reference`` and ``SiteReference`` are one."""
    return re.sub(r"[^a-z0-9]", "", header.lower())


def partial_date(text: str) -> str | None:
    """A date as precise as it was written, in ISO 8601: ``2013``, ``2013-03`` or ``2013-03-31``.

    Understands ``2013``, ``March 2013``, ``Mar-13``, ``2013-03-31``, ``31/03/2013``, ``31.3.13``, ``31 March 2013``,
    ``03/2013``, ``April 1, 2013``; where day and month could be either, the British order is taken, and ``11/20/2022``
    can only be the American one. A year of two figures lies within the hundred years up to ten years from now. Two
    years, such as ``2013/14``, are no date: which of them is meant is not said.

    Returns
    -------
    str or None
        ``None`` when the text is no date.
    """
    cleaned = " ".join(text.split())
    if found := _YEAR.match(cleaned):
        return _iso(int(found[1]))
    if found := _ISO.match(cleaned) or _SLASHED_ISO.match(cleaned):
        return _iso(int(found[1]), int(found[2]), int(found[3]) if found[3] else None)
    if found := _BRITISH.match(cleaned):
        return _day_first(int(found[1]), int(found[2]), _full_year(found[3]))
    if found := _MONTH_OF_YEAR.match(cleaned):
        return _iso(int(found[2]), int(found[1]))
    return _worded_date(cleaned)


def _worded_date(text: str) -> str | None:
    if found := _DAY_MONTH_YEAR.match(text):
        month = _month(found[2])
        return _iso(_full_year(found[3]), month, int(found[1])) if month else None
    if found := _MONTH_DAY_YEAR.match(text):
        month = _month(found[1])
        return _iso(int(found[3]), month, int(found[2])) if month else None
    if found := _MONTH_YEAR.match(text):
        month = _month(found[1])
        return _iso(_full_year(found[2]), month) if month else None
    if found := _YEAR_MONTH.match(text):
        month = _month(found[2])
        return _iso(_full_year(found[1]), month) if month else None
    return None


def _month(word: str) -> int | None:
    month = _MONTHS.get(word[:3].lower())
    if month is None or not calendar.month_name[month].lower().startswith(word.lower().rstrip(".")):
        return 9 if word.lower() == "sept" else None
    return month


def _full_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    limit = (dt.date.today().year + 10) % 100
    century = dt.date.today().year // 100 * 100
    return century + year if year <= limit else century - 100 + year


def _day_first(first: int, second: int, year: int) -> str | None:
    if second > 12 >= first:
        return _iso(year, first, second)
    return _iso(year, second, first)


def _iso(year: int, month: int | None = None, day: int | None = None) -> str | None:
    try:
        whole = dt.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    if year < EARLIEST_YEAR:
        return None
    return whole.isoformat()[: 4 if month is None else 7 if day is None else 10]


def shown_only(text: str) -> str:
    """A text without characters that do not show or that turn the order of others round.

    Those between 80 and 9F that stand where Windows has its quotation marks and dashes become these. Joiners, which
    scripts and emoji need, stay.
    """
    return _HIDDEN.sub("", text.translate(_WINDOWS_1252)) if _HIDDEN.search(text) else text


def spelt_out(text: str) -> str:
    """A text in which the characters that :func:`shown_only` takes out are spelt, such as ``\\u202e``."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def year_of(date: str | None) -> int | None:
    """The year of a partial ISO date; ``None`` for ``None``."""
    return int(date[:4]) if date else None


def number(text: str) -> float | None:
    """A number that may carry thousands commas or gaps, a sign of currency or percent; ``None`` when it is none."""
    found = _NUMBER.match(_GAP.sub("", text.translate(_TYPESET).strip()))
    if not found or not found[1]:
        return None
    try:
        value = float(found[1].replace(",", ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def whole_number(text: str) -> int | None:
    """A number rounded to a whole one; ``None`` when it is none, or is too long to be a count of anything."""
    value = number(text)
    return round(value) if value is not None and abs(value) < LARGEST_COUNT else None


def postcodes_in(text: str) -> list[str]:
    """Every full postcode in a text, as ``M31 4FA``, in the order they stand."""
    return [f"{outward} {inward}" for outward, inward in POSTCODE.findall(" ".join(text.upper().split()))]


def is_part_of_postcode(text: str) -> bool:
    """Whether a text is the first part of a postcode only, such as ``M41`` or ``WA14 1``."""
    return bool(_PART_OF_POSTCODE.match(" ".join(text.upper().split()))) and not postcodes_in(text)


def uprn(text: str) -> str | None:
    """A Unique Property Reference Number without padding noughts; ``None`` when it is none.

    Spreadsheets turn long numbers into ``1.00013E+11``, which has lost its last figures and is no UPRN any more.
    """
    cleaned = re.sub(r"\.0+$", "", text.strip())
    figures = cleaned.lstrip("0")
    return figures if figures.isascii() and figures.isdigit() and len(figures) <= 12 else None


def grid_square(text: str) -> tuple[float, float, float] | None:
    """The square of a National Grid reference such as ``SP 071 868``: the easting and northing of its south-west corner
    and its side, in metres; ``None`` when the text is none.

    Method: Ordnance Survey, "A guide to coordinate systems in Great Britain": two letters name a square of 100 km, the
    first of 500 km in a grid of 5 by 5 whose origin lies 1,000 km west and 500 km south of the grid's.
    """
    found = _GRID_REFERENCE.fullmatch(text.strip().upper())
    if not found:
        return None
    figures = found[3] + found[4]
    if len(figures) % 2:
        return None
    half = len(figures) // 2
    (row, column), (inner_row, inner_column) = (divmod(_GRID_LETTERS.index(letter), 5) for letter in found.group(1, 2))
    side_m = 10.0 ** (5 - half)
    east = (column * 5 + inner_column) * 100_000 - 1_000_000 + int(figures[:half]) * side_m
    north = ((4 - row) * 5 + 4 - inner_row) * 100_000 - 500_000 + int(figures[half:]) * side_m
    return east, north, side_m


def yes_no(text: str) -> str | None:
    """``yes``, ``no`` or ``partly``; ``None`` when the text is none of them."""
    word = text.strip().lower()
    if word in {"yes", "y", "true", "t", "1", "x"}:
        return "yes"
    if word in {"no", "n", "false", "f", "0"}:
        return "no"
    return "partly" if word in {"partly", "partial", "partially", "some", "limited"} else None
