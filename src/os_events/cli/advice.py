"""What whoever runs the program should know: nothing is wrong, and something could be better."""

from collections.abc import Iterator

from os_events.bootstrap.backups import is_old, last_backup
from os_events.bootstrap.databases import edge_clock
from os_events.settings import Settings


def last_backup_told(settings: Settings) -> str:
    """Say when the last backup was made here."""
    last = last_backup(settings)
    if last is None:
        return "none was made yet"
    return f"the last one is of {last:%Y-%m-%d %H:%M} UTC, {(edge_clock() - last).days} days ago"


def advice(settings: Settings) -> Iterator[str]:
    """Say what could be better, and how."""
    if settings.company_file is None:
        yield "the company is a made-up one: set OS_EVENTS_COMPANY_FILE to yours"
    if is_old(settings):
        yield f"make a backup: {last_backup_told(settings)} (os-events backup FILE)"
    if not settings.database_url and settings.checkpoints.is_dir() and on_one_disk(settings):
        yield (
            "checkpoints lie on the disk of the data: a restore of the whole machine takes both"
            " back. Set OS_EVENTS_CHECKPOINT_STORE to another disk"
        )


def on_one_disk(settings: Settings) -> bool:
    """Say whether the checkpoint store shares the fate of the data."""
    return settings.checkpoints.stat().st_dev == settings.data_directory.stat().st_dev
