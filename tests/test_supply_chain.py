"""What is installed is what was looked at, and what it runs in can do no more than it must."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from bot.config.registry import SECRETS, SETTINGS

ROOT = Path(__file__).parents[1]
DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text("utf-8"))


@pytest.fixture
def audit(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`.ci/audit.py`, which stands in no package."""
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci/audit.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "audit", module)
    spec.loader.exec_module(module)
    return module


def test_every_package_of_every_lock_has_its_hashes() -> None:
    for lock in ROOT.glob("requirements*.lock"):
        pins = re.split(r"\n(?=[a-zA-Z0-9])", lock.read_text("utf-8").partition("\n")[2])
        named = [pin for pin in pins if "==" in pin.partition("\n")[0]]
        assert named, lock
        assert all("--hash=sha256:" in pin for pin in named), lock
        assert not any(mark in lock.read_text("utf-8") for mark in ("--index-url", "git+", "://")), lock


# -- the audit


def package(name: str, *vulnerabilities: str) -> dict[str, Any]:
    return {
        "name": name,
        "version": "1.0",
        "vulns": [{"id": one, "fix_versions": ["1.1"]} for one in vulnerabilities],
    }


def told(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": packages, "fixes": []})


def test_a_finding_fails_the_run(audit: ModuleType) -> None:
    found = audit.verdict(told(package("good"), package("bad", "PYSEC-2026-1")))
    assert found.status(strict=False) == 1
    assert "VULNERABLE: bad 1.0: PYSEC-2026-1, mended in 1.1" in found.lines()


def test_a_clean_answer_passes(audit: ModuleType) -> None:
    found = audit.verdict(told(package("good"), package("also good")))
    assert (found.status(strict=True), found.lines()) == (0, ["audited: 2 packages, 0 known vulnerabilities"])


@pytest.mark.parametrize("answer", ["", "Traceback", "[]", "{}", "null"])
def test_a_closed_network_is_said_and_fails_only_where_asked_to(audit: ModuleType, answer: str) -> None:
    found = audit.verdict(answer, "Traceback …\nConnectionError: no route to the service")
    assert found.lines() == ["NOT AUDITED: pip-audit could not ask: ConnectionError: no route to the service"]
    assert (found.status(strict=False), found.status(strict=True)) == (0, 1)


def test_a_mirror_that_knows_nothing_is_no_clean_answer(audit: ModuleType) -> None:
    skipped = [{"name": f"p{number}", "skip_reason": "not found"} for number in range(7)]
    found = audit.verdict(told(*skipped))
    assert found.lines()[0] == "NOT AUDITED: 7 of 7 packages (p0, p1, p2, p3, p4, …)"
    assert (found.status(strict=False), found.status(strict=True)) == (0, 1)
    assert audit.verdict(told(*skipped, package("bad", "X"))).status(strict=False) == 1


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ("", 2, "pip-audit could not ask: pip-audit: error: unrecognized arguments: --disable-pip"),
        ('{"dependencies": []}', 0, "pip-audit found no package in requirements-dev.lock"),
    ],
)
def test_a_question_that_was_put_wrong_fails_in_any_case(
    audit: ModuleType, answer: str, status: int, said: str
) -> None:
    complaint = "usage: pip-audit …\npip-audit: error: unrecognized arguments: --disable-pip"
    found = audit.verdict(answer, complaint, status)
    assert found.lines() == [f"NOT AUDITED: {said}"]
    assert found.status(strict=False) == 1


def test_an_audit_without_the_one_who_audits_fails(
    audit: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "find_spec", lambda _: None)
    assert audit.ask().status(strict=False) == 1


# -- the container


def test_what_runs_is_built_elsewhere_and_runs_as_nobody() -> None:
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)
    last = stages[-1]
    assert len(stages) == 3
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", last, re.MULTILINE)
    assert "pip uninstall" in last
    assert not re.search(r"apt-get|pip install|COPY (?!--from=build )", last)
    assert "--require-hashes" in stages[1]
    assert "PIP_ONLY_BINARY=:all:" in stages[1]


def test_its_base_is_pinned_and_nothing_is_fetched_beside_the_locks() -> None:
    images = [
        *re.findall(r"^ARG PYTHON=(\S+)$", DOCKERFILE, re.MULTILINE),
        COMPOSE["services"]["database"]["image"],
    ]
    assert all(
        re.fullmatch(r"[a-z]+:[\d.]+-(slim-)?bookworm(@sha256:[0-9a-f]{64})?", image) for image in images
    )
    assert not re.search(r"^ADD |curl|wget|latest", DOCKERFILE, re.MULTILINE)


def test_what_it_is_built_from_is_there_and_nothing_else_goes_in() -> None:
    sources = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    named = {name for line in sources for name in line.split()}
    ignored = (ROOT / "deploy/Dockerfile.dockerignore").read_text("utf-8").splitlines()
    kept = {line[1:] for line in ignored if line.startswith("!")}
    assert next(line for line in ignored if line and not line.startswith("#")) == "*"
    assert named == kept
    assert all((ROOT / name).exists() for name in named)


def test_in_compose_it_may_write_only_its_data_and_nobody_else_reaches_the_database() -> None:
    bot, database = COMPOSE["services"]["shouhou"], COMPOSE["services"]["database"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert all("no-new-privileges:true" in service["security_opt"] for service in (bot, database))
    assert {one for one in bot["volumes"] if not one.endswith(":ro")} == {"data:/shop/data", "cache:/cache"}
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])
    assert "ports" not in database
    assert database["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"]["internal"] is True


def test_the_database_runs_as_itself_may_do_nothing_special_and_writes_to_its_volume_alone() -> None:
    database = COMPOSE["services"]["database"]
    assert database["user"] == "postgres"
    assert database["cap_drop"] == ["ALL"]
    assert "cap_add" not in database
    assert database["read_only"] is True
    assert database["volumes"] == ["database:/var/lib/postgresql"]
    places = {one.partition(":")[0] for one in database["tmpfs"]}
    assert places == {"/run/postgresql", "/tmp"}
    assert all(one.endswith(",noexec,nosuid,nodev") for one in database["tmpfs"])


def test_the_database_in_compose_is_the_one_that_is_tested() -> None:
    told = re.search(r"tested with PostgreSQL (\d+)", (ROOT / "docs/deploy.md").read_text("utf-8"))
    assert told
    assert COMPOSE["services"]["database"]["image"].startswith(f"postgres:{told[1]}-")


def test_every_setting_it_names_is_one_and_no_secret_stands_in_it() -> None:
    known = {f"SHOUHOU_{name.upper().replace('.', '__')}" for name in SETTINGS} | set(SECRETS)
    named = set(re.findall(r"\bSHOUHOU_\w+", DOCKERFILE + (ROOT / "deploy/compose.yaml").read_text("utf-8")))
    assert named <= known
    assert not named & set(SECRETS)
