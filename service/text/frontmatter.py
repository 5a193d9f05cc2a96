"""The front matter of a text: which document it is, what it claims, which documents and records it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from service.errors import InputError, Place
from service.text.characters import clean_lines
from service.text.model import ClaimLine, FrontMatter, Kind, Part

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is ten times faster where libyaml is there
_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_INDICATOR = re.compile(r"\d+(\.\d+)*")
_KINDS = tuple(kind for kind in Kind if kind is not Kind.EXTERNAL_DOCUMENT)  # an external document has no text of ours


@dataclass(frozen=True, slots=True)
class _Field:
    """One value of the front matter with where it stands."""

    name: str
    node: Any  # yaml.Node; PyYAML's stubs leave its value untyped
    file: str

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 2  # marks count from 0, and the first line is ---

    def fault(self, message: str, code: str) -> InputError:
        return InputError(message, code=code, place=Place(self.file, self.line))


def split(source: str, *, file: str = "") -> tuple[str, str, int]:
    """(YAML text, body, the 1-based line on which the body begins); a text without front matter is an InputError."""
    found = _FRONT.match(source)
    if not found:
        raise InputError("文件必须以 --- 之间的文件头（front matter）开始", code="no_front_matter", place=Place(file, 1))
    return found.group(1), source[found.end() :], source.count("\n", 0, found.end()) + 1


def body_start(source: str) -> int:
    """Where the body begins, in characters; 0 for a text without front matter."""
    found = _FRONT.match(source)
    return found.end() if found else 0


def read_front(source: str, file: str = "") -> FrontMatter:
    """The checked front matter of a whole text. Numbers that look like fractions (5.10) are taken as they are written."""
    text, _, _ = split(source.removeprefix("\ufeff").replace("\r\n", "\n"), file=file)
    fields = _fields(_compose(text, file), file)
    for name in ("key", "title", "kind", "department"):
        if name not in fields:
            raise InputError(f"文件头缺少 {name}", code="missing_field", place=Place(file, 1))
    front = FrontMatter(**{name: _READERS[name](field) for name, field in fields.items()})
    _check_together(front, fields)
    return front


def _compose(text: str, file: str) -> Any:
    try:
        return yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file, mark.line + 2 if mark else 1)
        raise InputError("文件头不是正确的 YAML，请检查缩进、冒号后的空格和引号", code="bad_yaml", place=place) from error


def _fields(root: Any, file: str) -> dict[str, _Field]:
    if not isinstance(root, yaml.MappingNode):
        raise InputError("文件头必须由“名称: 值”组成", code="bad_front_matter", place=Place(file, 2))
    fields = _mapping(_Field("", root, file))
    for field in fields.values():
        if field.name not in _READERS:
            raise field.fault(f"文件头没有 {field.name} 这一项", "unknown_field")
    return fields


def _mapping(field: _Field) -> dict[str, _Field]:
    """Name → field of a mapping node; a name that stands twice is a fault."""
    found: dict[str, _Field] = {}
    for key, value in field.node.value:
        name = str(key.value)
        if name in found:
            raise _Field(name, key, field.file).fault(f"{name} 写了两次", "duplicate_field")
        found[name] = _Field(name, value, field.file)
    return found


def _text(field: _Field) -> str:
    if not isinstance(field.node, yaml.ScalarNode) or field.node.tag.endswith(":null"):
        raise field.fault(f"{field.name} 必须是一段文字", "bad_field")
    return " ".join(str(field.node.value).split())


def _filled(field: _Field) -> str:
    value = _text(field)
    if not value:
        raise field.fault(f"{field.name} 不能为空", "bad_field")
    return value


def _key(field: _Field) -> str:
    value = _text(field)
    if not _KEY.fullmatch(value):
        raise field.fault(f"{field.name} 只能用小写字母、数字和连字符：{value}", "bad_key")
    return value


def _indicator(field: _Field) -> str:
    value = _text(field)
    if not _INDICATOR.fullmatch(value):
        raise field.fault(f"指标编号应为 5.1.1 这样的形式：{value}", "bad_indicator")
    return value


def _items(field: _Field) -> list[_Field]:
    if not isinstance(field.node, yaml.SequenceNode):
        raise field.fault(f"{field.name} 必须是列表", "bad_field")
    return [_Field(field.name, node, field.file) for node in field.node.value]


def _keys(field: _Field) -> tuple[str, ...]:
    found: list[str] = []
    for item in _items(field):
        key = _key(item)
        if key in found:
            raise item.fault(f"{field.name} 中 {key} 写了两次", "duplicate_key")
        found.append(key)
    return tuple(found)


def _kind(field: _Field) -> Kind:
    value = _text(field)
    if value not in _KINDS:
        raise field.fault(f"没有 {value} 这种文件，kind 只能是 {'、'.join(_KINDS)}", "unknown_kind")
    return Kind(value)


def _part(field: _Field) -> Part:
    value = _text(field)
    if value not in tuple(Part):
        raise field.fault(f"手册没有 {value} 这一部分，part 只能是 {'、'.join(Part)}", "unknown_part")
    return Part(value)


def _element(field: _Field) -> int:
    value = _text(field)
    if not value.isascii() or not value.isdigit() or int(value) < 1:
        raise field.fault(f"要素用从 1 开始的序号表示：{value}", "bad_claim")
    return int(value)


def _claim(field: _Field) -> ClaimLine:
    if not isinstance(field.node, yaml.MappingNode):
        raise field.fault("指标对应应写成 {indicator: …, elements: […], section: …}", "bad_claim")
    parts = _mapping(field)
    if unknown := parts.keys() - {"indicator", "elements", "section"}:
        raise field.fault(f"指标对应没有 {'、'.join(sorted(unknown))} 这一项", "unknown_field")
    if missing := {"indicator", "elements"} - parts.keys():
        raise field.fault(f"指标对应缺少 {'、'.join(sorted(missing))}", "bad_claim")
    elements = tuple(_element(item) for item in _items(parts["elements"]))
    if not elements or len(set(elements)) < len(elements):
        raise parts["elements"].fault("要素不能为空，也不能重复", "bad_claim")
    return ClaimLine(_indicator(parts["indicator"]), elements, _text(parts["section"]) if "section" in parts else "")


def _claims(field: _Field) -> tuple[ClaimLine, ...]:
    """A pair of element and section may be claimed once; one element may be ruled by two sections."""
    seen: set[tuple[str, int, str]] = set()
    claims: list[ClaimLine] = []
    for item in _items(field):
        claim = _claim(item)
        for element in claim.elements:
            if (claim.indicator, element, claim.section) in seen:
                raise item.fault(f"指标 {claim.indicator} 的要素 {element} 对应同一章节写了两次", "duplicate_claim")
            seen.add((claim.indicator, element, claim.section))
        claims.append(claim)
    return tuple(claims)


_READERS: Mapping[str, Callable[[_Field], Any]] = {
    "key": _key,
    "title": _filled,
    "kind": _kind,
    "department": _text,
    "part": _part,
    "indicator": _indicator,
    "retention": _text,
    "when": _text,
    "claims": _claims,
    "refers": _keys,
    "records": _keys,
}


def claim_line(source: str, index: int) -> int:
    """The line of the `index`-th claim (0-based) in a text whose front matter has been read without fault."""
    fields = _fields(_compose(split(source)[0], ""), "")
    return _items(fields["claims"])[index].line


def written_fields(source: str) -> dict[str, tuple[int, int]]:
    """name → (its line, the line after its value) in the whole text, counted from 0; for a front matter read without fault.

    InputError for one in braces, whose fields have no lines of their own.
    """
    root = _compose(split(clean_lines(source))[0], "")
    if root.flow_style:
        raise InputError("文件头写在花括号里，请先改成每项一行", code="front_in_braces")
    return {str(key.value): (int(key.start_mark.line) + 1, _end(value)) for key, value in root.value}


def written_claims(source: str) -> list[tuple[int, int, int]]:
    """(line, column, the line after it) of every claim of such a text, as above."""
    field = _fields(_compose(split(clean_lines(source))[0], ""), "").get("claims")
    items = _items(field) if field else []
    return [(int(item.node.start_mark.line) + 1, int(item.node.start_mark.column), _end(item.node)) for item in items]


def _end(node: Any) -> int:
    """The line after a value; a block ends where the next thing begins, at the start of its line."""
    mark = node.end_mark
    return int(mark.line) + 1 + bool(mark.column)


def _check_together(front: FrontMatter, fields: Mapping[str, _Field]) -> None:
    """Which fields a kind of document needs and which it must not have."""
    if (front.kind is Kind.MANUAL) != (front.part is not None):
        raise fields["kind"].fault("kind 为 manual 的文件要写 part，其他文件不写", "bad_part")
    if (front.part is Part.CHAPTER) != bool(front.indicator):
        raise fields["kind"].fault("part 为 chapter 的文件要写 indicator，其他文件不写", "bad_part")
    if front.retention and front.kind is not Kind.RECORD_FORM:
        raise fields["retention"].fault("只有记录表单写 retention（保存期限）", "bad_retention")
