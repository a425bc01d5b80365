"""``os-events webhooks``: say where events are posted to, and look how that goes.

Each message is signed after the Standard Webhooks specification; its secret is shown once, when the
endpoint is made or the secret rotated. `os-events follow`, which `os-events up` runs, posts them.
"""

import argparse
import sys
from datetime import datetime
from uuid import UUID

from os_events.bootstrap.installation import Installation
from os_events.cli.output import note, say, table
from os_events.cli.usage import UsageError
from os_events.messaging.webhooks.deliveries import Delivery
from os_events.messaging.webhooks.endpoints import Endpoint
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events webhooks add https://crm.example/hooks/os
  os-events webhooks add https://bi.example/os --types os.order.opened.v1 --from 0
  os-events webhooks test 0e9ad0b9-3a3e-4d8a-a1ad-5e3a4b8f2c11
  os-events webhooks show 0e9ad0b9-3a3e-4d8a-a1ad-5e3a4b8f2c11"""
NOT_TAKEN = 8
ACTS = {
    "show": "tell of one, and what was posted to it last",
    "rotate": "draw another secret; the former signs as well for a day",
    "disable": "post nothing to it; it keeps its place",
    "enable": "post to it again, from its place on",
    "test": "post a test event now, and say what comes back",
}


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done."""
    parser.epilog = EXAMPLES
    acts = parser.add_subparsers(metavar="|".join(("add", "list", *ACTS, "resend")), required=True)
    add = acts.add_parser("add", help="register an address, and show its secret once")
    add.add_argument("url", metavar="URL", help="https, and on the internet")
    add.add_argument("--types", nargs="+", default=[], metavar="TYPE", help="only these events")
    add.add_argument(
        "--from", dest="start", default="now", metavar="POSITION",
        help="only events behind this position; 0 is all, now (the default) is those to come",
    )  # fmt: skip
    add.set_defaults(run=register)
    acts.add_parser("list", help="show all").set_defaults(run=show_all)
    does = {"show": show, "rotate": rotate, "disable": disable, "enable": enable, "test": try_out}
    for name, words in ACTS.items():
        one = acts.add_parser(name, help=words)
        one.add_argument("endpoint", type=UUID, metavar="ENDPOINT")
        one.set_defaults(run=does[name])
    again = acts.add_parser("resend", help="post something again, or now")
    again.add_argument("endpoint", type=UUID, metavar="ENDPOINT")
    again.add_argument("message", metavar="ID", help="its webhook-id: order, colon, version")
    again.set_defaults(run=resend)


def register(arguments: argparse.Namespace) -> None:
    """Register an address. Raises UsageError."""
    with Installation(Settings()) as installation:
        position = starting(arguments.start, installation.log.head())
        added = installation.webhooks.endpoints.add(arguments.url, position, arguments.types)
    endpoint, secret = added
    say(f"endpoint  {endpoint}", f"secret    {secret}")
    note("the secret is shown this once only; whoever receives verifies messages by it")


def starting(told: str, head: int) -> int:
    """Read a position, or ``now``. Raises UsageError."""
    if told == "now":
        return head
    if not (told.isascii() and told.isdecimal()) or int(told) > head:
        raise UsageError(f"--from is now, or a position: 0 to {head}")
    return int(told)


def show_all(_: argparse.Namespace) -> None:
    """List the endpoints."""
    with Installation(Settings()) as installation:
        head, webhooks = installation.log.head(), installation.webhooks
        rows = [
            (one.id, one.url, webhooks.deliveries.waiting(one.id), state_of(one, head))
            for one in webhooks.endpoints.registered()
        ]
    table(("endpoint", "address", "waiting", ""), rows)


def show(arguments: argparse.Namespace) -> None:
    """Tell of one."""
    with Installation(Settings()) as installation:
        webhooks, head = installation.webhooks, installation.log.head()
        one = webhooks.endpoints.one(arguments.endpoint)
        waiting = webhooks.deliveries.waiting(one.id)
        latest = webhooks.deliveries.latest(one.id)
    say(
        f"address   {one.url}",
        f"types     {', '.join(one.types) if one.types else 'all'}",
        f"state     {state_of(one, head)}",
        f"waiting   {waiting}",
    )
    if one.former_until:
        say(f"secrets   the former one signs as well until {instant(one.former_until)}")
    rows = [line(delivery) for delivery in latest]
    table(("id", "type", "tried (UTC)", "attempts", "answer", ""), rows)


def line(one: Delivery) -> tuple[object, ...]:
    """Tell of a delivery."""
    again = f"again at {instant(one.due_at)}" if one.state == "waiting" else one.state
    return (one.id, one.type, instant(one.tried_at), one.attempt, one.told, again)


def state_of(one: Endpoint, head: int) -> str:
    """Say how it is with an endpoint."""
    if one.off_since:
        return f"off since {instant(one.off_since)}: {one.off_because}"
    if one.stopped_at:
        return f"stopped before position {one.stopped_at}: {one.stopped_by}"
    if one.failing_since:
        return f"failing since {instant(one.failing_since)}"
    behind = head - one.position
    return f"{behind} behind" if behind > 0 else "well"


def instant(when: datetime | None) -> str:
    """Write an instant, UTC."""
    return f"{when:%Y-%m-%d %H:%M:%S}" if when else ""


def rotate(arguments: argparse.Namespace) -> None:
    """Draw another secret."""
    with Installation(Settings()) as installation:
        secret = installation.webhooks.endpoints.rotate(arguments.endpoint)
    say(f"secret    {secret}")
    note("shown this once only; for 24 hours messages are signed with the former one as well")


def disable(arguments: argparse.Namespace) -> None:
    """Switch it off."""
    with Installation(Settings()) as installation:
        installation.webhooks.endpoints.switch_off(arguments.endpoint)
    say("nothing is posted to it any more")


def enable(arguments: argparse.Namespace) -> None:
    """Switch it on."""
    with Installation(Settings()) as installation:
        installation.webhooks.endpoints.switch_on(arguments.endpoint)
    say("it is posted to again, from where it stood")


def try_out(arguments: argparse.Namespace) -> None:
    """Post a test event, unless somebody else takes it first, who then does."""
    with Installation(Settings()) as installation:
        webhooks, endpoint = installation.webhooks, arguments.endpoint
        webhooks.deliveries.test(endpoint)
        came = webhooks.sender.step(endpoint, endpoint)
    if came is None:
        say("os-events follow posts it; see os-events webhooks show")
        return
    say(f"answered  {came.status or came.error}")
    if came.state != "done":
        sys.exit(NOT_TAKEN)


def resend(arguments: argparse.Namespace) -> None:
    """Have something posted again."""
    with Installation(Settings()) as installation:
        installation.webhooks.deliveries.resend(arguments.endpoint, arguments.message)
    say("it is due now")
