"""The figures of a service desk from its file, by lines that share no code with the program.

An order opens at the earlier of ``opened_at`` and its first row; all else happens at the
``sys_updated_at`` of a row, rows of one minute in the order of the file. What the record does not
know is left out here too: a priority that changes while an incident is new, and what changes
while it stays closed.
"""

import csv
import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

SAO_PAULO = ZoneInfo("America/Sao_Paulo")
MONTH = timedelta(days=30)
STATUS = {
    "New": "open",
    "Active": "in_progress",
    "Awaiting User Info": "on_hold",
    "Awaiting Evidence": "on_hold",
    "Awaiting Vendor": "on_hold",
    "Awaiting Problem": "on_hold",
    "Resolved": "completed",
    "Closed": "closed",
}
OF_THE_CUSTOMER = {"Awaiting User Info", "Awaiting Evidence"}
OVER = {"Resolved", "Closed"}
IS_BACKLOG = {"open", "in_progress", "on_hold"}
PRIORITIES = {
    "1 - Critical": "urgent",
    "2 - High": "high",
    "3 - Moderate": "normal",
    "4 - Low": "low",
}

Rows = list[dict[str, str]]


class Stay(NamedTuple):
    """A time in a state; one that goes on has no end."""

    what: str
    since: datetime
    until: datetime | None


@dataclass
class Incident:
    """What the file says of one incident until an instant."""

    opened: datetime
    states: list[tuple[datetime, str]] = field(default_factory=list)  # after each instant
    priorities: list[tuple[datetime, str]] = field(default_factory=list)
    groups: list[tuple[datetime, str]] = field(default_factory=list)
    resolved: list[datetime] = field(default_factory=list)
    closed: list[datetime] = field(default_factory=list)
    reopened: list[datetime] = field(default_factory=list)

    def stays(self, name: Callable[[str], str]) -> list[Stay]:
        """Give its times in what the states are called: neighbours called the same are one."""
        found: list[Stay] = []
        for at, state in self.states:
            if not found or found[-1].what != name(state):
                found = [*found[:-1], *(one._replace(until=at) for one in found[-1:])]
                found.append(Stay(name(state), at, None))
        return found

    def priority(self, at: datetime) -> str | None:
        return last(self.priorities, at)

    def group(self, at: datetime) -> str | None:
        return last(self.groups, at)


Key = Callable[[Incident, datetime], str | None]


def last(values: list[tuple[datetime, str]], at: datetime) -> str | None:
    """Give the value in force at an instant."""
    return next((value for since, value in reversed(values) if since <= at), None)


def clock(text: str) -> datetime:
    local = datetime.strptime(text, "%d-%m-%Y %H:%M").replace(tzinfo=SAO_PAULO)
    return local.astimezone(UTC)


def read(path: Path) -> list[Rows]:
    """Read the rows of each incident, in the order of the file."""
    found: dict[str, Rows] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for cells in csv.DictReader(file):
            found[cells["number"]].append(cells)
    return list(found.values())


def incidents(files: list[Rows], until: datetime) -> list[Incident]:
    """Give all incidents that were open by an instant, and what had happened to them by then."""
    found = [incident(rows, until) for rows in files]
    return [one for one in found if one.opened <= until]


def incident(rows: Rows, until: datetime) -> Incident:
    first = rows[0]
    told = Incident(min(clock(first["opened_at"]), clock(first["sys_updated_at"])))
    told.states.append((told.opened, "New"))
    told.priorities.append((told.opened, PRIORITIES[first["priority"]]))
    before = None
    for row in rows:
        at = clock(row["sys_updated_at"])
        if at <= until:
            tell(told, at, before, row)
        before = row
    return told


def tell(told: Incident, at: datetime, before: dict[str, str] | None, row: dict[str, str]) -> None:
    """Add what a row says that the one before it did not."""
    was, state = before["incident_state"] if before else None, row["incident_state"]
    if told.states[-1][0] == at:
        told.states.pop()
    told.states.append((at, state))
    if was != state:
        happened(told, at, was, state)
    if was == state == "Closed":
        return
    if is_news(before, row, "priority") and before and state != "New":
        told.priorities.append((at, PRIORITIES[row["priority"]]))
    if is_news(before, row, "assignment_group"):
        told.groups.append((at, row["assignment_group"].lower().replace(" ", "-")))


def happened(told: Incident, at: datetime, was: str | None, state: str) -> None:
    if was in OVER and (was, state) != ("Resolved", "Closed"):
        told.reopened.append(at)
    if state == "Resolved":
        told.resolved.append(at)
    if state == "Closed":
        told.closed.append(at)


