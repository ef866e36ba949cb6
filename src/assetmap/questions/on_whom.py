"""On whom something falls: people by tenth of England's deprivation and by age, and how unequal it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from assetmap.errors import QuestionError
from assetmap.measures.inequality import Inequality, Reading, by_decile, inequality
from assetmap.placeview import PlaceView
from assetmap.questions.context import ages
from assetmap.questions.indices import indices

AUTHORITIES_AT_LEAST: Final = 20
"""Of fewer authorities an interval that takes them whole is too narrow: Cameron and Miller 2015 call 20 to 50 few."""


def by_tenth(shapes: gpd.GeoDataFrame, events: str) -> pd.DataFrame:
    """People and people to whom something happens in each tenth of England's deprivation, every tenth in the answer.

    Parameters
    ----------
    shapes
        A row a neighbourhood, with ``people`` and ``deprivation_decile``.
    events
        The column of people to whom it happens.
    """
    figures = shapes[[events, "people", "deprivation_decile"]].astype("float64")
    table = by_decile(figures[events], figures["people"], figures["deprivation_decile"])
    return table.reset_index().rename(columns={"decile": "deprivation_decile", "events": events})


def how_unequal(view: PlaceView, shapes: gpd.GeoDataFrame, events: str, reading: Reading) -> Inequality:
    """Whether the share of people to whom something happens is higher where deprivation is.

    In a place of many authorities, such as England, each of them is taken whole (:func:`authorities_of`).

    Parameters
    ----------
    shapes
        A row a neighbourhood, in the order of ``view.areas``, with ``people``.
    events, reading
        The column of people to whom it happens, and what that is.
    """
    people = shapes["people"].astype("float64")
    share = shapes[events].astype("float64") / people.where(people > 0)
    rank = pd.Series(view.areas["imd_rank"].astype("float64").to_numpy(), index=shapes.index)
    authorities = authorities_of(view)
    if authorities is not None:
        authorities = pd.Series(authorities.to_numpy(), index=shapes.index)
    return inequality(share, people, rank, reading, authorities)


def authorities_of(view: PlaceView) -> pd.Series[str] | None:
    """The authority of each neighbourhood, by its code, in the order of ``view.areas``.

    Returns
    -------
    pandas.Series or None
        ``None`` where it is not known of every neighbourhood, or there are fewer than :data:`AUTHORITIES_AT_LEAST`.
    """
    try:
        known = indices(view).rows["authority"]
    except QuestionError:  # no Indices are loaded, and nothing else tells of authorities
        return None
    told = known.reindex(view.areas["area_code"])
    return told if told.notna().all() and told.nunique() >= AUTHORITIES_AT_LEAST else None


def inequality_table(found: Inequality) -> pd.DataFrame:
    """The three indexes of inequality, each with its 95% interval."""
    rows = [
        ("slope index of inequality (share of people, most to least deprived)", found.sii, found.sii_interval),
        ("relative index of inequality", found.rii, found.rii_interval),
        ("concentration index", found.concentration, found.concentration_interval),
    ]
    table = pd.DataFrame([(index, value, *interval) for index, value, interval in rows])
    table.columns = pd.Index(["index", "value", "low_95", "high_95"])
    return table.assign(finding=found.finding, method=found.method)


def by_age(view: PlaceView, shapes: gpd.GeoDataFrame, events: Sequence[str]) -> pd.DataFrame:
    """How old those are to whom something happens: each neighbourhood's ages, shared evenly among its people.

    Returns
    -------
    pandas.DataFrame
        A row an age: ``who``, ``people`` and, for each of ``events``, how many and what share of them; blank where ages
        are not known.
    """
    shares = ages(view).reindex(shapes["neighbourhood_code"])
    titles = {"children aged 0 to 15": "children_share", "people aged 60 and over": "older_people_share"}
    table = pd.DataFrame({"who": list(titles)})
    for column in ("people", *events):
        count = shapes[column].to_numpy(dtype=np.float64, na_value=np.nan)
        parts = [shares[name].to_numpy(dtype=np.float64) * count for name in titles.values()]
        table[column] = [float(np.nansum(each)) if np.isfinite(each).any() else np.nan for each in parts]
    for column in events:
        table[column.replace("people_", "share_")] = table[column] / table["people"].where(table["people"] > 0)
    return table
