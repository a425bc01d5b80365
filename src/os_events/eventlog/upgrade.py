"""The embedded PostgreSQL's files go over to its next major version: copied, compared, switched.

What was there stays beside it until somebody removes it. Killed anywhere, it is done again: until
the switch nothing was touched, and the switch is two renames of folders.
"""

import fcntl
import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import NamedTuple
from urllib.parse import quote

import psycopg
from psycopg.sql import SQL, Identifier

from os_events.errors import TamperedError
from os_events.eventlog import cluster
from os_events.eventlog.cluster import Cluster, EmbeddedServerError, programs_of
from os_events.eventlog.database import available
from os_events.failpoints import failpoint

START, ORPHANS = 300, 30  # seconds
LOOK = 0.05  # seconds
COMPARED = "os-events-compared"  # in the copy, once it is known to hold the same
DATABASES = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1"
TABLES = """SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
    WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    ORDER BY 1, 2"""
CONTENT = """SELECT count(*), coalesce(sum(('x' || left(md5(t::text), 16))::bit(64)::bigint), 0)
    FROM {} AS t"""
STATISTICS = ("--all", "--analyze-only", "--missing-stats-only", "--username=postgres", "--quiet")

Content = dict[str, tuple[int, int]]  # rows and digest of each table


class NotTheSameError(TamperedError):
    """The copy does not hold what the original does. Nothing was switched; keep both, and tell us.

    The program of the older release still runs on the original.
    """

    slug = "upgrade-differs"


class Upgraded(NamedTuple):
    """What was done: from which version, how many rows in how many tables, where the old ones are.

    Shape: ``kept`` is None where it was only tried.
    """

    old: str
    tables: int
    rows: int
    kept: Path | None


