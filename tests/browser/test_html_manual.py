"""The HTML manual as a reader has it: one file opened from the disk, on a desk and on a phone, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Literal

import pytest
from book.books import HOSTILE, cell, generated_book, text
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.conftest import AXE, FINDINGS, HEIGHT
from service.book.html import render_html
from service.book.mark import Stamp, StampKind
from service.book.model import Grid, Heading, Para, Part, RunningHead
from service.book.stamp import stamp
from service.book.theme import FORMAL

RARE = "备用压缩机编号按ＡＢ１２登记"
HOSTILE_TITLE = "<img src=x onerror=alert(1)>"
WIDE = Grid((1,) * 12, tuple(tuple(cell(f"第{row}行第{column}列") for column in range(12)) for row in range(4)), head=1)
LAST = Part(
    "last",
    (
        Heading(1, HOSTILE_TITLE, "SL/SH-CX-99", "last"),
        Heading(2, "登记", "1", "last.1"),
        Para(text(f"{RARE}，见{HOSTILE}。")),
        WIDE,
    ),
    RunningHead("SL/SH-CX-99", "A/0"),
)
Open = Callable[..., tuple[Page, list[str]]]


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A manual of many pages, with a last document whose words stand nowhere else, as it is handed out."""
    book = generated_book(40)
    data = render_html(replace(book, parts=(*book.parts, LAST)), FORMAL, {})
    mark = Stamp(StampKind.UNCONTROLLED, None, "", datetime(2026, 3, 1, 9, 30), "丁四（ding）")
    file = tmp_path_factory.mktemp("manual") / "手册.html"
    file.write_bytes(stamp(data, "html", mark, FORMAL, Path()))
    return file


@pytest.fixture
def opened(chromium: Browser, manual: Path) -> Iterator[Open]:
    """A function: (width, scheme) → the page, and everything that the browser complained of or asked another place for."""
    contexts: list[BrowserContext] = []

    def opening(width: int = 1440, scheme: Literal["light", "dark"] = "light", script: bool = True) -> tuple[Page, list[str]]:
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, locale="zh-CN", java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith(("file:", "data:")) else None)
        page.goto(manual.as_uri())
        return page, complaints

    yield opening
    for context in contexts:
        context.close()


def overflow(page: Page) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


def rested(page: Page) -> None:
    """A second of frames: longer than the page takes to come to rest."""
    page.wait_for_timeout(1000)


def asked(page: Page, words: str) -> None:
    page.get_by_role("searchbox", name="在手册中搜索").fill(words)
    expect(page.locator(".count")).not_to_be_empty()


def top_of(page: Page, words: str) -> float:
    """Pixels from the window's upper edge to the paragraph with these words."""
    found = page.locator("main p", has_text=words).bounding_box()
    assert found is not None
    return found["y"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 1440])
def test_page_reads_without_faults_of_access_and_without_sideways_scroll(
    opened: Open, width: int, scheme: Literal["light", "dark"]
) -> None:
    page, complaints = opened(width, scheme)
    assert overflow(page) <= 0
    asked(page, "维修")
    assert overflow(page) <= 0
    assert complaints == []
    assert findings(page, width, scheme) == []


def findings(page: Page, width: int, scheme: Literal["light", "dark"]) -> list[str]:
    """What axe finds of serious and critical faults; it is no script of the page's own, so it runs where the policy is set aside."""
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme, bypass_csp=True)
    try:
        again = context.new_page()
        again.goto(page.url)
        asked(again, "维修")
        again.evaluate(AXE.read_text("utf-8"))
        found: list[str] = again.evaluate(FINDINGS)
        return found
    finally:
        context.close()


@pytest.mark.parametrize("width", [375, 1440])
def test_search_finds_a_term_and_goes_there(opened: Open, width: int) -> None:
    page, complaints = opened(width)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("压缩机 ab12")  # two words, half width for full width
    expect(page.locator(".count")).to_have_text("2 处")
    page.locator(".hits button").first.click()
    expect(page.locator(".count")).to_have_text("1/2")
    rested(page)
    assert 60 <= top_of(page, RARE) <= HEIGHT - 150  # clear of the stamp above and of the bar below
    assert complaints == []


