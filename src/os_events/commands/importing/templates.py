"""Texts with places that a row fills: ``{Column}``, ``{Column|reading|reading}``, ``{@person}``."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

from pydantic import BaseModel
from pydantic_core import core_schema

PLACE = re.compile(r"\{([^{}|]+)((?:\|[^{}|]+)*)\}")
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


class Place(NamedTuple):
    """One place. Shape: readings are applied to the cell in turn."""

    column: str
    readings: tuple[str, ...]

    @classmethod
    def of(cls, found: re.Match[str]) -> Self:
        """Take a place apart."""
        return cls(found[1], tuple(found[2].split("|")[1:]))

    @property
    def person(self) -> str:
        """Name the rule of the person who is meant; empty where a cell is."""
        return self.column[1:] if self.column.startswith("@") else ""


Read = Callable[[Place], Any]


@dataclass(frozen=True)
class Template:
    """A text with places. What stands in square brackets is left out if a place in it is empty."""

    text: str

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Name the places, in order."""
        return tuple(map(Place.of, PLACE.finditer(self.text)))

    @cached_property
    def only_place(self) -> Place | None:
        """Give the place that is the whole text: then the value keeps its type."""
        found = PLACE.fullmatch(self.text)
        return found and Place.of(found)

    def fill(self, read: Read) -> Any:
        """Fill the places; None when one of them is empty."""
        if self.only_place:
            return read(self.only_place)
        if not self.places:
            return self.text
        text = OPTIONAL.sub(lambda part: _all_filled(part[1], read) or "", self.text)
        return _all_filled(text, read)

    @classmethod
    def __get_pydantic_core_schema__(cls, *_: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(cls, core_schema.str_schema())


def _all_filled(text: str, read: Read) -> str | None:
    values = {found[0]: read(Place.of(found)) for found in PLACE.finditer(text)}
    if None in values.values():
        return None
    return PLACE.sub(lambda found: str(values[found[0]]), text)


def filled(fields: dict[str, Any], read: Read) -> dict[str, Any]:
    """Fill every template in a table; what is empty is left out."""
    return {name: one for name in fields if (one := _value(fields[name], read)) is not None}


def _value(value: Any, read: Read) -> Any:
    if isinstance(value, Template):
        return value.fill(read)
    if isinstance(value, dict):
        said = filled(value, read)
        # A table all of whose places are empty speaks of something that is not there.
        is_empty = has_places(value) and not any(has_places(value[name]) for name in said)
        return None if is_empty else said
    if isinstance(value, list):
        return [one for one in (_value(one, read) for one in value) if one is not None]
    return value


def has_places(value: Any) -> bool:
    """Say whether anything in a tree of templates is filled by a row."""
    return next(places(value), None) is not None


def places(value: Any) -> Iterator[Place]:
    """Find every place in a tree of templates, or in a mapping."""
    if isinstance(value, Template):
        yield from value.places
    elif isinstance(value, BaseModel):
        for _, one in value:
            yield from places(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from places(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from places(one)


def templates(value: Any) -> Any:
    """Make templates of the texts of a tree as TOML gives it."""
    if isinstance(value, str):
        return Template(value)
    if isinstance(value, dict):
        return {name: templates(one) for name, one in value.items()}
    if isinstance(value, list):
        return [templates(one) for one in value]
    return value
