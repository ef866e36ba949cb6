"""Answers as tables whose headings a person can read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

import pandas as pd

from assetmap import maps
from assetmap.layers import Layer
from assetmap.matching import PERHAPS, SURE
from assetmap.placeview import PlaceView
from assetmap.questions import Answer
from assetmap.questions.gap_index import NEEDS
from assetmap.questions.registers import in_two_registers
from assetmap.records import SourceFile
from assetmap.sources import LICENCES
from assetmap.tables import NAMELESS
from assetmap.wording import opening

EFFECTS: Final = MappingProxyType({"put_right": "Put right", "dropped": "Left out", "noted": "Noted"})
"""What was done about a row, as the store says it and as people read it."""

BANDS: Final = MappingProxyType({SURE: "Surely", PERHAPS: "Perhaps"})
"""How sure it is that two rows are one building."""

NO_DATE: Final = "date not known"

HOW_MEASURED: Final = "How measured"
WHAT_IS_NEAR: Final = "Near it already"
TENTH: Final = "(1 = most deprived tenth)"
"""Columns that :func:`assetmap.screens.grid.grid` shows in a way of their own; the last ends the name of one."""


def with_method(rows: pd.DataFrame, answer: Answer) -> pd.DataFrame:
    """Rows that rest on how far people are from places, each with how that is measured: a file says it by itself."""
    return rows.assign(**{HOW_MEASURED: opening(answer.measured)})


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
            "Address": assets["address"],
            "Postcode": assets["postcode"],
            "Neighbourhood": assets["area_code"].map(names),
            "Source": _sources(assets, titles),
        }
    ).reset_index(drop=True)


def gaps_table(answer: Answer, need: str) -> pd.DataFrame:
    """One row a neighbourhood, the widest gap first; ``need`` as the score was asked to take it."""
    rows = answer.table
    title = "Deprivation" if need == "imd" else NEEDS[need]
    told = pd.DataFrame(
        {
            "Neighbourhood": rows["neighbourhood_name"],
            "Part of town": rows["locality"],
            "People": rows["people"],
            f"{title} {TENTH}": rows["need_decile"],
            "People within the walk, %": (100 * rows["share_within"]).round(),
            "Kinds within the walk": rows["kinds_within"].round(1),
            WHAT_IS_NEAR: [", ".join(map(str, strengths)) for strengths in rows["nearby"]],
            "Gap score (0 to 1)": rows["gap_score"].round(3),
        }
    )
    return with_method(told, answer)


def lost_table(answer: Answer, view: PlaceView) -> pd.DataFrame:
    """One row a closure, latest first, then what is shut for a time, went to the community, moved or was cut back."""
    rows = pd.concat([answer.table, answer.totals], ignore_index=True)
    titles = {source.source: source.title for source in view.provenance(view.layers)}
    details = [json.loads(str(told or "{}")) for told in rows["details"]]
    return pd.DataFrame(
        {
            "When": [maps.plain_date(str(date)) if pd.notna(date) else NO_DATE for date in rows["closed_on"]],
            "Name": rows["name"],
            "What happened": rows["what_happened"].map(maps.WHAT_HAPPENED).fillna(maps.WHAT_HAPPENED["closed"]),
            "Kind": _kind_titles(rows, view.layers),
            "Part of town": rows["locality"].fillna(""),
            "Neighbourhood": rows["neighbourhood_name"],
            f"Deprivation {TENTH}": rows["deprivation_decile"],
            "Why": [told.get("reason", "") for told in details],
            "What is there now": [told.get("now", "") for told in details],
            "Evidence": [told.get("evidence", "") for told in details],
            "Register": _sources(rows, titles),
        }
    )


def inside_table(view: PlaceView, answer: Answer) -> pd.DataFrame:
    """One row a thing mapped in the part of a place that a profile is of, in the order of its ingredients.

    Of an ingredient what has a name comes first. What counts as two ingredients stands once, with both.
    """
    inside, order = answer.part("inside"), {key: at for at, key in enumerate(answer.table["key"])}
    by = pd.DataFrame({"key": inside["key"].map(order), "nameless": inside["name"].str.endswith(NAMELESS)})
    rows = inside.loc[by.sort_values(["key", "nameless"], kind="stable").index]
    titles = rows["key"].map(answer.table.set_index("key")["ingredient"])
    counts_as = titles.groupby(rows["asset_id"], sort=False).agg("; ".join)
    assets = view.assets.set_index("asset_id").loc[counts_as.index]
    registers = {source.source: source.title for source in view.provenance(view.layers)}
    return pd.DataFrame(
        {
            "Name": assets["name"],
            "What it is": _kind_titles(assets, view.layers),
            "Counts as": counts_as,
            "Run by": assets["run_by"],
            "Owner": assets["owner"],
            "Closed": [maps.plain_date(str(date)) if pd.notna(date) else "" for date in assets["closed_on"]],
            "Source": _sources(assets, registers),
        }
    ).reset_index(drop=True)


def sources_table(view: PlaceView) -> pd.DataFrame:
    """One row a register: whose it is, how old, under what licence, and what became of its rows."""
    loads = view.loads
    files = {source.source: source.files for source in view.provenance(set(loads["layer"]))}
    return pd.DataFrame(
        {
            "Register": loads["title"],
            "Publisher": loads["publisher"],
            "Date": [_dates(files[each]) for each in loads["source"]],
            "Rows": loads["rows_in"],
            "On the map": loads["stored"],
            "Not of this place or layer": loads["set_aside"],
            "Left out": loads["dropped"],
            "Notes": [view.issues_by_source.get(str(source), 0) for source in loads["source"]],
            "Licence": [
                ", ".join(LICENCES.get(each, each) for each in str(said).split("; ")) for said in loads["licence"]
            ],
            "Words": loads["attribution"].str.replace("\n", " "),
            "Loaded": [f"Loaded {maps.plain_date(str(loaded))}" for loaded in loads["loaded_at"]],
        }
    )


def _dates(files: Sequence[SourceFile]) -> str:
    """The date of each file of a register, in words; once where they are of the same day."""
    dates = [maps.plain_date(file.source_date) for file in files]
    return "; ".join(dates[:1] if len(set(dates)) == 1 else dates)


def issues_table(issues: pd.DataFrame, view: PlaceView) -> pd.DataFrame:
    """One row a fault: what was done about it, about what, what is wrong and who can mend it."""
    titles = dict(zip(view.loads["source"], view.loads["title"], strict=True))
    return pd.DataFrame(
        {
            "What was done": issues["effect"].map(EFFECTS),
            "What is wrong": issues["kind"].str.replace("_", " ").str.capitalize(),
            "About": issues["name"].where(issues["name"].fillna("") != "", "A row without a name"),
            "It says": issues["field"].str.cat(issues["value"].fillna(""), sep=": "),
            "What to do": issues["message"],
            "Who can mend it": "Can be mended by: " + issues["who_can_mend"].fillna("the keeper of the place file"),
            "Register": issues["source"].map(titles).fillna(issues["source"]),
            "Row": [f"Row {int(row):,}" if pd.notna(row) else "The whole file" for row in issues["row"]],
        }
    )


def registers_table(view: PlaceView) -> pd.DataFrame:
    """One row a building that stands in two registers: what each calls it, how sure that is, and why."""
    pairs = in_two_registers(view)
    titles = dict(zip(view.loads["source"], view.loads["title"], strict=True))
    return pd.DataFrame(
        {
            "Name": pairs["name"],
            "In": pairs["source"].map(titles).fillna("Added by local people"),
            "Name in the other register": pairs["other_name"],
            "In the other": pairs["other_source"].map(titles).fillna("Added by local people"),
            "The same?": pairs["band"].map(BANDS),
            "Why": pairs["reasons"].str.join("; "),
            "Do they disagree?": pairs["differ"],
            "Names alike, %": pairs["score"].round().astype("Int64"),
            "Metres apart": pairs["distance_m"].round().astype("Int64"),
        }
    )


def _sources(rows: pd.DataFrame, titles: Mapping[str, str]) -> list[str]:
    """The register of each row, or whose word it is."""
    both = zip(rows["source"], rows["details"], strict=True)
    return [titles.get(str(source)) or maps.added_by({"details": details}) for source, details in both]


def _kind_titles(rows: pd.DataFrame, layers: Mapping[str, Layer]) -> list[str]:
    return [layers[str(layer)].kind_title(str(kind)) for layer, kind in zip(rows["layer"], rows["kind"], strict=True)]
