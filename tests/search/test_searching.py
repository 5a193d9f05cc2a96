"""Who finds what, and when: in force and addressed for readers, every revision for staff, as the database is at this moment."""

from __future__ import annotations

from datetime import date

import pytest
from small_firm import COMPLAINT, ORDER, REPAIR, VISIT, Firm, advance, day, found, moment, person, with_drafts
from sqlmodel import Session

from service.documents.actions import draft_next, edit, make_obsolete
from service.documents.recipients import Addressees, set_recipients
from service.documents.rules import Standing
from service.errors import Forbidden, InputError
from service.organisations.actions import set_value
from service.organisations.roles import Role
from service.organisations.rules import Actor
from service.organisations.shipped import catalogue
from service.search.catching_up import catch_up
from service.search.finding import Hit, Results, hits, search, suggest
from service.search.port import SuggestionKind
from service.search.queries import standings
from service.search.rules import Filters
from service.search.whoosh_index import WhooshIndex
from service.text.model import Kind

TODAY = day(6, 1)
READER = person("wu", "吴五", "service_manager", "服务部经理", "service", Role.READER)
ELSEWHERE = person("liu", "刘六", "general_manager", "总经理", "management", Role.READER)


@pytest.fixture
def firm(undone: Session) -> Firm:
    """REPAIR and COMPLAINT in force since 1 March, the forms with them."""
    made = with_drafts(undone)
    for title in (REPAIR, COMPLAINT):
        advance(undone, made, title, at=moment(2, 1), effective_on=day(3, 1))
    return made


def ask(
    session: Session, firm: Firm, index: WhooshIndex, text: str, by: Actor | None = None, on: date = TODAY, states: str = "in_force"
) -> Results:
    chosen = frozenset(Standing(state) for state in states.split())
    return search(session, firm.organisation, index, text, Filters(on, chosen), by=by or firm.controller, today=TODAY)


def shown(
    session: Session, firm: Firm, index: WhooshIndex, text: str, by: Actor | None = None, on: date = TODAY, states: str = "in_force"
) -> list[str]:
    """Title, label and section of every hit; nothing if there are only near ones."""
    results = ask(session, firm, index, text, by, on, states)
    listed = [] if results.found.is_near else hits(session, firm.organisation, results, results.found.matches)
    return [f"{hit.title.text} {hit.facts.label} {hit.section.text}".strip() for hit in listed]


def next_revision(session: Session, firm: Firm, title: str, old: str, new: str) -> None:
    document, _ = found(session, firm, title)
    draft = draft_next(session, document, by=firm.preparer, at=moment(4, 1), change_summary="改")
    edit(session, document, draft, draft.source.replace(old, new), by=firm.preparer, at=moment(4, 1))


