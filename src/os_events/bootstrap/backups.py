"""One file that both databases can be restored from."""

import json
import os
import tarfile
from datetime import datetime, timedelta
from hashlib import file_digest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from os_events.bootstrap.databases import edge_clock, migrations
from os_events.bootstrap.installation import Installation
from os_events.errors import ConflictError, NotFoundError
from os_events.eventlog import archive
from os_events.eventlog.cluster import programs
from os_events.eventlog.database import AUDITOR
from os_events.eventlog.migrations import keys_migrations
from os_events.eventlog.rows import last_row
from os_events.ledger.files import keep_folder, make_folder, write_new, write_over
from os_events.settings import Settings

FORMAT = "os_events/backup/v1"
MANIFEST, LOG, KEYS, SECRETS = "manifest.json", "log.dump", "keys.dump", "secrets"
OLD = timedelta(days=7)
OWNER_ONLY = 0o600


class NotABackupError(NotFoundError):
    """The file is no backup of this program, or not whole. Take another one."""

    slug = "not-a-backup"


class LogThereError(ConflictError):
    """There is a log already, and it would be lost. Give ``--replace`` if that is what you want."""

    slug = "log-there"


class InUseError(ConflictError):
    """The database is in use. Stop the program that uses it (``os-events up``) first."""

    slug = "in-use"


def secret_files(settings: Settings) -> dict[str, Path]:
    """Name the files without which a backup is of little use, and where they are."""
    keys = settings.data_directory / "keys"
    return {
        "kek": settings.kek,
        "pepper": keys / "pepper",
        "lookup": keys / "lookup",
        "log.skey": settings.ledger / "keys" / "log.skey",
    }


def write_backup(installation: Installation, file: Path, *, secrets: bool) -> dict[str, Any]:
    """Write a backup whole or not at all; give its manifest. Raises ArchiveError.

    The log is written first: every key that it needs was there before.
    """
    admin = installation.databases.superuser
    last, made_at = last_row(installation.databases.log, AUDITOR), edge_clock()
    with TemporaryDirectory(dir=file.parent, prefix=".backup-") as name:
        folder = Path(name)
        archive.dump(programs(), admin.log, folder / LOG)
        archive.dump(programs(), admin.keys, folder / KEYS)
        members = {LOG: folder / LOG, KEYS: folder / KEYS}
        if secrets:
            found = secret_files(installation.settings).items()
            members |= {f"{SECRETS}/{one}": path for one, path in found}
        manifest = {
            "format": FORMAT,
            "made_at": made_at.isoformat(),
            "head": last.position if last else 0,
            "origin": installation.signer.verifier.name,
            "sha256": {member: digest(path) for member, path in members.items()},
        }
        (folder / MANIFEST).write_text(json.dumps(manifest, indent=1))
        whole = folder / "whole"
        with tarfile.open(whole, "x") as tar:
            tar.add(folder / MANIFEST, MANIFEST)
            for member, path in members.items():
                tar.add(path, member)
        keep(whole, file)
    make_folder(installation.settings.data_directory)
    write_over(note_of(installation.settings), made_at.isoformat().encode())
    return manifest


def keep(whole: Path, file: Path) -> None:
    """Give a finished backup its name; a lost power then leaves all of it, or none."""
    whole.chmod(OWNER_ONLY)
    with whole.open("rb") as written:
        os.fsync(written.fileno())
    whole.replace(file)
    keep_folder(file.parent)


def restore_backup(installation: Installation, file: Path, *, replace: bool) -> dict[str, Any]:
    """Bring a backup back; give its manifest. The checkpoint store stays as it is.

    Raises: NotABackupError, LogThereError, InUseError, ArchiveError.
    """
    databases = installation.databases
    admin, server = databases.superuser, databases.server
    place = str(server.folder) if server else "your database"
    if (server and not server.started_here) or archive.in_use(admin.log):
        raise InUseError(f"os-events is running on {place}")
    if not replace and archive.holds_events(admin.log):
        raise LogThereError(f"in {place}")
    with TemporaryDirectory(prefix="os-events-") as name:
        folder = Path(name)
        manifest = unpacked(file, folder)
        archive.restore_beside(programs(), admin.log, folder / LOG, migrations())
        archive.restore_beside(programs(), admin.keys, folder / KEYS, keys_migrations())
        for url in (admin.log, admin.keys):  # both are there whole before either takes its place
            archive.put_in_place(url)
        for one, path in secret_files(installation.settings).items():
            kept = folder / SECRETS / one
            if kept.exists() and not path.exists():
                make_folder(path.parent, mode=0o700)
                write_new(path, kept.read_bytes(), mode=0o400)
    return manifest


def unpacked(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack a backup, every member as it was written. Raises NotABackupError."""
    try:
        with tarfile.open(file) as tar:
            tar.extractall(folder, filter="data")
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        if manifest["format"] != FORMAT:
            raise NotABackupError(f"{file} is of the form {manifest['format']}")
        told = {LOG: "", KEYS: ""} | manifest["sha256"]
        changed = [one for one, was in told.items() if digest(folder / one) != was]
    except (OSError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise NotABackupError(f"{file}: {error}") from error
    if changed:
        raise NotABackupError(f"{file}: not as written: {', '.join(changed)}")
    return manifest


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def note_of(settings: Settings) -> Path:
    """Say where the time of the last backup is kept."""
    return settings.data_directory / "last-backup"


def last_backup(settings: Settings) -> datetime | None:
    """Say when the last backup was made here."""
    try:
        return datetime.fromisoformat(note_of(settings).read_text())
    except (FileNotFoundError, ValueError):
        return None


def is_old(settings: Settings) -> bool:
    """Say whether it is time for another one."""
    last = last_backup(settings)
    return last is None or edge_clock() - last > OLD
