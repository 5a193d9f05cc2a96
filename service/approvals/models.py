"""Tables of approvals: sign-offs, the way each submitted revision takes, the rules for it, exceptions from separate duties, comments."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from service.approvals.route import Route
from service.approvals.rules import LONGEST_COMMENT, LONGEST_WORDS, Meaning, Outcome
from service.db import enum_field, id_field, json_field, moment_field
from service.text.model import Kind

_VALID = text("voided_at IS NULL")
_VALID_COUNTERSIGNATURE = text("voided_at IS NULL AND meaning = 'countersign'")
_RUNNING = text("ended_at IS NULL")


class ApprovalRule(SQLModel, table=True):
    """审批规则: who reviews, countersigns and approves documents of a kind and department (None: of all), from a day on.

    It holds once somebody else has approved it. Posts are keys of the organisation chart; rows are ended, never changed.
    """

    __tablename__ = "approval_rule"

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    kind: Kind | None = enum_field(Kind, default=None, nullable=True)
    department: str | None = Field(default=None, max_length=80)
    reviewers: list[str] = json_field(default_factory=list)
    countersigners: list[str] = json_field(default_factory=list)
    countersigns_needed: int = 0
    approvers: list[str] = json_field(default_factory=list)
    valid_from: date
    proposed_at: datetime = moment_field()
    proposed_by: str = Field(max_length=100)
    approved_at: datetime | None = moment_field(default=None)
    approved_by: str = Field(default="", max_length=100)
    ended_on: date | None = None
    ended_at: datetime | None = moment_field(default=None)
    ended_by: str = Field(default="", max_length=100)

    @property
    def route(self) -> Route:
        return Route(tuple(self.reviewers), tuple(self.countersigners), self.countersigns_needed, tuple(self.approvers))


class Approval(SQLModel, table=True):
    """One run of a submitted revision to its approval; the route is that of the rule on the day of submission and stays so."""

    __tablename__ = "approval"
    __table_args__ = (Index("uq_approval_running", "document_id", unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING),)

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    document_id: UUID = Field(foreign_key="document.id")
    revision_id: UUID = Field(foreign_key="revision.id", index=True)
    rule_id: UUID | None = Field(default=None, foreign_key="approval_rule.id")
    reviewers: list[str] = json_field(default_factory=list)
    countersigners: list[str] = json_field(default_factory=list)
    countersigns_needed: int = 0
    approvers: list[str] = json_field(default_factory=list)
    submitted_at: datetime = moment_field()
    submitted_by: str = Field(max_length=100)
    ended_at: datetime | None = moment_field(default=None)
    outcome: Outcome | None = enum_field(Outcome, default=None, nullable=True)

    @property
    def route(self) -> Route:
        return Route(tuple(self.reviewers), tuple(self.countersigners), self.countersigns_needed, tuple(self.approvers))


class DutyException(SQLModel, table=True):
    """例外: somebody may sign these meanings together, on one document or on all (None), for a reason and until a day."""

    __tablename__ = "duty_exception"

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    document_id: UUID | None = Field(default=None, foreign_key="document.id")
    login: str = Field(max_length=100)
    name: str = Field(max_length=100)
    meanings: list[str] = json_field(default_factory=list)
    reason: str = Field(max_length=LONGEST_WORDS)
    valid_from: date
    valid_until: date
    granted_at: datetime = moment_field()
    granted_by: str = Field(max_length=100)
    ended_on: date | None = None
    ended_at: datetime | None = moment_field(default=None)
    ended_by: str = Field(default="", max_length=100)


class Signoff(SQLModel, table=True):
    """签署: who signed in which meaning, under which post, when, over which text. Returning a revision voids its sign-offs.

    `post_key` is the post of the route that was signed for, if the route asks for posts; `exception_id` the exception without which
    this person could not have signed. `seal` is over all of it and stands in the trail too (see seals.py).
    """

    __tablename__ = "signoff"
    __table_args__ = (
        Index("ix_signoff_once", "revision_id", "meaning", "login", unique=True, sqlite_where=_VALID, postgresql_where=_VALID),
        Index(
            "uq_signoff_countersigned_post",
            "revision_id",
            "post_key",
            unique=True,
            sqlite_where=_VALID_COUNTERSIGNATURE,
            postgresql_where=_VALID_COUNTERSIGNATURE,
        ),
    )

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    revision_id: UUID = Field(foreign_key="revision.id", index=True)
    exception_id: UUID | None = Field(default=None, foreign_key="duty_exception.id")
    meaning: Meaning = enum_field(Meaning)
    login: str = Field(max_length=100)
    name: str = Field(max_length=100)
    post: str = Field(max_length=400)
    post_key: str = Field(default="", max_length=80)
    at: datetime = moment_field()
    fingerprint: str = Field(max_length=64)
    comment: str = Field(default="", max_length=LONGEST_WORDS)
    seal: str = Field(max_length=64)
    voided_at: datetime | None = moment_field(default=None)


class Comment(SQLModel, table=True):
    """意见 on a section of a revision under way (`section`: its anchor, "" for the whole text), until its author has dealt with it.

    `clause` and `section_title` are those that the commenter saw. Printed nowhere; rows are resolved, never changed.
    """

    __tablename__ = "comment"

    id: UUID = id_field()
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    document_id: UUID = Field(foreign_key="document.id")
    revision_id: UUID = Field(foreign_key="revision.id", index=True)
    section: str = Field(default="", max_length=80)
    clause: str = Field(default="", max_length=40)
    section_title: str = Field(default="", max_length=200)
    text: str = Field(max_length=LONGEST_COMMENT)
    at: datetime = moment_field()
    login: str = Field(max_length=100)
    name: str = Field(max_length=100)
    resolved_at: datetime | None = moment_field(default=None)
    resolved_by: str = Field(default="", max_length=100)
    resolved_name: str = Field(default="", max_length=100)
