"""Writing a draft in a real browser: what is typed is saved by itself, and neither another writer nor a lost log-in costs a word."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from house import database_of, furnish_with_manual
from playwright.sync_api import Browser, BrowserContext, Page, expect
from small_firm import PASSWORD, moment
from sqlalchemy import Engine

from browser.conftest import AXE, FINDINGS
from service.app import create_app
from service.db import writing
from service.documents import queries
from service.documents.actions import draft_next, edit
from service.organisations.queries import find_organisation
from service.organisations.rules import SYSTEM
from service.settings import settings
from service.text.frontmatter import read_front

REPAIR, COMPLAINT, RULES = "JC/SH-CX-01", "JC/SH-CX-02", "JC/SH-ZD-01"


@dataclass(frozen=True, slots=True)
class Home:
    """A served home with drafts of three documents: its address, and a look into its database."""

    address: str
    engine: Engine

    def source(self, number: str) -> str:
        with writing(self.engine) as session:
            document = queries.find_document(session, find_organisation(session, "JC").id, number)
            return queries.running_revision(session, document).source

    def changed_by_another(self, number: str, old: str, new: str) -> None:
        with writing(self.engine) as session:
            document = queries.find_document(session, find_organisation(session, "JC").id, number)
            revision = queries.running_revision(session, document)
            edit(session, document, revision, revision.source.replace(old, new), by=SYSTEM, at=moment(3, 2))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = furnish_with_manual(tmp_path_factory.mktemp("editing"), "JC")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SERVICE_MANUAL_DATA", str(folder / "data"))
        patch.setenv("SERVICE_MANUAL_DATABASE", database_of(folder))
        settings.cache_clear()
        app = create_app()
        with writing(app.state.engine) as session:
            owner = find_organisation(session, "JC").id
            for number in (REPAIR, COMPLAINT, RULES):
                draft_next(session, queries.find_document(session, owner, number), by=SYSTEM, at=moment(3, 1), change_summary="缩短时限")
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        yield Home(f"http://127.0.0.1:{listening.getsockname()[1]}", app.state.engine)
        server.should_exit = True
        thread.join(10)
        app.state.engine.dispose()
    settings.cache_clear()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    found = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
    found.set_default_timeout(15_000)
    yield found
    found.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser said of errors."""
    return []


@pytest.fixture
def page(home: Home, context: BrowserContext, complaints: list[str]) -> Page:
    """丁四 has logged in."""
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{home.address}/login")
    log_in(page)
    return page


def log_in(page: Page) -> None:
    page.get_by_label("登录名").fill("ding")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda address: "/login" not in address)


def open_section(home: Home, page: Page, number: str, section: str) -> None:
    page.goto(f"{home.address}/organisations/JC/documents/{number}/edit?section={section}")
    page.wait_for_function("() => document.documentElement.dataset.editing === 'ready'")


def write(page: Page, words: str) -> None:
    """At the end of the section."""
    page.locator(".editor-text").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_text(re.compile(r"^已保存 \d\d:\d\d$"))


def test_what_is_typed_is_saved_and_there_again(home: Home, page: Page, complaints: list[str]) -> None:
    open_section(home, page, REPAIR, "visit")
    write(page, "进门先敲门。")
    expect(page.locator("#save-state")).to_have_text("未保存")
    saved(page)
    assert "2. 说明要做的工作。进门先敲门。\n" in home.source(REPAIR)
    page.reload()
    expect(page.locator(".editor-text")).to_contain_text("进门先敲门。")
    expect(page.locator("#asides section")).to_have_count(0)
    write(page, "出门道谢。")
    page.get_by_role("link", name="代用品").click()  # leaving saves first
    page.wait_for_url("**section=loan")
    assert "出门道谢。" in home.source(REPAIR)
    assert complaints == []


def test_keys_typed_while_saving_are_saved_one_after_the_other(home: Home, page: Page) -> None:
    open_section(home, page, REPAIR, "accept")
    asked: list[int] = []
    running = 0

    def slowly(route) -> None:  # type: ignore[no-untyped-def]  # Playwright's Route
        nonlocal running
        running += 1
        asked.append(running)
        answer = route.fetch()
        running -= 1
        route.fulfill(response=answer)

    page.route("**/edit/section", slowly)
    for part in ("一", "二", "三"):
        write(page, part)
        page.wait_for_timeout(1600)
    saved(page)
    assert asked
    assert set(asked) == {1}
    assert "一二三" in home.source(REPAIR)


def test_another_writer_is_seen_and_neither_text_is_lost(home: Home, page: Page) -> None:
    open_section(home, page, COMPLAINT, "handle")
    home.changed_by_another(COMPLAINT, "5 个工作日内办结", "3 个工作日内办结")
    write(page, "我写的话。")
    alert = page.get_by_role("alert").filter(has_text="刚刚被他人修改")
    alert.get_by_role("button", name="显示对方的文字").click()
    expect(page.locator(".editor-text")).to_contain_text("3 个工作日内办结")
    expect(page.locator(".editor-text")).not_to_contain_text("我写的话。")
    aside = page.locator("#asides section")
    expect(aside).to_contain_text("我写的话。")
    assert "我写的话。" not in home.source(COMPLAINT)
    aside.get_by_role("button", name="放回编辑器").click()
    saved(page)
    assert "我写的话。" in home.source(COMPLAINT)
    expect(page.locator("#asides section")).to_contain_text("3 个工作日内办结")  # theirs is kept aside now


