"""The running program, from outside: one command, one folder, one port."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.folders import a_folder

COMMAND = str(Path(sys.executable).parent / "os-events")
LONGEST = 120  # seconds until something that does not answer fails the test


@dataclass(frozen=True)
class Program:
    """What was started: where it answers, and what its other commands need to find it."""

    address: str
    environment: dict[str, str]
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.address).port or 0

    def ask(self, *words: str) -> str:
        """Run another command of it; give what it prints."""
        return subprocess.check_output(
            [COMMAND, *words], env=os.environ | self.environment, text=True, timeout=LONGEST
        )


@contextmanager
def running(data: Path | None = None, *, empty: bool = True, **settings: str) -> Iterator[Program]:
    """Run ``os-events up`` on ``data``, else on an empty folder, and stop it as Ctrl-C does.

    Unless it is to be ``empty``, it plays its sample.
    """
    with a_folder() as folder:
        environment = {
            "OS_EVENTS_DATA_DIRECTORY": str(data or folder / "data"),
            "OS_EVENTS_PORT": "0",
            "OS_EVENTS_READ_WAIT_SECONDS": "30",
            "OS_EVENTS_ALLOW_ROOT": "1",
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        up = [COMMAND, "up", *(["--empty"] if empty else [])]
        errors = folder / "errors"
        with (
            errors.open("w") as stderr,
            subprocess.Popen(
                up,
                env=os.environ | environment,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            ) as process,
        ):
            assert process.stdout
            found = re.search(r"http://[\d.:]+", process.stdout.readline())
            assert found, errors.read_text()
            try:
                yield Program(found[0], environment, process)
            finally:
                process.send_signal(signal.SIGINT)
                process.wait(LONGEST)
