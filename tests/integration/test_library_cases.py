"""The library's contract is kept: its own test cases pass, and its own runner follows our log."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError, Notification, StoredEvent, Tracking
from eventsourcing.popo import POPOTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.tests.application import ApplicationTestCase
from eventsourcing.tests.persistence import (
    ApplicationRecorderTestCase,
    NonInterleavingNotificationIDsBaseCase,
)
from eventsourcing.utils import EnvType

from os_events.aggregates.log import open_log
from os_events.eventlog.kek import Kek
from os_events.eventlog.keys import KeyRing
from os_events.eventlog.log import EventLog
from os_events.eventlog.recorder import LogRecorder
from tests.support import a_triage, an_act, an_order, ask, past


class FromZero(LogRecorder):
    """Counts versions as the library's cases do, which begin at 0; the log begins at 1."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Any:
        shifted = [replace(e, originator_version=e.originator_version + 1) for e in stored_events]
        return super().insert_events(shifted, **kwargs)

    def select_notifications(self, *args: Any, **kwargs: Any) -> Any:
        found: list[Notification] = [*super().select_notifications(*args, **kwargs)]
        return [replace(e, originator_version=e.originator_version - 1) for e in found]


class OnTheLog:
    """Gives the library's cases a fresh database, by the environment or as a recorder."""

    INITIAL_VERSION = 0

    @pytest.fixture(autouse=True)
    def _database(self, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.database_url = database_url
        monkeypatch.setenv("PERSISTENCE_MODULE", "os_events.eventlog.recorder:LogFactory")
        monkeypatch.setenv("DATABASE_URL", database_url)
        monkeypatch.setenv("POOL_SIZE", "4")

    def create_recorder(self) -> LogRecorder:
        recorder = FromZero(self.database_url, pool_size=8)
        self.addCleanup(recorder.close)  # type: ignore[attr-defined]  # the library's case has it
        return recorder


class TestApplicationRecorder(OnTheLog, ApplicationRecorderTestCase[LogRecorder]):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleaving(OnTheLog, NonInterleavingNotificationIDsBaseCase):
    pass


@pytest.mark.filterwarnings("default")  # one case expects a deprecation warning
class TestApplication(OnTheLog, ApplicationTestCase):
    pass


class Counting(POPOTrackingRecorder):
    """A view of the library's kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics: list[str] = []


class CountingProjection(Projection[Counting]):
    """A projection of the library's kind."""

    name = "counting"

    def process_event(self, domain_event: Any, tracking: Tracking) -> None:
        self.view.topics.append(domain_event.TOPIC)
        self.view.insert_tracking(tracking)


class OurLog(EventLog):
    """Our log, made as the library makes an application."""

    def __init__(self, env: EnvType) -> None:
        self.ring = KeyRing(env["DATABASE_URL"], Kek(bytes(32)))
        super().__init__(env["DATABASE_URL"], self.ring)

    def close(self) -> None:
        super().close()
        self.ring.close()


def test_the_librarys_own_runner_follows_our_log(log: EventLog, database_url: str) -> None:
    log.record_now(an_order())
    environment = {"DATABASE_URL": database_url, "PERSISTENCE_MODULE": "eventsourcing.popo"}

    with ProjectionRunner(
        application_class=OurLog,
        projection_class=CountingProjection,
        view_class=Counting,
        env=environment,
    ) as runner:
        recorded = log.record_now(an_order())
        runner.wait(recorded.position, timeout=5)

    assert runner.view.topics == ["service-order.opened"] * 2


def test_what_the_library_saves_is_recorded_whole_or_not_at_all(log: EventLog) -> None:
    order, opened = an_order(), open_log(an_act(), "log.example", ())
    log.record_now(order)
    late = past(log.load(type(order), order.id))
    ask(order, a_triage())
    log.record_now(order)
    ask(late, a_triage())

    with pytest.raises(IntegrityError):
        log.save(opened, late)

    assert log.head() == 2


def test_what_has_personal_values_is_not_saved_by_the_library(log: EventLog) -> None:
    with pytest.raises(ValueError, match=r"EventLog\.record"):
        log.save(an_order())


del ApplicationRecorderTestCase, ApplicationTestCase, NonInterleavingNotificationIDsBaseCase
