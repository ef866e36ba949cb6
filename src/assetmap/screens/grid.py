"""Tables to sort and to search: figures as people write them, and nothing that says the same in every row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from assetmap.screens.tables import HOW_MEASURED, TENTH, WHAT_IS_NEAR

_LINE_PX: Final = 35
_HEAD_PX: Final = 38
_TALLEST_PX: Final = 420
_WIDE_PX: Final = 440
_DATE_PX: Final = 160
_TENTH_TELLS: Final = "The tenth of England's neighbourhoods that it is in: 1 is the most deprived tenth, 10 the least."


def grid(rows: pd.DataFrame) -> None:
    """Show ``rows`` without the columns in which nothing stands; how people are measured is said once, above them."""
    if rows.empty:
        st.write("There is nothing to list.")
        return
    told = rows.loc[:, [(rows[column].notna() & (rows[column] != "")).any() for column in rows]]
    if HOW_MEASURED in told and told[HOW_MEASURED].nunique() == 1:
        st.caption(f"How far people are from places: {str(told[HOW_MEASURED].iloc[0]).lower()}.")
        told = told.drop(columns=HOW_MEASURED)
    st.dataframe(
        told, hide_index=True, width="stretch", height=min(_HEAD_PX + _LINE_PX * len(told), _TALLEST_PX),
        column_config=_columns(told), placeholder="",
    )  # fmt: skip


def _columns(rows: pd.DataFrame) -> Mapping[str, ColumnConfig]:
    return {str(column): _column(str(column), rows[column]) for column in rows}


def _column(name: str, values: pd.Series) -> ColumnConfig:
    """A heading that needs no more room than what stands under it, and thousands set apart."""
    if name.endswith(TENTH):
        title = name.removesuffix(TENTH).strip()
        return st.column_config.NumberColumn(f"{title}, 1 = most", help=_TENTH_TELLS)
    if pd.api.types.is_numeric_dtype(values):
        return st.column_config.NumberColumn(format="localized")
    return st.column_config.Column(width={WHAT_IS_NEAR: _WIDE_PX, "When": _DATE_PX}.get(name))
