"""What runs on a folder, and what becomes of it when some of it is killed."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

from tests.e2e.programs import COMMAND, LONGEST, Program


def ask(program: Program, path: str, key: str = "", body: Any = None) -> tuple[int, Any]:
    """Ask the API, or tell it ``body``; give status and answer. Status 0: nobody answered."""
    connection = HTTPConnection("127.0.0.1", program.port, timeout=LONGEST)
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    try:
        if body is None:
            connection.request("GET", path, headers=headers if key else {})
        else:
            connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    except OSError:
        return 0, None
    finally:
        connection.close()


def in_time(found: Callable[[], bool]) -> bool:
    """Wait until something is so."""
    until, pause = monotonic() + LONGEST, Event()
    while not found():
        if monotonic() > until:
            return False
        pause.wait(0.05)
    return True


def answers(program: Program, path: str = "/health/ready") -> bool:
    return in_time(lambda: ask(program, path)[0] == 200)


def processes() -> Iterator[tuple[int, int, list[str], bytes]]:
    """Give number, parent, words and environment of each process that we may look at."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = os.fsdecode((entry / "cmdline").read_bytes()).split("\0")
            parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            yield int(entry.name), int(parent), words, (entry / "environ").read_bytes()
        except OSError:
            continue


def nothing_runs_on(data: Path) -> bool:
    """Wait until nothing works with a folder any more."""
    name = os.fsencode(data)

    def runs() -> bool:
        return any(
            name in environment or str(data) in " ".join(words)
            for _, _, words, environment in processes()
        )

    return in_time(lambda: not runs())


def child(program: Program, command: str) -> int:
    """Give the number of the child that runs a command; 0 while there is none."""
    of_ours = (
        number
        for number, parent, words, _ in processes()
        if parent == program.process.pid and command in words
    )
    return next(of_ours, 0)


def postmaster(data: Path) -> int:
    """Give the number of the database's first process; 0 while there is none."""
    try:
        return int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError):
        return 0


def kill_tree(program: Program, data: Path) -> None:
    """Kill everything at once: what stays behind of a power cut."""
    roots = {program.process.pid, postmaster(data)}
    below = [number for number, parent, _, _ in processes() if parent in roots]
    for number in (*roots, *below):
        with suppress(ProcessLookupError):  # it has ended with its parent
            os.kill(number, signal.SIGKILL)
    program.process.wait(LONGEST)


def told(program: Program, *words: str) -> subprocess.CompletedProcess[str]:
    """Run another command of a program, whatever its exit status."""
    return typed(Path(program.environment["OS_EVENTS_DATA_DIRECTORY"]), *words)


def typed(data: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a folder, whether anything else runs on it or not."""
    settings = {"OS_EVENTS_DATA_DIRECTORY": str(data), "OS_EVENTS_ALLOW_ROOT": "1"}
    return subprocess.run(
        [COMMAND, *words],
        env=os.environ | {"OS_EVENTS_PORT": "0"} | settings | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )
