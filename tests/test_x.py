"""x.py in places of its own: what it says, and when it has something to do."""

import ast
import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import x

ROOT = Path(x.ROOT)
NEEDED = ("x.py", "pyproject.toml", "requirements.lock", "requirements-build.lock", "requirements-dev.lock")

Start = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Only what x.py itself reads, in a folder without a .venv."""
    for name in NEEDED:
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.fixture
def start(checkout: Path) -> Start:
    """Starts the copied x.py; no uv, no pyenv, no network and no index anywhere near."""

    def started(*args: str, **settings: str) -> subprocess.CompletedProcess[str]:
        kept = {"PATH": str(checkout / "nothing-here"), "PIP_NO_INDEX": "1", "PYTHONUTF8": "1"}
        if "SYSTEMROOT" in os.environ:
            kept["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
        return subprocess.run(
            [sys.executable, str(checkout / "x.py"), *args],
            env=kept | settings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )

    return started


@pytest.fixture
def made(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """x, as imported here, looks after this checkout; its .venv is current for running, not for testing."""
    venv = checkout / ".venv"
    python = venv / ("Scripts/python.exe" if x.WINDOWS else "bin/python")
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    monkeypatch.setattr(x, "ROOT", str(checkout))
    monkeypatch.setattr(x, "VENV", str(venv))
    monkeypatch.setattr(x, "STAMP", str(venv / "x-stamp.json"))
    monkeypatch.setattr(x, "PYTHON", str(python))
    x.write_stamp({"made in": x.ROOT, "run": x.key("run")})
    return checkout


# ------------------------------------------------------------------------------------------ what it says


@pytest.mark.parametrize("args", [["--help"], ["-h"], ["help"]])
def test_help_lists_the_commands_with_examples(start: Start, args: list[str]) -> None:
    answer = start(*args)
    assert answer.returncode == 0
    assert all(f"\n  {name}" in answer.stdout for name in x.COMMANDS)
    assert "Examples:" in answer.stdout


@pytest.mark.parametrize("ask", ["--help", "-h"])
def test_help_about_the_tests_is_there_before_anything_is_made(
    start: Start, checkout: Path, ask: str
) -> None:
    answer = start("test", ask)
    assert answer.returncode == 0
    assert "python3 x.py test -n0 -x -k refund" in answer.stdout
    assert not (checkout / ".venv").exists()


def test_without_a_command_it_shows_the_help_and_fails(start: Start) -> None:
    answer = start()
    assert answer.returncode == 2
    assert "Examples:" in answer.stdout


def test_a_mistyped_command_is_answered_with_the_nearest(start: Start) -> None:
    answer = start("tset")
    assert answer.returncode == 2
    assert "did you mean test?" in answer.stderr


def test_an_unknown_check_is_refused_before_anything_is_made(start: Start, checkout: Path) -> None:
    answer = start("check", "spelling")
    assert answer.returncode == 1
    assert "'spelling'" in answer.stderr
    assert "format, lint, types, imports, replies, tests" in answer.stderr
    assert not (checkout / ".venv").exists()


# ------------------------------------------------------------------------------------------ Python itself


def test_an_old_python_can_read_it() -> None:
    ast.parse((ROOT / "x.py").read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("version", [(3, 6, 15), (3, 10, 13)])
def test_an_old_python_is_told_so(version: tuple[int, int, int]) -> None:
    pretend = (
        f"import sys; sys.version_info = {version}; sys.argv = ['x.py', 'test']; exec(open('x.py').read())"
    )
    answer = subprocess.run(
        [sys.executable, "-c", pretend],
        cwd=ROOT,
        env=os.environ | {"PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert answer.returncode == 1
    assert f"needs Python 3.11 or newer; this is Python {version[0]}.{version[1]}." in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_newer_python_found_here_is_named() -> None:
    assert "python3.12 x.py" in x.too_old((3, 9, 2), ["python3.12"])


# ------------------------------------------------------------------------------------------ bare systems


def without_ensurepip(folder: Path) -> str:
    """A PYTHONPATH on which Python looks like Debian's without python3-venv."""
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'ensurepip':\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Missing())\n"
    )
    return str(folder)


def test_a_missing_venv_is_named_and_nothing_is_left_behind(start: Start, checkout: Path) -> None:
    answer = start("run", PYTHONPATH=without_ensurepip(checkout / "bare"))
    assert answer.returncode == 1
    assert "without venv and ensurepip" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("python", "user", "command"),
    [
        ("/usr/bin/python3", 1000, "    sudo apt-get install python3-venv\n"),
        ("/usr/bin/python3", 0, "    apt-get install python3-venv\n"),
        (
            "/opt/another/python3",
            1000,
            f"    sudo apt-get install python3.{sys.version_info.minor}-venv\n",
        ),
    ],
)
def test_on_debian_the_exact_command_is_named(
    monkeypatch: pytest.MonkeyPatch, python: str, user: int, command: str
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(x, "base_python", lambda: python)
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert command in x.how_to_get_venv()


def test_elsewhere_no_debian_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "apt-get" not in x.how_to_get_venv()


def test_a_missing_lock_file_is_named(start: Start, checkout: Path) -> None:
    (checkout / "requirements.lock").unlink()
    answer = start("run")
    assert answer.returncode == 1
    assert "requirements.lock is missing" in answer.stderr


def test_a_folder_that_cannot_be_written_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **settings: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(x, "ROOT", str(checkout))
    monkeypatch.setattr(os, "makedirs", refuse)
    with pytest.raises(x.Stop, match=r"can't be written to \(Read-only file system\)"):
        x.write_stamp(x.MAKING)


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("Temporary failure in name resolution", "index can't be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one the lock"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
    ],
)
def test_what_pip_says_is_shown_with_what_it_means(line: str, meaning: str) -> None:
    said = x.explain(["Collecting aiohttp", line])
    assert line in said
    assert meaning in said


