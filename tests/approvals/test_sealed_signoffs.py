"""Sealed sign-offs: whatever is done to one behind the system's back is found, by seal and by trail."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pytest
from small_firm import (
    COMPLAINT,
    REPAIR,
    VISIT,
    Firm,
    advance,
    approve,
    countersign,
    found,
    founded,
    moment,
    return_,
    review,
    submit,
    withdraw,
)
from sqlalchemy import text
from sqlmodel import Session

from approvals.ruled import WU, ZHAO, also, granted, larger, ruled
from service.approvals.models import Signoff
from service.approvals.queries import signoffs, signoffs_of_document
from service.approvals.rules import Meaning
from service.approvals.seals import TAMPERING_NAMES, Tampering, Words, seal
from service.approvals.verify import verify_signoffs
from service.documents.rules import Status
from service.organisations.roles import Role
from service.trail.queries import entries

UPDATE = "UPDATE signoff SET {} WHERE seal = :seal"


def faults(session: Session, firm: Firm) -> list[str]:
    session.flush()
    session.expire_all()
    return [str(fault) for fault in verify_signoffs(session, firm.organisation)]


def change(session: Session, statement: str, **values: object) -> None:
    """Something that somebody with the database in his hands does."""
    session.flush()
    assert session.connection().execute(text(statement), values).rowcount > 0


def signed(session: Session, firm: Firm, title: str = COMPLAINT, meaning: Meaning = Meaning.APPROVE) -> Signoff:
    return next(row for row in signoffs(session, found(session, firm, title)[1]) if row.meaning is meaning)


@pytest.fixture
def firm(undone: Session) -> Firm:
    """投诉处理程序 approved, its form too; 维修服务程序 under review; somebody has countersigned and something was returned."""
    firm = larger(undone)
    advance(undone, firm, COMPLAINT, Status.APPROVED, at=moment(2, 1))
    submit(undone, firm, REPAIR, at=moment(2, 1))
    return firm


def test_seal_is_over_every_word_with_its_length() -> None:
    words = Words("JC/SH-CX-01", "A/0", Meaning.APPROVE, "jia", "贾一", "总经理", "general_manager", moment(2, 1), "f" * 64, "同意", None)
    fields = ("JC", *words[:2], "approve", *words[3:7], "2026-02-01T02:00:00+00:00", "f" * 64, "同意", "")
    expected = hashlib.sha256(b"".join(b"%d:%b" % (len(field.encode()), field.encode()) for field in fields)).hexdigest()
    assert seal("JC", words) == expected
    texts = ("number", "label", "login", "name", "post", "post_key", "fingerprint", "comment")
    changed = [Words(**{**words._asdict(), name: "x"}) for name in texts]
    changed += [words._replace(meaning=Meaning.REVIEW), words._replace(at=moment(2, 2)), words._replace(exception_id=uuid4())]
    changed += [words._replace(name="贾", login="jia一")]
    assert len({expected, seal("YI", words), *(seal("JC", other) for other in changed)}) == len(changed) + 2


def test_step_puts_the_seals_of_all_that_it_signs_into_the_trail(undone: Session, firm: Firm) -> None:
    [entry] = [entry for entry in entries(undone, firm.organisation.id) if entry.action == "revision:approve"]
    assert entry.details["seals"] == [signed(undone, firm).seal, signed(undone, firm, VISIT).seal]
    [release] = [entry for entry in entries(undone, firm.organisation.id) if entry.action == "revision:review"]
    assert len(release.details["seals"]) == 2


def test_whole_life_with_returns_exceptions_and_countersignatures_verifies(undone: Session) -> None:
    firm = larger(undone)
    ruled(undone, firm, countersigners=["quality_manager", "finance_manager"], countersigns_needed=2)
    granted(undone, firm, "yi", Meaning.PREPARE, Meaning.APPROVE)
    manager = also(firm.reviewer, Role.AUTHOR, Role.APPROVER)
    for at in (moment(2, 1), moment(2, 1)):  # the same words at the same moment twice have the same seal
        submit(undone, firm, COMPLAINT, by=manager, at=at)
        review(undone, firm, COMPLAINT, by=also(firm.controller, Role.REVIEWER), at=at)
        countersign(undone, firm, COMPLAINT, by=WU, at=at)
        return_(undone, firm, COMPLAINT, by=ZHAO, at=at)
    submit(undone, firm, REPAIR)
    withdraw(undone, firm, REPAIR)
    submit(undone, firm, COMPLAINT, by=manager, at=moment(2, 2))
    review(undone, firm, COMPLAINT, by=also(firm.controller, Role.REVIEWER), at=moment(2, 2))
    for person in (WU, ZHAO):
        countersign(undone, firm, COMPLAINT, by=person, at=moment(2, 2))
    approve(undone, firm, COMPLAINT, by=manager, at=moment(2, 2))
    assert faults(undone, firm) == []
    assert len(signoffs_of_document(undone, found(undone, firm, COMPLAINT)[0])) == 3 + 3 + 5


@pytest.mark.parametrize(
    "column",
    [
        "login = 'mallory'",
        "name = '马六'",
        "post = '董事长'",
        "post_key = 'chairman'",
        "comment = '同意'",
        "fingerprint = 'f'",
        "meaning = 'review'",
    ],
)
def test_edited_signature_is_found(undone: Session, firm: Firm, column: str) -> None:
    row = signed(undone, firm, meaning=Meaning.REVIEW if column.startswith("login") else Meaning.APPROVE)
    before = row.seal
    undone.connection().execute(text("DROP INDEX ix_signoff_once"))  # whoever edits rows is not held up by an index
    change(undone, UPDATE.format(column), seal=before)
    [told] = faults(undone, firm)
    assert told.startswith("JC/SH-CX-02 A/0 ")
    assert told.endswith("：签署被改动，或被移到别的修订")


def test_edited_moment_is_found(undone: Session, firm: Firm) -> None:
    row = signed(undone, firm)
    row.at = moment(2, 2)
    assert faults(undone, firm) == ["JC/SH-CX-02 A/0 批准 贾一：签署被改动，或被移到别的修订"]


def test_signature_moved_to_another_revision_is_found(undone: Session, firm: Firm) -> None:
    signed(undone, firm).revision_id = found(undone, firm, REPAIR)[1].id
    assert faults(undone, firm) == ["JC/SH-CX-01 A/0 批准 贾一：签署被改动，或被移到别的修订"]


def test_signature_moved_with_a_new_seal_is_found_by_the_trail(undone: Session, firm: Firm) -> None:
    row, (document, revision) = signed(undone, firm), found(undone, firm, REPAIR)
    said = {name: getattr(row, name) for name in Words._fields if name not in ("number", "label")}
    said["fingerprint"] = revision.fingerprint
    old, new = row.seal, seal("JC", Words(number=document.number, label=revision.label, **said))
    row.revision_id, row.fingerprint, row.seal = revision.id, revision.fingerprint, new
    assert faults(undone, firm) == ["JC/SH-CX-01 A/0 批准 贾一：审计追踪中没有这一签署", f"印记 {old[:16]}：审计追踪中的签署被删除或改动"]


def test_deleted_signature_is_found(undone: Session, firm: Firm) -> None:
    row = signed(undone, firm)
    undone.delete(row)
    assert faults(undone, firm) == [f"印记 {row.seal[:16]}：审计追踪中的签署被删除或改动"]


def test_added_signature_is_found(undone: Session, firm: Firm) -> None:
    document, revision = found(undone, firm, REPAIR)
    words = Words(
        document.number, revision.label, Meaning.REVIEW, "yi", "易二", "管理者代表", "", moment(2, 1), revision.fingerprint, "", None
    )
    said = words._asdict()
    del said["number"], said["label"]
    undone.add(Signoff(organisation_id=firm.organisation.id, revision_id=revision.id, seal=seal("JC", words), **said))
    assert faults(undone, firm) == ["JC/SH-CX-01 A/0 审核 易二：审计追踪中没有这一签署"]


def test_signature_written_twice_is_found(undone: Session, firm: Firm) -> None:
    row = signed(undone, firm)
    undone.connection().execute(text("DROP INDEX ix_signoff_once"))
    undone.add(Signoff(**row.model_dump(exclude={"id"})))
    assert faults(undone, firm) == ["JC/SH-CX-02 A/0 批准 贾一：审计追踪中没有这一签署"]


def test_signature_made_void_without_a_step_is_found(undone: Session, firm: Firm) -> None:
    signed(undone, firm).voided_at = moment(2, 2)
    assert faults(undone, firm) == ["JC/SH-CX-02 A/0 批准 贾一：签署是否作废与审计追踪不符"]


def test_void_signature_that_counts_again_is_found(undone: Session, firm: Firm) -> None:
    withdraw(undone, firm, REPAIR, at=moment(2, 1))
    assert faults(undone, firm) == []
    change(undone, "UPDATE signoff SET voided_at = NULL WHERE voided_at IS NOT NULL")
    told = faults(undone, firm)
    assert "JC/SH-CX-01 A/0 编制 丁四：签署是否作废与审计追踪不符" in told


def test_void_signature_is_verified_too(undone: Session, firm: Firm) -> None:
    withdraw(undone, firm, REPAIR, at=moment(2, 1))
    change(undone, "UPDATE signoff SET name = '马六' WHERE voided_at IS NOT NULL")
    assert faults(undone, firm)[0] == "JC/SH-CX-01 A/0 编制 马六：签署被改动，或被移到别的修订"


def test_text_that_is_no_longer_what_was_signed_is_found_by_its_fingerprint(undone: Session, firm: Firm) -> None:
    found(undone, firm, COMPLAINT)[1].fingerprint = "f" * 64
    assert set(faults(undone, firm)) == {
        f"JC/SH-CX-02 A/0 {meaning} {name}：修订的内容指纹与签署时不同"
        for meaning, name in (("编制", "丁四"), ("审核", "易二"), ("批准", "贾一"))
    }


def test_label_or_number_changed_under_a_signature_is_found(undone: Session, firm: Firm) -> None:
    found(undone, firm, COMPLAINT)[1].revision_number = 3
    assert len(faults(undone, firm)) == 3
    found(undone, firm, COMPLAINT)[1].revision_number = 0
    found(undone, firm, COMPLAINT)[0].number = "JC/SH-CX-99"
    assert len(faults(undone, firm)) == 3


def test_signature_moved_to_another_organisation_is_found_there(undone: Session, firm: Firm) -> None:
    other = founded(undone, "YI")
    signed(undone, firm).organisation_id = other.organisation.id
    undone.flush()
    assert [str(fault).split("：")[1] for fault in verify_signoffs(undone, other.organisation)] == [
        "签署被改动，或被移到别的修订",
        "审计追踪中没有这一签署",
    ]
    assert len(faults(undone, firm)) == 1


def test_signature_that_cannot_even_be_read_is_found(undone: Session, firm: Firm) -> None:
    key = signed(undone, firm).seal
    change(undone, "UPDATE signoff SET meaning = 'bless' WHERE seal = :seal", seal=key)
    told = faults(undone, firm)
    assert told[0].endswith("：签署被改动，或被移到别的修订")
    assert told[1:] == [f"印记 {key[:16]}：审计追踪中的签署被删除或改动"]


ONLY_SQLITE: list[str] = ["at = 'yesterday'", "comment = x'ff00'", "exception_id = 'none'"]


@pytest.mark.parametrize("column", ONLY_SQLITE)
def test_what_sqlite_lets_stand_in_a_column_is_found(undone: Session, firm: Firm, column: str) -> None:
    if undone.connection().dialect.name != "sqlite":
        return  # PostgreSQL refuses it itself
    key = signed(undone, firm).seal
    undone.connection().execute(text("PRAGMA defer_foreign_keys = ON"))
    change(undone, UPDATE.format(column), seal=key)
    assert len(faults(undone, firm)) == 2


def test_every_kind_of_tampering_has_its_words() -> None:
    assert set(TAMPERING_NAMES) == set(Tampering)
