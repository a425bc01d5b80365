"""SQL of ours that is part of the database: written when it is otherwise than what is there."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import psycopg

INSTALLING = "SELECT pg_advisory_xact_lock(hashtext('read.kpis'))"
MADE_OF = "SELECT obj_description(to_regproc(%s), 'pg_proc')"


def renew(connection: psycopg.Connection[Any], statements: Sequence[str], last: str) -> None:
    """Execute statements in a transaction, unless they are those that made function ``last``.

    Every command of the program comes by here while others ask: what they ask for stays as it is.
    """
    connection.execute(INSTALLING)
    made_of = sha256("\n".join(statements).encode()).hexdigest()
    if connection.execute(MADE_OF, (last,)).fetchone() == (made_of,):
        return
    connection.execute("SET LOCAL check_function_bodies = off")  # their tables may come later
    for statement in statements:
        connection.execute(statement.encode())
    connection.execute(f"COMMENT ON FUNCTION {last} IS '{made_of}'".encode())
