"""What goes over a topic: a record out, a record in, and where it stands."""

from dataclasses import dataclass
from typing import NamedTuple

Headers = tuple[tuple[str, bytes], ...]


class Partition(NamedTuple):
    """One partition of a topic."""

    topic: str
    number: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A record to be sent. Records of one key keep their order: they share a partition."""

    topic: str
    key: bytes
    value: bytes | None
    headers: Headers = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A record as it was read."""

    partition: Partition
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()

    def header(self, name: str) -> str | None:
        """Give the last header of this name as text; None if there is none, or it is no text."""
        for known, value in reversed(self.headers):
            if known == name:
                try:
                    return value.decode()
                except UnicodeDecodeError:
                    return None
        return None
