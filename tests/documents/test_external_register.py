"""外来文件: the organisation's own register on both clocks, its checks, and what it means for checks and manuals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from small_firm import COMPLAINT, Firm, advance, day, founded, moment, template_set, with_drafts
from small_firm import TEXTS as SMALL
from sqlmodel import Session

from service.checks.queries import find_problems, gather
from service.documents.due_list import due_items
from service.documents.external import Finding, NewExternal, add_external, adopt_cited, check_external, end_external
from service.documents.external_queries import ExternalEntry, checks_of, external_entries, find_external, register_on
from service.documents.external_rules import EXTERNAL_KIND_NAMES, ExternalKind, kind_of
from service.documents.models import ExternalDocument
from service.documents.review_rules import Task
from service.errors import Conflict, Forbidden, InputError, NotFound
from service.organisations.actions import set_value
from service.organisations.shipped import catalogue
from service.standards.rules import REFERENCE_STATUS_NAMES, ReferenceStatus
from service.standards.shipped import register
from service.trail.queries import entries

GUIDE = NewExternal("GB/T 19012-2019", "投诉处理指南", ExternalKind.STANDARD, "2019", keeper="service")
PLATFORM = "全国标准信息公共服务平台"


def entered(session: Session, firm: Firm, new: NewExternal = GUIDE, month: int = 3) -> ExternalDocument:
    return add_external(session, firm.organisation, new, by=firm.controller, at=moment(month, 1))


def checked(
    session: Session,
    firm: Firm,
    row: ExternalDocument,
    on: date,
    told: int,
    status: ReferenceStatus = ReferenceStatus.IN_FORCE,
    by: str = "",
) -> None:
    """Checked on a day, told on the first of a month."""
    finding = Finding(status, on, PLATFORM, "2019", by)
    check_external(session, firm.organisation, row, finding, by=firm.controller, at=moment(told, 1))


def only(session: Session, firm: Firm, on: date, **clock: object) -> ExternalEntry:
    [entry] = external_entries(session, firm.organisation, on, **clock)  # type: ignore[arg-type]  # recorded_on only
    return entry


def citing(session: Session, *changes: tuple[str, str], code: str = "JC") -> Firm:
    """The firm with 投诉处理程序 in force since 1 February, its texts changed."""
    texts = []
    for text in SMALL:
        for old, new in changes:
            text = text.replace(old, new)
        texts.append(text)
    firm = with_drafts(session, code, template_set(*texts, departments={"service": "服务部"}, posts={"service_manager": "服务部经理"}))
    advance(session, firm, COMPLAINT, at=moment(2, 1))
    return firm


CITED = ("《维修服务程序》\n## 相关记录\n《上门服务记录》", "GB/T19012—2019、《中华人民共和国产品质量法》\n## 相关记录\n《上门服务记录》")


def test_entered_document_is_kept_from_its_day_and_nobody_has_checked_it(undone: Session) -> None:
    firm = founded(undone)
    entered(undone, firm)
    assert external_entries(undone, firm.organisation, day(2, 28)) == []
    entry = only(undone, firm, day(3, 1))
    assert (entry.row.number, entry.check, entry.kept_since, entry.due_on) == ("GB/T 19012-2019", None, day(3, 1), day(3, 1))
    assert entry.reference.checked_on is None


@pytest.mark.parametrize("spelled", ["GB/T19012—2019", " GB/T 19012--2019 ", "GB/T 19012-2019"])
def test_number_of_a_standard_is_kept_in_its_normal_form_and_found_however_it_is_spelled(undone: Session, spelled: str) -> None:
    firm = founded(undone)
    row = entered(undone, firm, replace(GUIDE, number=spelled))
    assert row.number == "GB/T 19012-2019"
    assert find_external(undone, firm.organisation.id, spelled.strip()).id == row.id


def test_last_check_tells_status_and_edition_on_both_clocks(undone: Session) -> None:
    firm = founded(undone)
    row = entered(undone, firm)
    checked(undone, firm, row, day(4, 1), told=4)
    checked(undone, firm, row, day(6, 1), told=9, status=ReferenceStatus.REPLACED, by="GB/T 19012-2026")
    statuses = [only(undone, firm, on).latest.status for on in (day(3, 31), day(4, 1), day(5, 31), day(6, 1))]
    assert statuses == [ReferenceStatus.UNKNOWN, ReferenceStatus.IN_FORCE, ReferenceStatus.IN_FORCE, ReferenceStatus.REPLACED]
    assert only(undone, firm, day(7, 1), recorded_on=moment(8, 31)).latest.status is ReferenceStatus.IN_FORCE
    assert [(check.checked_on, check.name, check.checked_where) for check in checks_of(undone, row)] == [
        (day(4, 1), "邴三", PLATFORM),
        (day(6, 1), "邴三", PLATFORM),
    ]


def test_check_is_due_after_a_year_or_the_organisations_own_months(undone: Session) -> None:
    firm = founded(undone)
    row = entered(undone, firm)
    checked(undone, firm, row, day(3, 31), told=4)
    assert only(undone, firm, day(4, 1)).due_on == date(2027, 3, 31)
    name, known = "targets.law_review_months", catalogue()
    set_value(undone, firm.organisation, name, 6, valid_from=day(5, 1), by=firm.controller, at=moment(5, 1), catalogue=known)
    assert only(undone, firm, day(4, 30)).due_on == date(2027, 3, 31)
    assert only(undone, firm, day(5, 1)).due_on == date(2026, 9, 30)


@pytest.mark.parametrize("status", [ReferenceStatus.REPLACED, ReferenceStatus.WITHDRAWN])
def test_what_is_replaced_or_withdrawn_needs_no_more_checks(undone: Session, status: ReferenceStatus) -> None:
    firm = founded(undone)
    row = entered(undone, firm)
    checked(undone, firm, row, day(4, 1), told=4, status=status, by="GB/T 19012-2026" if status is ReferenceStatus.REPLACED else "")
    assert only(undone, firm, day(4, 1)).due_on is None
    assert due_items(undone, firm.organisation, date(2030, 1, 1)) == []


def test_unchecked_entry_stands_in_the_due_list_under_its_keeper(undone: Session) -> None:
    firm = founded(undone)
    entered(undone, firm)
    [item] = due_items(undone, firm.organisation, day(3, 11))
    assert (item.task, item.number, item.department_name, item.last_on, item.days_left) == (Task.CHECK, GUIDE.number, "服务部", None, -10)


def test_ended_entry_leaves_the_register_on_its_day_and_its_number_is_free_again(undone: Session) -> None:
    firm = founded(undone)
    row = entered(undone, firm)
    end_external(undone, row, reason="不再经营", by=firm.controller, at=moment(6, 1))
    assert only(undone, firm, day(5, 31)).row.id == row.id
    assert external_entries(undone, firm.organisation, day(6, 1)) == []
    assert only(undone, firm, day(7, 1), recorded_on=moment(5, 31)).row.id == row.id
    with pytest.raises(NotFound):
        find_external(undone, firm.organisation.id, GUIDE.number)
    again = entered(undone, firm, month=8)
    assert [only(undone, firm, on).row.id for on in (day(5, 1), day(8, 1))] == [row.id, again.id]


def test_number_that_is_kept_cannot_be_entered_again(undone: Session) -> None:
    firm = founded(undone)
    entered(undone, firm)
    with pytest.raises(Conflict) as caught:
        entered(undone, firm, replace(GUIDE, number="GB/T19012--2019"))
    assert caught.value.code == "duplicate_external_document"
    assert len(external_entries(undone, firm.organisation, day(3, 1))) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": " "}, "bad_text"),
        ({"number": "G" * 101}, "bad_text"),
        ({"title": "一\x07二"}, "bad_text"),
        ({"title": "一\n二"}, "bad_text"),
        ({"note": "一" * 1001}, "bad_text"),
        ({"keeper": "nobody"}, "unknown_department"),
        ({"status": ReferenceStatus.REPLACED}, "successor_missing"),
        ({"replaced_by": "GB/T 1-2026"}, "successor_missing"),
    ],
)
def test_entry_with_bad_values_is_refused(undone: Session, changes: dict[str, object], code: str) -> None:
    firm = founded(undone)
    with pytest.raises(InputError) as caught:
        entered(undone, firm, replace(GUIDE, **changes))  # type: ignore[arg-type]  # fields of the entry
    assert caught.value.code == code
    assert external_entries(undone, firm.organisation, day(3, 1)) == []


@pytest.mark.parametrize(
    ("finding", "code"),
    [
        (Finding(ReferenceStatus.IN_FORCE, day(4, 2), PLATFORM), "check_in_future"),
        (Finding(ReferenceStatus.IN_FORCE, day(4, 1), "  "), "bad_text"),
        (Finding(ReferenceStatus.REPLACED, day(4, 1), PLATFORM), "successor_missing"),
        (Finding(ReferenceStatus.IN_FORCE, day(4, 1), PLATFORM, replaced_by="GB/T 1-2026"), "successor_missing"),
    ],
)
def test_check_with_bad_values_is_refused(undone: Session, finding: Finding, code: str) -> None:
    firm = founded(undone)
    row = entered(undone, firm)
    with pytest.raises(InputError) as caught:
        check_external(undone, firm.organisation, row, finding, by=firm.controller, at=moment(4, 1))
    assert caught.value.code == code
    assert checks_of(undone, row) == []


def test_only_the_controller_keeps_the_register(undone: Session) -> None:
    firm = founded(undone)
    row, by = entered(undone, firm), firm.reviewer
    acts = (
        lambda: add_external(undone, firm.organisation, replace(GUIDE, number="X"), by=by, at=moment(4, 1)),
        lambda: adopt_cited(undone, firm.organisation, register(), by=by, at=moment(4, 1)),
        lambda: check_external(undone, firm.organisation, row, Finding(ReferenceStatus.IN_FORCE, day(4, 1), "x"), by=by, at=moment(4, 1)),
        lambda: end_external(undone, row, reason="x", by=by, at=moment(4, 1)),
    )
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    assert only(undone, firm, day(4, 1)).check is None


def test_what_texts_in_force_cite_is_adopted_once_and_only_by_an_act(undone: Session) -> None:
    firm = citing(undone, CITED)
    assert external_entries(undone, firm.organisation, day(3, 1)) == []
    adopted = adopt_cited(undone, firm.organisation, register(), by=firm.controller, at=moment(3, 1))
    assert {row.number for row in adopted} == {"GB/T 19012-2019", "产品质量法"}
    found = {entry.row.number: entry for entry in external_entries(undone, firm.organisation, day(3, 1))}
    law, standard = found["产品质量法"], found["GB/T 19012-2019"]
    assert (law.row.kind, standard.row.kind) == (ExternalKind.LAW, ExternalKind.STANDARD)
    assert {(entry.row.keeper, entry.latest.status, entry.check) for entry in found.values()} == {
        ("management", ReferenceStatus.IN_FORCE, None)
    }
    assert adopt_cited(undone, firm.organisation, register(), by=firm.controller, at=moment(4, 1)) == []


def test_texts_not_in_force_are_not_looked_at_when_adopting(undone: Session) -> None:
    firm = citing(undone, ("《投诉处理程序》\n## 相关记录", "GB/T 19001-2016\n## 相关记录"))
    assert adopt_cited(undone, firm.organisation, register(), by=firm.controller, at=moment(3, 1)) == []


def test_own_entry_of_a_law_under_another_number_is_not_adopted_beside_it(undone: Session) -> None:
    firm = citing(undone, CITED)
    entered(undone, firm, NewExternal("主席令第 22 号", "中华人民共和国产品质量法", ExternalKind.LAW))
    adopted = adopt_cited(undone, firm.organisation, register(), by=firm.controller, at=moment(3, 2))
    assert [row.number for row in adopted] == ["GB/T 19012-2019"]


def test_checks_follow_the_organisations_own_register(undone: Session) -> None:
    firm = citing(undone, CITED)
    row = entered(undone, firm)
    checked(undone, firm, row, day(4, 1), told=4, status=ReferenceStatus.REPLACED, by="GB/T 19012-2026")

    def outdated(on: date) -> list[str]:
        found = find_problems(gather(undone, firm.organisation, on, catalogue(), register(), drafts=False))
        return [problem.message for problem in found if problem.code == "replaced_edition"]

    assert outdated(day(3, 31)) == []
    assert outdated(day(4, 1)) == ["引用的 GB/T 19012-2019 已被 GB/T 19012-2026 代替"]


def test_register_that_counts_has_own_entries_before_shipped_ones(undone: Session) -> None:
    firm = founded(undone)
    entered(undone, firm)
    found = {entry.number: entry for entry in register_on(undone, firm.organisation, register(), day(3, 1))}
    assert len(found) == len(register())
    assert (found["GB/T 19012-2019"].title, found["GB/T 19012-2019"].checked_on) == ("投诉处理指南", None)
    assert register_on(undone, firm.organisation, register(), day(2, 28)) == register()


def test_each_act_leaves_its_trail(undone: Session) -> None:
    firm = founded(undone)
    before = len(entries(undone, firm.organisation.id))
    row = entered(undone, firm)
    checked(undone, firm, row, day(4, 1), told=4)
    end_external(undone, row, reason="不再经营", by=firm.controller, at=moment(5, 1))
    told = [(entry.action, entry.subject_id, entry.details) for entry in entries(undone, firm.organisation.id)[before:]]
    where = {"status": "in_force", "edition": "2019", "replaced_by": "", "on": "2026-04-01", "where": PLATFORM}
    assert told == [
        ("external_document:add", GUIDE.number, {"title": "投诉处理指南", "edition": "2019", "status": "unknown"}),
        ("external_document:check", GUIDE.number, where),
        ("external_document:end", GUIDE.number, {"reason": "不再经营"}),
    ]


def test_register_of_one_organisation_is_not_anothers(undone: Session) -> None:
    mine, other = founded(undone, "JC"), founded(undone, "YI")
    checked(undone, mine, entered(undone, mine), day(4, 1), told=4)
    assert external_entries(undone, other.organisation, day(6, 1)) == []
    with pytest.raises(NotFound):
        find_external(undone, other.organisation.id, GUIDE.number)
    entered(undone, other)
    assert only(undone, other, day(6, 1)).check is None


@pytest.mark.parametrize(
    ("number", "title", "kind"),
    [
        ("GB/T 27922-2011", "商品售后服务评价体系", ExternalKind.STANDARD),
        ("国务院令第 551 号", "废弃电器电子产品回收处理管理条例", ExternalKind.LAW),
        ("消费者权益保护法", "中华人民共和国消费者权益保护法", ExternalKind.LAW),
        ("HC-2026", "某厂家维修手册", ExternalKind.OTHER),
    ],
)
def test_kind_of_an_external_document_is_guessed_from_its_name(number: str, title: str, kind: ExternalKind) -> None:
    assert kind_of(number, title) is kind


def test_every_shipped_entry_has_a_kind_and_every_kind_and_status_its_words() -> None:
    assert {kind_of(entry.number, entry.title) for entry in register()} == {ExternalKind.LAW, ExternalKind.STANDARD}
    assert set(EXTERNAL_KIND_NAMES) == set(ExternalKind)
    assert set(REFERENCE_STATUS_NAMES) == set(ReferenceStatus)
