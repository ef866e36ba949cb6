"""What we map: one YAML file a layer, strictly parsed, every fault in every file reported at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from assetmap.declarations import Declared, Rule, declared, read_declaration
from assetmap.errors import DeclarationError, UnknownNameError
from assetmap.look import THEMES
from assetmap.tables import (
    AREA_COLUMNS,
    ASSET_COLUMNS,
    FIGURE_COLUMNS,
    HAPPENINGS,
    HEIGHT_COLUMNS,
    LOCATOR_COLUMNS,
    OWN_FIELDS,
    STATUSES,
    STREET_COLUMNS,
    Holds,
)
from assetmap.uses import Uses

FieldType = Literal["text", "number", "whole_number", "date", "yes_no"]

_SET_BY_US = frozenset(
    {
        *("asset_id", "place_id", "layer", "area_code", "geography", "imd_edition", "locator_id", "street_id"),
        *("scheme", "located_by", "location_accuracy_m", "location_note", "figure_id", "edition", "homes", "height_id"),
        *("source", "source_row", "contributed", "details", "geometry"),
    }
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ADDRESS_FIELDS = frozenset({"address", "postcode", "uprn"})
_BUILDING_FIELDS = frozenset({"kind", "dwellings", "levels", "floor_area_m2", "ground_m2"})

HOMES_KIND = "homes"
"""The kind of buildings of which it is known that people live in them, and no more."""

UNSAID_KIND = "unsaid"
"""The kind of buildings of which their map says no more than that they are buildings."""

_TYPES: Mapping[str, FieldType] = {
    "opened_on": "date",
    "closed_on": "date",
    "step_free": "yes_no",
    "hours_per_week": "number",
    "staffed_hours_per_week": "number",
    "population": "whole_number",
    "imd_score": "number",
    "imd_rank": "whole_number",
    "imd_decile": "whole_number",
    "accuracy_m": "number",
    "easting_m": "whole_number",
    "northing_m": "whole_number",
}
_COLUMNS: Mapping[Holds, tuple[str, ...]] = {
    "areas": AREA_COLUMNS,
    "assets": ASSET_COLUMNS,
    "streets": STREET_COLUMNS,
    "locators": LOCATOR_COLUMNS,
    "figures": FIGURE_COLUMNS,
    "heights": HEIGHT_COLUMNS,
}


class Kind(Declared):
    """One kind of thing in a layer, such as a library.

    Attributes
    ----------
    title, plural
        What one and several are called on screen.
    says
        What counts as one, where the title does not say it.
    minor
        Drawn smaller, so that a common kind does not hide the others.
    has_rooms
        A building in which something else could open as well, if its use leaves room.
    homes
        For buildings: how many homes one holds that does not say it; left out, its size tells. With none, the building
        is set aside, for what ``says`` says.
    """

    title: str = Field(min_length=1)
    plural: str = Field(min_length=1)
    says: str = ""
    minor: bool = False
    has_rooms: bool = False
    homes: float | None = Field(default=None, ge=0.0, allow_inf_nan=False)


class HomeSizes(Declared):
    """How many homes a building holds that says neither how many nor what sort of building it is.

    Attributes
    ----------
    smallest_m2
        An outline of less ground is a garage or a shed, unless it is said to hold homes.
    largest_m2
        No more ground than this is counted of an outline, unless its floors are told: a larger one without them is
        often a whole street or an estate.
    levels
        Floors, where they are not told.
    home_m2
        Floor area of a home, its walls and its share of stairs included.
    """

    smallest_m2: float = Field(ge=0.0, allow_inf_nan=False)
    largest_m2: float = Field(gt=0.0, allow_inf_nan=False)
    levels: float = Field(gt=0.0, allow_inf_nan=False)
    home_m2: float = Field(gt=0.0, allow_inf_nan=False)


class LayerField(Declared):
    """One field of a layer's rows.

    Attributes
    ----------
    says
        What it holds, in plain English.
    type
        Only for fields of this layer's own; the shared columns have theirs.
    called
        Headers under which registers publish it; used where a place file names no column.
    values
        Words that registers use, and ours; used where a place file gives none.
    """

    says: str = Field(min_length=1)
    type: FieldType = "text"
    called: tuple[str, ...] = ()
    values: dict[str, str] = {}


class Refusal(Declared):
    """The issue that an example row must raise."""

    field: str
    kind: str


class Example(Declared):
    """A row as published, and what it must become: run as a test.

    Attributes
    ----------
    says
        What the example shows.
    given
        The row: header to text.
    source
        Keys of a source in a place file (``columns``, ``locate``, ``set_aside`` ...), as far as the row needs them.
    shape
        The geometry of a row of a spatial file, as WKT in degrees.
    becomes
        Columns and the values they must have; ``null`` is written as an empty text.
    raises
        The issue it must raise instead of, or beside, becoming a row.
    set_aside
        The rule by which it is set aside.
    """

    says: str
    given: dict[str, str]
    source: dict[str, Any] = {}
    shape: str | None = None
    becomes: dict[str, str] | None = None
    raises: Refusal | None = None
    set_aside: str | None = None

    @model_validator(mode="after")
    def _expects_something(self) -> Example:
        if self.becomes is None and self.raises is None and self.set_aside is None:
            raise ValueError("an example needs 'becomes', 'raises' or 'set_aside'")
        return self


class Layer(Declared):
    """A layer: what counts, its kinds and fields, and how it is drawn.

    Attributes
    ----------
    id
        The file's name without ``.yaml``: also the table value, the command line's word and the URL's.
    one, many
        What one and several of its rows are called in a sentence, such as ``place to meet`` and ``places to meet``.
    counts
        What counts, in plain English.
    holds
        Which table its rows go to.
    tells
        ``here`` for what a place has; ``lost`` for a ledger of what happened to services; ``backdrop`` for what is
        only drawn, such as water; ``counted`` for what is only counted together, such as the fronts of a high street.
    gaps_first
        Whether the question where gaps are is about this layer when nobody says which.
    could_fill
        Whether what it holds could help to fill a gap, and is named beside one.
    scheme
        For locators: one of :data:`assetmap.tables.SCHEMES`.
    sizes
        For buildings: how their size tells how many homes they hold.
    homes
        For locators: whether they cover every home of the place, so that walks may set out from them.
    codes_repeat
        For figures: whether a code may stand in several rows, as in a list of what became of areas.
    blur_m
        Positions are rounded to a grid of this size and addresses are not kept, because a row may be a home.
    uses
        How its buildings tell whether something else could open in them.
    add_here
        Whether people may add to it in the app.
    set_aside
        Rules for every source of the layer that has the rule's column, such as motorways among streets.
    """

    id: str
    title: str = Field(min_length=1)
    one: str = ""
    many: str = ""
    counts: str = Field(min_length=20)
    holds: Holds = "assets"
    tells: Literal["here", "lost", "backdrop", "counted"] = "here"
    gaps_first: bool = False
    could_fill: bool = False
    theme: str | None = None
    icon: str | None = Field(default=None, pattern=r"^[a-z0-9_]+$")
    scheme: Literal["postcode", "uprn", "building"] | None = None
    sizes: HomeSizes | None = None
    homes: bool = True
    codes_repeat: bool = False
    blur_m: float = Field(default=0.0, ge=0.0)
    add_here: bool = False
    uses: Uses = Uses()
    kinds: dict[str, Kind] = {}
    fields: dict[str, LayerField]
    set_aside: tuple[Rule, ...] = ()
    examples: tuple[Example, ...] = Field(min_length=1)

    @field_validator("theme")
    @classmethod
    def _known_theme(cls, theme: str | None) -> str | None:
        if theme is not None and theme not in THEMES:
            raise ValueError(f"{theme!r} is not a theme of the look; the themes are {', '.join(THEMES)}")
        return theme

    @model_validator(mode="after")
    def _whole(self) -> Layer:
        faults = []
        if self.holds == "assets" and not (self.icon and self.kinds):
            faults.append("a layer of assets needs an icon and kinds")
        if self.holds == "assets" and not (self.one and self.many):
            faults.append("a layer of assets needs 'one' and 'many', for sentences")
        if self.holds == "assets" and (self.theme is None) != (self.tells in ("backdrop", "counted")):
            faults.append("a layer of assets needs a theme, unless it is a backdrop or only counted: those have none")
        if self.holds == "assets" and self.kinds and "other" not in self.kinds:
            faults.append("kinds need 'other', so that a word nobody foresaw loses no row")
        if self.blur_m and _ADDRESS_FIELDS.intersection(self.fields):
            faults.append("a layer with 'blur_m' keeps no address: take out address, postcode and uprn")
        if (self.holds == "locators") != (self.scheme is not None):
            faults.append("'scheme' goes with 'holds: locators', and only there")
        if self.scheme == "building" and not (self.sizes and set(self.fields) >= _BUILDING_FIELDS):
            faults.append(f"a layer of buildings needs 'sizes' and the fields {', '.join(sorted(_BUILDING_FIELDS))}")
        if self.scheme == "building" and not {HOMES_KIND, UNSAID_KIND} <= set(self.kinds):
            faults.append(f"a layer of buildings needs the kinds {HOMES_KIND!r} and {UNSAID_KIND!r}")
        if any(kind.homes == 0 and not kind.says for kind in self.kinds.values()):
            faults.append("a kind with no homes needs 'says': why it is set aside")
        ours = sorted(_SET_BY_US.intersection(self.fields))
        if ours:
            faults.append(f"fields {', '.join(ours)} are set by assetmap and cannot be declared")
        if self.holds == "figures" and not ("code" in self.fields and self.detail_fields):
            faults.append("a layer of figures needs the field 'code', and fields for what is published about it")
        if self.codes_repeat and self.holds != "figures":
            faults.append("'codes_repeat' goes with 'holds: figures', and only there")
        if self.holds not in OWN_FIELDS and self.detail_fields:
            faults.append(f"fields {', '.join(self.detail_fields)} are not columns of the {self.holds} table")
        faults += [*self._ill_named(), *self._strange_words(), *self._strange_uses()]
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _ill_named(self) -> list[str]:
        # they become views, columns and addresses
        odd = [repr(name) for name in (self.id, *self.kinds, *self.fields) if not _NAME.fullmatch(name)]
        rule = "small letters, figures and underscores, and begin with a letter"
        return [f"{', '.join(odd)}: names of layers, kinds and fields are of {rule}"] if odd else []

    def _strange_uses(self) -> list[str]:
        fields = [repr(name) for name in self.uses.read if name != "name" and name not in self.fields]
        kinds = [repr(kind) for rule in self.uses.told for kind in rule.kinds if kind not in self.kinds]
        return [
            f"uses: {', '.join(odd)} {'is' if len(odd) == 1 else 'are'} no {what} of this layer"
            for odd, what in ((fields, "field"), (kinds, "kind"))
            if odd
        ]

    def _strange_words(self) -> list[str]:
        allowed = {"kind": tuple(self.kinds), "status": STATUSES, "what_happened": HAPPENINGS}
        return [
            f"fields.{name}.values: {ours!r} is not one of {', '.join(words)}"
            for name, words in allowed.items()
            if name in self.fields
            for ours in dict.fromkeys(self.fields[name].values.values())
            if ours not in words
        ]

    @property
    def detail_fields(self) -> tuple[str, ...]:
        """The fields that only this layer has, kept in the ``details`` column."""
        return tuple(name for name in self.fields if name not in _COLUMNS[self.holds])

    def type_of(self, field: str) -> FieldType:
        """How the text of ``field`` is read."""
        return _TYPES.get(field, self.fields[field].type)

    def kind_title(self, kind: str, count: int = 1) -> str:
        """``Library`` or ``Libraries``; a kind that is not declared is named as it is written."""
        declared_kind = self.kinds.get(kind)
        if declared_kind is None:
            return kind.replace("_", " ").capitalize()
        return declared_kind.title if count == 1 else declared_kind.plural


def read_layer(path: Path) -> Layer:
    """The layer that one file declares; its id is the file's name.

    Raises
    ------
    DeclarationError
        With every fault of the file.
    """
    content = read_declaration(path)
    if "id" in content:
        raise DeclarationError(path.name, ["id: the file's name is the layer's id; take this key out"])
    return declared(Layer, {"id": path.stem, **content}, path.name)


def read_layers(folder: Path) -> dict[str, Layer]:
    """Every layer in a folder of ``*.yaml``, by id, in the order of their names.

    Raises
    ------
    DeclarationError
        With every fault of every file.
    """
    layers: dict[str, Layer] = {}
    faults: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            layers[path.stem] = read_layer(path)
        except DeclarationError as fault:
            faults.extend(f"{path.name}: {line}" for line in fault.faults)
    if not layers and not faults:
        faults.append("it holds no layer files (*.yaml)")
    if faults:
        raise DeclarationError(str(folder), faults)
    return layers


def find_layer(layers: Mapping[str, Layer], layer_id: str) -> Layer:
    """The layer of that id.

    Raises
    ------
    UnknownNameError
        Naming those there are.
    """
    if layer_id not in layers:
        raise UnknownNameError("layer", layer_id, sorted(layers))
    return layers[layer_id]
