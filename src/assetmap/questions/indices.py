"""One edition of the Indices of Deprivation as a place holds it: as published, among authorities, or led across."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from assetmap.errors import QuestionError, UnknownNameError
from assetmap.layers import Layer
from assetmap.measures.deprivation import (
    DOMAINS,
    EDITIONS,
    Edition,
    authority_summaries,
    rebuilt_score,
)
from assetmap.measures.editions import MERGED, REDRAWN, SPLIT, UNCHANGED, bridge, join_to_areas
from assetmap.placeview import PlaceView
from assetmap.questions.gap_index import NEEDS

REBUILT_WITHIN: Final = 0.001
"""How far a score rebuilt from the ranks of a part of England is off at most: 2025 shows it, with both published."""

OF_WHOM: Final = {"employment": "working_age", "idaci": "children", "idaopi": "older_people"}
"""The people whom a domain is about, where that is not everybody: the field that counts them."""

NO_LOOKUP: Final = "refused: the lookup of what became of neighbourhoods is not loaded"

_IN_ORDER: Final = tuple(NEEDS)[1 : len(DOMAINS) + 1]
"""The fields of the domains, in the order of :data:`assetmap.measures.deprivation.DOMAINS`."""

_RANKS: Final = [f"{name}_rank" for name in _IN_ORDER]

_LETTERS: Final = {"unchanged": UNCHANGED, "split": SPLIT, "merged": MERGED, "redrawn": REDRAWN}


@dataclass(frozen=True, eq=False)
class Indices:
    """One edition and domain, about the neighbourhoods it was drawn up for.

    Attributes
    ----------
    rows
        Indexed by code: ``rank``, ``score`` and ``people`` (NaN where not known), ``weight``, the people whom the
        averages are over, and ``authority`` and ``authority_name`` (``None`` where not known).
    rebuilt
        Whether the scores are put together from the ranks of the domains, none being published with them.
    ties_told
        Whether they are so among all of England, where neighbourhoods that tie can be told.
    of_whom
        The field of the people whom the averages are over: one of :data:`OF_WHOM`, or ``population``.
    """

    edition: Edition
    domain: str
    rows: pd.DataFrame
    rebuilt: bool
    ties_told: bool = False
    of_whom: str = "population"


def layer_of_indices(view: PlaceView) -> Layer:
    """The layer that holds the Indices.

    Raises
    ------
    QuestionError
        If none is declared.
    """
    found = _layers_with(view, "imd_rank", "population")
    if not found:
        raise QuestionError("No layer of figures with the fields 'imd_rank' and 'population' is declared.")
    return found[0]


def editions_of(view: PlaceView) -> list[int]:
    """The years of the editions that are loaded for a place, oldest first."""
    figures = view.figures(layer_of_indices(view).id)
    return sorted({int(year) for year in figures["edition"].dropna()} & set(EDITIONS))


def domains_of(view: PlaceView, year: int) -> list[str]:
    """What an edition that is loaded for a place has ranks of: ``imd``, domains, the two indices of income."""
    figures = view.figures(layer_of_indices(view).id)
    ranked = figures[figures["edition"] == year].notna().any()
    return [domain for domain in NEEDS if ranked[f"{domain}_rank"]]


def _of_here(view: PlaceView, figures: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """The figures of the place's own neighbourhoods; all of them where these are of another drawing.

    Raises
    ------
    QuestionError
        If no neighbourhood of the place is among them.
    """
    if {str(each) for each in view.areas["geography"]} != {edition.geography}:
        return figures
    here = figures[figures.index.isin(view.areas["area_code"])]
    if len(figures) and here.empty:
        raise QuestionError(
            f"The Indices of {edition.year} that are loaded tell of other neighbourhoods than those of {view.name}: no "
            "code is in both. Load the neighbourhoods whose codes the Indices use, or the Indices of these."
        )
    return here


def indices(view: PlaceView, year: int | None = None, domain: str = "imd") -> Indices:
    """One edition of the Indices for a place, the newest unless another is asked for.

    Raises
    ------
    UnknownNameError
        If the domain is not known, or the edition is not among those that are loaded.
    QuestionError
        If none is, or no neighbourhood has a rank of the domain.
    """
    if domain not in NEEDS:
        raise UnknownNameError("domain of deprivation", domain, tuple(NEEDS))
    layer = layer_of_indices(view)
    held = editions_of(view)
    if not held:
        raise QuestionError(
            f"No Indices of Deprivation are loaded for {view.name}. Load a source of the layer '{layer.id}' for it."
        )
    if year is not None and year not in held:
        raise UnknownNameError("edition of the Indices loaded here", str(year), [str(each) for each in held])
    edition = EDITIONS[held[-1] if year is None else year]
    figures = view.figures(layer.id)
    figures = figures[(figures["edition"] == edition.year) & (figures["geography"] == edition.geography)]
    figures = _of_here(view, figures[~figures.index.duplicated(keep="last")], edition)
    if figures[f"{domain}_rank"].isna().all():
        known = [name for name in NEEDS if figures[f"{name}_rank"].notna().any()]
        raise QuestionError(
            f"'{NEEDS[domain]}' is not measured for {view.name}: no neighbourhood has a rank of it in the Indices of "
            f"{edition.year} that are loaded. These have one: {', '.join(known)}."
        )
    score = figures[f"{domain}_score"].astype("float64")
    rebuilt = domain == "imd" and bool(score.isna().all())
    of_whom = OF_WHOM.get(domain, "population")
    if figures[of_whom].isna().any():
        of_whom = "population"
    rows = pd.DataFrame(
        {
            "rank": figures[f"{domain}_rank"].astype("float64"),
            "score": rebuilt_score(figures[_RANKS].astype("float64"), edition.areas) if rebuilt else score,
            "people": figures["population"].astype("float64"),
            "weight": figures[of_whom].astype("float64"),
            "authority": figures.get("authority"),
            "authority_name": figures.get("authority_name"),
        }
    )
    rebuilt &= bool(rows["score"].notna().any())
    return Indices(edition, domain, rows, rebuilt, rebuilt and len(rows) == edition.areas, of_whom)


def with_scores_of(found: Indices, england: Indices) -> Indices:
    """The same neighbourhoods with the scores that were put together among all of England, where any were."""
    if not (found.rebuilt and england.ties_told):
        return found
    rows = found.rows.assign(score=england.rows["score"].reindex(found.rows.index))
    return replace(found, rows=rows, ties_told=True)


def on_areas(view: PlaceView, found: Indices) -> pd.DataFrame:
    """The Indices in the order of a place's own neighbourhoods, led across where these were drawn later.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code``: ``rank`` and ``score``, and ``how`` they came about, in words (see
        :func:`assetmap.measures.editions.bridge`). Without the lookup nothing is led across: NaN, and told.

    Raises
    ------
    QuestionError
        If the neighbourhoods are of an older drawing than the edition, or of several.
    """
    areas, edition = view.areas, found.edition
    drawings = {str(each) for each in areas["geography"]}
    if drawings == {edition.geography} or edition.year != min(EDITIONS):
        table = pd.DataFrame(
            {name: join_to_areas(found.rows[name], edition.geography, areas) for name in ("rank", "score")}
        )
        known = table["rank"].notna()
        return table.assign(how=np.where(known, "published for this neighbourhood", "not known: not in the figures"))
    codes = pd.Index(areas["area_code"], name="area_code")
    lookup = _lookup(view)
    old = found.rows[found.rows.index.isin(lookup["lsoa11cd"])]
    if old.empty:
        return pd.DataFrame({"rank": np.nan, "score": np.nan, "how": NO_LOOKUP}, index=codes)
    led = {name: bridge(old[name], lookup, old["people"]) for name in ("rank", "score")}
    table = pd.DataFrame({name: each["figure"] for name, each in led.items()}).assign(how=led["rank"]["how"])
    return table.reindex(codes).fillna({"how": "not known: not in the lookup"})


def _lookup(view: PlaceView) -> pd.DataFrame:
    """What became of the neighbourhoods of 2011, as :func:`assetmap.measures.editions.bridge` takes it."""
    rows = [pd.DataFrame(columns=["lsoa11cd", "lsoa21cd", "chgind"], dtype=object)]
    for layer in _layers_with(view, "became", "change"):
        told = view.figures(layer.id)
        rows.append(
            pd.DataFrame(
                {
                    "lsoa11cd": told.index,
                    "lsoa21cd": told["became"].to_numpy(),
                    "chgind": told["change"].map(_LETTERS).to_numpy(),
                }
            )
        )
    return pd.concat(rows, ignore_index=True).dropna()


def _layers_with(view: PlaceView, *fields: str) -> list[Layer]:
    return [layer for layer in view.layers.values() if layer.holds == "figures" and {*fields} <= set(layer.fields)]


@dataclass(frozen=True, eq=False)
class Beside:
    """England and its authorities in one edition, by the definitions of the official summaries.

    Attributes
    ----------
    authorities
        As :func:`assetmap.measures.deprivation.authority_summaries` gives them, and ``name``.
    england
        The same measures of all of England.
    rows
        England's own :class:`Indices`.
    """

    authorities: pd.DataFrame
    england: pd.Series[float]
    rows: Indices

    def authority(self, codes: pd.Index) -> str | None:
        """The authority that these neighbourhoods are all of; ``None`` where they are a part, or of several."""
        rows = self.rows.rows
        names = rows["authority"].reindex(codes).unique()
        if len(names) != 1 or not isinstance(names[0], str):
            return None
        whole = rows.index[rows["authority"] == names[0]]
        return names[0] if set(whole) == set(codes) else None


def beside_england(england: PlaceView, found: Indices) -> Beside:
    """England in the edition and domain of ``found``.

    Raises
    ------
    QuestionError
        If not every neighbourhood of England is loaded, each with its authority, or not in this edition.
    """
    if found.edition.year not in editions_of(england):
        raise QuestionError(f"The place {england.name} is loaded without the Indices of {found.edition.year}.")
    return england.once(("beside", found.edition.year, found.domain), lambda: _beside(england, found))


def _beside(england: PlaceView, found: Indices) -> Beside:
    all_of = indices(england, found.edition.year, found.domain)
    rows = all_of.rows
    score = rows["score"] if rows["score"].notna().all() else None
    figures = (rows["rank"], rows["weight"], found.edition.areas, score)
    everybody = pd.Series(england.name, index=rows.index)
    whole = authority_summaries(everybody, *figures).iloc[0]
    told = authority_summaries(rows["authority"], *figures)
    # most of an authority's rows name it as it is called now: a merged district may still stand in a few of them
    named = rows.groupby("authority")["authority_name"].agg(_most_usual)
    return Beside(told.assign(name=named.reindex(told.index)), whole, all_of)


def _most_usual(names: pd.Series[str]) -> str | None:
    usual = names.mode()
    return str(usual.iloc[0]) if len(usual) else None
