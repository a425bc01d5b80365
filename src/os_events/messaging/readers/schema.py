"""The schema of a reader's database."""

from os_events.eventlog.migrations import Migration, written_in
from os_events.eventlog.privileges import Privilege, written_beside

PACKAGE, FOLDER = "os_events.messaging", "sql/reader"


def reader_migrations() -> list[Migration]:
    """Give all of it, in order."""
    return written_in(PACKAGE, FOLDER)


def reader_privileges() -> set[Privilege]:
    """Say who may do what in it."""
    return written_beside(PACKAGE, FOLDER)
