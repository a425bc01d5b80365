"""Databases as files: written by ``pg_dump`` while they are in use, and brought back."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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


def restore_beside(
    programs: Path, admin_url: str, file: Path, migrations: Sequence[Migration]
) -> None:
    """Put what a file holds into a database beside the one that is there. Raises ArchiveError."""
    beside = _beside(admin_url)
    recreate(beside)
    migrate(beside, migrations)  # for the roles, which are the server's and not the database's
    recreate(beside)
    options = ("--exit-on-error", "--single-transaction", f"--dbname={_name(beside)}")
    _run(programs / "pg_restore", beside, *options, str(file))


def put_in_place(admin_url: str) -> None:
    """Drop a database, and call the one beside it by its name. Raises UnavailableError."""
    old, new = Identifier(_name(admin_url)), Identifier(_name(_beside(admin_url)))
    with _server(admin_url) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(old))
        connection.execute(SQL("ALTER DATABASE {} RENAME TO {}").format(new, old))


def holds_events(admin_url: str) -> bool:
    """Say whether anything would be lost with a database. Raises UnavailableError."""
    with available("the database"), psycopg.connect(admin_url, **LINK) as connection:
        if connection.execute("SELECT to_regclass('log.events')").fetchone() == (None,):
            return False
        return connection.execute("SELECT EXISTS (SELECT FROM log.events)").fetchone() == (True,)


def in_use(admin_url: str) -> bool:
    """Say whether the program is connected to a database. Raises UnavailableError."""
    query = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = %s AND usename = %s)"
    with _server(admin_url) as connection:
        return connection.execute(query, (_name(admin_url), LOGIN)).fetchone() == (True,)


def recreate(admin_url: str) -> None:
    """Drop a database, and make an empty one of its name. Raises UnavailableError."""
    name = Identifier(_name(admin_url))
    with _server(admin_url) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(
            SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name)
        )


def _name(url: str) -> str:
    return str(conninfo_to_dict(url)["dbname"])


def _beside(url: str) -> str:
    return make_conninfo(url, dbname=f"{_name(url)}_next")


@contextmanager
def _server(url: str) -> Iterator[psycopg.Connection[Any]]:
    """Reach the server by a database that no restore touches."""
    somewhere = make_conninfo(url, dbname="postgres")
    with available("the database"), psycopg.connect(somewhere, autocommit=True, **LINK) as opened:
        yield opened


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
