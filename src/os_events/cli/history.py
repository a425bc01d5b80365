"""``os-events history ORDER``: tell an order's history, each fact with both its clocks.

`--as-of` leaves out what happened later, `--known-at` what was recorded later.
"""

import argparse
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from os_events.aggregates.history import OrderHistory
from os_events.bootstrap.installation import Installation
from os_events.cli.naming import order_id
from os_events.cli.output import say
from os_events.errors import NotFoundError
from os_events.followers.histories import Histories
from os_events.projections.names import Names, people_in
from os_events.projections.order_history import FactRow, Teller
from os_events.settings import Settings
from os_events.values.words import DATES, Language, Listener

EXAMPLES = """examples:
  os-events history OS-2026-000001
  os-events history OS-2026-000001 --as-of 2026-03-02T12:00-03:00
  os-events history OS-2026-000001 --known-at 2026-03-02T12:00-03:00 --language en"""


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    parser.add_argument("order", metavar="ORDER", help="its number, or its id")
    parser.add_argument("--as-of", type=instant, metavar="INSTANT", help="as it was then")
    parser.add_argument("--known-at", type=instant, metavar="INSTANT", help="as known then")
    parser.add_argument("--language", choices=("pt", "en"), default="pt", help="by default pt")
    parser.set_defaults(run=run)


def instant(text: str) -> datetime:
    """Read an instant; without a zone it is UTC. Raises ArgumentTypeError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        words = f"{text!r} is no instant like 2026-03-02T12:00-03:00"
        raise argparse.ArgumentTypeError(words) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def run(arguments: argparse.Namespace) -> None:
    """Tell the history."""
    language: Language = arguments.language
    with Installation(Settings()) as installation:
        histories, names = Histories(installation.log), Names(installation.log)
        which = order_id(installation, arguments.order)
        whole = histories.of(OrderHistory, which, opened=True)
        history = whole.until(as_of=arguments.as_of, known_at=arguments.known_at)
        order = history.course.order
        if order is None:
            raise NotFoundError(f"nothing was known of {arguments.order} then")
        late = timedelta(minutes=installation.company.policies.late_entry_minutes)
        called = names.of(people_in(*(event for _, event in history.events)), language)
        teller = Teller(Listener(language, order.place_zone, called), late)
        for fact in teller.facts(history):
            say(line(fact, language, order.place_zone))


def line(fact: FactRow, language: Language, zone: str) -> str:
    """Write one fact: when it happened, what, by whom, and when it was recorded."""

    def clock(when: datetime) -> str:
        return f"{when.astimezone(ZoneInfo(zone)):{DATES[language]} %H:%M}"

    recorded = {"pt": "registrado", "en": "recorded"}[language]
    told = f"{fact.who}; {recorded} {clock(fact.recorded_at)}"
    return f"{clock(fact.happened_at)}  {fact.words}  ({told})"
