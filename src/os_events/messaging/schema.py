"""Schema messaging of the log's database."""

from os_events.eventlog.migrations import Migration, written_in
from os_events.eventlog.privileges import Privilege, written_beside

PACKAGE, FOLDER = "os_events.messaging", "sql/messaging"


def messaging_migrations() -> list[Migration]:
    """Give its migrations; they run after the log's."""
    return written_in(PACKAGE, FOLDER)


def messaging_privileges() -> set[Privilege]:
    """Say who may do what in it."""
    return written_beside(PACKAGE, FOLDER)
