"""Values of variables in forms: as they are shown in a field, and as they come back from it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.errors import NotFound
from service.organisations.rules import OUTLETS, Catalogue, VariableSpec, VariableType
from service.organisations.values import LONGEST_NUMBER, TYPE_FAULTS
from service.web.forms import Filled

LONGEST = 2000
MOST_OUTLETS, LONGEST_CELL = 200, 200
LONG_TEXTS = frozenset({"company.introduction"})
TAKEN = frozenset({"company.code"})
"""What the catalogue names but nobody fills in: it comes from the organisation itself."""
YES_NO = {"yes": True, "no": False}
COLUMNS = {"name": "名称", "area": "服务区域", "address": "地址", "phone": "电话", "manager": "负责人"}


@dataclass(frozen=True, slots=True)
class ValueField:
    """A variable as a field: `text` is what stands in it; outlets have `rows` instead."""

    spec: VariableSpec
    text: str
    usual: str
    is_long: bool
    rows: tuple[dict[str, str], ...] = ()


def find_spec(name: str, catalogue: Catalogue) -> VariableSpec:
    spec = OUTLETS if name == OUTLETS.name else catalogue.get(name)
    if spec is None or name in TAKEN:
        raise NotFound(f"没有名为“{name}”的企业参数", code="variable_not_found")
    return spec


def value_field(spec: VariableSpec, value: Any, form: Filled | None = None) -> ValueField:
    """The field of a variable with this JSON value, or with what was typed."""
    is_long = spec.name in LONG_TEXTS or spec.type is VariableType.LIST
    rows: tuple[dict[str, str], ...] = ()
    if spec.type is VariableType.OUTLETS:
        rows = _typed_outlets(form) if form and form.values else tuple(_shown_outlet(each) for each in value or ())
    return ValueField(spec, typed_text(spec, value), typed_text(spec, spec.usual), is_long, rows)


def typed_text(spec: VariableSpec, value: Any) -> str:
    """A JSON value as one would type it."""
    if value is None or spec.type is VariableType.OUTLETS:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)


def read_values(form: Filled, specs: Iterable[VariableSpec]) -> dict[str, Any]:
    """{name: value} of the fields that were sent; what is wrong with one stands in `form.faults`."""
    values: dict[str, Any] = {}
    for spec in specs:
        if spec.type is VariableType.OUTLETS:
            values[spec.name] = _outlets(form)
            continue
        value, fault = typed_value(spec, form.text(spec.name, longest=LONGEST))
        values[spec.name] = value
        if fault:
            form.faults.setdefault(spec.name, fault)
    return values


def typed_value(spec: VariableSpec, text: str) -> tuple[Any, str]:
    """What was typed as a value of the variable's type, and what is wrong with it; an empty field is a blank."""
    value = _read(spec, text)
    fault = next(TYPE_FAULTS[spec.type](value), None) if value is not None else None
    return value, fault.message if fault else ""


def _read(spec: VariableSpec, text: str) -> Any:
    if not text:
        return None
    if spec.type is VariableType.NUMBER:
        return _number(unicodedata.normalize("NFKC", text).strip())
    if spec.type is VariableType.DATE:
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if spec.type is VariableType.LIST:
        return [line.strip() for line in text.splitlines() if line.strip()]
    return YES_NO.get(text, text) if spec.type is VariableType.YES_NO else text


def _number(text: str) -> int | float | str:
    """Digits with at most one point; anything else stays a text, which is no number."""
    plain = text.replace(".", "", 1)
    if not (plain.isascii() and plain.isdecimal()) or len(plain) > LONGEST_NUMBER:
        return text
    return float(text) if "." in text else int(text)


def _typed_outlets(form: Filled) -> tuple[dict[str, str], ...]:
    columns = {key: form.values.get(f"outlets.{key}", ()) for key in (*COLUMNS, "own")}
    count = min(MOST_OUTLETS, max(map(len, columns.values()), default=0))
    return tuple({key: (cells[index].strip() if index < len(cells) else "") for key, cells in columns.items()} for index in range(count))


def _outlets(form: Filled) -> list[dict[str, Any]]:
    """The rows in which anything was typed; every column must be filled."""
    rows = [row for row in _typed_outlets(form) if any(row[key] for key in COLUMNS)]
    missing = [
        f"第 {index} 个网点缺少{'、'.join(words for key, words in COLUMNS.items() if not row[key])}" for index, row in enumerate(rows, 1)
    ]
    missing = [words for words, row in zip(missing, rows, strict=True) if not all(row[key] for key in COLUMNS)]
    long = any(len(row[key]) > LONGEST_CELL for row in rows for key in COLUMNS)
    if missing or long:
        form.faults[OUTLETS.name] = "；".join(missing) or f"每栏最多 {LONGEST_CELL} 个字"
    return [{**{key: row[key] for key in COLUMNS}, "own": row["own"] != "no"} for row in rows]


def _shown_outlet(outlet: Mapping[str, Any]) -> dict[str, str]:
    return {**{key: str(outlet.get(key, "")) for key in COLUMNS}, "own": "yes" if outlet.get("own", True) else "no"}
