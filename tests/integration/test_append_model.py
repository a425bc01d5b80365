"""``log.append`` does what twenty lines of Python say it does, whatever is asked of it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import psycopg
from eventsourcing.persistence import StoredEvent
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from os_events.eventlog.log import EventLog
from os_events.eventlog.mapper import SealedEvent
from os_events.eventlog.submission import Answer, RequestKey, Submission
from os_events.eventlog.vault import VaultRow
from tests.logs import submission

Asked = tuple[int, int, list[tuple[int, int]]]  # key, body, (aggregate, version) of each event

commands = st.tuples(
    st.integers(0, 9),
    st.integers(0, 1),
    st.lists(st.tuples(st.integers(0, 2), st.integers(1, 4)), min_size=1, max_size=3).map(sorted),
)
batch = st.lists(commands, min_size=1, max_size=5)


@dataclass
class Model:
    """A log of three aggregates."""

    head: int
    versions: dict[int, int] = field(default_factory=dict)
    answers: dict[int, tuple[int, Any]] = field(default_factory=dict)

    def append(self, batch: list[Asked]) -> list[Any]:
        moved: set[int] = set()
        return [self.one(asked, moved) for asked in batch]

    def one(self, asked: Asked, moved: set[int]) -> Any:
        key, body, events = asked
        if key in self.answers:
            first_body, answer = self.answers[key]
            return ("replayed" if first_body == body else "misused", *answer)
        versions = dict(self.versions)
        for aggregate, version in events:
            if version != versions.get(aggregate, 0) + 1 or aggregate in moved:
                return ("conflict", *events[-1], None, None)
            versions[aggregate] = version
        self.versions = versions
        moved |= {aggregate for aggregate, _ in events}
        answer = (*events[-1], self.head + 1, self.head + len(events))
        self.head += len(events)
        self.answers[key] = (body, answer)
        return ("done", *answer)


def an_event(aggregate_id: UUID, version: int) -> StoredEvent:
    """Make an event; those of even versions have a value in the vault that names them."""
    if version % 2:
        return StoredEvent(aggregate_id, version, "topic", b"{}")
    row = VaultRow("/value", UUID(int=9), f"{aggregate_id} {version}".encode())
    return SealedEvent(aggregate_id, version, "topic", b"{}", vault=(row,))


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(batches=st.lists(batch, min_size=1, max_size=4))
def test_append_agrees_with_the_model(log: EventLog, batches: list[list[Asked]]) -> None:
    names = {n: uuid4() for n in range(3)}
    aggregates = {name: n for n, name in names.items()}
    run, model = uuid4().hex, Model(log.head())

    def command(asked: Asked) -> Submission:
        key, body, events = asked
        stored = [an_event(names[name], version) for name, version in events]
        return submission(stored, RequestKey.of(f"{run}-{key}", bytes([body])))

    def plain(answer: Answer) -> Any:
        return (answer[0], aggregates[answer[1]], *answer[2:])

    for asked in batches:
        answers = log.recorder.committer._append([command(one) for one in asked])
        assert [plain(answer) for answer in answers] == model.append(asked)


MISPLACED = """SELECT count(*) FROM log.events e FULL JOIN log.vault v USING (position)
    WHERE (e.version % 2 = 0) <> (v.sealed IS NOT NULL)
    OR v.sealed <> convert_to(e.aggregate_id || ' ' || e.version, 'UTF8')"""


@settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(asked=batch)
def test_every_value_in_the_vault_stands_at_its_own_event(
    log: EventLog, admin_url: str, asked: list[Asked]
) -> None:
    names = {n: uuid4() for n in range(3)}
    stored = ([an_event(names[a], version) for a, version in events] for _, _, events in asked)

    log.recorder.committer._append([submission(events) for events in stored])

    with psycopg.connect(admin_url) as superuser:
        assert superuser.execute(MISPLACED).fetchone() == (0,)
