"""Keeps a reader's tables from its topic, as one member of its group or alone."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import Event as Flag
from time import monotonic

import structlog

from os_events.errors import UnavailableError
from os_events.messaging.ports import Assigned, Consumer, NotHeldError
from os_events.messaging.readers.gauges import Gauges
from os_events.messaging.readers.keeping import Keeping, ReaderNotFilledError
from os_events.messaging.readers.places import Place, PlaceMovedError
from os_events.messaging.readers.sifting import Standstill
from os_events.messaging.records import Incoming, Partition
from os_events.metrics import CONSUMER_REBALANCES, CONSUMER_RESEEKS, CONSUMER_STUCK

WAIT, MOST = 0.5, 2_000  # seconds and records of a poll
SILENCE = 30.0  # seconds waited for a record that is there until a consumer is made anew
LOOK = 5.0  # seconds between two looks at the ends of partitions
TELL = 1.0  # seconds between two looks at how far all is complete

log = structlog.get_logger()


class EpochChangedError(UnavailableError):
    """The log was restored from a backup. Fill the reader anew: ``os-events reader fill``."""

    slug = "reader-epoch-changed"


class StuckError(UnavailableError):
    """A consumer got nothing although there was something. Another one is made."""

    slug = "consumer-stuck"


class Worker:
    """One consumer and one connection. After any error but those it handles, make another.

    The database's place is the one that counts: a batch is taken in only if it was fetched from
    there on; otherwise it is thrown away, and the partition is read again from its place.
    """

    def __init__(
        self, consumer: Consumer, keeping: Keeping, clock: Callable[[], float] = monotonic
    ) -> None:
        self.consumer = consumer
        self.keeping = keeping
        self.clock = clock
        self.held: dict[Partition, Place] = {}
        self.reseeks = 0
        self.gauges = Gauges(keeping.reader.name)
        self._heard: dict[Partition, float] = {}
        self._waited = 0.0  # in polls; a machine that is busy beside says nothing of the consumer
        self._looked = self._told = clock()

    def hold(self, partitions: Sequence[Partition]) -> None:
        """Begin with these partitions, each at its place."""
        places = self.keeping.all_places() if partitions else {}
        if strange := set(partitions) - places.keys():
            raise ReaderNotFilledError(f"it has no place in {strange}")
        for partition in partitions:
            # What one stood still for is tried once more: a newer release may know it.
            self.held[partition] = replace(places[partition], stopped=None)
            self._heard[partition] = self._waited
            self._go_to_place(partition)

    def run(self, stop: Flag) -> None:
        """Take in until ``stop``. Raises EpochChangedError, StuckError, UnavailableError."""
        while not stop.is_set():
            self.step()

    def step(self) -> int:
        """Poll once, and take in what came; give the number of records.

        Raises: EpochChangedError, StuckError, UnavailableError.
        """
        began = self._fetched_from()
        asked = self.clock()
        found = self.consumer.poll(WAIT, MOST)
        self._waited += self.clock() - asked
        self._follow_membership(began)
        taken = [one for one, records in found.items() if self._take_in(one, began, records)]
        if taken:
            self.consumer.commit_hint({one: self.held[one].next_offset for one in taken})
        self._look_around(busy=bool(taken))
        return sum(len(found[one]) for one in taken)

    def lags(self) -> dict[Partition, int]:
        """Say how many records each partition is behind its end, unless it stands still."""
        going = [one for one, place in self.held.items() if not place.stopped]
        ends = self.consumer.end_offsets(going) if going else {}
        return {one: max(0, end - self.held[one].next_offset) for one, end in ends.items()}

    def _fetched_from(self) -> dict[Partition, int]:
        """Say where the next poll begins; a batch that began elsewhere is thrown away."""
        found = {}
        for partition, place in self.held.items():
            with suppress(NotHeldError):  # the change that says so is on its way
                if not place.stopped:
                    found[partition] = self.consumer.fetch_offset(partition)
        return found

    def _follow_membership(self, began: dict[Partition, int]) -> None:
        """Forget what was taken from us, and go to the place of what is new."""
        changes, new = self.consumer.changes(), set[Partition]()
        for change in changes:
            for partition in change.partitions:
                began.pop(partition, None)
                self.held.pop(partition, None)
                self.keeping.forget(partition)
            if isinstance(change, Assigned):
                new.update(change.partitions)
            else:
                new.difference_update(change.partitions)
        if changes:
            CONSUMER_REBALANCES.labels(self.keeping.reader.name).inc()
            self.hold(sorted(new))
            log.info("partitions held", partitions=sorted(one.number for one in self.held))

    def _take_in(
        self, partition: Partition, began: dict[Partition, int], records: Sequence[Incoming]
    ) -> bool:
        """Take in what was fetched of a partition; say whether its place was moved."""
        if partition not in began or not records:
            return False
        place = self.held[partition]
        if records[0].offset != began[partition] and not self._is_whole(partition, records[0]):
            return False
        try:
            now = self.keeping.take_in(partition, began[partition], records)
        except PlaceMovedError:
            self._reseek(partition)
            return False
        self.held[partition] = now
        self._heard[partition] = self._waited
        if now.stopped == Standstill.EPOCH:
            raise EpochChangedError(f"partition {partition.number}, offset {now.next_offset}")
        return now.next_offset != place.next_offset

    def _is_whole(self, partition: Partition, first: Incoming) -> bool:
        """Say whether nothing is missing before a record that does not stand where we began.

        A client that asks for what is not there any more is given the first that is.
        """
        if self._is_there(partition) and first.offset < self.held[partition].next_offset:
            self._reseek(partition)
            return False
        return not self.held[partition].stopped

    def _go_to_place(self, partition: Partition) -> None:
        """Read a partition from its place next, if the topic still has it."""
        if self._is_there(partition):
            try:
                self.consumer.seek(partition, self.held[partition].next_offset)
            except NotHeldError:  # the change that says so is on its way
                del self.held[partition]

    def _is_there(self, partition: Partition) -> bool:
        """Let a partition stand still whose topic begins after its place, or ends before."""
        at = self.held[partition].next_offset
        begin = self.consumer.begin_offsets([partition])[partition]
        end = self.consumer.end_offsets([partition])[partition]
        if begin <= at <= end:
            return True
        why = Standstill.ERASED if at < begin else Standstill.LOST
        log.error("reader stopped", partition=partition.number, offset=at, error=why)
        with suppress(PlaceMovedError):  # by whoever has it now
            self.held[partition] = self.keeping.stop(partition, at, why)
        return False

    def _reseek(self, partition: Partition) -> None:
        self.reseeks += 1
        CONSUMER_RESEEKS.labels(self.keeping.reader.name).inc()
        self.keeping.forget(partition)
        self.hold([partition])
        log.info("partition read again from its place", partition=partition.number)

    def _look_around(self, *, busy: bool) -> None:
        """Say how far all is; make sure that what there is comes.

        Raises: StuckError, UnavailableError.
        """
        now = self.clock()
        if busy or now - self._told > TELL:
            self._told = now
            self.keeping.advance()
        if now - self._looked > LOOK:
            self._looked = now
            lags = self.lags()
            at = {one.number: place.last_position for one, place in self.held.items()}
            self.gauges.tell(self.held, lags, self.keeping.ages(at))
            self._refuse_silence(lags)
            self._try_what_was_mended()

    def _try_what_was_mended(self) -> None:
        """Go on with partitions that stood still, and have been filled since."""
        stopped = [one for one, place in self.held.items() if place.stopped]
        places = self.keeping.all_places() if stopped else {}
        self.hold([one for one in stopped if places[one].stopped is None])

    def _refuse_silence(self, lags: Mapping[Partition, int]) -> None:
        for partition, lag in lags.items():
            if not lag:
                self._heard[partition] = self._waited
            elif self._waited - self._heard[partition] > SILENCE:
                CONSUMER_STUCK.labels(self.keeping.reader.name).inc()
                raise StuckError(f"partition {partition.number}: {lag} records wait")
