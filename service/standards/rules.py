"""Standards as data with provenance: indicators, their elements, how sure each entry is, and their natural order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from service.kit.fingerprint import fingerprint


class SourceStatus(StrEnum):
    """How far public sources support an entry."""

    SOURCED = "sourced"
    PARTLY = "partly"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Proof(StrEnum):
    """证明方式: what a reviewer wants beyond the rule: nothing, a filled record, or a fact (certificate, ratio, place)."""

    TEXT = "text"
    RECORD = "record"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class StatusLabel:
    """What screens and documents print: a short label, and a sentence for the place where the text is shown."""

    label: str
    sentence: str


STATUS_LABELS: Mapping[SourceStatus, StatusLabel] = {
    SourceStatus.SOURCED: StatusLabel("有来源", "本条内容有公开来源印证，文字为本产品转述，非标准原文。"),
    SourceStatus.PARTLY: StatusLabel("部分有来源", "本条仅部分内容有公开来源，其余为本产品推断，编号和条数也未经核实，非标准原文。"),
    SourceStatus.INFERRED: StatusLabel("推断", "本条为本产品推断，未找到公开来源，非标准原文，不得作为标准要求引用。"),
    SourceStatus.UNKNOWN: StatusLabel("来源不明", "本条来源不明，非标准原文，请以标准文本为准。"),
}

PROOF_NAMES: Mapping[Proof, str] = {Proof.TEXT: "文件规定", Proof.RECORD: "记录", Proof.FACT: "事实"}

FIRST_LEVEL_POINTS: Mapping[str, Mapping[str, int]] = {"gbt27922-2011": {"5.1": 40, "5.2": 35, "5.3": 25}}
"""Points of the first level, by standard; from certification bodies' pages (sources S11, S13 of the data)."""


@dataclass(frozen=True, slots=True)
class Source:
    """A page or text that an entry rests on; `url` is None for a text that is not public."""

    id: str
    url: str | None
    what: str


@dataclass(frozen=True, slots=True)
class Element:
    """要素: what a reviewer can test, and what it takes to prove it."""

    text: str
    proof: Proof


@dataclass(frozen=True, slots=True)
class Indicator:
    """评价指标 of any level. `level` counts from 1; `parent` is the code above or None.

    `title` of a third-level entry is this product's own short name for it; `requirement` is a paraphrase.
    `items` are its lettered parts. `points` is None while no source gives it, `points_note` says so;
    `planning_weight` is this product's planning figure, never to be shown as official. `elements` count from 1 in claims.
    """

    code: str
    title: str
    requirement: str
    level: int
    parent: str | None
    status: SourceStatus
    confidence: Confidence
    points: int | None
    points_note: str
    planning_weight: int | None
    elements: tuple[Element, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]
    items: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard: `nodes` are all its indicators in natural order, parents before children."""

    id: str
    number: str
    title: str
    nodes: tuple[Indicator, ...]
    sources: Mapping[str, Source]
    scoring: Mapping[str, Any]
    about: Mapping[str, Any]

    @property
    def leaves(self) -> tuple[Indicator, ...]:
        """The indicators that are answered and scored: those without children."""
        parents = {node.parent for node in self.nodes}
        return tuple(node for node in self.nodes if node.code not in parents)


@dataclass(frozen=True, slots=True)
class CrosswalkRow:
    """An item of one standard, the indicators of the other that deal with the same matter, and why (our reading)."""

    item: str
    item_title: str
    indicators: tuple[str, ...]
    reason: str
    basis: str


class ReferenceStatus(StrEnum):
    """Whether a cited law or standard is in force."""

    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


REFERENCE_STATUS_NAMES: Mapping[ReferenceStatus, str] = {
    ReferenceStatus.IN_FORCE: "现行",
    ReferenceStatus.REPLACED: "被代替",
    ReferenceStatus.WITHDRAWN: "废止",
    ReferenceStatus.UNKNOWN: "不明",
}


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """A law or standard that manuals cite. `replaces` is the edition it took the place of, `replaced_by` the one that took its own;
    `checked_on` the day of the look-up, None if nobody has looked."""

    number: str
    title: str
    status: ReferenceStatus
    confidence: Confidence
    checked_on: date | None
    edition: str = ""
    effective: date | None = None
    replaces: str = ""
    note: str = ""
    replaced_by: str = ""


def code_key(code: str) -> tuple[int, ...]:
    """Natural order of codes: 5.1.2 comes before 5.1.11."""
    return tuple(int(part) for part in code.split("."))


def find_indicator(standard: Standard, code: str) -> Indicator | None:
    """The indicator of any level with this code."""
    return next((node for node in standard.nodes if node.code == code), None)


def indicator_fingerprint(indicator: Indicator) -> str:
    """Of what a confirmation relies on: code, words and elements. Points, sources and notes may change without doubt arising."""
    return fingerprint((indicator.code, indicator.requirement or indicator.title, indicator.items, indicator.elements))
