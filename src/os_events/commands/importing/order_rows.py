"""A file with a row for each order: parts of the row become facts, each at its own instant."""

from collections.abc import Iterator

from os_events.commands.importing.cells import Cells
from os_events.commands.importing.mapping import Mapping
from os_events.commands.importing.rows import Record
from os_events.commands.importing.steps import OPENED, OPENING, Asked, RejectedError, Step, Story
from os_events.commands.importing.templates import filled


def told(mapping: Mapping, record: Record) -> Story:
    """Tell a record in the order in which it happened, ties as in the mapping.

    Raises RejectedError.
    """
    row, *others = record.rows
    if others:
        raise RejectedError(others[0].line, "second-row", f"the record began at line {row.line}")
    cells = Cells(mapping, row)
    later = sorted(steps(mapping, cells), key=lambda step: step.asked[0].occurred_at)
    first = opening(mapping, cells)
    return Story([first, *later], {}, [(row.line, column) for column in sorted(cells.left_out)])


def opening(mapping: Mapping, cells: Cells) -> Step:
    """Tell how it began. Raises RejectedError."""
    opened_at = cells.instant(mapping.opened_at)
    if opened_at is None:
        raise cells.reject("no-opening", "the row does not say when the order was opened")
    asked = Asked(OPENING, opened_at, filled(mapping.opening, cells))
    return Step(OPENED, cells.row.line, (asked,))


def steps(mapping: Mapping, cells: Cells) -> Iterator[Step]:
    """Tell what happened later, in the order of the mapping. Raises RejectedError."""
    for rule in mapping.step:
        if not rule.holds(cells.row.cells, cells.conventions.unknown):
            continue
        when = cells.instant(rule.when)
        if when is not None:
            asked = Asked(rule.request, when, filled(rule.fields, cells))
            yield Step(rule.name, cells.row.line, (asked,))
