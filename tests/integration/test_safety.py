"""A database that would break its promises is refused, with what to do about it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import psycopg
import pytest

from os_events.access.keys import access_migrations
from os_events.eventlog.log import EventLog
from os_events.eventlog.migrations import Migration, log_migrations
from os_events.eventlog.privileges import log_privileges, written_beside
from os_events.eventlog.safety import keys_checks, log_checks, refuse_unsafe
from os_events.messaging.schema import messaging_migrations, messaging_privileges
from tests.logs import tamper
from tests.support import an_order

MIGRATIONS = [*log_migrations(), *access_migrations(), *messaging_migrations()]
ACCESS = written_beside("os_events.access", "sql/access")
PRIVILEGES = log_privileges() | ACCESS | messaging_privileges()

Looked = Callable[..., dict[str, str]]


@pytest.fixture
def look(database_url: str, admin_url: str) -> Looked:
    """Look at the database again; give the advice of each check that is not well."""

    def clock() -> datetime:
        with psycopg.connect(admin_url) as connection:
            [now] = connection.execute("SELECT clock_timestamp()").fetchone() or [None]
            assert isinstance(now, datetime)
            return now

    def looked(
        url: str = database_url,
        migrations: list[Migration] = MIGRATIONS,
        ahead: timedelta = timedelta(0),
    ) -> dict[str, str]:
        checks = log_checks(url, migrations, PRIVILEGES, lambda: clock() + ahead)
        checks += keys_checks(url)
        return {check.name: check.advice for check in checks if not check.ok}

    return looked


@pytest.fixture
def superuser(admin_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        yield connection


def test_the_embedded_database_is_fit(look: Looked, database_url: str) -> None:
    assert look() == {}
    refuse_unsafe(keys_checks(database_url))


def test_a_database_that_does_not_wait_for_the_disk_is_refused(
    look: Looked, superuser: psycopg.Connection, database_name: str
) -> None:
    superuser.execute(f"ALTER DATABASE {database_name} SET synchronous_commit = off")

    assert set(look()) == {"synchronous_commit", "keys: synchronous_commit"}


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE log.events DISABLE TRIGGER keep",
        "ALTER TABLE log.events ENABLE TRIGGER one_way",  # not on a replica
        "DROP TRIGGER keep ON log.vault",
    ],
)
def test_a_guard_that_is_off_is_named(
    look: Looked, superuser: psycopg.Connection, statement: str
) -> None:
    superuser.execute(statement)

    assert "run os-events audit" in look()["guards"]


@pytest.mark.parametrize(
    ("loosened", "mended"),
    [
        ("GRANT DELETE ON log.events TO os_writer", "REVOKE DELETE ON TABLE log.events FROM"),
        ("GRANT SELECT ON log.vault TO PUBLIC", "REVOKE SELECT ON TABLE log.vault FROM PUBLIC"),
        ("GRANT CREATE ON SCHEMA log TO os_writer", "REVOKE CREATE ON SCHEMA log FROM os_writer"),
        ("GRANT UPDATE (state) ON log.events TO os_app", "REVOKE UPDATE (state) ON TABLE log.ev"),
        ("GRANT EXECUTE ON FUNCTION log.erase TO os_app", "REVOKE EXECUTE ON FUNCTION log.erase"),
        ("REVOKE EXECUTE ON FUNCTION log.append FROM os_writer", "GRANT EXECUTE ON FUNCTION log."),
        ("ALTER TABLE log.vault OWNER TO postgres", "ALTER TABLE log.vault OWNER TO os_owner"),
        ("GRANT UPDATE (role) ON access.keys TO os_access", "REVOKE UPDATE (role) ON TABLE acce"),
    ],
)
def test_a_privilege_too_many_or_too_few_is_named_with_its_remedy(
    look: Looked, superuser: psycopg.Connection, loosened: str, mended: str
) -> None:
    superuser.execute(loosened)

    advice = look()["privileges"]

    assert advice.startswith(mended)
    superuser.execute(advice.encode())
    assert look() == {}


@pytest.mark.parametrize(
    ("loosened", "mended"),
    [
        ("GRANT os_eraser TO os_app", "REVOKE os_eraser FROM os_app"),
        ("GRANT pg_write_all_data TO os_app", "REVOKE pg_write_all_data FROM os_app"),
        ("GRANT pg_read_all_data TO os_writer", "REVOKE pg_read_all_data FROM os_writer"),
        ("REVOKE os_ledger FROM os_app", "GRANT os_ledger TO os_app"),
        ("ALTER ROLE os_writer CREATEDB", "ALTER ROLE os_writer NOLOGIN NOSUPERUSER"),
        ("ALTER ROLE os_app INHERIT", "ALTER ROLE os_app LOGIN NOINHERIT NOSUPERUSER"),
    ],
)
def test_a_role_that_may_too_much_is_named_with_its_remedy(
    look: Looked, superuser: psycopg.Connection, loosened: str, mended: str
) -> None:
    superuser.execute(loosened)

    advice = look()["privileges"]
    superuser.execute(advice.encode())  # roles are the server's: other tests need them mended

    assert advice.startswith(mended)
    assert look() == {}


def test_a_superuser_is_no_login_for_the_program(look: Looked, admin_url: str) -> None:
    assert look(admin_url)["login"] == "log in as os_app, not as postgres"


@pytest.mark.parametrize("ahead", [timedelta(seconds=3), timedelta(seconds=-3)])
def test_clocks_apart_are_refused(look: Looked, ahead: timedelta) -> None:
    assert set(look(ahead=ahead)) == {"clocks"}


def test_a_clock_behind_the_last_event_is_refused(
    look: Looked, log: EventLog, admin_url: str
) -> None:
    log.record_now(an_order())
    tamper(admin_url, "UPDATE log.events SET recorded_at = recorded_at + interval '1 hour'")

    assert set(look()) == {"last event"}


def test_a_schema_that_is_behind_is_refused(look: Looked) -> None:
    newer = Migration("log/9999_something", "SELECT 1")

    advice = look(migrations=[*MIGRATIONS, newer])["schema"]

    assert advice == "run os-events migrate: not run yet: log/9999_something"
