"""What became of every row."""

from collections import Counter
from dataclasses import dataclass, field

from os_events.commands.importing.steps import Reject


@dataclass
class Report:
    """Counts of one import. Every row is in exactly one of ``told``, ``silent`` and ``rejected``.

    Shape: ``told`` brought about facts, now or in an earlier run; ``silent`` changes no fact that
    we keep; ``rejected`` belongs to a record that is not imported, or not from that row on.
    """

    rows: int = 0
    told: int = 0
    silent: int = 0
    rejected: int = 0
    records: int = 0
    known_before: int = 0  # commands that an earlier run had recorded
    recorded: int = 0  # commands that this one did
    people: int = 0
    rejects: list[Reject] = field(default_factory=list)
    unrecorded: Counter[str] = field(default_factory=Counter)
    left_out: list[tuple[int, str]] = field(default_factory=list)
