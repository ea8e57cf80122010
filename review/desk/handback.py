"""What was posted and not kept is handed back: to be read, copied and, where only the login was over, sent again.

Nothing is sent by itself: the person presses the button. And only what a page of ours posted is repeated: `guard` has
refused what browsers say is foreign, here they must have said that it is not.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from review.desk.entry import NotLoggedIn, forms_of, visitor
from review.desk.guard import TooMuch, from_here
from review.desk.pages import page
from scoring.errors import OutputError

MOST = 2000  # fields, as of every form
SECRET = ("/account", "/login", "/logout")  # passwords are posted there: never repeated
_OURS = {"csrf", "action", "evaluation", "based_on", "version", "rest", "shared", "back", "call", "status", "owner"}


@dataclass(frozen=True, slots=True)
class Returned:
    """A form as it was posted. address: to which; fields: all but the token."""

    address: str
    fields: tuple[tuple[str, str], ...]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What the person wrote or chose, without the form's own notes."""
        return [(name, value) for name, value in self.fields if value.strip() and name not in _OURS]


async def returned(request: Request) -> Returned | None:
    """The form that was posted, or None where there is none or it must not be repeated."""
    path = request.url.path
    if request.method != "POST" or path.startswith((*SECRET, "//", "/\\")) or not from_here(request.headers):
        return None
    try:
        form = await request.form(max_files=0, max_fields=MOST)
    except (HTTPException, TooMuch):
        return None
    fields = tuple((name, value) for name, value in form.multi_items() if isinstance(value, str) and name != "csrf")
    query = f"?{request.url.query}" if request.url.query else ""
    return Returned(path + query, fields) if fields else None


async def trouble(request: Request, key: str, status: int, *, again: bool = False, more: str = "") -> Response:
    """The page that says what is wrong, with what was posted. again: sending the same once more can help."""
    form = await returned(request)
    return await run_in_threadpool(_page, request, key, status, form, again, more)


def _page(request: Request, key: str, status: int, form: Returned | None, again: bool, more: str) -> Response:
    names = {}
    if form:
        try:
            names = {item.id: item.name for rubric in forms_of(request).values() for _, item in rubric.items()}
            visitor(request)
        except (NotLoggedIn, OutputError):
            pass
    return page(request, "trouble.html.j2", status=status, key=key, more=more, returned=form, again=again, names=names)
