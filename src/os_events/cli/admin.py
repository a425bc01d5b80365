"""Options for those databases that are not embedded: their superuser's addresses."""

import argparse

from pydantic import SecretStr

from os_events.bootstrap.databases import Admin
from os_events.cli.usage import UsageError
from os_events.settings import Settings


def add_admin(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group("for databases of yours, which OS_EVENTS_DATABASE_URL names")
    group.add_argument("--admin-url", metavar="URL", help="the log's, for a superuser")
    group.add_argument("--keys-admin-url", metavar="URL", help="that of the data keys")


def admin_of(arguments: argparse.Namespace, settings: Settings) -> Admin | None:
    """Read them, or the settings of the same names. Raises UsageError."""
    log = arguments.admin_url or told(settings.admin_url)
    keys = arguments.keys_admin_url or told(settings.keys_admin_url)
    if bool(log) != bool(keys):
        raise UsageError("--admin-url and --keys-admin-url go together")
    return Admin(log, keys) if log and keys else None


def told(url: SecretStr | None) -> str | None:
    """Give an address as it is."""
    return url.get_secret_value() if url else None
