"""What people add: checked at the door, kept apart from the registers, shown with its own mark."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

import geopandas as gpd
import numpy as np
import shapely

from assetmap import space, values
from assetmap.errors import ContributionError
from assetmap.ground import Ground
from assetmap.layers import find_layer
from assetmap.placeview import PlaceView
from assetmap.records import ContributionRecord
from assetmap.tables import Assets

SIMILAR_WITHIN_M: Final = 150.0
"""What stands this near is shown first: it may be the same thing under another name."""

NAMESAKE_WITHIN_M: Final = 1_000.0
"""What has the same name this near is probably the same thing, pinned elsewhere: a second one is asked about."""

ALIKE: Final = 0.85
"""How alike two names are, of 1, that are one name with a slip of the pen: ``Crabtree Sewing Rooms``."""

NAME_AT_MOST: Final = 120
WORDS_AT_MOST: Final = 2_000

_TEXTS: Final = {"says": "what people should know", "how_known": "how you know", "who_for": "who it is for"}
"""What a message calls each text of an offer beside its name."""

_PRIVATE: Final = {
    "a phone number": re.compile(r"(?<![\d+])(?:(?:\+44|0044)[\s()-]*0?|0)[\s()-]*(?:\d[\s()-]*){8,9}\d(?!\d)"),
    "an email address": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
}
"""What may be somebody's own and is never shown: British numbers of ten or eleven figures, and addresses with an @."""


@dataclass(frozen=True)
class Offer:
    """What a person says, before it is checked.

    Attributes
    ----------
    longitude, latitude
        Degrees (EPSG:4326).
    how_known
        How they know of it.
    seen_on
        When they last saw it so: a date in any usual form.
    """

    layer: str
    kind: str
    name: str
    longitude: float
    latitude: float
    says: str = ""
    how_known: str = ""
    seen_on: str = ""
    who_for: str = ""


def record_of(view: PlaceView, offer: Offer, margin_m: float = SIMILAR_WITHIN_M) -> ContributionRecord:
    """The record of an offer, ready for the store.

    Parameters
    ----------
    margin_m
        How far outside the place it may lie.

    Raises
    ------
    ContributionError
        With everything that is wrong with it.
    UnknownNameError
        If there is no such layer.
    """
    layer = find_layer(view.layers, offer.layer)
    name = _plain(offer.name)
    faults = []
    if not layer.add_here:
        open_ones = ", ".join(each.id for each in view.layers.values() if each.add_here)
        faults.append(f"{layer.title} is not a layer people add to here; these are: {open_ones}.")
    elif offer.kind not in layer.kinds:
        faults.append(f"{offer.kind!r} is not a kind of {layer.many}; use one of {', '.join(layer.kinds)}.")
    if not name:
        faults.append("Give it a name.")
    if len(name) > NAME_AT_MOST:
        faults.append(f"The name is longer than {NAME_AT_MOST} letters.")
    faults += _text_faults(offer)
    seen_on = values.partial_date(offer.seen_on) if offer.seen_on.strip() else None
    if offer.seen_on.strip() and seen_on is None:
        faults.append(f"{offer.seen_on!r} is not a date. Write 2025, 2025-06 or 2025-06-30.")
    if seen_on is not None and seen_on > dt.date.today().isoformat()[: len(seen_on)]:
        faults.append(f"{offer.seen_on!r} lies in the future. Say when you last saw it so.")
    faults += _place_faults(view, offer, margin_m)
    if faults:
        raise ContributionError(" ".join(faults))
    return ContributionRecord(
        view.place_id,
        layer.id,
        offer.kind,
        name,
        _spot(offer, layer.blur_m),
        _plain(offer.says) or None,
        _plain(offer.how_known) or None,
        seen_on,
        _plain(offer.who_for) or None,
    )


def _text_faults(offer: Offer) -> list[str]:
    """What is too long to be read, or looks like a way to reach a person: what people add is shown to everybody."""
    texts = {called: str(getattr(offer, each)) for each, called in _TEXTS.items()}
    long = [called for called, text in texts.items() if len(text) > WORDS_AT_MOST]
    faults = [f"The text about {called} is longer than {WORDS_AT_MOST:,} letters: make it shorter." for called in long]
    for text in (offer.name, *texts.values()):
        hits = {what: pattern.search(text) for what, pattern in _PRIVATE.items() if len(text) <= WORDS_AT_MOST}
        faults += [_private(what, hit.group()) for what, hit in hits.items() if hit]
    return faults


def _private(what: str, found: str) -> str:
    return (
        f"“{' '.join(found.split())}” looks like {what}, and what you write is shown on the map. Take it out, or name "
        "the website or noticeboard where people find it."
    )


def _place_faults(view: PlaceView, offer: Offer, margin_m: float) -> list[str]:
    if not (abs(offer.longitude) <= 180 and abs(offer.latitude) <= 90):
        return ["Longitude and latitude must be degrees, such as -2.35 and 53.42."]
    spot = gpd.GeoSeries([shapely.Point(offer.longitude, offer.latitude)], crs=space.STORED_CRS)
    outside_m = float(Ground(view.areas).metres_outside(spot)[0])
    if outside_m <= margin_m:
        return []
    return [f"The spot lies {outside_m:,.0f} m outside {view.name}. Choose one inside it."]


def _spot(offer: Offer, blur_m: float) -> shapely.Point:
    if not blur_m:
        return shapely.Point(offer.longitude, offer.latitude)
    lon, lat = space.grid_middles(np.array([offer.longitude]), np.array([offer.latitude]), blur_m)
    return shapely.Point(float(lon[0]), float(lat[0]))


def _plain(text: str) -> str:
    """Text on one line, cleaned as registers' is; what it says is never changed."""
    # a terminal of another encoding hands over bytes that are no text
    return " ".join(values.shown_only(text.encode("utf-8", "ignore").decode()).split())


def similar(view: PlaceView, longitude: float, latitude: float) -> Assets:
    """What is already mapped within :data:`SIMILAR_WITHIN_M` metres, the nearest first, with ``distance_m``.

    Parameters
    ----------
    longitude, latitude
        Degrees (EPSG:4326).
    """
    return _within(view, longitude, latitude, SIMILAR_WITHIN_M)


def namesakes(view: PlaceView, offer: Offer) -> Assets:
    """What is mapped under the offer's name, or nearly, within :data:`NAMESAKE_WITHIN_M` metres of its spot.

    Capitals, points and a leading ``the`` do not make a name another one. The nearest first, with ``distance_m``.
    """
    near = _within(view, offer.longitude, offer.latitude, NAMESAKE_WITHIN_M)
    wanted = _bare(offer.name)
    same = [_is_alike(wanted, _bare(str(name))) for name in near["name"]]
    return Assets(near[np.array(same, dtype=bool)])


def _within(view: PlaceView, longitude: float, latitude: float, reach_m: float) -> Assets:
    here = [layer.id for layer in view.layers_here]
    assets = view.assets[view.assets["layer"].isin(here)].reset_index(drop=True)
    x, y = space.points_to_measured(np.array([longitude]), np.array([latitude]))
    measured = np.asarray(space.to_measured(assets.geometry).array, dtype=object)
    distance_m = np.asarray(shapely.distance(measured, shapely.Point(x[0], y[0])), dtype=np.float64)
    near = assets.assign(distance_m=distance_m)
    return Assets(near[near["distance_m"] <= reach_m].sort_values("distance_m", kind="stable"))


def _bare(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold().replace("'", "").replace("’", ""))).removeprefix("the ")


def _is_alike(one: str, other: str) -> bool:
    return bool(one) and SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE
