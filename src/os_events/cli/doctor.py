"""``os-events doctor``: look at everything that must be so before anything is recorded.

It looks at a system that refuses to start as well. Exit status 8 if something is wrong; each line
that begins with FAIL says what to do, and a line that begins with note what could be better.
"""

import argparse
import sys
from collections.abc import Callable, Iterator

from os_events.bootstrap.installation import Installation
from os_events.cli.advice import advice
from os_events.cli.output import say
from os_events.errors import OsEventsError
from os_events.eventlog.safety import Check
from os_events.settings import Settings

NOT_WELL = 8


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> None:
    """Look, and tell."""
    settings = Settings()
    with Installation(settings) as installation:
        checks = list(looked_at(installation))
    for check in checks:
        say(f"ok    {check.name}" if check.ok else f"FAIL  {check.name}: {check.advice}")
    for words in advice(settings):
        say(f"note  {words}")
    if not all(check.ok for check in checks):
        sys.exit(NOT_WELL)


def looked_at(found: Installation) -> Iterator[Check]:
    """Look at the company, the databases, the keys, and what the log stands by."""
    yield attempted("company", lambda: found.company)
    checks = found.databases.checks(failpoints_allowed=found.settings.development)
    yield from checks
    if all(check.ok for check in checks):
        yield attempted("key file", lambda: found.kek)
        refusal = found.refusal()
        yield Check("standing", f"{refusal.slug}: {refusal}" if refusal else "")


def attempted(name: str, build: Callable[[], object]) -> Check:
    """Say whether a part can be built."""
    try:
        build()
    except OsEventsError as error:
        return Check(name, f"{error.slug}: {error}")
    return Check(name)
