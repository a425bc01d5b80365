"""``os.log.v1``: every event as it is stored, for read models of ours on other machines."""

from collections.abc import Iterator

from os_events.eventlog.database import MESSENGER
from os_events.eventlog.rows import StoredRow, stored_rows
from os_events.messaging.chronicle import Chronicle
from os_events.messaging.cloudevents import CloudEvent
from os_events.messaging.feed import Entry, LogGapError
from os_events.messaging.guards import source_of
from os_events.messaging.records import Outgoing
from os_events.values.scalars import written

LOG = "os.log.v1"
AT_ONCE = 20_000  # positions read from one snapshot, which is open meanwhile


class StoredEvents:
    """The stored bytes of all events, unchanged: the ledger commits to exactly these."""

    def __init__(self, url: str, topic: str = LOG) -> None:
        self.url = url
        self.topic = topic

    def entries(self, after: int, upto: int, chronicle: Chronicle) -> Iterator[Entry]:
        """Give every position in order."""
        expected = after + 1
        for begin in range(after, upto, AT_ONCE):
            end = min(begin + AT_ONCE, upto)
            with stored_rows(self.url, MESSENGER, begin, end) as rows:
                for row in rows:
                    if row.position != expected:
                        break
                    yield Entry(row.position, self._record(row, chronicle))
                    expected += 1
            if expected != end + 1:
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
