"""``os-events upgrade``: bring the embedded database to the PostgreSQL of this release.

Stop `up` first. The files are copied and compared, row by row, before the copy takes their place;
the old ones stay in `postgres.<version>` until `--remove-old`. A failure or a kill leaves the old
ones as they were: run it again. Settings of yours in `postgresql.conf` are not taken over.
"""

import argparse

from os_events.cli.output import note, say
from os_events.cli.usage import UsageError
from os_events.eventlog.upgrade import Upgrade
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events upgrade --check
  os-events upgrade
  os-events upgrade --remove-old"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="only say whether it could be done")
    what.add_argument("--remove-old", action="store_true", help="remove what an upgrade left")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Upgrade, and say what was done. Raises UsageError."""
    settings = Settings()
    if settings.database_url:
        raise UsageError("the database is yours: see docs/how-to/upgrade.md")
    upgrade = Upgrade(settings.data_directory, allow_root=settings.allow_root)
    if arguments.remove_old:
        removed = upgrade.remove_old()
        say(*(f"removed {path}" for path in removed) if removed else ["nothing to remove"])
    elif done := upgrade.run(only_try=arguments.check):
        content = f"{done.rows} rows in {done.tables} tables"
        if done.kept is None:
            say(f"PostgreSQL {done.old} can be upgraded: {content}")
        else:
            say(f"upgraded from PostgreSQL {done.old}: {content}, all as they were")
            note(f"the old files are in {done.kept}: os-events upgrade --remove-old")
    else:
        say("nothing to do")
