"""Whether something falls evenly on more and on less deprived neighbourhoods, with how sure that is.

People are put in a row from the most deprived neighbourhood (0) to the least (1); each neighbourhood stands at the
middle of its own people in that row (its ridit), and neighbourhoods of the same rank stand together. Then:

- slope index of inequality (SII): the slope of the figure on the place in the row, by least squares weighted by
  people: how much the figure differs between the two ends of the row, in its own units;
- relative index of inequality (RII): SII / mean;
- concentration index: C = 2 cov(y, R) / mean, people-weighted (Kakwani, Wagstaff and van Doorslaer 1997), which is the
  slope of 2 var(R) y / mean on R, their "convenient regression": so C = 2 var(R) RII.

Intervals of 95% come from standard errors robust to unequal spread (HC1) and Student's t on n - 2 degrees of freedom,
n the neighbourhoods. Those of RII and C take the mean as known, so that the three agree on whether they hold 0. They
treat neighbourhoods as independent; neighbours are not quite, so the truth is a little less sure than they say.

What councils decide, neighbourhoods of one council share. Where their authorities are given, the errors are robust to
all that the neighbourhoods of one have in common (Liang and Zeger 1986; CR1: G / (G - 1) (n - 1) / (n - k), as in
Cameron and Miller 2015), on G - 1 degrees of freedom, G the authorities. With a neighbourhood each that is HC1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtr, stdtrit

from assetmap.errors import QuestionError
from assetmap.measures.by_area import divided
from assetmap.space import Floats

Reading = Literal["losses", "would lose", "would gain", "access", "distance"]
"""What the figure tells: something lost, or that would be, or gained; within reach (more is better); how far away."""

Interval = tuple[float, float]

CONFIDENCE: Final = 0.95
METHOD: Final = (
    "Least squares on the ridit of deprivation, weighted by people; 95% intervals from HC1 standard errors and "
    "Student's t; the mean is taken as known."
)
METHOD_BY_AUTHORITY: Final = (
    "Least squares on the ridit of deprivation, weighted by people; 95% intervals from standard errors clustered by "
    "authority, because each decides for all of its neighbourhoods (CR1, {} authorities), and Student's t; the mean is "
    "taken as known."
)
CURVED_BELOW: Final = 0.05
"""With a smaller p of the squared term, the figure does not change evenly along the row."""

_EXACT: Final = 1e-12
_NOTHING: Final[Interval] = (float("nan"), float("nan"))

_TOO_FEW: Final = "There are too few neighbourhoods to say {}: it takes three or more that are not equally deprived."
_TOO_FEW_AUTHORITIES: Final = "There are too few authorities to say {}: it takes three or more."
_BY_AUTHORITY: Final = " Judged by {} authorities, each taken whole."
_UNCLEAR: Final = (
    "Across all neighbourhoods, from the most to the least deprived, it is not clear {}: the difference may be chance."
)
_BENT: Final = (
    " It does not rise or fall steadily with deprivation, so look at each tenth of England's neighbourhoods too."
)

_FINDINGS: Final[dict[Reading, tuple[str, str, str]]] = {
    "losses": (
        "Losses fell harder on more deprived neighbourhoods.",
        "Losses fell harder on less deprived neighbourhoods.",
        "whether losses fell harder on more or on less deprived ones",
    ),
    "would lose": (
        "Losses would fall harder on more deprived neighbourhoods.",
        "Losses would fall harder on less deprived neighbourhoods.",
        "whether losses would fall harder on more or on less deprived ones",
    ),
    "would gain": (
        "More deprived neighbourhoods would gain more.",
        "Less deprived neighbourhoods would gain more.",
        "whether more or less deprived ones would gain more",
    ),
    "access": (
        "More deprived neighbourhoods have more within reach.",
        "Less deprived neighbourhoods have more within reach.",
        "whether more or less deprived ones have more within reach",
    ),
    "distance": (
        "It is further from more deprived neighbourhoods.",
        "It is further from less deprived neighbourhoods.",
        "whether it is further from more or from less deprived ones",
    ),
}


@dataclass(frozen=True)
class Inequality:
    """What :func:`inequality` finds. Below 0, an index says that the figure is higher where deprivation is.

    Attributes
    ----------
    areas, people, areas_left_out
        How many neighbourhoods and people it rests on, and how many neighbourhoods had a figure, rank, number of
        people or authority missing, or nobody living in them.
    mean
        The figure's mean over people.
    sii, rii, concentration
        With their intervals; NaN where they cannot be had (see :func:`inequality`).
    curve_p
        p of a squared term added to the line; small when a straight line does not fit. NaN with fewer than four
        neighbourhoods of different rank.
    finding
        What it says, in words.
    authorities
        How many authorities the intervals take whole; ``None`` where they take neighbourhoods one by one.
    """

    areas: int
    people: float
    areas_left_out: int
    mean: float
    sii: float
    sii_interval: Interval
    rii: float
    rii_interval: Interval
    concentration: float
    concentration_interval: Interval
    curve_p: float
    finding: str
    authorities: int | None = None

    @property
    def method(self) -> str:
        """How it is worked out, in a sentence."""
        return METHOD if self.authorities is None else METHOD_BY_AUTHORITY.format(self.authorities)

    @property
    def straight(self) -> bool | None:
        """Whether a straight line fits; ``None`` with too few neighbourhoods to tell."""
        return None if np.isnan(self.curve_p) else self.curve_p >= CURVED_BELOW


def ridits(rank: pd.Series[float], people: pd.Series[float]) -> pd.Series[float]:
    """Where the middle of each neighbourhood's people stands in the row from most (0) to least deprived (1).

    Parameters
    ----------
    rank
        1 is the most deprived. Neighbourhoods of the same rank stand together and share one middle.
    people
        With the same index, none missing, and not all 0.

    Returns
    -------
    pandas.Series
        Above 0 and below 1, with the same index; their mean over people is 0.5.
    """
    return pd.Series(_ridits(np.asarray(rank), np.asarray(people, dtype=np.float64)), index=rank.index)


def _ridits(rank: Floats, people: Floats) -> Floats:
    _, position = np.unique(rank, return_inverse=True)
    by_rank = np.bincount(position, people)
    middle = (np.cumsum(by_rank) - by_rank / 2) / by_rank.sum()
    return np.asarray(middle[position], dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Sample:
    """The neighbourhoods that are compared.

    Attributes
    ----------
    y, weight, place
        ``(areas,)`` the figure, what it weighs (1 on average), and where the neighbourhood stands in the row.
    cluster
        ``(areas,)`` the number of its authority, from 0; ``None`` where each stands by itself.
    """

    y: Floats
    weight: Floats
    place: Floats
    cluster: npt.NDArray[np.intp] | None

    @property
    def authorities(self) -> int | None:
        return None if self.cluster is None else int(self.cluster.max()) + 1

    def degrees(self, columns: int) -> int:
        """The degrees of freedom of a line with so many columns."""
        return len(self.y) - columns if self.authorities is None else min(self.authorities - 1, len(self.y) - columns)

    @property
    def constant(self) -> bool:
        """Whether the figure is the same everywhere, but for a rounding."""
        return bool(np.ptp(self.y) <= _EXACT * np.abs(self.y).max())

    @property
    def enough(self) -> bool:
        """Whether there are enough for an interval: three neighbourhoods or more, and three authorities."""
        return len(self.y) > 2 and (self.authorities is None or self.authorities > 2)


def inequality(
    values: pd.Series[float],
    people: pd.Series[float],
    rank: pd.Series[float],
    reading: Reading = "losses",
    authorities: pd.Series[str] | None = None,
) -> Inequality:
    """Whether a figure is higher in more or in less deprived neighbourhoods.

    Parameters
    ----------
    values
        One a neighbourhood, such as a share of people, in any unit.
    people, rank
        Of each neighbourhood, with the same index; rank 1 is the most deprived. Where any of the three is missing or
        infinite, or nobody lives, the neighbourhood is left out and counted.
    reading
        What the figure tells, for the words of the finding.
    authorities
        The authority of each neighbourhood, with the same index, for a figure that authorities decide: intervals then
        allow for all that the neighbourhoods of one share. Where it is missing, the neighbourhood is left out. With few
        of them (fewer than 20 to 50: Cameron and Miller 2015) such intervals are too narrow.

    Returns
    -------
    Inequality
        RII and C are NaN where the mean is not above 0. The slope is NaN unless two neighbourhoods differ in rank, and
        the intervals unless there are three neighbourhoods or more, of three authorities or more where these are given;
        then the finding is that one cannot tell, as it is where the interval of the slope holds 0.
    """
    given = np.column_stack([_floats(each).reindex(values.index) for each in (values, people, rank)])
    named = np.zeros(len(given), dtype=np.intp)
    if authorities is not None:
        named = pd.factorize(authorities.reindex(values.index))[0]
    kept = np.isfinite(given).all(axis=1) & (given[:, 1] > 0) & (named >= 0)
    used, left_out = given[kept], int(len(given) - kept.sum())
    if not len(used):
        return _blank(0, 0.0, left_out, float("nan"), reading)
    y, living, ranked = used.T
    cluster = None if authorities is None else np.unique(named[kept], return_inverse=True)[1]
    sample = _Sample(y, living / living.mean(), _ridits(ranked, living), cluster)
    mean = float(np.average(y, weights=sample.weight))
    total = float(living.sum())
    if len(np.unique(sample.place)) < 2:
        return _blank(len(used), total, left_out, mean, reading)
    sii, interval = _slope(sample)
    # a mean that is only rounding is no mean to divide by
    share = 1.0 / mean if mean > _EXACT * float(np.abs(y).max()) else float("nan")
    doubled = 2.0 * float(np.average((sample.place - 0.5) ** 2, weights=sample.weight)) * share
    curve_p = _curve_p(sample)
    return Inequality(
        areas=len(used),
        people=total,
        areas_left_out=left_out,
        mean=mean,
        sii=sii,
        sii_interval=interval,
        rii=sii * share,
        rii_interval=_times(interval, share),
        concentration=sii * doubled,
        concentration_interval=_times(interval, doubled),
        curve_p=curve_p,
        finding=_finding(sample, interval, curve_p, reading),
        authorities=sample.authorities,
    )


def by_decile(values: pd.Series[float], people: pd.Series[float], deciles: pd.Series[float]) -> pd.DataFrame:
    """People, events and events for every 1,000 people in each tenth of England by deprivation.

    Parameters
    ----------
    values
        How many events each neighbourhood had, such as people who lost a place within a walk. NaN is not measured.
    people, deciles
        Of each neighbourhood, with the same index. Decile 1 is the most deprived; where it is missing, the
        neighbourhood is in no row of the answer.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``decile``, 1 to 10, every one: ``areas``; ``people`` and ``events`` of the areas measured; their
        ``per_1000``, NaN where nobody lives or is known to; ``areas_not_measured``, whose events or people are missing.
        A decile with areas of which none is measured has NaN events; one without areas has 0.

    Raises
    ------
    QuestionError
        If a decile is not a whole number from 1 to 10.
    """
    told = deciles.notna().to_numpy()
    events, people_, decile = (np.asarray(_floats(each))[told] for each in (values, people, deciles))
    strange = decile[~np.isin(decile, np.arange(1, 11))]
    if len(strange):
        raise QuestionError(f"{strange[0]:g} is no decile: they run from 1, the most deprived, to 10.")
    position = decile.astype(np.intp) - 1
    measured = ~np.isnan(events) & ~np.isnan(people_)
    areas, known = np.bincount(position, minlength=10), np.bincount(position[measured], minlength=10)
    living, sums = (
        np.asarray(np.bincount(position[measured], each[measured], minlength=10), dtype=np.float64)
        for each in (people_, events)
    )
    happened = np.where((known > 0) | (areas == 0), sums, np.nan)
    return pd.DataFrame(
        {
            "areas": areas,
            "people": living,
            "events": happened,
            "per_1000": 1000.0 * divided(happened, living),
            "areas_not_measured": areas - known,
        },
        index=pd.RangeIndex(1, 11, name="decile"),
    )


def _floats(values: pd.Series[float]) -> pd.Series[float]:
    return pd.Series(pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan), index=values.index)


def _blank(areas: int, people: float, left_out: int, mean: float, reading: Reading) -> Inequality:
    """Nothing to compare: no neighbourhood, or none that differ in rank."""
    nan = float("nan")
    finding = _TOO_FEW.format(_FINDINGS[reading][2])
    return Inequality(areas, people, left_out, mean, nan, _NOTHING, nan, _NOTHING, nan, _NOTHING, nan, finding)


def _fit(sample: _Sample, columns: list[Floats]) -> tuple[float, float]:
    """The last column's coefficient by weighted least squares, and its robust standard error (NaN when n is too small).

    The sandwich of White (1980), its filling summed by authority where these are given: see the head of this module.
    """
    x, weight = np.column_stack(columns), sample.weight
    n, k = x.shape
    bread = np.linalg.inv(x.T @ (x * weight[:, None]))
    beta = bread @ (x.T @ (weight * sample.y))
    clusters = n if sample.authorities is None else sample.authorities
    if n <= k or clusters < 2:
        return float(beta[-1]), float("nan")
    scores = x * (weight * (sample.y - x @ beta))[:, None]
    if sample.cluster is not None:
        scores = np.column_stack([np.bincount(sample.cluster, column) for column in scores.T])
    counted_for = clusters / (clusters - 1) * (n - 1) / (n - k)
    return float(beta[-1]), float(np.sqrt((bread @ (scores.T @ scores) @ bread)[-1, -1] * counted_for))


def _slope(sample: _Sample) -> tuple[float, Interval]:
    if sample.constant:
        return 0.0, (0.0, 0.0) if sample.enough else _NOTHING
    slope, error = _fit(sample, [np.ones_like(sample.y), sample.place - 0.5])
    reach = float(stdtrit(sample.degrees(2), (1 + CONFIDENCE) / 2)) * error if sample.enough else float("nan")
    return slope, (slope - reach, slope + reach)


def _curve_p(sample: _Sample) -> float:
    """Two-sided p of a squared term; 1 where the line goes through every point."""
    if len(np.unique(sample.place)) < 4 or not sample.enough:
        return float("nan")
    line = [np.ones_like(sample.y), sample.place - 0.5]
    squared, error = _fit(sample, [*line, (sample.place - 0.5) ** 2])
    # what is left of an exact line is rounding, and p of rounding says nothing
    if abs(squared) <= 1e3 * _EXACT * max(float(np.abs(sample.y).max()), np.finfo(float).tiny):
        return 1.0
    return 2.0 * float(stdtr(sample.degrees(3), -abs(squared) / error)) if error > 0 else 0.0


def _times(interval: Interval, factor: float) -> Interval:
    return interval[0] * factor, interval[1] * factor


def _finding(sample: _Sample, interval: Interval, curve_p: float, reading: Reading) -> str:
    harder_on_more, harder_on_less, whether = _FINDINGS[reading]
    low, high = interval
    if np.isnan(low):
        return (_TOO_FEW if len(sample.y) < 3 else _TOO_FEW_AUTHORITIES).format(whether)
    if sample.constant:
        return "It is the same in every neighbourhood, however deprived."
    said = _UNCLEAR.format(whether) if low <= 0 <= high else harder_on_more if high < 0 else harder_on_less
    judged = "" if sample.authorities is None else _BY_AUTHORITY.format(sample.authorities)
    return said + (_BENT if curve_p < CURVED_BELOW else "") + judged
