"""Every domain's tables, imported once: one metadata for Alembic and for tests."""

from service.accounts.models import AccountEvent, AccountLink, ApiToken, LoginAttempt, LoginSession, User
from service.approvals.models import Approval, ApprovalRule, Comment, DutyException, Signoff
from service.changes.models import ChangeItem, ChangeRequest
from service.coverage.models import Claim, Confirmation
from service.distribution.models import Acknowledgement, Copy, CopyNumber, Question
from service.documents.models import Document, ExternalCheck, ExternalDocument, PeriodicReview, Picture, Recipient, Revision
from service.jobs.models import Job
from service.manuals.models import Build, HouseStyle, Making, SavedOutline
from service.notices.models import Channel, Notice
from service.organisations.models import Department, Membership, Organisation, Post, PostHolder, VariableValue
from service.standards.models import NotApplicable
from service.trail.models import TrailAnchor, TrailEntry, TrailHead
from service.web.models import AnsweredRequest

__all__ = [
    "AccountEvent",
    "AccountLink",
    "Acknowledgement",
    "AnsweredRequest",
    "ApiToken",
    "Approval",
    "ApprovalRule",
    "Build",
    "ChangeItem",
    "ChangeRequest",
    "Channel",
    "Claim",
    "Comment",
    "Confirmation",
    "Copy",
    "CopyNumber",
    "Department",
    "Document",
    "DutyException",
    "ExternalCheck",
    "ExternalDocument",
    "HouseStyle",
    "Job",
    "LoginAttempt",
    "LoginSession",
    "Making",
    "Membership",
    "NotApplicable",
    "Notice",
    "Organisation",
    "PeriodicReview",
    "Picture",
    "Post",
    "PostHolder",
    "Question",
    "Recipient",
    "Revision",
    "SavedOutline",
    "Signoff",
    "TrailAnchor",
    "TrailEntry",
    "TrailHead",
    "User",
    "VariableValue",
]
