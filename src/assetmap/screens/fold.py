"""What stands behind a fold, and bars that are a table: plain HTML, known to the keyboard and to screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from assetmap.printing import source_line
from assetmap.questions import Answer


def how_worked_out(answer: Answer) -> None:
    """How it was worked out and what the figures cannot say, for those who open it."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in answer.caveats)
    fold("How this was worked out", f"<p>{escape(answer.method)}</p><ul>{lines}</ul>{formulas_and_sources(answer)}")


def formulas_and_sources(answer: Answer) -> str:
    """The formulas with who published them, then each source with its date, licence and issues, as HTML."""
    formulas = "".join(
        f"<li><code>{escape(formula.says)}</code>{f' ({escape(formula.source)})' if formula.source else ''}</li>"
        for formula in answer.formulas
    )
    sources = "".join(f"<li>{escape(source_line(source))}</li>" for source in answer.sources)
    told = (("Formulas", formulas), ("Sources, with their dates and what was wrong in them", sources))
    return "".join(f"<h3>{title}</h3><ul>{items}</ul>" for title, items in told if items)


def fold(title: str, body: str) -> None:
    """``body``, which is HTML already, under a title that opens and shuts it."""
    st.html(f'<details class="am-fold"><summary>{escape(title)}</summary>{body}</details>')


def bars(rows: Sequence[tuple[str, float, str]], caption: str, headings: tuple[str, str]) -> None:
    """A table in which each row has its bar.

    Parameters
    ----------
    rows
        What each is called, how long its bar is (the longest fills its column; a blank has none), its figure in words.
    caption
        What the table holds, read out before it.
    headings
        What the rows are, and what their figures say.
    """
    longest = max((length for _, length, _ in rows if length == length), default=0.0) or 1.0
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td>{_bar(length / longest)}</td><td>{escape(figure)}</td></tr>'
        for name, length, figure in rows
    )
    st.html(
        f'<table class="am-bars"><caption>{escape(caption)}</caption><thead><tr>'
        f'<th scope="col">{escape(headings[0])}</th><th scope="col" colspan="2">{escape(headings[1])}</th></tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def _bar(share: float) -> str:
    return f'<span class="am-bar" style="width:{100 * share:.0f}%"></span>' if share > 0 else ""
