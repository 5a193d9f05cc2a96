"""Opening, editing, submitting and withdrawing a request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_firm import Firm, day, found, give_accounts, moment
from small_manual import with_manual
from sqlmodel import Session, select

from changes.asking import (
    ADDED,
    ASKED,
    COMPLAINT,
    ENDED,
    FASTER,
    REASON,
    RENEWED,
    approved,
    asked,
    submit,
    submitted,
)
from service.approvals.actions import obsolete
from service.changes import actions
from service.changes.guards import allowed_steps
from service.changes.queries import find_request, items_of, requests, rows_of
from service.changes.rules import ChangeKind, ChangeStatus, ChangeStep, Wanted
from service.errors import Forbidden, InputError, NotFound, Refused, ServiceError
from service.notices.models import Notice
from service.organisations.roles import HeldRole, Role
from service.trail.queries import entries


def told(session: Session, firm: Firm, number: str) -> list[str]:
    return [entry.action for entry in entries(session, firm.organisation.id, number)]


def test_request_is_numbered_within_its_year(undone: Session, firm: Firm) -> None:
    numbers = [asked(undone, firm, at=at).number for at in (ASKED, ASKED, moment(12, 31).replace(hour=20), moment(4, 1))]
    assert numbers == ["GG-2026-001", "GG-2026-002", "GG-2027-001", "GG-2026-003"]  # the third is of the new year in Shanghai


def test_request_keeps_what_was_asked_and_by_whom(undone: Session, firm: Firm) -> None:
    request = asked(undone, firm, FASTER, RENEWED, ENDED, ADDED)
    assert actions.wanted_of(rows_of(undone, request)) == [FASTER, RENEWED, ENDED, ADDED]
    assert (request.status, request.reason, request.created_at) == (ChangeStatus.DRAFT, REASON, ASKED)
    assert (request.created_by, request.created_name, request.created_post) == ("ding", "丁四", "服务部经理")
    [entry] = entries(undone, firm.organisation.id, request.number)
    assert (entry.action, entry.subject, entry.by) == ("change:open", "change_request", "ding")
    assert entry.details["items"][0] == {"kind": "revise", "document": COMPLAINT, "section": "handle"}


def test_whoever_may_not_ask_is_told_who_may(undone: Session, firm: Firm) -> None:
    auditor = replace(firm.preparer, roles=(HeldRole(Role.AUDITOR),))
    with pytest.raises(Forbidden, match="不能申请文件更改"):
        asked(undone, firm, by=auditor)


def test_unknown_document_and_department_are_refused(undone: Session, firm: Firm) -> None:
    with pytest.raises(NotFound, match="JC/SH-CX-99"):
        asked(undone, firm, replace(FASTER, number="JC/SH-CX-99"))
    with pytest.raises(InputError, match="没有部门 spares"):
        asked(undone, firm, replace(ADDED, department="spares"))


def test_everything_wrong_is_told_at_once(undone: Session, firm: Firm) -> None:
    with pytest.raises(InputError) as caught:
        asked(undone, firm, replace(FASTER, proposed=" "), replace(ADDED, title=""), title="")
    assert caught.value.code == "bad_change_request"
    assert all(words in str(caught.value) for words in ("更改标题", "第 1 项", "第 2 项"))


def test_draft_is_edited_by_its_requester_and_by_the_controller(undone: Session, firm: Firm) -> None:
    request = asked(undone, firm)
    for by, title in ((firm.preparer, "再短一点"), (firm.controller, "合并")):
        actions.edit(undone, firm.organisation, request, title=title, reason="", items=[RENEWED, ENDED], by=by, at=ASKED)
        assert (request.title, request.reason) == (title, "")
        assert actions.wanted_of(rows_of(undone, request)) == [RENEWED, ENDED]
    with pytest.raises(Forbidden, match="由申请人丁四或文控员完成"):
        actions.edit(undone, firm.organisation, request, title="别的", reason="", items=[], by=firm.reviewer, at=ASKED)
    assert told(undone, firm, request.number) == ["change:open", "change:edit", "change:edit"]


def test_what_was_submitted_is_edited_no_more(undone: Session, firm: Firm) -> None:
    request = submitted(undone, firm)
    with pytest.raises(Refused, match="待批准，不能修改；现在可以做的是：批准、否决、撤回"):
        actions.edit(undone, firm.organisation, request, title="别的", reason="", items=[], by=firm.preparer, at=ASKED)
    assert request.title == "缩短投诉处理时限"


@pytest.mark.parametrize(
    ("reason", "items", "code"), [("", (FASTER,), "reason_missing"), (" \n", (FASTER,), "reason_missing"), ("因为", (), "items_missing")]
)
def test_request_without_reason_or_item_is_not_submitted(
    undone: Session, firm: Firm, reason: str, items: tuple[Wanted, ...], code: str
) -> None:
    request = actions.open_request(undone, firm.organisation, title="改", reason=reason, items=items, by=firm.preparer, at=ASKED)
    with pytest.raises(InputError) as caught:
        submit(undone, firm, request)
    assert (caught.value.code, request.status) == (code, ChangeStatus.DRAFT)


def test_submitting_freezes_the_impact(undone: Session, firm: Firm) -> None:
    request = submitted(undone, firm)
    assert request.status is ChangeStatus.SUBMITTED
    assert request.submitted_by == "ding"
    [document] = request.impact["documents"]
    assert (request.impact["on"], document["number"]) == ("2026-03-02", COMPLAINT)
    assert [row["number"] for row in document["cited_by"]] == ["JC/SH-SC-09", "JC/SH-CX-01"]
    assert told(undone, firm, request.number) == ["change:open", "change:submit"]


def test_own_request_is_not_named_among_the_others(undone: Session, firm: Firm) -> None:
    first, second = submitted(undone, firm), submitted(undone, firm)
    assert first.impact["documents"][0]["open_requests"] == []
    assert second.impact["documents"][0]["open_requests"] == [first.number]


def test_document_in_another_approved_request_is_refused_with_its_number(undone: Session, firm: Firm) -> None:
    first = approved(undone, firm, FASTER)
    second = asked(undone, firm, RENEWED, FASTER)
    with pytest.raises(Refused, match=f"{COMPLAINT} 的更改申请 {first.number} 已批准，尚未完成"):
        submit(undone, firm, second)
    assert second.status is ChangeStatus.DRAFT


def test_obsolete_document_is_refused(undone: Session, firm: Firm) -> None:
    document, revision = found(undone, firm, "服务规范")
    obsolete(undone, document, revision, on=day(3, 1), by=firm.controller, at=moment(3, 1), reason="并入程序")
    with pytest.raises(Refused, match="已经作废，不能申请更改") as caught:
        submitted(undone, firm, ENDED)
    assert caught.value.code == "document_obsolete"


def test_document_that_was_never_released_is_refused(undone: Session, firm: Firm) -> None:
    approved(undone, firm, ADDED)
    document, _ = found(undone, firm, "备件管理程序")
    with pytest.raises(Refused, match="尚未发布，不用申请更改"):
        submitted(undone, firm, Wanted(ChangeKind.REVISE, document.number, proposed="改"))


def test_new_document_under_a_title_that_there_is_already_is_refused(undone: Session, firm: Firm) -> None:
    with pytest.raises(Refused, match="已有名为《投诉处理程序》的文件"):
        submitted(undone, firm, replace(ADDED, title="投诉处理程序"))


def test_request_is_withdrawn_before_the_decision_only(undone: Session, firm: Firm) -> None:
    for request in (asked(undone, firm), submitted(undone, firm)):
        actions.withdraw(undone, request, by=firm.preparer, at=moment(3, 3))
        assert (request.status, request.withdrawn_at) == (ChangeStatus.WITHDRAWN, moment(3, 3))
    done = approved(undone, firm)
    with pytest.raises(Refused, match="已批准，不能撤回；现在可以做的是：无"):
        actions.withdraw(undone, done, by=firm.preparer, at=moment(3, 4))


def test_request_of_somebody_else_is_not_withdrawn(undone: Session, firm: Firm) -> None:
    request = submitted(undone, firm)
    with pytest.raises(Forbidden, match="易二不能撤回"):
        actions.withdraw(undone, request, by=firm.reviewer, at=moment(3, 3))
    actions.withdraw(undone, request, by=firm.controller, at=moment(3, 3))
    assert request.status is ChangeStatus.WITHDRAWN


def test_buttons_are_those_that_the_guards_let_through(undone: Session, firm: Firm) -> None:
    request = asked(undone, firm)
    drafting = (ChangeStep.EDIT, ChangeStep.SUBMIT, ChangeStep.WITHDRAW)
    assert [allowed_steps(request, by) for by in (firm.preparer, firm.controller, firm.reviewer, firm.approver)] == [
        drafting,
        drafting,
        (),
        (),
    ]
    submit(undone, firm, request)
    assert allowed_steps(request, firm.preparer) == (ChangeStep.WITHDRAW,)
    assert allowed_steps(request, firm.approver) == (ChangeStep.APPROVE, ChangeStep.REJECT)


def test_approvers_are_told_of_a_submitted_request(undone: Session, firm: Firm) -> None:
    give_accounts(undone, firm.organisation)
    request = submitted(undone, firm)
    [notice] = undone.exec(select(Notice)).all()
    assert (notice.recipient, notice.event) == ("jia@jc.example", "change:submit")
    assert request.number in notice.subject
    assert REASON in notice.body


def test_requests_are_listed_the_newest_first(undone: Session, firm: Firm) -> None:
    first, second = asked(undone, firm), asked(undone, firm, by=firm.reviewer)
    assert requests(undone, firm.organisation.id) == [second, first]
    assert requests(undone, firm.organisation.id, "ding") == [first]


def test_nothing_of_one_organisations_requests_is_known_to_another(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm)
    other = with_manual(undone, "YI")
    assert requests(undone, other.organisation.id) == []
    words = []
    for number in (request.number, "GG-2026-777", "GG-2026-001\x00", "x"):
        with pytest.raises(NotFound) as caught:
            find_request(undone, other.organisation.id, number)
        words.append((caught.value.code, str(caught.value).replace(number, "")))
    assert len(set(words)) == 1
    with pytest.raises(ServiceError):
        asked(undone, other, FASTER)  # the number of a document of the first firm
    assert asked(undone, other, replace(FASTER, number="YI/SH-CX-02")).number == request.number
    assert {item.organisation_id for item in items_of(undone, request)} == {firm.organisation.id}
