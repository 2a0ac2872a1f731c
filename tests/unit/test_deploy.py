"""deploy/ as far as it can be checked without a container engine and without Caddy, neither of which has read it here:
its structure, its promises, its names.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from shuke.app import figures
from shuke.app.cli import COMMANDS, HELP
from shuke.app.processes import GRACE
from shuke.app.settings import Settings
from shuke.kit import metrics

TOP = Path(__file__).parent.parent.parent
DEPLOY = TOP / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {"migrate", "api1", "api2", "worker1", "worker2", "tools"}
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
GUIDE = (TOP / "docs" / "operating.md").read_text()
RULES = [rule for group in yaml.safe_load((DEPLOY / "alerts.yaml").read_text())["groups"] for rule in group["rules"]]


def variables(text: str) -> set[str]:
    return set(re.findall(r"\$\{(\w+)", text))


def test_the_dockerfile_has_no_complaint_from_hadolint() -> None:
    program = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    if program is None:
        pytest.skip("hadolint is not made for this machine")
    done = subprocess.run([program, DEPLOY / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_image_runs_as_nobody_in_particular_and_its_bases_are_exact() -> None:
    stages = DOCKERFILE.split("\nFROM ")
    assert len(stages) == 4 and "USER 10001:10001" in stages[-1]
    images = re.findall(r"^ARG \w+=(\S+)$", DOCKERFILE, re.M) + [
        service["image"] for name, service in SERVICES.items() if name not in OURS
    ]
    assert len(images) == 5
    for image in images:
        assert re.fullmatch(r"[\w/]+:\d+\.\d+(\.\d+)?(-[\w.-]+)?", image), image
    for copied in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M):
        for path in copied.split():
            assert (TOP / path).exists(), path


def test_no_registry_is_named_anywhere() -> None:
    for file in DEPLOY.iterdir():
        assert not re.search(r"pypi\.|npmjs|ghcr\.io|docker\.io|quay\.io|mirror", file.read_text()), file


def test_only_caddy_can_be_reached_from_outside() -> None:
    assert {name for name, service in SERVICES.items() if service.get("ports")} == {"caddy"}
    assert COMPOSE["networks"]["inside"]["internal"] is True
    outside = {name for name, service in SERVICES.items() if "outside" in service["networks"]}
    assert outside == {"caddy", "worker1", "worker2"}


def test_every_service_is_locked_down_and_says_how_it_is() -> None:
    assert set(SERVICES) == OURS | {"postgres", "valkey", "caddy"}
    for name, service in SERVICES.items():
        assert service["read_only"] is True and "/tmp" in service["tmpfs"], name
        assert service["cap_drop"] == ["ALL"] and "no-new-privileges:true" in service["security_opt"], name
        assert service["logging"]["options"]["max-size"], name
        if name not in ("migrate", "tools"):
            assert service["healthcheck"]["test"] and service["restart"] == "unless-stopped", name
        if name != "caddy":
            assert service["user"], name
        for other, wanted in service.get("depends_on", {}).items():
            assert other in SERVICES
            checked = "healthcheck" in SERVICES[other]
            assert wanted["condition"] == ("service_healthy" if checked else "service_completed_successfully")


def test_the_processes_are_what_the_program_has() -> None:
    for name in OURS:
        assert SERVICES[name]["command"][0] in COMMANDS
        for other in ("postgres", "valkey"):
            assert name == "tools" or SERVICES[name]["depends_on"][other]
    used = {service["image"] for name, service in SERVICES.items() if name in OURS}
    assert len(used) == 1
    mounted = {volume.split(":")[0] for s in SERVICES.values() for volume in s.get("volumes", [])}
    assert {name for name in mounted if not name.startswith(".")} == set(COMPOSE["volumes"])


def test_the_settings_are_understood_and_there_is_time_to_leave() -> None:
    api = SERVICES["api1"]
    chosen = {name: re.sub(r"\$\{\w+:-(\w+)\}", r"\1", str(value)) for name, value in api["environment"].items()}
    settings = Settings.load(chosen)
    assert settings.log == "json" and settings.metrics == ("0.0.0.0", 9321) and settings.proxies == "*"
    assert settings.drain + GRACE < int(api["stop_grace_period"].rstrip("s"))
    assert "9321/health/ready" in api["healthcheck"]["test"][-1]
    assert "9322/health/ready" in SERVICES["worker1"]["healthcheck"]["test"][-1]
    interval = re.search(r"health_interval (\d+)s", (DEPLOY / "Caddyfile").read_text())
    assert interval and int(interval[1]) * 3 < settings.drain


def test_every_setting_of_the_program_is_in_the_guide() -> None:
    table = "\n".join(line for line in GUIDE.splitlines() if line.startswith("| `SHUKE_"))
    assert set(re.findall(r"SHUKE_\w+", HELP)) == set(re.findall(r"`(SHUKE_\w+)`", table))


def test_what_must_be_set_is_in_the_example_and_nothing_else() -> None:
    asked = variables((DEPLOY / "compose.yaml").read_text())
    example = (DEPLOY / "env.example").read_text()
    assert set(re.findall(r"^(\w+)=", example, re.M)) == asked


def test_caddy_hands_on_to_the_apis_and_keeps_the_operators_doors_shut() -> None:
    text = (DEPLOY / "Caddyfile").read_text()
    assert "reverse_proxy api1:8321 api2:8321" in text and "/metrics" in text and "/health/*" in text
    assert text.count("{") == text.count("}")


def known_figures() -> set[str]:
    source = Path(figures.__file__).read_text()
    names = {f"{family.name}" for family in metrics.REGISTRY.collect()}
    families = {name + end for name in names for end in ("", "_total", "_bucket", "_count", "_sum")}
    return families | set(re.findall(r'"(shuke_\w+)"', source)) | {"shuke_pool_connections"}


def test_alerts_ask_for_figures_that_exist_and_are_explained() -> None:
    known = known_figures()
    for rule in RULES:
        asked = set(re.findall(r"\bshuke_\w+", rule["expr"]))
        assert asked <= known, asked - known
        assert f"### {rule['alert']}\n" in GUIDE, rule["alert"]
    assert set(re.findall(r"^### (Shuke\w+)$", GUIDE, re.M)) == {rule["alert"] for rule in RULES}


def test_every_figure_is_in_the_guide() -> None:
    names = set(re.findall(r'"(shuke_\w+)"', Path(metrics.__file__).read_text()))
    names |= set(re.findall(r'"(shuke_\w+)"', Path(figures.__file__).read_text()))
    for name in names:
        assert f"`{name}" in GUIDE, name
