"""From a file to the log: first everything is rehearsed, then what stood it is recorded."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.rules import RefusalError
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.commands.importing.cells import Cells
from os_events.commands.importing.preparing import Command, Preparer, Ready, Told, happen
from os_events.commands.importing.report import Report
from os_events.commands.importing.rows import Record, Row, SourceFile
from os_events.commands.importing.steps import Reject, RejectedError
from os_events.commands.perform import open_service_order, register_person
from os_events.errors import ConflictError, RuleViolationError
from os_events.eventlog.log import EventLog, KeyMisusedError, Recorded

AT_ONCE = 256  # records on their way at one time: they share the log's group commit

Progress = Callable[[int], None]  # told how many rows are done with


class Importer:
    """Imports one file. Shape: ``report`` says what became of every row so far."""

    def __init__(self, preparer: Preparer, file: SourceFile, progress: Progress) -> None:
        self.preparer = preparer
        self.file = file
        self.progress = progress
        self.report = Report(rows=len(file.rows))

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
        await in_turns(self.register(log, told) for told in people.values())
        await in_turns(self.take_in(log, one) for one in ready)

    async def register(self, log: EventLog, told: Told[RegisterPerson]) -> None:
        """Register a person; one whom an earlier file told otherwise stays as is."""
        try:
            recorded = await register_person(log, told.caller, told.request)
        except KeyMisusedError:
            return
        self.report.people += not recorded.replayed

    async def take_in(self, log: EventLog, ready: Ready) -> None:
        """Record one order, row after row."""
        line = ready.record.rows[0].line
        try:
            opened = await open_service_order(log, ready.opening.caller, ready.opening.request)
            self.count(opened)
            for command in ready.commands:
                line = command.line
                self.count(
                    await self.told_before(log, command, opened)
                    or await log.change(
                        ServiceOrder,
                        opened.aggregate_id,
                        partial(happen, command=command),
                        command.key,
                    )
                )
        except (RuleViolationError, ConflictError) as error:
            self.reject_from(ready, line, error)
        self.progress(len(ready.record.rows))

    async def told_before(
        self, log: EventLog, command: Command, opened: Recorded
    ) -> Recorded | None:
        """Give what an earlier run was told, if there was one."""
        if not opened.replayed:
            return None
        return await asyncio.to_thread(log.answer_to, command.key)

    def count(self, recorded: Recorded) -> None:
        """Count a command."""
        if recorded.replayed:
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
        self, ready: Ready, line: int, error: RuleViolationError | ConflictError
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


async def in_turns(work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Do all of it, so many at one time. The first error ends it."""
    waiting = iter(work)

    async def one_after_another() -> None:
        for one in waiting:
            await one

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
