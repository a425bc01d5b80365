"""What a worker tells of the partitions that it holds, to whoever watches."""

from collections import Counter
from collections.abc import Mapping

from os_events.messaging.readers.places import Place
from os_events.messaging.records import Partition
from os_events.metrics import CONSUMER_LAG_RECORDS, CONSUMER_LAG_SECONDS, CONSUMER_STOPPED


class Gauges:
    """The gauges of one reader; what is not held any more is not told any more."""

    def __init__(self, reader: str) -> None:
        self.reader = reader
        self._shown: set[Partition] = set()
        self._reasons: set[str] = set()

    def tell(
        self,
        held: Mapping[Partition, Place],
        lags: Mapping[Partition, int],
        ages: Mapping[int, float],
    ) -> None:
        """Set them. Shape: ``ages`` are seconds, by number of partition."""
        for partition in self._shown - set(held):
            for gauge in (CONSUMER_LAG_RECORDS, CONSUMER_LAG_SECONDS):
                gauge.remove(self.reader, partition.topic, str(partition.number))
        for partition, lag in lags.items():
            labels = (self.reader, partition.topic, str(partition.number))
            age = ages.get(partition.number, 0.0) if lag else 0.0
            CONSUMER_LAG_RECORDS.labels(*labels).set(lag)
            CONSUMER_LAG_SECONDS.labels(*labels).set(max(0.0, age))
        self._shown = (self._shown & set(held)) | set(lags)
        stopped = Counter(place.stopped for place in held.values() if place.stopped)
        self._reasons.update(stopped)
        for reason in self._reasons:
            CONSUMER_STOPPED.labels(self.reader, reason).set(min(stopped[reason], 1))
