"""Documents and their drafts: numbers that stay, one draft at a time, text that changes only in draft."""

from __future__ import annotations

import pytest
from small_firm import CLONED, COMPLAINT, ORDER, REPAIR, TEXTS, Firm, advance, form, found, founded, moment, with_drafts
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.documents.actions import create_document, draft_next, edit
from service.documents.models import Document, Revision
from service.documents.queries import documents, find_document, revisions, running, running_revision
from service.documents.rules import Status
from service.errors import Conflict, InputError, NotFound, Refused
from service.text.frontmatter import read_front
from service.trail.queries import entries


def create(session: Session, firm: Firm, source: str) -> tuple[Document, Revision]:
    return create_document(session, firm.organisation, source, read_front(source), by=firm.controller, at=CLONED)


def test_document_gets_the_next_number_of_its_kind(undone: Session) -> None:
    firm = founded(undone)
    made = [create(undone, firm, text)[0].number for text in TEXTS]
    assert made == ["JC/SH-CX-01", "JC/SH-CX-02", "JC/SH-JL-01", "JC/SH-JL-02"]


def test_document_begins_as_draft_a0(undone: Session) -> None:
    document, revision = create(undone, founded(undone), TEXTS[0])
    assert (revision.label, revision.status, revision.title) == ("A/0", Status.DRAFT, REPAIR)
    assert (revision.source, revision.text, revision.fingerprint) == (TEXTS[0], "", "")
    assert (document.key, document.department) == ("repair", "service")


def test_pattern_without_kind_counts_on_through_all_kinds(undone: Session) -> None:
    firm = founded(undone, "JC", ("/SH-{kind}-", "/QP-"))
    made = [create(undone, firm, text)[0].number for text in TEXTS]
    assert made == ["JC/QP-01", "JC/QP-02", "JC/QP-03", "JC/QP-04"]


def test_same_key_twice_in_an_organisation_is_a_conflict(undone: Session) -> None:
    firm = founded(undone)
    create(undone, firm, TEXTS[0])
    with pytest.raises(Conflict) as caught:
        create(undone, firm, TEXTS[0])
    assert caught.value.code == "duplicate_document"
    assert len(documents(undone, firm.organisation.id)) == 1


def test_creating_leaves_one_trail_entry_with_the_number(undone: Session) -> None:
    firm = founded(undone)
    document, _ = create(undone, firm, TEXTS[0])
    [entry] = [entry for entry in entries(undone, firm.organisation.id) if entry.subject == "document"]
    assert (entry.action, entry.subject_id, entry.by) == ("document:create", document.number, "bing")


@pytest.mark.parametrize("column", ["number", "serial", "key"])
def test_database_refuses_a_number_serial_or_key_that_the_organisation_has(undone: Session, column: str) -> None:
    firm = with_drafts(undone)
    first = documents(undone, firm.organisation.id)[0].model_dump(exclude={"id"})
    undone.add(Document(**{**first, "number": "X-1", "serial": 99, "key": "other", column: first[column]}))
    with pytest.raises(IntegrityError), undone.begin_nested():
        undone.flush()


def test_another_organisation_may_have_the_same_numbers(undone: Session) -> None:
    firms = [founded(undone, code, ("{company}", "QP")) for code in ("ONE", "TWO")]
    numbers = [[create(undone, firm, text)[0].number for text in TEXTS] for firm in firms]
    assert numbers[0] == numbers[1] == ["QP/SH-CX-01", "QP/SH-CX-02", "QP/SH-JL-01", "QP/SH-JL-02"]


def test_database_refuses_a_second_running_revision_of_a_document(undone: Session) -> None:
    firm = with_drafts(undone)
    _, revision = found(undone, firm, REPAIR)
    undone.add(Revision(**{**revision.model_dump(exclude={"id"}), "revision_number": 1}))
    with pytest.raises(IntegrityError), undone.begin_nested():
        undone.flush()


def test_database_refuses_the_same_label_twice(undone: Session) -> None:
    firm = with_drafts(undone)
    revision = advance(undone, firm, REPAIR)
    undone.add(Revision(**revision.model_dump(exclude={"id"})))
    with pytest.raises(IntegrityError), undone.begin_nested():
        undone.flush()


def test_editing_a_draft_changes_text_and_title(undone: Session) -> None:
    firm = with_drafts(undone)
    document, revision = found(undone, firm, REPAIR)
    edit(undone, document, revision, TEXTS[0].replace(f"title: {REPAIR}", "title: 报修程序"), by=firm.preparer, at=CLONED)
    assert (revision.title, revision.label) == ("报修程序", "A/0")
    assert document.number == "JC/SH-CX-01"


