"""Creating documents and drafts, freezing text, and the dates that put a revision in force or out of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlmodel import Session

from service.clock import local_date
from service.documents import queries
from service.documents.drafts import read_draft
from service.documents.models import Document, Revision
from service.documents.recording import record_about
from service.documents.rules import FIRST_EDITION, Status, next_label, number
from service.errors import Conflict, InputError, Refused, ServiceError
from service.organisations.actions import lock
from service.organisations.models import Organisation
from service.organisations.roles import Act
from service.organisations.rules import Actor, act_refusal, require
from service.text.fingerprints import procedure_fingerprint
from service.text.model import FrontMatter
from service.text.parse import parse_procedure


def create_document(
    session: Session, organisation: Organisation, source: str, front: FrontMatter, *, by: Actor, at: datetime, template_set: str = ""
) -> tuple[Document, Revision]:
    """A numbered document with its first draft A/0. Conflict if the key is taken in this organisation.

    Of several at once each waits for the one before. A text of a template set has nobody who wrote it yet.
    """
    require(by, Act.DRAFT, front.department)
    lock(session, organisation)
    if front.key and any(row.key == front.key for row in queries.documents(session, organisation.id)):
        raise Conflict(f"文件“{front.title}”（{front.key}）已经存在", code="duplicate_document")
    serial, free = _next_number(session, organisation, front)
    document = Document(
        organisation_id=organisation.id,
        number=free,
        kind=front.kind,
        serial=serial,
        key=front.key or None,
        template_set=template_set,
        department=front.department,
        created_at=at,
    )
    session.add(document)
    session.flush()
    revision = _draft(session, document, source, front.title, FIRST_EDITION, 0, by=by, at=at, change_summary="首次发布")
    revision.edited_by = [] if template_set else [by.login]
    record_about(
        session,
        document,
        "document:create",
        by=by,
        at=at,
        details={"number": document.number, "title": front.title, "label": revision.label},
    )
    return document, revision


def _next_number(session: Session, organisation: Organisation, front: FrontMatter) -> tuple[int, str]:
    """The next serial of the kind and its number; a pattern without {kind} counts on through all kinds."""
    taken = {row.number for row in queries.documents(session, organisation.id)}
    pattern, company = organisation.number_pattern, organisation.code
    serials = count(queries.last_serial(session, organisation.id, front.kind) + 1)
    numbers = (
        (serial, number(pattern, company=company, kind=front.kind, serial=serial, department=front.department)) for serial in serials
    )
    return next((serial, found) for serial, found in numbers if found not in taken)


def _draft(
    session: Session,
    document: Document,
    source: str,
    title: str,
    edition: str,
    revision_number: int,
    *,
    by: Actor,
    at: datetime,
    change_summary: str,
) -> Revision:
    revision = Revision(
        organisation_id=document.organisation_id,
        document_id=document.id,
        edition=edition,
        revision_number=revision_number,
        status=Status.DRAFT,
        title=title,
        source=source,
        change_summary=change_summary,
        created_at=at,
        created_by=by.login,
    )
    session.add(revision)
    session.flush()
    return revision


def draft_refusal(document: Document, newest: Revision, by: Actor) -> ServiceError | None:
    """Why this person cannot start a revision now; None if he can. `newest`: the document's last revision, of whatever status."""
    denied = act_refusal(by, Act.DRAFT, document.department)
    if denied:
        return denied
    if newest.status is not Status.RELEASED:
        return Refused(f"文件 {document.number} 已有修订 {newest.label} 在途，请先完成或撤回", code="draft_exists")
    if newest.obsolete_on is not None:
        return Refused(f"文件 {document.number} 已作废，不能再起草修订", code="document_obsolete")
    return None


def draft_next(session: Session, document: Document, *, by: Actor, at: datetime, change_summary: str, reissue: bool = False) -> Revision:
    """A draft that follows the newest revision; refused while another one is on its way, of what is obsolete, or without a reason."""
    newest = queries.locked_history(session, document)[-1]
    refused = draft_refusal(document, newest, by)
    if refused:
        raise refused
    if not change_summary.strip():
        raise InputError("请填写修改内容", code="change_summary_missing")
    edition, revision_number = next_label(newest.edition, newest.revision_number, reissue=reissue)
    revision = _draft(session, document, newest.source, newest.title, edition, revision_number, by=by, at=at, change_summary=change_summary)
    record_about(session, document, "revision:draft", by=by, at=at, details={"label": revision.label, "change_summary": change_summary})
    return revision


