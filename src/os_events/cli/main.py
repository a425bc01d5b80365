"""``os-events``: each command is a module beside this one, and only the one asked for is loaded."""

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import version

from pydantic import ValidationError

from os_events import errors
from os_events.cli.usage import UsageError, misfits
from os_events.errors import UnavailableError
from os_events.kpis.question import UnaskableError

COMMANDS = {
    "up": "run everything on this machine: database, API, pages, followers",
    "status": "say how far log, views and checkpoints are, and what is wrong",
    "history": "tell the history of an order, as it was, or as it was known",
    "kpis": "tell figures: any period, as of any instant, as it was known at any other",
    "import": "take over orders from another system's file",
    "export": "write a file: the proof of an order, or all orders for analysts",
    "verify": "check such a file, offline, by the log's key alone",
    "audit": "check every event of the log, and every checkpoint that was kept",
    "rebuild": "build all views anew from the log, while the old ones answer",
    "backup": "write one file that the databases can be restored from",
    "restore": "bring a backup back",
    "ledger": "say that a restored log goes on without what was lost",
    "doctor": "look at everything that must be so before anything is recorded",
    "link": "write a link that signs in to the pages once",
    "keys": "make, list and revoke API keys",
    "kafka": "say how the topics of ours must be, and make them so",
    "upgrade": "bring the embedded database to the PostgreSQL of this release",
    "migrate": "bring the schema of a database of yours up to date",
    "asyncapi": "write the AsyncAPI document of the topics that others may use",
    "schemas": "write the JSON Schemas of the public events",
    "serve": "run the API and the pages only",
    "follow": "run the followers only: views, checkpoints, webhooks",
    "publish": "publish a topic to Kafka",
    "intake": "take requests of other systems from Kafka, and look at what was put aside",
    "reader": "keep read models on another machine, from Kafka",
    "publisher": "see how far topics are published, send again, leave an event out",
    "webhooks": "say where events are posted to, and look how that goes",
}
MODULES = {"import": "importing"}  # where a word is not to be had as a name
EXIT = {
    UsageError: 2,
    UnaskableError: 2,
    errors.NotFoundError: 4,
    errors.RuleViolationError: 5,
    errors.ConflictError: 6,
    errors.ForbiddenError: 7,
    UnavailableError: 8,
    errors.TamperedError: 9,
}
INTERRUPTED = 130
UNREAD = 141
DESCRIPTION = """Service orders as an event-sourced, verifiable record.

Start with `os-events up`: it needs nothing, and says where to look. `os-events COMMAND --help`
explains a command and shows examples. Settings are environment variables that begin with
OS_EVENTS_ (docs/reference/settings.md)."""
EPILOGUE = """exit status: 0 well, 2 not understood, 4 not found, 5 a rule forbids it, 6 somebody
else was first, 7 not allowed, 8 not available now, 9 the record contradicts itself."""


def parser(loaded: Iterable[str] = COMMANDS) -> ArgumentParser:
    """Make the parser; the options of those commands only that are ``loaded``."""
    whole = ArgumentParser(
        prog="os-events",
        description=DESCRIPTION,
        epilog=EPILOGUE,
        formatter_class=RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=version("os-events"))
    commands = whole.add_subparsers(metavar="COMMAND", required=True, title="commands")
    for name, summary in COMMANDS.items():
        one = commands.add_parser(name, help=summary, formatter_class=RawDescriptionHelpFormatter)
        if name in loaded:
            module = import_module(f"{__package__}.{MODULES.get(name, name)}")
            one.description = (module.__doc__ or "").partition(": ")[2]
            module.add_to(one)
    return whole


def main() -> None:
    """Run the command that was asked for; exit with the status of what went wrong."""
    asked = next((word for word in sys.argv[1:] if word in COMMANDS), None)
    arguments = parser([asked] if asked else []).parse_args()
    try:
        arguments.run(arguments)
    except ValidationError as error:
        fail(2, misfits(error))
    except errors.OsEventsError as error:
        status = next(EXIT[kind] for kind in type(error).__mro__ if kind in EXIT)
        fail(status, f"{error.slug}: {error}. {advice(error)}")
    except BrokenPipeError:  # whoever reads has enough, as `| head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # it is flushed at the end
        sys.exit(UNREAD)
    except OSError as error:
        kind = errors.NotFoundError if isinstance(error, FileNotFoundError) else UnavailableError
        fail(EXIT[kind], f"{error.filename or 'input or output'}: {error.strerror}")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def advice(error: errors.OsEventsError) -> str:
    """Say what can be done: the documentation of an error ends in it."""
    paragraph = (type(error).__doc__ or "").partition("\n\n")[0]
    return " ".join(paragraph.split())


def fail(status: int, words: str) -> None:
    """Say in one line what went wrong, and exit."""
    sys.stderr.write(f"os-events: {words}\n")
    sys.exit(status)
