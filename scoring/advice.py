"""What a form allows but hardly means 最佳实践: items that can never fire, overlaps, weights that lead nowhere.

    for advice in advise(read_rubric("mine.yaml")):
        print(advice)

Errors are refused when a form is read; this is what a reader with experience would say of one that can be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scoring.item import Item
from scoring.prospects import faults, key_of, parts, prospect
from scoring.rubric import Rubric, Scope, Section
from scoring.rubric_file import Source

SURE_ENOUGH = 0.7  # probability from which a model's label may set a score to zero
TELLING = 6  # characters of a guide that says more than a name

At = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """One remark. at: file:line. item: the id of what it is about."""

    at: str
    item: str
    said: str

    def __str__(self) -> str:
        return f"{self.at}: {self.item}: {self.said}"


def advise(source: Source) -> list[Advice]:
    """All remarks on a form, in the order of its items."""
    rubric = source.rubric
    found = [*_on_form(rubric), *_on_sections(rubric)]
    for at, section, item in _items(rubric):
        found += [(where, item.id, said) for where, said in _on_item(rubric, section, item, at)]
    found += _overlaps(rubric)
    return list(dict.fromkeys(Advice(source.place(*at), name, said) for at, name, said in found))


def _items(rubric: Rubric) -> Iterator[tuple[At, Section, Item]]:
    for n, section in enumerate(rubric.sections):
        for k, item in enumerate(section.items):
            yield ("sections", n, "items", k), section, item


def _on_form(rubric: Rubric) -> Iterator[tuple[At, str, str]]:
    if rubric.applies is not None and prospect(rubric.applies.meaning()) is False:
        yield ("applies",), rubric.id, "can never hold: the form is for no call"
    if rubric.status == "published" and rubric.publication is None:
        yield ("status",), rubric.id, "says published, but nobody published it: run `callqa rubric publish`"
    marks = [grade.at_least for grade in rubric.grades]
    if marks and min(marks) > 0:
        yield ("grades",), rubric.id, f"a score below {min(marks):g} gets no grade; add one with `at_least: 0`"
    if len(set(marks)) < len(marks):
        yield ("grades",), rubric.id, "two grades begin at the same score; one of them is never given"
    for n, rule in enumerate(rubric.flags):
        if rule.when is not None and prospect(rule.when.meaning()) is False:
            yield ("flags", n, "when"), rule.id, "can never hold: the flag is never raised"
        if rule.when is not None:
            yield from ((("flags", n, "when"), rule.id, said) for said in faults(rule.when.meaning()))
        for k, asked in enumerate(rule.answers):
            if never := _never(rubric, asked.item, asked.is_, asked.level):
                yield ("flags", n, "answers", k), rule.id, never


def _on_sections(rubric: Rubric) -> Iterator[tuple[At, str, str]]:
    for n, section in enumerate(rubric.sections):
        at: At = ("sections", n)
        if section.weight == 0:
            yield (*at, "weight"), section.id, "a weight of 0: none of its items counts"
        elif section.weight is not None and all(item.points < 0 for item in section.items):
            yield at, section.id, "has a weight, but only deductions: nothing can earn the weight"
        if not section.bonus and all(not item.required for item in section.items):
            yield at, section.id, "no item is required: the section may be left open as a whole, unseen"
        if section.applies is not None and prospect(section.applies.meaning()) is False:
            yield (*at, "applies"), section.id, "can never hold: the section is never asked"
        yield from (((*at, "only"), section.id, said) for said in _apart((rubric.only, section.only)))


def _on_item(rubric: Rubric, section: Section, item: Item, at: At) -> Iterator[tuple[At, str]]:
    yield from (((*at, "only"), said) for said in _apart((rubric.only, section.only, item.only)))
    if item.ask_when is not None:
        asked = item.ask_when
        if never := _never(rubric, asked.item, asked.is_, asked.level):
            yield (*at, "ask_when"), never
    levels = 0
    for key, condition in item.conditions():
        place: At = (*at, key)
        if key.startswith("level "):
            place, levels = (*at, "levels", levels, "when"), levels + 1
        meaning = condition.meaning()
        fate = prospect(meaning)
        if fate is not None:
            yield place, _fate(key, fate)
        yield from ((place, said) for said in faults(meaning))
    if item.partly is not None and item.met is not None and key_of(item.partly.meaning()) == key_of(item.met.meaning()):
        yield (*at, "partly"), "is the same as `met`: the item is never answered partly met"
    whens = [key_of(level.when.meaning()) for level in item.levels if level.when is not None]
    for n, when in enumerate(whens):
        if when in whens[:n]:
            yield (
                (*at, "levels", n),
                f"level {item.levels[n].id} repeats an earlier condition: it is never given",
            )
    if item.fatal:
        yield from _on_fatal(item, at)


def _on_fatal(item: Item, at: At) -> Iterator[tuple[At, str]]:
    if min(len(item.guide.zh), len(item.guide.en)) < TELLING or item.guide == item.name:
        yield (
            (*at, "guide"),
            f"a miss sets the {item.fatal} to zero: the guide should say what exactly it takes",
        )
    if item.flag is None:
        yield (*at, "fatal"), "a fatal miss raises no flag; add `flag: high`"
    for _, condition in item.conditions():
        for part in parts(condition.meaning()):
            at_least = part.get("at", 0.5)
            if part.get("detect") == "act" and at_least < SURE_ENOUGH:
                yield (
                    (*at, "fatal"),
                    f"rests on a model's label at {at_least:g}; below {SURE_ENOUGH:g} it will hit the innocent",
                )


def _fate(key: str, always: bool) -> str:
    if key == "applies":
        return "always holds: leave `applies` out" if always else "can never hold: the item is never asked"
    if key == "met":
        return "always holds: every call gets the points" if always else "can never hold: every call misses the item"
    return f"{key} {'always holds' if always else 'can never hold: this answer is never given'}"


def _never(rubric: Rubric, name: str, answers: tuple[str, ...], levels: tuple[str, ...]) -> str | None:
    """Why another item is never answered so, or None."""
    section, item = next((s, i) for s, i in rubric.items() if i.id == name)
    if levels:
        return None
    possible = {"met", "missed"}
    shares = [item.share_of(level) for level in item.levels]
    if item.partly is not None or item.number is not None or any(0 < share < 1 for share in shares):
        possible.add("partly_met")
    if any((section.only, section.applies, item.only, item.applies, item.ask_when)):
        possible.add("not_applicable")
    if possible & set(answers):
        return None
    return f"item {name} is never answered {' or '.join(answers)}; it can be {', '.join(sorted(possible))}"


def _apart(scopes: tuple[Scope | None, ...]) -> Iterator[str]:
    """Why scopes within each other leave no call, where the innermost is one of them."""
    given = [scope for scope in scopes if scope is not None]
    if scopes[-1] is None or len(given) < 2:
        return
    for field in ("scenario", "direction", "team", "language"):
        wanted = [set(getattr(scope, field)) for scope in given if getattr(scope, field)]
        if len(wanted) > 1 and not set.intersection(*wanted):
            yield f"{field} is none of what the form or section is for: never asked"
    begins = max((scope.from_ for scope in given if scope.from_), default=date.min)
    if begins > min((scope.until for scope in given if scope.until), default=date.max):
        yield "begins after the form or section has ended: never asked"


def _overlaps(rubric: Rubric) -> Iterator[tuple[At, str, str]]:
    """Items that one and the same thing answers."""
    known: dict[str, str] = {}
    for at, section, item in _items(rubric):
        answered = [(key, c.meaning()) for key, c in item.conditions() if key not in ("partly",)]
        scopes = [s.meaning() if s else None for s in (section.only, item.only)]
        applies = section.applies.meaning() if section.applies else None
        same = key_of([answered, scopes, applies, item.number.meaning() if item.number else None])
        if same in known:
            key = "met" if item.met is not None else "levels" if item.levels else "number"
            yield (*at, key), item.id, f"is answered by the same condition as {known[same]}: one fact counts twice"
        else:
            known[same] = item.id
