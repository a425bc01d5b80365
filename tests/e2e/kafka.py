"""The program beside a Kafka of its own: its settings, its topics, its intake."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from os_events.messaging.ports import Broker, TopicSpec
from tests.brokers.real import RealKafka
from tests.e2e.programs import COMMAND, LONGEST

CENTRO = "5f0f7a3e-0c1d-4e7a-9b39-0d6f3f1c2a01"  # of the sample company
CRM = f"""[[senders]]
topic = "crm.service-request.commands.v1"
source = "/crm/loja"
name = "crm"
units = ["{CENTRO}"]
"""


def set_up(patch: pytest.MonkeyPatch, kafka: RealKafka, senders: Path) -> None:
    """Given: settings for all programs of a test."""
    patch.setenv("OS_EVENTS_KAFKA_BROKERS", kafka.brokers)
    patch.setenv("OS_EVENTS_KAFKA_REPLICATION", "1")
    patch.setenv("OS_EVENTS_INTAKE_FILE", str(senders))


def make_topic(broker: Broker, name: str, partitions: int = 3) -> None:
    """Given: a topic of somebody else's."""
    admin = broker.admin()
    admin.create(TopicSpec(name, partitions, 1))
    admin.close()


@contextmanager
def beside(data: Path, *words: str, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command on a folder, beside what runs there, and stop it in good order."""
    settings = {"OS_EVENTS_DATA_DIRECTORY": str(data), "OS_EVENTS_ALLOW_ROOT": "1"}
    with subprocess.Popen([COMMAND, *words], env=os.environ | settings | environment) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait(LONGEST)
