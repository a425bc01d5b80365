"""The persons whom rows name: each is registered once, as the first row tells of them."""

from typing import NamedTuple
from uuid import UUID

from os_events.commands.importing.cells import Cells
from os_events.commands.importing.mapping import Mapping, PersonRule
from os_events.commands.importing.rows import Record
from os_events.commands.importing.steps import REGISTRATION, Asked
from os_events.commands.importing.templates import filled


class Somebody(NamedTuple):
    """A person, as the row at ``line`` tells of them."""

    line: int
    asked: Asked


def named_by(mapping: Mapping, record: Record) -> dict[UUID, Somebody]:
    """Find the persons of a record, each as the first of its rows tells. Raises RejectedError."""
    found: dict[tuple[str, str], Somebody] = {}
    for row in record.rows:
        cells = Cells(mapping, row)
        for name, rule in mapping.person.items():
            code = cells.code_of(name)
            if code is not None and (name, code) not in found:
                found[name, code] = Somebody(row.line, asked(mapping, rule, cells))
    return {mapping.conventions.identity(*who): somebody for who, somebody in found.items()}


def asked(mapping: Mapping, rule: PersonRule, cells: Cells) -> Asked:
    """Make the request. Raises RejectedError."""
    when = cells.instant(mapping.opened_at if rule.when is None else rule.when)
    if when is None:
        raise cells.reject("no-instant", "the row does not say since when a person is known")
    return Asked(REGISTRATION, when, filled(rule.fields, cells))
