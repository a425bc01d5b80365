"""What is in deploy/, read for tests."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

DEPLOY = Path(__file__).parent.parent / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
OURS = re.compile(r"\bOS_EVENTS_[A-Z_]+\b")
NOT_SETTINGS = {"OS_EVENTS_IMAGE", "OS_EVENTS_PORT"}  # of the compose file itself; the port is both


class Manifest(NamedTuple):
    """One document of a file."""

    path: Path
    document: dict[str, Any]

    @property
    def name(self) -> str:
        """Say which it is."""
        kind, metadata = self.document["kind"], self.document.get("metadata", {})
        return f"{self.path.relative_to(KUBERNETES)}-{kind}-{metadata.get('name', '')}"


def documents(path: Path) -> Iterator[Manifest]:
    """Give the documents of one file."""
    for document in yaml.safe_load_all(path.read_text()):
        yield Manifest(path, document)


def manifests() -> list[Manifest]:
    """Give every document for Kubernetes."""
    return [one for path in sorted(KUBERNETES.rglob("*.yaml")) for one in documents(path)]


def pods(found: list[Manifest]) -> list[tuple[Manifest, dict[str, Any]]]:
    """Give the pod of every workload."""
    return [
        (one, template["spec"])
        for one in found
        if (template := one.document.get("spec", {}).get("template"))
    ]


def compose() -> dict[str, Any]:
    """Give the compose file."""
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return found


def dockerfile() -> list[tuple[str, str]]:
    """Give the instructions of the Dockerfile and what they say, in order."""
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    told = [line for line in lines if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in told]


def lines_of(unit: Path, key: str) -> list[str]:
    """Give what a unit says of a key, in order."""
    lines = unit.read_text().splitlines()
    return [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]
