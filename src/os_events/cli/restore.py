"""``os-events restore FILE``: bring a backup back, into an empty place or over what is there.

Checkpoints stay as they are. If the backup is older than what was signed since, the program starts
and answers, but records nothing: it names the positions that are missing (`os-events status`).
"""

import argparse
from pathlib import Path

from os_events.bootstrap.backups import restore_backup, secret_files
from os_events.bootstrap.installation import Installation
from os_events.cli.admin import add_admin, admin_of
from os_events.cli.output import note, say
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events restore /mnt/backup/os-events-2026-03-02.tar
  os-events restore /mnt/backup/os-events-2026-03-02.tar --replace"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--replace", action="store_true", help="drop the log that is there")
    add_admin(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Bring it back, and say whether the log may go on."""
    settings = Settings()
    admin = admin_of(arguments, settings)
    with Installation(settings, admin) as installation:
        manifest = restore_backup(installation, arguments.file, replace=arguments.replace)
        say(f"{manifest['head']} events of {manifest['made_at']} are back")
        gone = [path for path in secret_files(settings).values() if not path.exists()]
        if gone:  # before anything is made in their place
            note("neither in the backup nor here; put your copies back before you start:")
            note(*(f"  {path}" for path in gone))
        elif refusal := installation.refusal():
            note(f"nothing will be recorded: {refusal.slug}: {refusal}")
        note("the views are those of the backup; os-events rebuild makes them anew")
