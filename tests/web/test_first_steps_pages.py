"""首次使用: a consultant opens an organisation, answers step by step, draws the chart and clones a set; nobody writes YAML."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response
from small_firm import moment

from service.clock import today
from service.db import reading, writing
from service.documents.queries import documents
from service.organisations.members import add_member
from service.organisations.queries import chart_on, current_values, find_organisation, find_person, value_rows
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM, departments_of, posts_of
from web.conftest import SCRIPT, log_in_as
from web.dom import actions_of, hire_reader, one, send, texts, tree, words

AT = "/organisations/JC/first-steps"
NEW = "/organisations/NK/first-steps"


@pytest.fixture
def consultant(client: TestClient) -> TestClient:
    """邴三, who is a consultant of YI too."""
    with writing(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        firm = find_organisation(session, "YI")
        user = find_person(session, firm.id, "bing")
        add_member(session, firm, user, Role.CONSULTANT, by=SYSTEM, at=moment(1, 1), on=moment(1, 1).date())
    return client


def opened(client: TestClient, **typed: str) -> Response:
    wanted = {"name": "南康净水有限公司", "code": "NK"} | typed
    return send(client, tree(client.get("/new-organisation")), "new", **wanted)


def page_of(client: TestClient, path: str) -> Any:
    """The page without the rows that wait in a <template>, which no browser sends."""
    page = tree(client.get(path))
    for waiting in page.xpath("//template"):
        waiting.getparent().remove(waiting)
    return page


def value_of(client: TestClient, name: str, code: str = "JC") -> Any:
    with reading(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        row = current_values(session, find_organisation(session, code).id, today("Asia/Shanghai")).get(name)
        return row.value if row else None


def chart_of(client: TestClient, code: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """({department's key: name}, {post's key: names of its holders}) of today."""
    with reading(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        chart = chart_on(session, find_organisation(session, code).id, today("Asia/Shanghai"))
        departments = {node.key: node.name for node in departments_of(chart)}
        return departments, {post.key: [holder.name for holder in post.holders] for post in posts_of(chart)}


def test_consultant_opens_an_organisation_and_may_fill_it_in_and_take_people_in(consultant: TestClient) -> None:
    answer = opened(consultant)
    assert (answer.status_code, answer.headers["location"]) == (303, NEW)
    assert consultant.get(NEW).status_code == 200
    assert consultant.get("/organisations/NK/members").status_code == 200
    assert actions_of(consultant, "NK", "NK") == ["organisation:create"]
    assert actions_of(consultant, "bing", "NK") == ["member:add", "member:add"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"code": "N K"}, "企业代号由字母、数字、点和短横组成"),
        ({"code": "jc"}, "企业代号“jc”已被使用"),
        ({"number_pattern": "{company}/{kind}"}, "须恰有一个 {serial}"),
        ({"name": ""}, "有的栏目需要更正"),
    ],
)
def test_organisation_that_cannot_be_opened_is_refused_with_what_was_typed(
    consultant: TestClient, typed: dict[str, str], said: str
) -> None:
    answer = opened(consultant, **typed)
    page = tree(answer)
    assert answer.status_code == 422
    assert said in words(one(page, "//*[@id='fault']"))
    for name, value in ({"name": "南康净水有限公司", "code": "NK"} | typed).items():
        assert one(page, f"//input[@name='{name}']").get("value") == value


def test_nobody_but_a_consultant_opens_an_organisation(client: TestClient) -> None:
    page = tree(client.get("/new-organisation"))
    assert "由咨询师建立企业" in words(page)
    assert page.xpath("//form[@id='new']") == []
    answer = client.post("/new-organisation", data={"name": "南康净水有限公司", "code": "NK"})
    assert answer.status_code == 403
    assert client.get(NEW).status_code == 404


def test_overview_tells_how_far_each_step_has_come_and_where_to_go_on(consultant: TestClient) -> None:
    opened(consultant)
    page = tree(consultant.get(NEW))
    assert [line.partition(" ")[2] for line in texts(page, "//ol//h2")] == [
        "我们是谁",
        "我们卖什么",
        "岗位与部门",
        "目标",
        "选择",
        "套用模板",
        "还差什么",
    ]
    assert one(page, "//a[contains(@class, 'btn-primary')]").get("href") == f"{NEW}/company"
    assert "未开始" in words(one(page, "//li[.//a[contains(@href, '/targets')]]"))


def test_step_saves_its_values_as_one_change_and_leads_on(client: TestClient) -> None:
    typed = {"company.hotline": "400-000-0009", "company.founded_on": "2011-05-18", "company.introduction": "两句话。"}
    answer = send(client, page_of(client, f"{AT}/company"), "step", **typed)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}/business")
    assert {name: value_of(client, name) for name in typed} == typed
    assert actions_of(client, "JC").count("organisation:set_values") == 1
    again = page_of(client, f"{AT}/company")
    assert one(again, "//input[@name='company.hotline']").get("value") == "400-000-0009"


def test_lists_numbers_and_outlets_are_read_as_people_type_them(client: TestClient) -> None:
    outlet = {"name": "南站", "area": "南区", "address": "示范路 1 号", "phone": "025-0000", "manager": "丁四"}
    typed = {"company.products": "净水机\n\n 滤芯 \n", "company.employees": "１５"} | {
        f"outlets.{key}": cell for key, cell in outlet.items()
    }
    assert send(client, page_of(client, f"{AT}/business"), "step", **typed).status_code == 303
    assert value_of(client, "company.products") == ["净水机", "滤芯"]
    assert value_of(client, "company.employees") == 15
    assert value_of(client, "outlets") == [{**outlet, "own": True}]


def test_choices_are_yes_or_no_and_one_that_is_left_stays_open(client: TestClient) -> None:
    send(client, page_of(client, f"{AT}/choices"), "step", **{"choices.makes": "no"})
    assert value_of(client, "choices.makes") is False
    assert value_of(client, "choices.offers_repair") is True
    assert value_of(client, "choices.hazardous_waste") is None


@pytest.mark.parametrize(
    ("step", "name", "typed", "said"),
    [
        ("company", "company.legal_name", "", "请填写企业全称"),
        ("targets", "targets.repair_days", "五天", "须为数字，不带单位"),
        ("targets", "targets.repair_days", "-1", "须为数字，不带单位"),
        ("targets", "targets.repair_days", "1" * 16, "须为"),
        ("business", "dates.manual_effective_on", "昨天", "须为日期"),
        ("choices", "choices.makes", "maybe", "须为 true 或 false"),
    ],
)
def test_wrong_field_is_told_beside_it_and_nothing_of_the_step_is_saved(
    client: TestClient, step: str, name: str, typed: str, said: str
) -> None:
    other = {"company": "company.short_name", "targets": "targets.loan_stock", "business": "company.sales_area", "choices": ""}[step]
    page = page_of(client, f"{AT}/{step}")
    answer = send(client, page, "step", **({name: typed} | ({other: "7"} if other else {})))
    assert answer.status_code == 422
    refused = tree(answer)
    assert said in words(one(refused, f"//*[@id='{name}-said']"))
    if step != "choices":
        assert one(refused, f"//input[@name='{name}']").get("value") == typed
    if other:
        assert one(refused, f"//input[@name='{other}']").get("value") == "7"
        assert value_of(client, other) is None


def test_step_that_changes_nothing_leaves_no_entry(client: TestClient) -> None:
    before = actions_of(client, "JC")
    assert send(client, page_of(client, f"{AT}/company"), "step").status_code == 303
    assert actions_of(client, "JC") == before


def test_legal_name_renames_the_organisation(client: TestClient) -> None:
    send(client, page_of(client, f"{AT}/company"), "step", **{"company.legal_name": "示范丙公司"})
    assert "示范丙公司" in words(one(tree(client.get(AT)), "//aside"))


def test_form_sent_twice_saves_once(client: TestClient) -> None:
    page = page_of(client, f"{AT}/company")
    answers = [send(client, page, "step", **{"company.hotline": "400-000-0009"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    with reading(client.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        rows = value_rows(session, find_organisation(session, "JC").id, "company.hotline")
    assert [row.value for row in rows] == ["400-000-0001", "400-000-0009"]


def test_standard_chart_is_proposed_and_saved_with_its_keys(consultant: TestClient) -> None:
    opened(consultant)
    page = page_of(consultant, f"{NEW}/chart?proposal=small")
    assert "还没有保存" in words(page)
    assert send(consultant, page, "chart-form").status_code == 303
    departments, posts = chart_of(consultant, "NK")
    assert {"management", "office", "service"} <= set(departments)
    assert "purchase" not in departments  # joined
    assert "general_manager" in posts
    sets = tree(consultant.get(f"{NEW}/sets"))
    assert sets.xpath("//form[@id='clone-gbt27922-small']")


def test_names_persons_and_new_rows_of_the_chart_are_kept(consultant: TestClient) -> None:
    opened(consultant)
    fields = {
        "department.ref": ["management", "new-1"],
        "department.name": ["总部", "研究所"],
        "department.place": ["", "below:management"],
        "post.ref": ["general_manager", "document_controller", "new-2", "training_officer"],
        "post.name": ["董事长", "文控员", "研究员", "培训专员"],
        "post.place": ["in:management", "in:management", "in:new-1", "with:document_controller"],
        "holder.name": ["陆一", "陆一"],
        "holder.login": ["nk.lu", "nk.lu"],
        "holder.post": ["general_manager", "new-2"],
        "valid_from": today("Asia/Shanghai").isoformat(),
    }
    assert consultant.post(f"{NEW}/chart", data=fields).status_code == 303
    assert chart_of(consultant, "NK") == (
        {"management": "总部", "department_1": "研究所"},
        {"general_manager": ["陆一"], "document_controller": [], "post_1": ["陆一"]},
    )
    assert actions_of(consultant, "NK", "NK") == ["organisation:create", "organisation:change_chart"]


@pytest.mark.parametrize(
    ("changes", "slot", "said"),
    [
        ({"post.place": ["in:nowhere"]}, "post-0", "请选择所在部门"),
        ({"department.place": ["below:management"]}, "department-0", "请选择上级部门"),
        ({"department.name": [""]}, "department-0", "请至少填写一个部门"),
        ({"holder.login": ["jia"]}, "holder-0", "新登录名须以“nk.”开头"),
        ({"holder.login": ["bing"]}, "holder-0", "是成员邴三的"),
        ({"holder.login": ["NK LU"]}, "holder-0", "请填写登录名"),
        ({"holder.post": [""]}, "holder-0", "请选择岗位"),
    ],
)
def test_wrong_row_of_the_chart_is_told_below_it_with_what_was_typed(
    consultant: TestClient, changes: dict[str, list[str]], slot: str, said: str
) -> None:
    opened(consultant)
    fields = {
        "department.ref": ["management"],
        "department.name": [SCRIPT],
        "department.place": [""],
        "post.ref": ["general_manager"],
        "post.name": ["董事长"],
        "post.place": ["in:management"],
        "holder.name": ["陆一"],
        "holder.login": ["nk.lu"],
        "holder.post": ["general_manager"],
        "valid_from": today("Asia/Shanghai").isoformat(),
    } | changes
    answer = consultant.post(f"{NEW}/chart", data=fields)
    page = tree(answer)
    assert answer.status_code == 422
    assert said in words(one(page, f"//*[@id='{slot}-said']"))
    assert texts(page, "//script[not(@src)]") == []
    assert chart_of(consultant, "NK") == ({}, {})


def test_set_is_cloned_once_the_chart_has_what_it_needs(consultant: TestClient) -> None:
    opened(consultant)
    missing = tree(consultant.get(f"{NEW}/sets"))
    assert "还缺少它用到的" in words(one(missing, "//*[@id='set-gbt27922-small']"))
    assert missing.xpath("//form[@id='clone-gbt27922-small']") == []
    refused = consultant.post(f"{NEW}/sets/gbt27922-small")
    assert refused.status_code == 422
    assert "组织机构中缺少模板用到的部门：" in words(one(tree(refused), "//*[@id='fault']"))
    send(consultant, page_of(consultant, f"{NEW}/chart?proposal=small"), "chart-form")
    send(consultant, page_of(consultant, f"{NEW}/choices"), "step", **{"choices.makes": "yes", "choices.offers_repair": "yes"})
    answer = send(consultant, tree(consultant.get(f"{NEW}/sets")), "clone-gbt27922-small")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{NEW}/missing")
    with reading(consultant.app.state.engine) as session:  # type: ignore[attr-defined]  # the FastAPI application of this test
        assert len(documents(session, find_organisation(session, "NK").id)) > 40


def test_what_is_missing_leads_to_its_field(client: TestClient) -> None:
    page = tree(client.get(f"{AT}/missing"))
    assert f"{AT}/company#company.address" in page.xpath("//*[@id='blanks']//a/@href")
    assert f"{AT}/company#company.hotline" not in page.xpath("//*[@id='blanks']//a/@href")
    assert "company.address" in page_of(client, f"{AT}/company").xpath("//@id")
    send(client, page_of(client, f"{AT}/company"), "step", **{"company.address": "示范路 1 号"})
    assert f"{AT}/company#company.address" not in tree(client.get(f"{AT}/missing")).xpath("//*[@id='blanks']//a/@href")


def test_others_do_not_meet_the_questionnaire(client: TestClient) -> None:
    hire_reader(client)
    for login in ("ding", "wu", "jia"):
        log_in_as(client, login)
        assert client.get(AT).status_code == 403
        assert client.post(f"{AT}/company", data={"company.legal_name": "x"}).status_code == 403
