"""Alerts that fire for real, and are over once their page of the runbook was followed.

The rules are those of ``deploy/``; with QUICK=1 in the environment their times are shorter.
"""

from pathlib import Path

import psycopg

from os_events.bootstrap.databases import LOG
from os_events.eventlog.embedded import Server
from os_events.projections.order_board.board import OrderBoard
from tests.asking import body
from tests.brokers.real import RealKafka
from tests.campaign.prometheus import Prometheus, free_row, said, wait, watching
from tests.e2e.processes import ask, told
from tests.e2e.programs import Program, running

BOARD = OrderBoard.derivation.name
CLOSED = f"ALTER TABLE read.{BOARD} ADD CONSTRAINT closed CHECK (false) NOT VALID"
TOPIC = "os.order.events.v1"


def opened(program: Program, key: str) -> int:
    """When: a customer asks for something; give the position of the order's opening."""
    _, person = ask(program, "/persons", key, body("RegisterPerson"))
    _, units = ask(program, "/units", key)
    where = {"unit_id": units[0]["unit_id"], "previous_order_id": None}
    opening = body("OpenServiceOrder", customer_id=person["aggregate_id"], **where)
    status, order = ask(program, "/service-orders", key, opening)
    assert status == 201, order
    return int(order["position"])


def a_key(program: Program) -> str:
    return program.ask("keys", "new", "--role", "manager", "--quiet").strip()


def changed_by_hand(program: Program) -> None:
    """Given: somebody closes a table of schema read to new rows."""
    folder = Path(program.environment["OS_EVENTS_DATA_DIRECTORY"])
    with (
        Server(folder, allow_root=True) as server,
        psycopg.connect(server.admin_url(LOG), autocommit=True) as admin,
    ):
        admin.execute(CLOSED)


def command(program: Program, *words: str) -> tuple[int, str]:
    """Do what a page says; show what was printed."""
    done = told(program, *words)
    said(f"$ os-events {' '.join(words)}   (exit status {done.returncode})")
    print(done.stdout + done.stderr)
    return done.returncode, done.stdout


def all_published(prometheus: Prometheus) -> bool:
    """Say whether the topic is as far as the log."""
    return prometheus.value("max(os_events_publisher_backlog_events)") == 0


def test_a_stopped_follower_calls_somebody_and_its_page_ends_it(tmp_path: Path) -> None:
    port = free_row(2)
    with (
        running(OS_EVENTS_METRICS_PORT=str(port)) as program,
        watching(tmp_path, port, 2) as prometheus,
    ):
        key = a_key(program)
        wait(lambda: prometheus.value("sum(up)") == 2, "both processes are watched")
        changed_by_hand(program)
        position = opened(program, key)
        said(f"an order is opened at position {position}, and {BOARD} refuses its row")

        alert = prometheus.await_alert("FollowerStopped")
        looked, words = command(program, "status")
        rebuilt, _ = command(program, "rebuild")
        prometheus.await_silence("FollowerStopped")
        over, _ = command(program, "status")
        status, board = ask(program, f"/service-orders?after={position}", key)

    assert (alert["severity"], alert["follower"]) == ("page", BOARD)
    assert looked == 8
    assert "CheckViolation" in words
    assert (rebuilt, over) == (0, 0)
    assert (status, len(board["orders"])) == (200, 1)


def test_a_broker_that_is_away_calls_somebody_and_its_page_ends_it(
    mortal_kafka: RealKafka, tmp_path: Path
) -> None:
    port = free_row(3)
    with (
        running(
            OS_EVENTS_METRICS_PORT=str(port),
            OS_EVENTS_KAFKA_BROKERS=mortal_kafka.brokers,
            OS_EVENTS_KAFKA_REPLICATION="1",
        ) as program,
        watching(tmp_path, port, 3) as prometheus,
    ):
        print(program.ask("kafka", "topics", "apply"))
        key = a_key(program)
        opened(program, key)
        wait(lambda: all_published(prometheus), "all is published")
        mortal_kafka.kill()
        said("the broker is gone")
        position = opened(program, key)
        said(f"an order is opened at position {position}")

        alert = prometheus.await_alert("PublisherLagging")
        print(program.ask("publisher", "status"))
        status, _ = ask(program, f"/service-orders?after={position}", key)
        mortal_kafka.start()
        said("the broker is back")
        prometheus.await_silence("PublisherLagging")
        wait(lambda: all_published(prometheus), "all is published")
        print(program.ask("publisher", "status"))

    assert (alert["severity"], alert["topic"]) == ("page", TOPIC)
    assert status == 200
