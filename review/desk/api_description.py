"""The OpenAPI description: what FastAPI knows, with what every operation can answer beside."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from review.desk.api_models import Problem
from review.desk.api_reply import PROBLEM

ABOUT = """Calls, transcripts, answers, reviews and their figures, as the desk shows them: personal data masked, and
only what the caller may see. Compliance cases, appeals, the case library, coaching plans and dashboards are read here
and changed at the desk only: there is always a person who answers for it. Reviews are read and written.

通话、文本、答案、复核和各项指标，与页面所示相同：个人信息已脱敏，只含调用者有权查看的内容。合规案件、申诉、案例库、
辅导计划和看板在这里只读，修改须由人在页面上进行；复核可读可写。

Programs send `Authorization: Bearer TOKEN` (`callqa user token add`, or the page of one's account). Lists come a page
at a time: follow the Link with rel="next". Every read has an ETag and answers 304 to If-None-Match; who changes
something names what was read by If-Match. What is not done is said as problem details (RFC 9457) with a `code`."""
_ALWAYS = {401: "No session and no token, or one that ended.", 403: "The caller may not.",
           422: "Not understood, or not complete.", 429: "Too many wrong tokens came from here.",
           503: "The ledger does not answer."}  # fmt: skip
_READ = {304: "As the client has it."}
_WRITTEN = {400: "The body cannot be read.", 409: "Overtaken (based_on).", 412: "Overtaken (If-Match).",
            413: "The body is too long.", 428: "What was read is not named."}  # fmt: skip
_OF_ONE = {404: "Not there, or not for this caller."}
_SOUND = {206: "The ranges asked for.", 400: "The ranges cannot be read.", 416: "There is no such range."}


def described(app: FastAPI) -> dict[str, Any]:
    """The description of the API, made once."""
    if not app.openapi_schema:
        app.openapi_schema = _made(app)
    return app.openapi_schema


def _made(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(title="callqa", version="1", description=ABOUT, routes=app.routes)
    schemas = made["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema()
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return made


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    headers = operation.setdefault("parameters", [])
    for status, why in (_ALWAYS | (_OF_ONE if "{" in path else {}) | (_WRITTEN if method == "put" else {})).items():
        answers[str(status)] = {"description": why, "content": _PROBLEM}
    if method == "get":
        answers |= {str(status): {"description": why} for status, why in _READ.items()}
        headers.append(_header("If-None-Match", "ETags of what the client has."))
    else:
        headers.append(_header("If-Match", "The ETag of what was read."))
        headers.append(_header("X-CSRF-Token", "From browsers: `csrf` of /me."))
    if path.endswith("/audio"):
        answers |= {str(status): {"description": why} for status, why in _SOUND.items()}
        silent = "The sound, silent where the transcript is masked."
        answers["200"] = {"description": silent, "content": {"audio/*": {}}}
        answers["206"]["content"] = {"audio/*": {}, "multipart/byteranges": {}}
        headers.append(_header("Range", "As bytes=0-99999."))
        answers["400"]["content"] = answers["416"]["content"] = {"text/plain": {}}
    answers["200"]["headers"] = {"ETag": {"schema": {"type": "string"}}} | (
        {"Link": {"schema": {"type": "string"}, "description": "Where the next page is."}}
        if any(p["name"] in ("after", "before") for p in headers)
        else {}
    )


def _header(name: str, about: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "description": about, "schema": {"type": "string"}}


_PROBLEM = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
