"""The index follows the database, whoever notices first that it is behind; what it does not hold as it is, is not found."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from small_firm import COMPLAINT, REPAIR, Firm, advance, day, found, moment, person, with_drafts
from sqlmodel import Session

from service.documents.actions import draft_next, edit
from service.documents.rules import Standing
from service.organisations.roles import Role
from service.organisations.rules import Actor
from service.search import catching_up, whoosh_index
from service.search.catching_up import catch_up, reindex
from service.search.finding import Results, search
from service.search.port import Entry
from service.search.rules import Filters
from service.search.whoosh_files import one_writer
from service.search.whoosh_index import WhooshIndex
from service.trail.actions import record

TODAY = day(6, 1)
READER = person("wu", "吴五", "service_manager", "服务部经理", "service", Role.READER)


@pytest.fixture
def firm(undone: Session) -> Firm:
    made = with_drafts(undone)
    for title in (REPAIR, COMPLAINT):
        advance(undone, made, title, at=moment(2, 1), effective_on=day(3, 1))
    return made


def ask(
    session: Session, firm: Firm, index: WhooshIndex, text: str, by: Actor | None = None, state: Standing = Standing.IN_FORCE
) -> Results:
    filters = Filters(TODAY, frozenset({state}))
    return search(session, firm.organisation, index, text, filters, by=by or firm.controller, today=TODAY)


def total(results: Results) -> int:
    return 0 if results.found.is_near else results.found.total


def put_right(session: Session, firm: Firm, index: WhooshIndex, on: date = TODAY, seconds: float | None = None) -> int:
    """How many revisions are behind."""
    return len(catch_up(session, firm.organisation, index, on=on, seconds=seconds))


def changed(session: Session, firm: Firm, old: str = "5 个工作日", new: str = "3 个工作日") -> None:
    document, _ = found(session, firm, COMPLAINT)
    draft = draft_next(session, document, by=firm.preparer, at=moment(4, 1), change_summary="改")
    edit(session, document, draft, draft.source.replace(old, new), by=firm.preparer, at=moment(4, 1))


def fails(*_: object) -> None:
    raise AssertionError("this was not to be asked")


def test_everything_is_put_in_once(undone: Session, firm: Firm, index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    assert put_right(undone, firm, index) == 0
    assert len(index.marks()) == 4
    stamp = index.stamp()
    with monkeypatch.context() as patched:
        patched.setattr(catching_up, "marks", fails)
        put_right(undone, firm, index)  # the trail has not moved: nothing is compared
    assert index.stamp() == stamp


def test_entry_in_the_trail_that_changes_no_text_writes_nothing(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    put_right(undone, firm, index)
    stamp = index.stamp()
    record(undone, firm.organisation.id, at=moment(4, 1), by="bing", action="x:y", subject="x", subject_id="1")
    assert put_right(undone, firm, index) == 0
    assert index.stamp() == stamp


def test_only_what_changed_is_put_in_again(undone: Session, firm: Firm, index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    put_right(undone, firm, index)
    changed(undone, firm)
    put_in, add = list[str](), index.add

    def watched(entries: Sequence[Entry]) -> None:
        put_in.extend(each.title for each in entries)
        add(entries)

    with monkeypatch.context() as patched:
        patched.setattr(index, "add", watched)
        assert put_right(undone, firm, index) == 0
    assert put_in == [COMPLAINT]


def test_release_needs_no_new_text(undone: Session, index: WhooshIndex) -> None:
    firm = with_drafts(undone)
    advance(undone, firm, COMPLAINT, at=moment(2, 1), effective_on=day(3, 1))
    put_right(undone, firm, index)
    before = index.marks()
    advance(undone, firm, REPAIR, at=moment(2, 1), effective_on=day(3, 1))
    put_right(undone, firm, index)
    differing = {key for key, mark in index.marks().items() if before[key] != mark}
    assert differing == {found(undone, firm, title)[1].id.hex for title in (REPAIR, "报修单")}  # frozen with their values; the rest stays


def test_another_day_is_compared_again(undone: Session, firm: Firm, index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    put_right(undone, firm, index)
    monkeypatch.setattr(catching_up, "marks", fails)
    with pytest.raises(AssertionError, match="not to be asked"):
        put_right(undone, firm, index, on=day(6, 2))


def test_lost_index_is_made_again_by_the_next_search(undone: Session, firm: Firm, tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path / "index")
    assert total(ask(undone, firm, index, "办结")) == 1
    shutil.rmtree(tmp_path / "index")
    assert total(ask(undone, firm, index, "办结")) == 1


def test_revision_that_is_gone_is_taken_out(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    changed(undone, firm)
    put_right(undone, firm, index)
    _, draft = found(undone, firm, COMPLAINT)
    undone.delete(draft)
    record(undone, firm.organisation.id, at=moment(4, 2), by="x", action="x:y", subject="x", subject_id="1")
    assert put_right(undone, firm, index) == 0
    assert draft.id.hex not in index.marks()


def test_what_there_is_no_time_for_is_left_for_later(
    undone: Session, firm: Firm, index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "FEW", 1)
    assert [put_right(undone, firm, index, seconds=0) for _ in range(5)] == [3, 2, 1, 0, 0]


def test_search_says_that_the_index_is_behind(undone: Session, firm: Firm, index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catching_up, "FEW", 1)
    answers = [search(undone, firm.organisation, index, "顾客", Filters(TODAY), by=firm.controller, today=TODAY, wait=0) for _ in range(4)]
    assert [answer.is_complete for answer in answers] == [False, False, False, True]


def test_old_text_of_a_revision_is_never_found(undone: Session, firm: Firm, index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the index holds of a draft is not what was signed: a reader finds nothing rather than that."""
    changed(undone, firm, new="3 个工作日的秘密")
    assert total(ask(undone, firm, index, "秘密", state=Standing.DRAFT)) == 1
    document, draft = found(undone, firm, COMPLAINT)
    edit(undone, document, draft, draft.source.replace("的秘密", ""), by=firm.preparer, at=moment(4, 2))
    advance(undone, firm, COMPLAINT, at=moment(4, 3), effective_on=day(5, 1))
    monkeypatch.setattr(whoosh_index, "PATIENCE", 0.01)
    with one_writer(index._folder, 0):
        behind = ask(undone, firm, index, "秘密", READER)
        assert (total(behind), behind.found.matches, behind.is_complete) == (0, (), False)
        assert total(ask(undone, firm, index, "30分钟", READER)) == 1  # the rest is there
    after = ask(undone, firm, index, "3个工作日", READER)
    assert (total(after), after.is_complete) == (1, True)


def test_full_disk_stops_no_search(undone: Session, firm: Firm, index: WhooshIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    put_right(undone, firm, index)
    changed(undone, firm)

    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(whoosh_index, "fields_of", full)
        assert total(ask(undone, firm, index, "办结")) == 1
        assert not ask(undone, firm, index, "办结", state=Standing.DRAFT).is_complete
    assert total(ask(undone, firm, index, "3个工作日", state=Standing.DRAFT)) == 1


def test_reindexing_holds_everything_again(undone: Session, firm: Firm, index: WhooshIndex) -> None:
    put_right(undone, firm, index)
    before = index.marks()
    assert reindex(undone, firm.organisation, index, on=TODAY) == 4
    assert index.marks() == before
    assert total(ask(undone, firm, index, "办结")) == 1


def test_index_that_another_process_spoiled_is_put_right(undone: Session, firm: Firm, tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path)
    put_right(undone, firm, index)
    WhooshIndex(tmp_path).remove(index.marks())  # the trail has not moved, but the content has
    assert total(ask(undone, firm, index, "办结")) == 1
