"""The log's key: made once, kept in a file of its own, and never made anew for the same log."""

import secrets
from contextlib import suppress
from pathlib import Path

from os_events.ledger.checkpoint import Checkpoint, check_origin
from os_events.ledger.encoding import FormatError
from os_events.ledger.files import keep_folder, make_folder, write_new, write_over
from os_events.ledger.note import SigningKey, VerifierKey
from os_events.ledger.publication import VKEY, Publication
from os_events.ledger.refusals import LogShorterThanSignedError, OriginOrKeyError
from os_events.ledger.store import CheckpointStore

KEY, NEXT = "keys/log.skey", "keys/next.skey"
SEED_BYTES = 32
SECRET = 0o400


class Signer:
    """Signs checkpoints, and never one that is smaller than the last."""

    def __init__(self, key: SigningKey, signed: int = 0) -> None:
        self._key = key
        self._signed = signed

    @property
    def verifier(self) -> VerifierKey:
        """Give the key that others check with. Its name is the origin."""
        return self._key.verifier

    def signed(self, checkpoint: Checkpoint) -> bytes:
        """Give the signed checkpoint; the same one always gives the same bytes.

        Raises: LogShorterThanSignedError after a larger one.
        """
        if checkpoint.size < self._signed:
            raise LogShorterThanSignedError(f"{self._signed} were signed, not {checkpoint.size}")
        self._signed = checkpoint.size
        return self._key.signed(checkpoint.text())


def new_origin() -> str:
    """Make a name for a new log."""
    return f"os-events/{secrets.token_hex(8)}"


def load_or_make(folder: Path, store: CheckpointStore, origin: str | None = None) -> Signer:
    """Read ``keys/log.skey`` below the ledger's folder; make key and origin at the first start.

    ``log.vkey`` beside ``keys`` says to everybody what to verify with.

    Raises: OriginOrKeyError where the store knows a key that is not there, or another origin.
    """
    path = folder / KEY
    latest = store.latest()
    signed = latest[1].checkpoint if latest else None
    if not path.exists():
        if signed or Publication(folder).current():
            raise OriginOrKeyError(f"{path} is missing, and something was signed with it")
        _make(path, origin or new_origin())
    key = signing_key(path)
    name = key.verifier.name
    if origin and origin != name:
        raise OriginOrKeyError(f"{path} is the key of {name}, not of {origin}")
    if signed and signed.origin != name:
        raise OriginOrKeyError(f"{path} is the key of {name}, not of {signed.origin}")
    _tell(folder / VKEY, key.verifier)
    return Signer(key, signed.size if signed else 0)


def _make(path: Path, origin: str) -> None:
    try:
        check_origin(origin)
    except FormatError as error:
        raise OriginOrKeyError(f"{origin!r} cannot be an origin: {error}") from error
    key = SigningKey(origin, secrets.token_bytes(SEED_BYTES))
    make_folder(path.parent, mode=0o700)
    try:
        write_new(path, f"{key.skey}\n".encode(), mode=SECRET)
    except FileExistsError:
        return  # another process was first; its key is as good


def successor(folder: Path) -> SigningKey:
    """Make the key that will sign under another name, or find the one that was made."""
    path = folder / NEXT
    if not path.exists():
        _make(path, new_origin())
    return signing_key(path)


def succeed(folder: Path, former: SigningKey) -> None:
    """Let the next key take the place of the former, which is kept beside it."""
    path = folder / KEY
    kept = path.with_name(f"former-{former.verifier.key_id.hex()}.skey")
    with suppress(FileExistsError):
        write_new(kept, f"{former.skey}\n".encode(), mode=SECRET)
    (folder / NEXT).replace(path)
    keep_folder(path.parent)
    _tell(folder / VKEY, signing_key(path).verifier)


def signing_key(path: Path) -> SigningKey:
    """Read a key. Raises OriginOrKeyError."""
    try:
        return SigningKey.of(path.read_text().strip())
    except (OSError, FormatError) as error:
        raise OriginOrKeyError(f"{path} cannot be used: {error}") from error


def _tell(path: Path, verifier: VerifierKey) -> None:
    told = f"{verifier.vkey}\n".encode()
    if not path.exists() or path.read_bytes() != told:
        write_over(path, told)
