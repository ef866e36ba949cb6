"""What a register's headers say of places: which two are coordinates, and which one holds a whole place as text.

Registers spell them in hundreds of ways (``OSGB36Easting``, ``GeoX (Longitude or east grid)``, ``Eastings (Geo X)``,
``geo_point_2d``). Their words tell: two headers are a pair when one becomes the other by turning its words for east
into words for north.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from assetmap.mapping import LOCATION_HEADERS, find_header

_NORTH_OF: Final = {
    **{"easting": "northing", "eastings": "northings", "east": "north", "e": "n", "x": "y"},
    **{"longitude": "latitude", "long": "lat", "lon": "lat", "lng": "lat"},
    **{"xcoord": "ycoord", "xcoordinate": "ycoordinate", "coordx": "coordy", "geox": "geoy", "osx": "osy"},
}
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_PLACE_WORDS: Final = frozenset(
    {"point", "location", "coordinate", "coordinates", "ordinates", "coords", "geolocation", "geo", "latlong", "latlng"}
    | {"latlon", "grid", "ngr", "gridref", "wkt", "geometry", "geom", "shape", "polygon", "osgb", "lat", "easting"}
    | {"eastings", "map"}
)


class Pair(NamedTuple):
    """Two headers of coordinates, east and north.

    Attributes
    ----------
    is_usual
        Whether they are spelt as registers usually spell them; of others the numbers must say so too.
    """

    x: str
    y: str
    is_usual: bool


def coordinate_pairs(headers: Sequence[str]) -> list[Pair]:
    """Every two headers that may be coordinates, those spelt in the usual ways first.

    An easting is never taken with a latitude.
    """
    names = zip(LOCATION_HEADERS["x"], LOCATION_HEADERS["y"], strict=True)
    usual = ((find_header(x, list(headers)), find_header(y, list(headers))) for x, y in names)
    pairs = [Pair(x, y, is_usual=True) for x, y in usual if x is not None and y is not None]
    known = {pair[:2] for pair in pairs}
    return pairs + [Pair(x, y, is_usual=False) for x, y in _told_by_words(headers) if (x, y) not in known]


def _told_by_words(headers: Sequence[str]) -> Iterator[tuple[str, str]]:
    by_words = {words_of(header): header for header in reversed(headers)}
    for header in headers:
        words = words_of(header)
        turned = tuple(_NORTH_OF.get(word, word) for word in words)
        if turned != words and turned in by_words:
            yield header, by_words[turned]


def position_headers(headers: Sequence[str]) -> list[str]:
    """The headers of columns that may hold a whole place as text, in their order; what they hold must say so too."""
    return [header for header in headers if _PLACE_WORDS.intersection(words_of(header))]


def words_of(header: str) -> tuple[str, ...]:
    """A header's words in small letters: ``OSGB36Easting`` is ``osgb``, ``36``, ``easting``."""
    return tuple(word.lower() for word in _WORD.findall(header))
