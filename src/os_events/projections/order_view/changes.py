"""What is otherwise in an order at two instants, as of or as known at each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from os_events.aggregates.history import OrderHistory
from os_events.projections.order_view.document import OrderDocument, document

DOCUMENT: TypeAdapter[OrderDocument | None] = TypeAdapter(OrderDocument | None)
COUNTERS = {"/version", "/position"}  # they differ whenever anything does
NAMES = ("position", "quote_line_id", "line_id", "deadline_id", "code")  # of the parts of a list


@dataclass(frozen=True, slots=True)
class Change:
    """A field of the document that is another than before; None where it was, or is, not there.

    Shape: ``path`` leads to it, as in RFC 6901; a part of a list is called by its own name or its
    position in the log, so that what was told late does not move the others.
    """

    path: str
    before: Any
    after: Any


def changes(before: OrderHistory, after: OrderHistory, *, personal: bool = False) -> list[Change]:
    """Compare two views of one history."""
    then, now = (
        DOCUMENT.dump_python(document(one, personal=personal), mode="json")
        for one in (before, after)
    )
    return [one for one in _differing("", then, now) if one.path not in COUNTERS]


def _differing(path: str, before: Any, after: Any) -> Iterator[Change]:
    old, new = _parts(before), _parts(after)
    if old is None or new is None:
        if before != after:
            yield Change(path, before, after)
        return
    for name in old | new:
        yield from _differing(f"{path}/{name}", old.get(name), new.get(name))


def _parts(value: Any) -> dict[str, Any] | None:
    """Give what a value is made of, by name; None if it is told apart only as a whole."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list):
        return None
    for name in NAMES:
        named = {str(part[name]): part for part in value if isinstance(part, dict) and name in part}
        if len(named) == len(value):
            return named
    return None