@pytest.mark.parametrize("status", [status for status in Status if status not in (Status.DRAFT, Status.COUNTERSIGNING)])
def test_text_changes_only_in_draft(undone: Session, status: Status) -> None:
    firm = with_drafts(undone)
    revision = advance(undone, firm, REPAIR, status)
    document, _ = found(undone, firm, REPAIR)
    with pytest.raises(Refused) as caught:
        edit(undone, document, revision, TEXTS[0], by=firm.preparer, at=CLONED)
    assert caught.value.code == "not_a_draft"


@pytest.mark.parametrize(("old", "new"), [("key: repair", "key: mending"), ("kind: procedure", "kind: work_instruction")])
def test_editing_cannot_make_another_document_of_it(undone: Session, old: str, new: str) -> None:
    firm = with_drafts(undone)
    document, revision = found(undone, firm, REPAIR)
    with pytest.raises(InputError) as caught:
        edit(undone, document, revision, TEXTS[0].replace(old, new), by=firm.preparer, at=CLONED)
    assert caught.value.code == "identity_changed"
    assert revision.source == TEXTS[0]


@pytest.mark.parametrize("broken", ["没有文件头", TEXTS[0].replace("title:", "titel:"), TEXTS[0].replace("{#accept}", "")])
def test_text_that_does_not_parse_is_refused_with_file_and_line(undone: Session, broken: str) -> None:
    firm = with_drafts(undone)
    document, revision = found(undone, firm, REPAIR)
    with pytest.raises(InputError) as caught:
        edit(undone, document, revision, broken, by=firm.preparer, at=CLONED, file="repair.md")
    assert str(caught.value).startswith("repair.md:")
    assert revision.source == TEXTS[0]


def test_next_draft_follows_the_newest_revision(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, REPAIR)
    document, first = found(undone, firm, REPAIR)
    draft = draft_next(undone, document, by=firm.preparer, at=moment(3, 1), change_summary="改受理时限")
    assert (draft.label, draft.status, draft.source, draft.title) == ("A/1", Status.DRAFT, first.source, REPAIR)
    assert [row.label for row in revisions(undone, document)] == ["A/0", "A/1"]
    assert running_revision(undone, document) is draft
    [entry] = [entry for entry in entries(undone, firm.organisation.id) if entry.action == "revision:draft"]
    assert entry.details == {"label": "A/1", "change_summary": "改受理时限"}


def test_major_change_begins_the_next_edition(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, REPAIR)
    document, _ = found(undone, firm, REPAIR)
    draft = draft_next(undone, document, by=firm.preparer, at=CLONED, change_summary="全面修改", reissue=True)
    assert draft.label == "B/0"


def test_after_a9_comes_b0_and_revisions_stay_in_order(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT)
    document, _ = found(undone, firm, COMPLAINT)
    for _ in range(11):
        draft_next(undone, document, by=firm.preparer, at=CLONED, change_summary="改")
        advance(undone, firm, COMPLAINT)
    assert [row.label for row in revisions(undone, document)] == [*(f"A/{n}" for n in range(10)), "B/0", "B/1"]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.IN_REVIEW, Status.IN_APPROVAL, Status.APPROVED])
def test_second_draft_is_refused_while_one_is_on_its_way(undone: Session, status: Status) -> None:
    firm = with_drafts(undone)
    document, revision = found(undone, firm, REPAIR)
    if status is not Status.DRAFT:
        advance(undone, firm, REPAIR, status)
    with pytest.raises(Refused) as caught:
        draft_next(undone, document, by=firm.preparer, at=CLONED, change_summary="改")
    assert caught.value.code == "draft_exists"
    assert revision.label in caught.value.message


def test_next_draft_needs_a_reason(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, REPAIR)
    document, _ = found(undone, firm, REPAIR)
    with pytest.raises(InputError) as caught:
        draft_next(undone, document, by=firm.preparer, at=CLONED, change_summary=" ")
    assert caught.value.code == "change_summary_missing"
    assert running(undone, firm.organisation.id)[0].revision.title == COMPLAINT


def test_document_without_a_draft_has_no_running_revision(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, REPAIR)
    document, _ = found(undone, firm, REPAIR)
    with pytest.raises(NotFound) as caught:
        running_revision(undone, document)
    assert caught.value.code == "no_running_revision"


def test_unknown_number_is_not_found(undone: Session) -> None:
    firm = with_drafts(undone)
    with pytest.raises(NotFound, match="JC/SH-CX-99"):
        find_document(undone, firm.organisation.id, "JC/SH-CX-99")


def test_record_form_is_a_document_of_its_own_series(undone: Session) -> None:
    firm = with_drafts(undone)
    document, revision = create(undone, firm, form("survey", "满意度调查表"))
    assert (document.number, revision.title) == ("JC/SH-JL-03", "满意度调查表")
    assert found(undone, firm, ORDER)[0].number == "JC/SH-JL-01"
