"""Asks for figures."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import psycopg

from os_events.eventlog.database import Pool, available
from os_events.followers.positions import AsOf, least, state_of
from os_events.followers.read_model import ReadModelBehindError, reached
from os_events.kpis.answer import Case, Group, shares
from os_events.kpis.catalogue import FIGURES
from os_events.kpis.figure import FACT_TABLES, Figure
from os_events.kpis.installing import renew
from os_events.kpis.question import Dimension, Question, UnaskableError
from os_events.kpis.statements import MOST_RECORDS, Values, grouped, listed

BEGINNING = Case(UUID(int=0), "", 0, datetime.min.replace(tzinfo=UTC), "", 0, 0, None)


def install(connection: psycopg.Connection[Any], suffix: str = "") -> None:
    """Make all figures part of the database, whether or not their tables are there yet."""
    *_, last = FIGURES.values()
    statements = [figure.ddl(suffix) for figure in FIGURES.values()]
    renew(connection, statements, last.function(suffix))


class Figures:
    """Asks for figures. Every question raises UnavailableError."""

    def __init__(self, pool: Pool, wait_seconds: float = 2.0) -> None:
        self.pool = pool
        self.wait_seconds = wait_seconds

    def reach(self, position: int) -> AsOf:
        """Wait until the figures reflect ``position``. Raises ReadModelBehindError."""
        return reached(self.as_of, position, self.wait_seconds, "the figures")

    def as_of(self) -> AsOf:
        """Say what the figures reflect; asked before a question, what its answer has at least."""
        with self._asking() as connection:
            return least(*(state_of(connection, table.name) for table in FACT_TABLES.values()))

    def ask(self, figure: Figure, question: Question, counted: str = "*") -> list[Group]:
        """Give the figure, group by group, in order of period and value.

        Shape: cases are counted, or ``ORDERS``. Raises UnaskableError.
        """
        records = self.records(*grouped(figure, question, counted))
        if len(records) > MOST_RECORDS:
            raise UnaskableError("too many groups; ask by fewer dimensions, or longer periods")
        size = 1 + len(question.by)
        names = [str(one) for one in question.by]
        groups = [
            folded(figure, names, key, of_key)
            for key, of_key in groupby(records, key=lambda record: record[:size])
        ]
        in_parts = figure.of_whole and Dimension.SERIES in question.by
        return shares(groups, Dimension.SERIES) if in_parts else groups

    def cases(
        self, figure: Figure, question: Question, limit: int, after: Case = BEGINNING
    ) -> list[Case]:
        """Give the cases behind a number, after the last of the page before."""
        query, values = listed(figure, question)
        values |= {"after_at": after.at, "after_id": after.order_id, "after_number": after.number}
        values |= {"after_series": after.series or "", "limit": limit}
        return [Case(*record) for record in self.records(query, values)]

    def records(self, query: str, values: Values) -> list[tuple[Any, ...]]:
        """Ask in SQL of our own making."""
        with self._asking() as connection:
            return connection.execute(query.encode(), values).fetchall()

    @contextmanager
    def _asking(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            with available("the figures"), self.pool.connection() as connection:
                yield connection
        except (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedFunction) as error:
            raise ReadModelBehindError("the figures are not built yet") from error


def folded(
    figure: Figure, names: list[str], key: tuple[Any, ...], records: Iterable[tuple[Any, ...]]
) -> Group:
    """Make one group of its records: one for those that count, one for each reason why not."""
    period, *values = key
    found = Group(period, dict(zip(names, values, strict=True)))
    left_out: dict[str, int] = {}
    flows = dict.fromkeys(figure.flows, 0)
    for state, cases, numerator, denominator, p50, p90, *sums in (
        record[len(key) :] for record in records
    ):
        for flow, amount in zip(figure.flows, sums, strict=True):
            flows[flow] += amount or 0
        if state is None:
            found = Group(period, found.values, numerator, denominator, cases, p50, p90)
        else:
            left_out[state] = cases
    return replace(found, left_out=left_out, flows=flows)
