"""发放范围: whom a document is addressed to, set by the document controller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from service.clock import local_date
from service.documents.models import Document, Recipient
from service.documents.readers import lock_document, recipients_of
from service.documents.recording import record_about
from service.errors import InputError
from service.organisations.models import Organisation
from service.organisations.queries import chart_on
from service.organisations.roles import Act
from service.organisations.rules import Actor, Chart, departments_of, names_by_key, posts_of, require


@dataclass(frozen=True, slots=True)
class Addressees:
    """The whole company, or departments and posts (keys). Nothing at all: as if nobody had ever set it (see `addressed`)."""

    everybody: bool = False
    departments: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()


def addressees(rows: list[Recipient]) -> Addressees:
    """Recipients as one value, keys in alphabetical order."""
    departments = tuple(sorted(row.department for row in rows if row.department))
    return Addressees(any(row.everybody for row in rows), departments, tuple(sorted(row.post for row in rows if row.post)))


def set_recipients(
    session: Session, organisation: Organisation, document: Document, wanted: Addressees, *, by: Actor, at: datetime
) -> list[Recipient]:
    """Replace the recipients; returns those that stand now. Setting what stands already changes nothing.

    InputError for a department or post that is not on today's chart, or for the whole company together with some of it.
    """
    require(by, Act.DISTRIBUTE)
    wanted = _checked(wanted, chart_on(session, organisation.id, local_date(at, organisation.time_zone)))
    lock_document(session, document)
    standing = recipients_of(session, document)
    if addressees(standing) == wanted:
        return standing
    for row in standing:
        row.ended_at, row.ended_by = at, by.login
        session.add(row)
    session.add_all(_rows(document, wanted, by, at))
    session.flush()
    details = {"everybody": wanted.everybody, "departments": list(wanted.departments), "posts": list(wanted.posts)}
    record_about(session, document, "document:address", by=by, at=at, details=details)
    return recipients_of(session, document)


def _checked(wanted: Addressees, chart: Chart) -> Addressees:
    departments, posts = sorted(set(wanted.departments)), sorted(set(wanted.posts))
    if wanted.everybody and (departments or posts):
        raise InputError("发放范围已是全公司，不能再列出部门或岗位", code="recipients_twice")
    require_on_chart(chart, departments, posts)
    return Addressees(wanted.everybody, tuple(departments), tuple(posts))


def require_on_chart(chart: Chart, departments: Iterable[str], posts: Iterable[str]) -> None:
    """InputError for a department or post (key) that is not on the chart."""
    for word, given, known in (
        ("部门", departments, names_by_key(departments_of(chart))),
        ("岗位", posts, names_by_key(posts_of(chart))),
    ):
        unknown = sorted(set(given) - set(known))
        if unknown:
            raise InputError(f"组织机构图上没有{word} {'、'.join(unknown)}", code="unknown_recipient")


def _rows(document: Document, wanted: Addressees, by: Actor, at: datetime) -> list[Recipient]:
    named: list[tuple[str | None, str | None]] = [(key, None) for key in wanted.departments]
    named += [(None, key) for key in wanted.posts]
    named += [(None, None)] if wanted.everybody else []
    return [
        Recipient(
            organisation_id=document.organisation_id,
            document_id=document.id,
            department=department,
            post=post,
            created_at=at,
            created_by=by.login,
        )
        for department, post in named
    ]
