"""One Kafka for all processes of a run. It ends when the last of them has, however it ends."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

from tests.brokers.real import LONGEST, KafkaFailedError, RealKafka
from tests.folders import a_folder

STARTING, USERS, RUNNING, OUTPUT = "kafka-starting", "kafka-users", "kafka-running", "kafka-output"
ROOT = Path(__file__).parents[2]
KEEPERS: list[subprocess.Popen[bytes]] = []  # they outlive us, where others need them


@contextmanager
def joined(meeting: Path) -> Iterator[RealKafka]:
    """Use the Kafka of those who meet in a folder; the first to come has it started."""
    with (meeting / USERS).open("a") as users:
        with (meeting / STARTING).open("a") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)  # let go by the system, should we be killed
            if not (meeting / RUNNING).exists():
                start_keeper(meeting)
        folder, *ports = (meeting / RUNNING).read_text().split()
        kafka = RealKafka(Path(folder))
        kafka.ports = [int(one) for one in ports]
        yield kafka


def start_keeper(meeting: Path) -> None:
    """Start who keeps it, and wait until it runs."""
    with (meeting / OUTPUT).open("ab") as to:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.brokers.shared", str(meeting)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": f"{ROOT}/src:{ROOT}"},  # noqa: TID251 - handed on
            stdout=to,
            stderr=to,
            start_new_session=True,
        )
    KEEPERS.append(keeper)
    until, pause = monotonic() + 2 * LONGEST, Event()
    while not (meeting / RUNNING).exists():
        if keeper.poll() is not None or monotonic() > until:
            keeper.kill()
            raise KafkaFailedError((meeting / OUTPUT).read_text()[-4000:])
        pause.wait(0.05)


def keep(meeting: Path) -> None:
    """Run Kafka until nobody uses it any more."""
    with a_folder() as folder:
        kafka = RealKafka(folder)
        kafka.make()
        kafka.start()
        try:
            told = meeting / "kafka-told"
            told.write_text(" ".join(map(str, [folder, *kafka.ports])))
            told.rename(meeting / RUNNING)
            with (meeting / USERS).open("a") as users:
                fcntl.flock(users, fcntl.LOCK_EX)
                (meeting / RUNNING).unlink()
        finally:
            kafka.stop()


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
