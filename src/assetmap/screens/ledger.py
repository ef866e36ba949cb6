"""Tables that are read rather than sorted: plain HTML, whose long words wrap, with a caption."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

import pandas as pd
import streamlit as st

FIGURES: Final = "am-figures"
WHOLE: Final = "am-whole"
_NUMBER: Final = re.compile(r"[-−\d.,]+%?")
_FIGURE: Final = re.compile(r"((over|under) )?[-−+]?\d[\d,]*(\.\d+)?%?( \(.*\))?")
"""A figure, perhaps with its share or how much it changes by in brackets."""
_BEFORE_NUMBER: Final = re.compile(r" (?=\d[\d,.]*%?(,|$))")
"""Where a line may not end: what a figure is of stands before it."""


def ledger(
    rows: pd.DataFrame, caption: str, *, under: Mapping[str, str] | None = None, words: Collection[str] = ()
) -> None:
    """Show ``rows`` as :func:`ledger_html` writes them."""
    st.html(ledger_html(rows, caption, under=under, words=words))


def ledger_html(
    rows: pd.DataFrame, caption: str, *, under: Mapping[str, str] | None = None, words: Collection[str] = ()
) -> str:
    """``rows`` as an HTML table with their column names as headings.

    Parameters
    ----------
    rows
        Texts and whole numbers; missing is left empty. No rows show the caption and the headings alone.
    caption
        What the table holds, read out before it.
    under
        Column to another column, told as a quiet second line under it and not by itself.
    words
        Columns that are words, though some of them are written in figures, as dates are.
    """
    beneath = under or {}
    columns = [str(column) for column in rows.columns if column not in beneath.values()]
    figures = {column for column in columns[1:] if column not in words and _are_figures(rows[column])}
    heads = "".join(
        f'<th scope="col" class="{FIGURES if column in figures else ""}"><span>{escape(column)}</span></th>'
        for column in columns
    )
    body = "".join(f"<tr>{''.join(_cells(row, columns, beneath, figures))}</tr>" for row in rows.to_dict("records"))
    return (
        '<div class="am-ledger-frame" role="region" tabindex="0" '
        f'aria-label="{escape(caption)}"><table class="am-ledger"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(
    row: Mapping[Any, Any], columns: Sequence[str], beneath: Mapping[str, str], figures: Collection[str]
) -> Iterable[str]:
    for index, column in enumerate(columns):
        value = row[column]
        second = _text(row[beneath[column]]) if column in beneath else ""
        quiet = f'<span class="am-under">{_BEFORE_NUMBER.sub("&nbsp;", escape(second))}</span>' if second else ""
        tag, kind = ("th scope='row'", "") if index == 0 else ("td", FIGURES if column in figures else _kind(value))
        told = f'class="{kind}" data-heading="{escape(column)}"'
        yield f"<{tag} {told}>{escape(_text(value))}{quiet}</{tag.split()[0]}>"


def _kind(value: Any) -> str:
    """No number is broken into two lines."""
    return WHOLE if isinstance(value, str) and _NUMBER.fullmatch(value) else ""


def _are_figures(column: pd.Series[Any]) -> bool:
    """Whether most of what a column tells is figures: they stand on the right, with what is told in place of one."""
    told = [text for text in map(_text, column) if text]
    return 2 * sum(_FIGURE.fullmatch(text) is not None for text in told) > len(told)


def _text(value: Any) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return "" if pd.isna(value) else str(value)
