"""Databases as files: written by ``pg_dump`` while they are in use, and brought back."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from os_events.errors import UnavailableError
from os_events.eventlog.database import LINK, LOGIN, available
from os_events.eventlog.migrations import Migration, migrate

ENVIRONMENT = {  # a password in an argument could be read by everybody on the machine
    "host": "PGHOST",
    "port": "PGPORT",
    "dbname": "PGDATABASE",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


class ArchiveError(UnavailableError):
    """A database could not be written to a file, or brought back. Do what the message says."""

    slug = "archive"


def dump(programs: Path, admin_url: str, file: Path) -> None:
    """Write a database as it is at one instant. Raises ArchiveError."""
    _run(programs / "pg_dump", admin_url, "--format=custom", f"--file={file}")


def restore(programs: Path, admin_url: str, file: Path, migrations: Sequence[Migration]) -> None:
    """Put what a file holds in the place of a database, which is dropped. Raises ArchiveError."""
    recreate(admin_url)
    migrate(admin_url, migrations)  # for the roles, which are the server's and not the database's
    recreate(admin_url)
    name = str(conninfo_to_dict(admin_url)["dbname"])
    options = ("--exit-on-error", "--single-transaction", f"--dbname={name}")
    _run(programs / "pg_restore", admin_url, *options, str(file))


def holds_events(admin_url: str) -> bool:
    """Say whether anything would be lost with a database. Raises UnavailableError."""
    with available("the database"), psycopg.connect(admin_url, **LINK) as connection:
        if connection.execute("SELECT to_regclass('log.events')").fetchone() == (None,):
            return False
        return connection.execute("SELECT EXISTS (SELECT FROM log.events)").fetchone() == (True,)


def in_use(admin_url: str) -> bool:
    """Say whether the program is connected to a database. Raises UnavailableError."""
    name = str(conninfo_to_dict(admin_url)["dbname"])
    beside = make_conninfo(admin_url, dbname="postgres")
    query = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = %s AND usename = %s)"
    with available("the database"), psycopg.connect(beside, **LINK) as connection:
        return connection.execute(query, (name, LOGIN)).fetchone() == (True,)


def recreate(admin_url: str) -> None:
    """Drop a database, and make an empty one of its name. Raises UnavailableError."""
    name = Identifier(str(conninfo_to_dict(admin_url)["dbname"]))
    beside = make_conninfo(admin_url, dbname="postgres")
    with available("the database"), psycopg.connect(beside, autocommit=True, **LINK) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name)
        )


def _run(program: Path, url: str, *arguments: str) -> None:
    where = conninfo_to_dict(url)
    told = {ENVIRONMENT[key]: str(value) for key, value in where.items() if key in ENVIRONMENT}
    try:
        subprocess.run(  # noqa: S603 - only our words
            [str(program), *arguments],
            check=True,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={"PATH": os.defpath, "LC_ALL": "C", **told},
        )
    except OSError as error:
        raise ArchiveError(f"{program} cannot be run: {error.strerror}") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").strip().splitlines()
        raise ArchiveError(f"{program.name}: {'; '.join(said[-3:])}") from error
