"""Builds as their history shows them: one of them by its id, and who made them."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from service.accounts.models import User
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


def names_of(session: Session, logins: Iterable[str]) -> dict[str, str]:
    """Names of people by their log-in names; one without an account (the system itself) has none."""
    query = select(User.login, User.name).where(col(User.login).in_(set(logins)))
    return dict(session.exec(query).all())
