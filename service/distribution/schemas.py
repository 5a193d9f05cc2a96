"""Copies and recipients as JSON: what the API gives and takes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from service.distribution.rows import CopyRow
from service.distribution.rules import (
    LONGEST_NAME,
    LONGEST_NOTE,
    CopyStatus,
    Medium,
    Outcome,
)

MOST_HOLDERS = 200
Number = Annotated[str, Field(min_length=1, max_length=60, description="文件编号")]
Label = Annotated[str | None, Field(max_length=20, description="版本/修订状态；不填为现行有效的修订")]
Key = Annotated[str, Field(min_length=1, max_length=80)]
Note = Annotated[str, Field(max_length=LONGEST_NOTE)]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]


def body_config(*examples: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(examples)})


class CopyLine(BaseModel):
    """A controlled copy as it stood on a day; `department` is the name printed."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    document: str
    title: str
    label: str
    copy_number: int
    holder_login: str | None
    holder_name: str
    department: str
    medium: Medium
    status: CopyStatus
    issued_on: date
    received_on: date | None
    recall_due_on: date | None
    recalled_on: date | None
    outcome: Outcome | None
    settled_on: date | None
    witness: str
    notes: list[str]


class RegisterBody(BaseModel):
    """文件发放回收登记表 of day `on`, as recorded by `recorded_on` (null: now)."""

    title: str
    organisation: str
    on: date
    recorded_on: datetime | None
    copies: list[CopyLine]


class HolderBody(BaseModel):
    """A person of the organisation by log-in name, or somebody else by name and department."""

    model_config = body_config({"login": "ding"}, {"name": "王五", "department": "认证机构"})

    login: Name = ""
    name: Name = ""
    department: Name = ""


class IssueBody(BaseModel):
    """Copies to be issued, all of them or none."""

    model_config = body_config({"document": "JC/SH-CX-01", "medium": "paper", "holders": [{"login": "ding"}], "issued_on": "2026-03-02"})

    document: Number
    label: Label = None
    medium: Medium
    holders: Annotated[list[HolderBody], Field(min_length=1, max_length=MOST_HOLDERS)]
    issued_on: date | None = None
    remark: Note = ""


class IssueToRecipientsBody(BaseModel):
    """An electronic copy for everybody the document is addressed to."""

    model_config = body_config({"document": "JC/SH-CX-01"})

    document: Number
    label: Label = None


class ReceiveBody(BaseModel):
    """签收; day and remark are for the receipt of a paper copy that the document controller records."""

    model_config = body_config({}, {"received_on": "2026-03-02", "remark": "纸质签收单第 3 页"})

    received_on: date | None = None
    remark: Note = ""


class RecallBody(BaseModel):
    """回收; a reason is needed while the revision is in force."""

    model_config = body_config({"recalled_on": "2026-04-01", "remark": "持有人离职"})

    recalled_on: date | None = None
    remark: Note = ""


class SettleBody(BaseModel):
    """What became of a copy: a destruction names its witness, a loss how it came about."""

    model_config = body_config({"outcome": "destroyed", "witness": "易二"}, {"outcome": "lost", "remark": "外出维修途中遗失"})

    outcome: Outcome
    settled_on: date | None = None
    witness: Name = ""
    remark: Note = ""


class RecipientsBody(BaseModel):
    """发放范围: the whole company, or departments and posts (keys). Nothing: the own department; a part of the manual: everybody."""

    model_config = body_config({"departments": ["service"], "posts": ["general_manager"]}, {"everybody": True})

    everybody: bool = False
    departments: Annotated[list[Key], Field(max_length=200)] = []
    posts: Annotated[list[Key], Field(max_length=200)] = []


class PersonLine(BaseModel):
    """Somebody a document is addressed to."""

    login: str
    name: str


class RecipientsLine(RecipientsBody):
    """The same with the people whom it means today."""

    people: list[PersonLine]


def copy_lines(rows: Iterable[CopyRow]) -> list[CopyLine]:
    return [CopyLine.model_validate(row) for row in rows]
