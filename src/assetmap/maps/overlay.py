"""What one question draws over a place: a shading of its neighbourhoods and a few layers, sent with the view."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from assetmap.maps.encoding import to_json
from assetmap.maps.model import AreaStyle, MapLayer, Overlay
from assetmap.maps.payload import area_class
from assetmap.maps.rows import Telling, layer_json


def overlay(
    layers: Sequence[MapLayer] = (),
    *,
    style: AreaStyle | None = None,
    classes: Sequence[Any] = (),
    outlined: Sequence[int] = (),
    says: Mapping[int, Sequence[str]] | None = None,
    origins: Mapping[str, str] | None = None,
    notes: Mapping[str, Sequence[str]] | None = None,
) -> Overlay:
    """An overlay for a drawing that :func:`assetmap.maps.map_data` made.

    Parameters
    ----------
    layers
        Drawn above the place's own, in this order; those without rows are left out.
    style, classes
        A shading, and the class of each neighbourhood in the order of the drawing's areas; missing is hatched.
    outlined
        Positions of the neighbourhoods that ``style`` outlines.
    says
        Position of a neighbourhood to the lines that a press on it tells after its own.
    origins
        Source, as in the rows, to the words that name its register and date in a popup.
    notes
        The ``asset_id`` of a row to lines that its popup tells besides: what to know before relying on it.
    """
    telling = Telling(origins=origins or {}, notes=notes or {})
    parts = {
        "layers": "[" + ",".join(layer_json(layer, telling) for layer in layers if len(layer.frame)) + "]",
        "style": to_json(asdict(style) if style else None),
        "classes": to_json([area_class(value) for value in classes]),
        "outlined": to_json(list(outlined)),
        "says": to_json({str(position): list(lines) for position, lines in (says or {}).items()}),
        "phrases": to_json(telling.phrases.all),
    }
    body = ",".join(f"{to_json(name)}:{part}" for name, part in parts.items())
    return Overlay(f'{{"id":"{hashlib.sha256(body.encode()).hexdigest()[:16]}",{body}}}')
