"""One document: its text with what each section answers, and behind tabs everything else that is known of it."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service import clock
from service.approvals.permission import allowed_steps
from service.approvals.rules import STEP_NAMES
from service.distribution.acknowledgement_queries import acknowledgement_rows
from service.distribution.rules import MISSING
from service.documents import queries
from service.documents.actions import draft_next, draft_refusal
from service.documents.editing import LONGEST_SUMMARY
from service.documents.models import Document, Revision
from service.documents.readers import is_for
from service.documents.review_queries import review_state
from service.documents.rules import KIND_NAMES, Status, next_label
from service.errors import NotFound, ServiceError
from service.manuals.signatures import exemptions
from service.manuals.signed_queries import signed_of
from service.organisations.api import Member, Reader, allowed, allowed_to_write
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on
from service.organisations.roles import Act, may
from service.organisations.rules import departments_of, names_by_key
from service.organisations.trail_api import note_reader
from service.screens.document_text import shown_text
from service.screens.document_views import CONTEXTS, Looking, View, neighbours, views_of
from service.screens.editor_draft import address_of
from service.standards.shipped import standard
from service.web.depends import AsOf, Reading, RecordedOn, Writing
from service.web.forms import Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/documents", route_class=PageRoute)
Drafter = Annotated[Member, allowed(Act.DRAFT)]
Label = Annotated[str, Query(max_length=12)]


@router.get("/{number:path}/revise")
def revise_form(number: str, member: Drafter, session: Reading) -> HTMLResponse:
    """What a new revision is for; refused where none can be started now."""
    document = queries.find_document(session, member.organisation.id, number)
    return _revise_page(session, member, document)


@router.post("/{number:path}/revise")
def revise(number: str, member: Annotated[Member, allowed_to_write(Act.DRAFT)], session: Writing, form: Form) -> Response:
    """新建修订: a draft of the next revision, then its editor."""
    document = queries.find_document(session, member.organisation.id, number)
    summary = form.text("change_summary", required="请写明修改内容", longest=LONGEST_SUMMARY)
    by, at = member.actor(session), clock.now()
    reissue = form.text("reissue") == "yes"
    made = attempt(session, form, lambda: draft_next(session, document, by=by, at=at, change_summary=summary, reissue=reissue))
    if made is None:
        return _revise_page(session, member, document, filled=form, status=422)
    return see(address_of(member, document), f"已建立修订 {made.label}，可以开始修改正文")


def _revise_page(session: Session, member: Member, document: Document, *, status: int = 200, **more: Filled) -> HTMLResponse:
    newest = queries.revisions(session, document)[-1]
    following, reissued = ("/".join(map(str, next_label(newest.edition, newest.revision_number, reissue=again))) for again in (False, True))
    return organisation_page(
        "documents/revise.html",
        member,
        "documents",
        status=status,
        document=document,
        newest=newest,
        following=following,
        reissued=reissued,
        longest=LONGEST_SUMMARY,
        hindrance=draft_refusal(document, newest, member.without_posts),
        **more,
    )


@router.get("/{number:path}")
def document(
    number: str,
    request: Request,
    member: Reader,
    session: Reading,
    as_of: AsOf,
    recorded_on: RecordedOn,
    revision: Label = "",
    view: View = View.TEXT,
) -> HTMLResponse:
    """The revision in force on the day, or the one that is named; today, else, the newest one for those who may see it."""
    found, rows = queries.with_revisions(session, member.organisation.id, number)
    looking = Looking(member, found, _chosen(session, member, found, rows, revision, as_of, recorded_on), rows, as_of, recorded_on)
    tabs = views_of(looking)
    view = view if any(view is each for each, _, _ in tabs) else View.TEXT
    if view is View.TRAIL:
        note_reader(request, member, session)
    more = _text(session, looking) if view is View.TEXT else CONTEXTS[view](session, looking)
    return organisation_page(
        "screens/document.html",
        member,
        "documents",
        as_of=as_of,
        recorded_on=recorded_on,
        view=view.value,
        tabs=tabs,
        onward=_onward(looking, revision),
        kept={} if view is View.TEXT else {"view": view.value},
        **_facts(session, looking),
        **_steps(session, looking),
        **more,
    )


def _chosen(session: Session, member: Member, found: Document, rows: list[Revision], label: str, as_of: Any, recorded_on: Any) -> Revision:
    """NotFound, as if there were none, for what this member may not read."""
    sees_all, on = may(member.roles, Act.READ_ALL), as_of or member.today
    valid = queries.of_day(rows, on, recorded_on)
    chosen = valid
    if label:
        chosen = next((row for row in rows if row.label == label and (sees_all or row is valid)), None)
    elif valid is None and sees_all and as_of is None and recorded_on is None:
        chosen = rows[-1]
    if chosen is None or not (sees_all or is_for(session, member.actor(session), found, member.today)):
        what = f"没有文件 {found.number} 的修订 {label}" if label else f"{on} 没有现行有效的文件 {found.number}"
        raise NotFound(what, code="document_not_in_force")
    return chosen


def _onward(looking: Looking, label: str) -> str:
    """What the links to the other tabs keep of the address, to be followed by more."""
    asked = {"as_of": looking.as_of, "recorded_on": looking.recorded_on and looking.recorded_on.isoformat(), "revision": label}
    kept = urlencode({name: value for name, value in asked.items() if value})
    return f"?{kept}&" if kept else "?"


def _facts(session: Session, looking: Looking) -> dict[str, Any]:
    """What stands above the tabs."""
    owner, found, revision = looking.member.organisation, looking.document, looking.revision
    names = names_by_key(departments_of(chart_on(session, owner.id, looking.on, looking.recorded_on)))
    valid = queries.of_day(list(looking.history), looking.on, looking.recorded_on)
    review = review_state(session, found, revision, looking.on, looking.recorded_on) if revision is valid and looking.sees_all else None
    signed = signed_of(session, owner, revision)
    return {
        "document": found,
        "revision": revision,
        "kind_name": KIND_NAMES[found.kind],
        "department": names.get(found.department, found.department),
        "state": looking.state_of(revision),
        "replaced": looking.replaced,
        "is_valid": revision is valid,
        "valid": valid,
        "signed": signed,
        "exemptions": exemptions(signed),
        "next_review_on": review.due_on if review else None,
        "sees_all": looking.sees_all,
        "download_on": _download_day(looking, valid),
    }


def _download_day(looking: Looking, valid: Revision | None) -> str:
    """The day for which the file of this revision is made ("" for today); "-" for one that has never been in force."""
    if looking.revision is valid:
        return str(looking.as_of or "")
    taken = looking.revision.effective_on
    if taken is None or not looking.sees_all or queries.of_day(list(looking.history), taken) is not looking.revision:
        return "-"
    return str(taken)


def _steps(session: Session, looking: Looking) -> dict[str, Any]:
    """The buttons: what this member may do now, today only."""
    member, found, newest = looking.member, looking.document, looking.history[-1]
    under_way = newest if newest.status is not Status.RELEASED and looking.sees_all else None
    buttons: dict[str, Any] = {"under_way": under_way, "edits": False, "revises": False, "signs": (), "requests": False, "reading": None}
    if not looking.is_now:
        return buttons
    by = member.without_posts
    if under_way is not None:
        steps = allowed_steps(session, under_way, member.actor(session), at=clock.now())
        edits = under_way.status is Status.DRAFT and may(by.roles, Act.DRAFT, found.department)
        buttons |= {"edits": edits, "signs": tuple(STEP_NAMES[step] for step in steps)}
    login = member.caller.user.login
    mine = acknowledgement_rows(session, member.organisation, member.today, document=found, login=login, states=MISSING)
    return buttons | {
        "revises": draft_refusal(found, newest, by) is None,
        "requests": may(member.roles, Act.REQUEST_CHANGE) and newest.obsolete_on is None,
        "reading": mine[0] if mine else None,
    }


def _text(session: Session, looking: Looking) -> dict[str, Any]:
    """The text, or why a draft cannot be read as it is."""
    base = f"/organisations/{looking.member.organisation.code}/documents"
    day = f"?as_of={looking.as_of}" if looking.as_of else ""
    others = (pair for pair in neighbours(session, looking) if pair.document.id != looking.document.id)
    addresses = {pair.revision.title: f"{base}/{quote(pair.document.number)}{day}" for pair in others}
    try:
        text = shown_text(session, looking.member.organisation, looking.document, looking.revision, standard(), addresses)
    except ServiceError as fault:
        return {"text": None, "unreadable": str(fault)}
    return {"text": text, "unreadable": ""}
