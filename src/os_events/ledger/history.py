"""The history file, ``os_events/history/v1``: all events of one aggregate, under one checkpoint.

It has one form, to the byte: docs/reference/history-file.md.
"""

import json
from dataclasses import dataclass
from typing import Any, NamedTuple

from os_events.ledger.encoding import FormatError, hash_from_base64, to_base64

FORMAT = "os_events/history/v1"
LARGEST_FILE = 16 << 20  # bytes
NONCE_BYTES = 16


class ProvedEvent(NamedTuple):
    """One event: what the log says of it, what was stored, and the way to the root."""

    entry: str
    nonce: bytes
    state: str
    proof: str


class Growth(NamedTuple):
    """A proof that the log of ``size`` events is the beginning of the one in the checkpoint."""

    size: int
    hashes: list[bytes]


@dataclass(frozen=True)
class History:
    """What a history file holds. ``checkpoint`` is a signed note."""

    checkpoint: str
    growth: Growth | None
    events: list[ProvedEvent]

    def written(self) -> bytes:
        """Write a history file: JSON in UTF-8, a line for each event."""
        growth = self.growth and {
            "size": self.growth.size,
            "hashes": [to_base64(one) for one in self.growth.hashes],
        }
        events = ",\n".join(
            _json(event._asdict() | {"nonce": event.nonce.hex()}) for event in self.events
        )
        return (
            f'{{"format":{_json(FORMAT)},\n"checkpoint":{_json(self.checkpoint)},\n'
            f'"consistency":{_json(growth)},\n"events":[\n{events}\n]}}\n'
        ).encode()

    @classmethod
    def of(cls, data: bytes) -> "History":
        """Read a history file; nothing is verified yet. Raises FormatError."""
        if len(data) > LARGEST_FILE:
            raise FormatError(f"a file of more than {LARGEST_FILE} bytes")
        try:
            history = _history(json.loads(data.decode()))
            as_we_write = history.written()
        except FormatError:
            raise
        except (ValueError, RecursionError) as error:
            raise FormatError("not JSON in UTF-8, or too deep") from error
        if as_we_write != data:
            raise FormatError(f"not in the one form of {FORMAT}: somebody wrote the file anew")
        return history


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _history(value: Any) -> History:
    match value:
        case {
            "format": str(form),
            "checkpoint": str(checkpoint),
            "consistency": growth,
            "events": [_, *_] as events,
        } if form == FORMAT:
            return History(checkpoint, _growth(growth), [_event(event) for event in events])
    raise FormatError(f"not a file of the form {FORMAT}")


def _growth(value: Any) -> Growth | None:
    match value:
        case None:
            return None
        case {"size": int(size), "hashes": [*hashes]} if not isinstance(size, bool):
            return Growth(size, [hash_from_base64(str(one)) for one in hashes])
    raise FormatError("a proof of consistency without size and hashes")


def _event(value: Any) -> ProvedEvent:
    match value:
        case {"entry": str(entry), "nonce": str(nonce), "state": str(state), "proof": str(proof)}:
            event = ProvedEvent(entry, bytes.fromhex(nonce), state, proof)
            if len(event.nonce) == NONCE_BYTES:
                return event
    raise FormatError("an event without entry, nonce, state and proof")
