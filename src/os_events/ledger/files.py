"""Files that are there whole or not at all, and still there after the power went."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import BinaryIO

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
    with _beside(path) as (temporary, file):
        file.write(data)
        _settle(file, mode)
        os.link(temporary, path)
    keep_folder(path.parent)


def write_over(path: Path, data: bytes, mode: int = PUBLIC) -> None:
    """Write a file in the place of what was there. Raises UnavailableError."""
    with writing_over(path, mode) as file:
        file.write(data)


@contextmanager
def writing_over(path: Path, mode: int = PUBLIC) -> Iterator[BinaryIO]:
    """Give a file that takes its place once all of it is written. Raises UnavailableError."""
    if path.exists() and not path.is_file():  # a device would be gone for everybody
        raise UnavailableError(f"{path} is no file, and is not put aside for one")
    with _beside(path) as (temporary, file):
        yield file
        _settle(file, mode)
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
def _beside(path: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """Open a file of another name in the same folder, and remove it afterwards."""
    try:
        handle, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with open(handle, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
                yield Path(name), file
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError:
        raise
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written: {error.strerror}") from error


def _settle(file: BinaryIO, mode: int) -> None:
    """Flush what was written to the disk."""
    file.flush()
    os.fchmod(file.fileno(), mode)
    os.fsync(file.fileno())
