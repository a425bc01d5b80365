"""``os-events migrate``: bring the schema of a database of yours up to date.

The embedded database needs no such command: `up` does it. Make both databases first, empty, and
give the addresses of a superuser; the program itself then logs in as os_app, whose password you
set. Run it again after each update of the program.
"""

import argparse

from os_events.bootstrap.installation import Installation
from os_events.cli.admin import add_admin, admin_of
from os_events.cli.output import say
from os_events.settings import Settings

EXAMPLES = """example:
  export OS_EVENTS_DATABASE_URL=postgresql://os_app:…@db/os_events
  export OS_EVENTS_KEYS_DATABASE_URL=postgresql://os_app:…@db/os_events_keys
  os-events migrate --admin-url postgresql://postgres@db/os_events \\
                    --keys-admin-url postgresql://postgres@db/os_events_keys
  psql postgresql://postgres@db/os_events -c '\\password os_app'
  os-events doctor"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    add_admin(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Run what has not run yet."""
    settings = Settings()
    with Installation(settings, admin_of(arguments, settings)) as installation:
        ran = installation.databases.migrate()
    say(*(f"ran {name}" for name in ran) if ran else ["nothing to do"])
