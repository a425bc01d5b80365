"""What each process tells of itself at every scrape."""

from functools import partial
from shutil import disk_usage

from os_events import metrics
from os_events.bootstrap.backups import last_backup
from os_events.bootstrap.databases import edge_clock
from os_events.bootstrap.installation import Installation
from os_events.bootstrap.watched import Watched
from os_events.errors import UnavailableError
from os_events.eventlog.database import FOLLOWER, available, connect
from os_events.followers import sight
from os_events.metrics import Look
from os_events.settings import Settings

WEBHOOK_GAUGES = (metrics.WEBHOOK_OLDEST_SECONDS, metrics.WEBHOOK_ENDPOINTS_OFF)
BOUND = "SET statement_timeout = '3s'"  # a scrape waits no longer


def watched_serving(found: Installation) -> Watched:
    """Say what the process of the API tells."""
    looks = (Look((metrics.LOG_REFUSING,), partial(tell_refusal, found)), database_look(found))
    live = found.log.recorder.committer.check_alive
    return Watched("serve", looks, partial(check_recording, found), live)


def watched_following(found: Installation) -> Watched:
    """Say what the process of the followers tells: it ends when one of its threads does."""
    kept = frozenset(one.name for one in found.derivations)
    looks = (
        Look((metrics.BACKUP_AGE_SECONDS,), partial(tell_backup, found)),
        Look((metrics.DISK_FREE_RATIO,), partial(tell_disks, found.settings)),
        database_look(found),
        Look(sight.SET, partial(tell_log, found, kept)),
        Look(WEBHOOK_GAUGES, partial(tell_webhooks, found)),
    )
    return Watched("follow", looks, partial(reach, found))


def database_look(found: Installation) -> Look:
    """Say whether the log's database answers."""
    return Look((metrics.DATABASE_REACHABLE,), partial(tell_database, found))


def tell_database(found: Installation) -> None:
    """Ask it, and tell."""
    try:
        reach(found)
    except UnavailableError:
        metrics.DATABASE_REACHABLE.set(0)
    else:
        metrics.DATABASE_REACHABLE.set(1)


def reach(found: Installation) -> None:
    """Ask the database for something. Raises UnavailableError."""
    found.log.head()


def check_recording(found: Installation) -> None:
    """Find whether commands can be recorded now. Raises the refusal, UnavailableError."""
    reach(found)
    if found.log.refusal:
        raise found.log.refusal.with_traceback(None)


def tell_refusal(found: Installation) -> None:
    """Tell why nothing is recorded, if nothing is."""
    if found.log.refusal:
        metrics.LOG_REFUSING.labels(found.log.refusal.slug).set(1)


def tell_log(found: Installation, kept: frozenset[str]) -> None:
    """Tell how far everything is that follows the log."""
    published = found.checkpoint()
    with available("the log"), connect(found.fit.log, FOLLOWER) as connection:
        connection.execute(BOUND)
        sight.tell(connection, kept, published[1].size if published else 0)


def tell_backup(found: Installation) -> None:
    """Tell how old the last backup is."""
    last = last_backup(found.settings)
    age = (edge_clock() - last).total_seconds() if last else float("inf")
    metrics.BACKUP_AGE_SECONDS.set(age)


def tell_disks(settings: Settings) -> None:
    """Tell how much is free where something of ours is kept. Raises OSError."""
    kept = {
        "data": settings.data_directory,
        "ledger": settings.ledger,
        "checkpoints": settings.checkpoints,
    }
    for place, folder in kept.items():
        if folder.is_dir():
            found = disk_usage(folder)
            metrics.DISK_FREE_RATIO.labels(place).set(found.free / found.total)


def tell_webhooks(found: Installation) -> None:
    """Tell how long something waits to be posted, and how many endpoints wait for somebody."""
    metrics.WEBHOOK_OLDEST_SECONDS.set(found.webhooks.deliveries.oldest().total_seconds())
    metrics.WEBHOOK_ENDPOINTS_OFF.set(found.webhooks.endpoints.standing_still())
