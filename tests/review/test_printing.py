"""Templates print what Jinja would: cleaned, escaped, and nothing else."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined, UndefinedError, pass_context
from markupsafe import Markup, escape

from review.plain import plain
from review.printing import Printer, shown


class Colour(StrEnum):
    RED = "<red>"


class Own:
    def __html__(self) -> str:
        return "<b>own</b>"

    def __repr__(self) -> str:  # names the test: the same in every process
        return "Own()"


VALUES = (
    "", "plain", "退款", "<script>&\"'", "a\u202eb", "\ud800", "x\x00<", 7, True, None, 0.5, Markup("<i>"), Colour.RED,
    Own(), ["<"],
)  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=ascii)
def test_a_value_is_shown_as_jinja_would(value: object) -> None:
    assert str(shown(value)) == str(escape(plain(value)))


@pytest.mark.parametrize(
    "source",
    [
        "{% macro m(a, b=1) %}<p>{{ a }}{{ b }}{% endmacro %}{% for v in xs %}{{ m(x) }}{{ m(v, b=x) }}{% endfor %}",
        "{% for v in xs %}{{ loop.index }}{{ loop.cycle('<', '>') }}{{ v | upper }}{{ '<' ~ v }}{% endfor %}",
        "{% macro m() %}[{{ caller() }}]{% endmacro %}{% call m() %}{{ x }}{% endcall %}{{ told() }}",
        "{% set y %}{{ x }}{% endset %}{{ y }}{{ '<' }}{{ 1 + 1 }}{{ f(x, n=2) }}",
    ],
)
def test_a_template_is_rendered_as_jinja_would(source: str) -> None:
    @pass_context
    def told(context: object) -> str:
        return type(context).__mro__[-2].__name__

    given = {"x": "<x>", "xs": ["a&b", "c"], "f": lambda x, n: x * n, "told": told}
    options: dict[str, Any] = {"autoescape": True, "finalize": plain, "undefined": StrictUndefined}
    both = [kind(**options).from_string(source).render(given) for kind in (Printer, Environment)]
    assert both[0] == both[1]


def test_what_is_not_there_is_told() -> None:
    environment = Printer(autoescape=True, finalize=plain, undefined=StrictUndefined)
    for source in ("{{ nothing }}", "{{ nothing() }}"):
        with pytest.raises(UndefinedError):
            environment.from_string(source).render()
