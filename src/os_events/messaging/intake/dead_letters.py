"""Messages that are put aside, with the reason and all that they were, for people to look at."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from typing import NamedTuple

from os_events.errors import NotFoundError, RuleViolationError
from os_events.messaging.intake.reading import LARGEST, PutAsideError
from os_events.messaging.ports import Broker, Consumer
from os_events.messaging.records import Headers, Incoming, Outgoing, Partition
from os_events.values.scalars import written

PREFIX = "dlq_"
CUT = "dlq_cut"  # of one that is too large: how many bytes the value had
ATTEMPTS = "dlq_attempts"
LONGEST = 1000  # signs of the reason
AT_ONCE = 500  # records
PATIENCE = 10.0  # seconds


class UnknownDeadLetterError(NotFoundError):
    """There is no such dead letter. See ``os-events intake dead-letters list``."""

    slug = "unknown-dead-letter"


class DeadLetterCutError(RuleViolationError):
    """The dead letter was too large to be kept whole. Let the sender send it smaller."""

    slug = "dead-letter-cut"


class DeadLetter(NamedTuple):
    """One of them. Shape: ``told`` are the ``dlq_`` headers, without the prefix."""

    record: Incoming
    told: Mapping[str, str]

    @property
    def id(self) -> str:
        """Name it: the topic that it came by, and its place among the dead letters of that."""
        partition = self.record.partition.number
        return f"{self.told.get('topic', '')}/{partition}/{self.record.offset}"

    def again(self) -> Outgoing:
        """Make what is sent once more, as it was. Raises DeadLetterCutError."""
        if "cut" in self.told:
            raise DeadLetterCutError(self.id)
        attempts = (ATTEMPTS, self.told.get("attempts", "1").encode())
        record = self.record
        headers = (*original(record.headers), attempts)
        return Outgoing(self.told["topic"], record.key or b"", record.value, headers)


def topic_of(topic: str, group: str) -> str:
    """Name where the dead letters of a topic go."""
    return f"{topic}.{group}.dlq"


def dead_letter(record: Incoming, error: PutAsideError, group: str, at: datetime) -> Outgoing:
    """Make the dead letter of a record."""
    partition, value = record.partition, record.value
    told = {
        "topic": partition.topic,
        "partition": str(partition.number),
        "offset": str(record.offset),
        "group": group,
        "error_type": error.fault.value,
        "error": error.detail[:LONGEST],
        "attempts": str(attempts_before(record) + 1),
        "failed_at": written(at),
    }
    key, headers = record.key or b"", original(record.headers)
    if len(key) + sum(len(name) + len(text) for name, text in headers) > LARGEST:
        key, headers, told["cut"] = key[:LARGEST], (), str(len(value or b""))
    if value is not None and len(value) > LARGEST:
        value, told["cut"] = value[:LARGEST], str(len(value))
    added = tuple((f"{PREFIX}{name}", text.encode()) for name, text in told.items())
    return Outgoing(topic_of(partition.topic, group), key, value, (*headers, *added))


def attempts_before(record: Incoming) -> int:
    """Say how often it was put aside already."""
    told = record.header(ATTEMPTS) or ""
    return int(told) if told.isdecimal() and len(told) < len(str(LONGEST)) else 0


def original(headers: Headers) -> Headers:
    """Give the headers that the sender wrote."""
    return tuple(one for one in headers if not one[0].startswith(PREFIX))


def all_of(broker: Broker, topics: Sequence[str], group: str) -> Iterator[DeadLetter]:
    """Read the dead letters of these topics, each partition in order.

    Raises: TopicMissingError, BrokerUnavailableError.
    """
    for topic in topics:
        partitions = broker.partitions(topic_of(topic, group))
        with closing(broker.reader(partitions)) as reader:
            yield from map(letter, upto_now(reader, partitions))


def find(broker: Broker, name: str, topics: Sequence[str], group: str) -> DeadLetter:
    """Find one by its id. Raises UnknownDeadLetterError, TopicMissingError."""
    topic, _, place = name.partition("/")
    number, _, offset = place.partition("/")
    if topic not in topics or not (number.isdecimal() and offset.isdecimal()):
        raise UnknownDeadLetterError(name)
    partition = Partition(topic_of(topic, group), int(number))
    if partition not in broker.partitions(partition.topic):
        raise UnknownDeadLetterError(name)
    with closing(broker.reader([partition])) as reader:
        for record in upto_now(reader, [partition], {partition: int(offset)}):
            if record.offset == int(offset):
                return letter(record)
            break
    raise UnknownDeadLetterError(name)


def send(broker: Broker, dead: DeadLetter) -> str:
    """Send one once more; give where it is now. Raises DeadLetterCutError, BrokerUnavailableError.

    It is a message like another: what had been recorded of it is not recorded twice.
    """
    again, producer = dead.again(), broker.producer()
    try:
        partition, offset = producer.send(again).wait(PATIENCE)
    finally:
        producer.close(PATIENCE)
    return f"{again.topic}/{partition}/{offset}"


def upto_now(
    reader: Consumer, partitions: Sequence[Partition], start: Mapping[Partition, int] | None = None
) -> Iterator[Incoming]:
    """Read from the beginning, or from ``start``, to where each partition ends now."""
    begins, ends = reader.begin_offsets(partitions), reader.end_offsets(partitions)
    left = {one for one in partitions if begins[one] < ends[one]}
    for partition in partitions:
        reader.seek(partition, max(begins[partition], (start or begins)[partition]))
    left = {one for one in left if reader.fetch_offset(one) < ends[one]}
    while left:
        found = reader.poll(PATIENCE, AT_ONCE)
        if not found:
            return
        for records in found.values():
            yield from records
        left = {one for one in left if reader.fetch_offset(one) < ends[one]}


def letter(record: Incoming) -> DeadLetter:
    """Read what was written on a dead letter."""
    names = [name for name, _ in record.headers if name.startswith(PREFIX)]
    return DeadLetter(
        record, {name.removeprefix(PREFIX): record.header(name) or "" for name in names}
    )
