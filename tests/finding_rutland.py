"""Finding: how far people in Rutland walk to each kind of place that is mapped there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from assetmap import network
from assetmap.placeview import Choice, PlaceView
from finding import MINUTES, NEAR_M, Finding, median_minutes, percent


def rutland(view: PlaceView) -> Finding:
    rows = pd.DataFrame([_row(view, choice) for choice in _kinds(view)]).sort_values("share", ascending=False)
    first, last = rows.iloc[0], rows.iloc[-1]
    libraries = rows.set_index("choice").loc["Library"]
    layers = [layer.id for layer in view.layers_here] + [
        layer.id for layer in view.layers.values() if layer.holds in ("areas", "streets")
    ]
    missed = rows.loc[rows["not_reached"] >= 0.5, "not_reached"].max()
    reached = "leads from all of their homes" if missed != missed else f"is missing for up to {missed:,.0f} of them"
    return Finding(
        f"Rutland: {percent(libraries['share'])} of people can walk to a library in {MINUTES} minutes",
        [
            f"That is {libraries['within']:,.0f} of {view.people:,.0f} people, to the libraries of the end of 2023 "
            "along the streets mapped in July 2022. Of the kinds mapped, most people have within "
            f"{MINUTES} minutes' walk: {first['choice'].lower()} "
            f"({percent(first['share'])}); fewest: {last['choice'].lower()} ({percent(last['share'])}). For "
            "libraries a "
            f"straight line would say {percent(libraries['straight'])}: {libraries['lost']:,.0f} people have "
            "one near on "
            "the map, and not on foot.",
            f"All {view.people:,.0f} people of the county are counted; a way along mapped streets {reached} to a "
            "place of every kind.",
        ],
        [
            (
                f"Share of people within {MINUTES} minutes, and the walk that half of those with one make or less:",
                _shown(rows),
            )
        ],
        f"{view.method_sentence} The straight line runs from the same points to the same doors, at the same pace.",
        [
            "A place that is not in the register or on OpenStreetMap is not counted: what is low here may be unmapped.",
            "A walk is as long as the map's streets and paths are complete; hills and crossings are not in it.",
            "People of a neighbourhood are shared equally among points along its residential streets, because no file "
            "says where in it they live.",
            "The people of mid-2022 include those in the county's prison, who cannot walk to any of these.",
            "Places beyond the border, in Stamford, Melton or Corby, are not loaded; near the edge people have more.",
        ],
        view.provenance(layers),
    )


def _kinds(view: PlaceView) -> list[Choice]:
    each = [Choice(layer, (kind,)) for layer in view.layers_here for kind in layer.kinds if kind != "other"]
    return [choice for choice in each if len(view.of(choice))]


def _row(view: PlaceView, choice: Choice) -> dict[str, Any]:
    places = view.of(choice)
    people = view.origins["people"].to_numpy(dtype=np.float64)
    walked = view.nearest(places)
    points = view.origins[["x_m", "y_m"]].to_numpy()
    straight = network.straight_from(points, network.entries_of(places).points_m).distance_m
    within, line = (float(people[metres <= NEAR_M].sum()) for metres in (walked, straight))
    return {
        "choice": choice.layer.kind_title(choice.kinds[0]),
        "places": len(places),
        "within": within,
        "share": within / people.sum(),
        "straight": line / people.sum(),
        "lost": line - within,
        "walk": median_minutes(walked, people),
        "line": median_minutes(straight, people),
        "not_reached": float(people[np.isinf(walked)].sum()),
    }


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Kind": rows["choice"],
            "Places": rows["places"],
            "People within, walking": rows["within"].round(),
            "Within, walking": rows["share"].map(percent),
            "Within, straight line": rows["straight"].map(percent),
            "Median walk, minutes": rows["walk"].map("{:.1f}".format),
            "Median straight line": rows["line"].map("{:.1f}".format),
            "People no street leads": rows["not_reached"].round(),
        }
    )
