"""Who may do what in the database: each role its own, and nobody anything else."""

from typing import Any

import psycopg
import pytest

from os_events.eventlog import database
from os_events.eventlog.log import EventLog
from os_events.eventlog.privileges import keys_privileges, log_privileges
from tests.support import an_order

TAKEN = [
    database.WRITER,
    database.FOLLOWER,
    database.READER,
    database.LEDGER,
    database.VAULT,
    database.KEEPER,
    database.AUDITOR,
    database.ACCESS,
]
CHANGES = [
    "INSERT INTO log.events SELECT * FROM log.events",
    "UPDATE log.events SET state = ''",
    "DELETE FROM log.events",
    "TRUNCATE log.events",
    "INSERT INTO log.answers VALUES (gen_random_uuid(), gen_random_uuid(), 1, 1)",
    "UPDATE log.answers SET last_position = 1",
    "DELETE FROM log.answers",
    "TRUNCATE log.answers",
    "INSERT INTO log.vault VALUES (1, '/x', gen_random_uuid(), '')",
    "UPDATE log.vault SET sealed = ''",
    "DELETE FROM log.vault",
    "TRUNCATE log.vault",
    "INSERT INTO log.erased VALUES (gen_random_uuid())",
    "UPDATE log.erased SET key_id = gen_random_uuid()",
    "DELETE FROM log.erased",
    "TRUNCATE log.erased",
]
ATTACKS = [
    "UPDATE log.numbers SET last = 0",
    "DELETE FROM log.numbers",
    "ALTER TABLE log.events DISABLE TRIGGER keep",
    "ALTER TABLE log.events ADD COLUMN x int",
    "SET session_replication_role = replica",
    "DROP TABLE log.events",
    "DROP SCHEMA log CASCADE",
    "DROP FUNCTION log.refuse CASCADE",
    "CREATE OR REPLACE FUNCTION log.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "CREATE TABLE log.mine (x int)",
    "CREATE TABLE public.mine (x int)",
    "SET ROLE os_owner",
    "SET ROLE os_appender",
    "SET ROLE os_eraser",
    "SET ROLE postgres",
    "SELECT log.forbid('{}')",
    "SELECT log.erase()",
    "DELETE FROM keys.data_keys",
    "UPDATE keys.data_keys SET wrapped = ''",
    "COPY log.events FROM PROGRAM 'true'",
    "SELECT pg_read_file('/etc/passwd')",
    "CREATE ROLE mine",
    "GRANT os_owner TO os_app",
    "DROP TABLE access.keys",
    "DELETE FROM meta.migrations",
]
GUARDED = psycopg.errors.InsufficientPrivilege


def is_refused(connection: psycopg.Connection[Any], statement: str, said: str = "") -> bool:
    """Then: the database says that nobody, or not this one, may do so."""
    try:
        connection.execute(statement)
    except (GUARDED, psycopg.errors.ReadOnlySqlTransaction) as error:
        return said in str(error)
    return False


@pytest.mark.parametrize("session", ["origin", "replica"])
def test_the_guards_refuse_a_superuser_too(log: EventLog, admin_url: str, session: str) -> None:
    log.record_now(an_order())

    with psycopg.connect(admin_url, autocommit=True) as superuser:
        superuser.execute(f"SET session_replication_role = {session}")
        refused = [one for one in CHANGES if is_refused(superuser, one, "append-only")]

    assert refused == CHANGES
    assert log.head() == 1


@pytest.mark.parametrize("role", TAKEN)
def test_no_role_has_another_way_in_or_out(log: EventLog, database_url: str, role: str) -> None:
    log.record_now(an_order())

    with database.connect(database_url, role) as program:
        refused = [one for one in CHANGES + ATTACKS if is_refused(program, one)]

    assert refused == CHANGES + ATTACKS
    assert log.head() == 1


@pytest.mark.parametrize(
    ("role", "query"),
    [
        ("os_app", "SELECT count(*) FROM log.events"),
        (database.WRITER, "SELECT count(*) FROM log.vault"),
        (database.WRITER, "SELECT count(*) FROM keys.data_keys"),
        (database.VAULT, "SELECT count(*) FROM log.events"),
        (database.VAULT, "SELECT count(*) FROM keys.data_keys"),
        (database.FOLLOWER, "SELECT count(*) FROM log.vault"),
        (database.READER, "SELECT count(*) FROM log.vault"),
        (database.AUDITOR, "SELECT count(*) FROM log.vault"),
        (database.AUDITOR, "SELECT log.next_number('x')"),
        (database.KEEPER, "SELECT count(*) FROM log.events"),
        (database.ACCESS, "SELECT count(*) FROM log.events"),
    ],
)
def test_no_role_reads_what_is_not_its_own(database_url: str, role: str, query: str) -> None:
    with database.connect(database_url, role) as program, pytest.raises(GUARDED):
        program.execute(query)


def test_the_program_becomes_a_role_and_has_nothing_before(database_url: str) -> None:
    with psycopg.connect(database_url) as program, pytest.raises(GUARDED):
        program.execute("SELECT log.next_number('x')")
    with database.connect(database_url, database.WRITER) as program:
        assert program.execute("SELECT log.next_number('x')").fetchone() == (1,)


def test_readers_read_the_tables_that_followers_make(database_url: str) -> None:
    with database.connect(database_url, database.FOLLOWER) as follower:
        follower.execute("CREATE TABLE read.board AS SELECT 1 AS one")

    with database.connect(database_url, database.READER) as reader:
        assert reader.execute("SELECT one FROM read.board").fetchone() == (1,)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reader.execute("DROP TABLE read.board")


HOLDS = "SELECT has_table_privilege(%s, %s, %s)"
TABLES = ["log.answers", "log.erased", "log.events", "log.numbers", "log.vault", "keys.data_keys"]
VERBS = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]


def test_what_postgresql_says_of_each_role_is_what_is_written(admin_url: str) -> None:
    asked = [(role, on, what) for role in TAKEN for on in TABLES for what in VERBS]

    with psycopg.connect(admin_url) as superuser:
        held = {one for one in asked if superuser.execute(HOLDS, one).fetchone() == (True,)}

    written = {(one.role, one.on, one.what) for one in log_privileges() | keys_privileges()}
    assert held == written & set(asked)
