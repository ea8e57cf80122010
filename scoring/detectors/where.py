"""Where 质检范围 to listen: parts of the call by time, turns and percent, or beside a hit of another condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from scoring.call import Call, Role
from scoring.detectors.finding import Finding, Hit, say, whole_call
from scoring.detectors.hearing import hearing
from scoring.strict import Strict

if TYPE_CHECKING:
    from scoring.detectors import Condition

MOST_PLACES = 8  # that unsure hits may stand for; with more, the answer stays open
_TOUCH = 0.01  # s; words of one sentence share their borders up to rounding


class Anchor(Strict):
    """A hit of another condition, after or before which to listen."""

    of: Condition = Field(description="the condition whose hit it is / 以哪个条件的命中为准")
    hit: int = Field(1, description="which hit: 1 the first, 2 the second, -1 the last / 第几次命中，-1为最后一次")
    seconds: float | None = Field(None, gt=0, description="within these seconds of the hit / 命中前后多少秒内")
    turns: int | None = Field(
        None, gt=0, description="within this many turns of the role beside the hit / 命中前后多少个话轮内"
    )

    @model_validator(mode="after")
    def _counts(self) -> Anchor:
        if self.hit == 0:
            raise ValueError("hit counts from 1, or from -1 for the last")
        return self

    def candidates(self, call: Call) -> tuple[list[Hit | None], Finding | None]:
        """Hits that this may mean, None among them where it may have none; and why that cannot be told at all."""
        heard = self.of.hits(call)
        if heard.doubt is not None:
            return [], heard.doubt
        hits = [h for h in heard.found if h.is_moment(call)]
        if self.hit < 0:
            hits.reverse()
        wanted = abs(self.hit) - 1
        possible: list[Hit | None] = []
        sure = 0
        for i, h in enumerate(hits):
            if sure <= wanted <= i:
                possible.append(h)
            sure += h.sure
        if sure <= wanted:
            possible.append(None)
        return possible, None


class Where(Strict):
    """The part of the call to listen to; all limits given must hold. Turns are counted per role."""

    first_seconds: float | None = Field(
        None, gt=0, description="seconds after the first word of a person / 开场多少秒内"
    )
    last_seconds: float | None = Field(
        None, gt=0, description="seconds before the last word of a person / 结束前多少秒内"
    )
    first_turns: int | None = Field(None, gt=0, description="this many turns of the role from the start / 前多少个话轮")
    last_turns: int | None = Field(None, gt=0, description="this many turns of the role from the end / 最后多少个话轮")
    percent: tuple[float, float] | None = Field(
        None, description="from and to percent of the conversation / 通话的百分比区间"
    )
    turn: int | None = Field(None, description="only the n-th turn of the role, -1 the last / 只看第几个话轮")
    after: Anchor | None = Field(None, description="only after a hit of another condition / 在另一条件命中之后")
    before: Anchor | None = Field(None, description="only before a hit of another condition / 在另一条件命中之前")

    @model_validator(mode="after")
    def _sensible(self) -> Where:
        if self.percent is not None and not 0 <= self.percent[0] < self.percent[1] <= 100:
            raise ValueError("percent goes from a lower to a higher number between 0 and 100, as in [0, 25]")
        if self.turn == 0:
            raise ValueError("turn counts from 1, or from -1 for the last")
        return self

    @cached_property
    def limits(self) -> tuple[object, ...]:
        """Its own limits, without anchors."""
        return (self.first_seconds, self.last_seconds, self.first_turns, self.last_turns, self.percent, self.turn)

    @cached_property
    def everywhere(self) -> bool:
        """Whether it is the whole call."""
        return not any(self.limits) and self.after is None and self.before is None

    @cached_property
    def by_turns(self) -> bool:
        """Whether turns are counted."""
        return any(n is not None for n in (self.first_turns, self.last_turns, self.turn))

    @cached_property
    def place(self) -> Place:
        """The part of the call within its own limits, whatever the anchors."""
        return Place(self)

    def places(self, call: Call) -> tuple[list[Place | None], Finding | None]:
        """The parts of the call this may mean: one, unless an anchor is unsure; None where an anchor never came."""
        if self.after is None and self.before is None:
            return [self.place], None
        options: list[list[Hit | None]] = []
        for anchor in (self.after, self.before):
            if anchor is None:
                options.append([None])
                continue
            possible, doubt = anchor.candidates(call)
            if doubt is not None:
                return [], doubt
            options.append(possible)
        found: list[Place | None] = []
        for after, before in product(*options):
            lost = (self.after is not None and after is None) or (self.before is not None and before is None)
            found.append(None if lost else Place(self, after, before))
        if len(found) > MOST_PLACES:
            why = say(call.language, "参照的条件多处不确定", "the condition to go by is unsure in many places")
            return [], Finding(None, 0.5, why, whole_call(call, "where", why))
        return found, None

    def describe(self, language: str) -> str:
        """The place in words, for the reasons people read."""
        if self.everywhere:
            return say(language, "全程", "in the whole call")
        return say(language, "、", ", ").join(self._parts(language))

    def _parts(self, language: str) -> Iterator[str]:
        if self.first_seconds is not None:
            yield say(language, f"开场{self.first_seconds:g}秒内", f"in the first {self.first_seconds:g} s")
        if self.last_seconds is not None:
            yield say(language, f"最后{self.last_seconds:g}秒内", f"in the last {self.last_seconds:g} s")
        if self.first_turns is not None:
            yield say(language, f"前{self.first_turns}个话轮", f"in the first {self.first_turns} turns")
        if self.last_turns is not None:
            yield say(language, f"最后{self.last_turns}个话轮", f"in the last {self.last_turns} turns")
        if self.percent is not None:
            low, high = self.percent
            yield say(language, f"通话{low:g}%至{high:g}%处", f"from {low:g} to {high:g} % of the call")
        if self.turn is not None:
            yield say(language, f"第{self.turn}个话轮", f"in turn {self.turn}")
        for anchor, zh, en in ((self.after, "之后", "after"), (self.before, "之前", "before")):
            if anchor is None:
                continue
            s, n = anchor.seconds, anchor.turns
            within = (say(language, f"{s:g}秒内", f" within {s:g} s") if s else "") + (
                say(language, f"{n}个话轮内", f" within {n} turns") if n else ""
            )
            yield say(language, f"所指情形{zh}{within}", f"{en} the moment named{within}")


@dataclass(frozen=True, slots=True)
class Place:
    """A part of one call: limits, and the hits after and before which it lies."""

    where: Where
    after: Hit | None = None
    before: Hit | None = None

    @property
    def coarse(self) -> bool:
        """Whether a turn lies in it as a whole, wherever in the turn something is said."""
        return self.where.percent is None and self.after is None and self.before is None

    def turns(self, call: Call, role: Role | None) -> tuple[int, ...]:
        """Indices of the turns of `role` that reach into it."""
        if self.where.everywhere:
            return hearing(call).by_role[role]
        if self.after is None and self.before is None:
            notes = hearing(call).notes
            key = "turns", self.where.limits, role
            if key not in notes:
                notes[key] = self._turns(call, role)
            return notes[key]
        return self._turns(call, role)

    def _turns(self, call: Call, role: Role | None) -> tuple[int, ...]:
        w, own = self.where, hearing(call).by_role[role]
        chosen = own
        if w.first_turns is not None:
            chosen = chosen[: w.first_turns]
        if w.last_turns is not None:
            chosen = chosen[-w.last_turns :]
        if w.turn is not None:
            only = own[w.turn - 1 : w.turn] if w.turn > 0 else own[w.turn :][:1] if -w.turn <= len(own) else ()
            chosen = tuple(i for i in chosen if i in only)
        for anchor, hit, step in ((w.after, self.after, 1), (w.before, self.before, -1)):
            if anchor is not None and hit is not None and anchor.turns is not None:
                beside = [i for i in own[::step] if step * (call.turns[i].start - hit.start) > 0]
                near = {*beside[: anchor.turns], hit.turn}
                chosen = tuple(i for i in chosen if i in near)
        return tuple(i for i in chosen if self._touches(call, i))

    def _touches(self, call: Call, turn: int) -> bool:
        """Whether any part of a turn lies in it."""
        t = call.turns[turn]
        if not self._within(call, t.start, t.end):
            return False
        if self.where.percent is not None:
            low, high = self._stretch(call, self.where.percent)
            if t.start > high or t.end < low:
                return False
        if self.after is not None and not (t.start > self.after.start or t.end > self.after.end + _TOUCH):
            return False
        if self.before is not None and not t.start < self.before.start:
            return False
        return self._near(t.start, t.end)

    def holds(self, call: Call, start: float, end: float, turn: int | None = None) -> bool:
        """Whether a sentence, a hit or a silence lies in it; turns are counted by `turns`."""
        w = self.where
        if w.everywhere:
            return True
        if not self._within(call, start, end):
            return False
        if w.percent is not None:
            low, high = self._stretch(call, w.percent)
            # By its middle: of two parts that meet, it lies in one.
            middle = (start + end) / 2
            if not (low <= middle < high or (middle == high and w.percent[1] == 100)):
                return False
        if self.after is not None:
            same = turn is not None and turn == self.after.turn
            if start < self.after.end - _TOUCH if same else start <= self.after.start:
                return False
        if self.before is not None:
            same = turn is not None and turn == self.before.turn
            if end > self.before.start + _TOUCH if same else start >= self.before.start:
                return False
        return self._near(start, end)

    def admits(self, call: Call, start: float, end: float) -> bool:
        """Whether a stretch in which nobody or everybody speaks lies in it: turns of anyone are counted."""
        if not self.holds(call, start, end):
            return False
        w = self.where
        counted = w.by_turns or any(a is not None and a.turns is not None for a in (w.after, w.before))
        if not counted:
            return True
        own = self.turns(call, None)
        return bool(own) and call.turns[own[0]].start <= start <= call.turns[own[-1]].end + _TOUCH

    def _within(self, call: Call, start: float, end: float) -> bool:
        w = self.where
        if w.first_seconds is not None and start > call.opening + w.first_seconds:
            return False
        return w.last_seconds is None or end >= call.ending - w.last_seconds

    def _near(self, start: float, end: float) -> bool:
        w = self.where
        limit = w.after.seconds if w.after is not None else None
        if limit is not None and self.after is not None and start > self.after.end + limit:
            return False
        if w.before is not None and self.before is not None and w.before.seconds is not None:
            return end >= self.before.start - w.before.seconds
        return True

    @staticmethod
    def _stretch(call: Call, percent: tuple[float, float]) -> tuple[float, float]:
        span = call.ending - call.opening
        return call.opening + span * percent[0] / 100, call.opening + span * percent[1] / 100


class Excuse(Strict):
    """An exception: a hit does not count where another condition has a hit near it."""

    of: Condition = Field(description="what excuses it / 什么情形可作例外")
    before: float = Field(20.0, ge=0, description="at most these seconds before the hit / 命中之前多少秒内")
    after: float = Field(5.0, ge=0, description="at most these seconds after the hit / 命中之后多少秒内")

    def excuses(self, call: Call, start: float, end: float) -> bool | None:
        """Whether what lies there is excused; None where that cannot be told."""
        heard = self.of.hits(call)
        # With 0 s it must lie in the same words: sentences that only touch are two.
        late, early = (limit or -_TOUCH for limit in (self.after, self.before))
        near = [h for h in heard.found if h.start <= end + late and h.end >= start - early]
        if any(h.sure for h in near):
            return True
        return None if near or heard.doubt is not None else False
