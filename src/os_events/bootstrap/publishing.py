"""Who publishes which topic, and what an operator may do about it."""

from functools import partial
from uuid import uuid4

from os_events.aggregates.log import Log, skip_publication
from os_events.bootstrap.databases import edge_clock
from os_events.bootstrap.installation import Installation
from os_events.bootstrap.looks import database_look
from os_events.bootstrap.watched import Watched
from os_events.errors import ConflictError, NotFoundError
from os_events.eventlog.database import MESSENGER, available, connect
from os_events.eventlog.log import Recorded
from os_events.eventlog.submission import RequestKey
from os_events.messaging.feed import Feed, PoisonousEventError
from os_events.messaging.order_events import ORDER_EVENTS, OrderEvents
from os_events.messaging.published import (
    PublisherState,
    publisher_states,
    send_again,
)
from os_events.messaging.publisher import Publisher
from os_events.messaging.stored import LOG, StoredEvents
from os_events.values.acts import Act, Channel, Reason

TOPICS = (ORDER_EVENTS, LOG)


class NotPublishedHereError(NotFoundError):
    """No topic of this name is published. Those that are: os.order.events.v1 and os.log.v1."""

    slug = "topic-not-published"


class BeyondPublishedError(ConflictError):
    """The topic has not come so far. Give a position that was published: ``publisher status``."""

    slug = "position-not-published"


class NotWaitingError(ConflictError):
    """Nobody waits at this position. Give the one that ``os-events publisher status`` names."""

    slug = "position-not-waited-for"


def feed_of(found: Installation, topic: str) -> Feed:
    """Say what goes into a topic. Raises NotPublishedHereError."""
    if topic == ORDER_EVENTS:
        return OrderEvents(found.log)
    if topic == LOG:
        return StoredEvents(found.fit.log)
    raise NotPublishedHereError(topic)


def publisher_of(found: Installation, topic: str) -> Publisher:
    """Make the publisher of a topic. Raises NotPublishedHereError, SettingMissingError."""
    opened = partial(connect, found.fit.log, MESSENGER)
    return Publisher(found.log, feed_of(found, topic), found.broker, opened)


def watched_publishing(found: Installation, publisher: Publisher) -> Watched:
    """Say what the process of a publisher tells."""

    def ready() -> None:
        if publisher.trouble:
            raise publisher.trouble.with_traceback(None)

    return Watched("publish", (database_look(found),), ready)


def states_of_publishers(found: Installation) -> list[PublisherState]:
    """Say how far each topic is published. Raises UnavailableError."""
    with available("the log"), connect(found.fit.log, MESSENGER) as connection:
        return publisher_states(connection)


def republish(found: Installation, topic: str, first: int) -> None:
    """Let all from a position on be sent again. Raises NotPublishedHereError, BeyondPublishedError.

    A publisher that runs begins anew, and sends it.
    """
    feed_of(found, topic)
    with available("the log"), connect(found.fit.log, MESSENGER) as connection:
        if not send_again(connection, topic, first):
            raise BeyondPublishedError(f"position {first} of {topic}")


def skip(found: Installation, topic: str, position: int, why: str) -> Recorded:
    """Leave the event out that a publisher waits at; it is on record who did so, and why.

    Raises: NotPublishedHereError, NotWaitingError, UnavailableError.
    """
    feed_of(found, topic)
    waiting = [
        one
        for one in states_of_publishers(found)
        if (one.topic, one.position + 1, one.error) == (topic, position, PoisonousEventError.slug)
    ]
    if not waiting:
        raise NotWaitingError(f"position {position} of {topic}")
    now = edge_clock()
    act = Act(
        id=uuid4(),
        actor=found.manager.actor,
        channel=Channel.SYSTEM,
        occurred_at=now,
        asked_at=now,
        company=found.company,
        reason=Reason(code="not-publishable", note=why),
    )
    [first] = found.log.read(0, 1)
    log = found.log.load(Log, first.aggregate_id)
    skip_publication(log, act, topic, position)
    return found.log.record_now(log, RequestKey.of(f"log.skip\n{topic}\n{position}", b""))
