"""``os-events intake``: take requests of other systems from Kafka, until Ctrl-C or SIGTERM.

OS_EVENTS_INTAKE_FILE says which systems, by which topics (docs/how-to/requests-in.md). Many may
run: they share the partitions. What can become no request is put aside with the reason, as a dead
letter: `dead-letters list` names them, `show` shows one as it came, `resend` sends it once more.
"""

import argparse
import json
from collections.abc import Callable
from functools import partial
from threading import Thread

from os_events.bootstrap.installation import Installation
from os_events.bootstrap.receiving import intake_of, senders_of, watched_intake
from os_events.bootstrap.running import watch_standing
from os_events.bootstrap.watched import observed
from os_events.cli.output import note, say, table
from os_events.cli.supervision import (
    add_metrics_port,
    add_supervised,
    until_stopped,
    when_parent_ends,
)
from os_events.messaging.intake.dead_letters import DeadLetter, all_of, find, send
from os_events.messaging.intake.listening import GROUP
from os_events.settings import Settings

EXAMPLES = """examples:
  OS_EVENTS_INTAKE_FILE=senders.toml os-events intake
  os-events intake dead-letters list
  os-events intake dead-letters show crm.service-request.commands.v1/4/17
  os-events intake dead-letters resend crm.service-request.commands.v1/4/17"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    named = "a name of this one that outlives it: its partitions wait for it when it restarts"
    parser.add_argument("--instance", metavar="NAME", help=named)
    add_metrics_port(parser)
    add_supervised(parser)
    parser.set_defaults(run=run)
    things = parser.add_subparsers(metavar="dead-letters", title="messages put aside")
    letters = things.add_parser("dead-letters", help="look at them, and send them once more")
    acts = letters.add_subparsers(metavar="list|show|resend", required=True)
    listed = acts.add_parser("list", help="name them, and why each was put aside")
    listed.add_argument("--json", action="store_true", help="write JSON")
    listed.set_defaults(run=list_all)
    one_of_them: dict[str, tuple[str, Callable[[argparse.Namespace], None]]] = {
        "show": ("write one as it came: it may name people", show),
        "resend": ("send one once more, as it was, to the topic that it came by", resend),
    }
    for name, (says, act) in one_of_them.items():
        one = acts.add_parser(name, help=says)
        one.add_argument("id", metavar="ID", help="as `list` names it")
        one.set_defaults(run=act)


def run(arguments: argparse.Namespace) -> None:
    """Take requests until stopped."""
    stop = until_stopped()
    when_parent_ends(arguments, stop.set)
    with Installation(Settings()) as installation:
        intake = intake_of(installation, arguments.instance)
        watched = watched_intake(installation, intake)
        watch = Thread(target=partial(watch_standing, installation, stop), name="standing")
        with observed(installation.settings, watched, arguments.metrics_port):
            watch.start()
            try:
                intake.run(stop)
            finally:
                stop.set()
                watch.join()


def list_all(arguments: argparse.Namespace) -> None:
    """Name all of them."""
    settings = Settings()
    with Installation(settings) as installation:
        letters = list(all_of(installation.broker, senders_of(settings).topics, GROUP))
    rows = [described(one) for one in letters]
    if arguments.json:
        say(json.dumps(rows))
    elif rows:
        table(tuple(rows[0]), [tuple(row.values()) for row in rows])
    else:
        say("nothing was put aside")


def described(letter: DeadLetter) -> dict[str, str]:
    """Say of a dead letter what may be known of it by everybody."""
    told = letter.told
    return {
        "id": letter.id,
        "failed_at": told.get("failed_at", ""),
        "fault": told.get("error_type", ""),
        "attempts": told.get("attempts", ""),
        "error": told.get("error", ""),
    }


def show(arguments: argparse.Namespace) -> None:
    """Write one as it came."""
    settings = Settings()
    with Installation(settings) as installation:
        letter = find(installation.broker, arguments.id, senders_of(settings).topics, GROUP)
    record = letter.record
    say(*(f"{name}: {harmless(text)}" for name, text in record.headers))
    say(f"key: {harmless(record.key or b'')}", "", harmless(record.value or b""))


def harmless(text: bytes) -> str:
    """Write what somebody else wrote so that it cannot steer a terminal."""
    signs = text.decode(errors="backslashreplace")
    return "".join(
        sign if sign.isprintable() or sign == "\n" else repr(sign).strip("'") for sign in signs
    )


def resend(arguments: argparse.Namespace) -> None:
    """Send one once more."""
    settings = Settings()
    with Installation(settings) as installation:
        letter = find(installation.broker, arguments.id, senders_of(settings).topics, GROUP)
        place = send(installation.broker, letter)
    note(f"sent again, to {place}; the dead letter stays for its 30 days")
