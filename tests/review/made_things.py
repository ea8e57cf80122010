"""What people made of a call: library cases, coaching plans, comments, second reviews, appeals, calibration sessions,
compliance cases; and a sampling plan with its draw.

Each function gives the parts of an address that name such a thing, `{"number": 7}`; what is not there yet is made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from desk_door import Door
from made_ledger import USERS
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scoring.evaluation import Status
from scoring.sampling import Mode, Rules
from store import appeals, casebook, cases, coaching, comments, sampling
from store.access import Right, Role, Viewer
from store.appeals import Terms
from store.casebook import Piece, Words
from store.coaching import Goal
from store.compliance_tables import CaseRow
from store.desk_tables import QueueRow
from store.queue import Filters
from store.rounds_tables import AppealRow, CalibrationCallRow, CalibrationPersonRow, CalibrationRow, SecondLookRow

BOSS = Viewer("boss", "陈主管", Role.ADMIN)
PRIVATE = "只给主管看的话"  # in whatever an agent must not read about own calls
PERIOD = (date(2026, 3, 2), date(2026, 3, 8))
Places = dict[str, object]


def library_case(door: Door, sha256: str) -> Places:
    """A case, with which a coaching plan of the call's agent works."""
    coaching_plan(door, sha256)
    return {"case": door.made["case", sha256]}


def library_clip(door: Door, sha256: str) -> Places:
    """The same case, as programs name it."""
    return {"number": library_case(door, sha256)["case"]}


def numbered_plan(door: Door, sha256: str) -> Places:
    """The plan, as programs name it."""
    return {"number": coaching_plan(door, sha256)["plan"]}


def new_library_case(door: Door, sha256: str) -> Places:
    """Another one, which may be taken out."""
    with door.desk.writing() as session:
        return {"case": _case(session, _row(session, sha256))}


def coaching_plan(door: Door, sha256: str) -> Places:
    """A plan for the call's agent, with a case of the call."""

    def make(session: Session, row: QueueRow) -> int:
        goals = [Goal("greeting", 0.9)]
        number = coaching.add(
            session, BOSS, agent=str(row.agent), agent_name=row.agent_name, team=row.team,
            rubric_hash=row.rubric_hash, due=date.today() + timedelta(days=30), goals=goals,
        )  # fmt: skip
        plan = coaching.one(session, BOSS, number)
        assert plan
        coaching.note(session, BOSS, plan, PRIVATE, shared=False)
        door.made["case", sha256] = _case(session, row)
        coaching.attach(session, BOSS, plan, door.made["case", sha256])
        return number

    plan = _once(door, "plan", sha256, make)
    return {"plan": plan, "case": door.made["case", sha256]}


def call(door: Door, sha256: str) -> Places:
    """The call itself."""
    return {"call": sha256}


def call_with_case(door: Door, sha256: str) -> Places:
    """The call, which has a compliance case."""
    return compliance_case(door, sha256) | {"call": sha256}


def agent(door: Door, sha256: str) -> Places:
    """Whose call it is."""
    with door.desk.reading() as session:
        return {"agent": _row(session, sha256).agent}


def comment(door: Door, sha256: str) -> Places:
    """A comment of somebody who does not walk; only an administrator may withdraw it for them."""

    def make(session: Session, row: QueueRow) -> int:
        return comments.add(session, Viewer("qa2", "孙质检", Role.QA), row, 1.0, PRIVATE, shared=False)

    return {"comment": _once(door, "comment", sha256, make)}


def compliance_case(door: Door, sha256: str) -> Places:
    """The case of the call, which is flagged if it was not."""

    def make(session: Session, row: QueueRow) -> int:
        if not (row.fatal or row.severity):
            row.severity = "low"
            session.flush()
            cases.taken(session, {sha256: ["greeting"]})
        return session.scalars(select(CaseRow.number).where(CaseRow.sha256 == sha256)).one()

    return {"number": _once(door, "compliance", sha256, make)}