def is_news(before: dict[str, str] | None, row: dict[str, str], column: str) -> bool:
    changed = before is None or before[column] != row[column]
    return changed and row[column] != "?"


class Sums(NamedTuple):
    """A figure of a group: its sum, how many, and the places ⌈n/2⌉ and ⌈9n/10⌉ of them."""

    total: int
    n: int
    p50: int | None
    p90: int | None


def sums(numbers: list[int]) -> Sums:
    ordered = sorted(numbers)
    p50, p90 = (
        ordered[math.ceil(len(ordered) * part / 10) - 1] if ordered else None for part in (5, 9)
    )
    return Sums(sum(ordered), len(ordered), p50, p90)


def seconds(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds())


def month(at: datetime) -> date:
    return at.astimezone(SAO_PAULO).date().replace(day=1)


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SAO_PAULO)


def grouped(found: Iterator[tuple[date, str | None, int]]) -> dict[tuple[date, str | None], Sums]:
    numbers = defaultdict(list)
    for when, what, number in found:
        numbers[when, what].append(number)
    return {key: sums(some) for key, some in numbers.items()}


def time_to_resolution(known: list[Incident], key: Key) -> dict[tuple[date, str | None], Sums]:
    """By month of the last resolution: seconds since the opening."""
    return grouped(
        (month(one.resolved[-1]), key(one, one.resolved[-1]), seconds(one.opened, one.resolved[-1]))
        for one in known
        if one.resolved
    )


def time_to_closing(
    known: list[Incident], key: Key, *, net: bool
) -> dict[tuple[date, str | None], Sums]:
    """By month of the last closing: seconds since the opening; net of those the customer took."""
    return grouped(
        (
            month(one.closed[-1]),
            key(one, one.closed[-1]),
            seconds(one.opened, one.closed[-1]) - (customers(one, one.closed[-1]) if net else 0),
        )
        for one in known
        if one.closed
    )


def customers(one: Incident, until: datetime) -> int:
    """Count the seconds in which the customer was waited for."""
    waits = one.stays(lambda state: "customer" if state in OF_THE_CUSTOMER else "us")
    return sum(
        seconds(stay.since, min(stay.until or until, until))
        for stay in waits
        if stay.what == "customer" and stay.since < until
    )


def reopen_rate(
    known: list[Incident], key: Key, until: datetime
) -> dict[tuple[date, str | None], Sums]:
    """By month of the first resolution, else closing, 30 days ago at least: 1 if reopened."""
    found = []
    for one in known:
        ends = [*one.resolved, *one.closed]
        first = ends[0] if ends else until
        if first + MONTH <= until:
            again = any(end <= at <= end + MONTH for at in one.reopened for end in ends)
            found.append((month(first), key(one, first), int(again)))
    return grouped(iter(found))


def backlog(known: list[Incident], key: Key, day: date) -> dict[str | None, int]:
    """Count those that were neither resolved nor closed when a day was over."""
    over = midnight(day + timedelta(days=1))
    found: dict[str | None, int] = defaultdict(int)
    for one in known:
        states = [state for at, state in one.states if at < over]
        if states and STATUS[states[-1]] in IS_BACKLOG:
            found[key(one, over - timedelta(seconds=1))] += 1
    return dict(found)


class Flow(NamedTuple):
    """A status in a period: the time in it, and how many came, went and stayed."""

    time: Sums
    entries: int
    exits: int
    unended: int


def time_in_state(
    known: list[Incident], key: Key, period: tuple[date, date], until: datetime
) -> dict[tuple[str, str | None], Flow]:
    """Give the time in each status inside a period, by what an incident was when it began."""
    start, end = midnight(period[0]), midnight(period[1])
    stays = defaultdict(list)
    for one in known:
        for stay in one.stays(STATUS.__getitem__):
            if stay.what != "closed" and stay.since < end and (stay.until or until) >= start:
                stays[stay.what, key(one, stay.since)].append(stay)
    return {what: flow(some, (start, end), until) for what, some in stays.items()}


def flow(stays: list[Stay], period: tuple[datetime, datetime], until: datetime) -> Flow:
    start, end = period
    inside = [seconds(max(one.since, start), min(one.until or until, end, until)) for one in stays]
    return Flow(
        sums([number for number in inside if number > 0]),
        sum(one.since >= start for one in stays),
        sum(one.until is not None and one.until < end for one in stays),
        sum(one.until is None for one in stays),
    )
