"""What a server must be like before anything is recorded on it. ``os-events doctor`` prints it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, LiteralString, NamedTuple

import psycopg
from psycopg.sql import SQL, Identifier

from os_events.errors import UnavailableError
from os_events.eventlog.database import (
    AUDITOR,
    KEEPER,
    LINK,
    LOGIN,
    VAULT,
    available,
    connect,
)
from os_events.eventlog.migrations import (
    Migration,
    SchemaDiffersError,
    check_migrated,
    keys_migrations,
)
from os_events.eventlog.privileges import Privilege, keys_privileges, mended
from os_events.failpoints import armed

OLDEST = 150_000
SKEW = timedelta(seconds=2)
SETTINGS = {  # what each must be, and how it is made so
    "fsync": ({"on"}, "set fsync = on in postgresql.conf, and reload"),
    "full_page_writes": ({"on"}, "set full_page_writes = on in postgresql.conf, and reload"),
    "synchronous_commit": (
        {"on", "remote_apply"},
        "set synchronous_commit = on in postgresql.conf, for the database and for os_app",
    ),
    "data_checksums": ({"on"}, "stop the server and run pg_checksums --enable"),
    "server_encoding": ({"UTF8"}, "make the database with ENCODING 'UTF8'"),
    "default_transaction_isolation": (
        {"read committed"},
        "ALTER ROLE os_app RESET default_transaction_isolation; the same for the database",
    ),
}
UNGUARDED = """SELECT format('log.%s.%s', wanted.tab, wanted.guard)
    FROM (SELECT tab, guard FROM unnest(ARRAY['events', 'answers', 'vault', 'erased']) AS t (tab)
          CROSS JOIN unnest(ARRAY['keep', 'one_way']) AS g (guard)) AS wanted
    WHERE NOT EXISTS (
        SELECT FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid JOIN pg_proc p ON p.oid = tgfoid
        WHERE c.relnamespace = 'log'::regnamespace AND c.relname = wanted.tab
          AND p.pronamespace = c.relnamespace AND p.proname = 'refuse'
          AND tgname = wanted.guard AND tgenabled = 'A')"""

BACK = "SELECT count(*) FROM keys.data_keys WHERE key_id = ANY (%s)"


class UnsafeDatabaseError(UnavailableError):
    """The database would lose or change what it was told. Do what the message says, then start."""

    slug = "unsafe-database"


class Check(NamedTuple):
    """One thing that was looked at. Shape: ``advice`` says what to do; none when all is well."""

    name: str
    advice: str = ""

    @property
    def ok(self) -> bool:
        """Say whether all is well."""
        return not self.advice


Now = Callable[[], datetime]
Connection = psycopg.Connection[Any]


def refuse_unsafe(checks: Sequence[Check]) -> None:
    """Raise UnsafeDatabaseError, naming everything that is wrong."""
    if wrong := [f"{check.name}: {check.advice}" for check in checks if not check.ok]:
        raise UnsafeDatabaseError("; ".join(wrong))


def program_checks(*, failpoints_allowed: bool) -> list[Check]:
    """Look at the program itself."""
    found = [] if failpoints_allowed else armed()
    advice = f"unset OS_EVENTS_FAILPOINTS: {', '.join(found)} would stop it on purpose"
    return [Check("failpoints", advice if found else "")]


def log_checks(
    url: str, migrations: Sequence[Migration], privileges: set[Privilege], now: Now
) -> list[Check]:
    """Look at the log's database; ``now`` is the program's clock. Raises UnavailableError."""
    with available("the database"), psycopg.connect(url, autocommit=True, **LINK) as connection:
        checks = list(_checks(connection, url, migrations, privileges))
        if all(check.ok for check in checks):
            checks += [_guards(connection), *_clocks(connection, now)]
        return checks


def keys_checks(url: str) -> list[Check]:
    """Look at the database of data keys. Raises UnavailableError."""
    with available("the database of keys"), psycopg.connect(url, autocommit=True, **LINK) as c:
        checks = _checks(c, url, keys_migrations(), keys_privileges())
        return [Check(f"keys: {check.name}", check.advice) for check in checks]


def derived_checks(
    url: str, migrations: Sequence[Migration], privileges: set[Privilege]
) -> list[Check]:
    """Look at a database that can be made again from a log. Raises UnavailableError."""
    with available("the database"), psycopg.connect(url, autocommit=True, **LINK) as connection:
        return list(_checks(connection, url, migrations, privileges))


def _checks(
    connection: Connection, url: str, migrations: Sequence[Migration], privileges: set[Privilege]
) -> Iterator[Check]:
    version = str(_one(connection, "SELECT version()"))
    server = server_check(version, connection.info.server_version)
    yield server
    if not server.ok:
        return
    for name in SETTINGS:
        yield setting_check(name, _one(connection, "SELECT current_setting(%s)", name))
    schema = _schema(url, migrations)
    yield schema
    if schema.ok:
        yield _login(connection)
        yield Check("privileges", "; ".join(mended(connection, privileges)))


def erased_check(url: str, keys_url: str) -> Check:
    """Look whether data keys that were destroyed are back, out of a backup of their database."""
    with available("the vault"), connect(url, VAULT) as connection:
        erased = [key_id for (key_id,) in connection.execute("SELECT key_id FROM log.erased")]
    with available("the database of keys"), connect(keys_url, KEEPER) as connection:
        back = _one(connection, BACK, erased)
    advice = f"{back} erased keys are back: destroy them again (docs/how-to/backup-and-recovery.md)"
    return Check("erased keys", advice if back else "")


def server_check(version: str, number: int) -> Check:
    """Refuse what is not PostgreSQL: others ignore advisory locks, or only call themselves so."""
    if not version.startswith("PostgreSQL ") or "-YB-" in version:
        return Check("server", f"use PostgreSQL itself: this is {version[:60]}")
    if number < OLDEST:
        return Check("server", f"use PostgreSQL 15 or later: this is {version[:20]}")
    return Check("server")


def setting_check(name: str, value: str) -> Check:
    """Refuse a setting under which what was acknowledged could be lost or changed."""
    wanted, advice = SETTINGS[name]
    return Check(name, "" if value in wanted else f"it is {value}: {advice}")


def _schema(url: str, migrations: Sequence[Migration]) -> Check:
    try:
        check_migrated(url, migrations)
    except SchemaDiffersError as error:
        return Check("schema", f"run os-events migrate: {error}")
    return Check("schema")


def _login(connection: Connection) -> Check:
    login = _one(connection, "SELECT session_user")
    return Check("login", "" if login == LOGIN else f"log in as {LOGIN}, not as {login}")


def _guards(connection: Connection) -> Check:
    missing = [name for (name,) in connection.execute(UNGUARDED)]
    advice = f"missing, or not ENABLE ALWAYS: {', '.join(missing)}; run os-events audit, then mend"
    return Check("guards", advice if missing else "")


def _clocks(connection: Connection, now: Now) -> Iterator[Check]:
    early = now()
    clock = _one(connection, "SELECT clock_timestamp()")
    late = now()
    apart = max(early - clock, clock - late)
    yield Check("clocks", "" if apart <= SKEW else f"{apart} apart: set both by NTP")

    connection.execute(SQL("SET ROLE {}").format(Identifier(AUDITOR)))
    last = _one(connection, "SELECT recorded_at FROM log.events ORDER BY position DESC LIMIT 1")
    behind = last is not None and last - clock > SKEW
    advice = f"the database's clock is behind the last event of {last}: set it right"
    yield Check("last event", advice if behind else "")


def _one(connection: Connection, query: LiteralString, *arguments: Any) -> Any:
    row = connection.execute(query, arguments).fetchone()
    return row[0] if row else None
