"""Change requests as JSON: what the API and the command line give and take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from service.changes.impact import Impact
from service.changes.models import ChangeRequest
from service.changes.queries import ItemRow
from service.changes.rules import (
    DECIDED,
    LONGEST_KEY,
    LONGEST_NUMBER,
    LONGEST_SECTION,
    LONGEST_TEXT,
    LONGEST_TITLE,
    MOST_ITEMS,
    ChangeKind,
    ChangeStatus,
    ChangeStep,
    Wanted,
)
from service.changes.values import TITLE, Outdated
from service.documents.rules import Status
from service.text.model import Kind

_IMPACT = TypeAdapter(Impact)
Title = Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)]
Words = Annotated[str, Field(max_length=LONGEST_TEXT)]
Number = Annotated[str, Field(max_length=LONGEST_NUMBER, description="文件编号")]
_REVISE = {"kind": "revise", "number": "HC/SH-CX-07", "section": "4.1", "proposed": "办结时限由 5 个工作日改为 3 个工作日"}
_CREATE = {
    "kind": "create",
    "title": "备件管理程序",
    "document_kind": "procedure",
    "department": "service",
    "proposed": "规定备件的最低库存和领用手续",
}


def _body(*examples: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(examples)})


class WantedItem(BaseModel):
    """One change: of a document by its number, or of a new one by title, kind and department (key)."""

    model_config = _body(_REVISE, _CREATE)

    kind: ChangeKind
    number: Number = ""
    section: Annotated[str, Field(max_length=LONGEST_SECTION, description="更改位置：章节的锚点、条款号或说明")] = ""
    proposed: Words = ""
    title: Annotated[str, Field(max_length=LONGEST_TITLE)] = ""
    document_kind: Kind | None = None
    department: Annotated[str, Field(max_length=LONGEST_KEY)] = ""

    @property
    def wanted(self) -> Wanted:
        return Wanted(self.kind, self.number, self.section, self.proposed, self.title, self.document_kind, self.department)


class RequestText(BaseModel):
    """What a request says: to open one, or to replace the words of a draft."""

    model_config = _body({"title": "缩短投诉处理时限", "reason": "顾客反映投诉处理时间偏长", "items": [_REVISE, _CREATE]})

    title: Title
    reason: Words = ""
    items: Annotated[list[WantedItem], Field(max_length=MOST_ITEMS)] = []

    @property
    def wanted(self) -> list[Wanted]:
        return [item.wanted for item in self.items]


class FromValuesBody(BaseModel):
    """A request over the documents that changed values have made outdated; `documents` chooses some of them, none means all."""

    model_config = _body({"title": TITLE, "documents": ["HC/SH-CX-07"]})

    title: Title = TITLE
    documents: Annotated[list[Annotated[str, Field(min_length=1, max_length=LONGEST_NUMBER)]], Field(max_length=MOST_ITEMS)] = []


class DecideBody(BaseModel):
    """A decision by a person who shows once more who he is: by the password, or by a code of the second factor."""

    model_config = _body({"comment": "同意，三月底前实施", "password": "登录密码"})

    comment: Words = ""
    password: Annotated[str, Field(max_length=200)] = ""
    code: Annotated[str, Field(max_length=40)] = ""


class ItemBody(BaseModel):
    """A change that was asked for, with the label of the revision before and of the draft that came of it (for those who may read all)."""

    kind: ChangeKind
    number: str
    title: str
    section: str
    proposed: str
    document_kind: Kind | None
    department: str
    former_label: str
    label: str
    status: Status | None
    effective_on: date | None


class DecisionBody(BaseModel):
    """Who decided, under which post, when; `fault` says why the record of it can no longer be trusted, and is null if it can."""

    granted: bool
    login: str
    name: str
    post: str
    at: datetime
    comment: str
    seal: str
    fault: str | None


class RequestLine(BaseModel):
    """One line of the list."""

    number: str
    title: str
    status: ChangeStatus
    created_at: datetime
    created_by: str
    created_name: str
    submitted_at: datetime | None
    decided_at: datetime | None
    closed_at: datetime | None
    documents: list[str]


class RequestBody(RequestLine):
    """A request; `steps` are those that the caller may take now, `impact` is null until it is submitted. Whoever may not read all
    sees neither the impact nor the drafts."""

    reason: str
    created_post: str
    items: list[ItemBody]
    impact: Impact | None
    decision: DecisionBody | None
    steps: list[ChangeStep]


class ValueLine(BaseModel):
    """A value that a text was frozen with, and what it is now."""

    name: str
    label: str
    old: Any
    new: Any


class OutdatedLine(BaseModel):
    """A document in force whose frozen values are no longer those of the day; `waiting`: the draft and the requests at it already."""

    number: str
    title: str
    label: str
    values: list[ValueLine]
    waiting: list[str]


def request_line(request: ChangeRequest, status: ChangeStatus, documents: Sequence[str]) -> RequestLine:
    return RequestLine(**_line(request, status, documents))


def _line(request: ChangeRequest, status: ChangeStatus, documents: Iterable[str]) -> dict[str, Any]:
    return {
        "number": request.number,
        "title": request.title,
        "status": status,
        "created_at": request.created_at,
        "created_by": request.created_by,
        "created_name": request.created_name,
        "submitted_at": request.submitted_at,
        "decided_at": request.decided_at,
        "closed_at": request.closed_at,
        "documents": list(documents),
    }


def request_body(
    request: ChangeRequest,
    status: ChangeStatus,
    rows: Sequence[ItemRow],
    fault: str | None,
    steps: Iterable[ChangeStep],
    *,
    whole: bool = True,
) -> RequestBody:
    """Not `whole`, for whoever may not read all: without the impact and without the drafts that came of it."""
    documents = dict.fromkeys(row.document.number for row in rows if row.document)
    return RequestBody(
        **_line(request, status, documents),
        reason=request.reason,
        created_post=request.created_post,
        items=[_item(row if whole else replace(row, revision=None)) for row in rows],
        impact=_IMPACT.validate_python(request.impact) if whole and request.impact else None,
        decision=_decision(request, fault),
        steps=list(steps),
    )


def _item(row: ItemRow) -> ItemBody:
    item, standing = row.item, row.revision or row.former
    return ItemBody(
        kind=item.kind,
        number=row.document.number if row.document else "",
        title=item.title or (standing.title if standing else ""),
        section=item.section,
        proposed=item.proposed,
        document_kind=item.document_kind,
        department=item.department,
        former_label=row.former.label if row.former else "",
        label=row.revision.label if row.revision else "",
        status=row.revision.status if row.revision else None,
        effective_on=row.revision.effective_on if row.revision else None,
    )


def _decision(request: ChangeRequest, fault: str | None) -> DecisionBody | None:
    if request.status not in DECIDED or request.decided_at is None:
        return None
    return DecisionBody(
        granted=request.status is ChangeStatus.APPROVED,
        login=request.decided_by,
        name=request.decided_name,
        post=request.decided_post,
        at=request.decided_at,
        comment=request.comment,
        seal=request.seal,
        fault=fault,
    )


def outdated_line(row: Outdated) -> OutdatedLine:
    values = [ValueLine(name=each.name, label=each.label, old=each.old, new=each.new) for each in row.values]
    return OutdatedLine(number=row.number, title=row.title, label=row.label, values=values, waiting=list(row.waiting))
