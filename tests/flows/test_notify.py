"""One digest a run, without what was said, to a real address."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest

from flows.notify import MOST, Digest, notify
from flows.settings import Settings

QUOTED = "关我什么事 13800138000"


def record(call: str, *flags: dict[str, Any], score: float | None = 61.5) -> dict[str, Any]:
    return {"call_id": call, "score": score, "flags": list(flags)}


def flag(item: str, severity: str, key: str = "") -> dict[str, Any]:
    return {"item": item, "severity": severity, "why": f"无禁语: {QUOTED}"} | ({"key": key} if key else {})


@pytest.fixture
def inbox() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """An address on this machine and what was sent to it."""
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"json://user:hush@127.0.0.1:{server.server_port}/hook", got
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_digest_says_where_to_look_and_not_what_was_said(inbox: tuple[str, list[dict[str, Any]]]) -> None:
    url, got = inbox
    digest = Digest.of(
        [
            record("c1", flag("rude", "high", "rude/call:c1"), flag("churn", "low", "churn/customer:x")),
            record("c2", flag("churn", "medium", "churn/customer:x"), score=None),
            record("c3"),
            record("c4", flag("old", "low")),
        ],
        "out/demo",
    )
    assert digest is not None
    assert notify([url], digest) is None
    (message,) = got
    assert message["title"] == "callqa: 3 calls flagged 预警通话 (1 high, 1 medium, 1 low)"
    assert message["message"].splitlines() == [
        "[high] rude | c1 | 61.5",
        "[medium] churn | c1 | 61.5 +1 calls",
        "[low] old | c4 | 61.5",
        "report: out/demo/report.html",
    ]
    assert QUOTED not in json.dumps(message, ensure_ascii=False)
    assert notify([url], digest, reasons=True) is None
    assert QUOTED in got[1]["message"]


def test_a_run_without_flags_is_not_announced() -> None:
    assert Digest.of([record("c1")], "out") is None


def test_a_digest_stays_short() -> None:
    digest = Digest.of((record(f"c\n{n}" * 99, flag("x", "low")) for n in range(500)), "out")
    assert digest is not None
    assert len(digest.body().splitlines()) == MOST + 2
    assert len(digest.body()) < 5_000
    assert f"... {500 - MOST} more" in digest.body()


@pytest.mark.parametrize(
    ("url", "says"), [("nonsense", "address 1"), ("json://u:hush@127.0.0.1:1/x", "could not be sent")]
)
def test_a_digest_that_cannot_be_sent_is_told_without_its_address(
    url: str, says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    digest = Digest.of([record("c1", flag("x", "low"))], "out")
    assert digest is not None
    problem = notify([url], digest)
    assert problem is not None
    assert says in problem
    assert "hush" not in problem + "".join(capfd.readouterr())


def test_addresses_are_off_by_default_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CALLQA_NOTIFY", raising=False)
    assert Settings().addresses == []
    monkeypatch.setenv("CALLQA_NOTIFY", "json://u:hush@a/, json://b/")
    settings = Settings()
    assert settings.addresses == ["json://u:hush@a/", "json://b/"]
    assert "hush" not in repr(settings) + settings.model_dump_json()
