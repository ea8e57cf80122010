"""Templates printed with less work: a page of the desk prints some two thousand values and calls as many functions.

As Jinja with autoescape and `plain` as its finalizer, but a value is looked at in one place, and text that needs no
escaping is not wrapped first; functions are called without looking whether they want the context, unless they say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from jinja2 import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from jinja2.runtime import Context
from markupsafe import Markup, escape

from review.plain import plain

_SPECIAL = re.compile("[&<>\"']").search


def shown(value: object) -> str:
    """A value as a page prints it: cleaned of what cannot be seen, and escaped."""
    kind = type(value)
    if kind is Markup:
        return value  # type: ignore[return-value]
    if kind is int:
        return str(value)
    text = plain(value)
    return escape(text) if type(text) is not str or _SPECIAL(text) else text


class _Calls(Context):
    """Calls functions directly."""

    def call(self, called: Callable[..., Any], /, *args: Any, **given: Any) -> Any:  # type: ignore[override]
        if getattr(called, "jinja_pass_arg", None) is not None:
            return super().call(called, *args, **given)
        given.pop("_loop_vars", None)
        given.pop("_block_vars", None)
        return called(*args, **given)


class _Prints(CodeGenerator):
    """Prints by `shown` wherever Jinja would finalize and escape."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile:
            self.write(")")
        else:
            super()._output_child_post(node, frame, finalize)


class Printer(Environment):
    """An environment of templates that print so. Its finalizer, for constants, is `plain`."""

    context_class = _Calls
    code_generator_class = _Prints
    shown = staticmethod(shown)
