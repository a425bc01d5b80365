"""Where a reader of a topic is. The database's place is the true one; the group's is a hint."""

from dataclasses import dataclass

from os_events.eventlog.database import Pool, available
from os_events.messaging.records import Partition

FIND = """SELECT next_offset FROM messaging.consumed
    WHERE reader = %s AND topic = %s AND partition = %s"""
BEGIN = """INSERT INTO messaging.consumed (reader, topic, partition, next_offset)
    VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"""
MOVE = """UPDATE messaging.consumed SET next_offset = %s, updated_at = clock_timestamp()
    WHERE reader = %s AND topic = %s AND partition = %s AND next_offset = %s"""


@dataclass(frozen=True)
class Places:
    """The places of one reader."""

    pool: Pool
    reader: str

    def find(self, partition: Partition) -> int | None:
        """Give the offset that is read next; None before the first time."""
        with available("the log"), self.pool.connection() as connection:
            found = connection.execute(FIND, (self.reader, *partition)).fetchone()
        return int(found[0]) if found else None

    def begin(self, partition: Partition, offset: int) -> int:
        """Begin a partition at ``offset``; give where it was begun, perhaps by another before."""
        with available("the log"), self.pool.connection() as connection:
            connection.execute(BEGIN, (self.reader, *partition, offset))
            [found] = connection.execute(FIND, (self.reader, *partition))
        return int(found[0])

    def move(self, partition: Partition, began: int, end: int) -> bool:
        """Move on from where one began; say whether it was still there."""
        with available("the log"), self.pool.connection() as connection:
            return bool(connection.execute(MOVE, (end, self.reader, *partition, began)).rowcount)
