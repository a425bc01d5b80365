"""Alert rules and dashboards, as files, and what Prometheus' own tool says of them."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
RULES = sorted((DEPLOY / "prometheus" / "rules").glob("*.yml"))
RULE_TESTS = sorted((DEPLOY / "prometheus" / "tests").glob("*.yml"))
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
RUNBOOK = ROOT / "docs" / "runbook"
NAME = re.compile(r"\bos_events_[a-z_]+")
VARIABLES = {"$__rate_interval": "5m", "$__range": "1h", "$instance": "a"}


def alerts() -> list[dict[str, Any]]:
    """Find every alert."""
    groups = (group for path in RULES for group in yaml.safe_load(path.read_text())["groups"])
    return [rule for group in groups for rule in group["rules"]]


def dashboard(path: Path) -> dict[str, Any]:
    """Read a dashboard."""
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def targets(path: Path) -> Iterator[dict[str, Any]]:
    """Find what the panels of a dashboard ask."""
    for panel in dashboard(path)["panels"]:
        yield from panel.get("targets", [])


def expressions(path: Path) -> list[str]:
    """Find what a dashboard asks Prometheus."""
    return [plain(target["expr"]) for target in targets(path) if "expr" in target]


def statements(path: Path) -> list[str]:
    """Find what a dashboard asks PostgreSQL."""
    return [target["rawSql"] for target in targets(path) if "rawSql" in target]


def plain(expression: str) -> str:
    """Put a value in the place of each of Grafana's variables."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def promtool(*words: str) -> subprocess.CompletedProcess[str]:
    """Ask Prometheus' tool, whatever it says."""
    command = shutil.which("promtool")
    if command is None:
        pytest.skip("no promtool: apt-get install prometheus")
    return subprocess.run(
        [command, *words], capture_output=True, text=True, check=False, timeout=60
    )
