"""What a manual says is gathered from the database as of a day: texts in force, sign-offs, changes, coverage, chart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from house import loaded
from small_firm import Firm, day, found, moment
from small_manual import AFTER, DELETED, EFFECTIVE, take_into_force, with_manual
from sqlalchemy import inspect
from sqlmodel import Session

from service.approvals.models import Signoff
from service.coverage.rules import State
from service.documents.actions import draft_next, edit, make_obsolete
from service.documents.models import Revision
from service.documents.queries import in_force, revisions
from service.errors import InputError
from service.manuals.queries import document_source, load_source, manual_number
from service.manuals.rules import Change, ManualSource, Signed, SourceDocument
from service.standards.shipped import register, standard

REPAIR = "维修服务程序"


@pytest.fixture
def firm(undone: Session) -> Firm:
    return with_manual(undone)


def gathered(session: Session, firm: Firm, on: date = AFTER, recorded_on: datetime | None = None) -> ManualSource:
    return load_source(session, firm.organisation, standard(), register(), on=on, recorded_on=recorded_on)


def titled(source: ManualSource, title: str = REPAIR) -> SourceDocument:
    return next(each for each in source.documents if each.title == title)


def revised(session: Session, firm: Firm) -> None:
    """维修服务程序 A/1: 20 instead of 30 minutes, approved by the management representative, in force from 1 June."""
    document, _ = found(session, firm, REPAIR)
    revision = draft_next(session, document, by=firm.preparer, at=moment(5, 1), change_summary="受理时限改为 20 分钟")
    edit(session, document, revision, revision.source.replace("30 分钟", "20 分钟"), by=firm.preparer, at=moment(5, 1))
    approver, reviewer = replace(firm.reviewer, roles=firm.approver.roles), replace(firm.approver, roles=firm.reviewer.roles)
    others = Firm(firm.organisation, approver, reviewer, firm.controller, firm.preparer)
    take_into_force(session, others, document, revision, at=moment(5, 20), effective_on=day(6, 1))


def test_every_document_in_force_is_there_with_number_label_days_and_department(undone: Session, firm: Firm) -> None:
    source = gathered(undone, firm)
    assert [each.number for each in source.documents] == [
        *(f"JC/SH-SC-{n:02}" for n in range(1, 10)),
        *("JC/SH-CX-01", "JC/SH-CX-02", "JC/SH-ZD-01", "JC/SH-JL-01", "JC/SH-JL-02"),
    ]
    made = titled(source)
    assert (made.label, made.department, made.released_on, made.effective_on) == ("A/0", "服务部", date(2026, 1, 20), EFFECTIVE)
    assert (source.organisation, source.number, source.label, source.on) == ("示范甲公司", "JC/SH-SC", "A/0", AFTER)


def test_text_is_the_frozen_one_with_values(undone: Session, firm: Firm) -> None:
    assert "400-000-0001" in str(titled(gathered(undone, firm)).procedure)
    assert "{{" not in str(gathered(undone, firm).documents)


def test_signers_stand_in_the_order_of_the_signature_block_with_their_post_and_local_day(undone: Session, firm: Firm) -> None:
    signed = (date(2026, 1, 18),)
    assert titled(gathered(undone, firm)).signed == (
        Signed("编制", "丁四", "服务部经理", *signed),
        Signed("审核", "易二", "管理者代表", *signed),
        Signed("批准", "贾一", "总经理", *signed),
    )


def test_form_is_signed_with_its_procedure_and_bears_its_retention(undone: Session, firm: Firm) -> None:
    source = gathered(undone, firm)
    assert titled(source, "报修单").signed == titled(source).signed
    assert (titled(source, "报修单").retention_years, titled(source).retention_years) == (3, None)


def test_change_record_names_who_approved_each_revision(undone: Session, firm: Firm) -> None:
    revised(undone, firm)
    assert titled(gathered(undone, firm, day(6, 1))).history == (
        Change("A/0", "首次发布", EFFECTIVE, "贾一"),
        Change("A/1", "受理时限改为 20 分钟", day(6, 1), "易二"),
    )


def test_manual_of_a_day_knows_nothing_of_later_revisions(undone: Session, firm: Firm) -> None:
    before = gathered(undone, firm)
    revised(undone, firm)
    assert gathered(undone, firm) == before
    assert [titled(gathered(undone, firm, on)).label for on in (day(5, 31), day(6, 1))] == ["A/0", "A/1"]


def test_label_of_the_manual_is_that_of_its_promulgation_order_not_of_another_text(undone: Session, firm: Firm) -> None:
    revised(undone, firm)
    assert gathered(undone, firm, day(7, 1)).label == "A/0"


def test_number_of_the_manual_follows_the_pattern_of_the_organisation() -> None:
    assert manual_number("{company}/SH-{kind}-{serial:02}", "HC") == "HC/SH-SC"
    assert manual_number("{company}/{kind}-{serial:03}", "CS") == "CS/SC"


def test_manual_as_it_was_known_then(undone: Session, firm: Firm) -> None:
    before = gathered(undone, firm, day(7, 1))
    revised(undone, firm)
    assert titled(gathered(undone, firm, day(7, 1))).label == "A/1"
    assert gathered(undone, firm, day(7, 1), recorded_on=moment(4, 1)) == before


def test_obsolete_document_is_left_out(undone: Session, firm: Firm) -> None:
    document, revision = found(undone, firm, "服务规范")
    make_obsolete(undone, document, revision, on=day(4, 1), by=firm.controller, at=moment(4, 1), reason="并入程序")
    assert "服务规范" not in [each.title for each in gathered(undone, firm, day(4, 1)).documents]


def test_answers_lead_to_the_sections_of_the_manual(undone: Session, firm: Firm) -> None:
    rows = {row.indicator.code: row for row in gathered(undone, firm).indicators}
    assert [(claim.element, claim.number, claim.clause, claim.anchor) for claim in rows["5.2.4.1"].claims] == [
        (element, "JC/SH-CX-01", "4.1", "doc-repair.accept") for element in (1, 2, 3)
    ]
    assert [rows[code].state for code in ("5.2.4.1", "5.3.2.2", "5.1.1.1")] == [State.COVERED, State.PARTIAL, State.UNCOVERED]


def test_deletion_is_there_with_its_justification(undone: Session, firm: Firm) -> None:
    [row] = [row for row in gathered(undone, firm).indicators if row.state is State.NOT_APPLICABLE]
    assert (row.indicator.code, row.justification) == ("5.2.2.2", DELETED)


def test_day_before_anything_was_in_force_is_refused(undone: Session, firm: Firm) -> None:
    with pytest.raises(InputError) as caught:
        gathered(undone, firm, day(1, 31))
    assert caught.value.code == "nothing_in_force"
    assert "2026-01-31 没有现行有效的文件" in caught.value.message


def test_another_organisations_texts_are_not_gathered(undone: Session, firm: Firm) -> None:
    before = gathered(undone, firm)
    with_manual(undone, "YI")
    undone.expire_all()
    assert gathered(undone, firm) == before


def test_one_document_by_itself_reads_no_history_of_others_and_no_old_text(undone: Session, firm: Firm) -> None:
    revised(undone, firm)
    wanted = [row.id for row in revisions(undone, found(undone, firm, REPAIR)[0])]
    with loaded(undone, Revision) as rows, loaded(undone, Signoff) as signed:
        pair = next(each for each in in_force(undone, firm.organisation.id, day(7, 1)) if each.revision.title == REPAIR)
        before = {row.id for row in rows}
        source = document_source(undone, firm.organisation, standard(), pair, on=day(7, 1))
    [old] = [row for row in rows if row.id not in before]
    assert old.id in wanted
    assert {"source", "text", "variables"} <= inspect(old).unloaded
    assert {row.revision_id for row in signed} == set(wanted)
    assert [change.label for change in source.documents[0].history] == ["A/0", "A/1"]
    assert all(change.approved_by for change in source.documents[0].history)
