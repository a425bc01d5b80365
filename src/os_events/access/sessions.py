"""Signing in to the pages: a link that works once becomes a session that ends by itself."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from os_events.access.keys import IN_FORCE, UnknownKeyError, principal_of
from os_events.access.tokens import Pepper, UnauthenticatedError
from os_events.eventlog.database import Pool, available
from os_events.values.principal import Principal

LINK_LASTS = timedelta(minutes=15)
IDLE = timedelta(minutes=30)
LASTS = timedelta(hours=12)
NOTED = timedelta(minutes=1)  # how exactly we remember when a session was seen last

KEY = f"SELECT FROM access.keys WHERE {IN_FORCE}"
NEW_LINK = "INSERT INTO access.links (digest, key_id, expires_at) VALUES (%s, %s, %s)"
USE_LINK = "DELETE FROM access.links WHERE digest = %s AND expires_at > %s RETURNING key_id"
BEGIN = "INSERT INTO access.sessions (digest, key_id, made_at, seen_at) VALUES (%s, %s, %s, %s)"
FIND = """SELECT k.label, k.actor, k.role, k.units, s.seen_at
    FROM access.sessions AS s JOIN access.keys AS k ON k.id = s.key_id
    WHERE s.digest = %s AND s.seen_at > %s AND s.made_at > %s
      AND k.revoked_at IS NULL AND k.expires_at > %s"""
SEEN = "UPDATE access.sessions SET seen_at = %s WHERE digest = %s"
END = "DELETE FROM access.sessions WHERE digest = %s"
SWEEP_LINKS = "DELETE FROM access.links WHERE expires_at < %s"
SWEEP_SESSIONS = "DELETE FROM access.sessions WHERE seen_at < %s"


class Session(NamedTuple):
    """Who is signed in, and what a form must bring along to be theirs."""

    label: str
    principal: Principal
    csrf: str


class Sessions:
    """Sign-in links and the sessions they begin. Threads ask."""

    def __init__(self, pool: Pool, pepper: Pepper, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._pepper = pepper
        self._clock = clock

    def new_link(self, key_id: str) -> str:
        """Draw a token that signs in once, within 15 minutes, as the holder of an API key.

        Raises: UnknownKeyError if the key is not in force.
        """
        token, now = secrets.token_urlsafe(32), self._clock()
        with available("access"), self._pool.connection() as connection, connection.transaction():
            if not connection.execute(KEY, (key_id, now)).rowcount:
                raise UnknownKeyError(f"no API key {key_id} in force")
            connection.execute(SWEEP_LINKS, (now,))
            connection.execute(SWEEP_SESSIONS, (now - LASTS,))
            connection.execute(NEW_LINK, (self._digest("link", token), key_id, now + LINK_LASTS))
        return token

    def sign_in(self, link_token: str) -> str:
        """Turn a link's token into a session's, new each time. Raises UnauthenticatedError."""
        token, now = secrets.token_urlsafe(32), self._clock()
        with available("access"), self._pool.connection() as connection, connection.transaction():
            used = connection.execute(USE_LINK, (self._digest("link", link_token), now)).fetchone()
            if used is None or not connection.execute(KEY, (used[0], now)).rowcount:
                raise UnauthenticatedError
            connection.execute(BEGIN, (self._digest("session", token), used[0], now, now))
        return token

    def check(self, token: str) -> Session:
        """Say who is signed in. Raises UnauthenticatedError after 30 idle minutes, or 12 hours."""
        digest, now = self._digest("session", token), self._clock()
        with available("access"), self._pool.connection() as connection:
            query = (digest, now - IDLE, now - LASTS, now)
            found = connection.execute(FIND, query).fetchone()
            if found is None:
                raise UnauthenticatedError
            label, actor, role, units, seen_at = found
            if now - seen_at > NOTED:
                connection.execute(SEEN, (now, digest))
        return Session(label, principal_of(actor, role, units), self._csrf(token))

    def end(self, token: str) -> None:
        """Sign out."""
        with available("access"), self._pool.connection() as connection:
            connection.execute(END, (self._digest("session", token),))

    def _csrf(self, token: str) -> str:
        return self._digest("csrf", token).hex()

    def _digest(self, purpose: str, token: str) -> bytes:
        return self._pepper.digest(purpose, token)
