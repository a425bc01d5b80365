"""The cases behind a number, page by page."""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter

from os_events.kpis.answer import Case
from os_events.kpis.asking import BEGINNING, Figures
from os_events.kpis.figure import Figure
from os_events.kpis.question import Question, UnaskableError

MOST_CASES = 20_000  # that are listed at once
LAST = TypeAdapter(tuple[datetime, UUID, int, str])


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases; ``next`` is the cursor of those after them, and None at the end."""

    cases: list[Case]
    next: str | None


def page(
    figures: Figures, figure: Figure, question: Question, limit: int, cursor: str | None = None
) -> Page:
    """Return at most ``limit`` cases, by anchor. Raises ValueError, UnavailableError."""
    after = read_cursor(cursor) if cursor else BEGINNING
    found = figures.cases(figure, question, limit + 1, after)
    more = len(found) > limit
    return Page(found[:limit], cursor_after(found[limit - 1]) if more else None)


def all_of(figures: Figures, figure: Figure, question: Question) -> list[Case]:
    """Give all cases. Raises UnaskableError, UnavailableError."""
    found = figures.cases(figure, question, MOST_CASES + 1)
    if len(found) > MOST_CASES:
        raise UnaskableError(f"more than {MOST_CASES} cases; ask for a shorter time, or a part")
    return found


def cursor_after(case: Case) -> str:
    """Write where a page ends."""
    last = (case.at, case.order_id, case.number, case.series or "")
    return base64.urlsafe_b64encode(LAST.dump_json(last)).decode().rstrip("=")


def read_cursor(text: str) -> Case:
    """Give as much of a case as says where a page ended. Raises ValueError if no page did."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        at, order_id, number, series = LAST.validate_json(plain)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not a cursor of this list") from error
    if at.tzinfo is None or abs(number) >= 2**63 or "\x00" in series:
        raise ValueError("not a cursor of this list")
    return Case(order_id, "", number, at, series, 0, 0, None)
