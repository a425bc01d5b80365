"""Files that are there whole or not at all, and still there after the power went."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from os_events.errors import UnavailableError

PUBLIC = 0o644


def make_folder(folder: Path, mode: int = 0o755) -> None:
    """Make a folder that is missing, and those above it."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(mode=mode, exist_ok=True)
    keep_folder(folder.parent)


def write_new(path: Path, data: bytes, mode: int = PUBLIC) -> None:
    """Write a file that is not there yet.

    Raises: FileExistsError, whatever is in the other; UnavailableError.
    """
    with _beside(path, data, mode) as temporary:
        os.link(temporary, path)
    keep_folder(path.parent)


def write_over(path: Path, data: bytes, mode: int = PUBLIC) -> None:
    """Write a file in the place of what was there. Raises UnavailableError."""
    with _beside(path, data, mode) as temporary:
        temporary.replace(path)
    keep_folder(path.parent)


def keep_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _beside(path: Path, data: bytes, mode: int) -> Iterator[Path]:
    """Write and flush a file of another name in the same folder, and remove it afterwards."""
    try:
        handle, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with open(handle, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
                file.write(data)
                file.flush()
                os.fchmod(handle, mode)
                os.fsync(handle)
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError:
        raise
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written: {error.strerror}") from error
