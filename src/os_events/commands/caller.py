"""Who asks, and what makes a request the same request when it comes again."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from os_events.aggregates.base import Aggregate, Request
from os_events.commands.rights import check_right
from os_events.errors import ConflictError, ForbiddenError
from os_events.eventlog.submission import RequestKey
from os_events.values.acts import Act, Channel, Device, SourceKind
from os_events.values.company import Company
from os_events.values.principal import Principal

RESERVED = {Channel.IMPORT, Channel.SYSTEM}
TRACE = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")  # W3C Trace Context, version 00


class StaleVersionError(ConflictError):
    """It has changed since the version named in ``If-Match``. Read it again, then ask again."""

    slug = "stale-version"


class ReservedChannelError(ForbiddenError):
    """Only an import may say that it is one, and only the program acts by itself.

    Leave out ``channel``, and a ``source`` of kind import.
    """

    slug = "reserved-channel"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, under which key, when by our clock; and an id for what comes of it.

    Shape: ``channel`` is how it came unless the request says more; the reserved ones are nobody's
    to claim. ``expected_version`` is that of the aggregate as the caller last saw it.
    """

    principal: Principal
    request: RequestKey
    asked_at: datetime
    new_id: UUID
    company: Company
    channel: Channel = Channel.API
    expected_version: int | None = None
    traceparent: str | None = None

    @property
    def imports(self) -> bool:
        """Say whether this tells what was decided in another system."""
        return self.channel is Channel.IMPORT

    def act(self, request: Request) -> Act:
        """Say who does it, how, when and why. Raises ForbiddenError, ReservedChannelError."""
        if not self.imports:
            check_right(self.principal, type(request))
        return Act(
            id=self.new_id,
            actor=self.principal.actor,
            channel=self._channel(request),
            occurred_at=request.occurred_at or self.asked_at,
            asked_at=self.asked_at,
            company=self.company,
            zone=request.zone,
            device=request.device or Device(),
            on_behalf_of=request.on_behalf_of,
            causation_id=request.causation_id,
            correlation_id=request.correlation_id,
            reason=request.reason,
            rule_ids=() if self.imports else request.RULES,
            declared=request.overrides,
            source=request.source,
            traceparent=self.traceparent,
        )

    def check_reach(self, request: Request, unit_id: UUID | None) -> None:
        """Refuse what lies outside the caller's units. Raises ForbiddenError."""
        if not self.imports:
            check_right(self.principal, type(request), unit_id)

    def check_version(self, aggregate: Aggregate) -> None:
        """Refuse who has not seen the latest. Raises StaleVersionError."""
        if self.expected_version not in {None, aggregate.version}:
            raise StaleVersionError(f"{aggregate.id} is at version {aggregate.version}")

    def check_new(self) -> None:
        """Refuse who has seen a version of what does not exist yet. Raises StaleVersionError."""
        if self.expected_version is not None:
            raise StaleVersionError("it is new, and has no version yet")

    def _channel(self, request: Request) -> Channel:
        claimed = request.channel or self.channel
        from_import = request.source is not None and request.source.kind is SourceKind.IMPORT
        if claimed is not self.channel and (claimed in RESERVED or self.channel in RESERVED):
            raise ReservedChannelError(f"channel {claimed} is not the caller's to claim")
        if from_import != self.imports:
            raise ReservedChannelError(
                "a source of kind import is an import's, and an import has one"
            )
        return claimed


def request_key(principal: Principal, key: str, said: bytes) -> RequestKey:
    """Make the idempotency key of a request: two callers may use the same word."""
    return RequestKey.of(f"{principal.actor.id}\n{key}", said)


def trace_of(traceparent: str | None) -> str | None:
    """Give a trace context back if it is one; a bad one is left out, as the standard asks."""
    return traceparent if traceparent and TRACE.fullmatch(traceparent) else None
