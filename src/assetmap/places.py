"""Where a place's rows come from: one YAML file a place, with its sources."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import Field, field_validator

from assetmap.declarations import Declared, declared, read_declaration
from assetmap.errors import DeclarationError
from assetmap.naming import id_of
from assetmap.sources import File, Source

_SOURCE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


class Place(Declared):
    """A place and its sources.

    Attributes
    ----------
    id
        The file's name without ``.yaml``.
    name
        What people call it.
    about
        A sentence for someone who has never been there.
    authority_code
        Its code at the Office for National Statistics.
    fictional
        A made-up place, said so on every screen and sheet.
    margin_m
        A row this far outside its neighbourhoods is still its own: published outlines are generalised by some metres.
    """

    id: str
    name: str = Field(min_length=2)
    about: str = ""
    authority_code: str | None = None
    fictional: bool = False
    margin_m: float = Field(default=50.0, ge=0, allow_inf_nan=False)
    sources: dict[str, Source] = Field(min_length=1)
    folder: Path

    @field_validator("sources", mode="before")
    @classmethod
    def _named_by_their_keys(cls, sources: Any) -> Any:
        if not isinstance(sources, dict):
            return sources
        return {key: {"id": key, **value} if isinstance(value, dict) else value for key, value in sources.items()}

    @field_validator("sources")
    @classmethod
    def _short_keys(cls, sources: dict[str, Source]) -> dict[str, Source]:
        odd = [repr(key) for key in sources if not _SOURCE_ID.fullmatch(key)]
        if odd:
            raise ValueError(f"{', '.join(odd)}: a source is named in letters, figures, hyphens and underscores")
        return sources

    def source_key(self, source: Source) -> str:
        """``place/source``, by which the store knows it."""
        return f"{self.id}/{source.id}"

    def live(self) -> Place:
        """The same place, with OpenStreetMap asked of a server wherever its sources read an extract."""
        asked = {"reader": "osm_live", "path": "", "source_date": ""}
        sources = {
            key: source.model_copy(update=asked if source.reader == "osm" else {})
            for key, source in self.sources.items()
        }
        return self.model_copy(update={"sources": sources})

    def find(self, file: File, data_root: Path | None) -> Path:
        """Where a file of this place is: beside the place file for ``./``, else under the data folder.

        What the path says may not leave that folder, for somebody else may have written it; a link inside the folder
        may lead anywhere, for whoever keeps the folder put it there.

        Raises
        ------
        DeclarationError
            If the file is under the data folder and none was given, or the path leaves its folder or leads nowhere.
        """
        if file.path.startswith("./"):
            base = self.folder
        elif data_root is not None:
            base = data_root
        else:
            raise DeclarationError(
                f"{self.id}.yaml",
                [f"{file.path} lies under the data folder: give it with --data or set ASSETMAP_REAL_DATA"],
            )
        root = base.resolve()
        path = Path(os.path.normpath(root / file.path))
        if not path.is_relative_to(root):
            raise DeclarationError(f"{self.id}.yaml", [f"the path {file.path} leaves the folder {base}"])
        try:
            path.resolve()
        except (OSError, RuntimeError, ValueError) as fault:
            # a link that leads to itself, or a name that no disk can hold
            raise DeclarationError(f"{self.id}.yaml", [f"the path {file.path!r} cannot be followed"]) from fault
        return path


def read_place(path: Path) -> Place:
    """The place that one file declares; its id is the file's name.

    Raises
    ------
    DeclarationError
        With every fault of the file.
    """
    content = read_declaration(path)
    taken = [f"{key}: this is set from the file itself; take it out" for key in ("id", "folder") if key in content]
    if taken:
        raise DeclarationError(path.name, taken)
    return declared(Place, {"id": path.stem, "folder": path.parent, **content}, path.name)


def place_files(folders: Sequence[Path]) -> dict[str, Path]:
    """The place files in some folders, by the place's id."""
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml"))}


def find_place(name: str, folders: Sequence[Path]) -> Place:
    """The place of that name in some folders of place files, or the one declared by a path that ends ``.yaml``.

    Raises
    ------
    UnknownNameError
        Naming those there are.
    """
    if name.endswith(".yaml"):
        return read_place(Path(name))
    known = place_files(folders)
    return read_place(known[id_of(name, dict.fromkeys(known, ""), "place")])
