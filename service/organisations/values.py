"""Values of variables: what a type accepts, and how a value is kept in the database. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from service.kit.yamlfile import Fault
from service.organisations.rules import OUTLET_FIELDS, VariableSpec, VariableType
from service.text.characters import FORBIDDEN

_WIDE = r"[\u2018-\u201d\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
LONGEST_NUMBER = 15
"""Digits: as many as every program that reads JSON keeps exactly."""
_FOLDED = re.compile(rf"(?<={_WIDE})\s+(?={_WIDE})")


def value_faults(spec: VariableSpec, value: Any) -> Iterator[Fault]:
    """Why `value` does not fit the variable; paths are relative to the value. None (a blank) fits every variable."""
    if value is not None:
        name = f"参数“{spec.name}”（{spec.label}）"
        yield from (Fault(fault.path, f"{name}{fault.message}") for fault in TYPE_FAULTS[spec.type](value))


def clean(value: Any) -> Any:
    """Texts trimmed, and the space gone that YAML's folding leaves between two Chinese characters; an empty text is a blank."""
    if isinstance(value, str):
        return _FOLDED.sub("", value.strip()) or None
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    return value


def stored(value: Any) -> Any:
    """The JSON form of a value: a date as ISO text."""
    return value.isoformat() if isinstance(value, date) else value


def restored(spec: VariableSpec, value: Any) -> Any:
    """The value from its JSON form."""
    return date.fromisoformat(value) if spec.type is VariableType.DATE and isinstance(value, str) else value


def is_day(value: Any) -> bool:
    """A plain date, not a moment."""
    return isinstance(value, date) and not isinstance(value, datetime)


def is_text(value: Any) -> bool:
    """A text that is not empty and holds no control characters."""
    return isinstance(value, str) and bool(value.strip()) and not FORBIDDEN.search(value)


def _text(value: Any) -> Iterator[Fault]:
    if isinstance(value, str) and not FORBIDDEN.search(value):
        return
    yield Fault((), "含有控制字符" if isinstance(value, str) else "须为文字（数字和日期请加引号）")


def _number(value: Any) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield Fault((), "须为数字，不带单位")
    elif not 0 <= value < 10**LONGEST_NUMBER:  # nor is NaN
        yield Fault((), f"须为不小于零的数字，最多 {LONGEST_NUMBER} 位")


def _date(value: Any) -> Iterator[Fault]:
    if not is_day(value):
        yield Fault((), "须为日期，写作 2026-01-05")


def _list(value: Any) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield Fault((), "须为列表，每项一行")
        return
    yield from (Fault((index,), f"的第 {index + 1} 项须为文字") for index, item in enumerate(value) if not is_text(item))


def _yes_no(value: Any) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield Fault((), "须为 true 或 false")


def _outlets(value: Any) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield Fault((), "须为网点列表")
        return
    for index, outlet in enumerate(value):
        yield from (Fault((index, *fault.path), f"第 {index + 1} 项{fault.message}") for fault in _outlet(outlet))


def _outlet(outlet: Any) -> Iterator[Fault]:
    if not isinstance(outlet, dict):
        yield Fault((), "须写明 " + "、".join(OUTLET_FIELDS))
        return
    yield from (Fault((), f"缺少 {field}") for field in OUTLET_FIELDS if field not in outlet)
    yield from (Fault((field,), f"的 {field} 不认识") for field in outlet if field not in OUTLET_FIELDS)
    yield from (Fault((field,), f"的 {field} 须为文字") for field in outlet if field != "own" and not is_text(outlet[field]))
    if not isinstance(outlet.get("own", True), bool):
        yield Fault(("own",), "的 own 须为 true（自建）或 false（委托）")


TYPE_FAULTS: Mapping[VariableType, Callable[[Any], Iterator[Fault]]] = {
    VariableType.TEXT: _text,
    VariableType.NUMBER: _number,
    VariableType.DATE: _date,
    VariableType.LIST: _list,
    VariableType.YES_NO: _yes_no,
    VariableType.OUTLETS: _outlets,
}
