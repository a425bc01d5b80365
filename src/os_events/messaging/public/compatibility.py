"""What may change in a published schema: only what neither side minds, nor an old message.

What we write is read by those who know the old schema, and old events are written anew by the new
one: all that fitted must fit, both ways. What others write we may take more easily, never less.
"""

from collections.abc import Iterator
from enum import Enum, IntEnum
from typing import Any, NamedTuple

Schema = dict[str, Any]
FOR_PEOPLE = {"$id", "$schema", "title", "description", "examples"}
CODES = "x-extensible-enum"
LOOKED_INTO = {"properties", "required", "items", CODES}
UPPER, LOWER = {"maxLength", "maximum", "maxItems"}, {"minLength", "minimum", "minItems"}


class Side(Enum):
    """Who writes a message; the other side reads it."""

    US = "us"
    THEM = "them"


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


def differences(
    old: Schema, new: Schema, written_by: Side = Side.US, at: str = ""
) -> Iterator[Difference]:
    """Name what differs between two schemas without references, but for texts for people."""
    for keyword in sorted((old.keys() | new.keys()) - FOR_PEOPLE - LOOKED_INTO):
        before, now = old.get(keyword), new.get(keyword)
        if before != now:
            easier = written_by is Side.THEM and eases(keyword, before, now)
            needs = Needs.REVISION if easier else Needs.MAJOR
            yield Difference(at, f"{keyword} changed", needs)
    yield from of_codes(old, new, at)
    yield from of_fields(old, new, written_by, at)
    if "items" in old and "items" in new:
        yield from differences(old["items"], new["items"], written_by, f"{at}[]")
    elif "items" in old or "items" in new:
        yield Difference(at, "items changed")


def eases(keyword: str, before: Any, now: Any) -> bool:
    """Say whether all that fitted a keyword fits, and more."""
    if before is None or now is None:
        return now is None and keyword in UPPER | LOWER | {"enum", "pattern"}
    if keyword == "enum":
        return set(before) <= set(now)
    return bool((keyword in UPPER and now > before) or (keyword in LOWER and now < before))


def of_codes(old: Schema, new: Schema, at: str) -> Iterator[Difference]:
    """Compare lists of codes: they are open, so a reader expects others too."""
    before, now = set(old.get(CODES, ())), set(new.get(CODES, ()))
    for code in sorted(before - now):
        yield Difference(at, f"code {code} removed")
    for code in sorted(now - before):
        yield Difference(at, f"code {code} added", Needs.NOTHING)


def of_fields(old: Schema, new: Schema, written_by: Side, at: str) -> Iterator[Difference]:
    """Compare the fields of objects."""
    before, now = old.get("properties", {}), new.get("properties", {})
    needed_before, needed = set(old.get("required", ())), set(new.get("required", ()))
    laxer = Needs.REVISION if written_by is Side.THEM else Needs.MAJOR
    for name in sorted(before.keys() | now.keys()):
        place = f"{at}.{name}".removeprefix(".")
        if name not in now:
            yield Difference(place, "field removed")
        elif name not in before and name in needed:
            yield Difference(place, "required field added")
        elif name not in before:
            yield Difference(place, "optional field added", Needs.REVISION)
        else:
            yield from differences(before[name], now[name], written_by, place)
    for name in sorted(before.keys() & now.keys() & (needed - needed_before)):
        yield Difference(f"{at}.{name}".removeprefix("."), "became required")
    for name in sorted(before.keys() & now.keys() & (needed_before - needed)):
        yield Difference(f"{at}.{name}".removeprefix("."), "became optional", laxer)
