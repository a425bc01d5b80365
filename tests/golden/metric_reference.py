"""The reference of metrics, made of the objects that the code sets. ``make docs`` writes it."""

from collections.abc import Iterator

from prometheus_client.metrics import MetricWrapperBase

from os_events import metrics

METRICS = """What each process tells on its port (`OS_EVENTS_METRICS_PORT`), made from the code
(`make docs`). A gauge that is not known to a process is not told by it. What is counted begins
anew with the process. Alerts on them are in `deploy/prometheus/rules/`, each with a page of its
name in [the runbook](../runbook/README.md)."""


def all_metrics() -> list[MetricWrapperBase]:
    """Find every metric, by name."""
    found = (one for one in vars(metrics).values() if isinstance(one, MetricWrapperBase))
    return sorted(found, key=name_of)


def name_of(metric: MetricWrapperBase) -> str:
    """Give the name under which it is told."""
    family = next(iter(metric.describe()))
    return f"{family.name}_total" if family.type == "counter" else family.name


def told_as(metric: MetricWrapperBase) -> Iterator[str]:
    """Give the names of its series."""
    yield name_of(metric)
    if metric._type == "histogram":
        yield from (f"{name_of(metric)}_{end}" for end in ("bucket", "count", "sum"))


def metrics_page() -> str:
    """Write the page."""
    lines = [f"# Metrics\n\n{METRICS}\n", "| name | kind | labels | meaning |", "|---|---|---|---|"]
    for metric in all_metrics():
        labels = ", ".join(f"`{label}`" for label in metric._labelnames) or "–"
        kind, meaning = metric._type, metric._documentation
        lines.append(f"| `{name_of(metric)}` | {kind} | {labels} | {meaning} |")
    return "\n".join(lines) + "\n"


PAGES = {"metrics.md": metrics_page}
