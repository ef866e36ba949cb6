"""Answers as tables whose headings a person can read."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from assetmap.layers import Layer
from assetmap.placeview import PlaceView
from assetmap.questions import Answer

WHAT_HAPPENED = {
    "closed": "Closed",
    "moved": "Moved",
    "merged": "Merged",
    "handed_over": "Handed to the community",
    "hours_cut": "Hours cut",
    "temporary": "Closed for a time",
}


def assets_table(view: PlaceView) -> pd.DataFrame:
    """One row a thing mapped, with ``Layer`` as its id for filtering by what is switched on."""
    assets = view.assets
    names = view.areas.set_index("area_code")["name"]
    titles = {source.source: source.title for source in view.provenance(view.layers)}
    return pd.DataFrame(
        {
            "Layer": assets["layer"],
            "Name": assets["name"],
            "Kind": _kind_titles(assets, view.layers),
            "Status": assets["status"].str.capitalize(),
            "Run by": assets["run_by"],
            "Owner": assets["owner"],
            "Postcode": assets["postcode"],
            "Neighbourhood": assets["area_code"].map(names),
            "Source": assets["source"].map(titles).fillna("Added by local people"),
        }
    ).reset_index(drop=True)


def gaps_table(answer: Answer) -> pd.DataFrame:
    """One row a neighbourhood, where a new place would do most first."""
    rows = answer.table
    return pd.DataFrame(
        {
            "Neighbourhood": rows["neighbourhood_name"],
            "Part of town": rows["locality"],
            "People": rows["people"],
            "Deprivation (1 = most deprived tenth)": rows["deprivation_decile"],
            "People within the walk, %": (100 * rows["share_within"]).round(),
            "Kinds within the walk": rows["kinds_within"].round(1),
            "Near it already": [", ".join(strengths) for strengths in rows["nearby"]],
            "Gap score (0 to 1)": rows["gap_score"].round(3),
        }
    )


def lost_table(answer: Answer, layers: Mapping[str, Layer]) -> pd.DataFrame:
    """One row a closure, latest first, then what moved, merged or was handed over."""
    rows = pd.concat([answer.table, answer.totals], ignore_index=True)
    happened = rows["what_happened"].map(WHAT_HAPPENED)
    return pd.DataFrame(
        {
            "Name": rows["name"],
            "Kind": _kind_titles(rows, layers),
            "What happened": happened.fillna("Closed"),
            "When": rows["closed_on"].fillna("date not known"),
            "Neighbourhood": rows["neighbourhood_name"],
            "Deprivation (1 = most deprived tenth)": rows["deprivation_decile"],
            "Source": rows["source"],
        }
    )


def sources_table(view: PlaceView) -> pd.DataFrame:
    """One row a register: whose it is, how old, under what licence, and what became of its rows."""
    loads = view.loads
    return pd.DataFrame(
        {
            "Register": loads["title"],
            "Publisher": loads["publisher"],
            "Date": loads["source_date"],
            "Licence": loads["licence"],
            "Rows": loads["rows_in"],
            "On the map": loads["stored"],
            "Of elsewhere": loads["set_aside"],
            "Left out": loads["dropped"],
            "Issues": [view.issues_by_source.get(str(source), 0) for source in loads["source"]],
            "Words the licence asks for": loads["attribution"].str.replace("\n", " "),
            "Loaded": loads["loaded_at"].str[:10],
            "Address": loads["url"],
        }
    )


def _kind_titles(rows: pd.DataFrame, layers: Mapping[str, Layer]) -> list[str]:
    return [layers[str(layer)].kind_title(str(kind)) for layer, kind in zip(rows["layer"], rows["kind"], strict=True)]
