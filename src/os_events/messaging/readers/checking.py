"""Whether a reader received what the log has, byte for byte."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from os_events.eventlog.database import AUDITOR, available, connect
from os_events.followers import positions
from os_events.followers.rebuild import Progress, tell_nobody
from os_events.messaging.readers.keeping import DATABASE, Reader
from os_events.messaging.readers.received import COLUMNS
from os_events.values.scalars import Code

AT_ONCE = 10_000  # positions
ROWS = f"SELECT {COLUMNS} FROM {{table}} WHERE position > %b AND position <= %b"  # noqa: S608 - only our words
LAST = "SELECT coalesce(max(position), 0), count(*) FROM messaging.received"

Connection = psycopg.Connection[Any]
Row = tuple[Any, ...]


class Kind(Code):
    """What differs at a position."""

    MISSING = "missing", "não foi recebido"
    NOT_IN_THE_LOG = "not-in-the-log", "não está no registro"
    OTHER = "other", "não é o que está no registro"


@dataclass(frozen=True, slots=True)
class Difference:
    """A position at which the reader does not have what the log has."""

    position: int
    kind: Kind


@dataclass
class Checking:
    """One check of a reader against the log. Shape: ``received`` rows, complete to ``reached``."""

    reader: Reader
    url: str
    log_url: str
    received: int = 0
    reached: int = 0

    def differences(self, progress: Progress = tell_nobody) -> Iterator[Difference]:
        """Compare the rows of all positions. What has not come yet is not missing."""
        with (
            available(DATABASE),
            connect(self.url, AUDITOR) as here,
            connect(self.log_url, AUDITOR) as log,
            here.transaction(),
        ):
            here.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            at = positions.positions_of(here, self.reader.tables)
            [(last, self.received)] = here.execute(LAST).fetchall()
            self.reached = min(at.values(), default=0)
            for after in range(0, last, AT_ONCE):
                upto = min(after + AT_ONCE, last)
                found = rows(here, "messaging.received", after, upto)
                wanted = rows(log, "log.events", after, upto)
                yield from compared(found, wanted, self.reached)
                progress(upto, last)


def rows(connection: Connection, table: str, after: int, upto: int) -> dict[int, Row]:
    """Read the rows of some positions."""
    cursor = connection.cursor(binary=True)
    found = cursor.execute(ROWS.format(table=table).encode(), (after, upto))
    return {row[2]: row for row in found}


def compared(found: dict[int, Row], wanted: dict[int, Row], reached: int) -> Iterator[Difference]:
    """Say what differs, in order of position."""
    for position in sorted(found.keys() | wanted.keys()):
        if position not in wanted:
            yield Difference(position, Kind.NOT_IN_THE_LOG)
        elif position not in found:
            if position <= reached:
                yield Difference(position, Kind.MISSING)
        elif found[position] != wanted[position]:
            yield Difference(position, Kind.OTHER)
