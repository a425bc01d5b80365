"""The log about itself: what it is called, and which keys sign it."""

from typing import ClassVar

from os_events.aggregates.base import Aggregate, InitialEvent
from os_events.values.acts import Act
from os_events.values.words import Told


class Log(Aggregate):
    """One log. Its first fact is the first of all."""

    TOPIC: ClassVar[str] = "log"

    origin: str
    keys: tuple[str, ...]


class Opened(InitialEvent):
    """The log begins; whoever checks it knows by which name and keys."""

    TOPIC: ClassVar[str] = "log.opened"
    TOLD: ClassVar[Told] = Told(
        pt="Registro iniciado: {origin}, formato {entry_format}, chaves {keys}",
        en="Log opened: {origin}, format {entry_format}, keys {keys}",
    )
    origin: str
    entry_format: str
    keys: tuple[str, ...]


def open_log(act: Act, origin: str, vkeys: tuple[str, ...]) -> Log:
    """Begin the log."""
    fact = Opened(origin=origin, entry_format="os_events/entry/v1", keys=vkeys)
    return Log.begin(act, fact)
