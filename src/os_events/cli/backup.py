"""``os-events backup FILE``: write one file that both databases can be restored from.

It is safe at any time, with `up` running too. The file holds the log, and the data keys, wrapped
under the key file (KEK). Without `--with-secrets` the KEK and the other secrets are not in it: keep
a copy of them elsewhere, once; whoever has both reads every personal value. Keep no backup for
more than 30 days: until it is gone, what was erased meanwhile could be brought back from it.
Signed checkpoints are not in it: they must not go back with the log (docs/how-to/backup.md).
"""

import argparse
from pathlib import Path

from os_events.bootstrap.backups import secret_files, write_backup
from os_events.bootstrap.installation import Installation
from os_events.cli.admin import add_admin, admin_of
from os_events.cli.output import note, say
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events backup /mnt/backup/os-events-$(date +%F).tar
  os-events backup first.tar --with-secrets"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--with-secrets", action="store_true", help="the key files too")
    add_admin(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Write it, and say what is in it."""
    settings = Settings()
    with Installation(settings, admin_of(arguments, settings)) as installation:
        file = arguments.file.absolute()
        manifest = write_backup(installation, file, secrets=arguments.with_secrets)
        say(f"{arguments.file}: {manifest['head']} events, {file.stat().st_size} bytes")
        if not arguments.with_secrets:
            note("not in it, keep a copy elsewhere:")
            note(*(f"  {path}" for path in secret_files(installation.settings).values()))
