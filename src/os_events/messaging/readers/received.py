"""What a reader has received of the log: its rows, and whole histories out of them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import psycopg
from pydantic_core import from_json

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.log import Opened
from os_events.eventlog.log import END
from os_events.eventlog.mapper import EventMapper, LoggedEvent
from os_events.eventlog.recorder import patterns
from os_events.followers.positions import BESIDE
from os_events.messaging.chronicle import Chronicle, chronicle_in
from os_events.messaging.readers.carried import Carried

Connection = psycopg.Connection[Any]
Reach = Callable[[], AbstractContextManager[Connection]]
Heads = dict[UUID, tuple[int, bytes]]  # of each aggregate the last version, and its leaf
Leaves = dict[tuple[UUID, int], bytes]

COLUMNS = "aggregate_id, version, position, event, recorded_at, nonce, leaf, state"
TYPES = ("uuid", "bigint", "bigint", "text", "timestamptz", "bytea", "bytea", "bytea")
ARRAYS = ", ".join(f"%b::{kind}[]" for kind in TYPES)

# Names of tables are ours. A probe by index for each aggregate, as in the log's recorder.
INSERT = f"INSERT INTO messaging.{{table}} ({COLUMNS}) SELECT * FROM unnest({ARRAYS})"  # noqa: S608 - only our words
HISTORIES = """SELECT event.* FROM unnest(%b::uuid[]) AS asked (id) CROSS JOIN LATERAL (
    SELECT aggregate_id, version, event, state, position, recorded_at
    FROM messaging.{table} WHERE aggregate_id = asked.id AND event LIKE ANY(%b)
    ORDER BY version) AS event"""
BEGUN = """SELECT aggregate_id FROM messaging.{table}
    WHERE version = 1 AND event = %b AND position <= %b ORDER BY position"""
HEADS = """SELECT asked.id, last.version, last.leaf FROM unnest(%b::uuid[]) AS asked (id)
    CROSS JOIN LATERAL (SELECT version, leaf FROM messaging.{table}
        WHERE aggregate_id = asked.id ORDER BY version DESC LIMIT 1) AS last"""
LEAVES = """SELECT aggregate_id, version, leaf FROM messaging.{table}
    WHERE (aggregate_id, version) IN (SELECT * FROM unnest(%b::uuid[], %b::bigint[]))"""
TAKEN = "SELECT position FROM messaging.{table} WHERE position = ANY(%b)"
DENSE = """SELECT coalesce(max(position), %(after)s) FROM (
        SELECT position, row_number() OVER (ORDER BY position) AS number FROM messaging.{table}
        WHERE position > %(after)s ORDER BY position LIMIT %(most)s) AS next
    WHERE position = %(after)s + number"""
AGES = """SELECT at.partition, extract(epoch FROM clock_timestamp() - recorded_at)::float8
    FROM unnest(%b::int[], %b::bigint[]) AS at (partition, position)
    JOIN messaging.{table} USING (position)"""
BESIDE_IT = f"""DROP TABLE IF EXISTS messaging.received{BESIDE};
    CREATE TABLE messaging.received{BESIDE} (LIKE messaging.received INCLUDING ALL)"""
IN_PLACE = f"""DROP TABLE messaging.received;
    ALTER TABLE messaging.received{BESIDE} RENAME TO received"""


class Received:
    """The rows received, whose connection ``reach`` gives. It answers as the log does.

    Shape: with a ``suffix``, those of the table that is being filled beside.
    """

    def __init__(self, reach: Reach, suffix: str = "") -> None:
        self.reach = reach
        self.table = f"received{suffix}"
        self.mapper = EventMapper()

    def histories(
        self,
        aggregate_ids: Sequence[UUID],
        upto: int = END,
        topics: Sequence[str] = (),
        *,
        opened: bool = False,
    ) -> list[DomainEvent]:
        """Give the events of these aggregates at positions <= upto, one history after the other.

        Raises: ValueError where personal values are to be opened; UnreadableEventError.
        """
        if opened:
            raise ValueError("a reader has no vault: its read models open no personal values")
        rows = self._rows(HISTORIES, list(aggregate_ids), patterns(topics) or ["%"])
        return [self.event(found) for row in rows if (found := LoggedEvent(*row)).id <= upto]

    def begun(self, topic: str, upto: int = END) -> list[UUID]:
        """Name the aggregates that began with ``topic`` at positions <= upto, oldest first."""
        return [aggregate_id for (aggregate_id,) in self._rows(BEGUN, topic, upto)]

    def event(self, logged: LoggedEvent) -> DomainEvent:
        """Read an event, personal values sealed. Raises UnreadableEventError."""
        return self.mapper.event(logged, from_json(logged.state))

    def chronicle(self) -> Chronicle | None:
        """Say since when the log has which name; None where nothing was received."""
        log_ids = self.begun(Opened.TOPIC)
        return chronicle_in(self.histories(log_ids)) if log_ids else None

    def heads(self, ids: Collection[UUID]) -> Heads:
        """Give the last version of each of these aggregates, and its leaf."""
        return {one: (version, leaf) for one, version, leaf in self._rows(HEADS, list(ids))}

    def leaves(self, ids: Sequence[UUID], versions: Sequence[int]) -> Leaves:
        """Give the leaves of versions, as far as they were received."""
        rows = self._rows(LEAVES, list(ids), list(versions))
        return {(one, version): leaf for one, version, leaf in rows}

    def taken(self, positions: Sequence[int]) -> set[int]:
        """Say which positions have a row already."""
        return {position for (position,) in self._rows(TAKEN, list(positions))}

    def put(self, rows: Iterable[Carried]) -> None:
        """Keep rows that are not there yet."""
        columns = [list(column) for column in zip(*rows, strict=True)][: len(TYPES)]
        if columns:
            with self.reach() as connection:
                insert = INSERT.format(table=self.table).encode()
                connection.cursor(binary=True).execute(insert, columns, prepare=True)

    def ages(self, at: Mapping[int, int]) -> dict[int, float]:
        """Say how many seconds ago positions were recorded, by whatever each stands for."""
        return {one: float(age) for one, age in self._rows(AGES, list(at), list(at.values()))}

    def dense(self, after: int, most: int) -> int:
        """Give the last position up to which nothing is missing, looking at ``most`` rows."""
        with self.reach() as connection:
            query = DENSE.format(table=self.table).encode()
            return int(
                (connection.execute(query, {"after": after, "most": most}).fetchone() or (0,))[0]
            )

    def _rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        with self.reach() as connection:
            cursor = connection.cursor(binary=True)
            asked = query.format(table=self.table).encode()
            return cursor.execute(asked, values, prepare=True).fetchall()


class Arriving(Received):
    """The rows received, while more arrive: all that there is, the transaction's own as well.

    A batch of a topic ends at an offset, and nothing that came later is there yet.
    """

    def histories(
        self,
        aggregate_ids: Sequence[UUID],
        upto: int = END,  # noqa: ARG002 - an offset, and no position
        topics: Sequence[str] = (),
        *,
        opened: bool = False,
    ) -> list[DomainEvent]:
        """Give all events of these aggregates. Raises as for ``Received``."""
        return super().histories(aggregate_ids, END, topics, opened=opened)
