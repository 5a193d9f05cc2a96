"""Standard organisation charts (content/charts.yml): what a company that has none yet is proposed, one for each size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.errors import InputError, Place
from service.kit.yamlfile import Fault, YamlFile, read_yaml, refuse
from service.organisations.chart_faults import chart_faults
from service.organisations.chart_rows import ChartPlan
from service.organisations.profile import DepartmentEntry, PostEntry


@dataclass(frozen=True, slots=True)
class StandardChart:
    """`name` says for whom it is; nobody holds a post in it."""

    key: str
    name: str
    plan: ChartPlan


def load_charts(file: Path) -> Mapping[str, StandardChart]:
    """{key: chart} in the order of the file; read again only when the file has changed."""
    try:
        return _load(file, file.stat().st_mtime_ns)
    except OSError as error:
        raise InputError("标准组织机构文件无法读取", code="charts_unreadable", place=Place(file.name)) from error


@lru_cache(maxsize=8)
def _load(file: Path, _changed: int) -> Mapping[str, StandardChart]:
    return read_charts(file.read_text(encoding="utf-8"), file=file.name)


def read_charts(text: str, *, file: str) -> Mapping[str, StandardChart]:
    """Parse and check standard charts; faults raise `bad_charts`."""
    source = read_yaml(text, file)
    refuse(source, _faults(source), code="bad_charts")
    return {key: StandardChart(key, entry["name"], _plan(entry["departments"])) for key, entry in source.value.items()}


def _faults(source: YamlFile) -> Iterator[Fault]:
    if not isinstance(source.value, dict):
        yield Fault((), "标准组织机构文件须按键列出组织机构")
        return
    for key, entry in source.value.items():
        if not isinstance(entry, dict) or set(entry) != {"name", "departments"} or not isinstance(entry["name"], str):
            yield Fault((key,), f"标准组织机构“{key}”须写明且只写明 name 和 departments")
            continue
        yield from (Fault((key, *fault.path), fault.message) for fault in chart_faults(entry["departments"]))


def _plan(departments: list[dict[str, Any]]) -> ChartPlan:
    return ChartPlan(
        tuple(DepartmentEntry(row["key"], row["name"], tuple(row.get("also") or ()), row.get("parent")) for row in departments),
        tuple(
            PostEntry(post["key"], post["name"], tuple(post.get("also") or ()), row["key"])
            for row in departments
            for post in row.get("posts") or ()
        ),
        (),
    )
