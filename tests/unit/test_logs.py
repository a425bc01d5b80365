"""Log lines: constant words and fields that are allowed, of which none holds what people typed."""

import ast
import json
import logging
import sys
import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import structlog

import os_events
from os_events.cli.logs import FIELDS, configure_logs

SOURCE = Path(os_events.__file__).parent
METHODS = {"debug", "info", "warning", "error", "critical", "exception", "bind"}
TYPED = "Maria de Souza, 529.982.247-25"


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Find every line that the program may log, and where."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and is_log(node.func):
                yield f"{path.relative_to(SOURCE)}:{node.lineno}", node


def is_log(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and isinstance(function.value, ast.Name)
        and function.value.id == "log"
        and function.attr in METHODS
    )


LINES = dict(calls())


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """Given: the program's logs; afterwards those of the tests again."""
    root, hooks = logging.getLogger(), (sys.excepthook, threading.excepthook)
    before = (root.handlers[:], root.level)
    configure_logs()
    [handler] = root.handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(written := StringIO())
    yield written
    structlog.reset_defaults()
    root.handlers[:], root.level = before
    sys.excepthook, threading.excepthook = hooks


def told(lines: StringIO) -> dict[str, Any]:
    """Then: the one line that was written."""
    [line] = lines.getvalue().splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


@pytest.mark.parametrize("place", LINES)
def test_a_line_is_constant_words_and_allowed_fields(place: str) -> None:
    call = LINES[place]
    [words] = call.args

    assert isinstance(words, ast.Constant)
    assert isinstance(call.func, ast.Attribute)
    assert call.func.attr != "exception"
    assert {keyword.arg for keyword in call.keywords} <= FIELDS - {"event", "dropped"}


@pytest.mark.parametrize("place", LINES)
def test_the_words_of_an_error_are_a_reason_and_nothing_else(place: str) -> None:
    said = {k.arg for k in LINES[place].keywords if ast.unparse(k.value).startswith("str(err")}

    assert said <= {"reason"}


def test_a_field_that_is_not_allowed_is_left_out_and_named(
    lines: StringIO,
) -> None:
    structlog.get_logger().info("something happened", customer_name=TYPED, position=7)

    line = told(lines)

    assert (line["event"], line["position"], line["dropped"]) == (
        "something happened",
        7,
        ["customer_name"],
    )


def test_of_an_error_its_kind_and_place_are_told_and_not_its_words(
    lines: StringIO,
) -> None:
    try:
        int(TYPED)
    except ValueError:
        logging.getLogger("asyncio").exception("Task failed with %s", TYPED)

    line = told(lines)

    assert (line["kind"], line["logger"], line["event"]) == (
        "ValueError",
        "asyncio",
        "a library's line",
    )
    assert TYPED not in json.dumps(line, ensure_ascii=False)


def test_a_library_that_tells_of_links_is_repeated(lines: StringIO) -> None:
    logging.getLogger("psycopg.pool").warning("error connecting in %r: refused", "pool-1")

    assert told(lines)["event"] == "error connecting in 'pool-1': refused"


def test_a_thread_that_dies_says_so_without_its_words(lines: StringIO) -> None:
    def broken() -> None:
        raise ValueError(TYPED)

    thread = Thread(target=broken)
    thread.start()
    thread.join()

    line = told(lines)
    assert (line["event"], line["kind"]) == ("ended by an unexpected error", "ValueError")
    assert TYPED not in json.dumps(line, ensure_ascii=False)
