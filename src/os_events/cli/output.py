"""What commands tell: results to standard output, the rest to standard error."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

QUIET = 2.0  # seconds before a bar is shown


def say(*lines: str) -> None:
    """Write lines to standard output."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def note(*lines: str) -> None:
    """Write lines to standard error: they are not the result."""
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.flush()


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Write columns, each as wide as it must be."""
    lines = [tuple(map(str, line)) for line in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        told = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        say("  ".join(told).rstrip())


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told how much is done, and of how much; it draws a bar.

    Nothing is drawn in the first seconds, nor where nobody looks.
    """
    begun = monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
    task = bar.add_task(what)

    def tell(done: int, total: int) -> None:
        if not bar.live.is_started and bar.console.is_terminal and monotonic() - begun > QUIET:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield tell
    finally:
        if bar.live.is_started:  # else it would leave an empty line
            bar.stop()
