"""OpenStreetMap asked of an Overpass server, by osmnx: what a source chooses, in and around a place's own outline.

What the server answers is written as an OpenStreetMap file, which :mod:`assetmap.readers.osm` reads as it reads an
extract: the same way is the same row wherever it came from. osmnx words the questions, parts large ones, waits for its
turn and sends them. The street graph that it would make of the answers is not used: it leaves out private ways and
parts of ways, which here are set aside by stated rules.

A server that breaks off says so in a ``remark`` beside what it has found so far: that is refused, as is every answer
that is not one.
"""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

import geopandas as gpd
import requests
from shapely import MultiPolygon, Polygon

from assetmap import __version__
from assetmap.errors import SourceError
from assetmap.readers.osm import ANY_VALUE, chosen_tags
from assetmap.readers.osm_file import write_osm
from assetmap.readers.spec import ReadSpec
from assetmap.records import utc_now
from assetmap.space import STORED_CRS, areas_m2

LARGEST_KM2: Final = 10_000.0
"""Of a larger place than the largest county, an extract is the way: public servers ask for that."""

ANSWER_WITHIN_S: Final = 180
LONGEST_WAIT_S: Final = 300
TRIES: Final = 2
"""How often a server that is busy is asked; osmnx lets most of a minute pass between."""

