"""The log as the rest of the program sees it: load, record, change, read. The library ends here."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import Future
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.utils import Environment, EnvType
from pydantic import BaseModel
from pydantic_core import from_json

from os_events.aggregates.base import Aggregate, DomainEvent
from os_events.errors import (
    ConflictError,
    NotFoundError,
    OsEventsError,
    RuleViolationError,
    TamperedError,
    UnavailableError,
)
from os_events.eventlog.database import available
from os_events.eventlog.keys import DataKey, KeyRing, Scope
from os_events.eventlog.mapper import EventMapper, LoggedEvent, SealedEvent
from os_events.eventlog.memory import Memory
from os_events.eventlog.opening import Vault
from os_events.eventlog.recorder import LogRecorder
from os_events.eventlog.submission import Answer, Promised, RequestKey, Submission
from os_events.eventlog.vault import scopes
from os_events.tracing import step_span

A = TypeVar("A", bound=Aggregate)

END = 2**63 - 1  # after every position


class KeyMisusedError(RuleViolationError):
    """The idempotency key has been used for another request. Make a new key for each request."""

    slug = "idempotency-key-misused"


class Recorded(BaseModel):
    """What was recorded. Send ``position`` back as ``after`` to read your own write.

    Shape: ``replayed`` says that this request had been recorded before; nothing happened now.
    """

    aggregate_id: UUID
    version: int
    position: int
    replayed: bool = False


class EventLog(Application[UUID]):
    """One log. Coroutines record and change; threads load, record_now and read."""

    name = "eventlog"
    recorder: LogRecorder
    mapper: EventMapper
    refusal: OsEventsError | None = None  # while it is set, nothing is recorded

    def __init__(
        self,
        database_url: str,
        keys: KeyRing,
        *,
        pool_size: int = 8,
        remembered: int = 10_000,
        patience: float = 10.0,
    ) -> None:
        super().__init__(
            {
                "PERSISTENCE_MODULE": "os_events.eventlog.recorder:LogFactory",
                "DATABASE_URL": database_url,
                "POOL_SIZE": str(pool_size),
            }
        )
        self._keys = keys
        self._vault = Vault(database_url, keys, pool_size)
        self._memory = Memory(remembered)
        self._patience = patience

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Leave os.environ out: the library would let a stray variable change how we store."""
        return Environment(name, env)

    def construct_mapper(self) -> EventMapper:
        """Use our mapper."""
        return EventMapper()

    def close(self) -> None:
        """Record what is waiting, then let go of the database."""
        super().close()
        self._vault.close()

    def load(self, cls: type[A], aggregate_id: UUID) -> A:
        """Rebuild an aggregate from the log. Raises NotFoundError, UnavailableError."""
        try:
            with available("the log"):
                aggregate: Any = self.repository.get(aggregate_id, projector_func=replay)
        except AggregateNotFoundError as error:
            raise NotFoundError(f"no {cls.TOPIC} {aggregate_id}") from error
        if not isinstance(aggregate, cls):
            raise NotFoundError(f"no {cls.TOPIC} {aggregate_id}")
        return aggregate

    def record_now(self, aggregate: Aggregate, request: RequestKey | None = None) -> Recorded:
        """Do as ``record`` does, and hold the thread meanwhile."""
        until = monotonic() + self._patience
        answer = Future[Answer]()
        with available("the log"):
            events, wanted = self._collect(aggregate)
            keys = self._keys.at_hand(wanted)
            if keys is None:
                keys = self._keys.fetch(wanted)
            stored = self._stored(aggregate, events, keys)
            whole = Submission(stored, request or RequestKey.new(), answer, until)
            self.recorder.committer.submit(whole)
            try:
                told = answer.result(until - monotonic())
            finally:
                answer.cancel()  # if it was not taken yet, nobody waits for it any more
        return self._told(aggregate, stored, told)

    async def record(self, aggregate: Aggregate, request: RequestKey | None = None) -> Recorded:
        """Append what happened, all or none.

        Raises: ConflictError, KeyMisusedError, UnavailableError.
        """
        until = monotonic() + self._patience
        return await self._in_time(self._append(aggregate, request or RequestKey.new(), until))

    async def change(
        self, cls: type[A], aggregate_id: UUID, verb: Callable[[A], None], request: RequestKey
    ) -> Recorded:
        """Load, let ``verb`` decide, record. Raises what ``load``, ``verb`` and ``record`` raise.

        A refusal is not believed at once: the request may repeat one that succeeded, the remembered
        aggregate be behind. Where somebody else was first, ``verb`` decides again.
        """
        until = monotonic() + self._patience

        async def attempts() -> Recorded:
            known = self._memory.take(cls, aggregate_id)
            while True:
                found = known
                if found is None:
                    found = await asyncio.to_thread(self.load, cls, aggregate_id)
                try:
                    verb(found)
                    return await self._append(found, request, until)
                except (UnavailableError, TamperedError):
                    raise
                except OsEventsError as error:
                    if before := await asyncio.to_thread(self.answer_to, request):
                        return before
                    if known is None and type(error) is not ConflictError:  # as a stale version
                        raise
                    known = None

        return await self._in_time(attempts())

    def answer_to(self, request: RequestKey) -> Recorded | None:
        """Give what a request was told when it was recorded; None if it never was.

        Raises: KeyMisusedError, UnavailableError.
        """
        with available("the log"):
            answer = self.recorder.answer_to(request)
        return recorded(answer) if answer else None

    def head(self) -> int:
        """Give the last position; 0 when nothing is recorded yet."""
        with available("the log"):
            return self.recorder.max_notification_id() or 0

    def next_number(self, scope: str) -> int:
        """Draw the next number of ``scope``, from 1. A gap means nothing."""
        with available("the log"):
            return self.recorder.next_number(scope)

    def read(
        self, after: int, upto: int, topics: Sequence[str] = (), *, opened: bool = False
    ) -> list[DomainEvent]:
        """Read the events of these topics at positions after < position <= upto, in order.

        Shape: no topics means all; in one, ``%`` stands for anything, what is not known yet too.
        Personal values stay sealed unless ``opened``; then they may be erased.

        Raises: TamperedError if the log has a hole there, or the vault another value;
        UnreadableEventError, UnavailableError.
        """
        with available("the log"):
            logged = self.recorder.select_notifications(
                after, upto - after, upto, topics, inclusive_of_start=False
            )
            there = self.recorder.count(after, upto) if topics else len(logged)
        if there != upto - after:
            raise TamperedError(f"the log has a hole between positions {after} and {upto}")
        return self._events(logged, opened=opened)

    def histories(
        self,
        aggregate_ids: Sequence[UUID],
        upto: int = END,
        topics: Sequence[str] = (),
        *,
        opened: bool = False,
    ) -> list[DomainEvent]:
        """Read the events of these aggregates at positions <= upto, a history after the other.

        Shape and errors: as ``read``.
        """
        with available("the log"):
            logged = self.recorder.select_histories(aggregate_ids, upto, topics)
        return self._events(logged, opened=opened)

    def history_of(
        self, aggregate_id: UUID, upto: int = END, *, opened: bool = False
    ) -> list[DomainEvent]:
        """Read one history; empty when there is none."""
        return self.histories([aggregate_id], upto, opened=opened)

    def begun(self, topic: str, upto: int = END) -> list[UUID]:
        """Name the aggregates that began with ``topic`` at positions <= upto, oldest first."""
        with available("the log"):
            return self.recorder.select_ids(topic, upto)

    async def _in_time(self, work: Coroutine[None, None, Recorded]) -> Recorded:
        """Wait as long as a caller is told to wait, and no longer, whatever it is for."""
        with available("the log"):
            async with asyncio.timeout(self._patience):
                return await work

    async def _append(self, aggregate: Aggregate, request: RequestKey, until: float) -> Recorded:
        events, wanted = self._collect(aggregate)
        keys = self._keys.at_hand(wanted)
        if keys is None:  # asked for in a thread: the event loop waits for nothing
            keys = await asyncio.to_thread(self._keys.fetch, wanted)
        stored = self._stored(aggregate, events, keys)
        answer = Promised()
        with step_span("log.append", {"os_events.events": len(stored)}):
            self.recorder.committer.submit(Submission(stored, request, answer, until))
            told = await answer
        return self._told(aggregate, stored, told)

    def _collect(self, aggregate: Aggregate) -> tuple[list[DomainEvent], set[Scope]]:
        """Take what happened to an aggregate, and the names of the keys that storing it takes."""
        if self.refusal:
            raise self.refusal.with_traceback(None)
        events = list(aggregate.collect_events())
        if not events:
            raise ValueError(f"nothing happened to {aggregate.id}")
        return events, scopes(events, aggregate.owner())

    def _stored(
        self, aggregate: Aggregate, events: list[DomainEvent], keys: Mapping[Scope, DataKey]
    ) -> list[SealedEvent]:
        owner = aggregate.owner()
        return [self.mapper.sealed(event, owner, keys) for event in events]

    def _told(self, aggregate: Aggregate, stored: list[SealedEvent], answer: Answer) -> Recorded:
        personal = any(event.vault for event in stored)
        if answer.outcome == "conflict" and personal:
            self._keys.forget()  # perhaps one was erased meanwhile
        elif answer.outcome == "done" and not personal:
            self._memory.keep(aggregate)
        elif answer.outcome == "done" and answer.version == len(stored):
            # It holds values that a loaded one would not: it is remembered as it is stored.
            self._memory.keep(replay(None, map(self.mapper.to_domain_event, stored)))
        return recorded(answer)

    def _events(self, logged: Sequence[LoggedEvent], *, opened: bool) -> list[DomainEvent]:
        states = self._vault.states(logged) if opened else [from_json(e.state) for e in logged]
        return [self.mapper.event(e, state) for e, state in zip(logged, states, strict=True)]


def replay(aggregate: Any, events: Iterable[Any]) -> Any:
    """Rebuild an aggregate, without the protocol check that makes the library's own 18 x slower."""
    for event in events:
        aggregate = event.mutate(aggregate)
    return aggregate


def recorded(answer: Answer) -> Recorded:
    """Turn an answer of the log into what callers get: what was recorded, or an error."""
    if answer.outcome == "conflict":
        raise ConflictError(f"{answer.aggregate_id} was changed by somebody else")
    if answer.outcome == "misused":
        raise KeyMisusedError("this idempotency key belongs to another request")
    return Recorded(
        aggregate_id=answer.aggregate_id,
        version=answer.version,
        position=answer.last_position,
        replayed=answer.outcome == "replayed",
    )
