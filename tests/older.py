"""An older PostgreSQL in place of the embedded one: ``PG=15 make test``, ``PG=16 make test``."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from os_events.eventlog import cluster
from os_events.eventlog.embedded import Server

BROUGHT = {"16": cluster.programs().parents[1] / "pginstall" / "bin"}  # by the wheel, beside 18


@contextmanager
def older_server(folder: Path, version: str) -> Iterator[Server]:
    """Run a server of ``version``, the system's own or the wheel's."""
    programs = BROUGHT.get(version, Path(f"/usr/lib/postgresql/{version}/bin"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "MAJOR", version)
        patch.setattr(cluster, "programs", lambda: programs)
        server = Server(folder, allow_root=True)
        make(server)
        server.start()
    try:
        yield server
    finally:
        server.stop()


def make(server: Server) -> None:
    """Initialise the data folder, with the options that older ones know."""
    made = server._cluster
    cluster.make_open(server.folder, made.user)
    made.folder.mkdir(mode=0o700)
    made.give(made.folder)
    options = ("--username=postgres", "--encoding=UTF8", "--data-checksums", "--locale=C")
    made.run("initdb", *options, f"--pgdata={made.folder}")
    with (made.folder / "postgresql.conf").open("a") as conf:
        conf.write(cluster.CONF)
