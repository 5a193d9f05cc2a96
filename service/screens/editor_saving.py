"""What the editor's script and its panels ask for while somebody writes: saving, checks, titles, indicators, previews."""

from __future__ import annotations

import json
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from service import clock
from service.book.drawing_svg import to_svg
from service.book.from_text import Setting, text_blocks
from service.book.html_fragment import render_fragment
from service.book.model import Figure
from service.book.theme import FORMAL
from service.checks.drafting import draft_problems
from service.checks.rules import SEVERITY_NAMES
from service.documents import queries
from service.documents.api import draft_tag
from service.documents.drafts import read_draft
from service.documents.editing import claim, edit_section, edit_section_source
from service.documents.external_queries import register_on
from service.documents.models import Document, Revision
from service.errors import InputError, ServiceError
from service.organisations.api import Member, allowed_to_write_later
from service.organisations.pages import organisation_page
from service.organisations.roles import Act
from service.organisations.shipped import catalogue
from service.screens.editor import Drafter, Viewer
from service.screens.editor_draft import address_of, open_draft
from service.screens.editor_panels import claimed_choices, found_choices
from service.screens.editor_schemas import BlockShown, BlockText, SavedSection, SectionNow, SectionText
from service.standards.shipped import register, standard
from service.text.editing import opened
from service.text.frontmatter import read_front
from service.text.model import ClaimLine
from service.text.source_sections import find_section, section_bodies
from service.web.depends import Reading, Writing
from service.web.etag import IfMatch, require_match
from service.web.forms import Filled, Form, attempt
from service.web.once import PageRoute

router = APIRouter(prefix="/organisations/{code}/documents/{number:path}/edit", route_class=PageRoute)
SectionAsked = Annotated[str, Query(max_length=200)]
LANGUAGES = frozenset({"flow", "form"})
_FRONT = "---\nkey: preview\ntitle: 预览\nkind: procedure\ndepartment: preview\n---\n"


@router.post("/section")
def save(number: str, body: SectionText, member: Drafter, session: Writing, if_match: IfMatch = None) -> SavedSection:
    """Save one section. Stale (412) if the draft is no longer what If-Match names."""
    document, revision = open_draft(session, member, number, lock=True)
    require_match(if_match, draft_tag(revision))
    by, at = member.actor(session), clock.now()
    if body.source is not None:
        edit_section_source(session, document, revision, body.section, body.source, by=by, at=at)
    else:
        edit_section(session, document, revision, body.section, body.document, by=by, at=at)
    kept = find_section(section_bodies(revision.source), body.section).body
    return SavedSection(etag=draft_tag(revision), source=kept, saved=f"{at.astimezone(ZoneInfo(member.organisation.time_zone)):%H:%M}")


@router.get("/section")
def now(number: str, member: Viewer, session: Reading, section: SectionAsked = "") -> SectionNow:
    """The section as it stands: what somebody else has made of it."""
    _, revision = open_draft(session, member, number)
    found = find_section(section_bodies(revision.source), section)
    shown = opened(found.body)
    return SectionNow(etag=draft_tag(revision), source=found.body, document=shown.document, reason=shown.reason)


@router.get("/titles")
def titles(number: str, member: Viewer, session: Reading) -> list[str]:
    """What 《》 may name: the controlled documents as they are now, and the external ones."""
    open_draft(session, member, number)
    owner = member.organisation
    own = [title for title, _ in queries.titles_now(session, owner.id, member.today).values()]
    return list(dict.fromkeys((*own, *(entry.title for entry in register_on(session, owner, register(), member.today)))))


@router.get("/checks")
def checks(number: str, member: Viewer, session: Reading) -> HTMLResponse:
    """The problems of the draft as it is saved."""
    document, revision = open_draft(session, member, number)
    try:
        problems = draft_problems(session, member.organisation, document, revision, member.today, catalogue(), register())
        fault = ""
    except ServiceError as unreadable:
        problems, fault = [], str(unreadable)
    sections = {section.anchor: section for section in section_bodies(revision.source)}
    return organisation_page(
        "screens/_editor_checks.html",
        member,
        "documents",
        document=document,
        problems=problems,
        unreadable=fault,
        sections=sections,
        severity_names=SEVERITY_NAMES,
    )


@router.get("/indicators")
def indicators(
    number: str, member: Viewer, session: Reading, section: SectionAsked = "", q: Annotated[str, Query(max_length=100)] = ""
) -> HTMLResponse:
    """The indicators that a search finds, each with its elements."""
    document, revision = open_draft(session, member, number)
    return _claims(member, document, revision, section, q, "screens/_editor_found.html")


@router.post("/claims")
def attach(number: str, member: Drafter, session: Writing, form: Form) -> HTMLResponse:
    """Let the section answer the chosen elements of an indicator; none chosen: not the indicator."""
    document, revision = open_draft(session, member, number, lock=True)
    section, asked, indicator = form.text("section"), form.text("q", longest=100), form.text("indicator", required="请选择指标")

    def act() -> None:
        require_match(form.text("etag") or None, draft_tag(revision))
        line = ClaimLine(indicator, _elements(form), section)
        claim(session, document, revision, line, standard(), by=member.actor(session), at=clock.now())

    attempt(session, form, act)
    session.refresh(revision)
    shown = _claims(member, document, revision, section, asked, "screens/_editor_claims.html", fault=form.fault)
    if not form.fault:
        shown.headers["HX-Trigger"] = json.dumps({"draftsaved": {"etag": draft_tag(revision)}})
    return shown


def _elements(form: Filled) -> tuple[int, ...]:
    chosen = form.texts("element")
    if not all(value.isascii() and value.isdigit() and len(value) < 4 for value in chosen):
        raise InputError("请从列出的要素中选择", code="unknown_element")
    return tuple(sorted({int(value) for value in chosen}))


def _claims(
    member: Member, document: Document, revision: Revision, section: str, asked: str, template: str, *, fault: str = ""
) -> HTMLResponse:
    claims, shown = read_front(revision.source).claims, find_section(section_bodies(revision.source), section)
    found, found_in_all = found_choices(standard(), asked, claims, section)
    return organisation_page(
        template,
        member,
        "documents",
        document=document,
        shown=shown,
        place=address_of(member, document),
        etag=draft_tag(revision),
        claimed=claimed_choices(standard(), claims, section),
        asked=asked,
        found=found,
        found_in_all=found_in_all,
        claim_fault=fault,
    )


@router.post("/block")
def block(number: str, body: BlockText, member: Annotated[Member, allowed_to_write_later(Act.DRAFT)], session: Reading) -> BlockShown:
    """A flow chart or form as it will be printed, with today's values."""
    open_draft(session, member, number)
    if body.language not in LANGUAGES or "```" in body.source:
        raise InputError("只能预览流程图和表单", code="unknown_block")
    text = f"{_FRONT}```{body.language}\n{body.source}\n```\n"
    procedure = read_draft(session, member.organisation, text, on=member.today)
    blocks = text_blocks(procedure, Setting("preview"))
    drawings = {each.drawing: to_svg(each.drawing, FORMAL) for each in blocks if isinstance(each, Figure)}
    return BlockShown(html=render_fragment(blocks, drawings))
