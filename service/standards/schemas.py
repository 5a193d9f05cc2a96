"""Standards as JSON: what the API answers and takes."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from service.standards.models import NotApplicable
from service.standards.rules import STATUS_LABELS, Indicator, Standard

Words = Annotated[str, Field(min_length=1, max_length=2000)]


class StandardLine(BaseModel):
    """A standard that the product knows."""

    id: str
    number: str
    title: str
    indicators: int


class ElementBody(BaseModel):
    """要素 and how it is proved."""

    text: str
    proof: str


class IndicatorBody(BaseModel):
    """An indicator with its provenance: `requirement` is a paraphrase, `points` null where no source gives them."""

    code: str
    title: str
    level: int
    parent: str | None
    requirement: str
    status: str
    status_label: str
    confidence: str
    points: int | None
    points_note: str
    elements: list[ElementBody]
    sources: list[str]


class DecisionBody(BaseModel):
    """删减: an indicator that does not apply, why and who decided."""

    indicator: str
    justification: str
    approved_by: str
    decided_on: date


class NewDecision(BaseModel):
    """A 删减 to record."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"indicator": "5.2.2.2", "justification": "商品由顾客自行放置，不需要安装", "decided_on": "2026-03-01"}]
        },
    )

    indicator: Annotated[str, Field(min_length=1, max_length=20)]
    justification: Words
    decided_on: date


class Withdrawal(BaseModel):
    """From which day the indicator applies again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"withdrawn_on": "2026-09-01"}]})

    withdrawn_on: date


def standard_line(standard: Standard) -> StandardLine:
    return StandardLine(id=standard.id, number=standard.number, title=standard.title, indicators=len(standard.leaves))


def indicator_body(indicator: Indicator) -> IndicatorBody:
    return IndicatorBody(
        code=indicator.code,
        title=indicator.title,
        level=indicator.level,
        parent=indicator.parent,
        requirement=indicator.requirement,
        status=indicator.status.value,
        status_label=STATUS_LABELS[indicator.status].label,
        confidence=indicator.confidence.value,
        points=indicator.points,
        points_note=indicator.points_note,
        elements=[ElementBody(text=element.text, proof=element.proof.value) for element in indicator.elements],
        sources=list(indicator.sources),
    )


def decision_body(row: NotApplicable) -> DecisionBody:
    return DecisionBody(indicator=row.indicator, justification=row.justification, approved_by=row.approved_by, decided_on=row.decided_on)
