"""The Streamlit door: each screen is a title, a few controls, one question, one drawing and its sources."""
