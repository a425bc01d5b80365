"""``os-events rebuild``: build all views anew from the log, while the old ones answer.

It is safe at any time, with `up` running too. Afterwards the rows are the same, to the byte.
"""

import argparse
from functools import partial

from os_events.bootstrap.installation import Installation
from os_events.bootstrap.running import reached
from os_events.cli.output import progress, say
from os_events.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--processes", type=int, default=1, metavar="N", help="how many at once (1)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Rebuild, and say up to where."""
    settings = Settings()
    with Installation(settings) as installation:
        work = installation.rebuild()
        with progress("rebuild") as tell:
            work.run(tell, arguments.processes, partial(reached, settings))
        say(f"views rebuilt at position {work.position}")
        if gone := installation.retire():
            say(f"tables of an earlier version let go of: {', '.join(gone)}")
