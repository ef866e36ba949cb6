"""What a mark says when it is pressed: a row's facts as short lines in plain words, never the names of columns."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from assetmap.maps.encoding import text
from assetmap.tables import REGISTER_NAME

Row = Mapping[str, Any]
Line = str | int
"""A line of its own, or the number of a phrase that many rows share."""

WHAT_HAPPENED: Final[Mapping[str, str]] = {
    "closed": "Closed",
    "moved": "Moved",
    "merged": "Merged with another",
    "handed_over": "Went to the community",
    "hours_cut": "Lost hours",
    "temporary": "Shut for a time",
}

LONGEST: Final = 320
"""Characters of one fact; registers sometimes hold a whole annual report."""

_STATUS: Final[Mapping[str, str]] = {
    "open": "Here today",
    "paused": "Closed for now",
    "unknown": "The register does not say if it is open",
}
_STEP_FREE: Final[Mapping[str, str]] = {"yes": "Step-free", "partly": "Partly step-free", "no": "Not step-free"}
_FACTS: Final[Mapping[str, str]] = {
    "who_for": "Who for: {}",
    "cost": "Cost: {}",
    "run_by": "Run by {}",
    "owner": "Owned by {}",
    "tenure": "Tenure: {}",
}
_LOCATED: Final[Mapping[str, str]] = {
    "coordinates": "Drawn where its register puts it",
    "outline": "Drawn from its outline",
    "uprn": "Drawn where its property number (UPRN) is",
    "postcode": "Drawn at the middle of its postcode",
    "placed_by_hand": "Drawn where the person who added it put it",
}
_ADDED_FACTS: Final[Mapping[str, str]] = {
    "says": "In their words",
    "how_known": "How they know",
    "seen_on": "Last seen so",
    "created_at": "Added",
}
_UNITS: Final = (("_gbp", "£{}"), ("_m2", "{} m²"), ("_ha", "{} hectares"), ("_m", "{} m"))
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS: Final[Mapping[str, str]] = {
    "Mo": "Monday", "Tu": "Tuesday", "We": "Wednesday", "Th": "Thursday", "Fr": "Friday", "Sa": "Saturday",
    "Su": "Sunday", "PH": "public holidays", "SH": "school holidays", "off": "closed",
}  # fmt: skip
_DAY: Final = re.compile(r"\b(" + "|".join(_DAYS) + r")\b")
_OPENSTREETMAP_HOURS: Final = re.compile(r"(?:(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH|off|\d\d:\d\d)[\s,;\-–]*)+")
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T.*)?")


class Phrases:
    """Lines that many rows share, each sent once; a row then gives only its number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, phrase: str) -> int:
        """The number of a phrase, new or known."""
        return self._numbers.setdefault(phrase, len(self._numbers))

    @property
    def all(self) -> list[str]:
        """Every phrase, by number."""
        return list(self._numbers)


def lines_of(
    row: Row,
    detail_titles: Mapping[str, str],
    origins: Mapping[str, str],
    phrases: Phrases,
    notes: Sequence[str] = (),
) -> list[Line]:
    """The lines of one row, what it is first and where it is known from last.

    Parameters
    ----------
    row
        Columns of :data:`assetmap.tables.ASSET_COLUMNS`, as far as they are there.
    detail_titles
        The fields of ``details`` that may be told, in order, each with what people read.
    origins
        Source to the words that name its register and date.
    notes
        What to know before relying on the row, told right after what it is.
    """
    added = text(row.get("contributed")) in {"1", "True"}
    titles = {**detail_titles, **(_ADDED_FACTS if added else {})}
    own = [*_facts(row), *_details(row, titles), *_address(row), *_registered(row)]
    shared = [*_located(row), *_origin(row, origins, added)]
    return [phrases.number(_standing(row)), *notes, *own, *(phrases.number(line) for line in shared)]


def happening(row: Row) -> str:
    """What happened and when, such as ``Closed, 31 March 2013``; empty when nothing did."""
    closed = text(row.get("status")) == "closed"
    what = WHAT_HAPPENED.get(text(row.get("what_happened"))) or ("Closed" if closed else "")
    when = plain_date(text(row.get("closed_on")))
    return f"{what}, {when}" if what and when else what


def added_by(row: Row) -> str:
    """Whose word a contributed row is, and whether anybody has checked it."""
    state = json.loads(text(row.get("details")) or "{}").get("state")
    return f"Added by a local person, {'and checked' if state == 'published' else 'not yet checked'}"


