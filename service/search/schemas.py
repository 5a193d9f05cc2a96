"""Hits and suggestions as JSON, the same for the API and the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from service.documents.rules import Standing
from service.search.finding import Hit
from service.search.port import Suggestion, SuggestionKind

_HIT: dict[str, Any] = {
    "number": "HC/SH-CX-07",
    "title": "投诉处理控制程序",
    "label": "A/0",
    "kind": "procedure",
    "department": "service",
    "state": "in_force",
    "effective_on": "2026-02-01",
    "anchor": "accept",
    "clause": "4.1",
    "section": "受理",
    "snippet": "接到投诉后 30 分钟内登记《投诉单》。",
    "marks": [[2, 4], [14, 16]],
    "further": 2,
}


class HitLine(BaseModel):
    """A section that answers. `marks` are (start, end) of the words in the snippet; `further` counts what else the same revision has.

    Without anchor, clause and section it is the text as a whole.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [_HIT]})

    number: str
    title: str
    label: str
    kind: str
    department: str
    state: Standing
    effective_on: date | None
    anchor: str
    clause: str
    section: str
    snippet: str
    marks: list[tuple[int, int]]
    further: int


class SearchBody(BaseModel):
    """A page of hits, the best first. `total` counts every section that answers, of which the best hundred are given at most.

    `is_near`: nothing has all the words, these have most of them. `is_complete` is false while the index is still catching up.
    """

    items: list[HitLine]
    next_cursor: str | None = Field(description="下一页的 cursor，最后一页为 null")
    total: int
    is_near: bool
    is_complete: bool


class SuggestionLine(BaseModel):
    """A number, title or section title that goes on from what was typed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"kind": "title", "text": "投诉处理控制程序", "number": "HC/SH-CX-07", "title": "投诉处理控制程序", "anchor": ""}]
        }
    )

    kind: SuggestionKind
    text: str
    number: str
    title: str
    anchor: str


def hit_line(hit: Hit) -> HitLine:
    return HitLine(
        number=hit.number,
        title=hit.title.text,
        label=hit.facts.label,
        kind=hit.facts.kind.value,
        department=hit.facts.department,
        state=hit.state,
        effective_on=hit.facts.effective_on,
        anchor=hit.anchor,
        clause=hit.clause,
        section=hit.section.text,
        snippet=hit.snippet.text,
        marks=list(hit.snippet.marks),
        further=hit.further,
    )


def suggestion_line(found: Suggestion) -> SuggestionLine:
    return SuggestionLine(kind=found.kind, text=found.text, number=found.number, title=found.title, anchor=found.anchor)
