"""`script`: whether the agent kept to a script 话术: its steps, their order, their limits, and what they must name."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field, ValidationInfo, field_validator

from scoring.call import Call, Role
from scoring.compliance import Compliance, StepResult, comply
from scoring.detectors.base import Finding, Place, SpokenDetector, say, sentence_evidence, whole_call
from scoring.errors import RubricError
from scoring.evaluation import Evidence
from scoring.likeness import Ask, pieces
from scoring.script import Script
from scoring.script_file import load_script, shipped_scripts
from scoring.steps import own_words
from scoring.strict import Text


class ScriptKept(SpokenDetector):
    """Holds when at least `share` of the required steps were kept; open when that hangs on steps that are unsure."""

    ABOUT: ClassVar = Text(
        zh="话术：步骤、顺序、时限、必说要素", en="a script: its steps, order, limits and what they must name"
    )
    EXAMPLE: ClassVar = """
        detect: script
        script: service-zh
        share: 0.3
        """

    detect: Literal["script"] = "script"
    script: tuple[Script, ...] = Field(
        min_length=1,
        description="ids of shipped scripts, paths of files beside the rubric, or scripts written out "
        "/ 话术的编号、文件或内容",
    )
    share: float = Field(
        1.0, gt=0, le=1, description="share of the required steps that must be kept / 须完成的必说步骤比例"
    )
    by: tuple[Literal["order", "limits", "slots"], ...] = Field(
        ("order", "limits", "slots"), description="what a step must keep besides being said / 除说到外还须遵守什么"
    )

    @field_validator("script", mode="before")
    @classmethod
    def _read(cls, value: Any, info: ValidationInfo) -> Any:
        """A script may be named where it could be written out; the rubric, and its hash, then hold it all the same."""
        folder = (info.context or {}).get("folder")
        given = value if isinstance(value, list | tuple) else [value]
        return tuple(_named(v, folder) if isinstance(v, str) else v for v in given)

    def look(self, call: Call) -> Finding:
        fitting = [(s, s.fits(call)) for s in self.script]
        if not any(fits for _, fits in fitting):
            why = say(call.language, "没有适用于此通话的话术", "no script is for this call")
            return Finding(None, 0.5, why, whole_call(call, "script", why))
        return super().look(call)

    def look_in(self, call: Call, place: Place) -> Finding:
        script = next(s for s in self.script if s.fits(call))
        return self._finding(call, comply(call, script, *self._speakers(call, place)))

    def wants(self, call: Call) -> Ask:
        fitting = [s for s in self.script if s.fits(call)]
        if not fitting:
            return Ask()
        people, machine = self._speakers(call, self.where.place)
        quotes = [s.quote for s in call.signals if s.turn in people or s.turn in machine]
        said = frozenset(p for q in quotes for text in {q, own_words(q)} for p in pieces(text) if p)
        return Ask(said) | fitting[0].asks(call)

    def _speakers(self, call: Call, place: Place) -> tuple[frozenset[int], frozenset[int]]:
        """Turns of the role, and of machines, whose announcements may stand in for some steps."""
        machine = place.turns(call, Role.SYSTEM)
        return frozenset(self.heard(call, place)), frozenset(machine)

    def _finding(self, call: Call, result: Compliance) -> Finding:
        shares = result.coverage(self.by)
        if shares is None:
            why = say(call.language, "本次通话没有必说步骤", "no step was required")
            return Finding(None, 0.5, why, whole_call(call, "script", why))
        least, most = shares
        truth = True if least >= self.share else False if most < self.share else None
        evidence = tuple(e for r in result.steps for e in _evidence(call, r, self.by))
        faults = [_told(call, r, self.by) for r in result.steps if r.asked is not False and r.kept(self.by) is not True]
        required = sum(r.asked is not False for r in result.steps)
        kept = sum(r.asked is not False and r.kept(self.by) is True for r in result.steps)
        why = say(call.language, f"话术步骤{kept}/{required}", f"{kept} of {required} script steps")
        why = say(call.language, "；", "; ").join((why, *faults))
        sure = [r.at.probability for r in result.steps if r.said and r.at is not None]
        # The least certain step decides how sure the whole is; unsure ones have made it open already.
        confidence = min(sure, default=0.8) if truth is not None else 0.5
        return Finding(truth, confidence, why, evidence or whole_call(call, "script", why))


def _named(name: str, folder: Path | None) -> Script:
    """A script by name. A file is read only beside a rubric that is itself a file, never from above its folder."""
    if folder is None and name not in shipped_scripts():
        raise RubricError(
            f"no script called {name!r}", remedy=f"use one of {', '.join(shipped_scripts())}, or write the script out"
        )
    if folder is not None and not (folder / name).resolve().is_relative_to(folder.resolve()):
        raise RubricError(f"script {name!r} lies outside the rubric's folder", remedy="put it beside the rubric")
    return load_script(name, folder if Path(name).suffix in (".yaml", ".yml") else None)


def _told(call: Call, r: StepResult, by: tuple[str, ...]) -> str:
    """What became of a step, in words."""
    lang, name = call.language, r.step.name.in_(call.language)
    if r.said is None:
        return say(lang, f"{name}：不确定", f"{name}: not sure")
    if r.said is False or r.at is None:
        return say(lang, f"{name}：没有说", f"{name}: not said")
    parts = []
    if r.disorder is not None and "order" in by:
        other = r.disorder.other.name.in_(lang)
        side = ("之后才说", "said after") if r.disorder.too_late else ("之前就说", "said before")
        open_ = say(lang, "可能", "perhaps ") if r.order_open else ""
        parts.append(say(lang, f"{open_}在“{other}”{side[0]}", f'{open_}{side[1]} "{other}"'))
    if r.at.outside is not None and "limits" in by:
        s = r.step
        late = (
            (f"不在前{s.first_seconds:g}秒内", f"not in the first {s.first_seconds:g} s") if s.first_seconds else None
        )
        early = (f"不在最后{s.last_seconds:g}秒内", f"not in the last {s.last_seconds:g} s") if s.last_seconds else None
        zh, en = (late if r.at.outside == "first_seconds" else early) or ("超出时限", "out of its time")
        parts.append(say(lang, zh, en))
    if r.missing and "slots" in by:
        wanted = [_SLOTS[m][0 if lang == "zh" else 1] for m in r.missing]
        parts.append(say(lang, f"没有说{'、'.join(wanted)}", f"without {', '.join(wanted)}"))
    return say(lang, f"{name}：{'，'.join(parts) or '已说'}", f"{name}: {', '.join(parts) or 'said'}")


_SLOTS = {
    "time_limit": ("时限", "a time limit"),
    "agent_number": ("工号", "an agent number"),
    "name": ("姓名", "a name"),
    "company": ("公司名称", "the company"),
    "amount": ("金额", "an amount"),
    "words": ("规定用语", "the set wording"),
}


def _evidence(call: Call, r: StepResult, by: tuple[str, ...]) -> tuple[Evidence, ...]:
    """Where a step was said, and what stands in the way; a step that was not said has nothing to be heard."""
    why = _told(call, r, by)
    if r.at is None or r.said is False:
        return ()
    told = sentence_evidence(call, r.at.sentence, "script", f"{why} {r.at.probability:.2f}")
    if r.disorder is None or "order" not in by:
        return (told,)
    other = r.disorder.other_at
    name = r.disorder.other.name.in_(call.language)
    return told, sentence_evidence(call, other.sentence, "script", f"{name} {other.probability:.2f}")
