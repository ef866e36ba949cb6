"""The examples in every layer's file hold: given this row, it becomes that."""

from __future__ import annotations

import pytest

from assetmap.examples import faults_of
from assetmap.layers import Example, Layer
from registers import LAYERS

EXAMPLES = [(layer, example) for layer in LAYERS.values() for example in layer.examples]


@pytest.mark.parametrize(("layer", "example"), EXAMPLES, ids=[f"{layer.id}: {e.says}" for layer, e in EXAMPLES])
def test_the_example_holds(layer: Layer, example: Example) -> None:
    assert faults_of(layer.model_copy(update={"examples": (example,)})) == []


HALL = {"name": "Hall", "kind": "hall", "lon": "-1.26", "lat": "52.15"}


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ({"becomes": {"kind": "library"}}, "kind became 'hall', not 'library'."),
        ({"becomes": {"kind": "hall"}, "raises": {"field": "name", "kind": "suspect_text"}}, "It raised []"),
        ({"set_aside": "a rule that is not there"}, "It was not set aside by that rule"),
        ({"given": {**HALL, "name": "<b>"}, "becomes": {"kind": "hall"}}, "It raised [('name', 'suspect_text')]."),
        ({"given": {"name": "Hall"}, "becomes": {"kind": "hall"}}, "It was not stored."),
        ({"raises": {"field": "kind", "kind": "unknown_kind"}}, "It was stored."),
    ],
)
def test_an_example_that_does_not_hold_is_told(broken: dict[str, object], told: str) -> None:
    example = Example.model_validate({"says": "A hall.", "given": HALL, **broken})
    layer = LAYERS["community_buildings"].model_copy(update={"examples": (example,)})
    assert told in " ".join(faults_of(layer))