def test_what_is_in_force_today_is_found(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    assert shown(undone, firm, index, "30分钟") == [f"{REPAIR} A/0 受理"]
    assert shown(undone, firm, index, "30分钟", on=day(2, 28)) == []


def test_hit_says_what_it_is_and_why(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    results = ask(undone, firm, index, "工作日 办结")
    (hit,) = hits(undone, firm.organisation, results, results.found.matches)
    assert isinstance(hit, Hit)
    assert (hit.number, hit.title.text, hit.facts.label, hit.facts.kind) == ("JC/SH-CX-02", COMPLAINT, "A/0", Kind.PROCEDURE)
    assert (hit.facts.department, hit.facts.effective_on, hit.state) == ("service", day(3, 1), Standing.IN_FORCE)
    assert (hit.anchor, hit.clause, hit.section.text, hit.further) == ("handle", "4.1", "处理", 0)
    assert hit.snippet.text == "投诉在 5 个工作日内办结，上门的填写《上门服务记录》。"
    assert [hit.snippet.text[start:end] for start, end in hit.snippet.marks] == ["工作日", "办结"]


def test_day_decides_which_revision_is_found(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    next_revision(undone, firm, REPAIR, "30 分钟", "20 分钟")
    advance(undone, firm, REPAIR, at=moment(4, 10), effective_on=day(5, 1))
    assert shown(undone, firm, index, "30分钟", on=day(4, 30)) == [f"{REPAIR} A/0 受理"]
    assert shown(undone, firm, index, "30分钟", on=day(5, 1)) == []
    assert shown(undone, firm, index, "20分钟", on=day(5, 1)) == [f"{REPAIR} A/1 受理"]


def test_staff_find_every_revision_by_its_state(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    next_revision(undone, firm, REPAIR, "30 分钟", "20 分钟")
    advance(undone, firm, REPAIR, at=moment(5, 10), effective_on=day(7, 1))
    next_revision(undone, firm, COMPLAINT, "5 个工作日", "3 个工作日")
    document, revision = found(undone, firm, ORDER)
    make_obsolete(undone, document, revision, on=day(5, 1), by=firm.controller, at=moment(5, 1), reason="不用了")
    assert shown(undone, firm, index, "20分钟", states="awaited") == [f"{REPAIR} A/1 受理"]
    assert shown(undone, firm, index, "3个工作日", states="draft") == [f"{COMPLAINT} A/1 处理"]
    assert shown(undone, firm, index, ORDER, states="obsolete") == [f"{ORDER} A/0"]
    assert sorted(shown(undone, firm, index, "工作日", states="draft in_force")) == [f"{COMPLAINT} A/0 处理", f"{COMPLAINT} A/1 处理"]
    assert shown(undone, firm, index, "工作日", states="in_review in_approval approved countersigning awaited obsolete") == []


def test_superseded_revision_is_found_among_the_obsolete(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    next_revision(undone, firm, REPAIR, "30 分钟", "20 分钟")
    advance(undone, firm, REPAIR, at=moment(4, 10), effective_on=day(5, 1))
    assert shown(undone, firm, index, "30分钟", states="obsolete") == [f"{REPAIR} A/0 受理"]


def test_draft_is_found_as_it_reads_with_the_values_of_the_day(undone: Session, index: WhooshIndex) -> None:
    firm = with_drafts(undone)
    assert shown(undone, firm, index, "400-000-0001", states="draft") == [f"{REPAIR} A/0 受理"]
    assert shown(undone, firm, index, "posts.service_manager", states="draft") == []
    set_value(
        undone, firm.organisation, "company.hotline", "400-000-0002",
        valid_from=day(1, 1), by=firm.controller, at=moment(1, 6), catalogue=catalogue(),
    )  # fmt: skip
    assert shown(undone, firm, index, "400-000-0001", states="draft") == []
    assert shown(undone, firm, index, "400-000-0002", states="draft") == [f"{REPAIR} A/0 受理"]


def test_draft_that_cannot_be_read_is_found_by_its_title(undone: Session, index: WhooshIndex) -> None:
    firm = with_drafts(undone)
    _, draft = found(undone, firm, COMPLAINT)
    draft.source = draft.source.replace("5 个", "{% if %}5 个")  # nobody can save this; a profile may come to make a text like it
    undone.flush()
    assert shown(undone, firm, index, COMPLAINT, states="draft")[0] == f"{COMPLAINT} A/0"
    assert shown(undone, firm, index, "个工作日", states="draft") == []


def test_change_of_a_draft_is_found_at_once(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    next_revision(undone, firm, COMPLAINT, "5 个工作日", "3 个工作日")
    assert shown(undone, firm, index, "3个工作日", states="draft")
    document, draft = found(undone, firm, COMPLAINT)
    edit(undone, document, draft, draft.source.replace("3 个工作日", "4 个工作日"), by=firm.preparer, at=moment(4, 2))
    assert shown(undone, firm, index, "3个工作日", states="draft") == []
    assert shown(undone, firm, index, "4个工作日", states="draft") == [f"{COMPLAINT} A/1 处理"]


def test_kinds_and_departments_narrow_the_search(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    def titles(filters: Filters) -> set[str]:
        results = search(undone, firm.organisation, index, "上门服务记录", filters, by=firm.controller, today=TODAY)
        return {hit.title.text for hit in hits(undone, firm.organisation, results, results.found.matches)}

    assert titles(Filters(TODAY)) == {VISIT, REPAIR, COMPLAINT}
    assert titles(Filters(TODAY, kinds=frozenset({Kind.RECORD_FORM}))) == {VISIT}
    assert titles(Filters(TODAY, departments=frozenset({"service"}))) == {VISIT, REPAIR, COMPLAINT}
    assert titles(Filters(TODAY, departments=frozenset({"management"}))) == set()


def test_reader_finds_what_is_addressed_to_him(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    assert shown(undone, firm, index, "30分钟", READER) == [f"{REPAIR} A/0 受理"]
    assert shown(undone, firm, index, "30分钟", ELSEWHERE) == []


def test_change_of_the_recipients_counts_at_once(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    assert shown(undone, firm, index, "30分钟", ELSEWHERE) == []
    document, _ = found(undone, firm, REPAIR)
    set_recipients(undone, firm.organisation, document, Addressees(posts=("general_manager",)), by=firm.controller, at=moment(4, 1))
    assert shown(undone, firm, index, "30分钟", ELSEWHERE) == [f"{REPAIR} A/0 受理"]
    assert shown(undone, firm, index, "30分钟", READER) == []


def test_reader_gets_no_near_hit_that_is_not_addressed_to_him(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    assert ask(undone, firm, index, "三十分钟内登记报修单", READER).found.is_near
    assert ask(undone, firm, index, "三十分钟内登记报修单", ELSEWHERE).found.matches == ()


@pytest.mark.parametrize("states", ["draft", "in_force draft", "awaited", "obsolete", "in_review"])
def test_reader_may_not_ask_for_more_than_what_is_in_force(undone: Session, firm: Firm, index: WhooshIndex, states: str) -> None:
    with pytest.raises(Forbidden, match="查阅全部修订"):
        ask(undone, firm, index, "投诉", READER, states=states)


def test_administrator_alone_finds_nothing_that_is_not_addressed_to_him(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    only = person("guan", "管理", "general_manager", "总经理", "management", Role.ADMINISTRATOR)
    assert shown(undone, firm, index, "30分钟", only) == []


def test_text_that_asks_for_nothing_is_refused_before_anything_is_read(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    with pytest.raises(InputError, match="请输入"):
        ask(undone, firm, index, "*")
    assert index.marks() == {}


def test_suggestions_are_of_what_may_be_found(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    def suggested(text: str, by: Actor) -> list[tuple[SuggestionKind, str]]:
        return [(each.kind, each.text) for each in suggest(undone, firm.organisation, index, text, Filters(TODAY), by=by, today=TODAY)]

    assert suggested("投诉", READER)[0] == (SuggestionKind.TITLE, COMPLAINT)
    assert suggested("CX-0", READER) == [(SuggestionKind.NUMBER, "JC/SH-CX-01"), (SuggestionKind.NUMBER, "JC/SH-CX-02")]
    assert suggested("投诉", ELSEWHERE) == []


def test_two_firms_with_the_same_texts_find_their_own(undone: Session, tmp_path_factory: pytest.TempPathFactory) -> None:
    firms = [with_drafts(undone, code) for code in ("JC", "YI")]
    indexes = [WhooshIndex(tmp_path_factory.mktemp("index")) for _ in firms]
    for firm, index in zip(firms, indexes, strict=True):
        advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
        assert shown(undone, firm, index, "工作日") == [f"{COMPLAINT} A/0 处理"]
    assert {hit[:2] for hit in _numbers(undone, firms[0], indexes[0])} == {"JC"}
    assert indexes[0].marks().keys().isdisjoint(indexes[1].marks())


def _numbers(session: Session, firm: Firm, index: WhooshIndex) -> list[str]:
    results = ask(session, firm, index, "投诉")
    return [hit.number for hit in hits(session, firm.organisation, results, results.found.matches)]


def test_foreign_text_that_got_into_an_index_is_not_found(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    other = with_drafts(undone, "YI")
    advance(undone, other, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    catch_up(undone, other.organisation, index, on=TODAY)
    assert {number[:2] for number in _numbers(undone, firm, index)} == {"JC"}
    assert set(index.marks()) == set(standings(undone, firm.organisation.id, Filters(TODAY, frozenset(Standing))))
