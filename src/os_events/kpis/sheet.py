"""Figures, and the orders behind them, as CSV (RFC 4180, UTF-8)."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from os_events.kpis.answer import Case, Group
from os_events.kpis.figure import Figure
from os_events.kpis.question import Question
from os_events.values.scalars import written

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what makes a spreadsheet run a cell
CASES = ("order_number", "order_id", "at", "series", "numerator", "denominator", "state")

Cell = str | int | None


def of_groups(figure: Figure, question: Question, groups: Sequence[Group]) -> str:
    """Write a row a group: amounts as numbers, in the figure's unit; what is empty is None."""
    reasons = sorted({reason for group in groups for reason in group.left_out})
    head = [
        *(["period"] if question.grain else []),
        *map(str, question.by),
        *("value", "unit", "numerator", "denominator", "cases", "p50", "p90"),
        *figure.flows,
        *(f"left_out_{reason}" for reason in reasons),
    ]
    return document(head, (list(group_row(figure, group, reasons)) for group in groups))


def group_row(figure: Figure, group: Group, reasons: Sequence[str]) -> Iterator[Cell]:
    """Write a group."""
    if group.period:
        yield group.period.isoformat()
    yield from map(plain, group.values.values())
    value = group.value(figure.unit)
    yield None if value is None else str(value)
    yield figure.unit
    yield from (group.numerator, group.denominator, group.cases, group.p50, group.p90)
    yield from (group.flows.get(flow, 0) for flow in figure.flows)
    yield from (group.left_out.get(reason, 0) for reason in reasons)


def of_cases(cases: Iterable[Case]) -> str:
    """Write a row a case."""
    return document(
        CASES,
        (
            [
                plain(case.order_number),
                str(case.order_id),
                written(case.at),
                plain(case.series),
                case.numerator,
                case.denominator,
                plain(case.state),
            ]
            for case in cases
        ),
    )


def document(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Write a table."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows(rows)
    return text.getvalue()


def plain(text: str | None) -> str | None:
    """Give a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text and text.startswith(FORMULA) else text
