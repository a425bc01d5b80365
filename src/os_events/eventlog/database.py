"""How the program reaches PostgreSQL: as which role, and with which limits."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool

from os_events.errors import UnavailableError
from os_events.metrics import POOL_IN_USE, POOL_WAIT_SECONDS

LOGIN = "os_app"  # what the program logs in as; it inherits nothing, and takes one of these:
WRITER = "os_writer"  # may execute log.append and log.next_number, and read the log
FOLLOWER = "os_follower"  # may read the log, and owns schema read
READER = "os_reader"  # may read the log and schema read
LEDGER = "os_ledger"  # may read the log
VAULT = "os_vault"  # may read the vault
KEEPER = "os_keeper"  # may read data keys, and add new ones
AUDITOR = "os_auditor"  # may read the log and schema read
ACCESS = "os_access"  # may keep API keys and sessions
MESSENGER = "os_messenger"  # may read the log, and keeps how far what leaves and comes in is
FIGURES = "os_figures"  # may read schema bi; the logins of dashboards are members of it

READ_ONLY = {READER, LEDGER, VAULT, AUDITOR, FIGURES}
LIMITS = (  # to compile a question takes longer than to answer it
    "-c statement_timeout=30s -c lock_timeout=10s -c timezone=UTC -c jit=off"
)
LINK: dict[
    str, Any
] = {  # a server that is gone is noticed in seconds; a local socket ignores the last four
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}

# Pauses between attempts double until it is given up; whoever asks next begins anew. Given longer,
# a database that was away for minutes would be found again only minutes after it is back.
RECONNECT = 2.0  # seconds

Pool = ConnectionPool[psycopg.Connection[Any]]


class RolePool(Pool):
    """A pool that tells how long its connections are waited for, and how many are in use."""

    def __init__(self, role: str, url: str, **options: Any) -> None:
        self._waited = POOL_WAIT_SECONDS.labels(role)
        self._in_use = POOL_IN_USE.labels(role)
        super().__init__(url, **options)

    def getconn(self, timeout: float | None = None) -> psycopg.Connection[Any]:
        """Take a connection. Raises PoolTimeout."""
        began = perf_counter()
        try:
            connection = super().getconn(timeout)
        finally:
            self._waited.observe(perf_counter() - began)
        self._in_use.inc()
        return connection

    def putconn(self, conn: psycopg.Connection[Any]) -> None:
        """Give a connection back."""
        self._in_use.dec()
        super().putconn(conn)


def session(role: str) -> dict[str, Any]:
    """Say how a connection with the rights of ``role``, and no more, is opened."""
    read_only = " -c default_transaction_read_only=on" if role in READ_ONLY else ""
    return {"autocommit": True, "options": f"-c role={role} {LIMITS}{read_only}", **LINK}


def connect(url: str, role: str) -> psycopg.Connection[Any]:
    """Open one connection in autocommit."""
    return psycopg.connect(url, **session(role))


def open_pool(url: str, role: str, size: int) -> Pool:
    """Open a pool of at most ``size`` connections; one that broke meanwhile is not handed out."""
    return RolePool(
        role,
        url,
        kwargs=session(role),
        min_size=1,
        max_size=size,
        timeout=5.0,
        reconnect_timeout=RECONNECT,
        num_workers=1,
        check=ConnectionPool.check_connection,
        open=True,
    )


@contextmanager
def available(what: str) -> Iterator[None]:
    """Make an error of ours of a database that is late or down. Raises UnavailableError."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, TimeoutError) as error:
        raise UnavailableError(f"{what} cannot be reached now") from error
