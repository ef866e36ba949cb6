"""What a neighbourhood can reach, has, needs and has lost: pure functions of arrays and frames, one module a method.

Every function is pure, and every neighbourhood is in every answer. Three things are kept apart throughout: a
neighbourhood with nothing near enough (0), people from whose homes no walk leads to any such place, and a neighbourhood
with nothing to measure from (NaN, "not measured").
"""

from assetmap.measures.change import change
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
    "FEW_PEOPLE",
    "MIDDLE",
    "ORIGIN_COLUMNS",
    "POSTCODE",
    "STREET_NODE",
    "WALK_MINUTES",
    "at_origins",
    "change",
    "kinds_within",
    "origins",
    "per_1000",
    "provision",
    "reach",
]
