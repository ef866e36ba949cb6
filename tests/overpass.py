"""A small Overpass server on this machine: it answers osmnx's own questions out of an OpenStreetMap file.

It understands what osmnx asks (``(way['highway'](poly:'...');(._;>;););``), answers in the words of the real one, and
can be told to be busy, to break off, or to say something else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import numpy as np
import osmium
import shapely

FREE = """Connected as: 1234567890
Current time: 2026-03-15T12:00:00Z
Announced endpoint: gall.openstreetmap.de/
Rate limit: 2
2 slots available now.
Currently running queries (pid, space limit, time limit, start time):
"""
NO_TURNS = """Connected as: 2130706433
Current time: 2026-03-15T12:00:00Z
Announced endpoint: none
Rate limit: 0
Currently running queries (pid, space limit, time limit, start time):
"""
FULL = FREE.replace(
    "2 slots available now.", "Slot available after: 2026-03-15T13:00:00Z, in 3600 seconds.\nSlot available after: x"
)
STANDS = "2026-03-14T20:21:42Z"

_ASKED = re.compile(r"\((node|way|relation)\[(['\"])(.+?)\2(?:=(['\"])(.*?)\4)?\]\(poly:'([^']*)'\);\(\._;>;\);\);")

Key = tuple[str, int]


def whole(elements: Iterable[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """An answer as Overpass gives it."""
    about = {"timestamp_osm_base": STANDS, "copyright": "The data is made available under ODbL."}
    return {"version": 0.6, "generator": "Overpass API", "osm3s": about, "elements": list(elements), **more}


class Planet:
    """What an OpenStreetMap file holds, to be asked by tags and outlines."""

    def __init__(self, path: Path) -> None:
        self._elements = {(each["type"], each["id"]): each for each in map(_element, osmium.FileProcessor(path))}

    def ask(self, query: str) -> list[dict[str, Any]]:
        """What a question of osmnx's chooses, with the ways and nodes that it is made of."""
        found = set[Key]()
        asked = _ASKED.findall(query)
        within = {corners: self._within(corners) for *_, corners in asked}
        for kind, _, key, _, value, corners in asked:
            for name in within[corners]:
                tags = self._elements[name].get("tags", {})
                if name[0] == kind and key in tags and (not value or tags[key] == value):
                    found |= self._with_parts(name)
        return [self._elements[name] for name in sorted(found)]

    def _with_parts(self, name: Key) -> set[Key]:
        parts = self._parts(name)
        return {name}.union(*(self._with_parts(part) for part in parts if part[0] != "relation"))

    def _parts(self, name: Key) -> list[Key]:
        element = self._elements[name]
        members = [(each["type"], each["ref"]) for each in element.get("members", ())]
        return [
            part for part in [*members, *(("node", ref) for ref in element.get("nodes", ()))] if part in self._elements
        ]

    def _within(self, corners: str) -> set[Key]:
        """What meets an outline: nodes inside, ways that lie or pass through there, relations with such a member."""
        outline = shapely.Polygon(np.array(corners.split(), dtype=float).reshape(-1, 2)[:, ::-1])
        shapely.prepare(outline)
        names, shapes = self._drawn
        inside = {name for name, meets in zip(names, shapely.intersects(outline, shapes), strict=True) if meets}
        relations = {name for name in self._elements if name[0] == "relation"}
        return inside | {name for name in relations if inside.intersection(self._parts(name))}

    @cached_property
    def _drawn(self) -> tuple[list[Key], Any]:
        """Nodes as points and ways as lines."""
        spots = {name: (each["lon"], each["lat"]) for name, each in self._elements.items() if name[0] == "node"}
        ways = {
            name: [spots["node", ref] for ref in each["nodes"] if ("node", ref) in spots]
            for name, each in self._elements.items()
            if name[0] == "way"
        }
        lines = [shapely.LineString(way) if len(way) > 1 else shapely.MultiPoint(way) for way in ways.values()]
        return [*spots, *ways], np.array([*shapely.points(list(spots.values())), *lines], dtype=object)


def _element(thing: Any) -> dict[str, Any]:
    tags = {"tags": {tag.k: tag.v for tag in thing.tags}} if len(thing.tags) else {}
    if thing.is_node():
        return {"type": "node", "id": thing.id, "lat": thing.lat, "lon": thing.lon, **tags}
    if thing.is_way():
        return {"type": "way", "id": thing.id, "nodes": [node.ref for node in thing.nodes], **tags}
    kinds = {"n": "node", "w": "way", "r": "relation"}
    members = [{"type": kinds[each.type], "ref": each.ref, "role": each.role} for each in thing.members]
    return {"type": "relation", "id": thing.id, "members": members, **tags}


@dataclass
class Overpass:
    """A server, and what it has been told and asked.

    Attributes
    ----------
    said
        Answers that it gives first, one a question: a status and what is sent with it.
    questions
        Every question that it was asked.
    """

    url: str
    planet: Planet | None
    status: tuple[int, str] = (200, FREE)
    said: list[tuple[int, str]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    heard_from: set[str] = field(default_factory=set)

    def answer(self, question: str) -> tuple[int, str]:
        self.questions.append(question)
        if self.said:
            return self.said.pop(0)
        return 200, json.dumps(whole(self.planet.ask(question) if self.planet else []))


@contextmanager
def overpass(planet: Planet | None = None) -> Iterator[Overpass]:
    """A server on 127.0.0.1 for as long as it is used."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.overpass = Overpass(f"http://127.0.0.1:{http.server_port}/api", planet)  # type: ignore[attr-defined]
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield http.overpass  # type: ignore[attr-defined]
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._send(*self.server.overpass.status)  # type: ignore[attr-defined]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        server: Overpass = self.server.overpass  # type: ignore[attr-defined]
        server.heard_from.add(self.headers["User-Agent"])
        self._send(*server.answer(parse_qs(body)["data"][0]))

    def _send(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""
