"""``os-events keys``: make, list and revoke API keys.

A key belongs to a person in a role, or to an integration. It is shown once, when it is made: it is
stored nowhere. A key of role manager without a name is the manager's of the first start.
"""

import argparse
import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from os_events.access.keys import HELD_BY_NOBODY
from os_events.access.tokens import id_of
from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.person.values import PersonRelation
from os_events.bootstrap.databases import edge_clock
from os_events.bootstrap.installation import Installation
from os_events.cli.output import note, say, table
from os_events.cli.usage import UsageError
from os_events.commands.beginning import SETUP
from os_events.commands.caller import Caller
from os_events.commands.perform import register_person
from os_events.eventlog.submission import RequestKey
from os_events.projections.names import Names, people_in
from os_events.settings import Settings
from os_events.values.acts import Actor, Channel, Role
from os_events.values.principal import Principal

EXAMPLES = """examples:
  export KEY=$(os-events keys new --role manager --quiet)
  os-events keys new --role technician --name "João Lima" --label "tablet on bench 2"
  os-events keys new --role figures --name "Grafana"
  os-events keys new --integration site
  os-events keys list
  os-events keys revoke 1f0c66d19b3e"""

ROLES = {role.value: role for role in set(Role) - HELD_BY_NOBODY - {Role.INTEGRATION}}


def add_to(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.epilog = EXAMPLES
    acts = parser.add_subparsers(metavar="new|list|revoke", required=True)
    new = acts.add_parser("new", help="make one, and show it once")
    new.add_argument("--role", choices=sorted(ROLES), help="in which its holder acts")
    who = new.add_mutually_exclusive_group()
    who.add_argument("--name", help="register a person of this name, and make it theirs")
    who.add_argument("--person", type=UUID, metavar="ID", help="make it a known person's")
    who.add_argument("--integration", metavar="NAME", help="make it a program's")
    new.add_argument("--unit", type=UUID, action="append", metavar="ID", help="only in this unit")
    new.add_argument("--label", help="what it is for, in the list")
    new.add_argument("--days", type=int, default=365, metavar="N", help="how long it lasts (365)")
    new.add_argument("-q", "--quiet", action="store_true", help="write the key and nothing else")
    new.set_defaults(run=make)
    acts.add_parser("list", help="show all that were made").set_defaults(run=show)
    revoke = acts.add_parser("revoke", help="end one, and the sessions that began with it")
    revoke.add_argument("id", metavar="ID")
    revoke.set_defaults(run=end)


def make(arguments: argparse.Namespace) -> None:
    """Make a key."""
    with Installation(Settings()) as installation:
        units = None if arguments.unit is None else frozenset(arguments.unit)
        principal = Principal(holder(installation, arguments), units)
        keys, _ = installation.access
        label = arguments.label or principal.actor.role  # a name is personal: the vault has it
        text = keys.new(label, principal, timedelta(days=arguments.days))
    say(text)
    if not arguments.quiet:
        note(f"key {id_of(text)}, {principal.actor.role}: it is shown this once only")


def holder(installation: Installation, arguments: argparse.Namespace) -> Actor:
    """Say whose key it will be. Raises UsageError."""
    if arguments.integration and arguments.role:
        raise UsageError("an integration has a role of its own; --role goes with --name, --person")
    if arguments.integration:
        return Actor(id=f"integration:{arguments.integration}", role=Role.INTEGRATION)
    if arguments.role is None:
        raise UsageError("give --role, or --integration NAME")
    role = ROLES[arguments.role]
    if arguments.name:
        return Actor(id=str(registered(installation, arguments.name)), role=role)
    if arguments.person:
        return Actor(id=str(arguments.person), role=role)
    if role is not Role.MANAGER:
        raise UsageError(f"whose key is it? give --name, or --person, with --role {role}")
    return installation.manager.actor


def registered(installation: Installation, name: str) -> UUID:
    """Register one of the staff."""
    now, company = edge_clock(), installation.company
    caller = Caller(SETUP, RequestKey.new(), now, uuid4(), company, Channel.SYSTEM)
    request = RegisterPerson(name=name, relations=(PersonRelation.STAFF,))
    return asyncio.run(register_person(installation.log, caller, request)).aggregate_id


def show(_: argparse.Namespace) -> None:
    """List the keys."""
    with Installation(Settings()) as installation:
        keys, _sessions = installation.access
        now, made = edge_clock(), keys.list()
        names = Names(installation.log).of(people_in(*(key.principal.actor for key in made)))
        called = {str(person_id): name for person_id, name in names.items()}
        rows = [
            (
                key.id,
                key.label,
                called.get(key.principal.actor.id, key.principal.actor.id),
                key.principal.actor.role,
                f"{key.expires_at:%Y-%m-%d}",
                f"{key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never",
                "revoked" if key.revoked_at else "expired" if key.expires_at <= now else "in force",
            )
            for key in made
        ]
    table(("id", "label", "whose", "role", "until", "last used (UTC)", ""), rows)


def end(arguments: argparse.Namespace) -> None:
    """Revoke a key."""
    with Installation(Settings()) as installation:
        keys, _ = installation.access
        keys.revoke(arguments.id)
    say(f"key {arguments.id} is revoked")
