"""Alerts fire on what they are for, and each has a page for whoever is called."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.alerts import DEPLOY, NAME, ROOT, RULE_TESTS, RULES, RUNBOOK, alerts, promtool
from tests.golden.metric_reference import all_metrics, told_as

REGISTERED = {series for metric in all_metrics() for series in told_as(metric)}
NAMES = [alert["alert"] for alert in alerts()]
SECTIONS = ("## What it means", "## What is lost", "## Look", "## Do", "## Over when")


def called(alert: dict[str, Any]) -> str:
    return str(alert["alert"])


def test_prometheus_accepts_the_rules_and_its_configuration() -> None:
    configuration = DEPLOY / "prometheus" / "prometheus.yml"

    checked = promtool("check", "config", str(configuration))

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("path", RULE_TESTS, ids=lambda path: path.stem)
def test_alerts_fire_on_what_they_are_for_and_are_silent_otherwise(path: Path) -> None:
    tested = promtool("test", "rules", str(path))

    assert tested.returncode == 0, tested.stdout + tested.stderr


@pytest.mark.parametrize("name", NAMES)
def test_an_alert_is_tested_firing_and_silent(name: str) -> None:
    cases = [
        case
        for path in RULE_TESTS
        for test in yaml.safe_load(path.read_text())["tests"]
        for case in test["alert_rule_test"]
        if case["alertname"] == name
    ]

    assert {"exp_alerts" in case for case in cases} == {True, False}


@pytest.mark.parametrize("alert", alerts(), ids=called)
def test_an_alert_says_who_is_called_and_which_page_helps(alert: dict[str, Any]) -> None:
    page = ROOT / alert["annotations"]["runbook"]

    assert alert["labels"]["severity"] in {"page", "warn"}
    assert page == RUNBOOK / f"{alert['alert']}.md"
    assert page.exists()


def test_each_page_of_the_runbook_is_that_of_an_alert_and_is_listed() -> None:
    pages = {path.stem for path in RUNBOOK.glob("*.md")} - {"README"}
    listed = re.findall(r"\]\((\w+)\.md\)", (RUNBOOK / "README.md").read_text())

    assert pages == set(NAMES)
    assert sorted(listed) == sorted(pages)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_what_it_means_what_is_lost_what_to_do_and_when_it_is_over(name: str) -> None:
    page = (RUNBOOK / f"{name}.md").read_text()

    assert page.startswith(f"# {name}\n")
    assert [line for line in page.splitlines() if line.startswith("## ")] == list(SECTIONS)


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_rules_ask_for_what_the_code_tells(path: Path) -> None:
    asked = {name for rule in alerts_of(path) for name in NAME.findall(rule["expr"])}

    assert asked <= REGISTERED


def alerts_of(path: Path) -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(path.read_text())["groups"] for rule in group["rules"]]
