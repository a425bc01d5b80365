"""How far each follower is, and what stopped it: two tables that move with the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

BESIDE = "_next"  # ends the name of a table that is being built, and of its position

PREPARING = "SELECT pg_advisory_xact_lock(hashtext('read.position'))"
TABLES = """
CREATE TABLE IF NOT EXISTS read.position (follower text PRIMARY KEY, position bigint NOT NULL);
CREATE TABLE IF NOT EXISTS read.health (
    follower text PRIMARY KEY,
    position bigint NOT NULL, -- of the event that it cannot apply
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    error text NOT NULL)"""

AT = "SELECT follower, position FROM read.position WHERE follower = ANY(%s)"
BEGIN = "INSERT INTO read.position SELECT unnest(%s::text[]), 0 ON CONFLICT DO NOTHING"
MOVE = """WITH moved AS (
        UPDATE read.position SET position = %s WHERE follower = ANY(%s) AND position = %s
        RETURNING follower),
    well AS (DELETE FROM read.health h USING moved m WHERE h.follower = m.follower)
    SELECT count(*) FROM moved"""
SET = """INSERT INTO read.position SELECT unnest(%s::text[]), %s
    ON CONFLICT (follower) DO UPDATE SET position = excluded.position"""
FORGET = "DELETE FROM read.position WHERE follower = ANY(%s)"
STOP = """INSERT INTO read.health (follower, position, error) VALUES (%s, %s, %s)
    ON CONFLICT (follower) DO UPDATE
    SET position = excluded.position, since = excluded.since, error = excluded.error
    WHERE health.position <> excluded.position"""
WELL = "DELETE FROM read.health WHERE follower = ANY(%s)"
STATES = """SELECT follower, p.position, h.position, h.since, h.error
    FROM read.position p LEFT JOIN read.health h USING (follower)
    WHERE NOT starts_with(reverse(follower), reverse(%s)) ORDER BY follower"""
STATE = """SELECT p.position, h.position
    FROM read.position p LEFT JOIN read.health h USING (follower) WHERE follower = %s"""


@dataclass(frozen=True, slots=True)
class AsOf:
    """What an answer reflects: all up to ``position``.

    Shape: ``degraded_since`` is the position of the event that its follower cannot apply.
    """

    position: int
    degraded_since: int | None = None


def least(*found: AsOf) -> AsOf:
    """Say what an answer reflects that is made of several tables."""
    degraded = [one.degraded_since for one in found if one.degraded_since is not None]
    return AsOf(min(one.position for one in found), min(degraded, default=None))


@dataclass(frozen=True, slots=True)
class FollowerState:
    """How far one follower is; the last three say what stopped it, if anything did."""

    follower: str
    position: int
    stopped_at: int | None
    stopped_since: datetime | None
    error: str | None


def prepare(connection: Connection, followers: Sequence[str]) -> None:
    """Make the tables and the positions that are missing. One process at a time does so."""
    connection.execute(PREPARING)
    connection.execute(TABLES)
    connection.execute(BEGIN, (list(followers),))


def positions_of(connection: Connection, followers: Sequence[str]) -> dict[str, int]:
    """Give the position of the last event taken in, wanted or not, by each follower."""
    return dict(connection.execute(AT, (list(followers),)).fetchall())


def move(connection: Connection, followers: Sequence[str], after: int, upto: int) -> bool:
    """Move followers from ``after`` to ``upto``; say whether all of them stood there."""
    found = connection.execute(MOVE, (upto, list(followers), after)).fetchone()
    return found == (len(followers),)


def state_of(connection: Connection, follower: str) -> AsOf:
    """Say how far a follower is; position 0 before its first event."""
    return AsOf(*(connection.execute(STATE, (follower,)).fetchone() or (0, None)))


def retired(connection: Connection, kept: Sequence[str]) -> list[str]:
    """Name those that a version before this one kept, and this one does not."""
    followers = [one.follower for one in all_states(connection)]
    return [name for name in followers if name not in kept]


def retire(connection: Connection, followers: Sequence[str]) -> None:
    """Let go of tables that nobody keeps any more."""
    for name in followers:
        connection.execute(f"DROP TABLE IF EXISTS read.{name}")
    connection.execute(FORGET, (list(followers),))
    connection.execute(WELL, (list(followers),))


def all_states(connection: Connection) -> list[FollowerState]:
    """Say how far everybody is whose table answers."""
    return [FollowerState(*record) for record in connection.execute(STATES, (BESIDE,))]
