"""Stretches of time, before they are rows."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple


class Span(NamedTuple):
    """From an instant until before another: none while it lasts."""

    started_at: datetime
    ended_at: datetime | None
    about: str | None = None
    category: str | None = None
    scope: str | None = None


def seconds_between(start: datetime, end: datetime) -> int:
    """Count whole seconds."""
    return int((end - start).total_seconds())


def seconds_within(spans: Iterable[Span], start: datetime, end: datetime) -> int:
    """Add up what of the spans is inside [start, end). They do not overlap."""
    total = 0
    for span in spans:
        first = max(span.started_at, start)
        last = end if span.ended_at is None else min(span.ended_at, end)
        if last > first:
            total += seconds_between(first, last)
    return total


def gaps(spans: Iterable[Span], since: datetime) -> Iterator[Span]:
    """Give when none of the spans lasts, from an instant on."""
    for span in sorted(spans, key=lambda one: one.started_at):
        if span.started_at > since:
            yield Span(since, span.started_at)
        if span.ended_at is None:
            return
        since = max(since, span.ended_at)
    yield Span(since, None)