# ------------------------------------------------------------------------------------------ the stamp


def test_a_current_environment_is_left_alone(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(x, "make_current", lambda level: pytest.fail("it was current"))
    x.need("run")


def test_an_environment_for_running_is_not_one_for_testing(made: Path) -> None:
    assert x.is_current("run")
    assert not x.is_current("dev")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-build.lock", "pyproject.toml"])
def test_a_change_in_what_it_was_made_from_is_noticed(made: Path, name: str) -> None:
    with (made / name).open("a") as file:
        file.write("# newer\n")
    assert not x.is_current("run")


def test_another_python_is_noticed(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version", "3.99.0 (main)")
    assert not x.is_current("run")


def test_a_moved_checkout_gets_an_environment_of_its_own(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(x, "ROOT", str(shutil.copytree(made, made.parent / "moved", symlinks=True)))
    assert not x.is_current("run")
    assert not x.is_usable()
    assert f"was made in {made}" in capsys.readouterr().err


def test_a_link_to_the_environment_of_another_checkout_is_never_followed(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = made.parent / "other"
    other.mkdir()
    (other / ".venv").symlink_to(made / ".venv")
    monkeypatch.setattr(x, "ROOT", str(other))
    monkeypatch.setattr(x, "VENV", str(other / ".venv"))
    with pytest.raises(x.Stop, match="remove the link"):
        x.is_usable()
    assert (made / ".venv" / "x-stamp.json").exists()


def test_a_python_that_is_gone_is_noticed(made: Path) -> None:
    Path(x.PYTHON).unlink()
    Path(x.PYTHON).symlink_to(made / "no-such-python")
    assert not x.is_current("run")


@pytest.mark.parametrize("text", [json.dumps(x.MAKING), '{"run": "12', "[]"])
def test_a_half_made_environment_is_removed(
    made: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(x.STAMP).write_text(text)
    assert not x.is_usable()
    assert not (made / ".venv").exists()
    assert "left half made" in capsys.readouterr().err


def test_an_environment_made_by_hand_is_added_to(made: Path) -> None:
    Path(x.STAMP).unlink()
    assert not x.is_current("run")
    if x.uv() is not None or x.has_module("pip"):
        assert x.is_usable()


def test_an_environment_of_another_python_is_removed(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(x, "run_quietly", lambda command: (0, ["3 99"]))
    assert not x.is_usable()
    assert "was made with Python 3.99" in capsys.readouterr().err


def test_a_failed_update_leaves_the_old_stamp(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(level: str, fitting: bool) -> None:
        x.write_stamp(x.MAKING)
        raise x.Stop("no network")

    before = x.read_stamp()
    monkeypatch.setattr(x, "is_usable", lambda: True)
    monkeypatch.setattr(x, "fill", fail)
    with pytest.raises(x.Stop):
        x.make_current("run")
    assert x.read_stamp() == before


def test_what_was_made_for_testing_stays_good_for_testing(
    made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    x.write_stamp({"run": "older", "dev": "older"})
    made_for: list[str] = []
    monkeypatch.setattr(x, "make_current", made_for.append)
    x.need("run")
    assert made_for == ["dev"]


@pytest.mark.skipif(x.WINDOWS, reason="its .venv/Scripts/python.exe can't be a link")
def test_the_second_start_goes_straight_to_the_bot(made: Path, start: Start) -> None:
    """What is in bot/ here answers with its arguments; nothing was made, nothing was said before."""
    (made / "bot").mkdir()
    (made / "bot" / "__main__.py").write_text("import sys; print(sys.argv[1:])")
    answer = start("run", "--port", "9000")
    assert answer.stdout == "['run', '--port', '9000']\n"
    assert answer.stderr == ""


# ------------------------------------------------------------------------------------------ the lock files


@pytest.mark.parametrize("name", [name for name in NEEDED if name.endswith(".lock")])
def test_lock_files_name_no_place_and_hash_everything(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
    pins = text.count("==") - text.count("python_full_version ==")
    assert pins >= x.count_pins(name) > 5
    assert text.count("\n    --hash=sha256:") >= x.count_pins(name)


def test_the_lock_files_agree() -> None:
    def pins(name: str) -> set[str]:
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return {line.split()[0] for line in lines if "==" in line and not line.startswith((" ", "#"))}

    assert pins("requirements.lock") | pins("requirements-build.lock") <= pins("requirements-dev.lock")
