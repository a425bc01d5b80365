"""What an endpoint may ask for: a caller with rights, and the ``Parts`` of the application."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, cast
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from os_events.aggregates.base import Aggregate, Change
from os_events.api.parts import Parts, parts_of
from os_events.commands.caller import Caller, StaleVersionError, request_key, trace_of
from os_events.commands.perform import perform
from os_events.commands.rights import Question, check_right
from os_events.errors import NotFoundError
from os_events.eventlog.log import EventLog, Recorded
from os_events.followers.positions import AsOf
from os_events.followers.read_model import ReadModel, ReadModelBehindError
from os_events.tracing import traceparent
from os_events.values.principal import Principal

T = TypeVar("T")
A = TypeVar("A", bound=Aggregate)
V = TypeVar("V", bound=ReadModel[Any])

BEARER = HTTPBearer(
    auto_error=False,  # our own words are said by ``strict``
    scheme_name="ApiKey",
    description="`Authorization: Bearer ose_live_…`; `os-events keys new` makes one.",
)
LAST_POSITION = 2**63 - 1


class Answer(BaseModel):
    """What was recorded. Send ``position`` back as ``after`` to read your own write."""

    aggregate_id: UUID
    version: int
    position: int


@dataclass(frozen=True, slots=True)
class Command:
    """A request for a change: by whom, to which log, and the headers of the answer."""

    log: EventLog
    caller: Caller
    response: Response

    async def perform(self, kind: type[A], aggregate_id: UUID, change: Change[A]) -> Answer:
        """Let an aggregate decide, and say what was recorded."""
        return self.answer(await perform(self.log, self.caller, kind, aggregate_id, change))

    def answer(self, recorded: Recorded) -> Answer:
        """Say what was recorded; the same again when a request is repeated."""
        headers = self.response.headers
        headers["ETag"] = f'"{recorded.version}"'
        headers["As-Of-Position"] = str(recorded.position)
        headers["Idempotency-Replayed"] = str(recorded.replayed).lower()
        return Answer.model_validate(recorded, from_attributes=True)

    def begun(self, recorded: Recorded, place: str) -> Answer:
        """Say what was recorded, and where what began is to be found."""
        self.response.headers["Location"] = f"{place}/{recorded.aggregate_id}"
        return self.answer(recorded)


@dataclass(frozen=True, slots=True)
class Reading:
    """A question that its asker may ask, and the headers of the answer."""

    question: Question
    principal: Principal
    parts: Parts
    response: Response

    def view(self, kind: type[V], after: int) -> V:
        """Give a read model that reflects ``after`` at least, and tell what it reflects."""
        view = cast("V", self.parts.views[kind])
        self.reflects(view.reach(after))
        return view

    def at_head(self, after: int = 0) -> int:
        """Tell that the answer comes straight from the log. Raises ReadModelBehindError."""
        head = self.parts.log.head()
        if head < after:
            raise ReadModelBehindError(f"the log ends at position {head}")
        self.reflects(AsOf(head))
        return head

    def reflects(self, as_of: AsOf) -> None:
        """Tell what the answer is as of."""
        self.response.headers["As-Of-Position"] = str(as_of.position)
        if as_of.degraded_since is not None:
            self.response.headers["Degraded-Since"] = str(as_of.degraded_since)

    def check_unit(self, unit_id: UUID) -> None:
        """Refuse what lies outside the asker's units. Raises ForbiddenError."""
        check_right(self.principal, self.question, unit_id)


async def command(
    request: Request,
    response: Response,
    _: Annotated[object, Depends(BEARER)],
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            pattern=r"^[!-~]{1,200}$",
            description="Without one, one is made and told.",
        ),
    ] = None,
    if_match: Annotated[
        str | None,
        Header(alias="If-Match", description='The version that you saw, as in `ETag`: `"3"`.'),
    ] = None,
) -> Command:
    """Say who asks, and what makes this request the same request when it comes again."""
    parts, state = parts_of(request), request.state
    key = response.headers["Idempotency-Key"] = idempotency_key or state.idempotency_key
    said = f"{request.method} {request.url.path}\n".encode() + await request.body()
    caller = Caller(
        principal=state.principal,
        request=request_key(state.principal, key, said),
        asked_at=parts.clock(),
        new_id=parts.new_id(),
        company=parts.company,
        expected_version=version_of(if_match),
        traceparent=traceparent() or trace_of(request.headers.get("traceparent")),
    )
    return Command(parts.log, caller, response)


def reading(question: Question) -> Callable[..., Awaitable[Reading]]:
    """Make the dependency that lets those ask who may."""

    async def allowed(
        request: Request, response: Response, _: Annotated[object, Depends(BEARER)]
    ) -> Reading:
        principal = request.state.principal
        check_right(principal, question)
        return Reading(question, principal, parts_of(request), response)

    allowed.question = question  # type: ignore[attr-defined]  # a test asks each route for it
    return allowed


def there(found: T | None) -> T:
    """Give what was found. Raises NotFoundError."""
    if found is None:
        raise NotFoundError
    return found


def version_of(if_match: str | None) -> int | None:
    """Read ``If-Match``: one strong tag, or ``*``. Raises StaleVersionError: no other can match."""
    tag = if_match and if_match.strip()
    if tag in {None, "*"}:
        return None
    digits = str(tag).strip('"')
    if tag != f'"{digits}"' or not digits.isdecimal() or len(digits) > len(str(LAST_POSITION)):
        raise StaleVersionError("If-Match is no version of ours")
    return int(digits)


Asked = Annotated[Command, Depends(command)]
After = Annotated[
    int, Query(ge=0, le=LAST_POSITION, description="Wait until this position is reflected.")
]
