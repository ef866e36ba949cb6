"""What a database says when it refuses, in plain words."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError

from assetmap.errors import StoreError
from assetmap.store.schema import RULES

Fault = DBAPIError | sqlite3.Error | psycopg.Error

_SQLITE_WORDS: Final = (
    (
        r"database is locked|database table is locked",
        "another program is writing to it (QGIS with unsaved edits, or another load). "
        "Save or close there, then try again.",
    ),
    (r"readonly database", "it may only be read: the file or its folder is write-protected, or on a read-only drive."),
    (
        r"unable to open database file",
        "the file cannot be made or opened there. See who may write in its folder.",
    ),
    (r"disk is full", "the disk is full."),
    (
        r"malformed|not a database",
        "the file is damaged. Bring back a copy, or load the sources into a new store.",
    ),
    (r"CHECK constraint failed: (\w+)", ""),
    (r"UNIQUE constraint failed: (.+)", "two rows have the same {0}, or one is in the store from another source."),
    (r"NOT NULL constraint failed: (.+)", "a row has no {0}."),
    (r"FOREIGN KEY constraint failed", "a row names a place or an asset that is not in the store."),
)

_POSTGRES_WORDS: Final = {
    "23505": "two rows have the same key, or one is in the store from another source: {detail}",
    "23503": "a row names a place or an asset that is not in the store: {detail}",
    "23502": "a row has no {column}.",
    "22P02": "a row has text where it may not: {message}",
    "42501": "this user may not do that: {message}. Ask the database's keeper, who may need to run "
    "CREATE EXTENSION postgis first.",
    "58P01": "PostGIS is not installed on that server: {message}",
    "0A000": "PostGIS is not installed on that server: {message}",
    "53100": "the disk of the database server is full.",
}


@contextmanager
def in_plain_words(doing: str) -> Iterator[None]:
    """Turn what a database says into a ``StoreError`` that begins with ``doing``."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, psycopg.Error) as fault:
        raise StoreError(f"{doing}: {plain_words(fault)}") from fault


def plain_words(fault: Fault) -> str:
    """Why the database refused, as a sentence for a person; its own words where none of ours fit."""
    cause = fault.orig if isinstance(fault, DBAPIError) else fault
    if isinstance(cause, psycopg.Error):
        return _from_postgres(cause)
    return _from_sqlite(str(cause))


def _from_sqlite(message: str) -> str:
    for pattern, words in _SQLITE_WORDS:
        found = re.search(pattern, message)
        if found:
            return words.format(*found.groups()) if words else _broken_rule(found[1])
    return f"{message}."


def _from_postgres(cause: psycopg.Error) -> str:
    said = cause.diag
    if cause.sqlstate is None:
        return f"the database cannot be reached: {' '.join(str(cause).split())}"
    if cause.sqlstate == "23514":
        return _broken_rule(said.constraint_name or "")
    words = _POSTGRES_WORDS.get(cause.sqlstate, "{message}")
    return words.format(message=said.message_primary, detail=said.message_detail, column=said.column_name)


def _broken_rule(name: str) -> str:
    return f"a row breaks a rule: {RULES.get(name, name)}."
