"""Commands that fill the store and say what is in it."""

from __future__ import annotations

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
    known_place,
    opened_store,
    settings_of,
)
from assetmap.cli.saying import say
from assetmap.errors import NoStoreError, SettingError, SourceError, UnknownNameError
from assetmap.examples import faults_of
from assetmap.layers import Layer
from assetmap.loading import Outcome, chosen_sources, load_place
from assetmap.places import find_place
from assetmap.settings import DEMO_PLACE, Settings
from assetmap.showing import Format, shown
from assetmap.sources import LICENCES
from assetmap.store import Store, shown_address
from assetmap.wording import count_words

app = typer.Typer(rich_markup_mode=None)


@app.command()
def demo(
    store: StoreOption = None,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the app when the town is loaded.")] = True,
    port: PortOption = serving.DEFAULT_PORT,
) -> None:
    """Load the made-up town and open the app on it."""
    settings = settings_of(store)
    _load(settings, DEMO_PLACE)
    if serve:
        serving.serve(settings, port)


@app.command()
def load(
    place: Annotated[str, typer.Argument(help="A place's name, such as trafford, or the path of a place file.")],
    store: StoreOption = None,
    data: DataOption = None,
    source: Annotated[list[str] | None, typer.Option("--source", help="Only this source; may be repeated.")] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Ask an OpenStreetMap server for what the place file reads from extracts.")
    ] = False,
    form: FormatOption = Format.table,
) -> None:
    """Load a place's sources; one that fails leaves what was there before."""
    outcomes = _load(settings_of(store, data), place, frozenset(source or ()), live=live)
    typer.echo(shown(_outcome_rows(outcomes), None, form))
    failed = [outcome for outcome in outcomes if outcome.fault]
    if failed:
        faults = "\n".join(f"  {outcome.source}: {outcome.fault}" for outcome in failed)
        again = " ".join(f"--source {outcome.source.partition('/')[2]}" for outcome in failed)
        raise SourceError(
            f"{len(failed)} of {len(outcomes)} sources were not loaded:\n{faults}\n"
            f"Add these words to load only what is missing: {again}"
        )


def _load(
    settings: Settings, place_name: str, only: frozenset[str] = frozenset(), *, live: bool = False
) -> list[Outcome]:
    layers = declared_layers(settings)
    place = find_place(place_name, settings.place_folders)
    place = place.live() if live else place
    chosen_sources(place, layers, only)  # what is wrong with these is said before a store is made
    with opened_store(settings, must_exist=False) as store:
        say(f"Loading {place.name} into {shown_address(settings.store_url)}")
        outcomes = load_place(
            store, place, layers, settings.data_root, only, lambda key: say(f"  {key}"), settings.overpass_url
        )
    stored = sum(outcome.record.stored for outcome in outcomes if outcome.record)
    issues = sum(outcome.issues for outcome in outcomes)
    told = f"{count_words(stored, 'row', 'rows')} stored, {count_words(issues, 'issue', 'issues')}"
    say(f"{told}. 'assetmap issues --place {place.id}' lists them.")
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
    try:
        with opened_store(settings) as opened:
            place = known_place(opened, place)
            counts = opened.layer_counts(place).set_index("layer")
    except NoStoreError as fault:
        if place is not None:
            raise
        say(f"{fault}\nThese are the layers that a place file may name:")
        counts = None
    typer.echo(shown(_layer_rows(declared, counts), None, form))


def _layer_rows(declared: dict[str, Layer], counts: pd.DataFrame | None) -> pd.DataFrame:
    """A row a layer; without a store the counts are blank, as nobody has counted."""
    names = ["rows", "open", "closed", "sources", "issues", "contributed"]
    known = counts if counts is not None else pd.DataFrame(columns=names)
    numbers = known[names].reindex(list(declared), fill_value=None if counts is None else 0).astype("Int64")
    numbers = numbers.rename_axis("layer").reset_index()
    titles = [layer.title for layer in declared.values()]
    return numbers.assign(title=titles, kinds=[", ".join(layer.kinds) for layer in declared.values()])


@app.command()
def issues(
    store: StoreOption = None,
    place: PlaceOption = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this source, such as trafford/land.")] = None,
    form: FormatOption = Format.table,
) -> None:
    """What was wrong with rows of the sources, and who can mend it."""
    with opened_store(settings_of(store)) as opened:
        place = known_place(opened, place)
        _refuse_unknown_source(opened, place, source)
        found = opened.issues(place, source)
    columns = ["source", "row", "field", "value", "kind", "effect", "name", "message", "who_can_mend"]
    typer.echo(shown(found[columns], None, form))


def _refuse_unknown_source(store: Store, place: str | None, source: str | None) -> None:
    known = sorted(store.loads(place)["source"])
    if source is not None and source not in known:
        raise UnknownNameError("source loaded", source, known)


@app.command()
def licences() -> None:
    """The licences that sources may name."""
    typer.echo(shown(pd.DataFrame({"id": LICENCES.keys(), "name": LICENCES.values()}), None, Format.table))