def plain_date(date: str) -> str:
    """An ISO date of any precision in words: ``2013``, ``March 2013``, ``31 March 2013``; other text as it is."""
    found = _DATE.fullmatch(date)
    if found is None:
        return date
    year, month, day = found.groups()
    if month is None or not 1 <= int(month) <= 12:
        return year
    named = f"{_MONTHS[int(month) - 1]} {year}"
    return f"{int(day)} {named}" if day else named


def plain_hours(hours: str) -> str:
    """Opening hours in words, where a register writes them as OpenStreetMap does: ``Mo-Fr 09:00-17:00``."""
    if not _OPENSTREETMAP_HOURS.fullmatch(hours):
        return hours
    named = _DAY.sub(lambda day: _DAYS[day.group()], hours)
    return re.sub(r"\s*;\s*", "; ", re.sub(r"\s*,\s*", ", ", re.sub(r"\s*[-–]\s*", " to ", named))).strip(" ;,")


def _standing(row: Row) -> str:
    """Whether it is open, since when, and what happened to it."""
    opened, happened = plain_date(text(row.get("opened_on"))), happening(row)
    if happened:
        return f"{happened}. It had been there since {opened}" if opened else happened
    status = text(row.get("status"))
    return f"Here since {opened}" if opened and status == "open" else _STATUS.get(status, "")


def _facts(row: Row) -> Iterator[str]:
    hours = text(row.get("opening_hours"))
    if hours:
        yield f"Open: {_cut(plain_hours(hours))}"
    weekly = _number(text(row.get("hours_per_week")))
    staffed = _number(text(row.get("staffed_hours_per_week")))
    if weekly:
        helped = "all" if staffed == weekly else staffed
        yield f"{weekly} hours a week" + (f", {helped} of them with somebody there to help" if staffed else "")
    for column, sentence in _FACTS.items():
        value = text(row.get(column))
        if value:
            yield sentence.format(_cut(value))
    step_free = _STEP_FREE.get(text(row.get("step_free")))
    if step_free:
        yield step_free


def _details(row: Row, titles: Mapping[str, str]) -> Iterator[str]:
    told = json.loads(text(row.get("details")) or "{}")
    for name, title in titles.items():
        value = text(told.get(name))
        if value:
            yield f"{title}: {_cut(_with_unit(name, value))}"


def detail_title(name: str) -> str:
    """What people read for a field of a layer's own: its name without underscores, and without its unit."""
    ending = next((suffix for suffix, _ in _UNITS if name.endswith(suffix)), "")
    return name.removesuffix(ending).replace("_", " ").capitalize()


def _with_unit(name: str, value: str) -> str:
    pattern = next((pattern for suffix, pattern in _UNITS if name.endswith(suffix)), None)
    return plain_date(value) if pattern is None else pattern.format(_number(value))


def _number(value: str) -> str:
    """A number as people write it; other text as it is."""
    try:
        number = float(value)
    except ValueError:
        return value
    return f"{number:,.0f}" if number.is_integer() or abs(number) >= 100 else f"{number:,.2f}".rstrip("0")


def _address(row: Row) -> Iterator[str]:
    address, postcode = text(row.get("address")), text(row.get("postcode"))
    parts: Sequence[str] = [address, "" if postcode and postcode in address else postcode]
    if any(parts):
        yield ", ".join(part for part in parts if part)


def _registered(row: Row) -> Iterator[str]:
    """What the register calls it, where that is not what people read."""
    name = text(row.get(REGISTER_NAME))
    if name and name != text(row.get("name")):
        yield f"In the register: {_cut(name)}"


def _located(row: Row) -> Iterator[str]:
    note = text(row.get("location_note"))
    how = note[:1].upper() + note[1:] if note else _LOCATED.get(text(row.get("located_by")), "")
    accuracy = _number(text(row.get("location_accuracy_m")))
    if how:
        yield f"{how} (right to about {accuracy} m)" if accuracy and f"{accuracy} m" not in how else how


def _origin(row: Row, origins: Mapping[str, str], added: bool) -> Iterator[str]:
    origin = origins.get(text(row.get("source")))
    if added:
        yield added_by(row)
    elif origin:
        yield f"From {origin}"


def _cut(value: str) -> str:
    return value if len(value) <= LONGEST else value[:LONGEST].rsplit(" ", 1)[0] + " …"
