"""News comes into the queue in bulk: once, in its last state, with what people did to the call kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import insert, select, text

from scoring.call import Call
from scoring.sampling import Mode, Rules
from store import claims, queue, sampling, take_up
from store.access import Role, Viewer
from store.desk import Desk
from store.desk_tables import QueueMarkRow, QueueRow
from store.ledger import Ledger
from store.queue import Filters
from store.sampling_tables import PlanRow

BOSS = Viewer("boss", "Boss", Role.ADMIN)


def keys(desk: Desk, filters: Filters | None = None) -> set[str]:
    with desk.reading() as session:
        return {row.evaluation_key for row in queue.page(session, BOSS, filters or Filters()).rows}


def test_two_desks_that_prepare_the_same_news(ledger: Ledger, save: Callable[..., bool]) -> None:
    """The slower one's older word must not take the place of the newer."""
    desk, run = Desk(ledger), ledger.begin_run("h", {}, {})
    save(ledger, run, "k1")
    with desk.reading() as session:
        slow = take_up.prepare(session)
    save(ledger, run, "k2")
    with desk.reading() as session:
        quick = take_up.prepare(session)
    with desk.writing() as session:
        assert take_up.write(session, quick) == 2
    with desk.writing() as session:
        assert take_up.write(session, slow) == 0
    assert keys(desk) == {"k2"}
    save(ledger, run, "k3")
    with desk.reading() as session:
        first = take_up.prepare(session)
    save(ledger, run, "k4")
    with desk.writing() as session:
        assert take_up.write(session, first) == 1
    assert keys(desk) == {"k3"}
    assert desk.catch_up() == 1
    assert keys(desk) == {"k4"}
    with desk.reading() as session:
        marks = select(QueueMarkRow.mark)
        assert len(session.scalars(marks).all()) == len(set(session.scalars(marks).all()))


def test_a_call_that_is_judged_anew_stays_drawn_and_in_its_hands(
    ledger: Ledger, save: Callable[..., bool], call: Call
) -> None:
    desk, run = Desk(ledger), ledger.begin_run("h", {}, {})
    save(ledger, run, "k1")
    save(ledger, run, "k2", "call-002")
    desk.catch_up()
    week = (date(2026, 3, 2), date(2026, 3, 8))
    with desk.writing() as session:
        number = sampling.make_plan(session, BOSS, "p", Mode.RANDOM, Rules(per_agent=1), "")
        plan = session.get_one(PlanRow, number)
        people = sampling.population(session, BOSS, Rules(per_agent=1), Filters(), *week)
        assert (people.calls, people.wanted, people.outside) == (2, 1, 0)
        sampling.make_draw(session, BOSS, plan, *week, people, "seed")
    (drawn,) = keys(desk, Filters(drawn="random"))
    with desk.writing() as session:
        row = session.scalars(select(QueueRow).where(QueueRow.evaluation_key == drawn)).one()
        claims.claim(session, BOSS, row, timedelta(hours=1))
        stays = row.number, row.sha256
        with_flag = {"mark": "flag:not there any more", "number": row.number}
        session.execute(insert(QueueMarkRow), [with_flag])
        session.execute(insert(QueueMarkRow), [{"mark": "drawn:targeted", "number": row.number}])
    save(ledger, run, "k3", *(("call-002",) if drawn == "k2" else ()))
    desk.catch_up()
    for filters in (Filters(drawn="random"), Filters(drawn="targeted"), Filters(holder="me"), Filters(draw=1)):
        assert keys(desk, filters) == {"k3"}
    assert not keys(desk, Filters(flag="not there any more"))
    # Even where its row is made anew, as after an evaluation was taken out of the ledger and judged again.
    with desk.writing() as session:
        session.execute(text("DELETE FROM queue"))
        session.execute(text("INSERT INTO queue_pending (sha256) VALUES (:s)"), {"s": stays[1]})
    desk.catch_up()
    assert keys(desk, Filters(drawn="random")) == {"k3"}
    with desk.reading() as session:
        assert session.scalars(select(QueueRow.moment).where(QueueRow.sha256 == stays[1])).one() > 0
