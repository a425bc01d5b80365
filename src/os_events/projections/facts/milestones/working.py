"""Milestones of labour: the days on which technicians were at it."""

from collections.abc import Iterator
from datetime import timedelta

from os_events.aggregates.history import OrderHistory
from os_events.projections.facts.labour import labour_by_technician
from os_events.projections.facts.milestones.reached import Milestone, Reached
from os_events.projections.facts.spans import Span
from os_events.values.days import end_of

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)


def worked(history: OrderHistory) -> Iterator[Reached]:
    """Give each civil day on which a technician was at it, at the place of performance.

    Shape: ``subject`` is the technician, if anybody knows. The first day of a stretch of labour
    counts while it lasts; its further days are told when it is over, and count no time.
    """
    found = [one for span in labour_by_technician(history) for one in days(history, span)]
    yield from sorted(found, key=lambda one: (one.at, one.subject or "", one.anchor or one.at))


def days(history: OrderHistory, span: Span) -> Iterator[Reached]:
    """Give the days of one stretch, as far as they are known."""
    course, end = history.course, span.ended_at
    yield Reached(Milestone.WORKED, span.started_at, until=end, subject=span.about)
    if end is None or course.order is None:
        return
    day, last = course.day(span.started_at), course.day(end - TICK)
    while day < last:
        midnight = end_of(day, course.order.place_zone)
        yield Reached(Milestone.WORKED, end, until=end, subject=span.about, anchor=midnight)
        day += DAY
