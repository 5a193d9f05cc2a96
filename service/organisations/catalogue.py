"""The catalogue of variables (content/variables.yml): every name that a text may use, with its label, unit and type."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.errors import InputError, Place
from service.kit.yamlfile import Fault, YamlFile, read_yaml, refuse
from service.organisations.rules import Catalogue, Limit, VariableSpec, VariableType
from service.organisations.values import TYPE_FAULTS

TYPES = [kind for kind in VariableType if kind is not VariableType.OUTLETS]
KEYS = frozenset({"label", "unit", "type", "limit", "optional", "usual", "hint"})


def load_catalogue(file: Path) -> Catalogue:
    """{name: spec} in the order of the file; read again only when the file has changed."""
    try:
        return _load(file, file.stat().st_mtime_ns)
    except OSError as error:
        raise InputError("企业参数目录文件无法读取", code="catalogue_unreadable", place=Place(file.name)) from error


@lru_cache(maxsize=8)
def _load(file: Path, _changed: int) -> Catalogue:
    return read_catalogue(file.read_text(encoding="utf-8"), file=file.name)


def read_catalogue(text: str, *, file: str) -> Catalogue:
    """Parse and check the text of a catalogue; faults raise `bad_catalogue`."""
    source = read_yaml(text, file)
    refuse(source, _faults(source), code="bad_catalogue")
    return {f"{group}.{key}": _spec(f"{group}.{key}", entry) for group, entries in source.value.items() for key, entry in entries.items()}


def _spec(name: str, entry: dict[str, Any]) -> VariableSpec:
    limit = Limit(entry["limit"]) if "limit" in entry else None
    return VariableSpec(
        name,
        entry["label"],
        entry.get("unit", ""),
        VariableType(entry["type"]),
        limit,
        entry.get("optional", False),
        entry.get("usual"),
        entry.get("hint", ""),
    )


def _faults(source: YamlFile) -> Iterator[Fault]:
    if not isinstance(source.value, dict):
        yield Fault((), "企业参数目录须按组列出参数")
        return
    for group, entries in source.value.items():
        if not isinstance(entries, dict):
            yield Fault((group,), f"参数组“{group}”须列出参数")
            continue
        for key, entry in entries.items():
            yield from (Fault((group, key), f"参数“{group}.{key}”{what}") for what in _entry_faults(entry))


def _entry_faults(entry: Any) -> Iterator[str]:
    if not isinstance(entry, dict):
        yield "须写明 label 和 type"
        return
    if not isinstance(entry.get("label"), str) or not entry["label"]:
        yield "没有中文名称 label"
    if entry.get("type") not in TYPES:
        yield f"的 type 只能是 {'、'.join(sorted(TYPES))}"
    if "limit" in entry and entry["limit"] not in list(Limit):
        yield "的 limit 只能是 max 或 min"
    if not isinstance(entry.get("unit", ""), str) or not isinstance(entry.get("optional", False), bool):
        yield "的 unit 须为文字，optional 须为 true 或 false"
    if not isinstance(entry.get("hint", ""), str):
        yield "的 hint 须为文字"
    if entry.get("type") in TYPES and "usual" in entry:
        yield from (f"的 usual {fault.message}" for fault in TYPE_FAULTS[VariableType(entry["type"])](entry["usual"]))
    yield from (f"有不认识的属性“{extra}”" for extra in sorted(set(entry) - KEYS))
