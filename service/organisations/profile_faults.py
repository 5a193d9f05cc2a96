"""What can be wrong in a profile: generators over its plain values that yield one fault each. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches
from typing import Any
from zoneinfo import ZoneInfo

from service.kit.yamlfile import Fault, Path
from service.organisations.chart_faults import chart_faults, keyed_rows, person_faults
from service.organisations.rules import OUTLETS, Catalogue, VariableSpec, number_pattern_fault
from service.organisations.values import clean, is_day, is_text, value_faults

DEFAULT_TIME_ZONE = "Asia/Shanghai"
DEFAULT_NUMBER_PATTERN = "{company}/SH-{kind}-{serial:02}"
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}")
INDICATOR = re.compile(r"\d{1,3}(\.\d{1,3})+")
HEAD = ("code", "valid_from", "time_zone", "number_pattern")
BODY = ("departments", "persons", "outlets", "not_applicable")
DELETION = ("indicator", "justification", "approved_by", "decided_on")


def dated(given: Any, valid_from: date) -> list[tuple[Any, date]]:
    """The values of a variable with the day from which each holds: one plain value, or a list of {value, from}."""
    if _is_history(given):
        return [(row["value"], row["from"]) for row in given]
    return [] if given is None else [(given, valid_from)]


def _is_history(given: Any) -> bool:
    return isinstance(given, list) and bool(given) and all(isinstance(row, dict) and "value" in row for row in given)


def profile_faults(raw: Any, catalogue: Catalogue) -> Iterator[Fault]:
    """Every fault of a profile's values as read from YAML."""
    if not isinstance(raw, dict):
        yield Fault((), "企业档案须由“键: 值”组成")
        return
    groups = dict.fromkeys(name.partition(".")[0] for name in catalogue)
    yield from _unknown(raw, (*HEAD, *groups, *BODY), (), "项目")
    yield from _head_faults(raw)
    for group in groups:
        yield from _group_faults(group, raw.get(group), catalogue)
    yield from _variable_faults(OUTLETS, raw.get("outlets"), ("outlets",))
    yield from chart_faults(raw.get("departments"))
    yield from person_faults(raw.get("persons"), raw.get("departments"))
    yield from _deletion_faults(raw.get("not_applicable"), raw.get("persons"))


def _head_faults(raw: dict[str, Any]) -> Iterator[Fault]:
    if not isinstance(raw.get("code"), str) or not CODE.fullmatch(raw["code"]):
        yield Fault(("code",), "企业代号 code 必填，由字母、数字、点和短横组成，最多 20 位")
    if not is_day(raw.get("valid_from")):
        yield Fault(("valid_from",), "生效日期 valid_from 必填，写作 2026-01-05")
    if not _is_time_zone(raw.get("time_zone", DEFAULT_TIME_ZONE)):
        yield Fault(("time_zone",), f"时区“{raw['time_zone']}”不存在，例如 Asia/Shanghai")
    pattern = raw.get("number_pattern", DEFAULT_NUMBER_PATTERN)
    fault = number_pattern_fault(pattern) if isinstance(pattern, str) else "编号规则须为文字"
    if fault:
        yield Fault(("number_pattern",), fault)


def _is_time_zone(name: Any) -> bool:
    try:
        return isinstance(name, str) and bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):  # unknown name, a path, a folder of the time zone data
        return False


def _group_faults(group: str, entries: Any, catalogue: Catalogue) -> Iterator[Fault]:
    if entries is not None and not isinstance(entries, dict):
        yield Fault((group,), f"“{group}”须由“键: 值”组成")
        return
    known = {name.partition(".")[2]: spec for name, spec in catalogue.items() if name.startswith(f"{group}.")}
    entries = entries or {}
    yield from _unknown(entries, tuple(known), (group,), "参数")
    for key, spec in known.items():
        yield from _variable_faults(spec, entries.get(key), (group, key))
    if group == "company":
        yield from _company_faults(entries)


def _company_faults(entries: dict[str, Any]) -> Iterator[Fault]:
    if clean(entries.get("legal_name")) is None:
        yield Fault(("company",), "企业全称 company.legal_name 必填")
    if "code" in entries:
        yield Fault(("company", "code"), "企业代号请写在档案开头的 code，不写在 company 里")


def _variable_faults(spec: VariableSpec, given: Any, path: Path) -> Iterator[Fault]:
    if not _is_history(given):
        yield from (Fault((*path, *fault.path), fault.message) for fault in value_faults(spec, given))
        return
    days = [row.get("from") for row in given]
    for index, row in enumerate(given):
        yield from (Fault((*path, index, "value", *fault.path), fault.message) for fault in value_faults(spec, row["value"]))
        if set(row) != {"value", "from"} or not is_day(row["from"]):
            yield Fault((*path, index), f"参数“{spec.name}”的每个历史值须写作 {{value: 值, from: 日期}}")
        elif days.index(row["from"]) != index:
            yield Fault((*path, index), f"参数“{spec.name}”在 {row['from']} 有两个值")


def _deletion_faults(rows: Any, persons: Any) -> Iterator[Fault]:
    people = {str(person.get(field)) for person in keyed_rows(persons) for field in ("login", "name")}
    seen: set[str] = set()
    if rows is not None and not isinstance(rows, list):
        yield Fault(("not_applicable",), "删减 not_applicable 须为列表")
        return
    for index, row in enumerate(rows or ()):
        path: Path = ("not_applicable", index)
        if not isinstance(row, dict) or set(row) != set(DELETION):
            yield Fault(path, f"每条删减须写明且只写明 {'、'.join(DELETION)}")
            continue
        yield from _one_deletion(row, path, people, seen)


def _one_deletion(row: dict[str, Any], path: Path, people: set[str], seen: set[str]) -> Iterator[Fault]:
    code = row["indicator"]
    if not isinstance(code, str) or not INDICATOR.fullmatch(code):
        yield Fault((*path, "indicator"), f"删减的指标编号“{code}”须写作 5.1.6.4")
    elif code in seen:
        yield Fault((*path, "indicator"), f"指标 {code} 的删减重复出现")
    else:
        seen.add(code)
    if not is_text(row["justification"]):
        yield Fault((*path, "justification"), f"指标 {code} 的删减须写明理由")
    if not isinstance(row["approved_by"], str) or row["approved_by"] not in people:
        yield Fault((*path, "approved_by"), f"指标 {code} 的删减批准人须是 persons 中的人员（登录名或姓名）")
    if not is_day(row["decided_on"]):
        yield Fault((*path, "decided_on"), f"指标 {code} 的删减须写明决定日期，写作 2026-01-05")


def _unknown(entries: dict[str, Any], known: Sequence[str], path: Path, word: str) -> Iterator[Fault]:
    for key in entries:
        if key not in known and (*path, key) != ("company", "code"):
            near = get_close_matches(key, known, n=1)
            hint = f"，是否应为“{near[0]}”" if near else ""
            yield Fault((*path, key), f"不认识的{word}“{'.'.join((*map(str, path), key))}”{hint}")
