"""What the commands share: their options, the store they open, and how they speak."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from assetmap.chosen import Walking
from assetmap.errors import SettingError
from assetmap.layers import Layer, read_layers
from assetmap.naming import id_of
from assetmap.settings import Settings, read_settings
from assetmap.showing import Format
from assetmap.store import Store, open_store
from assetmap.values import shown_only

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
AnswerFormatOption = Annotated[
    Format, typer.Option("--format", help="How the answer is written: all of it as a table or json, else its rows.")
]
KindOption = Annotated[list[str] | None, typer.Option("--kind", help="A kind, such as library; may be repeated.")]
LayerOption = Annotated[
    list[str] | None, typer.Option("--layer", help="A layer, such as green_space; may be repeated.")
]
MinutesOption = Annotated[float, typer.Option("--minutes", min=1, max=120, help="How long a walk counts as near.")]
StepFreeOption = Annotated[
    bool, typer.Option("--step-free", help="Without steps, or ways that the map says no wheelchair can use.")
]
SlopeOption = Annotated[
    bool, typer.Option("--slope", help="Minutes that allow for hills, where heights of the ground are loaded.")
]
WeightOption = Annotated[
    list[str] | None,
    typer.Option("--weight", help="PART=NUMBER of need, beyond, fewer_kinds or less_each; may be repeated."),
]
NeedOption = Annotated[str, typer.Option("--need", help="What counts as need: imd, or a domain such as income.")]
SinceOption = Annotated[int | None, typer.Option("--since", min=1800, max=2100, help="From this year.")]
UntilOption = Annotated[int | None, typer.Option("--until", min=1800, max=2100, help="Up to this year.")]
PartOption = Annotated[str, typer.Option("--part", help="Only this further table of the answer.")]
HotSpotsOption = Annotated[bool, typer.Option("--hot-spots", help="Also where high scores lie together.")]
MethodOption = Annotated[str, typer.Option("--method", help="2sfca, e2sfca, 3sfca, gravity or cumulative.")]
OfferOption = Annotated[str, typer.Option("--offer", help="places, hours or 'staffed hours'.")]
EditionOption = Annotated[
    int | None, typer.Option("--edition", help="The year of the Indices, such as 2025. By default the newest.")
]
DomainOption = Annotated[str, typer.Option("--domain", help="imd, or a domain such as income; idaci, idaopi.")]
ByOption = Annotated[
    str | None,
    typer.Option(
        "--by", help="place (every neighbourhood), locality (parts of town), ward, or authority (all of England's)."
    ),
]
ChooseOption = Annotated[int, typer.Option("--choose", min=1, max=20, help="How many sites, at most.")]
AimOption = Annotated[
    str, typer.Option("--aim", help="'people' newly within the walk, or shorter 'walks' for everybody.")
]
AreasArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Codes or names of neighbourhoods, or names of parts of town. Without any, all of the place."),
]
OutlineOption = Annotated[
    str | None,
    typer.Option("--outline", help="Corners of an area drawn by hand: 'LON,LAT LON,LAT LON,LAT', in degrees."),
]


def _printable(title: str) -> str:
    """The title without characters that do not show; one that is no text is refused."""
    try:
        title.encode()
    except UnicodeEncodeError as fault:
        raise SettingError("The title holds bytes that are no text. Write it in UTF-8.") from fault
    return shown_only(title)


TitleOption = Annotated[
    str, typer.Option("--title", callback=_printable, help="A title of your own, in place of the finding.")
]
ShadeOption = Annotated[
    str,
    typer.Option("--shade", help="How neighbourhoods are shaded: need or none; of gaps also gap, walk or together."),
]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="The folder of published files. By default ASSETMAP_REAL_DATA.")
]
PortOption = Annotated[int, typer.Option("--port", min=1, max=65535, help="The port to serve on.")]


@dataclass(frozen=True)
class Where:
    """Which store, and which place in it."""

    store: StoreOption = None
    place: PlaceOption = None


@dataclass(frozen=True)
class Of:
    """What a question is about."""

    kind: KindOption = None
    layer: LayerOption = None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds named."""
        return tuple(self.kind or ())

    @property
    def layers(self) -> tuple[str, ...]:
        """The layers named."""
        return tuple(self.layer or ())


@dataclass(frozen=True)
class Walks:
    """How long a walk counts as near, and how people walk."""

    minutes: MinutesOption = 15
    step_free: StepFreeOption = False
    slope: SlopeOption = False

    @property
    def walking(self) -> Walking:
        """How people walk."""
        return Walking(self.step_free, self.slope)


@dataclass(frozen=True)
class Weighing:
    """What counts as a gap, and how much."""

    weight: WeightOption = None
    need: NeedOption = "imd"

    @property
    def weights(self) -> dict[str, float]:
        """The weights that a person gave, by part."""
        return weights_of(self.weight)


@dataclass(frozen=True)
class Sharing:
    """How what falls to each is counted, and of what."""

    method: MethodOption = "e2sfca"
    offer: OfferOption = "places"


@dataclass(frozen=True)
class Siting:
    """How many sites are chosen, and to what end."""

    choose: ChooseOption = 3
    aim: AimOption = "people"


@dataclass(frozen=True)
class Years:
    """Of which years losses are told, both included."""

    since: SinceOption = None
    until: UntilOption = None


@dataclass(frozen=True)
class Indices:
    """Which of the official measures of deprivation, and by what they are told."""

    edition: EditionOption = None
    domain: DomainOption = "imd"
    by: ByOption = None


@dataclass(frozen=True)
class Written:
    """How an answer is written, and which table of it."""

    form: AnswerFormatOption = Format.table
    part: PartOption = ""


def settings_of(store: str | None = None, data: Path | None = None) -> Settings:
    """The settings, with what the command was told in place of what the environment says."""
    found = read_settings()
    return replace(found, store_url=store or found.store_url, data_root=data or found.data_root)


def declared_layers(settings: Settings) -> dict[str, Layer]:
    """Every layer in the settings' folder, by id."""
    return read_layers(settings.layers_folder)


@contextmanager
def opened_store(settings: Settings, *, must_exist: bool = True) -> Iterator[Store]:
    """The store, closed again afterwards; unless told otherwise, one that is not there is not made."""
    with open_store(settings.store_url, must_exist) as store:
        yield store


def known_place(store: Store, place: str | None) -> str | None:
    """The id of a place that the store holds, asked for by id or name; no place means all of them.

    Raises
    ------
    UnknownNameError
        Naming those that it holds.
    """
    if place is None:
        return None
    places = store.places()
    return id_of(place, dict(zip(places["place_id"], places["name"], strict=True)), "place in this store")


def weights_of(given: Iterable[str] | None) -> dict[str, float]:
    """The weights of the gap score that a person gave, by part."""
    weights = {}
    for text in given or ():
        name, _, number = text.partition("=")
        try:
            weights[name] = float(number)
        except ValueError as fault:
            raise SettingError(f"The weight {text!r} cannot be read. Write it as need=2.") from fault
    return weights
