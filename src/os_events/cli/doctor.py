"""``os-events doctor``: look at everything that must be so before anything is recorded.

It looks at a system that refuses to start as well. Exit status 8 if something is wrong; each line
that begins with FAIL says what to do, and a line that begins with note what could be better.
"""

import argparse
import sys
from collections.abc import Callable, Iterator

from os_events.bootstrap.installation import Installation
from os_events.cli.advice import advice
from os_events.cli.output import progress, say
from os_events.errors import OsEventsError
from os_events.eventlog.safety import Check
from os_events.followers.compare import differences
from os_events.followers.rebuild import Source
from os_events.settings import Settings

NOT_WELL = 8


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--views", action="store_true", help="derive every row of the views anew too, and compare"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Look, and tell."""
    settings = Settings()
    with Installation(settings) as installation:
        checks = list(looked_at(installation))
        if arguments.views and all(check.ok for check in checks):
            checks.append(views_of(installation))
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


def views_of(found: Installation) -> Check:
    """Say whether every row is what the log says, as of where its follower is."""
    found.followers()  # they make the tables that never were there
    source = Source(found.log, found.following)
    with progress("views") as tell:
        differing = list(differences(source, found.derivations, tell))
    if not differing:
        return Check("views")
    first = differing[0]
    return Check(
        "views",
        f"{len(differing)} histories have other rows than the log gives, the first"
        f" {first.aggregate_id} in {first.table}: os-events rebuild",
    )


def attempted(name: str, build: Callable[[], object]) -> Check:
    """Say whether a part can be built."""
    try:
        build()
    except OsEventsError as error:
        return Check(name, f"{error.slug}: {error}")
    return Check(name)
