"""Apache Kafka itself, one node of it, on this machine."""

import os
import re
import signal
import socket
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from threading import Event
from time import monotonic

from os_events.messaging.kafka_client.broker import KafkaBroker
from os_events.messaging.kafka_client.cluster import Cluster
from tests.brokers.certificates import write_certificates

HERE = Path(__file__).parents[1] / "broker"
JARS = HERE / "target" / "lib"
TOOLS = HERE / "target" / "tools"
OLDEST_JAVA = 17
LONGEST = 90.0  # seconds for a start, on a machine that has much to do
MEMORY = (
    "-Xms128m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-Djava.awt.headless=true",
)


class KafkaFailedError(Exception):
    """Kafka did not do what it should."""


def missing() -> str | None:
    """Say what it takes to run one, if it is not there."""
    if java_version() < OLDEST_JAVA:
        return f"no Kafka, for want of Java {OLDEST_JAVA}; to install both: sudo make broker"
    if not any(JARS.glob("kafka_*.jar")) or not any(TOOLS.glob("kafka-tools-*.jar")):
        return "no Kafka; to fetch it: make broker"
    return None


def java_version() -> int:
    """Say which Java there is; 0 if there is none."""
    if which("java") is None:
        return 0
    command = ["java", "--version"]
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
    found = re.match(r"\w+ (\d+)", told.stdout)
    return int(found[1]) if found else 0


def java(name: str, *words: str, jars: Path = JARS, options: Sequence[str] = ()) -> list[str]:
    """Give the command that runs a class of Kafka."""
    logging = f"-Dlog4j2.configurationFile={HERE / 'log4j2.xml'}"
    return ["java", *options, logging, "-cp", f"{jars}/*", name, *words]


def free_ports(count: int) -> list[int]:
    """Find ports that nobody listens on now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


@dataclass
class RealKafka:
    """One node on free ports, with all that it keeps in ``folder``."""

    folder: Path
    session: int = 30_000  # milliseconds that it may be silent, and after a kill must
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    ports: list[int] = field(default_factory=lambda: free_ports(3), init=False)

    @property
    def brokers(self) -> str:
        """Where everybody may do everything."""
        return f"127.0.0.1:{self.ports[0]}"

    @property
    def secure(self) -> str:
        """Where one signs in, over TLS, by a certificate of ``authority``."""
        return f"127.0.0.1:{self.ports[1]}"

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    @property
    def properties(self) -> Path:
        return self.folder / "server.properties"

    def broker(self, session_seconds: float = 45.0) -> KafkaBroker:
        """Give it as our program sees it."""
        return KafkaBroker(Cluster(self.brokers, session_seconds=session_seconds))

    def make(self) -> None:
        """Write its configuration, and format its storage."""
        write_certificates(self.folder / "server.pem", self.authority)
        text = (HERE / "server.properties.in").read_text()
        told = dict(zip(("PORT", "SECURE", "CONTROLLER"), self.ports, strict=True))
        for name, value in (*told.items(), ("SESSION", self.session), ("DIRECTORY", self.folder)):
            text = text.replace(f"@{name}@", str(value))
        self.properties.write_text(text)
        tool = "kafka.tools.StorageTool"
        number = self.run(tool, "random-uuid").split()[-1]
        self.run(tool, "format", "--standalone", "-t", number, "-c", str(self.properties))

    def run(self, name: str, *words: str) -> str:
        command = java(name, *words, options=MEMORY)
        told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
        if told.returncode:
            raise KafkaFailedError(f"{name}: {told.stdout}{told.stderr}")
        return told.stdout

    def start(self) -> None:
        """Start it, and wait until it answers."""
        output = self.folder / "output"
        begun = output.stat().st_size if output.exists() else 0
        command = java("kafka.Kafka", str(self.properties), options=MEMORY)
        with output.open("ab") as to:
            self.process = subprocess.Popen(
                command, stdout=to, stderr=subprocess.STDOUT, start_new_session=True
            )
        until, pause = monotonic() + LONGEST, Event()
        while b"Kafka Server started" not in output.read_bytes()[begun:]:
            if self.process.poll() is not None or monotonic() > until:
                self.kill()
                raise KafkaFailedError(output.read_text()[-4000:])
            pause.wait(0.05)
        self.broker().admin().close()

    def signal(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            os.kill(self.process.pid, number)

    def stop(self) -> None:
        """Let it end in order; kill it where it does not."""
        self.signal(signal.SIGTERM)
        try:
            if self.process:
                self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait(20)

    def pause(self) -> None:
        """Let it stand still, with its connections open."""
        self.signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.signal(signal.SIGCONT)
