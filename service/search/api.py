"""JSON of the search: hits, and suggestions while somebody types."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session

from service.documents.rules import Standing
from service.organisations.api import Member, Reader
from service.organisations.roles import Act, may
from service.organisations.rules import Actor
from service.search import finding
from service.search.catching_up import index_of
from service.search.rules import MOST_HITS, Filters
from service.search.schemas import SearchBody, SuggestionLine, hit_line, suggestion_line
from service.text.model import Kind
from service.web.depends import AsOf, Reading
from service.web.faults import PROBLEMS
from service.web.once import OnceRoute
from service.web.paging import Cursor, paged

router = APIRouter(prefix="/organisations/{code}/search", tags=["search"], route_class=OnceRoute, responses=PROBLEMS)

Words = Annotated[str, Query(description="要查找的词：空格为“并且”，“…”为短语，-词 为排除，可加 标题: 编号: 条款: 章节: 正文:")]
Typed = Annotated[str, Query(description="已输入的文字")]
KindFilters = Annotated[list[Kind] | None, Query(description="文件类别，可重复")]
StateFilters = Annotated[list[Standing] | None, Query(description="状态，可重复，默认现行有效")]
DepartmentFilters = Annotated[list[str] | None, Query(max_length=50, description="归口部门，可重复")]
HitLimit = Annotated[int, Query(ge=1, le=MOST_HITS, description="每页条数")]
USUAL = 20


@router.get("")
def search(
    member: Reader,
    session: Reading,
    as_of: AsOf,
    q: Words,
    kind: KindFilters = None,
    state: StateFilters = None,
    department: DepartmentFilters = None,
    limit: HitLimit = USUAL,
    cursor: Cursor = None,
) -> SearchBody:
    """按词查找章节：默认查当日现行有效的；员工只查到现行有效并发放给本人的。"""
    filters = Filters(as_of or member.today, frozenset(state or {Standing.IN_FORCE}), frozenset(kind or ()), frozenset(department or ()))
    owner, index = member.organisation, index_of(member.organisation)
    results = finding.search(session, owner, index, q, filters, by=searcher(member, session), today=member.today)
    page = paged(results.found.matches, lambda match: f"{match.revision}:{match.section.anchor}", limit, cursor)
    return SearchBody(
        items=[hit_line(hit) for hit in finding.hits(session, owner, results, page.items)],
        next_cursor=page.next_cursor,
        total=results.found.total,
        is_near=results.found.is_near,
        is_complete=results.is_complete,
    )


@router.get("/suggestions")
def suggestions(member: Reader, session: Reading, as_of: AsOf, q: Typed) -> list[SuggestionLine]:
    """输入时的提示：编号、文件名称、章节标题。"""
    filters, index = Filters(as_of or member.today), index_of(member.organisation)
    found = finding.suggest(session, member.organisation, index, q, filters, by=searcher(member, session), today=member.today)
    return [suggestion_line(each) for each in found]


def searcher(member: Member, session: Session) -> Actor:
    """Who searches. Whose posts matter is asked for them: who may read everything is not."""
    return member.without_posts if may(member.roles, Act.READ_ALL) else member.actor(session)
