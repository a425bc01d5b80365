"""A record made ready: its requests are valid, and the order's own rules let them happen."""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID, uuid5

from pydantic import ValidationError

from os_events.aggregates.base import Change, Request
from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.rules import RefusalError, check_time
from os_events.aggregates.service_order.opening import OpenServiceOrder
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.commands.caller import Caller, request_key
from os_events.commands.importing import order_rows
from os_events.commands.importing.change_log import ChangeLogTeller
from os_events.commands.importing.mapping import Mapping
from os_events.commands.importing.people import Somebody, named_by
from os_events.commands.importing.requests import CHANGES
from os_events.commands.importing.rows import Record
from os_events.commands.importing.steps import (
    Asked,
    RejectedError,
    Step,
    Story,
)
from os_events.eventlog.submission import RequestKey
from os_events.values.acts import Actor, Channel, Role, Source, SourceKind
from os_events.values.company import Company
from os_events.values.principal import Principal

INTEGRATION = Role.INTEGRATION
R = TypeVar("R", bound=Request)


class Told(NamedTuple, Generic[R]):
    """A valid request, and who makes it under which key."""

    request: R
    caller: Caller


class Command(NamedTuple):
    """What one row tells of an order that is there: recorded as a whole, under one key."""

    line: int
    key: RequestKey
    told: list[Told[Change[ServiceOrder]]]


class Ready(NamedTuple):
    """A record that may be imported."""

    record: Record
    people: list[Told[RegisterPerson]]
    opening: Told[OpenServiceOrder]
    commands: list[Command]
    story: Story

    @property
    def key(self) -> RequestKey:
        """Give the key under which the order is opened."""
        return self.opening.caller.request

    @property
    def order_id(self) -> UUID:
        """Name the order."""
        return self.opening.caller.new_id

    @property
    def customer_id(self) -> UUID:
        """Name whose order it is."""
        return self.opening.request.customer_id

    @property
    def lines(self) -> set[int]:
        """Name the lines that tell something."""
        return {step.line for step in self.story.steps}


@dataclass(frozen=True)
class Preparer:
    """Makes records ready. Shape: ``sha256`` is of the file; ``asked_at`` when it was given."""

    mapping: Mapping
    sha256: str
    company: Company
    asked_at: datetime
    known: dict[UUID, Told[RegisterPerson]] = field(default_factory=dict)

    @cached_property
    def principal(self) -> Principal:
        """Say who imports."""
        return Principal(Actor(id=f"integration:{self.mapping.source.system}", role=INTEGRATION))

    def ready(self, record: Record) -> Ready:
        """Tell the record, and rehearse it. Raises RejectedError, UnknownUnitError."""
        first = record.rows[0].line
        if record.reference is None:
            raise RejectedError(first, "no-reference", "the row does not say of what it speaks")
        for row in record.rows:
            if not row.whole:
                raise RejectedError(row.line, "malformed-row", "more or fewer cells than columns")
        story = self.told(record)
        named = named_by(self.mapping, record)
        opening, *steps = story.steps
        teller = Teller(self, record.reference)
        for person_id in [one for one in named if one not in self.known]:
            somebody = named[person_id]
            self.known[person_id] = teller.registration(person_id, somebody)
            story.left_out.extend((somebody.line, column) for column in sorted(somebody.left_out))
        ready = Ready(
            record,
            [self.known[person_id] for person_id in named],
            teller.opening(opening),
            [teller.command(step) for step in steps],
            story,
        )
        rehearse(ready)
        return ready

    def told(self, record: Record) -> Story:
        """Tell what the rows say. Raises RejectedError."""
        if self.mapping.change_log:
            return ChangeLogTeller(self.mapping, self.mapping.change_log).told(record)
        return order_rows.told(self.mapping, record)


class Teller:
    """Makes the requests of one record: valid ones, from a source that is named."""

    def __init__(self, preparer: Preparer, reference: str) -> None:
        self.preparer = preparer
        self.reference = reference
        self.order_id = preparer.mapping.conventions.identity("order", reference)
        self.claims = {
            "zone": preparer.mapping.source.zone,
            "channel": Channel.IMPORT,
            "source": Source(
                kind=SourceKind.IMPORT,
                system=preparer.mapping.source.system,
                reference=reference,
                sha256=preparer.sha256,
            ),
        }

    def registration(self, person_id: UUID, somebody: Somebody) -> Told[RegisterPerson]:
        """Make the request to register a person. Raises RejectedError."""
        asked = somebody.asked
        request = self.request(RegisterPerson, asked, somebody.line)
        return Told(request, self.caller(f"person\n{person_id}", asked.fields, person_id))

    def opening(self, step: Step) -> Told[OpenServiceOrder]:
        """Make the request to open the order. Raises RejectedError."""
        [asked] = step.asked
        unit = {"unit_id": self.preparer.company.units[0].id}
        asked = asked._replace(fields=unit | asked.fields)
        request = self.request(OpenServiceOrder, asked, step.line)
        return Told(request, self.caller(self.key(step), step.asked, self.order_id))

    def command(self, step: Step) -> Command:
        """Make the requests of a step. Raises RejectedError."""
        caller = self.caller(self.key(step), step.asked, self.order_id)
        told = [
            Told(
                self.request(CHANGES[asked.request], asked, step.line),
                replace(caller, new_id=uuid5(self.order_id, f"{step.ordinal}\n{place}")),
            )
            for place, asked in enumerate(step.asked)
        ]
        return Command(step.line, caller.request, told)

    def request(self, kind: type[R], asked: Asked, line: int) -> R:
        """Check the fields of a request. Raises RejectedError."""
        claims = {"occurred_at": asked.occurred_at} | self.claims
        try:
            return kind.model_validate(asked.fields | claims)
        except ValidationError as error:
            raise misfit(asked.request, line, error) from error

    def key(self, step: Step) -> str:
        """Name what is recorded as a whole."""
        return f"order\n{self.reference}\n{step.ordinal}"

    def caller(self, key: str, said: Any, new_id: UUID) -> Caller:
        """Say who imports, under which key: the same whenever the same is said again."""
        text = json.dumps(said, default=str, sort_keys=True)
        return Caller(
            principal=self.preparer.principal,
            request=request_key(self.preparer.principal, key, text.encode()),
            asked_at=self.preparer.asked_at,
            new_id=new_id,
            company=self.preparer.company,
            channel=Channel.IMPORT,
        )


def misfit(request: str, line: int, error: ValidationError) -> RejectedError:
    """Say which field does not fit, and never its value."""
    [first, *_] = error.errors(include_url=False, include_input=False)
    where = ".".join(map(str, (request, *first["loc"])))
    rule = str(first.get("ctx", {}).get("rule", ""))
    slug = first["type"] if rule else "invalid-field"
    return RejectedError(line, slug, f"{where}: {first['msg']}", rule)


def rehearse(ready: Ready) -> None:
    """Let a record happen in memory. Raises RejectedError at the first line that a rule refuses."""
    line = ready.record.rows[0].line
    try:
        act = ready.opening.caller.act(ready.opening.request)
        check_time(act)
        order = ready.opening.request.begin(act, order_number="")
        for command in ready.commands:
            line = command.line
            happen(order, command)
    except RefusalError as error:
        raise RejectedError(line, error.slug, str(error), error.rule) from error


def happen(order: ServiceOrder, command: Command) -> None:
    """Let a row happen to an order. Raises RefusalError."""
    for request, caller in command.told:
        act = caller.act(request)
        check_time(act, start=order)
        request.decide(order, act)
