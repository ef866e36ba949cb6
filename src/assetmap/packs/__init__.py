"""Answers -> an evidence pack: maps, tables, methods, sources and licences in one file that can be made again.

A pack is a fold over answers. The same store, questions and day give the same bytes, and the pack's number follows
from its tables and methods alone, so that anybody can come to the same number from the published files.
"""

from assetmap.packs.checking import moved
from assetmap.packs.pack import Pack, pack_of
from assetmap.packs.reading import open_pack
from assetmap.packs.wanted import ABOUT, USUAL, Wanted
from assetmap.packs.writing import files_of, pack_bytes, refuse_to_replace, write

__all__ = [
    "ABOUT",
    "USUAL",
    "Pack",
    "Wanted",
    "files_of",
    "moved",
    "open_pack",
    "pack_bytes",
    "pack_of",
    "refuse_to_replace",
    "write",
]
