"""Loading standards, crosswalk and references from content/: parsed, checked, built, kept until a file changes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from service.errors import InputError, Place
from service.kit.yamlfile import read_yaml, refuse
from service.standards.faults import crosswalk_faults, reference_faults, standard_faults
from service.standards.rules import (
    Confidence,
    CrosswalkRow,
    Element,
    Indicator,
    Proof,
    ReferenceEntry,
    ReferenceStatus,
    Source,
    SourceStatus,
    Standard,
    find_indicator,
)

CROSSWALK = "crosswalk-"
CROSSWALK_FILE = f"{CROSSWALK}27922-10401.yml"
POINTS_UNKNOWN = "分值未见公开来源"


def load_standards(folder: Path) -> dict[str, Standard]:
    """{id: standard} of every file in `folder` but crosswalks; the id is the file's name (`gbt27922-2011`)."""
    files = sorted(file for file in folder.glob("*.yml") if not file.name.startswith(CROSSWALK))
    if not files:
        raise InputError("标准数据文件夹中没有标准文件", code="standards_missing", place=Place(folder.name))
    return {file.stem: _standard(file, _changed(file)) for file in files}


def load_crosswalk(folder: Path) -> tuple[CrosswalkRow, ...]:
    """The items of SB/T 10401-2006 in order, each with the indicators of GB/T 27922-2011 on the same matter."""
    return _crosswalk(folder, tuple(_changed(file) for file in (folder / CROSSWALK_FILE, *sorted(folder.glob("*.yml")))))


def load_references(file: Path) -> tuple[ReferenceEntry, ...]:
    """The laws and standards that manuals cite, in the order of the file."""
    return _references(file, _changed(file))


def read_standard(text: str, *, file: str) -> Standard:
    """Parse and check one standard; the id is the file's name without its ending. Faults raise `bad_standard`."""
    source = read_yaml(text, file)
    identity = file.removesuffix(".yml")
    refuse(source, standard_faults(source.value, identity), code="bad_standard")
    raw = source.value
    return Standard(
        id=identity,
        number=raw["number"],
        title=raw["title"],
        nodes=tuple(node for entry in raw["indicators"] for node in _nodes(entry, None, 1)),
        sources={key: Source(key, entry["url"], entry["what"]) for key, entry in raw["sources"].items()},
        scoring=raw.get("scoring") or {},
        about=raw.get("about") or {},
    )


def read_references(text: str, *, file: str) -> tuple[ReferenceEntry, ...]:
    """Parse and check a list of references; faults raise `bad_references`."""
    source = read_yaml(text, file)
    refuse(source, reference_faults(source.value), code="bad_references")
    return tuple(_reference(raw) for raw in source.value)


def read_crosswalk(text: str, standards: dict[str, Standard], *, file: str) -> tuple[CrosswalkRow, ...]:
    """Parse and check a crosswalk between two of `standards`; faults raise `bad_crosswalk`."""
    source = read_yaml(text, file)
    refuse(source, crosswalk_faults(source.value, standards), code="bad_crosswalk")
    items = standards[source.value["from"]]
    return tuple(_crosswalk_row(raw, items) for raw in source.value["rows"])


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError as error:
        raise InputError(f"数据文件 {file.name} 不存在或无法读取", code="content_unreadable", place=Place(file.name)) from error


@lru_cache(maxsize=32)
def _standard(file: Path, _changed: int) -> Standard:
    return read_standard(file.read_text(encoding="utf-8"), file=file.name)


@lru_cache(maxsize=8)
def _references(file: Path, _changed: int) -> tuple[ReferenceEntry, ...]:
    return read_references(file.read_text(encoding="utf-8"), file=file.name)


@lru_cache(maxsize=4)
def _crosswalk(folder: Path, _changed: tuple[int, ...]) -> tuple[CrosswalkRow, ...]:
    text = (folder / CROSSWALK_FILE).read_text(encoding="utf-8")
    return read_crosswalk(text, load_standards(folder), file=CROSSWALK_FILE)


def _nodes(raw: dict[str, Any], parent: str | None, level: int) -> Iterator[Indicator]:
    yield Indicator(
        code=raw["code"],
        title=raw["title"],
        requirement=raw.get("requirement", ""),
        level=level,
        parent=parent,
        status=SourceStatus(raw["status"]),
        confidence=Confidence(raw["confidence"]),
        points=raw["points"],
        points_note=raw.get("points_note", POINTS_UNKNOWN),
        planning_weight=raw.get("planning_weight"),
        elements=tuple(Element(item["text"], Proof(item["proof"])) for item in raw.get("elements", ())),
        sources=tuple(raw.get("sources", ())),
        notes=tuple(raw.get("notes", ())),
        items=tuple(raw.get("items", {}).items()),
    )
    for child in raw.get("children", ()):
        yield from _nodes(child, raw["code"], level + 1)


def _reference(raw: dict[str, Any]) -> ReferenceEntry:
    return ReferenceEntry(**{**raw, "status": ReferenceStatus(raw["status"]), "confidence": Confidence(raw["confidence"])})


def _crosswalk_row(raw: dict[str, Any], items: Standard) -> CrosswalkRow:
    item = find_indicator(items, raw["item"])
    return CrosswalkRow(raw["item"], item.title if item else "", tuple(raw["indicators"]), raw["reason"], raw["basis"])
