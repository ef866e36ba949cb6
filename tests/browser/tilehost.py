"""A small server of picture tiles on this machine, for tests of the street map underneath."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TILE_PX = 256


def picture() -> bytes:
    """One tile, all of one light green, as a PNG."""
    rows = (b"\0" + b"\xd8\xe8\xd0" * TILE_PX) * TILE_PX
    head = struct.pack(">IIBBBBB", TILE_PX, TILE_PX, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )


@dataclass
class TileHost:
    """Where it is, and what has been asked of it."""

    address: str
    asked: list[str] = field(default_factory=list)


@contextmanager
def tile_host(status: int = 200) -> Iterator[TileHost]:
    """Answers every request with one tile, under ``status``."""
    tile = picture()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(tile)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        host = TileHost(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield host
        server.shutdown()
