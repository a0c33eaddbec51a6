"""Pages: which language they speak, their words, their templates, and what is said when something goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from bot.channels.web.guard import Refusal
from bot.errors import StoreAway

HERE = Path(__file__).parent
COOKIE = "shouhou_language"

Words = Callable[[str, str], Mapping[str, str]]
"""The wording of a language's group, from ``replies/<lang>/words.yaml``."""

ERRORS = {
    400: "error_bad_request",
    401: "error_session_over",
    403: "error_forbidden",
    404: "error_not_found",
    405: "error_bad_request",
    413: "error_too_long",
    429: "error_too_fast",
}


class Wording(dict[str, str]):
    """Words by key; a key nobody worded shows itself rather than break the page."""

    def __missing__(self, key: str) -> str:
        return key


class Pages:
    """Renders templates in the reader's language."""

    def __init__(self, words: Words, languages: Sequence[str], *folders: Path) -> None:
        self._words = words
        self.languages = tuple(languages)
        self._jinja = _templates(*folders, HERE / "templates")

    def words(self, language: str, group: str = "page") -> Wording:
        """A group's words in that language."""
        return Wording(self._words(language, group))

    def for_script(self, language: str, *groups: str, keys: Iterable[str] = ()) -> dict[str, str]:
        """The words a page's script may need: the pages' own, or only those of some keys, and groups' as ``<group>_<key>``."""
        worded = {
            f"{group}_{key}": value for group in groups for key, value in self.words(language, group).items()
        }
        own = self.words(language)
        return {**worded, **({key: own[key] for key in keys} or own)}

    def language(self, request: HTTPConnection) -> str:
        """What the reader chose, otherwise what the browser prefers, otherwise the shop's first."""
        chosen = request.cookies.get(COOKIE, "")
        wanted = [chosen, *_accepted(request.headers.get("accept-language", ""))]
        known = (code for want in wanted for code in self.languages if want.lower().startswith(code.lower()))
        return next(known, self.languages[0])

    def render(self, template: str, request: Request, *, status: int = 200, **values: Any) -> HTMLResponse:
        """The page, which nobody on the way keeps."""
        language = self.language(request)
        others = [(code, self.words(code, "language")[code]) for code in self.languages if code != language]
        page = self._jinja.get_template(template)
        html = page.render(language=language, others=others, w=self.words(language), **values)
        return HTMLResponse(html, status, {"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language"})

    def switched(self, request: Request) -> Response | None:
        """The answer to ``?language=``: the choice is kept, and the same page comes without it."""
        wanted = request.query_params.get("language")
        if wanted not in self.languages:
            return None
        response = RedirectResponse(request.url.path, 303)
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, wanted, max_age=365 * 86400, samesite="lax", httponly=True, secure=secure)
        return response

    async def error(self, request: Request, error: Exception) -> Response:
        """A page for people, a line of JSON for scripts."""
        if isinstance(error, HTTPException):
            known = error
        else:
            known = HTTPException(503 if isinstance(error, StoreAway) else 500)
        word = known.detail if isinstance(known, Refusal) else ERRORS.get(known.status_code, "error_ours")
        values = known.values if isinstance(known, Refusal) else {}
        said = _filled(self.words(self.language(request))[word], values)
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"error": word, "message": said}, known.status_code, known.headers)
        page = self.render("error.html", request, status=known.status_code, code=known.status_code, said=said)
        page.headers.update(known.headers or {})
        return page


@cache
def _templates(*folders: Path) -> Environment:
    """Compiled once for all pages that take their templates from there."""
    return Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _filled(words: str, values: Mapping[str, object]) -> str:
    for name, value in values.items():
        words = words.replace(f"{{{name}}}", str(value))
    return words


def _accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header, the most wanted first."""
    weighed = []
    for part in header.split(","):
        code, _, quality = part.strip().partition(";q=")
        try:
            weighed.append((-float(quality or 1), code))
        except ValueError:
            continue
    return [code for weight, code in sorted(weighed, key=lambda pair: pair[0]) if weight and code != "*"]
