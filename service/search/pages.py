"""The page of the search: sections with the words marked, and what could be meant by what was typed so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlmodel import Session

from service.documents.rules import KIND_NAMES, Standing, anchor_prefix
from service.errors import InputError
from service.organisations.api import Member, Reader
from service.organisations.pages import organisation_page
from service.organisations.queries import chart_on
from service.organisations.roles import Act, may
from service.organisations.rules import departments_of, names_by_key
from service.search import finding
from service.search.api import searcher
from service.search.catching_up import index_of
from service.search.port import Suggestion, SuggestionKind
from service.search.rules import MOST_HITS, STATE_NAMES, Filters
from service.search.snippet import Snippet
from service.text.model import Kind
from service.web.depends import AsOf, Reading
from service.web.templating import page as plain_page

router = APIRouter(prefix="/organisations/{code}/search")

PER_PAGE = 20
ALL = "all"
MOST_TRIES = 8
"""Pieces of a query that has no answer for which names are looked up."""
SUGGESTED: Mapping[SuggestionKind, str] = {SuggestionKind.NUMBER: "编号", SuggestionKind.TITLE: "文件", SuggestionKind.SECTION: "章节"}
Words = Annotated[str, Query(max_length=2000)]
Department = Annotated[str, Query(max_length=80)]
Number = Annotated[int, Query(ge=1, le=MOST_HITS // PER_PAGE)]


@dataclass(frozen=True, slots=True)
class Asked:
    """What the form says; "" stands for what is usual: in force, any kind, any department."""

    q: str
    kind: Kind | Literal[""]
    state: Standing | Literal["", "all"]
    department: str
    as_of: date | None

    def filters(self, today: date) -> Filters:
        states = frozenset(Standing) if self.state == ALL else frozenset({Standing(self.state or Standing.IN_FORCE)})
        kinds = frozenset({Kind(self.kind)}) if self.kind else frozenset[Kind]()
        return Filters(self.as_of or today, states, kinds, frozenset({self.department} if self.department else ()))

    @property
    def kept(self) -> dict[str, str]:
        """The filled fields but the day, as they stand in an address."""
        fields = {"q": self.q, "kind": str(self.kind), "state": str(self.state), "department": self.department}
        return {name: value for name, value in fields.items() if value}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.kind or self.department)


@router.get("")
def search(
    member: Reader,
    session: Reading,
    as_of: AsOf,
    q: Words = "",
    kind: Kind | Literal[""] = "",
    state: Standing | Literal["", "all"] = "",
    department: Department = "",
    page: Number = 1,
) -> HTMLResponse:
    asked = Asked(" ".join(q.split()), kind, state, department, as_of)
    on = as_of or member.today
    shown: dict[str, Any] = {"fault": "", "results": None, "hits": [], "ideas": []}
    if asked.q:
        shown |= _answer(session, member, asked, page)
    chart = chart_on(session, member.organisation.id, on)
    return organisation_page(
        "search/results.html",
        member,
        "search",
        status=422 if shown["fault"] else 200,
        as_of=as_of,
        asked=asked,
        kept=asked.kept,
        kinds=[(each.value, name) for each, name in KIND_NAMES.items() if each is not Kind.EXTERNAL_DOCUMENT],
        states=_states(member),
        departments=[(node.key, node.name) for node in departments_of(chart)],
        department_names=names_by_key(departments_of(chart)),
        page_number=page,
        most=MOST_HITS,
        **shown,
    )


@router.get("/suggestions")
def suggestions(member: Reader, session: Reading, as_of: AsOf, q: Words = "") -> HTMLResponse:
    """`<option>`s for the search box of every page."""
    found = _suggested(session, member, q, Filters(as_of or member.today))
    return plain_page("search/suggestions.html", found=[(each.text, _said_beside(each)) for each in found])


def _answer(session: Session, member: Member, asked: Asked, page: int) -> dict[str, Any]:
    """What the page shows of the answer, or what is wrong with the question."""
    owner, filters = member.organisation, asked.filters(member.today)
    by = searcher(member, session)
    try:
        results = finding.search(session, owner, index_of(owner), asked.q, filters, by=by, today=member.today)
    except InputError as fault:
        return {"fault": str(fault)}
    matches = results.found.matches
    part = matches[(page - 1) * PER_PAGE : page * PER_PAGE]
    hits = [_shown(member, hit, asked.as_of) for hit in finding.hits(session, owner, results, part)]
    pages = [(number, f"?{urlencode(_address(asked, number))}") for number in range(1, -(-len(matches) // PER_PAGE) + 1)]
    ideas = [] if matches else _ideas(session, member, asked.q, filters)
    return {"results": results, "hits": hits, "pages": pages, "ideas": ideas}


def _address(asked: Asked, page: int) -> dict[str, str]:
    day = {"as_of": asked.as_of.isoformat()} if asked.as_of else {}
    return asked.kept | day | ({"page": str(page)} if page > 1 else {})


def _shown(member: Member, hit: finding.Hit, as_of: date | None) -> dict[str, Any]:
    """A hit with its texts in pieces, and where it leads: to this very revision, which need not be the one in force."""
    facts = hit.facts
    asked = {"revision": facts.label} if hit.state is not Standing.IN_FORCE else {"as_of": as_of.isoformat()} if as_of else {}
    fragment = f"{anchor_prefix(facts.key, facts.number)}.{hit.anchor}" if hit.anchor else ""
    return {
        "address": f"/organisations/{member.organisation.code}/documents/{quote(hit.number)}"
        + (f"?{urlencode(asked)}" if asked else "")
        + (f"#{quote(fragment)}" if fragment else ""),
        "number": hit.number,
        "title": list(pieces(hit.title)),
        "label": facts.label,
        "kind": KIND_NAMES[facts.kind],
        "department": facts.department,
        "state": STATE_NAMES[hit.state],
        "in_force": hit.state is Standing.IN_FORCE,
        "effective_on": facts.effective_on,
        "clause": hit.clause,
        "section": list(pieces(hit.section)),
        "snippet": list(pieces(hit.snippet)),
        "further": hit.further,
    }


def pieces(text: Snippet) -> Iterator[tuple[str, bool]]:
    """(piece, whether it is one of the words looked for), in order."""
    at = 0
    for start, end in text.marks:
        if at < start:
            yield text.text[at:start], False
        yield text.text[start:end], True
        at = end
    if at < len(text.text):
        yield text.text[at:], False


def _states(member: Member) -> list[tuple[str, str]]:
    """What may be chosen: readers find only what is in force."""
    if not may(member.roles, Act.READ_ALL):
        return []
    return [
        ("", STATE_NAMES[Standing.IN_FORCE]),
        *((each.value, STATE_NAMES[each]) for each in Standing if each is not Standing.IN_FORCE),
        (ALL, "全部状态"),
    ]


def _ideas(session: Session, member: Member, q: str, filters: Filters) -> list[str]:
    """Names that go on from the words asked for, or from any two characters of them, where nothing has the words themselves."""
    words = [word.strip('-“”"') for word in q.split()[:3]]
    pairs = [word[at : at + 2] for word in words for at in range(max(1, len(word) - 1))]
    for start in dict.fromkeys((*words, *pairs[:MOST_TRIES])):
        found = _suggested(session, member, start, replace(filters, kinds=frozenset(), departments=frozenset()))
        if found:
            return [each.text for each in found[:6]]
    return []


def _suggested(session: Session, member: Member, q: str, filters: Filters) -> list[Suggestion]:
    index = index_of(member.organisation)
    return finding.suggest(session, member.organisation, index, q, filters, by=searcher(member, session), today=member.today)


def _said_beside(found: Suggestion) -> str:
    where = {SuggestionKind.NUMBER: found.title, SuggestionKind.TITLE: found.number, SuggestionKind.SECTION: f"《{found.title}》"}
    return f"{SUGGESTED[found.kind]} · {where[found.kind]}"
