"""What a browser sends as the editor's document, read with suspicion: only what the schema of `editable` knows comes through."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from markdown_it.common.normalize_url import validateLink

from service.errors import InputError
from service.text.characters import FORBIDDEN
from service.text.editable import FENCES, Node

MOST_CHARACTERS = 200_000
"""Of one section's words; the editor refuses to paste more."""
MOST_COLUMNS = 60
_DEEPEST = 12  # nodes inside nodes; lists may be four deep (see `blocks`)

_VARIABLE = re.compile(r"\{\{[^{}\n]{0,300}\}\}")
_BRANCH = re.compile(r"\{%[^{}\n]{0,300}%\}")
_LINE = re.compile(r"(?:\{%[^{}\n]{0,300}%\}[ \t]*)+")
_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*:|//|\\\\)")
_BLANKS = re.compile(r"[\t\n]")
_BLOCKS = ("paragraph", "bullet_list", "ordered_list", "table", "note", "picture", "fence", "condition")
_IN_ITEM = ("paragraph", "bullet_list", "ordered_list")
_INLINE = ("text", "hard_break", "soft_break", "variable", "branch")


def checked(document: object) -> Node:
    """The document with all its attributes and nothing else. InputError for what the schema does not know, unprintable characters,
    addresses that run something, foreign pictures, tables with holes, and more than MOST_CHARACTERS."""
    node = _node(document, ("doc",), 0)
    if sum(map(len, words_of(node))) > MOST_CHARACTERS:
        raise InputError(f"一节正文最多 {MOST_CHARACTERS:,} 个字符，请分成几节", code="too_long")
    return node


def words_of(node: Node) -> Iterator[str]:
    """Every stretch of text in a document, conditions and variables too."""
    attrs = node.get("attrs", {})
    yield node.get("text", "")
    yield attrs.get("text", "")
    yield from (*attrs.get("above", ()), *attrs.get("below", ()))
    for inner in node.get("content", ()):
        yield from words_of(inner)


def _bad() -> InputError:
    return InputError("编辑器送来的正文不完整或不正确，请刷新页面后重试", code="bad_document")


def _node(value: object, allowed: tuple[str, ...], depth: int) -> Node:
    if not isinstance(value, dict) or value.get("type") not in allowed or depth > _DEEPEST:
        raise _bad()
    kind = str(value["type"])
    if kind == "text":
        return _text(value)
    attrs = _ATTRS[kind](value.get("attrs") or {}) if kind in _ATTRS else {}
    content = [_node(inner, _HOLDS[kind], depth + 1) for inner in _content(value, kind)]
    if kind in _NEVER_EMPTY and not content:
        raise _bad()
    node: Node = {"type": kind} | ({"attrs": attrs} if attrs else {}) | ({"content": content} if content else {})
    if kind in _INLINE and (marks := _marks(value)):
        node["marks"] = marks
    if kind == "table":
        check_area(node)
    return node


def _content(value: Mapping[str, object], kind: str) -> list[object]:
    content = value.get("content") or []
    if not isinstance(content, list) or (content and kind not in _HOLDS):
        raise _bad()
    return content


def _text(value: Mapping[str, object]) -> Node:
    text = _line(value.get("text"), MOST_CHARACTERS)
    marks = _marks(value)
    return {"type": "text", "text": text} | ({"marks": marks} if marks else {})


def _line(value: object, most: int) -> str:
    """Words without control characters."""
    if not isinstance(value, str) or len(value) > most:
        raise _bad()
    if found := FORBIDDEN.search(value):
        raise InputError(f"正文里有不可见的控制字符 U+{ord(found.group()):04X}，请删除", code="control_character")
    return value


def _marks(value: Mapping[str, object]) -> list[Node]:
    marks = value.get("marks") or []
    if not isinstance(marks, list) or not all(isinstance(mark, dict) for mark in marks):
        raise _bad()
    found = {str(mark.get("type")): mark for mark in marks}
    if not found.keys() <= {"link", "strong", "em", "code"}:
        raise _bad()
    return [_link(found[kind]) if kind == "link" else {"type": kind} for kind in ("link", "strong", "em", "code") if kind in found]


