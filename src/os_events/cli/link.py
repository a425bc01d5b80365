"""``os-events link``: write a link that signs in to the pages once, within 15 minutes.

It signs in as the manager of the first start.
"""

import argparse

from os_events.access.tokens import id_of
from os_events.bootstrap.databases import edge_clock
from os_events.bootstrap.installation import Installation
from os_events.cli.output import say
from os_events.settings import Settings

LABEL = "sign-in links"  # of the key that sessions begin with: nobody knows its text


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> None:
    """Write a link."""
    settings = Settings()
    with Installation(settings) as installation:
        say(sign_in_link(installation, f"http://{settings.host}:{settings.port}"))


def sign_in_link(installation: Installation, address: str) -> str:
    """Make a link that signs in as the manager."""
    keys, sessions = installation.access
    theirs, now = installation.manager, edge_clock()
    in_force = (
        key.id
        for key in keys.list()
        if (key.label, key.principal) == (LABEL, theirs)
        and key.revoked_at is None
        and key.expires_at > now
    )
    key_id = next(in_force, None) or id_of(keys.new(LABEL, theirs))
    return f"{address}/entrar?link={sessions.new_link(key_id)}"
