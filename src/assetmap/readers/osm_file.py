"""Overpass's answers as one OpenStreetMap file, which GDAL reads: points first, then ways, then relations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

Element = Mapping[str, Any]

_ORDER: Final = {"node": 0, "way": 1, "relation": 2}
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML has no way to write."""


def write_osm(path: Path, answers: Sequence[Mapping[str, Any]]) -> int:
    """Write the elements of some answers, each once, and say how many there are.

    Parameters
    ----------
    answers
        As Overpass gives them in JSON; what stands in several, because it lies in several parts of a place, is the
        same thing.
    """
    elements = {
        (_ORDER[element["type"]], element["id"]): element
        for answer in answers
        for element in answer["elements"]
        if element["type"] in _ORDER
    }
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n')
        file.writelines(_xml(elements[key]) for key in sorted(elements))
        file.write("</osm>\n")
    return len(elements)


def _xml(element: Element) -> str:
    kind = element["type"]
    place = {"lat": element["lat"], "lon": element["lon"]} if kind == "node" else {}
    parts = [*_parts(element), *(_tag("tag", k=key, v=value) for key, value in element.get("tags", {}).items())]
    opening = _tag(kind, id=element["id"], **place)
    return f"{opening}\n" if not parts else f"{opening[:-2]}>{''.join(parts)}</{kind}>\n"


def _parts(element: Element) -> Iterator[str]:
    """The nodes of a way, the members of a relation."""
    yield from (_tag("nd", ref=node) for node in element.get("nodes", ()))
    members: Iterable[Element] = element.get("members", ())
    yield from (_tag("member", type=each["type"], ref=each["ref"], role=each["role"]) for each in members)


def _tag(name: str, **attributes: Any) -> str:
    said = "".join(f" {key}={quoteattr(_NOT_XML.sub('', str(value)))}" for key, value in attributes.items())
    return f"<{name}{said}/>"