def test_mine_can_be_kept_over_theirs(home: Home, page: Page) -> None:
    open_section(home, page, COMPLAINT, "purpose")
    home.changed_by_another(COMPLAINT, "使每一件投诉都有结果", "使每一件投诉都有答复")
    write(page, "我的目的。")
    page.get_by_role("button", name="保留我的文字").click()
    saved(page)
    assert "使每一件投诉都有结果。我的目的。" in home.source(COMPLAINT)
    expect(page.locator("#asides section")).to_contain_text("使每一件投诉都有答复")


def test_another_section_changed_by_somebody_else_is_no_conflict(home: Home, page: Page) -> None:
    open_section(home, page, COMPLAINT, "scope")
    home.changed_by_another(COMPLAINT, "《维修服务程序》、GB/T 19012-2019", "《维修服务程序》")
    write(page, "含电话投诉。")
    saved(page)
    assert "含电话投诉。" in home.source(COMPLAINT)
    assert "GB/T 19012-2019" not in home.source(COMPLAINT)


def test_a_lost_log_in_costs_no_text(home: Home, page: Page, context: BrowserContext) -> None:
    open_section(home, page, RULES, "dress")
    context.clear_cookies()
    write(page, "衣服要干净。")
    alert = page.get_by_role("alert").filter(has_text="登录已过期，文字已保存在本机，重新登录后继续")
    alert.get_by_role("link", name="重新登录").click()
    log_in(page)
    page.wait_for_url("**/edit?section=dress")
    aside = page.locator("#asides section")
    expect(aside).to_contain_text("衣服要干净。")
    assert "衣服要干净。" not in home.source(RULES)
    aside.get_by_role("button", name="放回编辑器").click()
    saved(page)
    assert "衣服要干净。" in home.source(RULES)


def test_an_indicator_is_chosen_and_stands_in_the_front_matter(home: Home, page: Page) -> None:
    open_section(home, page, RULES, "dress")
    page.get_by_label("查找指标").fill("5.2.4.2")
    found = page.locator("#found-indicators form").first
    found.get_by_role("button", name="对应到本节：5.2.4.2").click()
    expect(page.locator("#claimed")).to_contain_text("5.2.4.2")
    [claim] = read_front(home.source(RULES)).claims
    assert (claim.indicator, claim.section) == ("5.2.4.2", "dress")
    write(page, "佩戴名牌。")  # the draft's new state is known: no conflict
    saved(page)
    page.get_by_role("button", name="取消对应 5.2.4.2").click()
    expect(page.locator("#claimed")).to_have_count(0)
    assert read_front(home.source(RULES)).claims == ()


@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1440, "dark")])
def test_page_is_usable_by_everybody(home: Home, page: Page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 860})
    page.evaluate("theme => localStorage.setItem('theme', theme)", scheme)
    open_section(home, page, REPAIR, "accept")
    page.locator("#variables summary").click()
    page.locator("#facts summary").click()
    page.get_by_label("查找指标").fill("5.2.4")
    page.locator("#found-indicators form").first.wait_for()
    page.evaluate(AXE.read_text("utf-8"))
    assert page.evaluate(FINDINGS) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_a_variable_is_put_where_the_cursor_is(home: Home, page: Page) -> None:
    open_section(home, page, REPAIR, "loan")
    write(page, "致电")
    page.locator("#variables summary").click()
    page.get_by_label("查找参数").fill("服务热线")
    page.locator("[data-variable='company.hotline']").click()
    saved(page)
    assert "致电{{ company.hotline }}" in home.source(REPAIR)


def test_a_picture_is_uploaded_or_refused_in_words(home: Home, page: Page, tmp_path: Path) -> None:
    from PIL import Image

    open_section(home, page, REPAIR, "scope")
    wrong, right = tmp_path / "x.png", tmp_path / "机房.png"
    wrong.write_bytes(b"no picture")
    Image.new("RGB", (40, 30), "navy").save(right)
    page.get_by_role("toolbar").get_by_role("button", name="图片").click()
    dialog = page.get_by_role("dialog", name="插入图片")
    dialog.get_by_label("图片文件").set_input_files(wrong)
    dialog.get_by_role("button", name="上传并插入").click()
    expect(dialog.get_by_role("alert")).to_have_text(re.compile("[。，]|图片"))
    dialog.get_by_label("图片文件").set_input_files(right)
    dialog.get_by_role("textbox", name="图片说明").fill("机房")
    dialog.get_by_role("button", name="上传并插入").click()
    expect(page.locator(".picture-block img")).to_be_visible()
    saved(page)
    assert "![机房](<picture:" in home.source(REPAIR)
