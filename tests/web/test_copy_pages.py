"""The pages of controlled copies and of 发放范围: issued, received, called back, destroyed; what they refuse, and to whom."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from service import clock
from service.clock import today
from service.db import writing
from service.distribution.tasks import due
from service.organisations.queries import find_organisation
from web.conftest import SCRIPT, log_in_as
from web.dom import actions_of, hire_reader, one, press, texts, tree, words

AT = "/organisations/JC/copies"
REPAIR = "JC/SH-CX-01"


def issued(client: TestClient, medium: str = "paper", **typed: Any) -> Response:
    """A copy for 丁四, whom the document is addressed to, and for whoever is named."""
    page = tree(client.get(f"{AT}/new?document={REPAIR}"))
    return press(client, page, "issue", "", {"medium": medium} | typed)


def copies(client: TestClient) -> list[str]:
    """The addresses of the copies in the register."""
    return [link for link in tree(client.get(AT)).xpath("//tbody/tr/td/a/@href") if link.startswith(f"{AT}/")]


def settled(client: TestClient, at: str, **typed: Any) -> Response:
    return press(client, tree(client.get(at)), "settle", "", typed)


def test_register_without_copies_says_what_to_do(client: TestClient) -> None:
    page = tree(client.get(AT))
    assert texts(page, "//p[@class='empty-title']") == ["还没有发放过受控本"]
    assert f"{AT}/new" in page.xpath("//a/@href")


def test_form_ticks_whom_the_document_is_addressed_to(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/new?document={REPAIR}"))
    assert page.xpath("//input[@name='login'][@checked]/@value") == ["ding"]
    assert set(page.xpath("//input[@name='login']/@value")) == {"jia", "yi", "bing", "ding"}
    assert one(page, "//input[@name='issued_on']").get("value") == today().isoformat()
    assert {"公司管理层", "服务部"} <= set(texts(page, "//legend"))


def test_copies_for_several_holders_are_issued_at_once(client: TestClient) -> None:
    answer = issued(client, login=["ding", "jia"], outside="王五，认证机构")
    assert answer.status_code == 303, words(tree(answer))
    page = tree(client.get(answer.headers["location"]))
    assert texts(page, "//tbody/tr/td[2]") == ["01", "02", "03"]
    assert texts(page, "//tbody/tr/td[3]") == ["丁四 服务部", "贾一 公司管理层", "王五 认证机构"]
    assert texts(page, "//tbody/tr/td[4]") == ["待签收"] * 3
    assert actions_of(client, REPAIR)[-1] == "copy:issue"


def test_who_has_a_copy_is_not_offered_another(client: TestClient) -> None:
    assert issued(client).status_code == 303
    page = tree(client.get(f"{AT}/new?document={REPAIR}"))
    assert page.xpath("//input[@name='login'][@disabled]/@value") == ["ding"]
    assert "已持有分发号 01" in words(page)


def test_refused_issue_keeps_what_was_typed(client: TestClient) -> None:
    answer = issued(client, login=["jia"], outside="王五 认证机构", remark="随手册", issued_on="2020-01-01")
    assert answer.status_code == 422
    page = tree(answer)
    assert "须写成：姓名，部门或单位" in words(one(page, "//*[@id='outside-said']"))
    assert one(page, "//textarea[@name='outside']").text.strip() == "王五 认证机构"
    assert one(page, "//input[@name='remark']").get("value") == "随手册"
    assert page.xpath("//input[@name='login'][@checked]/@value") == ["jia"]
    answer = issued(client, issued_on="2020-01-01")
    assert "早于" in words(one(tree(answer), "//*[@id='fault']"))
    assert copies(client) == []


def test_everybody_addressed_gets_an_electronic_copy_by_one_button(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/new?document={REPAIR}"))
    form = one(page, "//form[@id='issue']")
    answer = client.post(f"{AT}/to-recipients", data=dict(form.form_values()))
    assert answer.status_code == 303
    assert "丁四" in words(one(tree(client.get(AT)), "//tbody/tr"))


def test_form_sent_twice_issues_once(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/new?document={REPAIR}"))
    assert [press(client, page, "issue").status_code for _ in range(2)] == [303, 303]
    assert len(copies(client)) == 1


def test_holder_receives_his_copy_himself_and_sees_no_other(client: TestClient) -> None:
    issued(client, login=["ding", "jia"])
    hire_reader(client, REPAIR)
    issued(client, login=["wu"])
    own, *_ = copies(log_in_as(client, "wu"))
    assert copies(client) == [own]
    page = tree(client.get(own))
    assert page.xpath("//form[@id='recall' or @id='settle']") == []
    assert press(client, page, "receive").status_code == 303
    page = tree(client.get(own))
    assert words(one(page, "//*[@id='state']")) == "使用中"
    assert any("签收" in fact and "吴五登记于" in fact for fact in texts(page, "//ol[@id='history']/li"))
    [foreign, *_] = copies(log_in_as(client, "bing"))
    log_in_as(client, "wu")
    assert (client.get(foreign).status_code, client.post(f"{foreign}/receive", data={}).status_code) == (404, 404)


def test_controller_records_a_paper_receipt_with_its_proof(client: TestClient) -> None:
    issued(client)
    [at] = copies(client)
    answer = press(client, tree(client.get(at)), "receive", "", {"received_on": today().isoformat()})
    assert (answer.status_code, words(one(tree(answer), "//*[@id='receipt-said']"))) == (422, "请写明签收记录在哪里")
    assert press(client, tree(client.get(at)), "receive", "", {"receipt": "签收单第 3 页"}).status_code == 303
    assert "签收单第 3 页" in words(one(tree(client.get(at)), "//ol[@id='history']"))


def test_copy_in_force_is_called_back_only_with_a_reason(client: TestClient) -> None:
    issued(client)
    [at] = copies(client)
    answer = press(client, tree(client.get(at)), "recall", "", {"recalled_on": today().isoformat()})
    assert (answer.status_code, "提前收回请写明原因" in words(one(tree(answer), "//*[@id='fault']"))) == (422, True)
    assert press(client, tree(client.get(at)), "recall", "", {"remark": "持有人离职"}).status_code == 303
    page = tree(client.get(at))
    assert words(one(page, "//*[@id='state']")) == "已回收待处置"
    assert page.xpath("//form[@id='recall']") == []


def test_destruction_names_a_witness_who_is_somebody_else(client: TestClient) -> None:
    issued(client)
    [at] = copies(client)
    press(client, tree(client.get(at)), "recall", "", {"remark": "持有人离职"})
    answer = settled(client, at, outcome="destroyed")
    assert (answer.status_code, words(one(tree(answer), "//*[@id='witness-said']"))) == (422, "销毁须有见证人")
    answer = settled(client, at, outcome="destroyed", witness="邴三")
    assert "登记人以外的人" in words(one(tree(answer), "//*[@id='fault']"))
    assert one(tree(answer), "//input[@name='witness']").get("value") == "邴三"
    assert settled(client, at, outcome="destroyed", witness="易二").status_code == 303
    page = tree(client.get(at))
    assert words(one(page, "//*[@id='state']")) == "已销毁"
    assert "见证人：易二" in words(one(page, "//ol[@id='history']"))
    assert page.xpath("//main//form") == []
    assert actions_of(client, REPAIR)[-1] == "copy:destroy"


def test_loss_is_told_with_how_it_came_about(client: TestClient) -> None:
    issued(client)
    [at] = copies(client)
    answer = settled(client, at, outcome="lost")
    assert (answer.status_code, words(one(tree(answer), "//*[@id='settlement-said']"))) == (422, "请写明遗失经过")
    assert settled(client, at, outcome="lost", settlement="外出维修途中遗失").status_code == 303
    assert words(one(tree(client.get(at)), "//*[@id='state']")) == "已遗失"


def test_several_copies_come_back_together_or_none(client: TestClient) -> None:
    issued(client, login=["ding", "jia"])
    sent = [at.rsplit("/", 1)[1] for at in copies(client)]
    answer = client.post(f"{AT}/recall", data={"copy": sent, "recalled_on": today().isoformat()})
    assert (answer.status_code, "修订仍然有效" in words(one(tree(answer), "//*[@id='fault']"))) == (422, True)
    document = f"/api/v1/organisations/JC/documents/{REPAIR}"
    assert client.post(f"{document}/obsolete", json={"reason": "停用", "on": today().isoformat()}).status_code == 200
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        due(session, find_organisation(session, "JC"), at=clock.now())
    page = tree(client.get(f"{AT}?status=recall_due"))
    assert sorted(page.xpath("//input[@name='copy']/@value")) == sorted(sent)
    assert client.post(f"{AT}/recall", data={"copy": [], "recalled_on": today().isoformat()}).status_code == 422
    assert client.post(f"{AT}/recall", data={"copy": sent, "recalled_on": today().isoformat()}).status_code == 303
    assert texts(tree(client.get(f"{AT}?status=recalled")), "//tbody/tr/td[4]") == ["已回收待处置"] * 2


def test_register_is_filtered_and_shows_a_past_day(client: TestClient) -> None:
    issued(client, login=["ding", "jia"])
    assert len(tree(client.get(f"{AT}?holder=贾一")).xpath("//tbody/tr")) == 1
    assert len(tree(client.get(f"{AT}?document=维修服务程序&status=issued&medium=paper")).xpath("//tbody/tr")) == 2
    for nothing in ("status=held", "medium=electronic", "document=JC/SH-CX-02"):
        assert texts(tree(client.get(f"{AT}?{nothing}")), "//p[@class='empty-title']") == ["没有符合条件的受控本"]
    page = tree(client.get(f"{AT}?as_of=2026-02-01"))
    assert texts(page, "//p[@class='empty-title']") == ["这一天还没有发放过受控本"]


def test_register_is_a_download(client: TestClient) -> None:
    issued(client)
    offered = [link for link in tree(client.get(AT)).xpath("//a/@href") if "/register." in link]
    assert [link.split("?")[0] for link in offered] == [f"{AT}/register.xlsx", f"{AT}/register.docx"]
    for link in offered:
        answer = client.get(link)
        assert (answer.status_code, answer.content[:2]) == (200, b"PK")


def test_recipients_are_set_and_shown_with_the_people_they_mean(client: TestClient) -> None:
    at = f"{AT}/recipients?document={REPAIR}"
    page = tree(client.get(at))
    assert page.xpath("//input[@name='department'][@checked]") == []
    assert press(client, page, "recipients", "", {"department": ["management"], "post": ["service_manager"]}).status_code == 303
    page = tree(client.get(at))
    assert page.xpath("//input[@name='department'][@checked]/@value") == ["management"]
    assert all(name in words(page) for name in ("贾一", "易二", "邴三", "丁四"))
    assert actions_of(client, REPAIR)[-1] == "document:address"
    listed = tree(client.get(f"{AT}/recipients?q={REPAIR}"))
    assert texts(listed, "//tbody/tr/td[2]") == ["公司管理层、服务部经理"]


def test_recipients_set_by_another_meanwhile_are_not_overwritten(client: TestClient) -> None:
    first, second = (tree(client.get(f"{AT}/recipients?document={REPAIR}")) for _ in range(2))
    assert press(client, first, "recipients", "", {"everybody": "yes"}).status_code == 303
    answer = press(client, second, "recipients", "", {"department": ["service"]})
    assert (answer.status_code, "已被他人修改" in words(one(tree(answer), "//*[@id='fault']"))) == (422, True)
    assert "全公司" in texts(tree(client.get(f"{AT}/recipients?q={REPAIR}")), "//tbody/tr/td[2]")


def test_staff_look_at_recipients_but_do_not_set_them(client: TestClient) -> None:
    page = tree(log_in_as(client, "yi").get(f"{AT}/recipients?document={REPAIR}"))
    assert page.xpath("//form[@id='recipients']//button") == []
    assert client.post(f"{AT}/recipients", data={"document": REPAIR}).status_code == 403
    assert client.get(f"{AT}/new").status_code == 403


@pytest.mark.parametrize("path", ["", "/new", "/recipients", "/register.xlsx"])
def test_who_is_no_member_learns_nothing(stranger: TestClient, path: str) -> None:
    assert stranger.get(f"{AT}{path}").status_code == 303
    assert log_in_as(stranger, "bing").get(f"/organisations/ZZ/copies{path}").status_code == 404


def test_hostile_words_come_out_as_text(client: TestClient) -> None:
    at = "/organisations/HX/copies"
    page = tree(client.get(f"{at}/new?document=HX/SH-CX-01"))
    answer = press(client, page, "issue", "", {"medium": "paper", "outside": f"{SCRIPT}，{SCRIPT}", "remark": SCRIPT})
    assert answer.status_code == 303, words(tree(answer))
    links = [link for link in tree(client.get(at)).xpath("//tbody//a/@href") if link.startswith(f"{at}/")]
    for path in (at, *links, f"{at}/recipients", f"{at}/recipients?document=HX/SH-CX-01", f"{at}/new?document=HX/SH-CX-01"):
        page = tree(client.get(path))
        assert page.xpath("//script[not(@src)] | //main//i | //img") == []
    assert SCRIPT in words(tree(client.get(at)))
