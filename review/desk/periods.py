"""Days, weeks and months: which one a day lies in, those between two, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from store.tally import first_day

STEPS = ("day", "week", "month")
MOST = 120  # points of a chart: more are not told apart
WEEKS_SHOWN = 13  # a quarter, unless something else was asked for


def after(first: date, step: str) -> date:
    """The first day of the next period."""
    if step == "month":
        return (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first + timedelta(days=7 if step == "week" else 1)


def between(since: date, until: date, step: str) -> Iterator[date]:
    """The periods from one day to another, both within, by their first days."""
    at = first_day(since, step)
    while at <= until:
        yield at
        at = after(at, step)


def fitting(since: date, until: date, wished: str) -> str:
    """The step that was wished for, or the next longer that a chart has room for; by itself the one that tells most."""
    days = (until - since).days + 1
    step = wished if wished in STEPS else "day" if days <= 31 else "week" if days <= 31 * 7 else "month"
    while step != "month" and days / {"day": 1, "week": 7}[step] > MOST:
        step = STEPS[STEPS.index(step) + 1]
    return step


def label(first: date, step: str) -> str:
    """How a period is called under a chart."""
    return first.strftime("%Y-%m" if step == "month" else "%m-%d")
