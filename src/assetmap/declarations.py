"""Reading a declaration strictly: every key known, every fault reported at once, nothing guessed by YAML."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from assetmap.errors import DeclarationError

MAX_DECLARATION_BYTES = 1_000_000
"""A layer or place file is written by hand; anything larger is some other file."""

Model = TypeVar("Model", bound="Declared")


class Declared(BaseModel):
    """A part of a declaration: frozen, and an unknown key in it is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _as_tuple(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Spaced = Annotated[str, StringConstraints(strip_whitespace=False)]
"""A text in which a space at either end counts, such as what stands between the parts of an address."""

Texts = Annotated[tuple[str, ...], BeforeValidator(_as_tuple)]
"""One text or a list of them."""


class Rule(Declared):
    """Which rows a source keeps, or sets aside, and why: counted and shown, never silent.

    Attributes
    ----------
    column
        The header whose text is compared.
    is_
        Written ``is``: the texts it may be, without regard to case.
    contains
        Words or phrases, any of which it may hold.
    blank
        Whether the rule is about a blank.
    unless
        Other headers, and the texts by which each of them excepts a row from the rule.
    why
        What is said of the rows set aside.
    """

    column: str
    is_: Texts = Field(default=(), alias="is")
    contains: Texts = ()
    blank: bool = False
    unless: dict[str, Texts] = {}
    why: str = Field(min_length=3)

    @model_validator(mode="after")
    def _compares_something(self) -> Rule:
        if not (self.is_ or self.contains or self.blank):
            raise ValueError("a rule needs 'is', 'contains' or 'blank: true'")
        if any(not phrase.strip() for phrase in self.contains):
            raise ValueError("every text contains a blank: say what it must contain, or write 'blank: true'")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """Every header that the rule looks at."""
        return (self.column, *self.unless)


class _Text(yaml.constructor.BaseConstructor):
    """YAML in which every plain value is text.

    ``no`` stays the word, ``2013-03`` stays a month, ``01234`` keeps its nought; the models turn text into what they
    need. A key given twice is a fault, where YAML would silently keep the second.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.constructor.ConstructorError(None, None, "a key must be one word", key_node.start_mark)
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


class _Quick(_Text, yaml.CBaseLoader):
    """By libyaml, in a tenth of the time that PyYAML's own parser takes."""


class _Exact(_Text, yaml.BaseLoader):
    """By PyYAML's own parser, which names the character that it stumbles over."""


def _parsed(text: str) -> object:
    try:
        return yaml.load(text, Loader=_Quick)  # noqa: S506  # it builds text, lists and mappings only
    except yaml.YAMLError:
        return yaml.load(text, Loader=_Exact)  # noqa: S506


def read_declaration(path: Path) -> dict[str, Any]:
    """The mapping that a YAML file holds, every plain value as text.

    Raises
    ------
    DeclarationError
        If the file is missing, is not UTF-8 text, is not YAML, or holds something other than a mapping.
    """
    try:
        if path.stat().st_size > MAX_DECLARATION_BYTES:
            raise DeclarationError(str(path), [f"it is larger than {MAX_DECLARATION_BYTES:,} bytes"])
        content = _parsed(path.read_text(encoding="utf-8"))
    except FileNotFoundError as fault:
        raise DeclarationError(str(path), ["there is no such file"]) from fault
    except OSError as fault:
        raise DeclarationError(str(path), [f"it cannot be read: {fault.strerror}"]) from fault
    except UnicodeDecodeError as fault:
        raise DeclarationError(str(path), ["it is not UTF-8 text: save it as UTF-8"]) from fault
    except (yaml.YAMLError, RecursionError) as fault:
        raise DeclarationError(str(path), [f"it is not YAML: {_one_line(fault)}"]) from fault
    if not isinstance(content, dict):
        raise DeclarationError(str(path), ["it holds no 'key: value' lines"])
    return content


def declared(model: type[Model], content: Mapping[str, Any], where: str) -> Model:
    """``content`` as a ``model``.

    Raises
    ------
    DeclarationError
        With every fault found, each naming its key.
    """
    try:
        return model.model_validate(content)
    except ValidationError as fault:
        raise DeclarationError(where, list(_faults(fault))) from fault


def _faults(fault: ValidationError) -> Iterator[str]:
    for error in fault.errors(include_url=False):
        key = ".".join(str(part) for part in error["loc"] if not _is_model_name(part)) or "the file"
        yield f"{key}: {_plain(error['type'], error['msg'], error.get('ctx', {}))}"


def _is_model_name(part: str | int) -> bool:
    # pydantic puts the name of the tried union member into the path; it means nothing to the file's author
    return isinstance(part, str) and (part.startswith(("function-", "list[", "dict[")) or part in ("str", "Column"))


_PLAIN: Final[Mapping[str, str]] = {
    "extra_forbidden": "this key is not known here; is it misspelt?",
    "missing": "this key is needed",
    "string_type": "this must be one text, not a list or further keys",
    "string_too_short": "this is too short: at least {min_length} characters",
    "string_pattern_mismatch": "this is not written as it must be ({pattern})",
    "literal_error": "this may only be {expected}",
    "bool_parsing": "write yes or no",
    "float_parsing": "this must be a number",
    "float_type": "this must be a number",
    "finite_number": "this must be a number that ends",
    "int_parsing": "this must be a whole number",
    "int_type": "this must be a whole number",
    "int_from_float": "this must be a whole number",
    "bool_type": "write yes or no",
    "greater_than": "this must be more than {gt}",
    "greater_than_equal": "this must be at least {ge}",
    "less_than_equal": "this may be at most {le}",
    "dict_type": "this must be 'key: value' lines",
    "model_type": "this must be 'key: value' lines",
    "tuple_type": "this must be a list",
    "too_short": "at least {min_length} is needed here",
    "too_long": "at most {max_length} may stand here",
}
"""What pydantic calls a fault, in words for somebody who has never heard of pydantic."""


def _plain(kind: str, message: str, details: Mapping[str, Any]) -> str:
    return _PLAIN[kind].format(**details) if kind in _PLAIN else message.removeprefix("Value error, ")


def _one_line(fault: Exception) -> str:
    if isinstance(fault, RecursionError):
        return "it is nested too deeply"
    words = " ".join(str(fault).split()).replace(' in "<unicode string>",', "; see")[:300]
    return words.replace("found character '\\t' that cannot start any token", "a tab stands here: use spaces")
