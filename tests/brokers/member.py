"""A member of a group in a process of its own, that can be frozen: it says what it hears.

``python -m tests.brokers.member BROKERS GROUP TOPIC SESSION MOCK [INSTANCE]``
"""

import json
import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from time import monotonic

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Member:
    """The process, from outside."""

    process: subprocess.Popen[str]
    heard: SimpleQueue[tuple[str, list[int]]]

    def hears(self, what: str, seconds: float) -> list[int]:
        """Wait until it hears of this; give the partitions. Raises queue.Empty."""
        until = monotonic() + seconds
        while True:
            kind, partitions = self.heard.get(timeout=max(0.0, until - monotonic()))
            if kind == what:
                return partitions

    def freeze(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(20)


@contextmanager
def member(*words: str) -> Iterator[Member]:
    """Start one, and kill it at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.brokers.member", *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": f"{ROOT}/src:{ROOT}"},  # noqa: TID251 - handed on
        stdout=subprocess.PIPE,
        text=True,
    )
    heard: SimpleQueue[tuple[str, list[int]]] = SimpleQueue()

    def listen() -> None:
        assert process.stdout
        for line in process.stdout:
            heard.put(tuple(json.loads(line)))

    listening = Thread(target=listen)
    listening.start()
    try:
        yield Member(process, heard)
    finally:
        process.kill()
        process.wait(20)
        listening.join()
        assert process.stdout
        process.stdout.close()


def main(brokers: str, group: str, topic: str, session: str, mock: str, *instance: str) -> None:
    """Poll for ever, and write what becomes of the membership."""
    from os_events.messaging.kafka_client.broker import KafkaBroker  # noqa: PLC0415 - its warnings
    from os_events.messaging.kafka_client.cluster import Cluster  # noqa: PLC0415 - likewise
    from os_events.messaging.ports import BrokerUnavailableError  # noqa: PLC0415 - likewise

    version = (2, 3) if mock == "mock" else None
    cluster = Cluster(brokers, session_seconds=float(session), api_version=version)
    consumer = KafkaBroker(cluster).member(group, [topic], *instance)
    while True:
        try:
            consumer.poll(0.1, 100)
        except BrokerUnavailableError as error:
            sys.stderr.write(f"{error}\n")
        for change in consumer.changes():
            numbers = [one.number for one in change.partitions]
            sys.stdout.write(json.dumps([type(change).__name__, numbers]) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(*sys.argv[1:])
