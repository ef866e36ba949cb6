"""The web app. Start it with ``streamlit run app.py``."""

from pathlib import Path

import streamlit as st

from assetmap.screens import served

FRAME = Path(served.__file__).with_name("frame.py")

app = st.App(FRAME, routes=served.routes())
