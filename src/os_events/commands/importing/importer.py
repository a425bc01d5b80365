"""From a file to the log: first everything is rehearsed, then what stood it is recorded."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from os_events.aggregates.person.registering import Registered, RegisterPerson
from os_events.aggregates.rules import RefusalError
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.commands.importing.cells import Cells
from os_events.commands.importing.preparing import Command, Preparer, Ready, Told, happen
from os_events.commands.importing.report import Report
from os_events.commands.importing.rows import Record, Row, SourceFile
from os_events.commands.importing.steps import Reject, RejectedError
from os_events.commands.perform import order_number
from os_events.errors import ConflictError, NotFoundError, RuleViolationError
from os_events.eventlog.log import EventLog, Recorded
from os_events.eventlog.submission import RequestKey

CHUNK = 1000  # names looked up at one time
AT_ONCE = 256  # records on their way at one time: they share the log's group commit

Progress = Callable[[int], None]  # told how many rows are done with


class Importer:
    """Imports one file. Shape: ``report`` says what became of every row so far."""

    def __init__(self, preparer: Preparer, file: SourceFile, progress: Progress) -> None:
        self.preparer = preparer
        self.file = file
        self.progress = progress
        self.report = Report(rows=len(file.rows))
        self.there: set[UUID] = set()  # orders and people that the log has

    def records(self) -> Iterator[Record]:
        """Gather the rows. Raises UnknownColumnError."""
        mapping = self.preparer.mapping
        self.file.need(mapping.columns)

        def reference(row: Row) -> str | None:
            found = mapping.source.record.fill(Cells(mapping, row))
            return None if found is None else str(found)

        return self.file.records(reference)

    def rehearsed(self) -> list[Ready]:
        """Make all records ready; those that cannot be are reported."""
        ready = []
        for record in self.records():
            try:
                one = self.preparer.ready(record)
            except RejectedError as error:
                self.reject(record, error)
                continue
            ready.append(one)
            self.report.records += 1
            self.report.told += len(one.lines)
            self.report.silent += len(record.rows) - len(one.lines)
            self.report.unrecorded.update(one.story.unrecorded)
            self.report.left_out += one.story.left_out
        return ready

    async def record(self, ready: Sequence[Ready], log: EventLog) -> None:
        """Record what stood the rehearsal. Being killed anywhere, it may be done again.

        Raises UnavailableError.
        """
        people = {told.caller.new_id: told for one in ready for told in one.people}
        wanted = {*people, *(one.order_id for one in ready), *(one.customer_id for one in ready)}
        self.there = await asyncio.to_thread(begun, log, sorted(wanted))
        news = [told for person_id, told in people.items() if person_id not in self.there]
        await in_turns(self.register(log, told) for told in news)
        await in_turns(self.take_in(log, one) for one in ready)

    async def register(self, log: EventLog, told: Told[RegisterPerson]) -> None:
        """Register a person. One who is there stays as is, whatever the file tells now."""
        person = told.request.begin(told.caller.act(told.request))
        await log.record(person, told.caller.request)
        self.there.add(person.id)
        self.report.people += 1

    async def take_in(self, log: EventLog, ready: Ready) -> None:
        """Record one order, row after row."""
        line = ready.record.rows[0].line
        is_new = ready.order_id not in self.there
        try:
            self.count(await (self.opened(log, ready) if is_new else self.before(log, ready.key)))
            for command in ready.commands:
                line = command.line
                told = None if is_new else await self.before(log, command.key)
                self.count(told or await self.changed(log, ready, command))
        except (RuleViolationError, ConflictError, NotFoundError) as error:
            self.reject_from(ready, line, error)
        self.progress(len(ready.record.rows))

    async def opened(self, log: EventLog, ready: Ready) -> Recorded:
        """Open an order under the next number. Raises NotFoundError without its customer."""
        if ready.customer_id not in self.there:
            raise NotFoundError(f"no person {ready.customer_id}")
        request, caller = ready.opening
        act = caller.act(request)
        number = await order_number(log, act, request.unit_id)
        return await log.record(request.begin(act, number), caller.request)

    async def changed(self, log: EventLog, ready: Ready, command: Command) -> Recorded:
        """Let a row happen to an order that is there."""
        happens = partial(happen, command=command)
        return await log.change(ServiceOrder, ready.order_id, happens, command.key)

    async def before(self, log: EventLog, key: RequestKey) -> Recorded | None:
        """Give what an earlier run was told, if it came so far. Raises KeyMisusedError."""
        return await asyncio.to_thread(log.answer_to, key)

    def count(self, recorded: Recorded | None) -> None:
        """Count a command."""
        if recorded is None or recorded.replayed:
            self.report.known_before += 1
        else:
            self.report.recorded += 1

    def reject(self, record: Record, error: RejectedError) -> None:
        """Report a record that is not imported at all."""
        reject = Reject(error.line, record.reference or "", error.slug, error.rule, error.reason)
        self.report.rejects.append(reject)
        self.report.rejected += len(record.rows)
        self.progress(len(record.rows))

    def reject_from(
        self, ready: Ready, line: int, error: RuleViolationError | ConflictError | NotFoundError
    ) -> None:
        """Report a record whose order was changed since an earlier run, or a row that was."""
        rule = error.rule if isinstance(error, RefusalError) else ""
        reference = str(ready.record.reference)
        self.report.rejects.append(Reject(line, reference, error.slug, rule, str(error)))
        lines = ready.lines
        for row in ready.record.rows:
            if row.line >= line:
                self.report.rejected += 1
                self.report.told -= row.line in lines
                self.report.silent -= row.line not in lines


def begun(log: EventLog, ids: Sequence[UUID]) -> set[UUID]:
    """Say which of these orders and people are in the log. Raises UnavailableError."""
    chunks = (ids[first : first + CHUNK] for first in range(0, len(ids), CHUNK))
    return {
        event.aggregate_id
        for chunk in chunks
        for event in log.histories(chunk, topics=[Opened.TOPIC, Registered.TOPIC])
    }


async def in_turns(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all of it, so many at one time. The first error ends it."""
    waiting = iter(work)

    async def one_after_another() -> None:
        for one in waiting:
            await one

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
