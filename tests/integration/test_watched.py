"""What a process tells whoever watches it, over a port of its own."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families
from psycopg.conninfo import conninfo_to_dict

from os_events.bootstrap.databases import Admin
from os_events.bootstrap.installation import Installation
from os_events.bootstrap.looks import watched_following, watched_serving
from os_events.bootstrap.watched import MetricsPortTakenError, Watched, observed
from os_events.followers import positions
from os_events.ledger.refusals import LogDiffersFromSignedError
from os_events.projections.order_board.board import OrderBoard
from tests.support import an_order

BOARD = OrderBoard.derivation.name
SHUT = "ALTER DATABASE {} ALLOW_CONNECTIONS false"
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


def get(port: int, path: str) -> tuple[int, str]:
    """When: somebody asks; give status and answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def health(port: int, path: str) -> tuple[int, str]:
    status, words = get(port, f"/health/{path}")
    return status, str(json.loads(words)["status"])


class Scraped(dict[tuple[str, ...], float]):
    """The samples of a scrape, by name and values of labels."""

    def __init__(self, port: int) -> None:
        families = text_string_to_metric_families(get(port, "/metrics")[1])
        samples = (sample for family in families for sample in family.samples)
        super().__init__({(s.name, *s.labels.values()): s.value for s in samples})

    def names(self) -> set[str]:
        return {name for name, *_ in self}


@contextmanager
def served(installation: Installation, watched: Watched) -> Iterator[int]:
    with observed(installation.settings, watched, 0) as port:
        yield port


@pytest.fixture
def following(installation: Installation) -> Iterator[int]:
    """The port of a process of followers, of which none has taken in anything yet."""
    assert len(installation.followers()) > 1
    with served(installation, watched_following(installation)) as port:
        yield port


@pytest.fixture
def serving(installation: Installation) -> Iterator[int]:
    """The port of a process of the API."""
    with served(installation, watched_serving(installation)) as port:
        yield port


@contextmanager
def away(admin: Admin) -> Iterator[None]:
    """Given: a database that lets nobody in."""
    name = str(conninfo_to_dict(admin.log)["dbname"])
    elsewhere = admin.log.replace(name, "postgres")
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        connection.execute(SHUT.format(name))
        connection.execute(CUT, (name,))
        yield
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def test_the_process_of_followers_tells_how_far_each_is_and_how_long_it_waits(
    installation: Installation, following: int
) -> None:
    head = installation.log.record_now(an_order()).position

    found = Scraped(following)

    assert found["os_events_log_position",] == head
    assert found["os_events_follower_position", BOARD] == 0
    assert found["os_events_follower_lag_events", BOARD] == head
    assert 0 < found["os_events_follower_lag_seconds", BOARD] < 60
    assert found["os_events_follower_state", BOARD, "running"] == 1
    assert found["os_events_checkpoint_size",] == 0
    assert 0 < found["os_events_checkpoint_age_seconds",] < 60
    assert found["os_events_backup_age_seconds",] == float("inf")
    assert 0 < found["os_events_disk_free_ratio", "data"] <= 1


def test_what_has_taken_in_all_waits_for_nothing(
    installation: Installation, following: int
) -> None:
    head = installation.log.record_now(an_order()).position
    assert all(follower.step() for follower in installation.followers())
    installation.publisher.once()

    found = Scraped(following)

    assert found["os_events_follower_lag_events", BOARD] == 0
    assert found["os_events_follower_lag_seconds", BOARD] == 0
    assert found["os_events_checkpoint_size",] == head
    assert found["os_events_checkpoint_age_seconds",] == 0
    assert found["os_events_follower_batch_events_count", "service-order"] >= 1


def test_a_follower_that_stopped_is_told_with_its_place_until_it_goes_on(
    installation: Installation, following: int
) -> None:
    with installation.following.connection() as connection:
        connection.execute(positions.STOP, (BOARD, 1, "underivable"))
    stopped = Scraped(following)
    with installation.following.connection() as connection:
        connection.execute(positions.WELL, ([BOARD],))

    well = Scraped(following)

    assert stopped["os_events_follower_state", BOARD, "stopped"] == 1
    assert stopped["os_events_follower_stopped_position", BOARD] == 1
    assert well["os_events_follower_state", BOARD, "stopped"] == 0
    assert ("os_events_follower_stopped_position", BOARD) not in well


def test_a_table_that_is_built_anew_is_told_beside_the_one_that_answers(
    installation: Installation, following: int
) -> None:
    with installation.following.connection() as connection:
        connection.execute(positions.SET, ([BOARD + positions.BESIDE], 1))

    found = Scraped(following)

    assert found["os_events_rebuild_position", BOARD] == 1
    assert found["os_events_follower_position", BOARD] == 0


def test_what_cannot_be_seen_is_not_told(
    installation: Installation, following: int, admin: Admin
) -> None:
    before = Scraped(following).names()
    with away(admin):
        found = Scraped(following)
        ready = health(following, "ready")

    assert "os_events_log_position" in before
    assert found["os_events_database_reachable",] == 0
    assert {"os_events_log_position", "os_events_follower_lag_seconds"} & found.names() == set()
    assert ready == (503, "unavailable")
    assert installation.log.head() > 0


def test_a_log_that_refuses_is_not_ready_and_says_why(
    installation: Installation, serving: int
) -> None:
    ready = health(serving, "ready")
    installation.log.refusal = LogDiffersFromSignedError("another root")

    found = Scraped(serving)

    assert ready == (200, "ok")
    assert found["os_events_log_refusing", "log-differs-from-signed"] == 1
    assert health(serving, "ready") == (503, "log-differs-from-signed")
    assert health(serving, "live") == (200, "ok")


def test_a_process_whose_committer_has_ended_is_not_alive(
    installation: Installation, serving: int
) -> None:
    alive = health(serving, "live")

    installation.log.recorder.committer.close()

    assert (alive, health(serving, "live")) == ((200, "ok"), (503, "unavailable"))
    assert health(serving, "startup") == (200, "ok")


def test_there_is_nothing_else_on_the_port(serving: int) -> None:
    assert get(serving, "/service-orders")[0] == 404


def test_without_a_port_nothing_is_served(installation: Installation) -> None:
    with observed(installation.settings, Watched("serve")) as port:
        assert port == 0


def test_a_port_that_is_taken_is_said(installation: Installation, serving: int) -> None:
    with (
        pytest.raises(MetricsPortTakenError, match=str(serving)),
        observed(installation.settings, Watched("serve"), serving),
    ):
        pass
