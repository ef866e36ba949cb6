"""JSON that holds a list of objects, or one a line, as a flat table: keys inside keys are written ``a.b``."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pandas as pd

from assetmap.readers.encodings import marked_encoding
from assetmap.readers.spec import MAX_COLUMNS, MAX_VALUE_SHOWN, ReadSpec, text_frame, unique_names, value_text
from assetmap.readers.unpacking import HEAD_BYTES, opened, refuse_kind
from assetmap.tables import RawFrame

JSON_SUFFIXES: Final = frozenset({".json", ".geojson", ".jsonl", ".ndjson"})
MAX_JSON_BYTES: Final = 500_000_000
LISTS_KNOWN: Final = ("entities", "results", "features", "records", "items", "rows", "data", "value")
"""Keys under which interfaces publish their rows; where an object has several lists, the first of these is taken."""

_MAX_DEPTH: Final = 50


def read_objects(spec: ReadSpec) -> RawFrame:
    """The objects of a JSON file as rows of text; see :func:`assetmap.readers.read`.

    Numbers keep the spelling of the file. A list of plain values is joined with ``"; "``; a list of objects stays
    JSON. An item that is not an object is an unreadable row.
    """
    with opened(spec, JSON_SUFFIXES) as stream:
        content = stream.read(MAX_JSON_BYTES + 1)
    refuse_kind(spec, content[:HEAD_BYTES])
    if len(content) > MAX_JSON_BYTES:
        raise spec.fault(f"is larger than {MAX_JSON_BYTES // 1_000_000} MB", "Cut it down to your place first.")
    text, notes = _decoded(spec, content)
    return _frame(spec, _rows_of(spec, _parsed(spec, text)), notes)


def _decoded(spec: ReadSpec, content: bytes) -> tuple[str, tuple[str, ...]]:
    name = spec.encoding or marked_encoding(content[:HEAD_BYTES]) or "utf-8"
    try:
        return content.decode(name), ()
    except UnicodeDecodeError as fault:
        if name != "utf-8":
            raise spec.fault(f"is not in the encoding {name}", "Save it as UTF-8.") from fault
        return content.decode("cp1252", "replace"), ("Its text is Windows-1252, not UTF-8.",)
    except LookupError as fault:
        raise spec.fault(f"cannot be read: there is no encoding of text called {name!r}", "Try utf-8.") from fault


def _parsed(spec: ReadSpec, text: str) -> Any:
    try:
        return _loaded(text)
    except json.JSONDecodeError as fault:
        if fault.msg == "Extra data" and (rows := _one_a_line(text)):
            return rows
        raise spec.fault(
            f"is not JSON: {fault.msg.lower()} at line {fault.lineno:,}, column {fault.colno:,}",
            "It may have been cut off; download it again.",
        ) from fault
    except RecursionError as fault:
        raise _too_deep(spec) from fault


def _loaded(text: str) -> Any:
    # numbers stay as the file spells them: 51.30 is not 51.3, and a reference may be longer than a float holds
    return json.loads(text, parse_float=str, parse_int=str, parse_constant=str)


def _one_a_line(text: str) -> list[Any]:
    """The objects of a file that has one a line, as exports of databases have; empty when a line is none."""
    try:
        rows = [_loaded(line) for line in text.split("\n") if line.strip()]
    except json.JSONDecodeError:
        return []
    return rows if all(isinstance(row, dict) for row in rows) else []


def _too_deep(spec: ReadSpec) -> Exception:
    return spec.fault("has lists within lists too deep to be a table", "Check that it is the file you meant.")


def _rows_of(spec: ReadSpec, tree: Any) -> list[Any]:
    """The list of objects, at the top or under a key, or under a key of an object under a key."""
    if isinstance(tree, list):
        return tree
    level = [tree] if isinstance(tree, dict) else []
    while level:
        for node in level:
            lists = {key: value for key, value in node.items() if _is_rows(value)}
            if lists:
                return _one_list(spec, lists)
        level = [value for node in level for value in node.values() if isinstance(value, dict)]
    raise spec.fault("holds no list of objects", "Give a file with a list of rows, such as [{...}, {...}].")


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _one_list(spec: ReadSpec, lists: Mapping[str, list[Any]]) -> list[Any]:
    if len(lists) == 1:
        return next(iter(lists.values()))
    named = [key for key in (spec.sublayer, *LISTS_KNOWN) if key in lists]
    if not named:
        raise spec.fault(f"holds several lists ({', '.join(lists)})", "Say which with 'sublayer'.")
    return lists[named[0] or ""]


def _frame(spec: ReadSpec, items: list[Any], notes: tuple[str, ...]) -> RawFrame:
    objects = {number: item for number, item in enumerate(items, 1) if isinstance(item, dict)}
    unreadable = tuple(
        (number, _as_json(item)[:MAX_VALUE_SHOWN], "This is a plain value among objects: it has no columns.")
        for number, item in enumerate(items, 1)
        if number not in objects
    )
    rows = [dict(_flat(spec, item)) for item in objects.values()]
    keys = list(dict.fromkeys(key for row in rows for key in row))
    if len(keys) > MAX_COLUMNS:
        raise spec.fault(f"has {len(keys):,} different keys", f"{MAX_COLUMNS:,} is the most a table may have.")
    columns = {
        name: [row.get(key, "") for row in rows]
        for key, name in zip(keys, unique_names(keys), strict=True)
        if spec.wants(name)
    }
    return RawFrame(
        rows=text_frame(columns, len(rows)),
        row_numbers=pd.Series(list(objects), dtype="int64"),
        unreadable=unreadable,
        notes=notes,
    )


def _flat(spec: ReadSpec, item: Mapping[str, Any], above: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    if depth > _MAX_DEPTH:
        raise _too_deep(spec)
    for key, value in item.items():
        if isinstance(value, dict):
            yield from _flat(spec, value, f"{above}{key}.", depth + 1)
        else:
            yield f"{above}{key}", _storable(_list_text(value) if isinstance(value, list) else value_text(value))


def _list_text(value: list[Any]) -> str:
    return _as_json(value) if any(isinstance(item, dict | list) for item in value) else value_text(value)


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _storable(text: str) -> str:
    """Text without halves of character pairs, which JSON can spell but no file or database can hold."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
