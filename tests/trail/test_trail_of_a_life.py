"""Every action leaves its entry, in order, and the chain over all of them holds."""

from __future__ import annotations

from small_firm import (
    COMPLAINT,
    TEXTS,
    cloned,
    day,
    found,
    founded,
    moment,
    release,
    return_,
    review,
    submit,
    template_set,
    withdraw,
)
from small_firm import approve as approve_
from sqlmodel import Session

from service.documents.actions import draft_next, edit, make_obsolete
from service.trail.queries import entries, verify


def test_life_of_a_document_reads_in_the_trail(undone: Session) -> None:
    firm = founded(undone)
    cloned(undone, firm, template_set(TEXTS[1]))
    for step in (submit, withdraw, submit, review, return_, submit, review, approve_, release):
        step(undone, firm, COMPLAINT, at=moment(2, 1))
    document, _ = found(undone, firm, COMPLAINT)
    draft = draft_next(undone, document, by=firm.preparer, at=moment(3, 1), change_summary="改")
    edit(undone, document, draft, TEXTS[1].replace("5 个工作日", "3 个工作日"), by=firm.preparer, at=moment(3, 2))
    for step in (submit, review, approve_, release):
        step(undone, firm, COMPLAINT, at=moment(3, 3))
    make_obsolete(undone, document, draft, on=day(4, 1), by=firm.controller, at=moment(4, 1), reason="不再使用")
    undone.expire_all()
    assert [(entry.action, entry.by) for entry in entries(undone, firm.organisation.id)] == [
        ("organisation:create", "system"),
        ("document:create", "bing"),
        ("template_set:clone", "bing"),
        ("revision:submit", "ding"),
        ("revision:withdraw", "ding"),
        ("revision:submit", "ding"),
        ("claim:confirm", "yi"),
        ("revision:review", "yi"),
        ("revision:return", "jia"),
        ("revision:submit", "ding"),
        ("claim:confirm", "yi"),
        ("revision:review", "yi"),
        ("revision:approve", "jia"),
        ("revision:release", "bing"),
        ("revision:draft", "ding"),
        ("revision:edit", "ding"),
        ("revision:submit", "ding"),
        ("claim:confirm", "yi"),
        ("revision:review", "yi"),
        ("revision:approve", "jia"),
        ("revision:release", "bing"),
        ("revision:obsolete", "bing"),
    ]
    assert verify(undone, firm.organisation.id).position is None


def test_entries_about_a_document_carry_the_fingerprint_that_was_signed(undone: Session) -> None:
    firm = founded(undone)
    cloned(undone, firm, template_set(TEXTS[1]))
    for step in (submit, review, approve_, release):
        step(undone, firm, COMPLAINT)
    document, revision = found(undone, firm, COMPLAINT)
    signed = [entry for entry in entries(undone, firm.organisation.id, document.number) if "fingerprints" in entry.details]
    assert [entry.details["fingerprints"] for entry in signed] == [[revision.fingerprint]] * 4
