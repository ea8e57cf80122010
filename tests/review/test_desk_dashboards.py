"""The dashboards: figures that are kept up to date and right, shown only to whom they concern, in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from desk_door import Door
from made_calls import CALLS, made_call
from made_ledger import keep, with_words
from sqlalchemy import func, select, text

from scoring.rubric import Rubric
from scoring.rubric_file import load_rubric
from store import tallies
from store.tally_tables import TalliedRow, TallyRow


def wrong(door: Door) -> list[str]:
    with door.desk.reading() as session:
        return tallies.recount(session)


def total(door: Door, **only: Any) -> int:
    with door.desk.reading() as session:
        chosen = select(func.coalesce(func.sum(TallyRow.calls), 0)).filter_by(whose="team", **only)
        return session.scalar(chosen) or 0


def test_figures_follow_what_is_judged_again(door: Door) -> None:
    """Counted once whatever happens to a call: judged anew, by another form, given another agent, taken away."""
    form = load_rubric("service")
    assert (total(door), wrong(door)) == (16, [])
    call = with_words(made_call(CALLS[2], 2))
    run = door.desk.ledger.begin_run(form.hash, {}, {})
    sha256 = keep(door.desk, run, replace(call, signals=()), form, door.folder, key="again")
    assert sha256 == door.calls[call.id]
    door.desk.catch_up()
    assert (total(door), wrong(door)) == (16, [])
    other = Rubric.model_validate(form.model_dump(mode="json", by_alias=True) | {"version": "other"})
    moved = replace(call, metadata=replace(call.metadata, agent="1000", team="三组", csat=2.0))
    keep(door.desk, run, moved, other, door.folder, key="other")
    door.desk.catch_up()
    assert (total(door), total(door, rubric_hash=other.hash), total(door, team="三组"), wrong(door)) == (16, 1, 1, [])
    assert door.desk.catch_up() == 0
    with door.desk.writing() as session:
        before = tallies.version(session)
        tallies.take(session, list(door.calls.values()))
        assert tallies.version(session) == before, "nothing was new"
        session.execute(text("DELETE FROM evaluations WHERE sha256 = :s"), {"s": sha256})
    door.desk.catch_up()
    assert (total(door), total(door, team="三组"), wrong(door)) == (15, 0, [])
    with door.desk.writing() as session:
        assert session.scalar(select(func.count()).select_from(TalliedRow)) == 15
        session.execute(text("UPDATE tallies SET passed = passed + 1 WHERE id = (SELECT min(id) FROM tallies)"))
    assert len(wrong(door)) == 1, "a recount finds what is not so"


PAGES = ("/dashboards", "/dashboards/items", "/dashboards/people", "/dashboards/mix", "/dashboards/kpi")


def test_pages_show_everybody_their_own(door: Door) -> None:
    """Every page for every role: an agent sees nobody else's figures, a leader only the team's."""
    qa, leader, agent = door.enter("qa"), door.enter("leader"), door.enter("liwen")
    for path in PAGES:
        for person, calls in ((qa, 16), (leader, 6), (agent, 5)):
            page = person.get(path)
            assert page.status_code == 200, (path, page.text[-2000:])
