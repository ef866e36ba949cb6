"""Commands for what people add to the registers: adding it, listing it, and deciding what is shown."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

import geopandas as gpd
import pandas as pd
import typer

from assetmap.cli.common import (
    FormatOption,
    PlaceOption,
    StoreOption,
    Where,
    known_place,
    opened_store,
    settings_of,
)
from assetmap.cli.saying import say
from assetmap.cli.viewing import viewed
from assetmap.contributing import Offer, record_of, similar
from assetmap.errors import QuestionError, SettingError, UnknownNameError
from assetmap.placeview import PlaceView
from assetmap.showing import Format, shown
from assetmap.store import Store
from assetmap.values import postcodes_in

app = typer.Typer(rich_markup_mode=None)


class Decision(StrEnum):
    """What may become of what a person added."""

    publish = "publish"
    hide = "hide"
    pending = "pending"


class State(StrEnum):
    """What has become of it."""

    pending = "pending"
    published = "published"
    hidden = "hidden"


_STATE_AFTER: Final = {
    Decision.publish: State.published,
    Decision.hide: State.hidden,
    Decision.pending: State.pending,
}
_AT_A_GLANCE: Final = ["contribution_id", "state", "place_id", "layer", "kind", "name", "says", "created_at"]


@app.command()
def add(
    layer: Annotated[str, typer.Option("--layer", help="The layer it belongs to, such as community_buildings.")],
    kind: Annotated[str, typer.Option("--kind", help="Its kind, such as hall.")],
    name: Annotated[str, typer.Option("--name", help="What it is called.")],
    store: StoreOption = None,
    place: PlaceOption = None,
    longitude: Annotated[float | None, typer.Option("--lon", help="Degrees east.")] = None,
    latitude: Annotated[float | None, typer.Option("--lat", help="Degrees north.")] = None,
    postcode: Annotated[str, typer.Option("--postcode", help="In place of longitude and latitude.")] = "",
    says: Annotated[str, typer.Option("--says", help="What people should know.")] = "",
    how_known: Annotated[str, typer.Option("--how-known", help="How you know of it.")] = "",
    seen_on: Annotated[str, typer.Option("--seen-on", help="When you last saw it so.")] = "",
    who_for: Annotated[str, typer.Option("--who-for", help="Who it is for.")] = "",
    form: FormatOption = Format.table,
) -> None:
    """Add what you know: it stands beside the registers, marked as added by local people."""
    with viewed(Where(store, place)) as (opened, view):
        spot = _spot(opened, view, longitude, latitude, postcode)
        record = record_of(view, Offer(layer, kind, name, *spot, says, how_known, seen_on, who_for))
        for other in similar(view, *spot).head(5).itertuples():
            say(f"Already mapped {other.distance_m:.0f} m away: {other.name} ({other.layer}, {other.kind}).")
        contribution_id = opened.add_contribution(record)
    row = pd.DataFrame(
        [
            {
                "contribution_id": contribution_id,
                "layer": record.layer,
                "kind": record.kind,
                "name": record.name,
                "state": record.state,
                "longitude": record.geometry.x,
                "latitude": record.geometry.y,
            }
        ]
    )
    typer.echo(shown(row, None, form))


def _spot(
    store: Store, view: PlaceView, longitude: float | None, latitude: float | None, postcode: str
) -> tuple[float, float]:
    has_degrees = longitude is not None or latitude is not None
    if has_degrees and postcode:
        raise SettingError("Say where it is once: either --lon and --lat, or --postcode.")
    if longitude is not None and latitude is not None:
        return longitude, latitude
    found = postcodes_in(postcode)
    if not found:
        raise SettingError("Say where it is: --lon and --lat in degrees, or a full --postcode.")
    points = store.locators(view.place_id, "postcode", found[:1])
    if not len(points):
        raise QuestionError(f"The postcode {found[0]} is not loaded for {view.name}. Give --lon and --lat.")
    return float(points.geometry.x.iloc[0]), float(points.geometry.y.iloc[0])


@app.command()
def contributions(
    store: StoreOption = None,
    place: PlaceOption = None,
    state: Annotated[State | None, typer.Option("--state", help="Only those in this state.")] = None,
    form: FormatOption = Format.table,
) -> None:
    """What people added, the hidden too, each with its id and the state it is in."""
    with opened_store(settings_of(store)) as opened:
        place = known_place(opened, place)
        found = _added(opened, place)
    if state is not None:
        found = found[found["state"] == state.value]
    typer.echo(shown(_listed(found, form), found, form))


@app.command()
def review(
    contribution_id: Annotated[str, typer.Argument(metavar="ID", help="As 'assetmap contributions' lists it.")],
    decision: Annotated[Decision, typer.Argument(help="Show it as checked, hide it, or leave it to be looked at.")],
    note: Annotated[str, typer.Option("--note", help="Why: kept with the decision in the store.")] = "",
    store: StoreOption = None,
    form: FormatOption = Format.table,
) -> None:
    """Publish or hide what a person added; what they wrote stays as it is, and earlier decisions are kept."""
    wanted = contribution_id.removeprefix("contribution:")
    with opened_store(settings_of(store)) as opened:
        known = _added(opened, None)["contribution_id"].tolist()
        if wanted not in known:
            raise UnknownNameError("contribution", wanted, known)
        opened.review_contribution(wanted, _STATE_AFTER[decision].value, note or None)
        found = _added(opened, None)
    found = found[found["contribution_id"] == wanted]
    typer.echo(shown(_listed(found, form), found, form))


def _added(store: Store, place: str | None) -> gpd.GeoDataFrame:
    places = [place] if place is not None else store.places()["place_id"].tolist()
    if not places:
        return store.contributions("")
    return gpd.GeoDataFrame(pd.concat([store.contributions(str(each)) for each in places], ignore_index=True))


def _listed(found: gpd.GeoDataFrame, form: Format) -> pd.DataFrame:
    if form is Format.table:
        return pd.DataFrame(found[_AT_A_GLANCE])
    rows = pd.DataFrame(found.drop(columns="geometry"))
    return rows.assign(longitude=found.geometry.x.to_numpy(), latitude=found.geometry.y.to_numpy())
