"""API keys: made, listed, revoked, and checked at every request."""

import hmac
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from os_events.access.tokens import Pepper, UnauthenticatedError, id_of, new_api_key
from os_events.errors import NotFoundError, RuleViolationError
from os_events.eventlog.database import Pool, available
from os_events.eventlog.migrations import Migration, written_in
from os_events.values.acts import Actor, Role
from os_events.values.principal import Principal

LONGEST = timedelta(days=366)
BELIEVED = timedelta(seconds=10)  # how long a check holds; a key revoked elsewhere lives so long
INTEGRATION = re.compile(r"integration:[a-z0-9]+(-[a-z0-9]+)*")
HELD_BY_NOBODY = {Role.CUSTOMER, Role.POLICY}  # a customer comes by a link, a policy from within

IN_FORCE = "id = %s AND revoked_at IS NULL AND expires_at > %s"
INSERT = """INSERT INTO access.keys (id, digest, label, actor, role, units, made_at, expires_at)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""
LIST = """SELECT id, label, actor, role, units, made_at, expires_at, last_used_at, revoked_at
    FROM access.keys ORDER BY made_at, id"""
FIND = f"SELECT digest, actor, role, units, expires_at FROM access.keys WHERE {IN_FORCE}"  # noqa: S608 - a constant
USED = "UPDATE access.keys SET last_used_at = %s WHERE id = %s"
REVOKE = "UPDATE access.keys SET revoked_at = coalesce(revoked_at, %s) WHERE id = %s"


class UnknownKeyError(NotFoundError):
    """There is no API key of this id. See ``os-events keys list``."""

    slug = "unknown-key"


class KeyNotPossibleError(RuleViolationError):
    """Such a key is not made. It lasts a year at most, and belongs to a person or an integration.

    A person is named by id and has a person's role; ``integration:<name>`` has role integration.
    """

    slug = "key-not-possible"


class Key(NamedTuple):
    """What may be known of an API key once it has been handed out."""

    id: str
    label: str
    principal: Principal
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class Keys:
    """The API keys of this installation. Threads ask; a coroutine asks ``remembered`` first."""

    def __init__(self, pool: Pool, pepper: Pepper, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._pepper = pepper
        self._clock = clock
        self._checked: dict[bytes, tuple[Principal, datetime]] = {}

    def new(self, label: str, principal: Principal, lasts: timedelta = timedelta(days=365)) -> str:
        """Make a key, and give the text that nobody can be told again.

        Raises: KeyNotPossibleError.
        """
        _check_possible(label, principal.actor, lasts)
        key, now = new_api_key(), self._clock()
        units = None if principal.units is None else sorted(principal.units)
        stored = (key.id, self._digest(key.text), label, principal.actor.id, principal.actor.role)
        with available("access"), self._pool.connection() as connection:
            connection.execute(INSERT, (*stored, units, now, now + lasts))
        return key.text

    def list(self) -> list[Key]:
        """Give all keys, the oldest first."""
        with available("access"), self._pool.connection() as connection:
            return [
                Key(key_id, label, principal_of(actor, role, units), *times)
                for key_id, label, actor, role, units, *times in connection.execute(LIST)
            ]

    def revoke(self, key_id: str) -> None:
        """End a key, and the sessions that began with it. Raises UnknownKeyError."""
        with available("access"), self._pool.connection() as connection:
            if not connection.execute(REVOKE, (self._clock(), key_id)).rowcount:
                raise UnknownKeyError(f"no API key {key_id}")
        self._checked.clear()

    def remembered(self, text: str) -> Principal | None:
        """Say whose key it was a moment ago, without asking the database."""
        principal, until = self._checked.get(self._digest(text), (None, self._clock()))
        return principal if until > self._clock() else None

    def check(self, text: str) -> Principal:
        """Say whose key it is, and that it was used. Raises UnauthenticatedError."""
        key_id, now, digest = id_of(text), self._clock(), self._digest(text)
        with available("access"), self._pool.connection() as connection:
            found = connection.execute(FIND, (key_id, now)).fetchone()
            if not hmac.compare_digest(found[0] if found else bytes(32), digest) or not found:
                raise UnauthenticatedError
            connection.execute(USED, (now, key_id))
        _, actor, role, units, expires_at = found
        principal = principal_of(actor, role, units)
        self._checked[digest] = principal, min(expires_at, now + BELIEVED)
        return principal

    def _digest(self, text: str) -> bytes:
        return self._pepper.digest("api-key", text)


def access_migrations() -> list[Migration]:
    """Give those of schema access; they run after the log's."""
    return written_in("os_events.access", "sql/access")


def principal_of(actor: str, role: str, units: list[UUID] | None) -> Principal:
    """Turn columns into who they name."""
    holder = Actor.model_validate({"id": actor, "role": role})
    return Principal(holder, None if units is None else frozenset(units))


def _check_possible(label: str, holder: Actor, lasts: timedelta) -> None:
    if not label or not timedelta(0) < lasts <= LONGEST:
        raise KeyNotPossibleError("a key has a label, and lasts a year at most")
    if (holder.role is Role.INTEGRATION) != bool(INTEGRATION.fullmatch(holder.id)):
        raise KeyNotPossibleError("integration:<name> and the role integration go together")
    if holder.role in HELD_BY_NOBODY or not (holder.role is Role.INTEGRATION or _is_id(holder.id)):
        raise KeyNotPossibleError(f"{holder.id} as {holder.role} holds no key")


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
