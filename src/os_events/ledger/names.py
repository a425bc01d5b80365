"""What the log says of itself: its name and keys, and the names that it had before a loss."""

import json
from dataclasses import dataclass, replace
from typing import Any

from os_events.eventlog.rows import StoredRow, history_rows, rows_at
from os_events.ledger.encoding import hash_from_base64
from os_events.ledger.refusals import LogDiffersFromSignedError

OPENED, RESTORED = "log.opened", "log.restored"


@dataclass(frozen=True)
class Name:
    """A name that the log has, or had.

    Shape: ``left`` is None for the present one; for a former one, how many of the events signed
    under it are still there, and ``signed`` and ``root`` the last that was; they are None where the
    event that told of them was lost as well.
    """

    origin: str
    keys: tuple[str, ...]
    position: int | None  # of the event that gives the name, if it is there
    left: int | None = None
    signed: int | None = None
    root: bytes | None = None
    why: str = ""


def names(url: str, role: str) -> list[Name]:
    """Give all names of the log, the present one last; none where it does not begin with its name.

    Raises: LogDiffersFromSignedError where it contradicts itself; UnavailableError.
    """
    first = rows_at(url, role, [1]).get(1)
    if first is None or first.event != OPENED:
        return []
    rows = history_rows(url, role, first.aggregate_id)
    try:
        return _told(rows)
    except (ValueError, KeyError, TypeError) as error:
        raise LogDiffersFromSignedError("the log does not say which log it is") from error


def _told(rows: list[StoredRow]) -> list[Name]:
    found: dict[str, Name] = {}
    for row in rows:
        if row.event not in {OPENED, RESTORED}:
            continue
        told = json.loads(row.state)
        if row.event == RESTORED:
            _end(found, told["loss"])
        found[told["origin"]] = Name(told["origin"], tuple(told["keys"]), row.position)
    return list(found.values())


def _end(found: dict[str, Name], loss: dict[str, Any]) -> None:
    """Say of every name before how much of it survives this loss."""
    left, former = loss["restored_size"], loss["former_origin"]
    for vkey in loss["former_keys"]:  # some may have been told by events that are lost
        origin = vkey.partition("+")[0]
        found.setdefault(origin, Name(origin, (vkey,), None))
    for origin, name in found.items():
        found[origin] = replace(name, left=left if name.left is None else min(left, name.left))
    found[former] = replace(
        found[former],
        left=left,
        signed=loss["signed_size"],
        root=hash_from_base64(loss["signed_root"]),
        why=f"{loss['cause']}: {loss['explanation']}",
    )
