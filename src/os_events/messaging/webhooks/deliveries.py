"""What is to be posted to whom: due, leased, tried, done."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from os_events.errors import ConflictError, NotFoundError
from os_events.eventlog.database import Pool, available
from os_events.messaging.webhooks.endpoints import known

LEASE = timedelta(minutes=1)  # of whoever sends one; after it, somebody else may
KEPT = timedelta(days=30)  # what is done
AT_HAND = 50  # more than there are senders at a time: what others hold is passed over
TEST = "os.webhook.test.v1"
WRITTEN = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9]{1,9})")

COLUMNS = """endpoint, order_id, version, position, type, state, attempt, due_at, leased_until,
    tried_at, last_status, last_error"""
# Of each order the first that is not done: its later ones wait for it. One scan, whatever the
# planner believes of the table; NOT EXISTS became a join of each with each.
HEADS = """SELECT DISTINCT ON (endpoint, order_id) endpoint, order_id, version, position, due_at,
        leased_until
    FROM messaging.delivery WHERE state = 'waiting' AND endpoint = ANY(%(endpoints)s)
    ORDER BY endpoint, order_id, version"""
READY = """due_at <= %(now)s AND (leased_until IS NULL OR leased_until <= %(now)s)
    AND (position = 0 OR (SELECT off_since IS NULL FROM messaging.endpoint WHERE id = endpoint))"""
CLAIM = f"""WITH heads AS MATERIALIZED ({HEADS}),
    first AS MATERIALIZED (
        SELECT order_id AS of_order, version AS which FROM heads
        WHERE {READY} AND (%(order)s::uuid IS NULL OR order_id = %(order)s)
        ORDER BY due_at, position LIMIT {AT_HAND}),
    taken AS (
        SELECT of_order, which
        FROM first JOIN messaging.delivery
            ON endpoint = %(endpoint)s AND order_id = of_order AND version = which
        WHERE state = 'waiting' AND {READY}
        LIMIT 1 FOR UPDATE OF delivery SKIP LOCKED)
    UPDATE messaging.delivery
    SET leased_until = %(until)s, attempt = attempt + 1, tried_at = %(now)s
    FROM taken WHERE endpoint = %(endpoint)s AND order_id = of_order AND version = which
    RETURNING {COLUMNS}"""  # noqa: S608 - our own words
READY_AT = f"""WITH heads AS MATERIALIZED ({HEADS})
    SELECT endpoint, count(*) FROM heads WHERE {READY} GROUP BY endpoint"""  # noqa: S608 - our own words
ALL = "SELECT coalesce(array_agg(id), '{}') FROM messaging.endpoint"
SETTLE = """UPDATE messaging.delivery SET state = %s, due_at = %s, last_status = %s,
    last_error = %s, leased_until = NULL
    WHERE (endpoint, order_id, version) = (%s, %s, %s) AND leased_until = %s"""
LATEST = f"""SELECT {COLUMNS} FROM messaging.delivery
    WHERE endpoint = %s AND tried_at IS NOT NULL ORDER BY tried_at DESC LIMIT %s"""  # noqa: S608 - our own words
WAITING = "SELECT count(*) FROM messaging.delivery WHERE endpoint = %s AND state = 'waiting'"
AGAIN = """UPDATE messaging.delivery
    SET state = 'waiting', attempt = 0, due_at = %(now)s, waiting_since = %(now)s
    WHERE (endpoint, order_id, version) = (%(endpoint)s, %(order)s, %(version)s)"""
ADD_TEST = """INSERT INTO messaging.delivery
        (endpoint, order_id, version, position, type, waiting_since, due_at)
    SELECT id, id, 1 + coalesce((SELECT max(version) FROM messaging.delivery
            WHERE endpoint = id AND order_id = id), 0), 0, %(type)s, %(now)s, %(now)s
    FROM messaging.endpoint WHERE id = %(id)s"""
OLDEST = """SELECT min(d.waiting_since)
    FROM messaging.delivery d JOIN messaging.endpoint e ON e.id = d.endpoint
    WHERE d.state = 'waiting' AND e.off_since IS NULL"""
SWEEP = """DELETE FROM messaging.delivery d USING messaging.endpoint e
    WHERE d.endpoint = e.id AND d.tried_at < %s AND d.state <> 'waiting'"""


class UnknownDeliveryError(NotFoundError):
    """Nothing of this id was posted there in the last 30 days. See ``os-events webhooks show``."""

    slug = "unknown-delivery"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event for one endpoint. Shape: position 0 is a test, and its order is the endpoint."""

    endpoint: UUID
    order_id: UUID
    version: int
    position: int
    type: str
    state: str
    attempt: int
    due_at: datetime
    leased_until: datetime | None
    tried_at: datetime | None
    last_status: int | None
    last_error: str | None

    @property
    def id(self) -> str:
        """Give its ``webhook-id``: that of the event."""
        return f"{self.order_id}:{self.version}"

    @property
    def is_test(self) -> bool:
        """Say whether somebody only wants to see whether it works."""
        return self.position == 0

    @property
    def told(self) -> str:
        """Say what came of the last attempt."""
        return str(self.last_status or self.last_error or "")


