"""What dashboards ask of schema ``bi`` is answered, to a login that sees figures only."""

import psycopg
import pytest

from os_events.eventlog.database import FIGURES, Pool, connect
from os_events.kpis import bi
from os_events.kpis.asking import Figures
from tests.alerts import DASHBOARDS, statements
from tests.support import a_company

SINCE, UNTIL = "'2026-01-15T03:00:00Z'", "'2026-04-15T02:59:59Z'"
STATEMENTS = [
    one.replace("$__timeFrom()", SINCE).replace("$__timeTo()", UNTIL)
    for path in DASHBOARDS
    for one in statements(path)
]


@pytest.fixture
def reader(figures: Figures, database_url: str) -> psycopg.Connection[object]:
    pool: Pool = figures.pool
    with pool.connection() as connection, connection.transaction():
        bi.install(connection, a_company().zone, a_company().units)
    return connect(database_url, FIGURES)


@pytest.mark.parametrize("statement", STATEMENTS)
def test_what_a_dashboard_asks_of_schema_bi_is_answered(
    reader: psycopg.Connection[object], statement: str
) -> None:
    answered = reader.execute(statement)
    reader.close()

    assert answered.description
    assert len({column.name for column in answered.description}) == len(answered.description) > 1
