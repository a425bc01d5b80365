"""How much waits in the partitions that a member has, and whether it comes."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from os_events.messaging.ports import BrokerUnavailableError, Consumer
from os_events.messaging.records import Partition
from os_events.metrics import CONSUMER_LAG_RECORDS, CONSUMER_STUCK

EVERY = 5.0  # seconds between two looks
SILENCE = 30.0  # seconds after which something that is there should have come


@dataclass
class Backlog:
    """What is known of it.

    Shape: ``since`` says when a place was first seen where it still is, by a clock of seconds.
    """

    reader: str
    looked_at: float = 0.0
    since: dict[Partition, tuple[int, float]] = field(default_factory=dict)
    shown: set[Partition] = field(default_factory=set)

    def look(self, consumer: Consumer, at: Mapping[Partition, int], now: float) -> None:
        """Tell how much there is behind each place, now and then.

        Raises: BrokerUnavailableError where nothing of it came: another consumer may get it.
        """
        if now - self.looked_at < EVERY:
            return
        self.looked_at = now
        ends = consumer.end_offsets(at) if at else {}
        self.show({one: max(0, end - at[one]) for one, end in ends.items()})
        for partition, end in ends.items():
            place, since = self.since.get(partition, (-1, now))
            if end <= at[partition] or place != at[partition]:
                self.since[partition] = at[partition], now
            elif now - since > SILENCE:
                CONSUMER_STUCK.labels(self.reader).inc()
                raise BrokerUnavailableError(f"nothing came of {partition} for {SILENCE} s")

    def forget(self) -> None:
        """Begin to wait anew: places stood still for a reason."""
        self.since.clear()

    def show(self, lags: Mapping[Partition, int]) -> None:
        """Set the gauges; what is not ours any more is not told any more."""
        for topic, number in self.shown - set(lags):
            CONSUMER_LAG_RECORDS.remove(self.reader, topic, str(number))
        for (topic, number), lag in lags.items():
            CONSUMER_LAG_RECORDS.labels(self.reader, topic, str(number)).set(lag)
        self.shown = set(lags)
