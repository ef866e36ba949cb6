"""Text columns -> values of the type each field has, and the one voice in which issues about a source are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

from assetmap import values
from assetmap.layers import Layer
from assetmap.locating import Flags
from assetmap.mapping import text_of
from assetmap.sources import Column
from assetmap.tables import Issue

VALUE_SHOWN: Final = 200
"""How many characters of a value an issue repeats."""

JUDGED_LATER: Final = frozenset({"kind", "status", "what_happened"})
"""Fields whose words the checks judge against the layer and the tables."""

PRIVATE: Final = "(private)"


@dataclass(frozen=True)
class Reporter:
    """Writes issues about one source in one voice: its key, its publisher, its rows' names."""

    source: str
    publisher: str
    row_numbers: pd.Series[int]
    names: pd.Series[str]
    private: bool

    def about(self, index: int, field_: str, value: str, kind: str, effect: str, message: str) -> Issue:
        """An issue about the row at a position of the frame."""
        return Issue(
            self.source,
            int(self.row_numbers.iloc[index]),
            field_,
            value[:VALUE_SHOWN],
            kind,
            effect,
            str(self.names.iloc[index])[:VALUE_SHOWN],
            message,
            self.publisher,
        )

    def about_location(self, index: int, field_: str, value: str, kind: str, effect: str, message: str) -> Issue:
        """The same, without repeating where a row is that may be somebody's home."""
        if self.private and value:
            return self.about(index, field_, PRIVATE, kind, effect, message.replace(value, PRIVATE))
        return self.about(index, field_, value, kind, effect, message)


@dataclass
class Reading:
    """Values being read from text, with what was found on the way."""

    columns: dict[str, pd.Series] = field(default_factory=dict)
    problems: list[Issue] = field(default_factory=list)


def blank_column(index: pd.Index) -> pd.Series:
    """A column of ``None``."""
    return pd.Series(np.full(len(index), None, dtype=object), index=index)


def mapped(column: pd.Series, turn: Callable[[Any], Any]) -> pd.Series:
    """Each value turned, ``None`` left as ``None``: pandas itself would guess a type and make it NaN.

    Equal values are turned once: most columns repeat a few words.
    """
    values_ = column.to_numpy(dtype=object)  # a Series is slow to walk through
    turned = {value: turn(value) for value in set(values_)}
    return pd.Series([turned[value] for value in values_], index=column.index, dtype=object)


def none_for_blank(text: pd.Series) -> pd.Series:
    """Text with ``None`` where it is blank."""
    return mapped(text, lambda value: value or None)


