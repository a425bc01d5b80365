"""House rules of deploy/: what can be known of it without running it."""

import re
import shlex
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest

from os_events.cli.main import COMMANDS
from os_events.settings import PREFIX, Settings
from tests.manifests import (
    DEPLOY,
    NOT_SETTINGS,
    OURS,
    UNITS,
    Manifest,
    compose,
    dockerfile,
    lines_of,
    manifests,
    pods,
)

VERSION = "1.37"
BUILT_IN = [one for one in manifests() if "kustomize" not in one.document["apiVersion"]]
STANDARD = [
    one
    for one in BUILT_IN
    if "examples" not in one.path.parts
    and "$patch" not in one.document
    and one.document.get("spec")
]
KUSTOMIZATIONS = [one for one in manifests() if "kustomize" in one.document["apiVersion"]]
PODS = pods(BUILT_IN)
SERVICES: dict[str, dict[str, Any]] = compose()["services"]
OUR_SERVICES = [name for name, one in SERVICES.items() if "os-events" in one["image"]]
INSTRUCTIONS = dockerfile()


def name_of(value: Any) -> str:
    return str(value.name) if isinstance(value, Manifest) else ""


def one_of(value: Any) -> str:
    return str(value[0].name)


def commands_in(path: Path) -> list[str]:
    """Give the first word after our program in every command of a file."""
    return re.findall(r"/os-events (?:-\S+ )*([a-z]+)", path.read_text())


def is_known(service: dict[str, Any]) -> bool:
    return service["command"][0] in COMMANDS


@pytest.mark.parametrize("manifest", STANDARD, ids=name_of)
def test_a_manifest_is_what_kubernetes_takes(manifest: Manifest) -> None:
    kubernetes_validate.validate(manifest.document, VERSION, strict=True)


@pytest.mark.parametrize("manifest", KUSTOMIZATIONS, ids=name_of)
def test_a_kustomization_names_what_is_there(manifest: Manifest) -> None:
    told = manifest.document
    named = [*told.get("resources", []), *told.get("components", [])]
    patches = [patch["path"] for patch in told.get("patches", [])]

    missing = [one for one in named + patches if not (manifest.path.parent / one).exists()]

    assert not missing


def test_every_manifest_is_in_some_kustomization() -> None:
    named = {
        (one.path.parent / path).resolve()
        for one in KUSTOMIZATIONS
        for path in [
            *one.document.get("resources", []),
            *[patch["path"] for patch in one.document.get("patches", [])],
        ]
    }

    apart = {one.path for one in BUILT_IN if "examples" not in one.path.parts} - named

    assert not apart


@pytest.mark.parametrize("found", PODS, ids=one_of)
def test_a_pod_runs_as_nobody_in_particular_on_a_root_that_it_cannot_write(
    found: tuple[Manifest, dict[str, Any]],
) -> None:
    _, pod = found
    [container] = pod["containers"]
    context, own = pod["securityContext"], container["securityContext"]

    assert context["runAsNonRoot"]
    assert context["runAsUser"] == 10001
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert own["readOnlyRootFilesystem"]
    assert own["allowPrivilegeEscalation"] is False
    assert own["capabilities"] == {"drop": ["ALL"]}
    assert pod["automountServiceAccountToken"] is False


@pytest.mark.parametrize("found", PODS, ids=one_of)
def test_a_pod_has_limits_and_one_that_stays_has_probes(
    found: tuple[Manifest, dict[str, Any]],
) -> None:
    manifest, pod = found
    [container] = pod["containers"]
    probes = {"startupProbe", "livenessProbe", "readinessProbe"}

    assert container["resources"]["limits"]["memory"]
    assert container["resources"]["requests"].keys() == {"cpu", "memory"}
    assert manifest.document["kind"] == "Job" or probes <= container.keys()


@pytest.mark.parametrize("found", PODS, ids=one_of)
def test_a_pod_runs_a_command_of_ours_and_takes_its_secrets_from_a_secret(
    found: tuple[Manifest, dict[str, Any]],
) -> None:
    _, pod = found
    [container] = pod["containers"]

    assert container["args"][0] in COMMANDS
    assert {"secretRef": {"name": "os-events-secrets"}} in container["envFrom"]
    assert not [one for one in container.get("env", []) if "value" in one]


def test_every_workload_has_a_network_policy_and_nobody_else_gets_through() -> None:
    policies = [one.document for one in BUILT_IN if one.document["kind"] == "NetworkPolicy"]
    nobody = [one for one in policies if one["spec"]["podSelector"] == {}]

    assert [one["spec"]["policyTypes"] for one in nobody] == [["Ingress", "Egress"]]
    assert not [one for one in BUILT_IN if one.document["kind"] == "Secret"]


def test_the_compose_file_gives_every_variable_a_default_and_every_image_a_tag() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    images = [one["image"].rpartition("-")[2] for one in SERVICES.values()]

    assert not re.findall(r"\$\{[A-Z_]+\}|\$[A-Z_]", text)
    assert not [image for image in images if ":" not in image or image.endswith(":latest")]


@pytest.mark.parametrize("name", OUR_SERVICES)
def test_a_service_of_ours_is_a_command_of_ours_on_a_read_only_root(name: str) -> None:
    service = SERVICES[name]

    assert is_known(service)
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]


def test_what_the_compose_file_mounts_is_there() -> None:
    mounted = [
        volume.partition(":")[0]
        for one in SERVICES.values()
        for volume in one.get("volumes", [])
        if volume.startswith("./")
    ]

    assert not [one for one in mounted if not (DEPLOY / one).exists()]


def test_the_image_is_pinned_piped_into_no_shell_and_nobodys() -> None:
    bases = [told for what, told in INSTRUCTIONS if what == "FROM"]
    runs = [told for what, told in INSTRUCTIONS if what == "RUN"]
    last = dict(INSTRUCTIONS)

    assert all(re.match(r"python:3\.\d+\.\d+-slim-\w+( AS \w+)?$", base) for base in bases)
    assert not [run for run in runs if "|" in run or "curl" in run or "wget" in run]
    assert all(
        "--require-hashes" in run or "--no-deps" in run for run in runs if "pip install" in run
    )
    assert last["USER"] == "10001:10001"
    assert last["ENTRYPOINT"] == '["os-events"]'


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_of_ours_with_the_least_of_rights(unit: Path) -> None:
    assert set(commands_in(unit)) <= COMMANDS.keys()
    assert lines_of(unit, "NoNewPrivileges") == ["yes"]
    assert lines_of(unit, "ProtectSystem") == ["strict"]
    assert lines_of(unit, "CapabilityBoundingSet") == [""]
    assert lines_of(unit, "User") == ["os-events"]


def test_the_processes_of_one_machine_have_a_port_of_metrics_each() -> None:
    told = [one for unit in UNITS for one in lines_of(unit, "Environment") if "METRICS_PORT" in one]

    assert len(told) == len(set(told))


def test_whatever_is_set_is_a_setting() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields} | NOT_SETTINGS
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]

    told = {(path.name, word) for path in files for word in OURS.findall(path.read_text())}

    assert not [one for one in told if one[1] not in known]


def test_what_runs_in_an_image_is_what_was_tested() -> None:
    root = DEPLOY.parent
    tested = (root / "requirements.txt").read_text().split()
    run = (root / "requirements-run.txt").read_text().split()

    assert {word for word in run if "==" in word} <= {word for word in tested if "==" in word}


def test_the_example_of_an_environment_can_be_read_by_a_shell() -> None:
    lines = (DEPLOY / "example.env").read_text().splitlines()

    assert all(len(shlex.split(line, comments=True)) < 2 for line in lines)
