"""Choosing rows of a list: all at once, how many, and the button that waits for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from service.settings import ROOT

SCRIPT = (ROOT / "service" / "web" / "static" / "choosing.js").read_text("utf-8")
ROWS = "".join(f'<input type="checkbox" name="number" value="{number}">' for number in (1, 2))
HEAD = '<input type="checkbox" data-choose-all="number"><button data-needs-chosen="number">签署</button><b data-chosen-count="number"></b>'


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page()
    opened.set_content(f"{HEAD}{ROWS}<script type='module'>{SCRIPT}</script>")
    yield opened
    opened.close()


def test_button_waits_until_something_is_chosen(page: Page) -> None:
    button, count = page.locator("button"), page.locator("b")
    assert button.is_disabled()
    page.check("[value='1']")
    assert (button.is_enabled(), count.inner_text()) == (True, "已选 1 份")
    page.check("[data-choose-all]")
    assert (page.is_checked("[value='2']"), count.inner_text()) == (True, "已选 2 份")
    page.uncheck("[data-choose-all]")
    assert button.is_disabled()


def test_ticks_that_the_browser_puts_back_are_counted(page: Page) -> None:
    page.evaluate("document.querySelector('[value=\"2\"]').checked = true")
    assert page.locator("button").is_disabled()
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    assert (page.locator("button").is_enabled(), page.locator("b").inner_text()) == (True, "已选 1 份")
