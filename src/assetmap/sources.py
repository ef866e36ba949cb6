"""What a place file may say of a source: its file and columns, where its rows are, its date and its licence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from assetmap import space, values
from assetmap.declarations import Declared, Rule, Spaced, Texts

LICENCES: Final[Mapping[str, str]] = {
    "OGL-UK-3.0": "Open Government Licence v3.0",
    "OPL-UK-3.0": "Open Parliament Licence v3.0",
    "ODbL-1.0": "Open Database License 1.0",
    "CC-BY-4.0": "Creative Commons Attribution 4.0",
    "CC0-1.0": "Creative Commons Zero 1.0",
    "own": "the holder's own terms: not for passing on",
}
"""Licences that a source may name; the key is what SPDX calls it."""


class Column(Declared):
    """How one of our fields is filled from a row.

    Attributes
    ----------
    column
        The header, or several: the first that is not blank is taken, or all are joined when ``join`` is given.
    join
        What to put between the texts of several columns.
    write
        The words to put around the text, which goes where ``{}`` stands.
    values
        The source's words and ours; compared without regard to case and surrounding space.
    contains
        A word or phrase found anywhere in the text, and what it means; the first that is found is taken.
    otherwise
        What any other text that is not blank becomes; without it the text stays (or, with ``values``, is an issue).
    blank
        What a blank becomes.
    always
        The same for every row.
    """

    column: Texts = ()
    join: Spaced | None = None
    write: str | None = Field(default=None, pattern=r"^[^{}]*\{\}[^{}]*$")
    values: dict[str, str] | None = None
    contains: dict[str, str] | None = None
    otherwise: str | None = None
    blank: str | None = None
    always: str | None = None

    @model_validator(mode="after")
    def _says_where_from(self) -> Column:
        if bool(self.column) == (self.always is not None):
            raise ValueError("say either 'column' (where it comes from) or 'always' (the same for every row)")
        return self


def _known_crs(name: str) -> str:
    space.parse_crs(name)  # its fault is a ValueError, which pydantic gathers
    return name


CrsName = Annotated[str, AfterValidator(_known_crs)]


def _as_column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str | list) else value


ColumnMapping = Annotated[Column, BeforeValidator(_as_column)]


class Locate(Declared):
    """Where a row of a source is; columns left out are looked for under their usual headers.

    Attributes
    ----------
    x, y
        Columns of the coordinates: east and north.
    crs
        Their system, such as ``EPSG:27700``; left out, it is found from the range of the numbers.
    position
        A column that holds both at once: two numbers, a National Grid reference, or a shape as WKT or GeoJSON.
    uprn, postcode
        Columns with a property's number or postcode; a postcode is also found inside longer text.
    accuracy_m
        How far off the coordinates may be, in metres.
    """

    x: str | None = None
    y: str | None = None
    crs: CrsName | None = None
    position: str | None = None
    uprn: str | None = None
    postcode: Texts = ()
    accuracy_m: float = Field(default=10.0, gt=0, allow_inf_nan=False)

    @model_validator(mode="after")
    def _both_or_neither(self) -> Locate:
        if (self.x is None) != (self.y is None) or (self.x is not None and self.position is not None):
            raise ValueError("'x' and 'y' go together, and not with 'position'")
        return self


class File(Declared):
    """A file to read, and whose it is.

    Attributes
    ----------
    path
        Under the data folder (``--data`` or ``ASSETMAP_REAL_DATA``), or beside the place file when it begins ``./``.
    reader
        ``csv``, ``excel`` (.xlsx, .xls, .ods), ``vector`` (any file GDAL reads, zipped too), ``osm``, ``json``,
        ``xml`` or ``heights`` (.asc, .tif, zipped too); ``osm_live`` asks a server.
    sublayer
        Which of several layers, sheets of a workbook, sorts of element or files in a zip.
    header
        The columns' names, for a table without a header row.
    where
        For ``osm`` and ``osm_live``: the tags of which a feature must have one.
    osm_date
        For ``osm_live``: the day on which OpenStreetMap is wanted as it stood; left out, as it stands.
    missing
        Texts that mean "nothing" in this file, beside ``NA``, ``N/A`` and the like, which always do.
    url
        Where the publisher offers it.
    source_date
        The date the data speak of, as precise as is known.
    attribution
        The lines the licence asks for, word for word.
    """

    path: str = ""
    reader: Literal["csv", "excel", "vector", "osm", "osm_live", "json", "xml", "heights"]
    sublayer: str | None = None
    header: Texts = ()
    encoding: str | None = None
    delimiter: Spaced | None = None
    where: dict[str, Texts] | None = None
    osm_date: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    missing: Texts = ()
    title: str = Field(min_length=3)
    publisher: str = Field(min_length=2)
    url: str = ""
    licence: str
    attribution: Texts = Field(min_length=1)
    source_date: str = Field(default="", pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")

    @field_validator("source_date", "osm_date")
    @classmethod
    def _real_date(cls, date: str | None) -> str | None:
        if date is not None and values.partial_date(date) != date:
            raise ValueError(f"{date!r} is no date: write 2013, 2013-03 or 2013-03-31")
        return date

    @model_validator(mode="after")
    def _from_a_file_or_a_server(self) -> File:
        live = self.reader == "osm_live"
        faults = {
            "'osm_live' asks a server: take out 'path' and 'source_date'": live and (self.path or self.source_date),
            "'osm_live' needs 'where': the tags of which a feature must have one": live and not self.where,
            "only a source by itself can be 'osm_live'": live and not isinstance(self, Source),
            "'path' is missing: where the file is": not live and not self.path,
            "'source_date' is missing: the date the data speak of": not live and not self.source_date,
            "'osm_date' goes with 'reader: osm_live'": not live and self.osm_date,
        }
        if any(faults.values()):
            raise ValueError("; ".join(fault for fault, found in faults.items() if found))
        return self

    @property
    def named(self) -> str:
        """What messages call it."""
        return self.path or "The server's answer"

    @field_validator("licence")
    @classmethod
    def _known_licence(cls, licence: str) -> str:
        if licence not in LICENCES:
            raise ValueError(f"{licence!r} is not a licence known here; use one of {', '.join(LICENCES)}")
        return licence


class Join(File):
    """A second file whose columns are added to each row of the first.

    Attributes
    ----------
    match
        A column of the first file, and the column of this one that holds the same.
    overlap
        In place of ``match``, where both files have shapes: each row takes the columns of the shape over most of it.
    columns
        The columns to add; all by default. With them given, a key may stand in several rows that agree in them, as a
        neighbourhood's name does in a list of postcodes.
    spelt, keep
        For ``match``, what the first file has and how this one spells the same; which rows of this file are meant.
    covers
        ``part`` when many rows of the first file are known to have no match, so that nothing is said of them.
    """

    match: dict[str, str] = Field(default={}, max_length=1)
    overlap: bool = False
    columns: Texts = ()
    spelt: dict[str, str] = {}
    keep: tuple[Rule, ...] = ()
    covers: Literal["all", "part"] = "all"

    @model_validator(mode="after")
    def _one_way(self) -> Join:
        if bool(self.match) == self.overlap:
            raise ValueError("say either 'match: {a column: its column}' or 'overlap: yes'")
        return self


class Access(File):
    """Points at which the places of a source can be entered.

    Attributes
    ----------
    within_m
        A point belongs to every place whose outline is this near, in metres.
    kind
        The column that says what sort of entrance it is.
    """

    within_m: float = Field(default=15.0, gt=0, allow_inf_nan=False)
    kind: str | None = None


class Source(File):
    """One source of one layer in one place.

    Attributes
    ----------
    id
        Its key in the place file.
    layer
        The layer its rows belong to.
    row_id
        The column that names a row from one year to the next; left out, a fingerprint of the row does. Figures are
        known by their codes, unless their layer says that codes repeat.
    columns
        Our field to the source's column; a field left out is looked for under the headers its layer lists.
    keep, set_aside
        Rules: a row must pass every ``keep``; one that meets any ``set_aside`` is left out.
    crs
        The coordinate system of a file of shapes or heights that does not say its own.
    margin_m
        How far outside the place a row may lie; by default the place's own margin.
    geography
        For neighbourhoods and figures: of which drawing of the areas the codes are, such as ``LSOA 2021``.
    imd_edition
        For neighbourhoods: the year of the Indices of Deprivation.
    edition
        For figures: the year they are of.
    """

    id: str
    layer: str
    row_id: Texts = ()
    columns: dict[str, ColumnMapping] = {}
    locate: Locate = Locate()
    keep: tuple[Rule, ...] = ()
    set_aside: tuple[Rule, ...] = ()
    crs: CrsName | None = None
    margin_m: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    geography: str | None = None
    imd_edition: int | None = Field(default=None, ge=2000, le=2100)
    edition: int | None = Field(default=None, ge=1801, le=2100)
    joins: tuple[Join, ...] = ()
    access: Access | None = None
