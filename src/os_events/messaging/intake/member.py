"""A member of the group that takes requests: reads, answers, and only then moves its place."""

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

import structlog

from os_events.errors import UnavailableError
from os_events.failpoints import failpoint
from os_events.messaging.intake.answering import Answering
from os_events.messaging.intake.backlog import Backlog
from os_events.messaging.intake.places import Places
from os_events.messaging.ports import Ack, Assigned, Consumer, NotHeldError, Producer
from os_events.messaging.records import Incoming, Partition

WAIT = 0.5  # seconds for something to come
MOST = 200  # records of one poll: they take less than a second or two

log = structlog.get_logger()


class Batch(NamedTuple):
    """Records of a partition, fetched from ``began`` up to ``end``."""

    partition: Partition
    began: int
    end: int
    records: list[Incoming]


class Taken(NamedTuple):
    """What came of a batch. Shape: it was taken up to ``end``; what stands there ``failed``."""

    batch: Batch
    end: int
    acks: list[Ack]
    failed: UnavailableError | None


@dataclass
class Member:
    """One membership.

    Shape: ``at`` is where the next poll will read, of the partitions of which that is known;
    ``unsure`` are the others that are ours. ``patience`` is how many seconds an acknowledgement
    may take.
    """

    consumer: Consumer
    producer: Producer
    answering: Answering
    places: Places
    runner: asyncio.Runner
    patience: float
    at: dict[Partition, int] = field(default_factory=dict)
    unsure: set[Partition] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.backlog = Backlog(self.answering.group)

    def turn(self) -> bool:
        """Take what there is, and say whether nothing had to be fetched again first.

        Raises UnavailableError.

        Whatever is raised, places are never ahead of what was answered; what is done twice has one
        idempotency key.
        """
        fetched = self.consumer.poll(WAIT, MOST)
        self.look_at_changes()
        began = {one: self.at.pop(one, None) for one in fetched}
        self.unsure.update(fetched)
        waiting = sorted(self.unsure)
        found = [self.batch(one, began.get(one), fetched.get(one, [])) for one in waiting]
        batches = [one for one in found if one]
        self.finish(self.runner.run(self.take_all(batches)))
        at_place = len(batches) == len(found)
        if not at_place:
            self.backlog.forget()
        self.backlog.look(self.consumer, self.at, monotonic())
        return at_place

    def batch(
        self, partition: Partition, began: int | None, records: list[Incoming]
    ) -> Batch | None:
        """Give what was fetched, if that begins at our place; else fetch again from there.

        What counts is where the fetch began: the first record may come later, offsets have gaps.
        """
        place = self.place(partition)
        try:
            if records and began == place:
                return Batch(partition, place, self.consumer.fetch_offset(partition), records)
            self.consumer.seek(partition, place)
        except NotHeldError:  # it is another member's by now
            self.forget(partition)
        else:
            self.unsure.discard(partition)
            self.at[partition] = place
        return None

    def look_at_changes(self) -> None:
        """Forget what is known of partitions that came or went."""
        for change in self.consumer.changes():
            for partition in change.partitions:
                self.forget(partition)
            if isinstance(change, Assigned):
                self.unsure.update(change.partitions)

    def forget(self, partition: Partition) -> None:
        """Know nothing of a partition."""
        self.at.pop(partition, None)
        self.unsure.discard(partition)

    def place(self, partition: Partition) -> int:
        """Give our place in a partition; the first time, its beginning."""
        found = self.places.find(partition)
        if found is None:
            beginning = self.consumer.begin_offsets([partition])[partition]
            found = self.places.begin(partition, beginning)
        return found

    async def take_all(self, batches: list[Batch]) -> list[Taken]:
        """Take partitions side by side, each in its order."""
        return await asyncio.gather(*map(self.take, batches))

    async def take(self, batch: Batch) -> Taken:
        """Answer records one after the other, up to one that must wait."""
        acks: list[Ack] = []
        for record in batch.records:
            try:
                answer = await self.answering.answer(record)
            except UnavailableError as error:
                return Taken(batch, record.offset, acks, error)
            failpoint("intake.recorded")
            acks.append(self.producer.send(answer))
        return Taken(batch, batch.end, acks, None)

    def finish(self, taken: list[Taken]) -> None:
        """Move each place to where its batch was taken to, once all answers are acknowledged.

        Raises: BrokerUnavailableError; the first UnavailableError that a batch met.
        """
        for one in taken:
            for ack in one.acks:
                ack.wait(self.patience)
            partition = one.batch.partition
            if not self.places.move(partition, one.batch.began, one.end):
                log.warning("somebody else took it", topic=partition.topic, number=partition.number)
            elif one.failed is None:
                self.unsure.discard(partition)
                self.at[partition] = one.end
        self.consumer.commit_hint({one.batch.partition: one.end for one in taken})
        for one in taken:
            if one.failed:
                raise one.failed
