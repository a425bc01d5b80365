"""A file with a row for each change of an order: changes of its state become facts."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from os_events.aggregates.service_order.codes import HoldScope
from os_events.commands.importing.cells import Cells
from os_events.commands.importing.mapping import AlsoRule, ChangeLog, Mapping, StateRule
from os_events.commands.importing.readings import as_slug
from os_events.commands.importing.rows import Record, Row
from os_events.commands.importing.steps import OPENED, OPENING, Asked, Step, Story
from os_events.commands.importing.templates import filled

OVER = {"closed", "cancelled"}
ENTERED = {
    "work": "StartWork",
    "hold": "PlaceHold",
    "done": "CompleteWork",
    "closed": "CloseServiceOrder",
    "cancelled": "CancelServiceOrder",
}


class Moment(NamedTuple):
    """One row: its cells, when it was written, and in which state it leaves the order."""

    cells: Cells
    at: datetime
    state: str
    rule: StateRule

    def asked(self, request: str, *fields: dict[str, Any]) -> Asked:
        """Make a request of it; later fields have the last word."""
        merged: dict[str, Any] = {}
        for some in fields:
            merged |= filled(some, self.cells)
        return Asked(request, self.at, merged)


class ChangeLogTeller:
    """Tells one record, row after row, in the order of the file."""

    def __init__(self, mapping: Mapping, change_log: ChangeLog) -> None:
        self.mapping = mapping
        self.change_log = change_log
        self.work_was_started = False  # since the work was last completed
        self.unrecorded: Counter[str] = Counter()

    def told(self, record: Record) -> Story:
        """Tell it. Raises RejectedError."""
        steps, left_out = [], []
        before: Moment | None = None
        for number, row in enumerate(record.rows, 1):
            now = self.moment(row)
            if before is None:
                steps.append(Step(OPENED, row.line, (self.opening(now),)))
            if asked := tuple(self.asked(before, now)):
                steps.append(Step(str(number), row.line, asked))
            left_out += [(row.line, column) for column in sorted(now.cells.left_out)]
            before = now
        return Story(steps, dict(self.unrecorded), left_out)

    def moment(self, row: Row) -> Moment:
        """Read a row. Raises RejectedError."""
        cells = Cells(self.mapping, row)
        at, state = cells.instant(self.change_log.at), cells.text(self.change_log.state)
        if at is None or state is None:
            raise cells.reject("no-state", "the row does not say when, or in which state")
        if state not in self.change_log.states:
            raise cells.reject("unknown-state", "the state is not in the mapping")
        return Moment(cells, at, state, self.change_log.states[state])

    def asked(self, before: Moment | None, now: Moment) -> Iterator[Asked]:
        """Say what a row brings about: the state before is left, the new one entered."""
        changed = before is None or before.state != now.state
        if before and changed:
            yield from self.left(before, now)
        for rule in self.change_log.also:
            yield from self.also(rule, before, now)
        if changed:
            yield from self.entered(before, now)

    def opening(self, now: Moment) -> Asked:
        """Open the order when the file says so, or at its first row where that is earlier."""
        opened_at = now.cells.instant(self.mapping.opened_at) or now.at
        return now._replace(at=min(opened_at, now.at)).asked(OPENING, self.mapping.opening)

    def left(self, before: Moment, now: Moment) -> Iterator[Asked]:
        """Undo what the state before has brought about. Raises RejectedError."""
        left, entered = before.rule.means, now.rule.means
        if left == "hold":
            resumes = entered == "work" and self.work_was_started
            yield self.request(now, "ReleaseHold", {"resumes_work": resumes})
        elif left in OVER | {"done"} and entered != left and entered not in OVER:
            reopened = {"cause": "other", "reason": {"code": as_slug(now.state)}}
            yield self.request(now, "ReopenServiceOrder", reopened)
        if entered == "open" and self.work_was_started:
            raise now.cells.reject("work-undone", "no fact leads from work back to open")

    def entered(self, before: Moment | None, now: Moment) -> Iterator[Asked]:
        """Bring about the new state."""
        means = now.rule.means
        resumed = means == "work" and self.work_was_started
        same = means != "hold" and before is not None and before.rule.means == means
        if means == "open" or resumed or same:
            return
        self.work_was_started = means == "work" or (means == "hold" and self.work_was_started)
        yield self.request(now, ENTERED[means], self.reasons(now), now.rule.fields)

    def reasons(self, now: Moment) -> dict[str, Any]:
        """Say why an order stands still, or will not be done: the other system names a state."""
        reason = {"reason": {"code": as_slug(now.state)}}
        if now.rule.cause:
            return {"scope": HoldScope.ORDER, "cause": now.rule.cause, **reason}
        return reason if now.rule.means == "cancelled" else {}

    def also(self, rule: AlsoRule, before: Moment | None, now: Moment) -> Iterator[Asked]:
        """Say what else changed, or count it where that makes no fact."""
        changed = [column for column in rule.columns if is_news(rule, column, before, now)]
        ended = before is not None and before.rule.means in OVER and now.rule.means in OVER
        cleared = any(now.cells.text(column) is None for column in changed)
        if ended or cleared or now.state in rule.not_while:
            self.unrecorded.update(changed)
        elif changed:
            yield self.request(now, rule.request, rule.fields)

    def request(self, now: Moment, name: str, *fields: dict[str, Any]) -> Asked:
        """Make a request with the fields that the mapping gives to all of its name."""
        return now.asked(name, self.change_log.fields.get(name, {}), *fields)


def is_news(rule: AlsoRule, column: str, before: Moment | None, now: Moment) -> bool:
    """Say whether a column changed; at the first row, whether it says something that counts."""
    told = now.cells.text(column)
    if before is None:
        return rule.first and told is not None
    return before.cells.text(column) != told
