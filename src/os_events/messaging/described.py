"""Schemas of messages as tables of fields, for people."""

from collections.abc import Iterator
from typing import NamedTuple

from pydantic.json_schema import JsonSchemaValue

from os_events.messaging.public.compatibility import CODES


class Row(NamedTuple):
    """One field.

    Shape: ``name`` is its path, with ``[]`` for each part of a list; others may be added to codes
    that are ``open``.
    """

    name: str
    kind: str
    always: bool
    description: str
    codes: tuple[str, ...]
    open: bool


def rows(schema: JsonSchemaValue, at: str = "") -> Iterator[Row]:
    """Give the fields of an object, and of those within, in the order of the schema."""
    for name, field in schema.get("properties", {}).items():
        place, inner, listed = f"{at}{name}", field, ""
        while inner.get("type") == "array":
            place, inner, listed = f"{place}[]", inner["items"], "list of "
        told = field.get("description") or inner.get("description", "")
        codes = inner.get(CODES) or inner.get("enum", ())
        kind = listed + inner.get("format", inner.get("type", "any"))
        always = name in schema.get("required", ())
        yield Row(
            place, kind, always, " ".join(told.split()), tuple(map(str, codes)), CODES in inner
        )
        yield from rows(inner, f"{place}.")