def test_hits_are_gone_through_in_both_directions(opened: Open) -> None:
    page, _ = opened()
    asked(page, "号服务控制程序")
    total = int(page.locator(".count").inner_text().split()[0])
    assert total >= 40
    page.keyboard.press("Shift+Enter")
    expect(page.locator(".count")).to_have_text(f"{total}/{total}")  # as the button for it
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".count")).to_have_text(f"2/{total}")  # the words were not sought again
    page.keyboard.press("Shift+Enter")
    page.get_by_role("button", name="上一处").click()
    expect(page.locator(".count")).to_have_text(f"{total}/{total}")
    page.get_by_role("button", name="下一处").click()
    expect(page.locator(".count")).to_have_text(f"1/{total}")
    page.get_by_role("searchbox").press("Escape")
    expect(page.locator(".count")).to_be_empty()
    expect(page.locator("nav a").first).to_be_visible()


def test_hostile_text_stays_text_in_the_list_of_hits(opened: Open) -> None:
    page, complaints = opened()
    asked(page, "onerror")
    assert HOSTILE_TITLE in page.locator(".hits button").first.inner_text()
    assert page.locator(".hits img, .hits script, main img").count() == 0
    assert complaints == []


@pytest.mark.parametrize("width", [375, 1440])
def test_link_to_a_clause_far_down_leads_to_it(opened: Open, manual: Path, width: int) -> None:
    page, _ = opened(width)
    page.goto(f"{manual.as_uri()}#p25.4")
    page.reload()
    rested(page)
    place = page.locator("[id='p25.4']").bounding_box()
    assert place is not None
    assert 30 <= place["y"] <= 140  # below the stamp


def test_what_is_not_there_is_said(opened: Open) -> None:
    page, _ = opened()
    asked(page, "没有这样的词")
    expect(page.locator(".hits")).to_contain_text("没有找到")


def test_contents_unfold_on_a_phone_and_close_after_a_jump(opened: Open) -> None:
    page, _ = opened(375)
    nav = page.get_by_role("navigation", name="目录")
    expect(nav).to_be_hidden()
    page.get_by_role("checkbox", name="显示目录").check()
    expect(nav).to_be_visible()
    nav.get_by_role("link", name=HOSTILE_TITLE).click()
    expect(nav).to_be_hidden()
    expect(page.get_by_role("heading", name=HOSTILE_TITLE)).to_be_in_viewport()


def test_wide_table_scrolls_in_its_own_box(opened: Open) -> None:
    page, _ = opened(375)
    box = page.locator(".scroll").last
    assert box.evaluate("each => each.scrollWidth > each.clientWidth")


def test_address_of_a_clause_goes_to_the_clipboard(opened: Open) -> None:
    page, _ = opened()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    heading = page.locator("[id='last.1']")
    heading.scroll_into_view_if_needed()
    heading.hover()
    heading.get_by_role("link", name="复制本条链接").click()
    expect(page.locator(".said")).to_have_text("已复制本条的链接")
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert page.url.endswith("#last.1")


def test_paper_has_no_controls_and_a_page_for_each_document(opened: Open) -> None:
    page, _ = opened(1440, "dark")
    asked(page, "维修")
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator(".contents").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelectorAll('main > section')[1]).breakBefore") == "page"
    assert page.evaluate("getComputedStyle(document.querySelector('section')).backgroundColor") != "rgb(29, 33, 38)"


def test_without_a_script_the_page_reads_and_offers_no_search(opened: Open) -> None:
    page, _ = opened(375, script=False)
    expect(page.locator(".find")).to_be_hidden()
    page.get_by_role("checkbox", name="显示目录").check()
    expect(page.get_by_role("navigation", name="目录")).to_be_visible()
