"""Commands that fill the store and say what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from assetmap import serving
from assetmap.cli.common import (
    DataOption,
    FormatOption,
    PlaceOption,
    PortOption,
    StoreOption,
    declared_layers,
    opened_store,
    say,
    settings_of,
    viewed,
)
from assetmap.contributing import Offer, record_of, similar
from assetmap.errors import QuestionError, SettingError, SourceError
from assetmap.examples import faults_of
from assetmap.layers import Layer
from assetmap.loading import Outcome, load_place
from assetmap.places import LICENCES, find_place
from assetmap.placeview import PlaceView
from assetmap.settings import DEMO_PLACE, Settings
from assetmap.showing import Format, shown
from assetmap.store import Store, shown_address
from assetmap.values import postcodes_in

app = typer.Typer()


@app.command()
def demo(
    store: StoreOption = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the app when the town is loaded.")] = True,
    port: PortOption = serving.DEFAULT_PORT,
) -> None:
    """Load the made-up town and open the app on it."""
    settings = settings_of(store)
    _load(settings, DEMO_PLACE, frozenset())
    if serve:
        serving.serve(settings, port)


@app.command()
def load(
    place: Annotated[str, typer.Argument(help="A place's name, such as trafford, or the path of a place file.")],
    store: StoreOption = None,
    data: DataOption = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be repeated.")] = None,
    form: FormatOption = Format.table,
) -> None:
    """Load a place's sources; one that fails leaves what was there before."""
    outcomes = _load(settings_of(store, data), place, frozenset(source or ()))
    typer.echo(shown(_outcome_rows(outcomes), None, form))
    failed = [outcome for outcome in outcomes if outcome.fault]
    if failed:
        faults = "\n".join(f"  {outcome.source}: {outcome.fault}" for outcome in failed)
        raise SourceError(f"{len(failed)} of {len(outcomes)} sources were not loaded:\n{faults}")


def _load(settings: Settings, place_name: str, only: frozenset[str]) -> list[Outcome]:
    layers = declared_layers(settings)
    place = find_place(place_name, settings.place_folders)
    with opened_store(settings, must_exist=False) as store:
        say(f"Loading {place.name} into {shown_address(settings.store_url)}")
        outcomes = load_place(store, place, layers, settings.data_root, only, lambda key: say(f"  {key}"))
    stored = sum(outcome.record.stored for outcome in outcomes if outcome.record)
    issues = sum(outcome.issues for outcome in outcomes)
    say(f"{stored:,} rows stored, {issues:,} issues. 'assetmap issues --place {place.id}' lists them.")
    return outcomes


def _outcome_rows(outcomes: list[Outcome]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "source": outcome.source,
                "layer": outcome.layer,
                "rows_in": outcome.record.rows_in if outcome.record else None,
                "stored": outcome.record.stored if outcome.record else None,
                "set_aside": outcome.record.set_aside if outcome.record else None,
                "dropped": outcome.record.dropped if outcome.record else None,
                "issues": outcome.issues,
                "result": "not loaded" if outcome.fault else "loaded",
            }
            for outcome in outcomes
        ]
    ).astype(dict.fromkeys(("rows_in", "stored", "set_aside", "dropped"), "Int64"))


@app.command()
def layers(
    store: StoreOption = None,
    place: PlaceOption = None,
    form: FormatOption = Format.table,
    check: Annotated[bool, typer.Option("--check", help="Run the examples in the layer files.")] = False,
) -> None:
    """What can be mapped, and how much of it is loaded."""
    settings = settings_of(store)
    declared = declared_layers(settings)
    if check:
        faults = [fault for layer in declared.values() for fault in faults_of(layer)]
        if faults:
            raise SettingError("Examples that do not hold:\n" + "\n".join(f"  {fault}" for fault in faults))
        say(f"The examples of all {len(declared)} layers hold.")
        return
    counts = pd.DataFrame()
    if "://" in settings.store_url or Path(settings.store_url).exists():
        with opened_store(settings) as opened:
            counts = opened.layer_counts(place).set_index("layer")
    typer.echo(shown(_layer_rows(declared, counts), None, form))


def _layer_rows(declared: dict[str, Layer], counts: pd.DataFrame) -> pd.DataFrame:
    names = ("rows", "open", "closed", "sources", "issues", "contributed")
    rows = []
    for layer in declared.values():
        found = counts.loc[layer.id] if layer.id in counts.index else None
        numbers = {name: 0 if found is None else int(str(found[name])) for name in names}
        rows.append({"layer": layer.id, **numbers, "title": layer.title, "kinds": ", ".join(layer.kinds)})
    return pd.DataFrame(rows)


@app.command()
def issues(
    store: StoreOption = None,
    place: PlaceOption = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this source, such as trafford/land.")] = None,
    form: FormatOption = Format.table,
) -> None:
    """What was wrong with rows of the sources, and who can mend it."""
    with opened_store(settings_of(store)) as opened:
        found = opened.issues(place, source)
    columns = ["source", "row", "field", "value", "kind", "effect", "name", "message", "who_can_mend"]
    typer.echo(shown(found[columns], None, form))


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
    with viewed(settings_of(store), place) as (opened, view):
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
def licences() -> None:
    """The licences that sources may name."""
    typer.echo(shown(pd.DataFrame({"id": LICENCES.keys(), "name": LICENCES.values()}), None, Format.table))