def second_review(door: Door, sha256: str) -> Places:
    """One that nobody has taken, of another call of the agent: it hides what others answered."""

    def make(session: Session, row: QueueRow) -> int:
        others = select(QueueRow).where(QueueRow.agent == row.agent, QueueRow.sha256 != sha256)
        other = session.scalars(others.order_by(QueueRow.number).limit(1)).one()
        made = SecondLookRow(
            sha256=other.sha256, evaluation_key=other.evaluation_key, call_id=other.call_id, asked_by="qa2"
        )
        session.add(made)
        session.flush()
        return made.id

    number = _once(door, "second", sha256, make)
    with door.desk.writing() as session:
        session.execute(update(SecondLookRow).where(SecondLookRow.id == number).values(reviewer=None, version=1))
    return {"number": number}


def calibration(door: Door, sha256: str) -> Places:
    """An open session over the call, of all who may take part and see the call."""

    def make(session: Session, row: QueueRow) -> int:
        made = CalibrationRow(name="校准", expert="qa", made_by="boss")
        session.add(made)
        session.flush()
        named = {"sha256": sha256, "evaluation_key": row.evaluation_key, "call_id": row.call_id}
        session.add(CalibrationCallRow(calibration_id=made.id, place=1, rubric_hash=row.rubric_hash, **named))
        for login, user in USERS.items():
            person = Viewer(login, user["name"], user["role"])
            if person.may(Right.CALIBRATE) and row.team in user.get("teams", (row.team,)):
                session.add(CalibrationPersonRow(calibration_id=made.id, login=login, name=person.name))
        return made.id

    number = _once(door, "calibration", sha256, make)
    with door.desk.writing() as session:
        session.execute(update(CalibrationRow).where(CalibrationRow.id == number).values(closed_at=None))
    return {"number": number, "place": 1}


def appeal(door: Door, sha256: str) -> Places:
    """An appeal of the call's agent that waits for the leader, also where the team has none."""

    def make(session: Session, row: QueueRow) -> int:
        login, user = next((name, user) for name, user in USERS.items() if user.get("agent") == row.agent)
        number = appeals.file(
            session, Viewer(login, user["name"], Role.AGENT, user["agent"]), row, {"greeting": Status.MISSED},
            {"greeting": "我问候了"}, against=None, terms=Terms(),
        )  # fmt: skip
        session.execute(update(AppealRow).where(AppealRow.id == number).values(state="filed"))
        return number

    return {"number": _once(door, "appeal", sha256, make)}


def sampling_plan(door: Door, sha256: str) -> Places:
    """A sampling plan, by which was drawn once."""
    if ("draw", "") not in door.made:
        with door.desk.writing() as session:
            plan = sampling.make_plan(session, BOSS, "每周", Mode.RANDOM, Rules(), "")
            people = sampling.population(session, BOSS, Rules(), Filters(), *PERIOD)
            row = session.get_one(sampling.PlanRow, plan)
            door.made["sampling", ""] = plan
            door.made["draw", ""] = sampling.make_draw(session, BOSS, row, *PERIOD, people, "")
    return {"plan": door.made["sampling", ""]}


def draw(door: Door, sha256: str) -> Places:
    """That draw."""
    sampling_plan(door, sha256)
    return {"draw": door.made["draw", ""]}


def _case(session: Session, row: QueueRow) -> int:
    piece = Piece(0.5, 3.5, (("agent", 0.5, "您好"),), ())
    return casebook.add(session, BOSS, row, piece, Words("greeting", "good", comment="听听看"), suggested=False)


def _row(session: Session, sha256: str) -> QueueRow:
    return session.scalars(select(QueueRow).where(QueueRow.sha256 == sha256)).one()


def _once(door: Door, what: str, sha256: str, make: Callable[[Session, QueueRow], int]) -> int:
    if (what, sha256) not in door.made:
        with door.desk.writing() as session:
            door.made[what, sha256] = make(session, _row(session, sha256))
    return door.made[what, sha256]
