"""审核与签署: what waits for me, what waits for others, and signing several documents with one password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

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
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/signing", route_class=PageRoute)
Viewer = Annotated[Member, allowed(Act.READ_ALL)]
SIGNING = (Step.REVIEW, Step.COUNTERSIGN, Step.APPROVE)
Signer = Annotated[Member, allowed_to_write(*(STEP_ACTS[step] for step in SIGNING))]
Numbers = Annotated[list[str], Query(alias="number", max_length=200)]
PER_PAGE = 50
AT_ONCE = 20
"""Documents on one page for signing: more are not read with care, and the page would be long in coming."""


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
    page: Annotated[int, Query(ge=1, le=1000)] = 1,
    others_page: Annotated[int, Query(ge=1, le=1000)] = 1,
) -> HTMLResponse:
    mine, others = for_me(waiting(session, member.organisation, at=clock.now()), member.caller.user.login)
    return organisation_page(
        "approvals/signing.html",
        member,
        "signing",
        mine=_cut(mine, page),
        others=_cut(others, others_page),
        counts=(len(mine), len(others)),
        pages=(_pages(mine), _pages(others)),
        here=(page, others_page),
        comments=open_comments(session, member.organisation.id),
        step_names=STEP_NAMES,
        kind_names=KIND_NAMES,
    )


@router.get("/batch")
def batch(member: Viewer, session: Reading, numbers: Numbers = []) -> HTMLResponse:  # noqa: B006  # FastAPI copies it
    """The chosen documents, one after the other."""
    return _batch(session, member, list(dict.fromkeys(numbers)))


@router.post("/batch")
def sign_all(member: Signer, session: Writing, form: Form) -> Response:
    """Each document that was read is signed by an action of its own; what is refused is told, the rest stands."""
    numbers, at = list(dict.fromkeys(form.texts("number")))[:AT_ONCE], clock.now()
    if not any(number in form.texts("read") for number in numbers):
        form.fault = "请先阅读文件并勾选“已阅”，再签署"
        return _batch(session, member, numbers, status=422, filled=form)
    status = identify(session, member, form, at=at)
    if status != 200:
        return _batch(session, member, numbers, status=status, filled=form)
    done = [_sign_one(session, member, number, form, at) for number in numbers]
    refused = [each for each in done if each.fault]
    if not refused:
        return see(f"/organisations/{member.organisation.code}/signing", f"已签署 {len(done)} 份文件")
    return organisation_page(
        "approvals/batch_done.html", member, "signing", done=[each for each in done if not each.fault], refused=refused
    )


def _cut(rows: list[Waiting], page: int) -> list[Waiting]:
    return rows[(page - 1) * PER_PAGE : page * PER_PAGE]


def _pages(rows: list[Waiting]) -> int:
    return max(1, -(-len(rows) // PER_PAGE))


def _batch(session: Session, member: Member, numbers: list[str], *, status: int = 200, **context: Any) -> HTMLResponse:
    mine, _ = for_me(waiting(session, member.organisation, at=clock.now()), member.caller.user.login)
    waits = {row.document.number: row for row in mine if row.signs}
    chosen = [number for number in numbers if number in waits]
    sheets = [_sheet(session, member, waits[number], place) for place, number in enumerate(chosen[:AT_ONCE], 1)]
    return organisation_page(
        "approvals/batch.html",
        member,
        "signing",
        status=status,
        sheets=sheets,
        left_out=len(chosen) - len(sheets),
        gone=[number for number in numbers if number not in waits],
        second_factor=has_second_factor(member.caller.user),
        step_names=STEP_NAMES,
        **context,
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
