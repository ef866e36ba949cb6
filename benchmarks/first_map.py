"""How long does the server take over Trafford's first map, and how much goes to the browser?

Run it with ``python -m benchmarks.first_map --data PATH``, where PATH holds ``trafford/`` and ``england/``. Trafford is
loaded into an embedded store; then, as often as ``--runs`` says, a new process with nothing in memory but the libraries
does what the first visit to the page "What's here" asks of it: once step by step, and once as the whole page, run by
Streamlit's own tester without a browser.

The bytes are those that draw the map: the place's drawing, Leaflet, this project's script and style sheet, and the
page that folium makes to hold them. Streamlit's own files, the same for every app, are not counted.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PLACE = "trafford"
MOST_BYTES = 2_000_000
MOST_SECONDS = 1.5

Figures = dict[str, float]


def load(data: Path, store_path: Path) -> float:
    """Load Trafford into a new store, and return the seconds it took."""
    from assetmap.layers import read_layers
    from assetmap.loading import load_place
    from assetmap.places import read_place
    from assetmap.store import open_store

    with open_store(store_path) as store:
        started = perf_counter()
        place = read_place(ROOT / "data" / "places" / f"{PLACE}.yaml")
        outcomes = load_place(store, place, read_layers(ROOT / "layers"), data)
        taken_s = perf_counter() - started
    faults = [outcome.fault for outcome in outcomes if outcome.fault]
    if faults:
        raise SystemExit("\n".join(faults))
    return taken_s


# --- a first visit, in a process of its own --------------------------------------------------------------------------


def steps(store_path: Path) -> tuple[Figures, Figures]:
    """Seconds of each step of a first map, and the bytes of each part of it, plain and packed by gzip."""
    from assetmap import questions
    from assetmap.layers import read_layers
    from assetmap.placeview import PlaceView
    from assetmap.screens import drawings, tables
    from assetmap.store import open_store

    seconds: Figures = {}

    def timed(step: str, work: Callable[[], Any]) -> Any:
        started = perf_counter()
        made = work()
        seconds[step] = perf_counter() - started
        return made

    store = timed("open the store", lambda: open_store(store_path))
    layers = timed("read the layers", lambda: read_layers(ROOT / "layers"))
    view = PlaceView(store, PLACE, layers)
    timed("read the rows", lambda: (view.areas, view.assets, view.streets))
    timed("answer: what is here", lambda: questions.here(view))
    drawn = timed("make the drawing", lambda: drawings.whole_place(view))
    timed("make the table", lambda: tables.assets_table(view))
    seconds["all steps"] = sum(seconds.values())
    return seconds, sizes(drawn.data)


def sizes(data: Any) -> Figures:
    """The bytes of each file that the browser fetches for a map, and of all, plain and packed by gzip."""
    from assetmap.maps import STATIC_FOLDER, draw_map, leaflet_folder
    from assetmap.screens.served import links_to

    leaflet = leaflet_folder()
    parts = {
        "the place's drawing": data.script,
        "Leaflet": (leaflet / "leaflet.js").read_bytes() + (leaflet / "leaflet.css").read_bytes(),
        "map.js and map.css": (STATIC_FOLDER / "map.js").read_bytes() + (STATIC_FOLDER / "map.css").read_bytes(),
        "folium's page": draw_map(data, links_to(data)).get_root().render().encode(),
    }
    found: Figures = {part: float(len(content)) for part, content in parts.items()}
    found["everything"] = sum(found.values())
    found["everything, packed"] = float(sum(len(gzip.compress(content)) for content in parts.values()))
    return found


def whole_page() -> Figures:
    """Seconds of the whole page for a first visit, and for a second."""
    from streamlit.testing.v1 import AppTest

    from assetmap.screens import add, gaps, here, lost, served, sources  # noqa: F401  # imported before the clock starts

    tester = AppTest.from_file(str(Path(served.__file__).with_name("frame.py")), default_timeout=60)
    found: Figures = {}
    for visit in ("the whole page, first visit", "the whole page, second visit"):
        started = perf_counter()
        tester.run()
        found[visit] = perf_counter() - started
        if tester.exception:
            raise SystemExit(f"The page failed: {[fault.message for fault in tester.exception]}")
    return found


def in_new_process(visit: str, store_path: Path) -> Any:
    """What a visit in a process of its own found, printed as JSON in its last line."""
    command = [sys.executable, "-m", "benchmarks.first_map", "--visit", visit, "--store", str(store_path)]
    environment = {**os.environ, "ASSETMAP_DATABASE_URL": str(store_path), "ASSETMAP_TILES": "off"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=Path.cwd(), env=environment)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


# --- the report ------------------------------------------------------------------------------------------------------


def measure(data: Path, runs: int) -> tuple[float, Figures, Figures]:
    """Seconds of the load, median seconds of each step, and bytes."""
    with tempfile.TemporaryDirectory(prefix="assetmap-") as folder:
        store_path = Path(folder) / f"{PLACE}.gpkg"
        load_s = load(data, store_path)
        visits = [(in_new_process("steps", store_path), in_new_process("page", store_path)) for _ in range(runs)]
    seconds = [{**by_step, **page} for (by_step, _), page in visits]
    medians = {step: statistics.median(run[step] for run in seconds) for step in seconds[0]}
    return load_s, medians, visits[-1][0][1]


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--data", type=Path, help="the folder that holds trafford/ and england/")
    options.add_argument("--runs", type=int, default=3, help="how many visits the medians are of (default 3)")
    options.add_argument("--json", type=Path, help="also write the figures to this file")
    options.add_argument("--visit", choices=["steps", "page"], help=argparse.SUPPRESS)
    options.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.visit:
        print(json.dumps(steps(chosen.store) if chosen.visit == "steps" else whole_page()))
        return
    if chosen.data is None:
        options.error("say where the published files are: --data PATH")
    load_s, seconds, found = measure(chosen.data, chosen.runs)
    print(f"Trafford loaded in {load_s:.2f} s; its first map, median of {chosen.runs} new processes:")
    print("\n".join(f"  {step:30}{taken:8.2f} s" for step, taken in seconds.items()))
    print("To the browser:")
    print("\n".join(f"  {part:30}{size / 1e3:8.1f} kB" for part, size in found.items()))
    print(f"At most {MOST_SECONDS:g} s and {MOST_BYTES / 1e6:g} MB are asked for.")
    if chosen.json:
        record = {"asked": {"seconds": MOST_SECONDS, "bytes": MOST_BYTES}, "load_s": load_s}
        chosen.json.write_text(json.dumps({**record, "seconds": seconds, "bytes": found}, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
