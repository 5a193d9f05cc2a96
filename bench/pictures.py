"""`make pictures`: the pictures of README from the demo's own results. Needs Chromium and poppler (`make system`)."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

from service.book.links import without_dangling
from service.book.pdf import render_pdf
from service.book.theme import MODERN
from service.clock import today
from service.db import open_database, reading
from service.demo import PASSWORD
from service.manuals.assemble import assemble
from service.manuals.queries import load_source
from service.manuals.workshop import default_workshop
from service.organisations.queries import find_organisation
from service.settings import settings

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "content" / "pictures"
PORT = 8797
CHROMIUM = "/usr/bin/chromium"
PAGES = {"cover": "", "procedure": "退货还是换货", "form": "培训签到及考核记录 HC"}  # words on the page of the manual that is shown
SCREENS = {
    "desk": "/organisations/HC",
    "coverage": "/organisations/HC/coverage?view=map",
    "document": "/organisations/HC/documents/HC/SH-CX-25",
    "approval": "/organisations/HC/documents/HC/SH-CX-25/approval?view=changes",
}


def manuals() -> dict[str, Path]:
    """The demo's manual in each of our themes: the one that `make demo` left, and one made now."""
    workshop = default_workshop()
    with reading(open_database(settings().database_url)) as session:
        owner = find_organisation(session, "HC")
        source = load_source(session, owner, workshop.standard, workshop.register, on=today(owner.time_zone))
    made = ROOT / "build" / "pictures" / "modern.pdf"
    made.parent.mkdir(parents=True, exist_ok=True)
    book = without_dangling(assemble(source, theme=MODERN)[0].book)
    made.write_bytes(render_pdf(book, MODERN, workshop.fonts).data)
    return {"formal": ROOT / "build" / "demo" / "manual.pdf", "modern": made}


def page(name: str, pdf: Path, words: str) -> None:
    """The first page on which these words stand, spaces apart."""
    pages = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout.split("\f")
    number = str(next(index for index, text in enumerate(pages, 1) if words.replace(" ", "") in "".join(text.split())))
    where = str(PICTURES / name)
    subprocess.run(["pdftoppm", "-r", "60", "-png", "-singlefile", "-f", number, "-l", number, str(pdf), where], check=True)


def screens(address: str) -> None:
    """Pages as the demo's 文控员 sees them."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 860}, locale="zh-CN", timezone_id="Asia/Shanghai")
        page.goto(f"{address}/login")
        page.get_by_label("登录名").fill("li")
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录", exact=True).click()
        page.wait_for_url("**/organisations**")
        for name, path in SCREENS.items():
            page.goto(f"{address}{path}", wait_until="networkidle")
            page.screenshot(path=PICTURES / f"{name}.png")
        browser.close()


def wait() -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=1)
            return
        except OSError:
            time.sleep(0.2)


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for theme, pdf in manuals().items():
        for name, words in PAGES.items():
            page(f"{theme}-{name}", pdf, words)
    server = subprocess.Popen([sys.executable, "-m", "service", "serve", "--port", str(PORT)])
    try:
        wait()
        screens(f"http://127.0.0.1:{PORT}")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
