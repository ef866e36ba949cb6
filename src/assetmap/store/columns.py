"""The parts that the tables are made of: column types and rules, each with its spelling for both engines.

Column types are ones that PostgreSQL and GeoPackage both know (TEXT, INTEGER, REAL, 64 bits wide); only the geometry
column differs. Migrations are written with these parts too, so a change here must leave what they build as it was.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    REAL,
    BigInteger,
    CheckConstraint,
    Column,
    Dialect,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

from assetmap.space import STORED_SRID


class Shape(UserDefinedType[bytes]):
    """A geometry column in longitude and latitude: GeoPackage blobs, declared by the name of their geometry type.

    On PostgreSQL a :class:`PostgisShape` takes its place (:func:`shape`). Shapes go in and come out a whole column
    at a time (:mod:`assetmap.store.writing`, :mod:`assetmap.store.reading`), so the type converts nothing.

    Parameters
    ----------
    kind
        ``POINT``, ``MULTIPOLYGON``, or ``GEOMETRY`` for any.
    """

    cache_ok = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_col_spec(self, **_: Any) -> str:
        """The type's name in ``CREATE TABLE``."""
        return self.kind


class PostgisShape(TypeDecorator[bytes]):
    """A geometry column of PostGIS: GeoAlchemy2's ``Geometry``, imported when tables are made and not before.

    GeoAlchemy2 brings what it knows of every other database along, which takes as long to import as all of the store.

    Parameters
    ----------
    kind
        As for :class:`Shape`.
    """

    cache_ok = True
    impl = LargeBinary

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """GeoAlchemy2's type; its GiST index is declared with the table (:func:`spatial_index`)."""
        from geoalchemy2 import Geometry

        return dialect.type_descriptor(Geometry(self.kind, srid=STORED_SRID, dimension=2, spatial_index=False))


TEXT: Final = Text(collation="C").with_variant(Text(), "sqlite")
"""Text in code-point order on both engines, so that rows come back in one order."""

WHOLE: Final = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number of 64 bits on both engines."""

NUMBER: Final[TypeEngine[float]] = Double().with_variant(REAL(), "sqlite")
"""A number of 64 bits on both engines; PostgreSQL's own REAL would keep seven digits."""


def rule(name: str, sql: str, says: str, dialect: str | None = None) -> CheckConstraint:
    """A rule that the database keeps; ``says`` is what a person reads when a row breaks it."""
    check = CheckConstraint(sql, name=name, info={"says": says})
    return check.ddl_if(dialect=dialect) if dialect else check


def one_of(name: str, column: str, words: tuple[str, ...]) -> CheckConstraint:
    """The rule that ``column`` is one of ``words`` (or null, where the column may be)."""
    listed = ", ".join(f"'{word}'" for word in words)
    return rule(name, f"{column} IN ({listed})", f"{column} must be one of {', '.join(words)}")


def zero_or_one(name: str, column: str) -> CheckConstraint:
    """The rule that ``column`` is 0 or 1, which is how both engines keep a yes or no."""
    return rule(name, f"{column} IN (0, 1)", f"{column} must be 0 or 1")


def iso_date(name: str, column: str) -> tuple[CheckConstraint, CheckConstraint]:
    """The rule that ``column`` reads as a year, month or day of ISO 8601: one spelling of it for each engine."""
    year = "[0-9][0-9][0-9][0-9]"
    forms = (year, f"{year}-[0-1][0-9]", f"{year}-[0-1][0-9]-[0-3][0-9]")
    globs = " OR ".join(f"{column} GLOB '{form}'" for form in forms)
    regex = f"{column} ~ '^[0-9]{{4}}(-[0-1][0-9](-[0-3][0-9])?)?$'"
    says = f"{column} must be a date such as 2013, 2013-03 or 2013-03-31"
    return rule(name, globs, says, "sqlite"), rule(name, regex, says, "postgresql")


def json_object(name: str, column: str) -> tuple[CheckConstraint, CheckConstraint]:
    """The rule that ``column`` is a JSON object: one spelling of it for each engine."""
    says = f"{column} must be a JSON object"
    return (
        rule(name, f"json_valid({column}) AND json_type({column}) = 'object'", says, "sqlite"),
        rule(name, f"json_typeof({column}::json) = 'object'", says, "postgresql"),
    )


def json_numbers(name: str, column: str, count: int) -> tuple[CheckConstraint, CheckConstraint]:
    """The rule that ``column`` is a JSON array of so many values: one spelling of it for each engine."""
    says = f"{column} must be a JSON array of {count} numbers"
    # PostgreSQL refuses to count what is no array in words of its own, and only CASE keeps it from trying
    counted = f"CASE json_typeof({column}::json) WHEN 'array' THEN json_array_length({column}::json) = {count} END"
    return (
        rule(name, f"json_valid({column}) AND json_array_length({column}) = {count}", says, "sqlite"),
        rule(name, f"coalesce({counted}, FALSE)", says, "postgresql"),
    )


def spatial_index(table: str) -> Index:
    """PostgreSQL's index of the shapes of ``table``; a GeoPackage has an R*Tree (:mod:`assetmap.store.gpkg`)."""
    return Index(f"{table}_geometry", "geometry", postgresql_using="gist").ddl_if(dialect="postgresql")


def text(name: str, needed: bool = False) -> Column[str]:
    """A column of text; ``needed`` when every row must have it."""
    return Column(name, TEXT, nullable=not needed)


def details(name: str = "details") -> Column[str]:
    """A column of JSON objects that was added to a table which may have rows: empty where nothing is known."""
    return Column(name, TEXT, nullable=False, server_default="{}")


def whole(name: str, needed: bool = False) -> Column[int]:
    """A column of whole numbers; ``needed`` when every row must have one."""
    return Column(name, WHOLE, nullable=not needed)


def number(name: str) -> Column[float]:
    """A column of numbers."""
    return Column(name, NUMBER)


def key(name: str) -> Column[int]:
    """The whole-number key of a table, given out by the database."""
    return Column(name, WHOLE, primary_key=True)


def shape(kind: str, needed: bool = True) -> Column[bytes]:
    """The geometry column of a table, holding shapes of ``kind``."""
    return Column("geometry", Shape(kind).with_variant(PostgisShape(kind), "postgresql"), nullable=not needed)


def in_place() -> Column[str]:
    """The place that a row belongs to."""
    return Column("place_id", TEXT, ForeignKey("place.place_id"), nullable=False)
