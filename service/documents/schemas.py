"""Documents as JSON: the lines of lists that the API and the command line share, and what the API takes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from service.documents.models import Document, Revision
from service.documents.queries import Controlled

LONGEST_SOURCE = 500_000
"""Characters of a procedure text: some 300 printed pages."""
_SOURCE_EXAMPLE = "---\nkey: visit-rule\ntitle: 上门服务规范\nkind: work_instruction\ndepartment: service\n---\n## 仪表 {#dress}\n上门穿工作服，佩戴工牌。\n"
Source = Annotated[str, Field(min_length=1, max_length=LONGEST_SOURCE, description="正文：Markdown，含文件头")]
Line = Annotated[str, Field(min_length=1, max_length=2000)]


class DocumentLine(BaseModel):
    """One line of `document list` (interfaces.md)."""

    number: str
    title: str
    kind: str
    edition: str
    revision_number: int
    label: str
    status: str
    effective_on: date | None
    fingerprint: str
    department: str


class RevisionLine(BaseModel):
    """One revision of a document."""

    label: str
    title: str
    status: str
    change_summary: str
    released_on: date | None
    effective_on: date | None
    obsolete_on: date | None
    fingerprint: str


class DocumentBody(BaseModel):
    """A document with its revisions; `text` is that of `label`: the one in force on the day, else the newest that the caller may see."""

    number: str
    kind: str
    department: str
    label: str
    text: str
    revisions: list[RevisionLine]


class DraftBody(BaseModel):
    """A draft as its author edits it, with its variables."""

    number: str
    label: str
    title: str
    status: str
    source: str
    change_summary: str
    created_at: datetime
    created_by: str


class NewDocument(BaseModel):
    """A new document from its text."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"source": _SOURCE_EXAMPLE}]})

    source: Source


class NewRevision(BaseModel):
    """The next draft of a released document."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"change_summary": "受理时限改为 20 分钟", "reissue": False}]}
    )

    change_summary: Line
    reissue: bool = False


class DraftText(BaseModel):
    """The draft's new text."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"source": _SOURCE_EXAMPLE}]})

    source: Source


def line(pair: Controlled) -> DocumentLine:
    document, revision = pair.document, pair.revision
    return DocumentLine(
        number=document.number,
        title=revision.title,
        kind=document.kind.value,
        edition=revision.edition,
        revision_number=revision.revision_number,
        label=revision.label,
        status=revision.status.value,
        effective_on=revision.effective_on,
        fingerprint=revision.fingerprint,
        department=document.department,
    )


def revision_line(revision: Revision) -> RevisionLine:
    return RevisionLine(
        label=revision.label,
        title=revision.title,
        status=revision.status.value,
        change_summary=revision.change_summary,
        released_on=revision.released_on,
        effective_on=revision.effective_on,
        obsolete_on=revision.obsolete_on,
        fingerprint=revision.fingerprint,
    )


def revision_json(revision: Revision) -> dict[str, Any]:
    return revision_line(revision).model_dump()


def draft_body(document: Document, revision: Revision) -> DraftBody:
    return DraftBody(
        number=document.number,
        label=revision.label,
        title=revision.title,
        status=revision.status.value,
        source=revision.source,
        change_summary=revision.change_summary,
        created_at=revision.created_at,
        created_by=revision.created_by,
    )
