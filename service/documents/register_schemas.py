"""Periodic reviews and external documents as JSON: what the API gives and takes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from service.documents.due_list import DueItem
from service.documents.external import Finding, NewExternal
from service.documents.external_queries import ExternalEntry
from service.documents.external_rules import ExternalKind
from service.documents.models import ExternalCheck, PeriodicReview, Revision
from service.documents.review_rules import REVIEW_MONTHS, Task, Verdict
from service.standards.rules import ReferenceStatus

Number = Annotated[str, Field(min_length=1, max_length=100)]
Words = Annotated[str, Field(max_length=1000)]


class DueLine(BaseModel):
    """What is due: `days_left` is negative once it is overdue; `last_on` is the day of the last review or check."""

    task: Task
    number: str
    title: str
    label: str
    department: str
    department_name: str
    last_on: date | None
    comment: str
    due_on: date
    days_left: int


class ReviewBody(BaseModel):
    """What a periodic review came to. Without `reviewed_on`: today."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"document": "JC/SH-CX-01", "verdict": "revise", "comment": "受理时限与现行做法不符"}]},
    )

    document: Annotated[str, Field(min_length=1, max_length=60, description="文件编号")]
    verdict: Verdict
    comment: Words = ""
    reviewed_on: date | None = None


class ReviewLine(BaseModel):
    """A review that was recorded; `label` is the revision that was reviewed."""

    id: UUID
    document: str
    label: str
    verdict: Verdict
    comment: str
    reviewed_on: date
    recorded_at: datetime
    login: str
    name: str
    post: str


class ReviewMonths(BaseModel):
    """How many months lie between two reviews of a document."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"review_months": 12}]})

    review_months: Annotated[int, Field(ge=REVIEW_MONTHS.start, lt=REVIEW_MONTHS.stop)]


class ExternalBody(BaseModel):
    """An external document to be entered; `keeper` is a department (key), `replaced_by` the number of what took its place."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "number": "GB/T 27922-2011",
                    "title": "商品售后服务评价体系",
                    "kind": "standard",
                    "status": "in_force",
                    "keeper": "service",
                }
            ]
        },
    )

    number: Number
    title: Annotated[str, Field(min_length=1, max_length=200)]
    kind: ExternalKind
    edition: Annotated[str, Field(max_length=60)] = ""
    status: ReferenceStatus = ReferenceStatus.UNKNOWN
    replaced_by: Annotated[str, Field(max_length=100)] = ""
    keeper: Annotated[str, Field(max_length=80)] = ""
    note: Words = ""

    def new(self) -> NewExternal:
        return NewExternal(**self.model_dump())


class CheckBody(BaseModel):
    """What somebody found about an external document, when and where he looked."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"status": "in_force", "checked_on": "2026-03-01", "checked_where": "全国标准信息公共服务平台", "edition": "2011"}]
        },
    )

    status: ReferenceStatus
    checked_on: date
    checked_where: Annotated[str, Field(min_length=1, max_length=300)]
    edition: Annotated[str, Field(max_length=60)] = ""
    replaced_by: Annotated[str, Field(max_length=100)] = ""

    def finding(self) -> Finding:
        return Finding(**self.model_dump())


class EndBody(BaseModel):
    """Why an entry is taken out of the register."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "不再经营该类商品"}]})

    reason: Annotated[str, Field(min_length=1, max_length=1000)]


class ExternalLine(BaseModel):
    """An external document of the register. `checked_on` is null while nobody has checked it; `due_on` null: it needs no check."""

    number: str
    title: str
    kind: ExternalKind
    edition: str
    status: ReferenceStatus
    replaced_by: str
    checked_on: date | None
    checked_where: str
    checked_by: str
    due_on: date | None
    keeper: str
    note: str
    kept_since: date


class CheckLine(BaseModel):
    """One check of an external document."""

    id: UUID
    number: str
    status: ReferenceStatus
    edition: str
    replaced_by: str
    checked_on: date
    checked_where: str
    recorded_at: datetime
    login: str
    name: str


def due_line(item: DueItem) -> DueLine:
    return DueLine.model_validate(item, from_attributes=True)


def review_line(document: str, review: PeriodicReview, revision: Revision) -> ReviewLine:
    return ReviewLine(document=document, label=revision.label, **review.model_dump(include=set(ReviewLine.model_fields)))


def check_line(number: str, check: ExternalCheck) -> CheckLine:
    return CheckLine(number=number, **check.model_dump(include=set(CheckLine.model_fields)))


def external_line(entry: ExternalEntry) -> ExternalLine:
    row, check, latest = entry.row, entry.check, entry.latest
    return ExternalLine(
        number=row.number,
        title=row.title,
        kind=row.kind,
        edition=latest.edition,
        status=latest.status,
        replaced_by=latest.replaced_by,
        checked_on=check.checked_on if check else None,
        checked_where=check.checked_where if check else "",
        checked_by=check.name if check else "",
        due_on=entry.due_on,
        keeper=row.keeper,
        note=row.note,
        kept_since=entry.kept_since,
    )
