"""Where the log and the data keys are: on the embedded server, or wherever the settings say."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

from os_events.access.keys import access_migrations
from os_events.errors import NotFoundError
from os_events.eventlog.embedded import Server
from os_events.eventlog.migrations import Migration, keys_migrations, log_migrations, migrate
from os_events.eventlog.privileges import log_privileges, written_beside
from os_events.eventlog.safety import (
    Check,
    erased_check,
    keys_checks,
    log_checks,
    program_checks,
    refuse_unsafe,
)
from os_events.messaging.schema import messaging_migrations, messaging_privileges
from os_events.settings import Settings

LOG, KEYS = "os_events", "os_events_keys"  # the embedded server's


def edge_clock() -> datetime:
    """Tell when a request came in."""
    return datetime.now(UTC)  # noqa: TID251 - this is the clock that everybody else is handed


class SettingMissingError(NotFoundError):
    """Something cannot be started without a setting. Set what the message names."""

    slug = "setting-missing"


class AdminUnknownError(NotFoundError):
    """Only a superuser may do this. Give ``--admin-url`` and ``--keys-admin-url``."""

    slug = "admin-unknown"


@dataclass(frozen=True)
class Admin:
    """The addresses of both databases for a superuser."""

    log: str = field(repr=False)  # an address may hold a password
    keys: str = field(repr=False)


@dataclass(frozen=True)
class Databases:
    """The addresses of both databases for the program, and for a superuser where one is known."""

    log: str = field(repr=False)
    keys: str = field(repr=False)
    admin: Admin | None
    server: Server | None  # the embedded one

    @property
    def superuser(self) -> Admin:
        """Give a superuser's addresses. Raises AdminUnknownError."""
        if self.admin is None:
            raise AdminUnknownError("both databases are yours")
        return self.admin

    def migrate(self) -> list[str]:
        """Bring both schemas up to date; give what ran. Raises AdminUnknownError."""
        ran = migrate(self.superuser.log, migrations())
        return ran + migrate(self.superuser.keys, keys_migrations())

    def checks(self, *, failpoints_allowed: bool) -> list[Check]:
        """Look at what must be so before anything is recorded. Raises UnavailableError."""
        access = written_beside("os_events.access", "sql/access")
        privileges = log_privileges() | access | messaging_privileges()
        checks = [
            *program_checks(failpoints_allowed=failpoints_allowed),
            *log_checks(self.log, migrations(), privileges, edge_clock),
            *keys_checks(self.keys),
        ]
        if all(check.ok for check in checks):
            checks.append(erased_check(self.log, self.keys))
        return checks

    def make_fit(self, *, failpoints_allowed: bool) -> None:
        """Refuse what nothing may be recorded in; the embedded ones get their schema first.

        Raises: UnsafeDatabaseError, UnavailableError.
        """
        if self.server:
            self.migrate()
        refuse_unsafe(self.checks(failpoints_allowed=failpoints_allowed))


def migrations() -> list[Migration]:
    """Give all of the log's database, in order."""
    return [*log_migrations(), *access_migrations(), *messaging_migrations()]


def reached(settings: Settings, admin: Admin | None, house: ExitStack) -> Databases:
    """Find the databases; run the embedded server until ``house`` is closed, or join it.

    Raises: SettingMissingError, EmbeddedServerError.
    """
    log, keys = settings.database_url, settings.keys_database_url
    if log and keys:
        return Databases(log.get_secret_value(), keys.get_secret_value(), admin, None)
    if log or keys:
        raise SettingMissingError("OS_EVENTS_DATABASE_URL and OS_EVENTS_KEYS_DATABASE_URL: both")
    server = house.enter_context(Server(settings.data_directory, allow_root=settings.allow_root))
    for name in (LOG, KEYS):
        server.create(name)
    own = Admin(server.admin_url(LOG), server.admin_url(KEYS))
    return Databases(server.url(LOG), server.url(KEYS), own, server)
