"""Where the program itself goes: only to addresses its owner set, and never on to where an answer points."""

from __future__ import annotations

import ast
from pathlib import Path

BOT = Path(__file__).parents[1] / "bot"
SESSIONS = {
    "carriers/kuaidi100.py": "kuaidi100.base_url",
    "channels/payout/channel.py": "payouts.url",
    "channels/telegram/request.py": "telegram.base_url, telegram.base_file_url",
    "doctor/asking.py": "web.public_url, telegram.base_url",
    "desk/provider.py": "oidc.issuer, and what it publishes",
}
"""Who opens connections, and which settings say where to. One that is added has to be added here."""
VERBS = {"get", "post", "put", "patch", "delete", "head", "request"}


def _calls(path: Path) -> list[ast.Call]:
    return [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]


def _named(call: ast.Call) -> str:
    return ast.unparse(call.func)


def test_who_goes_out_is_known() -> None:
    clients = (
        "aiohttp.ClientSession",
        "httpx.",
        "urlopen",
        "requests.",
        "urllib.request",
        "socket.create_connection",
        "asyncio.open_connection",
    )
    own = (path for path in BOT.rglob("*.py") if "bench" not in path.parts)
    likely = [path for path in own if any(client in path.read_text("utf-8") for client in clients)]
    found = {
        path.relative_to(BOT).as_posix()
        for path in likely
        if any(_named(call).startswith(clients) for call in _calls(path))
    }
    assert found == set(SESSIONS)


def test_no_answer_sends_us_elsewhere() -> None:
    """A redirect would lead into the shop's own network, whatever address the owner had set."""
    for name in SESSIONS:
        asks = [
            call
            for call in _calls(BOT / name)
            if isinstance(call.func, ast.Attribute)
            and call.func.attr in VERBS
            and "session" in ast.unparse(call.func.value).lower()
        ]
        asks += [call for call in _calls(BOT / name) if _named(call) == "self._opened().request"]
        followed = [ast.unparse(call) for call in asks if "allow_redirects=False" not in ast.unparse(call)]
        assert followed == [], name
        assert "allow_redirects=False" in (BOT / name).read_text("utf-8"), name
