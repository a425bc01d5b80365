"""From a request of another system to the record: one command for one aggregate, each once."""

import asyncio
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from os_events import tracing
from os_events.aggregates.person.person import Person
from os_events.aggregates.person.registering import RegisterPerson
from os_events.aggregates.rules import check_time
from os_events.aggregates.service_order.opening import OpenServiceOrder
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.commands.caller import Caller, request_key, trace_of
from os_events.commands.perform import open_service_order, perform, register_person
from os_events.errors import ConflictError, NotFoundError
from os_events.eventlog.log import EventLog, Recorded
from os_events.messaging.intake.claims import claims_of
from os_events.messaging.intake.outcomes import RequestAccepted
from os_events.messaging.intake.part_supply import PartSupply
from os_events.messaging.intake.reading import Message, fitting
from os_events.messaging.intake.service_request import ServiceRequest
from os_events.values.company import Company


@dataclass(frozen=True)
class Handler:
    """Whoever does what messages ask for.

    Shape: ``secret`` keys what must not be guessed from the record: the names of customers, and the
    digests of what was said, whose idempotency keys can be read from the record's sources.
    """

    log: EventLog
    company: Company
    secret: bytes = field(repr=False)
    clock: Callable[[], datetime]
    new_id: Callable[[], UUID]

    async def handle(self, message: Message) -> tuple[RequestAccepted, Recorded]:
        """Record what is asked for, and say what is on record.

        Raises: PutAsideError, what the request raises, KeyMisusedError, UnavailableError.
        """
        if isinstance(message.content, ServiceRequest):
            recorded = await self._open_order(message, message.content)
        else:
            recorded = await self._update_part(message, message.content)
        order = await asyncio.to_thread(self.log.load, ServiceOrder, recorded.aggregate_id)
        event = message.event
        accepted = RequestAccepted(
            request_source=event.source,
            request_id=event.id,
            request_type=event.type,
            order_id=recorded.aggregate_id,
            order_number=order.order_number,
            position=recorded.position,
        )
        return accepted, recorded

    async def _open_order(self, message: Message, request: ServiceRequest) -> Recorded:
        caller = self._caller(message, "order", self.new_id())
        customer_id = request.customer_called(message.event.source, self.secret)
        with fitting():
            claims = claims_of(message.event, caller.asked_at, self.company)
            registration = request.registration(claims)
            opening = request.opening(customer_id, claims)
        if before := await asyncio.to_thread(self.log.answer_to, caller.request):
            return before
        rehearse(caller, opening)
        if registration and not await self._is_known(customer_id):
            await self._register(self._caller(message, "person", customer_id), registration)
        return await open_service_order(self.log, caller, opening)

    async def _update_part(self, message: Message, request: PartSupply) -> Recorded:
        caller = self._caller(message, "order", self.new_id())
        with fitting():
            change = request.change(claims_of(message.event, caller.asked_at, self.company))
        return await perform(self.log, caller, ServiceOrder, request.order_id, change)

    async def _register(self, caller: Caller, registration: RegisterPerson) -> None:
        try:
            await register_person(self.log, caller, registration)
        except ConflictError:  # another request of theirs, of another partition, was first
            if not await self._is_known(caller.new_id):
                raise

    async def _is_known(self, person_id: UUID) -> bool:
        try:
            await asyncio.to_thread(self.log.load, Person, person_id)
        except NotFoundError:
            return False
        return True

    def _caller(self, message: Message, part: str, new_id: UUID) -> Caller:
        event, principal = message.event, message.sender.principal
        said = hmac.digest(self.secret, message.said, "sha256")
        return Caller(
            principal=principal,
            request=request_key(principal, f"in:{event.source}:{event.id}:{part}", said),
            asked_at=self.clock(),
            new_id=new_id,
            company=self.company,
            traceparent=tracing.traceparent() or trace_of(event.trace.get("traceparent")),
        )


def rehearse(caller: Caller, opening: OpenServiceOrder) -> None:
    """Let an order begin in memory: of a request that is refused, not even the customer is kept.

    Raises: ForbiddenError, RefusalError, UnknownUnitError.
    """
    act = caller.act(opening)
    caller.check_reach(opening, opening.unit_id)
    check_time(act)
    opening.begin(act, order_number="")
