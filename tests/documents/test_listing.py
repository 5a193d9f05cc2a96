"""The list of documents: which revision counts, what comes after it, where a document is found, and who may revise it; on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_firm import COMPLAINT, REPAIR, Firm, advance, day, found, moment, with_drafts
from sqlmodel import Session

from service.documents.actions import draft_next, draft_refusal, make_obsolete
from service.documents.listing import Line, Narrowing, lines_today, narrowed
from service.documents.queries import revisions
from service.documents.rules import Standing, Status
from service.errors import Forbidden, Refused, ServiceError
from service.organisations.roles import HeldRole, Role

ON = day(3, 10)


def next_one(session: Session, firm: Firm, title: str) -> None:
    draft_next(session, found(session, firm, title)[0], by=firm.preparer, at=moment(3, 1), change_summary="改")


def waiting(session: Session, firm: Firm, title: str) -> None:
    advance(session, firm, title, at=moment(3, 1), effective_on=day(4, 1))


def line_of(session: Session, firm: Firm, title: str) -> Line:
    return next(line for line in lines_today(session, firm.organisation, ON) if line.revision.title == title)


def places(session: Session, firm: Firm, title: str) -> set[Standing]:
    lines = lines_today(session, firm.organisation, ON)
    return {to for to in Standing if any(line.revision.title == title for line in narrowed(lines, Narrowing(standing=to)))}


def test_document_in_force_is_found_by_what_waits_and_by_what_is_drafted_too(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    assert places(undone, firm, COMPLAINT) == {Standing.IN_FORCE}
    next_one(undone, firm, COMPLAINT)
    assert places(undone, firm, COMPLAINT) == {Standing.IN_FORCE, Standing.DRAFT}
    waiting(undone, firm, COMPLAINT)
    assert places(undone, firm, COMPLAINT) == {Standing.IN_FORCE, Standing.AWAITED}
    next_one(undone, firm, COMPLAINT)
    assert places(undone, firm, COMPLAINT) == {Standing.IN_FORCE, Standing.AWAITED, Standing.DRAFT}
    line = line_of(undone, firm, COMPLAINT)
    assert line.coming is not None
    assert (line.revision.label, line.state, line.coming.label, line.coming_state) == ("A/0", "现行有效", "A/2", "编制中")


def test_first_revision_that_waits_counts_before_the_draft_that_follows_it(undone: Session) -> None:
    firm = with_drafts(undone)
    waiting(undone, firm, COMPLAINT)
    next_one(undone, firm, COMPLAINT)
    assert places(undone, firm, COMPLAINT) == {Standing.AWAITED, Standing.DRAFT}
    line = line_of(undone, firm, COMPLAINT)
    assert (line.revision.label, line.state, line.newest.label, line.coming_state) == ("A/0", "待实施", "A/1", "编制中")


def test_document_that_was_made_obsolete_is_found_among_those_only(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1))
    document, revision = found(undone, firm, COMPLAINT)
    make_obsolete(undone, document, revision, on=day(3, 1), by=firm.controller, at=moment(3, 1), reason="不再使用")
    assert places(undone, firm, COMPLAINT) == set()
    [line] = narrowed(lines_today(undone, firm.organisation, ON, ended=True), Narrowing(standing=Standing.OBSOLETE))
    assert (line.revision.id, line.standing) == (revision.id, Standing.OBSOLETE)


def refusal(session: Session, firm: Firm, title: str, *roles: HeldRole) -> ServiceError | None:
    document, _ = found(session, firm, title)
    return draft_refusal(document, revisions(session, document)[-1], replace(firm.preparer, roles=roles or firm.preparer.roles))


def test_why_no_revision_can_be_started_is_what_starting_one_says(undone: Session) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, REPAIR, at=moment(2, 1))
    assert refusal(undone, firm, REPAIR) is None
    document, revision = found(undone, firm, REPAIR)
    for roles, words in (
        ((HeldRole(Role.READER),), "完成"),
        ((HeldRole(Role.AUTHOR, frozenset({"management"})),), "其角色不包括本文件的归口部门"),
    ):
        said = refusal(undone, firm, REPAIR, *roles)
        assert isinstance(said, Forbidden)
        assert words in said.message
        by = replace(firm.preparer, roles=roles)
        with pytest.raises(Forbidden) as caught:
            draft_next(undone, document, by=by, at=moment(3, 1), change_summary="改")
        assert caught.value.message == said.message
    make_obsolete(undone, document, revision, on=day(3, 1), by=firm.controller, at=moment(3, 1), reason="不再使用")
    for title, code in ((REPAIR, "document_obsolete"), (COMPLAINT, "draft_exists")):
        said = refusal(undone, firm, title)
        assert isinstance(said, Refused)
        assert said.code == code
        with pytest.raises(Refused, match=said.message):
            next_one(undone, firm, title)
    assert [row.status for row in revisions(undone, document)] == [Status.RELEASED]
