"""``os-events kpis [FIGURE]``: list the figures, or tell one, or the orders behind it.

Without a period it is the last twelve months. `--as-of` leaves out what happened later,
`--known-at` what was recorded later: that is derived from the log anew, and takes a while.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from os_events.bootstrap.databases import edge_clock
from os_events.bootstrap.installation import Installation
from os_events.cli.history import instant
from os_events.cli.kpis_told import Teller, list_all
from os_events.cli.output import note, progress, say
from os_events.cli.usage import UsageError
from os_events.console.naming import ids_in
from os_events.followers.read_model import ReadModelBehindError
from os_events.kpis import listing, sheet
from os_events.kpis.asked import Asked, figure_named
from os_events.kpis.figure import Figure
from os_events.kpis.question import Dimension, Question
from os_events.kpis.seen import seen
from os_events.projections.names import Names
from os_events.settings import Settings

EXAMPLES = """examples:
  os-events kpis
  os-events kpis backlog --by series
  os-events kpis tat_net --from 2026-01-01 --to 2026-07-01 --by month --by priority
  os-events kpis backlog --where unit=Centro --where priority=high --orders
  os-events kpis mttr_resolve --by month --known-at 2026-03-02T12:00-03:00 --csv"""
BY = "one of day, week, month, quarter, and dimensions such as unit, priority or series"
WHERE = "only such orders: DIMENSION=VALUE, a unit by name or id; repeat it for more"


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    add = parser.add_argument
    add("figure", metavar="FIGURE", nargs="?", help="its name; without one, all are listed")
    add("--from", dest="first", metavar="DAY", help="first civil day")
    add("--to", dest="until", metavar="DAY", help="civil day before which it ends")
    add("--by", action="append", default=[], metavar="PART", help=BY)
    add("--where", action="append", default=[], metavar="DIMENSION=VALUE", help=WHERE)
    add("--as-of", type=instant, metavar="INSTANT", help="as it was then; by default now")
    add("--known-at", type=instant, metavar="INSTANT", help="as known then; by default now")
    add("--orders", action="store_true", help="list the orders behind the number")
    add("--csv", action="store_true", help="as a table for spreadsheets")
    add("--language", choices=("pt", "en"), default="pt", help="by default pt")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """List or tell."""
    if arguments.figure is None:
        list_all(arguments.language)
        return
    figure = figure_named(arguments.figure)
    with Installation(Settings()) as installation:
        question, position = prepared(installation, arguments, figure)
        units = {str(unit.id): unit.name for unit in installation.company.units}
        teller = Teller(figure, question, arguments.language, units)
        tell = tell_orders if arguments.orders else tell_figure
        tell(installation, teller, csv=arguments.csv)
    tell_last = note if arguments.csv else say
    tell_last(teller.standing(position, arguments.known_at))


def prepared(
    installation: Installation, arguments: argparse.Namespace, figure: Figure
) -> tuple[Question, int]:
    """Make a question, and say which position of the log its answer reflects."""
    asked, zone = read(installation, arguments), installation.company.zone
    question = asked.question(figure, edge_clock(), zone)
    position = reached(installation)
    if asked.known_at is None:
        return question, position
    with progress("past") as tell:
        known = installation.past.derive(asked.known_at, tell)
    reflected = known.position if known.suffix else position
    return replace(question, suffix=known.suffix), reflected


def reached(installation: Installation) -> int:
    """Wait a little for all that is on record; say which position the figures reflect."""
    figures, head = installation.figures, installation.log.head()
    try:
        return figures.reach(head).position
    except ReadModelBehindError:  # nobody may be running the followers
        position = figures.as_of().position
        note(f"figures are {head - position} events behind the log (os-events status)")
        return position


def read(installation: Installation, arguments: argparse.Namespace) -> Asked:
    """Read what is asked. Raises UsageError."""
    told: dict[str, Any] = {
        "from": arguments.first,
        "to": arguments.until,
        "by": arguments.by,
        "as_of": arguments.as_of,
        "known_at": arguments.known_at,
    }
    try:
        return Asked.model_validate(told | filters(installation, arguments.where))
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False, include_context=False)
        words = (f"{one['loc'][0]}: {one['msg'].removeprefix('Value error, ')}" for one in wrong)
        raise UsageError("; ".join(words)) from error


def filters(installation: Installation, told: list[str]) -> dict[str, list[str]]:
    """Read which orders are wanted. Raises UsageError."""
    ids = {unit.name: str(unit.id) for unit in installation.company.units}
    found: dict[str, list[str]] = {}
    for one in told:
        name, sign, value = one.partition("=")
        if not sign or name not in list(Dimension):
            names = ", ".join(Dimension)
            raise UsageError(f"--where: {one!r} is not DIMENSION=VALUE; dimensions are {names}")
        found.setdefault(name, []).append(unit_named(ids, value) if name == "unit" else value)
    return found


def unit_named(ids: Mapping[str, str], told: str) -> str:
    """Find the id of a unit by its name, or by itself. Raises UsageError."""
    if told in ids.values():
        return told
    if told not in ids:
        raise UsageError(f"--where: no unit is called {told!r}; they are {', '.join(ids)}")
    return ids[told]


def tell_figure(installation: Installation, teller: Teller, *, csv: bool) -> None:
    """Tell a figure, group by group."""
    found = seen(installation.figures, teller.figure, teller.question)
    if csv:
        sys.stdout.write(sheet.of_groups(teller.figure, teller.question, found.groups))
        return
    people = [group.values.get(Dimension.TECHNICIAN) for group in found.groups]
    with_names(installation, teller, people).figure_told(found)


def tell_orders(installation: Installation, teller: Teller, *, csv: bool) -> None:
    """Tell the orders behind a number."""
    cases = listing.all_of(installation.figures, teller.figure, teller.question)
    if csv:
        sys.stdout.write(sheet.of_cases(cases))
        return
    people = [case.series for case in cases] if teller.figure.of_technicians else []
    with_names(installation, teller, people).orders_told(cases)


def with_names(installation: Installation, teller: Teller, people: Iterable[str | None]) -> Teller:
    """Let somebody tell who is who."""
    called = Names(installation.log).of(ids_in(filter(None, people)), teller.language)
    names = {str(person_id): name for person_id, name in called.items()}
    return replace(teller, names={**teller.names, **names})
