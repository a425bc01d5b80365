"""JSON as it is written: nothing in it that two readers read twice."""

import json
from typing import Any


def plain_of(text: bytes) -> Any:
    """Read JSON in UTF-8 with each name once in an object. Raises ValueError.

    Our models' reader takes a name that comes twice for one.
    """
    try:
        return json.loads(text.decode(), object_pairs_hook=once, parse_constant=never)
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object in which each name comes once. Raises ValueError."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name comes twice")
    return made


def never(constant: str) -> Any:
    """Refuse NaN and Infinity, which JSON has not. Raises ValueError."""
    raise ValueError(f"{constant} is not JSON")
