#!/usr/bin/env python3
"""Shouhou's front door for a checkout: python3 x.py <command>.

  run [args…]       make .venv if needed, then start the bot with its sample shop (SQLite in ./data)
  test [args…]      make .venv if needed, then run the tests; args go to pytest
  check [names…]    everything that must pass: format, lint, types, imports, replies, tests (or only those named)
  fmt               format the code and mend what the linter can mend
  build             build the wheel, install it into an empty environment, start a shop from it
  lock [--upgrade]  write the lock files anew from pyproject.toml (needs uv)

Examples:
  python3 x.py run
  SHOUHOU_WEB__PORT=9000 python3 x.py run
  TELEGRAM_BOT_TOKEN=123:abc python3 x.py run
  python3 x.py test
  python3 x.py test -n0 -x tests/domain -k refund
  python3 x.py check lint types

.venv is made with uv where it is present, otherwise with venv and pip; only what the lock files name, with
its hash, goes in. It is made anew by itself when the lock, pyproject.toml or the Python version changes.
"""

# Only the standard library, and nothing an old Python can't read: it has to get as far as the message below.
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from contextlib import AbstractContextManager


def too_old(version: "tuple[int, ...]", commands: "list[str]") -> str:
    """What to tell somebody whose Python is too old; `commands` are newer ones found here."""
    said = "Shouhou needs Python 3.11 or newer; this is Python {}.{}.".format(*version[:2])
    if commands:
        return said + "\nA newer one is here: {} x.py {}".format(commands[0], " ".join(sys.argv[1:]) or "run")
    return said + "\nInstall one (python.org, your system's packages, pyenv or uv), then: python3.11 x.py run"


def newer_pythons() -> "list[str]":
    from shutil import which
    from subprocess import DEVNULL, call

    names = ["python3.{}".format(minor) for minor in (13, 12, 11, 14)]
    for name in names:
        if which(name) and call([name, "-c", "0"], stdout=DEVNULL, stderr=DEVNULL) == 0:
            return [name]
    return ["uv run --no-project --python 3.12"] if which("uv") else []


if sys.version_info < (3, 11):
    sys.exit(too_old(sys.version_info, newer_pythons()))

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
STAMP = os.path.join(VENV, "x-stamp.json")
WINDOWS = os.name == "nt"
BIN = os.path.join(VENV, "Scripts" if WINDOWS else "bin")
PYTHON = os.path.join(BIN, "python.exe" if WINDOWS else "python")
LOCKS = {
    "run": ["requirements.lock", "requirements-build.lock"],
    "dev": ["requirements-dev.lock"],  # holds the other two
}
# Not compiled: the first start compiles what it imports, in a tenth of the time.
PIP_INSTALL = ["-m", "pip", "install", "--no-compile", "--disable-pip-version-check", "--no-input"]
PIP_INSTALL += ["--progress-bar=off", "--retries=2"]
MAKING = {"making": "unfinished"}  # what the stamp says until the environment is whole


class Stop(Exception):
    """Something the person at the terminal has to know; its text is all they see."""


# ------------------------------------------------------------------------------------------ telling what is done


