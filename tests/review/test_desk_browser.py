"""A reviewer's morning in a real browser: log in, the worst call by keyboard, hear the evidence, correct, submit."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import uvicorn
from desk_door import Door
from made_ledger import PASSWORD

from review.desk.app import create_app
from review.desk.options import Options
from store import reviews

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
WORST = "KF-20260302-0003"


@pytest.fixture
def address(door: Door) -> Iterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(door.desk, Options(recordings=door.folder)), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listening.close()


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds. Not the browser's own waiting, which the page's content security policy forbids."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_review_from_door_to_submission(door: Door, address: str, tmp_path: Path) -> None:
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
        )
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address + "/")
        page.fill("[name=login]", "qa")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_selector("#calls")
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        page.wait_for_selector("#timeline")
        assert page.inner_text("h1") == WORST
        evidence = page.locator("#i-attitude a.play, .item.missed a.play[data-end]").nth(3)
        wanted = float(evidence.get_attribute("data-at") or "nan")
        evidence.click()
        until(lambda: wanted + 0.2 < page.evaluate("document.getElementById('audio').currentTime") < wanted + 5)
        until(lambda: page.evaluate("document.getElementById('audio').paused"))  # it stops where the evidence ends
        page.keyboard.press("?")
        assert page.is_visible("#sheet")
        page.keyboard.press("Escape")
        page.locator("#i-greeting .pill", has_text="不适用").click()
        page.fill('[name="r.greeting"]', "客户先开口")
        page.check('[name="rest"]')
        page.click('button[value="submit"]')
        page.wait_for_selector("#review .review-submitted")
        browser.close()
    assert said == []
    with door.desk.reading() as session:
        review = reviews.submitted(session, f"e{door.calls[WORST][:16]}")
    assert review
    decision = review.of("greeting")
    assert decision
    assert (decision.machine, decision.human, decision.reason) == ("missed", "not_applicable", "客户先开口")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_without_javascript_all_can_be_done(door: Door, address: str) -> None:
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(java_script_enabled=False, locale="en-US").new_page()
        page.goto(address + "/")
        page.fill("[name=login]", "qa")
        page.fill("[name=password]", PASSWORD)
        page.click("button.main")
        page.fill("[name=words]", "冻结")
        page.click("button.main")
        page.click("#calls a.line")
        assert page.inner_text("h1") == WORST
        assert page.is_visible("#timeline")
        page.check('[name="rest"]')
        page.click('button[value="submit"]')
        assert page.locator("#review .review-submitted").count() == 1
        browser.close()
