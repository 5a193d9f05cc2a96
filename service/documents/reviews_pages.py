"""Pages of periodic reviews: what is due, recording one or several reviews, the reviews of a document, and how often it is reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service import clock
from service.documents import reviews
from service.documents.due_list import DueItem, due_items, is_pending
from service.documents.models import Document, PeriodicReview
from service.documents.queries import find_document
from service.documents.review_queries import review_states, reviews_of
from service.documents.review_rules import NOTICE_DAYS, REVIEW_MONTHS, TASK_NAMES, VERDICT_NAMES, Task, Verdict, days_words
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on
from service.organisations.roles import Act, may
from service.organisations.rules import departments_of, names_by_key
from service.web.depends import AsOf, Reading, Writing
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute
from service.web.portions import Chosen, PageNumber, portion

router = APIRouter(prefix="/organisations/{code}/reviews", route_class=PageRoute)

EVER = 36_600
WITHIN = ((NOTICE_DAYS, f"今后 {NOTICE_DAYS} 天内"), (90, "今后 90 天内"), (365, "今后一年内"), (EVER, "全部"))
MOST_AT_ONCE = 200
Viewer = Annotated[Member, allowed(Act.READ_ALL)]
Reviewer = Annotated[Member, allowed_to_write(Act.PERIODIC_REVIEW)]
Within = Annotated[int, Query(ge=0, le=EVER)]
Department = Annotated[str, Query(max_length=80)]


@router.get("")
def due(
    member: Viewer,
    session: Reading,
    as_of: AsOf,
    page: PageNumber = 1,
    within: Within = NOTICE_DAYS,
    task: Annotated[Task | None, Chosen] = None,
    department: Department = "",
) -> HTMLResponse:
    return _due(session, member, as_of, page, within, task, department)


@router.post("")
def record_several(member: Reviewer, session: Writing, form: Form) -> Response:
    """One verdict for all documents that were chosen; if one cannot be reviewed, none is."""
    member.caller.require_person()
    numbers = list(dict.fromkeys(form.texts("document")))
    verdict, comment, day = _typed(form)
    if not numbers:
        form.fault = "请先在清单中勾选文件"
    elif len(numbers) > MOST_AT_ONCE:
        form.fault = f"一次最多评审 {MOST_AT_ONCE} 份文件，请分几次"
    else:
        attempt(session, form, lambda: _record(session, member, numbers, verdict, comment, day))
    if form.fault:
        within, page = _kept(form["within"], NOTICE_DAYS), _kept(form["page"], 1)
        return _due(session, member, None, page, within, None, form["department"][:80], filled=form)
    what = f"{len(numbers)} 份文件" if len(numbers) > 1 else numbers[0]
    return see(f"/organisations/{member.organisation.code}/reviews", f"已记录 {what} 的评审结论“{VERDICT_NAMES[verdict or Verdict.KEEP]}”")


@router.post("/{number:path}/months")
def set_months(number: str, member: Annotated[Member, allowed_to_write(Act.REGISTER)], session: Writing, form: Form) -> Response:
    member.caller.require_person()
    document = find_document(session, member.organisation.id, number)
    months = form.number("months", required="请填写月数", least=REVIEW_MONTHS.start, most=REVIEW_MONTHS.stop - 1)
    by = member.actor(session)
    attempt(session, form, lambda: reviews.set_review_months(session, document, months or 0, by=by, at=clock.now()))
    if form.fault:
        return _history(session, member, document, filled=form)
    return see(f"/organisations/{member.organisation.code}/reviews/{quote(number)}", f"评审周期已改为 {months} 个月")


@router.get("/{number:path}")
def history(number: str, member: Viewer, session: Reading) -> HTMLResponse:
    return _history(session, member, find_document(session, member.organisation.id, number))


@router.post("/{number:path}")
def record(number: str, member: Reviewer, session: Writing, form: Form) -> Response:
    member.caller.require_person()
    document = find_document(session, member.organisation.id, number)
    verdict, comment, day = _typed(form)
    attempt(session, form, lambda: _record(session, member, [number], verdict, comment, day))
    if form.fault:
        return _history(session, member, document, filled=form)
    said = f"已记录评审结论“{VERDICT_NAMES[verdict or Verdict.KEEP]}”"
    return see(f"/organisations/{member.organisation.code}/reviews/{quote(number)}", said)


def _typed(form: Filled) -> tuple[Verdict | None, str, date | None]:
    verdict = form.choice("verdict", Verdict, required="请选择评审结论")
    comment = form.text("comment", longest=reviews.LONGEST_COMMENT)
    if verdict in (Verdict.REVISE, Verdict.MAKE_OBSOLETE) and not comment:
        form.faults["comment"] = f"结论为“{VERDICT_NAMES[verdict]}”时请写明理由"
    return verdict, comment, form.day("reviewed_on")


def _record(
    session: Session, member: Member, numbers: Sequence[str], verdict: Verdict | None, comment: str, day: date | None
) -> list[PeriodicReview]:
    assert verdict is not None  # noqa: S101  # `attempt` stops before if a field is wrong
    owner, by, at = member.organisation, member.actor(session), clock.now()
    return [
        reviews.record_review(
            session, owner, find_document(session, owner.id, number), verdict, comment=comment, reviewed_on=day, by=by, at=at
        )
        for number in numbers
    ]


def _due(
    session: Session,
    member: Member,
    as_of: date | None,
    page: int,
    within: int,
    task: Task | None,
    department: str,
    *,
    filled: Filled = NOTHING,
) -> HTMLResponse:
    on = as_of or member.today
    everything = due_items(session, member.organisation, on, within=within)
    wanted = [item for item in everything if task in (None, item.task) and department in ("", item.department)]
    kept = {"within": within if within != NOTICE_DAYS else "", "task": task.value if task else "", "department": department}
    chart = chart_on(session, member.organisation.id, on)
    return organisation_page(
        "documents/reviews.html",
        member,
        "reviews",
        status=422 if filled.fault else 200,
        filled=filled,
        as_of=as_of,
        kept={name: value for name, value in kept.items() if value},
        shown=portion([_row(item, member, as_of) for item in wanted], page, {"as_of": as_of, **kept}),
        totals=_totals(everything),
        within=within,
        choices=WITHIN,
        task=task.value if task else "",
        tasks=[(each.value, name) for each, name in TASK_NAMES.items()],
        department=department,
        departments=[(node.key, node.name) for node in departments_of(chart)],
        verdicts=_verdicts(),
        may_record=as_of is None and may(member.roles, Act.PERIODIC_REVIEW),
    )


def _row(item: DueItem, member: Member, as_of: date | None) -> dict[str, Any]:
    """A line of the due list; `may_review`: this member may record a verdict on it now."""
    is_check = item.task is Task.CHECK
    may_review = as_of is None and not is_check and may(member.roles, Act.PERIODIC_REVIEW, item.department)
    words = "" if is_pending(item) else days_words(item.days_left)
    return {
        "item": item,
        "task": TASK_NAMES[item.task],
        "colour": "red" if is_pending(item) or item.days_left < 0 else ("orange" if item.days_left <= NOTICE_DAYS else "secondary"),
        "words": words,
        "address": ("external-documents/" if is_check else "reviews/") + quote(item.number),
        "may_review": may_review,
    }


def _totals(items: Sequence[DueItem]) -> list[tuple[str, int]]:
    late = sum(1 for item in items if not is_pending(item) and item.days_left < 0)
    soon = sum(1 for item in items if not is_pending(item) and 0 <= item.days_left <= NOTICE_DAYS)
    return [("待修订或作废", sum(map(is_pending, items))), ("已超期", late), (f"{NOTICE_DAYS} 天内到期", soon)]


def _history(session: Session, member: Member, document: Document, *, filled: Filled = NOTHING) -> HTMLResponse:
    state = next((each for each in review_states(session, member.organisation.id, member.today) if each.document.id == document.id), None)
    rows = list(reversed(reviews_of(session, document)))
    title = state.revision.title if state else (rows[0][1].title if rows else document.number)
    names = names_by_key(departments_of(chart_on(session, member.organisation.id, member.today)))
    return organisation_page(
        "documents/review.html",
        member,
        "reviews",
        status=422 if filled.fault else 200,
        filled=filled,
        document=document,
        document_title=title,
        department=names.get(document.department, document.department),
        state=state,
        pending=TASK_NAMES[state.pending] if state and state.pending else "",
        words=days_words((state.due_on - member.today).days) if state else "",
        rows=[(review, revision.label, VERDICT_NAMES[review.verdict]) for review, revision in rows],
        verdicts=_verdicts(),
        longest=REVIEW_MONTHS.stop - 1,
        may_review=state is not None and may(member.roles, Act.PERIODIC_REVIEW, document.department),
    )


def _verdicts() -> list[tuple[str, str]]:
    return [(verdict.value, name) for verdict, name in VERDICT_NAMES.items()]


def _kept(value: str, usual: int) -> int:
    """A number of the list's own address, as it came back with the form."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 6 and int(value) <= EVER else usual
