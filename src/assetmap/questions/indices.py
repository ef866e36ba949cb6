"""One edition of the Indices of Deprivation as a place holds it: as published, among authorities, or led across."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from assetmap.errors import QuestionError, UnknownNameError
from assetmap.layers import Layer
from assetmap.measures.deprivation import (
    DOMAINS,
    EDITIONS,
    MERGED,
    REDRAWN,
    SPLIT,
    UNCHANGED,
    Edition,
    authority_summaries,
    bridge,
    exponential_transform,
    join_to_areas,
)
from assetmap.placeview import PlaceView
from assetmap.questions.gap_index import NEEDS

REBUILT_WITHIN: Final = 0.001
"""How far a score rebuilt from ranks is off at most, as 2025 shows, where both are published; averages no further."""

NO_LOOKUP: Final = "refused: the lookup of what became of neighbourhoods is not loaded"

_IN_ORDER: Final = tuple(name for name in NEEDS if name != "imd")
"""The fields of the domains, in the order of :data:`assetmap.measures.deprivation.DOMAINS`."""

_LETTERS: Final = {"unchanged": UNCHANGED, "split": SPLIT, "merged": MERGED, "redrawn": REDRAWN}


@dataclass(frozen=True, eq=False)
class Indices:
    """One edition and domain, about the neighbourhoods it was drawn up for.

    Attributes
    ----------
    rows
        Indexed by code: ``rank``, ``score`` and ``people`` (NaN where not known) and ``authority`` (``None`` likewise).
    rebuilt
        Whether the scores are put together from the ranks of the domains, none being published with them.
    """

    edition: Edition
    domain: str
    rows: pd.DataFrame
    rebuilt: bool


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


def indices(view: PlaceView, year: int | None = None, domain: str = "imd") -> Indices:
    """One edition of the Indices for a place, the newest unless another is asked for.

    Raises
    ------
    UnknownNameError
        If the domain is not known, or the edition is not among those that are loaded.
    QuestionError
        If none is.
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
    figures = figures[~figures.index.duplicated(keep="last")]
    score = figures[f"{domain}_score"].astype("float64")
    rebuilt = domain == "imd" and score.isna().all()
    rows = pd.DataFrame(
        {
            "rank": figures[f"{domain}_rank"].astype("float64"),
            "score": _rebuilt_score(figures, edition) if rebuilt else score,
            "people": figures["population"].astype("float64"),
            "authority": figures.get("authority"),
        }
    )
    return Indices(edition, domain, rows, bool(rebuilt and rows["score"].notna().any()))


def _rebuilt_score(figures: pd.DataFrame, edition: Edition) -> pd.Series[float]:
    """The score that ranks of domains make up by the exponential transform and the published weights."""
    total = np.zeros(len(figures))
    for field, domain in zip(_IN_ORDER, DOMAINS, strict=True):
        rank = figures[f"{field}_rank"].to_numpy(dtype=np.float64, na_value=np.nan)
        total += domain.weight / 100 * exponential_transform((edition.areas + 1 - rank) / edition.areas)
    return pd.Series(total, index=figures.index)


def on_areas(view: PlaceView, found: Indices) -> pd.DataFrame:
    """The Indices in the order of a place's own neighbourhoods, led across where these were drawn later.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``area_code``: ``rank`` and ``score``, and ``how`` they came about, in words (see
        :func:`assetmap.measures.deprivation.bridge`). Without the lookup nothing is led across: NaN, and told.

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
    """What became of the neighbourhoods of 2011, as :func:`assetmap.measures.deprivation.bridge` takes it."""
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
        As :func:`assetmap.measures.deprivation.authority_summaries` gives them.
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
    figures = (rows["rank"], rows["people"], found.edition.areas, score)
    everybody = pd.Series(england.name, index=rows.index)
    whole = authority_summaries(everybody, *figures).iloc[0]
    return Beside(authority_summaries(rows["authority"], *figures), whole, all_of)
