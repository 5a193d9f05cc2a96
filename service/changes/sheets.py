"""What is printed of a request, as plain values: the application, the notice and the pages of changes. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from service.changes.differences import SectionChange
from service.distribution.rows import CopyRow


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signed in which meaning, under which post, on which local day."""

    meaning: str
    name: str
    post: str
    on: date | None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A change that was asked for; `label` is the revision that is to change, `result` what has come of it."""

    number: str
    title: str
    label: str
    manner: str
    place: str
    proposed: str
    new_label: str
    effective_on: date | None
    result: str


@dataclass(frozen=True, slots=True)
class RequestSheet:
    """文件更改申请单. `impact` is the frozen JSON of impact.py, empty until the request is submitted."""

    organisation: str
    number: str
    title: str
    reason: str
    state: str
    applicant: Signed
    items: tuple[ItemLine, ...]
    impact: dict[str, Any]
    granted: bool | None
    decision: Signed | None
    comment: str
    seal: str


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A document in the notice: what it was, what it is now (None: it is obsolete), since when, and for whom it is."""

    number: str
    title: str
    manner: str
    before: str
    after: str
    effective_on: date | None
    summary: str
    addressed_to: str


@dataclass(frozen=True, slots=True)
class NoticeSheet:
    """文件更改通知. `copies`: controlled copies of the former revisions that were given out; `pending`: what is not in force yet."""

    organisation: str
    number: str
    title: str
    lines: tuple[ChangedLine, ...]
    pending: tuple[str, ...]
    copies: tuple[CopyRow, ...]
    decision: Signed
    on: date


@dataclass(frozen=True, slots=True)
class PageSheet:
    """修改页 of one document: two revisions and what differs."""

    organisation: str
    request: str
    number: str
    title: str
    before: str
    after: str
    effective_on: date | None
    summary: str
    changes: tuple[SectionChange, ...]
    signed: tuple[Signed, ...]