class Step:
    """One line on the terminal: what is being done, how far it is, and the seconds it took."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.started = time.monotonic()
        self.moving = sys.stderr.isatty()

    def __enter__(self) -> "Step":
        say("  {} …".format(self.label), end="")
        return self

    def note(self, text: str) -> None:
        if self.moving:
            say("\r\x1b[K  {} … {}".format(self.label, text[:50]), end="")

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        seconds = time.monotonic() - self.started
        how = "{:.1f} s".format(seconds) if error is None else "failed after {:.1f} s".format(seconds)
        say("\r\x1b[K  {} … {}".format(self.label, how) if self.moving else " " + how)


def say(text: str, end: str = "\n") -> None:
    encoding = sys.stderr.encoding or "ascii"
    sys.stderr.write(text.encode(encoding, "replace").decode(encoding) + end)
    sys.stderr.flush()


# ------------------------------------------------------------------------------------------ the environment


def key(level: str) -> str:
    """What an environment of this level was made from; another key means it has to be made current."""
    from hashlib import sha256

    made_from = sha256(repr((ROOT, sys.version, level)).encode())
    for name in [*LOCKS[level], "pyproject.toml"]:
        try:
            with open(os.path.join(ROOT, name), "rb") as file:
                made_from.update(file.read())
        except FileNotFoundError:
            raise Stop("{} is missing in {}; is this checkout whole?".format(name, ROOT)) from None
    return made_from.hexdigest()


def read_stamp() -> "dict[str, str]":
    import json

    try:
        with open(STAMP, encoding="utf-8") as file:
            stamp = json.load(file)
    except FileNotFoundError:
        return {}
    except ValueError:  # cut off while it was written
        return MAKING
    return stamp if isinstance(stamp, dict) else MAKING


def write_stamp(stamp: "dict[str, str]") -> None:
    import json

    try:
        os.makedirs(VENV, exist_ok=True)
        with open(STAMP, "w", encoding="utf-8") as file:
            json.dump(stamp, file)
    except OSError as error:
        raise Stop(
            "{} can't be written to ({}).\n"
            "x.py makes .venv there; copy the project to a folder of your own and start it again.".format(
                ROOT, error.strerror
            )
        ) from error


def is_current(level: str) -> bool:
    return read_stamp().get(level) == key(level) and os.path.exists(PYTHON)


def need(level: str) -> None:
    """Make .venv hold what `level` ("run" or "dev") needs; does nothing when it already does."""
    if is_current(level):
        return
    with alone():
        if not is_current(level):  # another x.py may have made it while this one waited
            make_current("dev" if "dev" in read_stamp() else level)


def alone() -> "AbstractContextManager[object]":
    """A lock against a second x.py in the same checkout; it ends with this process, however it ends."""
    from contextlib import nullcontext

    try:
        import fcntl
    except ImportError:
        return nullcontext()
    file = open(os.path.abspath(__file__), encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("another x.py is making .venv; waiting for it")
        fcntl.flock(file, fcntl.LOCK_EX)
    except OSError:  # a file system without locks
        pass
    return file


def make_current(level: str) -> None:
    before = {} if read_stamp() == MAKING else read_stamp()
    started = time.monotonic()
    say("making .venv ready with Python {}.{}.{}".format(*sys.version_info[:3]))
    fitting = is_usable()
    try:
        fill(level, fitting)
    except Stop:
        if fitting and before:
            write_stamp(before)  # pip and uv change nothing before they have everything they need
        raise
    done = {"made in": ROOT, "run": key("run")}
    write_stamp(dict(done, dev=key("dev")) if level == "dev" else done)
    say("  ready in {:.1f} s; the next start skips this".format(time.monotonic() - started))


def is_usable() -> bool:
    """Can the .venv that is here be added to? If not (half made, other Python, Python gone), it is removed."""
    if not os.path.lexists(VENV):
        return False
    reason = fault()
    if reason is None:
        return True
    if os.path.islink(VENV) and read_stamp().get("made in", ROOT) != ROOT:
        raise Stop(
            ".venv is a link to an environment that {}; remove the link and start again, "
            "and this checkout gets one of its own".format(reason)
        )
    from shutil import rmtree

    say("  .venv {}: it is made anew".format(reason))
    try:
        rmtree(os.path.realpath(VENV))
    except OSError as error:
        raise Stop(".venv can't be removed ({}); remove it by hand and start again".format(error)) from error
    return False


def fault() -> "str | None":
    stamp = read_stamp()
    if stamp == MAKING:
        return "was left half made"
    if stamp.get("made in", ROOT) != ROOT:  # its scripts name that folder
        return "was made in " + stamp["made in"]
    if not os.path.exists(PYTHON):
        return "has no working Python"
    ask = "import sys; print(*sys.version_info[:2])"
    if uv() is None:
        ask += "; import pip"
    try:
        status, lines = run_quietly([PYTHON, "-c", ask])
    except OSError:
        return "has no working Python"
    if status != 0:
        return "does not work"
    theirs = lines[0].strip() if lines else ""
    if theirs != "{} {}".format(*sys.version_info[:2]):
        return "was made with Python {}".format(theirs.replace(" ", "."))
    return None


def uv() -> "str | None":
    from shutil import which

    return which("uv")


def fill(level: str, fitting: bool) -> None:
    """Create .venv where there is none and install what the lock names, with uv or else with pip."""
    program = uv()
    if program is None:
        fill_with_pip(level, fitting)
        return
    write_stamp(MAKING)
    try:
        fill_with_uv(program, level, fitting)
    except Stop as stop:
        say("  uv could not do it:\n{}\n  pip may (it has settings of its own)".format(indent(stop, lines=5)))
        fill_with_pip(level, is_usable())


def fill_with_uv(program: str, level: str, fitting: bool) -> None:
    if not fitting:
        create = [program, "venv", "--allow-existing", "--python", base_python(), VENV]
        do("an empty environment, with uv", create)
    install(level, [program, "pip", "install", "--python", PYTHON])


def fill_with_pip(level: str, fitting: bool) -> None:
    if not fitting:
        refuse_without_venv()
    write_stamp(MAKING)
    if not fitting:
        do("an empty environment, with venv", [base_python(), "-m", "venv", VENV])
    install(level, [PYTHON, *PIP_INSTALL])


def install(level: str, installer: "list[str]") -> None:
    locks = LOCKS[level]
    count = sum(count_pins(name) for name in locks)
    label = "{} packages from {}".format(count, " and ".join(locks))
    named = [part for name in locks for part in ("-r", os.path.join(ROOT, name))]
    do(label, [*installer, "--require-hashes", *named])
    do("shouhou itself, editable", [*installer, "--no-deps", "--no-build-isolation", "-e", ROOT])


def count_pins(name: str) -> int:
    with open(os.path.join(ROOT, name), encoding="utf-8") as file:
        return sum("==" in line and not line.startswith((" ", "#")) for line in file)


def base_python() -> str:
    """The Python that environments are made with: never the one inside the .venv that may be removed."""
    return getattr(sys, "_base_executable", None) or sys.executable


def refuse_without_venv() -> None:
    if not (has_module("venv") and has_module("ensurepip")):
        raise Stop(how_to_get_venv())


def has_module(name: str) -> bool:
    from importlib.util import find_spec

    try:
        return find_spec(name) is not None
    except ImportError:
        return False


def how_to_get_venv() -> str:
    from shutil import which

    said = "This Python ({}) comes without venv and ensurepip, which make .venv.".format(sys.executable)
    again = "then start this again. (Or install uv; x.py uses it where it is present.)"
    if which("apt-get") is None:
        return "{}\nInstall them for Python {}.{} with your system's packages, {}".format(
            said, *sys.version_info[:2], again
        )
    package = "python3-venv"
    if os.path.realpath(base_python()) != os.path.realpath("/usr/bin/python3"):
        package = "python{}.{}-venv".format(*sys.version_info[:2])
    sudo = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
    return "{}\nInstall them with\n\n    {}apt-get install {}\n\n{}".format(said, sudo, package, again)


# ------------------------------------------------------------------------------------------ starting commands


def do(label: str, command: "list[str]", cwd: str = ROOT) -> None:
    """Run a command as one step, showing only how far it is; what it said is shown when it fails."""
    with Step(label) as step:
        status, lines = run_quietly(command, step.note, cwd)
        if status != 0:
            raise Stop(explain(lines))


def run_quietly(
    command: "list[str]", note: "Callable[[str], None] | None" = None, cwd: str = ROOT
) -> "tuple[int, list[str]]":
    import subprocess

    settings = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    lines = []
    with process:
        try:
            for line in process.stdout or ():
                lines.append(line.rstrip())
                if note is not None:
                    note(line.strip())
        except BaseException:  # Ctrl-C: the child must not go on behind our back
            process.terminate()
            raise
    return process.returncode, lines


# What a person may have set for other projects and what would lead pip or uv out of .venv.
MISLEADING = {"PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX"}
MISLEADING |= {"PIP_REQUIRE_HASHES", "UV_REQUIRE_HASHES"}

NO_NETWORK = (
    "name resolution",
    "name or service not known",
    "nodename nor servname",
    "dns error",
    "failed to establish a new connection",
    "network is unreachable",
    "connection refused",
    "connecttimeout",
    "connect timeout",
    "read timed out",
    "cannot connect to proxy",
    "tunnel error",
    "error sending request",
)


def explain(lines: "list[str]") -> str:
    """The end of what a failed command said, and in plain words what is behind it where that is known."""
    said = "\n".join(lines).lower()
    telling = [
        line[:400]
        for line in lines
        if line.strip() and not line.startswith(("WARNING: Retrying", "Looking in"))
    ]
    tail = "\n".join(telling[-15:])
    if any(sign in said for sign in NO_NETWORK):
        tail += (
            "\n\nThe package index can't be reached. The first start needs the network once; behind a proxy set"
            "\nHTTPS_PROXY, for a mirror set PIP_INDEX_URL (pip) or UV_DEFAULT_INDEX (uv), then start this again."
        )
    elif "do not match the hashes" in said or "hash mismatch" in said:
        tail += "\n\nA package is not the one the lock file names: a mirror that alters packages, or a broken download."
    elif "no space left" in said:
        tail += "\n\nThe disk is full."
    return tail


def indent(text: object, lines: int = 100) -> str:
    return "\n".join("    " + line for line in str(text).splitlines()[:lines])


def keep_compiled() -> None:
    """Let Python keep what it compiles, whatever was set for other projects: each test process would compile all of it anew,
    and so would each process that a test starts."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def become(command: "list[str]") -> int:
    """Turn into the command, so that signals and the exit status are its own."""
    if not WINDOWS:
        os.chdir(ROOT)
        os.execv(command[0], command)
    return call(command)  # Windows can't; there this process waits


