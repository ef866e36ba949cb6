"""What each answer is worked out by, as a formula, and where it was published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True)
class Formula:
    """One formula in plain signs, what its letters are, and who published it; ``source`` may be empty."""

    says: str
    source: str = ""

    def __str__(self) -> str:
        return f"{self.says} ({self.source})" if self.source else self.says


REACH: Final = Formula(
    "share = Σ P_o [d_o ≤ L] / Σ P_o, over the places o where people set out: P_o people, d_o the shortest walk, "
    "L the walk asked about",
    "shortest walks: Dijkstra 1959",
)
PROVISION: Final = Formula("for every 1,000 = 1000 n / P: n places, P people")

_TWO_STEPS: Final = (
    "R_j = S_j / Σ_i P_i W(d_ij), A_i = Σ_j R_j W(d_ij): S_j what a place offers, P_i people, W a weight"
)
ACCESS: Final[Mapping[str, Formula]] = MappingProxyType(
    {
        "2sfca": Formula(f"{_TWO_STEPS} of 1 within the walk and 0 beyond", "Luo and Wang 2003"),
        "e2sfca": Formula(f"{_TWO_STEPS} of 1 up to 400 m, 0.68 up to 800 m, 0.22 up to 1,600 m", "Luo and Qi 2009"),
        "3sfca": Formula(
            "R_j = S_j / Σ_i G_ij P_i W(d_ij), A_i = Σ_j G_ij R_j W(d_ij), G_ij = W(d_ij) / Σ_k W(d_ik): S_j what a "
            "place offers, P_i people, W a weight of 1 up to 400 m, 0.68 up to 800 m, 0.22 up to 1,600 m",
            "Wan, Zou and Sternberg 2012",
        ),
        "gravity": Formula(
            "A_i = Σ_j S_j 100 m / max(d_ij, 100 m), over walks of up to an hour: S_j what a place offers, d_ij the "
            "walk",
            "Hansen 1959",
        ),
        "cumulative": Formula("A_i = Σ_j S_j [d_ij ≤ L]: S_j what a place offers, d_ij the walk, L the limit"),
    }
)

GAP: Final = Formula(
    "gap_i = Π_k r_ik ^ (w_k / Σ w): r_ik the share of neighbourhoods that part k is lower in, ties halved, w_k its "
    "weight",
    "OECD and JRC, Handbook on Constructing Composite Indicators, 2008",
)
PATTERNS: Final = (
    Formula("I_i ∝ z_i Σ_j w_ij z_j: z the score in standard units, w_ij 1 for neighbours", "Anselin 1995"),
    Formula("Gi* = Σ_j w_ij x_j / Σ_j x_j, i among its own neighbours, as a z-score", "Getis and Ord 1992"),
    Formula("q: p corrected for asking about every neighbourhood", "Benjamini and Hochberg 1995"),
)
INEQUALITY: Final = (
    Formula(
        "SII = b in y_i = a + b R_i, by least squares weighted by people, and RII = SII / mean: R_i the place of a "
        "neighbourhood's people in the row from most to least deprived, 0 to 1",
        "Mackenbach and Kunst 1997",
    ),
    Formula("C = 2 cov(y, R) / mean, weighted by people", "Kakwani, Wagstaff and van Doorslaer 1997"),
)
CLOSED: Final = Formula(
    "lost = the rows whose register says closed, each counted once, in the years asked by the date it closed; "
    "without years, those of no date as well"
)
LOSES: Final = Formula(
    "people who lose = Σ P_o [before_o ≤ L < after_o], who gain the other way round: P_o people, L the walk",
    "shortest walks: Dijkstra 1959",
)
COVERING: Final = Formula(
    "the k sites S with most Σ_o P_o [min over j in S of d_oj ≤ L], over people whom no place is near yet",
    "Church and ReVelle 1974",
)
MEDIAN: Final = Formula(
    "the k sites S with least Σ_o P_o min over j in S and E of d_oj, an hour at most: E the existing places",
    "Hakimi 1964",
)
THROUGH: Final = Formula(
    "through traffic of an edge e = Σ_st σ_st(e) / σ_st, over quickest drives that neither begin nor end in the street",
    "Freeman 1977, Brandes 2001",
)
ALIKE: Final = Formula(
    "d(i, j) = √ mean_k ((x_ik - x_jk) / s_k)²: x_k what is known of who lives there, s_k its standard deviation",
    "nearest neighbours: Fix and Hodges 1951",
)
DEPRIVATION: Final = Formula(
    "average rank = Σ P_i (N + 1 - rank_i) / Σ P_i, average score = Σ P_i score_i / Σ P_i: P_i people, N "
    "neighbourhoods ranked in England",
    "English Indices of Deprivation, technical report and summaries of authorities",
)
