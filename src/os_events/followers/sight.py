"""How far log, read models and checkpoints are, as whoever watches them is told."""

from collections.abc import Collection
from typing import Any

import psycopg

from os_events import metrics
from os_events.followers.positions import BESIDE

HEAD = """SELECT position, extract(epoch FROM recorded_at)::float8
    FROM log.events ORDER BY position DESC LIMIT 1"""
PLACES = """SELECT follower, p.position, h.position,
    coalesce(extract(epoch FROM clock_timestamp() - e.recorded_at), 0)::float8
    FROM read.position p LEFT JOIN read.health h USING (follower)
    LEFT JOIN log.events e ON e.position = p.position + 1"""
WAITING = """SELECT extract(epoch FROM clock_timestamp() - recorded_at)::float8
    FROM log.events WHERE position = %s + 1"""
SET = (
    metrics.LOG_POSITION,
    metrics.LOG_RECORDED_TIMESTAMP_SECONDS,
    metrics.FOLLOWER_POSITION,
    metrics.FOLLOWER_LAG_EVENTS,
    metrics.FOLLOWER_LAG_SECONDS,
    metrics.FOLLOWER_STATE,
    metrics.FOLLOWER_STOPPED_POSITION,
    metrics.REBUILD_POSITION,
    metrics.CHECKPOINT_SIZE,
    metrics.CHECKPOINT_AGE_SECONDS,
)


def tell(connection: psycopg.Connection[Any], kept: Collection[str], signed: int) -> None:
    """Set the gauges ``SET``: of the followers that are ``kept``, and of so many ``signed``."""
    # The places first: a lag is never less than nothing.
    places = connection.execute(PLACES).fetchall()
    waited = connection.execute(WAITING, (signed,)).fetchone() or (0.0,)
    head, recorded_at = connection.execute(HEAD).fetchone() or (0, 0.0)
    metrics.LOG_POSITION.set(head)
    metrics.LOG_RECORDED_TIMESTAMP_SECONDS.set(recorded_at)
    metrics.CHECKPOINT_SIZE.set(signed)
    metrics.CHECKPOINT_AGE_SECONDS.set(max(0.0, waited[0]))
    for follower, position, stopped_at, waits in places:
        if follower in kept:
            metrics.FOLLOWER_POSITION.labels(follower).set(position)
            metrics.FOLLOWER_LAG_EVENTS.labels(follower).set(max(0, head - position))
            metrics.FOLLOWER_LAG_SECONDS.labels(follower).set(max(0.0, waits))
            tell_state(follower, stopped_at)
        elif follower.removesuffix(BESIDE) in kept:
            metrics.REBUILD_POSITION.labels(follower.removesuffix(BESIDE)).set(position)


def tell_state(follower: str, stopped_at: int | None) -> None:
    """Tell whether one goes on, and before which event it stands if it does not."""
    metrics.FOLLOWER_STATE.labels(follower, "running").set(stopped_at is None)
    metrics.FOLLOWER_STATE.labels(follower, "stopped").set(stopped_at is not None)
    if stopped_at is not None:
        metrics.FOLLOWER_STOPPED_POSITION.labels(follower).set(stopped_at)
