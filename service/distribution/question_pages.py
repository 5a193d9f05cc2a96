"""Pages of the questions that go with a revision: which there are, and changing them until somebody has answered."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.distribution.acknowledgement_api import Viewer, questions_tag
from service.distribution.acknowledgement_pages import Short, Words
from service.distribution.acknowledgement_queries import acknowledgements_of, questions_of
from service.distribution.picking import labelled, usable
from service.distribution.queries import find_revision
from service.distribution.questions import may_write_questions, sees_right_options, set_questions
from service.distribution.rules import QuestionText
from service.distribution.typed_questions import positions, typed_questions, usual_questions
from service.documents.choices import member_choices, picked
from service.documents.models import Document, Revision
from service.documents.queries import find_document
from service.documents.readers import lock_document
from service.documents.rules import Status
from service.errors import Conflict
from service.organisations.api import Member, allowed_to_write
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.web.depends import Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/acknowledgements", route_class=PageRoute)

QuestionWriter = Annotated[Member, allowed_to_write(Act.DRAFT)]


@router.get("/questions")
def questions(member: Viewer, session: Reading, document: Words = "", label: Short = "") -> HTMLResponse:
    """The questions of a revision; they may be changed until somebody has answered them."""
    offered = member_choices(session, member)
    chosen = picked(document, offered)
    if chosen is None:
        return organisation_page("distribution/questions_choose.html", member, "acknowledgements", choices=offered, typed=document)
    return _questions(session, member, chosen.number, label)


@router.post("/questions")
def put_questions(member: QuestionWriter, session: Writing, form: Form) -> Response:
    number, label = form.text("document", required="请选择文件"), form["label"]
    if form["then"] == "add":
        return _questions(session, member, number, label, form, more=1)
    wanted = typed_questions(form)

    def act() -> bool:
        document, revision = _revision(session, member, number, label)
        lock_document(session, document)
        if form["standing"] != questions_tag(questions_of(session, revision)):
            raise Conflict("题目已被他人修改；您填写的内容还在下面，请核对后再保存", code="questions_changed")
        set_questions(session, document, revision, wanted, by=member.actor(session), at=clock.now())
        return True

    if not attempt(session, form, act):
        return _questions(session, member, number, label, form, 422)
    asked = urlencode({"document": number, "label": label})
    return see(f"/organisations/{member.organisation.code}/acknowledgements/questions?{asked}", f"{number} {label} 的阅读题目已保存")


def _revision(session: Session, member: Member, number: str, label: str) -> tuple[Document, Revision]:
    document = find_document(session, member.organisation.id, number)
    return document, find_revision(session, document, label or None, member.today)


def _questions(
    session: Session, member: Member, number: str, label: str, form: Filled = NOTHING, status: int = 200, *, more: int = 0
) -> HTMLResponse:
    document, revision = _revision(session, member, number, label)
    stored, by = questions_of(session, revision), member.actor(session)
    answered = any(row.attempts for row in acknowledgements_of(session, revision))
    sees_right = sees_right_options(session, document, revision, by)
    writes = may_write_questions(document, by) and sees_right and not answered
    wanted = [QuestionText(row.text, tuple(row.options), tuple(row.right_options) if sees_right else ()) for row in stored]
    usual = usual_questions(wanted)
    places = positions(form.values or usual) or [1]
    places += [places[-1] + step for step in range(1, more + 1)]
    return organisation_page(
        "distribution/questions.html",
        member,
        "acknowledgements",
        status=status,
        filled=form,
        document=document,
        revision=revision,
        labels=labelled(usable(session, document, member, {Status.APPROVED, Status.RELEASED}), member),
        stored=wanted,
        usual=usual,
        positions=places,
        standing=form["standing"] or questions_tag(stored),
        writes=writes,
        answered=answered,
        sees_right=sees_right,
    )
