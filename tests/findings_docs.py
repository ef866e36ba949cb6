"""Writes docs/FINDINGS.md from published data: ``python tests/findings_docs.py``. A test holds the file to this.

The files are those of ASSETMAP_REAL_DATA or, without it, of ``../shared/data`` beside the repository.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assetmap.layers import read_layers
from assetmap.loading import load_place
from assetmap.places import read_place
from assetmap.placeview import PlaceView
from assetmap.store import open_store
from finding_england import england
from finding_rutland import rutland
from finding_trafford import trafford

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "FINDINGS.md"
CHAPTERS = {"rutland": rutland, "trafford": trafford, "england": england}
OPENING = """# Findings

Written from published data by `python tests/findings_docs.py`; do not edit it by hand. Every number comes from the
code. People are those of mid-2022; a walk is 80 metres a minute.
"""


@contextmanager
def views(data: Path, folder: Path) -> Iterator[dict[str, PlaceView]]:
    """The places of the chapters, loaded into a store of their own."""
    layers = read_layers(ROOT / "layers")
    with open_store(folder / "findings.gpkg") as store:
        for name in CHAPTERS:
            outcomes = load_place(store, read_place(ROOT / "data" / "places" / f"{name}.yaml"), layers, data)
            faults = [f"{outcome.source}: {outcome.fault}" for outcome in outcomes if outcome.fault]
            if faults:
                raise RuntimeError("; ".join(faults))
        yield {name: PlaceView(store, name, layers) for name in CHAPTERS}


def page(places: dict[str, PlaceView]) -> str:
    return "\n".join([OPENING, *(chapter(places[name]).markdown() for name, chapter in CHAPTERS.items())])


def main() -> None:
    data = Path(os.environ.get("ASSETMAP_REAL_DATA") or ROOT.parent / "shared" / "data")
    if not (data / "england").is_dir():
        sys.exit(f"There are no published files at {data}: set ASSETMAP_REAL_DATA to the folder that holds them.")
    with tempfile.TemporaryDirectory() as folder, views(data, Path(folder)) as places:
        TARGET.write_text(page(places), encoding="utf-8")


if __name__ == "__main__":
    main()
