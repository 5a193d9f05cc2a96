"""The pages of 阅读确认: asked, read, answered, confirmed; how far everybody is; what they refuse, and to whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from service.clock import today
from web.conftest import SCRIPT, log_in_as
from web.dom import actions_of, hire_reader, one, press, rows, texts, tree, words

AT = "/organisations/JC/acknowledgements"
REPAIR = "JC/SH-CX-01"
ONE = {"question-1-text": "报修应在多少分钟内登记？", "question-1-option-1": "10 分钟", "question-1-option-2": "30 分钟"}
MANY = {
    "question-1-text": "上门后要做什么？",
    "question-1-option-1": "填写记录",
    "question-1-option-2": "什么也不做",
    "question-1-option-4": "说明",
}


def asked(client: TestClient, **typed: Any) -> Response:
    return press(client, tree(client.get(f"{AT}/new?document={REPAIR}")), "ask", "", typed)


def put_questions(client: TestClient, typed: dict[str, Any], button: str = "then=save") -> Response:
    page = tree(client.get(f"{AT}/questions?document={REPAIR}"))
    return press(client, page, "questions", button, typed)


def waiting(client: TestClient, login: str = "ding") -> list[str]:
    """The addresses of what waits for this person."""
    return list(tree(log_in_as(client, login).get(AT)).xpath("//*[@id='waiting']/a/@href"))


def test_nothing_to_read_is_said(client: TestClient) -> None:
    assert texts(tree(client.get(AT)), "//p[@class='empty-title']") == ["没有待您阅读的文件"]
    assert texts(tree(client.get(f"{AT}/progress")), "//p[@class='empty-title']") == ["还没有请人阅读确认"]


def test_form_asks_whom_the_document_is_addressed_to_within_two_weeks(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/new?document=维修服务程序"))
    assert one(page, "//input[@name='due_on']").get("value") == (today() + timedelta(days=14)).isoformat()
    assert "还没有请过的 1 人：丁四" in words(page)
    assert page.xpath("//input[@name='whom'][@checked]/@value") == ["addressed"]


def test_person_reads_and_confirms_by_one_button(client: TestClient) -> None:
    assert asked(client).status_code == 303
    assert actions_of(client, REPAIR)[-1] == "acknowledgement:ask"
    [at] = waiting(client)
    page = tree(client.get(at))
    assert "使每一件报修都有人管" in words(one(page, "//article"))
    assert texts(page, "//form[@id='confirm-reading']//button") == ["我已阅读并理解"]
    assert press(client, page, "confirm-reading").status_code == 303
    assert waiting(client) == []
    page = tree(client.get(at))
    assert words(one(page, "//*[@id='state']")) == "已确认"
    assert page.xpath("//form[@id='confirm-reading']") == []
    assert actions_of(client, REPAIR)[-1] == "acknowledgement:confirm"


def test_confirmation_sent_twice_counts_once(client: TestClient) -> None:
    asked(client)
    [at] = waiting(client)
    page = tree(client.get(at))
    assert [press(client, page, "confirm-reading").status_code for _ in range(2)] == [303, 303]
    assert actions_of(client, REPAIR).count("acknowledgement:confirm") == 1


def test_questions_are_answered_before(client: TestClient) -> None:
    assert put_questions(client, ONE | {"question-1-right": "2"}).status_code == 303
    asked(client)
    [at] = waiting(client)
    page = tree(client.get(at))
    assert texts(page, "//legend") == ["1．报修应在多少分钟内登记？"]
    answer = press(client, page, "confirm-reading")
    assert (answer.status_code, words(one(tree(answer), "//*[@id='answer-1-said']"))) == (422, "请选择答案")
    answer = press(client, tree(client.get(at)), "confirm-reading", "", {"answer-1": "0"})
    assert (answer.status_code, "答错 1 道" in words(one(tree(answer), "//*[@id='fault']"))) == (422, True)
    assert tree(answer).xpath("//input[@name='answer-1'][@checked]/@value") == ["0"]
    assert press(client, tree(client.get(at)), "confirm-reading", "", {"answer-1": "1"}).status_code == 303
    assert [action for action in actions_of(client, REPAIR) if action.startswith("acknowledgement")] == [
        "acknowledgement:ask",
        "acknowledgement:fail",
        "acknowledgement:confirm",
    ]
    [line] = rows(tree(log_in_as(client, "bing").get(f"{AT}/progress?document={REPAIR}")), "by-person")
    assert "2 次，100 分" in line


def test_question_with_several_right_options_is_ticked_and_blanks_are_left_out(client: TestClient) -> None:
    assert put_questions(client, MANY | {"question-1-right": ["1", "4"]}).status_code == 303
    page = tree(client.get(f"{AT}/questions?document={REPAIR}"))
    assert page.xpath("//input[@name='question-1-right'][@checked]/@value") == ["1", "3"]
    asked(client)
    [at] = waiting(client)
    page = tree(client.get(at))
    assert page.xpath("//input[@name='answer-1']/@type") == ["checkbox"] * 3
    assert "（多选）" in words(one(page, "//legend"))
    assert press(client, page, "confirm-reading", "", {"answer-1": ["0", "2"]}).status_code == 303


def test_question_that_nobody_could_answer_is_refused_and_kept(client: TestClient) -> None:
    answer = put_questions(client, ONE)
    assert answer.status_code == 422
    page = tree(answer)
    assert "请勾选正确的选项" in words(page)
    assert one(page, "//input[@name='question-1-text']").get("value") == ONE["question-1-text"]
    answer = put_questions(client, {"question-1-text": "题", "question-1-option-1": "甲", "question-1-right": "1"})
    assert "至少 2 个各不相同的选项" in words(tree(answer))


def test_one_more_question_is_given_without_losing_the_first(client: TestClient) -> None:
    answer = put_questions(client, ONE | {"question-1-right": "2"}, "then=add")
    assert answer.status_code == 200
    page = tree(answer)
    assert one(page, "//input[@name='question-1-text']").get("value") == ONE["question-1-text"]
    assert one(page, "//input[@name='question-2-text']").get("value") == ""
    assert "question:set" not in actions_of(client, REPAIR)


def test_questions_changed_by_another_meanwhile_are_not_overwritten(client: TestClient) -> None:
    first, second = (tree(client.get(f"{AT}/questions?document={REPAIR}")) for _ in range(2))
    assert press(client, first, "questions", "then=save", ONE | {"question-1-right": "1"}).status_code == 303
    answer = press(client, second, "questions", "then=save", MANY | {"question-1-right": "1"})
    assert (answer.status_code, "已被他人修改" in words(one(tree(answer), "//*[@id='fault']"))) == (422, True)


def test_right_options_are_not_told_to_whoever_has_still_to_answer(client: TestClient) -> None:
    put_questions(client, ONE | {"question-1-right": "2"})
    asked(client)
    page = tree(log_in_as(client, "ding").get(f"{AT}/questions?document={REPAIR}"))
    assert page.xpath("//form[@id='questions']") == []
    assert texts(page, "//*[contains(@class, 'bg-green-lt')]") == []
    page = tree(log_in_as(client, "bing").get(f"{AT}/questions?document={REPAIR}"))
    assert page.xpath("//input[@name='question-1-right'][@checked]/@value") == ["2"]


def test_only_some_are_asked_and_nobody_twice(client: TestClient) -> None:
    answer = asked(client, whom="some")
    assert (answer.status_code, "请至少选择一人" in words(one(tree(answer), "//*[@id='fault']"))) == (422, True)
    assert asked(client, whom="some", login=["jia", "yi"]).status_code == 303
    page = tree(client.get(f"{AT}/progress?document={REPAIR}"))
    assert [line[0].split()[0] for line in rows(page, "by-person")] == ["贾一", "易二"]
    assert tree(client.get(f"{AT}/new?document={REPAIR}")).xpath("//input[@name='login'][@disabled]/@value") == ["jia", "yi"]


def test_day_that_has_passed_is_refused_and_kept(client: TestClient) -> None:
    answer = asked(client, due_on="2020-01-01", whom="some", login=["jia"])
    page = tree(answer)
    assert (answer.status_code, "须在今天至一年之内" in words(one(page, "//*[@id='fault']"))) == (422, True)
    assert one(page, "//input[@name='due_on']").get("value") == "2020-01-01"
    assert page.xpath("//input[@name='login'][@checked]/@value") == ["jia"]


def test_progress_counts_by_document_and_lists_by_person(client: TestClient) -> None:
    asked(client, whom="some", login=["jia", "yi", "ding"])
    [at] = waiting(client)
    press(client, tree(client.get(at)), "confirm-reading")
    log_in_as(client, "bing")
    [line] = rows(tree(client.get(f"{AT}/progress")), "by-document")
    assert line[1].startswith("1 / 3")
    assert len(rows(tree(client.get(f"{AT}/progress?state=missing")), "by-person")) == 2
    assert len(rows(tree(client.get(f"{AT}/progress?person=丁四")), "by-person")) == 1
    assert "没有符合条件的记录" in words(tree(client.get(f"{AT}/progress?state=overdue")))
    assert "这一天还没有请人阅读" in words(tree(client.get(f"{AT}/progress?as_of=2026-02-01")))


def test_somebody_is_excused_with_a_reason(client: TestClient) -> None:
    asked(client)
    [link] = tree(client.get(f"{AT}/progress?document={REPAIR}")).xpath("//table[@id='by-person']//a/@href")
    page = tree(client.get(link))
    [form] = [form for form in page.forms if form.get("action") == link]
    answer = client.post(link, data=dict(form.form_values()) | {"reason": ""})
    assert (answer.status_code, words(one(tree(answer), "//*[@id='reason-said']"))) == (422, "请写明免予确认的原因")
    assert client.post(link, data=dict(form.form_values()) | {"reason": "产假"}).status_code == 303
    [line] = rows(tree(client.get(f"{AT}/progress?document={REPAIR}")), "by-person")
    assert "免予确认 产假" in line
    assert waiting(client) == []


def test_reader_finds_his_own_only(client: TestClient) -> None:
    hire_reader(client, REPAIR)
    asked(client)
    [foreign] = waiting(client, "ding")
    [own] = waiting(client, "wu")
    assert own != foreign
    assert client.get(own).status_code == 200
    assert (client.get(foreign).status_code, client.post(f"{foreign}/confirm", data={}).status_code) == (404, 404)
    for path in ("progress", "new", "questions"):
        assert client.get(f"{AT}/{path}").status_code == 403
    assert tree(client.get(AT)).xpath(f"//a[@href='{AT}/progress']") == []


def test_reader_sees_no_text_that_is_out_of_use(client: TestClient) -> None:
    hire_reader(client, REPAIR)
    asked(client)
    [own] = waiting(client, "wu")
    press(client, tree(client.get(own)), "confirm-reading")
    log_in_as(client, "bing")
    body = {"reason": "停用", "on": today().isoformat()}
    assert client.post(f"/api/v1/organisations/JC/documents/{REPAIR}/obsolete", json=body).status_code == 200
    page = tree(log_in_as(client, "wu").get(own))
    assert page.xpath("//article") == []
    assert "这次修订现在不能查阅" in words(page)


@pytest.mark.parametrize("path", ["", "/new", "/progress", "/questions"])
def test_who_is_no_member_learns_nothing(stranger: TestClient, path: str) -> None:
    assert stranger.get(f"{AT}{path}").status_code == 303
    assert log_in_as(stranger, "bing").get(f"/organisations/ZZ/acknowledgements{path}").status_code == 404


def test_hostile_words_come_out_as_text(client: TestClient) -> None:
    at, number = "/organisations/HX/acknowledgements", "HX/SH-CX-01"
    typed = {"question-1-text": SCRIPT, "question-1-option-1": SCRIPT, "question-1-option-2": "<i>乙</i>", "question-1-right": "1"}
    page = tree(client.get(f"{at}/questions?document={number}"))
    assert press(client, page, "questions", "then=save", typed).status_code == 303
    page = tree(client.get(f"{at}/new?document={number}"))
    assert press(client, page, "ask", "", {"whom": "some", "login": ["bing"]}).status_code == 303
    [own] = tree(client.get(at)).xpath("//*[@id='waiting']/a/@href")
    paths = (at, own, f"{at}/progress", f"{at}/progress?document={number}", f"{at}/questions?document={number}")
    for path in (*paths, f"{at}/new?document={number}"):
        page = tree(client.get(path))
        assert page.xpath("//script[not(@src)] | //main//i | //img[@onerror]") == []
    assert SCRIPT in words(tree(client.get(own)))
