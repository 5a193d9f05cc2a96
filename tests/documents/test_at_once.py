"""Many at once draft, create, review and make obsolete: each waits for the one before and is told what stands then; on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from small_firm import COMPLAINT, Firm, advance, form, found, moment, with_drafts
from sqlalchemy import Engine
from sqlmodel import Session

from service.approvals.actions import obsolete
from service.db import reading, writing
from service.documents.actions import create_document, draft_next, edit
from service.documents.models import Document
from service.documents.queries import documents, revisions
from service.documents.review_rules import Verdict
from service.documents.reviews import record_review
from service.errors import Refused
from service.organisations.rules import Actor
from service.text.frontmatter import read_front

MANY = 8
AT = moment(3, 1)
Act = Callable[[Session, Document], object]


def in_force(engine: Engine) -> Firm:
    with writing(engine) as session:
        firm = with_drafts(session)
        advance(session, firm, COMPLAINT)
    return firm


def at_once(engine: Engine, firm: Firm, acts: list[Act]) -> Counter[str]:
    """How often each came out: "done", or the code of the refusal."""
    ready = Barrier(len(acts))

    def one(act: Act) -> str:
        ready.wait(60)
        try:
            with writing(engine) as session:
                act(session, found(session, firm, COMPLAINT)[0])
        except Refused as fault:
            return fault.code
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(task.result(120) for task in [pool.submit(one, act) for act in acts])


def labels(engine: Engine, firm: Firm) -> list[str]:
    with reading(engine) as session:
        return [row.label for row in revisions(session, found(session, firm, COMPLAINT)[0])]


def test_one_draft_is_made_and_the_others_are_refused(engine: Engine) -> None:
    firm = in_force(engine)

    def draft(session: Session, document: Document) -> None:
        draft_next(session, document, by=firm.preparer, at=AT, change_summary="改")

    assert at_once(engine, firm, [draft] * MANY) == {"done": 1, "draft_exists": MANY - 1}
    assert labels(engine, firm) == ["A/0", "A/1"]


def test_reviews_that_ask_for_a_revision_share_one_draft(engine: Engine) -> None:
    firm = in_force(engine)

    def review(session: Session, document: Document) -> None:
        record_review(session, firm.organisation, document, Verdict.REVISE, comment="时限不符", by=firm.reviewer, at=AT)

    assert at_once(engine, firm, [review] * MANY) == {"done": MANY}
    assert labels(engine, firm) == ["A/0", "A/1"]


def test_review_and_draft_at_once_do_not_wait_for_each_other_for_ever(engine: Engine) -> None:
    firm = in_force(engine)

    def review(session: Session, document: Document) -> None:
        record_review(session, firm.organisation, document, Verdict.REVISE, comment="时限不符", by=firm.reviewer, at=AT)

    def draft(session: Session, document: Document) -> None:
        draft_next(session, document, by=firm.preparer, at=AT, change_summary="改")

    came_out = at_once(engine, firm, [review, draft] * (MANY // 2))
    assert came_out["done"] + came_out["draft_exists"] == MANY
    assert came_out["done"] in (MANY // 2, MANY // 2 + 1)
    assert labels(engine, firm) == ["A/0", "A/1"]


def test_new_documents_get_numbers_of_their_own(engine: Engine) -> None:
    firm = in_force(engine)

    def creating(key: str) -> Act:
        text = form(key, f"登记表 {key}")
        return lambda session, _: create_document(session, firm.organisation, text, read_front(text, ""), by=firm.preparer, at=AT)

    assert at_once(engine, firm, [creating(f"book-{n}") for n in range(MANY)]) == {"done": MANY}
    with reading(engine) as session:
        numbers = [row.number for row in documents(session, firm.organisation.id) if (row.key or "").startswith("book-")]
    assert len(set(numbers)) == MANY


def test_everybody_who_writes_in_a_draft_is_remembered(engine: Engine) -> None:
    with writing(engine) as session:
        firm = with_drafts(session)
    people = [replace(firm.preparer, login=f"bian{n}") for n in range(MANY)]

    def editing(by: Actor) -> Act:
        def write(session: Session, document: Document) -> None:
            [revision] = revisions(session, document)
            edit(session, document, revision, revision.source, by=by, at=AT)

        return write

    assert at_once(engine, firm, [editing(by) for by in people]) == {"done": MANY}
    with reading(engine) as session:
        assert set(found(session, firm, COMPLAINT)[1].edited_by) == {by.login for by in people}


def test_a_document_is_made_obsolete_or_drafted_but_not_both(engine: Engine) -> None:
    firm = in_force(engine)

    def draft(session: Session, document: Document) -> None:
        draft_next(session, document, by=firm.preparer, at=AT, change_summary="改")

    def end(session: Session, document: Document) -> None:
        first = revisions(session, document)[0]
        obsolete(session, document, first, on=AT.date(), by=firm.controller, at=AT, reason="停办")

    came_out = at_once(engine, firm, [draft, end] * (MANY // 2))
    assert came_out["done"] == 1
    assert came_out["draft_exists"] + came_out["document_obsolete"] + came_out["revision_under_way"] + came_out["not_in_force"] == MANY - 1
