"""``os-events reader``: keep read models on another machine, from the topic os.log.v1.

Its database is named by OS_EVENTS_READER_DATABASE_URL, its workers' group by OS_EVENTS_READER_NAME.
See docs/how-to/readers.md.
"""

import argparse
import json
import sys
from dataclasses import asdict

from os_events.bootstrap.reading import Reading, migrate_reader
from os_events.bootstrap.watched import Watched, observed
from os_events.cli.output import note, progress, say, table
from os_events.cli.supervision import add_metrics_port, until_stopped
from os_events.followers.rebuild import Progress
from os_events.messaging.readers.places import Place
from os_events.messaging.readers.status import Status
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events reader migrate --admin-url postgresql://postgres@here/os_events_bi
  os-events reader fill
  os-events reader run
  os-events reader status --json
  os-events reader check"""
NOT_WELL, DIFFERS = 8, 9
SHOWN = 20  # differences


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done."""
    parser.epilog = EXAMPLES
    acts = parser.add_subparsers(metavar="migrate|fill|run|status|check", required=True)
    prepare = acts.add_parser("migrate", help="make the schema of its database, or bring it up")
    prepare.add_argument("--admin-url", required=True, metavar="URL", help="for a superuser")
    prepare.set_defaults(run=bring_up)
    acts.add_parser("fill", help="copy the log, derive, follow, switch").set_defaults(run=fill)
    work = acts.add_parser("run", help="take in the topic until Ctrl-C or SIGTERM; one of a group")
    named = "a name of this worker that outlives it: its partitions wait for it when it restarts"
    work.add_argument("--instance", metavar="NAME", help=named)
    add_metrics_port(work)
    work.set_defaults(run=run)
    look = acts.add_parser("status", help="say how far it is; status 8 if a partition stands still")
    look.add_argument("--json", action="store_true", help="write JSON")
    look.set_defaults(run=show)
    acts.add_parser("check", help="compare it with the log; status 9 if it differs").set_defaults(
        run=check
    )


def bring_up(arguments: argparse.Namespace) -> None:
    """Run what has not run yet."""
    ran = migrate_reader(arguments.admin_url)
    say(*(f"ran {name}" for name in ran) if ran else ["nothing to do"])


def fill(_: argparse.Namespace) -> None:
    """Fill, and say up to where."""
    with Reading(Settings()) as reading:
        position = reading.fill(noted)
        name = reading.reader.name
    say(f"reader {name} filled from the log up to position {position}, and following its topic")


def noted(what: str) -> Progress:
    """Say what is done next, and every tenth of how far it is."""
    told = [0]

    def tell(done: int, total: int) -> None:
        tenth = 10 * done // max(1, total)
        if tenth > told[0]:
            told[0] = tenth
            note(f"{what}: {done} of {total}")

    return tell


def run(arguments: argparse.Namespace) -> None:
    """Work until stopped; exit with status 8 if anything of ours stands still."""
    stop = until_stopped()
    with Reading(settings := Settings()) as reading:
        running = reading.running(arguments.instance)

        def ready() -> None:
            if running.trouble:
                raise running.trouble.with_traceback(None)

        with observed(settings, Watched("reader", (), ready), arguments.metrics_port):
            stopped = running.run(stop)
    if stopped:
        note(*(f"partition {place.partition} stands still: {place.stopped}" for place in stopped))
        sys.exit(NOT_WELL)


def show(arguments: argparse.Namespace) -> None:
    """Look, and tell."""
    with Reading(Settings()) as reading:
        found = reading.status()
    if arguments.json:
        say(json.dumps(asdict(found), default=str))
    else:
        tell(found)
    if found.stopped:
        sys.exit(NOT_WELL)


def tell(found: Status) -> None:
    """Write what a reader reflects, and a line for each partition."""
    say(f"reader    {found.reader} of {found.topic}", f"position  {found.position}")
    rows = [
        (at.place.partition, at.place.next_offset, at.lag, at.place.last_position, why(at.place))
        for at in found.partitions
    ]
    table(("partition", "next offset", "behind", "last position", ""), rows)


def why(place: Place) -> str:
    """Say what a partition stands still for."""
    return (
        f"since {place.stopped_since:%Y-%m-%d %H:%M} UTC {place.stopped}" if place.stopped else ""
    )


def check(_: argparse.Namespace) -> None:
    """Compare, and name the first positions that differ."""
    with Reading(Settings()) as reading, progress("check") as follow:
        checking = reading.checking()
        found = list(checking.differences(follow))
    say(f"{checking.received} events received, complete up to position {checking.reached}")
    for one in found[:SHOWN]:
        say(f"position {one.position}: {one.kind}")
    if found:
        say(f"{len(found)} positions differ from the log: fill the reader anew")
        sys.exit(DIFFERS)
    say("all of them as in the log")
