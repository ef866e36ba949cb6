"""The domains of deprivation of each neighbourhood and the people they count, in the words of the English Indices.

A domain leans on the neighbourhood's overall place in England and strays from it a little, as the published ones do.
Two lean elsewhere too: services are far from the villages, and old terraces are damp.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np
from numpy.random import Generator


class Domain(NamedTuple):
    """One domain, and how its published score follows from its rank."""

    name: str
    score: str  # the end of the score's header
    curve: str  # rate, score or normal
    times: float  # what the curve is multiplied by
    strays: float


DOMAINS = (
    Domain("Employment", "Score (rate)", "rate", 0.75, 0.18),
    Domain("Education, Skills and Training", "Score", "score", 1.0, 0.30),
    Domain("Health Deprivation and Disability", "Score", "normal", 0.9, 0.25),
    Domain("Crime", "Score", "normal", 0.85, 0.40),
    Domain("Barriers to Housing and Services", "Score", "score", 0.7, 0.45),
    Domain("Living Environment", "Score", "score", 0.9, 0.45),
    Domain("Income Deprivation Affecting Children Index (IDACI)", "Score (rate)", "rate", 1.2, 0.20),
    Domain("Income Deprivation Affecting Older People (IDAOPI)", "Score (rate)", "rate", 1.05, 0.20),
)
LEANS = {
    ("Barriers to Housing and Services", "rural"): 0.12,
    ("Barriers to Housing and Services", "oldtown"): 2.0,
    ("Living Environment", "terrace"): 0.5,
    ("Living Environment", "oldtown"): 0.5,
    ("Living Environment", "newbuild"): 2.5,
}
"""What a domain's place in England is multiplied by for a style of building; below 1 is more deprived."""


def domains(
    share: float, style: str, areas: int, curves: dict[str, tuple[tuple[float, ...], tuple[float, ...]]], rng: Generator
) -> dict[str, Any]:
    """Score, rank and decile of every domain; ``share`` is that of England's neighbourhoods that are more deprived."""
    row: dict[str, Any] = {}
    for domain in DOMAINS:
        strayed = share * float(np.exp(rng.normal(0, domain.strays))) * LEANS.get((domain.name, style), 1.0)
        place = min(0.985, max(0.001, strayed))
        rank = max(1, round(place * areas))
        row[f"{domain.name} {domain.score}"] = f"{_score(domain, rank / areas, curves):.3f}"
        row[f"{domain.name} Rank (where 1 is most deprived)"] = rank
        row[f"{domain.name} Decile (where 1 is most deprived 10% of LSOAs)"] = min(10, (rank - 1) * 10 // areas + 1)
    return row


def _score(domain: Domain, place: float, curves: dict[str, tuple[tuple[float, ...], tuple[float, ...]]]) -> float:
    if domain.curve == "normal":
        return -NormalDist().inv_cdf(min(0.9999, max(0.0001, place))) * domain.times
    score = float(np.interp(place, *curves[domain.curve])) * domain.times
    return min(score, 0.97) if domain.curve == "rate" else score


def people_counted(people: int, share: float, rng: Generator) -> dict[str, int]:
    """Children, older people and people of working age: poorer neighbourhoods are younger, as by the sea elsewhere."""
    children = round(people * (0.15 + 0.09 * (1 - share) + float(rng.normal(0, 0.015))))
    older = round(people * (0.34 - 0.15 * (1 - share) + float(rng.normal(0, 0.02))))
    # without those of 16 and 17, and with those from 60 to 66
    working = people - children - round(people * 0.022) - round(older * 0.72)
    return {
        "Dependent Children aged 0-15: mid 2022": children,
        "Older population aged 60 and over: mid 2022": older,
        "Working age population 18-66 (for use with Employment Deprivation Domain): mid 2022": working,
    }
