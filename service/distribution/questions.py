"""The questions that go with a revision: who reads it answers them rightly before he acknowledges."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from service.distribution.acknowledgement_queries import acknowledgements_of, questions_of
from service.distribution.models import Question
from service.distribution.recording import record_about
from service.distribution.rules import QuestionText, checked_questions
from service.documents.models import Document, Revision
from service.documents.readers import lock_document
from service.errors import Refused
from service.organisations.roles import Act, may
from service.organisations.rules import Actor, require


def may_write_questions(document: Document, by: Actor) -> bool:
    """The document controller, and authors of the document's department."""
    return may(by.roles, Act.DISTRIBUTE) or may(by.roles, Act.DRAFT, document.department)


def sees_right_options(session: Session, document: Document, revision: Revision, by: Actor) -> bool:
    """Who writes the questions sees the right options, unless he has still to answer them himself; everybody sees them once he has."""
    own = [row for row in acknowledgements_of(session, revision) if row.login == by.login and not row.excused_at and not row.ended_at]
    return own[-1].acknowledged_at is not None if own else may_write_questions(document, by)


def set_questions(
    session: Session, document: Document, revision: Revision, questions: Sequence[QuestionText], *, by: Actor, at: datetime
) -> list[Question]:
    """Replace the questions of a revision; none: it is acknowledged without any. Refused once somebody has answered the present ones."""
    if not may_write_questions(document, by):
        require(by, Act.DRAFT, document.department)
    wanted = checked_questions(questions)
    lock_document(session, document)
    if any(row.attempts for row in acknowledgements_of(session, revision)):
        raise Refused(f"{document.number} {revision.label} 已有人答题，不能再改题目", code="questions_answered")
    for row in questions_of(session, revision):
        row.ended_at, row.ended_by = at, by.login
        session.add(row)
    session.flush()  # before the new ones: only one stands in each position
    session.add_all(
        Question(
            organisation_id=document.organisation_id,
            revision_id=revision.id,
            position=position,
            text=question.text,
            options=list(question.options),
            right_options=list(question.right),
            created_at=at,
            created_by=by.login,
        )
        for position, question in enumerate(wanted, 1)
    )
    details = {"questions": [{"text": each.text, "options": list(each.options)} for each in wanted]}
    record_about(session, document, revision, "question:set", by=by, at=at, details=details)
    return questions_of(session, revision)
