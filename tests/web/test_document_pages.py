"""The list of controlled documents, the master lists, and the page of one document with its tabs."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from fastapi.testclient import TestClient
from small_firm import moment, person
from sqlalchemy import text as sql

from service import clock
from service.accounts.actions import create_user
from service.accounts.queries import user_by_login
from service.changes.actions import open_request, submit
from service.changes.queries import find_request
from service.changes.rules import ChangeKind, Wanted
from service.db import reading, writing
from service.distribution.asking import Asked, ask
from service.distribution.issue import issue
from service.distribution.rules import CopyHolder, Medium
from service.documents.actions import create_document, draft_next, edit, make_obsolete, put_in_force
from service.documents.models import Document
from service.documents.queries import find_document, revisions
from service.documents.recipients import Addressees, set_recipients
from service.documents.rules import Status
from service.organisations.actions import create_organisation, set_value
from service.organisations.members import add_member
from service.organisations.profile import read_profile
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM, Actor
from service.organisations.shipped import catalogue
from service.standards.shipped import standard
from service.text.frontmatter import read_front
from service.trail.queries import entries
from web.conftest import SCRIPT, TITLE, log_in_as
from web.dom import one, rows, send, texts, tree, words

AT = "/organisations/JC"
DOCUMENTS, LISTS = f"{AT}/documents", f"{AT}/lists"
REPAIR, COMPLAINT = "JC/SH-CX-01", "JC/SH-CX-02"


def engine(client: TestClient) -> Any:
    return client.app.state.engine  # type: ignore[attr-defined]  # the FastAPI application of this test


def controller() -> Actor:
    return person("bing", "邴三", "document_controller", "文控员", "management", Role.DOCUMENT_CONTROLLER, Role.AUTHOR)


def revised(client: TestClient, number: str = REPAIR, summary: str = "受理时限改为 20 分钟", code: str = "JC") -> None:
    with writing(engine(client)) as session:
        document = find_document(session, find_organisation(session, code).id, number)
        draft_next(session, document, by=controller(), at=clock.now(), change_summary=summary)


def reader(client: TestClient, login: str = "wu") -> TestClient:
    """Somebody who only reads, without a post."""
    with writing(engine(client)) as session:
        at = moment(1, 1)
        user = create_user(session, login, "吴五", password="秋天的红色拖拉机 7", by="system", at=at)
        add_member(session, find_organisation(session, "JC"), user, Role.READER, by=SYSTEM, at=at, on=at.date())
    return log_in_as(client, login)


def waits(client: TestClient, number: str = REPAIR) -> None:
    """The newest revision is released for a day a month ahead."""
    with writing(engine(client)) as session:
        row = revisions(session, find_document(session, find_organisation(session, "JC").id, number))[-1]
        on = clock.today("Asia/Shanghai")
        row.status, row.text = Status.RELEASED, revisions(session, session.get_one(Document, row.document_id))[0].text
        put_in_force(session, row, released_on=on, effective_on=on + timedelta(days=30), at=clock.now())


def unreadable(client: TestClient) -> None:
    """Two drafts, one of them of a new document, whose condition compares a value that nobody has filled in since."""
    revised(client)
    with writing(engine(client)) as session:
        firm = find_organisation(session, "JC")
        document = find_document(session, firm.id, REPAIR)
        draft = revisions(session, document)[-1]
        how: Any = {"by": SYSTEM, "at": clock.now(), "catalogue": catalogue(), "valid_from": clock.today("Asia/Shanghai")}
        set_value(session, firm, "targets.repair_days", 4, **how)
        asked = "{% if targets.repair_days > 3 %}\n不超过一周。\n{% endif %}\n"
        source = draft.source.replace("## 目的", f"## 目的\n\n{asked}", 1)
        edit(session, document, draft, source, by=controller(), at=clock.now())
        twin = source.replace("key: repair", "key: twin", 1).replace("title: 维修服务程序", "title: 第二程序", 1)
        create_document(session, firm, twin, read_front(twin), by=controller(), at=clock.now())
        set_value(session, firm, "targets.repair_days", None, **how | {"at": clock.now() + timedelta(seconds=1)})


def numbers(page: Any) -> list[str]:
    return [row[0] for row in rows(page, "rows")]


# The list


def test_list_shows_every_document_with_what_matters_of_it(client: TestClient) -> None:
    page = tree(client.get(DOCUMENTS))
    [line] = [row for row in rows(page, "rows") if row[0] == REPAIR]
    assert line[1].startswith("维修服务程序")
    assert line[2:7] == ["A/0", "现行有效", "服务部", "2026年2月1日", line[6]]
    assert line[6].startswith("2027年2月1日")  # the next review
    assert len(numbers(page)) == 14


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=procedure", [REPAIR, COMPLAINT]),
        ("q=投诉处理程", [COMPLAINT]),
        ("q=sh-cx-0", [REPAIR, COMPLAINT]),
        ("indicator=5.2.4.1", [REPAIR]),
        ("indicator=5.3.2", [COMPLAINT]),
        ("indicator=5.2", [REPAIR]),
        ("kind=procedure&q=维修", [REPAIR]),
        ("status=draft", []),
        ("status=obsolete", []),
        ("kind=procedure&department=management", []),
        ("as_of=2026-01-31", []),
        ("kind=procedure&as_of=2026-02-01", [REPAIR, COMPLAINT]),
    ],
)
def test_list_is_narrowed_by_each_filter_and_by_all_together(client: TestClient, query: str, found: list[str]) -> None:
    answer = client.get(f"{DOCUMENTS}?{query}")
    assert answer.status_code == 200
    assert numbers(tree(answer)) == found


def test_filters_keep_what_was_chosen(client: TestClient) -> None:
    page = tree(client.get(f"{DOCUMENTS}?kind=procedure&q=维修&indicator=5.2.4.1&department=service"))
    form = one(page, "//form[@id='filter']")
    chosen = {name: form.fields[name] for name in ("kind", "q", "indicator", "department", "status")}
    assert chosen == {"kind": "procedure", "q": "维修", "indicator": "5.2.4.1", "department": "service", "status": ""}


def test_draft_is_found_by_its_state_beside_the_revision_in_force(client: TestClient) -> None:
    revised(client)
    page = tree(client.get(f"{DOCUMENTS}?status=draft"))
    assert numbers(page) == [REPAIR]
    assert "A/1 编制中" in rows(page, "rows")[0][3]
    assert one(page, "//table[@id='rows']//a[contains(@href, '/edit')]").get("href") == f"{DOCUMENTS}/{REPAIR}/edit"


def test_revision_that_waits_for_its_day_is_found_though_the_next_one_is_drafted(client: TestClient) -> None:
    revised(client)
    waits(client)
    assert numbers(tree(client.get(f"{DOCUMENTS}?status=awaited"))) == [REPAIR]
    revised(client, summary="再改")
    for state in ("in_force", "awaited", "draft"):
        assert REPAIR in numbers(tree(client.get(f"{DOCUMENTS}?status={state}"))), state
    assert numbers(tree(client.get(f"{DOCUMENTS}?status=awaited"))) == [REPAIR]


def test_obsolete_document_leaves_the_list_and_is_found_by_its_state(client: TestClient) -> None:
    with writing(engine(client)) as session:
        document = find_document(session, find_organisation(session, "JC").id, COMPLAINT)
        [revision] = revisions(session, document)
        on = clock.today("Asia/Shanghai")
        make_obsolete(session, document, revision, on=on, by=controller(), at=clock.now(), reason="并入维修服务程序")
    assert COMPLAINT not in numbers(tree(client.get(DOCUMENTS)))
    page = tree(client.get(f"{DOCUMENTS}?status=obsolete"))
    assert numbers(page) == [COMPLAINT]
    assert not page.xpath("//table[@id='rows']//a[contains(@href, '/revise')]")


def test_nonsense_in_a_filter_is_refused_in_words(client: TestClient) -> None:
    for query in ("kind=novel", "status=burnt", "page=0", "as_of=tomorrow", f"q={'x' * 201}"):
        assert client.get(f"{DOCUMENTS}?{query}").status_code == 422, query
    assert client.get(f"{DOCUMENTS}?page=99").status_code == 200
    assert numbers(tree(client.get(f"{DOCUMENTS}?q=%25"))) == []  # % is a character, not any


def test_reader_sees_what_is_addressed_to_him_and_no_draft(client: TestClient) -> None:
    revised(client)
    with writing(engine(client)) as session:
        owner = find_organisation(session, "JC")
        document = find_document(session, owner.id, REPAIR)
        set_recipients(session, owner, document, Addressees(everybody=True), by=controller(), at=clock.now())
    page = tree(reader(client).get(DOCUMENTS))
    found = numbers(page)
    assert REPAIR in found
    assert COMPLAINT not in found
    assert "A/1" not in words(page)
    assert not page.xpath("//a[contains(@href, '/edit') or contains(@href, '/revise')]")


@pytest.mark.parametrize(("login", "leads"), [("bing", True), ("ding", False)])
def test_empty_list_leads_to_the_first_steps_whoever_may_take_them(client: TestClient, login: str, leads: bool) -> None:
    with writing(engine(client)) as session:
        profile = read_profile(
            "code: KK\nvalid_from: 2026-01-01\ncompany: {legal_name: 空空公司}\ndepartments: [{key: office, name: 办公室}]\n",
            file="kk.yml",
            catalogue=catalogue(),
        )
        owner = create_organisation(session, profile, at=moment(1, 1))
        for each, role in (("bing", Role.DOCUMENT_CONTROLLER), ("ding", Role.AUTHOR)):
            user = user_by_login(session, each)
            assert user is not None
            add_member(session, owner, user, role, by=SYSTEM, at=moment(1, 1), on=moment(1, 1).date())
    page = tree(log_in_as(client, login).get("/organisations/KK/documents"))
    body = one(page, "//main")
    assert "还没有文件" in words(body)
    assert "service-manual" not in words(body)
    assert bool(body.xpath(".//a[@href='/organisations/KK/first-steps']")) is leads


# The document


def test_page_shows_facts_contents_and_claims_beside_their_sections(client: TestClient) -> None:
    page = tree(client.get(f"{DOCUMENTS}/{REPAIR}"))
    assert words(one(page, "//h1")) == "维修服务程序"
    for fact in (REPAIR, "A/0", "现行有效", "服务部", "2026年2月1日", "首次发布", "贾一"):
        assert fact in words(one(page, "//*[@id='facts']"))
    assert "4.1受理" in [each.replace(" ", "") for each in texts(page, "//nav[@aria-label='目录']//a")]
    passage = one(page, "//div[@class='passage'][.//*[@id='doc-repair.accept']]")
    assert "5.2.4.1" in words(one(passage, "./aside"))
    assert "5.2.4.4" not in words(passage)
    assert [each for each in page.xpath("//nav[@aria-label='目录']//a/@href") if not page.xpath(f"//*[@id='{each[1:]}']")] == []


def test_titles_in_the_text_lead_to_their_documents_on_the_same_day(client: TestClient) -> None:
    page = tree(client.get(f"{DOCUMENTS}/{REPAIR}?as_of=2026-02-01"))
    links = set(page.xpath("//article//a[@class='reference']/@href"))
    assert f"{DOCUMENTS}/{COMPLAINT}?as_of=2026-02-01" in links
    assert all(client.get(link).status_code == 200 for link in links)
    assert not page.xpath("//article//a[contains(., '产品质量法')]")  # an outside document has no page of ours


def test_references_are_told_in_both_directions(client: TestClient) -> None:
    page = tree(client.get(f"{DOCUMENTS}/{COMPLAINT}?view=references"))
    assert any(each.startswith("《维修服务程序》") and REPAIR in each for each in texts(page, "//*[@id='named']/li"))
    assert any("《维修服务程序》" in each and "4.2" in each for each in texts(page, "//*[@id='naming']/li"))
    form = tree(client.get(f"{DOCUMENTS}/JC/SH-JL-01?view=references"))
    assert any("《维修服务程序》" in each for each in texts(form, "//*[@id='naming']/li"))


def test_history_leads_to_each_revision_and_to_the_comparison(client: TestClient) -> None:
    revised(client)
    page = tree(client.get(f"{DOCUMENTS}/{REPAIR}?view=history"))
    assert [row[:2] for row in rows(page, "revisions")] == [["A/1", "编制中"], ["A/0", "现行有效"]]
    assert f"{DOCUMENTS}/{REPAIR}/compare?from=A/0&to=A/1" in page.xpath("//table[@id='revisions']//a/@href")
    draft = tree(client.get(f"{DOCUMENTS}/{REPAIR}?revision=A/1"))
    assert "您正在查看编制中的修订 A/1" in words(one(draft, "//main"))
    assert words(one(draft, "//main")).count("5.2.4.1") == 1  # what it will claim stands beside the section already


def test_signoffs_say_whether_their_seal_holds(client: TestClient) -> None:
    signed = rows(tree(client.get(f"{DOCUMENTS}/{REPAIR}?view=history")), "signed")
    assert [(row[1], row[4].startswith("完好")) for row in signed] == [("批准", True), ("审核", True), ("编制", True)]
    with engine(client).begin() as connection:
        connection.execute(sql("UPDATE signoff SET name = '冒名' WHERE meaning = 'approve'"))
    signed = rows(tree(client.get(f"{DOCUMENTS}/{REPAIR}?view=history")), "signed")
    assert [(row[1], "被改动" in row[4]) for row in signed] == [("批准", True), ("审核", False), ("编制", False)]


def test_copies_and_reading_are_summed_up_and_a_reader_sees_his_own(client: TestClient) -> None:
    with writing(engine(client)) as session:
        owner, by, at = find_organisation(session, "JC"), controller(), clock.now()
        document = find_document(session, owner.id, REPAIR)
        [revision] = revisions(session, document)
        on = clock.today("Asia/Shanghai")
        issue(
            session, owner, document, revision, [CopyHolder("ding"), CopyHolder("jia")], medium=Medium.PAPER, by=by, at=at, on=on, remark=""
        )
        ask(session, owner, document, revision, Asked(logins=frozenset({"ding"})), due_on=on + timedelta(days=7), by=by, at=at)
    page = tree(client.get(f"{DOCUMENTS}/{REPAIR}?view=distribution"))
    assert sorted(row[2] for row in rows(page, "held")) == ["丁四 服务部", "贾一 公司管理层"]
    assert "已确认 0 人，未确认 1 人" in words(one(page, "//*[@id='readers']"))
    mine = log_in_as(client, "ding").get(f"{DOCUMENTS}/{REPAIR}")
    assert "请阅读本文件（A/0）" in words(one(tree(mine), "//main"))


def test_change_requests_about_the_document_are_listed_once_they_are_sent(client: TestClient) -> None:
    with writing(engine(client)) as session:
        owner, by, at = find_organisation(session, "JC"), controller(), clock.now()
        items = [Wanted(ChangeKind.REVISE, REPAIR, proposed="受理时限改为 20 分钟")]
        made = open_request(session, owner, title="缩短受理时限", reason="顾客等得太久", items=items, by=by, at=at)
        number = made.number
    assert rows(tree(client.get(f"{DOCUMENTS}/{REPAIR}?view=changes")), "requests-rows")[0][0] == number
    assert "没有更改申请" in words(one(tree(client.get(f"{DOCUMENTS}/{COMPLAINT}?view=changes")), "//main"))
    other = log_in_as(client, "ding")
    assert "没有更改申请" in words(one(tree(other.get(f"{DOCUMENTS}/{REPAIR}?view=changes")), "//main"))  # still being written
    with writing(engine(client)) as session:
        owner, by = find_organisation(session, "JC"), controller()
        submit(session, owner, find_request(session, owner.id, number), standard=standard(), catalogue=catalogue(), by=by, at=clock.now())
    assert rows(tree(other.get(f"{DOCUMENTS}/{REPAIR}?view=changes")), "requests-rows")[0][2] == "待批准"


def test_trail_of_the_document_is_for_who_may_read_it_and_that_is_recorded(client: TestClient) -> None:
    page = tree(client.get(f"{DOCUMENTS}/{REPAIR}?view=trail"))
    told = [row[3] for row in rows(page, "entries")]
    assert told[0].startswith("发布 A/0")
    assert told[-1].startswith("建立文件")
    with reading(engine(client)) as session:
        owner = find_organisation(session, "JC")
        assert [(row.action, row.by) for row in entries(session, owner.id)][-1] == ("trail:read", "bing")
    other = tree(log_in_as(client, "ding").get(f"{DOCUMENTS}/{REPAIR}?view=trail"))
    assert not other.xpath("//table[@id='entries']")
    assert not other.xpath("//a[contains(@href, 'view=trail')]")


def test_second_clock_shows_what_was_known_then(client: TestClient) -> None:
    early, late = "2026-01-19T00:00:00%2B00:00", "2026-02-02T00:00:00%2B00:00"
    assert client.get(f"{DOCUMENTS}/{REPAIR}?as_of=2026-02-01&recorded_on={early}").status_code == 404
    page = tree(client.get(f"{DOCUMENTS}/{REPAIR}?as_of=2026-02-01&recorded_on={late}"))
    assert "的记录显示" in words(one(page, "//main"))
    assert all("recorded_on=2026-02-02" in link for link in page.xpath("//nav[@aria-label='文件的各部分']//a/@href"))


def test_reader_gets_no_page_of_what_is_not_for_him(client: TestClient) -> None:
    revised(client)
    with writing(engine(client)) as session:
        owner = find_organisation(session, "JC")
        document = find_document(session, owner.id, REPAIR)
        set_recipients(session, owner, document, Addressees(everybody=True), by=controller(), at=clock.now())
    own = reader(client)
    page = tree(own.get(f"{DOCUMENTS}/{REPAIR}"))
    assert "A/1" not in words(page)
    assert not page.xpath(f"//a[contains(@href, '{COMPLAINT}')]")  # its title is plain words in his text
    for hidden in (f"{REPAIR}?revision=A/1", COMPLAINT, f"{COMPLAINT}?view=history", f"{REPAIR}/revise", f"{REPAIR}/compare"):
        assert own.get(f"{DOCUMENTS}/{hidden}").status_code in (403, 404), hidden
    for view in ("history", "references", "distribution"):
        shown = tree(own.get(f"{DOCUMENTS}/{REPAIR}?view={view}"))
        assert "A/1" not in words(shown)
        assert COMPLAINT not in words(shown)


def test_download_is_a_stamped_copy(client: TestClient) -> None:
    page = tree(client.get(f"{DOCUMENTS}/{REPAIR}"))
    form = one(page, f"//form[@action='{DOCUMENTS}/{REPAIR}/export']")
    assert form.xpath(".//button[@name='format']/@value") == ["pdf", "docx", "html"]
    answer = client.get(f"{DOCUMENTS}/{REPAIR}/export?format=html")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["content-disposition"]
    assert "非受控" in answer.text
    assert "邴三" in answer.text


def test_draft_that_cannot_be_read_says_why_on_its_page(client: TestClient) -> None:
    unreadable(client)
    for view in ("text", "references"):
        answer = client.get(f"{DOCUMENTS}/{REPAIR}?revision=A/1&view={view}")
        assert answer.status_code == 200
        [said] = tree(answer).xpath("//main//*[@role='alert']")
        assert "条件或循环无法计算" in words(said)
    assert "使每一件报修都有人管" in words(tree(client.get(f"{DOCUMENTS}/{REPAIR}")))  # what is in force is read as before


@pytest.mark.parametrize("path", ["checks", "standing/problems", "first-steps/missing"])
def test_draft_that_cannot_be_read_keeps_nobody_from_the_problems_of_the_others(client: TestClient, path: str) -> None:
    unreadable(client)
    answer = client.get(f"{AT}/{path}")
    assert answer.status_code == 200
    if path == "checks":
        assert "草稿现在不能读取" in words(one(tree(answer), "//main"))


# A new revision


def test_new_revision_is_drafted_with_its_reason_and_leads_to_the_editor(client: TestClient) -> None:
    page = tree(client.get(f"{DOCUMENTS}/{REPAIR}/revise"))
    assert "修订为 A/1" in words(page)
    assert "换版为 B/0" in words(page)
    answer = send(client, page, "revise", change_summary="受理时限改为 20 分钟")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{DOCUMENTS}/{REPAIR}/edit")
    again = send(client, page, "revise", change_summary="受理时限改为 20 分钟")  # a double click
    assert (again.status_code, again.headers["location"]) == (303, f"{DOCUMENTS}/{REPAIR}/edit")
    with reading(engine(client)) as session:
        owner = find_organisation(session, "JC")
        assert [row.label for row in revisions(session, find_document(session, owner.id, REPAIR))] == ["A/0", "A/1"]
        drafted = [row for row in entries(session, owner.id, REPAIR) if row.action == "revision:draft"]
        assert [(row.by, row.details["change_summary"]) for row in drafted] == [("bing", "受理时限改为 20 分钟")]


def test_new_edition_is_drafted_when_it_is_asked_for(client: TestClient) -> None:
    page = tree(client.get(f"{DOCUMENTS}/{REPAIR}/revise"))
    assert send(client, page, "revise", change_summary="整体改写", reissue="yes").status_code == 303
    with reading(engine(client)) as session:
        document = find_document(session, find_organisation(session, "JC").id, REPAIR)
        assert revisions(session, document)[-1].label == "B/0"


def test_refused_revision_keeps_what_was_typed_and_says_what_is_missing(client: TestClient) -> None:
    page = tree(client.get(f"{DOCUMENTS}/{REPAIR}/revise"))
    answer = send(client, page, "revise", change_summary="  ", reissue="yes")
    assert answer.status_code == 422
    refused = tree(answer)
    assert words(one(refused, "//*[@id='change_summary-said']")) == "请写明修改内容"
    assert refused.xpath("//input[@name='reissue'][@checked]/@value") == ["yes"]
    long = "字" * 2001
    answer = send(client, page, "revise", change_summary=long)
    assert answer.status_code == 422
    assert one(tree(answer), "//textarea").text.strip() == long


def test_revision_under_way_hinders_another_one(client: TestClient) -> None:
    page = tree(client.get(f"{DOCUMENTS}/{REPAIR}/revise"))
    revised(client)
    assert f"文件 {REPAIR} 已有修订 A/1 在途，请先完成或撤回。" in words(tree(client.get(f"{DOCUMENTS}/{REPAIR}/revise")))
    answer = send(client, page, "revise", change_summary="再改一次")
    assert answer.status_code == 422
    assert "已有修订 A/1 在途" in words(one(tree(answer), "//*[@id='fault']"))
    shown = tree(client.get(f"{DOCUMENTS}/{REPAIR}"))
    assert shown.xpath(f"//a[@href='{DOCUMENTS}/{REPAIR}/edit']")
    assert not shown.xpath(f"//a[@href='{DOCUMENTS}/{REPAIR}/revise']")


# Master lists


@pytest.mark.parametrize(
    ("name", "title", "first", "count"),
    [
        ("documents", "受控文件清单", "JC/SH-SC-01", 0),
        ("records", "记录清单", "JC/SH-JL-01", 2),
        ("external", "外来文件清单", "", 0),
        ("obsolete", "作废文件清单", "", 0),
    ],
)
def test_each_master_list_is_on_screen_and_as_files(client: TestClient, name: str, title: str, first: str, count: int) -> None:
    page = tree(client.get(f"{LISTS}/{name}"))
    assert words(one(page, "//h1")) == title
    shown = rows(page, "rows")
    assert not first or shown[0][1] == first
    assert not count or len(shown) == count
    for file_format in page.xpath("//form//button/@formaction"):
        answer = client.get(file_format)
        assert answer.status_code == 200, file_format
        assert "attachment" in answer.headers["content-disposition"]


def test_spreadsheet_holds_what_the_screen_shows(client: TestClient) -> None:
    shown = rows(tree(client.get(f"{LISTS}/records")), "rows")
    answer = client.get(f"{LISTS}/records.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}
    assert {row[1] for row in shown} <= cells


def test_master_list_of_a_past_day_is_that_day_s(client: TestClient) -> None:
    page = tree(client.get(f"{LISTS}?as_of=2026-01-31"))
    assert "您正在查看 2026年1月31日 的状况" in words(page)
    assert "这一天没有现行有效的文件" in words(page)
    assert one(page, "//form[@aria-label='下载受控文件清单']/input[@name='as_of']").get("value") == "2026-01-31"


def test_unknown_list_or_format_has_no_page(client: TestClient) -> None:
    assert client.get(f"{LISTS}/gossip").status_code == 422
    assert client.get(f"{LISTS}/documents.exe").status_code == 422


# Hostile words


def test_hostile_titles_and_reasons_are_words_everywhere(client: TestClient) -> None:
    at = "/organisations/HX/documents"
    for path in (at, f"{at}?q=%3Cscript%3E", f"{at}/HX/SH-CX-01", f"{at}/HX/SH-CX-01?view=history", f"{at}/HX/SH-CX-01?view=references"):
        page = tree(client.get(path))
        assert page.xpath("//main//script") == [], path
        assert page.xpath("//main//img[@onerror]") == [], path
    assert TITLE in words(tree(client.get(at)))
    assert SCRIPT in words(tree(client.get(f"{at}/HX/SH-CX-01?view=history")))
