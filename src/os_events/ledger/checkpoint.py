"""Checkpoints (c2sp.org/tlog-checkpoint): the log says how large it is, and which root it has."""

from typing import NamedTuple

from os_events.ledger import note
from os_events.ledger.encoding import FormatError, hash_from_base64, number, to_base64
from os_events.ledger.merkle import EMPTY_ROOT

LONGEST_ORIGIN = 63


class OriginError(FormatError):
    """A checkpoint is that of another log than its key's. Ask for one of the log that you mean."""


class Checkpoint(NamedTuple):
    """Three lines, and never a fourth: an extension would not be covered by every signature."""

    origin: str
    size: int
    root: bytes

    def text(self) -> bytes:
        """Write what is signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n".encode()

    @classmethod
    def of(cls, text: bytes) -> "Checkpoint":
        """Read the text of a checkpoint. Raises FormatError."""
        try:
            origin, size, root, end = text.decode("ascii").split("\n")
        except ValueError as error:
            raise FormatError("a checkpoint is three lines of ASCII") from error
        if end:
            raise FormatError("a checkpoint ends with a newline")
        check_origin(origin)
        checkpoint = cls(origin, number(size), hash_from_base64(root))
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            raise FormatError("a checkpoint of nothing with a root of something")
        return checkpoint

    @classmethod
    def opened(cls, signed: bytes, key: note.VerifierKey) -> "Checkpoint":
        """Read a checkpoint that ``key`` signed. Raises FormatError, OriginError, SignatureError.

        The key's name is the origin: a key signs for one log.
        """
        checkpoint = cls.of(note.opened(signed, key))
        if checkpoint.origin != key.name:
            raise OriginError(f"the origin {checkpoint.origin} is not the name of its key")
        return checkpoint


def check_origin(origin: str) -> None:
    """Refuse what cannot name a log. Raises FormatError."""
    note.check_name(origin)
    if not origin.isascii() or len(origin) > LONGEST_ORIGIN:
        raise FormatError(f"an origin is at most {LONGEST_ORIGIN} ASCII characters")
