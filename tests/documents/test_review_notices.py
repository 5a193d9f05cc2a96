"""Notices of what is due: to whom, when, and never twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from small_firm import COMPLAINT, REPAIR, Firm, advance, day, found, founded, give_accounts, moment, with_drafts
from sqlmodel import Session, col, select

from service.documents.external import Finding, NewExternal, add_external, check_external
from service.documents.external_rules import ExternalKind
from service.documents.review_rules import Verdict
from service.documents.reviews import record_review
from service.documents.tasks import EVENTS, due, recipients
from service.notices.models import Notice
from service.organisations.queries import chart_on
from service.standards.rules import ReferenceStatus


def at(year: int, month: int, number: int) -> datetime:
    """10:00 in Shanghai."""
    return datetime(year, month, number, 2, tzinfo=UTC)


def firm_with(session: Session, code: str = "JC") -> Firm:
    """投诉处理程序 with its form in force since 31 January 2026; all four have accounts with addresses."""
    firm = with_drafts(session, code)
    give_accounts(session, firm.organisation)
    advance(session, firm, COMPLAINT, at=moment(1, 20), effective_on=day(1, 31))
    return firm


def told(session: Session, firm: Firm) -> list[tuple[str, str]]:
    """(whom, subject) of every notice of the firm."""
    rows = session.exec(select(Notice).where(Notice.organisation_id == firm.organisation.id, col(Notice.event).in_(EVENTS.values())))
    return sorted((row.recipient, row.subject) for row in rows)


def test_controller_and_head_of_the_owning_department_are_told(undone: Session) -> None:
    firm = firm_with(undone)
    assert due(undone, firm.organisation, at=at(2027, 1, 1)) == 2
    subject = "定期评审：服务部 2 份，还有 30 天"
    assert told(undone, firm) == [("bing@jc.example", subject), ("ding@jc.example", subject)]


def test_notice_names_what_is_due_and_until_when(undone: Session) -> None:
    firm = firm_with(undone)
    due(undone, firm.organisation, at=at(2027, 1, 1))
    body = undone.exec(select(Notice.body).where(col(Notice.event).in_(EVENTS.values()))).first()
    assert body == (
        "下列文件应在 2027-01-31 前完成定期评审（还有 30 天）：\nJC/SH-CX-02《投诉处理程序》A/0\nJC/SH-JL-02《上门服务记录》A/0"
    )


def test_nobody_is_told_earlier_and_nobody_twice(undone: Session) -> None:
    firm = firm_with(undone)
    assert due(undone, firm.organisation, at=at(2026, 12, 31)) == 0
    assert [due(undone, firm.organisation, at=at(2027, 1, number)) for number in (1, 1, 2, 30)] == [2, 0, 0, 0]


def test_people_are_told_again_on_the_day_and_every_month_after_it(undone: Session) -> None:
    firm = firm_with(undone)
    days = (at(2027, 1, 5), at(2027, 1, 31), at(2027, 2, 27), at(2027, 2, 28), at(2027, 3, 15), at(2027, 3, 31), at(2027, 3, 31))
    assert [due(undone, firm.organisation, at=each) for each in days] == [2, 2, 0, 2, 0, 2, 0]
    assert {subject.split("，")[-1] for _, subject in told(undone, firm)} == {"还有 26 天", "今天到期", "已超期 28 天", "已超期 59 天"}


def test_job_that_did_not_run_for_months_tells_once(undone: Session) -> None:
    firm = firm_with(undone)
    assert due(undone, firm.organisation, at=at(2027, 6, 15)) == 2


def test_reviewed_documents_are_not_told_of(undone: Session) -> None:
    firm = firm_with(undone)
    document, _ = found(undone, firm, COMPLAINT)
    record_review(undone, firm.organisation, document, Verdict.KEEP, by=firm.reviewer, at=at(2026, 12, 1))
    due(undone, firm.organisation, at=at(2027, 1, 5))
    assert {subject for _, subject in told(undone, firm)} == {"定期评审：服务部 1 份，还有 26 天"}
    assert due(undone, firm.organisation, at=at(2027, 11, 15)) > 0


def test_department_is_told_once_of_all_that_falls_due_on_one_day(undone: Session) -> None:
    firm = firm_with(undone)
    advance(undone, firm, REPAIR, at=moment(1, 20), effective_on=day(1, 31))
    assert due(undone, firm.organisation, at=at(2027, 1, 5)) == 2
    assert {subject for _, subject in told(undone, firm)} == {"定期评审：服务部 4 份，还有 26 天"}


def test_unchecked_external_document_is_told_of_at_once_and_a_check_a_year_later(undone: Session) -> None:
    firm = founded(undone)
    give_accounts(undone, firm.organisation)
    new = NewExternal("GB/T 19012-2019", "投诉处理指南", ExternalKind.STANDARD, keeper="service")
    row = add_external(undone, firm.organisation, new, by=firm.controller, at=moment(3, 1))
    assert due(undone, firm.organisation, at=moment(3, 1)) == 2
    assert {subject for _, subject in told(undone, firm)} == {"外来文件核对：服务部 1 份，今天到期"}
    finding = Finding(ReferenceStatus.IN_FORCE, day(3, 2), "全国标准信息公共服务平台")
    check_external(undone, firm.organisation, row, finding, by=firm.controller, at=moment(3, 2))
    assert [due(undone, firm.organisation, at=each) for each in (at(2027, 1, 30), at(2027, 1, 31), at(2027, 3, 2))] == [0, 2, 2]


@pytest.mark.parametrize(
    ("department", "logins"),
    [("service", ["bing", "ding"]), ("management", ["bing", "jia"]), ("", ["bing"]), ("gone", ["bing"])],
)
def test_recipients_are_the_controllers_and_who_holds_the_departments_first_post(
    undone: Session, department: str, logins: list[str]
) -> None:
    firm = founded(undone)
    assert recipients(chart_on(undone, firm.organisation.id, day(2, 1)), department) == logins


def test_title_with_invisible_characters_stops_no_notice(undone: Session) -> None:
    firm = firm_with(undone)
    found(undone, firm, COMPLAINT)[1].title = "投诉\u200b处理\u2028程序"
    assert due(undone, firm.organisation, at=at(2027, 1, 5)) == 2
    assert all("《投诉处理程序》" in body for body in undone.exec(select(Notice.body)))


def test_notices_of_one_organisation_are_not_anothers(undone: Session) -> None:
    mine, other = firm_with(undone, "JC"), firm_with(undone, "YI")
    assert due(undone, mine.organisation, at=at(2027, 1, 5)) == 2
    assert told(undone, other) == []
    assert due(undone, other.organisation, at=at(2027, 1, 5)) == 2
