"""Refusals: a rule with its words; and the rules that hold for every request."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from os_events.aggregates.base import Aggregate
from os_events.errors import RuleViolationError
from os_events.values.acts import Act

CLOCK_SKEW = timedelta(minutes=5)  # H3: how far a caller's clock may be ahead


class RuleKind(StrEnum):
    """What a refusal means, in the words of rules.md."""

    INV = "INV"  # nothing is recorded
    WRN = "WRN"  # as INV, unless the act knowingly overrides the rule


class RefusalError(RuleViolationError):
    """A rule forbids it. Each leaf carries the rule's id and what people are told.

    Shape: ``rests_on`` are the ids of the events that it rests on; where none is told, it is the
    latest fact of the kinds that are named in ``facts``.
    """

    rule: ClassVar[str]
    kind: ClassVar[RuleKind] = RuleKind.INV
    pt: ClassVar[str]
    facts: ClassVar[tuple[str, ...]] = ()

    def __init__(self, message: str = "", *, rests_on: tuple[UUID, ...] = ()) -> None:
        super().__init__(message)
        self.rests_on = rests_on


class ReasonRequiredError(RefusalError):
    """Such an act is not recorded without a reason. Say why."""

    slug = "reason-required"
    rule = "H2"
    pt = "Informe o motivo."


class OverrideWithoutReasonError(RefusalError):
    """A rule is overridden with a reason only. Say why."""

    slug = "override-without-reason"
    rule = "H2"
    pt = "Para seguir apesar do alerta, informe o motivo."


class OccurredInFutureError(RefusalError):
    """It cannot have happened later than it is told. Check the device's clock."""

    slug = "occurred-in-future"
    rule = "H3"
    pt = "A data informada está no futuro."


class OccurredBeforeStartError(RefusalError):
    """Nothing happens to a thing before it begins. Check the date."""

    slug = "occurred-before-start"
    rule = "H3"
    pt = "A data informada é anterior ao início deste registro."


class OccurredOutOfOrderError(RefusalError):
    """The date contradicts a fact on record. Check the date."""

    slug = "occurred-out-of-order"
    rule = "H3"
    pt = "A data informada contradiz um fato já registrado."


class LateEntryNeedsReasonError(RefusalError):
    """What is typed long after it happened says why, and from what it was taken. Add both."""

    slug = "late-entry-needs-reason"
    rule = "G6"
    pt = "Registro tardio: informe o motivo e a origem."


@contextmanager
def resting(aggregate: Aggregate) -> Iterator[None]:
    """Let what is refused within say on which fact of the aggregate it rests."""
    try:
        yield
    except RefusalError as refusal:
        if not refusal.rests_on:
            latest = max((aggregate.last_of.get(fact, 0) for fact in refusal.facts), default=0)
            refusal.rests_on = (aggregate.event(latest),) if latest else ()
        raise


def refuse_unless_overridden(aggregate: Aggregate, act: Act, refusal: RefusalError) -> None:
    """Refuse what a rule of kind WRN forbids, unless the act overrides that rule, saying why.

    What was overridden is remembered by the aggregate, and goes into the facts of this command.
    """
    if refusal.kind is not RuleKind.WRN or refusal.rule not in act.declared:
        raise refusal
    if act.reason is None:
        raise OverrideWithoutReasonError(f"{refusal.rule} is overridden without a reason")
    aggregate.overridden.append(refusal.rule)


def need_reason(act: Act) -> None:
    """Refuse an act without a reason. Why it was done elsewhere, nobody here can say."""
    if act.reason is None and not act.imported:
        raise ReasonRequiredError


def check_not_before(act: Act, earlier: datetime | None, what: str) -> None:
    """Refuse what claims to have happened before a fact that it presupposes."""
    if earlier is not None and act.occurred_at < earlier:
        raise OccurredOutOfOrderError(f"{what} at {earlier:%Y-%m-%dT%H:%M:%SZ}")


def check_time(act: Act, *, start: Aggregate | None = None) -> None:
    """Refuse what happened in the future, before ``start``, or is told late without saying so.

    Imported history says where it comes from by itself.
    """
    if act.occurred_at > act.asked_at + CLOCK_SKEW:
        raise OccurredInFutureError(f"{act.occurred_at} is after {act.asked_at}")
    if start and act.occurred_at < start.created_on:
        began = f"it began at {start.created_on}"
        raise OccurredBeforeStartError(began, rests_on=(start.event(1),))
    threshold = timedelta(minutes=act.company.policies.late_entry_minutes)
    told_late = act.asked_at - act.occurred_at > threshold and not act.device.offline
    if told_late and not act.imported and not (act.reason and act.source):
        raise LateEntryNeedsReasonError(f"it is told {act.asked_at - act.occurred_at} afterwards")
