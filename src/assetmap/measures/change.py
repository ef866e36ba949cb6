"""What a change of places does to people: who loses a place within a walk, who gains one, and whose walk grows."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from assetmap.measures.people import WALK_MINUTES, reach
from assetmap.network import WALK_METRES_PER_MINUTE, Method
from assetmap.space import Floats

NOTICED_MINUTES: Final = 1.0
"""A walk that grows or shrinks by less than this is not counted as changed."""


def change(
    origins: pd.DataFrame,
    before_m: Floats,
    after_m: Floats,
    minutes: float = WALK_MINUTES,
    method: Method = "walking",
) -> pd.DataFrame:
    """Access before and after a change, by neighbourhood, with the same people at both times.

    Parameters
    ----------
    origins
        As :func:`assetmap.measures.origins` gives them.
    before_m, after_m
        ``(len(origins),)`` metres to the nearest place: infinite where none is reached, NaN where not measured.
    minutes
        How long a walk counts as near; exactly that long still does.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code``, every neighbourhood: ``people``; ``share_before`` and ``share_after`` (0 to 1, of the
        people measured); ``people_before`` and ``people_after`` (within the walk); ``people_losing`` (within it before
        and not after) and ``people_gaining``; ``walk_minutes_before`` and ``walk_minutes_after`` (medians of the people
        reached); ``people_further``, whose walk grows by a minute or more or comes to an end, and
        ``extra_minutes``, by how much on average where it still leads somewhere. Not measured is NaN, never 0.
    """
    before, after = (reach(origins, each, minutes, method) for each in (before_m, after_m))
    near_m = minutes * WALK_METRES_PER_MINUTE
    was, still = before_m <= near_m, after_m <= near_m
    with np.errstate(invalid="ignore"):
        extra = np.where(np.isinf(before_m), 0.0, (after_m - before_m) / WALK_METRES_PER_MINUTE)
    further = extra >= NOTICED_MINUTES
    grown = further & np.isfinite(extra)
    answer = pd.DataFrame({"people": before["people"]})
    answer["share_before"], answer["share_after"] = before["share_within"], after["share_within"]
    answer["people_before"], answer["people_after"] = before["people_within"], after["people_within"]
    measured = before["measured"]
    for name, flags in (("losing", was & ~still), ("gaining", still & ~was), ("further", further)):
        answer[f"people_{name}"] = _people(origins, flags).where(measured)
    answer["walk_minutes_before"] = before["walk_minutes_median"]
    answer["walk_minutes_after"] = after["walk_minutes_median"]
    walked = _people(origins, grown)
    total = _sum(origins, origins["people"].to_numpy() * np.where(grown, extra, 0.0))
    answer["extra_minutes"] = total / walked.where(walked > 0)
    return answer


def _people(origins: pd.DataFrame, flags: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pd.Series[float]:
    return _sum(origins, origins["people"].to_numpy() * flags)


def _sum(origins: pd.DataFrame, values: Floats) -> pd.Series[float]:
    return pd.Series(values, index=origins.index).groupby(origins["area_code"], sort=False).sum(skipna=False)
