"""Words are found where they were said, and only there; on every database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from alembic import command

from scoring.call import Call
from scoring.rubric import Rubric
from store import queue, search
from store.access import Role, Viewer
from store.connect import migration_config
from store.desk import Desk
from store.ledger import Ledger
from store.tables import EvaluationRow, RubricRow

EVERYBODY = Viewer("x", "x", Role.ADMIN)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("我的宽带", ["我的", "的宽", "宽带", "带"]),
        ("断了3天，ＰＡＹ", ["断了", "了", "3", "天", "pay"]),
        ("it's O_K", ["it", "s", "o", "k"]),
        ("…!\"'", []),
    ],
)
def test_tokens(text: str, tokens: list[str]) -> None:
    assert search.tokens(text) == tokens


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("宽带", True), ("我的宽带断了三天", True), ("带", True), ("诉", True), ("宽带 投诉", True), ("带宽", False),
        ("宽断", False), ("宽带 退款", False), ("录音您好", False), ("'; DROP TABLE queue", False), ("NEAR(", False),
        ("*", True), ("-", True),
    ],
)  # fmt: skip
def test_search(ledger: Ledger, save: Callable[..., bool], words: str, found: bool) -> None:
    """录音。 ends one turn and 您好 begins the next: nobody said 录音您好. What holds no word asks for nothing."""
    save(ledger, ledger.begin_run("h", {}, {}), "k1")
    desk = Desk(ledger)
    assert desk.catch_up() > 0
    with desk.reading() as session:
        assert bool(queue.page(session, EVERYBODY, queue.Filters(words=words)).rows) is found


def test_the_queue_follows_the_ledger(ledger: Ledger, save: Callable[..., bool], call: Call) -> None:
    desk = Desk(ledger)
    run = ledger.begin_run("h", {}, {})
    save(ledger, run, "k1")
    save(ledger, run, "k2", "call-002")
    desk.catch_up()
    with desk.reading() as session:
        assert {row.evaluation_key for row in queue.page(session, EVERYBODY, queue.Filters()).rows} == {"k1", "k2"}
        assert queue.pending(session) == 0
    save(ledger, run, "k3")
    desk.catch_up()
    with desk.reading() as session:
        rows = queue.page(session, EVERYBODY, queue.Filters()).rows
        assert {row.evaluation_key for row in rows} == {"k3", "k2"}
        assert queue.neighbours(session, EVERYBODY, queue.Filters(), rows[0]) == (None, rows[1].sha256)


def test_a_trial_of_a_draft_does_not_take_a_calls_place(
    ledger: Ledger, save: Callable[..., bool], rubric: Rubric
) -> None:
    desk, draft = Desk(ledger), rubric.model_copy(update={"status": "draft"})
    run = ledger.begin_run("h", {}, {})
    save(ledger, run, "k1")
    save(ledger, run, "k2")
    with desk.writing() as session:
        session.add(RubricRow(hash="d", rubric_id="x", version="1", form=draft.model_dump(mode="json", by_alias=True)))
        session.get_one(EvaluationRow, "k2").rubric_hash = "d"
    desk.catch_up()
    with desk.reading() as session:
        assert [row.evaluation_key for row in queue.page(session, EVERYBODY, queue.Filters()).rows] == ["k1"]


def test_an_older_ledgers_calls_are_taken_up(url: str, save: Callable[..., bool]) -> None:
    with Ledger.open(url) as ledger:
        save(ledger, ledger.begin_run("h", {}, {}), "k1")
        with ledger._writer.begin() as connection:
            command.downgrade(migration_config(connection), "0003")
    with Desk.open(url) as desk:
        assert desk.catch_up() == 1
        with desk.reading() as session:
            assert [r.call_id for r in queue.page(session, EVERYBODY, queue.Filters(words="宽带")).rows] == ["call-001"]


SAID = (
    ("宽带断了", "一组", "A1"), ("断了，宽带也断了", "一组", "A1"), ("断宽带了", "一组", "A2"),
    ("宽的带子断了", "二组", "A3"), ("宽带", "二组", "A3"), ("nothing to do with it", None, None),
    ("It is a refund", "二组", "A4"), ("a refund, is it 宽带断了", "一组", "A2"),
)  # fmt: skip
LOOKERS = (
    EVERYBODY, Viewer("l", "l", Role.TEAM_LEADER, teams=("一组",)), Viewer("a", "a", Role.AGENT, agent="A3"),
    Viewer("n", "n", Role.TEAM_LEADER),
)  # fmt: skip


def test_common_words_are_found_as_rare_ones_are(
    ledger: Ledger, save: Callable[..., bool], call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where many calls hold the words another way is taken: to the same calls, of those that a person may see."""
    run, desk = ledger.begin_run("h", {}, {}), Desk(ledger)
    for n, (text, team, agent) in enumerate(SAID):
        turn = replace(call.turns[2], text=text, words=())
        known = replace(call.metadata, team=team, agent=agent)
        save(ledger, run, f"k{n}", f"call-{n}", turns=(turn,), metadata=known, signals=())
    desk.catch_up()
    found = {}
    for way in (0, 10**6):
        monkeypatch.setattr(search, "MANY", way)
        for words in ("宽带", "宽带断了", "断", "refund", "宽带 断了", "宽带断了 refund", "is it", "退款"):
            for viewer in LOOKERS:
                for filters in (queue.Filters(words=words), queue.Filters(words=words, order="newest", scenario="x")):
                    with desk.reading() as session:
                        page = queue.page(session, viewer, filters, size=3)
                        ids, steps = [row.call_id for row in page.rows], [page.total]
                        while page.more:
                            page = queue.page(session, viewer, filters, queue.place(page.rows[-1], filters.order), 3)
                            ids += [row.call_id for row in page.rows]
                            steps.append(page.total)
                        near = [queue.neighbours(session, viewer, filters, row) for row in page.rows]
                    assert len(ids) == len(set(ids))
                    found[way, words, viewer.login, filters.order] = (ids, near, steps if way else None)
    few, many = ({key[1:]: told[:2] for key, told in found.items() if key[0] == way} for way in (10**6, 0))
    assert few == many
    exact = {key[1:]: (told[0], told[2]) for key, told in found.items() if key[0]}
    assert all(steps == [len(ids)] * len(steps) for ids, steps in exact.values())
    assert set(exact["宽带断了", "x", "urgency"][0]) == {"call-0", "call-7"}
    assert exact["宽带", "a", "urgency"][0] == ["call-4"]
    assert exact["宽带", "n", "urgency"][0] == []
