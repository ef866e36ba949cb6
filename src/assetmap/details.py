"""The fields that only one layer has: into the JSON objects of the column ``details``, and out again as columns."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

import pandas as pd

from assetmap.layers import FieldType, Layer

_FRAME_TYPES: Final[dict[FieldType, str]] = {"number": "float64", "whole_number": "Int64"}


def details_json(frame: pd.DataFrame, fields: Iterable[str]) -> pd.Series:
    """The fields that only one layer has, as a JSON object a row, blanks left out."""
    names = sorted(fields)
    if not names:
        return pd.Series("{}", index=frame.index, dtype=object)
    rows = frame[names].astype(object).where(frame[names].notna(), None)
    lines = rows.itertuples(index=False, name=None)
    objects = ({key: value for key, value in zip(names, line, strict=True) if value is not None} for line in lines)
    encode = json.JSONEncoder(ensure_ascii=False).encode
    return pd.Series([encode(each) for each in objects], index=frame.index, dtype=object)


def open_fields(details: pd.Series, layer: Layer) -> pd.DataFrame:
    """A layer's own fields as columns of their declared types.

    Parameters
    ----------
    details
        JSON objects as the store keeps them; keys that the layer does not declare are passed over.

    Returns
    -------
    pandas.DataFrame
        Indexed as ``details``: numbers as ``float64``, whole numbers as ``Int64``, all else as ``object`` with
        ``None``. What is not of its type, as an edit by hand may leave it, is blank.
    """
    # one long text is read much faster than as many short ones
    objects: list[dict[str, Any]] = json.loads(f"[{','.join(details)}]")
    columns = {name: _typed([each.get(name) for each in objects], layer.type_of(name)) for name in layer.detail_fields}
    return pd.DataFrame(columns, index=range(len(objects))).set_axis(details.index)


def _typed(values: list[Any], kind: FieldType) -> pd.Series:
    dtype = _FRAME_TYPES.get(kind, "object")
    try:
        return pd.Series(values, dtype=dtype)
    except (TypeError, ValueError):
        numbers = pd.to_numeric(pd.Series(values, dtype="object"), errors="coerce").astype("float64")
        return numbers.mask(numbers % 1 != 0).astype("Int64") if kind == "whole_number" else numbers
