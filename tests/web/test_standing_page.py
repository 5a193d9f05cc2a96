"""The page that a code on a printed page leads to: without log-in, of released revisions only, and nothing beyond how they stand."""

from __future__ import annotations

from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session, select

from service.db import reading
from service.documents.models import Document, Revision
from service.documents.standing import token_of
from service.web.rate import GLANCES
from web.dom import one, tree, words


def revision(client: TestClient, title: str, *, released: bool = True) -> tuple[Revision, str]:
    """A revision of this title and its document's number."""
    with reading(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        return _found(session, title, released)


def _found(session: Session, title: str, released: bool) -> tuple[Revision, str]:
    rows = session.exec(select(Revision, Document).where(Document.id == Revision.document_id, Revision.title == title))
    return next((row, document.number) for row, document in rows if (row.status == "released") is released)


def test_whoever_holds_the_page_sees_that_it_is_in_force(stranger: TestClient) -> None:
    row, number = revision(stranger, "投诉处理程序")
    answer = stranger.get(f"/r/{token_of(row.id)}")
    said = words(one(tree(answer), "//main"))
    assert answer.status_code == 200
    assert all(part in said for part in ("现行有效", number, "投诉处理程序", "A/0", "核对时间"))
    assert (answer.headers["cache-control"], answer.headers["x-robots-tag"]) == ("no-store", "noindex")
    assert not answer.cookies


def test_draft_and_unknown_token_look_the_same(stranger: TestClient) -> None:
    draft, _ = revision(stranger, "维修<i>服务</i>&程序", released=False)
    answers = [stranger.get(f"/r/{token}") for token in (token_of(draft.id), token_of(uuid4()), "x", "a" * 400)]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert len({answer.text.split("核对时间")[0] for answer in answers}) == 1


def test_hostile_title_is_text(stranger: TestClient) -> None:
    row, _ = revision(stranger, "维修<i>服务</i>&程序")
    page = tree(stranger.get(f"/r/{token_of(row.id)}"))
    assert "维修<i>服务</i>&程序" in words(one(page, "//dl"))
    assert page.xpath("//dl//i") == []


def test_who_asks_without_end_is_told_to_wait_but_may_still_log_in(stranger: TestClient) -> None:
    answers = {stranger.get("/r/x").status_code for _ in range(GLANCES + 5)}
    assert answers == {404, 429}
    assert stranger.post("/login", data={"login": "nobody", "password": "wrong"}).status_code == 401


@pytest.mark.parametrize("path", ["/r/", "/r"])
def test_no_list_of_codes(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 404
