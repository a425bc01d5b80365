"""The persons whom rows name: each is registered once, as the first row tells of them."""

from typing import NamedTuple
from uuid import UUID

from os_events.commands.importing.cells import Cells
from os_events.commands.importing.mapping import Mapping, PersonRule
from os_events.commands.importing.rows import Record
from os_events.commands.importing.steps import REGISTRATION, Asked
from os_events.commands.importing.templates import filled


class Somebody(NamedTuple):
    """A person, as the row at ``line`` tells of them. ``left_out`` are cells that say nothing."""

    line: int
    asked: Asked
    left_out: frozenset[str]


def named_by(mapping: Mapping, record: Record) -> dict[UUID, Somebody]:
    """Find the persons of a record, each as the first of its rows tells. Raises RejectedError."""
    found: dict[tuple[str, str], Somebody] = {}
    for row in record.rows:
        cells = Cells(mapping, row)
        for name, rule in mapping.person.items():
            code = cells.code_of(name)
            if code is not None and (name, code) not in found:
                found[name, code] = somebody(mapping, rule, Cells(mapping, row))
    return {mapping.conventions.identity(*who): one for who, one in found.items()}


def somebody(mapping: Mapping, rule: PersonRule, cells: Cells) -> Somebody:
    """Make the request to register a person. Raises RejectedError."""
    when = cells.instant(mapping.opened_at if rule.when is None else rule.when)
    if when is None:
        raise cells.reject("no-instant", "the row does not say since when a person is known")
    asked = Asked(REGISTRATION, when, filled(rule.fields, cells))
    return Somebody(cells.row.line, asked, frozenset(cells.left_out))
