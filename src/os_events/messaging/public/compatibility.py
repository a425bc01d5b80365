"""What may change in a published schema: only what neither an old reader nor an old event minds.

Old events are read with the new schema, and new events by readers who know the old one.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import Any, NamedTuple

Schema = dict[str, Any]
FOR_PEOPLE = {"$id", "$schema", "title", "description", "examples"}
CODES = "x-extensible-enum"
LOOKED_INTO = {"properties", "required", "items", CODES}


class Needs(IntEnum):
    """What a change of a published schema takes."""

    NOTHING = 0  # all that fitted fits, and the other way round
    REVISION = 1  # the same, and there is something more to read
    MAJOR = 2  # a type of its own, beside the old one


class Difference(NamedTuple):
    """One difference. Shape: ``at`` is the path of a field; empty, the whole."""

    at: str
    what: str
    needs: Needs = Needs.MAJOR

    def __str__(self) -> str:
        return f"{self.at or 'all'}: {self.what}"


def differences(old: Schema, new: Schema, at: str = "") -> Iterator[Difference]:
    """Name what differs between two schemas without references, but for texts for people."""
    for keyword in sorted((old.keys() | new.keys()) - FOR_PEOPLE - LOOKED_INTO):
        if old.get(keyword) != new.get(keyword):
            yield Difference(at, f"{keyword} changed")
    yield from of_codes(old, new, at)
    yield from of_fields(old, new, at)
    if "items" in old and "items" in new:
        yield from differences(old["items"], new["items"], f"{at}[]")
    elif "items" in old or "items" in new:
        yield Difference(at, "items changed")


def of_codes(old: Schema, new: Schema, at: str) -> Iterator[Difference]:
    """Compare lists of codes: they are open, so a reader expects others too."""
    before, now = set(old.get(CODES, ())), set(new.get(CODES, ()))
    for code in sorted(before - now):
        yield Difference(at, f"code {code} removed")
    for code in sorted(now - before):
        yield Difference(at, f"code {code} added", Needs.NOTHING)


def of_fields(old: Schema, new: Schema, at: str) -> Iterator[Difference]:
    """Compare the fields of objects."""
    before, now = old.get("properties", {}), new.get("properties", {})
    needed_before, needed_now = set(old.get("required", ())), set(new.get("required", ()))
    for name in sorted(before.keys() | now.keys()):
        place = f"{at}.{name}".removeprefix(".")
        if name not in now:
            yield Difference(place, "field removed")
        elif name not in before:
            if name in needed_now:
                yield Difference(place, "required field added")
            else:
                yield Difference(place, "optional field added", Needs.REVISION)
        else:
            if name in needed_now - needed_before:
                yield Difference(place, "became required")
            if name in needed_before - needed_now:
                yield Difference(place, "became optional")
            yield from differences(before[name], now[name], place)
