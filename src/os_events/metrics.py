"""Every metric: its name, its unit, its labels. Rooms set them, ``bootstrap`` serves them.

Labels are bounded: a command, a rule, a route, a follower, a topic; never an id or a person.
"""

from collections.abc import Callable, Iterable
from math import isnan, nan
from typing import NamedTuple

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.metrics_core import Metric


class _Known(CollectorRegistry):
    """Tells what is known: a gauge that nobody has set is NaN, not 0, and is left out.

    So is when each series began: nobody asks, and they are as many as the rest.
    """

    def collect(self) -> Iterable[Metric]:
        for family in super().collect():
            family.samples = [
                one
                for one in family.samples
                if not isnan(one.value) and not one.name.endswith("_created")
            ]
            if family.samples:
                yield family


class Look(NamedTuple):
    """What is read whenever somebody asks for the metrics, and which gauges it sets."""

    gauges: tuple[Gauge, ...]
    read: Callable[[], None]

    def forget(self) -> None:
        """Know nothing any more: what cannot be seen now is not told."""
        for gauge in self.gauges:
            if gauge in _PLAIN:
                gauge.set(nan)
            else:
                gauge.clear()


PREFIX = "os_events"
REGISTRY = _Known()  # ours alone: no import of a library adds to it
QUICK = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # seconds
_PLAIN: list[Gauge] = []  # those without labels
MANY = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 5000)


def _counter(name: str, meaning: str, *labels: str) -> Counter:
    return Counter(name, meaning, labels, namespace=PREFIX, registry=REGISTRY)


def _gauge(name: str, meaning: str, *labels: str) -> Gauge:
    made = Gauge(name, meaning, labels, namespace=PREFIX, registry=REGISTRY)
    if not labels:
        made.set(nan)
        _PLAIN.append(made)
    return made


def _seconds(name: str, meaning: str, *labels: str) -> Histogram:
    return Histogram(name, meaning, labels, namespace=PREFIX, registry=REGISTRY, buckets=QUICK)


def _sizes(name: str, meaning: str, *labels: str) -> Histogram:
    return Histogram(name, meaning, labels, namespace=PREFIX, registry=REGISTRY, buckets=MANY)


# The log
APPEND_SECONDS = _seconds("append_seconds", "One call of log.append, with all its commands.")
APPEND_BATCH_COMMANDS = _sizes("append_batch_commands", "Commands in one call of log.append.")
COMMANDS = _counter(
    "commands",
    "Commands by what became of them: done, replayed, misused, conflict, refused, forbidden,"
    " not-found, unavailable, tampered.",
    "command",
    "outcome",
)
RULE_REFUSALS = _counter("rule_refusals", "Commands that a rule of the house refused.", "rule")
ACCESS_DENIED = _counter(
    "access_denied", "Commands and questions that a role may not ask for.", "role", "action"
)
LOG_POSITION = _gauge("log_position", "The last position of the log.")
LOG_RECORDED_TIMESTAMP_SECONDS = _gauge(
    "log_recorded_timestamp_seconds", "When the last event was recorded, since 1970."
)
DATABASE_REACHABLE = _gauge("database_reachable", "1 if the log's database answers, 0 if not.")
LOG_REFUSING = _gauge("log_refusing", "1 while the log refuses to record, by the reason.", "reason")
POOL_WAIT_SECONDS = _seconds(
    "pool_wait_seconds", "How long a connection of a pool was waited for.", "role"
)
POOL_IN_USE = _gauge("pool_in_use", "Connections of a pool that are in use.", "role")
BACKUP_AGE_SECONDS = _gauge(
    "backup_age_seconds", "The age of the last backup that was made here; +Inf without one."
)
DISK_FREE_RATIO = _gauge(
    "disk_free_ratio",
    "How much is free where something is kept: data, ledger, checkpoints.",
    "place",
)
BUILD_INFO = _gauge("build_info", "1; what runs here.", "version", "process")

