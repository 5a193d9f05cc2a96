"""审核与签署: what waits for me, what waits for others, and signing several documents with one password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from service import clock
from service.accounts.second_factor import has_second_factor
from service.approvals.claimed import ClaimedIndicator, carried_forms, claimed_indicators
from service.approvals.comment_queries import open_comments
from service.approvals.notices import NEXT
from service.approvals.rules import STEP_ACTS, STEP_NAMES, Step
from service.approvals.signing_forms import identify, running, seen_of, sign
from service.approvals.waiting import Waiting, for_me, waiting
from service.documents.models import Document, Revision
from service.documents.queries import find_document, of_day, revisions
from service.documents.rules import KIND_NAMES
from service.documents.texts import Compared, compared, set_text, text_html
from service.errors import Refused, ServiceError
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.settings import settings
from service.standards.shipped import standard
from service.web.depends import Reading, Writing
from service.web.forms import Filled, Form, see
from service.web.heavy import Heavy
from service.web.once import PageRoute
from service.web.portions import PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/signing", route_class=PageRoute)
Viewer = Annotated[Member, allowed(Act.READ_ALL)]
SIGNING = (Step.REVIEW, Step.COUNTERSIGN, Step.APPROVE)
Signer = Annotated[Member, allowed_to_write(*(STEP_ACTS[step] for step in SIGNING))]
Numbers = Annotated[list[str], Query(alias="number", max_length=200)]
AT_ONCE = 20
"""Documents on one page for signing: more are not read with care, and the page would be long in coming."""
TYPED = frozenset({"csrf", "once", "password", "code", "comment"})
"""Fields of a batch that a refused form asks again or brings anew; the others say what was read and chosen, and are sent along."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document of a batch as it is shown: its text, or its changes against the revision in force; the forms signed along with it."""

    row: Waiting
    seen: str
    text: str
    found: Compared | None
    claims: tuple[ClaimedIndicator, ...]
    forms: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """What came of one document of a batch: `said` if it was signed, else why not."""

    number: str
    title: str
    said: str
    fault: str = ""


@router.get("")
def signing(
    member: Viewer,
    session: Reading,
    page: PageNumber = 1,
    others_page: PageNumber = 1,
) -> HTMLResponse:
    mine, others = for_me(waiting(session, member.organisation, at=clock.now()), member.caller.user.login)
    return organisation_page(
        "approvals/signing.html",
        member,
        "signing",
        mine=portion(mine, page, {"others_page": others_page}),
        others=portion(others, others_page, {"page": page}, "others_page"),
        comments=open_comments(session, member.organisation.id),
        step_names=STEP_NAMES,
        kind_names=KIND_NAMES,
    )


@router.get("/batch", dependencies=[Heavy])
def batch(member: Viewer, session: Reading, numbers: Numbers = []) -> HTMLResponse:  # noqa: B006  # FastAPI copies it
    """The chosen documents, one after the other."""
    mine, _ = for_me(waiting(session, member.organisation, at=clock.now()), member.caller.user.login)
    waits = {row.document.number: row for row in mine if row.signs}
    asked = list(dict.fromkeys(numbers))
    chosen = [number for number in asked if number in waits]
    sheets = [_sheet(session, member, waits[number], place) for place, number in enumerate(chosen[:AT_ONCE], 1)]
    return organisation_page(
        "approvals/batch.html",
        member,
        "signing",
        sheets=sheets,
        left_out=len(chosen) - len(sheets),
        gone=[number for number in asked if number not in waits],
        second_factor=has_second_factor(member.caller.user),
        step_names=STEP_NAMES,
    )


@router.post("/batch", dependencies=[Heavy])
def sign_all(member: Signer, session: Writing, form: Form) -> Response:
    """Each document that was read is signed by an action of its own; what is refused is told, the rest stands."""
    numbers, at = list(dict.fromkeys(form.texts("number")))[:AT_ONCE], clock.now()
    if not any(number in form.texts("read") for number in numbers):
        form.fault = "请先阅读文件并勾选“已阅”，再签署"
        return _again(member, numbers, form, 422)
    status = identify(session, member, form, at=at)
    if status != 200:
        return _again(member, numbers, form, status)
    done = [_sign_one(session, member, number, form, at) for number in numbers]
    refused = [each for each in done if each.fault]
    if not refused:
        return see(f"/organisations/{member.organisation.code}/signing", f"已签署 {len(done)} 份文件")
    return organisation_page(
        "approvals/batch_done.html", member, "signing", done=[each for each in done if not each.fault], refused=refused
    )


def _again(member: Member, numbers: list[str], form: Filled, status: int) -> HTMLResponse:
    """A short page after a refused form: setting the texts again takes seconds, in which nobody else could write."""
    return organisation_page(
        "approvals/batch_again.html",
        member,
        "signing",
        status=status,
        filled=form,
        numbers=numbers,
        read=[number for number in numbers if number in form.texts("read")],
        kept=[(name, value) for name, values in form.values.items() if name not in TYPED for value in values],
        back=urlencode([("number", number) for number in numbers]),
        second_factor=has_second_factor(member.caller.user),
    )


def _sheet(session: Session, member: Member, row: Waiting, place: int) -> Sheet:
    owner, document, revision, data = member.organisation, row.document, row.revision, settings().data
    current = of_day(revisions(session, document), member.today)
    new = set_text(session, owner, document, revision, data)
    changes = compared(set_text(session, owner, document, current, data), new, f"change-{place}") if current else None
    forms = carried_forms(session, revision)
    claims = claimed_indicators(session, [(document, revision), *forms], standard()) if row.step is Step.REVIEW else []
    read = [(f"{each.number} {one.title} {one.label}", text_html(set_text(session, owner, each, one, data))) for each, one in forms]
    return Sheet(row, seen_of(revision), "" if changes else text_html(new), changes, tuple(claims), tuple(read))


def _sign_one(session: Session, member: Member, number: str, form: Filled, at: datetime) -> Signed:
    title = ""
    try:
        with session.begin_nested():
            document = find_document(session, member.organisation.id, number)
            title = revisions(session, document)[-1].title
            if number not in form.texts("read"):
                return Signed(number, title, "", "没有勾选“已阅”，未签署")
            revision = running(session, document, form[f"seen.{number}"])
            return Signed(number, title, _signed(session, member, document, revision, form, at))
    except ServiceError as fault:
        return Signed(number, title, "", str(fault))


def _signed(session: Session, member: Member, document: Document, revision: Revision, form: Filled, at: datetime) -> str:
    step = NEXT.get(revision.status, Step.RELEASE)
    if step not in SIGNING:
        raise Refused(f"{document.number} {revision.label} 现在不等签署", code="step_refused")
    confirmed = form.texts(f"confirmed.{document.number}") if form[f"claims.{document.number}"] else None
    return sign(session, member, document, revision, step, at=at, comment=form.text("comment"), confirmed=confirmed)
