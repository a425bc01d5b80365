"""A CRM and an ERP that know nothing of us but the messages, as their READMEs start them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.brokers.real import RealKafka
from tests.e2e.kafka import set_up
from tests.e2e.processes import ask, in_time, typed
from tests.e2e.programs import LONGEST, Program, running

EXAMPLES = Path(__file__).parents[2] / "examples"
PART = {"description": "Conector USB-C", "condition": "new_original", "warranty_days": 90}


@contextmanager
def example(name: str, to: Path, *options: str) -> Iterator[Path]:
    """Run an example, and stop it; give where its lines go."""
    program = [sys.executable, "-u", str(EXAMPLES / name / f"{name}.py"), *options]
    with to.open("w") as lines, subprocess.Popen(program, stdout=lines) as process:
        yield to
        process.terminate()
        process.wait(LONGEST)


def says(lines: Path, *wanted: str) -> bool:
    return in_time(lambda: all(one in lines.read_text() for one in wanted))


def accepted(lines: Path) -> str:
    """Give the id of the first order that was accepted."""
    line = next(one for one in lines.read_text().splitlines() if "accepted" in one)
    return line.split()[-1]


@pytest.fixture
def house(
    directory: Path, mortal_kafka: RealKafka, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Program]:
    set_up(monkeypatch, mortal_kafka, EXAMPLES / "erp" / "senders.toml")
    typed(directory / "data", "kafka", "topics", "apply")
    with running(directory / "data") as program:
        yield program


def test_a_crm_gets_its_orders_and_an_erp_supplies_what_they_need(
    house: Program, mortal_kafka: RealKafka, directory: Path
) -> None:
    brokers = ("--brokers", mortal_kafka.brokers)
    key = house.ask("keys", "new", "--role", "manager", "--quiet").strip()
    need = {"line_id": "phone", "part": PART, "quantity": "1", "supply": "supplier"}

    with (
        example("erp", directory / "erp", *brokers, "--delivery", "0.1") as erp,
        example("crm", directory / "crm", *brokers) as crm,
    ):
        assert says(crm, "accepted", "os.order.opened")
        status, _ = ask(house, f"/service-orders/{accepted(crm)}/part-requests", key, need)
        assert status == 200
        assert says(erp, "1 × Conector USB-C: ordered", "1 × Conector USB-C: arrived")
        assert says(crm, "refused: waiver-without-basis (rule Q1)", "os.order.part-supply-updated")
