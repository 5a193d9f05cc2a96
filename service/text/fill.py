"""Filling: the variables and conditions of a text replaced by an organisation's values, which can never change its structure."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable, Mapping
from typing import Literal

import jinja2
from jinja2 import nodes

from service.errors import InputError, Place
from service.text.characters import clean_lines
from service.text.escape import BEGIN, END, printed, settle
from service.text.frontmatter import body_start
from service.text.sandbox import BUDGET, MOST_STEPS, FillingError, Slot, environment
from service.text.template import compiled, names, parse

MOST_CHARACTERS = 1_000_000
Values = Mapping[str, object]


def fill(source: str, values: Values, *, file: str = "", blank: Literal["error", "mark"] = "error") -> str:
    """`source` with its body filled; the front matter stays as it is. Values are plain data: text, numbers, dates, lists, mappings.

    A variable that is None (or an empty text or list) is a blank: an InputError `blank_variable`, or with blank="mark" printed as
    【待填:NAME】. A name that `values` does not hold is `unknown_variable`; both only where the text really comes to print or
    ask it. Line numbers of the result may differ from those of `source`.
    """
    source = clean_lines(source, file)
    start = body_start(source)
    offset = source.count("\n", 0, start)
    template = _template(source[start:], file, offset, blank)
    return source[:start] + settle(_rendered(template, values, lambda line: Place(file, line + offset)))


def holds(expression: str, values: Values) -> bool:
    """Whether a condition such as choices.sells_online (of `when:`) holds; an empty one does."""
    if not expression.strip():
        return True
    template = compiled(_ENVIRONMENTS["error"], _condition(expression))
    return _rendered(template, values, lambda _: Place()) == "1"


def variables_in(source: str, *, file: str = "") -> frozenset[str]:
    """The dotted names that the body of `source` uses anywhere, also in branches not taken; without names bound by loops."""
    source = clean_lines(source, file)
    start = body_start(source)
    offset = source.count("\n", 0, start)
    return names(parse(_ENVIRONMENTS["error"], source[start:], lambda line: Place(file, line + offset)))


def _condition(expression: str) -> nodes.Template:
    if "%}" in expression or "{%" in expression or "\n" in expression:
        raise InputError(f"条件的写法不对：{expression}", code="bad_template")
    return parse(_ENVIRONMENTS["error"], f"{{% if {expression} %}}1{{% endif %}}", lambda _: Place())


@functools.lru_cache(maxsize=512)
def _template(body: str, file: str, offset: int, blank: str) -> jinja2.Template:
    closed = _ENVIRONMENTS[blank]
    return compiled(closed, parse(closed, body, lambda line: Place(file, line + offset)))


def _rendered(template: jinja2.Template, values: Values, place: Callable[[int], Place]) -> str:
    try:
        return _collected(template, {**values, BUDGET: [MOST_STEPS]})
    except FillingError as error:
        message = _unknown(error.detail, values) if error.code == "unknown_variable" else error.detail
        raise InputError(message, code=error.code, place=place(error.line)) from error
    except (jinja2.TemplateError, TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
        raise InputError("条件或循环无法计算，请检查变量的类型", code="bad_template", place=place(_line(error))) from error


def _collected(template: jinja2.Template, context: dict[str, object]) -> str:
    pieces, length = [], 0
    for piece in template.generate(context):
        length += len(piece)
        if length > MOST_CHARACTERS:
            raise FillingError("too_long", f"填写后的文字超过 {MOST_CHARACTERS} 个字符", 1)
        pieces.append(piece)
    return "".join(pieces)


def _line(error: BaseException) -> int:
    """The template's line on which an error arose: Jinja2 rewrites tracebacks so that they name it."""
    line, trace = 1, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == "<text>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _unknown(name: str, values: Values) -> str:
    near = difflib.get_close_matches(name, _all_names(values), n=1, cutoff=0.6)
    return f"没有变量 {name}" + (f"，是不是 {near[0]}？" if near else "")


def _all_names(values: Values) -> list[str]:
    return [
        f"{name}.{inner}" if inner else name for name, value in values.items() for inner in (value if isinstance(value, Mapping) else ("",))
    ]


def _finalize(value: object, *, mark: bool) -> str:
    """A printed expression between sentinels; what Jinja2 itself prints (text of the template) does not come here."""
    slot = value if isinstance(value, Slot) else Slot(value, "", 1)
    if _is_blank(slot.value):
        if not mark:
            raise FillingError("blank_variable", f"变量 {slot.name or '（表达式）'} 还没有填写", slot.line)
        return f"{BEGIN}【待填:{slot.name or '表达式'}】{END}"
    try:
        return f"{BEGIN}{printed(slot.value)}{END}"
    except InputError as error:
        raise FillingError("not_printable", f"{slot.name}：{error.message}", slot.line) from error


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or (isinstance(value, (list, tuple)) and not value)


_ENVIRONMENTS = {
    "error": environment(functools.partial(_finalize, mark=False)),
    "mark": environment(functools.partial(_finalize, mark=True)),
}
