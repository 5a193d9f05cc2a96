"""Builds as their history shows them: one of them by its id, and the one before it."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import Session, col, select

from service.errors import NotFound
from service.manuals.models import Build


def build_of(session: Session, organisation: UUID, build: UUID) -> Build:
    """One of the organisation's builds; NotFound otherwise."""
    row = session.exec(select(Build).where(Build.organisation_id == organisation, Build.id == build)).one_or_none()
    if row is None:
        raise NotFound("没有这次编制的手册", code="build_not_found")
    return row


def build_before(session: Session, build: Build) -> Build | None:
    """The organisation's build that was made last before this one."""
    query = select(Build).where(Build.organisation_id == build.organisation_id, Build.built_at < build.built_at)
    return session.exec(query.order_by(col(Build.built_at).desc()).limit(1)).first()
