"""Requests of other systems: what takes them, and what was put aside."""

from uuid import uuid4

from os_events.bootstrap.databases import SettingMissingError, edge_clock
from os_events.bootstrap.installation import Installation
from os_events.bootstrap.looks import check_recording, database_look
from os_events.bootstrap.watched import Watched
from os_events.eventlog.database import MESSENGER
from os_events.messaging.intake.answering import Answering
from os_events.messaging.intake.handling import Handler
from os_events.messaging.intake.listening import GROUP, Intake
from os_events.messaging.intake.places import Places
from os_events.messaging.intake.senders import Senders
from os_events.settings import Settings


def senders_of(settings: Settings) -> Senders:
    """Read who may send. Raises SettingMissingError."""
    file = settings.intake_file
    if file is None:
        raise SettingMissingError("OS_EVENTS_INTAKE_FILE")
    try:
        return Senders.of_toml(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingMissingError(f"OS_EVENTS_INTAKE_FILE: {file}: {error}") from error


def intake_of(found: Installation, instance: str | None = None) -> Intake:
    """Make what takes requests. Raises SettingMissingError, UnknownUnitError."""
    senders = senders_of(found.settings)
    for unit_id in {unit_id for sender in senders.senders for unit_id in sender.units or ()}:
        found.company.unit(unit_id)
    handler = Handler(found.log, found.company, found.secret("lookup"), edge_clock, uuid4)
    origin = found.signer.verifier.name
    answering = Answering(handler, senders, GROUP, origin, edge_clock)
    return Intake(found.broker, answering, Places(found.pool(MESSENGER), GROUP), instance)


def watched_intake(found: Installation, intake: Intake) -> Watched:
    """Say what the process that takes requests tells."""

    def ready() -> None:
        check_recording(found)
        if intake.trouble:
            raise intake.trouble.with_traceback(None)

    return Watched("intake", (database_look(found),), ready)
