"""From a record to its answer: an outcome for the sender, or a dead letter for people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from os_events import metrics, tracing
from os_events.errors import ConflictError, ForbiddenError, NotFoundError, RuleViolationError
from os_events.eventlog.log import KeyMisusedError
from os_events.messaging.intake.dead_letters import dead_letter
from os_events.messaging.intake.handling import Handler
from os_events.messaging.intake.outcomes import Outcome, RequestRefused
from os_events.messaging.intake.reading import (
    Fault,
    Message,
    PutAsideError,
    message_in,
)
from os_events.messaging.intake.senders import Senders
from os_events.messaging.records import Incoming, Outgoing

log = structlog.get_logger()


@dataclass(frozen=True)
class Answering:
    """Answers records, one after the other. Shape: ``origin`` is the name of the log."""

    handler: Handler
    senders: Senders
    group: str
    origin: str
    clock: Callable[[], datetime]

    async def answer(self, record: Incoming) -> Outgoing:
        """Do what a record asks for, and give what is to be sent before its place is left.

        Raises: UnavailableError, TamperedError; whatever else is wrong with it is its answer.
        """
        try:
            message = message_in(record, self.senders)
            outcome = await self._outcome(message)
        except PutAsideError as error:
            place = f"{record.partition.topic}/{record.partition.number}/{record.offset}"
            log.warning("message put aside", place=place, fault=error.fault.value)
            metrics.DEAD_LETTERS.labels(self.group).inc()
            return dead_letter(record, error, self.group, self.clock())
        return outcome.outgoing(record, message.event, self.origin)

    async def _outcome(self, message: Message) -> Outcome:
        event = message.event
        about = {"messaging.system": "kafka", "messaging.message.id": event.id}
        try:
            with tracing.request_span(event.type, event.trace.get("traceparent"), about):
                accepted, recorded = await self.handler.handle(message)
        except KeyMisusedError as error:
            raise PutAsideError(Fault.OTHER_BODY, "it was sent before, saying otherwise") from error
        except (RuleViolationError, ForbiddenError, NotFoundError, ConflictError) as error:
            self._count("refused")
            return RequestRefused.of(error, event)
        self._count("replayed" if recorded.replayed else "done")
        return accepted

    def _count(self, outcome: str) -> None:
        metrics.INTAKE_OUTCOMES.labels(self.group, outcome).inc()
