"""The public API, as a program of the shop calls it."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any

from os_events.errors import UnavailableError

SOURCE = {"kind": "integration", "reference": "sample-shop"}
PATIENCE = 30  # seconds


class SampleStoppedError(UnavailableError):
    """The sample could not be played to its end. What was recorded stays; the program runs."""

    slug = "sample-stopped"


@dataclass
class Counter:
    """One connection to the API. Shape: ``keys`` are API keys, by whose they are."""

    host: str
    port: int
    keys: dict[str, str]
    told: int = 0
    connection: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection(self.host, self.port, timeout=PATIENCE)

    def tell(
        self, who: str, path: str, body: dict[str, Any], at: datetime, why: str | None = None
    ) -> dict[str, Any]:
        """Record what somebody says happened at an instant. Raises SampleStoppedError.

        It is told afterwards, and says so: a reason and a source.
        """
        self.told += 1
        reason = {"code": "sample"} | ({"note": why} if why else {})
        claims = {"occurred_at": at.isoformat(), "reason": reason, "source": SOURCE}
        return self.call(who, "POST", path, claims | body)

    def call(
        self, who: str, method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Send one request. Raises SampleStoppedError."""
        headers = {
            "Authorization": f"Bearer {self.keys[who]}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"sample-{self.told}",
        }
        try:
            self.connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = self.connection.getresponse()
            found: dict[str, Any] = json.loads(answer.read())
        except (OSError, HTTPException) as error:
            raise SampleStoppedError(f"{method} {path}: {error}") from error
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise SampleStoppedError(f"{method} {path}: {found.get('detail') or found}")
        return found
