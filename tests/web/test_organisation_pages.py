"""Pages of the organisation: profile, chart, members, approval rules, channels, trail."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from small_firm import moment

from service.accounts.queries import find_user
from service.book import drawing_chart
from service.clock import today
from service.db import reading, writing
from service.errors import InputError
from service.notices.queries import channels
from service.organisations.queries import chart_on, find_organisation, memberships
from service.organisations.roles import Role
from service.organisations.rules import departments_of
from service.trail.actions import record
from service.trail.queries import newest
from web.conftest import COMPANY, log_in_as
from web.dom import actions_of, hire_reader, one, send, texts, tree, words

AT = "/organisations/JC"
HOTLINE = f"{AT}/profile/company.hotline"
REPAIR = "JC/SH-CX-01"


def now() -> date:
    return today("Asia/Shanghai")


def pressed(client: TestClient, path: str, end: str) -> Response:
    """The only form of the page whose address ends so, sent as it is."""
    form = one(tree(client.get(path)), f"//form[substring(@action, string-length(@action) - {len(end) - 1}) = '{end}']")
    answer: Response = client.post(form.get("action"), data=dict(form.form_values()))
    return answer


def roles_of(client: TestClient, login: str) -> set[Role]:
    with reading(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        firm = find_organisation(session, "JC")
        return {row.role for row in memberships(session, firm.id, find_user(session, login).id)}


# Profile


def test_profile_shows_values_by_group_with_what_is_not_filled_in(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/profile"))
    assert words(one(page, "//tr[.//a[@href='" + HOTLINE + "']]")).startswith("服务热线 400-000-0001 2026年1月1日")
    assert "未填" in words(one(page, "//tr[.//a[contains(@href, 'company.address')]]"))
    targets = tree(client.get(f"{AT}/profile?group=targets"))
    assert "≤ 1 %" in words(one(targets, "//tr[.//a[contains(@href, 'return_repair_rate')]]"))
    before = tree(client.get(f"{AT}/profile?as_of=2025-12-31"))
    assert "未填" in words(one(before, "//tr[.//a[contains(@href, 'company.hotline?')]]"))


def test_value_tells_where_it_is_used_and_a_new_one_makes_these_documents_outdated(client: TestClient) -> None:
    page = tree(client.get(HOTLINE))
    assert f"{AT}/documents/{REPAIR}" in page.xpath("//*[@id='uses']//a/@href")
    answer = send(client, page, "change", **{"company.hotline": "400-000-0009"})
    assert (answer.status_code, answer.headers["location"]) == (303, HOTLINE)
    assert actions_of(client, "company.hotline") == ["variable:set"]
    after = tree(client.get(HOTLINE))
    assert texts(after, "//*[@id='history']//tbody/tr/td[1]") == ["400-000-0009", "400-000-0001"]
    assert texts(after, "//*[@id='history']//tbody/tr/td[3]") == ["现行", "以前"]
    assert "文件中仍为“400-000-0001”" in words(one(after, "//*[@id='uses']"))
    assert f"{AT}/documents/{REPAIR}" in tree(client.get(f"{AT}/profile")).xpath("//*[@id='outdated']//a/@href")
    past = tree(client.get(f"{HOTLINE}?as_of=2026-03-01"))
    assert words(one(past, "//*[@id='now']")).startswith("当日的值 400-000-0001")
    assert past.xpath("//form[@id='change']") == []


def test_value_may_begin_later(client: TestClient) -> None:
    later = (now() + timedelta(days=30)).isoformat()
    send(client, tree(client.get(HOTLINE)), "change", **{"company.hotline": "400-000-0009", "valid_from": later})
    page = tree(client.get(HOTLINE))
    assert "400-000-0001" in words(one(page, "//*[@id='now']"))
    assert texts(page, "//*[@id='history']//tbody/tr/td[3]") == ["待生效", "现行"]


def test_wrong_value_is_told_beside_the_field(client: TestClient) -> None:
    path = f"{AT}/profile/targets.return_repair_rate"
    answer = send(client, tree(client.get(path)), "change", **{"targets.return_repair_rate": "很低", "valid_from": ""})
    page = tree(answer)
    assert answer.status_code == 422
    assert "须为数字" in words(one(page, "//*[@id='targets.return_repair_rate-said']"))
    assert one(page, "//input[@name='targets.return_repair_rate']").get("value") == "很低"
    assert "请填写从哪天起有效" in words(one(page, "//*[@id='valid_from-said']"))


def test_unknown_value_and_the_code_are_no_pages(client: TestClient) -> None:
    assert [client.get(f"{AT}/profile/{name}").status_code for name in ("company.nothing", "company.code")] == [404, 404]


def test_author_reads_the_profile_and_changes_nothing(client: TestClient) -> None:
    log_in_as(client, "ding")
    page = tree(client.get(HOTLINE))
    assert page.xpath("//form[@id='change']") == []
    assert client.post(HOTLINE, data={"company.hotline": "1", "valid_from": "2026-01-01"}).status_code == 403


# Chart


def test_chart_is_a_picture_and_a_list(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/chart"))
    assert "服务部" in words(one(page, "//*[@role='img']"))
    assert "服务部经理 丁四" in words(one(page, "//*[@id='tree']"))
    assert "还没有组织机构" not in words(page)
    assert "这一天没有组织机构" in words(tree(client.get(f"{AT}/chart?as_of=2025-12-31")))


@pytest.mark.parametrize("fault", [InputError("图形太复杂，无法排版。请拆成几张图。", code="bad_drawing"), KeyError("x")])
def test_chart_that_cannot_be_drawn_is_a_list(client: TestClient, monkeypatch: pytest.MonkeyPatch, fault: Exception) -> None:
    def refuse(_graph: object) -> object:
        raise fault

    monkeypatch.setattr(drawing_chart, "lay_out", refuse)
    drawing_chart.draw_organisation.cache_clear()
    page = tree(client.get(f"{AT}/chart"))
    drawing_chart.draw_organisation.cache_clear()
    assert page.xpath("//*[@role='img']") == []
    assert "画成一张图无法看清" in words(page)
    assert "服务部经理 丁四" in words(one(page, "//*[@id='tree']"))


def test_chart_waits_for_its_turn_with_other_heavy_work(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.web.heavy.PATIENCE", 0.05)
    client.app.state.heavy._value = 0  # type: ignore[attr-defined]  # every turn is taken
    assert client.get(f"{AT}/chart").status_code == 503


def test_renamed_department_begins_on_its_day_and_leaves_the_others_alone(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/chart/edit"))
    for waiting in page.xpath("//template"):
        waiting.getparent().remove(waiting)
    names = page.xpath("//input[@name='department.name']/@value")
    later = (now() + timedelta(days=10)).isoformat()
    renamed = ["客户服务部" if name == "服务部" else name for name in names]
    assert send(client, page, "chart-form", **{"department.name": renamed, "valid_from": later}).status_code == 303
    with reading(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        firm = find_organisation(session, "JC").id
        on_days = [{node.name for node in departments_of(chart_on(session, firm, day))} for day in (now(), now() + timedelta(days=10))]
    assert on_days == [{"公司管理层", "服务部"}, {"公司管理层", "客户服务部"}]
    entry = _details(client, "organisation:change_chart")
    assert (entry["departments"], entry["posts"], entry["holders"]) == (["-service", "+service"], [], [])


def test_broken_form_of_the_chart_is_refused_in_words(client: TestClient) -> None:
    answer = client.post(f"{AT}/chart/edit", data={"department.ref": ["a", "b"], "department.name": ["x"], "department.place": [""]})
    assert answer.status_code == 422
    assert "表单不完整" in answer.text


# Members


def test_members_are_listed_with_roles_and_posts(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/members"))
    assert words(one(page, "//*[@id='member-bing']")).startswith("邴三 本人 bing · bing@jc.example 文控员 系统管理员 全部部门 收回 文控员")
    only = tree(client.get(f"{AT}/members?q=丁四"))
    assert texts(only, "//*[starts-with(@id, 'member-')]//h3") == ["丁四"]


def test_new_member_is_invited_with_role_departments_and_last_day(client: TestClient) -> None:
    until = (now() + timedelta(days=60)).isoformat()
    typed = {
        "login": "jc.shen",
        "name": "沈评",
        "email": "shen@audit.example",
        "role": "auditor",
        "until": until,
        "departments": ["service"],
    }
    assert send(client, tree(client.get(f"{AT}/members")), "add", **typed).status_code == 303
    line = words(one(tree(client.get(f"{AT}/members")), "//*[@id='member-jc.shen']"))
    assert "评审员 服务部 · 至" in line
    assert "已邀请，尚未设置密码" in line
    assert actions_of(client, "jc.shen") == ["member:add"]
    assert pressed(client, f"{AT}/members", "/jc.shen/invite").status_code == 303
    assert actions_of(client, "jc.shen") == ["member:add", "member:invite"]


@pytest.mark.parametrize(
    ("typed", "place", "said"),
    [
        ({"login": "", "role": "reader"}, "login-said", "请填写登录名"),
        ({"login": "jc.shen"}, "role-said", "请选择角色"),
        ({"login": "jc.shen", "role": "auditor"}, "until-said", "评审员须有截止日期"),
        ({"login": "shen", "role": "reader", "name": "沈评", "email": "shen@audit.example"}, "fault", "以“jc.”开头"),
        ({"login": "jia", "role": "approver"}, "fault", "贾一已经是批准人"),
    ],
)
def test_member_who_cannot_be_added_is_refused_with_what_was_typed(
    client: TestClient, typed: dict[str, str], place: str, said: str
) -> None:
    answer = send(client, tree(client.get(f"{AT}/members")), "add", **typed)
    page = tree(answer)
    assert answer.status_code == 422
    assert said in words(one(page, f"//*[@id='{place}']"))
    assert one(page, "//input[@name='login']").get("value") == typed["login"]


def test_role_is_taken_away_but_not_the_last_administrators(client: TestClient) -> None:
    assert pressed(client, f"{AT}/members", "/ding/author/end").status_code == 303
    assert roles_of(client, "ding") == set()
    refused = pressed(client, f"{AT}/members", "/bing/administrator/end")
    assert refused.status_code == 422
    assert "这是最后一名系统管理员" in words(one(tree(refused), "//*[@id='fault']"))
    assert Role.ADMINISTRATOR in roles_of(client, "bing")


def test_link_for_a_new_password_goes_to_the_members_own_mailbox(client: TestClient) -> None:
    assert pressed(client, f"{AT}/members", "/ding/reset").status_code == 303
    assert actions_of(client, "ding")[-1] == "member:reset"


def test_only_an_administrator_meets_the_members(client: TestClient) -> None:
    for login in ("jia", "ding"):
        log_in_as(client, login)
        assert client.get(f"{AT}/members").status_code == 403
        assert client.post(f"{AT}/members", data={"login": "jc.x", "role": "administrator"}).status_code == 403


# Approval rules


def test_rule_is_proposed_by_one_and_approved_by_another(client: TestClient) -> None:
    typed = {"kind": "procedure", "department": "service", "approvers": ["general_manager"], "reviewers": ["management_representative"]}
    assert send(client, tree(client.get(f"{AT}/approval-rules")), "propose", **typed).status_code == 303
    mine = tree(client.get(f"{AT}/approval-rules"))
    line = words(one(mine, "//*[@id='rules']//tbody/tr"))
    assert line.startswith("程序文件，服务部 管理者代表 — 总经理")
    assert "待批准" in line
    assert mine.xpath("//form[contains(@action, '/approve')]") == []
    log_in_as(client, "jia")
    assert pressed(client, f"{AT}/approval-rules", "/approve").status_code == 303
    assert "现行有效 邴三提出 贾一批准" in words(one(tree(client.get(f"{AT}/approval-rules")), "//*[@id='rules']//tbody/tr"))
    assert pressed(client, f"{AT}/approval-rules", "/end").status_code == 303
    assert "已终止" in words(one(tree(client.get(f"{AT}/approval-rules")), "//*[@id='rules']//tbody/tr"))


def test_rule_without_approvers_is_refused(client: TestClient) -> None:
    answer = send(client, tree(client.get(f"{AT}/approval-rules")), "propose", kind="procedure", reviewers=["general_manager"])
    page = tree(answer)
    assert answer.status_code == 422
    assert "请至少选择一个批准岗位" in words(one(page, "//*[@id='approvers-said']"))
    assert one(page, "//select[@name='kind']/option[@selected]").get("value") == "procedure"
    assert one(page, "//input[@name='reviewers'][@checked]").get("value") == "general_manager"


def test_exception_is_granted_for_a_time_and_ended(client: TestClient) -> None:
    log_in_as(client, "jia")
    typed = {"login": "ding", "meanings": ["prepare", "review"], "reason": "只有一人熟悉", "number": REPAIR}
    days = {"first": now().isoformat(), "last": (now() + timedelta(days=20)).isoformat()}
    assert send(client, tree(client.get(f"{AT}/approval-rules")), "grant", **typed, **days).status_code == 303
    line = words(one(tree(client.get(f"{AT}/approval-rules")), "//*[@id='exceptions']//tbody/tr"))
    assert line.startswith(f"丁四 编制、审核 {REPAIR} 只有一人熟悉 贾一批准")
    assert "还有 20 天" in line
    assert pressed(client, f"{AT}/approval-rules", "/end").status_code == 303
    assert "已终止" in words(one(tree(client.get(f"{AT}/approval-rules")), "//*[@id='exceptions']//tbody/tr"))


def test_exception_without_what_it_needs_is_refused_by_its_fields(client: TestClient) -> None:
    log_in_as(client, "jia")
    answer = send(client, tree(client.get(f"{AT}/approval-rules")), "grant", login="ding", number="JC/NO", reason="", first="")
    page = tree(answer)
    assert answer.status_code == 422
    said = {name: words(one(page, f"//*[@id='{name}-said']")) for name in ("meanings", "number", "reason", "first", "last")}
    assert said == {
        "meanings": "请选择两项以上",
        "number": "没有编号为 JC/NO 的文件",
        "reason": "请写明理由",
        "first": "请填写开始日期",
        "last": "请填写截止日期",
    }


def test_reviewer_sees_the_rules_and_takes_no_step(client: TestClient) -> None:
    log_in_as(client, "yi")
    page = tree(client.get(f"{AT}/approval-rules"))
    assert page.xpath("//main//form") == []


# Channels


def test_channel_is_added_tried_and_ended_and_its_secret_is_never_shown(client: TestClient) -> None:
    typed = {"kind": "dingtalk", "name": "售后群", "url": "https://robot.example/send?access_token=0123456789", "secret": "SECRET99"}
    assert send(client, tree(client.get(f"{AT}/channels")), "add", **typed).status_code == 303
    shown = client.get(f"{AT}/channels")
    assert "售后群 钉钉群机器人 · https://robot.example/… · 加签" in words(one(tree(shown), "//*[@id='channels']"))
    assert "SECRET99" not in shown.text
    assert "0123456789" not in shown.text
    assert pressed(client, f"{AT}/channels", "/test").status_code == 303
    assert "通知测试" in words(one(tree(client.get(f"{AT}/channels")), "//*[@id='notices']//tbody"))
    assert pressed(client, f"{AT}/channels", "/end").status_code == 303
    with reading(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        [row] = channels(session, find_organisation(session, "JC").id)
    assert row.ended_at is not None
    assert actions_of(client, str(row.id)) == ["channel:add", "channel:test", "channel:end"]


def test_wrong_channel_is_refused_with_what_was_typed(client: TestClient) -> None:
    answer = send(client, tree(client.get(f"{AT}/channels")), "add", kind="email", name="质量部", url="不是邮箱")
    page = tree(answer)
    assert answer.status_code == 422
    assert "邮箱地址须形如" in words(one(page, "//*[@id='fault']"))
    assert one(page, "//input[@name='url']").get("value") == "不是邮箱"


# Trail


def test_trail_says_who_did_what_in_words(client: TestClient) -> None:
    send(client, tree(client.get(HOTLINE)), "change", **{"company.hotline": "400-000-0009"})
    page = tree(client.get(f"{AT}/trail?action=variable:set"))
    [line] = texts(page, "//tbody/tr")
    assert "邴三 修改企业参数 企业参数 服务热线" in line
    assert "值 400-000-0009" in line


def test_trail_is_filtered_by_object_person_and_day(client: TestClient) -> None:
    of_repair = tree(client.get(f"{AT}/trail?subject_id={REPAIR}"))
    assert set(of_repair.xpath("//tbody//a/@href")) == {f"{AT}/documents/{REPAIR}"}
    by_jia = tree(client.get(f"{AT}/trail?by=jia"))
    assert {words(row[1]) for row in by_jia.xpath("//tbody/tr")} == {"贾一"}
    nothing = tree(client.get(f"{AT}/trail?since=2025-01-01&until=2025-12-31"))
    assert "没有符合条件的记录" in words(nothing)
    day = moment(1, 1).date()
    first = tree(client.get(f"{AT}/trail?as_of={day}"))
    assert {words(row[0])[:9] for row in first.xpath("//tbody/tr")} == {f"{day.year}年{day.month}月{day.day}日"}


def test_savings_of_one_draft_one_after_another_are_one_row_with_all_seals(client: TestClient) -> None:
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        firm = find_organisation(session, "JC").id
        for by, action in (("jia", "edit"), ("bing", "edit"), ("bing", "edit"), ("bing", "submit"), ("bing", "edit")):
            record(session, firm, at=moment(8, 1), by=by, action=f"revision:{action}", subject="document", subject_id="JC/X", details={})
    rows = tree(client.get(f"{AT}/trail?subject_id=JC/X")).xpath("//tbody/tr")
    assert ["共 2 次" in words(row) for row in rows] == [False, False, True, False]
    assert [len(row.xpath(".//dd//code")) for row in rows] == [1, 1, 2, 1]


def test_trail_is_read_fifty_at_a_time(client: TestClient) -> None:
    seen: list[str] = []
    address = f"{AT}/trail"
    while address:
        page = tree(client.get(address))
        seen += page.xpath("//tbody/tr/@id")
        older = page.xpath("//a[@rel='next']/@href")
        address = f"{AT}/trail{older[0]}" if older else ""
    assert len(seen) > 50
    assert seen == [f"entry-{position}" for position in range(len(seen), 0, -1)]


def test_trail_is_verified_and_exported_and_its_reading_recorded_once(client: TestClient) -> None:
    log_in_as(client, "jia")
    assert "完整" in words(one(tree(client.get(f"{AT}/trail/verify")), "//*[@id='verdict']"))
    answer = client.get(f"{AT}/trail/export")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert answer.headers["content-disposition"] == f'attachment; filename="trail-JC-{now()}.jsonl"'
    assert lines[0]["count"] == len(lines) - 1
    assert [line["action"] for line in lines[1:] if line["by"] == "jia"].count("trail:read") == 1


def test_author_and_reader_see_no_trail(client: TestClient) -> None:
    hire_reader(client)
    for login in ("ding", "wu"):
        log_in_as(client, login)
        assert [client.get(f"{AT}/trail{path}").status_code for path in ("", "/verify", "/export")] == [403, 403, 403]


@pytest.mark.parametrize(
    "path", ["profile", "profile/company.legal_name", "chart", "chart/edit", "members", "approval-rules", "trail", "first-steps/company"]
)
def test_hostile_names_come_out_as_text(client: TestClient, path: str) -> None:
    answer = client.get(f"/organisations/HX/{path}")
    assert answer.status_code == 200
    assert COMPANY not in answer.text
    assert COMPANY in words(one(tree(answer), "//aside"))


def _details(client: TestClient, action: str) -> dict[str, Any]:
    with reading(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        [row] = newest(session, find_organisation(session, "JC").id, 2, action=action)
        return row.details
