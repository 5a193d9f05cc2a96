"""The desk (what I must do, how we stand) and the list of organisations: each sees his own, and no reader learns what is not for him."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from house import database_of
from lxml import html
from small_firm import PASSWORD, PROFILE, moment
from sqlmodel import Session, select

from service import clock
from service.accounts.actions import create_user
from service.approvals import actions as approvals
from service.approvals.exception_actions import grant_exception
from service.approvals.rules import Meaning
from service.changes import actions as changes
from service.changes.rules import ChangeKind, Wanted
from service.checks.queries import find_problems
from service.checks.rules import Context, Problem
from service.db import open_database, writing
from service.distribution.asking import Asked, ask
from service.documents.actions import draft_next, edit
from service.documents.models import Revision
from service.documents.queries import find_document, revisions
from service.organisations.actions import create_organisation
from service.organisations.members import add_member
from service.organisations.models import Membership, Organisation
from service.organisations.profile import read_profile
from service.organisations.queries import find_organisation, find_person, member_actor
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM, Actor
from service.organisations.shipped import catalogue
from service.screens import standing
from service.standards.shipped import standard
from web.conftest import log_in_as

AT, REPAIR, COMPLAINT = "/organisations/JC", "JC/SH-CX-01", "JC/SH-CX-02"


def act(home: Path, do: Callable[[Session, Organisation], Any]) -> Any:
    engine = open_database(database_of(home))
    try:
        with writing(engine) as session:
            return do(session, find_organisation(session, "JC"))
    finally:
        engine.dispose()


def person(session: Session, firm: Organisation, login: str) -> Actor:
    return member_actor(session, firm, find_person(session, firm.id, login), clock.today())


def submitted(session: Session, firm: Organisation, number: str) -> tuple[Any, Revision]:
    document, by = find_document(session, firm.id, number), person(session, firm, "ding")
    draft_next(session, document, by=by, at=clock.now(), change_summary="缩短时限")
    row = revisions(session, document)[-1]
    edit(session, document, row, row.source.replace("30 分钟", "20 分钟"), by=by, at=clock.now())
    approvals.submit(session, firm, document, row, standard=standard(), catalogue=catalogue(), by=by, at=clock.now())
    return document, row


def hired(session: Session, code: str, login: str, role: Role) -> None:
    user = create_user(session, login, login, password=PASSWORD, by="system", at=moment(1, 1))
    add_member(session, find_organisation(session, code), user, role, by=SYSTEM, at=moment(1, 1), on=moment(1, 1).date())


def desk(client: TestClient, login: str, path: str = AT) -> Any:
    answer = log_in_as(client, login).get(path)
    assert answer.status_code == 200, answer.text
    return parsed(answer.text)


def parsed(text: str) -> Any:
    return html.fromstring(text)


def duties(page: Any) -> dict[str, list[str]]:
    """Kind → where its items lead."""
    return {each.get("id"): each.xpath(".//div/a/@href") for each in page.xpath("//section[starts-with(@id,'duty-')]")}


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def test_who_has_nothing_to_do_is_told_so(client: TestClient) -> None:
    page = desk(client, "bing")
    assert duties(page) == {}
    assert "现在没有等您办理的事项" in words(page.get_element_by_id("nothing-to-do"))


def test_each_sees_what_waits_for_him(client: TestClient, home: Path) -> None:
    def go(session: Session, firm: Organisation) -> None:
        submitted(session, firm, REPAIR)
        document, row = submitted(session, firm, COMPLAINT)
        reason = "<b>时限</b>做不到"
        approvals.return_(session, document, row, by=person(session, firm, "yi"), at=clock.now(), reason=reason)
        asked = Asked(logins=frozenset({"ding"}))
        document = find_document(session, firm.id, REPAIR)
        on = clock.today() + timedelta(days=9)
        ask(session, firm, document, revisions(session, document)[0], asked, due_on=on, by=person(session, firm, "bing"), at=clock.now())

    act(home, go)
    assert duties(desk(client, "yi")) == {"duty-sign": [f"{AT}/documents/{REPAIR}/approval"]}
    page = desk(client, "ding")
    found = duties(page)
    assert found["duty-mend"] == [f"{AT}/documents/{COMPLAINT}/approval"]
    assert list(found) == ["duty-mend", "duty-read"]
    assert "退回原因：<b>时限</b>做不到" in words(page.get_element_by_id("duty-mend"))
    assert "还有 9 天" in words(page.get_element_by_id("duty-read"))
    assert duties(desk(client, "jia")) == {}


def test_request_waits_for_those_only_who_may_decide_on_it(client: TestClient, home: Path) -> None:
    def go(session: Session, firm: Organisation) -> None:
        add_member(session, firm, find_person(session, firm.id, "bing"), Role.APPROVER, by=SYSTEM, at=moment(1, 1), on=moment(1, 1).date())
        ding, bing, at = person(session, firm, "ding"), person(session, firm, "bing"), clock.now()
        words: dict[str, Any] = {"reason": "顾客等得太久", "items": [Wanted(ChangeKind.REVISE, REPAIR, "", "缩短时限")]}
        made = changes.open_request(session, firm, title="缩短时限", **words, by=ding, at=at)
        changes.edit(session, firm, made, title="缩短维修时限", **words, by=bing, at=at)
        changes.submit(session, firm, made, standard=standard(), catalogue=catalogue(), by=ding, at=at)

    act(home, go)
    assert "duty-decide" in duties(desk(client, "jia"))
    assert "duty-decide" not in duties(desk(client, "bing"))


def test_numbers_of_documents_lead_to_lists_with_as_many(client: TestClient, home: Path) -> None:
    act(home, lambda session, firm: submitted(session, firm, REPAIR))
    page = desk(client, "bing")
    rows = {
        words(each.find("span")): (each.get("href"), int(each.find("strong").text))
        for each in page.xpath("//a[contains(@href,'?status=')]")
    }
    assert {name: count for name, (_, count) in rows.items()} == {"现行有效": 14, "审核中": 1}
    for address, count in rows.values():
        listed = parsed(client.get(address).text)
        assert len(listed.xpath("//main//table//tbody/tr")) == count, address


def test_chart_and_table_say_the_same_and_add_up(client: TestClient) -> None:
    page = desk(client, "jia")
    data = json.loads(page.get_element_by_id("coverage-data").text)
    table = [[words(cell) for cell in row] for row in page.xpath("//section[@aria-labelledby='coverage-name']//tbody/tr")]
    assert [row[0] for row in table] == data["categories"]
    assert [[int(row[place]) for row in table] for place in range(1, 6)] == [each["values"] for each in data["series"]]
    assert sum(sum(each["values"]) for each in data["series"]) == 44
    assert client.get(data["addresses"][0]).status_code == 200


def test_what_ends_within_sixty_days_is_told_and_nothing_later(client: TestClient, home: Path) -> None:
    today = clock.today()

    def go(session: Session, firm: Organisation) -> None:
        for login, days in (("bing", 59), ("ding", 61)):
            grant_exception(
                session,
                firm,
                login=login,
                meanings=[Meaning.PREPARE, Meaning.REVIEW],
                reason=f"人员不足 {days}",
                valid_from=today,
                valid_until=today + timedelta(days=days),
                by=person(session, firm, "jia"),
                at=clock.now(),
            )
        hired(session, "JC", "gast", Role.CONSULTANT)
        row = session.exec(select(Membership).where(Membership.role == Role.CONSULTANT)).one()
        row.until = today + timedelta(days=3)
        session.add(row)

    act(home, go)
    told = words(desk(client, "jia").get_element_by_id("endings"))
    assert "人员不足 59" in told
    assert "人员不足 61" not in told
    assert "成员：gast" in told
    assert "还有 3 天" in told


def test_a_reader_sees_his_own_desk_and_no_numbers(client: TestClient, home: Path) -> None:
    def go(session: Session, firm: Organisation) -> None:
        hired(session, "JC", "leser", Role.READER)
        submitted(session, firm, REPAIR)
        for row in session.exec(select(Revision).where(Revision.organisation_id == firm.id)):
            if row.effective_on is not None:
                row.effective_on = clock.today()
                session.add(row)

    act(home, go)
    page = desk(client, "leser")
    assert page.xpath("//*[@data-chart]") == []
    assert page.xpath("//a[contains(@href,'?status=')]") == []
    mine = {each.get("href") for each in page.xpath("//*[@id='fresh']/a")}
    listed = parsed(client.get(f"{AT}/documents").text)
    assert mine
    assert mine <= {each.split("?")[0] for each in listed.xpath("//main//a/@href")}
    assert f"{AT}/documents/{REPAIR}" not in mine
    card = parsed(client.get(f"{AT}/standing").text)
    assert [words(each) for each in card.xpath("//dt")] == ["现行文件"]
    assert int(words(card.xpath("//dd")[0])) == len(mine)
    assert client.get(f"{AT}/standing/problems").status_code == 403


def test_card_of_a_client_says_how_it_stands(client: TestClient, home: Path) -> None:
    act(home, lambda session, firm: submitted(session, firm, REPAIR))
    page = parsed(client.get("/organisations").text)
    cards = page.xpath("//section[contains(@class,'client')]")
    assert [each.xpath(".//h2/a/@href")[0] for each in cards] == ["/organisations/HX", AT, "/organisations/YI"]
    (address,) = cards[1].xpath(".//@hx-get")
    told = parsed(client.get(address).text)
    assert [words(each) for each in told.xpath("//dt")] == ["现行文件", "在途", "指标已覆盖", "逾期评审", "问题项"]
    assert [words(each) for each in told.xpath("//dd")][:3] == ["14", "1", "1 / 43"]


def test_first_page_itself_counts_nothing(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("counted")

    for name in ("coverage_on", "problem_count", "overdue", "running", "readable"):
        monkeypatch.setattr(f"service.screens.home.{name}", never)
    assert client.get("/organisations").status_code == 200


def test_problems_are_counted_again_once_something_is_recorded(client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[int] = []

    def noted(context: Context) -> list[Problem]:
        counted.append(1)
        return find_problems(context)

    monkeypatch.setattr(standing, "find_problems", noted)
    first = client.get(f"{AT}/standing/problems").text
    assert client.get(f"{AT}/standing/problems").text == first
    assert len(counted) == 1
    act(home, lambda session, firm: submitted(session, firm, REPAIR))
    client.get(f"{AT}/standing/problems")
    assert len(counted) == 2


def test_many_clients_are_searched_by_name_or_code(client: TestClient, home: Path) -> None:
    assert parsed(client.get("/organisations").text).xpath("//input[@id='q']") == []

    def go(session: Session, firm: Organisation) -> None:
        user = find_person(session, firm.id, "bing")
        for place in range(7):
            text = PROFILE.replace("code: JC", f"code: K{place}").replace("示范甲公司", f"客户{place}<i>公司")
            made = create_organisation(session, read_profile(text, file="k.yml", catalogue=catalogue()), at=moment(1, 1))
            add_member(session, made, user, Role.CONSULTANT, by=SYSTEM, at=moment(1, 1), on=moment(1, 1).date())

    act(home, go)
    assert parsed(client.get("/organisations").text).xpath("//input[@id='q']") != []
    found = parsed(client.get("/organisations", params={"q": "客户3"}).text)
    assert [words(each) for each in found.xpath("//h2")] == ["客户3<i>公司"]
    assert "没有找到" in client.get("/organisations", params={"q": "<nobody>"}).text


def test_strangers_and_foreigners_have_no_desk(client: TestClient, home: Path) -> None:
    act(home, lambda session, _: hired(session, "YI", "fremd", Role.CONSULTANT))
    log_in_as(client, "fremd")
    assert [client.get(f"{AT}{path}").status_code for path in ("", "/standing", "/standing/problems")] == [404] * 3
    assert AT not in client.get("/organisations").text
    client.cookies.clear()
    assert client.get(AT).status_code == 303
