"""``os.log.v1``: every event as it is stored, for read models of ours on other machines."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

from psycopg import Connection

from os_events.eventlog.database import MESSENGER, available, connect
from os_events.eventlog.rows import StoredRow, rows_between
from os_events.messaging.chronicle import Chronicle
from os_events.messaging.cloudevents import CloudEvent, source_of
from os_events.messaging.feed import Entries, Entry, LogGapError
from os_events.messaging.records import Outgoing
from os_events.values.scalars import written

LOG = "os.log.v1"
AT_ONCE = 500  # positions read together


class StoredEvents:
    """The stored bytes of all events, unchanged: the ledger commits to exactly these."""

    def __init__(self, url: str, topic: str = LOG) -> None:
        self.url = url
        self.topic = topic

    @contextmanager
    def opened(self) -> Iterator[Entries]:
        """Open a connection to the log, and give what reads by it."""
        with closing(connected(self.url)) as connection:
            yield partial(self._entries, connection)

    def _entries(
        self, connection: Connection[Any], after: int, upto: int, chronicle: Chronicle
    ) -> Iterator[Entry]:
        expected = after + 1
        for begin in range(after, upto, AT_ONCE):
            for row in rows_between(connection, begin, min(begin + AT_ONCE, upto)):
                if row.position != expected:
                    break
                yield Entry(row.position, self._record(row, chronicle))
                expected += 1
            if expected != min(begin + AT_ONCE, upto) + 1:
                raise LogGapError(f"position {expected} is missing")

    def _record(self, row: StoredRow, chronicle: Chronicle) -> Outgoing:
        aggregate_id = str(row.aggregate_id)
        attributes = {
            "specversion": "1.0",
            "type": row.event,
            "source": source_of(chronicle.origin(row.position)),
            "id": f"{aggregate_id}:{row.version}",
            "subject": aggregate_id,
            "sequence": str(row.version),
            "osposition": str(row.position),
            "osepoch": str(chronicle.epoch(row.position)),
            "recordedtime": written(row.recorded_at),
            "osnonce": row.nonce.hex(),
            "osleaf": row.leaf.hex(),
        }
        headers = CloudEvent(attributes, row.state).headers()
        return Outgoing(self.topic, aggregate_id.encode(), row.state, headers)


def connected(url: str) -> Connection[Any]:
    """Open a connection to the log. Raises UnavailableError."""
    with available("the log"):
        return connect(url, MESSENGER)
