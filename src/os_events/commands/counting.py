"""What became of commands, as whoever watches the program is told."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec

from os_events import errors
from os_events.aggregates.base import Request
from os_events.aggregates.rules import RefusalError
from os_events.eventlog.log import KeyMisusedError, Recorded
from os_events.metrics import COMMANDS, RULE_REFUSALS

OUTCOMES: dict[type[Exception], str] = {
    KeyMisusedError: "misused",
    errors.RuleViolationError: "refused",
    errors.ConflictError: "conflict",
    errors.ForbiddenError: "forbidden",
    errors.NotFoundError: "not-found",
    errors.UnavailableError: "unavailable",
    errors.TamperedError: "tampered",
}

P = ParamSpec("P")
Performing = Callable[P, Coroutine[Any, Any, Recorded]]


def counted(perform: Performing[P]) -> Performing[P]:
    """Count what becomes of each command that a function records; it is the last argument."""

    @wraps(perform)
    async def performed(*args: P.args, **kwargs: P.kwargs) -> Recorded:
        outcome = "unexpected"
        try:
            recorded = await perform(*args, **kwargs)
            outcome = "replayed" if recorded.replayed else "done"
            return recorded
        except errors.OsEventsError as error:
            outcome = outcome_of(type(error))
            if isinstance(error, RefusalError):
                RULE_REFUSALS.labels(error.rule).inc()
            raise
        finally:
            command = args[-1]
            assert isinstance(command, Request)  # noqa: S101 - for the type checker
            COMMANDS.labels(type(command).__name__, outcome).inc()

    return performed


def outcome_of(kind: type[Exception]) -> str:
    """Name what an error means for its command."""
    return next((OUTCOMES[base] for base in kind.__mro__ if base in OUTCOMES), "unexpected")
