"""The command line: results on standard output, progress and messages on standard error, 1 when something is wrong."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from assetmap import __version__, exports, printing, questions, serving, sheets
from assetmap.contributing import Offer, record_of, similar
from assetmap.errors import AssetmapError, QuestionError, SettingError, SourceError, UnknownNameError
from assetmap.examples import faults_of
from assetmap.layers import Layer, read_layers
from assetmap.loading import Outcome, load_place
from assetmap.places import LICENCES, find_place
from assetmap.placeview import PlaceView
from assetmap.questions import Answer
from assetmap.settings import DEMO_PLACE, Settings, read_settings
from assetmap.showing import Format, shown
from assetmap.store import Store, open_store, shown_address
from assetmap.values import postcodes_in

app = typer.Typer(
    name="assetmap",
    help="Map what a place has, what it has lost and what could be opened up.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
ask = typer.Typer(help="Ask a question of a place.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(ask, name="ask")

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="PostGIS address or path of an embedded store. "
        "By default ASSETMAP_DATABASE_URL, else assetmap.gpkg in this folder.",
    ),
]
PlaceOption = Annotated[str | None, typer.Option("--place", help="The place; not needed when the store has only one.")]
FormatOption = Annotated[Format, typer.Option("--format", help="How the answer is written.")]
KindOption = Annotated[list[str] | None, typer.Option("--kind", help="A kind, such as library; may be repeated.")]
LayerOption = Annotated[
    list[str] | None, typer.Option("--layer", help="A layer, such as green_space; may be repeated.")
]
MinutesOption = Annotated[float, typer.Option("--minutes", min=1, max=120, help="How long a walk counts as near.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="The folder of published files. By default ASSETMAP_REAL_DATA.")
]
PortOption = Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to serve on.")]


def _say(message: str) -> None:
    # what a file or a person wrote may hold codes that a terminal would obey
    plain = "".join(char if char.isprintable() or char == "\n" else "?" for char in message)
    typer.echo(plain, err=True)


def _settings(store: str | None = None, data: Path | None = None) -> Settings:
    found = read_settings()
    return Settings(store or found.store_url, data or found.data_root, found.share, found.tiles)


def _layers(settings: Settings) -> dict[str, Layer]:
    return read_layers(settings.layers_folder)


@contextmanager
def _opened(settings: Settings, *, must_exist: bool = True) -> Iterator[Store]:
    where = settings.store_url
    if must_exist and "://" not in where and not Path(where).exists():
        raise SettingError(
            f"There is no store at {where} yet. Make one with 'assetmap demo --no-serve' or 'assetmap load PLACE', "
            "or name another with --store."
        )
    with open_store(where) as store:
        yield store


@contextmanager
def _viewed(settings: Settings, place: str | None) -> Iterator[tuple[Store, PlaceView]]:
    with _opened(settings) as store:
        yield store, PlaceView(store, _which_place(store, place), _layers(settings))


def _which_place(store: Store, place: str | None) -> str:
    known = sorted(store.places()["place_id"])
    if place is None and len(known) == 1:
        return str(known[0])
    if place is None:
        raise UnknownNameError("place without --place", "", known)
    return place


@app.command()
def demo(
    store: StoreOption = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the app when the town is loaded.")] = True,
    port: PortOption = serving.DEFAULT_PORT,
) -> None:
    """Load the made-up town and open the app on it."""
    settings = _settings(store)
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
    outcomes = _load(_settings(store, data), place, frozenset(source or ()))
    typer.echo(shown(_outcome_rows(outcomes), None, form))
    failed = [outcome for outcome in outcomes if outcome.fault]
    if failed:
        faults = "\n".join(f"  {outcome.source}: {outcome.fault}" for outcome in failed)
        raise SourceError(f"{len(failed)} of {len(outcomes)} sources were not loaded:\n{faults}")


def _load(settings: Settings, place_name: str, only: frozenset[str]) -> list[Outcome]:
    layers = _layers(settings)
    place = find_place(place_name, settings.place_folders)
    with _opened(settings, must_exist=False) as store:
        _say(f"Loading {place.name} into {shown_address(settings.store_url)}")
        outcomes = load_place(store, place, layers, settings.data_root, only, lambda key: _say(f"  {key}"))
    stored = sum(outcome.record.stored for outcome in outcomes if outcome.record)
    issues = sum(outcome.issues for outcome in outcomes)
    _say(f"{stored:,} rows stored, {issues:,} issues. 'assetmap issues --place {place.id}' lists them.")
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
    settings = _settings(store)
    declared = _layers(settings)
    if check:
        faults = [fault for layer in declared.values() for fault in faults_of(layer)]
        if faults:
            raise SettingError("Examples that do not hold:\n" + "\n".join(f"  {fault}" for fault in faults))
        _say(f"The examples of all {len(declared)} layers hold.")
        return
    counts = pd.DataFrame()
    if "://" in settings.store_url or Path(settings.store_url).exists():
        with _opened(settings) as opened:
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
    with _opened(_settings(store)) as opened:
        found = opened.issues(place, source)
    columns = ["source", "row", "field", "value", "kind", "effect", "name", "message", "who_can_mend"]
    typer.echo(shown(found[columns], None, form))


@ask.command()
def here(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    form: FormatOption = Format.table,
) -> None:
    """What is here, by kind and neighbourhood, and for every 1,000 people."""
    with _viewed(_settings(store), place) as (_, view):
        _tell(questions.here(view, kind or (), layer or ()), form, totals_first=True)


@ask.command()
def nearest(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    minutes: MinutesOption = 15,
    form: FormatOption = Format.table,
) -> None:
    """How far people walk to the nearest, and how many are within a walk of it."""
    with _viewed(_settings(store), place) as (_, view):
        _tell(questions.nearest(view, kind or (), layer or (), minutes), form)


@ask.command()
def gaps(
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    minutes: MinutesOption = 15,
    form: FormatOption = Format.table,
) -> None:
    """Where deprivation is high and places are few or far, and what is near that could fill the gap."""
    with _viewed(_settings(store), place) as (_, view):
        _tell(questions.gaps(view, kind or (), layer or (), minutes), form)


@ask.command()
def lost(
    store: StoreOption = None,
    place: PlaceOption = None,
    since: Annotated[int | None, typer.Option("--since", min=1800, max=2100, help="From this year.")] = None,
    until: Annotated[int | None, typer.Option("--until", min=1800, max=2100, help="Up to this year.")] = None,
    form: FormatOption = Format.table,
) -> None:
    """What has closed, when and how. What went to the community is not counted as lost."""
    with _viewed(_settings(store), place) as (_, view):
        _tell(questions.lost(view, since, until), form)


def _tell(answer: Answer, form: Format, *, totals_first: bool = False) -> None:
    """The rows on standard output; for a reader, the finding and where it comes from around them."""
    rows = answer.totals if totals_first and form is Format.table else answer.table
    if form is Format.table:
        rows = rows if totals_first else rows[list(answer.brief)]
        typer.echo(f"{answer.title}\n{answer.sentence}\n")
    typer.echo(shown(rows, answer.shapes, form))
    if form is Format.table:
        sources = [printing.source_line(source) for source in answer.sources]
        typer.echo("\n".join(["", answer.method, *answer.caveats, "", "Sources:", *sources]))


@app.command()
def sheet(
    about: Annotated[str, typer.Argument(help="here, gaps or lost.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write: .png, .svg or .pdf.")],
    store: StoreOption = None,
    place: PlaceOption = None,
    kind: KindOption = None,
    layer: LayerOption = None,
    title: Annotated[str, typer.Option("--title", help="A title of your own, in place of the finding.")] = "",
) -> None:
    """Draw a map sheet to print, with its sources and licences inside the image."""
    known = dict(zip(printing.ABOUT, printing.ABOUT, strict=True))
    if about not in known:
        raise UnknownNameError("sheet", about, printing.ABOUT)
    suffixes = {".png": "png", ".svg": "svg", ".pdf": "pdf"}
    if out.suffix.lower() not in suffixes:
        raise SettingError(f"{out} must end .png, .svg or .pdf.")
    with _viewed(_settings(store), place) as (_, view):
        drawn = printing.sheet_of(view, known[about], layer or (), kind or (), title)
        sheets.draw(drawn, out, suffixes[out.suffix.lower()])  # type: ignore[arg-type]
    typer.echo(out)
    _say(sheets.alt_text(drawn))


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", "-o", help="A file for gpkg; a folder for geojson and csv.")],
    store: StoreOption = None,
    place: PlaceOption = None,
    layer: LayerOption = None,
    form: Annotated[str, typer.Option("--format", help="gpkg, geojson or csv.")] = "gpkg",
) -> None:
    """Write layers to files that others can use, with their sources and licences beside them."""
    kinds = {kind: kind for kind in exports.FORMATS}
    if form not in kinds:
        raise UnknownNameError("export format", form, exports.FORMATS)
    with _viewed(_settings(store), place) as (_, view):
        wanted = [choice.layer for choice in view.choose((), layer or ())]
        written = printing.export_layers(view, wanted, out, kinds[form])
    for path in written:
        typer.echo(path)


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
    with _viewed(_settings(store), place) as (opened, view):
        spot = _spot(opened, view, longitude, latitude, postcode)
        record = record_of(view, Offer(layer, kind, name, *spot, says, how_known, seen_on, who_for))
        for other in similar(view, *spot).head(5).itertuples():
            _say(f"Already mapped {other.distance_m:.0f} m away: {other.name} ({other.layer}, {other.kind}).")
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
def serve(store: StoreOption = None, port: PortOption = serving.DEFAULT_PORT) -> None:
    """Open the app on a store."""
    settings = _settings(store)
    with _opened(settings):
        pass
    serving.serve(settings, port)


@app.command()
def licences() -> None:
    """The licences that sources may name."""
    typer.echo(shown(pd.DataFrame({"id": LICENCES.keys(), "name": LICENCES.values()}), None, Format.table))


@app.command()
def version() -> None:
    """The version of assetmap."""
    typer.echo(__version__)


def main() -> None:
    """Run the command line; whatever goes wrong becomes one message and exit code 1."""
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    try:
        app(standalone_mode=True)
    except AssetmapError as fault:
        _say(f"assetmap: {fault}")
        sys.exit(1)
    except BrokenPipeError:
        # the reader of a pipe has gone, as with '| head'; nothing is left to say to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as fault:  # noqa: BLE001  # the last door: a person is never shown a traceback unasked
        if os.environ.get("ASSETMAP_DEBUG"):
            traceback.print_exc()
        _say(
            f"assetmap: this should not have happened ({type(fault).__name__}: {fault}). "
            "Run it again with ASSETMAP_DEBUG=1 to see where, and report it."
        )
        sys.exit(1)
