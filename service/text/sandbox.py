"""The Jinja2 sandbox that texts are filled in: a dot reads entries of mappings and nothing else, loops are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

MOST_STEPS = 20_000  # rounds of all loops of one text
FILTERS = frozenset({"length", "count", "first", "last", "list", "selectattr", "rejectattr"})
TESTS = frozenset({"defined", "none", "true", "false", "odd", "even", "in", "eq", "equalto", "ne", "lt", "le", "gt", "ge"})
BUDGET = "_budget"  # where a rendering keeps the rounds that are left; names with _ are refused in texts
_LOOP_FIELDS = frozenset({"index", "index0", "first", "last", "length"})


@dataclass(frozen=True, slots=True)
class Slot:
    """A value to be printed, with the name that stands in the text ("" for an expression) and the line of the template."""

    value: object
    name: str
    line: int


class FillingError(Exception):
    """What went wrong while filling: a stable code, a Chinese sentence (or the name that is unknown), the template's line."""

    def __init__(self, code: str, detail: str, line: int) -> None:
        super().__init__(detail)
        self.code, self.detail, self.line = code, detail, line


class _Missing(jinja2.ChainableUndefined, jinja2.StrictUndefined):
    """Undefined that survives a.b.c, so that the whole name can be told, and allows nothing else."""


class _Closed(SandboxedEnvironment):
    """A sandbox in which no attribute of any Python object can be reached."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, jinja2.Undefined):
            return obj
        if isinstance(obj, Mapping) and argument in obj:
            return obj[argument]
        if isinstance(obj, LoopContext) and argument in _LOOP_FIELDS:
            return getattr(obj, argument)
        if isinstance(obj, (list, tuple)) and isinstance(argument, int) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return self.undefined(name=str(argument))


def _known(value: object, name: str, line: int) -> object:
    """`value`, unless there is none of that name."""
    if isinstance(value, jinja2.Undefined):
        raise FillingError("unknown_variable", name, line)
    return value


def _slot(value: object, name: str, line: int) -> Slot:
    return Slot(_known(value, name, line), name, line)


@jinja2.pass_context
def _steps(context: jinja2.runtime.Context, items: object, line: int) -> Iterator[object]:
    """The items of a loop, counted over the whole text."""
    if not isinstance(items, (list, tuple)):
        raise FillingError("bad_loop", "for 只能用于列表", line)
    budget: list[int] = context[BUDGET]
    for item in items:
        budget[0] -= 1
        if budget[0] < 0:
            raise FillingError("bad_loop", f"循环超过 {MOST_STEPS} 次", line)
        yield item


def environment(finalize: Callable[[object], str]) -> SandboxedEnvironment:
    """The sandbox; `finalize` turns every Slot into text. {# is no comment here: headings carry {#anchor}."""
    closed = _Closed(
        undefined=_Missing,
        finalize=finalize,
        autoescape=False,
        keep_trailing_newline=True,
        comment_start_string="\ue0fe",
        comment_end_string="\ue0ff",
    )
    closed.globals.clear()
    closed.filters = {name: closed.filters[name] for name in FILTERS} | {"_slot": _slot, "_known": _known, "_steps": _steps}
    closed.tests = {name: closed.tests[name] for name in TESTS}
    return closed
