"""The options that say which part of a place a sheet or a pack tells of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer
from shapely.geometry import Polygon

from assetmap.cli.common import OutlineOption
from assetmap.questions.outlines import read_corners


@dataclass(frozen=True)
class Within:
    """The part of a place that is told of."""

    area: Annotated[
        list[str] | None,
        typer.Option("--area", help="A neighbourhood or part of town to tell of as 'ask profile' does; repeatable."),
    ] = None
    outline: OutlineOption = None

    @property
    def areas(self) -> tuple[str, ...]:
        """The neighbourhoods and parts of town named."""
        return tuple(self.area or ())

    @property
    def drawn(self) -> Polygon | None:
        """The area drawn by hand."""
        return None if self.outline is None else read_corners(self.outline)
