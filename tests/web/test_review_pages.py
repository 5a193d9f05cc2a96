"""The pages of periodic reviews: the due list, one verdict or several at once, history, and the interval."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from service.clock import today
from service.db import reading
from service.documents.models import Document
from service.documents.queries import find_document, revisions
from service.documents.rules import Status
from service.organisations.queries import find_organisation
from web.conftest import SCRIPT, TITLE, log_in_as
from web.dom import actions_of, hire_reader, one, rows, send, texts, tree, words

AT = "/organisations/JC/reviews"
REPAIR, COMPLAINT = "JC/SH-CX-01", "JC/SH-CX-02"
EVER = f"{AT}?within=36600"


def document_of(client: TestClient, number: str) -> tuple[Document, list[Status]]:
    with reading(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        found = find_document(session, find_organisation(session, "JC").id, number)
        return found, [row.status for row in revisions(session, found)]


def test_due_list_tells_what_is_due_when_and_how_far_away(client: TestClient) -> None:
    page = tree(client.get(f"{AT}?as_of=2027-01-22&within=30"))
    [line] = [row for row in rows(page, "due") if REPAIR in row[0]]
    assert line == ["维修服务程序 JC/SH-CX-01 定期评审", "A/0", "服务部", "定期评审", "还没有过", "2027年2月1日 还有 10 天"]
    late = tree(client.get(f"{AT}?as_of=2027-02-04"))
    assert {row[-1] for row in rows(late, "due")} == {"2027年2月1日 已超期 3 天"}


def test_what_is_far_away_is_listed_on_request_only(client: TestClient) -> None:
    assert "没有到期的事项" in words(tree(client.get(f"{AT}?as_of=2026-03-01")))
    everything = rows(tree(client.get(f"{EVER}&as_of=2026-03-01")), "due")
    assert len(everything) == 14
    of_management = rows(tree(client.get(f"{EVER}&as_of=2026-03-01&department=management")), "due")
    assert of_management == [row for row in everything if row[2] == "公司管理层"]
    assert 0 < len(of_management) < 14


def test_past_day_can_be_looked_at_but_not_reviewed(client: TestClient) -> None:
    page = tree(client.get(f"{EVER}&as_of=2026-03-01"))
    assert page.xpath("//input[@name='document']") == []
    assert page.xpath("//*[@id='record']") == []


def test_one_verdict_is_recorded_for_several_documents_at_once(client: TestClient) -> None:
    answer = send(client, tree(client.get(EVER)), "review-form", document=[REPAIR, COMPLAINT], verdict="keep", comment="现场核对一致")
    assert (answer.status_code, answer.headers["location"]) == (303, AT)
    for number in (REPAIR, COMPLAINT):
        assert actions_of(client, number)[-1] == "document:periodic_review"
        assert texts(tree(client.get(f"{AT}/{number}")), "//*[@id='history']//strong") == [_today_words()]


def test_form_sent_twice_records_once(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/{REPAIR}"))
    answers = [send(client, page, "review-form", verdict="keep") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert actions_of(client, REPAIR).count("document:periodic_review") == 1


def test_if_one_cannot_be_reviewed_none_is_and_the_choice_is_kept(client: TestClient) -> None:
    page = tree(client.get(EVER))
    before = (today("Asia/Shanghai") - timedelta(days=3000)).isoformat()
    answer = send(client, page, "review-form", document=[REPAIR, COMPLAINT], verdict="keep", reviewed_on=before, comment="<b>原样</b>")
    assert answer.status_code == 422
    refused = tree(answer)
    assert "没有现行有效的修订" in words(one(refused, "//*[@id='fault']"))
    assert [each.get("value") for each in refused.xpath("//input[@name='document'][@checked]")] == [REPAIR, COMPLAINT]
    assert one(refused, "//textarea[@name='comment']").value == "<b>原样</b>"
    assert "document:periodic_review" not in actions_of(client, REPAIR) + actions_of(client, COMPLAINT)


def test_nothing_chosen_is_said(client: TestClient) -> None:
    answer = send(client, tree(client.get(EVER)), "review-form", verdict="keep")
    assert (answer.status_code, words(one(tree(answer), "//*[@id='fault']"))) == (422, "请先在清单中勾选文件")


def test_verdict_to_revise_needs_a_reason_and_opens_a_draft(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/{REPAIR}"))
    refused = send(client, page, "review-form", verdict="revise")
    assert refused.status_code == 422
    assert "请写明理由" in words(one(tree(refused), "//*[@id='comment-said']"))
    assert one(tree(refused), "//input[@name='verdict'][@checked]").get("value") == "revise"
    assert document_of(client, REPAIR)[1] == [Status.RELEASED]
    assert send(client, tree(refused), "review-form", verdict="revise", comment="时限与做法不符").status_code == 303
    assert document_of(client, REPAIR)[1] == [Status.RELEASED, Status.DRAFT]
    [line] = [row for row in rows(tree(client.get(AT)), "due") if REPAIR in row[1]]
    assert (line[1], line[4], line[-1]) == ("维修服务程序 JC/SH-CX-01 评审后待修订 上次意见：时限与做法不符", "评审后待修订", "待办")


def test_interval_is_changed_within_its_bounds(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/{REPAIR}"))
    refused = send(client, page, "months-form", months="61")
    assert (refused.status_code, words(one(tree(refused), "//*[@id='months-said']"))) == (422, "请填写 1 至 60 之间的整数")
    assert one(tree(refused), "//input[@name='months']").get("value") == "61"
    assert one(tree(refused), "//input[@name='reviewed_on']").get("value") == today("Asia/Shanghai").isoformat()
    assert send(client, page, "months-form", months="6").status_code == 303
    assert document_of(client, REPAIR)[0].review_months == 6
    assert actions_of(client, REPAIR)[-1] == "document:set_review_months"


def test_who_may_not_review_sees_no_form(client: TestClient) -> None:
    page = tree(log_in_as(client, "ding").get(f"{AT}/{REPAIR}"))
    assert page.xpath("//form[@id='review-form' or @id='months-form']") == []
    assert tree(client.get(EVER)).xpath("//input[@name='document']") == []
    assert client.post(AT, data={"document": REPAIR, "verdict": "keep"}).status_code == 403


@pytest.mark.parametrize("path", [AT, f"{AT}/{REPAIR}"])
def test_reader_and_stranger_see_no_reviews(client: TestClient, path: str) -> None:
    hire_reader(client)
    assert log_in_as(client, "wu").get(path).status_code == 403
    client.cookies.clear()
    assert client.get(path).headers["location"].startswith("/login")


def test_document_of_another_organisation_is_not_found(client: TestClient) -> None:
    assert client.get(f"{AT}/YI/SH-CX-01").status_code == 404
    assert client.post(f"{AT}/YI/SH-CX-01", data={"verdict": "keep"}).status_code == 404


def test_hostile_titles_and_comments_are_words(client: TestClient) -> None:
    page = tree(client.get("/organisations/HX/reviews?within=36600"))
    assert any(TITLE in row[1] for row in rows(page, "due"))
    history = tree(client.get("/organisations/HX/reviews/HX/SH-CX-01"))
    assert send(client, history, "review-form", verdict="keep", comment=SCRIPT).status_code == 303
    shown = tree(client.get("/organisations/HX/reviews/HX/SH-CX-01"))
    assert SCRIPT in words(one(shown, "//*[@id='history']"))
    assert shown.xpath("//main//script | //main//i") == []


def _today_words() -> str:
    day = today("Asia/Shanghai")
    return f"{day.year}年{day.month}月{day.day}日"
