"""The key-encryption key: one file outside both databases, which wraps all data keys."""

import os
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from os_events.errors import TamperedError, UnavailableError
from os_events.eventlog.database import KEEPER, available, connect

LENGTH = 32  # bytes
NONCE = 12


class WrongKekError(UnavailableError):
    """The data keys are wrapped under another key than the one in the file. Bring that file back.

    Without it no personal value can be read again.
    """

    slug = "wrong-kek"


class KekMissingError(UnavailableError):
    """The file of the key that wraps the data keys is gone. Bring it back from its backup.

    No other is made while there are data keys: what they sealed would be lost.
    """

    slug = "kek-missing"


class Kek:
    """The key that wraps all others. Shape: ``id`` is derived from it, and tells nothing of it."""

    def __init__(self, secret: bytes) -> None:
        self.id = sha256(b"os_events/kek/v1\n" + secret).hexdigest()[:16]
        self._cipher = AESGCM(secret)

    def wrap(self, secret: bytes, bound: bytes) -> bytes:
        """Encrypt a data key. Shape: nonce[12], then AES-256-GCM of it."""
        nonce = token_bytes(NONCE)
        return nonce + self._cipher.encrypt(nonce, secret, self._bound(bound))

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """Decrypt a data key. Raises TamperedError if it was wrapped for something else."""
        try:
            return self._cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], self._bound(bound))
        except InvalidTag as error:
            raise TamperedError("a data key does not open: its row was changed") from error

    def _bound(self, bound: bytes) -> bytes:
        return bound + b"\n" + self.id.encode()


def open_kek(path: Path, keys_url: str) -> Kek:
    """Read the file; make it at the very first start, when there is no data key yet.

    Raises: KekMissingError, WrongKekError, UnavailableError.
    """
    wrapped_under = used_kek(keys_url)
    if not path.exists():
        if wrapped_under is not None:
            raise KekMissingError(f"{path} is gone, and data keys are wrapped under it")
        write_kek(path, token_bytes(LENGTH))
    secret = path.read_bytes()
    if len(secret) != LENGTH:
        raise WrongKekError(f"{path} does not hold {LENGTH} bytes")
    kek = Kek(secret)
    if wrapped_under not in {None, kek.id}:
        raise WrongKekError(f"{path} holds key {kek.id}; data keys are under {wrapped_under}")
    return kek


def used_kek(keys_url: str) -> str | None:
    """Say under which key data keys are wrapped; None when there are none."""
    query = "SELECT kek_id FROM keys.data_keys LIMIT 1"
    with available("the database of keys"), closing(connect(keys_url, KEEPER)) as connection:
        row = connection.execute(query).fetchone()
        return None if row is None else str(row[0])


def write_kek(path: Path, secret: bytes) -> None:
    """Write the file whole or not at all, once; it is on disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".kek-") as file:
        file.write(secret)
        file.flush()
        os.fchmod(file.fileno(), 0o400)
        os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first
            os.link(file.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
