"""Every domain's tables, imported once: one metadata for Alembic and for tests."""

from service.approvals.models import Signoff
from service.coverage.models import Claim, Confirmation
from service.documents.models import Document, Revision
from service.manuals.models import Build
from service.organisations.models import Department, Organisation, Post, PostHolder, VariableValue
from service.standards.models import NotApplicable
from service.trail.models import TrailEntry, TrailHead

__all__ = [
    "Build",
    "Claim",
    "Confirmation",
    "Department",
    "Document",
    "NotApplicable",
    "Organisation",
    "Post",
    "PostHolder",
    "Revision",
    "Signoff",
    "TrailEntry",
    "TrailHead",
    "VariableValue",
]
