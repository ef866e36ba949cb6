"""What a walk on Gaps leads to: every place of a layer, or those of one kind, by the word that the address holds."""

from __future__ import annotations

from typing import Final

from assetmap.errors import QuestionError
from assetmap.placeview import Choice, PlaceView

ANY_KIND: Final = " (any kind)"


def titles(view: PlaceView) -> dict[str, str]:
    """The layers that a walk may lead to, those that gaps are usually about first, each before its kinds.

    Returns
    -------
    dict
        From the word in the address, a layer's id or a kind, to what people read.

    Raises
    ------
    QuestionError
        If nothing stands that people could walk to.
    """
    ordered = sorted(view.layers_here, key=lambda layer: not layer.gaps_first)
    told: dict[str, str] = {}
    for layer in ordered:
        standing = set(view.of_layer(layer)["kind"])
        kinds = {kind: spec.title for kind, spec in layer.kinds.items() if kind in standing and kind != "other"}
        if standing:
            told |= {layer.id: f"{layer.title}{ANY_KIND if kinds else ''}", **kinds}
    if not told:
        raise QuestionError(
            f"Nothing that people could walk to is mapped in {view.name} yet. Load a source of a layer such as "
            f"'{ordered[0].id}', or add what you know."
        )
    return told


def choice(view: PlaceView, word: str) -> Choice:
    """The places that a word of :func:`titles` means."""
    return view.choose(layers=(word,))[0] if word in view.layers else view.kind_choice(word)


def kinds_and_layers(view: PlaceView, word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The same as questions, sheets and packs take it: one kind, or one layer."""
    return ((), (word,)) if word in view.layers else ((word,), ())
