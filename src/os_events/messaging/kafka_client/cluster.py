"""Where Kafka is, and what every client of it is told."""

import logging
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kafka.errors import KafkaError, UnknownTopicOrPartitionError

from os_events.messaging.ports import BrokerUnavailableError, TopicMissingError

FIRST_ANSWER_MS = 5_000  # who is told to stop while a broker is away does so in time


@dataclass(frozen=True, slots=True)
class Cluster:
    """Where Kafka is, and how we get in. Shape: ``brokers`` is host:port, with commas between.

    With a user or a file of certificates connections use TLS. ``api_version`` is asked for unless
    it is given.
    """

    brokers: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    session_seconds: float = 45.0
    request_seconds: float = 30.0
    api_version: tuple[int, int] | None = None

    def config(self) -> dict[str, Any]:
        """Give what all clients are told."""
        milliseconds = int(self.request_seconds * 1000)
        told: dict[str, Any] = {
            "bootstrap_servers": self.brokers.split(","),
            "client_id": "os-events",
            "request_timeout_ms": milliseconds,
            "bootstrap_timeout_ms": min(milliseconds, FIRST_ANSWER_MS),
            "reconnect_backoff_max_ms": 1_000,
            "api_version": self.api_version,
        }
        if self.user or self.ca_file:
            told["security_protocol"] = "SASL_SSL" if self.user else "SSL"
            told["ssl_context"] = ssl.create_default_context(cafile=self.ca_file)
        if self.user:
            told["sasl_mechanism"] = "SCRAM-SHA-512"
            told["sasl_plain_username"] = self.user
            told["sasl_plain_password"] = self.password
        return told


@contextmanager
def translated(about: str) -> Iterator[None]:
    """Let every error of the client become one of ours."""
    try:
        yield
    except UnknownTopicOrPartitionError as error:
        raise TopicMissingError(about) from error
    except (KafkaError, OSError) as error:
        raise BrokerUnavailableError(f"{about}: {type(error).__name__}: {error}") from error


class FirstFailure(logging.Handler):
    """Keeps why a connection failed: what is raised in the end says only that time is up."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Note it."""
        if self.told is None and "failed" in (words := record.getMessage()):
            self.told = words


def client(kind: Any, config: Mapping[str, Any]) -> Any:
    """Make a client; one that cannot be made leaves no thread behind."""
    connected: list[Any] = []

    def connect(**told: Any) -> Any:
        connected.append(kind.DEFAULT_CONFIG["kafka_client"](**told))
        return connected[-1]

    failure, logger = FirstFailure(), logging.getLogger("kafka.net.manager")
    logger.addHandler(failure)
    try:
        return kind(**config, kafka_client=connect)
    except (KafkaError, OSError) as error:
        for one in connected:
            one.close()
        brokers = ",".join(config["bootstrap_servers"])
        raise BrokerUnavailableError(f"Kafka at {brokers}: {failure.told or error}") from error
    finally:
        logger.removeHandler(failure)
