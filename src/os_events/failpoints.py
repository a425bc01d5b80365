"""Named places where a test may stop, kill or delay the program. Never armed in production."""

import os
import signal
from collections import Counter
from threading import Lock
from time import sleep

VARIABLE = "OS_EVENTS_FAILPOINTS"
NAMES = frozenset(
    {
        "append.sent",  # the batch is about to be sent
        "append.answered",  # it is recorded, and nobody has been told
        "reader.applied",  # rows are written, the place is moved, and nothing is committed
        "follower.applied",  # rows are written, the position is not committed
        "intake.recorded",  # a request is on record, its sender has not been told
        "publisher.acked",  # the broker has a batch, the position is not stored
        "webhooks.filled",  # what is due is written, the endpoint's place has not moved for others
        "webhooks.sent",  # the receiver has answered, and nobody has noted it
        "checkpoint.swapped",  # the store holds a text that is not signed yet
        "epoch.recorded",  # the log has another name, and nothing follows it yet
        "epoch.frozen",  # what was signed under the former name is put aside
        "epoch.swapped",  # the store has the other name too
        "upgrade.copied",  # the embedded database is there twice, not compared yet
        "upgrade.compared",  # both are known to hold the same
        "upgrade.renamed",  # the old one is put aside, and the new one not in its place
    }
)


class Failpoints:
    """What is armed.

    Shape: ``name=kill``, ``name=raise`` or ``name=sleep:seconds``, with ``@m`` at the m-th passing;
    commas between.
    """

    def __init__(self, armed: str) -> None:
        self.armed: dict[str, tuple[str, int]] = {}
        self._passed: Counter[str] = Counter()
        self._lock = Lock()
        for one in filter(None, armed.split(",")):
            name, _, act = one.partition("=")
            act, _, passing = act.partition("@")
            if name not in NAMES:
                raise ValueError(f"{VARIABLE} names {name!r}; known: {', '.join(sorted(NAMES))}")
            self.armed[name] = (act, int(passing or 1))

    def passed(self, name: str) -> None:
        """Do what is armed at ``name``, if this is the passing that was meant."""
        if name not in self.armed:
            return
        act, passing = self.armed[name]
        with self._lock:
            self._passed[name] += 1
            if self._passed[name] != passing:
                return
        if act == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif act == "raise":
            raise RuntimeError(f"failpoint {name}")
        else:
            sleep(float(act.removeprefix("sleep:")))


_armed = Failpoints(os.environ.get(VARIABLE, ""))  # noqa: TID251 - read before there are settings


def failpoint(name: str) -> None:
    """Mark a place; nothing happens unless a test has armed it."""
    _armed.passed(name)


def armed() -> list[str]:
    """Name what is armed: production refuses to start with any."""
    return sorted(_armed.armed)
