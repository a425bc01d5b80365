"""One installation, built out of its settings; on databases that somebody else runs."""

from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from os_events.aggregates.log import Opened
from os_events.aggregates.person.registering import Registered
from os_events.bootstrap.backups import InUseError, restore_backup
from os_events.bootstrap.databases import Admin, SettingMissingError
from os_events.bootstrap.installation import Installation
from os_events.bootstrap.running import follow, look_at_standing
from os_events.cli.doctor import views_of
from os_events.cli.link import LABEL, sign_in_link
from os_events.eventlog.safety import UnsafeDatabaseError
from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.store import Record
from os_events.settings import Settings
from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal

NUMBERS = count(1)
WAIT = 20  # seconds


def told(ended: Future[None], work: Callable[..., None], *arguments: Any) -> None:
    """Do something in another thread, and tell how it ended."""
    try:
        work(*arguments)
        ended.set_result(None)
    except ZeroDivisionError as error:
        ended.set_exception(error)


def is_followed(installation: Installation) -> bool:
    """Say whether every view and the ledger have taken in all that there is."""
    head = installation.log.head()
    signed = installation.checkpoint()
    states = installation.follower_states()
    at_head = [one.follower for one in states if one.position == head]
    return bool(signed and signed[1].size == head and len(at_head) == len(states) > 0)


def in_time(found: Callable[[], bool]) -> bool:
    """Wait until something is so."""
    until, pause = monotonic() + WAIT, Event()
    while not found() and monotonic() < until:
        pause.wait(0.02)
    return found()


def test_a_database_without_the_schema_is_refused_and_the_command_named(
    settings: Settings,
) -> None:
    with (
        Installation(settings) as installation,
        pytest.raises(UnsafeDatabaseError, match="os-events migrate"),
    ):
        _ = installation.log


def test_databases_that_were_migrated_take_a_log(installation: Installation) -> None:
    assert installation.log.head() == 2


def test_the_first_start_opens_the_log_and_registers_its_manager(
    installation: Installation,
) -> None:
    opened, registered = installation.log.read(0, 2)

    assert isinstance(opened, Opened)
    assert isinstance(registered, Registered)
    assert opened.keys == (installation.signer.verifier.vkey,)
    assert {opened.actor.id, registered.actor.id} == {"policy:setup"}


def test_a_later_start_adds_nothing(installation: Installation, settings: Settings) -> None:
    head = installation.log.head()

    with Installation(settings) as again:
        assert again.log.head() == head


def test_one_database_alone_is_not_enough(settings: Settings) -> None:
    alone = settings.model_copy(update={"keys_database_url": None})

    with (
        Installation(alone) as installation,
        pytest.raises(SettingMissingError, match="OS_EVENTS_KEYS_DATABASE_URL"),
    ):
        _ = installation.databases


def test_a_company_file_that_cannot_be_read_is_named(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "company.toml"
    file.write_text("legal_name = 'x'")

    installation = Installation(settings.model_copy(update={"company_file": file}))

    with pytest.raises(SettingMissingError, match="OS_EVENTS_COMPANY_FILE"):
        _ = installation.company


def test_secrets_are_made_once_and_are_their_owners_only(installation: Installation) -> None:
    _ = installation.log, installation.access, installation.lookup

    kept = sorted((installation.settings.data_directory / "keys").iterdir())
    assert [path.name for path in kept] == ["kek", "lookup", "pepper"]
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o400}
    assert installation.secret("pepper") == kept[2].read_bytes()


def test_while_it_runs_a_log_stops_recording_when_it_is_not_what_was_signed(
    installation: Installation,
) -> None:
    origin = installation.signer.verifier.name
    assert installation.log.refusal is None

    ahead = Record(Checkpoint(origin, 99, bytes(32)), bytes(32))
    installation.store.swap(0, ahead)
    look_at_standing(installation)

    assert installation.log.refusal is not None
    assert installation.log.refusal.slug == "log-shorter-than-signed"


def test_while_the_checkpoint_store_cannot_be_read_one_looks_again(
    installation: Installation,
) -> None:
    assert installation.log.refusal is None
    folder = installation.store.folder
    folder.write_text("no folder")

    look_at_standing(installation)
    folder.unlink()
    installation.store.swap(0, Record(Checkpoint("another/log", 99, bytes(32)), bytes(32)))
    look_at_standing(installation)

    assert installation.log.refusal is not None


def test_keys_that_were_erased_and_came_back_from_a_backup_are_refused(
    installation: Installation, settings: Settings, admin: Admin
) -> None:
    assert installation.log.head() == 2
    with psycopg.connect(admin.keys) as keys, psycopg.connect(admin.log) as log:
        (key,) = keys.execute("SELECT key_id FROM keys.data_keys").fetchall()[0]
        log.execute("SELECT log.forbid(%s)", ([key],))

    with Installation(settings) as again, pytest.raises(UnsafeDatabaseError, match="1 erased keys"):
        _ = again.log


def test_a_link_signs_in_as_the_manager_whatever_other_keys_are_called(
    installation: Installation,
) -> None:
    keys, sessions = installation.access
    _ = installation.log
    keys.new(LABEL, Principal(Actor(id=str(uuid4()), role=Role.TECHNICIAN)))

    _, _, token = sign_in_link(installation, "http://here").partition("link=")

    session = sessions.check(sessions.sign_in(token))
    assert session.principal == installation.manager


def test_everything_is_followed_until_it_is_stopped(installation: Installation) -> None:
    stop = Event()
    _ = installation.log, installation.following
    following = Thread(target=follow, args=(installation, stop))

    following.start()
    reached = in_time(lambda: is_followed(installation))
    stop.set()
    following.join(WAIT)

    assert reached
    assert not following.is_alive()


def test_the_doctor_finds_a_row_of_a_view_that_somebody_edited(installation: Installation) -> None:
    never_built = views_of(installation)
    installation.rebuild().run()
    before = views_of(installation)
    with installation.following.connection() as connection:
        connection.execute("UPDATE read.person_record_1 SET changes = 99")

    after = views_of(installation)

    assert never_built.ok
    assert before.ok
    assert "person_record_1: os-events rebuild" in after.advice


def test_a_database_that_the_program_uses_is_not_replaced(
    installation: Installation, tmp_path: Path
) -> None:
    head = installation.log.head()

    with pytest.raises(InUseError):
        restore_backup(installation, tmp_path / "backup.tar", replace=True)

    assert installation.log.head() == head


def test_a_follower_that_breaks_ends_them_all_so_that_they_are_started_again(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("os_events.ledger.publisher.Publisher.run", broken)

    ended = Future[None]()
    Thread(target=told, args=(ended, follow, installation, Event()), daemon=True).start()

    with pytest.raises(ZeroDivisionError):
        ended.result(WAIT)


def test_what_an_earlier_version_kept_is_not_asked_and_let_go_of(
    installation: Installation,
) -> None:
    installation.rebuild().run()
    with installation.following.connection() as connection:
        connection.execute("CREATE TABLE read.order_board_0 (order_id uuid)")
        connection.execute("INSERT INTO read.position VALUES ('order_board_0', 7)")

    asked = [one.follower for one in installation.follower_states()]
    gone = installation.retire()

    assert "order_board_0" not in asked
    assert gone == ["order_board_0"]
    assert installation.retire() == []
    with installation.following.connection() as connection:
        found = connection.execute("SELECT to_regclass('read.order_board_0')").fetchone()
        assert found == (None,)
