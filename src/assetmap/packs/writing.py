"""A pack -> its files, and the archive or folder that holds them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from assetmap import __version__
from assetmap.errors import SettingError
from assetmap.exports import csv_text, gpkg_bytes
from assetmap.packs import page, summary
from assetmap.packs.archive import zipped
from assetmap.packs.pack import Pack, data_name
from assetmap.packs.reading import MADE_BY, MANIFEST, is_pack
from assetmap.sheets import renders

ARCHIVE: Final = ".zip"
SOURCES: Final = "sources.csv"
CHANGES: Final = "changes.csv"
LICENCES: Final = "LICENCES.txt"


def files_of(pack: Pack) -> dict[str, bytes]:
    """Every file of a pack by its name, the page that opens it first; the same pack gives the same bytes."""
    maps = {each.key: renders(each.sheet, ("pdf", "png")) for each in pack.entries if each.sheet is not None}
    found = {summary.NAME: summary.summary(pack, {key: drawn["png"] for key, drawn in maps.items()})}
    for key, drawn in maps.items():
        found |= {f"maps/{key}.pdf": drawn["pdf"], f"maps/{key}.png": drawn["png"]}
    found |= pack.evidence
    found |= {SOURCES: _csv(pack.register), CHANGES: _csv(pack.changes), LICENCES: pack.terms.encode()}
    found[data_name(pack.wanted)] = gpkg_bytes(list(pack.parts), pack.made_on)
    digests = {name: _digest(content) for name, content in found.items()}
    opening = page.page(pack, digests).encode()
    digests = {page.NAME: _digest(opening), **digests}
    return {page.NAME: opening, MANIFEST: _manifest(pack, digests), **found}


def _csv(rows: Any) -> bytes:
    return csv_text(rows).encode("utf-8-sig")


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _manifest(pack: Pack, digests: dict[str, str]) -> bytes:
    told = {
        "made_by": MADE_BY,
        "version": __version__,
        "pack": pack.pack_id,
        "made_on": pack.made_on.isoformat(),
        "place": pack.place_name,
        "title": pack.title,
        "command": pack.command,
        "wanted": pack.wanted.written(),
        "numbers": {entry.key: [[each.value, each.says] for each in entry.numbers] for entry in pack.entries},
        "links": {entry.key: pack.url(entry) for entry in pack.entries},
        "evidence": list(pack.evidence),
        "loads": {
            row["source"]: {name: row[name] for name in ("title", "sha256", "published", "retrieved", "stored")}
            for row in pack.register.to_dict("records")
        },
        "files": digests,
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def pack_bytes(pack: Pack) -> bytes:
    """A pack as one zip archive."""
    return zipped(files_of(pack), pack.made_on)


def write(pack: Pack, out: Path, *, overwrite: bool = False) -> Path:
    """Write a pack: to one archive where ``out`` ends ``.zip``, else to a folder.

    Parameters
    ----------
    overwrite
        Whether an earlier pack of that name gives way, once the new one is complete; nothing else ever does.

    Raises
    ------
    SettingError
        If something is there already, or nothing can be written there. Nothing was changed then.
    """
    refuse_to_replace(out, overwrite=overwrite)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".assetmap-", dir=out.parent) as draft:
            made = Path(draft) / "new"
            if out.suffix.lower() == ARCHIVE:
                made.write_bytes(pack_bytes(pack))
            else:
                _lay_out(files_of(pack), made)
                if out.exists():
                    out.rename(Path(draft) / "before")
            return made.rename(out) if made.is_dir() else made.replace(out)
    except OSError as fault:
        why = fault.strerror or str(fault)
        raise SettingError(f"{out} cannot be written: {why}. Nothing was changed. Choose another place.") from fault


def _lay_out(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def refuse_to_replace(out: Path, *, overwrite: bool) -> None:
    """Refuse where something stands already, unless it is an earlier pack that may give way.

    Raises
    ------
    SettingError
        Saying what is there.
    """
    archive = out.suffix.lower() == ARCHIVE
    if not out.exists() or (not archive and out.is_dir() and not any(out.iterdir())):
        return
    if out.is_dir() == archive or not is_pack(out):
        raise SettingError(
            f"{out} is there already and is no earlier pack, so it is left as it is. Choose another name."
        )
    if not overwrite:
        raise SettingError(
            f"{out} is an earlier pack. Add --overwrite to put the new one in its place, or choose another name."
        )
