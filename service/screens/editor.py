"""The page on which a draft is written: its outline, one section in the editor, and beside it what the section answers and what is wrong."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service import clock
from service.accounts.identity import csrf_token
from service.documents import queries
from service.documents.api import draft_tag
from service.documents.editing import LONGEST_SUMMARY, LONGEST_TITLE, OutlineStep, change_facts, change_outline, may_change_department
from service.documents.models import Document, Revision
from service.documents.rules import Status
from service.errors import NotFound
from service.organisations.api import Member, allowed, allowed_to_write
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on, values_on
from service.organisations.roles import Act
from service.organisations.rules import departments_of, require
from service.organisations.shipped import catalogue
from service.screens.editor_draft import address_of, open_draft
from service.screens.editor_panels import claimed_choices, in_groups, variables, who_has_it
from service.standards.shipped import standard
from service.text.editing import opened
from service.text.frontmatter import read_front
from service.text.source_sections import SourceSection, find_section, section_bodies
from service.web.depends import Reading, Writing
from service.web.etag import require_match
from service.web.forms import NOTHING, Filled, Form, attempt, see
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/documents/{number:path}/edit", route_class=PageRoute)
Viewer = Annotated[Member, allowed(Act.DRAFT)]
Drafter = Annotated[Member, allowed_to_write(Act.DRAFT)]


@router.get("")
def editor(
    number: str,
    member: Viewer,
    session: Reading,
    section: Annotated[str | None, Query(max_length=200)] = None,
    source: bool = False,
) -> HTMLResponse:
    """The editor of one section of the draft (the first one unless `section` names another); `source`: as source text.

    A revision that is frozen is not opened: the page says who has it; where there is none, it offers to begin one.
    """
    document = queries.find_document(session, member.organisation.id, number)
    require(member.without_posts, Act.DRAFT, document.department)
    revision = _running(session, document)
    if revision is None or revision.status is not Status.DRAFT:
        return _closed(session, member, document, revision)
    return _page(session, member, document, revision, section, as_source=source)


@router.post("/outline")
def outline(number: str, member: Drafter, session: Writing, form: Form) -> Response:
    """Add, rename, move or delete a section."""
    step, anchor = form.choice("step", OutlineStep, required="请选择要做什么"), form.text("section")
    document, revision = open_draft(session, member, number, lock=True)

    def act() -> str:
        require_match(form.text("etag") or None, draft_tag(revision))
        by, at = member.actor(session), clock.now()
        return change_outline(session, document, revision, step or OutlineStep.ADD, anchor, form.text("heading"), by=by, at=at)

    shown = attempt(session, form, act)
    if form.fault:
        return _page(session, member, document, open_draft(session, member, number)[1], anchor or None, filled=form, status=422)
    said = {OutlineStep.RENAME: "已改名", OutlineStep.DELETE: "已删除"}.get(step or OutlineStep.ADD, "已调整章节")
    return see(address_of(member, document, shown or ""), said)


@router.post("/facts")
def facts(number: str, member: Drafter, session: Writing, form: Form) -> Response:
    """Title, department in charge and change summary."""
    title = form.text("title", required="请填写文件名称", longest=LONGEST_TITLE)
    summary = form.text("change_summary", required="请填写修改内容", longest=LONGEST_SUMMARY)
    document, revision = open_draft(session, member, number, lock=True)

    def act() -> None:
        require_match(form.text("etag") or None, draft_tag(revision))
        by, at, department = member.actor(session), clock.now(), form.text("department") or document.department
        change_facts(session, document, revision, title=title, department=department, change_summary=summary, by=by, at=at)

    attempt(session, form, act)
    if form.fault:
        again = open_draft(session, member, number)
        return _page(session, member, *again, form.text("section") or None, filled=form, status=422)
    return see(address_of(member, document, form.text("section")), "文件信息已保存")


def _running(session: Session, document: Document) -> Revision | None:
    try:
        return queries.running_revision(session, document)
    except NotFound:
        return None


def _closed(session: Session, member: Member, document: Document, revision: Revision | None) -> HTMLResponse:
    who = who_has_it(session, revision, member.actor(session), at=clock.now()) if revision else ""
    released = queries.last_released(session, document)
    obsolete = released is not None and released.obsolete_on is not None
    title = (revision or released).title if revision or released else document.number  # type: ignore[union-attr]  # one of them is there
    return organisation_page(
        "screens/editor_closed.html", member, "documents", document=document, revision=revision, heading=title, who=who, obsolete=obsolete
    )


def _page(
    session: Session,
    member: Member,
    document: Document,
    revision: Revision,
    anchor: str | None,
    *,
    as_source: bool = False,
    filled: Filled = NOTHING,
    status: int = 200,
) -> HTMLResponse:
    owner, front = member.organisation, read_front(revision.source)
    sections = section_bodies(revision.source)
    shown = _chosen(sections, anchor)
    values = values_on(session, owner.id, member.today, catalogue=catalogue())
    known = variables(values, catalogue())
    text = _text(member, document, revision, shown, known, as_source)
    return organisation_page(
        "screens/editor.html",
        member,
        "documents",
        status=status,
        filled=filled,
        document=document,
        revision=revision,
        sections=sections,
        shown=shown,
        place=address_of(member, document),
        etag=text["etag"],
        text=text,
        as_source=as_source,
        claims=Counter(line.section for line in front.claims),
        claimed=claimed_choices(standard(), front.claims, shown.anchor),
        found=[],
        found_in_all=0,
        asked="",
        claim_fault="",
        variables=in_groups(known),
        departments=[(node.key, node.name) for node in departments_of(chart_on(session, owner.id, member.today))],
        may_change_department=may_change_department(session, document),
    )


def _chosen(sections: tuple[SourceSection, ...], anchor: str | None) -> SourceSection:
    """The section asked for; without one the first that says something."""
    if anchor is not None:
        return find_section(sections, anchor)
    return next((section for section in sections if section.body), sections[0])


def _text(
    member: Member, document: Document, revision: Revision, section: SourceSection, known: list[dict[str, str]], as_source: bool
) -> dict[str, Any]:
    """What the script needs (see static/editing.js)."""
    body, place, code = opened(section.body), address_of(member, document), member.organisation.code
    session = member.caller.session
    return {
        "section": section.anchor,
        "label": f"{section.clause} {section.title}".strip() or "正文",
        "document": None if as_source else body.document,
        "reason": body.reason,
        "source": section.body,
        "etag": draft_tag(revision),
        "csrf": csrf_token(session) if session else "",
        "login": member.caller.user.login,
        "place": place,
        "pictures": f"/api/v1/organisations/{code}/pictures",
        "shown": f"/organisations/{code}/pictures/",
        "variables": known,
    }