def call(command: "list[str]") -> int:
    """Run a command on this terminal and wait for its end; Ctrl-C is its business, not ours."""
    import subprocess

    process = subprocess.Popen(command, cwd=ROOT)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


# ------------------------------------------------------------------------------------------ the commands


def run(args: "list[str]") -> int:
    need("run")
    return become([PYTHON, "-m", "bot", "run", *args])


TEST_HELP = """python3 x.py test [args…]: make .venv if needed, then run the tests.

All of them take a few minutes on two cores; what is named runs alone:

  python3 x.py test tests/domain              a folder of them, or a file
  python3 x.py test -k refund                 those with this word in their names
  python3 x.py test -n0 -x -k refund          one after the other, until one fails

args go to pytest as they are; once .venv is there, its own list is: .venv/bin/python -m pytest --help
"""


def test(args: "list[str]") -> int:
    if args in (["-h"], ["--help"]):
        print(TEST_HELP)
        return 0
    need("dev")
    return become([PYTHON, "-m", "pytest", *args])


def tool(name: str) -> str:
    return os.path.join(BIN, name + (".exe" if WINDOWS else ""))


CHECKS = {
    "format": [tool("ruff"), "format", "--check", "."],
    "lint": [tool("ruff"), "check", "."],
    "types": [tool("mypy")],
    "imports": [tool("lint-imports")],
    "replies": [PYTHON, "-m", "bot", "lint", "--strict"],
    "tests": [PYTHON, "-m", "pytest"],
}


