"""Who is told by mail that a document waits for him, that it came back, or that an exception is about to end."""

from __future__ import annotations

import pytest
from small_firm import (
    REPAIR,
    Firm,
    approve,
    day,
    give_accounts,
    moment,
    release,
    return_,
    review,
    submit,
    with_drafts,
    withdraw,
)
from sqlmodel import Session, col, select

from service.approvals.exception_actions import grant_exception
from service.approvals.rules import Meaning
from service.approvals.tasks import due
from service.notices.models import Notice

MAIL = {login: f"{login}@jc.example" for login in ("jia", "yi", "bing", "ding")}


@pytest.fixture
def firm(undone: Session) -> Firm:
    made = with_drafts(undone)
    give_accounts(undone, made.organisation)
    return made


def told(session: Session) -> list[tuple[str, str]]:
    """(address, subject) of every mail, oldest first."""
    session.flush()
    rows = session.exec(select(Notice).order_by(col(Notice.created_at), col(Notice.recipient)))
    return [(row.recipient, row.subject) for row in rows]


def test_each_step_tells_whoever_may_take_the_next(undone: Session, firm: Firm) -> None:
    for number, step in enumerate((submit, review, approve, release)):
        step(undone, firm, REPAIR, moment(1, 6 + number))
    name = f"JC/SH-CX-01《{REPAIR}》A/0"
    assert told(undone) == [(MAIL["yi"], f"待审核：{name}"), (MAIL["jia"], f"待批准：{name}"), (MAIL["bing"], f"待发布：{name}")]


def test_preparer_is_told_why_his_text_came_back(undone: Session, firm: Firm) -> None:
    submit(undone, firm, REPAIR, moment(1, 6))
    return_(undone, firm, REPAIR, moment(1, 7), by=firm.reviewer, reason="时限不明")
    assert told(undone)[-1] == (MAIL["ding"], f"已退回：JC/SH-CX-01《{REPAIR}》A/0")
    body = undone.exec(select(Notice.body).where(Notice.recipient == MAIL["ding"])).one()
    assert "易二退回了" in body
    assert "时限不明" in body


def test_second_round_is_told_again(undone: Session, firm: Firm) -> None:
    for at in (moment(1, 6), moment(1, 8)):
        submit(undone, firm, REPAIR, at)
        withdraw(undone, firm, REPAIR, at)
    assert [address for address, _ in told(undone)] == [MAIL["yi"], MAIL["yi"]]


def test_exception_about_to_end_is_told_once(undone: Session, firm: Firm) -> None:
    grant_exception(
        undone,
        firm.organisation,
        login="ding",
        meanings=[Meaning.PREPARE, Meaning.REVIEW],
        reason="人员不足",
        valid_from=day(2, 1),
        valid_until=day(3, 31),
        by=firm.approver,
        at=moment(2, 1),
    )
    assert due(undone, firm.organisation, at=moment(3, 16)) == 0
    assert due(undone, firm.organisation, at=moment(3, 17)) == 2
    assert due(undone, firm.organisation, at=moment(3, 18)) == 0
    assert {address for address, _ in told(undone)} == {MAIL["ding"], MAIL["jia"]}
    assert due(undone, firm.organisation, at=moment(4, 1)) == 0
