"""Given: the histories of many orders, by chance: plausible ones, and such as late facts make."""

from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from os_events.aggregates.base import DomainEvent
from os_events.aggregates.service_order import codes
from os_events.aggregates.service_order.closing import Cancelled, Closed
from os_events.aggregates.service_order.handover import DeviceHandedOver
from os_events.aggregates.service_order.intake import DeviceReceived
from os_events.aggregates.service_order.opening import Opened
from os_events.aggregates.service_order.quoting import QuoteIssued
from os_events.aggregates.service_order.reopening import Reopened
from os_events.values.acts import Actor, Channel, Device, Role
from tests.happenings import EXAMPLES, PEOPLE, UNUSUAL, USUAL, Life, reopened
from tests.support import imported

UNITS = [UUID(int=n) for n in (41, 42, 43)]
ACTORS = (
    *(Actor(id=str(who), role=Role.TECHNICIAN) for who in PEOPLE),
    Actor(id="policy:deadlines", role=Role.POLICY),
    Actor(id="integration:shop", role=Role.INTEGRATION),
)
OVERRIDES = [()] * 12 + [("Q10",), ("C2", "W15")]
LAGS = [0, 60, 899, 900, 900.4, 901, 3600, 5 * 86400, 60 * 86400]  # seconds
GUARDED = DeviceReceived | DeviceHandedOver | Closed | Cancelled | Reopened | QuoteIssued
STANDING = (
    [timedelta(0)] * 6
    + [timedelta(minutes=n) for n in (1, 15, 30, 60)] * 2
    + [timedelta(hours=n) for n in (3, 7, 20)] * 2
    + [timedelta(seconds=0.6), timedelta(days=1), timedelta(days=2)]
    + [timedelta(days=9), timedelta(days=33)]
)


class Told(NamedTuple):
    """A fact, and when it comes to be on record."""

    recorded_at: datetime
    event: Any


def live(life: Life) -> None:
    """Let an order live, up to some point, with what is usual left out and what is not put in."""
    for _ in range(life.chance.choice([1, 1, 2, 3])):
        last = life.chance.randrange(5, len(USUAL) + 20)
        for step in USUAL[:last]:
            if life.chance.random() < 0.85:
                step(life)
            if life.chance.random() < 0.15:
                life.chance.choice(UNUSUAL)(life)
        if life.has_ended and life.chance.random() < 0.7:
            reopened(life)
    if life.chance.random() < 0.25:
        mix(life)


def mix(life: Life) -> None:
    """Let things happen in any order, but for those that cannot."""
    places = [n for n, (kind, _) in enumerate(life.steps) if not issubclass(kind, GUARDED)]
    mixed = [life.steps[n] for n in places]
    life.chance.shuffle(mixed)
    for place, step in zip(places, mixed, strict=True):
        life.steps[place] = step


def facts_of(life: Life) -> list[Told]:
    """Say when each thing happened and was told: the opening first."""
    chance, at = life.chance, life.begins_at
    guarded_at = at - timedelta(seconds=1)
    most = chance.choice([3, 7, 7, len(LAGS)])  # how late they are told at most
    first = Told(at + timedelta(seconds=chance.choice(LAGS[:5])), happened(life, opened(life), at))
    found = [first]
    for kind, fields in life.steps:
        at = life.moment(at + chance.choice(STANDING)) if chance.random() < 0.95 else at
        if issubclass(kind, GUARDED):
            at = guarded_at = max(at, guarded_at + timedelta(seconds=1))
        claimed = at - timedelta(days=3) if is_early(life, kind) else at
        event = happened(life, EXAMPLES[kind].model_copy(update=fields), claimed)
        told_at = max(claimed + timedelta(seconds=chance.choice(LAGS[:most])), first.recorded_at)
        found.append(Told(told_at, event))
    life.ends_at = at
    return found


def is_early(life: Life, kind: type[DomainEvent]) -> bool:
    """Say whether something is claimed to be earlier than it can be, perhaps before the opening."""
    return not issubclass(kind, GUARDED) and life.chance.random() < 0.03


def opened(life: Life) -> Any:
    has_asset = life.chance.random() < 0.6
    fields = {
        "order_number": f"OS-2026-{life.number:06}",
        "profile": life.any_of(*codes.Profile),
        "route": life.any_of(codes.Route.BENCH, *codes.Route),
        "type": life.any_of(codes.OrderType.REPAIR, *codes.OrderType),
        "basis": life.any_of(*codes.Basis),
        "priority": life.any_of(*codes.Priority),
        "unit_id": life.any_of(*UNITS),
        "place_zone": life.zone,
        "asset": life.asset() if has_asset else None,
        "quality_test_required": life.chance.random() < 0.5,
        "previous_order_id": life.follows.id if life.follows else None,
    }
    return EXAMPLES[Opened].model_copy(update=fields)


def happened(life: Life, event: Any, at: datetime) -> Any:
    """Fill in who says so, and when it was."""
    head: dict[str, Any] = {
        "originator_id": life.id,
        "timestamp": at,
        "zone": life.zone,
        "correlation_id": life.id,
        "actor": life.any_of(*ACTORS),
        "channel": life.any_of(Channel.COUNTER, Channel.WHATSAPP),
        "device": Device(offline=life.chance.random() < 0.1),
        "overrides": life.chance.choice(OVERRIDES),
        "corrects": None,
        "causation_id": None,
        "source": None,
    }
    if life.is_imported and (isinstance(event, Opened) or life.chance.random() < 0.7):
        head |= imported()
    return event.model_copy(update=head)


def histories(chance: Random, size: int) -> list[Told]:
    """Give all facts of some orders in the order in which they come to be on record."""
    lives: list[Life] = []
    found: list[Told] = []
    for number in range(1, size + 1):
        life = Life(chance, number, lives)
        live(life)
        found += facts_of(life)
        lives.append(life)
    return sorted(found, key=lambda told: (told.recorded_at, not isinstance(told.event, Opened)))
