"""What can be wrong in the files of standards, crosswalk and references: generators that yield one fault each. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from service.kit.yamlfile import Fault, Path
from service.standards.rules import FIRST_LEVEL_POINTS, Confidence, Proof, ReferenceStatus, SourceStatus, Standard, code_key

CODE = re.compile(r"\d{1,3}(\.\d{1,3})*")
NEEDS_SOURCE = (SourceStatus.SOURCED, SourceStatus.PARTLY)
Placed = tuple[Path, dict[str, Any], str | None]

NODE_FIELDS: Mapping[str, tuple[bool, Callable[[Any], bool]]] = {
    "code": (True, lambda v: isinstance(v, str) and bool(CODE.fullmatch(v))),
    "title": (True, lambda v: _text(v)),
    "requirement": (False, lambda v: _text(v)),
    "items": (False, lambda v: isinstance(v, dict) and all(map(_text, v.values()))),
    "status": (True, lambda v: v in list(SourceStatus)),
    "confidence": (True, lambda v: v in list(Confidence)),
    "points": (True, lambda v: v is None or _count(v)),
    "points_note": (False, lambda v: _text(v)),
    "planning_weight": (False, lambda v: v is None or _count(v)),
    "sources": (False, lambda v: _texts(v)),
    "elements": (False, lambda v: isinstance(v, list)),
    "notes": (False, lambda v: _texts(v)),
    "children": (False, lambda v: isinstance(v, list) and bool(v)),
}
"""Fields of an indicator: whether it must be there, and which values it takes."""

REFERENCE_FIELDS: Mapping[str, tuple[bool, Callable[[Any], bool]]] = {
    "number": (True, lambda v: _text(v)),
    "title": (True, lambda v: _text(v)),
    "status": (True, lambda v: v in list(ReferenceStatus)),
    "confidence": (True, lambda v: v in list(Confidence)),
    "checked_on": (True, lambda v: isinstance(v, date)),
    "effective": (False, lambda v: isinstance(v, date)),
    "edition": (False, lambda v: _text(v)),
    "replaces": (False, lambda v: _text(v)),
    "note": (False, lambda v: _text(v)),
}


def standard_faults(raw: Any, identity: str) -> Iterator[Fault]:
    """Faults of one standard's file; `identity` is its id."""
    if not isinstance(raw, dict) or not _text(raw.get("number")) or not _text(raw.get("title")):
        yield Fault((), "标准文件须写明 number 和 title")
        return
    sources = raw.get("sources")
    if not isinstance(sources, dict) or not all(isinstance(s, dict) and "url" in s and _text(s.get("what")) for s in sources.values()):
        yield Fault(("sources",), "来源清单 sources 的每一项须写明 url 和 what")
        return
    if not isinstance(raw.get("indicators"), list) or not raw["indicators"]:
        yield Fault(("indicators",), "标准文件没有指标 indicators")
        return
    nodes = list(_placed(raw["indicators"], ("indicators",), None))
    shape = [fault for path, node, _ in nodes for fault in _node_faults(node, path)]
    yield from shape
    if not shape:  # what follows relies on codes, numbers and lists being such
        yield from _tree_faults(nodes)
        yield from _source_faults(nodes, sources)
        yield from _points_faults(raw, identity)


def crosswalk_faults(raw: Any, standards: dict[str, Standard]) -> Iterator[Fault]:
    """Faults of a crosswalk: every item exactly once, every indicator known, a reason and a basis each."""
    if not isinstance(raw, dict) or not {str(raw.get("from")), str(raw.get("to"))} <= set(standards):
        yield Fault((), "对照表的 from 和 to 须是已有标准的标识")
        return
    items = [leaf.code for leaf in standards[raw["from"]].leaves]
    known = {leaf.code for leaf in standards[raw["to"]].leaves}
    rows = raw["rows"] if isinstance(raw.get("rows"), list) else []
    for index, row in enumerate(rows):
        yield from _crosswalk_row(row, ("rows", index), known)
    listed = [row.get("item") for row in rows if isinstance(row, dict)]
    if listed != items:
        missing = [item for item in items if item not in listed]
        yield Fault(("rows",), f"对照表须按序逐项列出旧标准的 {len(items)} 项，缺少 {'、'.join(missing) or '无，但次序或编号不符'}")


def reference_faults(raw: Any) -> Iterator[Fault]:
    """Faults of the list of references: fields, and numbers that occur twice."""
    if not isinstance(raw, list):
        yield Fault((), "法规标准清单须为列表")
        return
    seen: set[str] = set()
    for index, entry in enumerate(raw):
        yield from _field_faults(entry, (index,), REFERENCE_FIELDS, "法规标准")
        number = entry.get("number") if isinstance(entry, dict) else None
        if isinstance(number, str) and number in seen:
            yield Fault((index, "number"), f"法规标准“{number}”重复出现")
        seen.add(str(number))


