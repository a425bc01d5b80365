"""When a delivery that failed is tried again, and when an endpoint has failed for too long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 5 * 60, 30 * 60, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24)))
)
JITTER = 0.1  # of a pause, more or less, so that what failed together does not come back together
LONGEST = timedelta(hours=24)  # that a receiver may ask us to wait
GIVEN_UP = timedelta(days=5)


def pause(attempt: int, draw: Callable[[], float], asked: timedelta | None = None) -> timedelta:
    """Say how long to wait after the failed ``attempt``, the first of which is 1.

    Shape: ``draw`` gives a number from 0 to 1; ``asked`` is what the receiver asked for.
    """
    planned = PAUSES[min(attempt, len(PAUSES)) - 1] * (1 + JITTER * (2 * draw() - 1))
    return max(planned, min(asked or timedelta(0), LONGEST))


def asked_for(retry_after: str | None, now: datetime) -> timedelta | None:
    """Read ``Retry-After``: seconds, or a date. What is neither is left out. Source: RFC 9110."""
    told = (retry_after or "").strip()
    if told.isascii() and told.isdecimal():
        return min(timedelta(seconds=int(told[:9])), LONGEST)
    try:
        when = parsedate_to_datetime(told)
    except ValueError:
        return None
    return max(when.replace(tzinfo=when.tzinfo or UTC) - now, timedelta(0))
