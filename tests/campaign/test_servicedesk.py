"""600 incidents of a real service desk: our history says of every row what the file says.

Needs ``--data FOLDER`` with servicedesk-2016.csv.
"""

from collections import Counter
from datetime import date, datetime, time, timedelta

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.history import OrderHistory
from os_events.aggregates.service_order.closing import Closed
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.reopening import Reopened
from os_events.aggregates.service_order.work import WorkCompleted
from tests.campaign import servicedesk_by_hand as by_hand
from tests.campaign.desk import SAO_PAULO, Desk

COUNTED: tuple[type[DomainEvent], ...] = (Opened, WorkCompleted, Closed, Reopened)
BACKLOG = {"NEW", "PLANNED", "ACTIVE", "WAITING"}


def standing(events: list[DomainEvent], at: datetime) -> tuple[str, str | None]:
    """Say how an order stood, by these facts, at an instant by the clock of its place."""
    history = OrderHistory.of(events).until(as_of=at.replace(tzinfo=SAO_PAULO))
    status, waits_for = history.course.standings[-1][1]
    return str(status), waits_for


def day_of(event: DomainEvent) -> date:
    return event.occurred_at.astimezone(SAO_PAULO).date()


def test_every_row_is_accounted_for(desk: Desk) -> None:
    report = desk.report

    print(f"{report.rows / desk.seconds:,.0f} rows a second, {desk.log.head()} events")
    assert (report.rows, report.records, report.rejects) == (4137, 600, [])
    assert report.told + report.silent == 4137


def test_every_row_finds_the_order_in_the_state_that_the_file_gives(desk: Desk) -> None:
    expected, found = [], []
    for incident, rows in by_hand.incidents(desk.path).items():
        for row, version in zip(rows, desk.versions[incident].values(), strict=True):
            waits = by_hand.STANDS[row.state][1]
            known = desk.by_incident[incident][:version]
            status, waits_for = standing(known, row.at)
            expected.append((incident, row.at, by_hand.STANDS[row.state][0], waits))
            found.append((incident, row.at, status, waits_for if waits else None))

    assert len(found) == 4137
    assert found == expected


def test_every_instant_finds_the_order_in_the_last_state_that_the_file_gives_then(
    desk: Desk,
) -> None:
    expected, found = [], []
    for incident, rows in by_hand.incidents(desk.path).items():
        for place, row in enumerate(rows):
            if all(row.at < later.at for later in rows[place + 1 :]):
                status, _ = standing(desk.by_incident[incident], row.at)
                expected.append((incident, row.at, by_hand.STANDS[row.state][0]))
                found.append((incident, row.at, status))

    print(f"{len(found)} rows are the last of their minute")
    assert found == expected


def test_what_happened_on_each_day_is_what_the_file_says(desk: Desk) -> None:
    expected = by_hand.days(desk.path)
    counts = {kind: Counter[date]() for kind in COUNTED}
    for events in desk.by_incident.values():
        for event in events:
            if type(event) in counts:
                counts[type(event)][day_of(event)] += 1

    found = {
        day: (counts[Opened][day], counts[WorkCompleted][day], counts[Closed][day])
        for day in expected
    }
    assert found == {day: (one.opened, one.resolved, one.closed) for day, one in expected.items()}
    reopened = {day: one.reopened for day, one in expected.items() if one.reopened}
    assert dict(counts[Reopened]) == reopened
    assert sum(map(sum, found.values())) > 1800


def test_the_backlog_at_the_end_of_each_day_is_what_the_file_says(desk: Desk) -> None:
    expected = {day: one.backlog for day, one in by_hand.days(desk.path).items()}
    rows = desk.intervals.select("WHERE kind = 'status' AND category = ANY(%s)", list(BACKLOG))

    found = {}
    for day in expected:
        midnight = datetime.combine(day + timedelta(days=1), time(0), SAO_PAULO)
        found[day] = sum(
            row.started_at < midnight and (row.ended_at is None or row.ended_at >= midnight)
            for row in rows
        )

    print(f"{len(found)} days, backlog at most {max(found.values())}")
    assert found == expected