def _link(mark: Mapping[str, Any]) -> Node:
    href = _line((mark.get("attrs") or {}).get("href"), 2000)
    if not validateLink(href) or _BLANKS.search(href):
        raise InputError(f"链接地址不能使用：{href[:100]}", code="bad_link")
    return {"type": "link", "attrs": {"href": href}}


# Attributes


def _whole(value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _bad()
    return value


def _matching(value: object, form: re.Pattern[str]) -> str:
    text = _line(value, 2000)
    if not form.fullmatch(text):
        raise _bad()
    return text


def _conditions(attrs: Mapping[str, object]) -> Node:
    return {side: [_matching(text, _LINE) for text in _list(attrs.get(side))] for side in ("above", "below")}


def _list(value: object) -> list[object]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > 100:
        raise _bad()
    return value


def _branch(attrs: Mapping[str, object]) -> Node:
    own = attrs.get("line", False) is True
    return {"text": _matching(attrs.get("text"), _LINE if own else _BRANCH), "line": own}


def _picture(attrs: Mapping[str, object]) -> Node:
    source = _line(attrs.get("source"), 2000)
    scheme = _SCHEME.match(source)
    if not source.strip() or (scheme and scheme[1] != "picture:"):
        raise InputError("图片只能用上传到本系统的图片，不能引用外部地址", code="foreign_picture")
    return {"source": source, "alt": _BLANKS.sub(" ", _line(attrs.get("alt", ""), 1000))}


def _fence(attrs: Mapping[str, object]) -> Node:
    if attrs.get("language") not in FENCES:
        raise _bad()
    return {"language": attrs["language"]}


def _cell(attrs: Mapping[str, object]) -> Node:
    align = attrs.get("align") or ""
    if align not in ("", "left", "center", "right"):
        raise _bad()
    spans = {name: _whole(attrs.get(name, 1), 1, most) for name, most in (("colspan", MOST_COLUMNS), ("rowspan", 2000))}
    return {**spans, "colwidth": None, "align": align}


_ATTRS: Mapping[str, Callable[[Mapping[str, object]], Node]] = {
    "ordered_list": lambda attrs: {"start": _whole(attrs.get("start", 1), 0, 999_999_999)},
    "list_item": _conditions,
    "table_row": _conditions,
    "table_header": _cell,
    "table_cell": _cell,
    "picture": _picture,
    "fence": _fence,
    "condition": lambda attrs: {"text": _matching(attrs.get("text"), _LINE)},
    "variable": lambda attrs: {"text": _matching(attrs.get("text"), _VARIABLE)},
    "branch": _branch,
}
_HOLDS: Mapping[str, tuple[str, ...]] = {
    "doc": _BLOCKS,
    "paragraph": _INLINE,
    "note": _INLINE,
    "bullet_list": ("list_item",),
    "ordered_list": ("list_item",),
    "list_item": _IN_ITEM,
    "table": ("table_row",),
    "table_row": ("table_header", "table_cell"),
    "table_header": ("paragraph",),
    "table_cell": ("paragraph",),
    "fence": ("text",),
}
_NEVER_EMPTY = frozenset({"doc", "bullet_list", "ordered_list", "list_item", "table", "table_header", "table_cell"})


def check_area(table: Node) -> None:
    """Cells cover a rectangle without holes or overlaps."""
    rows = table["content"]
    columns = sum(cell["attrs"]["colspan"] for cell in rows[0].get("content", ()))
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(rows):
        for cell in row.get("content", ()):
            c = next((c for c in range(columns) if (r, c) not in taken), columns)
            area = {(r + i, c + j) for i in range(cell["attrs"]["rowspan"]) for j in range(cell["attrs"]["colspan"])}
            if taken & area:
                raise _broken()
            taken |= area
            if len(cell["content"]) != 1:
                raise _bad()
    if columns > MOST_COLUMNS or taken != {(r, c) for r in range(len(rows)) for c in range(columns)}:
        raise _broken()


def _broken() -> InputError:
    return InputError("表格的单元格没有对齐，请检查合并的单元格", code="broken_table")
