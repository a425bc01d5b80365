"""A real Prometheus that watches a running program by the rules of ``deploy/``."""

import json
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from tests.alerts import RULES
from tests.benchmark.report import QUICK

SHORTER = {"for: 1m": "for: 5s", "> 300": "> 15", "[2m]": "[15s]"}  # with QUICK=1
PATIENCE = 600.0  # seconds: five minutes until the oldest event is late, one that it stays so


def said(words: str) -> None:
    """Tell whoever watches the test."""
    print(f"{monotonic() - BEGAN:6.1f} s  {words}", flush=True)


BEGAN = monotonic()


def rules(folder: Path) -> str:
    """Write the rules as they are; with QUICK=1 with shorter times."""
    for path in RULES:
        text = path.read_text()
        for long, short in SHORTER.items() if QUICK else ():
            text = text.replace(long, short)
        (folder / path.name).write_text(text)
    return f"{folder}/*.yml"


def free_row(length: int) -> int:
    """Find ports that follow each other and that nobody listens on."""
    while True:
        with ExitStack() as held, suppress(OSError):
            first = held.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
            for port in range(first + 1, first + length):
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            return int(first)


@dataclass(frozen=True)
class Prometheus:
    """One that runs."""

    port: int

    def ask(self, path: str) -> Any:
        """Ask its API; None while it does not answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", f"/api/v1/{path}")
            return json.loads(connection.getresponse().read())["data"]
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()

    def value(self, expression: str) -> float | None:
        """Ask for one number; None while nobody tells it."""
        found = self.ask(f"query?query={quote(expression)}")
        results = found["result"] if found else []
        return float(results[0]["value"][1]) if results else None

    def firing(self) -> dict[str, dict[str, str]]:
        """Name the alerts that fire, each with its labels."""
        found = (self.ask("alerts") or {"alerts": []})["alerts"]
        labels = [one["labels"] for one in found if one["state"] == "firing"]
        return {one["alertname"]: one for one in labels}

    def await_alert(self, name: str) -> dict[str, str]:
        """Wait until an alert fires; give its labels."""
        wait(lambda: name in self.firing(), f"{name} fires")
        return self.firing()[name]

    def await_silence(self, name: str) -> None:
        """Wait until an alert is over."""
        wait(lambda: name not in self.firing(), f"{name} is over")


def wait(found: Any, what: str) -> None:
    """Wait until something is so, and say so."""
    until, pause = monotonic() + PATIENCE, Event()
    while not found():
        assert monotonic() < until, f"not in time: {what}"
        pause.wait(0.5)
    said(what)


@contextmanager
def watching(folder: Path, first: int, processes: int) -> Iterator[Prometheus]:
    """Run one that scrapes the ports from ``first`` on every second."""
    command = shutil.which("prometheus")
    if command is None:
        pytest.skip("no Prometheus: apt-get install prometheus")
    targets = [f"127.0.0.1:{port}" for port in range(first, first + processes)]
    configuration = {
        "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
        "rule_files": [rules(folder)],
        "scrape_configs": [{"job_name": "os-events", "static_configs": [{"targets": targets}]}],
    }
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(configuration))
    port = free_row(1)
    with (folder / "prometheus.log").open("wb") as output:
        process = subprocess.Popen(
            [
                command,
                f"--config.file={folder / 'prometheus.yaml'}",
                f"--storage.tsdb.path={folder / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=output,
            stderr=output,
        )
    try:
        found = Prometheus(port)
        wait(lambda: found.ask("status/buildinfo"), "Prometheus answers")
        yield found
    finally:
        process.terminate()
        process.wait(30)
