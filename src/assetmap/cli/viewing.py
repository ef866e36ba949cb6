"""A place in view: opened for a command that asks of it, and its answer told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Final

import typer

from assetmap import printing
from assetmap.chosen import ON_FOOT, Walking
from assetmap.cli.common import Where, declared_layers, opened_store, settings_of
from assetmap.placeview import PlaceView
from assetmap.questions import Answer
from assetmap.questions.profile import ENGLAND
from assetmap.showing import Format, objects, prose, shown, written
from assetmap.store import Store
from assetmap.viewing import view_of

PART_ROWS: Final = 30
"""A reader sees so many rows of a table, where its answer does not say how many to read first."""


@contextmanager
def viewed(where: Where, walking: Walking = ON_FOOT) -> Iterator[tuple[Store, PlaceView]]:
    """The store, by default that of the settings, and one place in it, not named where there is no other."""
    settings = settings_of(where.store)
    with opened_store(settings) as store:
        yield store, view_of(store, where.place, declared_layers(settings), walking)


def england_beside(store: Store, view: PlaceView) -> PlaceView | None:
    """England to compare a place with, where the store holds it; a place is not compared with itself."""
    return None if view.place_id == ENGLAND else england_in(store, view)


def england_in(store: Store, view: PlaceView) -> PlaceView | None:
    """England to compare with, where the store holds it; the view itself if it is of England."""
    if view.place_id == ENGLAND:
        return view
    return PlaceView(store, ENGLAND, view.layers) if ENGLAND in set(store.places()["place_id"]) else None


def tell(answer: Answer, form: Format, *, totals_first: bool = False, part: str = "") -> None:
    """The rows on standard output; for a reader, the finding, the totals and where it comes from around them.

    As JSON it is the whole answer; of a ``part``, and as CSV or GeoJSON, only its rows.
    """
    if part:
        typer.echo(shown(answer.told(answer.part(part)), None, form))
        return
    if form is Format.json:
        typer.echo(_whole(answer))
        return
    rows = answer.totals if totals_first and form is Format.table else answer.table
    if form is Format.table:
        rows = rows if totals_first else rows[list(answer.brief)].head(answer.first_rows or PART_ROWS)
        typer.echo(prose("\n".join([answer.title, *filter(None, [answer.sentence]), ""])))
    typer.echo(shown(answer.told(rows), answer.told(answer.shapes), form))
    if form is Format.table:
        if not totals_first and len(rows) < len(answer.table):
            typer.echo(f"and {len(answer.table) - len(rows):,} more rows: --format csv shows them all")
        for name, table in answer.parts.items():
            more = len(table) - PART_ROWS
            rest = f"\nand {more:,} more rows: --part {name} shows them all" if more > 0 else ""
            told = shown(answer.told(table.head(PART_ROWS)), None, form)
            typer.echo(f"\n{name.replace('_', ' ').capitalize()}:\n{told}{rest}")
        sources = [printing.source_line(source) for source in answer.sources]
        formulas = [f"Formula: {formula}." for formula in answer.formulas]
        typer.echo(prose("\n".join(["", answer.method, *formulas, *answer.caveats, "", "Sources:", *sources])))


def _whole(answer: Answer) -> str:
    """The whole answer as JSON, under the names that it has in Python."""
    told = {
        "title": answer.title,
        "sentence": answer.sentence,
        "table": objects(answer.told(answer.table)),
        "totals": objects(answer.told(answer.totals)),
        "parts": {name: objects(answer.told(rows)) for name, rows in answer.parts.items()},
        "method": answer.method,
        "measured": answer.measured,
        "formulas": [asdict(formula) for formula in answer.formulas],
        "caveats": answer.caveats,
        "sources": objects(printing.sources_table(answer.sources)),
    }
    return written(told)
