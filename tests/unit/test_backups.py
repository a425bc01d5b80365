"""What is taken for a backup, before anything is dropped for it."""

import json
import tarfile
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from os_events.bootstrap.backups import FORMAT, KEYS, LOG, MANIFEST, NotABackupError, unpacked

DUMP = b"a dump"
SUMS = {LOG: sha256(DUMP).hexdigest(), KEYS: sha256(DUMP).hexdigest()}


def tarred(file: Path, manifest: Any, *members: str) -> Path:
    """Given: a file like a backup."""
    with tarfile.open(file, "w") as tar:
        for name, content in [
            (MANIFEST, json.dumps(manifest).encode()),
            *((m, DUMP) for m in members),
        ]:
            about = tarfile.TarInfo(name)
            about.size = len(content)
            tar.addfile(about, BytesIO(content))
    return file


def test_a_backup_is_unpacked_as_it_was_written(tmp_path: Path) -> None:
    file = tarred(tmp_path / "file", {"format": FORMAT, "sha256": SUMS, "head": 3}, LOG, KEYS)

    manifest = unpacked(file, tmp_path)

    assert (manifest["head"], (tmp_path / LOG).read_bytes()) == (3, DUMP)


@pytest.mark.parametrize(
    ("manifest", "members"),
    [
        ({"format": FORMAT, "sha256": SUMS}, (LOG,)),
        ({"format": FORMAT, "sha256": {LOG: SUMS[LOG]}}, (LOG, KEYS)),
        ({"format": FORMAT, "sha256": {}}, ()),
        ({"format": FORMAT, "sha256": SUMS | {LOG: "0" * 64}}, (LOG, KEYS)),
        ({"format": FORMAT, "sha256": SUMS | {"../file": "0" * 64}}, (LOG, KEYS)),
        ({"format": "os_events/backup/v9", "sha256": SUMS}, (LOG, KEYS)),
        ({"format": FORMAT}, (LOG, KEYS)),
        ([FORMAT], (LOG, KEYS)),
        ({"format": FORMAT, "sha256": SUMS}, (LOG, KEYS, "../outside")),
    ],
)
def test_what_is_not_a_whole_backup_is_not_taken_for_one(
    tmp_path: Path, manifest: Any, members: tuple[str, ...]
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    file = tarred(tmp_path / "file", manifest, *members)

    with pytest.raises(NotABackupError):
        unpacked(file, folder)

    assert not (tmp_path / "outside").exists()
