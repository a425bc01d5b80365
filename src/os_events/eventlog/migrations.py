"""The schema: numbered SQL files, each run once, and remembered by its digest."""

from collections.abc import Sequence
from hashlib import sha256
from importlib import resources
from typing import Any, NamedTuple

import psycopg

from os_events.errors import UnavailableError
from os_events.eventlog.database import LIMITS, LINK, available

FOLDERS = {"log", "keys", "access", "messaging", "reader"}  # others are those of newer programs
REGISTER = """
    CREATE SCHEMA IF NOT EXISTS meta;
    CREATE TABLE IF NOT EXISTS meta.migrations (
        name   text        PRIMARY KEY,
        sha256 bytea       NOT NULL,
        ran_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    GRANT USAGE ON SCHEMA meta TO PUBLIC;
    GRANT SELECT ON meta.migrations TO PUBLIC;
"""
RECORD = "INSERT INTO meta.migrations (name, sha256) VALUES (%s, %s)"
ONE_AT_A_TIME = "SELECT pg_advisory_lock(hashtext('os_events.migrate'))"


class SchemaDiffersError(UnavailableError):
    """The database has another schema than the program. Run ``os-events migrate`` of this version.

    If the program is the older one, install the version that made the schema.
    """

    slug = "schema-differs"


class Migration(NamedTuple):
    """One numbered SQL file. Shape: name is ``<folder>/<number>_<what>``."""

    name: str
    sql: str

    @property
    def digest(self) -> bytes:
        """Give the SHA-256 of its text."""
        return sha256(self.sql.encode()).digest()


def written_in(package: str, folder: str) -> list[Migration]:
    """Read the SQL files of ``folder`` in a package, in the order of their numbers."""
    files = resources.files(package).joinpath(*folder.split("/")).iterdir()
    last = folder.rpartition("/")[2]
    found = [file for file in files if file.name.endswith(".sql")]
    return [
        Migration(f"{last}/{file.name.removesuffix('.sql')}", file.read_text(encoding="utf-8"))
        for file in sorted(found, key=lambda file: file.name)
    ]


def log_migrations() -> list[Migration]:
    """Give those of the log's database."""
    return written_in("os_events.eventlog", "sql/log")


def keys_migrations() -> list[Migration]:
    """Give those of the database of data keys."""
    return written_in("os_events.eventlog", "sql/keys")


def migrate(url: str, migrations: Sequence[Migration]) -> list[str]:
    """Run what has not run yet, each in a transaction of its own; give the names of those.

    Needs a superuser. Raises: SchemaDiffersError when what ran before is not what is written now;
    UnavailableError.
    """
    with available("the database"), _connected(url) as connection:
        connection.execute(ONE_AT_A_TIME)
        connection.execute(REGISTER)
        waiting = _waiting(connection, migrations)
        for migration in waiting:
            with connection.transaction():
                connection.execute(migration.sql.encode())
                connection.execute(RECORD, (migration.name, migration.digest))
        return [migration.name for migration in waiting]


def check_migrated(url: str, migrations: Sequence[Migration]) -> None:
    """Refuse a schema that is not exactly what ``migrations`` make. Raises SchemaDiffersError."""
    with _connected(url) as connection:
        try:
            waiting = _waiting(connection, migrations)
        except psycopg.errors.UndefinedTable as error:
            raise SchemaDiffersError("the database is empty") from error
        if waiting:
            names = ", ".join(migration.name for migration in waiting)
            raise SchemaDiffersError(f"not run yet: {names}")


def _connected(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url, autocommit=True, options=LIMITS, **LINK)


def _waiting(
    connection: psycopg.Connection[Any], migrations: Sequence[Migration]
) -> list[Migration]:
    query = "SELECT name, sha256 FROM meta.migrations"
    ran: dict[str, bytes] = dict(connection.execute(query).fetchall())
    changed = [m.name for m in migrations if ran.get(m.name, m.digest) != m.digest]
    if changed:
        raise SchemaDiffersError(f"ran with another text: {', '.join(changed)}")
    theirs = FOLDERS - {migration.name.partition("/")[0] for migration in migrations}
    known = {migration.name for migration in migrations}
    newer = sorted(n for n in ran if n.partition("/")[0] not in theirs and n not in known)
    if newer:
        raise SchemaDiffersError(f"this program is older than the schema: {', '.join(newer)}")
    return [migration for migration in migrations if migration.name not in ran]
