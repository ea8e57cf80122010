"""The desk in a real browser: a call from the queue by keyboard to its appeal, as each who deals with it sees it."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from conftest import opened
from desk_door import Door
from made_ledger import PASSWORD

from review.desk.app import create_app
from review.desk.options import Options
from store import reviews, users
from store.access import Role

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
WORST = "KF-20260302-0003"  # 赵强, 二组


@pytest.fixture(scope="module")
def door(made: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """One desk for this file, whose tests keep to calls of their own. The worst call's team has a leader."""
    with opened(made, tmp_path_factory.mktemp("browser") / "desk") as own:
        with own.desk.writing() as session:
            users.add(session, "lead2", PASSWORD, Role.TEAM_LEADER, by="test", name="吴班长", teams=("二组",))
        yield own


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as p:
        yield p.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
        )


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds. Not the browser's own waiting, which the page's content security policy forbids."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def enter(browser: Any, address: str, login: str, said: list[str], **how: Any) -> Any:
    """A page of somebody who has logged in, with cookies of their own; what the browser complains of goes to said."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}, **({"locale": "zh-CN"} | how)).new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(f"{address}/")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_selector("#calls")
    page.wait_for_load_state()  # keys do something once the scripts have run
    return page


def agreed(page: Any, address: str) -> dict[str, tuple[str, str]]:
    """Of each item's name: how many answers were compared, and the share that agree."""
    page.goto(f"{address}/agreement")
    rows = [[cell.inner_text() for cell in row.locator("th, td").all()[:3]] for row in page.locator("tbody tr").all()]
    return {name.split()[0]: (n, share) for name, n, share in rows}


def test_a_call_from_the_queue_to_its_appeal(door: Door, browser: Any, address: str) -> None:
    said: list[str] = []
    page = enter(browser, address, "qa", said)
    for key in ("j", "j", "k", "Enter"):
        page.keyboard.press(key)
    page.wait_for_selector("#timeline")
    assert page.inner_text("h1") == WORST
    audio = "document.getElementById('audio')"
    assert page.evaluate(f"{audio}.currentTime") == 0
    evidence = page.locator("#i-attitude a.play, .item.missed a.play[data-end]").nth(3)
    wanted = float(evidence.get_attribute("data-at") or "nan")
    evidence.click()
    until(lambda: wanted + 0.2 < page.evaluate(f"{audio}.currentTime") < wanted + 5)
    assert page.evaluate(f"[{audio}.error, {audio}.playbackRate]") == [None, 1]
    until(lambda: page.evaluate(f"{audio}.paused"))  # it stops where the evidence ends
    page.keyboard.press("?")
    assert page.is_visible("#sheet")
    page.keyboard.press("Escape")
    page.locator("#i-restate .pill.accept").click()
    page.locator("#i-greeting .pill", has_text="不适用").click()
    page.fill('[name="r.greeting"]', "客户先开口")
    page.check('[name="rest"]')
    page.click('button[value="submit"]')
    page.wait_for_selector("#review .review-submitted")
    assert agreed(page, address) == {"开场问候": ("1", "0%"), "复述确认": ("1", "100%")}, "the rest was not looked at"

    agent = enter(browser, address, "zhaoqiang", said)
    agent.locator("#calls a.line", has_text=WORST).click()
    assert agent.locator("#review .review-submitted").count() == 1
    agent.click("#rounds details.file > summary")
    agent.check('[name="a.restate"]')
    agent.fill('[name="r.restate"]', "0:05 我说了找柜台")
    agent.click("#rounds details.file button.main")
    agent.wait_for_selector("article.appeal")
    assert "0:05 我说了找柜台" in agent.inner_text("article.appeal .trail")

    leader = enter(browser, address, "lead2", said)
    assert leader.inner_text("nav.rooms .count").startswith("1")
    leader.click('nav.rooms a[href="/tasks"]')
    leader.click("#appeals .mine a.task")
    assert leader.inner_text("h1") == WORST
    leader.locator("article.appeal .pill", has_text=re.compile("改为.*不适用")).click()
    leader.fill('article.appeal [name="r.restate"]', "客户没有诉求可复述")
    leader.click('article.appeal button[value="rule"]')
    leader.wait_for_selector("article.appeal .step-decided")
    assert "吴班长" in leader.inner_text("article.appeal .step-decided")

    assert agreed(page, address) == {"开场问候": ("1", "0%"), "复述确认": ("1", "0%")}, "agreement follows"
    assert said == []
    with door.desk.reading() as session:
        review = reviews.submitted(session, f"e{door.calls[WORST][:16]}")
    assert review
    assert (review.version, review.reviewer) == (2, "lead2")
    for item, reason in (("greeting", "客户先开口"), ("restate", "客户没有诉求可复述")):
        decision = review.of(item)
        assert decision
        assert (decision.machine, decision.human, decision.reason) == ("missed", "not_applicable", reason)


def test_without_javascript_all_can_be_done(browser: Any, address: str) -> None:
    page = enter(browser, address, "qa2", [], java_script_enabled=False, locale="en-US")
    page.fill("[name=words]", "扫地机")
    page.click(".searching button.main")
    page.click("#calls a.line")
    assert page.inner_text("h1") == "KF-20260302-0005"
    assert page.is_visible("#timeline")
    page.check('[name="rest"]')
    page.click('button[value="submit"]')
    assert page.locator("#review .review-submitted").count() == 1
