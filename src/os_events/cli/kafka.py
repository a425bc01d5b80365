"""``os-events kafka``: the topics of ours on the brokers that OS_EVENTS_KAFKA_BROKERS names.

`plan` says what differs from how they must be, `apply` makes what is missing and sets what is set
otherwise, `check` does neither: its exit status is 8 if anything differs. The number of partitions
is for life, and the number of replicas yours: neither is ever changed. With OS_EVENTS_INTAKE_FILE
the topics of dead letters are among them; those that requests come by belong to who sends.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing

from os_events.bootstrap.installation import Installation
from os_events.bootstrap.receiving import senders_of
from os_events.cli.output import note, say, table
from os_events.messaging.intake.listening import GROUP
from os_events.messaging.topics import Difference, apply, plan, specs
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events kafka topics plan
  os-events kafka topics apply
  os-events kafka topics check --json"""
ACTS = {
    "plan": "say what differs",
    "apply": "make what is missing, set what is set otherwise, and say what differs still",
    "check": "say what differs, and fail if anything does",
}
NOT_WELL = 8


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    things = parser.add_subparsers(metavar="topics", required=True)
    topics = things.add_parser("topics", help="how they are, and how they must be")
    acts = topics.add_subparsers(metavar="plan|apply|check", required=True)
    for act, says in ACTS.items():
        one = acts.add_parser(act, help=says)
        one.add_argument("--json", action="store_true", help="write JSON")
        one.set_defaults(run=run, act=act)


def run(arguments: argparse.Namespace) -> None:
    """Do what is asked, and say what differs."""
    with Installation(Settings()) as installation, closing(installation.broker.admin()) as admin:
        wanted = specs(installation.settings.kafka_replication, inbound(installation.settings))
        found = apply(admin, wanted) if arguments.act == "apply" else plan(admin, wanted)
    write(found, arguments)
    if found and arguments.act == "apply":
        note("partitions and replicas of a topic that is there are not changed")
    if found and arguments.act != "plan":
        sys.exit(NOT_WELL)


def inbound(settings: Settings) -> list[tuple[str, str]]:
    """Name the topics that requests are taken from, and the group that takes them."""
    if settings.intake_file is None:
        return []
    return [(topic, GROUP) for topic in senders_of(settings).topics]


def write(differing: Sequence[Difference], arguments: argparse.Namespace) -> None:
    """Write what differs."""
    if arguments.json:
        say(json.dumps([one._asdict() | {"mendable": one.mendable} for one in differing]))
    elif differing:
        rows = [(one.topic, one.key, one.found or "missing", one.wanted) for one in differing]
        table(("topic", "what", "is", "must be"), rows)
    else:
        say("all topics are as they must be")