@dataclass(frozen=True, slots=True)
class Settled:
    """What came of an attempt. Shape: ``due_at`` counts while the state is waiting."""

    state: str
    due_at: datetime
    status: int | None = None
    error: str | None = None


class Deliveries:
    """All deliveries. Every method may raise UnavailableError."""

    def __init__(self, pool: Pool, clock: Callable[[], datetime]) -> None:
        self.pool = pool
        self._clock = clock

    def ready_at(self) -> dict[UUID, int]:
        """Say for which endpoints something can be tried now, and how much at a time."""
        with available("webhooks"), self.pool.connection() as connection:
            [everybody] = connection.execute(ALL).fetchone() or ([],)
            asked: dict[str, object] = {"endpoints": everybody, "now": self._clock()}
            return dict(connection.execute(READY_AT, asked).fetchall())

    def claim(self, endpoint: UUID, order: UUID | None = None) -> Delivery | None:
        """Lease what is due the longest, to be sent and settled within a minute."""
        now = self._clock()
        asked = {"endpoint": endpoint, "endpoints": [endpoint], "order": order}
        times = {"now": now, "until": now + LEASE}
        with available("webhooks"), self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Delivery))
            return cursor.execute(CLAIM, asked | times).fetchone()

    def settle(
        self, connection: psycopg.Connection[object], delivery: Delivery, settled: Settled
    ) -> bool:
        """Note what came of an attempt; say whether the lease was still ours."""
        key = (delivery.endpoint, delivery.order_id, delivery.version, delivery.leased_until)
        came = (settled.state, settled.due_at, settled.status, settled.error)
        return connection.execute(SETTLE, (*came, *key)).rowcount == 1

    def latest(self, endpoint: UUID, most: int = 30) -> list[Delivery]:
        """Give what was tried last."""
        with available("webhooks"), self.pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(Delivery))
            return cursor.execute(LATEST, (endpoint, most)).fetchall()

    def waiting(self, endpoint: UUID) -> int:
        """Count what is not done."""
        with available("webhooks"), self.pool.connection() as connection:
            found = connection.execute(WAITING, (endpoint,)).fetchone()
        return int(found[0]) if found else 0

    def resend(self, endpoint: UUID, message_id: str) -> None:
        """Have something posted again, or now. Raises UnknownDeliveryError."""
        order, version = parsed(message_id)
        key = {"endpoint": endpoint, "order": order, "version": version, "now": self._clock()}
        with available("webhooks"), self.pool.connection() as connection:
            if not connection.execute(AGAIN, key).rowcount:
                raise UnknownDeliveryError(message_id)

    def test(self, endpoint: UUID) -> None:
        """Have a test event posted, also to an endpoint that is off.

        Raises: UnknownEndpointError, ConflictError.
        """
        asked = {"id": endpoint, "type": TEST, "now": self._clock()}
        with available("webhooks"), self.pool.connection() as connection:
            try:
                known(endpoint, connection.execute(ADD_TEST, asked).rowcount)
            except psycopg.errors.UniqueViolation as error:
                raise ConflictError("another test began at the same time") from error

    def oldest(self) -> timedelta:
        """Say how long the oldest that is not done has waited."""
        with available("webhooks"), self.pool.connection() as connection:
            found = connection.execute(OLDEST).fetchone()
        since = found[0] if found else None
        return self._clock() - since if since else timedelta(0)

    def sweep(self) -> int:
        """Forget what was done long ago; say how much."""
        with available("webhooks"), self.pool.connection() as connection:
            return connection.execute(SWEEP, (self._clock() - KEPT,)).rowcount


def parsed(message_id: str) -> tuple[UUID, int]:
    """Take a ``webhook-id`` apart. Raises UnknownDeliveryError."""
    written = WRITTEN.fullmatch(message_id)
    if not written:
        raise UnknownDeliveryError(repr(message_id[:100]))
    return UUID(written[1]), int(written[2])
