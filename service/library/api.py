"""JSON of template sets, and 套用 for an organisation."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from service import clock
from service.accounts.identity import ReadingCaller
from service.library.actions import clone
from service.library.rules import TemplateSet
from service.library.shipped import template_set, template_set_keys
from service.organisations.api import Member, allowed_to_write
from service.organisations.roles import Act
from service.organisations.shipped import catalogue
from service.text.model import Kind
from service.web.depends import Writing
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import USUAL, Cursor, Limit, Page, paged

shared = APIRouter(prefix="/template-sets", tags=["template-sets"], responses=PROBLEMS)
router = APIRouter(prefix="/organisations/{code}/template-sets", tags=["template-sets"], route_class=OnceRoute, responses=PROBLEMS)


class TemplateSetLine(BaseModel):
    """文件模板: how many documents and record forms it has, and the standard it is written for."""

    key: str
    name: str
    standard: str
    purpose: str
    documents: int
    forms: int


class CloneAnswer(BaseModel):
    """Numbers of the drafts made, titles that were there already, titles that do not concern the organisation."""

    created: list[str]
    present: list[str]
    left_out: list[str]


@shared.get("")
def template_sets(caller: ReadingCaller, limit: Limit = USUAL, cursor: Cursor = None) -> Page[TemplateSetLine]:
    """可套用的文件模板。"""
    del caller  # whoever has logged in
    return paged([_line(template_set(key)) for key in template_set_keys()], lambda each: each.key, limit, cursor)


@router.post("/{key}/clone")
def clone_set(key: str, member: Annotated[Member, allowed_to_write(Act.CLONE)], session: Writing) -> CloneAnswer:
    """套用：生成带编号的草稿；重复调用不会重复生成。"""
    chosen, by = template_set(key), member.actor(session)
    made = clone(session, member.organisation, chosen, catalogue=catalogue(), by=by, at=clock.now())
    created = [document.number for document in made.created]
    return CloneAnswer(created=created, present=list(made.present), left_out=list(made.left_out))


def _line(found: TemplateSet) -> TemplateSetLine:
    forms = sum(template.front.kind is Kind.RECORD_FORM for template in found.templates)
    documents = len(found.templates) - forms
    return TemplateSetLine(key=found.key, name=found.name, standard=found.standard, purpose=found.purpose, documents=documents, forms=forms)