def without_hidden(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """Rows without characters that do not show (:func:`assetmap.values.shown_only`), and each column that had any."""
    hidden = {}
    for name in rows.columns:
        # letters, figures and plain spaces alone, as nearly every column holds, cannot hide anything
        if not "".join(rows[name].to_numpy(dtype=object)).isprintable():
            clean = mapped(rows[name], values.shown_only)
            if bool((clean != rows[name]).any()):
                hidden[name] = rows[name]
                rows = rows.assign(**{name: clean.astype(rows[name].dtype)})
    return rows, hidden


def hidden_issues(hidden: Mapping[str, pd.Series], kept: Flags, reporter: Reporter) -> list[Issue]:
    """An issue for each cell from which characters that do not show were taken; its value spells them out."""
    message = "This text held characters that do not show, or that turn its order round. They were taken out."
    return [
        reporter.about_location(index, name, values.spelt_out(text), "hidden_characters", "put_right", message)
        for name, column in hidden.items()
        for index, text in enumerate(column[kept])
        if values.shown_only(text) != text
    ]


def read_values(mapping: Mapping[str, Column], rows: pd.DataFrame, layer: Layer, reporter: Reporter) -> Reading:
    """Every field of the layer as values of its type, ``None`` where blank, with an issue for each that cannot be."""
    reading = Reading()
    for name in layer.fields:
        if name not in mapping:
            reading.columns[name] = blank_column(rows.index)
            continue
        column = mapping[name]
        text = mapped(text_of(column, rows), str.strip)
        header = " / ".join(column.column) or name
        if name not in JUDGED_LATER:
            text = _only_known_words(column, text, rows, header, reading, reporter)
        reading.columns[name] = _typed(text, layer.type_of(name), header, name, reading, reporter)
    return reading


def _only_known_words(
    column: Column, text: pd.Series, rows: pd.DataFrame, header: str, reading: Reading, reporter: Reporter
) -> pd.Series:
    if not column.values or column.otherwise is not None or column.contains is not None:
        return text
    ours = set(column.values.values())
    strange = (text != "") & ~text.isin(list(ours))
    known = ", ".join(sorted(column.values))
    for index in np.flatnonzero(strange.to_numpy()):
        message = f"The word {text.iloc[index]!r} is not one the place file explains ({known}). Add it there."
        reading.problems.append(reporter.about(int(index), header, text.iloc[index], "unknown_word", "noted", message))
    return text


def _typed(text: pd.Series, kind: str, header: str, name: str, reading: Reading, reporter: Reporter) -> pd.Series:
    if kind == "text":
        if name == "uprn":
            return _property_numbers(text, header, reading, reporter)
        if name == "postcode":
            return mapped(text, _tidy_postcode)
        # registers keep line breaks and hard spaces in names and addresses
        return mapped(text, lambda value: " ".join(value.split()) or None)
    if kind in ("number", "whole_number"):
        fast = pd.to_numeric(text, errors="coerce")
        if bool(((fast.abs() < values.LARGEST_COUNT) | (text == "")).all()) and _all_whole(fast, kind):
            return _numbers(fast, kind)
    if kind == "whole_number":
        _note_rounding(text, header, reading, reporter)
    parsed = mapped(text, lambda value: _PARSERS[kind](value) if value else None)
    for index in np.flatnonzero((text != "").to_numpy() & parsed.isna().to_numpy()):
        reading.problems.append(
            reporter.about(int(index), header, text.iloc[index], _FAULTS[kind][0], "noted", _FAULTS[kind][1])
        )
    return _numbers(parsed, kind) if kind in ("number", "whole_number") else parsed


def _all_whole(numbers: pd.Series, kind: str) -> bool:
    return kind == "number" or bool((numbers.isna() | (numbers % 1 == 0)).all())


def _note_rounding(text: pd.Series, header: str, reading: Reading, reporter: Reporter) -> None:
    for index, value in enumerate(text):
        number = values.number(value) if value else None
        whole = values.whole_number(value) if value else None
        if number is not None and whole is not None and number != whole:
            message = f"This must be a whole number, and was rounded to {whole:,}."
            reading.problems.append(reporter.about(index, header, value, "rounded", "put_right", message))


def _property_numbers(text: pd.Series, header: str, reading: Reading, reporter: Reporter) -> pd.Series:
    parsed = mapped(text, lambda value: values.uprn(value) if value else None)
    # a register that has no number writes noughts
    blank = text.str.strip("0").isin(["", "."])
    for index in np.flatnonzero(parsed.isna().to_numpy() & ~blank.to_numpy()):
        value = str(text.iloc[index])
        reading.problems.append(reporter.about(int(index), header, value, "not_a_uprn", "noted", _NOT_A_UPRN))
    return parsed


_NOT_A_UPRN: Final = (
    "This is no Unique Property Reference Number (up to 12 figures), so it is left out. A spreadsheet may have rounded "
    "it: keep that column as text."
)


def _numbers(parsed: pd.Series, kind: str) -> pd.Series:
    numbers = pd.to_numeric(parsed).astype("float64")
    return numbers.round().astype("Int64") if kind == "whole_number" else numbers


_PARSERS: Final = {
    "number": values.number,
    "whole_number": values.whole_number,
    "date": values.partial_date,
    "yes_no": values.yes_no,
}
_FAULTS: Final = {
    "number": ("not_a_number", "This is not a number, so it is left out; the rest of the row is kept."),
    "whole_number": ("not_a_number", "This is not a number, so it is left out; the rest of the row is kept."),
    "date": ("not_a_date", "This is no date that can be read, so it is left out. Write 2013, 2013-03 or 2013-03-31."),
    "yes_no": ("not_yes_or_no", "This is neither yes nor no, so it is left out; the rest of the row is kept."),
}


def _tidy_postcode(text: str) -> str | None:
    found = values.postcodes_in(text)
    return found[0] if found else (" ".join(text.upper().split()) or None)
