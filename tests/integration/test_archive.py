from pathlib import Path

import pytest

from os_events.eventlog.archive import (
    ArchiveError,
    dump,
    holds_events,
    put_in_place,
    restore_beside,
)
from os_events.eventlog.cluster import programs
from os_events.eventlog.log import EventLog
from os_events.eventlog.migrations import log_migrations
from tests.support import an_order


def test_what_cannot_be_restored_leaves_what_is_there(
    log: EventLog, admin_url: str, directory: Path
) -> None:
    log.record_now(an_order())
    (directory / "log.dump").write_bytes(b"PGDMP and nothing more")

    with pytest.raises(ArchiveError):
        restore_beside(programs(), admin_url, directory / "log.dump", log_migrations())

    assert holds_events(admin_url)
    assert log.head() == 1


def test_what_was_restored_takes_the_place_of_what_was_there(
    log: EventLog, admin_url: str, directory: Path
) -> None:
    log.record_now(an_order())
    dump(programs(), admin_url, directory / "log.dump")
    log.record_now(an_order())
    log.close()

    restore_beside(programs(), admin_url, directory / "log.dump", log_migrations())
    put_in_place(admin_url)

    assert holds_events(admin_url)
