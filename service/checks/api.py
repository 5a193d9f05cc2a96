"""JSON of problems across documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from service.checks.queries import find_problems, gather
from service.checks.rules import Problem
from service.organisations.api import Member, allowed
from service.organisations.roles import Act
from service.organisations.shipped import catalogue
from service.standards.shipped import register
from service.web.depends import AsOf, Reading
from service.web.faults import PROBLEMS
from service.web.paging import USUAL, Cursor, Limit, Page, paged

router = APIRouter(prefix="/organisations/{code}/checks", tags=["checks"], responses=PROBLEMS)


class ProblemLine(BaseModel):
    """One line of `check --json` (interfaces.md)."""

    code: str
    severity: str
    document: str
    section: str
    message: str
    quote: str


@router.get("")
def checks(
    member: Annotated[Member, allowed(Act.READ_ALL)], session: Reading, as_of: AsOf, limit: Limit = USUAL, cursor: Cursor = None
) -> Page[ProblemLine]:
    """某日的问题项：空缺、悬空引用、矛盾、过期标准等。"""
    found = find_problems(gather(session, member.organisation, as_of or member.today, catalogue(), register()))
    lines = [_line(problem) for problem in found]
    keys = {id(each): str(position) for position, each in enumerate(lines)}
    return paged(lines, lambda each: keys[id(each)], limit, cursor)


def _line(problem: Problem) -> ProblemLine:
    return ProblemLine(**asdict(problem))
