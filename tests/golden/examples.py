"""One example of every event, as it is stored. ``make golden`` writes the files.

From version 0.1.0 on, a file is never changed and never deleted: it stands for events that are in
somebody's log.
"""

from pathlib import Path

from os_events.aggregates.base import DomainEvent
from tests.golden.lives import lives
from tests.logs import stored
from tests.support import facts

FILES = Path(__file__).parent / "events"


def examples() -> dict[str, tuple[DomainEvent, bytes]]:
    """Give the first example of each event, by file name: as it is, and as it is stored."""
    found: dict[str, tuple[DomainEvent, bytes]] = {}
    for life in lives():
        for event, written in zip(facts(life), stored(life), strict=True):
            found.setdefault(file_name(type(event)), (event, written.state))
    return found


def file_name(event: type[DomainEvent]) -> str:
    """Name the golden file of the present shape of an event."""
    return f"{event.TOPIC}.v{event.schema_version}.json"


if __name__ == "__main__":
    FILES.mkdir(exist_ok=True)
    for name, (_, state) in examples().items():
        (FILES / name).write_bytes(state)
