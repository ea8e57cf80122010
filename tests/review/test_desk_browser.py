"""The desk in a real browser: a call from the queue by keyboard to its appeal, as each who deals with it sees it."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from conftest import opened
from desk_door import Door
from made_calls import CALLS, made_call
from made_ledger import PASSWORD, keep, with_words

from review.desk.app import create_app
from review.desk.options import Options
from review.desk.pages import VENDOR
from scoring.call import Role as Party
from scoring.call import Turn
from scoring.rubric_file import load_rubric
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


def test_an_answer_that_is_no_review_leaves_the_form_as_it_is(door: Door, browser: Any, address: str) -> None:
    """The session ends under the form; then the network; then it is saved after logging in in another tab."""
    if not (VENDOR / "htmx.min.js").is_file():
        pytest.skip("htmx is not fetched: `make desk`")
    call = "KF-20260302-0001"
    page = enter(browser, address, "qa", [])
    page.goto(f"{address}/calls/{door.calls[call]}")
    page.wait_for_load_state()
    page.fill('#review-form [name="comment"]', "写了很久的评语")
    session = page.context.cookies()
    page.context.clear_cookies()
    page.click('#review-form button[value="draft"]')
    notice = page.wait_for_selector('#review-form .form-trouble[role="alert"]')
    assert "没有保存任何内容" in notice.inner_text()
    assert notice.query_selector('a[target="_blank"]')
    assert page.input_value('#review-form [name="comment"]') == "写了很久的评语"

    page.context.set_offline(True)
    page.click('#review-form button[value="draft"]')
    until(lambda: "没有收到回复" in page.inner_text(".form-trouble"))
    page.context.set_offline(False)

    other = page.context.new_page()
    other.goto(f"{address}/")
    other.fill("[name=login]", "qa")
    other.fill("[name=password]", PASSWORD)
    other.press("[name=password]", "Enter")
    other.wait_for_selector("#calls")
    assert page.context.cookies() != session
    page.click('#review-form button[value="draft"]')  # its token is of the session that ended
    until(lambda: "再保存一次" in page.inner_text(".form-trouble") and "已更新" in page.inner_text(".form-trouble"))
    page.click('#review-form button[value="draft"]')
    page.wait_for_selector("#review .review-draft")
    assert page.locator(".form-trouble").count() == 0
    with door.desk.reading() as session:
        review = reviews.latest(session, f"e{door.calls[call][:16]}")
    assert review
    assert review.comment == "写了很久的评语"


def test_leaving_with_something_unsaved_asks_first(door: Door, browser: Any, address: str) -> None:
    page = enter(browser, address, "qa", [])
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(f"{address}/calls/{door.calls['KF-20260302-0002']}")
    page.wait_for_load_state()
    page.fill('#review-form [name="comment"]', "还没保存")
    page.locator("h1").click()  # leave the field: keys are keys again
    for key in ("u", "n", "p"):
        page.keyboard.press(key)
        page.wait_for_timeout(300)
    assert set(asked) == {"beforeunload"}
    assert page.input_value('#review-form [name="comment"]') == "还没保存"
    page.fill('#review-form [name="comment"]', "")
    page.locator("h1").click()
    page.keyboard.press("u")
    page.wait_for_selector("#calls")


@pytest.mark.parametrize(
    ("login", "where", "opener", "field"),
    [
        ("liwen", "/calls/{call}", "#rounds details.file > summary", '#rounds details.file [name="r.restate"]'),
        ("trainer", "/coaching/new?agent=0812+李雯", "", 'main textarea[name="text"]'),
        ("trainer", "/library/add?call={call}", "", "#case-form textarea"),
    ],
)
def test_appeals_coaching_and_cases_ask_too(
    door: Door, browser: Any, address: str, login: str, where: str, opener: str, field: str
) -> None:
    page = enter(browser, address, login, [])
    asked: list[str] = []

    def stay(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.goto(address + where.format(call=door.calls["KF-20260302-0007"]))
    page.wait_for_load_state()
    if opener:
        page.click(opener)
    page.fill(field, "写了很久")
    page.locator(".back a").first.click()
    until(lambda: asked == ["beforeunload"])
    assert page.input_value(field) == "写了很久"
    page.fill(field, "")
    page.locator(".back a").first.click()
    page.wait_for_load_state()
    assert page.locator(field).count() == 0
    assert asked == ["beforeunload"]


def test_a_stretch_is_repeated_and_the_sheet_of_keys_holds_the_focus(door: Door, browser: Any, address: str) -> None:
    said: list[str] = []
    page = enter(browser, address, "qa", said)
    page.goto(f"{address}/calls/{door.calls[WORST]}")
    page.wait_for_load_state()
    page.focus(".back a")
    page.keyboard.press("?")
    focused = "document.activeElement.id || document.activeElement.getAttribute('href')"
    assert page.evaluate(focused) == "sheet-close"
    assert "循环播放" in page.inner_text("#sheet")
    page.keyboard.press("Tab")
    page.keyboard.press("u")  # not while the sheet is open
    assert page.evaluate(focused) == "sheet-close"
    page.keyboard.press("Escape")
    assert page.is_hidden("#sheet")
    assert page.evaluate(focused) == "/calls"

    now = "document.getElementById('audio').currentTime"
    evidence = page.locator(".item a.play[data-end]").first
    evidence.evaluate("e => { e.closest('details').open = true; }")
    begins = float(evidence.get_attribute("data-at") or "nan")
    ends = max(float(evidence.get_attribute("data-end") or "nan") + 0.3, begins + 2)
    page.keyboard.press("l")
    assert page.get_attribute("#loop", "aria-pressed") == "true"
    evidence.click()
    page.evaluate(f"document.getElementById('audio').currentTime = {ends - 0.6}")
    until(lambda: begins - 0.2 <= page.evaluate(now) < ends - 1)  # back at its beginning, and it goes on
    assert not page.evaluate("document.getElementById('audio').paused")
    page.click("#loop")
    page.evaluate(f"document.getElementById('audio').currentTime = {ends - 0.4}")
    until(lambda: page.evaluate(now) > ends - 0.2 or page.evaluate("document.getElementById('audio').paused"))
    assert said == []


def test_a_number_is_silent_and_times_are_as_they_were(door: Door, browser: Any, address: str) -> None:
    made = made_call(CALLS[2], 50)
    turn = Turn(Party.CUSTOMER, made.duration, made.duration + 8, "我的手机号码是13800138000，麻烦您记一下", 0.9)
    call = with_words(replace(made, id="X-1", turns=(*made.turns, turn), duration=made.duration + 9))
    run = door.desk.ledger.begin_run("h", {}, {})
    sha256 = keep(door.desk, run, call, load_rubric("service"), door.folder)
    door.desk.catch_up()
    said: list[str] = []
    page = enter(browser, address, "qa", said)
    audio = "document.getElementById('audio')"
    for shown in (False, True):
        if shown:
            page.click("form.show button")
        else:
            page.goto(f"{address}/calls/{sha256}")
        page.wait_for_load_state()
        until(lambda: page.evaluate(f"{audio}.readyState") >= 1)
        assert page.evaluate(f"{audio}.duration") == pytest.approx(call.duration, abs=0.05)
        assert page.evaluate(f"{audio}.currentSrc").endswith("?whole=yes" if shown else "/audio")
        assert ("没有静音" if shown else "1 处客户信息已静音") in page.inner_text(".player .silenced")
        page.locator("#transcript .w").nth(-8).click()  # in the middle of the number
        until(lambda: turn.start + 3 < page.evaluate(f"{audio}.currentTime") < turn.end)
        now = page.evaluate(f"{audio}.currentTime")
        until(lambda now=now: page.evaluate(f"{audio}.currentTime") > now + 0.3)
        assert page.evaluate(f"{audio}.error") is None
    assert said == []
