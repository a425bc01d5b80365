"""Data keys: one for each person, retention class and cohort, in a database of their own."""

from collections.abc import Callable, Iterable
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from os_events.eventlog.database import KEEPER, available, open_pool
from os_events.eventlog.kek import Kek, WrongKekError

K = TypeVar("K")

MAKE = """INSERT INTO keys.data_keys (key_id, subject, retention, cohort, kek_id, wrapped)
    SELECT * FROM unnest(%b::uuid[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::bytea[])
    ON CONFLICT (subject, retention, cohort) DO NOTHING"""
FIND = """SELECT subject, retention, cohort, key_id, kek_id, wrapped FROM keys.data_keys
    JOIN unnest(%b::uuid[], %b::text[], %b::text[]) AS wanted (subject, retention, cohort)
    USING (subject, retention, cohort)"""
OPEN = """SELECT subject, retention, cohort, key_id, kek_id, wrapped FROM keys.data_keys
    WHERE key_id = ANY (%b)"""


class Scope(NamedTuple):
    """What one data key is for. Shape: cohort is a year, or an aggregate's id."""

    subject: UUID
    retention: str
    cohort: str

    def bound(self, key_id: UUID) -> bytes:
        """Give what a wrapped key is bound to."""
        return "\n".join(map(str, (key_id, *self))).encode()


class DataKey(NamedTuple):
    """An opened data key."""

    key_id: UUID
    cipher: AESGCM


class KeyRing:
    """The keys in use, each remembered for ``keep`` seconds. Any thread may ask."""

    MOST = 50_000  # are remembered; then all are forgotten

    def __init__(
        self, url: str, kek: Kek, *, keep: float = 60.0, clock: Callable[[], float] = monotonic
    ) -> None:
        self._kek = kek
        self._keep = keep
        self._clock = clock
        self._pool = open_pool(url, KEEPER, 4)
        self._by_scope: dict[Scope, tuple[float, DataKey]] = {}
        self._by_id: dict[UUID, tuple[float, DataKey]] = {}
        self._wanted: set[Scope] = set()
        self._lock = Lock()

    def at_hand(self, scopes: set[Scope]) -> dict[Scope, DataKey] | None:
        """Give the keys of ``scopes`` if all are remembered. If not, who fetches next fetches them.

        Never waits: this is for the event loop.
        """
        found = self._remembered(self._by_scope, scopes)
        if len(found) == len(scopes):
            return found
        self._wanted.update(scopes - found.keys())
        return None

    def fetch(self, scopes: set[Scope]) -> dict[Scope, DataKey]:
        """Find or make keys; one caller does it for all who wait meanwhile.

        Raises: UnavailableError, WrongKekError.
        """
        self._wanted.update(scopes)
        with self._lock, available("the database of keys"):
            self._forget_some()
            kept, wanted, self._wanted = self._by_scope, self._wanted | scopes, set()
            asked = wanted - self._remembered(kept, wanted).keys()
            if asked:
                until = self._clock() + self._keep
                made = self._find_or_make(list(asked))
                kept.update((scope, (until, key)) for scope, key in made.items())
            return {scope: kept[scope][1] for scope in scopes}

    def by_id(self, key_ids: Iterable[UUID]) -> dict[UUID, AESGCM]:
        """Open the keys that are still there. Raises UnavailableError, WrongKekError."""
        asked, kept = set(key_ids), self._by_id
        found = self._remembered(kept, asked)
        if missing := list(asked - found.keys()):
            until = self._clock() + self._keep
            opened = {key.key_id: key for _, key in self._select(OPEN, [missing])}
            kept.update((key_id, (until, key)) for key_id, key in opened.items())
            found.update(opened)
        return {key_id: key.cipher for key_id, key in found.items()}

    def forget(self) -> None:
        """Let go of all opened keys; those that are being fetched now are not kept."""
        self._by_scope, self._by_id = {}, {}

    def close(self) -> None:
        """Let go of keys and connections."""
        self.forget()
        self._pool.close()

    def _remembered(
        self, kept: dict[K, tuple[float, DataKey]], asked: Iterable[K]
    ) -> dict[K, DataKey]:
        now = self._clock()
        found = ((one, kept[one]) for one in asked if one in kept)
        return {one: key for one, (until, key) in found if until > now}

    def _forget_some(self) -> None:
        if max(len(self._by_scope), len(self._by_id)) > self.MOST:
            self.forget()

    def _find_or_make(self, scopes: list[Scope]) -> dict[Scope, DataKey]:
        made = [(uuid4(), scope, AESGCM.generate_key(256)) for scope in scopes]
        rows = [
            (key_id, *scope, self._kek.id, self._kek.wrap(secret, scope.bound(key_id)))
            for key_id, scope, secret in made
        ]
        with self._pool.connection() as connection:
            cursor = connection.cursor(binary=True)
            cursor.execute(MAKE, columns(rows), prepare=True)
            if cursor.rowcount == len(scopes):
                return {scope: DataKey(key_id, AESGCM(secret)) for key_id, scope, secret in made}
        return dict(self._select(FIND, columns(scopes)))  # some were there already

    def _select(self, query: str, arguments: list[Any]) -> list[tuple[Scope, DataKey]]:
        with available("the database of keys"), self._pool.connection() as connection:
            rows = connection.cursor(binary=True).execute(query, arguments, prepare=True).fetchall()
        return [self._open(row) for row in rows]

    def _open(self, row: tuple[Any, ...]) -> tuple[Scope, DataKey]:
        *named, key_id, kek_id, wrapped = row
        if kek_id != self._kek.id:
            raise WrongKekError(f"data key {key_id} is wrapped under {kek_id}, not {self._kek.id}")
        scope = Scope(*named)
        return scope, DataKey(key_id, AESGCM(self._kek.unwrap(wrapped, scope.bound(key_id))))


def columns(rows: Iterable[Iterable[Any]]) -> list[list[Any]]:
    """Turn rows into the arrays that ``unnest`` takes."""
    return [list(column) for column in zip(*rows, strict=True)]
