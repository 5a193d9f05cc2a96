"""What a build is made of: every input by name, with what it says in short and its fingerprint; and what differs between two builds. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from service.book.fonts import font_fingerprints
from service.book.theme import THEME_NAMES
from service.kit.fingerprint import file_fingerprint, fingerprint
from service.manuals.build import renderer_fingerprint, renderer_versions
from service.manuals.rules import BINDING_NAMES, Binding, ManualSource, Signed
from service.manuals.workshop import Workshop

LONGEST = 80
"""Characters that an input says of itself."""
Row = Mapping[str, str]
"""An input as it is stored: kind, name, text, sha256."""


class InputKind(StrEnum):
    """In the order in which they are listed."""

    BUILD = "build"
    DOCUMENT = "document"
    SIGNOFFS = "signoffs"
    PICTURE = "picture"
    VALUE = "value"
    CHART = "chart"
    COVERAGE = "coverage"
    STANDARD = "standard"
    REGISTER = "register"
    OUTLINE = "outline"
    THEME = "theme"
    TEMPLATE = "template"
    LOGO = "logo"
    FONT = "font"
    RENDERER = "renderer"


INPUT_NAMES: Mapping[InputKind, str] = {
    InputKind.BUILD: "编制",
    InputKind.DOCUMENT: "文件",
    InputKind.SIGNOFFS: "签署",
    InputKind.PICTURE: "图片",
    InputKind.VALUE: "企业参数",
    InputKind.CHART: "组织机构",
    InputKind.COVERAGE: "指标对照",
    InputKind.STANDARD: "依据标准",
    InputKind.REGISTER: "外来文件",
    InputKind.OUTLINE: "编排",
    InputKind.THEME: "主题",
    InputKind.TEMPLATE: "企业模板",
    InputKind.LOGO: "企业标志",
    InputKind.FONT: "字体",
    InputKind.RENDERER: "排版程序",
}


def inputs_of(source: ManualSource, binding: Binding, workshop: Workshop) -> tuple[dict[str, str], ...]:
    """Every input of the manual of this source; the same rows in the same order for the same source."""
    return (*_facts(source, binding, workshop), *_documents(source), *_values(source), *_workshop(source, workshop))


def _row(kind: InputKind, name: str, text: str, sha256: str) -> dict[str, str]:
    return {"kind": kind.value, "name": name, "text": text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…", "sha256": sha256}


def _facts(source: ManualSource, binding: Binding, workshop: Workshop) -> Iterator[dict[str, str]]:
    facts = {
        "企业": source.organisation,
        "手册编号": source.number,
        "版本/修订": source.label,
        "日期": source.on.isoformat(),
        "装订": BINDING_NAMES[binding],
        "二维码地址": workshop.address or "不印二维码",
    }
    yield from (_row(InputKind.BUILD, name, value, fingerprint(value)) for name, value in facts.items())


def _documents(source: ManualSource) -> Iterator[dict[str, str]]:
    for document in source.documents:
        yield _row(InputKind.DOCUMENT, document.number, f"{document.label} {document.title}", document.fingerprint)
    for document in source.documents:
        yield _row(InputKind.SIGNOFFS, document.number, "；".join(map(_signed, document.signed)), fingerprint(document.signed))
    for picture in source.pictures:
        sha256 = fingerprint(picture.source) if picture.missing else file_fingerprint(picture.data)
        yield _row(InputKind.PICTURE, picture.source, "缺失" if picture.missing else "", sha256)


def _signed(row: Signed) -> str:
    return f"{row.meaning} {row.name} {row.on}"


def _values(source: ManualSource) -> Iterator[dict[str, str]]:
    """Each value that a text was filled with; several if texts were frozen with different ones."""
    found: dict[str, dict[str, object]] = {}
    for document in source.documents:
        for name, value in document.variables.items():
            found.setdefault(name, {})[_plain(value)] = value
    for name in sorted(found):
        yield _row(InputKind.VALUE, name, "；".join(found[name]), fingerprint(list(found[name])))


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _workshop(source: ManualSource, workshop: Workshop) -> Iterator[dict[str, str]]:
    theme, register = workshop.theme, len(source.register)
    yield _row(InputKind.CHART, "组织机构图", f"{len(source.chart.roots)} 个顶层部门", fingerprint(source.chart))
    yield _row(InputKind.COVERAGE, "指标对照表", f"{len(source.indicators)} 项指标", fingerprint(source.indicators))
    yield _row(InputKind.STANDARD, source.standard_number, source.standard_title, fingerprint(workshop.standard))
    yield _row(InputKind.REGISTER, "外来文件清单", f"{register} 项", fingerprint(source.register))
    version = source.outline.version
    yield _row(InputKind.OUTLINE, "手册编排", f"第 {version} 版" if version else "通常的次序", fingerprint(source.outline))
    yield _row(InputKind.THEME, "主题", THEME_NAMES.get(theme.name, theme.name), fingerprint(theme))
    if workshop.template:
        yield _row(InputKind.TEMPLATE, "企业模板", workshop.template, workshop.template_sha256)
    if theme.logo:
        said = f"{theme.logo.width}×{theme.logo.height} {theme.logo.ending}"
        yield _row(InputKind.LOGO, "企业标志", said, file_fingerprint(theme.logo.data))
    yield from _programs(workshop.fonts)


def _programs(fonts: Path) -> Iterator[dict[str, str]]:
    for name, sha256 in font_fingerprints(fonts):
        yield _row(InputKind.FONT, name, "", sha256)
    yield _row(InputKind.RENDERER, "排版程序", renderer_versions(), renderer_fingerprint())


@dataclass(frozen=True, slots=True)
class Changed:
    """An input that differs between two builds: what it said before and says now; "" for one that was not there, or is gone."""

    kind: InputKind
    name: str
    deed: str
    before: str
    now: str


def changes(before: Sequence[Row], now: Sequence[Row]) -> list[Changed]:
    """What changed from one build's inputs to another's, in the order of the kinds and, within one, of the later build."""
    old, new = ({(row["kind"], row["name"]): row for row in rows} for rows in (before, now))
    found = [_changed(key, old.get(key), new.get(key)) for key in dict.fromkeys((*new, *old)) if _differs(old.get(key), new.get(key))]
    order = list(InputKind)
    return sorted(found, key=lambda each: order.index(each.kind))


def _differs(old: Row | None, new: Row | None) -> bool:
    return old is None or new is None or old["sha256"] != new["sha256"]


def _changed(key: tuple[str, str], old: Row | None, new: Row | None) -> Changed:
    deed = "新增" if old is None else "减少" if new is None else "改变"
    return Changed(InputKind(key[0]), key[1], deed, old["text"] if old else "", new["text"] if new else "")


def matching(rows: Sequence[Row], words: str) -> list[Row]:
    """The inputs that hold these words in kind, name, text or fingerprint."""
    wanted = words.strip().casefold()
    return [row for row in rows if wanted in " ".join((INPUT_NAMES[InputKind(row["kind"])], *map(str, row.values()))).casefold()]


def by_kind(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The Chinese name of each kind that is there → its inputs."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(INPUT_NAMES[InputKind(row["kind"])], []).append(row)
    return found
