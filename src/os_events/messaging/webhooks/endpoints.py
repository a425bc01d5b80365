"""Who gets events: addresses, what they want, and the secrets that messages are signed with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID, uuid4

import psycopg
import structlog
from psycopg.rows import class_row

from os_events.errors import NotFoundError, RuleViolationError
from os_events.eventlog.database import Pool, available
from os_events.eventlog.kek import Kek, WrongKekError
from os_events.messaging.public.catalogue import PUBLIC
from os_events.messaging.webhooks.addresses import Gate
from os_events.messaging.webhooks.schedule import GIVEN_UP
from os_events.messaging.webhooks.signing import new_secret

OVERLAP = timedelta(hours=24)  # how long the former secret signs as well
TYPES = frozenset(public.type for public in PUBLIC.values())

COLUMNS = """SELECT id, url, types, position, made_at, former_until, failing_since, off_since,
    off_because, stopped_at, stopped_by FROM messaging.endpoint """
ADD = """INSERT INTO messaging.endpoint (id, url, types, position, kek_id, secret, made_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s)"""
ADDRESSED = """SELECT url, kek_id, secret, CASE WHEN former_until > %s THEN former END
    FROM messaging.endpoint WHERE id = %s"""
ROTATE = """UPDATE messaging.endpoint SET former = secret, former_until = %s, kek_id = %s,
    secret = %s WHERE id = %s AND kek_id = %s"""
ON = """UPDATE messaging.endpoint SET off_since = NULL, off_because = NULL, failing_since = NULL
    WHERE id = %s"""
AGAIN = """UPDATE messaging.delivery SET attempt = 0, due_at = %s
    WHERE endpoint = %s AND state = 'waiting'"""
OFF = """UPDATE messaging.endpoint SET off_since = coalesce(off_since, %s), off_because = %s
    WHERE id = %s AND (off_since IS NULL OR %s)"""
WELL = "UPDATE messaging.endpoint SET failing_since = NULL WHERE id = %s AND failing_since < %s"
FAILING = """UPDATE messaging.endpoint SET failing_since = coalesce(failing_since, %s)
    WHERE id = %s RETURNING failing_since"""
STILL = """SELECT count(*) FROM messaging.endpoint
    WHERE off_because IN ('gone', 'failing') OR (stopped_at IS NOT NULL AND off_since IS NULL)"""

T = TypeVar("T")

log = structlog.get_logger()


class UnknownEndpointError(NotFoundError):
    """There is no webhook endpoint of this id. See ``os-events webhooks list``."""

    slug = "unknown-endpoint"


class UnknownTypeError(RuleViolationError):
    """No public event is of this type. See the types in ``docs/reference``."""

    slug = "unknown-event-type"


class Because(StrEnum):
    """Why an endpoint is switched off."""

    ASKED = "asked"
    GONE = "gone"  # status 410
    FAILING = "failing"  # for five days


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address, and how it is with it.

    Shape: ``types`` None means all; ``position`` is up to where deliveries are written;
    ``stopped_at`` is the event that could not be told, if there is one.
    """

    id: UUID
    url: str
    types: list[str] | None
    position: int
    made_at: datetime
    former_until: datetime | None
    failing_since: datetime | None
    off_since: datetime | None
    off_because: str | None
    stopped_at: int | None
    stopped_by: str | None

    @property
    def is_on(self) -> bool:
        """Say whether events are posted to it."""
        return self.off_since is None

    @property
    def needs_somebody(self) -> bool:
        """Say whether it stands still, and not because somebody wanted it to."""
        by_itself = self.off_because not in {None, Because.ASKED}
        return by_itself or (self.is_on and self.stopped_at is not None)


