"""The log about itself: its name, its keys, what of it was lost, and what was not published."""

from typing import ClassVar

from os_events.aggregates.base import Aggregate, InitialEvent
from os_events.values.acts import Act
from os_events.values.scalars import Code, ShortText, Value
from os_events.values.words import Told


class LossCause(Code):
    """How it came that rows are gone which had been signed."""

    OLDER_BACKUP = "older_backup", "cópia de segurança anterior ao que foi assinado"
    FAILOVER = "failover", "réplica sem o fim do registro"
    ROWS_LOST = "rows_lost", "linhas perdidas"


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


class Loss(Value):
    """What had been signed under the former name, and how much of it is left.

    Shape: positions ``restored_size`` + 1 to ``signed_size`` are lost, and whatever followed them
    unsigned. ``former_keys`` are those of the former name, and of names whose own events are lost.
    ``signed_root`` is base64, as in a checkpoint; ``explanation`` names nobody.
    """

    former_origin: str
    former_keys: tuple[str, ...]
    signed_size: int
    signed_root: str
    restored_size: int
    cause: LossCause
    explanation: ShortText


class Restored(Log.Event):
    """The log goes on from what is left of it, under another name: the former one has ended."""

    TOPIC: ClassVar[str] = "log.restored"
    TOLD: ClassVar[Told] = Told(
        pt="Registro retomado como {origin}, chaves {keys}. De {loss.former_origin} restam"
        " {loss.restored_size} dos {loss.signed_size} eventos assinados, raiz {loss.signed_root};"
        " causa: {loss.cause}: {loss.explanation}",
        en="Log restored as {origin}, keys {keys}. Of {loss.former_origin} {loss.restored_size} of"
        " {loss.signed_size} signed events are left, root {loss.signed_root};"
        " cause: {loss.cause}: {loss.explanation}",
    )
    origin: str
    keys: tuple[str, ...]
    loss: Loss

    def apply(self, log: Log) -> None:
        """Take the new name."""
        log.origin, log.keys = self.origin, self.keys


class PublicationSkipped(Log.Event):
    """Somebody decided that the event at a position is not published in a topic."""

    TOPIC: ClassVar[str] = "log.publication-skipped"
    TOLD: ClassVar[Told] = Told(
        pt="Publicação dispensada em {topic}: posição {skipped_position}",
        en="Not published in {topic}: position {skipped_position}",
    )
    topic: str
    skipped_position: int

    def apply(self, log: Log) -> None:
        """Change nothing: whoever publishes reads the facts."""


def open_log(act: Act, origin: str, vkeys: tuple[str, ...]) -> Log:
    """Begin the log."""
    fact = Opened(origin=origin, entry_format="os_events/entry/v1", keys=vkeys)
    return Log.begin(act, fact)


def restore_log(log: Log, act: Act, new: tuple[str, str], loss: Loss) -> None:
    """Go on under another name. Shape: ``new`` is origin and vkey."""
    origin, vkey = new
    log.happened(act, Restored(origin=origin, keys=(vkey,), loss=loss))


def skip_publication(log: Log, act: Act, topic: str, position: int) -> None:
    """Leave the event at a position out of a topic; the act says why."""
    log.happened(act, PublicationSkipped(topic=topic, skipped_position=position))
