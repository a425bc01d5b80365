"""The document in git, as the AsyncAPI project's own schema and parser read it."""

import json
import subprocess
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from jsonschema import Draft7Validator

from os_events.messaging.asyncapi import document
from tests.golden.reference import DOCS

FOLDER = Path(__file__).parents[1] / "asyncapi"
MODULES = FOLDER / "node_modules" / "@asyncapi"
DOCUMENT = DOCS / "asyncapi.json"
MISSING = "the official reader; to have it: sudo apt-get install nodejs npm && make asyncapi"
WORST = 1  # severities: error, warning, information, hint


@pytest.fixture(scope="module")
def node() -> str:
    """Given: Node, and what `make asyncapi` fetches."""
    found = which("node")
    if found is None or not MODULES.exists():
        pytest.skip(f"without {MISSING}")
    return found


def read(node: str, path: Path) -> Any:
    """When: the official parser reads a document."""
    command = [node, str(FOLDER / "read.cjs"), str(path)]
    ended = subprocess.run(command, capture_output=True, check=True, timeout=120)
    return json.loads(ended.stdout)


@pytest.mark.usefixtures("node")
def test_the_official_schema_accepts_the_document() -> None:
    schema = json.loads((MODULES / "specs/schemas/3.0.0-without-$id.json").read_text())

    errors = [error.message for error in Draft7Validator(schema).iter_errors(document())]

    assert errors == []


def test_the_official_parser_accepts_the_document(node: str) -> None:
    told = read(node, DOCUMENT)

    assert [one["message"] for one in told["said"] if one["severity"] <= WORST] == []
    assert set(told["messages"]) == document()["components"]["messages"].keys()


def test_the_official_parser_is_heard_when_it_objects(node: str, tmp_path: Path) -> None:
    broken = json.loads(DOCUMENT.read_text())
    del broken["components"]["messages"]["os.order.closed.v1"]
    (tmp_path / "broken.json").write_text(json.dumps(broken))

    told = read(node, tmp_path / "broken.json")

    assert any("does not exist" in one["message"] for one in told["said"])
    assert told["messages"] == []
