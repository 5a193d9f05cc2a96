"""The three users' stories, walked in a browser by what they read on the screen. Nothing is asked of a foreign host, and no page complains."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from browser.conftest import Enter, Site, Visit, serving
from service.db import open_database, writing
from service.demo import PASSWORD, give_accounts
from service.organisations.actions import create_organisation
from service.organisations.profile import read_profile
from service.organisations.shipped import catalogue
from service.settings import ROOT

FRESH = "XC"
ADDRESS = f"/organisations/{FRESH}"
PREPARER, REVIEWER, APPROVER, CONTROLLER = "fan", "ge", "yun", "yuan"
TEXT = "接待顾客报修时先道谢，再问清设备型号和故障现象。"
NOW = datetime(2026, 2, 2, 1, 30, tzinfo=UTC)


@pytest.fixture
def fresh(demo_data: Path, tmp_path: Path) -> Iterator[Site]:
    """The demo with a company more that has its profile and its people, and no document yet."""
    data = tmp_path / "data"
    shutil.copytree(demo_data, data)
    profile = (ROOT / "content" / "demo" / "small.yml").read_text("utf-8").replace("code: CS", f"code: {FRESH}", 1)
    engine = open_database(f"sqlite:///{data / 'service-manual.sqlite'}")
    with writing(engine) as session:
        owner = create_organisation(session, read_profile(profile, file="small.yml", catalogue=catalogue()), at=NOW)
        give_accounts(session, owner, NOW)
    engine.dispose()
    with serving(data) as found:
        yield found


def test_company_clones_edits_signs_and_builds_its_manual(fresh: Site, enter: Enter) -> None:
    controller = enter(fresh, CONTROLLER)
    number = clone(controller)
    write(controller, number)
    for login, step in ((CONTROLLER, "提交审核"), (REVIEWER, "审核通过"), (APPROVER, "批准")):
        visit = controller if login == CONTROLLER else enter(fresh, login)
        sign(visit, number, step)
        assert visit.complaints == []
    release(controller, number)
    manual = build(controller)
    assert manual.read_bytes()[:5] == b"%PDF-"
    assert controller.complaints == []


def clone(visit: Visit) -> str:
    """The slim set; gives the number of the document that the story goes on with."""
    page = visit.open(f"{ADDRESS}/first-steps/sets")
    page.locator("#set-gbt27922-small").get_by_role("button", name="套用").click()
    page.locator("#confirm").get_by_role("button", name="确定").click()
    page.wait_for_url(lambda url: not url.endswith("/sets"))
    page = visit.open(f"{ADDRESS}/documents?q=维修")
    name = page.get_by_role("link", name=re.compile("维修")).first.get_attribute("href")
    assert name
    return name.split("/documents/")[1].split("?")[0]


def write(visit: Visit, number: str) -> None:
    """One sentence more, which saves itself and is there after the page was opened again."""
    page = visit.open(f"{ADDRESS}/documents/{number}/edit")
    editor = page.locator(".editor-text")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type(TEXT)
    expect(page.locator("#save-state")).to_have_text(re.compile("已保存"), timeout=15_000)
    page.reload()
    expect(page.locator(".editor-text")).to_contain_text(TEXT)


def sign(visit: Visit, number: str, step: str) -> None:
    page = visit.open(f"{ADDRESS}/documents/{number}/approval")
    form = page.locator("#form-sign")
    form.get_by_label("登录密码").fill(PASSWORD)
    form.get_by_role("button", name=step).click()
    expect(page.locator("#said")).not_to_be_empty()


def release(visit: Visit, number: str) -> None:
    page = visit.open(f"{ADDRESS}/documents/{number}/approval")
    page.locator("#form-release").get_by_role("button", name="发布").click()
    page.locator("#confirm").get_by_role("button", name="确定").click()
    expect(page.locator("#said")).not_to_be_empty()
    expect(visit.open(f"{ADDRESS}/documents/{number}").locator("main")).to_contain_text("现行有效")


def build(visit: Visit) -> Path:
    """The manual as PDF, downloaded."""
    page = visit.open(f"{ADDRESS}/manuals")
    page.get_by_role("button", name="编制手册").click()
    page.wait_for_url(re.compile(rf"{ADDRESS}/manuals(#.*)?$"), timeout=60_000)
    with page.expect_download() as started:
        page.get_by_role("link", name="manual.pdf", exact=True).click()
    return started.value.path()


def test_consultant_works_for_two_clients_and_nothing_leaks_between_them(site: Site, enter: Enter) -> None:
    visit = enter(site, "zixun")
    page = visit.open("/organisations")
    clients = {"HC": "恒澈", "CS": "澄石"}
    seen = {}
    for code, name in clients.items():
        page.goto(f"{site.address}/organisations")
        page.get_by_role("link", name=f"进入{page.locator(f'#client-{code}').inner_text()}").click()
        expect(page.locator("aside .navbar-brand")).to_contain_text(name)
        seen[code] = words(visit, code)
    assert "恒澈" not in seen["CS"]
    assert "澄石" not in seen["HC"]
    assert visit.complaints == []


def words(visit: Visit, code: str) -> str:
    """All that the client's main pages say, a search for its neighbour included."""
    base = f"/organisations/{code}"
    places = ("", "/documents", "/coverage", "/manuals", "/profile", "/trail", "/search?q=售后服务", "/lists", "/changes")
    return "\n".join(visit.open(f"{base}{place}").locator("main").inner_text() for place in places)


def test_member_of_one_company_finds_nothing_of_another(site: Site, enter: Enter) -> None:
    visit = enter(site, "yuan")
    for path in ("/organisations/HC", "/organisations/HC/documents/HC/SH-CX-01", "/organisations/HC/search?q=维修"):
        answer = visit.page.goto(f"{site.address}{path}")
        assert answer is not None
        assert answer.status == 404
        assert "恒澈" not in visit.page.content()


def test_auditor_goes_from_the_matrix_to_the_paragraph_its_signatures_and_the_trail_of_a_day(site: Site, enter: Enter) -> None:
    visit = enter(site, "pingshen")
    day = "2026-03-01"
    page = visit.open(f"/organisations/HC/coverage?as_of={day}")
    expect(page.get_by_role("status").first).to_contain_text("2026年3月1日")
    page.locator("#i-5\\.1\\.4\\.1 > summary").click()
    page.get_by_role("link", name="查看指标 5.1.4.1").click()
    quote = page.locator("blockquote").first.inner_text()
    page.locator("article.answer a").first.click()
    expect(page.locator(":target")).to_be_visible()
    assert squeezed(quote)[:12] in squeezed(page.locator(".document").inner_text())
    expect(page.locator("main")).to_contain_text("2026年3月1日")
    page.get_by_role("link", name="修订与签署").click()
    expect(page.locator("main")).to_contain_text(re.compile("批准[\\s\\S]*赵启明"))
    page.get_by_role("link", name="审计追踪").last.click()
    expect(page.locator("#trail")).to_contain_text("钱知夏")
    assert no_way_to_change_anything(page)
    assert visit.complaints == []


def no_way_to_change_anything(page: Page) -> bool:
    """The only form that writes is the one that logs out."""
    return page.locator("form[method=post]:not([action='/logout'])").count() == 0


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_everything_works_when_only_our_host_answers(site: Site, enter: Enter) -> None:
    visit = enter(site, "li")
    visit.page.route("**/*", lambda route: route.continue_() if route.request.url.startswith(site.address) else route.abort())
    for place in ("", "/documents", "/coverage", "/documents/HC/SH-CX-01", "/manuals"):
        visit.open(f"/organisations/HC{place}")
    assert visit.complaints == []
