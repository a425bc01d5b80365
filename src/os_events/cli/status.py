"""``os-events status``: say how far log, views and checkpoints are, and what is wrong.

Exit status 8 if something is: a follower, publisher or webhook that stands still, or a log that
records nothing.
"""

import argparse
import sys

from os_events.bootstrap.installation import Installation
from os_events.bootstrap.publishing import states_of_publishers
from os_events.cli import publisher, webhooks
from os_events.cli.advice import last_backup_told
from os_events.cli.output import say, table
from os_events.followers.positions import FollowerState
from os_events.settings import Settings

NOT_WELL = 8


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.set_defaults(run=run)


def state_of(follower: FollowerState, head: int) -> str:
    """Say what stopped it, or how far it is behind: nobody may be running it."""
    behind = head - follower.position
    return follower.error or (f"{behind} behind" if behind > 0 else "well")


def run(_: argparse.Namespace) -> None:
    """Look, and tell."""
    with Installation(Settings()) as installation:
        log, signed = installation.log, installation.checkpoint()
        head, followers = log.head(), installation.follower_states()
        say(
            f"log         {head} events",
            f"checkpoint  {signed[1].size if signed else 0} events signed",
            f"key         {installation.signer.verifier.vkey}",
            f"backup      {last_backup_told(installation.settings)}",
            f"data        {installation.settings.data_directory}",
        )
        rows = [(one.follower, one.position, state_of(one, head)) for one in followers]
        table(("follower", "position", ""), rows)
        if topics := states_of_publishers(installation):
            publisher.tell(topics, head)
        still = [one for one in installation.webhooks.endpoints.registered() if one.needs_somebody]
        for one in still:
            say(f"webhooks to {one.id}: {webhooks.state_of(one, head)}; os-events webhooks show")
        if log.refusal:
            say(f"nothing is recorded: {log.refusal.slug}: {log.refusal}")
        wrong = [*(one.error for one in followers), *(one.error for one in topics)]
        if log.refusal or still or any(wrong):
            sys.exit(NOT_WELL)
