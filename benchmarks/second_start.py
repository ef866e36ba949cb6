"""What does it save to keep a network on disk? Building one, and reading the one that was kept, side by side.

Run it with ``python -m benchmarks.second_start``. Made-up towns of several sizes; reading includes the digest of the
streets, by which the file is found, and the checksum of what is in it. Reading the streets themselves is in neither.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from unittest.mock import patch

from benchmarks.timing import grid_streets, machine, medians_in_turn

from assetmap.network import HOME_STEP_M, build_network, kept_network

SIDES, BLOCK_M, SEED = (64, 200, 316, 500), 45.0, 11


def main() -> None:
    """Time both for each town and print them."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--runs", type=int, default=7, help="how many runs the medians are of (default 7)")
    options.add_argument("--json", type=Path, help="also write the times to this file")
    chosen = options.parse_args()
    print(machine())
    print(f"{'crossings':>10}{'built ms':>10}{'read ms':>10}{'times':>8}{'file MB':>9}   median of {chosen.runs} runs")
    found = []
    with tempfile.TemporaryDirectory(prefix="assetmap-") as name, patch("assetmap.network.kept.WORTH_KEEPING", 0):
        for side in SIDES:
            folder = Path(name) / str(side)
            streets = grid_streets(side, BLOCK_M, SEED)
            works = {
                "built": lambda streets=streets: build_network(streets, HOME_STEP_M),
                "read": lambda streets=streets, folder=folder: kept_network(streets, folder=folder),
            }
            seconds, _ = medians_in_turn(works, chosen.runs)
            megabytes = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
            times = seconds["built"] / seconds["read"]
            print(
                f"{side * side:10,}{seconds['built'] * 1e3:10.1f}{seconds['read'] * 1e3:10.1f}{times:8.1f}"
                f"{megabytes:9.1f}"
            )
            found.append({"crossings": side * side, "file_mb": megabytes, **seconds})
    if chosen.json:
        chosen.json.write_text(json.dumps({"machine": machine(), "found": found}, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