class Endpoints:
    """The endpoints of this installation. Every method may raise UnavailableError."""

    def __init__(self, pool: Pool, kek: Kek, gate: Gate, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._kek = kek
        self._gate = gate
        self._clock = clock

    def add(self, url: str, position: int, types: Sequence[str] = ()) -> tuple[UUID, str]:
        """Register an address for what comes after a position; give its id, and its secret.

        Raises: AddressRefusedError, UnknownTypeError.
        """
        if unknown := sorted(set(types) - TYPES):
            raise UnknownTypeError(", ".join(unknown))
        self._gate.addresses(self._gate.parsed(url))
        made, secret = uuid4(), new_secret()
        wanted = sorted(set(types)) or None
        sealed = self._kek.wrap(secret.encode(), bound(made))
        row = (made, url, wanted, position, self._kek.id, sealed, self._clock())
        self._do(ADD, row)
        return made, secret

    def registered(self) -> list[Endpoint]:
        """Give all, the oldest first."""
        with available("webhooks"), self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Endpoint))
            return cursor.execute(COLUMNS + "ORDER BY made_at, id").fetchall()

    def one(self, endpoint: UUID) -> Endpoint:
        """Give one. Raises UnknownEndpointError."""
        with available("webhooks"), self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Endpoint))
            found = cursor.execute(COLUMNS + "WHERE id = %s", (endpoint,)).fetchone()
        return known(endpoint, found)

    def addressed(self, endpoint: UUID) -> tuple[str, list[str]]:
        """Give its address, and what messages to it are signed with now: one secret, or two.

        Raises: UnknownEndpointError, WrongKekError, TamperedError.
        """
        with available("webhooks"), self._pool.connection() as connection:
            found = connection.execute(ADDRESSED, (self._clock(), endpoint)).fetchone()
        url, kek_id, *sealed = known(endpoint, found)
        if kek_id != self._kek.id:
            raise WrongKekError(f"webhook secrets are sealed by {kek_id}, not {self._kek.id}")
        opened = (self._kek.unwrap(one, bound(endpoint)) for one in sealed if one)
        return url, [one.decode() for one in opened]

    def rotate(self, endpoint: UUID) -> str:
        """Draw another secret, and give it; the former signs as well for another day.

        Raises: UnknownEndpointError, WrongKekError.
        """
        secret = new_secret()
        sealed = self._kek.wrap(secret.encode(), bound(endpoint))
        until = self._clock() + OVERLAP
        self.addressed(endpoint)  # both are sealed by the same key, or there is no former one
        self._do(ROTATE, (until, self._kek.id, sealed, endpoint, self._kek.id))
        return secret

    def switch_on(self, endpoint: UUID) -> None:
        """Post to it again; what waits is due now. Raises UnknownEndpointError."""
        with available("webhooks"), self._pool.connection() as one, one.transaction():
            known(endpoint, one.execute(ON, (endpoint,)).rowcount)
            one.execute(AGAIN, (self._clock(), endpoint))

    def switch_off(self, endpoint: UUID) -> None:
        """Post nothing to it any more; it keeps its place, and is nobody's worry.

        Raises: UnknownEndpointError.
        """
        self.one(endpoint)
        with available("webhooks"), self._pool.connection() as connection:
            self._off(connection, endpoint, Because.ASKED)

    def got_through(self, connection: psycopg.Connection[Any], endpoint: UUID) -> None:
        """Note that something was taken, if nothing was for a while."""
        connection.execute(WELL, (endpoint, self._clock()))

    def failed(self, connection: psycopg.Connection[Any], endpoint: UUID, *, gone: bool) -> None:
        """Note that something was not taken; switch off what is gone, or fails for too long."""
        since = connection.execute(FAILING, (self._clock(), endpoint)).fetchone()
        if gone:
            self._off(connection, endpoint, Because.GONE)
        elif since and self._clock() - since[0] >= GIVEN_UP:
            self._off(connection, endpoint, Because.FAILING)

    def standing_still(self) -> int:
        """Count those that somebody must look at."""
        with available("webhooks"), self._pool.connection() as connection:
            found = connection.execute(STILL).fetchone()
        return int(found[0]) if found else 0

    def _off(self, connection: psycopg.Connection[Any], endpoint: UUID, because: Because) -> None:
        asked = because is Because.ASKED
        said = (self._clock(), because.value, endpoint, asked)
        if connection.execute(OFF, said).rowcount and not asked:
            log.error("webhook endpoint switched off", endpoint=str(endpoint), reason=because.value)

    def _do(self, statement: str, values: tuple[Any, ...]) -> None:
        with available("webhooks"), self._pool.connection() as connection:
            connection.execute(statement, values)


def known(endpoint: UUID, found: T | None) -> T:
    """Give what was found. Raises UnknownEndpointError if nothing was."""
    if not found:
        raise UnknownEndpointError(f"no webhook endpoint {endpoint}")
    return found


def bound(endpoint: UUID) -> bytes:
    """Give what a sealed secret is bound to."""
    return b"os_events/webhook-secret/v1\n" + endpoint.bytes
