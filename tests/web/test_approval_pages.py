"""The approval page, comments, comparison and signing in batches: what they show, what a form does, what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from house import database_of
from httpx import Response
from lxml import html
from small_firm import PASSWORD, moment
from sqlmodel import Session, select

from service import clock
from service.accounts.actions import create_user
from service.approvals.models import Comment
from service.approvals.permission import allowed_steps
from service.approvals.waiting import waiting
from service.db import open_database, reading, reading_session, writing
from service.documents.actions import draft_next, edit
from service.documents.queries import find_document, revisions
from service.organisations.members import add_member
from service.organisations.queries import find_organisation, find_person, member_actor
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from service.trail.models import TrailEntry
from web.conftest import log_in_as
from web.test_cost import counted

REPAIR, COMPLAINT = "JC/SH-CX-01", "JC/SH-CX-02"
AT = "/organisations/JC"


def page_of(number: str) -> str:
    return f"{AT}/documents/{number}/approval"


def with_session(home: Path, act: Callable[[Session], Any]) -> Any:
    engine = open_database(database_of(home))
    try:
        with writing(engine) as session:
            return act(session)
    finally:
        engine.dispose()


def drafted(home: Path, *numbers: str) -> None:
    """丁四 has drafted the next revision: a time limit is shorter."""

    def draft(session: Session) -> None:
        firm = find_organisation(session, "JC")
        by = member_actor(session, firm, find_person(session, firm.id, "ding"), clock.today())
        for number in numbers:
            document = find_document(session, firm.id, number)
            draft_next(session, document, by=by, at=clock.now(), change_summary="缩短时限")
            row = revisions(session, document)[-1]
            edit(session, document, row, row.source.replace("30 分钟", "20 分钟").replace("5 个", "3 个"), by=by, at=clock.now())

    with_session(home, draft)


def tree(answer: Response) -> Any:
    assert answer.headers["content-type"].startswith("text/html")
    return html.fromstring(answer.text)


def words(node: Any) -> str:
    return " ".join(node.text_content().split())


def hidden(page: Any, form: str) -> dict[str, str]:
    return {each.get("name"): each.get("value") for each in page.get_element_by_id(form).xpath(".//input[@type='hidden']")}


def take(client: TestClient, login: str, number: str, form: str, **fields: Any) -> Response:
    """Open the page as this person, fill in a form and send it."""
    log_in_as(client, login)
    path = page_of(number)
    sent: dict[str, Any] = hidden(tree(client.get(path)), form) | fields
    answer: Response = client.post(path, data=sent)
    return answer


def submitted(client: TestClient, home: Path, *numbers: str) -> None:
    drafted(home, *numbers)
    for number in numbers:
        assert take(client, "ding", number, "form-sign", password=PASSWORD).status_code == 303


def trail(home: Path) -> list[TrailEntry]:
    def read(session: Session) -> list[TrailEntry]:
        owner = find_organisation(session, "JC").id
        rows = list(session.exec(select(TrailEntry).where(TrailEntry.organisation_id == owner)))
        session.expunge_all()
        return sorted(rows, key=lambda row: row.position)

    return list(with_session(home, read))


def status(home: Path, number: str) -> str:
    def read(session: Session) -> str:
        return revisions(session, find_document(session, find_organisation(session, "JC").id, number))[-1].status.value

    return str(with_session(home, read))


def test_a_revision_goes_by_its_pages_from_draft_to_force(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR)
    assert take(client, "yi", REPAIR, "form-sign", password=PASSWORD, comment="同意").status_code == 303
    assert take(client, "jia", REPAIR, "form-sign", password=PASSWORD).status_code == 303
    answer = take(client, "bing", REPAIR, "form-release", effective_on=clock.today().isoformat())
    assert (answer.status_code, answer.headers["location"]) == (303, page_of(REPAIR))
    steps = [row.action for row in trail(home) if row.subject_id == REPAIR and row.action.startswith("revision:")]
    assert steps[-6:] == ["revision:draft", "revision:edit", "revision:submit", "revision:review", "revision:approve", "revision:release"]
    shown = tree(client.get(page_of(REPAIR)))
    assert [words(each) for each in shown.xpath("//ol[@class='course']/li/div[@class='course-name']")] == ["编制", "审核", "批准", "发布"]
    assert {each.get("class") for each in shown.xpath("//ol[@class='course']/li")} == {"done"}


@pytest.mark.parametrize(
    ("login", "offered"),
    [
        ("ding", {"form-withdraw", "form-comment"}),
        ("yi", {"form-sign", "form-return", "form-comment"}),
        ("jia", {"form-comment"}),
        ("bing", {"form-comment"}),
    ],
)
def test_page_offers_exactly_the_steps_that_the_rules_allow(client: TestClient, home: Path, login: str, offered: set[str]) -> None:
    submitted(client, home, REPAIR)
    log_in_as(client, login)
    shown = tree(client.get(page_of(REPAIR)))
    assert {each.get("id") for each in shown.xpath("//main//form[@id]")} == offered
    assert "轮到 易二" in words(shown)


def test_a_reviewer_leaves_out_a_claim(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR)
    log_in_as(client, "yi")
    shown = tree(client.get(page_of(REPAIR)))
    boxes = shown.xpath("//input[@name='confirmed']")
    codes = [each.get("value") for each in boxes]
    assert len(codes) > 1
    assert all(each.get("form") == "form-sign" and each.get("checked") is not None for each in boxes)
    assert take(client, "yi", REPAIR, "form-sign", password=PASSWORD, confirmed=codes[1:]).status_code == 303
    confirmed = {
        line.split("[")[0] for line in next(row for row in reversed(trail(home)) if row.action == "claim:confirm").details["claims"]
    }
    assert confirmed == set(codes[1:])


def test_a_reviewer_who_unticks_everything_confirms_nothing(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR)
    before = sum(row.action == "claim:confirm" for row in trail(home))
    assert take(client, "yi", REPAIR, "form-sign", password=PASSWORD).status_code == 303
    assert sum(row.action == "claim:confirm" for row in trail(home)) == before
    assert status(home, REPAIR) == "in_approval"


def test_a_wrong_password_keeps_what_was_typed_and_counts(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR)
    answer = take(client, "yi", REPAIR, "form-sign", password="falsch", comment="<b>同意</b>")
    shown = tree(answer)
    assert answer.status_code == 422
    assert words(shown.get_element_by_id("password-said")) == "密码不正确"
    assert shown.get_element_by_id("comment").text.strip() == "<b>同意</b>"
    assert "falsch" not in answer.text
    assert status(home, REPAIR) == "in_review"
    for _ in range(8):
        sent = hidden(shown, "form-sign")
        answer = client.post(page_of(REPAIR), data=sent | {"password": "falsch"})
        shown = tree(answer)
    assert answer.status_code == 429
    assert "失败次数过多" in words(shown.get_element_by_id("password-said"))


def test_a_text_that_changed_meanwhile_is_not_signed(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR)
    log_in_as(client, "yi")
    sent = hidden(tree(client.get(page_of(REPAIR))), "form-sign")
    assert take(client, "ding", REPAIR, "form-withdraw").status_code == 303
    assert take(client, "ding", REPAIR, "form-sign", password=PASSWORD, comment="again").status_code == 303
    log_in_as(client, "yi")
    answer = client.post(page_of(REPAIR), data=sent | {"password": PASSWORD, "seen": "0" * 64})
    assert answer.status_code == 422
    assert "不是您看到的" in words(tree(answer).get_element_by_id("fault"))
    assert status(home, REPAIR) == "in_review"


def test_returning_wants_a_reason_and_the_author_reads_it_with_the_open_comments(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR)
    log_in_as(client, "yi")
    sent = hidden(tree(client.get(page_of(REPAIR))), "form-comment")
    made = client.post(f"{page_of(REPAIR)}/comments", data=sent | {"section": "accept", "text": "<script>20 分钟太短</script>"})
    assert made.status_code == 303
    assert take(client, "yi", REPAIR, "form-return", reason=" ").status_code == 422
    assert take(client, "yi", REPAIR, "form-return", reason="时限做不到").status_code == 303
    log_in_as(client, "ding")
    shown = tree(client.get(page_of(REPAIR)))
    assert "时限做不到" in words(shown)
    (note,) = shown.xpath("//*[@id='comments']//p[contains(@class,'comment-text')]")
    assert words(note) == "<script>20 分钟太短</script>"
    assert shown.xpath("//*[@id='comments']//a/@href") == ["#doc-repair.accept"]
    form = shown.xpath("//form[contains(@action,'/resolve')]")[0]
    done = client.post(form.get("action"), data={each.get("name"): each.get("value") for each in form.xpath(".//input")})
    assert done.status_code == 303
    entries = [(row.action, row.by) for row in trail(home)][-3:]
    assert entries == [("comment:add", "yi"), ("revision:return", "yi"), ("comment:resolve", "ding")]
    row = with_session(home, lambda session: session.exec(select(Comment)).one().resolved_by)
    assert row == "ding"
    again = client.post(form.get("action"), data={"csrf": sent["csrf"]})
    assert again.status_code == 422
    assert "已经处理" in words(tree(again).get_element_by_id("fault"))


def test_comments_that_say_nothing_or_too_much_are_refused_and_kept(client: TestClient, home: Path) -> None:
    drafted(home, REPAIR)
    log_in_as(client, "yi")
    sent = hidden(tree(client.get(page_of(REPAIR))), "form-comment")
    for text, said in (("", "请写明意见"), ("长" * 1001, "最多 1000 个字，现在是 1001 个")):
        answer = client.post(f"{page_of(REPAIR)}/comments", data=sent | {"text": text, "section": "accept"})
        shown = tree(answer)
        assert answer.status_code == 422
        assert words(shown.get_element_by_id("text-said")) == said
        assert shown.xpath("//select[@id='section']/option[@selected]/@value") == ["accept"]
    answer = client.post(f"{page_of(REPAIR)}/comments", data=sent | {"text": "x", "section": "nowhere"})
    assert "正文中已没有这一条款" in words(tree(answer).get_element_by_id("fault"))
    assert with_session(home, lambda session: list(session.exec(select(Comment)))) == []


def test_a_released_text_takes_no_comments(client: TestClient) -> None:
    shown = tree(client.get(page_of(REPAIR)))
    assert shown.xpath("//form[@id='form-comment']") == []
    answer = client.post(f"{page_of(REPAIR)}/comments", data={"text": "太晚", "csrf": client.headers["x-csrf-token"]})
    assert answer.status_code == 422
    assert "已经发布" in words(tree(answer).get_element_by_id("fault"))


def test_comments_are_printed_nowhere(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR)
    log_in_as(client, "yi")
    sent = hidden(tree(client.get(page_of(REPAIR))), "form-comment")
    client.post(f"{page_of(REPAIR)}/comments", data=sent | {"section": "", "text": "只给编制人看"})
    assert "只给编制人看" in client.get(page_of(REPAIR)).text
    assert "只给编制人看" not in client.get(f"{AT}/documents/{REPAIR}").text


def test_changes_against_the_revision_in_force_are_told_word_by_word(client: TestClient, home: Path) -> None:
    drafted(home, REPAIR)
    shown = tree(client.get(f"{page_of(REPAIR)}?view=changes"))
    assert [words(each) for each in shown.xpath("//article//ins[not(@class)]")] == ["（新增：20 分钟）"]
    assert [words(each) for each in shown.xpath("//article//del[not(@class)]")] == ["（删除：30 分钟）"]
    bar = shown.xpath("//*[@data-change-steps]")[0]
    ids = {f"{bar.get('data-change-steps')}-{number}" for number in range(1, int(bar.get("data-total")) + 1)}
    assert ids <= set(shown.xpath("//@id"))
    compared = tree(client.get(f"{AT}/documents/{REPAIR}/compare?from=A/1&to=A/0"))
    assert [words(each) for each in compared.xpath("//article//ins[not(@class)]")] == ["（新增：30 分钟）"]


def test_comparison_of_unknown_revisions_is_not_found_and_of_one_says_so(client: TestClient) -> None:
    assert client.get(f"{AT}/documents/{REPAIR}/compare?from=B/7&to=A/0").status_code == 404
    assert "本文件只有一个修订" in words(tree(client.get(f"{AT}/documents/{REPAIR}/compare")))


def test_what_waits_for_me_stands_before_what_waits_for_others(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR, COMPLAINT)
    take(client, "yi", COMPLAINT, "form-sign", password=PASSWORD)
    log_in_as(client, "yi")
    shown = tree(client.get(f"{AT}/signing"))
    assert shown.xpath("//form[@id='mine']//tbody//a/@href") == [page_of(REPAIR)]
    assert shown.xpath("//*[@id='others']//tbody//a/@href") == [page_of(COMPLAINT)]
    assert "贾一" in words(shown.get_element_by_id("others"))


def test_who_waits_agrees_with_the_rules_for_every_member_and_state(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR, COMPLAINT)
    take(client, "yi", COMPLAINT, "form-sign", password=PASSWORD)
    engine = open_database(database_of(home))
    session = reading_session(engine)
    firm, at = find_organisation(session, "JC"), clock.now()
    rows = waiting(session, firm, at=at)
    assert {row.document.number for row in rows} == {REPAIR, COMPLAINT}
    for row in rows:
        for login in ("jia", "yi", "bing", "ding"):
            by = member_actor(session, firm, find_person(session, firm.id, login), clock.today())
            assert (login in row.who) == (row.step in allowed_steps(session, row.revision, by, at=at)), (row.document.number, login)
    session.close()
    engine.dispose()


def test_what_was_made_obsolete_meanwhile_waits_for_nobody(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR)
    take(client, "yi", REPAIR, "form-sign", password=PASSWORD)
    take(client, "jia", REPAIR, "form-sign", password=PASSWORD)

    def who(session: Session) -> list[str]:
        firm = find_organisation(session, "JC")
        [row] = waiting(session, firm, at=clock.now())
        return list(row.who)

    def end(session: Session) -> None:
        revisions(session, find_document(session, find_organisation(session, "JC").id, REPAIR))[0].obsolete_on = clock.today()

    assert with_session(home, who) == ["bing"]
    with_session(home, end)
    assert with_session(home, who) == []


def test_what_waits_costs_the_same_however_much_it_is(client: TestClient, home: Path) -> None:
    def cost() -> int:
        engine = open_database(database_of(home))
        with reading(engine) as session, counted(engine) as sent:
            assert waiting(session, find_organisation(session, "JC"), at=clock.now())
        engine.dispose()
        return len(sent)

    submitted(client, home, REPAIR)
    assert cost() == 9  # the organisation, revisions, approvals, sign-offs, members, three of the chart, exceptions
    submitted(client, home, COMPLAINT)
    assert cost() == 9
    for login in ("yi", "jia"):
        take(client, login, REPAIR, "form-sign", password=PASSWORD)
        assert cost() == 9


def batch_form(client: TestClient, *numbers: str) -> tuple[Any, dict[str, Any]]:
    shown = tree(client.get(f"{AT}/signing/batch", params={"number": list(numbers)}))
    form = shown.get_element_by_id("form-batch")
    sent: dict[str, Any] = {}
    for each in form.xpath(".//input[@type='hidden' or (@type='checkbox' and @checked)]"):
        sent.setdefault(each.get("name"), []).append(each.get("value"))
    return shown, sent


def test_a_batch_shows_each_document_and_signs_each_by_itself(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR, COMPLAINT)
    log_in_as(client, "yi")
    shown, sent = batch_form(client, REPAIR, COMPLAINT)
    assert len(shown.xpath("//*[contains(@class,'to-read')]//*[@class='redline']")) == 2
    before = len(trail(home))
    answer = client.post(f"{AT}/signing/batch", data=sent | {"read": [REPAIR, COMPLAINT], "password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{AT}/signing")
    assert [row.subject_id for row in trail(home)[before:] if row.action == "revision:review"] == [REPAIR, COMPLAINT]
    again = client.post(f"{AT}/signing/batch", data=sent | {"read": [REPAIR, COMPLAINT], "password": PASSWORD})
    assert again.headers["idempotent-replayed"] == "true"
    assert sum(row.action == "revision:review" for row in trail(home)[before:]) == 2


def test_what_fails_in_a_batch_is_told_and_the_rest_stands(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR, COMPLAINT)
    log_in_as(client, "yi")
    _, sent = batch_form(client, REPAIR, COMPLAINT)
    assert take(client, "ding", COMPLAINT, "form-withdraw").status_code == 303
    log_in_as(client, "yi")
    sent["csrf"] = [client.headers["x-csrf-token"]]
    answer = client.post(f"{AT}/signing/batch", data=sent | {"read": [REPAIR, COMPLAINT], "password": PASSWORD})
    shown = tree(answer)
    assert answer.status_code == 200
    assert shown.xpath("//*[@id='refused']//a/@href") == [page_of(COMPLAINT)]
    assert "不是您看到的" in words(shown.get_element_by_id("refused"))
    assert shown.xpath("//*[@id='done']//a/@href") == [page_of(REPAIR)]
    assert (status(home, REPAIR), status(home, COMPLAINT)) == ("in_approval", "draft")


def test_what_was_not_read_is_not_signed(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR, COMPLAINT)
    log_in_as(client, "yi")
    _, sent = batch_form(client, REPAIR, COMPLAINT)
    nothing = client.post(f"{AT}/signing/batch", data=sent | {"password": PASSWORD})
    assert nothing.status_code == 422
    assert "勾选“已阅”" in words(tree(nothing).get_element_by_id("fault"))
    one = client.post(f"{AT}/signing/batch", data=sent | {"read": REPAIR, "password": PASSWORD})
    assert "没有勾选“已阅”" in words(tree(one).get_element_by_id("refused"))
    assert (status(home, REPAIR), status(home, COMPLAINT)) == ("in_approval", "in_review")


def test_a_batch_without_the_right_password_signs_nothing_and_asks_again_without_setting_the_texts(
    client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted(client, home, REPAIR, COMPLAINT)
    log_in_as(client, "yi")
    _, sent = batch_form(client, REPAIR, COMPLAINT)
    confirmed = sent[f"confirmed.{REPAIR}"] = sent[f"confirmed.{REPAIR}"][1:]
    monkeypatch.setattr("service.approvals.signing_pages.set_text", None)  # others could not write meanwhile
    answer = client.post(f"{AT}/signing/batch", data=sent | {"read": REPAIR, "password": "falsch", "comment": "同意"})
    shown = tree(answer)
    assert answer.status_code == 422
    assert words(shown.get_element_by_id("password-said")) == "密码不正确"
    assert [words(each) for each in shown.xpath("//ul[@id='read']/li")] == [f"{REPAIR} 已阅", f"{COMPLAINT} 没有勾选“已阅”，不签署"]
    assert shown.get_element_by_id("comment").text.strip() == "同意"
    assert "falsch" not in answer.text
    assert status(home, REPAIR) == "in_review"
    fields = list(shown.get_element_by_id("form-batch").form_values())
    again = {name: [value for other, value in fields if other == name] for name, _ in fields}
    done = client.post(f"{AT}/signing/batch", data=again | {"password": PASSWORD})
    assert words(tree(done).get_element_by_id("done")).startswith(REPAIR)
    assert (status(home, REPAIR), status(home, COMPLAINT)) == ("in_approval", "in_review")
    claims = next(row for row in reversed(trail(home)) if row.action == "claim:confirm").details["claims"]
    assert {line.split("[")[0] for line in claims} == set(confirmed)


def test_batch_waits_for_its_turn(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.web.heavy.PATIENCE", 0.05)
    client.app.state.heavy._value = 0  # type: ignore[attr-defined]  # every turn is taken
    assert client.get(f"{AT}/signing/batch").status_code == 503
    assert client.post(f"{AT}/signing/batch", data={"csrf": client.headers["x-csrf-token"]}).status_code == 503


def test_each_list_of_what_waits_is_turned_by_itself(client: TestClient, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    submitted(client, home, REPAIR, COMPLAINT)
    monkeypatch.setattr("service.web.portions.AT_ONCE", 1)

    def turned(login: str, query: str) -> tuple[list[str], list[str]]:
        log_in_as(client, login)
        shown = tree(client.get(f"{AT}/signing{query}"))
        part = shown.get_element_by_id("mine" if login == "yi" else "others")
        return part.xpath(".//tbody//a/@href"), part.xpath(".//nav//a/@href")

    assert turned("yi", "?others_page=3") == ([page_of(REPAIR)], ["?others_page=3&page=2"])
    assert turned("yi", "?page=9") == ([page_of(COMPLAINT)], ["?others_page=1&page=1"])  # the last page, not an empty list
    assert turned("jia", "?page=2&others_page=2") == ([page_of(COMPLAINT)], ["?page=2&others_page=1"])


def test_documents_of_a_batch_are_chosen_in_the_list(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR, COMPLAINT)
    log_in_as(client, "yi")
    shown = tree(client.get(f"{AT}/signing"))
    assert shown.xpath("//form[@id='mine']//thead//@data-choose-all") == ["number"]
    assert shown.xpath("//form[@id='mine']//button/@data-needs-chosen") == ["number"]
    assert shown.xpath("//script/@src")[-1] == "/assets/choosing.js"


def test_a_form_sent_twice_signs_once(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR)
    log_in_as(client, "yi")
    sent = hidden(tree(client.get(page_of(REPAIR))), "form-sign") | {"password": PASSWORD}
    first, second = (client.post(page_of(REPAIR), data=sent) for _ in range(2))
    assert (first.status_code, second.status_code, second.headers["idempotent-replayed"]) == (303, 303, "true")
    assert sum(row.action == "revision:review" and row.at.date() == clock.now().date() for row in trail(home)) == 1


def test_making_obsolete_wants_a_reason_and_is_for_the_controller(client: TestClient, home: Path) -> None:
    today = clock.today().isoformat()
    answer = take(client, "bing", COMPLAINT, "form-obsolete", reason="", on=today)
    assert answer.status_code == 422
    assert words(tree(answer).get_element_by_id("reason-said")) == "请写明作废的原因"
    answer = take(client, "bing", COMPLAINT, "form-obsolete", reason="业务已停止", on="2026-13-01")
    assert tree(answer).get_element_by_id("reason").text.strip() == "业务已停止"
    assert "不是日期" in words(tree(answer).get_element_by_id("on-said"))
    assert take(client, "bing", COMPLAINT, "form-obsolete", reason="业务已停止", on=today).status_code == 303
    assert trail(home)[-1].action == "revision:obsolete"
    log_in_as(client, "yi")
    assert tree(client.get(page_of(REPAIR))).xpath("//form[@id='form-obsolete']") == []


def test_a_step_that_nobody_offered_is_refused(client: TestClient, home: Path) -> None:
    submitted(client, home, REPAIR)
    log_in_as(client, "jia")
    csrf = client.headers["x-csrf-token"]
    answer = client.post(page_of(REPAIR), data={"step": "review", "password": PASSWORD, "csrf": csrf, "seen": "x"})
    assert answer.status_code in (403, 422)
    assert client.post(page_of(REPAIR), data={"step": "fly", "csrf": csrf}).status_code == 422
    assert status(home, REPAIR) == "in_review"


def test_readers_strangers_and_members_of_others_get_in_nowhere(client: TestClient, home: Path) -> None:
    def hire(session: Session) -> None:
        at = moment(1, 1)
        for login, code in (("leser", "JC"), ("fremd", "YI")):
            user = create_user(session, login, login, password=PASSWORD, by="system", at=at)
            role = Role.READER if code == "JC" else Role.DOCUMENT_CONTROLLER
            add_member(session, find_organisation(session, code), user, role, by=SYSTEM, at=at, on=at.date())

    with_session(home, hire)
    paths = (page_of(REPAIR), f"{AT}/documents/{REPAIR}/compare", f"{AT}/signing", f"{AT}/signing/batch")
    for login, expected in (("leser", 403), ("fremd", 404)):
        log_in_as(client, login)
        assert [client.get(path).status_code for path in paths] == [expected] * 4
    client.cookies.clear()
    assert [client.get(path).status_code for path in paths] == [303] * 4


def test_hostile_titles_are_text_on_every_page(client: TestClient) -> None:
    path = "/organisations/HX/documents/HX/SH-CX-01"
    for page in (f"{path}/approval", f"{path}/approval?view=changes", f"{path}/compare", "/organisations/HX/signing"):
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert re.search(r"<script>alert|<img src=x|<i>服务</i>", answer.text) is None, page
