"""How log lines look: for people on a terminal, JSON elsewhere, and never what somebody typed.

A line is what happened, in constant words, with fields of ``FIELDS``; anything else is left out of
it. Of an error it tells the kind and the place in the code: its message may hold a person's data.
"""

import logging
import sys
import threading
from types import TracebackType

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from os_events.errors import frames

FIELDS = frozenset(
    {
        "event", "level", "timestamp", "logger", "dropped",
        "request", "order", "trace",  # of what is under way
        "follower", "position", "topic", "partition", "partitions", "offset", "place", "number",
        "error", "slug", "kind", "fault", "at", "status", "seconds", "counts",
        "reason",  # the words of the log, its ledger or a broker, never of what was asked
        "child", "endpoint",
    }
)  # fmt: skip
INTERNAL = {"_record", "_from_structlog"}  # structlog's own, gone when the line is written
SPOKEN = ("kafka", "opentelemetry", "psycopg.pool", "uvicorn")  # libraries that tell of links only

log = structlog.get_logger()


def only_allowed(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Leave out the fields that no line may have, and say which."""
    dropped = sorted(name for name in line if name not in FIELDS | INTERNAL)
    line["dropped"] = dropped or None
    nothing = [name for name, value in line.items() if value is None]
    for name in {*dropped, *nothing}:
        del line[name]
    return line


def error_told(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Tell an error by its kind and its place."""
    found = line.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        line.update(kind=type(error).__name__, at=frames(error))
    return line


def foreign(_: WrappedLogger, __: str, line: EventDict) -> EventDict:
    """Name the library whose line it is; repeat its words only where they tell of links."""
    record: logging.LogRecord = line["_record"]
    line["logger"] = record.name
    if not record.name.startswith(SPOKEN):
        line["event"] = "a library's line"
        line["at"] = [f"{record.filename}:{record.lineno} {record.funcName}"]
    return line


def configure_logs() -> None:
    """Write structlog's and other libraries' lines alike, to standard error."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        error_told,
        only_allowed,
    ]
    last: Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    if sys.stderr.isatty():
        last = structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[foreign, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:], root.level = [handler], logging.INFO
    for noisy in ("uvicorn.error", "psycopg.pool"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # Ten lines a second while a broker is away; whoever uses the client tells each error once.
    logging.getLogger("kafka").setLevel(logging.CRITICAL)
    sys.excepthook = unexpected
    threading.excepthook = lambda ended: unexpected(
        ended.exc_type, ended.exc_value, ended.exc_traceback
    )


def unexpected(
    kind: type[BaseException], error: BaseException | None, _: TracebackType | None
) -> None:
    """Tell what ended the program or a thread of it, without its words."""
    if not issubclass(kind, SystemExit):
        at = frames(error) if error else []
        log.critical("ended by an unexpected error", kind=kind.__name__, at=at)
