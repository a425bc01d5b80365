"""The mapping: what a file of another system means, told in TOML (docs/how-to/import.md)."""

import tomllib
from datetime import time
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from os_events.aggregates.service_order.codes import HoldCause
from os_events.commands.importing.readings import IDENTIFIERS, READINGS, Conventions
from os_events.commands.importing.requests import CHANGES
from os_events.commands.importing.templates import Template, places, templates
from os_events.values.scalars import Slug, Value, Zone

Fields = Annotated[dict[str, Any], AfterValidator(templates)]
Cells = Annotated[
    tuple[str, ...], BeforeValidator(lambda one: (one,) if isinstance(one, str) else one)
]
ANYTHING = "*"


def known_change(name: str) -> str:
    """Give ``name`` back if a request of an order is called so. Raises ValueError."""
    if name not in CHANGES:
        raise ValueError(f"no such request; there are: {', '.join(sorted(CHANGES))}")
    return name


ChangeName = Annotated[str, AfterValidator(known_change)]


class Source(Value):
    """The other system, and how it writes.

    Shape: ``system`` names it, and is a part of every key: two installations of one program are
    two systems. ``record`` tells which rows speak of one order.
    """

    system: Slug
    record: Template
    zone: Zone
    encoding: str = "utf-8"
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    instants: Annotated[tuple[str, ...], Field(min_length=1)]
    time_of_dates: time | None = None
    numbers: Literal["pt_BR", "en_US"] = "pt_BR"
    unknown: frozenset[str] = frozenset()


class PersonRule(Value):
    """Somebody whom the rows name.

    Shape: ``code`` is what the other system calls them; ``when`` is since when they are known, by
    default since the order was opened.
    """

    code: Template
    when: Template | None = None
    fields: Fields


class StepRule(Value):
    """One thing that a row tells.

    Shape: a row does not tell it where ``when`` is empty, or a column of ``only_if`` holds another
    cell; ``*`` is any cell that says something.
    """

    name: Slug
    request: ChangeName
    when: Template
    only_if: dict[str, Cells] = Field(default_factory=dict)
    fields: Fields = Field(default_factory=dict)

    def holds(self, cells: dict[str, str], unknown: frozenset[str]) -> bool:
        """Say whether a row tells it: each column holds one of the cells that are named."""
        return all(
            cell in wanted or (ANYTHING in wanted and cell not in unknown)
            for column, wanted in self.only_if.items()
            for cell in [cells[column].strip()]
        )


class StateRule(Value):
    """What a state of the other system means here. Shape: ``cause`` goes with ``hold``."""

    means: Literal["open", "work", "hold", "done", "closed", "cancelled"]
    cause: HoldCause | None = None
    fields: Fields = Field(default_factory=dict)

    @model_validator(mode="after")
    def _a_hold_waits_for_something(self) -> Self:
        if (self.means == "hold") != (self.cause is not None):
            raise ValueError("a state that means hold has a cause, and no other has")
        return self


class AlsoRule(Value):
    """What else a row may change: a request is made when one of ``columns`` changed.

    Shape: ``first`` says whether the first row counts as a change; while the state is one of
    ``not_while`` a change makes no request, and is counted.
    """

    columns: Annotated[tuple[str, ...], Field(min_length=1)]
    request: ChangeName
    first: bool = False
    not_while: tuple[str, ...] = ()
    fields: Fields = Field(default_factory=dict)


class ChangeLog(Value):
    """The file has a row for each change of an order; a change of its state is a fact."""

    state: str
    at: Template
    states: dict[str, StateRule]
    also: tuple[AlsoRule, ...] = ()
    fields: dict[ChangeName, Fields] = Field(default_factory=dict)


class Mapping(Value):
    """One mapping file: either ``change_log``, or ``step`` where a row tells a whole order."""

    source: Source
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    person: dict[str, PersonRule] = Field(default_factory=dict)
    opened_at: Template
    opening: Fields
    change_log: ChangeLog | None = None
    step: tuple[StepRule, ...] = ()

    @classmethod
    def of_toml(cls, text: str) -> Self:
        """Read a mapping. Raises ValueError."""
        return cls.model_validate(tomllib.loads(text))

    @cached_property
    def conventions(self) -> Conventions:
        """Say how its cells are read."""
        source = self.source
        return Conventions(
            system=source.system,
            zone=ZoneInfo(source.zone),
            instants=source.instants,
            time_of_dates=source.time_of_dates,
            locale=source.numbers,
            unknown=source.unknown | {""},
            values=self.values,
        )

    @property
    def columns(self) -> set[str]:
        """Name the columns that it reads."""
        named = {place.column for place in places(self) if not place.person}
        if self.change_log:
            named.add(self.change_log.state)
            named.update(column for rule in self.change_log.also for column in rule.columns)
        return named.union(*(rule.only_if for rule in self.step))

    @model_validator(mode="after")
    def _is_of_one_kind(self) -> Self:
        if bool(self.change_log) == bool(self.step):
            raise ValueError("a mapping has either change_log or steps")
        names = [rule.name for rule in self.step]
        if len(names) != len(set(names)):
            raise ValueError("two steps have one name")
        return self

    @model_validator(mode="after")
    def _everything_named_is_there(self) -> Self:
        known = {*IDENTIFIERS, *READINGS, *self.values}
        read = {name.partition(":")[0] for place in places(self) for name in place.readings}
        named = {place.person for place in places(self) if place.person}
        if unknown := sorted(read - known) + sorted(named - set(self.person)):
            raise ValueError(f"no such reading, table or person: {', '.join(unknown)}")
        return self
