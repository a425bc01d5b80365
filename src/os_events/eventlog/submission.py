"""What is asked of the log, and how whoever asked hears what became of it."""

import asyncio
import hmac
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID, uuid4

from eventsourcing.persistence import StoredEvent


class RequestKey(NamedTuple):
    """What makes a repeated request the same request.

    Shape: digests cut to 128 bits. The body's is keyed with the idempotency key, which is stored
    nowhere: what a person asked for cannot be guessed from it after an erasure.
    """

    key: UUID
    body: UUID

    @classmethod
    def of(cls, key: str, body: bytes) -> "RequestKey":
        """Make one from what the caller sent."""
        secret = key.encode()
        return cls(
            UUID(bytes=sha256(b"os_events/request/v1\n" + secret).digest()[:16]),
            UUID(bytes=hmac.digest(secret, body, "sha256")[:16]),
        )

    @classmethod
    def new(cls) -> "RequestKey":
        """Make one for a caller who gave none: it still makes our own second attempt safe."""
        return cls(uuid4(), UUID(int=0))


class Answer(NamedTuple):
    """One row of ``log.append``: what became of a command, and its last event.

    Shape: outcome is done, replayed, misused or conflict (then the positions are None).
    """

    outcome: str
    aggregate_id: UUID
    version: int
    first_position: int
    last_position: int


class Promised(asyncio.Future[Answer]):
    """An answer for a coroutine. The committer settles all of a batch in one call to their loop."""

    def set_running_or_notify_cancel(self) -> bool:
        """Say whether anybody still waits; who gives up later just does not hear."""
        return not self.cancelled()


class Submission(NamedTuple):
    """One command's events, recorded all or none, if that can be done before ``until``.

    Unit: seconds of the monotonic clock.
    """

    events: Sequence[StoredEvent]
    request: RequestKey
    answer: Future[Answer] | Promised
    until: float


def fail(batch: Sequence[Submission], error: Exception) -> None:
    """Tell every caller in ``batch`` that it could not be recorded."""
    settle(batch, [error] * len(batch))


def settle(batch: Sequence[Submission], outcomes: Sequence[Answer | Exception]) -> None:
    """Tell each caller in ``batch`` its own outcome; coroutines together, a loop at a time."""
    promised: dict[asyncio.AbstractEventLoop, list[tuple[Promised, Answer | Exception]]] = {}
    for submission, outcome in zip(batch, outcomes, strict=True):
        answer = submission.answer
        if isinstance(answer, Promised):
            promised.setdefault(answer.get_loop(), []).append((answer, outcome))
        else:
            tell(answer, outcome)
    for loop, answers in promised.items():
        with suppress(RuntimeError):  # a loop that was closed meanwhile: nobody waits there
            loop.call_soon_threadsafe(keep, answers)


def keep(promises: list[tuple[Promised, Answer | Exception]]) -> None:
    """Settle promises, in their own loop; some may have been given up."""
    for promise, outcome in promises:
        if not promise.done():
            tell(promise, outcome)


def tell(future: Future[Answer] | Promised, outcome: Answer | Exception) -> None:
    """Settle one future."""
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
