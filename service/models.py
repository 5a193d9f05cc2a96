"""Every domain's tables, imported once: one metadata for Alembic and for tests."""

from service.accounts.models import AccountEvent, AccountLink, ApiToken, LoginAttempt, LoginSession, User
from service.approvals.models import Signoff
from service.coverage.models import Claim, Confirmation
from service.documents.models import Document, Revision
from service.manuals.models import Build
from service.organisations.models import Department, Organisation, Post, PostHolder, VariableValue
from service.standards.models import NotApplicable
from service.trail.models import TrailAnchor, TrailEntry, TrailHead

__all__ = [
    "AccountEvent",
    "AccountLink",
    "ApiToken",
    "Build",
    "Claim",
    "Confirmation",
    "Department",
    "Document",
    "LoginAttempt",
    "LoginSession",
    "NotApplicable",
    "Organisation",
    "Post",
    "PostHolder",
    "Revision",
    "Signoff",
    "TrailAnchor",
    "TrailEntry",
    "TrailHead",
    "User",
    "VariableValue",
]
