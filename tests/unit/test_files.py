"""Files are there whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from os_events.errors import UnavailableError
from os_events.ledger.files import write_over, writing_over


class PowerCutError(Exception):
    """Given: what ends the writing."""


def test_a_file_takes_the_place_of_the_old_one_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    write_over(path, b"old")

    with writing_over(path, 0o600) as file:
        file.write(b"new")
        meanwhile = path.read_bytes()

    assert (meanwhile, path.read_bytes()) == (b"old", b"new")
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_was_not_written_to_the_end_leaves_the_old_file_and_nothing_else(
    tmp_path: Path,
) -> None:
    path = tmp_path / "log.xes"
    write_over(path, b"old")

    with suppress(PowerCutError), writing_over(path) as file:
        file.write(b"ne")
        raise PowerCutError

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_no_file_is_not_put_aside_for_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    with pytest.raises(UnavailableError, match="is no file"):
        write_over(pipe, b"new")

    assert pipe.is_fifo()
