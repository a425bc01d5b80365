"""Secrets as they are written, and what is stored in their place."""

import hmac
import re
import secrets
from hashlib import sha256
from typing import NamedTuple
from zlib import crc32

from os_events.errors import ForbiddenError

PREFIX = "ose_live"
WRITTEN = re.compile(rf"({PREFIX}_([0-9a-f]{{12}})_[0-9a-f]{{64}})_([0-9a-f]{{8}})")
SHORTEST_PEPPER = 32  # bytes


class UnauthenticatedError(ForbiddenError):
    """Nobody we know is asking. Send ``Authorization: Bearer <key>`` with a key that is in force.

    Unknown, expired and revoked look alike.
    """

    slug = "unauthenticated"


class NewToken(NamedTuple):
    """A secret just drawn: the only moment at which it is there to be read."""

    id: str
    text: str


def new_api_key() -> NewToken:
    """Draw an API key: ``ose_live_<id>_<256-bit secret>_<crc>``; a scanner knows it by its form."""
    key_id = secrets.token_hex(6)
    text = f"{PREFIX}_{key_id}_{secrets.token_hex(32)}"
    return NewToken(key_id, f"{text}_{crc32(text.encode()):08x}")


def id_of(text: str) -> str:
    """Read the id in an API key. Raises UnauthenticatedError where it cannot be one of ours."""
    written = WRITTEN.fullmatch(text)
    if not written or f"{crc32(written[1].encode()):08x}" != written[3]:
        raise UnauthenticatedError
    return written[2]


class Pepper:
    """The secret under which secrets are hashed: who reads the database cannot try guesses."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SHORTEST_PEPPER:
            raise ValueError(f"the pepper has fewer than {SHORTEST_PEPPER} bytes")
        self._secret = secret

    def digest(self, purpose: str, text: str) -> bytes:
        """Give the HMAC-SHA-256 of a secret, apart for each purpose."""
        return hmac.digest(self._secret, f"os_events/{purpose}/v1\n{text}".encode(), sha256)
