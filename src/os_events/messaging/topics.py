"""The topics of ours: how each must be, how it is, and what is to be done about it."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from os_events.messaging.intake.dead_letters import topic_of
from os_events.messaging.intake.outcomes import TOPIC as OUTCOMES
from os_events.messaging.order_events import ORDER_EVENTS
from os_events.messaging.ports import Admin, TopicSpec
from os_events.messaging.stored import LOG

PARTITIONS = 12
FOR_EVER = "-1"
THIRTY_DAYS = str(30 * 24 * 60 * 60 * 1000)
PUBLISHED = (ORDER_EVENTS, LOG)

TOPIC, PARTITIONED, REPLICATED = "topic", "partitions", "replication"
IN_SYNC = "min.insync.replicas"


class Difference(NamedTuple):
    """What is other than it must be.

    Shape: ``key`` is topic, partitions, replication, or a key of its configuration; ``found`` is
    None where there is nothing.
    """

    topic: str
    key: str
    found: str | None
    wanted: str

    @property
    def mendable(self) -> bool:
        """Say whether ``apply`` mends it: a key must not move, and replicas are the operators'."""
        return self.key not in {PARTITIONED, REPLICATED}


def specs(replication: int, inbound: Iterable[tuple[str, str]] = ()) -> list[TopicSpec]:
    """Say how the topics of ours must be.

    Shape: ``inbound`` are the topics that are listened to, each with the group that does; the
    topics themselves belong to who sends.
    """
    dead = [topic_of(topic, group) for topic, group in inbound]
    retained = dict.fromkeys(PUBLISHED, FOR_EVER) | dict.fromkeys([OUTCOMES, *dead], THIRTY_DAYS)
    return [spec(name, replication, retention) for name, retention in retained.items()]


def spec(name: str, replication: int, retention: str) -> TopicSpec:
    """Say how one must be. Unit: ``retention`` is milliseconds."""
    config = {
        "cleanup.policy": "delete",
        "compression.type": "producer",
        IN_SYNC: str(max(1, replication - 1)),
        "retention.bytes": "-1",
        "retention.ms": retention,
        "unclean.leader.election.enable": "false",
    }
    return TopicSpec(name, PARTITIONS, replication, config)


def plan(admin: Admin, wanted: Sequence[TopicSpec]) -> list[Difference]:
    """Say what differs. Raises BrokerUnavailableError."""
    found = admin.describe([one.name for one in wanted])
    return [one for spec in wanted for one in differences(spec, found.get(spec.name))]


def differences(wanted: TopicSpec, found: TopicSpec | None) -> Iterator[Difference]:
    """Compare one topic with how it must be; what it keeps besides is the operators'."""
    name = wanted.name
    if found is None:
        yield Difference(name, TOPIC, None, f"there, in {wanted.partitions} partitions")
        return
    if found.partitions != wanted.partitions:
        yield Difference(name, PARTITIONED, str(found.partitions), str(wanted.partitions))
    config = dict(wanted.config)
    if found.replication < wanted.replication:
        yield Difference(name, REPLICATED, str(found.replication), str(wanted.replication))
        del config[IN_SYNC]  # set now, it would let nothing be written
    for key, value in config.items():
        if (kept := found.config.get(key)) != value:
            yield Difference(name, key, kept, value)


def apply(admin: Admin, wanted: Sequence[TopicSpec]) -> list[Difference]:
    """Make what is missing, and set what is set otherwise; give what differs still."""
    for spec in wanted:
        differing = [one for one in plan(admin, [spec]) if one.mendable]
        if any(one.key == TOPIC for one in differing):
            admin.create(spec)
        elif differing:
            admin.configure(spec.name, {one.key: one.wanted for one in differing})
    return plan(admin, wanted)
