"""Does anything that the lock files name have a known vulnerability? What was found fails; what could not be asked is said.

A closed network is no finding, so it ends well unless --strict is given; but it never reads like a clean answer. Where it is
our own doing that nothing was asked, that fails.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LOCK = "requirements-dev.lock"
"""The widest: the others are held to its versions."""
PATIENCE = 300
"""Seconds; a network that swallows everything is as good as none."""
MISUSED = 2
"""How pip-audit ends when it does not know an option of ours."""


@dataclass
class Verdict:
    """What came of it."""

    found: list[str] = field(default_factory=list)
    asked: int = 0
    unasked: list[str] = field(default_factory=list)
    trouble: str = ""
    """Why nothing could be asked at all."""
    ours: bool = False
    """It is our own doing that nothing was asked, and no closed network's."""

    def status(self, *, strict: bool) -> int:
        """The exit status."""
        return 1 if self.found or self.ours or (strict and (self.trouble or self.unasked)) else 0

    def lines(self) -> list[str]:
        """What is said."""
        if self.trouble:
            return [f"NOT AUDITED: {self.trouble}"]
        said = [f"VULNERABLE: {one}" for one in self.found]
        if self.unasked:
            some = ", ".join(self.unasked[:5]) + (", …" if len(self.unasked) > 5 else "")
            said.append(
                f"NOT AUDITED: {len(self.unasked)} of {self.asked + len(self.unasked)} packages ({some})"
            )
        if self.asked:
            said.append(f"audited: {self.asked} packages, {len(self.found)} known vulnerabilities")
        return said


def verdict(answer: str, complaint: str = "", status: int = 1) -> Verdict:
    """What pip-audit's JSON comes to; where it is none, the last line it complained with is the reason."""
    try:
        packages: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, LookupError, TypeError):
        last = (complaint.strip() or "it said nothing").splitlines()[-1]
        return Verdict(trouble=f"pip-audit could not ask: {last[:300]}", ours=status == MISUSED)
    if not packages:
        return Verdict(trouble=f"pip-audit found no package in {LOCK}", ours=True)
    told = Verdict()
    for package in packages:
        if "vulns" not in package:
            told.unasked.append(package["name"])
            continue
        told.asked += 1
        told.found += [
            f"{package['name']} {package['version']}: {one['id']}, mended in {', '.join(one['fix_versions']) or 'no version'}"
            for one in package["vulns"]
        ]
    return told


def ask() -> Verdict:
    """Let pip-audit look the lock file up."""
    if find_spec("pip_audit") is None:
        return Verdict(trouble="pip-audit is not installed", ours=True)
    command = [
        sys.executable,
        "-m",
        "pip_audit",
        "--disable-pip",
        "--require-hashes",
        "--progress-spinner",
        "off",
    ]
    try:
        done = subprocess.run(  # noqa: S603 -- our own words
            [*command, "--format", "json", "-r", LOCK],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Verdict(trouble=f"no answer within {PATIENCE} s")
    return verdict(done.stdout, done.stderr, done.returncode)


def main() -> int:
    parser = argparse.ArgumentParser(prog=".ci/audit.py", description=__doc__)
    parser.add_argument("--strict", action="store_true", help="fail also when something could not be asked")
    asked = parser.parse_args()
    told = ask()
    sys.stdout.write("\n".join([*told.lines(), ""]))
    return told.status(strict=asked.strict)


if __name__ == "__main__":
    sys.exit(main())
