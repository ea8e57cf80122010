"""From a template to a page in the person's language and colours."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from review.desk.texts import say, word
from review.plain import clock, cut, percent, plain, plain_lines
from review.printing import Printer
from review.texts import LANGUAGES
from scoring.errors import OutputError
from scoring.masking import mask_name
from store import todo

ROOM = Path(__file__).parents[1]
TEMPLATES = ROOM / "templates" / "desk"
STATIC = ROOM / "static"
VENDOR = STATIC / "vendor"
THEMES = ("light", "dark")


def page(request: Request, name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. values: for the template, beside what all pages know (language, theme, who is logged in)."""
    return HTMLResponse(rendered(request, name, **values), status)


def rendered(request: Request, name: str, **values: Any) -> str:
    """The text of a page."""
    visit = getattr(request.state, "visit", None)
    language = language_of(request)
    known: dict[str, Any] = {
        "language": language,
        "theme": request.cookies.get("theme") if request.cookies.get("theme") in THEMES else "",
        "viewer": visit.viewer if visit else None,
        "csrf": visit.csrf if visit else "",
        "here": request.url.path + (f"?{request.url.query}" if request.url.query and request.method == "GET" else ""),
        "nonce": request.state.nonce,
        "todo": _todo(request),
        "vendor": {file.name for file in VENDOR.glob("*.js")},
        "t": lambda key, **given: say(key, language, **given),
        "word": lambda kind, value: word(kind, value, language),
    }
    return _environment().get_template(name).render(known | values)


def compile_all() -> None:
    """Compile every template: some take a tenth of a second, for which the first who opens a page would wait."""
    for file in sorted(TEMPLATES.glob("*.j2")):
        _environment().get_template(file.name)


def language_of(request: Request) -> str:
    """What the person chose, else what the browser prefers, else Chinese."""
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    wanted = request.headers.get("accept-language", "zh").lower()
    return "en" if wanted.startswith("en") and "zh" not in wanted else "zh"


def _todo(request: Request) -> int:
    """How much waits for the person; 0 where the ledger does not answer, which the page itself says."""
    visit = getattr(request.state, "visit", None)
    if visit is None:
        return 0
    try:
        with request.app.state.desk.reading() as session:
            return todo.count(session, visit.viewer)
    except OutputError:
        return 0


@cache
def _environment() -> Printer:
    """As the report's: what is printed is escaped, and cleaned of what cannot be seen."""
    environment = Printer(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        finalize=plain,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(
        cut=cut,
        clock=clock,
        minute=_minute,
        moment=_moment,
        mask_name=mask_name,
        lines=_lines,
        quote=lambda s: quote(s, safe=""),
    )
    environment.globals.update(percent=percent, Markup=Markup, once=cache)
    return environment


def _lines(value: str) -> Markup:
    """A text of several lines, as it goes into a form again."""
    return escape(plain_lines(value))


def _minute(value: datetime | None) -> str:
    """A wall clock time to the minute."""
    return value.strftime("%Y-%m-%d %H:%M") if value else ""


def _moment(value: datetime) -> str:
    """A moment on the clock of this machine."""
    return value.astimezone().strftime("%Y-%m-%d %H:%M")
