"""Given and then, for the log: stored events without a database, submissions, what intruders do."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from time import monotonic
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from eventsourcing.persistence import StoredEvent

from os_events.aggregates.base import Aggregate
from os_events.eventlog.keys import DataKey, Scope
from os_events.eventlog.mapper import EventMapper, SealedEvent
from os_events.eventlog.submission import Answer, RequestKey, Submission
from tests.support import facts

ONE_KEY = DataKey(UUID(int=9), AESGCM(bytes(32)))
SOON = 30.0  # seconds until a test that waits has failed, on a busy machine too


class OneKeyForAll(Mapping[Scope, DataKey]):
    """The keys of everybody: one."""

    def __getitem__(self, _: Scope) -> DataKey:
        return ONE_KEY

    def __iter__(self) -> Any:
        raise NotImplementedError

    def __len__(self) -> int:
        raise NotImplementedError


def stored(aggregate: Aggregate) -> list[SealedEvent]:
    """Write what happened as the log would store it: without chance, without a database."""
    mapper, owner, keys = EventMapper(random=bytes), aggregate.owner(), OneKeyForAll()
    return [mapper.sealed(event, owner, keys) for event in facts(aggregate)]


def submission(
    events: Sequence[StoredEvent], request: RequestKey | None = None, seconds: float = SOON
) -> Submission:
    """Ask for events to be recorded within some seconds."""
    until = monotonic() + seconds
    return Submission(events, request or RequestKey.new(), Future[Answer](), until)


def outcome(asked: Submission) -> Answer:
    """Then: what a thread is told."""
    assert isinstance(asked.answer, Future)
    return asked.answer.result(timeout=SOON)


def tamper(admin_url: str, statement: str) -> None:
    """What a superuser can do who switches the guards off and on again."""
    with psycopg.connect(admin_url) as superuser:
        superuser.execute("SET session_replication_role = replica")  # does not stop them
        for table in ("events", "answers", "vault"):
            superuser.execute(f"ALTER TABLE log.{table} DISABLE TRIGGER ALL")
        superuser.execute(statement)
        for table in ("events", "answers", "vault"):
            superuser.execute(f"ALTER TABLE log.{table} ENABLE ALWAYS TRIGGER keep")
            superuser.execute(f"ALTER TABLE log.{table} ENABLE ALWAYS TRIGGER one_way")
