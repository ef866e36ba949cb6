"""The web app. Start it with ``streamlit run app.py``."""

from contextlib import suppress
from pathlib import Path

import streamlit as st

from assetmap.errors import AssetmapError
from assetmap.screens import desk, served

FRAME = Path(served.__file__).with_name("frame.py")

with suppress(AssetmapError):  # settings that cannot be used are told on the page
    desk.tile_server()

app = st.App(FRAME, routes=served.routes())