def check(names: "list[str]") -> int:
    for name in names:
        if name not in CHECKS:
            raise Stop("there is no check {!r}; there are: {}".format(name, ", ".join(CHECKS)))
    need("dev")
    said = []
    failed = False
    for name in names or CHECKS:
        say("== {}".format(name))
        started = time.monotonic()
        status = call(CHECKS[name])
        failed = failed or status != 0
        said.append((name, "ok" if status == 0 else "FAILED", time.monotonic() - started))
    for name, how, seconds in said:
        say("{:<8} {:<6} {:6.1f} s".format(name, how, seconds))
    return 1 if failed else 0


def fmt(args: "list[str]") -> int:
    need("dev")
    call([tool("ruff"), "check", "--fix-only", "--quiet", *(args or ["."])])
    return call([tool("ruff"), "format", *(args or ["."])])


def lock(args: "list[str]") -> int:
    if [arg for arg in args if arg != "--upgrade"]:
        raise Stop("lock knows only --upgrade")
    program = uv()
    if program is None:
        raise Stop("the lock files are written by uv; install it first (pip install uv)")
    os.chdir(ROOT)
    # The widest one first; the others are held to its versions, so that one environment fits all three.
    held = ["-c", "requirements-dev.lock"]
    for name, what in (
        ("requirements-dev.lock", ["pyproject.toml", "--group", "dev", *args]),
        ("requirements.lock", ["pyproject.toml", *held, *args]),
        ("requirements-build.lock", ["--group", "build", *held, *args]),
    ):
        how = ["--universal", "--generate-hashes", "--python-version=3.11", "--no-annotate", "--no-config"]
        how += ["--custom-compile-command=python3 x.py lock", "--no-emit-index-url", "--no-emit-find-links"]
        do(name, [program, "pip", "compile", "--quiet", *how, *what, "-o", name])
    return 0


# ------------------------------------------------------------------------------------------ build


def build(args: "list[str]") -> int:
    """A wheel nobody has started is not built: it is put where nothing else is, and a shop is run from it."""
    if args:
        raise Stop("build takes no arguments")
    from tempfile import TemporaryDirectory

    need("run")
    wheel = build_wheel()
    with TemporaryDirectory(prefix="shouhou-build-", ignore_cleanup_errors=True) as place:
        shouhou = install_wheel(wheel, place)
        do("shouhou --version", [shouhou, "--version"], place)
        do("shouhou init myshop", [shouhou, "init", "myshop"], place)
        serve_once(shouhou, os.path.join(place, "myshop"))
    say("built {}".format(os.path.relpath(wheel, ROOT)))
    return 0


