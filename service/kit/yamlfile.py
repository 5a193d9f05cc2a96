"""YAML that people write: plain values together with the line of each, so that a fault can name its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

import yaml

from service.errors import InputError, Place

Path: TypeAlias = tuple[str | int, ...]
Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: where in the document (a path of keys and indexes) and one Chinese sentence."""

    path: Path
    message: str


@dataclass(frozen=True, slots=True)
class YamlFile:
    """What a file says: `value` is made of dict (text keys), list, str, int, float, bool, date, None; `lines` are 1-based."""

    file: str
    value: Any
    lines: Mapping[Path, int]

    def place(self, path: Path) -> Place:
        """The line of `path`, or of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return Place(self.file, self.lines.get(path))


_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what YAML does not allow


class _Loader(Base):  # type: ignore[misc]  # the C loader where PyYAML was built with it, else the Python one
    """Safe YAML, but an impossible date (2026-02-30) stays text, so that whoever checks the type names its line."""


def _timestamp(_loader: Any, node: yaml.ScalarNode) -> Any:
    try:
        return date.fromisoformat(node.value)
    except ValueError:
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


def read_yaml(text: str, file: str) -> YamlFile:
    """Parse one document; a syntax fault, a repeated key, a key that is no text or an anchor is refused (`bad_yaml`)."""
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        lines = {} if node is None else dict(_lines(node, (), file, set()))
        return YamlFile(file, None if node is None else loader.construct_document(node), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _bad("YAML 语法有误，请检查缩进、引号和冒号", file, mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, ValueError) as error:
        found = _UNPRINTABLE.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else None
        raise _bad("YAML 无法读取，请检查是否含有控制字符或写错的数字", file, line) from error


def refuse(source: YamlFile, faults: Iterable[Fault], *, code: str) -> None:
    """Raise one InputError for all `faults` (one line each, in the order of the file); nothing happens without faults."""
    found = sorted({(source.place(fault.path).line or 0, fault.message) for fault in faults})
    if len(found) == 1:
        raise InputError(found[0][1], code=code, place=Place(source.file, found[0][0] or None))
    if found:
        rows = "\n".join(f"{Place(source.file, line or None)}:{message}" for line, message in found)
        raise InputError(f"共有 {len(found)} 处错误：\n{rows}", code=code, place=Place(source.file))


def _lines(node: yaml.Node, path: Path, file: str, seen: set[int]) -> Iterator[tuple[Path, int]]:
    """The line of every value; a mapping's entry lies where its key stands."""
    if id(node) in seen:
        raise _bad("YAML 锚点和引用（& 与 *）不受支持，请写出全文", file, node.start_mark.line + 1)
    seen.add(id(node))
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _lines(item, (*path, index), file, seen)
    if isinstance(node, yaml.MappingNode):
        yield from _entry_lines(node, path, file, seen)


def _entry_lines(node: yaml.MappingNode, path: Path, file: str, seen: set[int]) -> Iterator[tuple[Path, int]]:
    keys: set[str] = set()
    for key, value in node.value:
        line = key.start_mark.line + 1
        if key.tag != "tag:yaml.org,2002:str":
            raise _bad(f"键“{key.value}”会被当作数字或开关，请加引号", file, line)
        if key.value in keys:
            raise _bad(f"键“{key.value}”重复出现", file, line)
        keys.add(key.value)
        yield from _lines(value, (*path, key.value), file, seen)
        yield (*path, key.value), line


def _bad(message: str, file: str, line: int | None) -> InputError:
    return InputError(message, code="bad_yaml", place=Place(file, line))
