"""Which neighbourhoods are most alike in who lives there, whatever they have: nearest neighbours in standard units."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import numpy as np
import pandas as pd

SIMILAR: Final = 10
"""How many similar neighbourhoods a profile is held beside."""


def similar(
    context: pd.DataFrame, subject: pd.Series[float], k: int = SIMILAR, without: Collection[str] = ()
) -> pd.DataFrame:
    """The neighbourhoods whose context is nearest to a subject's.

    Each column is put in standard units (its mean taken off, divided by its standard deviation over all rows), and the
    distance is the root of the mean squared difference over the columns that both sides have: with nothing missing,
    the nearest neighbours of Fix and Hodges (1951) in Euclidean distance, all columns weighing the same. A column that
    is the same everywhere tells nobody apart and takes no part.

    Parameters
    ----------
    context
        One row a neighbourhood, indexed by its code; NaN where not known.
    subject
        The same columns.
    k
        How many to give; fewer where there are no more.
    without
        Codes that are not to be given, such as the subject's own.

    Returns
    -------
    pandas.DataFrame
        Indexed as ``context``, nearest first and by code where equally near: ``distance`` in standard deviations, and
        ``compared``, how many columns both sides had. A neighbourhood with none of them is left out.
    """
    spread = context.std(ddof=0)
    usable = list(context.columns[(spread > 0) & subject.reindex(context.columns).notna()])
    difference = (context[usable] - subject[usable].astype(np.float64)) / spread[usable]
    compared = difference.notna().sum(axis=1)
    distance = np.sqrt((difference**2).mean(axis=1))
    found = pd.DataFrame({"distance": distance, "compared": compared})
    found = found[(compared > 0) & ~found.index.isin(list(without))]
    return found.sort_index(kind="stable").sort_values("distance", kind="stable").head(k)
