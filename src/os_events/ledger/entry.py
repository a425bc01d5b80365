"""The entry that stands for an event in the ledger, and its leaf: one line of ASCII, one form."""

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from os_events.ledger.encoding import LARGEST_NUMBER, FormatError

STATE_TAG = b"os_events/state/v1\n"
NO_PREVIOUS = bytes(32)
FORM = re.compile(
    rb'\{"aggregate":"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",'
    rb'"event":"([A-Za-z][A-Za-z0-9_.:/-]{0,119})","format":"os_events/entry/v1",'
    rb'"position":([1-9][0-9]{0,15}),"previous":"([0-9a-f]{64})",'
    rb'"recorded_at":"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6})Z",'
    rb'"state":"([0-9a-f]{64})","version":([1-9][0-9]{0,15})\}'
)


class Entry(NamedTuple):
    """What the ledger says of an event. ``state`` commits to the stored bytes."""

    aggregate: UUID
    event: str
    position: int
    previous: bytes
    recorded_at: datetime
    state: bytes
    version: int

    def text(self) -> bytes:
        """Write it: the bytes that are hashed."""
        instant = self.recorded_at.astimezone(UTC).replace(tzinfo=None)
        return (
            f'{{"aggregate":"{self.aggregate}","event":"{self.event}",'
            f'"format":"os_events/entry/v1","position":{self.position},'
            f'"previous":"{self.previous.hex()}",'
            f'"recorded_at":"{instant.isoformat(timespec="microseconds")}Z",'
            f'"state":"{self.state.hex()}","version":{self.version}}}'
        ).encode("ascii")

    @classmethod
    def of(cls, text: bytes) -> "Entry":
        """Read an entry whole, or not at all: nothing is normalised. Raises FormatError."""
        found = FORM.fullmatch(text)
        if not found:
            raise FormatError("not the form of an entry")
        aggregate, event, position, previous, instant, state, version = (
            group.decode("ascii") for group in found.groups()
        )
        try:
            recorded_at = datetime.fromisoformat(instant).replace(tzinfo=UTC)
        except ValueError as error:
            raise FormatError(f"no such instant: {instant}") from error
        entry = cls(
            aggregate=UUID(aggregate),
            event=event,
            position=int(position),
            previous=bytes.fromhex(previous),
            recorded_at=recorded_at,
            state=bytes.fromhex(state),
            version=int(version),
        )
        if max(entry.position, entry.version) > LARGEST_NUMBER:
            raise FormatError("a number above 2^53 - 1")
        if (entry.previous == NO_PREVIOUS) != (entry.version == 1):
            raise FormatError("version 1 has no previous leaf, and every other has one")
        if entry.text() != text:
            raise FormatError("not the one way to write this entry")
        return entry


def state_commitment(nonce: bytes, state: bytes) -> bytes:
    """Fix the stored bytes without showing them."""
    return sha256(STATE_TAG + nonce + state).digest()


def leaf_hash(entry: bytes) -> bytes:
    """Hash an entry as a leaf of the tree (RFC 6962, section 2.1)."""
    return sha256(b"\0" + entry).digest()
