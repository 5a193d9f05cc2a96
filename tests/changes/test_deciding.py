"""Deciding on a request: who, what comes of it, when it is done, and that a decision cannot be changed unseen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Barrier, Event, Thread
from uuid import UUID

import pytest
from small_firm import Firm, day, found, give_accounts, moment
from small_manual import with_manual
from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from changes.asking import (
    ADDED,
    ASKED,
    COMPLAINT,
    ENDED,
    FASTER,
    RENEWED,
    REPAIR,
    RULES,
    approve,
    approved,
    asked,
    reject,
    released,
    submit,
    submitted,
)
from service.approvals.actions import obsolete
from service.changes import actions
from service.changes.models import ChangeItem, ChangeRequest
from service.changes.queries import carried_out, find_request, rows_of, status_of
from service.changes.rules import ChangeKind, ChangeStatus, Wanted
from service.changes.seals import decision_seal, seal_fault, verify_decisions
from service.changes.tasks import due
from service.checks.queries import find_problems, gather
from service.db import reading, writing
from service.documents.actions import draft_next
from service.documents.models import Document, Revision
from service.documents.queries import revisions, running
from service.documents.rules import Status
from service.errors import Forbidden, InputError, Refused, ServiceError
from service.notices.models import Notice
from service.organisations.models import Organisation
from service.organisations.roles import HeldRole, Role
from service.organisations.shipped import catalogue
from service.text.model import SIX_SECTIONS
from service.text.parse import parse_procedure
from service.trail.queries import entries, verify


def drafts(session: Session, organisation: UUID) -> list[str]:
    return [f"{pair.document.number} {pair.revision.label}" for pair in running(session, organisation)]


def test_approval_makes_a_draft_of_every_document(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm, FASTER, RENEWED, ENDED, ADDED)
    assert drafts(undone, firm.organisation.id) == [f"{REPAIR} B/0", f"{COMPLAINT} A/1", "JC/SH-CX-03 A/0"]
    assert [(row.former.label if row.former else "", row.revision.label if row.revision else "") for row in rows_of(undone, request)] == [
        ("A/0", "A/1"),
        ("A/0", "B/0"),
        ("A/0", ""),
        ("", "A/0"),
    ]
    draft = found(undone, firm, "投诉处理程序")[1]
    assert draft.change_summary == "办结时限由 5 个工作日改为 3 个工作日（GG-2026-001）"
    assert (draft.status, draft.created_by) == (Status.DRAFT, "system")


def test_several_changes_of_one_document_are_one_draft(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm, FASTER, replace(FASTER, section="1", proposed="目的写明时限"))
    draft = found(undone, firm, "投诉处理程序")[1]
    assert [row.revision for row in rows_of(undone, request)] == [draft, draft]
    assert draft.change_summary == "办结时限由 5 个工作日改为 3 个工作日；目的写明时限（GG-2026-001）"


def test_new_document_has_its_chapters_with_what_was_proposed(undone: Session, firm: Firm) -> None:
    hostile = replace(ADDED, proposed="库存不少于 3 件。\n{{ company.hotline }} {% if %} # 一")
    approved(undone, firm, hostile)
    document, draft = found(undone, firm, "备件管理程序")
    assert (document.number, document.key, document.department, draft.label) == ("JC/SH-CX-03", "gg-2026-001-1", "service", "A/0")
    text = parse_procedure(draft.source)
    assert [section.title for section in text.sections] == list(SIX_SECTIONS)
    assert len(text.sections[3].blocks) == 2
    problems = find_problems(gather(undone, firm.organisation, day(3, 4), catalogue(), (), drafts=True))
    unwritten = [problem.section for problem in problems if problem.document == document.number and problem.code == "unfilled_variable"]
    assert unwritten == [section.anchor for section in text.sections if section.title != "程序及要求"]


def test_document_with_a_draft_on_its_way_stops_the_whole_approval(undone: Session, firm: Firm) -> None:
    request = submitted(undone, firm, RENEWED, FASTER, ADDED)
    draft_next(undone, found(undone, firm, "投诉处理程序")[0], by=firm.preparer, at=moment(3, 2), change_summary="另改")
    with pytest.raises(Refused, match=rf"不能批准申请 {request.number}：{COMPLAINT} A/1 的修订在途") as caught:
        approve(undone, firm, request)
    assert caught.value.code == "draft_exists"
    assert drafts(undone, firm.organisation.id) == [f"{COMPLAINT} A/1"]
    assert (request.status, request.seal, request.decided_by) == (ChangeStatus.SUBMITTED, "", "")


def test_refusal_while_drafting_leaves_no_draft_behind(undone: Session, firm: Firm) -> None:
    request = submitted(undone, firm, FASTER, RENEWED)
    undone.execute(update(Revision).where(col(Revision.id) == found(undone, firm, "维修服务程序")[1].id).values(edition="Z"))
    undone.expire_all()
    with pytest.raises(InputError, match="已到 Z 版"):
        approve(undone, firm, request)
    assert drafts(undone, firm.organisation.id) == []
    assert request.status is ChangeStatus.SUBMITTED


def test_document_that_became_obsolete_meanwhile_stops_the_approval(undone: Session, firm: Firm) -> None:
    request = submitted(undone, firm, FASTER, ENDED)
    obsolete(undone, *found(undone, firm, "服务规范"), on=day(3, 2), by=firm.controller, at=moment(3, 2), reason="不用了")
    with pytest.raises(Refused, match=f"{RULES} 已经作废"):
        approve(undone, firm, request)
    assert drafts(undone, firm.organisation.id) == []


def test_of_two_submitted_requests_on_one_document_one_is_approved(undone: Session, firm: Firm) -> None:
    first, second = submitted(undone, firm, ENDED), submitted(undone, firm, ENDED)
    approve(undone, firm, first)
    with pytest.raises(Refused, match=f"{RULES} 的更改申请 {first.number} 已批准"):
        approve(undone, firm, second)


def test_requester_does_not_decide_on_his_own_request(undone: Session, firm: Firm) -> None:
    both = replace(firm.approver, roles=(HeldRole(Role.APPROVER), HeldRole(Role.AUTHOR), HeldRole(Role.DOCUMENT_CONTROLLER)))
    own, submitted_for_another = submitted(undone, firm, by=both), submit(undone, firm, asked(undone, firm), by=both)
    for request in (own, submitted_for_another):
        with pytest.raises(Refused, match="申请人不能审批自己的申请") as caught:
            approve(undone, firm, request, by=both)
        assert caught.value.code == "own_request"
        with pytest.raises(Refused, match="申请人不能审批自己的申请"):
            reject(undone, replace(firm, approver=both), request)


def test_whoever_edited_a_request_does_not_decide_on_it(undone: Session, firm: Firm) -> None:
    give_accounts(undone, firm.organisation)
    request = asked(undone, firm)
    editor = replace(firm.approver, roles=(HeldRole(Role.APPROVER), HeldRole(Role.DOCUMENT_CONTROLLER)))
    actions.edit(undone, firm.organisation, request, title="合并", reason="因为", items=[FASTER], by=editor, at=ASKED)
    submit(undone, firm, request)
    assert undone.exec(select(Notice)).all() == []  # he is not asked to
    with pytest.raises(Refused, match="修改过申请的人不能审批") as caught:
        approve(undone, firm, request, by=editor)
    assert caught.value.code == "own_request"
    with pytest.raises(Refused, match="修改过申请的人不能审批"):
        reject(undone, replace(firm, approver=editor), request)


def test_whoever_may_not_decide_is_told_who_may(undone: Session, firm: Firm) -> None:
    request = submitted(undone, firm)
    for by in (firm.reviewer, firm.controller):
        with pytest.raises(Forbidden, match="不能批准文件更改：由批准人完成"):
            approve(undone, firm, request, by=by)


def test_decision_needs_a_post_to_sign_under(undone: Session, firm: Firm) -> None:
    request = submitted(undone, firm)
    with pytest.raises(Refused, match="签署须注明岗位") as caught:
        approve(undone, firm, request, by=replace(firm.approver, posts=(), post_name=""))
    assert caught.value.code == "post_missing"


def test_decision_says_who_under_which_post_and_when(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm)
    assert (request.decided_by, request.decided_name, request.decided_post, request.comment) == ("jia", "贾一", "总经理", "同意")
    assert request.decided_at == moment(3, 3)
    entry = entries(undone, firm.organisation.id, request.number)[-1]
    assert (entry.action, entry.by) == ("change:approve", "jia")
    assert entry.details == {"seal": request.seal, "post": "总经理", "comment": "同意", "drafts": [f"{COMPLAINT} A/1"]}


def test_rejection_needs_a_reason_and_makes_no_draft(undone: Session, firm: Firm) -> None:
    request = submitted(undone, firm)
    with pytest.raises(InputError, match="请写明理由"):
        reject(undone, firm, request, comment=" \n")
    reject(undone, firm, request)
    assert (request.status, request.comment) == (ChangeStatus.REJECTED, "理由不充分")
    assert drafts(undone, firm.organisation.id) == []
    assert seal_fault(undone, firm.organisation, request) is None
    with pytest.raises(Refused, match="未批准，不能批准"):
        approve(undone, firm, request)


def test_comment_is_bounded_and_printable(undone: Session, firm: Firm) -> None:
    request = submitted(undone, firm)
    for comment in ("好" * 2001, "好\x00"):
        with pytest.raises(InputError) as caught:
            approve(undone, firm, request, comment=comment)
        assert caught.value.code == "bad_comment"


def test_draft_request_is_not_decided(undone: Session, firm: Firm) -> None:
    with pytest.raises(Refused, match="填写中，不能批准"):
        approve(undone, firm, asked(undone, firm))


def test_requester_is_told_of_the_decision(undone: Session, firm: Firm) -> None:
    give_accounts(undone, firm.organisation)
    request = approved(undone, firm)
    [notice] = undone.exec(select(Notice).where(Notice.event == "change:decide")).all()
    assert notice.recipient == "ding@jc.example"
    assert request.number in notice.subject
    assert "已批准" in notice.body


def test_request_is_done_when_every_draft_is_released_and_every_end_carried_out(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm, FASTER, ENDED)

    def status() -> ChangeStatus:
        return status_of(request, carried_out(undone, firm.organisation.id))

    assert status() is ChangeStatus.APPROVED
    released(undone, firm, "投诉处理程序", ("5 个工作日", "3 个工作日"))
    assert status() is ChangeStatus.APPROVED
    obsolete(undone, *found(undone, firm, "服务规范"), on=day(3, 20), by=firm.controller, at=moment(3, 15), reason="并入程序")
    assert status() is ChangeStatus.DONE
    assert request.status is ChangeStatus.APPROVED


def test_document_that_is_finished_is_free_while_the_rest_of_its_request_is_not(undone: Session, firm: Firm) -> None:
    first = approved(undone, firm, FASTER, ENDED)
    released(undone, firm, "投诉处理程序", ("5 个工作日", "3 个工作日"))
    assert first.id not in carried_out(undone, firm.organisation.id)
    approved(undone, firm, replace(FASTER, proposed="改为 2 个工作日"))
    with pytest.raises(Refused, match=f"{RULES} 的更改申请 {first.number} 已批准，尚未完成"):
        submitted(undone, firm, ENDED)


def test_new_document_is_done_when_it_is_released(undone: Session, firm: Firm) -> None:
    approved(undone, firm, ADDED)
    assert carried_out(undone, firm.organisation.id) == frozenset()
    released(undone, firm, "备件管理程序", ("【待填：本节内容】", "已写。"))
    assert len(carried_out(undone, firm.organisation.id)) == 1


def test_closing_is_written_down_once(undone: Session, firm: Firm) -> None:
    give_accounts(undone, firm.organisation)
    request = approved(undone, firm)
    assert due(undone, firm.organisation, at=moment(3, 5)) == 0
    released(undone, firm, "投诉处理程序", ("5 个工作日", "3 个工作日"))
    assert [due(undone, firm.organisation, at=moment(3, day_)) for day_ in (11, 12)] == [1, 0]
    assert request.closed_at == moment(3, 11)
    actions = [entry.action for entry in entries(undone, firm.organisation.id, request.number)]
    assert actions == ["change:open", "change:submit", "change:approve", "change:close"]
    assert len(undone.exec(select(Notice).where(Notice.event == "change:close")).all()) == 1
    assert seal_fault(undone, firm.organisation, request) is None


def test_done_request_lets_the_next_one_through(undone: Session, firm: Firm) -> None:
    approved(undone, firm)
    released(undone, firm, "投诉处理程序", ("5 个工作日", "3 个工作日"))
    again = approved(undone, firm, replace(FASTER, proposed="改为 2 个工作日"))
    assert [row.revision.label for row in rows_of(undone, again) if row.revision] == ["A/2"]


def test_whole_way_is_in_a_trail_that_holds(undone: Session, firm: Firm) -> None:
    approved(undone, firm, FASTER, ADDED)
    assert verify(undone, firm.organisation.id).position is None


Tampering = Callable[[Session, ChangeRequest], None]


def tamper_request(**values: object) -> Tampering:
    def change(session: Session, request: ChangeRequest) -> None:
        session.execute(update(ChangeRequest).where(col(ChangeRequest.id) == request.id).values(**values))

    return change


def tamper_item(**values: object) -> Tampering:
    def change(session: Session, request: ChangeRequest) -> None:
        session.execute(update(ChangeItem).where(col(ChangeItem.request_id) == request.id).values(**values))

    return change


def another_document(session: Session, request: ChangeRequest) -> None:
    other = session.exec(select(Document).where(Document.number == RULES)).one()
    tamper_item(document_id=other.id)(session, request)


def another_item(session: Session, request: ChangeRequest) -> None:
    more = ChangeItem(organisation_id=request.organisation_id, request_id=request.id, position=9, kind=ChangeKind.OBSOLETE)
    session.add(more)
    session.flush()


TAMPERINGS: Mapping[str, Tampering] = {
    "reason": tamper_request(reason="别的原因"),
    "title": tamper_request(title="别的"),
    "impact": tamper_request(impact={"on": "2026-03-02", "standard": "x", "documents": []}),
    "requester": tamper_request(created_name="别人"),
    "comment": tamper_request(comment="不同意"),
    "approver": tamper_request(decided_name="易二", decided_by="yi"),
    "post": tamper_request(decided_post="管理者代表"),
    "moment": tamper_request(decided_at=moment(1, 1)),
    "verdict": tamper_request(status=ChangeStatus.REJECTED),
    "undecided": tamper_request(status=ChangeStatus.SUBMITTED),
    "seal": tamper_request(seal="0" * 64),
    "entry": tamper_request(decided_entry=1),
    "no entry": tamper_request(decided_entry=None),
    "proposed": tamper_item(proposed="改为 30 个工作日"),
    "section": tamper_item(section="5"),
    "kind": tamper_item(kind=ChangeKind.REISSUE),
    "draft": tamper_item(revision_id=None),
    "document": another_document,
    "item": another_item,
}


def test_decision_that_was_tampered_with_is_found(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm)
    undone.flush()
    for name, tamper in TAMPERINGS.items():
        with undone.begin_nested() as tampered:
            tamper(undone, request)
            undone.expire_all()
            fault = seal_fault(undone, firm.organisation, request)
            assert fault is not None, name
            assert request.number in fault
            assert fault in verify_decisions(undone, firm.organisation)
            tampered.rollback()
        undone.expire_all()
        assert seal_fault(undone, firm.organisation, request) is None, name


def test_seal_made_again_after_tampering_is_not_the_one_in_the_trail(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm)
    request.comment = "不同意"
    request.seal = decision_seal("JC", request, rows_of(undone, request))
    undone.flush()
    assert "与审计追踪不符" in (seal_fault(undone, firm.organisation, request) or "")


def test_decision_that_was_taken_back_or_deleted_is_missed_in_the_trail(undone: Session, firm: Firm) -> None:
    kept, undecided, deleted = (reject(undone, firm, submitted(undone, firm)) for _ in range(3))
    assert verify_decisions(undone, firm.organisation) == []
    position, entry = undecided.decided_entry, deleted.decided_entry
    undecided.status, undecided.seal, undecided.decided_by, undecided.decided_entry = ChangeStatus.SUBMITTED, "", "", None
    undone.flush()
    for row in rows_of(undone, deleted):
        undone.delete(row.item)
    undone.flush()
    undone.delete(deleted)
    undone.flush()
    assert verify_decisions(undone, firm.organisation) == [
        f"审计追踪第 {position} 条所记申请 {undecided.number} 的审批已不在数据库中",
        f"审计追踪第 {entry} 条所记申请 GG-2026-003 的审批已不在数据库中",
    ]
    assert seal_fault(undone, firm.organisation, kept) is None


def at_once(engine: Engine, firm: Firm, numbers: list[str]) -> list[str]:
    """Approve requests of JC in as many threads; what came of each: "" or the code of its refusal."""
    barrier, answers = Barrier(len(numbers)), list[str]()

    def decide(number: str) -> None:
        barrier.wait()
        try:
            with writing(engine) as session:
                organisation = session.exec(select(Organisation)).one()
                approve(session, replace(firm, organisation=organisation), find_request(session, organisation.id, number))
            answers.append("")
        except ServiceError as fault:
            answers.append(fault.code)

    threads = [Thread(target=decide, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def test_many_approvals_at_once_give_one_set_of_drafts(engine: Engine) -> None:
    with writing(engine) as session:
        firm = with_manual(session)
        number = submitted(session, firm, FASTER, RENEWED, ADDED).number
    assert at_once(engine, firm, [number] * 8) == [""] + ["step_refused"] * 7
    with reading(engine) as session:
        assert drafts(session, firm.organisation.id) == [f"{REPAIR} B/0", f"{COMPLAINT} A/1", "JC/SH-CX-03 A/0"]
        told = [entry.action for entry in entries(session, firm.organisation.id, number)]
        assert told.count("change:approve") == 1
        assert verify(session, firm.organisation.id).position is None


@pytest.mark.parametrize(("wanted", "made"), [(FASTER, [f"{COMPLAINT} A/1"]), (ENDED, [])])
def test_of_requests_on_one_document_approved_at_once_one_is(engine: Engine, wanted: Wanted, made: list[str]) -> None:
    with writing(engine) as session:
        firm = with_manual(session)
        numbers = [submitted(session, firm, wanted).number for _ in range(4)]
    assert at_once(engine, firm, numbers) == [""] + ["change_open"] * 3
    with reading(engine) as session:
        assert drafts(session, firm.organisation.id) == made


def test_draft_begun_by_somebody_else_at_the_same_moment_stops_the_approval(engine: Engine) -> None:
    with writing(engine) as session:
        firm = with_manual(session)
        number = submitted(session, firm, RENEWED, FASTER).number
    drafted, refused = Event(), Event()

    def draft() -> None:
        with writing(engine) as session:
            document = found(session, firm, "投诉处理程序")[0]
            draft_next(session, document, by=firm.preparer, at=moment(3, 3), change_summary="另改")
            drafted.set()
            refused.wait(0.5)  # on SQLite nobody else gets in before this ends, on PostgreSQL up to the same row

    thread = Thread(target=draft)
    thread.start()
    drafted.wait(10)
    assert at_once(engine, firm, [number]) == ["draft_exists"]
    refused.set()
    thread.join()
    with reading(engine) as session:
        assert drafts(session, firm.organisation.id) == [f"{COMPLAINT} A/1"]


def test_requests_opened_at_once_have_numbers_of_their_own(engine: Engine) -> None:
    with writing(engine) as session:
        firm = with_manual(session)
    barrier, numbers = Barrier(6), list[str]()

    def begin() -> None:
        barrier.wait()
        with writing(engine) as session:
            number = asked(session, replace(firm, organisation=session.exec(select(Organisation)).one())).number
        numbers.append(number)

    threads = [Thread(target=begin) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(numbers) == [f"GG-2026-00{serial}" for serial in range(1, 7)]


def test_revisions_of_a_decided_request_belong_to_its_documents(undone: Session, firm: Firm) -> None:
    request = approved(undone, firm, FASTER, Wanted(ChangeKind.REVISE, REPAIR, "4.2", "改"))
    for row in rows_of(undone, request):
        assert row.document is not None
        assert row.revision in revisions(undone, row.document)
