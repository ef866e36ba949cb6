"""Links into the app: its one path, with what a page shows in the words of the address."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode


def link(words: Mapping[str, str]) -> str:
    """An address on the app's one path, such as ``?page=gaps&place=trafford``."""
    return f"?{urlencode(words, safe=',')}"
