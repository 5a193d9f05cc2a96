"""The pages of external documents: the register, entering, adopting what texts cite, checking, and taking out."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from service.clock import today
from web.conftest import PICTURE, SCRIPT, log_in_as
from web.dom import actions_of, hire_reader, one, rows, send, texts, tree, words

AT = "/organisations/JC/external-documents"
GUIDE = {"number": "GB/T 19012-2019", "title": "投诉处理指南", "kind": "standard", "keeper": "service", "edition": "2019"}
ONE = f"{AT}/GB/T%2019012-2019"
CHECK = {"status": "in_force", "checked_on": "2026-03-01", "checked_where": "全国标准信息公共服务平台"}


def entered(client: TestClient, **changes: str) -> None:
    answer = send(client, tree(client.get(f"{AT}/new")), "external-form", **(GUIDE | changes))
    assert answer.status_code == 303, words(tree(answer))


def test_empty_register_says_what_to_do(client: TestClient) -> None:
    assert "登记正文引用的" in words(one(tree(client.get(AT)), "//p[contains(@class,'empty-subtitle')]"))


def test_document_is_entered_unchecked_and_due_at_once(client: TestClient) -> None:
    answer = send(client, tree(client.get(f"{AT}/new")), "external-form", **GUIDE)
    assert (answer.status_code, answer.headers["location"]) == (303, ONE)
    [line] = rows(tree(client.get(AT)), "register")
    assert line[:5] == ["投诉处理指南 GB/T 19012-2019", "标准", "2019", "不明", "未核对"]
    assert line[5].endswith("今天到期")
    assert line[6] == "服务部"
    assert actions_of(client, "GB/T 19012-2019") == ["external_document:add"]


def test_form_sent_twice_enters_once(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/new"))
    assert [send(client, page, "external-form", **GUIDE).status_code for _ in range(2)] == [303, 303]
    assert actions_of(client, "GB/T 19012-2019") == ["external_document:add"]


def test_refused_entry_keeps_what_was_typed_and_says_what_is_wrong(client: TestClient) -> None:
    answer = send(client, tree(client.get(f"{AT}/new")), "external-form", **(GUIDE | {"number": "", "note": "甲\n乙"}))
    page = tree(answer)
    assert (answer.status_code, words(one(page, "//*[@id='number-said']"))) == (422, "请填写文号或编号")
    assert one(page, "//input[@name='title']").get("value") == "投诉处理指南"
    assert one(page, "//select[@name='kind']").value == "standard"
    assert one(page, "//textarea[@name='note']").value.strip() == "甲\n乙"


def test_number_that_is_there_already_is_refused(client: TestClient) -> None:
    entered(client)
    answer = send(client, tree(client.get(f"{AT}/new")), "external-form", **(GUIDE | {"title": "另一份"}))
    assert (answer.status_code, words(one(tree(answer), "//*[@id='fault']"))) == (422, "外来文件清单中已有 GB/T 19012-2019")


def test_what_texts_cite_is_adopted_at_once(client: TestClient) -> None:
    entered(client)
    assert send(client, tree(client.get(AT)), "adopt-form").status_code == 303
    numbers = {row[0].split(" ", 1)[1] for row in rows(tree(client.get(AT)), "register")}
    assert {"GB/T 19012-2019", "GB/T 27922-2011"} <= numbers
    again = send(client, tree(client.get(AT)), "adopt-form")
    assert again.status_code == 303
    assert len(rows(tree(client.get(AT)), "register")) == len(numbers)


def test_check_is_recorded_and_moves_the_next_one(client: TestClient) -> None:
    entered(client)
    assert send(client, tree(client.get(ONE)), "check-form", **CHECK).headers["location"] == ONE
    page = tree(client.get(ONE))
    assert texts(page, "//*[@id='checks']//strong") == ["2026年3月1日"]
    assert "全国标准信息公共服务平台" in words(one(page, "//*[@id='checks']"))
    [line] = rows(tree(client.get(AT)), "register")
    assert (line[3], line[4]) == ("现行", "2026年3月1日")
    assert actions_of(client, "GB/T 19012-2019")[-1] == "external_document:check"


def test_replaced_document_names_its_successor_which_is_entered_next(client: TestClient) -> None:
    entered(client)
    page = tree(client.get(ONE))
    refused = send(client, page, "check-form", **(CHECK | {"status": "replaced"}))
    assert (refused.status_code, words(one(tree(refused), "//*[@id='replaced_by-said']"))) == (422, "请写明代替它的文件编号")
    assert one(tree(refused), "//input[@name='checked_where']").get("value") == CHECK["checked_where"]
    assert send(client, page, "check-form", **(CHECK | {"status": "replaced", "replaced_by": "GB/T 19012-2026"})).status_code == 303
    [link] = [each for each in tree(client.get(ONE)).xpath("//main//a/@href") if "/new?" in each]
    form = tree(client.get(link))
    assert one(form, "//input[@name='number']").get("value") == "GB/T 19012-2026"
    assert one(form, "//input[@name='title']").get("value") == "投诉处理指南"
    assert rows(tree(client.get(AT)), "register")[0][5] == "不需要"


def test_check_in_the_future_is_refused(client: TestClient) -> None:
    entered(client)
    later = today("Asia/Shanghai").replace(year=today("Asia/Shanghai").year + 1, day=1).isoformat()
    answer = send(client, tree(client.get(ONE)), "check-form", **(CHECK | {"checked_on": later}))
    assert (answer.status_code, "还没有到" in words(one(tree(answer), "//*[@id='fault']"))) == (422, True)


def test_entry_is_taken_out_with_a_reason(client: TestClient) -> None:
    entered(client)
    page = tree(client.get(ONE))
    assert send(client, page, "end-form", reason=" ").status_code == 422
    assert send(client, page, "end-form", reason="不再适用").headers["location"] == AT
    assert rows(tree(client.get(AT)), "register") == []
    assert client.get(ONE).status_code == 404
    assert actions_of(client, "GB/T 19012-2019")[-1] == "external_document:end"


@pytest.mark.parametrize(
    ("query", "found"), [("?q=27922", 1), ("?kind=law", 0), ("?kind=&status=", 2), ("?status=unknown", 2), ("?q=没有", 0)]
)
def test_register_is_filtered(client: TestClient, query: str, found: int) -> None:
    entered(client)
    entered(client, number="GB/T 27922-2011", title="商品售后服务评价体系")
    assert len(rows(tree(client.get(f"{AT}{query}")), "register")) == found


def test_past_day_has_no_forms(client: TestClient) -> None:
    entered(client)
    page = tree(client.get(f"{AT}?as_of=2026-01-31"))
    assert "这一天还没有登记外来文件" in words(page)
    assert page.xpath("//form[@id='adopt-form']") == []


def test_who_does_not_keep_the_register_sees_no_forms(client: TestClient) -> None:
    entered(client)
    page = tree(log_in_as(client, "ding").get(ONE))
    assert page.xpath("//form[@id='check-form' or @id='end-form']") == []
    assert client.get(f"{AT}/new").status_code == 403
    assert client.post(f"{AT}/GB/T 19012-2019/end", data={"reason": "x"}).status_code == 403


@pytest.mark.parametrize("path", [AT, ONE])
def test_reader_and_stranger_get_in_nowhere(client: TestClient, path: str) -> None:
    entered(client)
    hire_reader(client)
    assert log_in_as(client, "wu").get(path).status_code == 403
    client.cookies.clear()
    assert client.get(path).headers["location"].startswith("/login")


def test_entry_of_one_organisation_is_not_found_in_another(client: TestClient) -> None:
    entered(client)
    assert client.get(ONE.replace("/JC/", "/YI/")).status_code == 404


def test_hostile_entry_is_words(client: TestClient) -> None:
    entered(client, number="A<b>1</b>", title=SCRIPT, note=PICTURE)
    page = tree(client.get(AT))
    assert rows(page, "register")[0][0].startswith(SCRIPT)
    [link] = page.xpath("//table[@id='register']//a/@href")
    shown = tree(client.get(link))
    assert PICTURE in words(shown)
    assert shown.xpath("//main//script | //main//img | //main//b") == []
