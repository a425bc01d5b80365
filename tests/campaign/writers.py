"""Clients that go on writing while the program is killed, and repeat what they do not know."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event, Thread
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from tests.campaign.acknowledged import Command

PATIENCE = 10  # seconds


@dataclass
class Client:
    """One client. It opens orders and writes notes; ``told`` is all that it asked for."""

    key: str
    unit: str
    customer: str
    told: list[Command] = field(default_factory=list)
    order: UUID | None = None
    bodies: dict[UUID, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def write(self, port: int, stop: Event) -> None:
        """Repeat what was left open, then go on, until ``stop`` or nobody answers."""
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            for command in [one for one in self.told if one.outcome == "unknown"]:
                self.ask(connection, command)
            while not stop.is_set():
                self.ask(connection, self.another())
        except (OSError, HTTPException):
            return  # the answer is lost: what was asked last stays unknown
        finally:
            connection.close()

    def another(self) -> Command:
        """Make the next command: every tenth opens an order, the others write into it."""
        command = Command(uuid4(), monotonic())
        if self.order is None or len(self.told) % 10 == 0:
            line = {"line_id": "a", "service_code": "a", "description": "Reparo", "quantity": "1"}
            body = {
                "profile": "bench",
                "type": "repair",
                "contract_place": "on_premises",
                "customer_id": self.customer,
                "unit_id": self.unit,
                "reported_problem": "Não liga.",
                "lines": [line],
            }
            path = "/service-orders"
        else:
            body = {"visibility": "internal", "text": "Continua sem ligar."}
            path = f"/service-orders/{self.order}/notes"
        self.bodies[command.command_id] = path, body | {"correlation_id": str(command.command_id)}
        self.told.append(command)
        return command

    def ask(self, connection: HTTPConnection, command: Command) -> None:
        """Send a command under its own key, and note what is told. Raises when nothing is."""
        path, body = self.bodies[command.command_id]
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": str(command.command_id),
        }
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        said = json.loads(answer.read())
        if answer.status >= 500:
            return  # it may have been recorded
        command.answered_at = monotonic()
        if answer.status >= 400:
            command.outcome = "refused"
            return
        command.outcome = "ok"
        command.aggregate_id = UUID(said["aggregate_id"])
        command.version, command.position = said["version"], said["position"]
        if path == "/service-orders":
            self.order = command.aggregate_id


@contextmanager
def writing(clients: list[Client], port: int) -> Iterator[None]:
    """Let clients write meanwhile; they end by themselves when nobody answers any more."""
    stop = Event()
    threads = [Thread(target=client.write, args=(port, stop)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
