"""A pack that somebody was given: whether its files are what they were, and what it was asked to hold."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from lzma import LZMAError
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile, ZipFile

from assetmap.errors import SettingError
from assetmap.packs.pack import number_of
from assetmap.packs.wanted import Wanted, read_wanted

MANIFEST: Final = "manifest.json"
MADE_BY: Final = "assetmap pack"

LARGEST_BYTES: Final = 2 * 1024**3
"""A pack that would unpack to more than this is not opened: it may have been made to fill the machine."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A pack read back.

    Attributes
    ----------
    manifest
        What it says of itself.
    files
        The bytes of every file but the manifest, by name.
    """

    manifest: Mapping[str, Any]
    files: Mapping[str, bytes]

    @property
    def wanted(self) -> Wanted:
        """What it was asked to hold."""
        return read_wanted(self.manifest["wanted"])

    def faults(self) -> tuple[str, ...]:
        """What is not as it was when the pack was made: each a sentence; none where all is well."""
        digests = self.manifest["files"]
        told = [f"{name} is missing." for name in digests if name not in self.files]
        told += [f"{name} was added." for name in self.files if name not in digests]
        for name in sorted(set(digests) & set(self.files)):
            if hashlib.sha256(self.files[name]).hexdigest() != digests[name]:
                told.append(f"{name} is not what it was: its sha256 is another.")
        evidence = {name: self.files[name] for name in self.manifest["evidence"] if name in self.files}
        if number_of(evidence) != self.manifest["pack"]:
            told.append(f"The tables and methods are not those of pack {self.manifest['pack']}.")
        return tuple(told)


def open_pack(path: Path) -> Opened:
    """A pack as an archive or a folder, read whole; nothing of it is unpacked to disk.

    Raises
    ------
    SettingError
        If it is no pack, or cannot be read.
    """
    try:
        files = _from_folder(path) if path.is_dir() else _from_archive(path)
        said = json.loads(files.pop(MANIFEST))
    except (OSError, EOFError, BadZipFile, zlib.error, LZMAError, RuntimeError, KeyError, ValueError) as fault:
        raise _no_pack(path) from fault
    if not _is_manifest(said):
        raise _no_pack(path)
    return Opened(said, files)


def _no_pack(path: Path) -> SettingError:
    why = "is no pack that can be read" if path.exists() else "is not there"
    return SettingError(f"{path} {why}. Name the .zip or the folder that 'assetmap pack' wrote.")


def _is_manifest(said: Any) -> bool:
    if not isinstance(said, dict) or said.get("made_by") != MADE_BY:
        return False
    kinds = {
        "pack": str,
        "made_on": str,
        "wanted": dict,
        "numbers": dict,
        "evidence": list,
        "loads": dict,
        "files": dict,
        "version": str,
    }
    if not all(isinstance(said.get(name), kind) for name, kind in kinds.items()):
        return False
    pairs = [pair for rows in said["numbers"].values() for pair in (rows if isinstance(rows, list) else [rows])]
    within = (
        (said["evidence"], str), (said["loads"].values(), dict), (said["files"].values(), str), (pairs, list),
    )  # fmt: skip
    return _is_day(said["made_on"]) and all(isinstance(each, kind) for held, kind in within for each in held)


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_pack(path: Path) -> bool:
    """Whether an archive or a folder is a pack to which nothing was added by hand."""
    try:
        opened = open_pack(path)
    except SettingError:
        return False
    return set(opened.files) <= set(opened.manifest["files"])


def _from_archive(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        if sum(told.file_size for told in archive.infolist()) > LARGEST_BYTES:
            raise ValueError(path)
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}


def _from_folder(path: Path) -> dict[str, bytes]:
    found = sorted(each for each in path.rglob("*") if each.is_file())
    if sum(each.stat().st_size for each in found) > LARGEST_BYTES:
        raise ValueError(path)
    return {each.relative_to(path).as_posix(): each.read_bytes() for each in found}