class Upgrade:
    """One data directory, which nobody else uses meanwhile."""

    def __init__(self, folder: Path, *, allow_root: bool) -> None:
        self._folder = folder.absolute()
        self._new = Cluster(self._folder / f"postgres.{cluster.MAJOR}", allow_root=allow_root)
        self._present = Cluster(self._folder / "postgres", allow_root=allow_root)
        self._work = Cluster(self._folder / "upgrade", allow_root=allow_root)
        self._allow_root = allow_root

    def run(self, *, only_try: bool = False) -> Upgraded | None:
        """Upgrade, or only try whether it could be done; None where there is nothing to do.

        Raises: EmbeddedServerError, NotTheSameError, UnavailableError.
        """
        with self._alone():
            if not self._present.folder.exists() and (self._new.folder / COMPARED).exists():
                self._settle()  # killed in the middle of the switch
            old = self._present.major
            if old in {cluster.MAJOR, None}:
                return None
            return self._upgraded(str(old), only_try=only_try)

    def remove_old(self) -> list[Path]:
        """Remove the folders of older versions; name them. Raises EmbeddedServerError."""
        with self._alone():
            if self._present.major != cluster.MAJOR:
                raise EmbeddedServerError(f"{self._present.folder} is not upgraded yet")
            found = self._present.others()
            for path in found:
                shutil.rmtree(path)
            return found

    def _upgraded(self, old: str, *, only_try: bool) -> Upgraded:
        brought = programs_of(old)
        before = Cluster(self._present.folder, allow_root=self._allow_root, brought=brought)
        self._clear(before)
        self._check_room()
        with TemporaryDirectory(prefix="os-events-") as name:
            sockets = Path(name)
            before.give(sockets)
            with served(before, sockets) as url:  # a crash before is made good here
                content = contents(url)
            self._copy(before, sockets, "--check")
            if only_try:
                self._sweep()
                return _told(old, content, None)
            self._copy(before, sockets)
            failpoint("upgrade.copied")
            with served(self._new, sockets) as url:
                self._new.run("vacuumdb", *STATISTICS, f"--host={sockets}")
                _compare(content, contents(url))
        (self._new.folder / COMPARED).write_text(old)
        failpoint("upgrade.compared")
        self._present.folder.rename(kept := self._kept(old))
        failpoint("upgrade.renamed")
        self._settle()
        return _told(old, content, kept)

    def _copy(self, before: Cluster, sockets: Path, *options: str) -> None:
        """Let pg_upgrade copy everything into a new folder, or check that it could."""
        if not self._new.folder.exists():
            self._new.initialise()
            self._new.admit()
        before.admit()
        shutil.rmtree(self._work.folder, ignore_errors=True)
        self._work.folder.mkdir(mode=0o700)
        self._work.give(self._work.folder)
        self._new.run(
            "pg_upgrade",
            *options,
            *("--username=postgres", f"--socketdir={sockets}", "--copy"),
            *(f"--old-bindir={before.programs}", f"--new-bindir={self._new.programs}"),
            *(f"--old-datadir={before.folder}", f"--new-datadir={self._new.folder}"),
            *(["--sync-method=syncfs"] if sys.platform == "linux" else []),
            within=str(self._work.folder),
        )

    def _settle(self) -> None:
        """Let the copy be the present one: the second half of the switch."""
        self._new.folder.rename(self._present.folder)
        (self._present.folder / COMPARED).unlink()
        handle = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        self._sweep()

    def _kept(self, old: str) -> Path:
        kept = self._folder / f"postgres.{old}"
        if kept.exists():
            raise EmbeddedServerError(f"{kept} is there already: put it elsewhere")
        return kept

    def _clear(self, before: Cluster) -> None:
        """Make way after a kill: end what an earlier try left running, and forget its copy."""
        for process in self._work.processes():
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        for one in (before, self._new):
            if one.folder.exists():
                stop(one)
        shutil.rmtree(self._new.folder, ignore_errors=True)

    def _sweep(self) -> None:
        for one in (self._new, self._work):
            shutil.rmtree(one.folder, ignore_errors=True)

    def _check_room(self) -> None:
        files = (path for path in self._present.folder.rglob("*") if path.is_file())
        size, free = (
            sum(path.stat().st_size for path in files),
            shutil.disk_usage(self._folder).free,
        )
        if size > free:
            raise EmbeddedServerError(f"a copy takes {size} bytes, and {free} are free")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the lock of who runs the server."""
        if not self._present.folder.parent.is_dir():
            raise EmbeddedServerError(f"{self._folder} holds no database")
        with (self._folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise EmbeddedServerError(f"{self._folder} is in use: stop os-events") from error
            yield


@contextmanager
def served(one: Cluster, sockets: Path) -> Iterator[str]:
    """Run a server for nobody but us; give the address of its superuser, less the database."""
    one.admit()
    options = ("-w", "-t", str(START), "-l", str(one.folder / "start.log"), "-o", f"-k {sockets}")
    one.run("pg_ctl", "start", *options, "-D", str(one.folder))
    try:
        yield f"postgresql://postgres@/{{}}?host={quote(str(sockets), safe='')}&port=5432"
    finally:
        one.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(one.folder))


def stop(one: Cluster) -> None:
    """Stop the server that a killed program left behind, if it did. Raises EmbeddedServerError."""
    with suppress(EmbeddedServerError):
        one.run("pg_ctl", "stop", "-w", "-m", "fast", "-D", str(one.folder))
    until = monotonic() + ORPHANS
    while any(True for _ in one.processes()):
        if monotonic() > until:
            raise EmbeddedServerError(f"processes of a killed server work in {one.folder}")
        sleep(LOOK)
    (one.folder / "postmaster.pid").unlink(missing_ok=True)


def contents(url: str) -> Content:
    """Give rows and digest of every table of every database. Raises UnavailableError."""
    with available("the database"):
        with psycopg.connect(url.format("postgres")) as connection:
            names = [name for (name,) in connection.execute(DATABASES)]
        return {place: found for name in names for place, found in _content(url, name)}


def _content(url: str, database: str) -> Iterator[tuple[str, tuple[int, int]]]:
    options = "-c timezone=UTC -c row_security=off"
    with psycopg.connect(url.format(quote(database)), options=options) as connection:
        for schema, table in connection.execute(TABLES).fetchall():
            query = SQL(CONTENT).format(Identifier(schema, table))
            rows, digest = connection.execute(query).fetchone() or (0, 0)
            yield f"{database}.{schema}.{table}", (rows, int(digest))


def _compare(before: Content, after: Content) -> None:
    places = sorted(before.keys() | after.keys())
    differing = [place for place in places if before.get(place) != after.get(place)]
    if differing:
        raise NotTheSameError(f"differing tables: {', '.join(differing)}")


def _told(old: str, content: Content, kept: Path | None) -> Upgraded:
    return Upgraded(old, len(content), sum(rows for rows, _ in content.values()), kept)
