"""What the file of a service desk says, by a few lines that share no code with the program."""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

STANDS = {  # a state of theirs: our status, and whom or what it waits for
    "New": ("open", None),
    "Active": ("in_progress", None),
    "Awaiting User Info": ("on_hold", "customer"),
    "Awaiting Evidence": ("on_hold", "customer"),
    "Awaiting Vendor": ("on_hold", "third_party"),
    "Awaiting Problem": ("on_hold", "internal"),
    "Resolved": ("completed", None),
    "Closed": ("closed", None),
}
OVER = {"Resolved", "Closed"}


@dataclass
class Row:
    """One row, by the clock of its place."""

    incident: str
    state: str
    at: datetime
    opened_at: datetime


@dataclass
class Day:
    """What happened on a day, and how many were neither resolved nor closed when it ended."""

    opened: int = 0
    resolved: int = 0
    closed: int = 0
    reopened: int = 0
    backlog: int = 0


def clock(text: str) -> datetime:
    return datetime.strptime(text, "%d-%m-%Y %H:%M")  # noqa: DTZ007 - of the place


def incidents(path: Path) -> dict[str, list[Row]]:
    """Read the rows of each incident, in the order of the file."""
    found: dict[str, list[Row]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for cells in csv.DictReader(file):
            at, opened_at = clock(cells["sys_updated_at"]), clock(cells["opened_at"])
            row = Row(cells["number"], cells["incident_state"], at, opened_at)
            found[row.incident].append(row)
    return found


def days(path: Path) -> dict[date, Day]:
    """Count what happened on each day, from the first to the last."""
    rows = incidents(path)
    counts: dict[str, Counter[date]] = defaultdict(Counter)
    for of_one in rows.values():
        counts["opened"][opening(of_one).date()] += 1
        before = None
        for row in of_one:
            if row.state != before:
                for name in changes(before, row.state):
                    counts[name][row.at.date()] += 1
            before = row.state
    told = sorted(day for counter in counts.values() for day in counter)
    found = {}
    day = told[0]
    while day <= told[-1]:
        found[day] = Day(
            counts["opened"][day],
            counts["resolved"][day],
            counts["closed"][day],
            counts["reopened"][day],
            sum(is_waiting(of_one, day) for of_one in rows.values()),
        )
        day += timedelta(days=1)
    return found


def opening(rows: list[Row]) -> datetime:
    return min(rows[0].opened_at, rows[0].at)


def changes(before: str | None, state: str) -> list[str]:
    """Name what a change of state is counted as."""
    counted = []
    if before in OVER and not (before == "Resolved" and state == "Closed"):
        counted.append("reopened")
    if state == "Resolved":
        counted.append("resolved")
    if state == "Closed":
        counted.append("closed")
    return counted


def is_waiting(rows: list[Row], day: date) -> bool:
    """Say whether an incident was open and not over when a day ended."""
    if opening(rows).date() > day:
        return False
    until_then = [row for row in rows if row.at.date() <= day]
    return not until_then or until_then[-1].state not in OVER