# Read models and checkpoints
FOLLOWER_POSITION = _gauge("follower_position", "How far a read model is.", "follower")
FOLLOWER_LAG_EVENTS = _gauge(
    "follower_lag_events", "Events that a read model has not taken in.", "follower"
)
FOLLOWER_LAG_SECONDS = _gauge(
    "follower_lag_seconds",
    "How long the oldest event that a read model has not taken in has been recorded.",
    "follower",
)
FOLLOWER_STATE = _gauge(
    "follower_state", "1 for the state that it is in: running, stopped.", "follower", "state"
)
FOLLOWER_STOPPED_POSITION = _gauge(
    "follower_stopped_position", "Where the event is that it cannot apply.", "follower"
)
FOLLOWER_BATCH_SECONDS = _seconds("follower_batch_seconds", "One batch of a follower.", "follower")
FOLLOWER_BATCH_EVENTS = _sizes(
    "follower_batch_events", "Positions in a batch of a follower.", "follower"
)
REBUILD_POSITION = _gauge(
    "rebuild_position", "How far a table is that is being built anew.", "follower"
)
CHECKPOINT_SIZE = _gauge("checkpoint_size", "Events under the last published checkpoint.")
CHECKPOINT_AGE_SECONDS = _gauge(
    "checkpoint_age_seconds",
    "How long the oldest event that no checkpoint covers has been recorded; 0 if there is none.",
)

# Kafka out
PUBLISHER_POSITION = _gauge("publisher_position", "How far a topic is published.", "topic")
PUBLISHER_BACKLOG_EVENTS = _gauge(
    "publisher_backlog_events", "Positions that are not published yet.", "topic"
)
PUBLISHER_OLDEST_SECONDS = _gauge(
    "publisher_oldest_seconds",
    "How long the oldest event that is not published has been recorded.",
    "topic",
)
PUBLISHER_STOPPED = _gauge(
    "publisher_stopped", "1 while it stands still until somebody acts, by the reason's slug.",
    "topic", "reason",
)  # fmt: skip
PUBLISHER_RECORDS = _counter("publisher_records", "Records that the broker has accepted.", "topic")
PUBLISHER_SKIPPED_BY_SCAN = _counter(
    "publisher_skipped_by_scan", "Records that a scan found in the topic already.", "topic"
)
PUBLISHER_RESTARTS = _counter(
    "publisher_restarts", "Times that a publisher began anew after an error of the broker.", "topic"
)

# Kafka in
CONSUMER_LAG_RECORDS = _gauge(
    "consumer_lag_records", "The end of a partition less our place.", "reader", "topic", "partition"
)
CONSUMER_LAG_SECONDS = _gauge(
    "consumer_lag_seconds",
    "The age of the last record taken in, while there are more; 0 at the end.",
    "reader",
    "topic",
    "partition",
)
CONSUMER_RESEEKS = _counter("consumer_reseeks", "Partitions read again from our place.", "reader")
CONSUMER_REBALANCES = _counter(
    "consumer_rebalances", "Times that partitions were assigned anew.", "reader"
)
CONSUMER_STUCK = _counter(
    "consumer_stuck", "Times that a consumer got nothing although there was something.", "reader"
)
CONSUMER_STOPPED = _gauge(
    "consumer_stopped", "1 while it stands still until somebody acts, by the reason's slug.",
    "reader", "reason",
)  # fmt: skip
READER_RECORDS = _counter(
    "reader_records",
    "Records of the log's topic by what became of them: applied, repeated, or why they were passed"
    " over (no-row, other-source, other-epoch, other-leaf, contradiction).",
    "reader",
    "outcome",
)
INTAKE_OUTCOMES = _counter(
    "intake_outcomes", "Requests of other systems by what became of them.", "group", "outcome"
)
DEAD_LETTERS = _counter("dead_letters", "Messages put aside, with a reason.", "group")

# Webhooks
WEBHOOK_ATTEMPTS = _counter("webhook_attempts", "Deliveries tried, by what came of it.", "outcome")
WEBHOOK_OLDEST_SECONDS = _gauge(
    "webhook_oldest_seconds", "How long the oldest delivery that is not done has waited."
)
WEBHOOK_ENDPOINTS_OFF = _gauge(
    "webhook_endpoints_off",
    "Endpoints that need somebody: switched off since they did not answer, or stopped before an"
    " event that cannot be told.",
)

# HTTP
HTTP_REQUESTS = _counter(
    "http_requests", "Answers by route template and class of status.", "route", "method", "status"
)
HTTP_REQUEST_SECONDS = _seconds(
    "http_request_seconds", "From the request's first byte to the answer's last.", "route", "method"
)