def build_wheel() -> str:
    from glob import glob

    dist = os.path.join(ROOT, "dist")
    for old in glob(os.path.join(dist, "shouhou-*.whl")):
        os.remove(old)
    do("the wheel", [PYTHON, "-m", "hatchling", "build", "-t", "wheel", "-d", dist])
    made = glob(os.path.join(dist, "shouhou-*.whl"))
    if len(made) != 1:
        raise Stop("hatchling left {} wheels in {}".format(len(made), dist))
    return made[0]


def install_wheel(wheel: str, place: str) -> str:
    """An empty environment with the wheel and what its lock names; says where its `shouhou` is."""
    venv = os.path.join(place, "venv")
    inside = os.path.join(venv, os.path.basename(BIN))
    python = os.path.join(inside, os.path.basename(PYTHON))
    program = uv()
    if program is not None:
        make = [program, "venv", "--no-project", "--python", base_python(), venv]
        install = [program, "pip", "install", "--python", python]
        agree = [program, "pip", "check", "--python", python]
    else:
        refuse_without_venv()
        make = [base_python(), "-m", "venv", venv]
        install = [python, *PIP_INSTALL]
        agree = [python, "-m", "pip", "check"]
    do("an empty environment", make, place)
    do("what it needs", [*install, "--require-hashes", "-r", os.path.join(ROOT, "requirements.lock")], place)
    do("the wheel in it", [*install, "--no-deps", wheel], place)
    do("the wheel and the lock agree", agree, place)
    return os.path.join(inside, os.path.basename(tool("shouhou")))


def serve_once(shouhou: str, shop: str) -> None:
    """`shouhou run` has to answer as ready, and to end cleanly when asked with Ctrl-C."""
    import signal
    import subprocess

    port = free_port()
    settings = {name: value for name, value in os.environ.items() if is_foreign(name)}
    settings["SHOUHOU_WEB__PORT"] = str(port)
    spoken = os.path.join(shop, "said.txt")
    with open(spoken, "wb") as out:
        server = subprocess.Popen(
            [shouhou, "run"], cwd=shop, env=settings, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        with Step("shouhou run answers on /readyz"):
            wait_until_ready(server, "http://127.0.0.1:{}/readyz".format(port))
        if not WINDOWS:  # where Ctrl-C would reach this process as well
            with Step("shouhou run ends after Ctrl-C"):
                server.send_signal(signal.SIGINT)
                end_cleanly(server)
    except (Stop, subprocess.TimeoutExpired) as problem:
        with open(spoken, encoding="utf-8", errors="replace") as file:
            raise Stop("{}\nIt said:\n{}".format(problem, indent(file.read()[-3000:]))) from problem
    finally:
        server.kill()
        server.wait()


def end_cleanly(server: "subprocess.Popen[bytes]") -> None:
    status = server.wait(20)
    if status != 0:
        raise Stop("it ended with status {}".format(status))


def is_foreign(name: str) -> bool:
    """A setting that is not ours: the shop has to start with its own defaults."""
    return name not in MISLEADING and not name.startswith(("SHOUHOU_", "TELEGRAM_"))


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(server: "subprocess.Popen[bytes]", address: str) -> None:
    from urllib.error import URLError
    from urllib.request import ProxyHandler, build_opener

    direct = build_opener(ProxyHandler({}))
    heard = "nothing"
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.poll() is not None:
            raise Stop("it ended by itself with status {}".format(server.returncode))
        try:
            with direct.open(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError) as error:
            heard = str(error)
        time.sleep(0.1)
    raise Stop("{} did not answer within 60 s; last heard: {}".format(address, heard))


# ------------------------------------------------------------------------------------------ the door

COMMANDS = {"run": run, "test": test, "check": check, "fmt": fmt, "build": build, "lock": lock}


def main(args: "list[str]") -> int:
    if not args or args[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0 if args else 2
    command = COMMANDS.get(args[0])
    if command is None:
        say("x.py: {}".format(unknown(args[0])))
        return 2
    keep_compiled()
    try:
        return command(args[1:])
    except Stop as stop:
        say("x.py: {}".format(stop))
        return 1
    except KeyboardInterrupt:
        say("\nstopped")
        return 130


def unknown(name: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, 1)
    hint = "; did you mean {}?".format(near[0]) if near else ""
    return "no command {!r}{} (python3 x.py --help lists them)".format(name, hint)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
