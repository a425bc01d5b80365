"""How the program's log lines look: for people on a terminal, JSON elsewhere."""

import logging
import sys

import structlog
from structlog.typing import Processor


def configure_logs() -> None:
    """Write structlog's and other libraries' lines alike, to standard error."""
    on_terminal = sys.stderr.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Tracebacks without the values of variables: some are personal.
    plain = structlog.dev.plain_traceback
    last: Processor = structlog.dev.ConsoleRenderer(exception_formatter=plain)
    if not on_terminal:
        traceback = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        shared.append(structlog.processors.ExceptionRenderer(traceback))
        last = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for noisy in ("uvicorn.error", "psycopg.pool"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
