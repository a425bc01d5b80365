"""The commands, as somebody types them, beside a program that runs."""

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.e2e.processes import ask, told
from tests.e2e.programs import COMMAND, LONGEST, Program

ORDER = "-000001"  # the end of its number
EXAMPLES = Path(__file__).parents[2] / "examples" / "import"
WRITERS = ["psycopg", "os_events.eventlog.log", "os_events.followers.follower", "fastapi"]


@pytest.fixture(scope="module")
def number(sample: Program) -> str:
    """The number of the first order of the sample."""
    key = sample.ask("keys", "new", "--role", "manager", "--quiet").strip()
    _, board = ask(sample, "/service-orders?ended=true", key)
    return next(
        str(o["order_number"]) for o in board["orders"] if o["order_number"].endswith(ORDER)
    )


@pytest.fixture(scope="module")
def exported(sample: Program, number: str) -> Iterator[tuple[Path, str]]:
    """The file that proves its history, and the log's key."""
    with TemporaryDirectory() as name:
        file = Path(name) / "order.json"
        sample.ask("export", "order", number, "--output", str(file))
        vkey = re.search(r"key +(\S+)", sample.ask("status"))
        assert vkey
        yield file, vkey[1]


def alone(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command where nothing else is: no data, no settings but these."""
    return subprocess.run(
        [COMMAND, *words],
        env={"PATH": os.defpath, "HOME": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )


def test_a_reader_that_has_enough_is_no_error() -> None:
    with subprocess.Popen(
        [COMMAND, "kpis"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as command:
        assert command.stdout
        assert command.stderr
        command.stdout.close()

        assert command.stderr.read() == ""


def test_status_says_how_far_everything_is(sample: Program) -> None:
    said = sample.ask("status")

    assert re.search(r"log +\d+ events", said)
    assert said.count(" well\n") == 8


def test_a_history_is_told_with_both_clocks(sample: Program, number: str) -> None:
    lines = sample.ask("history", number).splitlines()

    assert "aberta" in lines[0]
    assert re.match(r"\d\d/\d\d/\d{4} \d\d:\d\d  .*registrado \d\d/\d\d/\d{4}", lines[0])
    assert "encerrada" in lines[-1]


def test_a_history_is_told_as_it_was_at_an_instant(sample: Program, number: str) -> None:
    opened = sample.ask("history", number, "--language", "en").splitlines()[0][:16]

    then = sample.ask("history", number, "--as-of", f"{opened.replace(' ', 'T')}-03:00")

    assert len(then.splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["history", "OS-1999-000001"], 4, "not-found: no order OS-1999-000001"),
        (["keys", "revoke", "0" * 12], 4, "os-events keys list"),
        (["keys", "new", "--integration", "bi", "--role", "figures"], 2, "role of its own"),
        (["restore", "nowhere.tar", "--replace"], 6, "Stop the program"),
    ],
)
def test_what_does_not_work_says_in_a_line_what_to_do(
    sample: Program, words: list[str], status: int, says: str
) -> None:
    said = told(sample, *words)

    [line] = said.stderr.splitlines()
    assert said.returncode == status
    assert says in line


def test_an_exported_history_verifies_where_nothing_else_is(exported: tuple[Path, str]) -> None:
    file, key = exported

    said = alone("verify", str(file), "--key", key)

    assert said.returncode == 0
    assert said.stdout.startswith("ÍNTEGRO")


def test_a_history_with_another_byte_diverges(exported: tuple[Path, str], tmp_path: Path) -> None:
    file, key = exported
    changed = tmp_path / "changed.json"
    changed.write_text(file.read_text().replace("Moto G54", "Moto G84"))

    said = alone("verify", str(changed), "--key", key)

    assert said.returncode == 9
    assert said.stdout.startswith("DIVERGENTE")


def test_verifying_loads_nothing_that_writes(exported: tuple[Path, str]) -> None:
    file, key = exported
    script = (
        "import sys, json\nfrom os_events.cli.main import main\n"
        f"sys.argv = ['os-events', 'verify', {str(file)!r}, '--key', {key!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print(json.dumps([one for one in {WRITERS} if one in sys.modules]))"
    )

    said = subprocess.check_output([sys.executable, "-c", script], text=True)

    assert json.loads(said.splitlines()[-1]) == []


def test_an_audit_finds_every_event_as_it_was_recorded(sample: Program) -> None:
    said = sample.ask("audit")

    assert re.match(r"\d+ events, each as it was recorded; [1-9]\d* checkpoints agree", said)


def test_views_are_rebuilt_while_they_answer(sample: Program) -> None:
    assert re.match(r"views rebuilt at position \d+", sample.ask("rebuild", "--processes", "2"))


def test_the_doctor_finds_nothing_wrong(sample: Program) -> None:
    said = told(sample, "doctor")

    assert said.returncode == 0
    assert "FAIL" not in said.stdout
    assert "note  the company is a made-up one" in said.stdout


def test_a_key_that_is_revoked_opens_nothing(sample: Program) -> None:
    key = sample.ask("keys", "new", "--role", "attendant", "--name", "Bia", "--quiet").strip()
    before, _ = ask(sample, "/service-orders", key)
    other = sample.ask("keys", "new", "--integration", "site", "--quiet").strip()

    sample.ask("keys", "revoke", other.split("_")[2])

    after, _ = ask(sample, "/service-orders", other)
    assert (before, after) == (200, 401)
    assert re.search(r"attendant +Bia +attendant .* in force", sample.ask("keys", "list"))


def test_a_link_is_written_that_signs_in(sample: Program) -> None:
    assert re.fullmatch(r"http://\S+/entrar\?link=\S{43}\n", sample.ask("link"))


def test_an_import_is_rehearsed_and_names_what_it_would_reject(
    sample: Program, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.csv"
    files = [str(EXAMPLES / "oficina.csv"), "--mapping", str(EXAMPLES / "oficina.toml")]

    said = told(sample, "import", *files, "--dry-run", "--rejects", str(rejects))

    with rejects.open(newline="") as file:
        named = [(row["line"], row["slug"]) for row in csv.DictReader(file)]
    assert said.returncode == 5
    assert "12 rows: 10 told facts, 0 changed none that is kept, 2 rejected" in said.stdout
    assert "0 commands recorded now" in said.stdout
    assert named == [("11", "unreadable-cell"), ("12", "occurred-before-start")]


def test_figures_are_listed_and_told_with_what_they_mean(sample: Program) -> None:
    listed = sample.ask("kpis").splitlines()
    told = sample.ask("kpis", "backlog", "--by", "series").splitlines()
    in_english = sample.ask("kpis", "backlog", "--by", "series", "--language", "en").splitlines()

    assert listed[0].split() == ["indicador", "título", "em", "capítulo"]
    assert any(line.startswith("backlog ") for line in listed)
    assert told[0] == "Backlog e envelhecimento (backlog), contagem"
    assert "Conta o que havia no fim do período" in told
    assert re.fullmatch(r"total +\d+", told[-4])
    assert told[-2] == "Fora da conta: nada"
    assert re.search(r"posição \d+ do registro$", told[-1])
    assert in_english[0] == "Backlog and its age (backlog), count"


def test_the_orders_behind_a_number_are_as_many_as_it_says(sample: Program) -> None:
    [figure] = csv.DictReader(sample.ask("kpis", "backlog", "--csv").splitlines())
    orders = list(csv.DictReader(sample.ask("kpis", "backlog", "--orders", "--csv").splitlines()))

    assert len({one["order_number"] for one in orders}) == int(figure["value"]) > 0


def test_a_figure_is_told_as_it_was_known(sample: Program) -> None:
    told = sample.ask("kpis", "backlog", "--known-at", "2020-01-01T00:00-03:00").splitlines()

    assert told[-1].endswith("como se sabia em 01/01/2020 00:00; posição 0 do registro")


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["no_such"], 4, "unknown-figure: no figure is called no_such"),
        (["backlog", "--by", "weather"], 2, "by: not one of day, week, month"),
        (["backlog", "--where", "weather=fine"], 2, "--where: 'weather=fine'"),
        (["backlog", "--where", "unit=Nowhere"], 2, "no unit is called 'Nowhere'; they are Centro"),
        (["backlog", "--from", "2026-02-01", "--to", "2026-01-01"], 2, "unaskable: from"),
    ],
)
def test_a_figure_that_cannot_be_told_so_says_why(
    sample: Program, words: list[str], status: int, says: str
) -> None:
    refused = subprocess.run(
        [COMMAND, "kpis", *words],
        env=os.environ | sample.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )

    assert refused.returncode == status
    assert says in refused.stderr
