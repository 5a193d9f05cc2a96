"""The draft that a page of the editor is about."""

from __future__ import annotations

from urllib.parse import quote

from sqlmodel import Session

from service.documents import queries
from service.documents.models import Document, Revision
from service.documents.rules import Status
from service.errors import Refused
from service.organisations.api import Member
from service.organisations.roles import Act
from service.organisations.rules import require


def open_draft(session: Session, member: Member, number: str, *, lock: bool = False) -> tuple[Document, Revision]:
    """The document with its draft; with `lock` nobody else changes it until the transaction ends.

    Forbidden for who does not write documents of its department, NotFound where nothing is on its way, Refused for what is frozen.
    """
    document = queries.find_document(session, member.organisation.id, number)
    require(member.without_posts, Act.DRAFT, document.department)
    revision = queries.running_revision(session, document, lock=lock)
    if revision.status is not Status.DRAFT:
        raise Refused(f"{document.number} {revision.label} 已提交审核，现在不能修改", code="not_a_draft")
    return document, revision


def address_of(member: Member, document: Document, section: str = "") -> str:
    """Where the editor of this document, and of this section, is."""
    base = f"/organisations/{member.organisation.code}/documents/{quote(document.number)}/edit"
    return f"{base}?section={quote(section)}" if section else base
