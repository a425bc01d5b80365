"""Options for those databases that are not embedded: their superuser's addresses."""

import argparse

from os_events.bootstrap.databases import Admin
from os_events.cli.usage import UsageError


def add_admin(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    group = parser.add_argument_group("for databases of yours, which OS_EVENTS_DATABASE_URL names")
    group.add_argument("--admin-url", metavar="URL", help="the log's, for a superuser")
    group.add_argument("--keys-admin-url", metavar="URL", help="that of the data keys")


def admin_of(arguments: argparse.Namespace) -> Admin | None:
    """Read them. Raises UsageError."""
    log, keys = arguments.admin_url, arguments.keys_admin_url
    if bool(log) != bool(keys):
        raise UsageError("--admin-url and --keys-admin-url go together")
    return Admin(log, keys) if log else None
