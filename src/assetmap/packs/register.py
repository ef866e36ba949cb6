"""Where everything in a pack comes from: each load, each answer's method, and what changed since."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import PurePath
from typing import Any, Final

import pandas as pd

from assetmap.packs.entries import Entry
from assetmap.placeview import PlaceView

ADDED: Final = "Added by local people"
"""What the log says of things that people added."""

_OF_A_LOAD: Final = ("rows_in", "stored", "set_aside", "set_aside_rules", "dropped")


def source_register(views: Sequence[PlaceView], entries: Sequence[Entry]) -> pd.DataFrame:
    """One row a source as it is loaded now: the file and its digest, its dates, licence, and what became of its rows.

    Parameters
    ----------
    views
        The place, and others that answers read.
    """
    own, *others = ([*_sources(view, entries)] for view in views)
    # of another place, which was only read beside this one, no more than was read
    return pd.DataFrame([*own, *(row for rows in others for row in rows if row["used_in"])])


def _sources(view: PlaceView, entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    dates = {each.source: each.dates for each in view.provenance(set(view.loads["layer"]))}
    for load in view.loads.to_dict("records"):
        source = str(load["source"])
        layer = view.layers.get(str(load["layer"]))
        used = [entry.key for entry in entries if source in {each.source for each in entry.answer.sources}]
        yield {
            "layer": layer.title if layer is not None else load["layer"],
            "source": source,
            **{name: load[name] or "" for name in ("title", "publisher", "url")},
            "file": _file(str(load["path"])),
            "sha256": load["sha256"],
            "published": dates[source],
            "retrieved": load["loaded_at"],
            "licence": load["licence"],
            "attribution": str(load["attribution"]).replace("\n", " "),
            **{name: load[name] for name in _OF_A_LOAD},
            "issues": view.issues_by_source.get(source, 0),
            "used_in": "; ".join(used),
        }


def _file(path: str) -> str:
    """A file as the place file names it; of a path on somebody's own machine only the name."""
    return PurePath(path).name if PurePath(path).is_absolute() else path


def methods(entries: Sequence[Entry], register: pd.DataFrame) -> pd.DataFrame:
    """One row an answer: the question, the finding, how it was worked out, its limits, and the files it rests on."""
    digests = dict(zip(register["source"], register["sha256"], strict=True)) if len(register) else {}
    return pd.DataFrame(
        {
            "answer": entry.key,
            "question": entry.asks,
            "finding": entry.answer.title,
            "in_more_words": entry.answer.sentence,
            "method": entry.answer.method,
            "formulas": [str(formula) for formula in entry.answer.formulas],
            "limits": list(entry.answer.caveats),
            "sources": [f"{each.title} ({each.source_date})" for each in entry.answer.sources],
            "sha256_of_sources": [digests.get(each.source, "") for each in entry.answer.sources],
        }
        for entry in entries
    )


def numbers(entries: Sequence[Entry]) -> pd.DataFrame:
    """One row a number to quote: which answer it is of, and all that must stand beside it."""
    return pd.DataFrame(
        {
            "answer": entry.key,
            "number": place,
            **asdict(number),
            "method": entry.answer.method,
            "formulas": [str(formula) for formula in entry.answer.formulas],
        }
        for entry in entries
        for place, number in enumerate(entry.numbers, start=1)
    )


def changes(view: PlaceView) -> pd.DataFrame:
    """One row a load, and one for what people added on a day to a layer; oldest first.

    Returns
    -------
    pandas.DataFrame
        ``when`` (ISO 8601), ``what`` and ``told`` in words, and ``again``: 0 for the first load of a register, else 1.
    """
    told = sorted([*_loads(view), *_added(view)], key=lambda row: (row["when"], row["what"], row["told"]))
    return pd.DataFrame(told, columns=["when", "what", "told", "again"])


def _loads(view: PlaceView) -> Iterator[dict[str, Any]]:
    history = view.history
    for _, rows in history.groupby("source", sort=False):
        before: dict[Any, Any] | None = None
        for load in rows.to_dict("records"):
            yield {
                "when": str(load["loaded_at"]),
                "what": str(load["title"]),
                "told": _load_words(load, before),
                "again": int(before is not None),
            }
            before = load


def _load_words(load: dict[Any, Any], before: dict[Any, Any] | None) -> str:
    stored = f"{int(load['stored']):,} rows stored"
    if before is None:
        return f"Loaded: {stored}."
    same = "the same file" if load["sha256"] == before["sha256"] else "another file"
    return f"Loaded again from {same}: {stored}, {int(before['stored']):,} before."


def _added(view: PlaceView) -> Iterator[dict[str, Any]]:
    """What people added, by the day and the layer: neither who, nor what they wrote."""
    rows = view.published[view.published["contributed"] == 1]
    said = [json.loads(str(details)) for details in rows["details"]]
    told = Counter(
        (str(each.get("created_at", ""))[:10], str(layer), each.get("state") == "published")
        for each, layer in zip(said, rows["layer"], strict=True)
    )
    for (day, layer, checked), count in told.items():
        words = f"{view.layers[layer].title}: {count:,}, {'checked' if checked else 'not yet checked'}."
        yield {"when": day, "what": ADDED, "told": words, "again": 1}
