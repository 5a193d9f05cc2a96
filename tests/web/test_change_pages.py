"""The pages of change requests: written, submitted, decided, printed; what they refuse, and to whom."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from small_firm import PASSWORD

from service.clock import today
from web.conftest import SCRIPT, log_in_as
from web.dom import actions_of, hire_reader, one, press, texts, tree, words

AT = "/organisations/JC/changes"
REPAIR = "JC/SH-CX-01 维修服务程序"
ASKED = {
    "title": "缩短报修时限",
    "reason": "顾客反映等待太久",
    "item-1-kind": "revise",
    "item-1-document": REPAIR,
    "item-1-section": "4.1",
    "item-1-proposed": "30 分钟改为 20 分钟",
}


def written(client: TestClient, then: str = "submit", **changes: str) -> Response:
    page = tree(client.get(f"{AT}/new"))
    return press(client, page, "change", f"then={then}", ASKED | changes)


def requested(client: TestClient, then: str = "submit", login: str = "ding") -> str:
    """The address of a new request of this person."""
    answer = written(log_in_as(client, login), then)
    assert answer.status_code == 303, words(tree(answer))
    return str(answer.headers["location"])


def decided(client: TestClient, at: str, step: str, **typed: Any) -> Response:
    page = tree(log_in_as(client, "jia").get(at))
    return press(client, page, "decide", f"step={step}", {"password": PASSWORD} | typed)


def test_list_without_requests_says_what_to_do(client: TestClient) -> None:
    page = tree(client.get(AT))
    assert texts(page, "//p[@class='empty-title']") == ["还没有文件更改申请"]
    assert f"{AT}/new" in page.xpath("//a/@href")


def test_new_request_begins_with_the_document_one_comes_from(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/new?document=JC/SH-CX-01"))
    assert one(page, "//input[@name='item-1-document']").get("value") == REPAIR
    assert REPAIR in page.xpath("//datalist[@id='documents-offered']/option/@value")


def test_request_is_written_submitted_and_shown_with_its_impact(client: TestClient) -> None:
    at = requested(client)
    assert actions_of(client, at.rsplit("/", 1)[1]) == ["change:open", "change:submit"]
    page = tree(client.get(at))
    assert words(one(page, "//h1")) == "缩短报修时限"
    assert words(one(page, "//*[@id='state']")) == "待批准"
    assert "30 分钟改为 20 分钟" in words(page)
    assert any("维修服务程序" in heading for heading in texts(page, "//section[@class='impact']//h3"))


def test_document_may_be_named_by_its_title_alone(client: TestClient) -> None:
    answer = written(client, "keep", **{"item-1-document": "《维修服务程序》"})
    assert answer.status_code == 303
    assert "/organisations/JC/documents/JC/SH-CX-01" in tree(client.get(answer.headers["location"])).xpath("//a/@href")


def test_new_document_is_asked_for_with_its_title_kind_and_department(client: TestClient) -> None:
    new = {"item-1-kind": "create", "item-1-document": "", "item-1-title": "备件管理程序"}
    answer = written(client, "keep", **new)
    assert texts(tree(answer), "//*[contains(@class, 'invalid-feedback')]") == ["请选择文件类别", "请选择归口部门"]
    answer = written(client, "keep", **new, **{"item-1-document_kind": "procedure", "item-1-department": "service"})
    assert answer.status_code == 303
    assert "备件管理程序" in words(tree(client.get(answer.headers["location"])))


def test_refused_request_keeps_what_was_typed_and_says_it_by_the_field(client: TestClient) -> None:
    answer = written(client, "submit", title="", reason="", **{"item-1-document": "没有的文件", "item-1-proposed": ""})
    assert answer.status_code == 422
    page = tree(answer)
    assert one(page, "//input[@name='item-1-document']").get("value") == "没有的文件"
    assert words(one(page, "//*[@id='title-said']")) == "请填写更改标题"
    assert words(one(page, "//*[@id='reason-said']")) == "提交审批前请填写更改原因"
    assert "没有这份文件" in words(one(page, "//*[@id='item-1-document-said']"))
    assert words(one(page, "//*[@id='item-1-proposed-said']")) == "请写明拟更改的内容"
    assert texts(tree(client.get(AT)), "//p[@class='empty-title']") == ["还没有文件更改申请"]


def test_submission_that_is_refused_opens_no_request(client: TestClient) -> None:
    first = requested(client)
    assert decided(client, first, "approve").status_code == 303
    answer = written(log_in_as(client, "ding"))
    assert (answer.status_code, "已批准，尚未完成" in words(one(tree(answer), "//*[@id='fault']"))) == (422, True)
    assert one(tree(answer), "//textarea[@name='reason']").text.strip() == ASKED["reason"]
    assert texts(tree(client.get(AT)), "//tbody/tr/td[1]") == [first.rsplit("/", 1)[1]]


def test_one_more_item_is_given_without_losing_the_first(client: TestClient) -> None:
    answer = written(client, "add")
    assert answer.status_code == 200
    page = tree(answer)
    assert one(page, "//input[@name='item-1-document']").get("value") == REPAIR
    assert one(page, "//input[@name='item-2-document']").get("value") == ""
    assert texts(tree(client.get(AT)), "//p[@class='empty-title']") == ["还没有文件更改申请"]


def test_form_sent_twice_opens_one_request(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/new"))
    answers = [press(client, page, "change", "then=keep", ASKED) for _ in range(2)]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert len(tree(client.get(AT)).xpath("//tbody/tr")) == 1


def test_draft_is_edited_and_others_edit_in_between_is_told(client: TestClient) -> None:
    at = requested(client, "keep")
    page = tree(client.get(f"{at}/edit"))
    assert one(page, "//input[@name='title']").get("value") == ASKED["title"]
    assert press(client, page, "change", "then=keep", {"title": "新的标题"}).status_code == 303
    answer = press(client, tree(client.get(f"{at}/edit")), "change", "then=keep", {"standing": "old", "title": "第三个标题"})
    assert answer.status_code == 422
    assert "已被他人修改" in words(one(tree(answer), "//*[@id='fault']"))
    assert one(tree(answer), "//input[@name='title']").get("value") == "第三个标题"
    assert words(one(tree(client.get(at)), "//h1")) == "新的标题"


def test_submitted_request_is_edited_no_more_but_withdrawn(client: TestClient) -> None:
    at = requested(client)
    assert client.get(f"{at}/edit").status_code == 409
    page = tree(client.get(at))
    [form] = [form for form in page.forms if form.get("action") == f"{at}/withdraw"]
    assert client.post(form.get("action"), data=dict(form.form_values())).status_code == 303
    page = tree(client.get(at))
    assert words(one(page, "//*[@id='state']")) == "已撤回"
    assert page.xpath("//main//form") == []


def test_approval_takes_the_password_and_makes_the_drafts(client: TestClient) -> None:
    at = requested(client)
    answer = decided(client, at, "approve", password="falsch", comment="同意")
    assert answer.status_code == 422
    page = tree(answer)
    assert words(one(page, "//*[@id='password-said']")) == "密码不正确"
    assert one(page, "//textarea[@name='comment']").text.strip() == "同意"
    assert decided(client, at, "approve", comment="同意").status_code == 303
    page = tree(client.get(at))
    assert words(one(page, "//*[@id='state']")) == "已批准"
    assert "A/0 → A/1 编制中" in words(page)
    assert "贾一" in words(one(page, "//*[@id='decision']"))
    assert actions_of(client, at.rsplit("/", 1)[1])[-1] == "change:approve"


def test_rejection_needs_its_reason(client: TestClient) -> None:
    at = requested(client)
    answer = decided(client, at, "reject")
    assert (answer.status_code, words(one(tree(answer), "//*[@id='comment-said']"))) == (422, "否决时请写明理由")
    assert decided(client, at, "reject", comment="暂不更改").status_code == 303
    assert "暂不更改" in words(one(tree(client.get(at)), "//*[@id='decision']"))


def test_only_who_may_decide_sees_the_form_and_the_requester_is_told_why_not(client: TestClient) -> None:
    own = requested(client, login="jia")
    page = tree(client.get(own))
    assert page.xpath("//form[@id='decide']") == []
    assert "申请人不能审批自己的申请" in words(page)
    assert tree(log_in_as(client, "yi").get(own)).xpath("//form[@id='decide']") == []
    assert client.post(f"{own}/decide", data={"step": "approve", "password": PASSWORD}).status_code == 403


def test_forms_are_offered_once_they_exist(client: TestClient) -> None:
    at = requested(client)
    offered = [link for link in tree(client.get(at)).xpath("//a/@href") if link.endswith((".docx", ".pdf"))]
    assert offered == [f"{at}/form.docx", f"{at}/form.pdf"]
    answer = client.get(offered[0])
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")
    assert client.get(f"{at}/notice.docx").status_code == 409


def test_reader_sees_his_own_requests_only_and_nothing_of_their_impact(client: TestClient) -> None:
    foreign = requested(client)
    log_in_as(client, "bing")
    hire_reader(client, "JC/SH-CX-01")
    own = requested(client, login="wu")
    assert texts(tree(client.get(AT)), "//tbody/tr/td[1]") == [own.rsplit("/", 1)[1]]
    page = tree(client.get(own))
    assert page.xpath("//section[@class='impact']") == []
    assert client.get(foreign).status_code == 404
    for path in ("from-values", "impact?document=JC/SH-CX-01"):
        assert client.get(f"{AT}/{path}").status_code == 403
    assert client.post(f"{AT}/from-values", data={}).status_code == 403
    assert tree(client.get(f"{AT}/new")).xpath("//datalist/option[contains(@value, 'JC/SH-CX-02')]") == []


@pytest.mark.parametrize("path", ["", "/new", "/impact", "/from-values"])
def test_who_is_no_member_learns_nothing(stranger: TestClient, path: str) -> None:
    assert stranger.get(f"{AT}{path}").status_code == 303
    assert log_in_as(stranger, "bing").get(f"/organisations/ZZ/changes{path}").status_code == 404


def test_list_is_filtered_by_status_and_words(client: TestClient) -> None:
    first, second = (requested(client, then).rsplit("/", 1)[1] for then in ("submit", "keep"))
    assert texts(tree(client.get(AT)), "//tbody/tr/td[1]") == [second, first]
    assert texts(tree(client.get(f"{AT}?status=submitted")), "//tbody/tr/td[1]") == [first]
    assert len(tree(client.get(f"{AT}?q=jc/sh-cx-01")).xpath("//tbody/tr")) == 2
    assert texts(tree(client.get(f"{AT}?q=没有")), "//p[@class='empty-title']") == ["没有符合条件的申请"]


def test_impact_is_shown_before_anybody_asks(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/impact?document=维修服务程序"))
    assert texts(page, "//section[@class='impact']//h3") == ["JC/SH-CX-01 维修服务程序 A/0"]
    assert "/organisations/JC/documents/JC/SH-CX-02" in page.xpath("//section[@class='impact']//a/@href")
    part = client.get(f"{AT}/impact?document=维修服务程序", headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert "没有找到" in words(tree(client.get(f"{AT}/impact?document=nix")))


def test_changed_value_proposes_a_request_over_its_documents(client: TestClient) -> None:
    assert "与企业参数一致" in words(tree(client.get(f"{AT}/from-values")))
    answer = client.put(
        "/api/v1/organisations/JC/values/company.hotline",
        json={"value": "400-000-0002", "valid_from": today().isoformat()},
        headers={"if-match": "*"},
    )
    assert answer.status_code == 200, answer.text
    page = tree(client.get(f"{AT}/from-values"))
    assert "400-000-0001 → 400-000-0002" in words(page)
    [form] = [form for form in page.forms if (form.get("action") or "").endswith("/from-values")]
    fields: dict[str, list[str]] = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    chosen = fields["document"]
    answer = client.post(form.get("action"), data=fields | {"document": []})
    assert (answer.status_code, "请勾选" in words(one(tree(answer), "//*[@id='fault']"))) == (422, True)
    answer = client.post(form.get("action"), data=fields)
    made = tree(client.get(answer.headers["location"]))
    assert len(made.xpath("//*[contains(@class, 'list-group-item')]//a[contains(@href, '/documents/')]")) >= len(chosen) > 0


def test_hostile_words_come_out_as_text(client: TestClient) -> None:
    page = tree(client.get("/organisations/HX/changes/new?document=HX/SH-CX-01"))
    hostile = {"title": SCRIPT, "reason": SCRIPT, "item-1-proposed": SCRIPT, "item-1-section": SCRIPT}
    answer = press(client, page, "change", "then=submit", hostile)
    assert answer.status_code == 303, words(tree(answer))
    for path in (answer.headers["location"], "/organisations/HX/changes", "/organisations/HX/changes/impact?document=HX/SH-CX-01"):
        page = tree(client.get(path))
        assert [each.text for each in page.xpath("//script[not(@src)]")] == []
        assert page.xpath("//main//i[not(@class)] | //img") == []
    assert SCRIPT in words(tree(client.get(answer.headers["location"])))
