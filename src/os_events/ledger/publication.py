"""What is published, and kept: the signed checkpoint of now, and the last of each hour.

Once a name of the log has ended, what was signed under it is frozen in ``former/<key id>``.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from os_events.ledger.checkpoint import Checkpoint
from os_events.ledger.encoding import FormatError
from os_events.ledger.files import keep_folder, make_folder, write_new, write_over
from os_events.ledger.note import SignatureError, VerifierKey
from os_events.ledger.refusals import LogDiffersFromSignedError, OriginOrKeyError

NAME = re.compile(r"([1-9][0-9]{0,15})\.ckpt", re.ASCII)
FORMER, PARTS, VKEY = "former", ("log", "archive"), "log.vkey"


class Publication:
    """The ledger's folder: ``log/checkpoint``, and ``archive/<size>.ckpt``."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "log" / "checkpoint"
        self._archive = folder / "archive"

    def current(self) -> bytes | None:
        """Give the published checkpoint as signed; None before the first."""
        return self.path.read_bytes() if self.path.exists() else None

    def opened(self, key: VerifierKey) -> tuple[bytes, Checkpoint] | None:
        """Give it as signed and as read. Raises OriginOrKeyError if ``key`` did not sign it."""
        note = self.current()
        try:
            return (note, Checkpoint.opened(note, key)) if note is not None else None
        except (FormatError, SignatureError) as error:
            raise OriginOrKeyError(f"{self.path}: {error}") from error

    def publish(self, note: bytes) -> None:
        """Put a checkpoint in the place of the one before."""
        make_folder(self.path.parent)
        write_over(self.path, note)

    def archived(self) -> Iterator[tuple[int, Path]]:
        """Give size and file of each checkpoint that is kept, smallest first."""
        if self._archive.is_dir():
            found = [(NAME.fullmatch(path.name), path) for path in self._archive.iterdir()]
            yield from sorted((int(match[1]), path) for match, path in found if match)

    def archive(self, size: int, note: bytes) -> None:
        """Keep a checkpoint for ever. Raises LogDiffersFromSignedError if another one is kept."""
        path = self._archive / f"{size}.ckpt"
        make_folder(self._archive)
        try:
            write_new(path, note)
        except FileExistsError as error:
            if path.read_bytes() != note:
                raise LogDiffersFromSignedError(f"{path} holds another checkpoint") from error


def freeze(folder: Path, key: VerifierKey) -> None:
    """Put what ``key`` signed aside for ever; done again, it puts aside what is left."""
    frozen = folder / FORMER / key.key_id.hex()
    make_folder(frozen)
    for part in PARTS:
        if (folder / part).exists() and not (frozen / part).exists():
            (folder / part).rename(frozen / part)
    write_over(frozen / VKEY, f"{key.vkey}\n".encode())
    keep_folder(folder)


def former(folder: Path) -> list[tuple[VerifierKey, Path]]:
    """Give the key of each former name, and where what it signed is frozen.

    Raises: OriginOrKeyError if one cannot be read.
    """
    found = sorted((folder / FORMER).glob(f"*/{VKEY}"))
    try:
        return [(VerifierKey.of(path.read_text().strip()), path.parent) for path in found]
    except FormatError as error:
        raise OriginOrKeyError(f"{folder / FORMER}: {error}") from error
