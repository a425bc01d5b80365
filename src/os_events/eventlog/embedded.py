"""The PostgreSQL that the program brings along: it runs while a ``with`` block does."""

import fcntl
import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from time import monotonic, sleep
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

import psycopg
from psycopg.sql import SQL, Identifier, Literal

from os_events.eventlog.cluster import (
    PROCESSES,
    Cluster,
    EmbeddedServerError,
    make_open,
)
from os_events.eventlog.database import available

LONGEST_PATH = 107  # bytes of a socket's path that the system takes
SOCKET = ".s.PGSQL.5432"
STARTUP = 300  # seconds: after a crash, the server first repeats what it had not written yet
LOOK = 0.05  # seconds between two looks at what another process is doing
ORPHANS = 10  # seconds that processes of a killed server may take to notice

ONE_AT_A_TIME = "SELECT pg_advisory_lock(hashtext('os_events.create'))"
MAKE_APP = """DO $$ BEGIN CREATE ROLE os_app LOGIN NOINHERIT;
    EXCEPTION WHEN duplicate_object THEN NULL; END $$"""


class Server:
    """An embedded PostgreSQL in ``folder``. Whoever started it stops it; a second program joins.

    Shape: the server is in ``postgres``, the password of os_app in ``app-password``, both in
    ``folder``. It listens on a socket that only its user can reach, and on no network.
    """

    def __init__(self, folder: Path, *, allow_root: bool = False) -> None:
        self.folder = folder.absolute()
        self._cluster = Cluster(self.folder / "postgres", allow_root=allow_root)
        self._password_file = self.folder / "app-password"
        self._lock: IO[str] | None = None  # held by the process that started the server
        self._password = ""
        self._socket = Path()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def started_here(self) -> bool:
        """Say whether nobody else was running it before."""
        return self._lock is not None

    def url(self, database: str) -> str:
        """Give the address of a database for the program, which has no right but its roles'."""
        return f"postgresql://os_app:{self._password}@{self._place(database)}"

    def admin_url(self, database: str) -> str:
        """Give its address for the superuser: for the first start, migrations and backups."""
        return f"postgresql://postgres@{self._place(database)}"

    def create(self, database: str) -> None:
        """Make a database if there is none of that name. Raises UnavailableError."""
        url = self.admin_url("postgres")
        with (
            available("the embedded database"),
            psycopg.connect(url, autocommit=True) as connection,
        ):
            connection.execute(ONE_AT_A_TIME)
            known = "SELECT FROM pg_database WHERE datname = %s"
            if connection.execute(known, (database,)).fetchone() is None:
                connection.execute(SQL("CREATE DATABASE {}").format(Identifier(database)))

    def start(self) -> None:
        """Start the server, or join the one that runs. Raises EmbeddedServerError."""
        try:
            if not self.folder.exists():
                make_open(self.folder, self._cluster.user)
            lock = (self.folder / "lock").open("w")
        except OSError as error:
            raise EmbeddedServerError(f"{self.folder}: {error.strerror}") from error
        try:
            if self._is_ours(lock):
                self._run()
                self._lock = lock
        finally:
            if self._lock is None:
                lock.close()

    def revive(self) -> None:
        """Start the server again if it was started here and has died since."""
        if self._lock is not None and self._postmaster() is None:
            self._run()

    def stop(self) -> None:
        """Stop the server, if it was started here: connections of others are ended."""
        if self._lock is None:
            return
        lock, self._lock = self._lock, None
        with lock:
            if self._postmaster() is None:
                return
            self._cluster.run("pg_ctl", "stop", "-w", "-m", "fast", *self._where())

    def _is_ours(self, lock: IO[str]) -> bool:
        """Wait until the server is ours to start, or another program has started it."""
        until = monotonic() + STARTUP
        while monotonic() < until:
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            if self._is_ready() and self._password_file.exists():
                self._password = self._password_file.read_text()
                return False
            sleep(LOOK)
        raise EmbeddedServerError(f"another program is starting {self.folder}, and late")

    def _run(self) -> None:
        self._cluster.make()
        self._cluster.admit()
        self._take_over()
        until = monotonic() + STARTUP
        while not self._is_ready():
            if monotonic() > until:
                raise EmbeddedServerError(f"the server in {self.folder} does not get ready")
            if self._postmaster() is None:  # nobody left one behind, or it was about to die
                self._launch()
            else:
                sleep(LOOK)
        self._admit_app()

    def _take_over(self) -> None:
        """Let a server that a killed program left behind read who may connect."""
        if self._postmaster() is None:
            return
        try:
            self._cluster.run("pg_ctl", "reload", *self._where())
        except EmbeddedServerError:
            if self._postmaster() is not None:
                raise

    def _launch(self) -> None:
        self._socket = self._socket_folder()
        self._clear_up()
        said = str(self._cluster.folder / "start.log")
        waiting = ("-w", "-t", str(STARTUP), "-l", said, "-o", f"-k {self._socket}")
        self._cluster.run("pg_ctl", "start", *waiting, *self._where())

    def _is_ready(self) -> bool:
        """Say whether the server answers, and remember where."""
        lines = self._pid_file()
        if lines[-1:] != ["ready"] or self._postmaster() is None:
            return False
        self._socket = Path(lines[4])
        return True

    def _pid_file(self) -> list[str]:
        """Read what the server says of itself: process, folder, …, socket, …, status."""
        try:
            text = (self._cluster.folder / "postmaster.pid").read_text()
        except FileNotFoundError:
            return []
        return [line.strip() for line in text.splitlines()]

    def _postmaster(self) -> int | None:
        """Name the process of the server, if it is alive."""
        lines = self._pid_file()
        return int(lines[0]) if lines and self._cluster.works_here(int(lines[0])) else None

    def _clear_up(self) -> None:
        """Make way after a kill: wait for the dead server's processes, then forget its number.

        PostgreSQL sees by itself that a number belongs to nobody. It would not start where the
        system has given it to another program, or keeps the dead one's: both happen in containers.
        """
        if not PROCESSES.exists():
            return
        until = monotonic() + ORPHANS
        while any(True for _ in self._cluster.processes()):
            if monotonic() > until:
                raise EmbeddedServerError(f"processes of a killed server work in {self.folder}")
            sleep(LOOK)
        (self._cluster.folder / "postmaster.pid").unlink(missing_ok=True)
        for name in (SOCKET, f"{SOCKET}.lock"):
            (self._socket / name).unlink(missing_ok=True)

    def _socket_folder(self) -> Path:
        """Give the data folder itself, or a short one where the system takes no such long path."""
        if len(os.fsencode(self._cluster.folder / SOCKET)) <= LONGEST_PATH:
            return self._cluster.folder
        name = sha256(os.fsencode(self.folder)).hexdigest()[:16]
        short = Path(tempfile.gettempdir()) / f"os-events-{self._cluster.user.uid}-{name}"
        with suppress(FileExistsError):
            short.mkdir(mode=0o700)
            self._cluster.give(short)
        if short.is_symlink() or short.stat().st_uid != self._cluster.user.uid:
            raise EmbeddedServerError(f"{short} belongs to somebody else: remove it")
        short.chmod(0o700)
        return short

    def _admit_app(self) -> None:
        """Give os_app a password that only this folder tells."""
        if not self._password_file.exists():
            password = token_hex(32)
            with psycopg.connect(self.admin_url("postgres"), autocommit=True) as connection:
                connection.execute(MAKE_APP)
                verifier = connection.pgconn.encrypt_password(
                    password.encode(), b"os_app", b"scram-sha-256"
                ).decode()
                connection.execute(SQL("ALTER ROLE os_app PASSWORD {}").format(Literal(verifier)))
            writing = self._password_file.with_suffix(".new")
            writing.unlink(missing_ok=True)
            writing.touch(mode=0o600)
            writing.write_text(password)
            writing.chmod(0o400)
            writing.replace(self._password_file)
        self._password = self._password_file.read_text()

    def _where(self) -> tuple[str, str]:
        return "-D", str(self._cluster.folder)

    def _place(self, database: str) -> str:
        return f"/{quote(database)}?host={quote(str(self._socket), safe='')}&port=5432"
