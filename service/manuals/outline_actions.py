"""Saving the outline of an organisation's manual."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.clock import local_date
from service.documents.queries import documents
from service.errors import Conflict, InputError
from service.manuals.models import SavedOutline
from service.manuals.outline import outline_from
from service.manuals.outline_queries import outline_at, outline_lines
from service.manuals.rules import Outline
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, require
from service.trail.actions import record


def save_outline(
    session: Session,
    organisation: Organisation,
    *,
    order: Sequence[str],
    left_out: Sequence[str],
    based_on: int,
    by: Actor,
    at: datetime,
) -> Outline:
    """The order and choice of documents for every manual from now on; with both empty the usual order again.

    `based_on`: the version that was looked at; Conflict if somebody saved another meanwhile. What changes nothing is not saved again.
    InputError for an unknown number, one that stands twice, or an outline that leaves nothing to print.
    """
    require(by, Act.BUILD)
    former, wanted = outline_at(session, organisation.id), outline_from(order, left_out, based_on + 1)
    _check(session, organisation, wanted, on=local_date(at, organisation.time_zone))
    if former.version != based_on:
        raise _overtaken()
    if former == wanted:
        return former
    row = SavedOutline(
        organisation_id=organisation.id,
        version=wanted.version,
        sequence=list(wanted.order),
        left_out=list(wanted.left_out),
        saved_at=at,
        saved_by=by.login,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as fault:
        raise _overtaken() from fault
    _record(session, organisation, former, wanted, by, at)
    return wanted


def _overtaken() -> Conflict:
    return Conflict("编排在您打开页面之后被他人修改过，请刷新页面，在最新的编排上再改", code="outline_changed")


def _check(session: Session, organisation: Organisation, wanted: Outline, *, on: date) -> None:
    order, left_out = wanted.order, wanted.left_out
    known = {document.number for document in documents(session, organisation.id)}
    unknown = [number for number in (*order, *left_out) if number not in known]
    if unknown:
        raise InputError(f"编排中有不存在的文件 {unknown[0]}", code="document_not_found")
    if len(set(order)) < len(order):
        raise InputError("编排中有文件出现了两次", code="outline_twice")
    lines = outline_lines(session, organisation.id, on, wanted) if left_out else []
    if lines and all(line.is_left_out for line in lines):
        raise InputError("至少要有一份文件编入手册", code="outline_empty")


def _record(session: Session, organisation: Organisation, former: Outline, wanted: Outline, by: Actor, at: datetime) -> None:
    record(
        session,
        organisation.id,
        at=at,
        by=by.login,
        action="outline:save",
        subject="manual",
        subject_id=organisation.code,
        details={
            "version": wanted.version,
            "order": list(wanted.order),
            "left_out": list(wanted.left_out),
            "former_version": former.version,
        },
    )