def edit(session: Session, document: Document, revision: Revision, source: str, *, by: Actor, at: datetime, file: str = "") -> None:
    """Replace a draft's text. The text must parse; its key and kind stay those of the document. Whoever writes is one of its preparers."""
    replace_source(session, document, revision, source, by=by, at=at, file=file)
    record_about(session, document, "revision:edit", by=by, at=at, details={"label": revision.label})


def replace_source(
    session: Session, document: Document, revision: Revision, source: str, *, by: Actor, at: datetime, file: str = ""
) -> None:
    """The same as a part of a larger change, which leaves its own entry in the trail.

    The text is read as it would print today: a condition within a table is no fault of the table.
    """
    require(by, Act.DRAFT, document.department)
    session.refresh(revision, with_for_update=True)
    if revision.status != Status.DRAFT:
        raise Refused(f"只有编制中的修订可以修改，{document.number} {revision.label} 不是", code="not_a_draft")
    organisation = session.get_one(Organisation, document.organisation_id)
    front = read_draft(session, organisation, source, on=local_date(at, organisation.time_zone), file=file).front
    if front.kind != document.kind or (front.key or None) != document.key:
        raise InputError("文件的 key 和 kind 不能改变", code="identity_changed")
    revision.source, revision.title = source, front.title
    revision.edited_by = list(dict.fromkeys((*revision.edited_by, by.login)))
    session.add(revision)


def freeze(session: Session, revision: Revision, text: str, variables: Mapping[str, Any]) -> None:
    """Fix the filled text, the values it used and the fingerprint that sign-offs bind to. Nothing changes them afterwards."""
    revision.text, revision.variables = text, dict(variables)
    revision.fingerprint = procedure_fingerprint(parse_procedure(text, file=revision.title))
    session.add(revision)


def thaw(session: Session, revision: Revision) -> None:
    """Back to an editable draft: the frozen text is dropped, the source with its variables is still there."""
    revision.text, revision.variables, revision.fingerprint, revision.approved_at, revision.carrier_id = "", {}, "", None, None
    session.add(revision)


def put_in_force(session: Session, revision: Revision, *, released_on: date, effective_on: date, at: datetime) -> None:
    """发布: from `effective_on` on this revision is the one in force. Refused if it would take force before its release."""
    if effective_on < released_on:
        raise InputError(f"实施日期 {effective_on} 早于发布日期 {released_on}", code="effective_before_release")
    revision.released_on, revision.effective_on, revision.released_at = released_on, effective_on, at
    session.add(revision)


def make_obsolete(session: Session, document: Document, revision: Revision, *, on: date, by: Actor, at: datetime, reason: str) -> None:
    """作废 from day `on`: afterwards nothing of the document is in force. Refused while a revision is on its way: it would revive it."""
    history = queries.locked_history(session, document)
    released = [row for row in history if row.status is Status.RELEASED]
    if released[-1:] != [revision] or revision.obsolete_on is not None:
        raise Refused(f"{document.number} {revision.label} 不是最新发布的修订，或已经作废，不能作废", code="not_in_force")
    if history[-1] is not revision:
        raise under_way(document, history[-1])
    if not reason.strip():
        raise InputError("请填写作废原因", code="reason_missing")
    if revision.effective_on is not None and on < revision.effective_on:
        raise InputError(f"作废日期 {on} 早于实施日期 {revision.effective_on}", code="obsolete_before_effective")
    revision.obsolete_on, revision.obsoleted_at, revision.obsolete_reason = on, at, reason.strip()
    session.add(revision)
    record_about(
        session, document, "revision:obsolete", by=by, at=at, details={"label": revision.label, "on": on.isoformat(), "reason": reason}
    )


def under_way(document: Document, revision: Revision) -> Refused:
    """Why a document is not made obsolete now."""
    return Refused(f"文件 {document.number} 的修订 {revision.label} 在途，不能作废，请先完成该修订", code="revision_under_way")
