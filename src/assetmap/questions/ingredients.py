"""The ingredients of a place designed around people: what each is read from, and what no register knows of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from assetmap.layers import Layer
from assetmap.placeview import PlaceView
from assetmap.tables import OPEN, Assets
from assetmap.wording import count_words

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Ingredient:
    """One thing that a good place has.

    Attributes
    ----------
    key
        A word for it that does not change.
    title, one, many
        What it is called at the head of a row, and in a sentence: one with its article, and several.
    themes
        The themes of the layers it is read from; without any, every theme.
    kinds
        Only these kinds; without any, all.
    asks
        What no register knows: asked always.
    empty
        Asked as well where nothing of it is mapped.
    says
        Which rows say that they are of it, where only some of a layer are, and which do not say either way.
    lost
        Read from what has closed instead of from what stands.
    single
        What one is called after its number, where that is not ``one`` without its article.
    """

    key: str
    title: str
    one: str
    many: str
    themes: tuple[str, ...]
    asks: tuple[str, ...]
    empty: str
    kinds: tuple[str, ...] = ()
    says: Callable[[pd.DataFrame], tuple[Flags, Flags]] | None = None
    lost: bool = False
    single: str = ""

    def counted(self, count: float) -> str:
        """``1 place to meet``, ``6 places to meet``."""
        return count_words(count, self.single or self.one.partition(" ")[2], self.many)

    def known(self, view: PlaceView) -> bool:
        """Whether anything that is loaded could tell: a register of it, or one row that says either way."""
        assets, mine, silent = self.rows(view)
        if self.kinds:  # a register of other kinds of its layer does not say that there are none of these
            return bool(view.assets["kind"].isin(self.kinds).any())
        if len(assets) or self.says is None:
            return bool(len(assets)) or bool(view.provenance([layer.id for layer in self.layers(view)]))
        of_layers = view.assets["layer"].isin([layer.id for layer in self.layers(view)]).to_numpy()
        return bool((of_layers & view.assets["status"].isin(OPEN).to_numpy() & ~mine & ~silent).any())

    def layers(self, view: PlaceView) -> list[Layer]:
        """The layers it is read from."""
        if self.lost:
            return [layer for layer in view.layers.values() if layer.tells == "lost"]
        return [
            layer
            for layer in view.layers_here
            if (not self.themes or layer.theme in self.themes) and (not self.kinds or {*self.kinds} & {*layer.kinds})
        ]

    def rows(self, view: PlaceView) -> tuple[Assets, Flags, Flags]:
        """What is of it; which rows of ``view.assets`` these are; and which rows of its layers do not say."""
        assets = view.assets
        if self.lost:
            mine = (assets["status"] == "closed").to_numpy()
        else:
            mine = assets["layer"].isin([layer.id for layer in self.layers(view)]).to_numpy()
            mine = mine & assets["status"].isin(OPEN).to_numpy()
        if self.kinds:
            mine = mine & assets["kind"].isin(self.kinds).to_numpy()
        silent = np.zeros(len(assets), dtype=bool)
        if self.says is not None:
            yes, unsaid = self.says(assets)
            mine, silent = mine & yes, mine & unsaid
        return Assets(assets[mine].reset_index(drop=True)), mine, silent


def _step_free(assets: pd.DataFrame) -> tuple[Flags, Flags]:
    said = assets["step_free"]
    return (said == "yes").to_numpy(), said.isna().to_numpy()


def _free(assets: pd.DataFrame) -> tuple[Flags, Flags]:
    said = assets["cost"].fillna("").astype(str).str.strip().str.casefold()
    return said.str.match(r"free|no charge|none$|£?0(\.0+)?$").to_numpy(dtype=bool), (said == "").to_numpy()


def _staffed(assets: pd.DataFrame) -> tuple[Flags, Flags]:
    hours = assets["staffed_hours_per_week"].astype("float64")
    return (hours > 0).to_numpy(), hours.isna().to_numpy()


INGREDIENTS: Final = (
    Ingredient(
        "meeting", "Places to meet", "a place to meet", "places to meet", ("meeting",),
        ("Who holds the keys, and on which evenings does it stand empty?",
         "Who never comes in, and what would bring them?"),
        "Where do people meet now: a school, the back room of a pub, somebody's kitchen?",
    ),
    Ingredient(
        "streets", "Streets for people", "a street for people", "streets for people", ("streets",),
        ("Where do people sit and talk, and where would they if there were a bench?",),
        "Which street would neighbours close to cars for an afternoon, and who would steward it?",
    ),
    Ingredient(
        "public_land", "Public land and buildings", "public land or a public building",
        "pieces of public land and public buildings", ("public_land",),
        ("What stands empty or is hardly used, and who decides about it?",),
        "What do the council, the health service, the police or the railway own here?",
        single="piece of public land or public building",
    ),
    Ingredient(
        "wealth", "Owned by the community", "something that the community owns",
        "things that the community owns", ("wealth",),
        ("Who may join, and who decides what is done with what it earns?",),
        "Which building, pub, shop or field would people buy together if it came up for sale?",
        single="thing that the community owns",
    ),
    Ingredient(
        "green", "Green, growing, playing", "a green place", "green places", ("green",),
        ("Who looks after it, and is it somewhere that people of all ages feel safe?",),
        "Where could something be grown: a verge, a roof, the corner of a car park?",
    ),
    Ingredient(
        "high_street", "Community uses of a high street", "a café, shop or pub that is for the community",
        "community cafés, shops and pubs", (),
        (
            "Walk the high street: how many fronts are shops, how many are for the community, how many are betting "
            "shops, how many are empty?",
        ),
        "Which empty shop could open its doors to a club, a library corner or a repair café?",
        kinds=("community_cafe", "community_shop", "community_pub", "cooperative", "credit_union"),
    ),
    Ingredient(
        "groups", "Groups and connectors", "a group or connector", "groups and connectors", ("groups",),
        ("Who brings people together here, and would they like to be named?",
         "What are people good at that nobody asks for?"),
        "Who does the shopping for a neighbour, runs the lunch club, knows everybody? Ask them first.",
    ),
    Ingredient(
        "step_free", "Step-free", "somewhere said to be step-free", "places said to be step-free", (),
        ("Is it step-free on the day: is the ramp out, does the lift work, is the toilet open?",),
        "Who cannot get in, and where?", says=_step_free,
    ),
    Ingredient(
        "free", "Free of charge", "somewhere said to be free of charge", "places said to be free of charge", (),
        ("What does it really cost to come: the fare, a coffee, the hire of the room?",),
        "Where can one spend an afternoon without spending money?", says=_free,
    ),
    Ingredient(
        "staffed", "Hours with staff", "somewhere said to have staff", "places said to have staff", (),
        ("Is anybody there to help when people are free to come: evenings, weekends, school holidays?",),
        "Where is there somebody to talk to?", says=_staffed,
    ),
    Ingredient(
        "lost", "What has closed", "what has closed", "that have closed", (),
        ("What did it do for people that nothing does now, and what stands in its place?",),
        "What was here once that people still speak of?", lost=True,
    ),
)  # fmt: skip
"""In no order of worth; nothing adds them up."""
