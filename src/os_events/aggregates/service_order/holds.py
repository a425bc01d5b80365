"""Pauses: for whom the order or the work waits, and until when."""

from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from os_events.aggregates.base import Aggregate, Change
from os_events.aggregates.rules import (
    RefusalError,
    RuleKind,
    check_not_before,
    need_reason,
    refuse_unless_overridden,
)
from os_events.aggregates.service_order.checks import check_open, new_id
from os_events.aggregates.service_order.codes import HoldCause, HoldScope
from os_events.aggregates.service_order.memory import Hold, Work
from os_events.aggregates.service_order.order import ServiceOrder
from os_events.values.acts import Act
from os_events.values.scalars import Instant, PlausibleInstant
from os_events.values.words import Told

DEBT = "debt"  # the code of a reason


class HoldAlreadyOpenError(RefusalError):
    """One hold at a time for each scope. Release the open one first."""

    slug = "hold-already-open"
    rule = "H9"
    pt = "Já há uma suspensão em aberto."


class NoOpenHoldError(RefusalError):
    """No such hold is open. Read the order again."""

    slug = "no-open-hold"
    rule = "H9"
    pt = "Não há suspensão em aberto."


class HoldBreaksPromiseError(RefusalError):
    """The hold outlasts the promised date. Agree on a new one, or override and say why."""

    slug = "hold-breaks-promise"
    rule = "Q10"
    kind = RuleKind.WRN
    facts = ("completion-promised",)
    pt = "A suspensão passa do prazo prometido; renegocie ou avise o cliente."


class ReturnBlockedByDebtError(RefusalError):
    """Nobody keeps a device because a bill is open. Give another reason, or none."""

    slug = "return-blocked-by-debt"
    rule = "C2"
    facts = ("device-received",)
    pt = "Não se retém equipamento por falta de pagamento."


class HoldPlaced(Aggregate.Event):
    """The order, or only the labour on it, stands still."""

    TOPIC: ClassVar[str] = "service-order.hold-placed"
    TOLD: ClassVar[Told] = Told(
        pt="Suspensão da {scope}; causa: {cause}[; retomada prevista para {expected_until}]",
        en="Hold on the {scope}; cause: {cause}[; expected to go on at {expected_until}]",
    )
    hold_id: UUID
    scope: HoldScope
    cause: HoldCause
    expected_until: Instant | None = None

    def apply(self, order: ServiceOrder) -> None:
        order.ids.add(self.hold_id)
        order.holds[self.hold_id] = Hold(self.scope, self.cause, self.occurred_at, self.version)
        if order.work is Work.ACTIVE:
            order.work = Work.PAUSED


class PlaceHold(Change[ServiceOrder]):
    """Stop an order, or the labour on it. An order stops with a reason only.

    Refused: order-ended, duplicate-id, hold-already-open, reason-required, return-blocked-by-debt;
    hold-breaks-promise, unless Q10 is overridden.
    """

    RULES: ClassVar[tuple[str, ...]] = ("C2", "H1", "H2", "H9", "H12", "Q10")

    hold_id: UUID | None = None
    scope: HoldScope
    cause: HoldCause
    expected_until: PlausibleInstant | None = None

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        hold_id = new_id(order, self.hold_id, act)
        if same := [hold for hold in order.holds.values() if hold.scope is self.scope]:
            there = f"order {order.id} has a hold of scope {self.scope}"
            raise HoldAlreadyOpenError(there, rests_on=(order.event(same[0].version),))
        if self.scope is HoldScope.ORDER:
            need_reason(act)
        if not act.imported:
            self._check_harm(order, act)

        fact = HoldPlaced(
            hold_id=hold_id,
            scope=self.scope,
            cause=self.cause,
            expected_until=self.expected_until,
        )
        order.happened(act, fact)

    def _check_harm(self, order: ServiceOrder, act: Act) -> None:
        if order.in_custody and act.reason and act.reason.code == DEBT:
            raise ReturnBlockedByDebtError(f"the device of order {order.id} is in our custody")
        if self.scope is HoldScope.ORDER and self._outlasts_promise(order):
            promise = HoldBreaksPromiseError(f"promised: {order.promised_at}")
            refuse_unless_overridden(order, act, promise)

    def _outlasts_promise(self, order: ServiceOrder) -> bool:
        """Say whether the order would still be on hold when it was promised to be done."""
        if order.promised_at is None:
            return False
        return self.expected_until is None or self.expected_until > order.promised_at


class HoldReleased(Aggregate.Event):
    """What stood still goes on."""

    TOPIC: ClassVar[str] = "service-order.hold-released"
    TOLD: ClassVar[Told] = Told(
        pt="Suspensão encerrada; execução retomada: {resumes_work}",
        en="Hold released; work goes on: {resumes_work}",
    )
    hold_id: UUID
    resumes_work: bool

    def apply(self, order: ServiceOrder) -> None:
        order.holds.pop(self.hold_id, None)
        if self.resumes_work and order.work is Work.PAUSED:
            order.work = Work.ACTIVE
            order.work_since = self.occurred_at


class ReleaseHold(Change[ServiceOrder]):
    """Let an order go on. Without ``hold_id``, the latest hold is released.

    Refused: order-ended, no-open-hold, occurred-out-of-order.
    """

    RULES: ClassVar[tuple[str, ...]] = ("H1", "H3", "H9")

    hold_id: UUID | None = None
    resumes_work: bool = False

    def decide(self, order: ServiceOrder, act: Act) -> None:
        check_open(order)
        hold_id = self.hold_id or next(reversed(order.holds), None)
        if hold_id is None or hold_id not in order.holds:
            raise NoOpenHoldError(f"order {order.id} has no such hold open")

        check_placed(order, act, [hold_id])
        order.happened(act, HoldReleased(hold_id=hold_id, resumes_work=self.resumes_work))


def release_all(order: ServiceOrder, act: Act) -> None:
    """End the open holds of an order whose work is completed, or which ends (H9).

    Raises OccurredOutOfOrderError, and then ends none.
    """
    open_ones = list(order.holds)
    check_placed(order, act, open_ones)
    for hold_id in open_ones:
        order.happened(act, HoldReleased(hold_id=hold_id, resumes_work=False))


def check_placed(order: ServiceOrder, act: Act, hold_ids: Iterable[UUID]) -> None:
    """Refuse to end a hold before it was placed."""
    for hold_id in hold_ids:
        check_not_before(act, order.holds[hold_id].placed_at, "the hold was placed")
