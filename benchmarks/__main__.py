"""All benchmarks, one after another, each in a process of its own, with what each printed and its figures kept.

Run it with ``python -m benchmarks --data PATH``. For each benchmark ``NAME`` it writes ``NAME.txt``, what was printed,
and ``NAME.json``, its figures with the machine, into ``benchmarks/results`` or the folder that ``--into`` names. One
that fails, as for want of a peer or of PostGIS, is named at the end with the last line that it said, keeps what was
there before, and does not stop the others.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
WITH_DATA = ("streets_from_pbf", "nearest", "sliders", "first_map", "england_load", "national")
MADE_UP = ("second_start", "catchment", "whatif", "siting")


def run(name: str, data: Path, into: Path) -> str | None:
    """Run one and keep what it found; the last line that it said where it failed."""
    with TemporaryDirectory(prefix="assetmap-") as folder:
        figures = Path(folder) / "figures.json"
        command = [sys.executable, "-m", f"benchmarks.{name}", "--json", str(figures)]
        command += ["--data", str(data.resolve())] if name in WITH_DATA else []
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        print(done.stdout, flush=True)
        if done.returncode or not figures.exists():
            return (done.stderr.strip() or "it kept no figures").splitlines()[-1]
        (into / f"{name}.txt").write_text(done.stdout, encoding="utf-8")
        (into / f"{name}.json").write_text(figures.read_text(encoding="utf-8").rstrip() + "\n", encoding="utf-8")
    return None


def main() -> None:
    """Run all of them, or those that are named."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join((*WITH_DATA, *MADE_UP))} (default all)"
    )
    options.add_argument("--data", type=Path, required=True, help="the folder of published files")
    options.add_argument(
        "--into", type=Path, default=ROOT / "benchmarks" / "results", help="where to keep what is found"
    )
    chosen = options.parse_args()
    unknown = sorted(set(chosen.names) - {*WITH_DATA, *MADE_UP})
    if unknown:
        options.error(f"there is no benchmark called {', '.join(unknown)}")
    chosen.into.mkdir(parents=True, exist_ok=True)
    failed = {}
    for name in chosen.names or (*WITH_DATA, *MADE_UP):
        print(f"== {name}", flush=True)
        if why := run(name, chosen.data, chosen.into):
            failed[name] = why
    for name, why in failed.items():
        print(f"{name} failed: {why}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
