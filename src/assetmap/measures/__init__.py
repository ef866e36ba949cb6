"""What a neighbourhood can reach, has, needs and has lost: pure functions of arrays and frames, one module a method.

Every function is pure, and every neighbourhood is in every answer. Three things are kept apart throughout: a
neighbourhood with nothing near enough (0), people from whose homes no walk leads to any such place, and a neighbourhood
with nothing to measure from (NaN, "not measured").
"""

from assetmap.measures.change import change
from assetmap.measures.deprivation import (
    DOMAINS,
    EDITIONS,
    OVERALL,
    Domain,
    Edition,
    Summary,
    authority_summaries,
    bridge,
    compare_editions,
    deciles,
    exponential_transform,
    join_to_areas,
    weighted_summary,
)
from assetmap.measures.inequality import Inequality, Reading, by_decile, inequality, ridits
from assetmap.measures.people import (
    FEW_PEOPLE,
    MIDDLE,
    ORIGIN_COLUMNS,
    POSTCODE,
    STREET_NODE,
    WALK_MINUTES,
    at_origins,
    kinds_within,
    origins,
    per_1000,
    provision,
    reach,
)

__all__ = [
    "DOMAINS",
    "EDITIONS",
    "FEW_PEOPLE",
    "MIDDLE",
    "ORIGIN_COLUMNS",
    "OVERALL",
    "POSTCODE",
    "STREET_NODE",
    "WALK_MINUTES",
    "Domain",
    "Edition",
    "Inequality",
    "Reading",
    "Summary",
    "at_origins",
    "authority_summaries",
    "bridge",
    "by_decile",
    "change",
    "compare_editions",
    "deciles",
    "exponential_transform",
    "inequality",
    "join_to_areas",
    "kinds_within",
    "origins",
    "per_1000",
    "provision",
    "reach",
    "ridits",
    "weighted_summary",
]
