"""The streets of a place as people walk them: which of its ways, met by which doors, and told in which metres."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from assetmap.chosen import Walking
from assetmap.network.graph import Network, step_free
from assetmap.network.hills import Hills, Relief
from assetmap.network.kept import kept_network
from assetmap.network.meeting import from_doors, meeting
from assetmap.network.snapping import Entries, Snap
from assetmap.space import Floats
from assetmap.tables import Streets


@dataclass(frozen=True, eq=False)
class Walkways:
    """The streets of a place as people walk them.

    Attributes
    ----------
    streets
        All of its streets and paths.
    walking
        How people walk.
    doors_m
        ``(k, 2)`` where doors and postcodes are that meet the streets, in metres on the British National Grid.
    relief
        How high the ground is, where walks allow for hills.
    """

    streets: Streets
    walking: Walking
    doors_m: Floats
    relief: Relief | None = None

    @cached_property
    def walked(self) -> Streets:
        """Those of the streets that are walked."""
        return step_free(self.streets) if self.walking.step_free else self.streets

    @cached_property
    def on_the_level(self) -> Network:
        """The network in metres, every door met; one without nodes where there are no streets."""
        return meeting(kept_network(self.walked), self.doors_m)

    @cached_property
    def hills(self) -> Hills | None:
        """What the ground makes of the streets, where walks allow for hills."""
        return Hills(self.on_the_level, self.relief, self.walked) if self.relief is not None else None

    @cached_property
    def network(self) -> Network:
        """The network that is walked: where walks allow for hills, in metres of level ground that take as long."""
        return self.on_the_level if self.hills is None else self.hills.network

    def from_doors(self, entries: Entries) -> tuple[Entries, Snap]:
        """Where doors, also of places that are only thought of, meet :attr:`network`, in its metres.

        As :func:`assetmap.network.from_doors` does.
        """
        return from_doors(self.on_the_level, entries, parts=None if self.hills is None else self.hills.parts)
