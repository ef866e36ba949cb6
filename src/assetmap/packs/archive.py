"""Files as one archive whose bytes follow from their names, their bytes and a day alone."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Mapping
from io import BytesIO
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

_PACKED_ALREADY: Final = (".png", ".pdf", ".docx")
_UNIX: Final = 3


def zipped(files: Mapping[str, bytes], day: dt.date) -> bytes:
    """A zip archive of files, in the order given, each dated on the day."""
    written = BytesIO()
    with ZipFile(written, "w") as archive:
        for name, content in files.items():
            archive.writestr(_told(name, day), content)
    return written.getvalue()


def _told(name: str, day: dt.date) -> ZipInfo:
    told = ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
    told.create_system, told.external_attr = _UNIX, (stat.S_IFREG | 0o644) << 16
    told.compress_type = ZIP_STORED if name.endswith(_PACKED_ALREADY) else ZIP_DEFLATED
    return told
