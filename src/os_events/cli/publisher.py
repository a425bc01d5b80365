"""``os-events publisher``: see how far topics are published, send again, leave an event out."""

import argparse

from os_events.bootstrap.installation import Installation
from os_events.bootstrap.publishing import TOPICS, republish, skip, states_of_publishers
from os_events.cli.output import note, say, table
from os_events.cli.usage import UsageError
from os_events.messaging.published import PublisherState
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events publisher status
  os-events publisher skip os.order.events.v1 --position 4711 --reason "no price in line 2"
  os-events publisher republish --from 1"""
LONGEST = 2000


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done."""
    parser.epilog = EXAMPLES
    acts = parser.add_subparsers(metavar="status|republish|skip", required=True)
    acts.add_parser("status", help="say how far each topic is").set_defaults(run=show)
    again = acts.add_parser("republish", help="send everything from a position on again")
    again.add_argument("topic", nargs="?", default=TOPICS[0], metavar="TOPIC", help=TOPICS[0])
    again.add_argument("--from", type=int, required=True, dest="first", metavar="N", help="1: all")
    again.set_defaults(run=send_again)
    leave = acts.add_parser("skip", help="leave an event out whose public shape fails; on record")
    leave.add_argument("topic", metavar="TOPIC")
    leave.add_argument("--position", type=int, required=True, metavar="N", help="where it waits")
    leave.add_argument("--reason", required=True, metavar="TEXT", help="why, for the record")
    leave.set_defaults(run=leave_out)


def show(_: argparse.Namespace) -> None:
    """Tell of each topic."""
    with Installation(Settings()) as installation:
        tell(states_of_publishers(installation), installation.log.head())


def tell(states: list[PublisherState], head: int) -> None:
    """Write a line for each topic."""
    rows = [(one.topic, one.position, state_of(one, head)) for one in states]
    table(("topic", "position", ""), rows)


def state_of(one: PublisherState, head: int) -> str:
    """Say what a publisher stands still for, or how far it is behind: nobody may be running it."""
    if one.error:
        return f"since {one.since:%Y-%m-%d %H:%M} UTC {one.error}: {one.words}"
    behind = head - one.position
    return f"{behind} behind" if behind > 0 else "well"


def send_again(arguments: argparse.Namespace) -> None:
    """Set a topic back. Raises UsageError."""
    if arguments.first < 1:
        raise UsageError("positions begin with 1")
    with Installation(Settings()) as installation:
        republish(installation, arguments.topic, arguments.first)
    say(f"{arguments.topic}: everything from position {arguments.first} on is sent again")
    note(
        "consumers see those events once more, in order, with the ce_id that they have had:",
        "who keeps the last ce_sequence of each order passes over them",
    )


def leave_out(arguments: argparse.Namespace) -> None:
    """Leave an event out. Raises UsageError."""
    why = arguments.reason.strip()
    if not 0 < len(why) <= LONGEST:
        raise UsageError(f"--reason is a text of at most {LONGEST} characters")
    with Installation(Settings()) as installation:
        recorded = skip(installation, arguments.topic, arguments.position, why)
    say(
        f"{arguments.topic}: position {arguments.position} is left out,"
        f" as recorded at position {recorded.position}"
    )
    note("consumers see a gap in ce_sequence of that order")