def _placed(entries: list[Any], path: Path, parent: str | None) -> Iterator[Placed]:
    """Every entry of the tree with its path and the code above it, parents first."""
    for index, entry in enumerate(entries):
        node = entry if isinstance(entry, dict) else {}
        yield (*path, index), node, parent
        if isinstance(node.get("children"), list):
            yield from _placed(node["children"], (*path, index, "children"), str(node.get("code")))


def _node_faults(node: dict[str, Any], path: Path) -> Iterator[Fault]:
    yield from _field_faults(node, path, NODE_FIELDS, "指标")
    elements = node.get("elements")
    for index, element in enumerate(elements if isinstance(elements, list) else ()):
        if not isinstance(element, dict) or set(element) != {"text", "proof"} or not _text(element["text"]):
            yield Fault((*path, "elements", index), f"指标 {node.get('code')} 的每个要素须写作 {{text: 内容, proof: 证明方式}}")
        elif element["proof"] not in list(Proof):
            yield Fault(
                (*path, "elements", index), f"指标 {node.get('code')} 的要素证明方式“{element['proof']}”不是 {'、'.join(Proof)} 之一"
            )


def _tree_faults(nodes: list[Placed]) -> Iterator[Fault]:
    seen: set[str] = set()
    last: dict[str | None, str] = {}
    tested = any(node.get("elements") for _, node, _ in nodes)
    for path, node, parent in nodes:
        code = node["code"]
        if code in seen:
            yield Fault((*path, "code"), f"指标编号 {code} 重复出现")
        elif parent is not None and code.rpartition(".")[0] != parent:
            yield Fault((*path, "code"), f"指标 {code} 不属于它所在的上级指标 {parent}")
        elif parent in last and code_key(code) < code_key(last[parent]):
            yield Fault((*path, "code"), f"指标 {code} 应排在 {last[parent]} 之前")
        if tested and "children" not in node and not node.get("elements"):
            yield Fault(path, f"指标 {code} 没有要素")
        seen.add(code)
        last[parent] = code


def _source_faults(nodes: list[Placed], sources: dict[str, Any]) -> Iterator[Fault]:
    for path, node, _ in nodes:
        named = node.get("sources", [])
        unknown = [source for source in named if source not in sources]
        if unknown:
            yield Fault((*path, "sources"), f"指标 {node['code']} 的来源 {'、'.join(unknown)} 不在来源清单中")
        if not named and node["status"] in NEEDS_SOURCE:
            yield Fault((*path, "status"), f"指标 {node['code']} 标为有来源，却没有写明来源")


def _points_faults(raw: dict[str, Any], identity: str) -> Iterator[Fault]:
    points = {node["code"]: node["points"] for node in raw["indicators"]}
    expected = FIRST_LEVEL_POINTS.get(identity)
    if expected is not None and points != expected:
        yield Fault(("indicators",), f"一级指标的分值须为 {'、'.join(f'{code} {value} 分' for code, value in expected.items())}")
    scoring = raw.get("scoring")
    if scoring is not None and (not isinstance(scoring, dict) or scoring.get("first_level") != points):
        yield Fault(("scoring",), "计分规则 scoring 的 first_level 与一级指标的分值不一致")
    for index, node in enumerate(raw["indicators"]):
        weights = [leaf.get("planning_weight") for _, leaf, _ in _placed([node], (), None) if "children" not in leaf]
        total = None if None in weights else sum(weight or 0 for weight in weights)
        if None not in (node["points"], total) and total != node["points"]:
            yield Fault(("indicators", index), f"指标 {node['code']} 下的规划权重合计 {total}，应为 {node['points']}")


def _crosswalk_row(row: Any, path: Path, known: set[str]) -> Iterator[Fault]:
    fields: Mapping[str, tuple[bool, Callable[[Any], bool]]] = {
        "item": (True, _text),
        "indicators": (True, lambda v: _texts(v) and bool(v)),
        "reason": (True, _text),
        "basis": (True, _text),
    }
    faults = list(_field_faults(row, path, fields, "对照"))
    yield from faults
    unknown = [] if faults else [code for code in row["indicators"] if code not in known]
    if unknown:
        yield Fault((*path, "indicators"), f"对照表中的指标 {'、'.join(unknown)} 不存在")


def _field_faults(entry: Any, path: Path, fields: Mapping[str, tuple[bool, Callable[[Any], bool]]], word: str) -> Iterator[Fault]:
    if not isinstance(entry, dict):
        yield Fault(path, f"{word}须由“键: 值”组成")
        return
    name = entry.get("code") or entry.get("number") or entry.get("item") or ""
    for field, (required, fits) in fields.items():
        if field not in entry and required:
            yield Fault(path, f"{word}“{name}”缺少 {field}")
        elif field in entry and not fits(entry[field]):
            yield Fault((*path, field), f"{word}“{name}”的 {field} 不正确")
    yield from (Fault((*path, field), f"{word}“{name}”有不认识的项目“{field}”") for field in entry if field not in fields)


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
