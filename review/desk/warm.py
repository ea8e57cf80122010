"""What the first visitors would wait for, done when the desk opens: templates compiled, slow figures counted."""

from __future__ import annotations

from datetime import date
from itertools import islice
from threading import Thread

from fastapi import FastAPI

from review.desk import stored
from review.desk.early import EVERYBODY, Early
from review.desk.options import Options
from review.desk.pages import compile_all
from review.desk.trust import Kept
from scoring.errors import OutputError
from store import dashboards, queue
from store.desk import Desk
from store.queue import Filters

FORMS = 3  # whose figures: those that judged most calls of late


def warm_up(app: FastAPI) -> None:
    """Begin with it, behind: the desk answers at once."""
    Thread(target=_warm, args=(app,), daemon=True).start()


def _warm(app: FastAPI) -> None:
    desk: Desk = app.state.desk
    options: Options = app.state.options
    trust: Kept = app.state.trust
    early: Early = app.state.early
    compile_all()
    try:
        with desk.reading() as session:
            options.forms(session)  # reads the shipped ones
            forms = dashboards.forms(session, EVERYBODY)
            for row in queue.page(session, EVERYBODY, Filters(), size=1).rows:  # statements are put together once
                stored.whole_of(session, row)
        for form, (last, _) in islice(forms.items(), FORMS):
            trust.of(desk, EVERYBODY, form)
            if last:
                early.of(desk, form, date.fromisoformat(last))
    except OutputError:  # the ledger does not answer: pages say so
        pass
