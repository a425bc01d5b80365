"""The schema is brought up to date once, and what it is made of does not change unseen."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from os_events.errors import UnavailableError
from os_events.eventlog.embedded import Server
from os_events.eventlog.migrations import (
    Migration,
    SchemaDiffersError,
    check_migrated,
    keys_migrations,
    log_migrations,
    migrate,
)

FIRST = Migration("room/0001_first", "CREATE TABLE first (x int)")
SECOND = Migration("room/0002_second", "CREATE TABLE second (x int)")


def test_migrations_are_numbered_without_a_gap() -> None:
    names = [migration.name for migration in log_migrations()]

    assert names[0] == "log/0001_roles"
    assert [int(name[4:8]) for name in names] == list(range(1, len(names) + 1))
    assert [migration.name for migration in keys_migrations()] == ["keys/0001_keys"]


def test_each_migration_runs_once(admin_url: str) -> None:
    first = migrate(admin_url, [FIRST])
    again = migrate(admin_url, [FIRST, SECOND])

    assert (first, again) == ([FIRST.name], [SECOND.name])
    assert migrate(admin_url, [FIRST, SECOND]) == []
    check_migrated(admin_url, [FIRST, SECOND])


def test_two_programs_migrate_one_after_the_other(admin_url: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        ran = list(threads.map(lambda url: migrate(url, [FIRST, SECOND]), [admin_url] * 2))

    assert sorted(ran) == [[], [FIRST.name, SECOND.name]]


def test_a_migration_that_fails_leaves_nothing_behind(admin_url: str) -> None:
    broken = Migration("room/0002_broken", "CREATE TABLE half (x int); SELECT 1 / 0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        migrate(admin_url, [FIRST, broken])

    with psycopg.connect(admin_url) as connection:
        made = connection.execute("SELECT to_regclass('first'), to_regclass('half')").fetchone()
    assert made == ("first", None)
    assert migrate(admin_url, [FIRST, SECOND]) == [SECOND.name]


def test_a_database_that_does_not_answer_is_migrated_later() -> None:
    with pytest.raises(UnavailableError):
        migrate("postgresql://127.0.0.1:1/nothing", [FIRST])


def test_a_migration_that_was_changed_after_it_ran_is_refused(admin_url: str) -> None:
    migrate(admin_url, [FIRST])
    changed = FIRST._replace(sql="CREATE TABLE first (x bigint)")

    with pytest.raises(SchemaDiffersError, match="room/0001_first"):
        migrate(admin_url, [changed])
    with pytest.raises(SchemaDiffersError, match="room/0001_first"):
        check_migrated(admin_url, [changed])


def test_a_program_older_than_the_schema_is_refused(admin_url: str) -> None:
    migrate(admin_url, [FIRST, SECOND])

    with pytest.raises(SchemaDiffersError, match="older than the schema: room/0002_second"):
        migrate(admin_url, [FIRST])


def test_a_program_that_lacks_a_whole_schema_of_the_database_is_refused(admin_url: str) -> None:
    migrate(admin_url, [FIRST])

    with pytest.raises(SchemaDiffersError, match="older than the schema: room/0001_first"):
        check_migrated(admin_url, log_migrations())


def test_an_empty_database_is_refused_and_not_changed(server: Server) -> None:
    with pytest.raises(SchemaDiffersError, match="empty"):
        check_migrated(server.url("postgres"), log_migrations())
