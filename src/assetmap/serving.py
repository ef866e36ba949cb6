"""Starting the app: Streamlit on this machine, with its settings, its statistics off, its store named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from assetmap.errors import SettingError
from assetmap.settings import Settings

DEFAULT_PORT: Final = 8501


def serve(settings: Settings, port: int) -> None:
    """Run the app until it is stopped.

    Raises
    ------
    SettingError
        If it does not start, for instance because the port is taken.
    """
    store = settings.store_url if "://" in settings.store_url else str(Path(settings.store_url).resolve())
    environment = {
        **os.environ,
        "ASSETMAP_DATABASE_URL": store,
        "ASSETMAP_HOME": str(settings.share),
        "ASSETMAP_TILES": settings.tiles,
    }
    headless = "true" if not sys.stdout.isatty() or os.environ.get("CI") else "false"
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(settings.share / "app.py")),
        *("--server.port", str(port), "--server.headless", headless),
    ]
    try:
        # Streamlit reads its theme and settings from .streamlit beside the folder it is started in
        with subprocess.Popen(command, cwd=settings.share, env=environment) as app:  # noqa: S603
            # whoever stops this, as a service manager does, means the app too
            signal.signal(signal.SIGTERM, lambda *_: app.terminate())
            code = app.wait()
    except KeyboardInterrupt:
        return
    if code not in (0, -2, 130, -15, 143):
        raise SettingError(f"The app stopped. If port {port} is taken, choose another with --port.")
