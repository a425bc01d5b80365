"""Given and when: a PostgreSQL of one's own that archives its WAL, and is recovered from it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any
from urllib.parse import quote

import psycopg
from pydantic import SecretStr

from os_events.bootstrap.databases import Admin
from os_events.eventlog.cluster import Cluster
from os_events.eventlog.migrations import keys_migrations, migrate
from os_events.settings import Settings
from tests.restores import House

LOG, KEYS, PASSWORD = "os_events", "os_events_keys", "told-nobody"
REPLICATION = "local replication postgres peer map=os_events\n"
ARCHIVING = """
archive_mode = on
archive_command = '/bin/cp %p {0}/%f'
"""
RECOVERING = """
restore_command = '/bin/cp {0}/%f %p'
recovery_target_action = 'promote'
{1}
"""
LONGEST = 60  # seconds


class OwnServer:
    """One server, its archive of WAL, and its base backup, below one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._archive = folder / "archive"
        self._base = folder / "base"
        self._sockets = folder / "sockets"
        self.cluster = Cluster(folder / "first", allow_root=True)

    def make(self) -> None:
        """Initialise it, archiving from the first moment on."""
        for path in (self._archive, self._sockets):
            path.mkdir()
            self.cluster.give(path)
        self.cluster.give(self._folder)
        self.cluster.initialise()
        self._settle(ARCHIVING.format(self._archive))

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run it, out of recovery."""
        place = ("-D", str(self.cluster.folder))
        said = ("-l", str(self._folder / "server.log"), "-o", f"-k {self._sockets}")
        self.cluster.run("pg_ctl", "start", "-w", *said, *place)
        try:
            self._await_promotion()
            yield
        finally:
            self.cluster.run("pg_ctl", "stop", "-w", "-m", "fast", *place)

    def house(self, data: Path) -> House:
        """Make an installation on it, with both databases empty."""
        for name in (LOG, KEYS):
            self.ask(f"CREATE DATABASE {name}")
        admin = Admin(self._url("postgres", LOG), self._url("postgres", KEYS))
        migrate(admin.keys, keys_migrations())
        self.ask(f"ALTER ROLE os_app PASSWORD '{PASSWORD}'")
        log, keys = (SecretStr(self._url(f"os_app:{PASSWORD}", name)) for name in (LOG, KEYS))
        house = House(
            Settings(data_directory=data, database_url=log, keys_database_url=keys), admin
        )
        with house.started() as found:
            found.databases.migrate()
        return house

    def back_up(self) -> None:
        """Take a base backup while it runs."""
        where = (f"--host={self._sockets}", "--username=postgres", "--no-password")
        options = ("--checkpoint=fast", "--wal-method=none", f"--pgdata={self._base}")
        self.cluster.run("pg_basebackup", *where, *options)

    def archived(self) -> None:
        """Wait until everything so far is in the archive."""
        (segment,) = self.ask("SELECT pg_walfile_name(pg_switch_wal())")
        self._until((self._archive / segment).exists)

    def recover(self, target: str) -> None:
        """Make another server of the base backup and the archive, up to a target."""
        self.cluster = Cluster(self._folder / "recovered", allow_root=True)
        self._base.rename(self.cluster.folder)
        signal = self.cluster.folder / "recovery.signal"
        signal.touch()
        self.cluster.give(signal)
        self._settle(RECOVERING.format(self._archive, target) + "archive_mode = off\n")

    def ask(self, query: str) -> Any:
        with psycopg.connect(self._url("postgres", "postgres"), autocommit=True) as superuser:
            cursor = superuser.execute(query.encode())
            return cursor.fetchone() if cursor.description else None

    def _settle(self, settings: str) -> None:
        self.cluster.admit()
        with (self.cluster.folder / "pg_hba.conf").open("a") as hba:
            hba.write(REPLICATION)
        with (self.cluster.folder / "postgresql.conf").open("a") as conf:
            conf.write(settings)

    def _await_promotion(self) -> None:
        self._until(lambda: self.ask("SELECT pg_is_in_recovery()") == (False,))

    def _until(self, found: Callable[[], bool]) -> None:
        until, pause = monotonic() + LONGEST, Event()
        while not found():
            assert monotonic() < until, "it did not come about"
            pause.wait(0.05)

    def _url(self, user: str, database: str) -> str:
        host = quote(str(self._sockets), safe="")
        return f"postgresql://{user}@/{database}?host={host}&port=5432"
