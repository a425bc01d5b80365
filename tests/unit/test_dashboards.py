"""Dashboards ask for what there is, in words that Prometheus understands."""

from pathlib import Path

import pytest
import yaml

from tests.alerts import (
    DASHBOARDS,
    DEPLOY,
    NAME,
    alerts,
    dashboard,
    expressions,
    promtool,
    statements,
    targets,
)
from tests.golden.metric_reference import all_metrics, told_as

REGISTERED = {series: metric for metric in all_metrics() for series in told_as(metric)}
PROVISIONED = DEPLOY / "grafana" / "provisioning" / "datasources" / "os-events.yml"


def test_dashboards_have_names_of_their_own() -> None:
    names = [(dashboard(path)["uid"], dashboard(path)["title"]) for path in DASHBOARDS]

    assert len(names) == 5
    assert len({uid for uid, _ in names}) == len({title for _, title in names}) == 5


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_each_panel_has_a_place_and_a_number_of_its_own(path: Path) -> None:
    panels = dashboard(path)["panels"]
    corners = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}

    assert len({panel["id"] for panel in panels}) == len(panels) == len(corners)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in panels)


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_panel_asks_a_source_that_is_provisioned(path: Path) -> None:
    sources = yaml.safe_load(PROVISIONED.read_text())["datasources"]
    panels = dashboard(path)["panels"]

    assert {panel["datasource"]["uid"] for panel in panels} <= {one["uid"] for one in sources}
    assert all("expr" in target or "rawSql" in target for target in targets(path))


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_what_a_dashboard_asks_prometheus_is_understood(path: Path, tmp_path: Path) -> None:
    asked = [
        {"record": f"asked:{n}", "expr": one} for n, one in enumerate(expressions(path), start=1)
    ]
    rules = tmp_path / "rules.yml"
    rules.write_text(yaml.safe_dump({"groups": [{"name": path.stem, "rules": asked}]}))

    checked = promtool("check", "rules", str(rules))

    assert len(expressions(path)) + len(statements(path)) == len(list(targets(path)))
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_dashboards_ask_for_what_the_code_tells(path: Path) -> None:
    asked = {name for expression in expressions(path) for name in NAME.findall(expression)}

    assert asked <= set(REGISTERED)


def test_whatever_the_code_tells_is_on_a_dashboard_or_in_an_alert() -> None:
    on_dashboards = [one for path in DASHBOARDS for one in expressions(path)]
    in_alerts = [alert["expr"] for alert in alerts()]
    asked = {name for one in [*on_dashboards, *in_alerts] for name in NAME.findall(one)}

    shown = {REGISTERED[name] for name in asked}

    assert [metric for metric in all_metrics() if metric not in shown] == []
