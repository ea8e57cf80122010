"""A sampling plan as a person enters it: numbers in their bounds, or what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from review.desk.listing import number
from scoring.sampling import Mode, Rules

POPULATION = ("words", "team", "agent", "scenario", "least", "most", "missed", "flag", "unjudged")
MOST_NAME, MOST_CALLS, MOST_WEIGHT = 80, 100, 100.0
NUMBERS = {  # field of the form: most
    "per_agent": MOST_CALLS, "new_agent": MOST_CALLS, "new_days": 366, "share": 100, "flag_weight": MOST_WEIGHT,
    "low_weight": MOST_WEIGHT, "unsure_weight": MOST_WEIGHT, "low_below": 100,
}  # fmt: skip
WHOLE = ("per_agent", "new_agent", "new_days")


@dataclass(frozen=True, slots=True)
class Entered:
    """What a form holds. typed: as it was typed, for the form again; wrong: fields that make no sense, in order."""

    name: str
    mode: Mode
    rules: Rules
    filters: str
    typed: Mapping[str, str]
    wrong: tuple[str, ...] = ()


def entered(form: Mapping[str, str], *, blank: bool = False) -> Entered:
    """Read a form. blank: it was not sent, only begun: what it lacks is as usual and nothing is wrong."""
    usual = _typed(Rules()) | {"by_scenario": "yes", "name": "", "mode": Mode.RANDOM.value}
    typed = {name: form.get(name, "").strip()[:200] for name in (*usual, *POPULATION)}
    if blank:
        typed = {name: typed.get(name) or value for name, value in (typed | usual).items()} | {
            name: typed[name] for name in POPULATION
        }
    wrong = [] if blank else [name for name in ("name",) if not typed["name"]]
    values: dict[str, float] = {}
    for name, most in NUMBERS.items():
        found = number(typed[name] or "0")
        if found is None or not 0 <= found <= most or (name in WHOLE and found != int(found)):
            wrong.append(name)
            found = 0.0
        values[name] = found
    edges = [number(part) for part in typed["edges"].replace("，", ",").replace(" ", ",").split(",") if part]
    good = tuple(sorted({e for e in edges if e is not None and 0 < e < 100}))
    if len(good) != len(edges) or len(good) > 9:
        wrong.append("edges")
    mode = Mode(typed["mode"]) if typed["mode"] in set(Mode) else Mode.RANDOM
    rules = Rules(
        int(values["per_agent"]), values["share"] / 100, int(values["new_agent"]), int(values["new_days"]),
        typed["by_scenario"] == "yes", good[:9], values["flag_weight"], values["low_weight"], values["low_below"],
        values["unsure_weight"],
    )  # fmt: skip
    if not blank and not (rules.per_agent or rules.share or rules.new_agent):
        wrong.append("per_agent")
    filters = urlencode([(name, typed[name]) for name in POPULATION if typed[name]])
    return Entered(typed["name"][:MOST_NAME], mode, rules, filters, typed, tuple(wrong))


def entered_of(name: str, mode: Mode, rules: Rules, filters: str) -> Entered:
    """A plan that is there, as the beginning of another."""
    population = dict.fromkeys(POPULATION, "") | {k: v for k, v in parse_qsl(filters) if k in POPULATION}
    typed = _typed(rules) | {"name": name, "mode": mode.value} | population
    typed["by_scenario"] = "yes" if rules.by_scenario else ""
    return Entered(name, mode, rules, filters, typed)


def _typed(rules: Rules) -> dict[str, str]:
    return {
        "per_agent": str(rules.per_agent), "share": f"{100 * rules.share:g}", "new_agent": str(rules.new_agent),
        "new_days": str(rules.new_days), "edges": ", ".join(f"{edge:g}" for edge in rules.edges),
        "flag_weight": f"{rules.flag:g}", "low_weight": f"{rules.low:g}", "low_below": f"{rules.low_below:g}",
        "unsure_weight": f"{rules.unsure:g}",
    }  # fmt: skip
