"""A reader's tables, on one connection: a batch of a partition, its rows and its place at once."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog

from os_events.errors import UnavailableError
from os_events.eventlog.database import available
from os_events.eventlog.mapper import LoggedEvent
from os_events.eventlog.topics import UnreadableEventError
from os_events.failpoints import failpoint
from os_events.followers import positions
from os_events.followers.derivation import Derivation
from os_events.followers.follower import Batch, will_pass
from os_events.followers.history_tables import HistoryTables, grouped
from os_events.messaging.chronicle import Chronicle
from os_events.messaging.readers.carried import Carried
from os_events.messaging.readers.places import Place, Places
from os_events.messaging.readers.received import Arriving
from os_events.messaging.readers.sifting import Known, Sifted, Standstill, read_all, sift
from os_events.messaging.records import Incoming, Partition
from os_events.metrics import READER_RECORDS

DATABASE = "the reader's database"
BUSY = 50_000  # events kept in memory, over all partitions
AT_ONCE = 20_000  # rows that are looked at to find out what is complete
ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('messaging.received'))"
MISSING = """SELECT name FROM unnest(%s::text[]) AS t (name)
    WHERE to_regclass('read.' || name) IS NULL"""
REACHED = """UPDATE read.position SET position = %(position)s
    WHERE follower = ANY(%(tables)s) AND position < %(position)s"""

log = structlog.get_logger()


class ReaderNotFilledError(UnavailableError):
    """The reader's tables are not there, or are an older version's. ``os-events reader fill``."""

    slug = "reader-not-filled"


@dataclass(frozen=True)
class Reader:
    """Who reads which topic into which tables. Shape: ``suffix`` ends those built beside."""

    name: str
    topic: str
    derivations: Sequence[Derivation[Any]]
    suffix: str = ""

    @property
    def tables(self) -> list[str]:
        """Name the tables."""
        return [f"{one.name}{self.suffix}" for one in self.derivations]


class Keeping:
    """What one connection knows of a reader's tables. After any error it is of no use."""

    def __init__(self, connection: psycopg.Connection[Any], reader: Reader) -> None:
        self.connection = connection
        self.reader = reader
        self.places = Places(connection, f"{reader.name}{reader.suffix}", reader.topic)
        self.received = Arriving(lambda: nullcontext(connection), reader.suffix)
        self._groups: dict[Partition, list[HistoryTables]] = {}
        self._left: dict[Partition, Place] = {}
        self._chronicle = Chronicle()

    def take_in(self, partition: Partition, began: int, records: Sequence[Incoming]) -> Place:
        """Take in what was fetched of a partition from offset ``began`` on; say where it is then.

        A batch that fails is halved, until one record is left: there the partition stands still.
        Raises: PlaceMovedError, UnavailableError.
        """
        try:
            return self._take_in(partition, began, records)
        except Exception as error:
            if will_pass(error):
                raise
            self.forget(partition)
            if len(records) == 1:
                return self._stand_still(partition, began, error)
        half = len(records) // 2
        place = self.take_in(partition, began, records[:half])
        if place.stopped:
            return place
        return self.take_in(partition, place.next_offset, records[half:])

    def all_places(self) -> dict[Partition, Place]:
        """Say where the reader goes on. Raises ReaderNotFilledError, UnavailableError."""
        with available(DATABASE):
            found = self.places.all()
            missing = self.connection.execute(MISSING, (self.reader.tables,)).fetchall()
        if not found or missing:
            names = ", ".join(name for (name,) in missing) or "it has no place in its topic"
            raise ReaderNotFilledError(names)
        return found

    def stop(self, partition: Partition, began: int, why: str) -> Place:
        """Let a partition stand still. Raises PlaceMovedError, UnavailableError."""
        with available(DATABASE), self.connection.transaction():
            self.places.held(partition, began)
            self.places.stop(partition, why)
            return self.places.held(partition, began)

    def advance(self) -> None:
        """Say how far all tables are: up to where no position is missing among the received.

        Partitions move apart, so the highest position taken in says little. But a topic of the log
        has every event, and an event is received in the transaction of its rows: what is dense from
        1 on is reflected, whoever of the group took it in. Where somebody else is at it, let him.
        """
        with available(DATABASE), self.connection.transaction():
            if self.connection.execute(ALONE).fetchone() == (True,):
                at = positions.positions_of(self.connection, self.reader.tables)
                reached = self.received.dense(min(at.values(), default=0), AT_ONCE)
                values = {"position": reached, "tables": self.reader.tables}
                self.connection.execute(REACHED, values)

    def ages(self, at: Mapping[int, int]) -> dict[int, float]:
        """Say how many seconds ago positions were recorded, by partition."""
        with available(DATABASE):
            return self.received.ages(at)

    def forget(self, partition: Partition) -> None:
        """Let go of what is remembered of a partition: somebody else may have it."""
        self._groups.pop(partition, None)

    def _take_in(self, partition: Partition, began: int, records: Sequence[Incoming]) -> Place:
        told = read_all(records)
        with available(DATABASE), self.connection.transaction():
            place = self.places.held(partition, began)
            if place != self._left.get(partition):  # what we remember may be of before a fill
                self.forget(partition)
            found = sift(told, self._known(place, [row for _, row in told if row]))
            self._keep(partition, began, found)
            if found.upto > began:
                highest = max((row.position for row in found.rows), default=0)
                self.places.move(partition, found.upto, highest)
            if found.standstill:
                self.places.stop(partition, found.standstill)
            place = self.places.held(partition, found.upto)
            failpoint("reader.applied")
        self._left[partition] = place
        self._tell(partition, found)
        return place

    def _known(self, place: Place, rows: Sequence[Carried]) -> Known:
        if place.epoch != len(self._chronicle.names):
            self._chronicle = self.received.chronicle() or Chronicle()
        heads = self.received.heads({row.aggregate_id for row in rows})
        before = [r for r in rows if r.version <= heads.get(r.aggregate_id, (0, b""))[0]]
        ids, versions = [row.aggregate_id for row in before], [row.version for row in before]
        leaves = self.received.leaves(ids, versions) if before else {}
        taken = self.received.taken([row.position for row in rows])
        return Known(self._chronicle, heads, leaves, taken)

    def _keep(self, partition: Partition, began: int, found: Sifted) -> None:
        if not found.rows:
            return
        self.received.put(found.rows)
        for group in self._groups_of(partition):
            wanted = [row for row in found.rows if group.kind.has(row.event)]
            events = [self.received.event(logged(row)) for row in wanted]
            group.apply_batch(self.connection, Batch(began, found.upto, events), group.positions)

    def _groups_of(self, partition: Partition) -> list[HistoryTables]:
        """Give what remembers the busy histories of a partition; its places are offsets."""
        if partition not in self._groups:
            made = grouped(self.received, self.reader.derivations, self.reader.suffix)
            self._groups[partition] = made
            for group in (one for groups in self._groups.values() for one in groups):
                group.busy.largest = BUSY // len(self._groups)
        return self._groups[partition]

    def _stand_still(self, partition: Partition, began: int, error: Exception) -> Place:
        known = isinstance(error, UnreadableEventError)
        why = Standstill.UNREADABLE if known else type(error).__name__
        log.error("reader stopped", partition=partition.number, offset=began, error=why)
        return self.stop(partition, began, why)

    def _tell(self, partition: Partition, found: Sifted) -> None:
        sound = {"applied": len(found.rows), "repeated": found.repeated}
        for outcome, count in [*sound.items(), *found.refused.items()]:
            READER_RECORDS.labels(self.reader.name, outcome).inc(count)
        if found.refused:
            counted = {str(reason): count for reason, count in found.refused.items()}
            log.error("records passed over", partition=partition.number, counts=counted)
        if found.standstill:
            log.error("reader stopped", partition=partition.number, error=found.standstill)


def logged(row: Carried) -> LoggedEvent:
    """Give a row as the log gives an event."""
    return LoggedEvent(
        row.aggregate_id, row.version, row.event, row.state, row.position, row.recorded_at
    )
