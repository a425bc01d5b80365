"""``os-events follow``: keep the views, sign checkpoints, post webhooks, until Ctrl-C or SIGTERM.

One instance of each follower is active at a time; a second program stands by.
"""

import argparse

from os_events.bootstrap.installation import Installation
from os_events.bootstrap.looks import watched_following
from os_events.bootstrap.running import follow
from os_events.bootstrap.watched import observed
from os_events.cli.supervision import (
    add_metrics_port,
    add_supervised,
    until_stopped,
    when_parent_ends,
)
from os_events.settings import Settings


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_metrics_port(parser)
    add_supervised(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Follow until stopped."""
    stop = until_stopped()
    when_parent_ends(arguments, stop.set)
    with Installation(Settings()) as installation:
        watched = watched_following(installation)
        with observed(installation.settings, watched, arguments.metrics_port):
            follow(installation, stop)