_LEAST_TURNS: Final = re.compile(r"^Rate limit: [1-9]", re.MULTILINE)
_TURN_IN: Final = re.compile(r"^Slot available after: .*\bin (\d+) seconds", re.MULTILINE)
_TAGS: Final = re.compile(r"<(?:head|style|script).*?</(?:head|style|script)>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_WORDS_SHOWN: Final = 200
_BUSY: Final = frozenset({429, 502, 503, 504})

_OTHERWISE: Final = (
    "name another server in ASSETMAP_OVERPASS_URL, or download an extract (https://download.geofabrik.de) and read it "
    "with 'reader: osm' and its 'path'."
)
_LATER: Final = f"Wait some minutes and type the same again; or {_OTHERWISE}"


@dataclass(frozen=True)
class Fetched:
    """What a server answered, and when.

    Attributes
    ----------
    address
        The server's, without anybody's password.
    sha256
        The digest of all that was received, in the order in which it came.
    source_date
        The day on which OpenStreetMap stood as it is told.
    notes
        What a person should know of how it was asked.
    """

    address: str
    sha256: str
    source_date: str
    notes: tuple[str, ...]


def fetch_osm(spec: ReadSpec, url: str, outline: Polygon | MultiPolygon, on_date: str | None = None) -> Fetched:
    """Ask a server for the features that have any of the tags of ``spec.where``, and write them to ``spec.path``.

    Parameters
    ----------
    url
        Of an Overpass server, such as ``https://overpass-api.de/api``.
    outline
        Where to look, in EPSG:4326; holes are looked in too.
    on_date
        The day, such as ``2018-02-27``, on which OpenStreetMap is to be told as it stood; today's when left out.

    Raises
    ------
    SourceError
        If the place is too large for a question, or the server cannot be reached, is busy, breaks off, answers with
        something else or has nothing. The message names the server and says what to do.
    """
    tags: dict[str, bool | str | list[str]] = {
        key: True if ANY_VALUE in values else list(values) for key, values in chosen_tags(spec).items()
    }
    server = _Server(url, on_date)
    server.refuse_too_large(outline)
    with server.faults():
        server.ask(outline, tags)
    written = write_osm(spec.path, server.answers)
    if not written:
        raise server.fault("has nothing here that the tags under 'where' choose", "Check them, and 'osm_date'.")
    return Fetched(server.address, server.digest.hexdigest(), server.source_date(), (server.note(outline),))


class _Server:
    """One server, what it has answered, and what is wrong with it."""

    def __init__(self, url: str, on_date: str | None) -> None:
        whole = urlsplit(url)
        self.host = whole.netloc.rpartition("@")[2]
        self.address = f"{whole.scheme}://{self.host}{whole.path.rstrip('/')}/interpreter"
        self.answers: list[dict[str, Any]] = []
        self.digest = sha256()
        self._url = url.rstrip("/")
        self._on_date = on_date
        self._stands: list[str] = []
        self._refusals = 0
        self._waiting_since = time.monotonic()
        self._began = utc_now()

    def fault(self, happened: str, remedy: str) -> SourceError:
        message = f"{self.host} {happened}. {remedy} What was loaded before is kept."
        return SourceError("".join(char if char.isprintable() else " " for char in message))

    def refuse_too_large(self, outline: Polygon | MultiPolygon) -> None:
        km2 = _km2(outline)
        if km2 > LARGEST_KM2:
            raise self.fault(
                f"is not asked for {km2:,.0f} square km, which is more than one question may cover",
                "Download an extract (https://download.geofabrik.de) and read it with 'reader: osm' and its 'path'.",
            )

    def ask(self, outline: Polygon | MultiPolygon, tags: dict[str, bool | str | list[str]]) -> None:
        """Put the question, in as many parts as its size asks for; every answer goes through :meth:`_hear`."""
        from osmnx import features_from_polygon  # takes half a second, which no other command should wait for

        date = f'[date:"{self._on_date}T00:00:00Z"]' if self._on_date else ""
        with (
            _osmnx_settings(
                overpass_url=self._url,
                overpass_rate_limit=self._takes_turns(),
                overpass_settings="[out:json][timeout:{timeout}]{maxsize}" + date,
                requests_kwargs={"hooks": {"response": self._hear}},
            ),
            suppress(InterruptedError),  # how osmnx says that it has everything and was told to make nothing of it
        ):
            features_from_polygon(outline, tags)

    def _takes_turns(self) -> bool:
        """Whether the server lets everybody have so many turns; one of a council's own need not.

        Asked first, because osmnx waits a minute for a server that is not there.
        """
        status = requests.get(f"{self._url}/status", timeout=ANSWER_WITHIN_S, headers={"User-Agent": _NAME})
        return status.ok and _LEAST_TURNS.search(status.text) is not None

    @contextmanager
    def faults(self) -> Iterator[None]:
        """What goes wrong on the way, in words."""
        try:
            yield
        except requests.Timeout as late:
            raise self.fault(f"did not answer within {ANSWER_WITHIN_S} seconds", _LATER) from late
        except (requests.RequestException, OSError) as lost:
            raise self.fault(
                f"could not be reached ({_reason(lost)})",
                f"Check that this machine may use the internet; or {_OTHERWISE}",
            ) from lost

    def _hear(self, response: requests.Response, *_: Any, **__: Any) -> None:
        """Called with everything the server sends, before osmnx makes anything of it."""
        if response.is_redirect:
            return
        if response.url.split("?")[0].endswith("/status"):
            self._refuse_long_waits(response.text)
        elif response.status_code in _BUSY:
            self._refusals += 1
            if self._refusals >= TRIES or response.status_code in {502, 503}:
                raise self.fault(f"is too busy ({response.status_code} {response.reason})", _LATER)
        elif not response.ok:
            says = f"{response.status_code} {response.reason}: {_words(response.text)}"
            raise self.fault(f"refused the question ({says})", f"Check 'where' and 'osm_date'; or {_OTHERWISE}")
        else:
            self._keep(response.content)

    def _refuse_long_waits(self, status: str) -> None:
        turn = _TURN_IN.search(status)
        waited_s = time.monotonic() - self._waiting_since
        if waited_s + (int(turn[1]) if turn else 0) > LONGEST_WAIT_S:
            raise self.fault(f"gives this network no turn within {LONGEST_WAIT_S // 60} minutes", _LATER)

    def _keep(self, content: bytes) -> None:
        answer = self._parsed(content)
        if "remark" in answer:
            raise self.fault(f"broke off and sent only a part ({_words(str(answer['remark']))})", _LATER)
        stands = str(answer["osm3s"].get("timestamp_osm_base", ""))
        if not re.match(r"\d{4}-\d{2}-\d{2}T", stands):
            raise self.fault("does not say of which date its data are", f"It may be set up wrongly: {_OTHERWISE}")
        if self._on_date and stands[:10] < self._on_date:
            raise self.fault(
                f"has data of {stands[:10]}, and 'osm_date' asks for {self._on_date}", "Give an earlier date."
            )
        self.answers.append(answer)
        self.digest.update(content)
        self._stands.append(stands)
        self._refusals, self._waiting_since = 0, time.monotonic()

    def _parsed(self, content: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(content)
        except ValueError as fault:
            says = _words(content.decode("utf-8", "replace"))
            raise self.fault(f"answered with something that is not JSON ({says})", _LATER) from fault
        if not isinstance(answer, dict) or not isinstance(answer.get("osm3s"), dict) or "elements" not in answer:
            raise self.fault("answered, but not as an Overpass server does", f"Check its address; or {_OTHERWISE}")
        return answer

    def source_date(self) -> str:
        return self._on_date or min(self._stands)[:10]

    def note(self, outline: Polygon | MultiPolygon) -> str:
        parts = f" in {len(self.answers)} parts" if len(self.answers) > 1 else ""
        return (
            f"Asked of {self.host} at {self._began}{parts}, for {_km2(outline):,.0f} square km in and around the "
            f"place: OpenStreetMap as it stood on {self._on_date or min(self._stands)}."
        )


_NAME: Final = f"assetmap/{__version__}"


@contextmanager
def _osmnx_settings(**more: Any) -> Iterator[None]:
    """osmnx as this program uses it, and afterwards as it was; it also rewrites how names of servers are looked up."""
    from osmnx import settings

    wanted = {
        "cache_only_mode": True,
        "use_cache": False,
        "doh_url_template": None,  # a name that this network does not know is not asked of others
        "http_user_agent": _NAME,
        "http_referer": _NAME,
        "requests_timeout": ANSWER_WITHIN_S,
        **more,
    }
    before = {name: getattr(settings, name) for name in wanted}
    lookup = socket.getaddrinfo
    try:
        for name, value in wanted.items():
            setattr(settings, name, value)
        yield
    finally:
        socket.getaddrinfo = lookup
        for name, value in before.items():
            setattr(settings, name, value)


def _km2(outline: Polygon | MultiPolygon) -> float:
    return float(areas_m2(gpd.GeoSeries([outline], crs=STORED_CRS))[0]) / 1e6


def _words(text: str) -> str:
    """What a page or a remark says, without its markup and in one short line."""
    plain = " ".join(_TAGS.sub(" ", text).split())
    return plain[:_WORDS_SHOWN] or "nothing"


def _reason(fault: Exception) -> str:
    """Why a server could not be reached, without the names of this program's parts."""
    inner: BaseException | None = fault
    while inner is not None:
        if isinstance(inner, OSError) and inner.strerror:
            return inner.strerror.lower()
        inner = inner.__cause__ or inner.__context__
    return type(fault).__name__
