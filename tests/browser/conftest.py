"""The product as its users meet it: the served demo, and a browser in which one of them has logged in."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pytest
from demo_runs import Runs
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize, sync_playwright

from service.accounts.actions import create_user
from service.db import open_database, writing
from service.demo import PASSWORD
from service.organisations.members import add_member
from service.organisations.queries import find_organisation
from service.organisations.roles import Role
from service.organisations.rules import SYSTEM
from service.settings import ROOT

CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
FINDINGS = """() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations
  .filter(each => ['serious', 'critical'].includes(each.impact)).map(each => each.id + ' ' + each.nodes[0].target.join(' ')))"""
PATIENCE = 60.0
HEIGHT = 860
NOW = datetime(2026, 2, 2, 1, 30, tzinfo=UTC)
LAST_DAY = datetime(2099, 12, 31, tzinfo=UTC).date()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a browser these tests are skipped by name; .ci/run installs one."""
    if CHROMIUM.exists():
        return
    missing = pytest.mark.skip(reason=f"{CHROMIUM} is not installed (make system)")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(missing)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Site:
    """A served home: its address and its data."""

    address: str
    data: Path

    @property
    def database(self) -> str:
        return f"sqlite:///{self.data / 'service-manual.sqlite'}"


@contextmanager
def serving(data: Path) -> Iterator[Site]:
    """The product's own command, on a free loopback port, until it is not needed any more."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    environment = {**os.environ, "SERVICE_MANUAL_DATA": str(data), "SERVICE_MANUAL_DATABASE": "", "PYTHONPATH": str(ROOT)}
    with (data / "serve.log").open("wb") as log:
        process = subprocess.Popen(words, env=environment, stdout=log, stderr=log)
    try:
        _wait(port, process)
        yield Site(f"http://127.0.0.1:{port}", data)
    finally:
        process.terminate()
        process.wait(30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("the server did not come up")


def role_login(role: Role) -> str:
    return f"only-{role.value.replace('_', '-')}"


@pytest.fixture(scope="session")
def demo_data(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's data with one member more for each role, who has this role alone, and a password that all know; only copied."""
    data = tmp_path_factory.mktemp("demo") / "data"
    shutil.copytree(Path(runs.database.removeprefix("sqlite:///")).parent, data)
    engine = open_database(f"sqlite:///{data / 'service-manual.sqlite'}")
    with writing(engine) as session:
        owner = find_organisation(session, "HC")
        for role in Role:
            user = create_user(session, role_login(role), f"演示{role.value}", password=PASSWORD, by="system", at=NOW)
            until = LAST_DAY if role is Role.AUDITOR else None
            add_member(session, owner, user, role, until=until, by=SYSTEM, at=NOW, on=NOW.date())
    engine.dispose()
    return data


@pytest.fixture(scope="session")
def site(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The served demo for tests that only look."""
    data = tmp_path_factory.mktemp("looked-at") / "data"
    shutil.copytree(demo_data, data)
    with serving(data) as found:
        yield found


@pytest.fixture
def own_site(demo_data: Path, tmp_path: Path) -> Iterator[Site]:
    """The served demo for a test that changes it."""
    shutil.copytree(demo_data, tmp_path / "data")
    with serving(tmp_path / "data") as found:
        yield found


@dataclass
class Visit:
    """Somebody at a browser; `complaints` is what the browser said and every request that went to another host."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        answer = self.page.goto(f"{self.address}{path}")
        assert answer is not None
        assert answer.status == 200, f"{path}: {answer.status}"
        self.page.wait_for_function("() => !document.querySelector('.htmx-request')")
        return self.page

    def findings(self) -> list[str]:
        """What axe finds of serious and critical faults on the page."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found: list[str] = self.page.evaluate(FINDINGS)
        return found

    def overflow(self) -> int:
        """Pixels by which the page can be scrolled sideways."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        return wide


Enter = Callable[..., Visit]


@pytest.fixture
def enter(chromium: Browser) -> Iterator[Enter]:
    """A function: (site, login, width, scheme) → a visit of whoever has logged in through the form."""
    contexts: list[BrowserContext] = []

    def entered(site: Site, login: str, width: int = 1440, scheme: Literal["light", "dark"] = "light") -> Visit:
        size: ViewportSize = {"width": width, "height": HEIGHT}
        context = chromium.new_context(
            viewport=size, color_scheme=scheme, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_default_timeout(30_000)
        visit = Visit(context.new_page(), site.address)
        visit.page.on("console", lambda said: visit.complaints.append(said.text) if said.type in ("error", "warning") else None)
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        context.on("request", lambda request: _foreign(request, visit))
        visit.open("/login")
        visit.page.get_by_label("登录名").fill(login)
        visit.page.get_by_label("密码", exact=True).fill(PASSWORD)
        visit.page.get_by_role("button", name="登录", exact=True).click()
        visit.page.wait_for_url("**/organisations**")
        return visit

    yield entered
    for context in contexts:
        context.close()


def _foreign(request: Request, visit: Visit) -> None:
    if not request.url.startswith((visit.address, "data:", "blob:")):
        visit.complaints.append(f"foreign request: {request.url}")
