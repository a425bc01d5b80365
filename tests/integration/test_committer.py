"""Group commit: what becomes of a command when something goes wrong on the way."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from os_events.errors import UnavailableError
from os_events.eventlog import committer as committing
from os_events.eventlog.committer import Committer
from os_events.eventlog.database import WRITER, connect
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.eventlog.submission import Answer, RequestKey, Submission
from tests.logs import SOON, outcome, stored, submission
from tests.support import an_order

ONCE = RequestKey.of("key-1", b"body")


def an_event() -> StoredEvent:
    return StoredEvent(uuid4(), 1, "topic", b"{}")


@contextmanager
def held(
    committer: Committer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Submission]]:
    """Given: a committer that has sent one command and waits for the answer until the block ends.

    What is given submits one more.
    """
    append, busy, go_on = committer._append, Event(), Event()

    def slow(batch: list[Submission]) -> list[Answer]:
        busy.set()
        go_on.wait(SOON)
        return append(batch)

    def one_more() -> Submission:
        asked = submission([an_event()])
        committer.submit(asked)
        return asked

    monkeypatch.setattr(committer, "_append", slow)
    one_more()
    busy.wait(SOON)
    try:
        yield one_more
    finally:
        go_on.set()


def test_an_answer_lost_with_the_connection_is_recorded_once(
    log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    committer = log.recorder.committer
    append = committer._append

    def then_cut(batch: list[Submission]) -> list[Answer]:
        append(batch)
        monkeypatch.undo()
        raise psycopg.OperationalError("cut after the commit")

    monkeypatch.setattr(committer, "_append", then_cut)

    recorded = log.record_now(an_order(), ONCE)
    assert (recorded.position, recorded.replayed) == (1, True)
    assert log.head() == 1


def test_a_server_that_comes_back_in_time_is_waited_for(
    log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    committer = log.recorder.committer
    open_again, refused = committer._connect, []

    def starting() -> psycopg.Connection[Any]:
        refused.append(1)
        if len(refused) < 4:
            raise psycopg.OperationalError("the database system is starting up")
        return open_again()

    monkeypatch.setattr(committer, "_connect", starting)

    assert log.record_now(an_order()).position == 1
    assert len(refused) == 4


@pytest.fixture
def out_of_reach(
    database_url: str, keys: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EventLog]:
    """A log whose database does not answer; its callers wait a fifth of a second."""

    def refuse() -> psycopg.Connection[Any]:
        raise psycopg.OperationalError("no route to host")

    with EventLog(database_url, keys, patience=0.2) as log:
        monkeypatch.setattr(log.recorder.committer, "_connect", refuse)
        yield log


def test_who_has_waited_long_enough_is_told_to_ask_again(out_of_reach: EventLog) -> None:
    with pytest.raises(UnavailableError):
        out_of_reach.record_now(an_order())
    with pytest.raises(UnavailableError):
        asyncio.run(out_of_reach.record(an_order()))
    assert out_of_reach.head() == 0


def test_a_killed_connection_is_opened_again(log: EventLog, admin_url: str) -> None:
    log.record_now(an_order())
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(
            """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()"""
        )

    assert log.record_now(an_order(), ONCE).position == 2
    assert log.head() == 2


def test_who_gives_up_in_the_queue_is_not_recorded(
    log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held(log.recorder.committer, monkeypatch) as one_more:
        given_up, kept = one_more(), one_more()
        assert given_up.answer.cancel()

    assert outcome(kept).last_position == 2


def test_what_was_answered_too_late_is_answered_when_it_is_repeated(
    database_url: str, keys: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EventLog(database_url, keys, patience=0.2) as log:
        committer = log.recorder.committer
        append, go_on = committer._append, Event()

        def slow(batch: list[Submission]) -> list[Answer]:
            answers = append(batch)
            go_on.wait(SOON)
            return answers

        monkeypatch.setattr(committer, "_append", slow)
        with pytest.raises(UnavailableError):
            asyncio.run(log.record(an_order(), ONCE))
        go_on.set()

        assert log.record_now(an_order(), ONCE).replayed
        assert log.head() == 1


def test_too_many_who_wait_are_refused_at_once(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    committer = Committer(lambda: connect(database_url, WRITER), most=2)

    with held(committer, monkeypatch) as one_more:
        first, second = one_more(), one_more()
        with pytest.raises(UnavailableError, match="2 commands are waiting"):
            one_more()

    assert (outcome(first).outcome, outcome(second).outcome) == ("done", "done")
    committer.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_nobody_waits_for_a_committer_that_has_died(
    log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    committer = log.recorder.committer

    def bug(*_: Any) -> None:
        raise ZeroDivisionError

    with held(committer, monkeypatch) as one_more:
        waiting = one_more()
        monkeypatch.setattr(committing, "settle", bug)

    with pytest.raises(UnavailableError, match="since ZeroDivisionError"):
        outcome(waiting)
    with pytest.raises(UnavailableError, match="since ZeroDivisionError"):
        log.record_now(an_order())


def test_a_command_that_cannot_be_sent_does_not_harm_its_neighbours(log: EventLog) -> None:
    good, bad = submission([an_event()]), submission([replace(an_event(), topic="no name")])

    log.recorder.committer._record([bad, good])

    assert outcome(good).outcome == "done"
    with pytest.raises(psycopg.errors.RaiseException, match="no name"):
        outcome(bad)


def test_a_request_twice_in_one_batch_is_recorded_once(log: EventLog) -> None:
    events = stored(an_order())
    one, same = submission(events, ONCE), submission(events, ONCE)

    log.recorder.committer._record([one, same])

    assert (outcome(one).outcome, outcome(same).outcome) == ("done", "replayed")
    assert outcome(one)[1:] == outcome(same)[1:]
    assert log.head() == 1


def test_one_conflict_leaves_its_neighbours_alone(log: EventLog) -> None:
    first, late, other = an_event(), an_event(), an_event()
    log.recorder.committer._record([submission([first])])
    batch = [submission([e]) for e in (replace(late, originator_id=first.originator_id), other)]

    log.recorder.committer._record(batch)

    assert [outcome(one).outcome for one in batch] == ["conflict", "done"]
    assert outcome(batch[1]).last_position == 2


def test_an_older_snapshot_may_not_append(database_url: str) -> None:
    nothing = ", ".join(["'{}'"] * 11)

    with connect(database_url, WRITER) as connection:
        connection.autocommit = False
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with pytest.raises(psycopg.errors.RaiseException, match="older snapshot"):
            connection.execute(f"SELECT log.append({nothing})")


def test_an_append_waits_for_the_disk_whatever_its_session_says(database_url: str) -> None:
    with connect(database_url, WRITER) as connection, connection.transaction():
        connection.execute("SET synchronous_commit = off")
        connection.execute(committing.APPEND, committing.arguments([submission([an_event()])]))

        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)


def test_an_append_is_announced_once_a_batch(log: EventLog, database_url: str) -> None:
    with connect(database_url, WRITER) as connection:
        connection.execute("LISTEN log")
        log.recorder.committer._record([submission([an_event()]) for _ in range(3)])

        [told] = connection.notifies(timeout=SOON, stop_after=1)

    assert (told.channel, told.payload) == ("log", "3")


def test_what_waits_is_recorded_before_the_log_closes(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    committer = Committer(lambda: connect(database_url, WRITER))
    with held(committer, monkeypatch) as one_more:
        waiting = one_more()

    committer.close()

    assert waiting.answer.done()
    assert outcome(waiting).outcome == "done"
